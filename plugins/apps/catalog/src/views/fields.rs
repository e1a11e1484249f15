//! What an entry asks, as a list: fields are added, changed, put into another order and taken away.

use super::field;
use crate::{
    entry::Entry,
    form::{
        Form,
        question::{Kind, Question},
    },
    language::Language,
    limits::FIELDS_MAX,
    viewer::Viewer,
};
use guichet_sdk::view::{
    Action, Block, Cell, Column, Condition, Operator, Row, Shown, Tone, badge, button, empty,
    stack, table,
};
use serde_json::{Value, json};

/// Where a field goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Up,
    Down,
    Away,
}

/// The form's fields, with what can be done with each.
pub(super) fn list(viewer: Viewer, id: &str, entry: &Entry) -> Vec<Block> {
    let questions = entry.form.as_ref().map(Form::questions).unwrap_or_default();
    let add = Action::new("field").input(json!({ "id": id, "name": "" }));
    let add = button(viewer.say("Add a field", "添加字段")).action(add);
    if questions.is_empty() {
        let none = empty(viewer.say("Nothing is asked", "尚无字段")).text(viewer.say(
            "Whoever requests this entry only says what he wants in his own words.",
            "请求此条目时只需自由描述。",
        ));
        return vec![none.button(add).into()];
    }
    let columns = [
        Column::text("title", viewer.say("Field", "字段")),
        Column::text("name", viewer.say("Name", "名称")),
        Column::text("kind", viewer.say("Type", "类型")),
        Column::badge("required", viewer.say("Required", "必填")),
        Column::text("shown", viewer.say("Shown", "显示条件")),
    ];
    let shown = entry
        .form
        .as_ref()
        .map(|form| &form.shown[..])
        .unwrap_or_default();
    let last = questions.len() - 1;
    let rows = questions.iter().enumerate().map(|(index, question)| {
        let on = |action: &str| {
            let input = json!({ "id": id, "version": entry.version, "name": question.name });
            Action::new(action).input(input)
        };
        let mut row = Row::new([
            Cell::from(question.title(viewer.language)),
            Cell::from(question.name.as_str()),
            Cell::from(kind(viewer.language, &question.kind)),
            match question.required {
                true => badge(viewer.say("required", "必填"))
                    .tone(Tone::Wait)
                    .into(),
                false => Cell::Nothing,
            },
            Cell::from(when(viewer, shown, &questions, &question.name)),
        ]);
        row = row.button(button(viewer.say("Change", "修改")).action(on("field")));
        if index > 0 {
            row = row.button(button(viewer.say("Up", "上移")).action(on("field-up")));
        }
        if index < last {
            row = row.button(button(viewer.say("Down", "下移")).action(on("field-down")));
        }
        let away = on("field-away").danger().confirm(
            viewer.say("Take this field away?", "删除此字段？"),
            viewer.say(
                "Answers on tickets stay. Conditions on it go with it.",
                "工单中已有的答案保留；依赖它的显示条件一并删除。",
            ),
        );
        row.button(button(viewer.say("Remove", "删除")).action(away))
    });
    let mut blocks = vec![table(columns).rows(rows).into()];
    if questions.len() < FIELDS_MAX {
        blocks.push(stack().across().block(add).into());
    }
    blocks
}

fn kind(language: Language, kind: &Kind) -> String {
    let mut names = Kind::NAMES.iter();
    let known = names.find(|(name, ..)| *name == kind.name());
    known.map_or_else(
        || kind.name().to_owned(),
        |(_, english, chinese)| language.pick(english, chinese).to_owned(),
    )
}

/// When a field is shown, in words.
fn when(viewer: Viewer, shown: &[Shown], questions: &[Question], name: &str) -> String {
    let conditions = shown.iter().filter(|one| one.field == name);
    let told: Vec<_> = conditions
        .flat_map(|one| &one.when)
        .map(|condition| {
            let other = questions.iter().find(|one| one.name == condition.field);
            let title = other.map_or(condition.field.as_str(), |one| one.title(viewer.language));
            format!("{title} {}", compared(viewer, condition, other))
        })
        .collect();
    match told.is_empty() {
        true => viewer.say("always", "始终").to_owned(),
        false => super::short(&told.join(viewer.say(" and ", "，且")), 900),
    }
}

fn compared(viewer: Viewer, condition: &Condition, other: Option<&Question>) -> String {
    let value = other.map_or_else(
        || condition.value.to_string(),
        |other| other.told(&condition.value, viewer.language),
    );
    let (english, chinese) = field::operator(condition.operator);
    let said = viewer.say(english, chinese);
    match condition.operator {
        Operator::IsEmpty | Operator::IsNotEmpty => said.to_owned(),
        _ => format!("{said} “{value}”"),
    }
}

/// The form after a field went up, down or away; none where nothing is asked any more.
pub(super) fn stepped(form: Option<&Form>, name: &str, step: Step) -> Option<Form> {
    let mut questions = form.map(Form::questions).unwrap_or_default();
    let shown = form.map(|form| form.shown.clone()).unwrap_or_default();
    let last = questions.len().saturating_sub(1);
    if let Some(at) = questions.iter().position(|one| one.name == name) {
        match step {
            Step::Up => questions.swap(at, at.saturating_sub(1)),
            Step::Down => questions.swap(at, (at + 1).min(last)),
            Step::Away => drop(questions.remove(at)),
        }
    }
    Form::of(&questions, &shown)
}

/// The form with a field as it was filled in: in the place of the one of that name, or as the last.
pub(super) fn kept(form: Option<&Form>, question: Question, when: Vec<Condition>) -> Option<Form> {
    let mut questions = form.map(Form::questions).unwrap_or_default();
    let mut shown = form.map(|form| form.shown.clone()).unwrap_or_default();
    let name = question.name.clone();
    match questions.iter().position(|one| one.name == name) {
        Some(at) => questions[at] = question,
        None => questions.push(question),
    }
    shown.retain(|one| one.field != name);
    if !when.is_empty() {
        shown.push(Shown { field: name, when });
    }
    Form::of(&questions, &shown)
}

/// The name of the field that an action is about.
pub(super) fn name(input: &Value) -> &str {
    super::text_of(input, "name")
}
