//! Every route of the API as somebody with fewer rights: a helper from outside, an agent whom a group keeps out, an agent who is no admin.
//!
//! The routes are read from the API's own description; one of which the table does not say for whom it is fails.

use crate::{
    desk::on_both_databases,
    host_calls::things::{PUBLIC, Things},
    viewers::Cast,
    walls_table::{body, named, nobodys},
};
use guichet_core::directory::AgentRole;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// For whom a route is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum For {
    /// Who may see the thing that it names; to others it is as unknown as one that there is not.
    WhoSeesIt,
    /// Admins.
    Admins,
    /// Agents, not helpers from outside.
    Inside,
    /// Everybody who is signed in; why a helper may.
    Everybody(&'static str),
    /// Everybody who is signed in, and it never ends: `live` tries what is told there.
    Followers,
    /// Who is not signed in yet.
    Strangers,
}

fn for_whom(method: &str, path: &str) -> For {
    use For::{Admins, Everybody, Followers, Inside, Strangers, WhoSeesIt};
    match (method, path) {
        ("post", "/session") => Strangers,
        ("get", "/live") => Followers,
        (_, "/session") => Everybody("it is about himself"),
        ("get", "/tickets") => Everybody("it lists what he sees"),
        ("post", "/tickets") => Inside,
        (_, path) if path.starts_with("/tickets/{number}") => WhoSeesIt,
        (_, "/files/{id}" | "/views/{id}") => WhoSeesIt,
        ("get", "/suspended") => {
            Everybody("it lists what he sees: of what waits, a helper sees nothing")
        }
        (_, path) if path.starts_with("/suspended/{id}") => WhoSeesIt,
        ("post", "/expressions/check") | ("get", "/expressions/names") => {
            Everybody("it is about the language, and tells names of fields, not what is in them")
        }
        ("get", "/views" | "/views/counts") => {
            Everybody("it lists what he sees: a helper has no views")
        }
        ("post", "/views") => Inside,
        ("get", "/agents") => Everybody("who says something on his ticket has a name"),
        ("get", "/groups") => Everybody("his ticket is some group's"),
        ("get", "/groups/{id}/members" | "/customers" | "/customers/{id}" | "/customer-groups") => {
            Inside
        }
        ("put", "/customers/{id}") => Inside,
        ("get", "/fields") => {
            Everybody("it says what fields of tickets mean, and nothing of any ticket")
        }
        ("get", "/panels") => Everybody("it lists what stands where he is"),
        ("post", path) if path.starts_with("/panels/") => WhoSeesIt,
        ("get", "/plugins" | "/reports") | ("post", "/reports/{install}/{name}") => Inside,
        (
            _,
            "/agents"
            | "/agents/{id}"
            | "/groups"
            | "/groups/{id}"
            | "/groups/{id}/members/{agent}",
        ) => Admins,
        (_, "/customer-groups" | "/customer-groups/{id}") => Admins,
        (
            _,
            "/audit"
            | "/dead-letters"
            | "/dead-letters/{install}/{sequence}/replay"
            | "/marketplace/plugins",
        ) => Admins,
        (_, "/jobs/{id}/revival" | "/tokens" | "/tokens/{id}") => Admins,
        (_, path) if path == "/plugins" || path.starts_with("/plugins/") => Admins,
        _ => panic!("for whom is {method} {path}? Give it a row"),
    }
}

/// What a route takes that makes something, were it for whoever asks.
fn wish(method: &str, path: &str, things: &BTreeMap<&'static str, String>) -> Option<Value> {
    let made = match (method, path) {
        ("post", "/agents") => {
            json!({ "name": "Eve", "email": "eve@acme.example", "role": "admin", "password": "a long password" })
        }
        ("post", "/groups") => json!({ "name": "Ours" }),
        // There is one of that name.
        ("post", "/customer-groups") => {
            json!({ "name": "Trade", "kind": "organisation", "shares_tickets": true })
        }
        ("post", "/plugins") => json!({ "marketplace": "acme/triage" }),
        ("post", "/tickets") => {
            json!({ "subject": "x", "text": "x", "requester": { "email": "eve@acme.example" } })
        }
        ("post", "/tokens") => json!({ "name": "mine", "scopes": ["api"] }),
        ("post", "/views") => json!({ "name": "Mine", "shared": "nobody" }),
        ("post", "/expressions/check") => json!({ "kind": "tickets", "text": "state == \"new\"" }),
        _ => return body(method, path, things),
    };
    Some(made)
}

/// Method, path and parameters of each route.
fn routes() -> Vec<(String, String, Vec<String>)> {
    let description = serde_json::to_value(guichet::inbound::http::openapi()).unwrap();
    let mut routes = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/t/{tenant}/api/v1").unwrap();
        let parts = path.split('/');
        let parameters =
            parts.filter_map(|part| Some(part.strip_prefix('{')?.strip_suffix('}')?.to_owned()));
        let parameters: Vec<_> = parameters.collect();
        for method in methods
            .as_object()
            .unwrap()
            .keys()
            .filter(|name| *name != "parameters")
        {
            routes.push((method.clone(), path.to_owned(), parameters.clone()));
        }
    }
    routes
}

