//! Questions about tickets: filters, orders, groups, by people and by plugins.

use crate::desk::{TestDesk, on_both_databases};
use guichet::admin::create_group;
use guichet_core::directory::AgentRole;
use reqwest::Method;
use serde_json::{Value, json};

fn numbers(page: &Value) -> Vec<u64> {
    let items = page["items"].as_array();
    let items = items.unwrap_or_else(|| panic!("{page}"));
    items
        .iter()
        .map(|ticket| ticket["number"].as_u64().unwrap())
        .collect()
}

impl TestDesk {
    /// The list by these parameters, as somebody.
    pub(crate) async fn list_as(&self, token: &str, parameters: &[(&str, &str)]) -> (u16, Value) {
        let url = format!("{}/t/{}/api/v1/tickets", self.address, self.tenant.slug);
        let url = reqwest::Url::parse_with_params(&url, parameters).unwrap();
        let answer = self
            .client
            .get(url)
            .bearer_auth(token)
            .send()
            .await
            .unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap())
    }

    pub(crate) async fn list(&self, parameters: &[(&str, &str)]) -> Value {
        let (status, page) = self.list_as(&self.token, parameters).await;
        assert_eq!(status, 200, "{parameters:?}: {page}");
        page
    }

    async fn filtered(&self, filter: &str) -> Vec<u64> {
        let mut found = numbers(&self.list(&[("filter", filter)]).await);
        found.sort_unstable();
        found
    }

    /// What a guest's route answers, as somebody.
    async fn ask(
        &self,
        token: &str,
        plugin: &str,
        what: &str,
        parameters: &[(&str, &str)],
    ) -> Value {
        let path = format!("/t/acme/plugins/tests/{plugin}/ask/{what}");
        let (status, text) = self.get_as(token, &path, parameters).await;
        assert_eq!(status, 200, "{what}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Six tickets that differ.
    async fn six_tickets(&self) {
        for subject in [
            "VPN down",
            "Printer",
            "密码 reset",
            "50% off_",
            "VPN slow",
            "Mouse",
        ] {
            self.ticket(subject).await;
            self.clock.advance_milliseconds(3_600_000);
        }
        let put = async |path: &str, body: Value| {
            let (status, told) = self.call(Method::PUT, path, Some(body)).await;
            assert_eq!(status, 200, "{path}: {told}");
        };
        put(
            "tickets/1/assignment",
            json!({ "assignee": self.admin, "group": null }),
        )
        .await;
        put("tickets/2/tags", json!({ "tags": ["vip", "paper"] })).await;
        put("tickets/3/tags", json!({ "tags": ["vip"] })).await;
        put("tickets/3/priority", json!({ "impact": 1, "urgency": 1 })).await;
        put("tickets/4/solution", json!({})).await;
        put("tickets/6/deletion", json!({})).await;
        self.settle().await;
    }
}

const ROUTES: &str = "[[routes]]\npath = \"/\"\nmethods = [\"GET\"]\naccess = \"agent\"\n";

on_both_databases! {
    async fn tickets_are_found_by_what_is_said_of_them(desk) {
        desk.six_tickets().await;
        for (filter, found) in [
            // Who solves a ticket of nobody is its assignee.
            ("assignee == me", vec![1, 4]),
            ("assignee == null", vec![2, 3, 5]),
            ("state == \"solved\"", vec![4]),
            ("state in [\"deleted\", \"solved\"]", vec![4, 6]),
            ("\"vip\" in tags && priority == 1", vec![3]),
            ("tags == []", vec![1, 4, 5]),
            ("subject.contains(\"VPN\")", vec![1, 5]),
            ("subject.startsWith(\"密码\")", vec![3]),
            ("subject.contains(\"%\") || subject.endsWith(\"ow\")", vec![4, 5]),
            ("text(\"vpn\")", vec![1, 5]),
            ("text(\"密码\") && !(\"paper\" in tags)", vec![3]),
            ("text(\"please\") && text(\"vp\") && number > 1", vec![5]),
            ("text(\"---\")", vec![]),
            ("created_at >= now - duration(\"150m\")", vec![5]),
            ("number in [2, 3, 99]", vec![2, 3]),
            ("solved_at != null", vec![4]),
            ("!(state == \"new\") && number != 6", vec![1, 4]),
            ("false", vec![]),
        ] {
            assert_eq!(desk.filtered(filter).await, found, "{filter}");
        }
        let both = desk.list(&[("filter", "\"vip\" in tags"), ("state", "new"), ("q", "printer")]).await;
        assert_eq!(numbers(&both), [2], "beside the plain parameters");
    }

    async fn a_list_is_in_the_order_that_was_asked_for_and_what_has_no_value_comes_last(desk) {
        desk.six_tickets().await;
        for (sort, order) in [
            ("created_at", vec![1, 2, 3, 4, 5]),
            ("-number", vec![5, 4, 3, 2, 1]),
            ("subject", vec![4, 2, 1, 5, 3]),
            ("solved_at,-number", vec![4, 5, 3, 2, 1]),
            ("-solved_at,number", vec![4, 1, 2, 3, 5]),
            ("priority,-created-at", vec![3, 5, 4, 2, 1]),
        ] {
            assert_eq!(numbers(&desk.list(&[("sort", sort)]).await), order, "{sort}");
        }
        let page = desk.list(&[("columns", "number,tags,solved_at,acme/none/x"), ("limit", "1")]);
        let (status, problem) = desk.list_as(&desk.token, &[("columns", "number,acme/none/x"), ("sort", "colour")]).await;
        drop(page);
        assert_eq!(status, 422);
        let errors = problem["errors"].as_array().unwrap();
        assert_eq!(errors.iter().map(|error| (&error["part"], &error["column"])).collect::<Vec<_>>(), [(&json!("columns"), &json!(2)), (&json!("sort"), &json!(1))]);
        let page = desk.list(&[("columns", "tags,solved_at"), ("sort", "number"), ("limit", "2")]).await;
        assert_eq!(page["items"][1]["columns"], json!({ "tags": ["paper", "vip"], "solved_at": null }));
    }

    async fn pages_neither_repeat_nor_miss_a_ticket_that_stays_where_it_was(desk) {
        for n in 0..25 {
            desk.ticket(&format!("Ticket {}", n % 3)).await;
        }
        for sort in ["subject,-number", "-subject", "solved_at", "-created_at", "priority,subject,number"] {
            let (mut seen, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
            loop {
                let mut parameters = vec![("filter", "number < 900"), ("sort", sort), ("limit", "4")];
                if !cursor.is_empty() {
                    parameters.push(("cursor", &cursor));
                }
                let page = desk.list(&parameters).await;
                seen.extend(numbers(&page));
                // Somebody comes and somebody goes, meanwhile.
                desk.ticket("Ticket 9").await;
                pages += 1;
                match page["next"].as_str() {
                    Some(next) => cursor = next.to_owned(),
                    None => break,
                }
                assert!(pages < 60, "{sort}");
            }
            let mut early: Vec<_> = seen.iter().copied().filter(|number| *number <= 25).collect();
            early.sort_unstable();
            assert_eq!(early, (1..=25).collect::<Vec<u64>>(), "{sort}");
        }
        let page = desk.list(&[("sort", "number"), ("limit", "2")]).await;
        let cursor = page["next"].as_str().unwrap();
        for (parameters, why) in [
            ([("sort", "-number"), ("cursor", cursor)], "another order"),
            ([("sort", "number"), ("cursor", &cursor[1..])], "cut"),
            ([("sort", "number"), ("cursor", "e30")], "made up"),
            ([("sort", "number"), ("cursor", "\u{1F600}")], "nonsense"),
        ] {
            let (status, problem) = desk.list_as(&desk.token, &parameters).await;
            assert_eq!(status, 422, "{why}: {problem}");
        }
    }

    async fn what_cannot_be_asked_is_refused_where_it_stands(desk) {
        for (filter, line, column, part) in [
            ("stat == \"open\"", 1, 1, "did you mean `state`"),
            ("state == \"open\" &&\n  number == \"5\"", 2, 13, "whole number"),
            ("state = \"open\"", 1, 7, "write =="),
            ("fields[\"acme/none/x\"] == 1", 1, 1, "acme/none/x"),
            ("state == \"open\" || text(\"x\")", 1, 20, "outermost"),
            ("subject.matches(\".*\")", 1, 1, "not supported"),
        ] {
            let (status, problem) = desk.list_as(&desk.token, &[("filter", filter)]).await;
            assert_eq!(status, 422, "{filter}: {problem}");
            let error = &problem["errors"][0];
            assert_eq!((&error["part"], &error["line"], &error["column"]), (&json!("filter"), &json!(line), &json!(column)), "{problem}");
            assert!(error["message"].as_str().unwrap().contains(part), "{problem}");
        }
    }

    async fn an_editor_learns_which_names_there_are_and_whether_a_text_is_an_expression(desk) {
        let check = async |kind: &str, text: &str| desk.call(Method::POST, "expressions/check", Some(json!({ "kind": kind, "text": text }))).await;
        let (status, checked) = check("tickets", "( state==\"open\" ) && assignee==me").await;
        assert_eq!((status, &checked["ok"], &checked["canonical"]), (200, &json!(true), &json!("state == \"open\" && assignee == me")));
        let (_, checked) = check("events", "changed(\"state\") && ticket.state == \"open\"").await;
        assert_eq!(checked["ok"], true, "{checked}");
        let (status, checked) = check("events", "state == \"open\"").await;
        assert_eq!((status, &checked["ok"], &checked["errors"][0]["column"]), (200, &json!(false), &json!(1)), "{checked}");
        assert_eq!(check("rows", "true").await.0, 422);
        let fields = "[[fields]]\nname = \"tier\"\ntype = \"text\"\nindexed = true\ntitle.en = \"Tier\"\ntitle.zh-CN = \"级别\"\n[[fields]]\nname = \"note\"\ntype = \"text\"\n";
        desk.guest_with("crm", json!({ "deed": "log" }), fields).await;
        let names = desk.get("expressions/names").await;
        let named = |name: &str| names["names"].as_array().unwrap().iter().find(|known| known["name"] == name).cloned();
        let tier = named("fields[\"tests/crm/tier\"]").unwrap();
        assert_eq!((&tier["type"], &tier["title"]["zh-CN"]), (&json!("text"), &json!("级别")));
        assert!(named("fields[\"tests/crm/note\"]").is_none(), "no list is filtered by it");
        let state = named("state").unwrap();
        assert_eq!((&state["closed"], &state["values"][0]["value"]), (&json!(true), &json!("new")));
        assert!(names.to_string().contains("\"me\""));
        let names = desk.get("expressions/names?kind=events").await;
        assert!(names.to_string().contains("ticket.fields[\\\"tests/crm/note\\\"]"));
    }

    async fn plugins_fields_of_every_type_find_their_tickets(desk) {
        let kinds = ["text", "integer", "number", "boolean", "instant", "texts"];
        let fields: String = kinds.iter().map(|kind| format!("[[fields]]\nname = \"{kind}\"\ntype = \"{kind}\"\nindexed = true\n")).collect();
        desk.guest_with("crm", json!({ "deed": { "field": ["tests/crm/text", "gold 金"] } }), &fields).await;
        desk.ticket("One").await;
        desk.settle().await;
        assert_eq!(desk.filtered("fields[\"tests/crm/text\"] == \"gold 金\"").await, [1]);
        assert_eq!(desk.filtered("fields[\"tests/crm/text\"].contains(\"金\")").await, [1]);
        assert_eq!(desk.filtered("fields[\"tests/crm/text\"] != \"gold 金\"").await, [0_u64; 0]);
        for kind in &kinds[1..] {
            let question = if *kind == "texts" { "== []" } else { "== null" };
            assert_eq!(desk.filtered(&format!("fields[\"tests/crm/{kind}\"] {question}")).await, [1], "{kind}");
        }
        let page = desk.list(&[("columns", "tests/crm/text"), ("sort", "-tests/crm/text")]).await;
        assert_eq!(page["items"][0]["columns"]["tests/crm/text"], "gold 金");
    }

    async fn a_plugin_asks_for_rows_counts_and_groups(desk) {
        desk.guest_with("asks", json!({ "deed": "log" }), &format!("{ROUTES}acts-as = \"plugin\"\n")).await;
        desk.six_tickets().await;
        let ask = async |what: &str, parameters: &[(&str, &str)]| desk.ask(&desk.token, "asks", what, parameters).await;
        let page = ask("query", &[("filter", "number < 4"), ("columns", "number,tags"), ("sort", "-number"), ("limit", "2")]).await;
        assert_eq!(page["rows"], json!([[3, ["vip"]], [2, ["paper", "vip"]]]));
        let page = ask("query", &[("filter", "number < 4"), ("columns", "number"), ("sort", "-number"), ("limit", "2"), ("cursor", page["next"].as_str().unwrap())]).await;
        assert_eq!(page, json!({ "rows": [[1]], "next": null }));
        assert_eq!(ask("count", &[("filter", "")]).await, json!(5), "all but what is deleted");
        assert_eq!(ask("count", &[("filter", "state == \"deleted\"")]).await, json!(1));
        let groups = ask("aggregate", &[("groups", "state"), ("measures", "count,sum:priority,min:number,max:subject")]).await;
        assert_eq!(groups, json!([["new", 3, 7, 2, "密码 reset"], ["open", 1, 3, 1, "VPN down"], ["solved", 1, 3, 4, "50% off_"]]));
        let groups = ask("aggregate", &[("groups", "tags"), ("measures", "count")]).await;
        assert_eq!(groups, json!([["paper", 1], ["vip", 2], [null, 3]]));
        let days = ask("aggregate", &[("groups", "day:created-at"), ("measures", "count")]).await;
        let counted: i64 = days.as_array().unwrap().iter().map(|row| row[1].as_i64().unwrap()).sum();
        assert_eq!(counted, 5);
        for (what, parameters, part) in [
            ("count", [("filter", "assignee == me"), ("x", "")], "no `me`"),
            ("count", [("filter", "number =="), ("x", "")], "line 1, column 10"),
            ("query", [("columns", "colour"), ("x", "")], "colour"),
            ("query", [("sort", "tags"), ("columns", "number")], "list"),
            ("aggregate", [("groups", "year:created-at"), ("measures", "count")], "hour:, day:, week:, month:"),
            ("aggregate", [("groups", "state"), ("measures", "median:number")], "count, sum:field"),
            ("aggregate", [("groups", "state"), ("measures", "sum:subject")], "numbers"),
            ("aggregate", [("groups", "day:subject"), ("measures", "count")], "instant"),
        ] {
            let told = ask(what, &parameters).await;
            assert!(told["invalid"].as_str().is_some_and(|text| text.contains(part)), "{what} {parameters:?}: {told}");
        }
    }

    async fn a_viewer_learns_nothing_by_asking_that_he_may_not_see(desk) {
        for acts_as in ["viewer", "plugin"] {
            desk.guest_with(acts_as, json!({ "deed": "log" }), &format!("{ROUTES}acts-as = \"{acts_as}\"\n")).await;
        }
        let finance = create_group(&desk.desk, desk.tenant.id, "Finance", &[]).await.unwrap().id;
        let (al, token) = desk.agent("Al", AgentRole::Agent).await;
        let (hal, helper) = desk.agent("Hal", AgentRole::Helper).await;
        assert_eq!(desk.call(Method::PUT, &format!("groups/{finance}/members/{al}"), Some(json!({ "access": "none" }))).await.0, 204);
        let (secret, open) = (desk.ticket("Salaries 4711").await, desk.ticket("Printer").await);
        desk.call(Method::PUT, &format!("tickets/{secret}/assignment"), Some(json!({ "assignee": null, "group": finance }))).await;
        let until = guichet::clock::rfc3339(desk.clock.now().plus_milliseconds(3_600_000));
        desk.call(Method::PUT, &format!("tickets/{open}/participants/helper/agent/{hal}"), Some(json!({ "until": until }))).await;
        desk.settle().await;
        // Each of these would tell of the hidden ticket, were the rights not part of the question.
        for filter in ["subject.startsWith(\"Salaries\")", "text(\"4711\")", "number == 1", "number < 2 || subject == \"Salaries 4711\"", "!(subject == \"Printer\")"] {
            for (who, token) in [("an agent", &token), ("a helper", &helper)] {
                let (status, page) = desk.list_as(token, &[("filter", filter)]).await;
                assert_eq!((status, numbers(&page)), (200, vec![]), "{who}: {filter}");
                let count = desk.ask(token, "viewer", "count", &[("filter", filter)]).await;
                assert_eq!(count, json!(0), "{who}: {filter}");
                let rows = desk.ask(token, "viewer", "aggregate", &[("filter", filter), ("groups", "subject"), ("measures", "count,max:subject")]).await;
                assert_eq!(rows, json!([]), "{who}: {filter}");
            }
            let count = desk.ask(&token, "plugin", "count", &[("filter", filter)]).await;
            assert_eq!(count, json!(1), "the plugin itself may: {filter}");
        }
        for token in [&token, &helper] {
            assert_eq!(numbers(&desk.list_as(token, &[("sort", "subject")]).await.1), [open]);
            let rows = desk.ask(token, "viewer", "query", &[("columns", "subject"), ("sort", "-subject")]).await;
            assert_eq!(rows["rows"], json!([["Printer"]]));
        }
        desk.pass_seconds(3_601).await;
        assert_eq!(numbers(&desk.list_as(&helper, &[("sort", "subject")]).await.1), [0_u64; 0], "his time is over");
    }

    async fn the_database_works_for_one_call_no_longer_than_it_may(desk) {
        desk.guest_with("asks", json!({ "deed": "log" }), &format!("{ROUTES}acts-as = \"plugin\"\n")).await;
        desk.six_tickets().await;
        // A millisecond in all is soon over, however quick each question is.
        let desk = desk.as_another(|settings| settings.database_ms_max = 1).await;
        let told = desk.ask(&desk.token, "asks", "counts", &[("filter", "subject.contains(\"x\")"), ("limit", "1000000")]);
        let told = tokio::time::timeout(std::time::Duration::from_secs(60), told).await;
        let told = told.map(|told| told["limit"].as_str().unwrap_or_default().to_owned());
        assert!(told.as_ref().is_ok_and(|text| text.contains("as long as it may") || text.contains("took longer")), "{told:?}");
    }
}
