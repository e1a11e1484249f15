//! Answers by mail: composed, marked, waiting with a reason; and how what comes back finds its ticket.

use crate::desk::{TestDesk, on_both_databases};
use guichet_core::directory::AgentRole;
use reqwest::Method;
use serde_json::{Value, json};

fn settings() -> Value {
    json!({ "mailboxes": [{ "address": "support@desk.example", "name": "Support", "signature": "Your desk" }, { "address": "sales@desk.example" }] })
}

fn mail_of(from: &str, id: &str, more: &str, text: &str) -> String {
    format!(
        "From: {from}\r\nTo: support@desk.example\r\nSubject: Order 4711\r\nMessage-ID: <{id}>\r\n{more}\r\n{text}\r\n"
    )
}

/// Says something in public, as the agent of the tests; the mail that was made of it.
async fn answered(desk: &TestDesk, number: u64, text: &str) -> (Value, String) {
    let (status, said) = desk
        .call(
            Method::POST,
            &format!("tickets/{number}/messages"),
            Some(json!({ "visibility": "public", "text": text })),
        )
        .await;
    assert_eq!(status, 201, "{said}");
    desk.settle().await;
    let message = desk
        .messages(number)
        .await
        .into_iter()
        .find(|message| message["id"] == said["id"])
        .unwrap();
    let raw = sent(desk, &message).await;
    (message, raw)
}

async fn sent(desk: &TestDesk, message: &Value) -> String {
    let file = message["delivery"]["file"]
        .as_str()
        .unwrap_or_else(|| panic!("{message}"));
    let response = desk
        .request(Method::GET, &format!("files/{file}"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    String::from_utf8(response.bytes().await.unwrap().to_vec()).unwrap()
}

fn header<'a>(raw: &'a str, name: &str) -> &'a str {
    let found = raw
        .split("\r\n")
        .find_map(|line| line.strip_prefix(&format!("{name}: ")));
    found.unwrap_or_else(|| panic!("no {name} in {raw}"))
}