/// A path with one of its parameters as given, and the others one's own.
fn with(
    path: &str,
    parameters: &[String],
    one: &str,
    value: &str,
    own: &BTreeMap<&'static str, String>,
) -> String {
    parameters
        .iter()
        .fold(path.to_owned(), |so_far, parameter| {
            let value = match named(path, parameter) {
                _ if parameter == one => value.to_owned(),
                Err(value) => value.to_owned(),
                Ok(kind) => own
                    .get(kind)
                    .cloned()
                    .unwrap_or_else(|| nobodys(kind).to_owned()),
            };
            so_far.replace(&format!("{{{parameter}}}"), &value)
        })
}

/// By the names of the routes' table.
fn as_routes_name(
    things: &Things,
    more: &[(&'static str, &str)],
) -> BTreeMap<&'static str, String> {
    let mut named: BTreeMap<_, _> = things.clone();
    named.insert("ticket", things["number"].clone());
    named.extend(more.iter().map(|(kind, name)| (*kind, (*name).to_owned())));
    named
}

impl crate::desk::TestDesk {
    /// Status and text of an answer.
    async fn told(
        &self,
        token: &str,
        method: &str,
        path: &str,
        wish: Option<Value>,
    ) -> (u16, String) {
        let url = format!("{}/t/acme/api/v1{path}", self.address);
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        let mut request = self.client.request(method, url).bearer_auth(token);
        if let Some(wish) = wish {
            request = request.json(&wish);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// The install of a plugin, by its name.
    async fn install_of(&self, plugin: &str) -> String {
        let installs = self.get("plugins").await;
        let mut items = installs["items"].as_array().unwrap().iter();
        let install = items.find(|install| install["plugin"] == plugin).unwrap();
        install["id"].as_str().unwrap().to_owned()
    }

    /// Something that waits, as an admin sees it; a helper does not.
    async fn suspended(&self, cast: &Cast) -> String {
        let maker = crate::host_calls::caller::Caller::of(self, "maker", &self.token);
        let message = json!({ "text": format!("Away {PUBLIC}.") });
        let arguments = json!([
            cast.own["file"],
            "mailto:loop@trade.example",
            format!("Away {PUBLIC}"),
            "email_loop",
            message
        ]);
        let made = maker.made("intake.quarantine", arguments).await;
        made.as_str().unwrap().to_owned()
    }
}

on_both_databases! {
    async fn a_route_answers_with_what_is_hidden_as_with_what_there_is_not(desk) {
        let cast = desk.cast().await;
        let things = desk.hidden(&cast).await;
        let private = json!({ "name": format!("Mine {PUBLIC}"), "shared": "nobody", "filter": "number > 0" });
        let (status, view) = desk.call(Method::POST, "views", Some(private)).await;
        assert_eq!(status, 201, "{view}");
        let suspended = desk.suspended(&cast).await;
        let hidden = as_routes_name(&things, &[("view", view["id"].as_str().unwrap()), ("suspended", &suspended), ("digest", "x")]);
        let own = as_routes_name(&cast.own, &[]);
        let untouched = desk.whole(&things["number"]).await;
        let mut tried = BTreeSet::new();
        for (who, token) in [("an agent", &cast.al), ("a helper", &cast.hal)] {
            for (method, path, parameters) in routes() {
                if for_whom(&method, &path) != For::WhoSeesIt {
                    continue;
                }
                for parameter in &parameters {
                    let Some((kind, name)) = named(&path, parameter).ok().and_then(|kind| hidden.get_key_value(kind)) else {
                        continue;
                    };
                    // What waits is of no group, for any agent to look at.
                    if *kind == "suspended" && who == "an agent" {
                        continue;
                    }
                    let wish = wish(&method, &path, &hidden);
                    let told = desk.told(token, &method, &with(&path, &parameters, parameter, name, &own), wish.clone()).await;
                    let unknown = desk.told(token, &method, &with(&path, &parameters, parameter, nobodys(kind), &own), wish).await;
                    assert_eq!((told.0, told.1.replace(name, nobodys(kind))), unknown, "{who}: {method} {path}: {parameter}");
                    assert!(matches!(told.0, 403 | 404), "{who}: {method} {path}: {parameter}: {}", told.1);
                    tried.insert((method.clone(), path.clone(), parameter.clone()));
                }
            }
        }
        assert!(tried.len() > 30, "{}", tried.len());
        let merger = format!("tickets/{}/merger", own["ticket"]);
        let into = async |number: &str| {
            let wish = json!({ "into": number.parse::<u64>().unwrap() });
            let (status, told) = desk.call_as(&cast.al, Method::PUT, &merger, Some(wish)).await;
            (status, told.to_string().replace(&format!("ticket {number}"), "ticket 77"))
        };
        assert_eq!(into(&things["number"]).await, into("77").await, "nor by a body that names it");
        desk.settle().await;
        assert_eq!(desk.whole(&things["number"]).await, untouched, "and nothing was changed");
    }

    async fn a_route_that_is_not_for_him_tells_nobody_what_there_is(desk) {
        let cast = desk.cast().await;
        let made = async |path: &str, wish: Value| {
            let (status, made) = desk.call(Method::POST, path, Some(wish)).await;
            assert_eq!(status, 201, "{made}");
            made["id"].as_str().unwrap().to_owned()
        };
        let group = made("customer-groups", json!({ "name": "Trade", "kind": "organisation", "shares_tickets": true })).await;
        let token = made("tokens", json!({ "name": "theirs", "scopes": ["api"] })).await;
        let install = cast.viewer.to_string();
        let digest = desk.get(&format!("plugins/{install}")).await["digest"].as_str().unwrap().to_owned();
        let job = desk.get(&format!("plugins/{}/jobs", desk.install_of("tests/maker").await)).await["items"][0]["id"].as_str().unwrap().to_owned();
        let things = as_routes_name(&cast.own, &[("customer-group", &group), ("token", &token), ("install", &install), ("digest", &digest), ("job", &job)]);
        let (_, supervisor) = desk.agent("Su", AgentRole::Supervisor).await;
        let store = desk.desk.store.tenant(desk.tenant.id);
        let before = store.cursor().await.unwrap().sequence;
        let mut tried = 0;
        for (who, token) in [("an agent", &cast.al), ("a helper", &cast.hal), ("a supervisor", &supervisor)] {
            for (method, path, parameters) in routes() {
                let is_for = for_whom(&method, &path);
                let is_refused = is_for == For::Admins || (is_for == For::Inside && who == "a helper");
                if !is_refused {
                    continue;
                }
                let wish = wish(&method, &path, &things);
                let refusal = |told: &(u16, String)| (told.0, serde_json::from_str::<Value>(&told.1).unwrap_or_default()["detail"].clone());
                let without = desk.told(token, &method, &with(&path, &parameters, "", "", &things), wish.clone()).await;
                assert_eq!(without.0, 403, "{who}: {method} {path}: {}", without.1);
                for parameter in parameters.iter().filter(|parameter| named(&path, parameter).is_ok()) {
                    let kind = named(&path, parameter).unwrap();
                    let unknown = desk.told(token, &method, &with(&path, &parameters, parameter, nobodys(kind), &things), wish.clone()).await;
                    assert_eq!(refusal(&without), refusal(&unknown), "{who}: {method} {path}: {parameter}");
                }
                tried += 1;
            }
        }
        assert!(tried > 100, "{tried}");
        desk.settle().await;
        assert_eq!(store.cursor().await.unwrap().sequence, before, "and nothing was changed");
    }

    async fn what_is_for_everybody_shows_a_helper_nothing_beyond_his_ticket_and_an_agent_what_he_may_see(desk) {
        let cast = desk.cast().await;
        let hidden = desk.hidden(&cast).await;
        let shared = json!({ "name": "Of all", "shared": "everybody", "filter": format!("subject.contains(\"{PUBLIC}\")") });
        let (status, view) = desk.call(Method::POST, "views", Some(shared)).await;
        assert_eq!(status, 201, "{view}");
        desk.suspended(&cast).await;
        for (who, token) in [("a helper", &cast.hal), ("an agent", &cast.al)] {
            for (method, path, parameters) in routes() {
                let is_open = match for_whom(&method, &path) {
                    For::Everybody(_) => true,
                    For::Inside => who == "an agent" && method == "get" && parameters.is_empty(),
                    _ => false,
                };
                if !is_open || (method.as_str(), path.as_str()) == ("delete", "/session") {
                    continue;
                }
                let (status, told) = desk.told(token, &method, &path, wish(&method, &path, &hidden)).await;
                assert_eq!(status, 200, "{who}: {method} {path}: {told}");
                // An agent knows the customers, what waits, and the views that he shares.
                let is_known = who == "an agent" && matches!(path.as_str(), "/customers" | "/suspended" | "/views");
                assert!(is_known || !told.contains(PUBLIC), "{who}: {method} {path}: {told}");
                for kind in ["ticket", "message", "file"] {
                    assert!(!told.contains(&hidden[kind]), "{who}: {method} {path} tells of the hidden {kind}");
                }
                if who == "a helper" {
                    assert!(!told.contains('@') || path == "/session", "{method} {path} tells addresses: {told}");
                }
            }
        }
        let counts = desk.call_as(&cast.al, Method::GET, "views/counts", None).await.1;
        let of_all = counts["items"].as_array().unwrap().iter().find(|count| count["view"] == view["id"]).unwrap();
        assert_eq!(of_all["count"], 0, "what a view finds is what its reader sees");
    }
}
