//! # What people see
//! - The **page** in the navigation shows the tree, an entry, its form editor, and import and export; its actions change the catalog for admins.
//! - The **sidebar** of a ticket shows which entry it is of, and lets agents choose another.
//!
//! To render is to read. Each action checks again who asks: what comes from a browser is not to be trusted.

/// The tree as a block, whatever choosing an entry does.
mod nodes;

/// The page's actions.
mod page;

/// What admins fill in there.
mod change;

/// The page: the tree.
mod tree;

/// The page: one entry.
mod entry;

/// What it says, to be read.
mod about;

/// What an entry says, as a form.
mod edit;

/// What an entry asks, as a list.
mod fields;

/// One field of it, as a form.
mod field;

/// The page: import, export and templates.
mod exchange;

/// Beside a ticket.
mod sidebar;

/// Names of groups and agents.
mod names;

use crate::{
    desk::{Failure, reason, store},
    form::{Form, answers::Misfit},
    language::Language,
    viewer::Viewer,
};
use guichet_sdk::{
    Error, ViewContext,
    view::{self, Action, Answer, limits::TITLE_CHARS_MAX},
};
use serde::Serialize;
use serde_json::Value;

/// The sidebar's name in the manifest.
const TICKET: &str = "ticket";

/// Renders the view of that name.
pub(crate) fn render(context: &ViewContext) -> Result<String, Error> {
    let viewer = viewer(context)?;
    let view = match context.view.as_str() {
        TICKET => sidebar::view(viewer, &ticket(context)?)?,
        _ => tree::view(viewer, &store::catalog()?, false),
    };
    text(&view)
}

/// Does what an action says.
pub(crate) fn act(context: &ViewContext, action: &str, input: &str) -> Result<String, Error> {
    let viewer = viewer(context)?;
    let input: Value = serde_json::from_str(input)
        .map_err(|error| Error::Invalid(format!("the action's input: {error}")))?;
    let done = match context.view.as_str() {
        TICKET => sidebar::act(viewer, &ticket(context)?, action, &input),
        _ => page::act(viewer, action, &input),
    };
    let answer = match done {
        Ok(answer) => answer,
        Err(Failure::Refused(refused)) => problem(&refused.say(viewer.language)),
        Err(Failure::Misfits(misfits)) => told(&misfits, viewer.language),
        // What the viewer may not do himself, or the ticket's state refuses.
        Err(Failure::Host(error @ (Error::Denied(_) | Error::Conflict(_)))) => {
            problem(reason(&error))
        }
        Err(Failure::Host(error)) => return Err(error),
    };
    text(&answer)
}

fn viewer(context: &ViewContext) -> Result<Viewer, Error> {
    Viewer::of(&context.viewer, Language::of(&context.locale))
}

/// The ticket that the view is about.
fn ticket(context: &ViewContext) -> Result<String, Error> {
    let subject: Value = serde_json::from_str(&context.subject).unwrap_or_default();
    let ticket = subject.get("ticket").and_then(Value::as_str);
    let ticket = ticket.ok_or_else(|| Error::Invalid("this view is about a ticket".to_owned()))?;
    Ok(ticket.to_owned())
}

fn text<T: Serialize>(shown: &T) -> Result<String, Error> {
    serde_json::to_string(shown).map_err(|error| Error::Invalid(error.to_string()))
}

/// A notice that something was not done; as long as a notice may be.
fn problem(text: &str) -> Answer {
    Answer::problem(short(text, TITLE_CHARS_MAX))
}

/// The beginning of a text, where it is too long.
fn short(text: &str, most: usize) -> String {
    match text.chars().count() > most {
        true => text.chars().take(most - 1).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

/// What is wrong with the answers to a form, each at its place.
fn told(misfits: &[Misfit], language: Language) -> Answer {
    let mut answer = Answer::nothing();
    for one in misfits {
        answer = answer.misfit(one.pointer.as_str(), one.wrong.say(language));
    }
    answer
}

/// The entry's own form, as the console draws it.
fn asked(form: &Form, submit: &str, action: Action) -> view::Form {
    let schema = serde_json::to_value(&form.schema).unwrap_or_default();
    form.shown
        .iter()
        .cloned()
        .fold(view::form(submit, schema, action), view::Form::shown)
}

/// A text of an action's input; empty where there is none.
fn text_of<'a>(input: &'a Value, name: &str) -> &'a str {
    input.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// What was filled in.
fn values(input: &Value) -> &Value {
    input.get("values").unwrap_or(&Value::Null)
}

#[cfg(test)]
mod tests;
