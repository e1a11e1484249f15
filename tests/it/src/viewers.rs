//! Every call of the host with the eyes of a viewer who sees less than the plugin: a helper from outside, an agent whom a group keeps out, nobody at all.

use crate::{
    desk::{TestDesk, on_both_databases},
    host_calls::{
        caller::Caller,
        hold_nothing_of, listed, manifest,
        things::{PUBLIC, Things, things, tickets_things},
        try_all,
    },
};
use guichet::admin::create_group;
use guichet_core::{
    directory::AgentRole,
    id::{GroupId, InstallId},
};
use reqwest::Method;
use serde_json::{Value, json};

/// The report by which the guest makes calls.
const REPORT: &str = "[[reports]]\nname = \"calls\"\ntitle.en = \"Calls\"\nparameters.properties.calls = { type = \"string\" }\n";

/// Who sees what: Al sees all but the tickets of Finance, Hal one ticket.
pub(crate) struct Cast {
    pub(crate) al: String,
    pub(crate) hal: String,
    pub(crate) finance: GroupId,
    /// What both may see, made by a plugin that sees all.
    pub(crate) own: Things,
    /// The install that has its viewer's eyes.
    pub(crate) viewer: InstallId,
}

impl TestDesk {
    /// Installs guests whose eyes differ, and makes people and a ticket that they see.
    pub(crate) async fn cast(&self) -> Cast {
        let settings = json!({ "deed": "rest", "password": "open sesame" });
        let collection = "[[collections]]\nname = \"theirs\"\n";
        for (name, access, acts_as) in
            [("maker", "agent", "plugin"), ("public", "public", "viewer")]
        {
            self.guest_with(
                name,
                settings.clone(),
                &manifest(access, acts_as, collection),
            )
            .await;
        }
        let more = manifest("agent", "viewer", REPORT);
        let viewer = self.guest_with("viewer", settings, &more).await;
        let finance = create_group(&self.desk, self.tenant.id, "Finance", &[]);
        let finance = finance.await.unwrap().id;
        let (al, al_token) = self.agent("Al", AgentRole::Agent).await;
        let (hal, hal_token) = self.agent("Hal", AgentRole::Helper).await;
        let own = things(
            &Caller::of(self, "maker", &self.token),
            self.tenant.id,
            "own",
        )
        .await;
        let part = format!("tickets/{}/participants/helper/agent/{hal}", own["number"]);
        assert_eq!(self.call(Method::PUT, &part, Some(json!({}))).await.0, 200);
        let member = format!("groups/{finance}/members/{al}");
        let none = json!({ "access": "none" });
        assert_eq!(self.call(Method::PUT, &member, Some(none)).await.0, 204);
        self.settle().await;
        Cast {
            al: al_token,
            hal: hal_token,
            finance,
            own,
            viewer,
        }
    }

    /// A ticket that neither sees, with what belongs to it.
    pub(crate) async fn hidden(&self, cast: &Cast) -> Things {
        let hidden = tickets_things(&Caller::of(self, "maker", &self.token), PUBLIC).await;
        let wish = json!({ "assignee": null, "group": cast.finance });
        let path = format!("tickets/{}/assignment", hidden["number"]);
        let (status, answer) = self.call(Method::PUT, &path, Some(wish)).await;
        assert_eq!(status, 200, "{answer}");
        self.settle().await;
        hidden
    }

    /// A ticket as somebody sees it who sees all.
    pub(crate) async fn whole(&self, number: &str) -> Value {
        let mut whole = Vec::new();
        for what in ["", "/messages", "/history"] {
            whole.push(self.get(&format!("tickets/{number}{what}")).await);
        }
        json!(whole)
    }
}

/// Those of these things that are of the given kinds.
fn of_kinds(things: &Things, kinds: &[&str]) -> Things {
    let wanted = things.iter().filter(|(kind, _)| kinds.contains(*kind));
    wanted.map(|(kind, name)| (*kind, name.clone())).collect()
}

const TICKETS: [&str; 4] = ["ticket", "number", "message", "file"];

