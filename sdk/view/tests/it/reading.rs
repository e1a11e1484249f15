//! What is told of JSON that is not as it should be.

use crate::gallery;
use guichet_view::{Answer, Fault, View};
use serde_json::{Value, json};

fn place(json: &str) -> String {
    View::read(json).expect_err("it is refused").pointer
}

#[test]
fn a_fault_is_found_however_deep_it_stands() {
    let inner = r#"{"type": "badge", "text": 7}"#;
    let in_tabs = format!(
        r#"{{"type": "tabs", "title": "t", "tabs": [{{"id": "a", "title": "A", "blocks": [{inner}]}}]}}"#
    );
    let view = format!(
        r#"{{"blocks": [{{"type": "text", "text": "x"}}, {{"type": "columns", "columns": [{{"blocks": [{in_tabs}]}}]}}]}}"#
    );
    assert_eq!(
        place(&view),
        "/blocks/1/columns/0/blocks/0/tabs/0/blocks/0/text"
    );
}

#[test]
fn names_in_a_place_are_escaped_as_json_pointers_are() {
    let view = r#"{"blocks": [{"type": "form", "submit": "s", "action": {"action": "a"}, "schema": {"type": "object", "properties": {"a/b~c": 7}}}]}"#;
    assert_eq!(place(view), "/blocks/0/schema/properties/a~1b~0c");
}

#[test]
fn an_answer_says_where_it_is_wrong_too() {
    let of = |json: &str| Answer::read(json).map_err(|error| error.pointer);
    assert_eq!(
        of(r#"{"view": {"blocks": [{"type": "text", "txt": "x"}]}}"#),
        Err("/view/blocks/0/txt".to_owned())
    );
    assert_eq!(
        of(r#"{"toast": {"text": "x", "kind": "loud"}}"#),
        Err("/toast/kind".to_owned())
    );
    assert_eq!(
        of(r#"{"go": {"to": "link", "url": "javascript:alert(1)"}}"#),
        Err("/go/url".to_owned())
    );
    assert_eq!(of(r#"{"redirect": "/"}"#), Err("/redirect".to_owned()));
    assert_eq!(of("{}"), Ok(Answer::nothing()));
}

#[test]
fn all_parts_of_an_answer_may_come_together() {
    let answer = r#"{"view": {"blocks": []}, "toast": {"text": "Moved."}, "go": {"to": "ticket", "number": 7}, "misfits": [{"pointer": "/why", "detail": "Say more."}]}"#;
    let read = Answer::read(answer).unwrap();
    assert!(read.view.is_some() && read.toast.is_some() && read.go.is_some());
    assert_eq!(read.misfits[0].pointer, "/why");
}

#[test]
fn what_is_said_of_a_fault_says_what_to_do() {
    let error = View::read(r#"{"blocks": [{"type": "button", "text": "x"}]}"#).unwrap_err();
    assert_eq!(error.fault, Fault::Target);
    assert_eq!(
        error.to_string(),
        "/blocks/0: either `action` or `go` must stand here, and not both"
    );
}

#[test]
fn a_builder_cannot_make_what_may_not_be_drawn_without_the_check_seeing_it() {
    let view = View::default().block(guichet_view::progress("p").percent(f64::NAN));
    assert_eq!(view.check().unwrap_err().pointer, "/blocks/0/value");
}

/// All places of a value, from the outside in.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    let below = |step: &str| format!("{at}/{}", step.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Array(items) => (0..).zip(items).for_each(|(index, item): (usize, _)| {
            places(item, &below(&index.to_string()), found);
        }),
        Value::Object(members) => members
            .iter()
            .for_each(|(name, member)| places(member, &below(name), found)),
        _ => {}
    }
}

#[test]
fn whatever_stands_anywhere_is_read_or_refused_at_a_place_that_is_there() {
    let wrong = json!([null, true, -1e300, 7, "x", "", [], ["x"], {}, { "type": "text" }]);
    let mut refused = 0;
    for example in gallery::english() {
        let view = serde_json::to_value(&example.view).unwrap();
        let mut all = Vec::new();
        places(&view, "", &mut all);
        for (place, other) in all.iter().flat_map(|place| {
            let others = wrong.as_array().unwrap();
            others.iter().map(move |other| (place, other))
        }) {
            let mut changed = view.clone();
            *changed.pointer_mut(place).unwrap() = other.clone();
            let Err(error) = View::read(&changed.to_string()) else {
                continue;
            };
            refused += 1;
            // What is missing, or is not known, has at least a place that it is missing from.
            let above = error
                .pointer
                .rsplit_once('/')
                .map_or("", |(above, _)| above);
            let is_there = |pointer| changed.pointer(pointer).is_some();
            assert!(
                is_there(&error.pointer) || is_there(above),
                "{} changed at {place} to {other}: {error}",
                example.block
            );
        }
    }
    assert!(refused > 1_000, "{refused}");
}
