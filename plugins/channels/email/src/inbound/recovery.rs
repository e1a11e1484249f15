//! What rested in the suspended queue and became a ticket after all: it gets the group of the mailbox to which it came, as others do at once.

use super::create::give_to_group;
use crate::{records, settings::Settings};
use guichet_sdk::{Error, Event, tickets_read, typed_settings};

/// Looks whether an event tells of a recovery, and gives the ticket to its group where nobody has done so.
pub(crate) fn recovered(event: &Event) -> Result<(), Error> {
    let Some(ticket) = event.ticket.as_ref().filter(|_| tells_of_recovery(event)) else {
        return Ok(());
    };
    let mailbox = records::conversation(ticket)?.mailbox;
    let settings: Settings = typed_settings()?;
    let Some(mailbox) = settings.mailbox(&mailbox) else {
        return Ok(());
    };
    let is_nobodys = match tickets_read::get(ticket) {
        Ok(found) => found.group().is_none() && matches!(found.state().as_str(), "new" | "open"),
        Err(Error::NotFound(_)) => false,
        Err(error) => return Err(error),
    };
    if is_nobodys {
        give_to_group(ticket, &mailbox.group);
    }
    Ok(())
}

fn tells_of_recovery(event: &Event) -> bool {
    event.kind == "ticket.created"
        && event
            .changes
            .iter()
            .any(|change| change.name == "recovered_at")
}

#[cfg(test)]
mod tests {
    use super::*;
    use guichet_sdk::{Actor, Change, Value};

    fn event(kind: &str, changed: &str) -> Event {
        Event {
            sequence: 1,
            at: 1,
            kind: kind.to_owned(),
            ticket: Some("ticket".to_owned()),
            ticket_version: Some(2),
            customer: None,
            actor: Actor {
                kind: "agent".to_owned(),
                id: String::new(),
            },
            root: 1,
            depth: 0,
            changes: vec![Change {
                name: changed.to_owned(),
                old: Value::None,
                new: Value::Instant(1),
            }],
            data: "{}".to_owned(),
            redelivered: false,
            extra: Vec::new(),
        }
    }

    #[test]
    fn only_a_ticket_that_comes_out_of_the_queue_is_recovered() {
        assert!(tells_of_recovery(&event("ticket.created", "recovered_at")));
        assert!(!tells_of_recovery(&event("ticket.created", "created_at")));
        assert!(!tells_of_recovery(&event("ticket.changed", "recovered_at")));
    }
}
