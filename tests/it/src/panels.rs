//! What plugins show: with the eyes of who looks, within bounds, and a plugin that fails is told in its own place.

use crate::desk::{TestDesk, on_both_databases};
use guichet_core::directory::AgentRole;
use reqwest::Method;
use serde_json::{Value, json};

/// What a guest's manifest says of its views: name and location each.
fn views(all: &[(&str, &str)]) -> String {
    let mut manifest = String::new();
    for (name, location) in all {
        manifest += &format!(
            "[[views]]\nname = \"{name}\"\nlocation = \"{location}\"\ntitle.en = \"{name}\"\n"
        );
    }
    manifest
}

fn view(blocks: Value) -> Value {
    json!({ "title": "Parcels", "blocks": blocks })
}

const GRANTS: [&str; 2] = ["tickets-read", "tickets-write"];

/// A guest that shows what it is told; its id.
async fn shower(desk: &TestDesk, manifest: &str, shows: Value, answers: Value) -> String {
    let settings = json!({ "deed": "rest", "shows": shows, "answers": answers });
    let install = desk
        .guest_granted("shower", &GRANTS, settings, manifest)
        .await;
    install["id"].as_str().unwrap().to_owned()
}

async fn render_as(
    desk: &TestDesk,
    token: &str,
    install: &str,
    view: &str,
    subject: Value,
) -> (u16, Value) {
    let path = format!("panels/{install}/{view}/rendering");
    let wish = json!({ "subject": subject, "locale": "zh-CN" });
    desk.call_as(token, Method::POST, &path, Some(wish)).await
}

async fn render(desk: &TestDesk, install: &str, view: &str, subject: Value) -> (u16, Value) {
    render_as(desk, &desk.token, install, view, subject).await
}

async fn act_as(
    desk: &TestDesk,
    token: &str,
    install: &str,
    number: u64,
    action: &str,
    input: Value,
) -> (u16, Value) {
    let path = format!("panels/{install}/side/actions");
    let wish = json!({ "subject": { "ticket": number }, "action": action, "input": input });
    desk.call_as(token, Method::POST, &path, Some(wish)).await
}

async fn tags(desk: &TestDesk, number: u64) -> Value {
    desk.get(&format!("tickets/{number}")).await["tags"].clone()
}

