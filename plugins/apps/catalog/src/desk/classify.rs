//! A ticket that is there already becomes one of an entry: asked for by rules and other plugins through the action `classify`, or by an agent.

use super::{Failure, Settings, mark, store};
use crate::form::answers;
use guichet_sdk::{Error, Event, Field, Value, events_emit, log, tickets_read, tickets_write};
use serde::Deserialize;
use serde_json::json;

/// The action's name in the manifest.
const CLASSIFY: &str = "classify";

/// Which entry, and what was answered. Without `form` nobody was asked: then nothing is required.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wish {
    pub(crate) entry: String,
    #[serde(default)]
    pub(crate) form: Option<serde_json::Value>,
}

/// An action that the plugin is asked for.
#[derive(Debug, Deserialize)]
struct Asked {
    action: String,
    #[serde(default)]
    input: serde_json::Value,
}

/// Does what another plugin asked for. What is refused is told in the ticket's history.
///
/// # Errors
/// What the host may answer otherwise when it is asked again.
pub(crate) fn asked(event: &Event) -> Result<(), Error> {
    let asked: Asked = serde_json::from_str(&event.data)
        .map_err(|error| Error::Invalid(format!("the action: {error}")))?;
    if asked.action != CLASSIFY {
        return Ok(());
    }
    let Some(ticket) = &event.ticket else {
        log::write("warn", "classify is about a ticket, and none was named");
        return Ok(());
    };
    let wish = match serde_json::from_value::<Wish>(asked.input.clone()) {
        Ok(wish) => wish,
        Err(error) => return tell(ticket, &asked.input, &format!("the input: {error}")),
    };
    match ticket_becomes(ticket, &wish) {
        Ok(()) => Ok(()),
        Err(Failure::Host(error @ (Error::Unavailable(_) | Error::Denied(_)))) => Err(error),
        Err(failure) => {
            let language = Settings::read()?.language;
            tell(ticket, &asked.input, &failure.say(language))
        }
    }
}

/// Makes it a ticket of the entry.
pub(crate) fn ticket_becomes(ticket: &str, wish: &Wish) -> Result<(), Failure> {
    let language = Settings::read()?.language;
    let branch = store::branch(&wish.entry)?;
    let entry = mark::open(&branch, &wish.entry)?;
    let answered = match &wish.form {
        Some(form) => Some(answers::read(entry.form.as_ref(), form)?),
        None => None,
    };
    let known = tickets_read::get(ticket)?.field(mark::ENTRY);
    let is_another = !matches!(known, Value::Text(known) if known == wish.entry);
    let mut fields = mark::fields(&branch, &wish.entry, answered.as_ref(), language)?;
    if answered.is_none() && is_another {
        // What was answered was answered to another form.
        fields.push(Field {
            name: mark::FORM.to_owned(),
            value: Value::None,
        });
    }
    mark::explain(&wish.entry, entry, language);
    tickets_write::set(ticket, &fields)?;
    if is_another {
        store::count_use(&wish.entry)?;
    }
    Ok(mark::assign(ticket, &wish.entry, entry)?)
}

fn tell(ticket: &str, input: &serde_json::Value, reason: &str) -> Result<(), Error> {
    log::write("warn", &format!("not classified: {reason}"));
    let data = json!({ "entry": input.get("entry"), "reason": reason });
    events_emit::emit("classify.refused", Some(ticket), &data.to_string())
}
