//! Records by what they are found, and those that plugins read of each other.

use crate::{
    desk::{TestDesk, on_both_databases},
    host_calls::caller::Caller,
};
use reqwest::Method;
use serde_json::{Value, json};

const OPEN: &str =
    "[[routes]]\npath = \"/\"\nmethods = [\"POST\"]\naccess = \"agent\"\nacts-as = \"plugin\"\n";

/// A collection `found` with these indexes, and more of it.
fn found(indexes: &[&str], more: &str) -> String {
    format!("{OPEN}[[collections]]\nname = \"found\"\nindexes = {indexes:?}\n{more}")
}

async fn keeper(desk: &TestDesk, name: &str, manifest: &str) -> Value {
    let settings = json!({ "deed": "rest" });
    desk.guest_granted(name, &["records"], settings, manifest)
        .await
}

/// Another version of a guest, which the admin consents to.
async fn upgrade(desk: &TestDesk, name: &str, version: &str, manifest: &str) -> Value {
    let offered = desk.upload(&desk.package(name, version, manifest)).await;
    let settings = json!({ "deed": "rest" });
    let (status, install) = desk.consent(&offered, &["records"], settings).await;
    assert_eq!(status, 200, "{install}");
    install
}

async fn put(caller: &Caller<'_>, key: &str, body: &Value) {
    let arguments = json!(["found", key, body.to_string(), null]);
    caller.made("records.put", arguments).await;
}

/// Writes many documents, in invocations of fifty.
async fn put_many(caller: &Caller<'_>, count: usize, body: impl Fn(usize) -> Value) {
    let all: Vec<_> = (0..count)
        .map(|number| {
            let body = body(number).to_string();
            json!(["records.put", "found", format!("k{number:04}"), body, null])
        })
        .collect();
    for calls in all.chunks(50) {
        let told = caller.calls(&json!(calls)).await;
        assert!(told.iter().all(|one| one.get("ok").is_some()), "{told:?}");
    }
}

fn keys(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["key"].as_str().unwrap()).collect()
}

/// The keys of a whole range, page by page, and how many pages there were.
async fn walk(caller: &Caller<'_>, range: &Value) -> (Vec<String>, usize) {
    let (mut all, mut pages, mut range) = (Vec::new(), 0, range.clone());
    loop {
        let page = caller.made("records.query", json!(["found", range])).await;
        all.extend(keys(&page).into_iter().map(str::to_owned));
        pages += 1;
        match page["next"].as_str() {
            Some(next) => range["cursor"] = json!(next),
            None => return (all, pages),
        }
    }
}

async fn found_keys(caller: &Caller<'_>, range: Value) -> Vec<String> {
    walk(caller, &range).await.0
}

