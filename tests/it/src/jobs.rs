//! Jobs, schedules, secrets, events of plugins' own, and loops.

use crate::desk::on_both_databases;
use guichet_core::changeset::RecordKey;
use reqwest::Method;
use serde_json::json;

on_both_databases! {
    async fn a_job_is_tried_again_with_the_same_key_and_its_effects_are_there_once(desk) {
        let install = desk.guest("later", json!({ "enqueue": { "deed": "twice" } })).await;
        let number = desk.ticket("Twice").await;
        desk.settle().await;
        assert_eq!(desk.notes(number).await, [""; 0]);
        let waiting = desk.get(&format!("plugins/{install}/jobs")).await;
        assert_eq!((&waiting["items"][0]["state"], &waiting["items"][0]["attempt"]), (&json!("waiting"), &json!(1)), "{waiting}");
        desk.pass_seconds(6).await;
        let notes = desk.notes(number).await;
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(notes[0].starts_with("twice at attempt 2 as "), "{notes:?}");
        let history = desk.history(number).await;
        let note = history.iter().find(|entry| entry["kind"] == "message.added").unwrap();
        assert_eq!((&note["cause"]["plugin"], &note["root"], &note["depth"]), (&json!("tests/later"), &history[0]["sequence"], &json!(2)));
        assert_eq!(desk.outcomes(install).await, ["ok", "plugin-error", "ok"]);
        assert_eq!(desk.get(&format!("plugins/{install}/jobs")).await["items"], json!([]));
    }

    async fn a_job_that_says_how_long_is_not_tried_before(desk) {
        let install = desk.guest("waits", json!({ "enqueue": { "deed": "retry" } })).await;
        desk.ticket("Wait").await;
        desk.settle().await;
        desk.pass_seconds(20).await;
        assert_eq!(desk.outcomes(install).await.len(), 2, "the event and the first attempt");
        desk.pass_seconds(20).await;
        assert_eq!(desk.outcomes(install).await.len(), 3);
    }

    async fn a_job_that_is_given_up_is_kept_and_done_again_when_an_admin_says_so(desk) {
        let install = desk.guest("gives-up", json!({ "enqueue": { "deed": "give-up" } })).await;
        desk.ticket("Never").await;
        desk.settle().await;
        let dead = desk.get(&format!("plugins/{install}/jobs")).await["items"][0].clone();
        assert_eq!((&dead["state"], dead["reason"].as_str().unwrap().contains("as told")), (&json!("dead"), true), "{dead}");
        desk.pass_seconds(7 * 86_400).await;
        assert_eq!(desk.outcomes(install).await.len(), 2);
        let revival = format!("jobs/{}/revival", dead["id"].as_str().unwrap());
        assert_eq!(desk.call(Method::PUT, &revival, None).await.0, 204);
        desk.settle().await;
        assert_eq!(desk.outcomes(install).await.len(), 3);
        assert_eq!(desk.call(Method::PUT, &format!("jobs/{}/revival", uuid::Uuid::nil()), None).await.0, 404);
    }

    async fn a_job_that_always_breaks_down_is_given_up_after_ten_attempts(desk) {
        let install = desk.guest("breaks", json!({ "enqueue": { "deed": "trap" } })).await;
        desk.ticket("Broken").await;
        desk.settle().await;
        for _ in 0..12 {
            desk.pass_seconds(6 * 3_600).await;
        }
        assert_eq!(desk.outcomes(install).await.len(), 11, "the event and ten attempts");
        assert_eq!(desk.get(&format!("plugins/{install}/jobs")).await["items"][0]["state"], "dead");
    }

    async fn a_second_job_of_a_key_moves_the_first_and_a_cancelled_one_never_runs(desk) {
        let install = desk.guest("timer", json!({ "enqueue": { "deed": "note", "key": "timer", "after-s": 100 } })).await;
        let first = desk.ticket("First").await;
        desk.settle().await;
        desk.pass_seconds(60).await;
        let second = desk.ticket("Second").await;
        desk.settle().await;
        desk.pass_seconds(60).await;
        assert_eq!((desk.notes(first).await.len(), desk.notes(second).await.len()), (0, 0), "the first was moved");
        desk.pass_seconds(60).await;
        assert_eq!((desk.notes(first).await.len(), desk.notes(second).await.len()), (0, 1));
        let third = desk.ticket("Third").await;
        desk.settle().await;
        desk.guest("timer", json!({ "cancel": "timer" })).await;
        let fourth = desk.ticket("Fourth").await;
        desk.settle().await;
        assert_eq!(desk.notes(fourth).await, ["cancelled: true"]);
        desk.pass_seconds(1_000).await;
        assert_eq!(desk.notes(third).await, [""; 0]);
        assert_eq!(desk.get(&format!("plugins/{install}/jobs")).await["items"], json!([]));
    }

    async fn a_schedule_runs_at_its_time_once_for_what_was_missed_and_ends_with_its_plugin(desk) {
        let schedule = "[[schedules]]\nname = \"hourly\"\ncron = \"0 * * * *\"\n";
        let install = desk.guest_with("clockwork", json!({ "deed": "log" }), schedule).await;
        desk.settle().await;
        let runs = || async {
            let key = RecordKey { install, collection: "counts".to_owned(), key: "hourly".to_owned() };
            let (_, record) = desk.desk.store.tenant(desk.tenant.id).record(&key).await.unwrap();
            record.map_or(0, |record| serde_json::from_str::<serde_json::Value>(&record.body).unwrap()["count"].as_u64().unwrap())
        };
        assert_eq!(runs().await, 0);
        desk.pass_seconds(3_600).await;
        assert_eq!(runs().await, 1);
        desk.pass_seconds(10 * 3_600).await;
        assert_eq!(runs().await, 2, "what was missed is not made up for");
        assert_eq!(desk.call(Method::DELETE, &format!("plugins/{install}/enablement"), None).await.0, 204);
        desk.pass_seconds(10 * 3_600).await;
        assert_eq!(runs().await, 2);
        assert_eq!(desk.get(&format!("plugins/{install}/jobs")).await["items"], json!([]));
    }

    async fn a_secret_is_sealed_and_told_to_nobody_but_its_plugin(desk) {
        let schema = "[settings]\ntype = \"object\"\n[settings.properties.token]\ntype = \"string\"\nsecret = true\n";
        let install = desk.guest_with("keeper", json!({ "deed": { "reveal": "token" }, "token": "hush-hush" }), schema).await;
        let number = desk.ticket("Secret").await;
        desk.settle().await;
        assert_eq!(desk.notes(number).await, ["hush-hush"]);
        let store = desk.desk.store.tenant(desk.tenant.id);
        let kept = store.install(install).await.unwrap().unwrap();
        assert_eq!(kept.settings, json!({ "deed": { "reveal": "token" } }));
        let sealed = store.secret(install, "token").await.unwrap().unwrap();
        assert!(!sealed.windows(4).any(|part| part == b"hush"));
        let log = store.events_after(0, 1_000).await.unwrap();
        let install_events: Vec<_> = log.iter().filter(|event| event.draft.kind.starts_with("install.")).collect();
        assert!(install_events.iter().all(|event| !event.draft.data.to_string().contains("hush")));
        // Another plugin that asks for a secret of the same name has none.
        let other = desk.guest_with("thief", json!({ "deed": { "reveal": "token" } }), schema).await;
        desk.ticket("Theft").await;
        desk.settle().await;
        assert_eq!(desk.outcomes(other).await[0], "plugin-error");
        // Upgraded without naming it, the secret stays.
        desk.guest_with("keeper", json!({ "deed": { "reveal": "token" } }), schema).await;
        let again = desk.ticket("Again").await;
        desk.settle().await;
        assert_eq!(desk.notes(again).await, ["hush-hush"]);
    }

    async fn what_becomes_a_secret_while_a_plugin_rests_is_sealed_when_it_is_enabled(desk) {
        let schema = |more: &str| format!("[settings]\ntype = \"object\"\nproperties.deed = {{}}\n[settings.properties.token]\ntype = \"string\"\n{more}");
        let settings = json!({ "deed": { "reveal": "token" }, "token": "hush-hush" });
        let install = desk.guest_with("keeper", settings, &schema("")).await;
        assert_eq!(desk.call(Method::DELETE, &format!("plugins/{install}/enablement"), None).await.0, 204);
        let offered = desk.upload(&desk.package("keeper", "0.2.0", &schema("secret = true\n"))).await;
        assert_eq!(offered["pending"]["version"], "0.2.0", "{offered}");
        let (status, upgraded) = desk.call(Method::POST, &format!("plugins/{install}/upgrade"), None).await;
        assert_eq!((status, &upgraded["version"]), (200, &json!("0.2.0")), "{upgraded}");
        let (status, answer) = desk.enable(&upgraded).await;
        assert_eq!(status, 204, "{answer}");
        let shown = desk.get(&format!("plugins/{install}")).await;
        assert_eq!((&shown["secrets_set"], &shown["settings"]), (&json!(["token"]), &json!({ "deed": { "reveal": "token" } })));
        let number = desk.ticket("Secret").await;
        desk.settle().await;
        assert_eq!(desk.notes(number).await, ["hush-hush"]);
    }

    async fn a_plugin_tells_events_of_its_own_and_asks_another_for_an_action_that_it_declares(desk) {
        desk.guest("teller", json!({ "emit": "lost" })).await;
        desk.guest("asker", json!({ "direct": ["tests/doer", "mark"] })).await;
        desk.guest_with("doer", json!({ "deed": "log" }), "[[actions]]\nname = \"mark\"\n").await;
        desk.guest_with("bystander", json!({ "deed": "log" }), "[[actions]]\nname = \"mark\"\n").await;
        let number = desk.ticket("Parcel").await;
        desk.settle().await;
        let history = desk.history(number).await;
        let kinds: Vec<_> = history.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["ticket.created", "tests/teller/lost", "plugin.action", "ticket.changed"]);
        assert_eq!((&history[1]["data"]["found"], &history[3]["cause"]["plugin"]), (&json!(true), &json!("tests/doer")));
        assert_eq!(desk.get(&format!("tickets/{number}")).await["tags"], json!(["asked"]));
    }

    async fn two_plugins_that_answer_each_other_are_stopped_and_the_log_tells_once(desk) {
        let listens = "[[events]]\nkind = \"message.added\"\n";
        desk.guest_with("ping", json!({ "deed": { "note": "ping" } }), listens).await;
        desk.guest_with("pong", json!({ "deed": { "note": "pong" } }), listens).await;
        let number = desk.ticket("Tennis").await;
        desk.settle().await;
        for _ in 0..4 {
            desk.pass_seconds(30).await;
        }
        let notes = desk.notes(number).await;
        assert_eq!(notes.len(), 32, "two at each of sixteen depths");
        let stopped = desk.events("loop.stopped").await;
        assert_eq!(stopped.len(), 1);
        let quiet = desk.ticket("Still at work").await;
        desk.settle().await;
        assert_eq!(desk.notes(quiet).await.len(), 32, "another chain is another chain");
    }

    async fn ten_plugins_that_answer_each_other_are_stopped_at_a_hundred_effects_a_ticket(desk) {
        let listens = "[[events]]\nkind = \"message.added\"\n";
        for number in 0..10 {
            desk.guest_with(&format!("player-{number}"), json!({ "deed": { "note": "again" } }), listens).await;
        }
        let number = desk.ticket("Round").await;
        desk.settle().await;
        for _ in 0..4 {
            desk.pass_seconds(30).await;
        }
        let notes = desk.notes(number).await.len();
        assert!((100..110).contains(&notes), "{notes}: the last turn ends the chain, not its middle");
        assert_eq!(desk.events("loop.stopped").await.len(), 1);
        let install = desk.get("plugins").await["items"][0].clone();
        assert_eq!((&install["state"], &install["paused"]), (&json!("enabled"), &json!(null)), "a loop is nobody's failure");
    }

    async fn two_plugins_that_answer_each_other_manifold_are_stopped_at_a_hundred_effects_a_ticket(desk) {
        let listens = "[[events]]\nkind = \"message.added\"\n";
        desk.guest_with("ping", json!({ "deed": { "notes": 4 } }), listens).await;
        desk.guest_with("pong", json!({ "deed": { "notes": 4 } }), listens).await;
        let number = desk.ticket("Avalanche").await;
        desk.settle().await;
        // On a machine that is busy, one may have been parked for being slow: it goes on when its time has come.
        for _ in 0..4 {
            desk.pass_seconds(30).await;
        }
        let notes = desk.notes(number).await.len();
        assert!((100..108).contains(&notes), "{notes}: the last answer ends the chain, not its middle");
        let stopped = desk.events("loop.stopped").await;
        assert_eq!(stopped.len(), 1);
    }

    async fn a_plugin_reads_of_people_and_of_the_log_what_it_was_granted(desk) {
        guichet::admin::create_group(&desk.desk, desk.tenant.id, "Network", &[desk.admin]).await.unwrap();
        desk.guest("looks", json!("look-around")).await;
        let number = desk.ticket("Look").await;
        desk.settle().await;
        let seen: serde_json::Value = serde_json::from_str(&desk.notes(number).await[0]).unwrap();
        assert_eq!(seen, json!({ "requester": "Ana", "identities": ["mailto:ana@trade.example"], "agents": ["Bo"], "groups": ["Network"], "events": ["ticket.created"] }));
    }

    async fn additions_to_a_record_are_not_lost_whoever_comes_first(desk) {
        let install = desk.guest("counts", json!("count")).await;
        for n in 0..20 {
            desk.ticket(&format!("{n}")).await;
        }
        desk.settle().await;
        let key = RecordKey { install, collection: "counts".to_owned(), key: "events".to_owned() };
        let (_, record) = desk.desk.store.tenant(desk.tenant.id).record(&key).await.unwrap();
        assert_eq!(record.unwrap().body, r#"{"count":20}"#);
    }

    async fn a_job_that_asks_for_itself_comes_for_ever_where_it_waits_a_second_and_ends_where_it_does_not(desk) {
        let route = "[[routes]]\npath = \"/\"\nmethods = [\"POST\"]\naccess = \"agent\"\nacts-as = \"plugin\"\n";
        let install = desk.guest_with("again", json!({ "deed": "rest" }), route).await;
        let begin = async |name: &str, after_s: u64| {
            let payload = json!({ "after_s": after_s }).to_string();
            let url = format!("{}/t/acme/plugins/tests/again/calls", desk.address);
            let calls = json!([["jobs.enqueue", name, payload]]);
            let asked = desk.client.post(url).bearer_auth(&desk.token).json(&calls).send().await.unwrap();
            assert!(asked.text().await.unwrap().contains("ok"));
            desk.settle().await;
        };
        let came = async |name: &str| {
            let key = RecordKey { install, collection: "counts".to_owned(), key: name.to_owned() };
            let (_, record) = desk.desk.store.tenant(desk.tenant.id).record(&key).await.unwrap();
            let body: serde_json::Value = serde_json::from_str(&record.unwrap().body).unwrap();
            body["count"].as_u64().unwrap()
        };
        begin("at-once", 0).await;
        assert_eq!(came("at-once").await, u64::from(guichet_core::limits::DEPTH_MAX), "it is given up where it goes round");
        begin("each-second", 1).await;
        for _ in 0..29 {
            desk.pass_seconds(1).await;
        }
        assert_eq!(came("each-second").await, 30);
    }
}
