//! What is said here is carried to the person who asked: once, by the channel that may, and where nobody knows, somebody decides.

use crate::desk::{TestDesk, on_both_databases};
use axum::{Router, http::HeaderMap, routing::any};
use guichet_core::{
    changeset::{ChangeSet, Check},
    delivery::{DeliveryMark, DeliveryState},
    directory::AgentRole,
    id::MessageId,
};
use guichet_store::CommitError;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// The outside: what it was told, as `key text attempt unknown`, and what it does meanwhile.
#[derive(Clone, Default)]
struct Outside(Arc<Mutex<Vec<[String; 4]>>>);

impl Outside {
    async fn start(&self) -> u16 {
        let seen = self.0.clone();
        let tell = move |headers: HeaderMap| {
            let seen = seen.clone();
            async move {
                let named = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
                let told = ["x-key", "x-text", "x-attempt", "x-unknown"].map(named);
                seen.lock().unwrap().push(told);
            }
        };
        let app = Router::new().route("/tell", any(tell));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        port
    }

    fn told(&self) -> Vec<[String; 4]> {
        self.0.lock().unwrap().clone()
    }
}

/// What a guest's manifest says of its channel.
pub(crate) fn channel(name: &str, more: &str) -> String {
    format!(
        "[channel]\nname = \"{name}\"\nreaches = [\"mailto\"]\n{more}\n[settings]\ntype = \"object\"\nproperties.deed = {{}}\nproperties.guard = {{}}\n\
         properties.carries = {{}}\nproperties.server = {{ type = \"string\" }}\n"
    )
}

/// Installs a guest that carries as it is told.
pub(crate) async fn carrier(desk: &TestDesk, name: &str, manifest: &str, carries: Value) -> Value {
    let settings = json!({ "deed": "rest", "carries": carries });
    desk.guest_granted(name, &["records"], settings, manifest)
        .await
}

/// The same, with a server outside to tell.
async fn teller(desk: &TestDesk, port: u16, how: &str, more: &str) -> Value {
    let settings = json!({ "deed": "rest", "server": format!("localhost:{port}"), "carries": { how: format!("http://localhost:{port}/tell") } });
    let grants = ["records", "http:{settings.server}@127.0.0.1/32"];
    desk.guest_granted("teller", &grants, settings, &channel("api", more))
        .await
}

pub(crate) async fn say(desk: &TestDesk, number: u64, visibility: &str, text: &str) -> String {
    let path = format!("tickets/{number}/messages");
    let wish = json!({ "visibility": visibility, "text": text });
    let (status, message) = desk.call(Method::POST, &path, Some(wish)).await;
    assert_eq!(status, 201, "{message}");
    message["id"].as_str().unwrap().to_owned()
}

/// What became of a message.
pub(crate) async fn delivery(desk: &TestDesk, number: u64, id: &str) -> Value {
    let messages = desk.messages(number).await;
    let found = messages.into_iter().find(|message| message["id"] == id);
    found.unwrap()["delivery"].clone()
}

pub(crate) async fn decide(desk: &TestDesk, number: u64, id: &str, decision: &str) -> (u16, Value) {
    let path = format!("tickets/{number}/messages/{id}/delivery");
    desk.call(Method::PUT, &path, Some(json!({ "decision": decision })))
        .await
}

/// The states that the ticket's history tells of.
pub(crate) async fn told(desk: &TestDesk, number: u64) -> Vec<String> {
    let history = desk.history(number).await;
    let told = history
        .iter()
        .filter(|event| event["kind"] == "message.delivery");
    told.map(|event| event["data"]["state"].as_str().unwrap().to_owned())
        .collect()
}

