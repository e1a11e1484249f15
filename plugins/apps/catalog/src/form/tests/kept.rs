//! Forms as they are kept.

use super::*;
use crate::{
    form::question::{Choice, Kind},
    language::Texts,
};
use guichet_sdk::view::{Condition, Operator};

#[test]
fn a_form_that_cannot_be_asked_is_refused_where_it_is_wrong() {
    let whole = serde_json::to_value(form()).unwrap();
    let place = |pointer: &str, value: Value| {
        let mut form = whole.clone();
        *form.pointer_mut(pointer).unwrap() = value;
        serde_json::from_value::<Form>(form)
            .unwrap()
            .check()
            .unwrap_err()
            .place
    };
    let properties = "/schema/properties";
    for (pointer, value, wrong) in [
        (properties, json!({}), properties.to_owned()),
        (
            properties,
            json!({ "A b": { "type": "string", "title": "A" } }),
            format!("{properties}/A b"),
        ),
        (
            "/schema/properties/place",
            json!({ "type": "string" }),
            format!("{properties}/place"),
        ),
        (
            "/schema/properties/place",
            json!({ "type": "string", "title": "x".repeat(101) }),
            format!("{properties}/place"),
        ),
        (
            "/schema/properties/place",
            json!({ "type": "array", "title": "A" }),
            format!("{properties}/place"),
        ),
        (
            "/schema/properties/place",
            json!({ "type": "string", "title": "A", "minimum": 1 }),
            format!("{properties}/place"),
        ),
        (
            "/schema/properties/place",
            json!({ "type": "string", "title": "A", "maxLength": 501 }),
            format!("{properties}/place"),
        ),
        (
            "/schema/properties/seats/minimum",
            json!(11),
            format!("{properties}/seats"),
        ),
        (
            "/schema/properties/agreed/default",
            json!(true),
            format!("{properties}/agreed"),
        ),
        (
            "/schema/properties/device/enum",
            json!(["a", "a"]),
            format!("{properties}/device"),
        ),
        (
            "/schema/required",
            json!(["colour"]),
            "/schema/required".to_owned(),
        ),
        (
            "/schema/x-order",
            json!(["colour"]),
            "/schema/x-order".to_owned(),
        ),
        ("/shown/0/field", json!("colour"), "/shown/0".to_owned()),
        ("/shown/0/when", json!([]), "/shown/0".to_owned()),
        (
            "/shown/1/when/0/field",
            json!("serial"),
            "/shown/1".to_owned(),
        ),
    ] {
        assert_eq!(place(pointer, value.clone()), wrong, "{pointer} {value}");
    }
    for unknown in ["pattern", "$ref", "const"] {
        let mut form = whole.clone();
        form["schema"]["properties"]["place"][unknown] = json!("x");
        assert!(serde_json::from_value::<Form>(form).is_err(), "{unknown}");
    }
}

fn plain(name: String, kind: Kind) -> Question {
    Question {
        title: Texts::new(name.as_str(), ""),
        name,
        hint: Texts::default(),
        kind,
        required: false,
    }
}

#[test]
fn a_form_has_so_many_fields_choices_conditions_and_bytes_and_no_more() {
    let fields = |count: usize| {
        let questions: Vec<_> = (0..count)
            .map(|n| plain(format!("f{n}"), Kind::Date))
            .collect();
        Form::of(&questions, &[]).unwrap()
    };
    assert!(fields(20).check().is_ok() && fields(21).check().is_err());
    let choices = |count: usize| {
        let all = (0..count).map(|n| Choice {
            value: n.to_string(),
            title: Texts::default(),
        });
        Form::of(&[plain("a".to_owned(), Kind::Choice(all.collect()))], &[]).unwrap()
    };
    assert!(choices(50).check().is_ok() && choices(51).check().is_err());
    let conditions = |count: usize| {
        let one = Condition {
            field: "f1".to_owned(),
            operator: Operator::IsEmpty,
            value: Value::Null,
        };
        let shown = Shown {
            field: "f0".to_owned(),
            when: vec![one; count],
        };
        Form {
            shown: vec![shown],
            ..fields(2)
        }
    };
    assert!(conditions(5).check().is_ok() && conditions(6).check().is_err());
    let hints = |count: usize| {
        let mut questions: Vec<_> = (0..20)
            .map(|n| plain(format!("f{n}"), Kind::Date))
            .collect();
        questions
            .iter_mut()
            .take(count)
            .for_each(|one| one.hint = Texts::new("x".repeat(1_000), "字".repeat(1_000)));
        Form::of(&questions, &[]).unwrap()
    };
    assert!(hints(5).check().is_ok());
    assert_eq!(hints(7).check().unwrap_err().place, "");
}

#[test]
fn questions_go_there_and_back_in_their_order() {
    let form = form();
    let questions = form.questions();
    let names: Vec<_> = questions.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "device",
            "serial",
            "place",
            "extras",
            "seats",
            "needed-by",
            "why",
            "agreed"
        ]
    );
    let again = Form::of(&questions, &form.shown).unwrap();
    assert_eq!(again.questions(), questions);
    assert_eq!(again.shown, form.shown);
    assert_eq!(again.check(), Ok(()));
    assert_eq!(Form::of(&[], &form.shown), None);
}

#[test]
fn a_field_that_goes_takes_the_conditions_on_it_along() {
    let form = form();
    let questions: Vec<_> = form
        .questions()
        .into_iter()
        .filter(|one| one.name != "device")
        .collect();
    let rest = Form::of(&questions, &form.shown).unwrap();
    let fields: Vec<_> = rest.shown.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(fields, ["place"]);
    assert_eq!(rest.check(), Ok(()));
}
