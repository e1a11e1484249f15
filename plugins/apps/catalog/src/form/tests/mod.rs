//! Answers, and the form that they are given to.

mod kept;

use super::{answers::read, wrong::Wrong as Unfit, *};
use crate::language::Language;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A form with a field of each kind; a serial number is asked of laptops, its place once there is one.
fn form() -> Form {
    let form = json!({
        "schema": {
            "type": "object",
            "required": ["device", "serial", "agreed"],
            "x-order": ["device", "serial", "place", "extras", "seats", "needed-by", "why", "agreed"],
            "properties": {
                "device": { "type": "string", "title": "Device", "x-title-zh-CN": "设备", "enum": ["laptop", "phone"], "x-enum-titles": { "phone": { "en": "Telephone", "zh-CN": "手机" } } },
                "serial": { "type": "string", "title": "Serial number", "maxLength": 8 },
                "place": { "type": "string", "title": "Place" },
                "extras": { "type": "array", "title": "Extras", "uniqueItems": true, "items": { "type": "string", "enum": ["bag", "dock", "mouse"] } },
                "seats": { "type": "number", "title": "Seats", "minimum": 1, "maximum": 10 },
                "needed-by": { "type": "string", "title": "Needed by", "format": "date" },
                "why": { "type": "string", "title": "Why", "format": "multi-line" },
                "agreed": { "type": "boolean", "title": "Agreed", "default": false },
            },
        },
        "shown": [
            { "field": "place", "when": [{ "field": "serial", "operator": "is-not-empty" }] },
            { "field": "serial", "when": [{ "field": "device", "operator": "is", "value": "laptop" }] },
        ],
    });
    let form: Form = serde_json::from_value(form).unwrap();
    form.check().unwrap();
    form
}

/// What is kept, or pointers with what is wrong there.
fn answered(given: Value) -> Result<Value, Vec<(String, Unfit)>> {
    match read(Some(&form()), &given) {
        Ok(answers) => Ok(Value::Object(answers)),
        Err(misfits) => Err(misfits
            .into_iter()
            .map(|one| (one.pointer, one.wrong))
            .collect()),
    }
}

#[test]
fn answers_are_kept_as_they_are_meant() {
    let given = json!({
        "device": "laptop", "serial": " PX-1 ", "place": "Room\t4", "extras": ["mouse", "bag", "mouse"], "seats": 2.5, "needed-by": "2028-02-29",
        "why": "first\r\nsecond", "agreed": true,
    });
    let kept = json!({
        "device": "laptop", "serial": "PX-1", "place": "Room 4", "extras": ["bag", "mouse"], "seats": 2.5, "needed-by": "2028-02-29",
        "why": "first\nsecond", "agreed": true,
    });
    assert_eq!(answered(given), Ok(kept));
}

#[test]
fn what_does_not_fit_is_told_at_its_place() {
    let good = json!({ "device": "phone", "agreed": true });
    for (name, value, wrong) in [
        ("device", json!(null), Unfit::Missing),
        ("device", json!(""), Unfit::Missing),
        ("device", json!("tablet"), Unfit::NoChoice),
        ("device", json!(7), Unfit::NoChoice),
        ("extras", json!(["bag", "tent"]), Unfit::NoChoice),
        ("extras", json!("bag"), Unfit::NoChoice),
        ("extras", json!([1]), Unfit::NoChoice),
        ("seats", json!("two"), Unfit::NoNumber),
        ("seats", json!(0), Unfit::OutOfRange(Some(1.0), Some(10.0))),
        (
            "seats",
            json!(10.5),
            Unfit::OutOfRange(Some(1.0), Some(10.0)),
        ),
        ("needed-by", json!("2027-02-29"), Unfit::NoDate),
        ("needed-by", json!("29.02.2028"), Unfit::NoDate),
        ("why", json!(["a"]), Unfit::NoText),
        ("why", json!("x".repeat(5_001)), Unfit::TooLong(5_000)),
        ("agreed", json!("yes"), Unfit::NoYesNo),
        ("agreed", json!(false), Unfit::NotConfirmed),
        ("agreed", json!(null), Unfit::NotConfirmed),
        ("colour", json!("red"), Unfit::NotAsked),
    ] {
        let mut given = good.clone();
        given[name] = value;
        assert_eq!(answered(given), Err(vec![(format!("/{name}"), wrong)]));
    }
    assert_eq!(
        answered(json!([])),
        Err(vec![(String::new(), Unfit::NoObject)])
    );
}

#[test]
fn what_is_not_shown_is_neither_required_nor_kept() {
    let phone = json!({ "device": "phone", "serial": "PX-1", "place": "Room 4", "agreed": true });
    assert_eq!(
        answered(phone),
        Ok(json!({ "device": "phone", "agreed": true }))
    );
    let laptop = json!({ "device": "laptop", "place": "Room 4", "agreed": true });
    assert_eq!(
        answered(laptop),
        Err(vec![("/serial".to_owned(), Unfit::Missing)])
    );
    // What is not shown may be wrong, too: nobody saw it.
    let hidden = json!({ "device": "phone", "serial": 7, "agreed": true });
    assert!(answered(hidden).is_ok());
}

