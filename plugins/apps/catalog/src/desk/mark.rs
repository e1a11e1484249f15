//! What an entry does to a ticket: kind, impact, urgency and group, and the plugin's own fields, by which tickets are found.

use crate::{
    catalog::Catalog, entry::Entry, form::answers::Answers, language::Language, refusal::Refused,
};
use guichet_sdk::{Error, Field, Value, explain, log, text_field, tickets_read, tickets_write};
use serde_json::json;

/// The entry's id.
pub(crate) const ENTRY: &str = "guichet/catalog/entry";
/// Ids from the top down to the entry.
pub(crate) const PATH: &str = "guichet/catalog/path";
/// The class of service level.
pub(crate) const CLASS: &str = "guichet/catalog/class";
/// The entry's title in the desk's first language.
pub(crate) const TITLE: &str = "guichet/catalog/title";
/// Answers to the entry's form, by their fields' names.
pub(crate) const FORM: &str = "guichet/catalog/form";

/// An entry that takes new tickets.
///
/// # Errors
/// [`Refused`] where there is none, or it is archived.
pub(crate) fn open<'a>(catalog: &'a Catalog, id: &str) -> Result<&'a Entry, Refused> {
    let entry = catalog.entry(id)?;
    match entry.archived {
        true => Err(Refused::Archived(id.to_owned())),
        false => Ok(entry),
    }
}

/// The fields that a ticket of the entry has. Without answers its form is left as it is.
pub(crate) fn fields(
    catalog: &Catalog,
    id: &str,
    answers: Option<&Answers>,
    language: Language,
) -> Result<Vec<Field>, Refused> {
    let entry = catalog.entry(id)?;
    let field = |name: &str, value: Value| Field {
        name: name.to_owned(),
        value,
    };
    let path = catalog.path(id).into_iter().map(str::to_owned).collect();
    let class = match entry.class.as_str() {
        "" => Value::None,
        class => Value::Text(class.to_owned()),
    };
    let mut fields = vec![
        text_field("kind", entry.kind.as_str()),
        field("impact", Value::Integer(entry.impact.into())),
        field("urgency", Value::Integer(entry.urgency.into())),
        text_field(ENTRY, id),
        field(PATH, Value::Texts(path)),
        text_field(TITLE, entry.title(language)),
        field(CLASS, class),
    ];
    if let Some(answers) = answers {
        let answers = match answers.is_empty() {
            true => Value::None,
            false => Value::Json(json!(answers).to_string()),
        };
        fields.push(field(FORM, answers));
    }
    Ok(fields)
}

/// Says why what follows is done.
pub(crate) fn explain(id: &str, entry: &Entry, language: Language) {
    let rule = match language {
        Language::English => format!("Service catalog: {}", entry.title(language)),
        Language::Chinese => format!("服务目录：{}", entry.title(language)),
    };
    explain::because(
        &rule,
        &json!({ "entry": id, "version": entry.version }).to_string(),
    );
}

/// Gives a ticket to the entry's group. Whoever has it and does not work there has it no more. A group that is gone must not lose a ticket: it is told
/// in the log.
pub(crate) fn assign(ticket: &str, id: &str, entry: &Entry) -> Result<(), Error> {
    if entry.group.is_empty() {
        return Ok(());
    }
    let to = text_field("group", entry.group.as_str());
    let assigned = match tickets_write::transition(ticket, "assign", std::slice::from_ref(&to)) {
        Err(Error::Invalid(_)) if tickets_read::get(ticket)?.assignee().is_some() => {
            tickets_write::transition(ticket, "assign", &[to, text_field("assignee", "")])
        }
        done => done,
    };
    match assigned {
        Err(Error::Invalid(reason) | Error::NotFound(reason)) => {
            log::write(
                "warn",
                &format!("the entry `{id}`: its tickets cannot go to its group: {reason}"),
            );
            Ok(())
        }
        done => done,
    }
}
