//! Mail by real servers: Exim takes and sends it, Dovecot keeps it. Nothing is lost, and nothing is sent twice.

use crate::{desk::TestDesk, place::Database};
use guichet_mail_servers::{MailServers, PASSWORD};
use guichet_outside::Roots;
use reqwest::Method;
use serde_json::{Value, json};

/// Sentences with mail servers of their own, on both databases.
macro_rules! by_real_servers {
    ($(async fn $name:ident($desk:ident, $servers:ident) $body:block)+) => {
        mod sqlite {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let ($desk, $servers) = begin(Database::Sqlite).await;
                $body
            })+
        }

        mod postgres {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let ($desk, $servers) = begin(Database::Postgres).await;
                $body
            })+
        }
    };
}

async fn begin(database: Database) -> (TestDesk, MailServers) {
    begin_with(database, MailServers::start()).await
}

async fn begin_with(database: Database, servers: MailServers) -> (TestDesk, MailServers) {
    for mailbox in [SUPPORT, "ana@trade.example"] {
        servers.make(mailbox);
    }
    let desk = TestDesk::start_with(database, |settings| {
        settings.outside.roots = Roots::ExtraOnly;
        settings.outside.extra_roots_pem = servers.root_pem.clone().into_bytes();
    })
    .await;
    (desk, servers)
}

pub(crate) const SUPPORT: &str = "support@desk.example";

/// A mailbox with both servers, and what differs from the usual.
pub(crate) fn mailbox(
    servers: &MailServers,
    address: &str,
    incoming: Value,
    outgoing: Value,
) -> Value {
    let mut mailbox = json!({
        "address": address, "name": "Support", "signature": "Yours, Support",
        "incoming": { "host": "localhost", "port": servers.imap.tls, "security": "tls", "user": address, "password": PASSWORD },
        "outgoing": { "host": "localhost", "port": servers.smtp.plain, "security": "start-tls", "user": address, "password": PASSWORD },
    });
    for (part, more) in [("incoming", incoming), ("outgoing", outgoing)] {
        let more = more.as_object().unwrap().clone();
        mailbox[part].as_object_mut().unwrap().extend(more);
    }
    mailbox
}

/// The mail plugin, consented to with its servers on this machine.
async fn email(desk: &TestDesk, mailboxes: Vec<Value>) -> Value {
    let folder = crate::place::root().join("target/plugins/email");
    let manifest = std::fs::read_to_string(folder.join("plugin.toml")).unwrap();
    let component = std::fs::read(folder.join("dist/plugin.wasm")).unwrap();
    let package =
        guichet_package::Package::build(&manifest, &component, guichet_package::tar::Files::new())
            .unwrap();
    let shown = desk.upload(&package).await;
    let here = [
        "net:{settings.mailboxes[].incoming}",
        "net:{settings.mailboxes[].outgoing}",
        "http:{settings.mailboxes[].oauth.token_url}",
    ];
    let asked = package.manifest().asks().map(|ask| ask.name);
    let grants: Vec<_> = asked
        .map(|name| match here.contains(&name.as_str()) {
            true => format!("{name}@127.0.0.0/8"),
            false => name,
        })
        .collect();
    let grants: Vec<_> = grants.iter().map(String::as_str).collect();
    let (status, install) = desk
        .consent(&shown, &grants, json!({ "mailboxes": mailboxes }))
        .await;
    assert_eq!(status, 200, "{install}");
    assert_eq!(desk.enable(&install).await.0, 204);
    install
}

/// Lets the schedule come, and everything that follows.
async fn look(desk: &TestDesk) {
    desk.pass_seconds(120).await;
}

pub(crate) fn asks(number: u32) -> String {
    format!(
        "From: Ana Torres <ana@trade.example>\nTo: {SUPPORT}\nSubject: Question {number}\nMessage-ID: <q{number}@trade.example>\nDate: Mon, 23 Nov 2026 09:00:00 +0100\n\nWhat about {number}?\n"
    )
}

