//! Questions that would tell of what is hidden, were they answered from it: by halves, by order, by the greatest and the least, by how many there are, by
//! what is refused. Each is asked before and after everything hidden was made otherwise, and answered the same, byte for byte.

use crate::{
    desk::{TestDesk, on_both_databases},
    host_calls::caller::Caller,
    viewers::Cast,
};
use reqwest::Method;
use serde_json::{Value, json};

const FIELDS: &str = "[[fields]]\nname = \"salary\"\ntype = \"integer\"\nindexed = true\n[[fields]]\nname = \"name\"\ntype = \"text\"\nindexed = true\n";

/// Conditions of which each would be true of something hidden before or after, and not of both.
fn conditions(cast: &Cast, admin: &str) -> Vec<String> {
    let finance = cast.finance;
    [
        "true",
        "number > 1",
        "number != 1",
        "subject.contains(\"4711\")",
        "subject.startsWith(\"Salaries 4\")",
        "!(subject.contains(\"4711\"))",
        "subject < \"Salaries 5\"",
        "text(\"4711\")",
        "text(\"dismissal\")",
        "text(\"see\")",
        "state == \"solved\"",
        "state == \"deleted\" || state == \"suspended\"",
        "state in [\"new\", \"open\", \"closed\"]",
        "priority <= 2",
        "priority > 2",
        "impact == 1",
        "\"secret\" in tags",
        "tags == []",
        "!(\"secret\" in tags)",
        "assignee == null",
        "group == null",
        "reopen_count > 0",
        "solved_at != null",
        "solved_at == null",
        "updated_at > created_at",
        "legal_hold",
        "fields[\"tests/payroll/salary\"] > 5000",
        "fields[\"tests/payroll/salary\"] <= 5000",
        "fields[\"tests/payroll/salary\"] == null",
        "fields[\"tests/payroll/name\"].contains(\"Ana\")",
        "number < 1000 && (subject.contains(\"4711\") || text(\"dismissal\"))",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain([
        format!("group == \"{finance}\""),
        format!("group != \"{finance}\""),
        format!("assignee == \"{admin}\""),
    ])
    .collect()
}

const ORDERS: [&str; 10] = [
    "number",
    "-number",
    "subject",
    "-updated_at",
    "priority,-subject",
    "-solved_at,number",
    "group,assignee",
    "tests/payroll/salary",
    "-tests/payroll/name,number",
    "tags",
];

const MEASURES: [&str; 9] = [
    "count",
    "max:number",
    "min:subject",
    "max:subject",
    "max:updated-at",
    "min:priority",
    "sum:reopen-count",
    "avg:tests/payroll/salary",
    "max:tests/payroll/name",
];

impl TestDesk {
    /// What somebody is answered over the API.
    async fn asked(
        &self,
        token: &str,
        answers: &mut Vec<String>,
        path: &str,
        parameters: &[(&str, &str)],
    ) {
        let path_of_api = format!("/t/acme/api/v1/{path}");
        let (status, text) = self.get_as(token, &path_of_api, parameters).await;
        answers.push(format!("{path} {parameters:?}: {status} {text}"));
    }

    /// All the questions, as somebody; what each was answered.
    async fn battery(&self, cast: &Cast, token: &str, view: &str) -> Vec<String> {
        let viewer = Caller::of(self, "viewer", token);
        let report = Caller {
            report: Some(cast.viewer),
            ..viewer
        };
        let is_helper = token == cast.hal;
        let admin = self.admin.to_string();
        let mut answers = Vec::new();
        for condition in conditions(cast, &admin) {
            for parameters in [
                vec![("filter", &*condition)],
                vec![("filter", &*condition), ("limit", "1"), ("sort", "-number")],
                vec![("filter", &*condition), ("q", "see")],
            ] {
                self.asked(token, &mut answers, "tickets", &parameters)
                    .await;
            }
            let page = json!([{ "filter": condition, "columns": ["number", "subject"], "sort": ["number"], "limit": 1 }]);
            let groups = json!([condition, ["state"], MEASURES, 100]);
            for (call, arguments) in [
                ("tickets-read.query", page),
                ("tickets-read.count", json!([condition])),
                ("tickets-read.aggregate", groups),
            ] {
                answers.push(viewer.call(call, &arguments).await);
                if !is_helper {
                    answers.push(report.call(call, &arguments).await);
                }
            }
        }
        for order in ORDERS {
            for limit in ["1", "100"] {
                let parameters = [
                    ("sort", order),
                    ("limit", limit),
                    ("columns", "number,tests/payroll/salary,tags"),
                ];
                self.asked(token, &mut answers, "tickets", &parameters)
                    .await;
            }
            let sort: Vec<_> = order.split(',').collect();
            let page = json!([{ "columns": ["id"], "sort": sort, "limit": 1 }]);
            answers.push(viewer.call("tickets-read.query", &page).await);
        }
        for group in [
            "state",
            "tags",
            "group",
            "assignee",
            "requester",
            "day:created-at",
            "week:solved-at",
            "subject",
            "tests/payroll/name",
        ] {
            answers.push(
                viewer
                    .call("tickets-read.aggregate", &json!(["", [group], MEASURES, 1]))
                    .await,
            );
            answers.push(
                viewer
                    .call(
                        "tickets-read.aggregate",
                        &json!(["", [group], ["count"], 100]),
                    )
                    .await,
            );
        }
        for parameters in [
            vec![("q", "4711")],
            vec![("q", "sala")],
            vec![("q", "dismissal")],
            vec![("state", "solved")],
            vec![("state", "deleted")],
            vec![("assignee", &*admin)],
            vec![("group", &*cast.finance.to_string())],
            vec![("requester", &*cast.own["customer"])],
            vec![("field", "tests/payroll/salary"), ("value", "4711")],
            vec![("view", view)],
            vec![("limit", "1")],
            vec![("filter", "fields[\"tests/payroll/hidden\"] == 1")],
            vec![("sort", "colour")],
        ] {
            self.asked(token, &mut answers, "tickets", &parameters)
                .await;
        }
        for list in [
            "tickets",
            "views",
            "views/counts",
            "expressions/names",
            "agents",
            "groups",
            "suspended",
            "reports",
        ] {
            self.asked(token, &mut answers, list, &[]).await;
        }
        for (after, kind, limit) in [
            (0, "", 200),
            (0, "ticket.", 3),
            (0, "message.", 200),
            (0, "tests/", 200),
            (7, "", 1),
        ] {
            answers.push(
                viewer
                    .call("events-read.since", &json!([after, kind, limit]))
                    .await,
            );
        }
        let own = json!([cast.own["ticket"]]);
        for read in [
            "tickets-read.get",
            "tickets-read.ticket.messages",
            "tickets-read.ticket.participants",
            "tickets-read.ticket.updated-at",
        ] {
            answers.push(viewer.call(read, &own).await);
        }
        answers
    }

    /// A ticket that is hidden: who asks for it is known already, so that no customer comes or goes.
    async fn secret(&self, cast: &Cast, subject: &str) -> u64 {
        let maker = Caller::of(self, "maker", &self.token);
        let message = json!({ "text": format!("{subject}: please see.") });
        let fields = json!({ "tests/payroll/salary": 4711, "tests/payroll/name": "Ana" });
        let draft = json!({ "subject": subject, "requester": cast.own["customer"], "message": message, "fields": fields });
        let ticket = maker.made("tickets-write.create", json!([draft])).await;
        let group = json!({ "group": cast.finance, "assignee": null });
        maker
            .made("tickets-write.transition", json!([ticket, "assign", group]))
            .await;
        maker
            .made("tickets-read.ticket.number", json!([ticket]))
            .await
            .as_u64()
            .unwrap()
    }

    async fn does(&self, method: Method, path: &str, wish: Value) {
        let (status, answer) = self.call(method, path, Some(wish)).await;
        assert!(status < 300, "{path}: {answer}");
    }
}

on_both_databases! {
    async fn no_question_is_answered_from_what_is_hidden(desk) {
        desk.guest_with("payroll", json!({ "deed": "rest" }), FIELDS).await;
        let cast = desk.cast().await;
        let first = desk.secret(&cast, "Salaries 4711").await;
        let second = desk.secret(&cast, "Offices").await;
        let shared = json!({ "name": "Of all", "shared": "everybody", "filter": "subject.contains(\"4711\") || \"secret\" in tags", "sort": ["-number"] });
        let (status, view) = desk.call(Method::POST, "views", Some(shared)).await;
        assert_eq!(status, 201, "{view}");
        let view = view["id"].as_str().unwrap();
        desk.settle().await;
        let viewers = [("an agent", &cast.al), ("a helper", &cast.hal)];
        let mut before = Vec::new();
        for (_, token) in viewers {
            before.push(desk.battery(&cast, token, view).await);
        }
        assert!(before[0].iter().any(|told| told.contains("Salaries own")), "there is something to see");
        // Everything hidden is made otherwise.
        let maker = Caller::of(&desk, "maker", &desk.token);
        let id = desk.get(&format!("tickets/{first}")).await["id"].clone();
        let changed = json!({ "subject": "Aardvark", "tests/payroll/salary": 9000, "tests/payroll/name": "Bo" });
        maker.made("tickets-write.set", json!([id, changed])).await;
        let put = async |what: &str, wish: Value| desk.does(Method::PUT, &format!("tickets/{first}/{what}"), wish).await;
        put("tags", json!({ "tags": ["secret", "dismissal"] })).await;
        put("priority", json!({ "impact": 1, "urgency": 1 })).await;
        put("assignment", json!({ "assignee": desk.admin, "group": cast.finance })).await;
        let note = json!({ "visibility": "internal", "text": "Prepare the dismissal 4711." });
        desk.does(Method::POST, &format!("tickets/{first}/messages"), note).await;
        put("legal-hold", json!({})).await;
        put("solution", json!({})).await;
        desk.does(Method::DELETE, &format!("tickets/{first}/solution"), json!({})).await;
        put("solution", json!({})).await;
        desk.does(Method::PUT, &format!("tickets/{second}/deletion"), json!({})).await;
        for subject in ["Salaries 4711 again", "Zebra dismissal", "Salaries"] {
            desk.secret(&cast, subject).await;
        }
        desk.settle().await;
        for ((who, token), before) in viewers.into_iter().zip(before) {
            let after = desk.battery(&cast, token, view).await;
            for (before, after) in before.iter().zip(&after) {
                assert_eq!(before, after, "{who}");
            }
            for told in &after {
                assert!(!told.contains("Aardvark"), "{who}: {told}");
            }
        }
        // And the same questions are answered from it for who sees it.
        let all = desk.list(&[("filter", "\"secret\" in tags && fields[\"tests/payroll/salary\"] > 5000 && state == \"solved\"")]).await;
        assert_eq!(all["items"][0]["number"], first);
    }

    async fn a_page_is_as_full_and_as_long_for_who_sees_less(desk) {
        let cast = desk.cast().await;
        // What is hidden stands between what is not.
        for number in 0..3 {
            desk.secret(&cast, &format!("Salaries {number}")).await;
            desk.ticket(&format!("Open {number}")).await;
        }
        desk.settle().await;
        for parameters in [vec![], vec![("q", "please")], vec![("sort", "-created_at")], vec![("filter", "text(\"please\")")]] {
            let (mut seen, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
            loop {
                let mut parameters = parameters.clone();
                parameters.push(("limit", "1"));
                if !cursor.is_empty() {
                    parameters.push(("cursor", &cursor));
                }
                let (status, page) = desk.list_as(&cast.al, &parameters).await;
                assert_eq!(status, 200, "{page}");
                let items = page["items"].as_array().unwrap();
                seen.extend(items.iter().map(|ticket| ticket["subject"].as_str().unwrap().to_owned()));
                pages += 1;
                match page["next"].as_str() {
                    Some(next) => cursor = next.to_owned(),
                    None => break,
                }
                assert!(items.len() == 1 && pages < 10, "a page that is not the last is full: {page}");
            }
            assert_eq!(seen, ["Open 2", "Open 1", "Open 0", "Salaries own"], "{parameters:?}");
        }
    }
}