on_both_databases! {
    async fn an_agent_s_answer_waits_as_a_mail_that_can_be_downloaded_and_what_comes_back_finds_the_ticket(desk) {
        desk.plugin("email", settings()).await;
        desk.mail(mail_of("Ana <ana@trade.example>", "1@trade.example", "References: <0@trade.example>\r\n", "It is late.")).await;
        let (message, raw) = answered(&desk, 1, "We look into it.").await;
        let delivery = &message["delivery"];
        assert_eq!((&delivery["state"], &delivery["reason"], &delivery["address"], &delivery["plugin"]), (&json!("waiting"), &json!("no-way-out"), &json!("ana@trade.example"), &json!("guichet/email")), "{message}");
        assert!(delivery["detail"].as_str().unwrap().contains("No server for outgoing mail"));
        assert!(header(&raw, "From").contains("<support@desk.example>") && header(&raw, "To").contains("<ana@trade.example>"));
        assert_eq!(header(&raw, "In-Reply-To"), "<1@trade.example>");
        assert!(raw.contains("<0@trade.example>") && raw.contains("We look into it.") && raw.contains("Your desk"));
        assert!(!raw.contains("Auto-Submitted") && !raw.contains("X-Loop") && !raw.contains("X-Auto-Response-Suppress"), "a person wrote it");
        let subject = header(&raw, "Subject").to_owned();
        assert!(subject.starts_with("Re: Order 4711 [Ticket#1-"), "{subject}");
        let (own, reply_to) = (header(&raw, "Message-ID").to_owned(), header(&raw, "Reply-To").to_owned());
        let history = desk.history(1).await;
        let told: Vec<_> = history.iter().filter(|entry| entry["kind"] == "message.delivery").collect();
        assert_eq!(told.len(), 1);
        assert_eq!((&told[0]["data"]["state"], &told[0]["cause"]["plugin"]), (&json!("waiting"), &json!("guichet/email")));

        // Each mark alone leads back.
        let marker = raw.split("guichet:").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let address = reply_to.split(['<', '>']).nth(1).unwrap().to_owned();
        for (index, more) in [
            format!("In-Reply-To: {own}\r\n"),
            format!("References: <x@y.example> {own}\r\n"),
            format!("Cc: {address}\r\n"),
            format!("X-Original-To: {address}\r\n"),
            format!("X-Note: quoted below\r\nContent-Type: text/html\r\n\r\n<p>Hi</p><div style=\"display:none\">guichet:{marker}</div>"),
        ].iter().enumerate() {
            let id = format!("back-{index}@trade.example");
            let (status, answer) = desk.mail(mail_of("ana@trade.example", &id, more, &format!("Thanks, number {index}."))).await;
            assert_eq!((status, &answer["outcome"]), (201, &json!("appended")), "{more}: {answer}");
        }
        let by_subject = format!("From: ana@trade.example\r\nTo: support@desk.example\r\nSubject: {subject}\r\nMessage-ID: <s@trade.example>\r\n\r\nBy subject.\r\n");
        assert_eq!(desk.mail(by_subject).await.1["outcome"], "appended");
        assert_eq!(desk.get("tickets").await["items"].as_array().unwrap().len(), 1);
        // A number without its code leads nowhere.
        let guessed = "From: eve@e.example\r\nTo: support@desk.example\r\nSubject: Re: [Ticket#1] x\r\n\r\nGuessed.\r\n";
        assert_eq!(desk.mail(guessed).await.1["outcome"], "created");
    }

    async fn who_takes_no_part_is_heard_as_unverified_and_reopens_nothing(desk) {
        desk.plugin("email", settings()).await;
        desk.mail(mail_of("ana@trade.example", "1@trade.example", "", "It is late.")).await;
        let (_, raw) = answered(&desk, 1, "It is on its way.").await;
        desk.call(Method::PUT, "tickets/1/solution", Some(json!({}))).await;
        let own = header(&raw, "Message-ID").to_owned();
        let answer = desk.mail(mail_of("mallory@e.example", "m@e.example", &format!("In-Reply-To: {own}\r\n"), "Send it to me.")).await.1;
        assert_eq!(answer["outcome"], "appended", "{answer}");
        let last = desk.messages(1).await.pop().unwrap();
        assert_eq!((&last["fields"]["unverified"], &last["fields"]["hide"]), (&json!(true), &json!(true)), "{last}");
        let ticket = desk.get("tickets/1").await;
        assert_eq!((&ticket["state"], &ticket["requester"]["name"]), (&json!("solved"), &json!("ana@trade.example")));
        // An out-of-office answer of the requester reopens nothing either; his own words do.
        desk.mail(mail_of("ana@trade.example", "o@trade.example", &format!("In-Reply-To: {own}\r\nAuto-Submitted: auto-replied\r\n"), "I am away.")).await;
        assert_eq!(desk.get("tickets/1").await["state"], "solved");
        desk.mail(mail_of("ana@trade.example", "2@trade.example", &format!("In-Reply-To: {own}\r\n"), "It has not come.")).await;
        assert_eq!(desk.get("tickets/1").await["state"], "open");
    }

    async fn our_own_mail_that_comes_back_rests_and_a_report_fails_the_delivery_and_marks_the_address(desk) {
        desk.plugin("email", settings()).await;
        desk.mail(mail_of("ana@trade.example", "1@trade.example", "", "It is late.")).await;
        let (message, raw) = answered(&desk, 1, "It is on its way.").await;
        let echo = desk.mail(raw.clone()).await.1;
        assert_eq!((&echo["outcome"], &echo["reason"]), (&json!("suspended"), &json!("email_loop")), "{echo}");
        desk.call(Method::PUT, "tickets/1/solution", Some(json!({}))).await;

        let own = header(&raw, "Message-ID").to_owned();
        let report = |status: &str, action: &str| format!("Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: support@desk.example\r\nSubject: Undelivered\r\nMessage-ID: <{action}@mx.example>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n--r\r\n\r\nSorry.\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; ana@trade.example\r\nAction: {action}\r\nStatus: {status}\r\n\r\n--r\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {own}\r\nSubject: x\r\n\r\ntext\r\n--r--\r\n");
        assert_eq!(desk.mail(report("4.4.1", "delayed")).await.1["outcome"], "appended");
        let state = |messages: Vec<Value>| messages.into_iter().find(|one| one["id"] == message["id"]).unwrap()["delivery"].clone();
        assert_eq!(state(desk.messages(1).await)["state"], "waiting", "what is late is not lost");
        assert_eq!(desk.mail(report("5.1.1", "failed")).await.1["outcome"], "appended");
        let delivery = state(desk.messages(1).await);
        assert_eq!((&delivery["state"], &delivery["reason"]), (&json!("failed"), &json!("bounced")), "{delivery}");
        let notes = desk.notes(1).await;
        assert!(notes.len() == 2 && notes[1].contains("could not be delivered (5.1.1)"), "{notes:?}");
        assert_eq!(desk.get("tickets/1").await["state"], "solved", "a report reopens nothing");

        // The address is marked until its owner writes again.
        desk.call(Method::DELETE, "tickets/1/solution", None).await;
        let (_, said) = desk.call(Method::POST, "tickets/1/messages", Some(json!({ "visibility": "public", "text": "Once more." }))).await;
        desk.settle().await;
        let last = desk.messages(1).await.into_iter().find(|one| one["id"] == said["id"]).unwrap();
        assert_eq!(last["delivery"]["reason"], "undeliverable-address", "{last}");
        desk.mail(mail_of("ana@trade.example", "2@trade.example", "In-Reply-To: <1@trade.example>\r\n", "I am here.")).await;
        let (again, _) = answered(&desk, 1, "Good.").await;
        assert_eq!(again["delivery"]["state"], "waiting");
    }

    async fn one_mail_to_two_mailboxes_is_two_tickets_and_an_answer_to_both_is_said_once(desk) {
        desk.plugin("email", settings()).await;
        let token = guichet::admin::create_token(&desk.desk, desk.tenant.id, "mail", None, &["plugin:guichet/email".to_owned()]).await.unwrap();
        let to = |mailbox: &'static str, raw: String| {
            let url = format!("{}/t/{}/plugins/guichet/email/inbound/{mailbox}", desk.address, desk.tenant.slug);
            let request = desk.client.post(url).bearer_auth(&token).body(raw);
            async move {
                let response = request.send().await.unwrap();
                let status = response.status().as_u16();
                (status, response.json::<Value>().await.unwrap_or_default())
            }
        };
        let first = mail_of("ana@trade.example", "1@trade.example", "", "To both.");
        assert_eq!(to("support@desk.example", first.clone()).await.1["outcome"], "created");
        assert_eq!(to("sales@desk.example", first.clone()).await.1["outcome"], "created");
        assert_eq!(to("sales@desk.example", first).await.1["outcome"], "duplicate");
        assert_eq!(to("nobody@desk.example", mail_of("a@b.example", "x@b.example", "", "x")).await.0, 404);
        let (_, raw) = answered(&desk, 1, "Yes?").await;
        let own = header(&raw, "Message-ID").to_owned();
        let reply = mail_of("ana@trade.example", "2@trade.example", &format!("In-Reply-To: {own}\r\n"), "Both of you.");
        assert_eq!(to("support@desk.example", reply.clone()).await.1["outcome"], "appended");
        assert_eq!(to("sales@desk.example", reply).await.1["outcome"], "duplicate", "it stands there already");
        // Another mail under the same Message-ID is another mail.
        let other = mail_of("ana@trade.example", "2@trade.example", &format!("In-Reply-To: {own}\r\n"), "Something else.");
        assert_eq!(to("support@desk.example", other).await.1["outcome"], "appended");
        assert_eq!((desk.messages(1).await.len(), desk.messages(2).await.len()), (4, 1));
    }

    async fn an_agent_s_mail_is_his_answer_where_a_trusted_server_vouches_for_him_and_a_note_where_none_does(desk) {
        let mut with_trust = settings();
        with_trust["authentication"] = json!({ "trusted_servers": ["mx.desk.example"] });
        desk.plugin("email", with_trust).await;
        desk.agent("Kim", AgentRole::Agent).await;
        desk.mail(mail_of("ana@trade.example", "1@trade.example", "", "It is late.")).await;
        let proof = "Authentication-Results: mx.desk.example; dmarc=pass header.from=acme.example\r\n";
        let claimed = desk.mail(mail_of("kim@acme.example", "k1@acme.example", "In-Reply-To: <1@trade.example>\r\nAuthentication-Results: mx.evil.example; dmarc=pass\r\n", "Pay to this account.")).await.1;
        assert_eq!(claimed["outcome"], "appended");
        let note = desk.messages(1).await.pop().unwrap();
        assert_eq!((&note["visibility"], &note["fields"]["unverified"], &note["delivery"]), (&json!("internal"), &json!(true), &Value::Null), "{note}");
        let refuted = desk.mail(mail_of("kim@acme.example", "k0@acme.example", "In-Reply-To: <1@trade.example>\r\nAuthentication-Results: mx.desk.example; dmarc=fail\r\n", "Refuted.")).await.1;
        assert_eq!(refuted["reason"], "auth_failed");
        let proven = desk.mail(mail_of("kim@acme.example", "k2@acme.example", &format!("In-Reply-To: <1@trade.example>\r\n{proof}"), "It comes tomorrow.")).await.1;
        assert_eq!(proven["outcome"], "appended", "{proven}");
        desk.settle().await;
        let said = desk.messages(1).await.pop().unwrap();
        assert_eq!((&said["visibility"], &said["author"]["name"], &said["delivery"]["state"]), (&json!("public"), &json!("Kim"), &json!("waiting")), "{said}");
        assert!(sent(&desk, &said).await.contains("It comes tomorrow."));

        let forwarded = "---------- Forwarded message ---------\r\nFrom: Rosa Diaz <rosa@customer.example>\r\nDate: Mon\r\nSubject: Chair\r\n\r\nThe chair broke.";
        let raw = format!("From: kim@acme.example\r\nTo: support@desk.example\r\nSubject: Fwd: Chair\r\nMessage-ID: <f1@acme.example>\r\n{proof}\r\n{forwarded}\r\n");
        desk.mail(raw).await;
        let ticket = desk.get("tickets/2").await;
        assert_eq!(ticket["requester"]["name"], "Rosa Diaz", "{ticket}");
        assert_eq!(desk.history(2).await[0]["actor"]["name"], "Kim");
        let unproven = format!("From: kim@acme.example\r\nTo: support@desk.example\r\nSubject: Fwd: Chair\r\nMessage-ID: <f2@acme.example>\r\n\r\n{forwarded}\r\n");
        desk.mail(unproven).await;
        assert_eq!(desk.get("tickets/3").await["requester"]["name"], "kim@acme.example");
    }

    async fn a_new_ticket_is_acknowledged_by_a_machine_that_says_so_and_machines_are_not_answered(desk) {
        let mut acknowledging = settings();
        acknowledging["acknowledgement"] = json!({ "enabled": true });
        acknowledging["rates"] = json!({ "answers_per_sender": 2, "answers_per_subject": 2 });
        desk.plugin("email", acknowledging).await;
        desk.plugin("triggers", json!({ "rules": [{ "name": "late", "events": ["message.added"], "all": [{ "field": "message.text", "operator": "contains", "value": "answer me" }], "actions": [{ "type": "reply", "text": "By a rule." }] }] })).await;
        desk.mail(mail_of("ana@trade.example", "1@trade.example", "", "It is late.")).await;
        desk.settle().await;
        let messages = desk.messages(1).await;
        assert_eq!(messages.len(), 2, "{messages:?}");
        let raw = sent(&desk, &messages[1]).await;
        assert!(raw.contains("ticket #1"));
        assert_eq!((header(&raw, "Auto-Submitted"), header(&raw, "X-Auto-Response-Suppress")), ("auto-replied", "All"));
        assert!(header(&raw, "X-Loop").starts_with("guichet-"));

        // An automatic mail makes a ticket, and no machine answers it.
        let report = "From: cron@host.example\r\nTo: support@desk.example\r\nSubject: Backup\r\nAuto-Submitted: auto-generated\r\nMessage-ID: <c@host.example>\r\n\r\nFailed.\r\n";
        desk.mail(report).await;
        desk.settle().await;
        assert_eq!(desk.messages(2).await.len(), 1);

        // Who asks often is answered by a machine only so often.
        for number in 2..5 {
            let raw = format!("From: ana@trade.example\r\nTo: support@desk.example\r\nSubject: Question {number}\r\nMessage-ID: <q{number}@trade.example>\r\n\r\nQuestion {number}.\r\n");
            desk.mail(raw).await;
            desk.settle().await;
        }
        let reasons: Vec<_> = [desk.messages(3).await, desk.messages(4).await, desk.messages(5).await].iter().map(|messages| messages[1]["delivery"]["reason"].clone()).collect();
        assert_eq!(reasons, ["no-way-out", "rate-limited", "rate-limited"]);
    }

    async fn what_a_delivery_names_goes_when_the_ticket_is_purged_and_nobody_reports_on_what_he_does_not_know(desk) {
        desk.plugin("email", settings()).await;
        desk.mail(mail_of("ana@trade.example", "1@trade.example", "", "It is late.")).await;
        let (message, _) = answered(&desk, 1, "It is on its way.").await;
        let file = format!("files/{}", message["delivery"]["file"].as_str().unwrap());
        assert_eq!(desk.call(Method::PUT, "tickets/1/deletion", Some(json!({}))).await.0, 200);
        desk.pass_seconds(31 * 86_400).await;
        assert_eq!(desk.call(Method::GET, &file, None).await.0, 404);
    }

    async fn an_attachment_of_three_mebibytes_and_a_mail_of_twenty_are_kept_whole(desk) {
        use std::fmt::Write;
        let install = desk.plugin("email", settings()).await;
        for (mebibytes, id) in [(3_usize, "three"), (14, "fourteen")] {
            let content: Vec<u8> = (0..mebibytes << 20).map(|at| (at * 31 % 251) as u8).collect();
            let mut encoded = String::new();
            for line in content.chunks(57) {
                writeln!(encoded, "{}\r", base64(line)).unwrap();
            }
            let raw = format!("From: ana@trade.example\r\nTo: support@desk.example\r\nSubject: {id}\r\nMessage-ID: <{id}@trade.example>\r\nContent-Type: multipart/mixed; boundary=big\r\n\r\n--big\r\n\r\nSee the file.\r\n--big\r\nContent-Type: application/zip; name={id}.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}--big--\r\n");
            let (status, answer) = desk.mail(raw).await;
            assert_eq!(status, 201, "{answer}: {:?}", desk.outcomes(install).await);
            let number = if mebibytes == 3 { 1 } else { 2 };
            let attachment = desk.messages(number).await[0]["attachments"][0].clone();
            assert_eq!(attachment["size"], content.len());
            let path = format!("files/{}", attachment["file"].as_str().unwrap());
            let kept = desk.request(Method::GET, &path).send().await.unwrap().bytes().await.unwrap();
            assert!(kept == content, "{id}");
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes
        .chunks(3)
        .flat_map(|three| {
            let word = three
                .iter()
                .fold(0_u32, |word, byte| word << 8 | u32::from(*byte))
                << (8 * (3 - three.len()));
            (0..4).map(move |place| match place <= three.len() {
                true => char::from(LETTERS[(word >> (18 - 6 * place) & 63) as usize]),
                false => '=',
            })
        })
        .collect()
}
