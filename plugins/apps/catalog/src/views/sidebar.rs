//! Beside a ticket: which entry it is of, what was answered, and another choice.

use super::{asked, nodes, problem, short, text_of, values};
use crate::{
    catalog::Catalog,
    desk::{
        Failure,
        classify::{self, Wish},
        mark, store,
    },
    entry::Entry,
    form::Form,
    viewer::Viewer,
};
use guichet_sdk::{
    Error, Value as FieldValue,
    tickets_read::{self, Ticket},
    view::{
        Action, Answer, Block, KeyValue, Modal, View, badge, key_value,
        limits::{CELL_CHARS_MAX, PAIRS_MAX, TITLE_CHARS_MAX},
        modal, text, tree,
    },
};
use serde_json::{Map, Value, json};

/// What a ticket's fields say of the catalog.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Said {
    /// Empty: it is of no entry.
    pub(super) entry: String,
    /// The title that it had.
    pub(super) title: String,
    pub(super) class: String,
    pub(super) answers: Map<String, Value>,
}

impl Said {
    fn of(ticket: &Ticket) -> Self {
        let text = |name: &str| match ticket.field(name) {
            FieldValue::Text(text) => text,
            _ => String::new(),
        };
        let answers = match ticket.field(mark::FORM) {
            FieldValue::Json(answers) => serde_json::from_str(&answers).unwrap_or_default(),
            _ => Map::new(),
        };
        Self {
            entry: text(mark::ENTRY),
            title: text(mark::TITLE),
            class: text(mark::CLASS),
            answers,
        }
    }
}

/// The sidebar of a ticket.
pub(super) fn view(viewer: Viewer, ticket: &str) -> Result<View, Error> {
    let said = Said::of(&tickets_read::get(ticket)?);
    Ok(shown(viewer, &store::catalog()?, &said))
}

/// What of the catalog is shown beside a ticket that says this.
pub(super) fn shown(viewer: Viewer, catalog: &Catalog, said: &Said) -> View {
    let mut view = View::new(viewer.say("Catalog", "服务目录"));
    let entry = catalog.entries.get(&said.entry);
    if said.entry.is_empty() {
        view = view.block(text(viewer.say("Of no entry yet.", "尚未归入条目。")).quiet());
    } else {
        let path = match entry {
            Some(_) => catalog.titles(&said.entry, viewer.language).join(" › "),
            None => said.title.clone(),
        };
        view = view.block(text(path).strong());
        if entry.is_some_and(|entry| entry.archived) {
            view = view.block(badge(viewer.say("archived", "已归档")));
        }
    }
    let form = entry.and_then(|entry| entry.form.as_ref());
    let pairs = pairs(viewer, form, said);
    if !pairs.pairs.is_empty() {
        view = view.block(pairs);
    }
    if let Some(form) = form.filter(|_| entry.is_some_and(|entry| !entry.archived)) {
        view = view.block(answering(viewer, form, said));
    }
    view.blocks(choosing(viewer, catalog, said).map(Block::from))
}

fn pairs(viewer: Viewer, form: Option<&Form>, said: &Said) -> KeyValue {
    let mut pairs = key_value();
    if !said.class.is_empty() {
        pairs = pairs.pair(viewer.say("Service class", "服务级别"), said.class.as_str());
    }
    let questions = form.map(Form::questions).unwrap_or_default();
    // As the form asks; then what it does not ask any more, by its name.
    let asked = questions.iter().filter_map(|one| {
        let answer = said.answers.get(&one.name)?;
        Some((
            one.title(viewer.language).to_owned(),
            one.told(answer, viewer.language),
        ))
    });
    let others = said.answers.iter();
    let others = others.filter(|(name, _)| !questions.iter().any(|one| one.name == **name));
    let others = others.map(|(name, answer)| match answer {
        Value::String(text) => (name.clone(), text.clone()),
        other => (name.clone(), other.to_string()),
    });
    for (key, told) in asked.chain(others).take(PAIRS_MAX - 1) {
        pairs = pairs.pair(short(&key, TITLE_CHARS_MAX), short(&told, CELL_CHARS_MAX));
    }
    pairs
}

/// A dialog with the entry's form.
fn answering(viewer: Viewer, form: &Form, said: &Said) -> Modal {
    let title = match said.answers.is_empty() {
        true => viewer.say("Fill in the form", "填写表单"),
        false => viewer.say("Change the answers", "修改答案"),
    };
    let action = Action::new("answer")
        .input(json!({ "entry": said.entry }))
        .primary();
    let filled = asked(form, viewer.say("Save", "保存"), action);
    modal(title, title).block(filled.values(Value::Object(said.answers.clone())))
}

/// A dialog with the tree; none where there is nothing to choose.
fn choosing(viewer: Viewer, catalog: &Catalog, said: &Said) -> Option<Modal> {
    let title = match said.entry.is_empty() {
        true => viewer.say("Classify", "归类"),
        false => viewer.say("Choose another entry", "更换条目"),
    };
    let chosen = |id: &str, _: &Entry| Some(Action::new("classify").input(json!({ "entry": id })));
    let mut whole = tree(viewer.say("Entries", "条目"));
    whole.nodes = nodes::below(viewer, catalog, "", false, &chosen);
    (!whole.nodes.is_empty()).then(|| modal(title, title).block(whole))
}

/// Does what an action of the sidebar says.
pub(super) fn act(
    viewer: Viewer,
    ticket: &str,
    action: &str,
    input: &Value,
) -> Result<Answer, Failure> {
    let form = match action {
        "classify" => None,
        "answer" => Some(values(input).clone()),
        _ => {
            return Ok(problem(
                viewer.say("There is no such action.", "没有此操作。"),
            ));
        }
    };
    let wish = Wish {
        entry: text_of(input, "entry").to_owned(),
        form,
    };
    // Read before it is given to another group: whoever gave it away may not see it any more.
    let catalog = store::catalog()?;
    let before = tickets_read::get(ticket)?;
    classify::ticket_becomes(ticket, &wish)?;
    let said = match tickets_read::get(ticket) {
        Ok(ticket) => Said::of(&ticket),
        Err(Error::NotFound(_)) => Said::of(&before),
        Err(error) => return Err(error.into()),
    };
    let done = viewer.say("The ticket is of this entry now.", "工单已归入此条目。");
    Ok(Answer::view(shown(viewer, &catalog, &said)).and_toast(done))
}
