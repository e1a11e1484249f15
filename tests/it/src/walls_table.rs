//! Every route of the API, tried with what belongs to another tenant.
//!
//! The routes are read from the API's own description. A parameter of which it is not said here what it names, and a body of which none is given, fail:
//! a new route needs its row.

use crate::desk::{TestDesk, on_both_databases};
use guichet::admin;
use guichet_core::directory::AgentRole;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a parameter of a path names; nothing where it names no thing of a tenant's, with a value that the route takes.
pub(crate) fn named(path: &str, parameter: &str) -> Result<&'static str, &'static str> {
    Ok(match (path, parameter) {
        (_, "number" | "other") => "ticket",
        (_, "install") => "install",
        (_, "agent") => "agent",
        (_, "sequence") => return Err("1"),
        (_, "relation") => return Err("blocks"),
        (_, "role") => return Err("watcher"),
        (_, "kind") => return Err("agent"),
        (_, "message") => "message",
        (_, "view") => return Err("side"),
        (_, "name") => return Err("echo"),
        _ if path.contains("/participants/") => "agent",
        _ => match path.split('/').nth(1).unwrap_or_default() {
            "agents" => "agent",
            "customer-groups" => "customer-group",
            "customers" => "customer",
            "files" => "file",
            "groups" => "group",
            "jobs" => "job",
            "plugins" => "install",
            "suspended" => "suspended",
            "tokens" => "token",
            "views" => "view",
            _ => panic!("what does `{{{parameter}}}` of {path} name? Give it a row"),
        },
    })
}

/// A body that the route would take, were the thing there.
pub(crate) fn body(
    method: &str,
    path: &str,
    foreign: &BTreeMap<&'static str, String>,
) -> Option<Value> {
    Some(match (method, path) {
        ("put", "/agents/{id}") => {
            json!({ "name": "Eve", "role": "agent", "elsewhere": "none", "active": true })
        }
        ("put", "/customer-groups/{id}") => {
            json!({ "name": "Ours", "kind": "organisation", "shares_tickets": false })
        }
        ("put", "/customers/{id}") => json!({ "name": "Eve" }),
        ("put", "/groups/{id}") => json!({ "name": "Ours" }),
        ("put", "/groups/{id}/members/{agent}") => json!({ "access": "change" }),
        ("put", "/plugins/{id}/consent") => json!({ "digest": foreign["digest"], "grants": [] }),
        ("put", "/plugins/{id}/guard") => json!({ "on_failure": "open" }),
        ("put", "/plugins/{id}/position") => json!({ "position": 1 }),
        ("put", "/plugins/{id}/settings") => json!({ "settings": { "deed": "rest" } }),
        ("post", "/reports/{install}/{name}") => json!({}),
        ("put", "/suspended/{id}/recovery") => json!({}),
        ("put", "/tickets/{number}/assignment") => json!({ "assignee": null, "group": null }),
        ("put", "/tickets/{number}/merger") => json!({ "into": 1 }),
        ("post", "/tickets/{number}/messages") => json!({ "visibility": "internal", "text": "x" }),
        ("put", "/tickets/{number}/messages/{message}/delivery") => json!({ "decision": "send" }),
        ("post", "/panels/{install}/{view}/rendering") => json!({ "locale": "en" }),
        ("post", "/panels/{install}/{view}/actions") => json!({ "action": "act" }),
        ("put", "/tickets/{number}/participants/{role}/{kind}/{id}") => json!({}),
        ("put", "/tickets/{number}/pending") => json!({ "reason": "requester" }),
        ("put", "/tickets/{number}/presence") => json!({ "typing": true }),
        ("put", "/tickets/{number}/priority") => json!({ "impact": 1, "urgency": 1 }),
        ("put", "/tickets/{number}/solution") => json!({}),
        ("post", "/tickets/{number}/splits") => json!({ "message": foreign["message"] }),
        ("put", "/tickets/{number}/tags") => json!({ "tags": ["x"] }),
        ("put", "/views/{id}") => json!({ "name": { "en": "Ours" }, "shared": "nobody" }),
        _ => return None,
    })
}

