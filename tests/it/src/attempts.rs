//! Attempts to carry a message that end otherwise than they began: they got no place, nobody knows of them, or somebody knew better meanwhile.

use crate::{
    channels::{carrier, channel, decide, delivery, say, told},
    desk::{TestDesk, on_both_databases},
};
use axum::{Router, http::HeaderMap, routing::any};
use guichet::{
    due::Due,
    limits::{JOB_ATTEMPTS_MAX, JOB_LEASE_MS},
};
use guichet_core::{changeset::RecordKey, id::InstallId};
use reqwest::Method;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, time::timeout};

/// Calls of plugins that run at once, where many desks share a process.
const PLACES: usize = 14;

/// Long for a test, and short for whoever waits for it.
const WITHIN: Duration = Duration::from_secs(60);

const RESEND: &str = "on-unknown = \"resend\"";

/// A server outside that notes what it is told, as `key text attempt unknown`, and answers nobody until it is let to.
#[derive(Clone, Default)]
struct Slow {
    told: Arc<watch::Sender<Vec<[String; 4]>>>,
    answers: Arc<watch::Sender<bool>>,
}

impl Slow {
    /// Its port.
    async fn start(&self) -> u16 {
        let slow = self.clone();
        let tell = move |headers: HeaderMap| {
            let (slow, mut answers) = (slow.clone(), slow.answers.subscribe());
            async move {
                let named = |name: &str| {
                    let value = headers.get(name);
                    value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
                };
                let told = ["x-key", "x-text", "x-attempt", "x-unknown"].map(named);
                slow.told.send_modify(|all| all.push(told));
                drop(answers.wait_for(|answers| *answers).await);
            }
        };
        let app = Router::new().route("/tell", any(tell));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        port
    }

    /// From now on it answers at once, and whoever waits.
    fn answer(&self) {
        self.answers.send_replace(true);
    }

    fn told(&self) -> Vec<[String; 4]> {
        self.told.borrow().clone()
    }

    /// Until it was told so often.
    async fn told_times(&self, times: usize) {
        let mut told = self.told.subscribe();
        let is_told = timeout(WITHIN, told.wait_for(|told| told.len() >= times)).await;
        drop(is_told.expect("it is told in time"));
    }
}

/// Asks again until it is so.
async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let asking = async { while !is_so().await {} };
    let done = timeout(WITHIN, asking).await;
    done.unwrap_or_else(|_| panic!("{what}"));
}

/// Told to a server outside, and then as that says.
fn by(how: &str, port: u16) -> Value {
    json!({ how: format!("http://localhost:{port}/tell") })
}

fn settings(port: u16, carries: &Value) -> Value {
    json!({ "deed": "rest", "server": format!("localhost:{port}"), "carries": carries })
}

/// A channel that carries so, and reports over its route what it hears later.
async fn teller(desk: &TestDesk, port: u16, carries: &Value, more: &str) -> Value {
    let route = "[[routes]]\npath = \"/\"\nmethods = [\"POST\"]\naccess = \"agent\"\nacts-as = \"plugin\"\n";
    let manifest = channel("api", more) + route;
    let grants = ["records", "intake", "http:{settings.server}@127.0.0.1/32"];
    desk.guest_granted("teller", &grants, settings(port, carries), &manifest)
        .await
}

fn of(install: &Value, what: &str) -> String {
    format!("plugins/{}/{what}", install["id"].as_str().unwrap())
}

/// Has the channel carry otherwise from now on.
async fn carries(desk: &TestDesk, install: &Value, port: u16, how: &Value) {
    let wish = json!({ "settings": settings(port, how) });
    let path = of(install, "settings");
    assert_eq!(desk.call(Method::PUT, &path, Some(wish)).await.0, 204);
}

/// What the channel hears later of a message.
async fn report(desk: &TestDesk, number: u64, id: &str, state: &str, reason: &str) {
    let ticket = desk.get(&format!("tickets/{number}")).await["id"].clone();
    let calls = json!([["intake.set-delivery", ticket, id, state, { "reason": reason }]]);
    let url = format!("{}/t/acme/plugins/tests/teller/calls", desk.address);
    let asked = desk.client.post(url).bearer_auth(&desk.token).json(&calls);
    let answer = asked.send().await.unwrap().json::<Value>().await.unwrap();
    assert_eq!(answer, json!([{ "ok": null }]));
}

