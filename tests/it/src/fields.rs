//! Fields that plugins add to tickets, as people see them in lists.

use crate::{
    desk::{TestDesk, on_both_databases},
    host_calls::caller::Caller,
};
use reqwest::Method;
use serde_json::{Value, json};

/// A stage with words and tones, which stands in every list, and a note that does not.
const STAGES: &str = "[[routes]]\npath = \"/\"\nmethods = [\"POST\"]\naccess = \"agent\"\nacts-as = \"plugin\"\n\
    [[views]]\nname = \"clocks\"\ntitle.en = \"Clocks\"\nlocation = \"ticket.sidebar\"\n\
    [[fields]]\nname = \"stage\"\ntitle.en = \"Stage\"\ntitle.zh-CN = \"阶段\"\nindexed = true\nlisted = true\ndetails = \"clocks\"\n\
    values = [{ value = \"missed\", title.en = \"Overdue\", title.zh-CN = \"已超时\", tone = \"bad\" }]\n\
    [[fields]]\nname = \"note\"\ntitle.en = \"Note\"\n";

async fn columns(desk: &TestDesk, path: &str) -> Vec<Value> {
    let page = desk.get(path).await;
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["columns"].clone()).collect()
}

on_both_databases! {
    async fn a_field_that_its_plugin_lists_stands_in_every_list_that_does_not_say_its_columns(desk) {
        let settings = json!({ "deed": "rest" });
        let install = desk.guest_granted("stages", &["tickets-write"], settings, STAGES).await;
        let number = desk.ticket("Late").await;
        let id = desk.get(&format!("tickets/{number}")).await["id"].clone();
        let caller = Caller::of(&desk, "stages", &desk.token);
        let fields = json!({ "tests/stages/stage": "missed", "tests/stages/note": "so" });
        caller.made("tickets-write.set", json!([id, fields])).await;
        let listed = json!({ "tests/stages/stage": "missed" });
        assert_eq!(columns(&desk, "tickets").await, std::slice::from_ref(&listed));
        assert_eq!(columns(&desk, "tickets?filter=state%20==%20%22new%22&sort=number").await, std::slice::from_ref(&listed));
        assert_eq!(columns(&desk, "tickets?columns=tests/stages/note").await, [json!({ "tests/stages/note": "so" })]);
        assert_eq!(columns(&desk, "tickets?columns=kind&sort=number").await, [json!({ "kind": "incident" })]);
        for (wanted, shown) in [(json!([]), listed), (json!(["kind"]), json!({ "kind": "incident" }))] {
            let wish = json!({ "name": { "en": "Mine" }, "filter": "state == \"new\"", "sort": [], "columns": wanted, "shared": "nobody" });
            let (status, view) = desk.call(Method::POST, "views", Some(wish)).await;
            assert_eq!(status, 201, "{view}");
            assert_eq!(columns(&desk, &format!("tickets?view={}", view["id"].as_str().unwrap())).await, [shown]);
        }
        let items = desk.get("fields").await["items"].clone();
        let stage = json!({
            "name": "tests/stages/stage", "title": { "en": "Stage", "zh-CN": "阶段" }, "listed": true,
            "values": [{ "value": "missed", "title": { "en": "Overdue", "zh-CN": "已超时" }, "tone": "bad" }],
            "details": { "install": install["id"], "view": "clocks" },
        });
        assert_eq!(items, json!([stage, { "name": "tests/stages/note", "title": { "en": "Note" }, "listed": false, "values": [] }]));
        let names = desk.get("expressions/names").await["names"].clone();
        let name = names.as_array().unwrap().iter().find(|one| one["name"] == "fields[\"tests/stages/stage\"]").unwrap();
        assert_eq!((&name["values"][0]["value"], &name["values"][0]["title"]["zh-CN"], &name["closed"]), (&json!("missed"), &json!("已超时"), &json!(false)));
        let path = format!("plugins/{}/enablement", install["id"].as_str().unwrap());
        assert_eq!(desk.call(Method::DELETE, &path, None).await.0, 204);
        assert_eq!(columns(&desk, "tickets").await, [Value::Null], "a plugin that is held back shows nothing");
        assert_eq!(desk.get("fields").await["items"], json!([]));
    }

    async fn a_column_that_there_is_not_is_told(desk) {
        desk.ticket("One").await;
        let (status, problem) = desk.call(Method::GET, "tickets?columns=tests/none/stage", None).await;
        assert!(status == 422 && problem.to_string().contains("tests/none/stage"), "{status} {problem}");
    }
}
