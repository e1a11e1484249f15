//! A mail's way: over HTTP, through the mail plugin, to a ticket on which a trigger acts.

use crate::desk::on_both_databases;
use guichet::admin::create_group;
use reqwest::Method;
use serde_json::json;

pub(crate) fn mail(name: &str) -> Vec<u8> {
    std::fs::read(
        crate::place::root()
            .join("plugins/channels/email/tests/mails")
            .join(name),
    )
    .unwrap()
}

on_both_databases! {
    async fn a_raw_mail_becomes_a_ticket_a_trigger_assigns_tags_and_answers_and_the_history_tells_why(desk) {
        let group = create_group(&desk.desk, desk.tenant.id, "Network", &[desk.admin]).await.unwrap().id;
        desk.plugin("email", json!({})).await;
        desk.plugin("triggers", json!({ "rules": [{
            "name": "VPN to network", "events": ["ticket.created"], "all": [{ "field": "subject", "operator": "contains", "value": "vpn" }],
            "actions": [{ "type": "assign-group", "group": group }, { "type": "add-tags", "tags": ["vpn"] }, { "type": "reply", "text": "We look into #{{ticket.number}}." }]
        }]})).await;

        let (status, answer) = desk.mail(mail("plain.eml")).await;
        assert_eq!((status, &answer["appended"]), (201, &json!(false)), "{answer}");
        desk.settle().await;

        let ticket = desk.get("tickets/1").await;
        assert_eq!(ticket["subject"], "VPN does not connect");
        assert_eq!((&ticket["group"]["name"], &ticket["tags"], &ticket["channel"]), (&json!("Network"), &json!(["vpn"]), &json!("email")));
        let messages = desk.messages(1).await;
        assert_eq!(messages.len(), 2);
        assert_eq!((&messages[0]["author"]["name"], &messages[1]["text"]), (&json!("Ana Torres"), &json!("We look into #1.")));

        let history = desk.history(1).await;
        let kinds: Vec<_> = history.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["ticket.created", "ticket.changed", "ticket.changed", "message.added", "message.delivery"]);
        assert_eq!(history[0]["cause"]["plugin"], "guichet/email");
        let change = history.iter().find(|entry| entry["cause"]["plugin"] == "guichet/triggers").unwrap();
        assert_eq!((&change["cause"]["plugin"], &change["because"]["rule"]), (&json!("guichet/triggers"), &json!("VPN to network")));
        assert_eq!(change["cause"]["event"], history[0]["sequence"]);
        assert_eq!(change["because"]["detail"]["conditions"][0]["found"], "VPN does not connect");
        assert_eq!(change["changes"][0]["new_label"], "Network");
    }

    async fn a_second_mail_with_in_reply_to_lands_on_the_same_ticket_and_the_same_mail_twice_is_one(desk) {
        desk.plugin("email", json!({})).await;
        desk.mail(mail("plain.eml")).await;
        let (status, answer) = desk.mail(mail("reply.eml")).await;
        assert_eq!((status, &answer["appended"]), (201, &json!(true)), "{answer}");
        let (status, answer) = desk.mail(mail("reply.eml")).await;
        assert_eq!((status, &answer["duplicate"]), (200, &json!(true)), "{answer}");
        assert_eq!(desk.messages(1).await.len(), 2);
        assert_eq!(desk.get("tickets").await["items"].as_array().unwrap().len(), 1);
    }

    async fn every_mail_of_the_corpus_is_taken_and_its_source_is_kept(desk) {
        desk.plugin("email", json!({})).await;
        for name in ["gb18030.eml", "html-only.eml", "iso-2022-jp.eml", "nested.eml"] {
            let (status, answer) = desk.mail(mail(name)).await;
            assert_eq!(status, 201, "{name}: {answer}");
        }
        let (status, _) = desk.mail(b" \r\n".to_vec()).await;
        assert_eq!(status, 400);
        let tickets = desk.get("tickets").await;
        let subjects: Vec<_> = tickets["items"].as_array().unwrap().iter().map(|ticket| ticket["subject"].as_str().unwrap().to_owned()).collect();
        assert_eq!(subjects, ["Picture", "テスト", "Fire", "忘记密码"]);
        let picture = &desk.messages(4).await[0]["attachments"][0];
        assert_eq!((&picture["name"], &picture["size"]), (&json!("screen.png"), &json!(8)));
        let path = format!("files/{}", picture["file"].as_str().unwrap());
        let content = desk.request(reqwest::Method::GET, &path).send().await.unwrap().bytes().await.unwrap();
        assert_eq!(&content[..], b"\x89PNG\r\n\x1a\n");
    }

    async fn what_a_machine_says_rests_in_the_queue_wakes_nothing_and_is_recovered_with_both_times(desk) {
        desk.plugin("email", json!({})).await;
        let watcher = desk.guest("watches", json!({ "tag": "seen" })).await;
        let (status, answer) = desk.mail(mail("out-of-office.eml")).await;
        assert_eq!((status, &answer["suspended"]), (201, &json!(true)), "{answer}");
        let (status, answer) = desk.mail(b"\xff\xfe no mail at all".to_vec()).await;
        assert_eq!((status, &answer["suspended"]), (201, &json!(true)), "{answer}");
        desk.settle().await;
        assert_eq!(desk.get("tickets").await["items"], json!([]));
        assert_eq!(desk.get("customers").await["items"], json!([]));
        assert_eq!(desk.outcomes(watcher).await, [""; 0], "it wakes no trigger");
        let queue = desk.get("suspended").await;
        let reasons: Vec<_> = queue["items"].as_array().unwrap().iter().map(|one| one["reason"].as_str().unwrap()).collect();
        assert_eq!(reasons, ["processing_failed", "out_of_office"]);

        desk.pass_seconds(3_600).await;
        let away = &queue["items"][1];
        let path = format!("suspended/{}", away["id"].as_str().unwrap());
        let whole = desk.get(&path).await;
        assert_eq!((&whole["subject"], &whole["message"]["author"]["kind"]), (&json!("Automatic reply: Re: VPN"), &json!("anonymous")), "{whole}");
        let (status, ticket) = desk.call(Method::PUT, &format!("{path}/recovery"), Some(json!({ "into": null }))).await;
        assert_eq!((status, &ticket["number"], &ticket["state"]), (200, &json!(1), &json!("new")), "{ticket}");
        assert_ne!(ticket["created_at"], ticket["suspension"]["recovered_at"]);
        desk.settle().await;
        assert_eq!(desk.get("tickets/1").await["tags"], json!(["seen"]), "recovered, it wakes them");
        let messages = desk.messages(1).await;
        assert_eq!((messages.len(), &messages[0]["author"]["kind"]), (1, &json!("customer")));
        assert_eq!(desk.call(Method::PUT, &format!("{path}/recovery"), Some(json!({ "into": null }))).await.0, 404);

        let broken = format!("suspended/{}", queue["items"][0]["id"].as_str().unwrap());
        let (status, there) = desk.call(Method::PUT, &format!("{broken}/recovery"), Some(json!({ "into": 1 }))).await;
        assert_eq!((status, &there["number"]), (200, &json!(1)), "{there}");
        assert_eq!(desk.messages(1).await.len(), 2);
        assert_eq!(desk.get("suspended").await["items"], json!([]));
    }

    async fn what_nobody_looks_at_in_the_queue_is_rejected_after_fourteen_days(desk) {
        desk.plugin("email", json!({})).await;
        desk.mail(mail("out-of-office.eml")).await;
        let again = [mail("out-of-office.eml"), b"\r\nonce more".to_vec()].concat();
        desk.mail(again).await;
        let queue = desk.get("suspended").await;
        let first = format!("suspended/{}", queue["items"][0]["id"].as_str().unwrap());
        assert_eq!(desk.call(Method::DELETE, &first, None).await.0, 204);
        assert_eq!(desk.get("suspended").await["items"].as_array().unwrap().len(), 1);
        desk.pass_seconds(14 * 86_400 + 1).await;
        assert_eq!(desk.get("suspended").await["items"], json!([]));
    }

    async fn a_reply_to_a_closed_ticket_follows_it_up_and_further_replies_land_there(desk) {
        desk.plugin("email", json!({})).await;
        desk.mail(mail("plain.eml")).await;
        desk.call(Method::PUT, "tickets/1/solution", Some(json!({}))).await;
        assert_eq!(desk.call(Method::PUT, "tickets/1/closure", Some(json!({}))).await.0, 200);
        let (status, answer) = desk.mail(mail("reply.eml")).await;
        assert_eq!(status, 201, "{answer}");
        let ticket = desk.get("tickets/2").await;
        assert_eq!((&ticket["links"][0]["relation"], &ticket["links"][0]["number"], &ticket["state"]), (&json!("follow-up-of"), &json!(1), &json!("new")), "{ticket}");
        let reply = String::from_utf8(mail("reply.eml")).unwrap();
        let id = reply.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap().trim();
        let from = reply.lines().find(|line| line.starts_with("From: ")).unwrap();
        let third = format!("{from}\r\nSubject: Re: Re: VPN\r\nMessage-ID: <third@trade.example>\r\nIn-Reply-To: {id}\r\n\r\nAny news?\r\n");
        desk.mail(third).await;
        assert_eq!(desk.messages(2).await.len(), 2);
        assert_eq!(desk.get("tickets").await["items"].as_array().unwrap().len(), 2);
    }

    async fn a_reply_to_a_merged_ticket_lands_on_the_one_that_took_it_in(desk) {
        desk.plugin("email", json!({})).await;
        desk.mail(mail("plain.eml")).await;
        let target = desk.ticket("Took it in").await;
        assert_eq!(desk.call(Method::PUT, "tickets/1/merger", Some(json!({ "into": target }))).await.0, 200);
        desk.mail(mail("reply.eml")).await;
        assert_eq!((desk.messages(1).await.len(), desk.messages(target).await.len()), (1, 2));
    }

    async fn a_mail_of_three_mebibytes_crosses_as_a_file(desk) {
        desk.plugin("email", json!({})).await;
        let mut raw = b"From: a@b.example\r\nSubject: large\r\nMessage-ID: <large@b>\r\n\r\n".to_vec();
        raw.extend("long lines of text\r\n".repeat(160_000).bytes());
        let (status, answer) = desk.mail(raw).await;
        assert_eq!(status, 201, "{answer}");
        assert!(desk.messages(1).await[0]["text"].as_str().unwrap().ends_with("[…]"));
        // It stands beside the database, and goes once nothing names it.
        let id = desk.get("tickets/1").await["id"].as_str().unwrap().parse().unwrap();
        let store = desk.desk.store.tenant(desk.tenant.id);
        let message = store.messages(id, None, 1).await.unwrap().pop().unwrap();
        let source = message.draft.fields.iter().find(|field| field.name == "source").and_then(|field| field.value.as_text()).unwrap().to_owned();
        let content = desk.request(Method::GET, &format!("files/{source}")).send().await.unwrap().bytes().await.unwrap();
        assert!(content.len() > 3 << 20 && content.ends_with(b"long lines of text\r\n"));
        let soon = std::time::Duration::ZERO;
        assert_eq!(desk.desk.store.sweep_files(soon).await.unwrap(), 0, "what is named stays");
        assert_eq!(desk.call(Method::PUT, "tickets/1/deletion", Some(json!({}))).await.0, 200);
        desk.pass_seconds(31 * 86_400).await;
        assert_eq!(desk.call(Method::GET, &format!("files/{source}"), None).await.0, 404);
        assert_eq!(desk.desk.store.sweep_files(soon).await.unwrap(), 1);
    }
}