async fn jobs(desk: &TestDesk, install: &Value) -> Vec<Value> {
    let jobs = desk.get(&of(install, "jobs")).await;
    jobs["items"].as_array().unwrap().clone()
}

/// Whether a job of the plugin waits, for a reason with these words.
async fn waits_because(desk: &TestDesk, install: &Value, words: &str) -> bool {
    jobs(desk, install).await.iter().any(|job| {
        let reason = job["reason"].as_str().unwrap_or_default();
        job["state"] == "waiting" && reason.contains(words)
    })
}

/// Has jobs of other plugins take all the places that there are for calls, each of which waits for a server outside.
async fn crowd(desk: &TestDesk, busy: &Slow) {
    let port = busy.start().await;
    let schema = "[settings]\ntype = \"object\"\nproperties.deed = {}\nproperties.server = { type = \"string\" }\n";
    let grants = [
        "jobs",
        "tickets-write",
        "http:{settings.server}@127.0.0.1/32",
    ];
    let deed =
        json!({ "enqueue": { "deed": "fetch", "url": format!("http://localhost:{port}/tell") } });
    let settings = json!({ "deed": deed, "server": format!("localhost:{port}") });
    // Each of them does something for each of two tickets.
    for place in 0..PLACES / 2 {
        desk.guest_granted(&format!("busy-{place}"), &grants, settings.clone(), schema)
            .await;
    }
    desk.ticket("Scanner").await;
    desk.ticket("Screen").await;
    busy.told_times(PLACES).await;
}

/// Begins what is due, until something follows from it: what is held up meanwhile is not waited for.
async fn begin_due(desk: &TestDesk, follows: impl Future<Output = ()>) {
    tokio::select! {
        ended = Due::settled(&desk.desk) => panic!("nothing is held up any more: {ended:?}"),
        () = follows => {}
    }
}

/// Has the job of a message end without a word, until it is given up; how many attempts that took. From then on the server outside answers.
async fn give_up(desk: &TestDesk, install: &Value, outside: &Slow) -> usize {
    let attempts = usize::try_from(JOB_ATTEMPTS_MAX).unwrap();
    outside.told_times(1).await;
    // As far as anybody knows, whoever ran it is gone, each time.
    for attempt in 2..=attempts {
        desk.clock.advance_milliseconds(JOB_LEASE_MS);
        begin_due(desk, outside.told_times(attempt)).await;
    }
    desk.clock.advance_milliseconds(JOB_LEASE_MS);
    let is_dead = async || jobs(desk, install).await[0]["state"] == "dead";
    begin_due(desk, until("it is given up", is_dead)).await;
    outside.answer();
    desk.settle().await;
    attempts
}

