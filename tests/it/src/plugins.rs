//! One event, ten plugins; failing, slow and hostile ones.

use crate::desk::on_both_databases;
use guichet::{admin::operator, plugins::lifecycle};
use reqwest::Method;
use serde_json::json;

on_both_databases! {
    async fn ten_plugins_that_each_write_cost_one_commit_keep_their_order_and_one_that_fails_harms_none(desk) {
        for n in 0..10 {
            let deed = if n == 4 { json!("trap") } else { json!({ "tag": format!("tag-{n}") }) };
            desk.guest(&format!("writer-{n}"), deed).await;
        }
        desk.settle().await;
        let before = desk.desk.store.deliveries();
        let number = desk.ticket("Ten at once").await;
        desk.settle().await;
        assert_eq!(desk.desk.store.deliveries() - before, 1, "one commit ends the delivery to all ten");
        let history = desk.history(number).await;
        let plugins: Vec<_> = history.iter().skip(1).map(|entry| entry["cause"]["plugin"].as_str().unwrap().to_owned()).collect();
        let wanted: Vec<_> = (0..10).filter(|n| *n != 4).map(|n| format!("tests/writer-{n}")).collect();
        assert_eq!(plugins, wanted);
        let sequences: Vec<_> = history.iter().map(|entry| entry["sequence"].as_u64().unwrap()).collect();
        assert!(sequences.windows(2).all(|pair| pair[1] == pair[0] + 1), "{sequences:?}");
    }

    async fn each_hostile_guest_ends_in_a_typed_outcome_and_the_desk_is_unharmed(desk) {
        let good = desk.guest("good", json!({ "tag": "good" })).await;
        let mut hostile = Vec::new();
        for (name, deed, outcome) in [
            ("loop", json!("loop"), "cpu"),
            ("memory", json!("memory"), "memory"),
            ("recursion", json!("recursion"), "trap"),
            ("trap", json!("trap"), "trap"),
            ("fail", json!("fail"), "plugin-error"),
            ("effects", json!({ "effects": 51 }), "limit"),
            ("calls", json!({ "calls": 501 }), "limit"),
            ("log", json!("log"), "ok"),
        ] {
            hostile.push((desk.guest(name, deed).await, name, outcome));
        }
        let number = desk.ticket("Under fire").await;
        desk.settle().await;
        for (install, name, outcome) in hostile {
            assert_eq!(desk.outcomes(install).await[0], outcome, "{name}");
        }
        assert_eq!(desk.outcomes(good).await[0], "ok");
        assert_eq!(desk.get(&format!("tickets/{number}")).await["tags"], json!(["good"]));
    }

    async fn fifty_effects_and_five_hundred_calls_are_allowed(desk) {
        // One call of the host goes to the settings, and each effect takes two.
        let effects = desk.guest("effects", json!({ "effects": 50 })).await;
        let calls = desk.guest("calls", json!({ "calls": 499 })).await;
        desk.ticket("At the edge").await;
        desk.settle().await;
        assert_eq!((desk.outcomes(effects).await[0].as_str(), desk.outcomes(calls).await[0].as_str()), ("ok", "ok"));
    }

    async fn a_reason_too_deep_to_be_read_back_is_kept_as_text_and_the_desk_goes_on(desk) {
        for levels in [32, 33, 127, 1_000] {
            desk.guest("deep", json!({ "deep": levels })).await;
            let number = desk.ticket(&format!("{levels} levels")).await;
            desk.settle().await;
            let history = desk.history(number).await;
            let detail = &history[1]["because"]["detail"];
            assert_eq!(detail.is_array(), levels == 32, "{levels}: {detail}");
        }
    }

    async fn tickets_are_found_by_a_plugins_indexed_field_those_of_before_it_was_declared_too(desk) {
        let listens = "[[events]]\nkind = \"ticket.changed\"\n";
        let deed = |value: &str| json!({ "deed": { "field": ["tests/parcels/status", value] } });
        desk.guest_with("parcels", deed("lost"), listens).await;
        let before = desk.ticket("Parcel lost").await;
        desk.settle().await;
        let find = async |value: &str| {
            let page = desk.get(&format!("tickets?field=tests/parcels/status&value={value}")).await;
            page["items"].as_array().unwrap().iter().map(|ticket| ticket["number"].as_u64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(find("lost").await, [0_u64; 0], "not declared, not indexed");
        let declared = format!("{listens}[[fields]]\nname = \"status\"\nindexed = true\n");
        desk.guest_with("parcels", deed("found"), &declared).await;
        assert_eq!(find("lost").await, [before]);
        let after = desk.ticket("Parcel found").await;
        desk.settle().await;
        assert_eq!((find("lost").await, find("found").await), (vec![before], vec![after]));
        desk.call(Method::PUT, &format!("tickets/{before}/tags"), Some(json!({ "tags": ["again"] }))).await;
        desk.settle().await;
        assert_eq!((find("lost").await, find("found").await), (vec![], vec![after, before]));
        assert_eq!(desk.get(&format!("tickets/{before}")).await["fields"]["tests/parcels/status"], "found");
        assert_eq!(desk.call(Method::GET, "tickets?field=tests/parcels/status", None).await.0, 400);
    }

    async fn a_component_that_imports_what_its_manifest_does_not_declare_is_refused(desk) {
        let folder = crate::place::root().join("target/plugins/hostile");
        let manifest = std::fs::read_to_string(folder.join("plugin.toml")).unwrap();
        let start = manifest.find("[[permissions]]").unwrap();
        let end = manifest.find("[[events]]").unwrap();
        let silent = format!("{}{}", &manifest[..start], &manifest[end..]);
        let component = std::fs::read(folder.join("dist/plugin.wasm")).unwrap();
        let refusal = lifecycle::install(&desk.desk, &operator(&desk.desk, desk.tenant.id).await.unwrap(), &silent, &component, json!({})).await.unwrap_err();
        assert!(refusal.to_string().contains("imports customers-read, which plugin.toml does not declare"), "{refusal}");
        let refusal = lifecycle::install(&desk.desk, &operator(&desk.desk, desk.tenant.id).await.unwrap(), &manifest, b"no component", json!({})).await.unwrap_err();
        assert!(refusal.to_string().contains("no WebAssembly component"), "{refusal}");
    }

    async fn a_failing_delivery_is_tried_again_and_given_up_and_what_came_after_it_is_not_lost(desk) {
        let install = desk.guest("fails", json!("fail")).await;
        let number = desk.ticket("First").await;
        desk.settle().await;
        assert_eq!(desk.outcomes(install).await.len(), 1);
        assert_eq!(desk.get("dead-letters").await["items"], json!([]));
        for _ in 0..4 {
            desk.pass_seconds(30).await;
        }
        assert_eq!(desk.outcomes(install).await.len(), 4, "the first try and three more");
        let dead = desk.get("dead-letters").await;
        assert_eq!((&dead["items"][0]["ticket_number"], &dead["items"][0]["plugin"]), (&json!(number), &json!("tests/fails")), "{dead}");
        assert!(dead["items"][0]["reason"].as_str().unwrap().contains("as told"));
        desk.pass_seconds(3_600).await;
        assert_eq!(desk.outcomes(install).await.len(), 4, "a dead letter is not tried again by itself");
    }

    async fn a_plugin_that_is_mended_while_parked_goes_on_where_it_stood(desk) {
        let install = desk.guest("mended", json!("fail")).await;
        let number = desk.ticket("Patience").await;
        desk.settle().await;
        desk.guest("mended", json!({ "tag": "at-last" })).await;
        desk.pass_seconds(30).await;
        assert_eq!(desk.outcomes(install).await, ["ok", "plugin-error"]);
        assert_eq!(desk.get(&format!("tickets/{number}")).await["tags"], json!(["at-last"]));
        assert_eq!(desk.desk.store.tenant(desk.tenant.id).parked().await.unwrap(), []);
    }

    async fn a_disabled_plugin_sees_nothing_and_one_enabled_again_sees_what_comes_from_then_on(desk) {
        let install = desk.guest("switch", json!({ "tag": "seen" })).await;
        let path = format!("plugins/{install}/enablement");
        assert_eq!(desk.call(Method::DELETE, &path, None).await.0, 204);
        let unseen = desk.ticket("While disabled").await;
        desk.settle().await;
        assert_eq!(desk.call(Method::PUT, &path, None).await.0, 204);
        let seen = desk.ticket("While enabled").await;
        desk.settle().await;
        assert_eq!(desk.get(&format!("tickets/{unseen}")).await["tags"], json!([]));
        assert_eq!(desk.get(&format!("tickets/{seen}")).await["tags"], json!(["seen"]));
    }
}
