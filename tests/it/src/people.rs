//! Who may see and do what: roles, groups, helpers, customers, the audit.

use crate::desk::on_both_databases;
use guichet::admin::create_group;
use guichet_core::directory::AgentRole;
use reqwest::Method;
use serde_json::json;

on_both_databases! {
    async fn an_agent_sees_and_works_what_its_groups_let_it(desk) {
        let network = create_group(&desk.desk, desk.tenant.id, "Network", &[]).await.unwrap().id;
        let finance = create_group(&desk.desk, desk.tenant.id, "Finance", &[]).await.unwrap().id;
        let (al, token) = desk.agent("Al", AgentRole::Agent).await;
        let member = |group: guichet_core::id::GroupId, access: &str| (format!("groups/{group}/members/{al}"), json!({ "access": access }));
        for (path, body) in [member(network, "change"), member(finance, "none")] {
            assert_eq!(desk.call(Method::PUT, &path, Some(body)).await.0, 204);
        }
        let (open, secret) = (desk.ticket("VPN").await, desk.ticket("Salaries").await);
        for (number, group) in [(open, network), (secret, finance)] {
            assert_eq!(desk.call(Method::PUT, &format!("tickets/{number}/assignment"), Some(json!({ "assignee": null, "group": group }))).await.0, 200);
        }
        let get = async |path: String| desk.call_as(&token, Method::GET, &path, None).await;
        let numbers: Vec<_> = get("tickets".to_owned()).await.1["items"].as_array().unwrap().iter().map(|ticket| ticket["number"].clone()).collect();
        assert_eq!(numbers, [json!(open)]);
        for path in ["", "/messages", "/history"] {
            assert_eq!(get(format!("tickets/{secret}{path}")).await.0, 404, "{path}");
        }
        assert_eq!(get("tickets?q=salaries".to_owned()).await.1["items"], json!([]));
        let solve = format!("tickets/{secret}/solution");
        assert_eq!(desk.call_as(&token, Method::PUT, &solve, Some(json!({}))).await.0, 404);
        let (path, body) = member(finance, "read");
        assert_eq!(desk.call(Method::PUT, &path, Some(body)).await.0, 204);
        assert_eq!(get(format!("tickets/{secret}")).await.0, 200, "from now on");
        assert_eq!(desk.call_as(&token, Method::PUT, &solve, Some(json!({}))).await.0, 403, "to read is not to change");
        let (path, body) = member(finance, "change");
        assert_eq!(desk.call(Method::PUT, &path, Some(body)).await.0, 204);
        assert_eq!(desk.call_as(&token, Method::PUT, &solve, Some(json!({}))).await.0, 200);
        assert_eq!(desk.call_as(&token, Method::PUT, &format!("tickets/{secret}/deletion"), Some(json!({}))).await.0, 403, "to change is not to supervise");
        let (path, _) = member(finance, "");
        assert_eq!(desk.call(Method::DELETE, &path, None).await.0, 204);
        assert_eq!(desk.get(&format!("groups/{finance}/members")).await["items"], json!([]));
    }

    async fn a_helper_from_outside_sees_one_ticket_until_a_date_and_says_something_no_more(desk) {
        let (helper, token) = desk.agent("Hal", AgentRole::Helper).await;
        let (number, other) = (desk.ticket("Router").await, desk.ticket("Other").await);
        let until = guichet::clock::rfc3339(desk.clock.now().plus_milliseconds(3_600_000));
        let part = format!("tickets/{number}/participants/helper/agent/{helper}");
        let (status, ticket) = desk.call(Method::PUT, &part, Some(json!({ "until": until }))).await;
        assert_eq!((status, &ticket["participants"][0]["who"]["name"]), (200, &json!("Hal")), "{ticket}");
        let call = async |method: Method, path: String, body| desk.call_as(&token, method, &path, body).await.0;
        assert_eq!(call(Method::GET, format!("tickets/{number}"), None).await, 200);
        assert_eq!(call(Method::GET, format!("tickets/{other}"), None).await, 404);
        let list = desk.call_as(&token, Method::GET, "tickets", None).await.1;
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        let say = || Some(json!({ "visibility": "internal", "text": "Restart it." }));
        assert_eq!(call(Method::POST, format!("tickets/{number}/messages"), say()).await, 201);
        for what in ["solution", "deletion", "closure"] {
            let status = call(Method::PUT, format!("tickets/{number}/{what}"), Some(json!({}))).await;
            assert!(matches!(status, 403 | 409), "{what}: {status}");
        }
        for path in ["customers", "customer-groups", "plugins", "dead-letters", "audit"] {
            assert_eq!(call(Method::GET, path.to_owned(), None).await, 403, "{path}");
        }
        let wish = json!({ "subject": "Mine", "text": "x", "requester": { "email": "ana@trade.example" } });
        assert_eq!(call(Method::POST, "tickets".to_owned(), Some(wish)).await, 403);
        desk.call(Method::PUT, &format!("tickets/{number}/pending"), Some(json!({ "reason": "x", "until": null }))).await;
        let sooner = json!({ "reason": "y", "until": "2000-01-01T00:00:00Z" });
        assert_eq!(call(Method::PUT, format!("tickets/{number}/pending"), Some(sooner)).await, 403, "nor what a ticket waits for");
        desk.pass_seconds(3_601).await;
        assert_eq!(call(Method::GET, format!("tickets/{number}"), None).await, 404);
        assert_eq!(call(Method::POST, format!("tickets/{number}/messages"), say()).await, 404);
    }

    async fn an_agent_who_was_let_go_is_signed_out_and_nobody_locks_himself_out(desk) {
        let (al, token) = desk.agent("Al", AgentRole::Agent).await;
        assert_eq!(desk.call_as(&token, Method::GET, "tickets", None).await.0, 200);
        let wish = |active: bool| Some(json!({ "name": "Al", "role": "agent", "elsewhere": "change", "active": active }));
        assert_eq!(desk.call_as(&token, Method::PUT, &format!("agents/{al}"), wish(true)).await.0, 403);
        assert_eq!(desk.call(Method::PUT, &format!("agents/{al}"), wish(false)).await.1["active"], false);
        assert_eq!(desk.call_as(&token, Method::GET, "tickets", None).await.0, 401);
        let number = desk.ticket("For Al").await;
        let assignment = Some(json!({ "assignee": al, "group": null }));
        assert_eq!(desk.call(Method::PUT, &format!("tickets/{number}/assignment"), assignment).await.0, 422);
        let me = desk.admin;
        assert_eq!(desk.call(Method::PUT, &format!("agents/{me}"), wish(true)).await.0, 409);
    }

    async fn an_admin_makes_agents_and_groups_and_the_audit_tells_who_did(desk) {
        let agent = json!({ "name": "Di", "email": "di@acme.example", "role": "supervisor", "password": "a long password" });
        let (status, made) = desk.call(Method::POST, "agents", Some(agent.clone())).await;
        assert_eq!((status, &made["role"]), (201, &json!("supervisor")), "{made}");
        assert_eq!(desk.call(Method::POST, "agents", Some(agent)).await.0, 409);
        let weak = json!({ "name": "Di", "email": "d@acme.example", "role": "agent", "password": "short" });
        assert_eq!(desk.call(Method::POST, "agents", Some(weak)).await.0, 422);
        let (status, group) = desk.call(Method::POST, "groups", Some(json!({ "name": "Field" }))).await;
        assert_eq!(status, 201);
        let path = format!("groups/{}", group["id"].as_str().unwrap());
        assert_eq!(desk.call(Method::PUT, &path, Some(json!({ "name": "Field service" }))).await.1["name"], "Field service");
        let audit = desk.get("audit?limit=3").await;
        let told: Vec<_> = audit["items"].as_array().unwrap().iter().map(|entry| (entry["kind"].clone(), entry["actor"]["name"].clone())).collect();
        assert_eq!(told, [(json!("group.changed"), json!("Bo")), (json!("group.created"), json!("Bo")), (json!("agent.created"), json!("Bo"))]);
        assert!(!audit.to_string().contains("a long password"));
        let next = desk.get(&format!("audit?limit=3&cursor={}", audit["next"])).await;
        assert!(next["items"].as_array().unwrap().iter().all(|entry| entry["sequence"].as_u64() < audit["next"].as_u64()));
        let (_, token) = desk.agent("Al", AgentRole::Agent).await;
        assert_eq!(desk.call_as(&token, Method::GET, "audit", None).await.0, 403);
    }

    async fn customers_are_found_and_belong_to_organisations(desk) {
        desk.ticket("One").await;
        let (_, acme) = desk.call(Method::POST, "customer-groups", Some(json!({ "name": "Trade Ltd", "kind": "organisation", "shares_tickets": true }))).await;
        assert_eq!(desk.call(Method::POST, "customer-groups", Some(json!({ "name": "Trade Ltd", "kind": "group", "shares_tickets": false }))).await.0, 409);
        let found = desk.get("customers?q=TRADE.example").await;
        let ana = &found["items"][0];
        assert_eq!((&ana["name"], &ana["identities"][0]["name"]), (&json!("Ana"), &json!("mailto:ana@trade.example")), "{found}");
        let path = format!("customers/{}", ana["id"].as_str().unwrap());
        let wish = json!({ "name": "Ana Torres", "locale": "es", "groups": [acme["id"]] });
        let (status, changed) = desk.call(Method::PUT, &path, Some(wish)).await;
        assert_eq!((status, &changed["groups"][0]["name"], &changed["version"]), (200, &json!("Trade Ltd"), &json!(2)), "{changed}");
        assert_eq!(desk.get(&path).await, changed);
        assert_eq!(desk.call(Method::PUT, &path, Some(json!({ "name": "Ana", "groups": [uuid::Uuid::nil()] }))).await.0, 422);
        assert_eq!(desk.get("tickets/1").await["requester"]["name"], "Ana Torres");
        assert_eq!(desk.call(Method::GET, &format!("customers/{}", uuid::Uuid::nil()), None).await.0, 404);
    }
}
