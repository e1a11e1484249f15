//! Every step of a plugin's life while events flow: no event is lost or doubled, and nothing commits that a version did which does not run any more.

use crate::{
    desk::{TestDesk, on_both_databases},
    lifecycle::requiring,
};
use guichet_core::event::Event;
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Instant,
};

const SENDERS: usize = 4;

/// Creates tickets until it is over; their numbers.
async fn flow(desk: &TestDesk, is_over: &AtomicBool) -> Vec<u64> {
    let send = async || {
        let mut numbers = Vec::new();
        while !is_over.load(Ordering::Relaxed) {
            numbers.push(desk.ticket("Flow").await);
        }
        numbers
    };
    let senders = (0..SENDERS).map(|_| send());
    futures::future::join_all(senders).await.concat()
}

struct Life<'a> {
    desk: &'a TestDesk,
    install: Value,
    deed: Value,
}

impl Life<'_> {
    fn path(&self, step: &str) -> String {
        format!("plugins/{}{step}", self.install["id"].as_str().unwrap())
    }

    /// A step that is to be taken whatever else changes meanwhile; what it answered.
    async fn takes(&self, method: Method, step: &str, body: Option<Value>) -> Value {
        let (status, answer) = self.desk.call(method, &self.path(step), body).await;
        assert!(status < 300, "{step}: {status} {answer}");
        answer
    }

    async fn consents(&self, shown: &Value, grants: &[&str]) -> Value {
        let (status, answer) = self.desk.consent(shown, grants, self.deed.clone()).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Waits until what there is by now was handed out: each step happens in the middle of work.
    async fn sees(&self) {
        let store = self.desk.desk.store.tenant(self.desk.tenant.id);
        let wanted = store.cursor().await.unwrap().sequence;
        while store.cursor().await.unwrap().low < wanted {
            tokio::task::yield_now().await;
        }
    }

    /// All of its life but the end.
    async fn lives(&self) {
        for round in 1..=3 {
            self.sees().await;
            self.takes(Method::DELETE, "/enablement?keep_place=true", None)
                .await;
            self.sees().await;
            self.takes(Method::PUT, "/enablement?from=place", None)
                .await;
            self.sees().await;
            // With new optional permissions, the next version runs at once, without them.
            let version = format!("0.{}.0", 2 * round);
            self.desk
                .upload(&self.desk.package("lives", &version, ""))
                .await;
            let runs = self.takes(Method::POST, "/upgrade", None).await;
            assert_eq!(runs["version"], json!(version));
            self.sees().await;
            // With new required ones it waits, and the one before runs on.
            let next = format!("0.{}.0", 2 * round + 1);
            let offered = self
                .desk
                .upload(&requiring("lives", &next, "records"))
                .await;
            let waits = self.takes(Method::POST, "/upgrade", None).await;
            self.sees().await;
            if round == 1 {
                assert_eq!(waits["version"], json!(version));
                self.consents(&offered, &["tickets-write", "records"]).await;
            }
            self.sees().await;
            self.takes(Method::POST, "/rollback", None).await;
            self.sees().await;
            let again = self.desk.get(&self.path("")).await;
            assert_eq!(again["state"], "enabled", "{again}");
        }
    }
}

/// Fails where an effect was committed by a version that did not run at that place of the log.
fn nothing_of_an_older_version(events: &[Event], install: &str) {
    let mut runs: Option<String> = None;
    let mut effects = 0;
    for event in events {
        let data = &event.draft.data;
        if event.draft.kind.starts_with("install.")
            && data["install"] == install
            && data["version"].is_string()
        {
            let version = format!("tests/lives@{}", data["version"].as_str().unwrap());
            runs = (data["state"] == "enabled").then_some(version);
        }
        if let Some(by) = event
            .draft
            .origin
            .by
            .as_ref()
            .filter(|by| by.install.to_string() == install)
        {
            assert_eq!(Some(&by.plugin), runs.as_ref(), "event {}", event.sequence);
            effects += 1;
        }
    }
    assert!(effects > 0);
}

on_both_databases! {
    async fn every_step_of_a_plugins_life_under_load_loses_nothing_doubles_nothing_and_commits_nothing_of_an_older_version(desk) {
        desk.guest("beside", json!({ "note": "beside" })).await;
        let deed = json!({ "deed": { "note": "lives" } });
        let install = desk.guest_granted("lives", &["tickets-write"], deed.clone(), "").await;
        desk.settle().await;
        let id = install["id"].as_str().unwrap().to_owned();
        let life = Life { desk: &desk, install, deed };
        let is_over = AtomicBool::new(false);
        let begun = Instant::now();
        let (numbers, ()) = tokio::join!(flow(&desk, &is_over), async {
            life.lives().await;
            is_over.store(true, Ordering::Relaxed);
        });
        let seconds = begun.elapsed().as_secs_f64();
        desk.settle().await;
        for number in &numbers {
            let mut notes = desk.notes(*number).await;
            notes.sort();
            assert_eq!(notes, ["beside", "lives"], "{number}");
        }
        let store = desk.desk.store.tenant(desk.tenant.id);
        let events = store.events_after(0, u32::MAX >> 1).await.unwrap();
        nothing_of_an_older_version(&events, &id);
        crate::place::show(&format!("{} tickets, {:.0} events a second", numbers.len(), events.len() as f64 / seconds));
        // Uninstalled under load: what it had done stays, it does nothing more, and its data can be had.
        is_over.store(false, Ordering::Relaxed);
        let (after, exported) = tokio::join!(flow(&desk, &is_over), async {
            life.sees().await;
            let exported = desk.request(Method::GET, &life.path("/export")).send().await.unwrap();
            life.takes(Method::DELETE, "", None).await;
            let removed_at = store.cursor().await.unwrap().sequence;
            life.sees().await;
            is_over.store(true, Ordering::Relaxed);
            assert_eq!(exported.status(), 200);
            removed_at
        });
        desk.settle().await;
        let events = store.events_after(exported, u32::MAX >> 1).await.unwrap();
        let later = events.iter().filter(|event| event.draft.origin.by.as_ref().is_some_and(|by| by.install.to_string() == id));
        assert_eq!(later.count(), 0, "nothing of it commits once it is gone");
        for number in after {
            let notes = desk.notes(number).await;
            assert!(notes.iter().filter(|note| *note == "beside").count() == 1 && notes.len() <= 2, "{number}: {notes:?}");
        }
    }
}
