//! # What people see
//! - The **page** in the navigation has four tabs: desks, the menu, shifts, and the viewer's own presence. Admins change desks and the menu, supervisors shifts.
//! - The **sidebar** of a ticket says which desk has it and why, and hands it over.
//!
//! To render is to read. Each action checks again who asks: what comes from a browser is not to be trusted.

/// What the page shows.
mod page;

/// Its actions.
mod pressed;

/// Desks, and presets.
mod desks;

/// A desk as a form.
mod desk_form;

/// The navigation menu.
mod menu;

/// An item of it as a form.
mod item_form;

/// Who works when.
mod shifts;

/// A shift as a form.
mod shift_form;

/// The viewer himself.
mod me;

/// Beside a ticket.
mod sidebar;

use crate::{
    host::{Failure, reason},
    language::{Language, Texts},
    refusal::Refused,
    viewer::Viewer,
};
use guichet_sdk::{
    Error, ViewContext, log,
    view::{Answer, limits::TITLE_CHARS_MAX},
};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

/// The sidebar's name in the manifest.
const TICKET: &str = "ticket";

/// Renders the view of that name.
pub(crate) fn render(context: &ViewContext) -> Result<String, Error> {
    let viewer = viewer(context)?;
    let view = match context.view.as_str() {
        TICKET => sidebar::view(&viewer, &ticket(context)?)?,
        _ => page::Page::open(viewer, "")?.view(page::DESKS),
    };
    text(&view)
}

/// Does what an action says.
pub(crate) fn act(context: &ViewContext, action: &str, input: &str) -> Result<String, Error> {
    let viewer = viewer(context)?;
    let input: Value = serde_json::from_str(input)
        .map_err(|error| Error::Invalid(format!("the action's input: {error}")))?;
    let language = viewer.language;
    let done = match context.view.as_str() {
        TICKET => sidebar::act(&viewer, &ticket(context)?, action, &input),
        _ => pressed::act(viewer, action, &input),
    };
    let answer = match done {
        Ok(answer) => answer,
        Err(Failure::Refused(refused)) => {
            if let Refused::Form(why) = &refused {
                log::write("warn", &format!("{action}: the form cannot be read: {why}"));
            }
            told(&refused, language)
        }
        // What the viewer may not do himself, or the ticket's state refuses.
        Err(Failure::Host(error @ (Error::Denied(_) | Error::Conflict(_) | Error::Invalid(_)))) => {
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

/// What is refused: at the place of the form where it can be mended, or as a notice.
fn told(refused: &Refused, language: Language) -> Answer {
    match form_place(refused.place()) {
        "" => problem(&refused.say(language)),
        place => Answer::nothing().misfit(place, short(&refused.reason(language), TITLE_CHARS_MAX)),
    }
}

/// Forms have no levels: what stands within `covers` stands at their top, under names with dashes.
fn form_place(place: &str) -> &str {
    match place {
        "/covers/entries" => "/entries",
        "/covers/channels" => "/channels",
        "/covers/customer_groups" => "/customer-groups",
        "/covers/kinds" => "/kinds",
        "/silent_minutes" => "/silent-minutes",
        place => place,
    }
}

/// The beginning of a text, where it is too long.
fn short(text: &str, most: usize) -> String {
    match text.chars().count() > most {
        true => text.chars().take(most - 1).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

/// A text of an action's input; empty where there is none.
fn text_of<'a>(input: &'a Value, name: &str) -> &'a str {
    input.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// What was filled in.
fn values(input: &Value) -> &Value {
    input.get("values").unwrap_or(&Value::Null)
}

/// The value, or the empty one where it was emptied.
fn or_empty<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    from: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(from)?.unwrap_or_default())
}

/// A text in both languages, as a part of a form.
fn texts_schema(english: &str, chinese: &str) -> Value {
    let one = |title: &str| json!({ "type": "string", "maxLength": crate::limits::NAME_CHARACTERS_MAX, "title": title });
    json!({
        "type": "object", "title": english, "x-title-zh-CN": chinese,
        "properties": { "en": one("English"), "zh-CN": one("中文") },
    })
}

/// Both texts, empty ones among them: the console's form shows a place for each.
fn both(texts: &Texts) -> Value {
    json!({ "en": texts.en, "zh-CN": texts.zh_cn })
}

/// A choice among these, by their titles in both languages.
fn choice<'a>(
    english: &str,
    chinese: &str,
    among: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>,
) -> Value {
    let (names, titles): (Vec<&str>, Map<String, Value>) = among
        .into_iter()
        .map(|(name, en, zh)| (name, (name.to_owned(), json!({ "en": en, "zh-CN": zh }))))
        .unzip();
    json!({ "type": "string", "enum": names, "x-enum-titles": titles, "title": english, "x-title-zh-CN": chinese })
}

/// A whole number from 0 on.
fn number(english: &str, chinese: &str, most: u32) -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": most, "title": english, "x-title-zh-CN": chinese })
}

#[cfg(test)]
mod tests;
