//! What plugins ask by name: commands of the state machine with their arguments.

use guichet_core::{
    refusal::Refusal,
    ticket::work::{Stamp, Work},
    value::{Field, Value},
};
use std::str::FromStr;

/// Runs a command by its name.
///
/// # Errors
/// [`Refusal::Invalid`] for names and arguments that there are not; else what the verb answers.
pub(super) fn transition(
    work: &mut Work,
    command: &str,
    arguments: &[Field],
    stamp: &Stamp,
) -> Result<(), Refusal> {
    let known: &[&str] = match command {
        "assign" => &["assignee", "group"],
        "wait" => &["reason", "until"],
        "resume" | "solve" | "reopen" | "close" | "delete" | "restore" => &[],
        _ => {
            return Err(Refusal::Invalid(format!(
                "there is no command `{command}`: use assign, wait, resume, solve, reopen, close, delete or restore"
            )));
        }
    };
    if let Some(unknown) = arguments
        .iter()
        .find(|field| !known.contains(&field.name.as_str()))
    {
        return Err(Refusal::Invalid(format!(
            "`{command}` has no argument `{}`",
            unknown.name
        )));
    }
    let argument = |name: &str| {
        arguments
            .iter()
            .find(|field| field.name == name)
            .map(|field| &field.value)
    };
    match command {
        // What is not named stays as it is; an empty value takes it away.
        "assign" => {
            let assignee = id_or(argument("assignee"), work.ticket().assignee)?;
            let group = id_or(argument("group"), work.ticket().group)?;
            work.assign(assignee, group, stamp)
        }
        "wait" => {
            let reason = argument("reason")
                .and_then(Value::as_text)
                .unwrap_or_default()
                .to_owned();
            work.wait(
                &reason,
                argument("until").and_then(Value::as_instant),
                stamp,
            )
        }
        "resume" => work.resume(stamp),
        "solve" => work.solve(stamp),
        "reopen" => work.reopen(stamp),
        "close" => work.close(stamp),
        "delete" => work.delete(stamp),
        _ => work.restore(stamp),
    }
}

fn id_or<Id: FromStr>(value: Option<&Value>, present: Option<Id>) -> Result<Option<Id>, Refusal>
where
    Id::Err: std::fmt::Display,
{
    match value {
        None => Ok(present),
        Some(Value::None) => Ok(None),
        Some(Value::Text(text)) if text.is_empty() => Ok(None),
        Some(Value::Text(text)) => text
            .parse()
            .map(Some)
            .map_err(|error: Id::Err| Refusal::Invalid(error.to_string())),
        Some(_) => Err(Refusal::Invalid("an id is a text".to_owned())),
    }
}