pub(crate) fn header<'m>(mail: &'m str, name: &str) -> Option<&'m str> {
    let head = mail.split("\n\n").next().unwrap();
    let found = head.lines().find(|line| {
        line.to_lowercase()
            .starts_with(&format!("{}:", name.to_lowercase()))
    });
    found.map(|line| line.split_once(':').unwrap().1.trim())
}

async fn answer(desk: &TestDesk, number: u64, text: &str) -> Value {
    let wish = json!({ "visibility": "public", "text": text });
    let (status, message) = desk
        .call(
            Method::POST,
            &format!("tickets/{number}/messages"),
            Some(wish),
        )
        .await;
    assert_eq!(status, 201, "{message}");
    desk.settle().await;
    let messages = desk.messages(number).await;
    messages
        .into_iter()
        .find(|one| one["id"] == message["id"])
        .unwrap()["delivery"]
        .clone()
}

async fn count_tickets(desk: &TestDesk) -> usize {
    let list = desk.get("tickets?limit=200").await;
    list["items"].as_array().unwrap().len()
}

by_real_servers! {
    async fn a_mail_comes_in_an_answer_goes_out_and_the_answer_to_that_lands_on_the_same_ticket(desk, servers) {
        let mut mailbox = mailbox(&servers, SUPPORT, json!({ "move_to": "Done" }), json!({}));
        mailbox["template"] = json!("Dear {{customer}},\n\n{{text}}\n\n{{agent}}, about #{{number}}");
        email(&desk, vec![mailbox]).await;
        servers.send("ana@trade.example", SUPPORT, &asks(1));
        assert_eq!(servers.mails_once(SUPPORT, 1).await.len(), 1);
        look(&desk).await;
        let ticket = desk.get("tickets/1").await;
        assert_eq!((&ticket["subject"], &ticket["channel"], &ticket["requester"]["name"]), (&json!("Question 1"), &json!("email"), &json!("Ana Torres")));
        assert_eq!((servers.mails(SUPPORT, "").len(), servers.mails(SUPPORT, ".Done").len()), (0, 1), "what is safe here is moved there");

        let sent = answer(&desk, 1, "Try again.\n.\nPlease.").await;
        assert_eq!((&sent["state"], &sent["address"]), (&json!("sent"), &json!("ana@trade.example")), "{sent}");
        let got = servers.mails_once("ana@trade.example", 1).await;
        let mail = &got[0];
        assert_eq!(header(mail, "In-Reply-To"), Some("<q1@trade.example>"));
        assert_eq!(header(mail, "From").map(|from| from.contains(SUPPORT)), Some(true));
        assert!(header(mail, "Return-Path").unwrap().starts_with("<support+b1."), "bounces find their ticket: {mail}");
        for machines in ["Auto-Submitted", "X-Auto-Response-Suppress", "Precedence"] {
            assert_eq!(header(mail, machines), None, "a person wrote it");
        }
        assert!(mail.contains("Dear Ana Torres,\n\nTry again.\n.\nPlease.\n\nBo, about #1") && mail.contains("Yours, Support"), "{mail}");

        let own_id = header(mail, "Message-ID").unwrap();
        let reply = format!("From: ana@trade.example\nTo: {}\nSubject: Re: Question 1\nMessage-ID: <r1@trade.example>\nIn-Reply-To: {own_id}\n\nIt works.\n", header(mail, "Reply-To").unwrap());
        let to = header(mail, "Reply-To").unwrap();
        let to = to.split('<').next_back().unwrap().trim_end_matches('>');
        servers.send("ana@trade.example", to, &reply);
        assert_eq!(servers.mails_once(SUPPORT, 1).await.len(), 1);
        look(&desk).await;
        let messages = desk.messages(1).await;
        assert_eq!(messages.len(), 3, "{messages:?}");
        assert_eq!((&messages[2]["text"], &messages[2]["author"]["name"]), (&json!("It works."), &json!("Ana Torres")));
        assert_eq!(count_tickets(&desk).await, 1);
    }

    async fn what_comes_back_fails_the_delivery_and_what_is_refused_at_once_says_why(desk, servers) {
        email(&desk, vec![mailbox(&servers, SUPPORT, json!({}), json!({ "port": servers.smtp.tls, "security": "tls" }))]).await;
        for (number, who) in [(1, "gone"), (2, "nobody"), (3, "later")] {
            let mail = asks(number).replace("ana@", &format!("{who}@")).replace("Ana Torres", who);
            servers.put(SUPPORT, &format!("{number}"), &mail);
        }
        look(&desk).await;
        assert_eq!(count_tickets(&desk).await, 3);
        let by_subject = async |subject: &str| {
            let list = desk.get("tickets?limit=200").await;
            let found = list["items"].as_array().unwrap().iter().find(|one| one["subject"] == subject).unwrap().clone();
            found["number"].as_u64().unwrap()
        };
        let gone = by_subject("Question 1").await;
        assert_eq!(answer(&desk, gone, "Hello?").await["state"], "sent", "the server took it first");
        assert_eq!(servers.mails_once(SUPPORT, 4).await.len(), 4, "and then it came back");
        look(&desk).await;
        let bounced = desk.messages(gone).await[1]["delivery"].clone();
        assert_eq!((&bounced["state"], &bounced["reason"]), (&json!("failed"), &json!("bounced")), "{bounced}");
        let again = answer(&desk, gone, "Hello again?").await;
        assert_eq!((&again["state"], &again["reason"]), (&json!("failed"), &json!("undeliverable-address")), "{again}");

        let nobody = by_subject("Question 2").await;
        let refused = answer(&desk, nobody, "Hello?").await;
        assert_eq!((&refused["state"], &refused["reason"]), (&json!("failed"), &json!("refused")), "{refused}");
        assert!(refused["detail"].as_str().unwrap().contains("no such user"), "{refused}");

        let later = by_subject("Question 3").await;
        let waits = answer(&desk, later, "Hello?").await;
        assert_eq!((&waits["state"], &waits["reason"]), (&json!("waiting"), &json!("later")), "{waits}");
        assert!(waits["detail"].as_str().unwrap().contains("not now"), "{waits}");
    }

    async fn of_a_mail_that_came_twice_nothing_is_kept_twice(desk, servers) {
        email(&desk, vec![mailbox(&servers, SUPPORT, json!({}), json!({}))]).await;
        servers.put(SUPPORT, "1", &asks(1));
        look(&desk).await;
        servers.put(SUPPORT, "2", &asks(1));
        // The one behind it tells that it was looked at.
        servers.put(SUPPORT, "3", &asks(2));
        look(&desk).await;
        assert_eq!(count_tickets(&desk).await, 2);
        assert_eq!(desk.rows_of_tenant("files", desk.tenant.id).await, 2, "the source of each");
    }

    async fn what_a_machine_says_rests_and_wakes_nobody(desk, servers) {
        email(&desk, vec![mailbox(&servers, SUPPORT, json!({ "port": servers.imap.plain, "security": "start-tls" }), json!({}))]).await;
        let away = asks(1).replace("Subject: Question 1", "Subject: Out of office\nAuto-Submitted: auto-replied");
        servers.send("ana@trade.example", SUPPORT, &away);
        servers.mails_once(SUPPORT, 1).await;
        look(&desk).await;
        assert_eq!(count_tickets(&desk).await, 0);
        assert_eq!(desk.get("suspended").await["items"][0]["reason"], "out_of_office");
        assert!(servers.mails("ana@trade.example", "").is_empty(), "nobody answers");
    }

    async fn a_thousand_mails_are_a_thousand_tickets_and_a_second_look_finds_nothing_new(desk, servers) {
        for number in 0..1_000 {
            // One sender of so many would be too much.
            let mail = asks(number).replace("ana@", &format!("ana{number}@"));
            servers.put(SUPPORT, &format!("{number:04}"), &mail);
        }
        email(&desk, vec![mailbox(&servers, SUPPORT, json!({}), json!({}))]).await;
        // So many at a time that others have a turn.
        for _ in 0..3 {
            look(&desk).await;
        }
        let store = desk.desk.store.tenant(desk.tenant.id);
        let mut subjects = std::collections::BTreeSet::new();
        for number in 1..=1_000 {
            let ticket = store.ticket_by_number(number).await.unwrap();
            let ticket = ticket.unwrap_or_else(|| panic!("there are only {} tickets", number - 1));
            assert!(subjects.insert(ticket.subject), "ticket {number} is there twice");
        }
        look(&desk).await;
        assert!(store.ticket_by_number(1_001).await.unwrap().is_none());
        let seen = servers.mails(SUPPORT, "").len();
        assert_eq!(seen, 1_000, "they stay, marked as seen");
    }

    async fn ten_mailboxes_of_two_tenants_at_once_are_each_looked_after_and_none_gets_anothers_mail(desk, servers) {
        let other = desk.other_tenant("other").await;
        let address = |tenant: &str, number: u32| format!("desk{number}@{tenant}.example");
        for tenant in [&desk, &other] {
            let slug = &tenant.tenant.slug;
            let mut mailboxes = Vec::new();
            for number in 0..5 {
                let to = address(slug, number);
                servers.make(&to);
                for mail in 0..20 {
                    let raw = asks(number * 100 + mail).replace("ana@", &format!("ana{number}-{mail}@")).replace("Question", &format!("{slug} {number} {mail}"));
                    servers.put(&to, &format!("{mail:02}"), &raw.replace(SUPPORT, &to));
                }
                mailboxes.push(mailbox(&servers, &to, json!({ "move_to": "Done" }), json!({})));
            }
            email(tenant, mailboxes).await;
        }
        for _ in 0..3 {
            look(&desk).await;
            other.settle().await;
        }
        for tenant in [&desk, &other] {
            let slug = &tenant.tenant.slug;
            let list = tenant.get("tickets?limit=200").await;
            let subjects: std::collections::BTreeSet<_> = list["items"].as_array().unwrap().iter().map(|one| one["subject"].as_str().unwrap()).collect();
            assert_eq!((subjects.len(), list["items"].as_array().unwrap().len()), (100, 100), "each once");
            assert!(subjects.iter().all(|subject| subject.starts_with(slug.as_str())), "{subjects:?}");
            for number in 0..5 {
                assert_eq!(servers.mails(&address(slug, number), ".Done").len(), 20);
            }
        }
        for tenant in [&desk, &other] {
            let list = tenant.get("tickets?limit=200").await;
            for number in 0..5 {
                let beginning = format!("{} {number} ", tenant.tenant.slug);
                let found = list["items"].as_array().unwrap().iter().find(|one| one["subject"].as_str().unwrap().starts_with(&beginning)).unwrap();
                let sent = answer(tenant, found["number"].as_u64().unwrap(), "On its way.").await;
                assert_eq!(sent["state"], "sent", "{sent}");
            }
        }
        let sent = servers.mails_once("others", 10).await;
        for tenant in ["acme", "other"] {
            for number in 0..5 {
                let from = address(tenant, number);
                let ours = sent.iter().filter(|mail| header(mail, "From").is_some_and(|value| value.contains(&from))).count();
                assert_eq!(ours, 1, "each answers by its own mailbox: {from}");
            }
        }
    }

    async fn passwords_that_are_wrong_and_servers_that_are_away_are_told_and_nothing_is_lost(desk, servers) {
        let mut servers = servers;
        let install = email(&desk, vec![mailbox(&servers, SUPPORT, json!({ "password": "wrong" }), json!({ "password": "wrong" }))]).await;
        servers.put(SUPPORT, "1", &asks(1));
        look(&desk).await;
        let runs = desk.get(&format!("plugins/{}/runs", install["id"].as_str().unwrap())).await;
        let told: Vec<_> = runs["items"].as_array().unwrap().iter().filter_map(|run| run["detail"].as_str()).collect();
        assert!(told.iter().any(|detail| detail.to_lowercase().contains("auth")), "{told:?}");
        assert!(!runs.to_string().contains("wrong"), "and no password");
        let right = json!({ "settings": { "mailboxes": [mailbox(&servers, SUPPORT, json!({}), json!({ "password": "wrong" }))] } });
        let path = format!("plugins/{}/settings", install["id"].as_str().unwrap());
        let (status, refused) = desk.call(Method::PUT, &path, Some(right)).await;
        assert!(status < 300, "{refused}");
        look(&desk).await;
        assert_eq!(count_tickets(&desk).await, 1);
        let waits = answer(&desk, 1, "Try again.").await;
        assert_eq!((&waits["state"], &waits["reason"]), (&json!("waiting"), &json!("unauthorized")), "{waits}");
        let right = json!({ "settings": { "mailboxes": [mailbox(&servers, SUPPORT, json!({}), json!({}))] } });
        assert!(desk.call(Method::PUT, &path, Some(right)).await.0 < 300);
        servers.kill_exim();
        servers.kill_dovecot();
        servers.put(SUPPORT, "2", &asks(2));
        look(&desk).await;
        let waits = desk.messages(1).await[1]["delivery"].clone();
        assert_eq!((&waits["state"], &waits["reason"]), (&json!("waiting"), &json!("unreachable")), "{waits}");
        servers.start_exim();
        servers.start_dovecot();
        look(&desk).await;
        look(&desk).await;
        assert_eq!(desk.messages(1).await[1]["delivery"]["state"], "sent");
        assert_eq!(servers.mails_once("ana@trade.example", 1).await.len(), 1);
        assert_eq!(count_tickets(&desk).await, 2);
    }
}