on_both_databases! {
    async fn a_view_is_rendered_where_it_stands_for_who_looks_in_his_language(desk) {
        let shown = view(json!([{ "type": "badge", "text": "lost", "tone": "bad" }]));
        let install = shower(&desk, &views(&[("side", "ticket.sidebar"), ("page", "nav.page"), ("person", "customer.sidebar")]), json!({ "side": "told", "page": shown, "person": shown }), json!({})).await;
        let number = desk.ticket("Printer").await;
        let list = desk.get("panels").await;
        let listed: Vec<_> = list["items"].as_array().unwrap().iter().map(|one| (one["view"].as_str().unwrap(), one["location"].as_str().unwrap())).collect();
        assert_eq!(listed, [("side", "ticket.sidebar"), ("page", "nav.page"), ("person", "customer.sidebar")]);
        let only = desk.get("panels?location=nav.page").await;
        assert_eq!(only["items"].as_array().unwrap().len(), 1);
        let (status, told) = render(&desk, &install, "side", json!({ "ticket": number })).await;
        assert_eq!((status, &told["blocks"][0]["text"]), (200, &json!("ticket.sidebar agent zh-CN Printer")), "{told}");
        let (status, page) = render(&desk, &install, "page", Value::Null).await;
        assert_eq!((status, &page["blocks"][0]["text"]), (200, &json!("lost")), "{page}");
        let customer = desk.get(&format!("tickets/{number}")).await["requester"]["id"].clone();
        assert_eq!(render(&desk, &install, "person", json!({ "customer": customer })).await.0, 200);
        for (view, subject, status) in [
            ("side", Value::Null, 422),
            ("side", json!({ "customer": customer }), 422),
            ("side", json!({ "ticket": 99 }), 404),
            ("page", json!({ "ticket": number }), 422),
            ("person", json!({ "customer": "0190f8b0-0000-7000-8000-000000000000" }), 404),
            ("other", Value::Null, 404),
        ] {
            let answer = render(&desk, &install, view, subject).await;
            assert_eq!(answer.0, status, "{view}: {}", answer.1);
        }
    }

    async fn an_action_changes_what_its_viewer_may_change_and_says_why_in_the_history(desk) {
        let install = shower(&desk, &views(&[("side", "ticket.sidebar")]), json!({}), json!({ "again": { "view": view(json!([{ "type": "text", "text": "Again" }])) } })).await;
        let number = desk.ticket("Printer").await;
        let (status, answer) = act_as(&desk, &desk.token, &install, number, "tag", json!({ "tag": "vip" })).await;
        assert_eq!((status, &answer["toast"]["text"]), (200, &json!("Tagged vip")), "{answer}");
        assert_eq!(tags(&desk, number).await, json!(["vip"]), "it is committed before it is answered");
        let history = desk.history(number).await;
        assert_eq!(history.last().unwrap()["cause"]["plugin"], "tests/shower");
        let (status, answer) = act_as(&desk, &desk.token, &install, number, "again", json!(null)).await;
        assert_eq!((status, &answer["view"]["blocks"][0]["text"]), (200, &json!("Again")), "{answer}");
        let (status, refused) = act_as(&desk, &desk.token, &install, number, "tag", json!({ "tag": "x".repeat(70_000) })).await;
        assert_eq!(status, 422, "{refused}");
    }

    async fn an_action_that_a_guard_refuses_changes_nothing_and_is_noted_so(desk) {
        let install = shower(&desk, &views(&[("side", "ticket.sidebar")]), json!({}), json!({})).await;
        let number = desk.ticket("Printer").await;
        let guard = "[guard]\nkinds = [\"ticket.changed\"]\non-failure = \"closed\"\nreason.en = \"Looks at each change.\"\n";
        let settings = json!({ "deed": "rest", "guard": { "refuse": "no changes today" } });
        desk.guest_granted("guard", &[], settings, guard).await;
        let (status, refused) = act_as(&desk, &desk.token, &install, number, "tag", json!({ "tag": "vip" })).await;
        assert!(status == 422 && refused["detail"].as_str().unwrap().contains("no changes today"), "{refused}");
        assert_eq!(tags(&desk, number).await, json!([]));
        let runs = desk.get(&format!("plugins/{install}/runs")).await;
        let noted: Vec<_> = runs["items"].as_array().unwrap().iter().filter(|run| run["point"] == "views").map(|run| run["outcome"].clone()).collect();
        assert_eq!(noted, ["refused"], "once, and not as if it had been done");
    }

    async fn rights_are_those_of_the_install_and_of_who_looks(desk) {
        let all = [("side", "ticket.sidebar"), ("page", "nav.page"), ("settings", "settings.page")];
        let install = shower(&desk, &views(&all), json!({ "side": "told", "page": view(json!([])), "settings": view(json!([])) }), json!({})).await;
        let number = desk.ticket("Printer").await;
        let (helper, token) = desk.agent("Hu", AgentRole::Helper).await;
        assert_eq!(render_as(&desk, &token, &install, "side", json!({ "ticket": number })).await.0, 404, "a ticket that he does not see");
        let part = format!("tickets/{number}/participants/helper/agent/{}", helper.0);
        assert_eq!(desk.call(Method::PUT, &part, Some(json!({}))).await.0, 200);
        let (status, told) = render_as(&desk, &token, &install, "side", json!({ "ticket": number })).await;
        assert_eq!(status, 200, "{told}");
        let (status, refused) = act_as(&desk, &token, &install, number, "tag", json!({ "tag": "mine" })).await;
        assert!(status == 502 && refused["detail"].as_str().unwrap().contains("denied"), "what he may not do himself: {refused}");
        assert_eq!(tags(&desk, number).await, json!([]));
        for inside in ["page", "settings"] {
            assert_eq!(render_as(&desk, &token, &install, inside, Value::Null).await.0, 404, "{inside}");
        }
        let (_, agent) = desk.agent("Al", AgentRole::Agent).await;
        assert_eq!(render_as(&desk, &agent, &install, "page", Value::Null).await.0, 200);
        assert_eq!(render_as(&desk, &agent, &install, "settings", Value::Null).await.0, 404, "settings are for admins");
        let without = desk.guest_granted("blind", &[], json!({ "deed": "rest", "shows": { "side": "told" } }), &views(&[("side", "ticket.sidebar")])).await;
        let (_, told) = render(&desk, without["id"].as_str().unwrap(), "side", json!({ "ticket": number })).await;
        assert!(told["blocks"][0]["text"].as_str().unwrap().contains("Denied"), "nobody lends it his rights: {told}");
    }

    async fn a_plugin_that_fails_is_told_with_its_name_and_writes_nothing(desk) {
        let all = [("slow", "ticket.sidebar"), ("trap", "ticket.sidebar"), ("error", "ticket.sidebar"), ("no-json", "ticket.sidebar"), ("tag", "ticket.sidebar"), ("wrong", "ticket.sidebar")];
        let wrong = view(json!([{ "type": "text", "text": "ok" }, { "type": "script", "text": "alert(1)" }]));
        let shows = json!({ "slow": "slow", "trap": "trap", "error": "error", "no-json": "no-json", "tag": "tag", "wrong": wrong });
        let install = shower(&desk, &views(&all), shows, json!({})).await;
        let number = desk.ticket("Printer").await;
        for (view, said) in [("slow", "cpu"), ("trap", "trap"), ("error", "as told"), ("no-json", "does not fit"), ("tag", "write nothing"), ("wrong", "/blocks/1")] {
            let (status, problem) = render(&desk, &install, view, json!({ "ticket": number })).await;
            let detail = problem["detail"].as_str().unwrap();
            assert!(status == 502 && detail.contains("tests/shower") && detail.contains(said), "{view}: {detail}");
        }
        assert_eq!(tags(&desk, number).await, json!([]));
        let runs = desk.get(&format!("plugins/{install}/runs")).await;
        let told = runs["items"].as_array().unwrap().iter().filter(|run| run["point"] == "views").count();
        assert_eq!(told, all.len(), "{runs}");
    }
}
