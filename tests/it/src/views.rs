//! Saved views.

use crate::desk::on_both_databases;
use guichet::admin::create_group;
use guichet_core::directory::AgentRole;
use reqwest::Method;
use serde_json::{Value, json};

fn names(views: &Value) -> Vec<String> {
    let items = views["items"].as_array().unwrap();
    items
        .iter()
        .map(|view| view["name"]["en"].as_str().unwrap().to_owned())
        .collect()
}

fn wish(name: &str, filter: &str, shared: &str) -> Value {
    json!({ "name": name, "filter": filter, "shared": shared, "position": 100 })
}

fn numbers(page: &Value) -> Vec<u64> {
    let items = page["items"].as_array();
    let items = items.unwrap_or_else(|| panic!("{page}"));
    items
        .iter()
        .map(|ticket| ticket["number"].as_u64().unwrap())
        .collect()
}

on_both_databases! {
    async fn a_tenant_begins_with_the_views_that_everybody_needs(desk) {
        let views = desk.get("views").await;
        assert_eq!(names(&views), ["My open tickets", "Unassigned", "Recently solved", "All open"]);
        assert_eq!(views["items"][0]["name"]["zh-CN"], "我的未结工单");
        for subject in ["One", "Two", "Three"] {
            desk.ticket(subject).await;
        }
        desk.call(Method::PUT, "tickets/1/assignment", Some(json!({ "assignee": desk.admin, "group": null }))).await;
        desk.call(Method::PUT, "tickets/2/solution", Some(json!({}))).await;
        let of = async |place: usize| numbers(&desk.list(&[("view", views["items"][place]["id"].as_str().unwrap())]).await);
        assert_eq!((of(0).await, of(1).await, of(2).await, of(3).await), (vec![1], vec![3], vec![2], vec![3, 1]));
        let counts = desk.get("views/counts").await;
        let counted: Vec<_> = counts["items"].as_array().unwrap().iter().map(|count| (count["count"].clone(), count["more"].clone())).collect();
        assert_eq!(counted, [(json!(1), json!(false)), (json!(1), json!(false)), (json!(1), json!(false)), (json!(2), json!(false))]);
        desk.pass_seconds(7 * 86_400 + 1).await;
        assert_eq!(of(2).await, [0_u64; 0], "a week later it is no longer recent");
        let mine = desk.list(&[("view", views["items"][3]["id"].as_str().unwrap()), ("filter", "subject == \"One\""), ("sort", "number")]).await;
        assert_eq!(numbers(&mine), [1], "a view may be narrowed");
        assert_eq!(mine["items"][0]["columns"]["subject"], "One");
    }

    async fn a_view_is_checked_when_it_is_saved(desk) {
        let (status, problem) = desk.call(Method::POST, "views", Some(wish("Mine", "state == \"open\" &&\n asignee == me", "nobody"))).await;
        assert_eq!(status, 422);
        let error = &problem["errors"][0];
        assert_eq!((&error["part"], &error["line"], &error["column"]), (&json!("filter"), &json!(2), &json!(2)), "{problem}");
        assert!(error["message"].as_str().unwrap().contains("`assignee`"), "{problem}");
        let mut wrong = wish("Mine", "assignee == me", "nobody");
        wrong["columns"] = json!(["number", "colour"]);
        wrong["sort"] = json!(["-created_at", "tags2"]);
        let (status, problem) = desk.call(Method::POST, "views", Some(wrong)).await;
        let places: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| (error["part"].clone(), error["column"].clone())).collect();
        assert_eq!((status, places), (422, vec![(json!("columns"), json!(2)), (json!("sort"), json!(2))]));
        for (name, shared, group) in [("", "nobody", Value::Null), ("Mine", "group", Value::Null), ("Mine", "everybody", json!(uuid::Uuid::nil())), ("Mine", "somebody", Value::Null)] {
            let mut wrong = wish(name, "", shared);
            wrong["group"] = group;
            assert_eq!(desk.call(Method::POST, "views", Some(wrong)).await.0, 422, "{name} {shared}");
        }
        let mut right = wish("Mine", "assignee == me", "nobody");
        right["name"] = json!({ "en": "Mine", "zh-CN": "我的" });
        right["columns"] = json!(["number"]);
        let (status, view) = desk.call(Method::POST, "views", Some(right.clone())).await;
        assert_eq!((status, &view["name"]["zh-CN"], &view["may_change"]), (201, &json!("我的"), &json!(true)), "{view}");
        let path = format!("views/{}", view["id"].as_str().unwrap());
        assert_eq!(desk.get(&path).await, view);
        right["filter"] = json!("number ==");
        assert_eq!(desk.call(Method::PUT, &path, Some(right.clone())).await.0, 422);
        right["filter"] = json!("assignee == null");
        assert_eq!(desk.call(Method::PUT, &path, Some(right)).await.1["filter"], "assignee == null");
        assert_eq!(desk.call(Method::DELETE, &path, None).await.0, 204);
        assert_eq!(desk.call(Method::DELETE, &path, None).await.0, 404);
    }

    async fn agents_have_their_own_views_and_supervisors_make_those_of_others(desk) {
        let network = create_group(&desk.desk, desk.tenant.id, "Network", &[]).await.unwrap().id;
        let (al, al_token) = desk.agent("Al", AgentRole::Agent).await;
        let (_, di) = desk.agent("Di", AgentRole::Agent).await;
        let (_, sue) = desk.agent("Sue", AgentRole::Supervisor).await;
        let (_, hal) = desk.agent("Hal", AgentRole::Helper).await;
        desk.call(Method::PUT, &format!("groups/{network}/members/{al}"), Some(json!({ "access": "change" }))).await;
        let make = async |token: &str, name: &str, shared: &str| {
            let mut wish = wish(name, "number > 0", shared);
            if shared == "group" {
                wish["group"] = json!(network);
            }
            desk.call_as(token, Method::POST, "views", Some(wish)).await
        };
        let (status, own) = make(&al_token, "Al's", "nobody").await;
        assert_eq!(status, 201, "{own}");
        assert_eq!(make(&al_token, "Ours", "group").await.0, 403);
        assert_eq!(make(&al_token, "All", "everybody").await.0, 403);
        assert_eq!(make(&hal, "Hal's", "nobody").await.0, 403);
        assert_eq!(make(&sue, "Ours", "group").await.0, 201);
        let (status, all) = make(&sue, "All", "everybody").await;
        assert_eq!(status, 201);
        let seen = async |token: &str| {
            let views = desk.call_as(token, Method::GET, "views", None).await.1;
            names(&views).into_iter().skip(4).collect::<Vec<_>>()
        };
        assert_eq!((seen(&al_token).await, seen(&di).await, seen(&sue).await), (vec!["Al's".to_owned(), "Ours".to_owned(), "All".to_owned()], vec!["All".to_owned()], vec!["Ours".to_owned(), "All".to_owned()]));
        assert_eq!(desk.call_as(&hal, Method::GET, "views", None).await.1["items"], json!([]));
        let own_path = format!("views/{}", own["id"].as_str().unwrap());
        for token in [&di, &sue, &desk.token] {
            assert_eq!(desk.call_as(token, Method::GET, &own_path, None).await.0, 404, "one's own is nobody else's");
            assert_eq!(desk.call_as(token, Method::DELETE, &own_path, None).await.0, 404);
            let list = desk.list_as(token, &[("view", own["id"].as_str().unwrap())]).await.0;
            assert_eq!(list, 404);
        }
        let all_path = format!("views/{}", all["id"].as_str().unwrap());
        assert_eq!(desk.call_as(&al_token, Method::PUT, &all_path, Some(wish("All", "", "nobody"))).await.0, 403, "nobody takes a shared view for himself");
        assert_eq!(desk.call_as(&al_token, Method::DELETE, &all_path, None).await.0, 403);
        assert_eq!(desk.call_as(&al_token, Method::PUT, &own_path, Some(wish("Al's", "", "everybody"))).await.0, 403);
        assert_eq!(desk.call_as(&sue, Method::DELETE, &all_path, None).await.0, 204);
        let audit = desk.get("audit?kind=view.").await;
        let told: Vec<_> = audit["items"].as_array().unwrap().iter().map(|entry| (entry["kind"].clone(), entry["actor"]["name"].clone())).collect();
        assert_eq!(told, [(json!("view.deleted"), json!("Sue")), (json!("view.created"), json!("Sue")), (json!("view.created"), json!("Sue"))], "what one keeps for himself is not told");
    }

    async fn a_view_whose_field_has_gone_says_so_and_harms_no_other(desk) {
        let field = "[[fields]]\nname = \"tier\"\ntype = \"text\"\nindexed = true\n";
        let install = desk.guest_with("crm", json!({ "deed": { "field": ["tests/crm/tier", "gold"] } }), field).await;
        let mut gold = wish("Gold", "fields[\"tests/crm/tier\"] == \"gold\"", "everybody");
        gold["columns"] = json!(["number", "tests/crm/tier"]);
        let mut shown = wish("Shown", "number > 0", "everybody");
        shown["columns"] = json!(["number", "tests/crm/tier"]);
        shown["sort"] = json!(["tests/crm/tier", "number"]);
        let (status, gold) = desk.call(Method::POST, "views", Some(gold)).await;
        assert_eq!((status, gold.get("errors")), (201, None), "{gold}");
        let (_, shown) = desk.call(Method::POST, "views", Some(shown)).await;
        desk.ticket("One").await;
        desk.settle().await;
        let (gold, shown) = (gold["id"].as_str().unwrap(), shown["id"].as_str().unwrap());
        let page = desk.list(&[("view", gold)]).await;
        assert_eq!(page["items"][0]["columns"], json!({ "number": 1, "tests/crm/tier": "gold" }));
        assert_eq!(desk.call(Method::DELETE, &format!("plugins/{install}"), None).await.0, 204);
        let views = desk.get("views").await;
        let errors = |id: &str| views["items"].as_array().unwrap().iter().find(|view| view["id"] == id).unwrap()["errors"].as_array().unwrap().iter().map(|error| error["part"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!((errors(gold), errors(shown)), (vec!["filter".to_owned(), "columns".to_owned()], vec!["columns".to_owned(), "sort".to_owned()]));
        let (status, problem) = desk.list_as(&desk.token, &[("view", gold)]).await;
        assert_eq!((status, &problem["errors"][0]["part"]), (422, &json!("filter")), "{problem}");
        let page = desk.list(&[("view", shown)]).await;
        assert_eq!(page["items"][0]["columns"], json!({ "number": 1 }), "what is left of it is shown");
        let counts = desk.get("views/counts").await;
        let counted = |id: &str| counts["items"].as_array().unwrap().iter().find(|count| count["view"] == id).unwrap()["count"].clone();
        assert_eq!((counted(gold), counted(shown)), (Value::Null, json!(1)));
    }
}
