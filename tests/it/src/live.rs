//! What changes is told as it happens: to whoever may know of it, in order, once, and on again after a connection was lost.

use crate::{
    desk::{TestDesk, on_both_databases},
    host_calls::caller::Caller,
};
use guichet_core::directory::AgentRole;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::time::Duration;

/// A connection that is told what changes.
pub(crate) struct Followed {
    response: Response,
    text: String,
}

/// One event of it.
#[derive(Debug, PartialEq)]
pub(crate) struct Event {
    kind: String,
    pub(crate) id: Option<u64>,
    pub(crate) data: Value,
}

impl Followed {
    /// The connection of an answer, and how it begins.
    pub(crate) async fn of(response: Response) -> (Self, Event) {
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let text = String::new();
        let mut followed = Self { response, text };
        let begin = followed.next().await.unwrap();
        assert_eq!(
            (begin.kind.as_str(), begin.id),
            ("begin", begin.data["sequence"].as_u64())
        );
        (followed, begin)
    }

    /// The next event; nothing where the server has ended it. Signs of life are none.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                let of = |name: &str| {
                    let mut lines = block.lines();
                    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
                };
                if let (Some(kind), Some(data)) = (of("event"), of("data")) {
                    return Some(Event {
                        kind: kind.to_owned(),
                        id: of("id").map(|id| id.parse().unwrap()),
                        data: serde_json::from_str(data).unwrap(),
                    });
                }
                continue;
            }
            let chunk = tokio::time::timeout(Duration::from_secs(30), self.response.chunk());
            let chunk = chunk.await.expect("the server says something in time");
            self.text += std::str::from_utf8(&chunk.unwrap()?).unwrap();
        }
    }

    /// Kind and ticket of the next change.
    pub(crate) async fn change(&mut self) -> (String, Value) {
        let event = self.next().await.expect("the server goes on");
        assert_eq!(event.kind, "change", "{event:?}");
        assert_eq!(event.id, event.data["sequence"].as_u64());
        let kind = event.data["kind"].as_str().unwrap().to_owned();
        (kind, event.data["ticket"].clone())
    }

    /// Who is where, as the next event tells it: ticket, name, and whether he is here and writes.
    async fn presence(&mut self) -> (u64, String, bool, bool) {
        let Event { kind, id, data } = self.next().await.expect("the server goes on");
        assert_eq!((kind.as_str(), id), ("presence", None), "{data}");
        let name = data["agent"]["name"].as_str().unwrap().to_owned();
        let ms = |name: &str| data[name].as_u64().unwrap();
        let ticket = data["ticket"].as_u64().unwrap();
        (ticket, name, ms("here_ms") > 0, ms("typing_ms") > 0)
    }
}

impl TestDesk {
    async fn live(&self, token: &str, path: &str, last: Option<&str>) -> Response {
        let url = format!("{}/t/{}/api/v1/{path}", self.address, self.tenant.slug);
        let mut request = self.client.get(url).bearer_auth(token);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        request.send().await.unwrap()
    }

    /// A connection and how it begins.
    pub(crate) async fn followed(
        &self,
        token: &str,
        path: &str,
        last: Option<&str>,
    ) -> (Followed, Event) {
        Followed::of(self.live(token, path, last).await).await
    }

    async fn follow(&self, token: &str) -> Followed {
        self.followed(token, "live", None).await.0
    }

    pub(crate) async fn tag(&self, number: u64, tag: &str) {
        let wish = json!({ "tags": [tag] });
        let path = format!("tickets/{number}/tags");
        assert_eq!(self.call(Method::PUT, &path, Some(wish)).await.0, 200);
    }

    async fn here(&self, token: &str, number: u64, typing: bool) -> (u16, Value) {
        let path = format!("tickets/{number}/presence");
        let wish = json!({ "typing": typing });
        self.call_as(token, Method::PUT, &path, Some(wish)).await
    }