on_both_databases! {
    async fn records_are_found_by_texts_numbers_booleans_and_elements_of_lists_in_the_order_of_values(desk) {
        keeper(&desk, "keeps", &found(&["/group", "/n", "/open", "/tags"], "")).await;
        let caller = Caller::of(&desk, "keeps", &desk.token);
        for (key, body) in [
            ("a", json!({ "group": "net", "n": 10, "open": true, "tags": ["red", "blue"] })),
            ("b", json!({ "group": "desk", "n": -2.5, "open": false, "tags": [] })),
            ("c", json!({ "group": "net", "n": 9, "open": true, "tags": ["red"] })),
            ("d", json!({ "group": "Netz", "n": "9", "open": null })),
            ("e", json!({ "group": "网络" })),
        ] {
            put(&caller, key, &body).await;
        }
        let by = |range: Value| found_keys(&caller, range);
        assert_eq!(by(json!({ "index": "/group", "equal": "net" })).await, ["a", "c"]);
        assert_eq!(by(json!({ "index": "/group", "equal": "网络" })).await, ["e"]);
        assert_eq!(by(json!({ "index": "/group" })).await, ["d", "b", "a", "c", "e"], "texts go by their bytes");
        assert_eq!(by(json!({ "index": "/group", "from": "desk", "to": "net" })).await, ["b"], "the end is not included");
        assert_eq!(by(json!({ "index": "/group", "from": "net", "descending": true })).await, ["e", "c", "a"]);
        assert_eq!(by(json!({ "index": "/n" })).await, ["b", "c", "a", "d"], "numbers go by their size, and before texts");
        assert_eq!(by(json!({ "index": "/n", "equal": 9.0 })).await, ["c"]);
        assert_eq!(by(json!({ "index": "/n", "from": -3, "to": 9 })).await, ["b"]);
        assert_eq!(by(json!({ "index": "/open", "equal": true })).await, ["a", "c"]);
        assert_eq!(by(json!({ "index": "/tags", "equal": "red" })).await, ["a", "c"]);
        assert_eq!(by(json!({ "index": "/tags" })).await, ["a", "a", "c"], "once for each element");
        assert_eq!(by(json!({})).await, ["a", "b", "c", "d", "e"]);
        assert_eq!(by(json!({ "from": "b", "to": "d" })).await, ["b", "c"]);
        assert_eq!(by(json!({ "equal": "c" })).await, ["c"]);
        assert_eq!(by(json!({ "descending": true, "limit": 2 })).await, ["e", "d", "c", "b", "a"]);
        let page = caller.made("records.query", json!(["found", { "index": "/n", "equal": 10 }])).await;
        let body: Value = serde_json::from_str(page["items"][0]["body"].as_str().unwrap()).unwrap();
        assert_eq!((&page["items"][0]["version"], &body["group"]), (&json!(1), &json!("net")), "whole documents are answered");
    }

    async fn what_changes_is_found_anew_and_what_is_deleted_is_not_found(desk) {
        keeper(&desk, "keeps", &found(&["/group", "/n"], "")).await;
        let caller = Caller::of(&desk, "keeps", &desk.token);
        put(&caller, "a", &json!({ "group": "net", "n": 1 })).await;
        put(&caller, "a", &json!({ "group": "desk", "n": 1 })).await;
        let by = |range: Value| found_keys(&caller, range);
        assert_eq!(by(json!({ "index": "/group", "equal": "net" })).await, [""; 0]);
        assert_eq!(by(json!({ "index": "/group", "equal": "desk" })).await, ["a"]);
        caller.made("records.add", json!(["found", "a", "/n"])).await;
        assert_eq!(by(json!({ "index": "/n", "equal": 2 })).await, ["a"], "an addition is found, too");
        caller.made("records.delete", json!(["found", "a"])).await;
        assert_eq!(by(json!({ "index": "/group" })).await, [""; 0]);
        assert_eq!(desk.rows_of("record_entries").await, 0, "nothing of it stays");
        put(&caller, "a", &json!({ "group": "desk" })).await;
        assert_eq!(by(json!({ "index": "/group" })).await, ["a"]);
        // In one invocation: written twice, deleted, written again; a range does not see it before the commit.
        let told = caller.calls(&json!([
            ["records.put", "found", "b", "{\"group\":\"one\"}", null],
            ["records.put", "found", "b", "{\"group\":\"two\"}", null],
            ["records.delete", "found", "a"],
            ["records.put", "found", "a", "{\"group\":\"three\"}", null],
            ["records.query", "found", { "index": "/group" }],
        ])).await;
        assert_eq!(keys(&told[4]["ok"]), ["a"], "what is committed: {told:?}");
        assert_eq!(by(json!({ "index": "/group" })).await, ["a", "b"], "three comes before two");
        assert_eq!(desk.rows_of("record_entries").await, 2);
    }

    async fn a_range_is_gone_through_page_by_page_forwards_and_backwards_and_a_page_ends_at_a_mebibyte(desk) {
        keeper(&desk, "keeps", &found(&["/n"], "")).await;
        let caller = Caller::of(&desk, "keeps", &desk.token);
        put_many(&caller, 250, |number| json!({ "n": number / 10 })).await;
        let wanted: Vec<_> = (0..250).map(|number| format!("k{number:04}")).collect();
        let backwards: Vec<_> = wanted.iter().rev().cloned().collect();
        assert_eq!(walk(&caller, &json!({ "index": "/n", "limit": 40 })).await, (wanted.clone(), 7));
        assert_eq!(walk(&caller, &json!({ "index": "/n", "limit": 40, "descending": true })).await, (backwards.clone(), 7));
        assert_eq!(walk(&caller, &json!({ "limit": 125 })).await, (wanted.clone(), 2), "the second page is known to be the last");
        assert_eq!(walk(&caller, &json!({ "limit": 1_000 })).await, (wanted.clone(), 2), "of 200 at most");
        assert_eq!(walk(&caller, &json!({ "descending": true, "limit": 0 })).await.0, backwards, "at least one comes");
        // Of those that are gone, many are stepped over at a time.
        for calls in (10..240).map(|number| json!(["records.delete", "found", format!("k{number:04}")])).collect::<Vec<_>>().chunks(50) {
            caller.calls(&json!(calls)).await;
        }
        let left: Vec<_> = wanted.iter().enumerate().filter(|(number, _)| !(10..240).contains(number)).map(|(_, key)| key.clone()).collect();
        let (found, pages) = walk(&caller, &json!({ "limit": 10 })).await;
        assert_eq!(found, left);
        assert!(pages <= 4, "{pages}");
        assert_eq!(found_keys(&caller, json!({ "descending": true, "limit": 7 })).await, left.iter().rev().cloned().collect::<Vec<_>>());
        put_many(&caller, 250, |number| json!({ "n": number / 10 })).await;
        let large = "x".repeat(250 << 10);
        for key in ["k0000", "k0001", "k0002", "k0003", "k0004"] {
            put(&caller, key, &json!({ "n": 0, "text": large })).await;
        }
        let page = caller.made("records.query", json!(["found", { "index": "/n", "to": 1 }])).await;
        assert_eq!(keys(&page), wanted[..4], "four of 250 KiB, and no fifth");
        assert_eq!(found_keys(&caller, json!({ "index": "/n" })).await, wanted);
    }

    async fn ranges_answer_one_call_so_many_bytes_and_no_more(desk) {
        keeper(&desk, "keeps", &found(&["/n"], "")).await;
        let caller = Caller::of(&desk, "keeps", &desk.token);
        let large = "x".repeat(250 << 10);
        for key in ["a", "b", "c", "d"] {
            put(&caller, key, &json!({ "n": 0, "text": large })).await;
        }
        // Four of 250 KiB a call: sixteen are below sixteen mebibytes, and the seventeenth goes beyond.
        let count = |calls: &[Value]| calls.iter().filter(|told| told.get("ok").is_some()).count();
        // The answers themselves would be too large for the route: only that they came is told.
        let asks: Vec<_> = (0..20).map(|_| json!(["records.query-count", "found", { "index": "/n" }])).collect();
        let told = caller.calls(&json!(asks)).await;
        assert_eq!(count(&told), 17, "{told:?}");
        assert!(told[17].to_string().contains("may answer 16777216"), "{told:?}");
    }

    async fn what_is_asked_wrongly_is_told_with_what_to_do(desk) {
        keeper(&desk, "keeps", &found(&["/n"], "")).await;
        let caller = Caller::of(&desk, "keeps", &desk.token);
        for (arguments, says) in [
            (json!(["found", { "index": "/other" }]), "none of the collection's indexes"),
            (json!(["missing", {}]), "declares no collection `missing`"),
            (json!(["found", { "index": "/n", "equal": 1, "from": 1 }]), "leave range.from and range.to out"),
            (json!(["found", { "index": "/n", "from": [1] }]), "range.from is a JSON text, number or boolean"),
            (json!(["found", { "index": "/n", "to": null }]), "range.to is a JSON text, number or boolean"),
            (json!(["found", { "from": 1 }]), "keys are texts"),
            (json!(["found", { "cursor": "somewhere" }]), "ask for the first page without one"),
            (json!(["found", { "index": "/n", "cursor": "zz:k" }]), "ask for the first page without one"),
        ] {
            let told = caller.call("records.query", &arguments).await;
            assert!(told.contains("\"invalid\"") && told.contains(says), "{arguments}: {told}");
        }
        let too_many: Vec<_> = (0..65).collect();
        let told = caller.call("records.put", &json!(["found", "a", json!({ "n": too_many }).to_string(), null])).await;
        assert!(told.contains("\"limit\"") && told.contains("more than 64 values"), "{told}");
        let told = caller.call("records.put", &json!(["found", "a", "{\"n\": 1e999}", null])).await;
        assert!(told.contains("\"invalid\""), "{told}");
        let too_long = json!(["found", "a", json!({ "n": "x".repeat(257) }).to_string(), null]);
        let told = caller.call("records.put", &too_long).await;
        assert!(told.contains("\"limit\"") && told.contains("at /n has 257 bytes"), "{told}");
        let told = caller.call("records.query", &json!(["found", { "from": "a\0" }])).await;
        assert!(told.contains("\"invalid\""), "{told}");
        let bare = desk.guest_granted("bare", &[], json!({ "deed": "rest" }), &found(&["/n"], "")).await;
        assert_eq!(bare["state"], "disabled");
        let told = Caller::of(&desk, "bare", &desk.token).call("records.query", &json!(["found", {}])).await;
        assert!(told.contains("\"denied\"") && told.contains("guichet admin grant tests/bare records"), "{told}");
    }

    async fn a_version_with_other_indexes_finds_the_records_of_the_one_before(desk) {
        let install = keeper(&desk, "keeps", &found(&["/n"], "")).await;
        let caller = Caller::of(&desk, "keeps", &desk.token);
        // More than are made in one slice.
        put_many(&caller, 450, |number| json!({ "n": number, "group": format!("g{}", number % 3) })).await;
        upgrade(&desk, "keeps", "0.2.0", &found(&["/group"], "")).await;
        assert_eq!(found_keys(&caller, json!({ "index": "/group", "equal": "g1" })).await.len(), 150);
        let told = caller.call("records.query", &json!(["found", { "index": "/n" }])).await;
        assert!(told.contains("none of the collection's indexes"), "{told}");
        put(&caller, "k0001", &json!({ "n": 1, "group": "g2" })).await;
        caller.made("records.delete", json!(["found", "k0002"])).await;
        // A version that finds them by nothing writes, and leaves nothing that is wrong later.
        upgrade(&desk, "keeps", "0.3.0", &found(&[], "")).await;
        assert_eq!(desk.rows_of("record_entries").await, 0);
        put(&caller, "k0004", &json!({ "group": "g9" })).await;
        upgrade(&desk, "keeps", "0.4.0", &found(&["/group", "/n"], "")).await;
        assert_eq!(found_keys(&caller, json!({ "index": "/group", "equal": "g1" })).await.len(), 148);
        assert_eq!(found_keys(&caller, json!({ "index": "/group", "equal": "g9" })).await, ["k0004"]);
        assert_eq!(found_keys(&caller, json!({ "index": "/n" })).await.len(), 448);
        // Back again: 0.3.0, then 0.2.0.
        let path = format!("plugins/{}/rollback", install["id"].as_str().unwrap());
        for version in ["0.3.0", "0.2.0"] {
            let (status, back) = desk.call(Method::POST, &path, None).await;
            assert_eq!((status, &back["version"]), (200, &json!(version)), "{back}");
        }
        assert_eq!(found_keys(&caller, json!({ "index": "/group", "equal": "g9" })).await, ["k0004"]);
        assert_eq!(desk.rows_of("record_entries").await, 449);
    }

    async fn a_collection_in_another_form_is_found_in_its_copy_and_as_it_was_after_a_roll_back(desk) {
        let install = keeper(&desk, "keeps", &found(&["/n"], "")).await;
        let caller = Caller::of(&desk, "keeps", &desk.token);
        put_many(&caller, 20, |number| json!({ "n": number })).await;
        upgrade(&desk, "keeps", "0.2.0", &found(&["/n"], "version = 2\n")).await;
        desk.settle().await;
        assert_eq!(found_keys(&caller, json!({ "index": "/n", "from": 15 })).await.len(), 5);
        put(&caller, "k0015", &json!({ "n": -1 })).await;
        assert_eq!(found_keys(&caller, json!({ "index": "/n", "to": 0 })).await, ["k0015"]);
        let path = format!("plugins/{}/rollback", install["id"].as_str().unwrap());
        assert_eq!(desk.call(Method::POST, &path, None).await.0, 200);
        assert_eq!(found_keys(&caller, json!({ "index": "/n", "from": 15 })).await.len(), 5, "as the older version left it");
    }

    async fn a_collection_is_read_by_others_where_an_admin_consented_and_by_nobody_else(desk) {
        let publishes = found(&["/n"], "publish = \"findings\"\n");
        let publisher = keeper(&desk, "keeps", &publishes).await;
        let settings = json!({ "deed": "rest" });
        desk.guest_granted("reads", &["shared:findings"], settings.clone(), OPEN).await;
        desk.guest_granted("curious", &["records"], settings.clone(), OPEN).await;
        let keeps = Caller::of(&desk, "keeps", &desk.token);
        let reads = Caller::of(&desk, "reads", &desk.token);
        for (key, n) in [("a", 2), ("b", 1)] {
            put(&keeps, key, &json!({ "n": n })).await;
        }
        let page = reads.made("records-shared.query", json!(["findings", { "index": "/n" }])).await;
        assert_eq!(keys(&page), ["b", "a"]);
        let record = reads.made("records-shared.get", json!(["findings", "a"])).await;
        assert_eq!(record, json!({ "key": "a", "version": 1, "body": "{\"n\":2}" }));
        assert_eq!(reads.made("records-shared.get", json!(["findings", "c"])).await, Value::Null);
        for (caller, name, says) in [
            ("curious", "findings", "guichet admin grant tests/curious shared:findings"),
            ("reads", "attempt", "guichet admin grant tests/reads shared:attempt"),
        ] {
            for (call, more) in [("records-shared.get", json!("a")), ("records-shared.query", json!({}))] {
                let told = Caller::of(&desk, caller, &desk.token).call(call, &json!([name, more])).await;
                assert!(told.contains("\"denied\"") && told.contains(says), "{told}");
            }
        }
        for key in ["".to_owned(), "k".repeat(513), "a\0".to_owned()] {
            let told = reads.call("records-shared.get", &json!(["findings", key])).await;
            assert!(told.contains("\"limit\"") && told.contains("1 to 512 bytes"), "{told}");
        }
        let told = reads.call("records.get", &json!(["findings", "a"])).await;
        assert!(told.contains("\"denied\""), "it is not its own: {told}");
        let told = reads.call("records-shared.query", &json!(["findings", { "index": "/other" }])).await;
        assert!(told.contains("none of the collection's indexes"), "{told}");
        // A second that publishes the name stands behind the first; once that one is held back, it is read.
        keeper(&desk, "second", &publishes).await;
        put(&Caller::of(&desk, "second", &desk.token), "z", &json!({ "n": 0 })).await;
        let all = || reads.made("records-shared.query", json!(["findings", {}]));
        assert_eq!(keys(&all().await), ["a", "b"]);
        let path = format!("plugins/{}/enablement", publisher["id"].as_str().unwrap());
        assert_eq!(desk.call(Method::DELETE, &path, None).await.0, 204);
        assert_eq!(keys(&all().await), ["z"]);
        let second = desk.get("plugins").await["items"].as_array().unwrap().iter().find(|one| one["plugin"] == "tests/second").unwrap().clone();
        let path = format!("plugins/{}/enablement", second["id"].as_str().unwrap());
        assert_eq!(desk.call(Method::DELETE, &path, None).await.0, 204);
        let told = reads.call("records-shared.query", &json!(["findings", {}])).await;
        assert!(told.contains("\"not-found\"") && told.contains("publishes the collection findings"), "{told}");
    }

    async fn another_tenants_collection_is_none_here(desk) {
        let other = desk.other_tenant("other").await;
        keeper(&desk, "keeps", &found(&["/n"], "publish = \"findings\"\n")).await;
        put(&Caller::of(&desk, "keeps", &desk.token), "a", &json!({ "n": 1 })).await;
        other.guest_granted("reads", &["shared:findings"], json!({ "deed": "rest" }), OPEN).await;
        let reads = Caller { tenant: "other", ..Caller::of(&other, "reads", &other.token) };
        let told = reads.call("records-shared.query", &json!(["findings", {}])).await;
        assert!(told.contains("\"not-found\""), "{told}");
    }

    async fn indexes_that_a_server_left_half_made_are_made_by_the_next_one(desk) {
        keeper(&desk, "keeps", &found(&["/n"], "")).await;
        let caller = Caller::of(&desk, "keeps", &desk.token);
        put_many(&caller, 30, |number| json!({ "n": number })).await;
        // As a server leaves it that was stopped on the way.
        desk.write_raw("update record_entries set pointer = '/before' where key < 'k0010'").await;
        desk.write_raw("update record_indexes set stage = 'clearing' where collection = 'found'").await;
        let asks = json!([["records.query", "found", { "index": "/n" }]]);
        let ask = async |desk: &TestDesk| {
            let url = format!("{}/t/acme/plugins/tests/keeps/calls", desk.address);
            let answer = desk.client.post(url).bearer_auth(&desk.token).json(&asks).send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        };
        let (status, told) = ask(&desk).await;
        assert_eq!(status, 503, "{told}");
        assert_eq!(found_keys(&caller, json!({ "limit": 30 })).await.len(), 30, "by their keys they are found meanwhile");
        let again = desk.as_another(|_| {}).await;
        let caller = Caller::of(&again, "keeps", &desk.token);
        let made = async {
            while ask(&again).await.0 == 503 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(60), made).await.expect("they are made");
        assert_eq!(found_keys(&caller, json!({ "index": "/n", "from": 5 })).await.len(), 25);
        assert_eq!(desk.rows_of("record_entries").await, 30);
    }
}
