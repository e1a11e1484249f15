//! No tenant sees another, and no plugin sees what belongs to the host.

use crate::desk::on_both_databases;
use guichet::admin;
use reqwest::Method;
use serde_json::json;

on_both_databases! {
    async fn another_tenants_ticket_file_and_install_answer_as_unknown_ones_byte_for_byte(desk) {
        let other = admin::ensure_tenant(&desk.desk, "other", "Other", "UTC").await.unwrap();
        let agent = admin::create_agent(&desk.desk, other.id, "Eve", "eve@other.example", guichet_core::directory::AgentRole::Admin, crate::desk::PASSWORD).await.unwrap();
        let token = admin::create_token(&desk.desk, other.id, "t", Some(agent.id), &["api".to_owned()]).await.unwrap();
        let install = desk.guest("mine", json!({ "tag": "x" })).await;
        let number = desk.ticket("Secret").await;
        desk.settle().await;
        let get = async |path: String| {
            let response = desk.client.get(format!("{}/t/other/api/v1/{path}", desk.address)).bearer_auth(&token).send().await.unwrap();
            (response.status().as_u16(), response.text().await.unwrap())
        };
        for what in ["", "/messages", "/history"] {
            let (status, foreign) = get(format!("tickets/{number}{what}")).await;
            let unknown = get(format!("tickets/77{what}")).await.1;
            assert_eq!((status, foreign), (404, unknown.replace("77", &number.to_string())), "{what}");
        }
        let nobody = uuid::Uuid::nil();
        for path in ["plugins/{}/runs", "plugins/{}/jobs", "files/{}", "customers/{}", "suspended/{}", "groups/{}/members"] {
            let (status, foreign) = get(path.replace("{}", &install.to_string())).await;
            let unknown = get(path.replace("{}", &nobody.to_string())).await.1;
            assert_eq!((status, foreign), (404, unknown.replace(&nobody.to_string(), &install.to_string())), "{path}");
        }
        for list in ["tickets", "plugins", "groups", "dead-letters", "customers", "customer-groups", "suspended"] {
            assert_eq!(serde_json::from_str::<serde_json::Value>(&get(list.to_owned()).await.1).unwrap()["items"], json!([]), "{list}");
        }
        // A token of one tenant is nothing at another.
        let response = desk.client.get(format!("{}/t/acme/api/v1/tickets", desk.address)).bearer_auth(&token).send().await.unwrap();
        assert_eq!(response.status(), 401);
    }

    async fn every_route_of_the_api_refuses_whoever_is_not_signed_in(desk) {
        let description = serde_json::to_value(guichet::inbound::http::openapi()).unwrap();
        let mut tried = 0;
        for (path, methods) in description["paths"].as_object().unwrap() {
            let url = format!("{}{}", desk.address, path.replace("{tenant}", "acme").replace("{number}", "1").replace("{id}", &uuid::Uuid::nil().to_string()).replace("{agent}", &uuid::Uuid::nil().to_string()).replace("{other}", "2"));
            for method in methods.as_object().unwrap().keys().filter(|method| *method != "parameters") {
                if path.ends_with("/session") && method == "post" {
                    continue;
                }
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                let response = desk.client.request(method.clone(), &url).json(&json!({})).send().await.unwrap();
                assert_eq!(response.status(), 401, "{method} {path}");
                tried += 1;
            }
        }
        assert!(tried >= 20, "{tried}");
    }

    async fn a_plugins_route_wants_its_token_and_is_sandboxed(desk) {
        desk.plugin("email", json!({})).await;
        let url = format!("{}/t/acme/plugins/guichet/email/inbound", desk.address);
        assert_eq!(desk.client.post(&url).body("From: a@b\r\n\r\nx").send().await.unwrap().status(), 401);
        assert_eq!(desk.client.post(&url).bearer_auth(&desk.token).body("From: a@b\r\n\r\nx").send().await.unwrap().status(), 403);
        let scope = vec!["plugin:guichet/email".to_owned()];
        let token = admin::create_token(&desk.desk, desk.tenant.id, "mail", None, &scope).await.unwrap();
        let response = desk.client.post(&url).bearer_auth(&token).body("From: a@b\r\n\r\nx").send().await.unwrap();
        assert_eq!(response.status(), 201);
        assert!(response.headers()["content-security-policy"].to_str().unwrap().starts_with("sandbox"));
        assert_eq!(desk.client.get(&url).bearer_auth(&token).send().await.unwrap().status(), 405);
        let elsewhere = url.replace("/inbound", "/other");
        assert_eq!(desk.client.post(elsewhere).bearer_auth(&token).send().await.unwrap().status(), 404);
        let api = format!("{}/t/acme/api/v1/tickets", desk.address);
        assert_eq!(desk.client.get(api).bearer_auth(&token).send().await.unwrap().status(), 403, "a route's token is not good for the API");
    }

    async fn a_route_that_acts_as_its_viewer_knows_what_the_viewer_may_see_and_nobody_sees_nothing(desk) {
        let route = |access: &str| format!("[[routes]]\npath = \"/\"\nmethods = [\"GET\"]\naccess = \"{access}\"\n");
        desk.guest_with("viewer", json!({ "deed": "log" }), &route("agent")).await;
        desk.guest_with("public", json!({ "deed": "log" }), &route("public")).await;
        let finance = admin::create_group(&desk.desk, desk.tenant.id, "Finance", &[]).await.unwrap().id;
        let number = desk.ticket("Salaries").await;
        desk.call(Method::PUT, &format!("tickets/{number}/assignment"), Some(json!({ "assignee": null, "group": finance }))).await;
        let (al, token) = desk.agent("Al", guichet_core::directory::AgentRole::Agent).await;
        assert_eq!(desk.call(Method::PUT, &format!("groups/{finance}/members/{al}"), Some(json!({ "access": "none" }))).await.0, 204);
        let id = desk.get(&format!("tickets/{number}")).await["id"].as_str().unwrap().to_owned();
        let get = async |plugin: &str, token: &str, path: &str| {
            let url = format!("{}/t/acme/plugins/tests/{plugin}/{path}", desk.address);
            let answer = desk.client.get(url).bearer_auth(token).send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        };
        let (look, tag) = (format!("look?ticket={number}"), format!("tag-by-id?id={id}"));
        assert_eq!(get("viewer", &desk.token, &look).await, (200, "Salaries of Ana after 2".to_owned()));
        assert_eq!(get("viewer", &token, &look).await.0, 404, "another agent does not see it");
        assert_eq!(get("viewer", &token, &tag).await.0, 404, "nor change it through the plugin");
        assert_eq!(get("public", "", &look).await.0, 404, "nobody sees nothing");
        assert_eq!(get("public", "", &tag).await.0, 404);
        let twice = format!("tag-twice?id={id}");
        assert_eq!(get("viewer", &token, &twice).await.0, 404, "nor by asking twice");
        assert_eq!(get("public", "", &twice).await.0, 404);
        assert_eq!(desk.call(Method::PUT, &format!("groups/{finance}/members/{al}"), Some(json!({ "access": "read" }))).await.0, 204);
        assert_eq!(get("viewer", &token, &look).await.0, 200, "who may read it reads it");
        let (status, told) = get("viewer", &token, &tag).await;
        assert!(status == 500 && told.contains("Denied"), "what the viewer may not change, no plugin changes for him: {told}");
        assert_eq!(desk.get(&format!("tickets/{number}")).await["tags"], json!([]));
        assert_eq!(get("viewer", &desk.token, &tag).await.0, 200);
        assert_eq!(desk.get(&format!("tickets/{number}")).await["tags"], json!(["tagged"]));
        assert_eq!(get("viewer", "", &look).await.0, 401);
    }

    async fn a_file_leaves_by_a_route_only_where_its_plugin_may_read_it_and_its_viewer_too(desk) {
        desk.plugin("email", json!({})).await;
        let mail = "From: Ana <ana@trade.example>\r\nTo: support@desk.example\r\nSubject: Salaries\r\nMessage-ID: <1@trade.example>\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\n\
            Content-Disposition: attachment; filename=a.csv\r\n\r\nsecret\r\n--b--\r\n";
        assert_eq!(desk.mail(mail).await.0, 201);
        let file = desk.messages(1).await[0]["attachments"][0]["file"].as_str().unwrap().to_owned();
        let route = |access: &str, acts_as: &str| format!("[[routes]]\npath = \"/\"\nmethods = [\"GET\"]\naccess = \"{access}\"\nacts-as = \"{acts_as}\"\n");
        desk.guest_granted("ungranted", &["tickets-read"], json!({ "deed": "rest" }), &route("public", "plugin")).await;
        desk.guest_granted("granted", &["files"], json!({ "deed": "rest" }), &route("agent", "plugin")).await;
        desk.guest_granted("viewer", &["files"], json!({ "deed": "rest" }), &route("agent", "viewer")).await;
        let (helper, token) = desk.agent("Hal", guichet_core::directory::AgentRole::Helper).await;
        let get = async |plugin: &str, token: &str| {
            let url = format!("{}/t/acme/plugins/tests/{plugin}/answer-file?id={file}", desk.address);
            let answer = desk.client.get(url).bearer_auth(token).send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        };
        assert_eq!(get("ungranted", "").await.0, 502, "it was not granted files");
        let runs = desk.get("plugins").await["items"].as_array().unwrap().iter().find(|one| one["plugin"] == "tests/ungranted").unwrap()["id"].clone();
        let run = &desk.get(&format!("plugins/{}/runs", runs.as_str().unwrap())).await["items"][0];
        assert!(run["detail"].as_str().unwrap().contains("the permission `files`"), "{run}");
        assert_eq!(get("granted", &desk.token).await, (200, "secret".to_owned()));
        assert_eq!(get("viewer", &desk.token).await, (200, "secret".to_owned()));
        assert_eq!(get("viewer", &token).await.0, 502, "the helper {helper} does not see the ticket");
    }

    async fn whoever_helps_from_outside_knows_people_by_name_only(desk) {
        let (_, token) = desk.agent("Hal", guichet_core::directory::AgentRole::Helper).await;
        let (status, seen) = desk.call_as(&token, Method::GET, "agents", None).await;
        assert_eq!(status, 200);
        assert!(seen["items"].as_array().unwrap().iter().all(|agent| agent["email"] == "" && agent["name"] != ""), "{seen}");
        let group = admin::create_group(&desk.desk, desk.tenant.id, "Finance", &[]).await.unwrap().id;
        assert_eq!(desk.call_as(&token, Method::GET, &format!("groups/{group}/members"), None).await.0, 403);
    }

    async fn who_guesses_a_password_too_often_waits_and_others_do_not(desk) {
        let sign_in = async |email: &str, password: &str| {
            let url = format!("{}/t/acme/api/v1/session", desk.address);
            let wish = json!({ "email": email, "password": password });
            let answer = desk.client.post(url).json(&wish).send().await.unwrap();
            (answer.status().as_u16(), answer.headers().get("retry-after").and_then(|after| after.to_str().ok()?.parse::<u64>().ok()))
        };
        desk.agent("Lin", guichet_core::directory::AgentRole::Agent).await;
        for _ in 0..guichet::limits::GUESSES_MAX {
            assert_eq!(sign_in("bo@acme.example", "a wrong password").await.0, 401);
        }
        let (status, after) = sign_in("Bo@acme.example ", crate::desk::PASSWORD).await;
        assert!(status == 429 && after.is_some_and(|seconds| seconds > 0 && seconds <= 900), "{status} {after:?}");
        assert_eq!(sign_in("lin@acme.example", crate::desk::PASSWORD).await.0, 200);
        desk.pass_seconds(guichet::limits::GUESS_WAIT_MS / 1_000).await;
        assert_eq!(sign_in("bo@acme.example", crate::desk::PASSWORD).await.0, 200);
    }

    async fn only_an_admin_switches_plugins(desk) {
        let install = desk.guest("switch", json!({ "tag": "x" })).await;
        let agent = admin::create_agent(&desk.desk, desk.tenant.id, "Al", "al@acme.example", guichet_core::directory::AgentRole::Agent, crate::desk::PASSWORD).await.unwrap();
        let token = admin::create_token(&desk.desk, desk.tenant.id, "t", Some(agent.id), &["api".to_owned()]).await.unwrap();
        let url = format!("{}/t/acme/api/v1/plugins/{install}/enablement", desk.address);
        assert_eq!(desk.client.delete(url).bearer_auth(&token).send().await.unwrap().status(), 403);
    }
}
