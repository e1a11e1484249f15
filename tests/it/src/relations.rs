//! How tickets hang together, and how they end.

use crate::desk::{TestDesk, on_both_databases};
use reqwest::Method;
use serde_json::{Value, json};

async fn put(desk: &TestDesk, path: String, body: Value) -> (u16, Value) {
    desk.call(Method::PUT, &path, Some(body)).await
}

/// What a merge must bring back.
fn essence(ticket: &Value) -> Value {
    json!([
        ticket["state"],
        ticket["assignee"],
        ticket["tags"],
        ticket["links"],
        ticket["priority"]
    ])
}

on_both_databases! {
    async fn a_merge_goes_on_in_the_other_ticket_and_taken_back_everything_is_as_before(desk) {
        let (source, target) = (desk.ticket("Twice reported").await, desk.ticket("First report").await);
        put(&desk, format!("tickets/{source}/assignment"), json!({ "assignee": desk.admin, "group": null })).await;
        put(&desk, format!("tickets/{source}/tags"), json!({ "tags": ["printer"] })).await;
        let (before, target_before) = (desk.get(&format!("tickets/{source}")).await, desk.get(&format!("tickets/{target}")).await);
        let (status, merged) = put(&desk, format!("tickets/{source}/merger"), json!({ "into": target })).await;
        assert_eq!((status, &merged["state"], &merged["links"][0]["relation"], &merged["links"][0]["number"]), (200, &json!("closed"), &json!("merged-into"), &json!(target)), "{merged}");
        assert_eq!(desk.get(&format!("tickets/{target}")).await["links"][0]["relation"], "merged-from");
        let (status, problem) = put(&desk, format!("tickets/{target}/merger"), json!({ "into": source })).await;
        assert_eq!(status, 409, "two merges that cross lose no ticket: {problem}");
        let (status, _) = desk.call(Method::DELETE, &format!("tickets/{source}/merger"), None).await;
        assert_eq!(status, 200);
        let (after, target_after) = (desk.get(&format!("tickets/{source}")).await, desk.get(&format!("tickets/{target}")).await);
        assert_eq!((essence(&after), essence(&target_after)), (essence(&before), essence(&target_before)));
        assert_eq!(put(&desk, format!("tickets/{source}/merger"), json!({ "into": source })).await.0, 422);
        assert_eq!(put(&desk, format!("tickets/{source}/merger"), json!({ "into": 99 })).await.0, 422);
    }

    async fn a_link_stands_on_both_tickets_and_a_blocked_one_is_not_solved_before(desk) {
        let (blocked, blocker) = (desk.ticket("New laptop").await, desk.ticket("Budget").await);
        let (status, ticket) = put(&desk, format!("tickets/{blocked}/links/blocked-by/{blocker}"), json!({})).await;
        assert_eq!((status, &ticket["links"][0]["subject"]), (200, &json!("Budget")), "{ticket}");
        assert_eq!(desk.get(&format!("tickets/{blocker}")).await["links"][0]["relation"], "blocks");
        let (status, problem) = put(&desk, format!("tickets/{blocked}/solution"), json!({})).await;
        assert_eq!(status, 409);
        assert!(problem["detail"].as_str().unwrap().contains(&format!("blocked by ticket {blocker}")), "{problem}");
        assert_eq!(put(&desk, format!("tickets/{blocker}/solution"), json!({})).await.0, 200);
        assert_eq!(put(&desk, format!("tickets/{blocked}/solution"), json!({})).await.0, 200);
        let (status, ticket) = desk.call(Method::DELETE, &format!("tickets/{blocker}/links/blocks/{blocked}"), None).await;
        assert_eq!((status, &ticket["links"], &desk.get(&format!("tickets/{blocked}")).await["links"]), (200, &json!([]), &json!([])));
        assert_eq!(put(&desk, format!("tickets/{blocked}/links/likes/{blocker}"), json!({})).await.0, 422);
        assert_eq!(put(&desk, format!("tickets/{blocked}/links/merged-into/{blocker}"), json!({})).await.0, 422);
        assert_eq!(put(&desk, format!("tickets/{blocked}/links/related/999"), json!({})).await.0, 404);
    }

    async fn a_message_becomes_a_ticket_of_its_own_and_both_know_each_other(desk) {
        let number = desk.ticket("Printer, and by the way the coffee").await;
        let message = desk.messages(number).await[0]["id"].clone();
        let (status, part) = desk.call(Method::POST, &format!("tickets/{number}/splits"), Some(json!({ "message": message, "subject": "Coffee" }))).await;
        assert_eq!((status, &part["subject"], &part["links"][0]["relation"], &part["links"][0]["number"]), (201, &json!("Coffee"), &json!("split-from"), &json!(number)), "{part}");
        assert_eq!(part["requester"]["name"], "Ana");
        assert_eq!(desk.messages(part["number"].as_u64().unwrap()).await[0]["text"], "Please help.");
        assert_eq!(desk.get(&format!("tickets/{number}")).await["links"][0]["relation"], "split-into");
        let other = desk.ticket("Other").await;
        assert_eq!(desk.call(Method::POST, &format!("tickets/{other}/splits"), Some(json!({ "message": message }))).await.0, 422, "another ticket's message");
    }

    async fn what_follows_from_a_ticket_of_a_group_is_of_that_group(desk) {
        let group = guichet::admin::create_group(&desk.desk, desk.tenant.id, "Finance", &[]).await.unwrap().id;
        desk.plugin("email", json!({})).await;
        desk.mail(crate::mail::mail("plain.eml")).await;
        put(&desk, "tickets/1/assignment".to_owned(), json!({ "assignee": null, "group": group })).await;
        put(&desk, "tickets/1/priority".to_owned(), json!({ "impact": 1, "urgency": 1 })).await;
        let message = desk.messages(1).await[0]["id"].clone();
        let (_, part) = desk.call(Method::POST, "tickets/1/splits", Some(json!({ "message": message }))).await;
        assert_eq!(part["group"]["name"], "Finance");
        put(&desk, "tickets/1/solution".to_owned(), json!({})).await;
        put(&desk, "tickets/1/closure".to_owned(), json!({})).await;
        desk.mail(crate::mail::mail("reply.eml")).await;
        let follow_up = desk.get("tickets/3").await;
        assert_eq!((&follow_up["group"]["name"], &follow_up["priority"]), (&json!("Finance"), &json!(1)), "{follow_up}");
    }

    async fn a_closed_ticket_may_be_held_and_its_helper_sent_home(desk) {
        let number = desk.ticket("Evidence").await;
        let (helper, _) = desk.agent("Hal", guichet_core::directory::AgentRole::Helper).await;
        let part = format!("tickets/{number}/participants/helper/agent/{helper}");
        assert_eq!(put(&desk, part.clone(), json!({ "until": null })).await.0, 200);
        put(&desk, format!("tickets/{number}/solution"), json!({})).await;
        put(&desk, format!("tickets/{number}/closure"), json!({})).await;
        assert_eq!(put(&desk, format!("tickets/{number}/legal-hold"), json!({})).await.1["legal_hold"], true);
        assert_eq!(desk.call(Method::DELETE, &part, None).await.1["participants"], json!([]));
        assert_eq!(put(&desk, format!("tickets/{number}/tags"), json!({ "tags": ["x"] })).await.0, 200);
        assert_eq!(put(&desk, format!("tickets/{number}/priority"), json!({ "impact": 1, "urgency": 1 })).await.0, 409);
    }

    async fn a_purged_blocker_blocks_nothing(desk) {
        let (blocked, blocker) = (desk.ticket("Waits").await, desk.ticket("Goes").await);
        put(&desk, format!("tickets/{blocked}/links/blocked-by/{blocker}"), json!({})).await;
        put(&desk, format!("tickets/{blocker}/deletion"), json!({})).await;
        desk.pass_seconds(31 * 86_400).await;
        assert_eq!(desk.call(Method::GET, &format!("tickets/{blocker}"), None).await.0, 404);
        assert_eq!(put(&desk, format!("tickets/{blocked}/solution"), json!({})).await.0, 200);
    }

    async fn whoever_asked_the_merged_ticket_is_heard_on_the_one_that_took_it_in(desk) {
        desk.plugin("email", json!({})).await;
        desk.mail(crate::mail::mail("plain.eml")).await;
        let wish = json!({ "subject": "The same", "text": "x", "requester": { "email": "carl@trade.example" } });
        let (_, target) = desk.call(Method::POST, "tickets", Some(wish)).await;
        put(&desk, "tickets/1/merger".to_owned(), json!({ "into": target["number"] })).await;
        put(&desk, "tickets/2/solution".to_owned(), json!({})).await;
        desk.mail(crate::mail::mail("reply.eml")).await;
        let target = desk.get("tickets/2").await;
        assert_eq!((&target["state"], &target["participants"][0]["role"]), (&json!("open"), &json!("cc")), "{target}");
    }

    async fn a_deleted_ticket_is_restored_to_exactly_what_it_was_and_purged_after_thirty_days(desk) {
        let number = desk.ticket("Delete me").await;
        put(&desk, format!("tickets/{number}/pending"), json!({ "reason": "the part", "until": null })).await;
        let (status, deleted) = put(&desk, format!("tickets/{number}/deletion"), json!({})).await;
        assert_eq!((status, &deleted["state"], &deleted["prior_state"]), (200, &json!("deleted"), &json!("pending")));
        assert_eq!(desk.get("tickets").await["items"], json!([]));
        let (_, restored) = desk.call(Method::DELETE, &format!("tickets/{number}/deletion"), None).await;
        assert_eq!((&restored["state"], &restored["pending_reason"]), (&json!("pending"), &json!("the part")));

        put(&desk, format!("tickets/{number}/deletion"), json!({})).await;
        desk.pass_seconds(30 * 86_400 - 60).await;
        assert_eq!(desk.get(&format!("tickets/{number}")).await["state"], "deleted");
        let id = desk.get(&format!("tickets/{number}")).await["id"].as_str().unwrap().parse().unwrap();
        desk.pass_seconds(61).await;
        assert_eq!(desk.call(Method::GET, &format!("tickets/{number}"), None).await.0, 404);
        let store = desk.desk.store.tenant(desk.tenant.id);
        assert_eq!(store.messages(id, None, 10).await.unwrap(), []);
        let log = store.events_after(0, 1_000).await.unwrap();
        assert!(log.iter().map(|event| event.sequence).eq(1..=log.len() as u64), "the log has no gap");
        assert!(log.iter().filter(|event| event.draft.ticket == Some(id)).all(|event| event.draft.changes.is_empty()), "and tells no more of what it held");
        assert_eq!(log.last().unwrap().draft.kind, "ticket.purged");
    }

    async fn a_legal_hold_keeps_a_ticket_from_going(desk) {
        let number = desk.ticket("Evidence").await;
        assert_eq!(put(&desk, format!("tickets/{number}/legal-hold"), json!({})).await.1["legal_hold"], true);
        assert_eq!(put(&desk, format!("tickets/{number}/deletion"), json!({})).await.0, 409);
        assert_eq!(desk.call(Method::DELETE, &format!("tickets/{number}/legal-hold"), None).await.1["legal_hold"], false);
        assert_eq!(put(&desk, format!("tickets/{number}/deletion"), json!({})).await.0, 200);
    }
}