#[test]
fn each_operator_holds_where_it_should_and_nowhere_else() {
    let holds = |operator: &str, value: Value, given: Value| {
        let shown = json!([{ "field": "b", "when": [{ "field": "a", "operator": operator, "value": value }] }]);
        let shown: Vec<Shown> = serde_json::from_value(shown).unwrap();
        let answers = json!({ "a": given });
        shown::hidden(&shown, answers.as_object().unwrap()).is_empty()
    };
    assert!(holds("is", json!("x"), json!("x")) && holds("is", json!(["y", "x"]), json!("x")));
    assert!(holds("is", json!("x"), json!(["w", "x"])) && !holds("is", json!("x"), json!(null)));
    assert!(holds("is", json!(1), json!(1.0)) && !holds("is", json!("1"), json!(1)));
    assert!(holds("is-not", json!("x"), json!("y")) && !holds("is-not", json!("x"), json!("x")));
    for nothing in [json!(null), json!(""), json!(false), json!([])] {
        assert!(holds("is-empty", json!(null), nothing.clone()));
        assert!(!holds("is-not-empty", json!(null), nothing));
    }
    assert!(holds("is-not-empty", json!(null), json!(0)));
    assert!(
        holds("greater-than", json!(2), json!(3)) && holds("greater-than", json!("2"), json!(3))
    );
    assert!(
        !holds("greater-than", json!(2), json!(2)) && !holds("greater-than", json!(2), json!("3"))
    );
    assert!(holds("less-than", json!(2), json!(1)) && !holds("less-than", json!(2), json!(null)));
}

#[test]
fn conditions_that_go_round_hide_and_come_to_an_end() {
    let shown = json!([
        { "field": "a", "when": [{ "field": "b", "operator": "is-empty" }] },
        { "field": "b", "when": [{ "field": "a", "operator": "is-empty" }] },
    ]);
    let shown: Vec<Shown> = serde_json::from_value(shown).unwrap();
    let answers = json!({ "a": "x", "b": "y" });
    let hidden = shown::hidden(&shown, answers.as_object().unwrap());
    assert_eq!(hidden.into_iter().collect::<Vec<_>>(), ["a"]);
}

#[test]
fn an_entry_that_asks_nothing_takes_no_answers() {
    assert_eq!(read(None, &Value::Null), Ok(Default::default()));
    assert!(read(None, &json!({ "a": 1 })).is_err());
}

#[test]
fn answers_together_have_a_bound_and_misfits_too() {
    let much = json!({ "why": "x".repeat(crate::limits::ANSWERS_BYTES_MAX) });
    assert_eq!(answered(much), Err(vec![(String::new(), Unfit::TooMuch)]));
    let many: serde_json::Map<_, _> = (0..60).map(|n| (format!("f{n}"), json!(1))).collect();
    assert_eq!(read(None, &Value::Object(many)).unwrap_err().len(), 50);
}

#[test]
fn answers_are_told_as_people_read_them() {
    let form = form();
    let questions = form.questions();
    let told = |name: &str, answer: Value, language| {
        let question = questions.iter().find(|one| one.name == name).unwrap();
        (
            question.title(language).to_owned(),
            question.told(&answer, language),
        )
    };
    let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert_eq!(
        told("device", json!("phone"), Language::Chinese),
        pair("设备", "手机")
    );
    assert_eq!(
        told("device", json!("laptop"), Language::English),
        pair("Device", "laptop")
    );
    assert_eq!(
        told("extras", json!(["bag", "dock"]), Language::English),
        pair("Extras", "bag, dock")
    );
    assert_eq!(
        told("agreed", json!(true), Language::Chinese),
        pair("Agreed", "是")
    );
    assert_eq!(
        told("seats", json!(2), Language::English),
        pair("Seats", "2")
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("laptop")),
        Just(json!("bag")),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        proptest::collection::vec(inner, 0..4).prop_map(Value::from)
    })
}

proptest! {
    #[test]
    fn whatever_is_sent_what_is_kept_is_kept_when_it_is_sent_again(
        values in proptest::collection::vec(any_json(), 8)
    ) {
        let names = ["device", "serial", "place", "extras", "seats", "needed-by", "why", "agreed"];
        let given: serde_json::Map<_, _> = names.iter().map(|one| (*one).to_owned()).zip(values).collect();
        if let Ok(kept) = read(Some(&form()), &Value::Object(given)) {
            prop_assert_eq!(read(Some(&form()), &Value::Object(kept.clone())), Ok(kept));
        }
    }
}