on_both_databases! {
    async fn an_answer_is_carried_and_a_note_and_the_customers_own_words_are_not(desk) {
        let install = carrier(&desk, "carrier", &channel("api", ""), json!("well")).await;
        let number = desk.ticket("Printer").await;
        let answer = say(&desk, number, "public", "On its way.").await;
        let note = say(&desk, number, "internal", "Paper jam again.").await;
        desk.settle().await;
        let carried = delivery(&desk, number, &answer).await;
        assert_eq!((&carried["state"], &carried["address"], &carried["plugin"]), (&json!("sent"), &json!("ana@trade.example"), &json!("tests/carrier")));
        assert_eq!(delivery(&desk, number, &note).await, Value::Null);
        assert_eq!(told(&desk, number).await, ["sent"], "that it was begun is told of nobody");
        let runs = desk.get(&format!("plugins/{}/runs", install["id"].as_str().unwrap())).await;
        let channel_runs = runs["items"].as_array().unwrap().iter().filter(|run| run["point"] == "channel").count();
        assert_eq!(channel_runs, 1, "{runs}");
    }

    async fn that_it_is_being_sent_is_committed_before_it_is(desk) {
        let (desk, seen) = (Arc::new(desk), Arc::new(Mutex::new(Vec::new())));
        let (asking, noted) = (desk.clone(), seen.clone());
        let look = move || {
            let (desk, seen) = (asking.clone(), noted.clone());
            async move {
                let messages = desk.messages(1).await;
                seen.lock().unwrap().push(messages.last().unwrap()["delivery"]["state"].clone());
            }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let app = Router::new().route("/tell", any(look));
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        teller(&desk, port, "out", "").await;
        let number = desk.ticket("Printer").await;
        let answer = say(&desk, number, "public", "On its way.").await;
        desk.settle().await;
        assert_eq!(*seen.lock().unwrap(), ["sending"]);
        assert_eq!(delivery(&desk, number, &answer).await["state"], "sent");
    }

    async fn where_nobody_knows_somebody_is_asked_and_decides(desk) {
        let outside = Outside::default();
        let port = outside.start().await;
        teller(&desk, port, "out-and-trap", "on-unknown = \"ask\"").await;
        let number = desk.ticket("Printer").await;
        let (first, second) = (say(&desk, number, "public", "One").await, say(&desk, number, "public", "Two").await);
        desk.settle().await;
        desk.pass_seconds(60).await;
        for id in [&first, &second] {
            assert_eq!(delivery(&desk, number, id).await["state"], "unknown", "it is not sent again by itself");
        }
        assert_eq!(outside.told().len(), 2);
        assert_eq!(decide(&desk, number, &first, "sent").await.1["delivery"]["state"], "sent");
        assert_eq!(decide(&desk, number, &second, "drop").await.1["delivery"]["state"], "failed");
        let (status, refused) = decide(&desk, number, &first, "send").await;
        assert!(status == 409 && refused["detail"].as_str().unwrap().contains("nothing to decide"), "{refused}");
        assert_eq!(decide(&desk, number, &first, "later").await.0, 422);
        desk.settle().await;
        assert_eq!(outside.told().len(), 2, "neither was sent again");
        assert_eq!(decide(&desk, number, &second, "send").await.1["delivery"]["state"], "waiting");
        desk.settle().await;
        let keys: Vec<_> = outside.told().iter().filter(|told| told[1] == "Two").map(|told| told[0].clone()).collect();
        assert!(keys.len() == 2 && keys[0] == keys[1], "the outside can tell the same message: {keys:?}");
    }

    async fn whoever_saw_a_message_at_another_place_on_its_way_commits_nothing(desk) {
        teller(&desk, Outside::default().start().await, "out-and-trap", "on-unknown = \"ask\"").await;
        let number = desk.ticket("Printer").await;
        let id: MessageId = say(&desk, number, "public", "One").await.parse().unwrap();
        desk.settle().await;
        let seen = |mark| {
            let mut changes = ChangeSet::new(desk.tenant.id);
            changes.checks.push(Check::Delivery(id, mark));
            changes
        };
        let message = desk.desk.store.tenant(desk.tenant.id).message(id).await.unwrap().unwrap();
        let now = message.delivery.unwrap().mark();
        assert_eq!(now.state, DeliveryState::Unknown);
        let before = DeliveryMark { at: now.at.plus_milliseconds(-1), ..now };
        let sending = DeliveryMark { state: DeliveryState::Sending, ..now };
        for mark in [None, Some(before), Some(sending)] {
            let refused = desk.desk.commit(seen(mark)).await;
            assert!(matches!(refused, Err(CommitError::Conflict(_))), "{mark:?}: {refused:?}");
        }
        desk.desk.commit(seen(Some(now))).await.unwrap();
    }

    async fn where_the_manifest_says_so_it_is_sent_again_by_the_same_key(desk) {
        let outside = Outside::default();
        let port = outside.start().await;
        teller(&desk, port, "out-and-unknown", "on-unknown = \"resend\"").await;
        let number = desk.ticket("Printer").await;
        let id = say(&desk, number, "public", "One").await;
        desk.settle().await;
        assert_eq!(delivery(&desk, number, &id).await["state"], "sending", "nobody knows");
        desk.pass_seconds(60).await;
        let all = outside.told();
        assert_eq!(all.iter().map(|one| (one[2].as_str(), one[3].as_str())).collect::<Vec<_>>(), [("1", "false"), ("2", "true")]);
        assert_eq!(all[0][0], all[1][0]);
        assert_eq!(delivery(&desk, number, &id).await["state"], "sent");
    }

    async fn a_breakdown_after_the_outside_was_called_is_not_known_and_before_it_is_a_failure(desk) {
        let outside = Outside::default();
        let port = outside.start().await;
        teller(&desk, port, "out-and-trap", "on-unknown = \"resend\"").await;
        let number = desk.ticket("Printer").await;
        let id = say(&desk, number, "public", "One").await;
        desk.settle().await;
        assert_eq!(delivery(&desk, number, &id).await["state"], "sending");
        desk.pass_seconds(60).await;
        assert_eq!(outside.told()[1][3], "true");
        assert_eq!(delivery(&desk, number, &id).await["state"], "sent");
        let plugins = desk.get("plugins").await;
        let teller = plugins["items"].as_array().unwrap().iter().find(|one| one["plugin"] == "tests/teller").unwrap()["id"].clone();
        desk.call(Method::DELETE, &format!("plugins/{}", teller.as_str().unwrap()), None).await;
        carrier(&desk, "trapper", &channel("api", ""), json!("trap")).await;
        let id = say(&desk, number, "public", "Two").await;
        desk.settle().await;
        let waits = delivery(&desk, number, &id).await;
        assert_eq!((&waits["state"], &waits["reason"]), (&json!("waiting"), &json!("plugin-failed")));
    }

    async fn a_channel_that_cannot_passes_the_message_on_and_the_last_tells_why(desk) {
        for (carries, reason) in [("closed", "window-closed"), ("unreachable", "unreachable")] {
            let first = carrier(&desk, &format!("first-{carries}"), &channel("api", ""), json!(carries)).await;
            let number = desk.ticket("Printer").await;
            let alone = say(&desk, number, "public", "One").await;
            desk.settle().await;
            let failed = delivery(&desk, number, &alone).await;
            assert_eq!((&failed["state"], &failed["reason"]), (&json!("failed"), &json!(reason)));
            let second = carrier(&desk, &format!("second-{carries}"), &channel("other", ""), json!("well")).await;
            let passed = say(&desk, number, "public", "Two").await;
            desk.settle().await;
            let carried = delivery(&desk, number, &passed).await;
            assert_eq!((&carried["state"], &carried["plugin"]), (&json!("sent"), &json!(format!("tests/second-{carries}"))));
            for install in [first, second] {
                desk.call(Method::DELETE, &format!("plugins/{}", install["id"].as_str().unwrap()), None).await;
            }
        }
    }

    async fn what_is_for_no_channel_is_told_of_nobody(desk) {
        carrier(&desk, "decliner", &channel("api", ""), json!("declined")).await;
        let number = desk.ticket("Printer").await;
        let id = say(&desk, number, "public", "One").await;
        desk.settle().await;
        assert_eq!(delivery(&desk, number, &id).await, Value::Null);
        assert_eq!(told(&desk, number).await, [""; 0]);
        let (status, refused) = decide(&desk, number, &id, "send").await;
        assert_eq!(status, 409, "{refused}");
    }

    async fn an_answer_that_cannot_go_now_waits_and_goes_later_or_is_given_up(desk) {
        let once = carrier(&desk, "once", &channel("api", ""), json!("retry-once")).await;
        let number = desk.ticket("Printer").await;
        let id = say(&desk, number, "public", "One").await;
        desk.settle().await;
        let waits = delivery(&desk, number, &id).await;
        assert_eq!((&waits["state"], &waits["reason"], &waits["detail"]), (&json!("waiting"), &json!("later"), &json!("as told")));
        desk.pass_seconds(10).await;
        assert_eq!(delivery(&desk, number, &id).await["state"], "sent");
        assert_eq!(told(&desk, number).await, ["waiting", "sent"]);
        desk.call(Method::DELETE, &format!("plugins/{}", once["id"].as_str().unwrap()), None).await;
        carrier(&desk, "never", &channel("api", ""), json!({ "retry": 30 })).await;
        let id = say(&desk, number, "public", "Two").await;
        desk.settle().await;
        desk.pass_seconds(29).await;
        assert_eq!(delivery(&desk, number, &id).await["state"], "waiting");
        for _ in 0..10 {
            desk.pass_seconds(7 * 3_600).await;
        }
        let failed = delivery(&desk, number, &id).await;
        assert_eq!((&failed["state"], &failed["reason"]), (&json!("failed"), &json!("later")));
    }

    async fn answers_of_a_ticket_go_out_in_the_order_in_which_they_were_said(desk) {
        let install = carrier(&desk, "once", &channel("api", ""), json!("retry-once")).await;
        let (number, elsewhere) = (desk.ticket("Printer").await, desk.ticket("Screen").await);
        let first = say(&desk, number, "public", "One").await;
        desk.settle().await;
        assert_eq!(delivery(&desk, number, &first).await["state"], "waiting", "it is told to come later");
        let (second, other) = (say(&desk, number, "public", "Two").await, say(&desk, elsewhere, "public", "There").await);
        desk.settle().await;
        let state = async |number: u64, id: &String| delivery(&desk, number, id).await["state"].clone();
        assert_ne!(state(number, &second).await, "sent", "not before the first");
        desk.pass_seconds(10).await;
        assert_eq!(state(number, &first).await, "sent");
        for _ in 0..10 {
            desk.pass_seconds(10).await;
        }
        assert_eq!((state(number, &second).await, state(elsewhere, &other).await), (json!("sent"), json!("sent")));
        let runs = desk.get(&format!("plugins/{}/runs", install["id"].as_str().unwrap())).await;
        assert!(runs["items"].as_array().unwrap().iter().filter(|run| run["point"] == "channel").count() >= 4, "{runs}");
    }

    async fn what_waits_for_somebody_is_sent_when_he_says_so_and_a_failure_may_be_tried_again(desk) {
        let install = carrier(&desk, "carrier", &channel("api", ""), json!("waiting")).await;
        let number = desk.ticket("Printer").await;
        let id = say(&desk, number, "public", "One").await;
        desk.settle().await;
        let waits = delivery(&desk, number, &id).await;
        assert_eq!((&waits["state"], &waits["reason"]), (&json!("waiting"), &json!("no-way-out")));
        let path = format!("plugins/{}/settings", install["id"].as_str().unwrap());
        let (status, answer) = desk.call(Method::PUT, &path, Some(json!({ "settings": { "deed": "rest", "carries": "give-up" } }))).await;
        assert!(status < 300, "{answer}");
        assert_eq!(decide(&desk, number, &id, "send").await.0, 200);
        desk.settle().await;
        assert_eq!(delivery(&desk, number, &id).await["state"], "failed");
        desk.call(Method::PUT, &path, Some(json!({ "settings": { "deed": "rest", "carries": "well" } }))).await;
        assert_eq!(decide(&desk, number, &id, "send").await.0, 200);
        desk.settle().await;
        assert_eq!(delivery(&desk, number, &id).await["state"], "sent");
    }

    async fn a_reply_window_is_opened_by_the_customer_and_holds_so_many_messages(desk) {
        let window = "window = { minutes = 60, messages = 2 }";
        carrier(&desk, "carrier", &channel("window", window), json!("well")).await;
        desk.guest_granted("intaker", &["intake", "customers-write", "customers-read"], json!({ "deed": "rest" }),
            "[[routes]]\npath = \"/\"\nmethods = [\"POST\"]\naccess = \"agent\"\nacts-as = \"plugin\"\n").await;
        let url = format!("{}/t/acme/plugins/tests/intaker/calls", desk.address);
        let ask = async |calls: Value| -> Value {
            let asked = desk.client.post(&url).bearer_auth(&desk.token).json(&calls);
            serde_json::from_str(&asked.send().await.unwrap().text().await.unwrap()).unwrap()
        };
        let ana = ask(json!([["customers-write.ensure", ["mailto:ana@trade.example"], true, {}]])).await[0]["ok"].clone();
        let first = json!({ "visibility": "public", "text": "Help" });
        let made = ask(json!([["intake.create", { "subject": "Window", "requester": ana, "message": first, "fields": { "channel": "window" } }, ["customer", ana]]])).await;
        let ticket = made[0]["ok"].as_str().unwrap().to_owned();
        let number = desk.get("tickets").await["items"][0]["number"].as_u64().unwrap();
        let mut states = Vec::new();
        for text in ["One", "Two", "Three"] {
            let id = say(&desk, number, "public", text).await;
            desk.settle().await;
            states.push(delivery(&desk, number, &id).await["state"].clone());
        }
        assert_eq!(states, ["sent", "sent", "failed"]);
        let more = json!({ "visibility": "public", "text": "And?" });
        ask(json!([["intake.add-message", ticket, more, ["customer", ana]]])).await;
        desk.pass_seconds(3_599).await;
        let in_time = say(&desk, number, "public", "Four").await;
        desk.settle().await;
        assert_eq!(delivery(&desk, number, &in_time).await["state"], "sent");
        desk.pass_seconds(1).await;
        let too_late = say(&desk, number, "public", "Five").await;
        desk.settle().await;
        let late = delivery(&desk, number, &too_late).await;
        assert_eq!((&late["state"], &late["reason"]), (&json!("failed"), &json!("window-closed")));
    }

    async fn what_is_too_long_for_every_channel_is_refused_before_it_is_said_and_what_another_can_carry_goes_by_that(desk) {
        carrier(&desk, "short", &channel("api", "text-bytes-max = 6"), json!("well")).await;
        let number = desk.ticket("Printer").await;
        let path = format!("tickets/{number}/messages");
        let wish = |visibility: &str, text: &str| Some(json!({ "visibility": visibility, "text": text }));
        let (status, refused) = desk.call(Method::POST, &path, wish("public", "你好!")).await;
        assert!(status == 422 && refused["detail"].as_str().unwrap().contains("api: the text has 7 bytes, and this channel carries at most 6"), "{refused}");
        assert_eq!(desk.call(Method::POST, &path, wish("internal", "As long as one likes")).await.0, 201);
        let fits = say(&desk, number, "public", "你好").await;
        desk.settle().await;
        assert_eq!(delivery(&desk, number, &fits).await["state"], "sent");
        carrier(&desk, "long", &channel("mail", ""), json!("well")).await;
        let long = say(&desk, number, "public", "A longer one").await;
        desk.settle().await;
        let carried = delivery(&desk, number, &long).await;
        assert_eq!((&carried["state"], &carried["plugin"]), (&json!("sent"), &json!("tests/long")), "{carried}");
    }

    async fn whoever_writes_an_answer_sees_which_channels_may_carry_it_and_what_is_left_of_their_windows(desk) {
        let number = desk.ticket("Printer").await;
        let path = format!("tickets/{number}/channels");
        assert_eq!(desk.get(&path).await["items"], json!([]));
        carrier(&desk, "mail", &channel("mail", "html = true\nfiles-bytes-max = 1000"), json!("well")).await;
        let window = "text-bytes-max = 600\nwindow = { minutes = 60, messages = 2 }";
        carrier(&desk, "api", &channel("api", window), json!("well")).await;
        let channels = desk.get(&path).await["items"].clone();
        let of = |name: &str| (0..2).map(|place| channels[place].clone()).find(|one| one["name"] == name).unwrap();
        assert_eq!((&channels[0]["name"], channels.as_array().unwrap().len()), (&json!("api"), 2), "the ticket's own first: {channels}");
        assert_eq!((&of("mail")["html"], &of("mail")["files_bytes_max"], &of("mail")["text_bytes_max"], &of("mail")["window"]), (&json!(true), &json!(1000), &Value::Null, &Value::Null));
        let api = of("api");
        assert_eq!((&api["plugin"], &api["text_bytes_max"], &api["waits"]), (&json!("tests/api"), &json!(600), &json!(false)));
        assert_eq!((&api["window"]["open"], &api["window"]["messages_left"]), (&json!(true), &json!(2)));
        say(&desk, number, "public", "One").await;
        desk.settle().await;
        let left = desk.get(&path).await["items"][0]["window"].clone();
        assert_eq!((&left["open"], &left["messages_left"]), (&json!(true), &json!(1)));
        desk.pass_seconds(3_600).await;
        let left = desk.get(&path).await["items"][0]["window"].clone();
        assert_eq!((&left["open"], left["until"].is_string()), (&json!(false), true), "{left}");
        let (_, helper) = desk.agent("Hal", AgentRole::Helper).await;
        assert_eq!(desk.call_as(&helper, Method::GET, &path, None).await.0, 404);
    }

    async fn what_another_channel_carried_is_not_sent_as_well_when_the_first_comes_back(desk) {
        let first = carrier(&desk, "first", &channel("api", ""), json!("retry-once")).await;
        let first = first["id"].as_str().unwrap();
        let number = desk.ticket("Printer").await;
        let id = say(&desk, number, "public", "One").await;
        desk.settle().await;
        assert_eq!(delivery(&desk, number, &id).await["state"], "waiting");
        assert_eq!(desk.call(Method::DELETE, &format!("plugins/{first}/enablement"), None).await.0, 204);
        carrier(&desk, "second", &channel("other", ""), json!("well")).await;
        assert_eq!(decide(&desk, number, &id, "send").await.0, 200);
        desk.settle().await;
        assert_eq!(delivery(&desk, number, &id).await["plugin"], "tests/second");
        assert_eq!(desk.call(Method::PUT, &format!("plugins/{first}/enablement"), None).await.0, 204);
        desk.pass_seconds(60).await;
        assert_eq!(told(&desk, number).await, ["waiting", "sent"]);
        let runs = desk.get(&format!("plugins/{first}/runs")).await;
        let channel_runs = runs["items"].as_array().unwrap().iter().filter(|run| run["point"] == "channel").count();
        assert_eq!(channel_runs, 1, "{runs}");
    }

    async fn a_message_that_is_sent_again_spends_a_window_once(desk) {
        let outside = Outside::default();
        let port = outside.start().await;
        teller(&desk, port, "out-and-unknown", "on-unknown = \"resend\"\nwindow = { minutes = 60, messages = 1 }").await;
        let number = desk.ticket("Printer").await;
        let id = say(&desk, number, "public", "One").await;
        desk.settle().await;
        desk.pass_seconds(60).await;
        assert_eq!(delivery(&desk, number, &id).await["state"], "sent");
        assert_eq!(outside.told().len(), 2);
        let spent = say(&desk, number, "public", "Two").await;
        desk.settle().await;
        assert_eq!(delivery(&desk, number, &spent).await["reason"], "window-closed");
    }

    async fn whoever_may_not_work_the_ticket_decides_nothing(desk) {
        carrier(&desk, "carrier", &channel("api", ""), json!("waiting")).await;
        let number = desk.ticket("Printer").await;
        let id = say(&desk, number, "public", "One").await;
        desk.settle().await;
        let (helper, token) = desk.agent("Hu", AgentRole::Helper).await;
        let path = format!("tickets/{number}/messages/{id}/delivery");
        let wish = json!({ "decision": "drop" });
        assert_eq!(desk.call_as(&token, Method::PUT, &path, Some(wish.clone())).await.0, 404, "what he does not see is not there");
        let part = format!("tickets/{number}/participants/helper/agent/{}", helper.0);
        assert_eq!(desk.call(Method::PUT, &part, Some(json!({}))).await.0, 200);
        assert_eq!(desk.call_as(&token, Method::PUT, &path, Some(wish)).await.0, 403);
        assert_eq!(delivery(&desk, number, &id).await["state"], "waiting");
    }
}
