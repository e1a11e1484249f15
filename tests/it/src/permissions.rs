//! What was not granted is refused, and the refusal says what to do.

use crate::{desk::on_both_databases, place::root};
use reqwest::Method;
use serde_json::{Value, json};

const ROUTE: &str =
    "[[routes]]\npath = \"/\"\nmethods = [\"GET\"]\naccess = \"agent\"\nacts-as = \"plugin\"\n";

/// The interfaces that need a grant, as the contract lists them.
fn permissions() -> Vec<String> {
    let worlds = std::fs::read_to_string(root().join("wit/worlds.wit")).unwrap();
    let imports = worlds
        .split("world imports {")
        .nth(1)
        .unwrap()
        .split('}')
        .next()
        .unwrap();
    let free = ["settings", "log", "explain", "clock"];
    let names = imports
        .lines()
        .filter_map(|line| line.trim().strip_prefix("import "))
        .map(|name| name.trim_end_matches(';').to_owned())
        .filter(|name| !free.contains(&name.as_str()))
        .collect::<Vec<_>>();
    assert!(names.len() >= 13, "{names:?}");
    names
}

fn denied(answer: &(u16, String)) -> bool {
    answer.1.contains("Denied")
}

on_both_databases! {
    async fn each_permission_that_was_not_granted_is_refused_with_the_remedy_and_granted_it_is_not(desk) {
        desk.ticket("First").await;
        desk.guest_granted("without", &[], json!({ "deed": "rest" }), ROUTE).await;
        let all = permissions();
        let granted: Vec<_> = all.iter().filter(|name| !["http", "net", "records-shared"].contains(&name.as_str())).map(String::as_str).chain(["http:server.example", "net:mail.example:25", "shared:attempt"]).collect();
        desk.guest_granted("with", &granted, json!({ "deed": "rest" }), ROUTE).await;
        for interface in &all {
            let refused = desk.route("without", &format!("attempt/{interface}")).await;
            let remedy = match interface.as_str() {
                "http" | "net" => format!("guichet admin grant tests/without {interface}"),
                "records-shared" => "to allow it: guichet admin grant tests/without shared:attempt".to_owned(),
                name => format!("to allow it: guichet admin grant tests/without {name}"),
            };
            assert!(denied(&refused) && refused.1.contains(&remedy), "{interface}: {refused:?}");
            let allowed = desk.route("with", &format!("attempt/{interface}")).await;
            assert!(!allowed.1.contains("no attempt is made"), "{interface}: {allowed:?}");
            if interface == "http" {
                assert!(allowed.1.contains("to allow it: guichet admin grant tests/with http:nobody.example"), "each host is a grant of its own: {allowed:?}");
            } else if interface == "net" {
                assert!(allowed.1.contains("connections to the outside are for jobs"), "{allowed:?}");
            } else {
                assert!(!denied(&allowed), "{interface}: {allowed:?}");
            }
        }
    }

    async fn a_grant_of_the_operator_is_in_force_at_the_next_call(desk) {
        desk.ticket("First").await;
        desk.guest_granted("later", &[], json!({ "deed": "rest" }), ROUTE).await;
        assert!(denied(&desk.route("later", "attempt/tickets-read").await));
        guichet::plugins::lifecycle::grant(&desk.desk, &desk.operator().await, "tests/later", "tickets-read").await.unwrap();
        assert_eq!(desk.route("later", "attempt/tickets-read").await, (200, "First".to_owned()));
    }

    async fn events_hold_only_what_the_install_may_read(desk) {
        let listens = "[[events]]\nkind = \"customer.changed\"\nfilter = \"true\"\n";
        let install = desk.guest_granted("blind", &["tickets-write"], json!({ "deed": { "note": "seen" } }), listens).await;
        let number = desk.ticket("Seen").await;
        desk.settle().await;
        assert_eq!(desk.notes(number).await, ["seen"], "to write needs no right to read");
        let runs = desk.get(&format!("plugins/{}/runs", install["id"].as_str().unwrap())).await;
        assert_eq!(runs["items"][0]["outcome"], "ok");
    }

    async fn a_filter_sees_only_what_the_install_may_read(desk) {
        // The same filter: with the right to read tickets it is asked about the ticket, without it there is none to ask about.
        let listens = "[[events]]\nkind = \"ticket.changed\"\nfilter = \"ticket.subject == 'Wanted'\"\n";
        desk.guest_granted("reads", &["tickets-read", "tickets-write"], json!({ "deed": { "note": "reads" } }), listens).await;
        desk.guest_granted("blind", &["tickets-write"], json!({ "deed": { "note": "blind" } }), listens).await;
        for subject in ["Wanted", "Other"] {
            let number = desk.ticket(subject).await;
            desk.settle().await;
            let before = desk.notes(number).await.len();
            desk.call(Method::PUT, &format!("tickets/{number}/tags"), Some(json!({ "tags": ["again"] }))).await;
            desk.settle().await;
            let notes = desk.notes(number).await.split_off(before);
            let wanted: &[&str] = if subject == "Wanted" { &["reads"] } else { &[] };
            assert_eq!(notes, wanted, "{subject}");
        }
    }

    async fn nobody_but_an_admin_takes_in_consents_or_sees_how_a_plugin_stands(desk) {
        let install = desk.guest_granted("closed", &[], json!({ "deed": "rest" }), "").await;
        let (_, token) = desk.agent("Al", guichet_core::directory::AgentRole::Supervisor).await;
        let id = install["id"].as_str().unwrap();
        let yes = json!({ "digest": install["digest"], "grants": ["tickets-read"], "settings": null });
        for (method, path, body) in [
            (Method::GET, format!("plugins/{id}"), None),
            (Method::PUT, format!("plugins/{id}/consent"), Some(yes)),
            (Method::PUT, format!("plugins/{id}/settings"), Some(json!({ "settings": {} }))),
            (Method::POST, format!("plugins/{id}/upgrade"), None),
            (Method::POST, format!("plugins/{id}/rollback"), None),
            (Method::GET, format!("plugins/{id}/export"), None),
            (Method::DELETE, format!("plugins/{id}"), None),
            (Method::POST, "plugins/packages".to_owned(), None),
            (Method::POST, "plugins".to_owned(), Some(json!({ "marketplace": "tests/closed" }))),
            (Method::GET, "marketplace/plugins".to_owned(), None),
            (Method::GET, "tokens".to_owned(), None),
            (Method::POST, "tokens".to_owned(), Some(json!({ "name": "mine", "scopes": ["api"] }))),
        ] {
            let (status, answer): (u16, Value) = desk.call_as(&token, method.clone(), &path, body).await;
            assert_eq!(status, 403, "{method} {path}: {answer}");
        }
    }
}