on_both_databases! {
    async fn an_attempt_that_got_no_place_never_began_and_the_message_goes_out_once_with_nobody_asked(desk) {
        let (outside, busy) = (Slow::default(), Slow::default());
        outside.answer();
        let port = outside.start().await;
        let install = teller(&desk, port, &by("out", port), "on-unknown = \"ask\"").await;
        let number = desk.ticket("Printer").await;
        desk.settle().await;
        crowd(&desk, &busy).await;
        let id = say(&desk, number, "public", "One").await;
        until("it is put off", async || waits_because(&desk, &install, "too many plugins run just now").await).await;
        assert_eq!(delivery(&desk, number, &id).await, Value::Null, "as before: it was not begun");
        assert_eq!(outside.told().len(), 0);
        busy.answer();
        desk.settle().await;
        desk.pass_seconds(5).await;
        assert_eq!(delivery(&desk, number, &id).await["state"], "sent");
        let seen = outside.told();
        assert_eq!(seen.len(), 1, "{seen:?}");
        assert_eq!(seen[0][1..], ["One", "1", "false"], "the one before does not count");
        assert_eq!(told(&desk, number).await, ["sent"]);
    }

    async fn of_two_jobs_of_one_message_the_second_waits_for_the_end_of_the_first_and_has_the_same_key(desk) {
        let outside = Slow::default();
        let port = outside.start().await;
        let install = teller(&desk, port, &by("out", port), "").await;
        let number = desk.ticket("Printer").await;
        let id = say(&desk, number, "public", "One").await;
        outside.told_times(1).await;
        let (status, refused) = decide(&desk, number, &id, "send").await;
        assert!(status == 409 && refused["detail"].as_str().unwrap().contains("on its way"), "{refused}");
        // It came back, as far as the channel hears, while it is still being sent: there is something to decide.
        report(&desk, number, &id, "failed", "bounced").await;
        assert_eq!(decide(&desk, number, &id, "send").await.1["delivery"]["state"], "waiting");
        until("the second waits", async || waits_because(&desk, &install, "said before it").await).await;
        assert_eq!(outside.told().len(), 1, "not while the first runs");
        outside.answer();
        desk.settle().await;
        desk.pass_seconds(2).await;
        let seen = outside.told();
        assert_eq!(seen.len(), 2, "that the first was taken does not answer for the second: {seen:?}");
        assert_eq!(seen[0], seen[1], "the same message by the same key, an attempt of which nothing is unknown");
        assert_eq!(delivery(&desk, number, &id).await["state"], "sent");
        assert_eq!(told(&desk, number).await, ["failed", "waiting", "sent"]);
        assert_eq!(json!(jobs(&desk, &install).await), json!([]));
    }

    async fn that_nobody_knows_of_an_answer_is_kept_while_it_is_behind_another_one(desk) {
        let outside = Slow::default();
        let port = outside.start().await;
        let install = teller(&desk, port, &json!("give-up"), RESEND).await;
        let number = desk.ticket("Printer").await;
        let first = say(&desk, number, "public", "One").await;
        desk.settle().await;
        assert_eq!(delivery(&desk, number, &first).await["state"], "failed");
        let cut_off = by("out-and-unknown", port);
        carries(&desk, &install, port, &cut_off).await;
        let second = say(&desk, number, "public", "Two").await;
        outside.told_times(1).await;
        carries(&desk, &install, port, &json!({ "retry": 3_600 })).await;
        assert_eq!(decide(&desk, number, &first, "send").await.0, 200);
        until("the first waits", async || delivery(&desk, number, &first).await["reason"] == "later").await;
        outside.answer();
        desk.settle().await;
        assert_eq!(delivery(&desk, number, &second).await["state"], "sending", "nobody knows");
        desk.pass_seconds(5).await;
        assert!(waits_because(&desk, &install, "said before it").await);
        assert_eq!(delivery(&desk, number, &second).await["state"], "sending", "and not that it waits");
        carries(&desk, &install, port, &cut_off).await;
        desk.pass_seconds(3_600).await;
        desk.pass_seconds(60).await;
        let seen = outside.told();
        let seen: Vec<_> = seen.iter().map(|one| [&one[1], &one[2], &one[3]]).collect();
        assert_eq!(seen, [["Two", "1", "false"], ["One", "2", "false"], ["Two", "2", "true"]]);
        assert_eq!(told(&desk, number).await, ["failed", "waiting", "sent", "sent"]);
    }

    async fn where_the_reply_window_closes_on_what_nobody_knows_somebody_is_asked_and_no_other_channel_sends_it(desk) {
        let outside = Slow::default();
        outside.answer();
        let port = outside.start().await;
        let window = format!("{RESEND}\nwindow = {{ minutes = 60 }}");
        teller(&desk, port, &by("out-and-unknown", port), &window).await;
        let other = carrier(&desk, "other", &channel("other", ""), json!("well")).await;
        let number = desk.ticket("Printer").await;
        desk.pass_seconds(59 * 60).await;
        let id = say(&desk, number, "public", "One").await;
        desk.settle().await;
        assert_eq!(delivery(&desk, number, &id).await["state"], "sending", "nobody knows");
        desk.pass_seconds(60).await;
        let asked = delivery(&desk, number, &id).await;
        assert_eq!((&asked["state"], &asked["reason"], &asked["plugin"]), (&json!("unknown"), &json!("unknown"), &json!("tests/teller")));
        assert!(asked["detail"].as_str().unwrap().contains("may answer is over"), "{asked}");
        assert_eq!(outside.told().len(), 1);
        let runs = desk.get(&of(&other, "runs")).await;
        assert!(runs["items"].as_array().unwrap().iter().all(|run| run["point"] != "channel"), "{runs}");
    }

    async fn that_nobody_knows_of_an_attempt_is_told_to_each_one_after_it(desk) {
        let outside = Slow::default();
        let port = outside.start().await;
        let install = teller(&desk, port, &by("out-and-unknown", port), RESEND).await;
        let number = desk.ticket("Printer").await;
        let id = say(&desk, number, "public", "One").await;
        outside.told_times(1).await;
        carries(&desk, &install, port, &json!({ "retry": 100 })).await;
        outside.answer();
        desk.settle().await;
        for seconds in [5, 100] {
            desk.pass_seconds(seconds).await;
            assert!(waits_because(&desk, &install, "as told").await);
            assert_eq!(delivery(&desk, number, &id).await["state"], "sending", "and not that it waits");
        }
        carries(&desk, &install, port, &by("out", port)).await;
        desk.pass_seconds(100).await;
        let seen = outside.told();
        assert_eq!(seen.len(), 2, "{seen:?}");
        assert_eq!(seen[1][1..], ["One", "4", "true"]);
        assert_eq!(seen[0][0], seen[1][0]);
        assert_eq!(told(&desk, number).await, ["sent"]);
    }

    async fn what_is_reported_of_a_message_under_way_is_newer_than_that_it_was_taken_and_what_the_channel_wrote_is_kept(desk) {
        let outside = Slow::default();
        let port = outside.start().await;
        let install = teller(&desk, port, &by("out", port), RESEND).await;
        let number = desk.ticket("Printer").await;
        let id = say(&desk, number, "public", "One").await;
        outside.told_times(1).await;
        report(&desk, number, &id, "failed", "bounced").await;
        outside.answer();
        desk.settle().await;
        let reported = delivery(&desk, number, &id).await;
        assert_eq!((&reported["state"], &reported["reason"]), (&json!("failed"), &json!("bounced")));
        assert_eq!(json!(jobs(&desk, &install).await), json!([]), "the attempt has ended all the same");
        let install = InstallId(install["id"].as_str().unwrap().parse().unwrap());
        let key = RecordKey { install, collection: "counts".to_owned(), key: "carried".to_owned() };
        let (_, record) = desk.desk.store.tenant(desk.tenant.id).record(&key).await.unwrap();
        assert_eq!(record.unwrap().body, r#"{"count":1}"#);
        assert_eq!(told(&desk, number).await, ["failed"]);
        assert_eq!(outside.told().len(), 1);
    }

    async fn what_is_reported_of_a_message_under_way_is_newer_than_that_nobody_knows(desk) {
        let outside = Slow::default();
        let port = outside.start().await;
        let install = teller(&desk, port, &by("out-and-unknown", port), "on-unknown = \"ask\"").await;
        let number = desk.ticket("Printer").await;
        let id = say(&desk, number, "public", "One").await;
        outside.told_times(1).await;
        report(&desk, number, &id, "sent", "confirmed").await;
        outside.answer();
        desk.settle().await;
        assert_eq!(delivery(&desk, number, &id).await["reason"], "confirmed");
        // The attempt could not end; when its time is over, the next one finds that there is nothing to do.
        desk.pass_seconds(JOB_LEASE_MS / 1_000 + 1).await;
        let reported = delivery(&desk, number, &id).await;
        assert_eq!((&reported["state"], &reported["reason"]), (&json!("sent"), &json!("confirmed")));
        assert_eq!(told(&desk, number).await, ["sent"]);
        assert_eq!(outside.told().len(), 1);
        assert_eq!(json!(jobs(&desk, &install).await), json!([]));
    }

    async fn a_message_whose_job_was_given_up_goes_out_by_the_same_key_when_somebody_says_so_and_by_the_dead_job_no_more(desk) {
        let outside = Slow::default();
        let port = outside.start().await;
        let install = teller(&desk, port, &by("out", port), RESEND).await;
        let number = desk.ticket("Printer").await;
        let id = say(&desk, number, "public", "One").await;
        let attempts = give_up(&desk, &install, &outside).await;
        let given_up = delivery(&desk, number, &id).await;
        assert_eq!((&given_up["state"], &given_up["reason"]), (&json!("unknown"), &json!("given-up")), "whatever comes late");
        assert_eq!(outside.told().len(), attempts);
        assert_eq!(decide(&desk, number, &id, "send").await.1["delivery"]["state"], "waiting");
        desk.settle().await;
        let seen = outside.told();
        assert_eq!(seen.len(), attempts + 1);
        assert!(seen.iter().all(|one| one[..2] == seen[0][..2]), "one message and one key: {seen:?}");
        assert_eq!(seen[attempts][2..], ["1", "false"], "it is a new beginning");
        assert_eq!(delivery(&desk, number, &id).await["state"], "sent");
        assert_eq!(json!(jobs(&desk, &install).await), json!([]), "what was decided about is not the dead job's any more");
    }

    async fn what_a_folder_held_is_free_again_and_nothing_of_what_others_hold_or_what_is_suspected(desk) {
        let outside = Slow::default();
        let port = outside.start().await;
        let install = teller(&desk, port, &by("out", port), RESEND).await;
        let number = desk.ticket("Printer").await;
        let id = say(&desk, number, "public", "One").await;
        outside.told_times(1).await;
        let job = jobs(&desk, &install).await[0]["id"].as_str().unwrap().parse().unwrap();
        let held = std::fs::read_to_string(desk.desk.settings.place.data.join("holder")).unwrap();
        let (holder, stranger) = (held.parse().unwrap(), uuid::Uuid::from_u128(7));
        let store = &desk.desk.store;
        assert_eq!(store.release_jobs(stranger, &[]).await.unwrap(), 0);
        assert_eq!(store.release_jobs(holder, &[]).await.unwrap(), 1);
        begin_due(&desk, outside.told_times(2)).await;
        let seen = outside.told();
        assert_eq!((seen[1][2].as_str(), seen[1][3].as_str()), ("2", "true"), "of the one before nobody knows");
        let suspected = (desk.tenant.id, guichet_core::id::JobId(job));
        assert_eq!(store.release_jobs(holder, &[suspected]).await.unwrap(), 0);
        assert_eq!(store.release_jobs(holder, &[]).await.unwrap(), 0, "it waits for its lease, and no start frees it");
        outside.answer();
        desk.settle().await;
        assert_eq!(delivery(&desk, number, &id).await["state"], "sent");
    }

    async fn a_message_whose_job_was_given_up_goes_out_by_the_same_key_when_that_job_is_revived(desk) {
        let outside = Slow::default();
        let port = outside.start().await;
        let install = teller(&desk, port, &by("out", port), RESEND).await;
        let number = desk.ticket("Printer").await;
        let id = say(&desk, number, "public", "One").await;
        let attempts = give_up(&desk, &install, &outside).await;
        let dead = jobs(&desk, &install).await;
        let revival = format!("jobs/{}/revival", dead[0]["id"].as_str().unwrap());
        assert_eq!(desk.call(Method::DELETE, &of(&install, "enablement"), None).await.0, 204);
        assert_eq!(desk.call(Method::PUT, &revival, None).await.0, 409, "nobody would carry it");
        assert_eq!(desk.call(Method::PUT, &of(&install, "enablement"), None).await.0, 204);
        let both = futures::future::join(desk.call(Method::PUT, &revival, None), desk.call(Method::PUT, &revival, None)).await;
        let both = [both.0.0, both.1.0];
        assert!(both.contains(&204) && (both.contains(&404) || both.contains(&409)), "only once: {both:?}");
        desk.settle().await;
        let seen = outside.told();
        assert_eq!(seen.len(), attempts + 1);
        assert!(seen.iter().all(|one| one[..2] == seen[0][..2]), "one message and one key: {seen:?}");
        assert_eq!(delivery(&desk, number, &id).await["state"], "sent");
        assert_eq!(json!(jobs(&desk, &install).await), json!([]));
        assert_eq!(told(&desk, number).await.last().unwrap(), "sent");
    }

    async fn what_perhaps_went_out_is_asked_about_when_the_next_attempt_cannot_carry_it_and_no_other_channel_sends_it(desk) {
        let outside = Slow::default();
        outside.answer();
        let port = outside.start().await;
        let install = teller(&desk, port, &by("out-and-unknown", port), RESEND).await;
        let other = carrier(&desk, "other", &channel("other", ""), json!("well")).await;
        for (way, number) in [("unreachable", 1), ("give-up", 2)] {
            assert_eq!(desk.ticket("Printer").await, number);
            carries(&desk, &install, port, &by("out-and-unknown", port)).await;
            let id = say(&desk, number, "public", "One").await;
            desk.settle().await;
            assert_eq!(delivery(&desk, number, &id).await["state"], "sending", "nobody knows");
            carries(&desk, &install, port, &json!(way)).await;
            desk.pass_seconds(60).await;
            let asked = delivery(&desk, number, &id).await;
            assert_eq!((&asked["state"], &asked["plugin"]), (&json!("unknown"), &json!("tests/teller")), "{way}: {asked}");
        }
        assert_eq!(outside.told().len(), 2);
        let runs = desk.get(&of(&other, "runs")).await;
        assert!(runs["items"].as_array().unwrap().iter().all(|run| run["point"] != "channel"), "{runs}");
    }
}
