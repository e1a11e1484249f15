//! What a plugin checks before it is written: asked once, on the change as it would be; refused with the person's message, or let pass.

use crate::desk::on_both_databases;
use reqwest::Method;
use serde_json::{Value, json};

fn guard(on_failure: &str) -> String {
    format!(
        "[guard]\nkinds = [\"ticket.created\", \"ticket.changed\", \"message.added\"]\non-failure = \"{on_failure}\"\nreason.en = \"Looks at each change.\"\n"
    )
}

fn settings(watch: Value) -> Value {
    json!({ "deed": "rest", "guard": watch })
}

fn wish(subject: &str) -> Option<Value> {
    Some(json!({ "subject": subject, "text": "x", "requester": { "email": "ana@trade.example" } }))
}

on_both_databases! {
    async fn what_a_guard_refuses_is_answered_422_with_its_message_and_nothing_is_written(desk) {
        let before = desk.ticket("Before").await;
        let install = desk.guest_granted("guard", &["tickets-read"], settings(json!({ "subject": "secret" })), &guard("closed")).await;
        let (status, answer) = desk.call(Method::POST, "tickets", wish("A secret thing")).await;
        assert_eq!(status, 422, "{answer}");
        assert_eq!(answer["detail"], "tests/guard: \"A secret thing\" has the word secret");
        assert_eq!(desk.get("tickets").await["items"].as_array().unwrap().len(), 1, "nothing was written");
        assert_eq!(desk.call(Method::POST, "tickets", wish("A plain thing")).await.0, 201);
        let (status, _) = desk.call(Method::PUT, &format!("tickets/{before}/tags"), Some(json!({ "tags": ["fine"] }))).await;
        assert_eq!(status, 200);
        let runs = desk.get(&format!("plugins/{}/runs", install["id"].as_str().unwrap())).await;
        let shown: Vec<_> = runs["items"].as_array().unwrap().iter().map(|run| (run["point"].as_str().unwrap(), run["outcome"].as_str().unwrap())).collect();
        assert!(shown.contains(&("guard", "refused")) && shown.contains(&("guard", "ok")), "{shown:?}");
    }

    async fn what_a_plugin_writes_is_guarded_too_and_a_refused_handler_is_not_tried_again(desk) {
        let tagger = desk.guest("tagger", json!({ "tag": "tagged" })).await;
        let number = {
            desk.guest_granted("guard", &[], settings(json!({ "refuse": "no changes today" })), &guard("open").replace("\"ticket.created\", ", "")).await;
            desk.ticket("Quiet").await
        };
        desk.settle().await;
        for _ in 0..4 {
            desk.pass_seconds(60).await;
        }
        assert_eq!(desk.outcomes(tagger).await, ["refused"], "once, and for good");
        assert_eq!(desk.get(&format!("tickets/{number}")).await["tags"], json!([]));
        assert_eq!(desk.get("dead-letters").await["items"], json!([]), "nobody failed");
        assert_eq!(desk.desk.store.tenant(desk.tenant.id).parked().await.unwrap(), []);
    }

    async fn a_guard_that_fails_lets_pass_where_it_fails_open_and_refuses_where_it_fails_closed(desk) {
        for (name, watch) in [("trap", json!("trap")), ("loop", json!("loop")), ("fail", json!("fail")), ("write", json!("write"))] {
            let install = desk.guest_granted(name, &["tickets-read", "tickets-write"], settings(watch), &guard("open")).await;
            let path = format!("plugins/{}", install["id"].as_str().unwrap());
            let (status, answer) = desk.call(Method::POST, "tickets", wish(&format!("Open to {name}"))).await;
            assert_eq!((status, &answer["tags"]), (201, &json!([])), "{name}: {answer}");
            // The admin chooses otherwise than the manifest proposes.
            assert_eq!(desk.call(Method::PUT, &format!("{path}/guard"), Some(json!({ "on_failure": "closed" }))).await.0, 204);
            let (status, answer) = desk.call(Method::POST, "tickets", wish("Closed")).await;
            assert_eq!(status, 422, "{name}: {answer}");
            assert!(answer["detail"].as_str().unwrap().contains(&format!("tests/{name} has to check this change and could not")), "{answer}");
            assert_eq!(desk.get(&path).await["guard"]["on_failure"], "closed");
            assert_eq!(desk.call(Method::DELETE, &format!("{path}/enablement"), None).await.0, 204);
            assert_eq!(desk.call(Method::POST, "tickets", wish("Without it")).await.0, 201, "a disabled guard is not asked");
        }
    }

    async fn guards_are_asked_about_what_they_name_and_about_nothing_else(desk) {
        let only = guard("closed").replace("\"ticket.created\", \"ticket.changed\", ", "");
        desk.guest_granted("guard", &[], settings(json!({ "refuse": "no more words" })), &only).await;
        let number = desk.ticket("Silence").await;
        let tags = Some(json!({ "tags": ["fine"] }));
        assert_eq!(desk.call(Method::PUT, &format!("tickets/{number}/tags"), tags).await.0, 200);
        let (status, answer) = desk.call(Method::POST, &format!("tickets/{number}/messages"), Some(json!({ "text": "Hello", "visibility": "public" }))).await;
        assert_eq!((status, answer["detail"].as_str().unwrap()), (422, "tests/guard: no more words"));
    }
}