    /// A group that this agent is kept out of.
    async fn secret_group(&self, agent: guichet_core::id::AgentId) -> String {
        let (status, group) = self
            .call(Method::POST, "groups", Some(json!({ "name": "Finance" })))
            .await;
        assert_eq!(status, 201, "{group}");
        let group = group["id"].as_str().unwrap().to_owned();
        let path = format!("groups/{group}/members/{agent}");
        let (status, _) = self
            .call(Method::PUT, &path, Some(json!({ "access": "none" })))
            .await;
        assert_eq!(status, 204);
        group
    }

    async fn hand_over(&self, number: u64, group: &str) {
        let path = format!("tickets/{number}/assignment");
        let wish = json!({ "assignee": null, "group": group });
        assert_eq!(self.call(Method::PUT, &path, Some(wish)).await.0, 200);
    }
}

on_both_databases! {
    async fn whoever_has_the_desk_open_is_online_to_plugins_until_he_leaves(desk) {
        let more = "[[routes]]\npath = \"/\"\nmethods = [\"POST\"]\naccess = \"agent\"\nacts-as = \"plugin\"\n";
        desk.guest_granted("looks", &["directory-read"], json!({ "deed": "rest" }), more).await;
        let caller = Caller::of(&desk, "looks", &desk.token);
        let (al, token) = desk.agent("Al", AgentRole::Agent).await;
        let is_online = async || caller.made("directory-read.agent", json!([al])).await["extra"] == json!([["online", true]]);
        assert!(!is_online().await);
        let (one, other) = (desk.follow(&token).await, desk.follow(&token).await);
        assert!(is_online().await);
        drop(one);
        assert!(is_online().await, "a second window is open");
        drop(other);
        let leaves = async {
            while is_online().await {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), leaves).await.expect("he has left");
    }

    async fn what_happens_is_told_in_order_and_never_what_it_says(desk) {
        let (mut followed, begin) = desk.followed(&desk.token, "live", None).await;
        assert_eq!(begin.data["resumed"], false);
        let number = desk.ticket("Salaries of 2027").await;
        desk.tag(number, "payroll").await;
        let mut told = Vec::new();
        let mut last = begin.id.unwrap();
        while told.last().is_none_or(|kind| kind != "ticket.changed") {
            let event = followed.next().await.unwrap();
            let text = event.data.to_string();
            assert!(!text.contains("Salaries") && !text.contains("payroll") && !text.contains('@'), "{text}");
            assert!(event.id.unwrap() > last, "in order, each once");
            last = event.id.unwrap();
            told.push(event.data["kind"].as_str().unwrap().to_owned());
        }
        assert_eq!(told, ["customer.created", "ticket.created", "ticket.changed"]);
    }

    async fn nobody_is_told_of_a_ticket_that_he_may_not_see(desk) {
        let (al, token) = desk.agent("Al", AgentRole::Agent).await;
        let (hal, helper) = desk.agent("Hal", AgentRole::Helper).await;
        let finance = desk.secret_group(al).await;
        let (secret, open) = (desk.ticket("Salaries").await, desk.ticket("Printer").await);
        desk.hand_over(secret, &finance).await;
        let (mut als, mut helpers) = (desk.follow(&token).await, desk.follow(&helper).await);
        desk.tag(secret, "payroll").await;
        // One that begins in that group was in none before, whatever the log says of its first moment.
        let path = format!("tickets/{secret}/messages");
        let (status, more) = desk.call(Method::POST, &path, Some(json!({ "visibility": "public", "text": "And bonuses." }))).await;
        assert_eq!(status, 201, "{more}");
        let (status, split) = desk.call(Method::POST, &format!("tickets/{secret}/splits"), Some(json!({ "message": more["id"] }))).await;
        assert!(status < 300, "{split}");
        desk.here(&desk.token, secret, true).await;
        desk.tag(open, "paper").await;
        assert_eq!(als.change().await, ("ticket.changed".to_owned(), json!(open)), "nothing of the other one");
        desk.hand_over(open, &finance).await;
        assert_eq!(als.change().await, ("ticket.changed".to_owned(), json!(open)), "who saw it is told that it went");
        desk.tag(open, "toner").await;
        let third = desk.ticket("Screen").await;
        assert_eq!(als.change().await, ("ticket.created".to_owned(), json!(third)), "and nothing after that");
        let path = format!("tickets/{third}/participants/helper/agent/{hal}");
        assert_eq!(desk.call(Method::PUT, &path, Some(json!({}))).await.0, 200);
        desk.tag(third, "cable").await;
        let seen = helpers.change().await;
        assert_eq!(seen.1, json!(third), "a helper hears of the ticket on which he helps, and of nothing before: {seen:?}");
    }

    async fn whoever_takes_part_no_more_is_told_that_and_nothing_after_it(desk) {
        let (hal, helper) = desk.agent("Hal", AgentRole::Helper).await;
        let (left, kept) = (desk.ticket("Printer").await, desk.ticket("Screen").await);
        let part = |number: u64| format!("tickets/{number}/participants/helper/agent/{hal}");
        for number in [left, kept] {
            assert_eq!(desk.call(Method::PUT, &part(number), Some(json!({}))).await.0, 200);
        }
        let (mut helpers, begin) = desk.followed(&helper, "live", None).await;
        let changed = |number: u64| ("ticket.changed".to_owned(), json!(number));
        desk.tag(left, "paper").await;
        assert_eq!(helpers.change().await, changed(left), "he helps there");
        assert_eq!(desk.call(Method::DELETE, &part(left), None).await.0, 200);
        assert_eq!(helpers.change().await, changed(left), "he has it before his eyes still");
        desk.tag(left, "toner").await;
        desk.here(&desk.token, left, true).await;
        desk.tag(kept, "cable").await;
        assert_eq!(helpers.change().await, changed(kept), "neither what became of it nor who is there");
        // Read from the log, it is the same, but for what happened while he saw it: he does so no more.
        let (mut again, _) = desk.followed(&helper, &format!("live?after={}", begin.id.unwrap()), None).await;
        for number in [left, kept] {
            assert_eq!(again.change().await, changed(number));
        }
    }

    async fn another_tenant_hears_nothing(desk) {
        let other = desk.other_tenant("other").await;
        let mut theirs = other.follow(&other.token).await;
        let number = desk.ticket("Printer").await;
        desk.here(&desk.token, number, true).await;
        assert_eq!(other.call(Method::POST, "groups", Some(json!({ "name": "Ours" }))).await.0, 201);
        let (kind, ticket) = theirs.change().await;
        assert!(ticket == Value::Null && kind.starts_with("group."), "its own, and nothing before: {kind}");
        assert_eq!(other.live(&desk.token, "live", None).await.status(), 401);
    }

    async fn whoever_comes_back_is_told_what_he_missed_and_whoever_was_away_too_long_is_told_so(desk) {
        let (followed, begin) = desk.followed(&desk.token, "live", None).await;
        let left = begin.id.unwrap();
        drop(followed);
        let number = desk.ticket("Printer").await;
        desk.tag(number, "paper").await;
        let wanted = ["customer.created", "ticket.created", "ticket.changed"];
        let (by_query, header) = (format!("live?after={left}"), left.to_string());
        for (path, last) in [(by_query.as_str(), None), ("live", Some(header.as_str())), ("live?after=0", Some(header.as_str()))] {
            let (mut again, begin) = desk.followed(&desk.token, path, last).await;
            assert_eq!((begin.id, &begin.data["resumed"]), (Some(left), &json!(true)), "{path}");
            for (place, kind) in wanted.iter().enumerate() {
                let event = again.next().await.unwrap();
                assert_eq!((event.id.unwrap(), &event.data["kind"]), (left + 1 + place as u64, &json!(kind)));
            }
        }
        let now = desk.desk.store.tenant(desk.tenant.id).sequence().await.unwrap();
        let (_, begin) = desk.followed(&desk.token, &format!("live?after={}", now + 1), None).await;
        assert_eq!((begin.id, &begin.data["resumed"]), (Some(now), &json!(false)), "of a place that never was, as after a restore");
        assert_eq!(desk.live(&desk.token, "live?after=soon", None).await.status(), 400);
    }

    async fn after_a_thousand_events_all_is_loaded_again_and_before_that_each_is_told(desk) {
        let number = desk.ticket("Printer").await;
        let store = desk.desk.store.tenant(desk.tenant.id);
        let begin = store.sequence().await.unwrap();
        let mut changes = guichet_core::changeset::ChangeSet::new(desk.tenant.id);
        let stamp = desk.operator().await.stamp(&desk.desk);
        let event = guichet_core::event::EventDraft::of_tenant("settings.touched", &stamp);
        changes.events = vec![event.clone(); 1_000];
        desk.desk.commit(changes.clone()).await.unwrap();
        let (mut followed, told) = desk.followed(&desk.token, &format!("live?after={begin}"), None).await;
        assert_eq!(told.data["resumed"], true);
        for sequence in begin + 1..=begin + 1_000 {
            assert_eq!(followed.next().await.unwrap().id, Some(sequence));
        }
        changes.events = vec![event];
        desk.desk.commit(changes).await.unwrap();
        let (_, told) = desk.followed(&desk.token, &format!("live?after={begin}"), None).await;
        assert_eq!((told.id, &told.data["resumed"]), (Some(begin + 1_001), &json!(false)));
        desk.tag(number, "paper").await;
        assert_eq!(followed.next().await.unwrap().id, Some(begin + 1_001), "who is there goes on");
    }

    async fn whoever_is_signed_out_is_told_nothing_more(desk) {
        let (status, token) = desk.call(Method::POST, "tokens", Some(json!({ "name": "mine", "scopes": ["api"] }))).await;
        assert_eq!(status, 201, "{token}");
        let mut followed = desk.follow(token["token"].as_str().unwrap()).await;
        let path = format!("tokens/{}", token["id"].as_str().unwrap());
        assert_eq!(desk.call(Method::DELETE, &path, None).await.0, 204);
        desk.call(Method::POST, "groups", Some(json!({ "name": "Finance" }))).await;
        assert_eq!(followed.next().await, None, "the connection ends, without a word of it");
    }

    async fn rights_that_change_hold_from_then_on(desk) {
        let (al, token) = desk.agent("Al", AgentRole::Agent).await;
        let number = desk.ticket("Salaries").await;
        let (status, group) = desk.call(Method::POST, "groups", Some(json!({ "name": "Finance" }))).await;
        assert_eq!(status, 201);
        let finance = group["id"].as_str().unwrap().to_owned();
        desk.hand_over(number, &finance).await;
        let member = format!("groups/{finance}/members/{al}");
        assert_eq!(desk.call(Method::PUT, &member, Some(json!({ "access": "read" }))).await.0, 204);
        let mut followed = desk.follow(&token).await;
        desk.tag(number, "one").await;
        assert_eq!(followed.change().await.1, json!(number));
        assert_eq!(desk.call(Method::PUT, &member, Some(json!({ "access": "none" }))).await.0, 204);
        desk.tag(number, "two").await;
        let other = desk.ticket("Printer").await;
        let mut told = vec![followed.change().await];
        while told.last().unwrap().0 != "ticket.created" {
            told.push(followed.change().await);
        }
        assert!(told.iter().all(|(_, ticket)| *ticket != json!(number)), "{told:?}");
        assert_eq!(told.last().unwrap().1, json!(other));
    }

    async fn who_looks_at_a_ticket_and_writes_there_is_told_to_who_may_see_it_and_forgotten(desk) {
        let (al, token) = desk.agent("Al", AgentRole::Agent).await;
        let number = desk.ticket("Printer").await;
        let mut followed = desk.follow(&token).await;
        assert_eq!(desk.here(&desk.token, number, false).await, (200, json!({ "items": [] })));
        let me = desk.get("session").await["agent"]["name"].as_str().unwrap().to_owned();
        assert_eq!(followed.presence().await, (number, me.clone(), true, false));
        let (_, others) = desk.here(&token, number, true).await;
        assert_eq!((&others["items"][0]["agent"]["name"], &others["items"][0]["typing_ms"]), (&json!(me), &json!(0)), "{others}");
        assert_eq!(followed.presence().await, (number, "Al".to_owned(), true, true));
        let (_, others) = desk.here(&desk.token, number, false).await;
        assert!(others["items"][0]["agent"]["id"] == json!(al) && others["items"][0]["typing_ms"].as_u64().unwrap() > 0, "{others}");
        followed.presence().await;
        let path = format!("tickets/{number}/presence");
        assert_eq!(desk.call(Method::DELETE, &path, None).await.0, 204);
        assert_eq!(followed.presence().await, (number, me, false, false));
        assert_eq!(desk.call(Method::DELETE, &path, None).await.0, 204, "who has left has left");
        desk.clock.advance_milliseconds(45_000);
        assert_eq!(desk.here(&desk.token, number, false).await.1, json!({ "items": [] }), "of whom nothing is heard, he is gone");
        let finance = desk.secret_group(al).await;
        desk.hand_over(number, &finance).await;
        assert_eq!(desk.here(&token, number, true).await.0, 404, "nobody is at a ticket that he may not see");
    }

    async fn an_agent_has_so_many_connections_and_those_that_end_make_room(desk) {
        let mut all = Vec::new();
        for _ in 0..20 {
            all.push(desk.follow(&desk.token).await);
        }
        let refused = desk.live(&desk.token, "live", None).await;
        assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().unwrap()), (429, "30"));
        let (_, other) = desk.agent("Al", AgentRole::Agent).await;
        desk.follow(&other).await;
        all.clear();
        // The server hears of it when the connections are closed.
        while desk.live(&desk.token, "live", None).await.status() == 429 {
            tokio::task::yield_now().await;
        }
    }

    async fn an_answer_to_what_its_author_has_not_seen_is_refused_and_nothing_is_lost(desk) {
        let (_, al) = desk.agent("Al", AgentRole::Agent).await;
        let number = desk.ticket("Printer").await;
        let path = format!("tickets/{number}/messages");
        let say = async |token: &str, text: &str, after: Option<&Value>| {
            let mut wish = json!({ "visibility": "public", "text": text });
            if let Some(after) = after {
                wish["after"] = after.clone();
            }
            desk.call_as(token, Method::POST, &path, Some(wish)).await
        };
        let first = desk.messages(number).await[0]["id"].clone();
        let (status, mine) = say(&desk.token, "Which one?", Some(&first)).await;
        assert_eq!(status, 201, "{mine}");
        assert_eq!(say(&desk.token, "The red one?", Some(&first)).await.0, 201, "what he said himself he knows");
        let (status, refused) = say(&al, "Is it on?", Some(&first)).await;
        assert_eq!((status, refused["since"].as_array().map(Vec::len), &refused["since"][0]), (409, Some(2), &mine["id"]), "{refused}");
        assert_eq!(desk.messages(number).await.len(), 3, "nothing was added");
        let last = desk.messages(number).await[2]["id"].clone();
        assert_eq!(say(&al, "Is it on?", Some(&last)).await.0, 201);
        assert_eq!(say(&al, "Hello?", None).await.0, 201, "whoever does not say what he saw is not asked");
        let elsewhere = desk.ticket("Screen").await;
        let foreign = desk.messages(elsewhere).await[0]["id"].clone();
        for unknown in [foreign, json!(uuid::Uuid::from_u128(7))] {
            assert_eq!(say(&desk.token, "Well?", Some(&unknown)).await.0, 422);
        }
        // Who saw none at all.
        let none = json!(uuid::Uuid::nil());
        assert_eq!(say(&desk.token, "Well?", Some(&none)).await.0, 409);
    }

    async fn of_answers_that_are_sent_at_once_all_but_the_first_are_refused(desk) {
        let number = desk.ticket("Printer").await;
        let first = desk.messages(number).await[0]["id"].clone();
        let mut tokens = Vec::new();
        for name in ["Al", "Bea", "Cy", "Dee"] {
            tokens.push(desk.agent(name, AgentRole::Agent).await.1);
        }
        let path = format!("tickets/{number}/messages");
        let wish = json!({ "visibility": "public", "text": "I do it", "after": first });
        let said = tokens.iter().map(|token| desk.call_as(token, Method::POST, &path, Some(wish.clone())));
        let mut told: Vec<_> = futures::future::join_all(said).await.iter().map(|(status, _)| *status).collect();
        told.sort_unstable();
        assert_eq!(told, [201, 409, 409, 409]);
        assert_eq!(desk.messages(number).await.len(), 2);
    }
}