/// One of each kind of thing that a route names.
pub(crate) async fn things(desk: &TestDesk, tag: &str) -> BTreeMap<&'static str, String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let post = async |path: &str, wish: Value| {
        let (status, made) = desk.call(Method::POST, path, Some(wish)).await;
        assert!(status == 200 || status == 201, "{path}: {made}");
        made
    };
    desk.plugin("email", json!({})).await;
    let guard = "[guard]\nkinds = [\"ticket.changed\"]\nreason.en = \"Looks.\"\non-failure = \"open\"\n[[reports]]\nname = \"echo\"\ntitle.en = \"Echo\"\n\
        [[views]]\nname = \"side\"\nlocation = \"nav.page\"\ntitle.en = \"Side\"\n";
    let deed = json!({ "deed": { "enqueue": { "deed": "give-up" } } });
    let install = desk.guest_with("walled", deed, guard).await;
    let mail = format!(
        "From: Ana <ana@trade.example>\r\nTo: support@desk.example\r\nSubject: Salaries of {tag}\r\nMessage-ID: <1@trade.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\n\
         Content-Disposition: attachment; filename=a.csv\r\n\r\nsecret\r\n--b--\r\n"
    );
    assert_eq!(desk.mail(mail).await.0, 201);
    let number = desk.get("tickets").await["items"][0]["number"]
        .as_u64()
        .unwrap();
    let away = "From: Ana <ana@trade.example>\r\nTo: support@desk.example\r\nSubject: Away\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <2@trade.example>\r\n\r\nAway.\r\n";
    assert_eq!(desk.mail(away).await.0, 201);
    desk.settle().await;
    let agent = post("agents", json!({ "name": "Al", "email": "al@trade.example", "role": "agent", "password": "a long password" })).await;
    let group = post("groups", json!({ "name": "Finance" })).await;
    let customer_group = post(
        "customer-groups",
        json!({ "name": "Trade", "kind": "organisation", "shares_tickets": true }),
    )
    .await;
    let view = post(
        "views",
        json!({ "name": { "en": "Mine" }, "shared": "everybody" }),
    )
    .await;
    let token = post("tokens", json!({ "name": "theirs", "scopes": ["api"] })).await;
    let messages = desk.messages(number).await;
    let install = desk.get(&format!("plugins/{install}")).await;
    let jobs = desk
        .get(&format!("plugins/{}/jobs", text(&install["id"])))
        .await;
    BTreeMap::from([
        ("agent", text(&agent["id"])),
        ("customer-group", text(&customer_group["id"])),
        (
            "customer",
            text(&desk.get("customers").await["items"][0]["id"]),
        ),
        ("digest", text(&install["digest"])),
        ("file", text(&messages[0]["attachments"][0]["file"])),
        ("group", text(&group["id"])),
        ("install", text(&install["id"])),
        ("job", text(&jobs["items"][0]["id"])),
        ("message", text(&messages[0]["id"])),
        (
            "suspended",
            text(&desk.get("suspended").await["items"][0]["id"]),
        ),
        ("ticket", number.to_string()),
        ("token", text(&token["id"])),
        ("view", text(&view["id"])),
    ])
}

/// An id, or number, that nobody has.
pub(crate) fn nobodys(kind: &str) -> &'static str {
    match kind {
        "ticket" => "77",
        _ => "01a213b4-cead-7def-ab3e-24a6879047b9",
    }
}

