//! A plugin that fails again and again is paused, one that was held back catches up, and neither loses nor doubles anything.

use crate::desk::{TestDesk, on_both_databases};
use guichet_core::id::InstallId;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};

impl TestDesk {
    async fn install(&self, install: InstallId) -> Value {
        self.get(&format!("plugins/{install}")).await
    }

    /// So many tickets; their numbers.
    async fn tickets(&self, count: usize) -> Vec<u64> {
        let mut numbers = Vec::new();
        for number in 0..count {
            numbers.push(self.ticket(&format!("Ticket {number}")).await);
        }
        numbers
    }

    async fn sets(&self, install: InstallId, deed: Value) {
        let path = format!("plugins/{install}/settings");
        let wish = json!({ "settings": { "deed": deed } });
        assert_eq!(self.call(Method::PUT, &path, Some(wish)).await.0, 204);
    }

    async fn enables(&self, install: InstallId, query: &str) -> (u16, Value) {
        let path = format!("plugins/{install}/enablement{query}");
        self.call(Method::PUT, &path, None).await
    }

    async fn disables(&self, install: InstallId, query: &str) {
        let path = format!("plugins/{install}/enablement{query}");
        assert_eq!(self.call(Method::DELETE, &path, None).await.0, 204);
    }
}

on_both_databases! {
    async fn a_plugin_that_fails_too_often_is_paused_harms_none_and_loses_nothing(desk) {
        let failing = desk.guest("failing", json!("fail")).await;
        desk.guest("good", json!({ "tag": "good" })).await;
        let mut numbers = desk.tickets(5).await;
        desk.settle().await;
        let paused = desk.install(failing).await["paused"].clone();
        assert!(paused["reason"].as_str().unwrap().contains("as told") && paused["until"].is_string() && paused["times"] == 1, "{paused}");
        let tries = desk.outcomes(failing).await.len();
        numbers.extend(desk.tickets(3).await);
        desk.settle().await;
        desk.pass_seconds(30).await;
        assert_eq!(desk.outcomes(failing).await.len(), tries, "nothing is handed to it while it is paused");
        for number in &numbers {
            assert_eq!(desk.get(&format!("tickets/{number}")).await["tags"], json!(["good"]), "{number}");
        }
        assert_eq!(desk.events("install.paused").await.len(), 1, "the log tells");
        // Mended, it is tried at once, and sees all that it missed: once, and in each ticket's order.
        desk.sets(failing, json!({ "note": "at last" })).await;
        desk.settle().await;
        desk.pass_seconds(30).await;
        for number in &numbers {
            assert_eq!(desk.notes(*number).await, ["at last"], "{number}");
        }
        let install = desk.install(failing).await;
        assert_eq!((&install["paused"], &install["apart"]), (&json!(null), &json!(false)), "it keeps step again");
        assert_eq!(desk.events("install.rejoined").await.len(), 1);
        let number = desk.ticket("In step").await;
        desk.settle().await;
        assert_eq!(desk.notes(number).await, ["at last"]);
        assert_eq!(desk.get("dead-letters").await["items"], json!([]));
    }

    async fn paused_for_the_third_time_within_a_day_it_is_disabled_with_its_place_kept(desk) {
        let failing = desk.guest("failing", json!("fail")).await;
        let mut numbers = desk.tickets(5).await;
        desk.settle().await;
        for (times, seconds) in [(1, 60), (2, 120)] {
            assert_eq!(desk.install(failing).await["paused"]["times"], times);
            desk.pass_seconds(seconds + 1).await;
            // On probation, the first failure is one too many. What it is handed may be what failed before: only something new decides.
            numbers.push(desk.ticket("New").await);
            desk.settle().await;
        }
        let install = desk.install(failing).await;
        assert_eq!((&install["state"], &install["paused"]["until"], &install["paused"]["times"]), (&json!("disabled"), &json!(null), &json!(3)), "{install}");
        assert_eq!(install["apart"], true);
        numbers.push(desk.ticket("While it is disabled").await);
        desk.settle().await;
        desk.sets(failing, json!({ "tag": "seen" })).await;
        assert_eq!(desk.enables(failing, "").await.0, 204);
        desk.settle().await;
        desk.pass_seconds(30).await;
        let unseen = desk.get("dead-letters").await["items"].as_array().unwrap().iter().map(|letter| letter["ticket_number"].as_u64().unwrap()).collect::<Vec<_>>();
        for number in numbers.iter().filter(|number| !unseen.contains(number)) {
            assert_eq!(desk.get(&format!("tickets/{number}")).await["tags"], json!(["seen"]), "{number}");
        }
        assert_eq!(desk.install(failing).await["apart"], false);
    }

    async fn one_bad_ticket_is_one_failure_however_often_it_is_tried(desk) {
        let failing = desk.guest("failing", json!("fail")).await;
        desk.tickets(2).await;
        desk.settle().await;
        for _ in 0..4 {
            desk.pass_seconds(30).await;
        }
        assert_eq!(desk.outcomes(failing).await.len(), 8);
        assert_eq!(desk.install(failing).await["paused"], json!(null));
    }

    async fn whoever_asks_a_route_cannot_have_its_plugin_paused(desk) {
        let route = "[[routes]]\npath = \"/\"\nmethods = [\"GET\"]\naccess = \"public\"\n";
        let asked = desk.guest_with("asked", json!({ "deed": { "tag": "seen" } }), route).await;
        for _ in 0..8 {
            assert_eq!(desk.route("asked", "break").await.0, 502);
        }
        let number = desk.ticket("Unharmed").await;
        desk.settle().await;
        assert_eq!(desk.install(asked).await["paused"], json!(null));
        assert_eq!(desk.get(&format!("tickets/{number}")).await["tags"], json!(["seen"]));
    }

    async fn while_a_plugin_is_paused_its_routes_say_until_when_and_its_jobs_wait(desk) {
        let route = "[[routes]]\npath = \"/\"\nmethods = [\"GET\"]\naccess = \"public\"\n";
        let paused = desk.guest_with("paused", json!({ "deed": { "enqueue": { "deed": "told", "after-s": 20 } } }), route).await;
        let number = desk.ticket("To be done").await;
        desk.settle().await;
        desk.sets(paused, json!("trap")).await;
        desk.tickets(5).await;
        desk.settle().await;
        assert!(desk.install(paused).await["paused"]["until"].is_string());
        let url = format!("{}/t/acme/plugins/tests/paused/headers", desk.address);
        let answer = desk.client.get(&url).send().await.unwrap();
        let after: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!(answer.status() == 503 && (1..=61).contains(&after), "{after}");
        desk.pass_seconds(21).await;
        assert_eq!(desk.notes(number).await, [""; 0], "due, but not begun");
        // Asked for by an admin, it is tried again before its time.
        assert_eq!(desk.enables(paused, "").await.0, 204);
        assert_eq!(desk.client.get(&url).send().await.unwrap().status(), 200);
        desk.pass_seconds(60).await;
        assert_eq!(desk.notes(number).await.len(), 1);
    }

    async fn a_plugin_held_back_sees_what_came_meanwhile_unless_its_admin_skips_it(desk) {
        let one = desk.guest("one", json!({ "note": "one" })).await;
        let two = desk.guest("two", json!({ "note": "two" })).await;
        let before = desk.ticket("Before").await;
        desk.settle().await;
        desk.disables(one, "?keep_place=true").await;
        desk.disables(two, "?keep_place=true").await;
        let meanwhile = desk.tickets(3).await;
        desk.settle().await;
        assert_eq!(desk.install(one).await["apart"], true);
        assert_eq!(desk.enables(one, "?from=place").await.0, 204);
        assert_eq!(desk.enables(two, "?from=now").await.0, 204);
        let after = desk.ticket("After").await;
        desk.settle().await;
        assert_eq!(desk.notes(before).await, ["one", "two"]);
        for number in meanwhile {
            assert_eq!(desk.notes(number).await, ["one"], "{number}");
        }
        let mut notes = desk.notes(after).await;
        notes.sort();
        assert_eq!(notes, ["one", "two"]);
        assert_eq!(desk.install(one).await["apart"], false);
    }

    async fn enabled_from_the_beginning_a_plugin_is_handed_all_that_ever_happened(desk) {
        let early = desk.tickets(4).await;
        desk.settle().await;
        let late = desk.guest("late", json!({ "note": "seen" })).await;
        desk.settle().await;
        assert_eq!(desk.notes(early[0]).await.len(), 0);
        assert_eq!(desk.enables(late, "?from=beginning").await.0, 409, "it runs already");
        desk.disables(late, "").await;
        assert_eq!(desk.enables(late, "?from=beginning").await.0, 204);
        let number = desk.ticket("New").await;
        desk.settle().await;
        for number in early.into_iter().chain([number]) {
            assert_eq!(desk.notes(number).await, ["seen"], "{number}");
        }
        assert_eq!(desk.install(late).await["apart"], false);
    }

    async fn where_an_install_is_to_begin_is_refused_where_it_makes_no_sense_and_asked_for_where_it_is_far_behind(desk) {
        let install = desk.guest("held", json!({ "note": "seen" })).await;
        assert_eq!(desk.enables(install, "?from=yesterday").await.0, 400);
        desk.disables(install, "").await;
        let (status, told) = desk.enables(install, "?from=place").await;
        assert!(status == 409 && told["detail"].as_str().unwrap().contains("was not kept"), "{told}");
        assert_eq!(desk.enables(install, "").await.0, 204);
        desk.settle().await;
        desk.disables(install, "?keep_place=true").await;
        let number = desk.ticket("Long ago").await;
        desk.settle().await;
        desk.pass_seconds(guichet::limits::BEHIND_MS_MAX / 1_000 - 60).await;
        desk.pass_seconds(120).await;
        let (status, told) = desk.enables(install, "").await;
        assert!(status == 409 && told["detail"].as_str().unwrap().contains("from=place to have it catch up"), "{told}");
        assert_eq!(desk.enables(install, "?from=place").await.0, 204);
        desk.settle().await;
        assert_eq!(desk.notes(number).await, ["seen"]);
    }

    async fn held_back_and_enabled_again_under_load_a_plugin_sees_each_ticket_once_and_in_order(desk) {
        let held = desk.guest("held", json!({ "note": "held" })).await;
        desk.guest("other", json!({ "note": "other" })).await;
        let is_over = AtomicBool::new(false);
        let load = async {
            let mut numbers = Vec::new();
            while !is_over.load(Ordering::Relaxed) {
                numbers.push(desk.ticket("Load").await);
                let number = numbers[numbers.len() / 2];
                let tags = json!({ "tags": [format!("t{}", numbers.len())] });
                assert_eq!(desk.call(Method::PUT, &format!("tickets/{number}/tags"), Some(tags)).await.0, 200);
            }
            numbers
        };
        let switching = async {
            for _ in 0..12 {
                desk.disables(held, "?keep_place=true").await;
                assert_eq!(desk.enables(held, "?from=place").await.0, 204);
            }
            is_over.store(true, Ordering::Relaxed);
        };
        let (numbers, ()) = tokio::join!(load, switching);
        desk.settle().await;
        assert!(numbers.len() > 5, "the load was no load: {}", numbers.len());
        for number in numbers {
            let mut notes = desk.notes(number).await;
            notes.sort();
            assert_eq!(notes, ["held", "other"], "{number}");
        }
        assert_eq!(desk.install(held).await["apart"], false);
    }
}
