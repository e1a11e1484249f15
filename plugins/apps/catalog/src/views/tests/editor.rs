//! The form editor.

use super::*;
use crate::{
    form::question::{Kind, Question},
    views::fields::Step,
};

#[test]
fn fields_are_added_put_into_another_order_and_taken_away() {
    let question = |name: &str| Question {
        name: name.to_owned(),
        title: Texts::new(name, ""),
        hint: Texts::default(),
        kind: Kind::Date,
        required: true,
    };
    let names = |form: &Option<Form>| {
        let questions = form.as_ref().map(Form::questions).unwrap_or_default();
        questions
            .into_iter()
            .map(|one| one.name)
            .collect::<Vec<_>>()
    };
    let mut form = None;
    for name in ["a", "b", "c", "a"] {
        form = fields::kept(form.as_ref(), question(name), Vec::new());
    }
    assert_eq!(names(&form), ["a", "b", "c"]);
    for (name, step, order) in [
        ("a", Step::Down, "bac"),
        ("a", Step::Down, "bca"),
        ("a", Step::Down, "bca"),
        ("c", Step::Up, "cba"),
        ("c", Step::Up, "cba"),
        ("b", Step::Away, "ca"),
        ("z", Step::Away, "ca"),
    ] {
        form = fields::stepped(form.as_ref(), name, step);
        assert_eq!(names(&form).concat(), order, "{name} {step:?}");
    }
    form = fields::stepped(form.as_ref(), "c", Step::Away);
    assert_eq!(fields::stepped(form.as_ref(), "a", Step::Away), None);
}

#[test]
fn a_field_s_form_gives_back_the_field() {
    let form = form();
    let entry = Entry {
        form: Some(form.clone()),
        ..Entry::new(Texts::new("A", ""))
    };
    for question in form.questions() {
        let view = field::view(ADMIN, "a", &entry, &question.name);
        json_of(&view);
        let shown = serde_json::to_value(&view).unwrap();
        let values = &shown["blocks"][1]["values"];
        let (read, when) = field::read(values, &question.name, Some(&form)).unwrap();
        assert_eq!(read, question);
        assert_eq!(
            fields::kept(Some(&form), read, when),
            fields::kept(
                Some(&form),
                question.clone(),
                form.shown
                    .iter()
                    .filter(|one| one.field == question.name)
                    .flat_map(|one| one.when.clone())
                    .collect()
            )
        );
    }
    for viewer in viewers() {
        json_of(&field::view(viewer, "a", &entry, ""));
        json_of(&field::view(
            viewer,
            "a",
            &Entry::new(Texts::new("A", "")),
            "",
        ));
    }
}

#[test]
fn a_field_that_cannot_be_is_told_at_its_place() {
    let form = form();
    let good = json!({ "name": "colour", "title": { "en": "Colour" }, "kind": "choice", "choices": [{ "value": "red", "en": "Red" }], "when": "system", "operator": "is", "value": "erp, crm" });
    let (question, when) = field::read(&good, "", Some(&form)).unwrap();
    assert_eq!(question.kind.choices()[0].title.en, "Red");
    assert_eq!(when[0].value, json!(["erp", "crm"]));
    for (name, value, place) in [
        ("name", json!("Colour"), "/name"),
        ("name", json!("reason"), "/name"),
        ("title", json!({}), "/title"),
        ("kind", json!("map"), "/kind"),
        ("choices", json!([]), "/choices"),
        ("operator", json!("like"), "/operator"),
        ("value", json!(" "), "/value"),
        ("required", json!("maybe"), ""),
    ] {
        let mut values = good.clone();
        values[name] = value;
        assert_eq!(
            field::read(&values, "", Some(&form)).unwrap_err().0,
            place,
            "{name}"
        );
    }
}

#[test]
fn a_condition_compares_as_answers_are() {
    let question = |kind| Question {
        name: "other".to_owned(),
        title: Texts::new("Other", ""),
        hint: Texts::default(),
        kind,
        required: false,
    };
    let read = |kind, value: &str| {
        let form = Form::of(&[question(kind)], &[]);
        let values = json!({ "name": "a", "title": { "en": "A" }, "kind": "date", "when": "other", "operator": "is", "value": value });
        field::read(&values, "", form.as_ref()).map(|(_, when)| when[0].value.clone())
    };
    assert_eq!(read(Kind::YesNo, "yes"), Ok(json!(true)));
    assert_eq!(read(Kind::YesNo, "否"), Ok(json!(false)));
    assert_eq!(read(Kind::YesNo, "maybe").unwrap_err().0, "/value");
    assert_eq!(read(Kind::Number(None, None), "2"), Ok(json!(2.0)));
    assert_eq!(
        read(Kind::Number(None, None), "two").unwrap_err().0,
        "/value"
    );
    assert_eq!(read(Kind::Text(10), "two"), Ok(json!("two")));
}

#[test]
fn the_form_editor_shows_each_field_with_what_can_be_done_with_it() {
    let entry = Entry {
        form: Some(form()),
        ..Entry::new(Texts::new("A", ""))
    };
    for viewer in viewers() {
        let all = fields::list(viewer, "a", &entry);
        let shown = json_of(&View::new("x").blocks(all));
        assert!(shown.contains("“work”"), "{shown}");
        let none = fields::list(viewer, "a", &Entry::new(Texts::new("A", "")));
        assert!(json_of(&View::new("x").blocks(none)).contains("\"field\""));
    }
}

#[test]
fn conditions_beyond_the_first_stay_as_long_as_nobody_touches_it() {
    let mut form = form();
    let more = json!({ "field": "reason", "operator": "is-not", "value": ["play", "rest"] });
    form.shown[0]
        .when
        .push(serde_json::from_value(more).unwrap());
    let entry = Entry {
        form: Some(form.clone()),
        ..Entry::new(Texts::new("A", ""))
    };
    let shown = serde_json::to_value(field::view(ADMIN, "a", &entry, "system")).unwrap();
    let mut values = shown["blocks"][1]["values"].clone();
    let read = |values: &Value| field::read(values, "system", Some(&form)).unwrap().1;
    assert_eq!(read(&values), form.shown[0].when);
    values["value"] = json!("travel");
    assert_eq!(read(&values).len(), 1);
    values["when"] = json!("");
    assert_eq!(read(&values), []);
}
