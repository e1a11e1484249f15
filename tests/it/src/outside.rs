//! Servers outside: called for jobs and requests only, where an admin let them be called, with secrets that the plugin does not see.

use crate::desk::on_both_databases;
use axum::{Router, http::HeaderMap, response::Redirect, routing::any};
use reqwest::Method;
use serde_json::json;

const ROUTE: &str = "[[routes]]\npath = \"/\"\nmethods = [\"GET\"]\naccess = \"agent\"\nacts-as = \"plugin\"\n\
    [settings]\ntype = \"object\"\nproperties.deed = {}\nproperties.guard = {}\nproperties.server = { type = \"string\" }\n\
    properties.password = { type = \"string\", secret = true }\n";

/// A server on loopback that answers what it was asked with; its port.
async fn server() -> u16 {
    let echo = |method: Method, headers: HeaderMap| async move {
        let named = |name: &str| {
            headers
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
                .unwrap_or_default()
        };
        format!(
            "{method} token={} key={}",
            named("x-token"),
            named("idempotency-key").len()
        )
    };
    let app = Router::new().route("/echo", any(echo)).route(
        "/away",
        any(|| async { Redirect::temporary("http://10.0.0.7/") }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    port
}

on_both_databases! {
    async fn a_server_is_called_where_the_admin_granted_it_and_a_private_address_only_where_he_said_so(desk) {
        let port = server().await;
        let settings = |deed| json!({ "deed": deed, "server": format!("localhost:{port}"), "password": "open sesame" });
        let call = format!("fetch?url=http://localhost:{port}/echo");
        let shown = desk.guest_granted("caller", &[], settings(json!("rest")), ROUTE).await;
        let (_, refused) = desk.route("caller", &call).await;
        assert!(refused.contains("Denied") && refused.contains("guichet admin grant tests/caller http"), "{refused}");
        assert_eq!(desk.consent(&shown, &["http:{settings.server}"], settings(json!("rest"))).await.0, 200);
        let (_, refused) = desk.route("caller", &call).await;
        assert!(refused.contains("Denied") && refused.contains("loopback address"), "a grant of a name is none of a private address: {refused}");
        let private = "http:{settings.server}@127.0.0.1/32";
        assert_eq!(desk.consent(&shown, &[private], settings(json!("rest"))).await.0, 200);
        assert_eq!(desk.route("caller", &call).await, (200, "200 GET token= key=0".to_owned()));
        let (_, refused) = desk.route("caller", &call.replace("/echo", "/away")).await;
        assert!(refused.contains("Denied") && refused.contains("10.0.0.7"), "each hop is checked as the first: {refused}");
        let (_, refused) = desk.route("caller", "fetch?url=http://other.example/").await;
        assert!(refused.contains("http:other.example"), "{refused}");
    }

    async fn a_secret_is_filled_in_on_its_way_and_the_plugin_does_not_see_it(desk) {
        let port = server().await;
        let settings = json!({ "deed": "rest", "server": format!("localhost:{port}"), "password": "open sesame" });
        let install = desk.guest_granted("caller", &["http:{settings.server}@127.0.0.1/32"], settings, ROUTE).await;
        let (_, told) = desk.route("caller", &format!("fetch?url=http://localhost:{port}/echo&x-token={{{{secret:password}}}}")).await;
        assert_eq!(told, "200 GET token=open sesame key=0", "the server saw it");
        let (_, refused) = desk.route("caller", "attempt/secrets").await;
        assert!(refused.contains("Denied") && refused.contains("guichet admin grant tests/caller secrets"), "{refused}");
        let (_, unset) = desk.route("caller", &format!("fetch?url=http://localhost:{port}/echo&x-token={{{{secret:other}}}}")).await;
        assert!(unset.contains("other"), "{unset}");
        let shown = desk.get(&format!("plugins/{}", install["id"].as_str().unwrap())).await;
        assert_eq!(shown["secrets_set"], json!(["password"]));
        assert!(!shown.to_string().contains("open sesame"), "nor does anybody else");
    }

    async fn event_handlers_do_not_call_outside_and_jobs_do_with_a_key_that_stays(desk) {
        let port = server().await;
        let grants = ["http:{settings.server}@127.0.0.1/32", "jobs", "tickets-write"];
        let url = format!("http://localhost:{port}/echo");
        let with = |deed| json!({ "deed": deed, "server": format!("localhost:{port}") });
        let direct = desk.guest_granted("direct", &grants, with(json!({ "fetch": url })), ROUTE).await;
        desk.guest_granted("later", &grants, with(json!({ "enqueue": { "deed": "fetch", "url": url } })), ROUTE).await;
        let number = desk.ticket("Outside").await;
        desk.settle().await;
        let runs = desk.get(&format!("plugins/{}/runs", direct["id"].as_str().unwrap())).await;
        assert!(runs["items"][0]["detail"].as_str().unwrap().contains("enqueue a job"), "{runs}");
        let notes = desk.notes(number).await;
        assert!(notes.len() == 1 && notes[0].contains("200 POST token= key="), "{notes:?}");
        assert!(!notes[0].contains("key=0"), "the outside can tell a second attempt: {notes:?}");
    }
}
