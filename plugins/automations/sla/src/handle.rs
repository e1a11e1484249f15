//! Events of the desk, one by one.

use crate::{
    actions, engine, engine::Wish, heard::Heard, kept::Kept, library::Library, progress::Progress,
    store,
};
use guichet_sdk::{Error, Event, Value, tickets_read};

/// The kind of an event by which somebody asks for one of the plugin's actions.
const ACTION: &str = "plugin.action";

pub(crate) fn handle(event: &Event) -> Result<(), Error> {
    if event.kind == ACTION {
        return actions::take(event);
    }
    let Some(ticket) = &event.ticket else {
        return Ok(());
    };
    if event.kind == "ticket.purged" {
        return engine::forget(ticket);
    }
    let Some(mut heard) = Heard::of(event) else {
        return Ok(());
    };
    if let Some(message) = &heard.message
        && is_by_machine(message)?
    {
        heard.happened.said = None;
    }
    let stored = store::clocks(ticket)?;
    let kept = match (&stored, heard.created) {
        (Some(kept), _) => kept.clone(),
        (None, Some(is_owed)) => {
            let mut progress = Progress::new(event.at.into());
            if is_owed {
                progress.begin(event.at.into());
            }
            Kept::new(progress)
        }
        // It was there before the plugin, or is suspended: it has no clocks.
        (None, None) => return Ok(()),
    };
    let wish = Wish {
        ticket,
        happened: heard.happened,
        chooses: heard.chooses,
        changes: &event.changes,
        cause: &event.kind,
    };
    match engine::settle(kept, stored.as_ref(), &wish, &mut Library::default()) {
        // It was removed for good meanwhile, and that event follows.
        Err(Error::NotFound(_)) => Ok(()),
        settled => settled,
    }
}

/// Whether a machine said it: its channel found so, or whoever wrote it says so. What cannot be found any more counts as one: it was answered by nobody.
fn is_by_machine(message: &str) -> Result<bool, Error> {
    let (_, message) = match tickets_read::read_message(message) {
        Ok(found) => found,
        Err(Error::NotFound(_)) => return Ok(true),
        Err(error) => return Err(error),
    };
    Ok(message.fields.iter().any(|field| {
        matches!(field.name.as_str(), "automatic" | "hide")
            && matches!(field.value, Value::Boolean(true))
    }))
}
