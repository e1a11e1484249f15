//! Packages: taken in, consented to, enabled, upgraded, rolled back, removed, while events flow.

use crate::{
    desk::{TestDesk, on_both_databases},
    package::package_of,
};
use guichet_package::{Package, PublisherKey};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const COUNTS: [&str; 2] = ["records", "tickets-write"];

async fn show(desk: &TestDesk, install: &Value) -> Value {
    desk.get(&format!("plugins/{}", install["id"].as_str().unwrap()))
        .await
}

async fn post(desk: &TestDesk, install: &Value, step: &str) -> (u16, Value) {
    let path = format!("plugins/{}/{step}", install["id"].as_str().unwrap());
    desk.call(Method::POST, &path, None).await
}

/// The guest's package with one permission that is asked for as required.
pub(crate) fn requiring(name: &str, version: &str, permission: &str) -> Package {
    let optional = package_of("tests", name, version, "");
    let text = optional.manifest_text().replace(
        &format!("optional = true\nname = \"{permission}\""),
        &format!("name = \"{permission}\""),
    );
    assert_ne!(text, optional.manifest_text());
    let component =
        std::fs::read(crate::place::root().join("target/plugins/hostile/dist/plugin.wasm"))
            .unwrap();
    Package::build(&text, &component, guichet_package::tar::Files::new()).unwrap()
}

fn exported(text: &str) -> Vec<(String, Value)> {
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|record| {
            (
                record["collection"].as_str().unwrap().to_owned(),
                record["body"].clone(),
            )
        })
        .collect()
}

