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
        assert_eq!(get("viewer", &desk.token, &tag).await.0, 200);
        assert_eq!(desk.get(&format!("tickets/{number}")).await["tags"], json!(["tagged"]));
        assert_eq!(get("viewer", "", &look).await.0, 401);
    }

    async fn only_an_admin_switches_plugins(desk) {
        let install = desk.guest("switch", json!({ "tag": "x" })).await;
        let agent = admin::create_agent(&desk.desk, desk.tenant.id, "Al", "al@acme.example", guichet_core::directory::AgentRole::Agent, crate::desk::PASSWORD).await.unwrap();
        let token = admin::create_token(&desk.desk, desk.tenant.id, "t", Some(agent.id), &["api".to_owned()]).await.unwrap();
        let url = format!("{}/t/acme/api/v1/plugins/{install}/enablement", desk.address);
        assert_eq!(desk.client.delete(url).bearer_auth(&token).send().await.unwrap().status(), 403);
    }
}