on_both_databases! {
    async fn every_route_answers_with_a_foreign_id_as_with_one_that_nobody_has_and_changes_nothing(desk) {
        // More tickets here than there: a number of the one is nobody's in the other.
        desk.ticket("First").await;
        let foreign = things(&desk, "acme").await;
        desk.settle().await;
        let store = desk.desk.store.tenant(desk.tenant.id);
        let before = store.cursor().await.unwrap().sequence;
        let other = admin::ensure_tenant(&desk.desk, "other", "Other", "UTC").await.unwrap();
        let eve = admin::create_agent(&desk.desk, other.id, "Eve", "eve@other.example", AgentRole::Admin, crate::desk::PASSWORD).await.unwrap();
        let token = admin::create_token(&desk.desk, other.id, "t", Some(eve.id), &["api".to_owned()]).await.unwrap();
        let own_group = admin::create_group(&desk.desk, other.id, "Own", &[]).await.unwrap().id.to_string();
        let ask = async |method: &str, path: &str, body: Option<Value>| {
            let url = format!("{}/t/other/api/v1{path}", desk.address);
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let mut request = desk.client.request(method, url).bearer_auth(&token);
            if let Some(body) = body {
                request = request.json(&body);
            }
            let response = request.send().await.unwrap();
            (response.status().as_u16(), response.text().await.unwrap())
        };
        let wish = json!({ "subject": "Own", "text": "x", "requester": { "email": "eve@other.example" } });
        assert_eq!(ask("post", "/tickets", Some(wish)).await.0, 201);
        let own = BTreeMap::from([("ticket", "1".to_owned()), ("group", own_group), ("agent", eve.id.to_string())]);
        let description = serde_json::to_value(guichet::inbound::http::openapi()).unwrap();
        let mut tried = 0;
        for (path, methods) in description["paths"].as_object().unwrap() {
            let path = path.strip_prefix("/t/{tenant}/api/v1").unwrap();
            let parameters: Vec<_> = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
            for method in methods.as_object().unwrap().keys().filter(|name| *name != "parameters") {
                let wants_body = methods[method]["requestBody"]["content"]["application/json"].is_object();
                // What never ends has its own sentences, in `live`.
                let lists = parameters.is_empty() && method == "get" && path != "/live";
                if lists {
                    let (_, told) = ask(method, path, None).await;
                    for (kind, id) in foreign.iter().filter(|(kind, _)| !["ticket", "digest"].contains(*kind)) {
                        assert!(!told.contains(id.as_str()), "{path} tells of a foreign {kind}");
                    }
                }
                // Each parameter foreign in its turn, the others one's own where there are such.
                for tried_one in parameters.iter().filter(|parameter| named(path, parameter).is_ok()) {
                    let with = |id: &dyn Fn(&'static str) -> String| {
                        parameters.iter().fold(path.to_owned(), |path_so_far, parameter| {
                            let value = match named(path, parameter) {
                                Err(value) => value.to_owned(),
                                Ok(kind) if parameter == tried_one => id(kind),
                                Ok(kind) => own.get(kind).cloned().unwrap_or_else(|| nobodys(kind).to_owned()),
                            };
                            path_so_far.replace(&format!("{{{parameter}}}"), &value)
                        })
                    };
                    let wish = body(method, path, &foreign);
                    assert_eq!(wish.is_some(), wants_body, "{method} {path} needs a body's row");
                    let (theirs, nobodys_path) = (with(&|kind| foreign[kind].clone()), with(&|kind| nobodys(kind).to_owned()));
                    let (status, told) = ask(method, &theirs, wish.clone()).await;
                    let (unknown, told_unknown) = ask(method, &nobodys_path, wish).await;
                    let kind = named(path, tried_one).unwrap();
                    let as_unknown = told.replace(&foreign[kind], nobodys(kind));
                    assert_eq!((status, as_unknown), (unknown, told_unknown), "{method} {path}: {tried_one}");
                    // Who takes no part is out already, whoever he is.
                    let is_out = method == "delete" && path.contains("/participants/") && *tried_one == "id";
                    assert_eq!(status, if is_out { 200 } else { 404 }, "{method} {path}: {tried_one}: {told}");
                    tried += 1;
                }
            }
        }
        assert!(tried >= 60, "{tried}");
        desk.settle().await;
        assert_eq!(store.cursor().await.unwrap().sequence, before, "nothing was changed");
    }
}
