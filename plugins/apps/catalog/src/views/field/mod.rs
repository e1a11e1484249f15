//! One field of a form, as a form of its own. It is shown always, or while one condition on another field holds; several come by import, and stay as long as
//! nobody touches the first.

/// Its form's schema.
mod schema;

/// What was filled in.
mod filled;

pub(super) use filled::read;

use super::edit::both;
use crate::{
    entry::Entry,
    form::{
        Form,
        question::{Choice, Kind, Question},
    },
    viewer::Viewer,
};
use guichet_sdk::view::{Action, Block, Condition, Form as Shown, Operator, View, button, form};
use schema::schema;
use serde_json::{Value, json};

/// Operators by their names in forms, in English and in Chinese.
const OPERATORS: [(&str, Operator, &str, &str); 6] = [
    ("is", Operator::Is, "is", "是"),
    ("is-not", Operator::IsNot, "is not", "不是"),
    ("is-empty", Operator::IsEmpty, "is empty", "为空"),
    (
        "is-not-empty",
        Operator::IsNotEmpty,
        "is not empty",
        "不为空",
    ),
    (
        "greater-than",
        Operator::GreaterThan,
        "is greater than",
        "大于",
    ),
    ("less-than", Operator::LessThan, "is less than", "小于"),
];

/// A place of the form, and what is wrong there, in English and in Chinese.
pub(super) type Wrong = (&'static str, &'static str, &'static str);

/// As people read it.
pub(super) fn operator(operator: Operator) -> (&'static str, &'static str) {
    let known = OPERATORS.iter().find(|(_, one, ..)| *one == operator);
    known.map_or(("", ""), |(_, _, english, chinese)| (english, chinese))
}

/// The page of a field; of a new one where the name is empty.
pub(super) fn view(viewer: Viewer, id: &str, entry: &Entry, name: &str) -> View {
    let questions = entry.form.as_ref().map(Form::questions).unwrap_or_default();
    let known = questions.iter().find(|one| one.name == name);
    let others: Vec<_> = questions.iter().filter(|one| one.name != name).collect();
    let title = known.map_or(viewer.say("New field", "新建字段"), |one| {
        one.title(viewer.language)
    });
    let keep = Action::new("keep-field")
        .input(json!({ "id": id, "version": entry.version, "name": known.map_or("", |_| name) }))
        .primary();
    let when = entry.form.iter().flat_map(|form| &form.shown);
    let when = when
        .filter(|one| one.field == name)
        .flat_map(|one| &one.when)
        .next();
    let back = Action::new("open").input(json!({ "id": id, "tab": "fields" }));
    View::new(title)
        .block(button(viewer.say("Back to the entry", "返回条目")).action(back))
        .block(Block::from(asked(viewer, known, &others, when, keep)))
}

fn asked(
    viewer: Viewer,
    known: Option<&Question>,
    others: &[&Question],
    when: Option<&Condition>,
    keep: Action,
) -> Shown {
    let mut form = form(
        viewer.say("Keep the field", "保存字段"),
        schema(known.is_none(), others),
        keep,
    )
    .values(
        known
            .map(|known| begun(known, when))
            .unwrap_or_else(|| json!({ "kind": "text", "when": "" })),
    )
    .shown_when("choices", "kind", json!(["choice", "choices"]))
    .shown_when("characters", "kind", json!(["text", "long-text"]))
    .shown_when("minimum", "kind", "number")
    .shown_when("maximum", "kind", "number");
    if !others.is_empty() {
        let names: Vec<_> = others.iter().map(|one| one.name.clone()).collect();
        form = form
            .shown_when("operator", "when", json!(names))
            .shown_when(
                "value",
                "operator",
                json!(["is", "is-not", "greater-than", "less-than"]),
            );
    }
    form
}

fn begun(question: &Question, when: Option<&Condition>) -> Value {
    let mut values = json!({
        "title": both(&question.title), "hint": both(&question.hint), "kind": question.kind.name(), "required": question.required, "when": "",
    });
    let choice =
        |one: &Choice| json!({ "value": one.value, "en": one.title.en, "zh-CN": one.title.zh_cn });
    match &question.kind {
        Kind::Text(most) | Kind::LongText(most) => values["characters"] = json!(most),
        Kind::Choice(all) | Kind::Choices(all) => {
            values["choices"] = all.iter().map(choice).collect();
        }
        Kind::Number(least, most) => {
            for (name, bound) in [("minimum", least), ("maximum", most)] {
                if let Some(bound) = bound {
                    values[name] = json!(bound);
                }
            }
        }
        Kind::Date | Kind::YesNo => {}
    }
    if let Some(when) = when {
        let name = OPERATORS.iter().find(|(_, one, ..)| *one == when.operator);
        values["when"] = when.field.as_str().into();
        values["operator"] = name.map_or("is", |(name, ..)| name).into();
        values["value"] = written(&when.value).into();
    }
    values
}

/// A condition's value as it is written in the form.
fn written(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(written).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
