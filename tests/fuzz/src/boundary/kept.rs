//! What comes of a call: a change-set that holds together, whatever was asked for.

use super::desk;
use guichet_core::{
    changeset::{ChangeSet, TicketWrite},
    event::EventDraft,
    job::JobWrite,
    limits,
    overlay::Overlay,
    ticket::{Ticket, relation::inverse},
    value::Change,
};
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;

/// Checks all that a call leaves; answers whether it wrote anything.
pub(super) fn is_whole(overlay: Overlay) -> bool {
    are_linked_at_both_ends(&overlay);
    let again = asked_again(&overlay).finish();
    let changes = overlay.finish();
    is_the_same(&changes, &again);
    can_be_read_again(&changes);
    keeps_its_bounds(&changes);
    for write in &changes.tickets {
        is_what_its_events_say(write, &changes.events);
    }
    !changes.is_empty()
}

/// All that is written; what was only looked at is another the second time.
fn is_the_same(one: &ChangeSet, other: &ChangeSet) {
    assert_eq!(one.messages, other.messages);
    assert_eq!(one.deliveries, other.deliveries);
    assert_eq!(one.jobs, other.jobs);
    assert_eq!(one.events, other.events);
    let tickets = |of: &ChangeSet| -> Vec<_> {
        let tickets = of.tickets.iter();
        tickets
            .map(|write| (write.ticket.clone(), write.expected))
            .collect()
    };
    assert_eq!(tickets(one), tickets(other));
    let customers = |of: &ChangeSet| -> Vec<_> {
        let customers = of.customers.iter();
        customers
            .map(|write| (write.customer.clone(), write.expected))
            .collect()
    };
    assert_eq!(customers(one), customers(other));
    let records = |of: &ChangeSet| -> Vec<_> {
        let records = of.records.iter();
        records
            .map(|write| (write.key.clone(), write.expected, write.body.clone()))
            .collect()
    };
    assert_eq!(records(one), records(other));
    let files = |of: &ChangeSet| -> Vec<_> {
        let files = of.files.iter();
        files.map(|file| (file.id, file.content.clone())).collect()
    };
    assert_eq!(files(one), files(other));
}

/// The same effects on a desk that nobody touched: what was refused has left nothing.
fn asked_again(overlay: &Overlay) -> Overlay {
    let mut again = desk::untouched();
    for (effect, stamp) in overlay.asked() {
        for missing in again.missing(effect) {
            desk::load(&mut again, missing);
        }
        again
            .apply(effect, stamp)
            .expect("what was done can be done again");
    }
    again
}

fn are_linked_at_both_ends(overlay: &Overlay) {
    for ticket in (1..=4).filter_map(|number| overlay.ticket(desk::ticket_id(number)).ok()) {
        for link in &ticket.links {
            let other = overlay.ticket(link.ticket).expect("the other is here");
            let back = inverse(&link.relation).expect("a relation that there is");
            assert!(
                other.linked(back).any(|id| id == ticket.id),
                "{} has {link:?}, and the other no {back}",
                ticket.id
            );
            assert_ne!(other.id, ticket.id, "linked with itself");
        }
    }
}

fn is_read_again<T: Serialize + DeserializeOwned + PartialEq + Debug>(what: &T) {
    let text = serde_json::to_string(what).expect("it is written");
    let again: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(again, *what);
}

fn can_be_read_again(changes: &ChangeSet) {
    changes
        .tickets
        .iter()
        .for_each(|write| is_read_again(&write.ticket));
    changes
        .customers
        .iter()
        .for_each(|write| is_read_again(&write.customer));
    changes
        .deliveries
        .iter()
        .for_each(|write| is_read_again(&write.delivery));
    for message in &changes.messages {
        is_read_again(&message.draft.attachments);
        is_read_again(&message.draft.fields);
    }
    for event in &changes.events {
        is_read_again(&event.changes);
        is_read_again(&event.data);
        is_read_again(&event.because);
    }
    for body in changes
        .records
        .iter()
        .filter_map(|write| write.body.as_deref())
    {
        serde_json::from_str::<serde::de::IgnoredAny>(body).expect("a record is JSON");
    }
    for write in &changes.jobs {
        if let JobWrite::Enqueue(job) = write {
            assert_eq!(job.check(), Ok(()));
        }
    }
}

fn keeps_its_bounds(changes: &ChangeSet) {
    for TicketWrite { ticket, .. } in &changes.tickets {
        let characters = |text: &String| text.chars().count();
        assert!(characters(&ticket.subject) <= limits::SUBJECT_CHARACTERS_MAX);
        assert!(ticket.tags.len() <= limits::TAGS_MAX);
        assert!(
            ticket
                .tags
                .iter()
                .all(|tag| characters(tag) <= limits::TAG_CHARACTERS_MAX)
        );
        assert!(ticket.fields.len() <= limits::FIELDS_MAX);
        assert!(ticket.links.len() <= limits::LINKS_MAX);
        assert!(ticket.participants.len() <= limits::PARTICIPANTS_MAX);
    }
    for message in &changes.messages {
        assert!(message.draft.text.len() <= limits::MESSAGE_BYTES_MAX);
        assert!(message.draft.attachments.len() <= limits::ATTACHMENTS_MAX);
    }
    for write in &changes.customers {
        assert!(write.customer.fields.len() <= limits::CUSTOMER_FIELDS_MAX);
    }
    assert!(
        changes
            .files
            .iter()
            .all(|file| file.content.len() <= limits::FILE_BYTES_MAX)
    );
}

/// Folded from the log, as it will be read.
fn is_what_its_events_say(write: &TicketWrite, events: &[EventDraft]) {
    let ticket = &write.ticket;
    let mut folded = match desk::untouched().ticket(ticket.id) {
        Ok(before) => before.clone(),
        Err(_) => Ticket::blank(ticket.id, ticket.requester, ticket.created_at),
    };
    assert_eq!(folded.version, write.expected);
    for event in events
        .iter()
        .filter(|event| event.ticket == Some(ticket.id))
    {
        folded.version += 1;
        assert_eq!(
            event.ticket_version,
            Some(folded.version),
            "versions have no gap"
        );
        folded.updated_at = event.at;
        let text = serde_json::to_string(&event.changes).expect("changes are written");
        let changes: Vec<Change> = serde_json::from_str(&text).expect("changes are read");
        changes.iter().for_each(|change| folded.apply(change));
    }
    assert_eq!(folded, *ticket);
}
