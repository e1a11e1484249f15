//! What other plugins, rules and admins may ask for: policies and calendars, saved and deleted.

use crate::{
    policy::Policy,
    saving::{self, NotSaved},
    store::{self, Named},
    words::Language,
};
use guichet_sdk::{Actor, Error, Event, directory_read, events_emit, log};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Asked {
    action: String,
    #[serde(default)]
    input: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SavePolicy {
    id: String,
    policy: Policy,
    /// What it must have now, where somebody changed that and no other.
    version: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SaveCalendar {
    id: String,
    calendar: Named,
    /// What it must have now, where somebody changed that and no other.
    version: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeletePolicy {
    id: String,
}

/// Does what is asked for. What cannot be done is told in the log, and in the history of the ticket that it was asked on: asking again would not mend it.
pub(crate) fn take(event: &Event) -> Result<(), Error> {
    let asked: Asked = serde_json::from_str(&event.data).map_err(|error| store::invalid(&error))?;
    let done = match may_change(&event.actor)? {
        true => act(&asked.action, asked.input),
        false => Err(Refused::Because(
            "only admins, rules and plugins may change policies and calendars".to_owned(),
        )),
    };
    match done {
        Ok(()) => Ok(()),
        Err(Refused::ByHost(error)) => Err(error),
        Err(Refused::Because(why)) => {
            log::write("error", &format!("{}: {why}", asked.action));
            let data = json!({ "action": asked.action, "error": why }).to_string();
            events_emit::emit("refused", event.ticket.as_deref(), &data)
        }
    }
}

/// Why something was not done.
enum Refused {
    ByHost(Error),
    Because(String),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::ByHost(error)
    }
}

impl From<NotSaved> for Refused {
    fn from(error: NotSaved) -> Self {
        match error {
            NotSaved::Host(error) => Self::ByHost(error),
            NotSaved::Wrong(complaints) => {
                let all = complaints
                    .iter()
                    .map(|one| one.with_place(Language::English));
                Self::Because(all.collect::<Vec<_>>().join("; "))
            }
        }
    }
}

fn act(action: &str, input: Value) -> Result<(), Refused> {
    match action {
        "save-policy" => {
            let wish: SavePolicy = read(input)?;
            saving::policies::save(&wish.id, wish.policy, wish.version)?;
        }
        "save-calendar" => {
            let wish: SaveCalendar = read(input)?;
            saving::calendars::save(&wish.id, wish.calendar, wish.version)?;
        }
        "delete-policy" => {
            let wish: DeletePolicy = read(input)?;
            saving::policies::delete(&wish.id)?;
        }
        name => return Err(Refused::Because(format!("there is no action `{name}`"))),
    }
    Ok(())
}

fn read<T: DeserializeOwned>(input: Value) -> Result<T, Refused> {
    serde_json::from_value(input).map_err(|error| Refused::Because(format!("input: {error}")))
}

/// Whether somebody may change policies and calendars: admins, and what an admin installed or set up.
pub(crate) fn may_change(actor: &Actor) -> Result<bool, Error> {
    match actor.kind.as_str() {
        "agent" => match directory_read::agent(&actor.id) {
            Ok(person) => Ok(person.role == "admin"),
            Err(Error::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        },
        kind => Ok(matches!(kind, "plugin" | "system")),
    }
}