on_both_databases! {
    async fn what_was_taken_in_waits_for_a_consent_to_exactly_what_was_shown(desk) {
        let shown = desk.upload(&requiring("new", "0.1.0", "tickets-write")).await;
        assert_eq!((&shown["state"], &shown["source"]["kind"]), (&json!("staged"), &json!("upload")));
        assert!(shown["permissions"].as_array().unwrap().iter().any(|asked| asked["name"] == "tickets-write" && asked["optional"] == false && asked["reason"]["en"].is_string()));
        let (status, answer) = desk.enable(&shown).await;
        assert_eq!(status, 409, "{answer}");
        assert!(answer["detail"].as_str().unwrap().contains("waits for consent"), "{answer}");
        let (status, answer) = desk.consent(&shown, &["records"], json!({ "deed": "rest" })).await;
        assert_eq!(status, 422, "{answer}");
        assert!(answer["detail"].as_str().unwrap().contains("does not run without tickets-write"), "{answer}");
        let (status, answer) = desk.consent(&shown, &["tickets-write", "tickets-rule"], json!({})).await;
        assert!(status == 422 && answer["detail"].as_str().unwrap().contains("does not ask for `tickets-rule`"), "{answer}");
        let mut other = shown.clone();
        other["digest"] = json!("0".repeat(64));
        let (status, answer) = desk.consent(&other, &["tickets-write"], json!({})).await;
        assert!(status == 409 && answer["detail"].as_str().unwrap().contains("look at it again"), "{answer}");
        let (status, install) = desk.consent(&shown, &["tickets-write"], json!({ "deed": { "tag": "yes" } })).await;
        assert_eq!((status, &install["state"]), (200, &json!("disabled")));
        assert_eq!(desk.enable(&install).await.0, 204);
        let number = desk.ticket("Tagged").await;
        desk.settle().await;
        assert_eq!(desk.get(&format!("tickets/{number}")).await["tags"], json!(["yes"]));
    }

    async fn an_upgrade_with_new_optional_permissions_runs_without_them_and_with_new_required_ones_waits(desk) {
        let deed = json!({ "deed": { "tag": "seen" } });
        let install = desk.guest_granted("grows", &["tickets-write"], deed.clone(), "").await;
        // The same asked as optional: it runs at once, and does not have it.
        let offered = desk.upload(&desk.package("grows", "0.2.0", "")).await;
        assert_eq!((&offered["version"], &offered["pending"]["version"]), (&json!("0.1.0"), &json!("0.2.0")));
        let (status, upgraded) = post(&desk, &install, "upgrade").await;
        assert_eq!((status, &upgraded["version"], &upgraded["pending"]), (200, &json!("0.2.0"), &Value::Null));
        assert!(upgraded["permissions"].as_array().unwrap().iter().any(|asked| asked["name"] == "records" && asked["granted"] == false));
        // Required: the old version runs on, and the admin sees what is new.
        let offered = desk.upload(&requiring("grows", "0.3.0", "records")).await;
        assert_eq!(offered["pending"]["new_required"], json!(["records"]));
        let (status, waits) = post(&desk, &install, "upgrade").await;
        assert_eq!((status, &waits["version"], &waits["state"]), (200, &json!("0.2.0"), &json!("enabled")));
        let number = desk.ticket("Meanwhile").await;
        desk.settle().await;
        assert_eq!(desk.get(&format!("tickets/{number}")).await["tags"], json!(["seen"]), "no event is lost");
        let (status, answer) = desk.consent(&waits, &["tickets-write"], deed.clone()).await;
        assert_eq!(status, 422, "{answer}");
        let (status, runs) = desk.consent(&waits, &["tickets-write", "records"], deed).await;
        assert_eq!((status, &runs["version"], &runs["state"]), (200, &json!("0.3.0"), &json!("enabled")));
        let versions = show(&desk, &install).await["versions"].clone();
        let states: Vec<_> = versions.as_array().unwrap().iter().map(|version| (version["version"].as_str().unwrap().to_owned(), version["state"].as_str().unwrap().to_owned())).collect();
        let wanted = [("0.3.0", "current"), ("0.2.0", "previous"), ("0.1.0", "previous")].map(|(version, state)| (version.to_owned(), state.to_owned()));
        assert_eq!(states, wanted);
    }

    async fn rolled_back_the_version_before_runs_with_its_grants_and_its_records_and_what_was_written_since_is_exported(desk) {
        let deed = json!({ "deed": "count" });
        let install = desk.guest_granted("counts", &COUNTS, deed.clone(), "").await;
        desk.ticket("One").await;
        desk.settle().await;
        let next = desk.package("counts", "0.2.0", "").manifest_text().replace("name = \"counts\"", "name = \"counts\"\nversion = 2");
        let component = std::fs::read(crate::place::root().join("target/plugins/hostile/dist/plugin.wasm")).unwrap();
        let offered = desk.upload(&Package::build(&next, &component, guichet_package::tar::Files::new()).unwrap()).await;
        let (status, upgraded) = desk.consent(&offered, &["records"], deed).await;
        assert_eq!((status, &upgraded["version"]), (200, &json!("0.2.0")), "{upgraded}");
        for subject in ["Two", "Three"] {
            desk.ticket(subject).await;
        }
        desk.settle().await;
        let (status, back) = post(&desk, &install, "rollback").await;
        assert_eq!((status, &back["version"], &back["state"]), (200, &json!("0.1.0"), &json!("enabled")), "{back}");
        assert!(back["permissions"].as_array().unwrap().iter().any(|asked| asked["name"] == "tickets-write" && asked["granted"] == true), "with its grants");
        desk.ticket("Four").await;
        desk.settle().await;
        let path = format!("plugins/{}/export", install["id"].as_str().unwrap());
        let text = desk.request(Method::GET, &path).send().await.unwrap().text().await.unwrap();
        // One before and one after; the newer form went on from its copy, which its job `migrate` brought into its form.
        let wanted = [("counts", 2), ("counts@2", 3), ("counts@2", 1)].map(|(collection, count)| (collection.to_owned(), json!({ "count": count })));
        assert_eq!(exported(&text), wanted);
        let (status, answer) = post(&desk, &install, "rollback").await;
        assert!(status == 409 && answer["detail"].as_str().unwrap().contains("no version of tests/counts was here before"), "{answer}");
    }

    async fn uninstalled_it_is_gone_at_once_its_data_is_exported_and_comes_back_with_it_and_goes_after_thirty_days(desk) {
        let install = desk.guest_granted("leaves", &COUNTS, json!({ "deed": "count" }), "").await;
        desk.ticket("One").await;
        desk.settle().await;
        let path = format!("plugins/{}", install["id"].as_str().unwrap());
        assert_eq!(desk.call(Method::DELETE, &path, None).await.0, 204);
        assert_eq!(desk.call(Method::GET, &path, None).await.0, 404);
        assert_eq!(desk.get("plugins").await["items"], json!([]));
        desk.ticket("Unseen").await;
        desk.settle().await;
        let export = format!("{path}/export");
        let text = desk.request(Method::GET, &export).send().await.unwrap().text().await.unwrap();
        assert_eq!(exported(&text), [("counts".to_owned(), json!({ "count": 1 }))]);
        let again = desk.guest_granted("leaves", &COUNTS, json!({ "deed": "count" }), "").await;
        assert_eq!(again["id"], install["id"], "the same install, with its data");
        desk.ticket("Two").await;
        desk.settle().await;
        let text = desk.request(Method::GET, &export).send().await.unwrap().text().await.unwrap();
        assert_eq!(exported(&text), [("counts".to_owned(), json!({ "count": 2 }))]);
        assert_eq!(desk.call(Method::DELETE, &path, None).await.0, 204);
        desk.pass_seconds(31 * 86_400).await;
        // It is deleted by itself, by the loop that looks once a day.
        let is_gone = async {
            while desk.call(Method::GET, &export, None).await.0 != 404 {
                desk.settle().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(60), is_gone).await.expect("its data is deleted");
    }

    async fn a_package_that_is_not_what_it_says_is_refused_with_its_reason_and_nothing_of_it_stays(desk) {
        let mut package = desk.package("bad", "0.2.0", "");
        package.sign(&PublisherKey::from_random([7; 32]));
        let whole = package.write_tar().unwrap();
        let find = |needle: &[u8]| whole.windows(needle.len()).position(|window| window == needle).unwrap();
        let altered = |at: usize| {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            bytes
        };
        let layer = find(b"\0asm") + 2_000;
        let manifest = find(b"Does what it is told");
        let mut cut = whole.clone();
        cut.truncate(whole.len() / 2);
        let huge = vec![0; guichet::limits::PACKAGE_BYTES_MAX + 1];
        for (what, bytes, status, reason) in [
            ("an altered layer", altered(layer), 422, "altered"),
            ("an altered manifest", altered(manifest), 422, "altered"),
            ("a part of it", cut, 422, ""),
            ("no tar", b"nothing of the kind".to_vec(), 422, ""),
            ("too much", huge, 413, ""),
        ] {
            let (answered, answer) = desk.upload_bytes(bytes).await;
            assert_eq!(answered, status, "{what}: {answer}");
            assert!(answer["detail"].as_str().is_some_and(|detail| !detail.is_empty() && detail.contains(reason)), "{what}: {answer}");
        }
        assert_eq!(desk.get("plugins").await["items"], json!([]));
        // Whom nobody knows is taken on the admin's word only.
        let refused = desk.request(Method::POST, "plugins/packages").body(whole.clone()).send().await.unwrap();
        assert_eq!(refused.status(), 422);
        let answer: Value = refused.json().await.unwrap();
        assert!(answer["detail"].as_str().unwrap().contains("no marketplace here knows the publisher `tests`"), "{answer}");
        assert_eq!(desk.upload_bytes(whole).await.0, 201);
        let (status, answer) = desk.upload_bytes(desk.package("bad", "0.1.0", "").write_tar().unwrap()).await;
        assert_eq!(status, 201, "nobody has consented to the newer one yet: {answer}");
        let older = desk.guest_granted("bad", &[], json!({ "deed": "rest" }), "").await;
        assert_eq!(older["version"], "0.1.0");
        let (status, answer) = desk.upload_bytes(desk.package("bad", "0.0.9", "").write_tar().unwrap()).await;
        assert!(status == 409 && answer["detail"].as_str().unwrap().contains("below the version 0.1.0"), "a downgrade: {answer}");
    }

    async fn a_package_of_a_gibibyte_is_refused_before_it_is_sent(desk) {
        let address = desk.address.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST /t/acme/api/v1/plugins/packages HTTP/1.1\r\nhost: desk\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n\r\n",
            desk.token,
            1_u64 << 30,
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4096];
        let read = stream.read(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer[..read]);
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    }

    async fn a_dead_letter_is_replayed_when_its_plugin_is_mended(desk) {
        let install = desk.guest_granted("mended", &["tickets-write"], json!({ "deed": "fail" }), "").await;
        let number = desk.ticket("Patience").await;
        desk.settle().await;
        for _ in 0..4 {
            desk.pass_seconds(30).await;
        }
        let letter = desk.get("dead-letters").await["items"][0].clone();
        let replay = format!("dead-letters/{}/{}/replay", letter["install"].as_str().unwrap(), letter["sequence"]);
        let (status, answer) = desk.call(Method::POST, &replay, None).await;
        assert_eq!((status, &answer["outcome"]), (200, &json!("plugin-error")), "{answer}");
        assert_eq!(desk.get("dead-letters").await["items"].as_array().unwrap().len(), 1, "it stays until it is done");
        let path = format!("plugins/{}/settings", install["id"].as_str().unwrap());
        assert_eq!(desk.call(Method::PUT, &path, Some(json!({ "settings": { "deed": { "tag": "at-last" } } }))).await.0, 204);
        let (status, answer) = desk.call(Method::POST, &replay, None).await;
        assert_eq!((status, &answer["outcome"]), (200, &json!("ok")), "{answer}");
        assert_eq!(desk.get(&format!("tickets/{number}")).await["tags"], json!(["at-last"]));
        assert_eq!(desk.get("dead-letters").await["items"], json!([]));
        assert_eq!(desk.call(Method::POST, &replay, None).await.0, 404, "once");
    }

    async fn tokens_are_made_shown_once_and_revoked(desk) {
        let (status, made) = desk.call(Method::POST, "tokens", Some(json!({ "name": "sync", "scopes": ["api"] }))).await;
        assert_eq!(status, 201, "{made}");
        let token = made["token"].as_str().unwrap();
        assert_eq!(desk.call_as(token, Method::GET, "tickets", None).await.0, 200);
        let listed = desk.get("tokens").await;
        assert!(!listed.to_string().contains(token), "only its hash is kept");
        assert!(listed["items"].as_array().unwrap().iter().any(|item| item["id"] == made["id"] && item["name"] == "sync"));
        assert_eq!(desk.call(Method::DELETE, &format!("tokens/{}", made["id"].as_str().unwrap()), None).await.0, 204);
        assert_eq!(desk.call_as(token, Method::GET, "tickets", None).await.0, 401);
        for (wish, reason) in [
            (json!({ "name": "", "scopes": ["api"] }), "name"),
            (json!({ "name": "x", "scopes": [] }), "opens nothing"),
            (json!({ "name": "x", "scopes": ["all"] }), "no scope `all`"),
            (json!({ "name": "x", "scopes": ["api"], "expires_at": "2001-01-01T00:00:00Z" }), "a time to come"),
        ] {
            let (status, answer) = desk.call(Method::POST, "tokens", Some(wish)).await;
            assert!(status == 422 && answer["detail"].as_str().unwrap().contains(reason), "{answer}");
        }
    }
}
