//! What falls due by itself: waiting ends, what is solved closes, what is deleted goes.

use crate::desk::on_both_databases;
use guichet::clock::rfc3339;
use reqwest::Method;
use serde_json::json;

const DAY: i64 = 86_400;

on_both_databases! {
    async fn a_ticket_that_waits_until_a_time_is_open_again_then(desk) {
        let number = desk.ticket("Spare part").await;
        let until = rfc3339(desk.clock.now().plus_milliseconds(3_600_000));
        let pending = json!({ "reason": "the part", "until": until });
        assert_eq!(desk.call(Method::PUT, &format!("tickets/{number}/pending"), Some(pending)).await.0, 200);
        desk.pass_seconds(3_500).await;
        assert_eq!(desk.get(&format!("tickets/{number}")).await["state"], "pending");
        desk.pass_seconds(101).await;
        let ticket = desk.get(&format!("tickets/{number}")).await;
        assert_eq!((&ticket["state"], &ticket["pending_reason"]), (&json!("open"), &json!(null)));
        assert_eq!(desk.history(number).await.last().unwrap()["actor"]["kind"], "system");
    }

    async fn a_solved_ticket_is_closed_after_four_days_and_takes_nothing_but_tags(desk) {
        let number = desk.ticket("Solved").await;
        desk.call(Method::PUT, &format!("tickets/{number}/solution"), Some(json!({}))).await;
        desk.pass_seconds(4 * DAY - 60).await;
        assert_eq!(desk.get(&format!("tickets/{number}")).await["state"], "solved");
        desk.pass_seconds(61).await;
        assert_eq!(desk.get(&format!("tickets/{number}")).await["state"], "closed");
        assert_eq!(desk.call(Method::DELETE, &format!("tickets/{number}/solution"), None).await.0, 409);
        assert_eq!(desk.call(Method::PUT, &format!("tickets/{number}/tags"), Some(json!({ "tags": ["late"] }))).await.0, 200);
    }
}