on_both_databases! {
    async fn what_an_agent_or_a_helper_may_not_see_no_call_of_the_host_tells_or_changes_for_him(desk) {
        let cast = desk.cast().await;
        // Who helps from outside knows no customer and no group from within, either.
        let beyond = ["ticket", "number", "message", "file", "customer", "identity"];
        let viewers = [("an agent", &cast.al, &TICKETS[..]), ("a helper", &cast.hal, &beyond[..])];
        let caller = |token| Caller::of(&desk, "viewer", token);
        let mut before = Vec::new();
        for (_, token, _) in viewers {
            before.push(listed(&caller(token)).await);
        }
        let hidden = desk.hidden(&cast).await;
        let untouched = desk.whole(&hidden["number"]).await;
        for ((who, token, kinds), before) in viewers.into_iter().zip(before) {
            let answers = listed(&caller(token)).await;
            assert_eq!(before, answers, "{who} is answered the same whatever is hidden from him");
            hold_nothing_of(&hidden, PUBLIC, &answers);
            let tried = try_all(&caller(token), &cast.own, &of_kinds(&hidden, kinds)).await;
            assert!(tried > 60, "{who}: {tried}");
            hold_nothing_of(&of_kinds(&hidden, kinds), PUBLIC, &listed(&caller(token)).await);
        }
        desk.settle().await;
        assert_eq!(desk.whole(&hidden["number"]).await, untouched);
    }

    async fn a_report_sees_no_more_than_who_asks_for_it_by_any_call_of_the_host(desk) {
        let cast = desk.cast().await;
        let caller = Caller { report: Some(cast.viewer), ..Caller::of(&desk, "viewer", &cast.al) };
        let hidden = desk.hidden(&cast).await;
        let untouched = desk.whole(&hidden["number"]).await;
        let tried = try_all(&caller, &cast.own, &of_kinds(&hidden, &TICKETS)).await;
        assert!(tried > 60, "{tried}");
        desk.settle().await;
        assert_eq!(desk.whole(&hidden["number"]).await, untouched);
    }

    async fn nobody_sees_nothing_by_any_call_of_the_host(desk) {
        let cast = desk.cast().await;
        let nobody = Caller::of(&desk, "public", "");
        let untouched = desk.whole(&cast.own["number"]).await;
        let seen = ["ticket", "number", "message", "file", "customer", "identity", "agent", "group"];
        let hidden = of_kinds(&cast.own, &seen);
        // He has nothing of his own.
        let mut own = cast.own.clone();
        for kind in seen {
            if let Ok(id) = uuid::Uuid::parse_str(&own[kind]) {
                own.insert(kind, uuid::Uuid::from_u128(id.as_u128() ^ 2).to_string());
            }
        }
        let tried = try_all(&nobody, &own, &hidden).await;
        assert!(tried > 80, "{tried}");
        // What is nobody's may be told: he was shown nothing of it.
        let answers = listed(&nobody).await;
        hold_nothing_of(&hidden, "Salaries", &answers);
        for (call, told) in answers {
            let empty = ["{\"ok\":[]}", "{\"ok\":0}", "{\"ok\":{\"next\":null,\"rows\":[]}}", "{\"ok\":{\"items\":[],\"next\":null}}"];
            let is_empty = empty.contains(&&*told);
            assert!(is_empty || told.starts_with("{\"invalid\"") || call == "settings.get", "{call}: {told}");
        }
        desk.settle().await;
        assert_eq!(desk.whole(&cast.own["number"]).await, untouched);
    }

    async fn whoever_helps_from_outside_is_told_of_people_by_name_only_by_plugins_too(desk) {
        let cast = desk.cast().await;
        let people = async |token: &str, call: &str, arguments: Value| Caller::of(&desk, "viewer", token).call(call, &arguments).await;
        let told = people(&cast.hal, "directory-read.agents", json!([null, 200])).await;
        assert!(told.contains("\"name\":\"Bo\"") && !told.contains('@'), "{told}");
        let told = people(&cast.hal, "directory-read.agent", json!([cast.own["agent"]])).await;
        assert!(told.contains("\"name\":\"Al own\"") && !told.contains('@'), "{told}");
        let told = people(&cast.hal, "directory-read.members", json!([cast.own["group"]])).await;
        assert!(told.contains("denied"), "{told}");
        let told = people(&cast.al, "directory-read.members", json!([cast.own["group"]])).await;
        assert!(told.contains("al-own@acme.example"), "an agent knows his colleagues: {told}");
    }

    async fn whoever_may_not_work_a_ticket_learns_nothing_of_groups_and_customers_by_trying(desk) {
        let cast = desk.cast().await;
        let number = &cast.own["number"];
        let put = async |path: &str, wish: Value| desk.call_as(&cast.hal, Method::PUT, &format!("tickets/{number}/{path}"), Some(wish)).await;
        let assigned = async |agent: &str| put("assignment", json!({ "assignee": agent, "group": cast.own["group"] })).await;
        let bo = desk.admin.to_string();
        assert_eq!(assigned(&cast.own["agent"]).await, assigned(&bo).await, "who is a member, and who is not");
        assert_eq!(assigned(&bo).await.0, 403);
        let nobody = crate::host_calls::things::nobodys(&cast.own["customer"]);
        let copied = async |customer: &str| put(&format!("participants/cc/customer/{customer}"), json!({})).await;
        assert_eq!(copied(&cast.own["customer"]).await, copied(&nobody).await, "a customer that there is, and one that there is not");
        assert_eq!(copied(&nobody).await.0, 403);
    }

    async fn an_event_that_is_hidden_takes_no_place_among_those_that_are_told(desk) {
        let cast = desk.cast().await;
        let own = &cast.own["ticket"];
        let maker = Caller::of(&desk, "maker", &desk.token);
        for tag in ["a", "b"] {
            desk.hidden(&cast).await;
            maker.made("tickets-write.add-tags", json!([own, [tag]])).await;
        }
        for token in [&cast.al, &cast.hal] {
            let viewer = Caller::of(&desk, "viewer", token);
            for kind in ["", "ticket.", "ticket.changed"] {
                let since = async |after: u64, limit: usize| {
                    let told = viewer.made("events-read.since", json!([after, kind, limit])).await;
                    told.as_array().unwrap().clone()
                };
                let all = since(0, 200).await;
                assert!(all.len() >= 2 && all.iter().all(|event| event["ticket"] == **own), "{all:?}");
                for limit in 1..=all.len() {
                    assert_eq!(since(0, limit).await, all[..limit], "{kind} {limit}");
                }
                let last_but_one = all[all.len() - 2]["sequence"].as_u64().unwrap();
                assert_eq!(since(last_but_one, 1).await, all[all.len() - 1..]);
            }
        }
    }

    async fn what_blocks_or_took_in_a_ticket_is_told_only_to_who_may_see_it(desk) {
        let cast = desk.cast().await;
        let hidden = desk.hidden(&cast).await;
        let (own, secret) = (&cast.own["number"], &hidden["number"]);
        let call = async |method: Method, path: &str, wish: Option<Value>| {
            let (status, answer) = desk.call(method, path, wish).await;
            assert!(status < 300, "{path}: {answer}");
        };
        call(Method::PUT, &format!("tickets/{own}/links/blocked-by/{secret}"), None).await;
        let solved = format!("tickets/{own}/solution");
        let (status, told) = desk.call_as(&cast.al, Method::PUT, &solved, Some(json!({}))).await;
        let detail = told["detail"].as_str().unwrap();
        assert!(status == 409 && !detail.contains(&format!("ticket {secret}")) && !detail.contains("new"), "{told}");
        let (_, told) = desk.call(Method::PUT, &solved, Some(json!({}))).await;
        assert!(told["detail"].as_str().unwrap().contains(&format!("ticket {secret}, which is new")), "{told}");
        let viewer = Caller::of(&desk, "viewer", &cast.al);
        let told = viewer.call("tickets-write.transition", &json!([cast.own["ticket"], "solve", {}])).await;
        assert!(told.contains("conflict") && !told.contains(&format!("ticket {secret}")), "{told}");
        call(Method::DELETE, &format!("tickets/{own}/links/blocked-by/{secret}"), None).await;
        // Merged into what is hidden, it is given back by who may work both; to others it is all one how the hidden one stands.
        call(Method::PUT, &format!("tickets/{own}/merger"), Some(json!({ "into": secret.parse::<u64>().unwrap() }))).await;
        let taken_back = async || desk.call_as(&cast.al, Method::DELETE, &format!("tickets/{own}/merger"), None).await;
        let open = taken_back().await;
        assert_eq!(open.0, 403, "{}", open.1);
        call(Method::PUT, &format!("tickets/{secret}/deletion"), None).await;
        assert_eq!(taken_back().await, open);
    }

    async fn a_file_comes_into_sight_by_nothing_that_its_viewer_may_do(desk) {
        let cast = desk.cast().await;
        let hidden = desk.hidden(&cast).await;
        let maker = Caller::of(&desk, "maker", &desk.token);
        let kept = maker.made("files.put", json!(["k.txt", "text/plain", "kept"])).await["file"].as_str().unwrap().to_owned();
        // The ticket is deleted: its files would go with whatever names them.
        let deletion = format!("tickets/{}/deletion", hidden["number"]);
        assert_eq!(desk.call(Method::PUT, &deletion, None).await.0, 200);
        let viewer = Caller::of(&desk, "viewer", &cast.al);
        for file in [&hidden["file"], &kept] {
            let named = json!({ "text": "See.", "fields": { "source": file } });
            let attached = json!({ "text": "See.", "attachments": [file] });
            for (call, arguments) in [
                ("tickets-write.add-message", json!([cast.own["ticket"], named])),
                ("tickets-write.add-message", json!([cast.own["ticket"], attached])),
                ("intake.quarantine", json!([file, "mailto:loop@trade.example", "Away", "email_loop", { "text": "Away." }])),
            ] {
                let told = viewer.call(call, &arguments).await;
                assert!(told.contains("not-found"), "{call}: {told}");
            }
            assert_eq!(desk.call_as(&cast.al, Method::GET, &format!("files/{file}"), None).await.0, 404);
        }
    }
}