/// A mailbox whose servers are shown a token, and no password.
async fn by_tokens(database: Database) {
    let servers = MailServers::start_with_tokens().await;
    let (desk, servers) = begin_with(database, servers).await;
    let with_refresh_token = |refresh: &str| {
        let mut mailbox = mailbox(&servers, SUPPORT, json!({}), json!({}));
        for part in ["incoming", "outgoing"] {
            mailbox[part].as_object_mut().unwrap().remove("password");
        }
        let url = format!("https://localhost:{}/token", servers.tokens.unwrap());
        mailbox["oauth"] = json!({ "token_url": url, "client_id": SUPPORT, "client_secret": "of the client", "refresh_token": refresh });
        mailbox
    };
    let install = email(&desk, vec![with_refresh_token("taken back")]).await;
    servers.put(SUPPORT, "1", &asks(1));
    look(&desk).await;
    assert_eq!(count_tickets(&desk).await, 0);
    let id = install["id"].as_str().unwrap();
    let runs = desk.get(&format!("plugins/{id}/runs")).await;
    let told = runs.to_string();
    assert!(
        told.contains("the refresh token was taken back") && told.contains("sign in anew"),
        "{told}"
    );
    let right = json!({ "settings": { "mailboxes": [with_refresh_token(PASSWORD)] } });
    let path = format!("plugins/{id}/settings");
    let (status, answer) = desk.call(Method::PUT, &path, Some(right)).await;
    assert!(status < 300, "{answer}");
    look(&desk).await;
    assert_eq!(count_tickets(&desk).await, 1);
    let sent = self::answer(&desk, 1, "Try again.").await;
    assert_eq!(sent["state"], "sent", "{sent}");
    assert_eq!(servers.mails_once("ana@trade.example", 1).await.len(), 1);
    let runs = desk.get(&format!("plugins/{id}/runs")).await;
    assert!(
        !runs.to_string().contains("token-of-"),
        "no token is in the log"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailbox_that_takes_no_password_is_read_and_answers_by_tokens_on_sqlite() {
    by_tokens(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mailbox_that_takes_no_password_is_read_and_answers_by_tokens_on_postgres() {
    by_tokens(Database::Postgres).await;
}
