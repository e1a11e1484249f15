//! What can be asked of the core, as data: by people over the API, by plugins over the contract.
//!
//! An effect names what it needs ([`Overlay::missing`]); the host loads that, and the overlay carries the effect out ([`Overlay::apply`]). As data it can be
//! carried out again on another state: a turn that keeps meeting conflicts ends so, and a job that has talked to the outside is never run twice for one.

/// What it needs that is not loaded yet.
mod needs;

/// How it is carried out.
mod carry_out;

/// What is done in several steps.
mod steps;

/// What becomes of records.
mod records;

use crate::{
    actor::Actor,
    changeset::{FileWrite, RecordKey},
    customer::Identity,
    delivery::Delivery,
    id::{CustomerId, FileId, InstallId, MessageId, TicketId},
    index::Indexes,
    job::Job,
    message::MessageDraft,
    ticket::{Quarantine, relation::Participant, verbs::TicketDraft},
    value::Field,
};
use std::sync::Arc;

/// One thing asked.
#[derive(Debug, Clone)]
pub enum Effect {
    CreateTicket(TicketDraft),
    SetFields {
        ticket: TicketId,
        fields: Vec<Field>,
    },
    Tag {
        ticket: TicketId,
        add: Vec<String>,
        remove: Vec<String>,
    },
    /// A command of the state machine, by name: `assign`, `wait`, `resume`, `solve`, `reopen`, `close`, `delete`, `restore`, `reject`, `unmerge`.
    Transition {
        ticket: TicketId,
        command: String,
        arguments: Vec<Field>,
    },
    /// What a customer says on a merged ticket goes to the one that took it in; on a closed one it begins a follow-up.
    AddMessage {
        ticket: TicketId,
        message: MessageDraft,
    },
    AddParticipant {
        ticket: TicketId,
        participant: Participant,
    },
    RemoveParticipant {
        ticket: TicketId,
        role: String,
        who: Actor,
    },
    Link {
        ticket: TicketId,
        relation: String,
        other: TicketId,
    },
    Unlink {
        ticket: TicketId,
        relation: String,
        other: TicketId,
    },
    Merge {
        source: TicketId,
        target: TicketId,
    },
    Quarantine(Quarantine),
    /// What was suspended becomes a ticket of `requester`, or a reply on `into`.
    Recover {
        ticket: TicketId,
        into: Option<TicketId>,
        requester: CustomerId,
        /// What was kept in the queue, to be said by the requester.
        message: MessageDraft,
    },
    /// Finds the customer who has any of these identities, or makes one with the id.
    EnsureCustomer {
        id: CustomerId,
        identities: Vec<Identity>,
        fields: Vec<Field>,
    },
    SetCustomer {
        id: CustomerId,
        fields: Vec<Field>,
    },
    PutRecord {
        key: RecordKey,
        body: Option<String>,
        if_version: Option<u64>,
        /// JSON Pointers by which it is found.
        indexes: Indexes,
    },
    /// Adds to the number at a JSON Pointer; document and number are made where they are missing.
    AddToRecord {
        key: RecordKey,
        pointer: String,
        amount: f64,
        indexes: Indexes,
    },
    PutFile(FileWrite),
    /// Adds to a file that the same invocation put.
    AppendFile {
        id: FileId,
        content: Arc<Vec<u8>>,
    },
    /// Forgets a file that no ticket names.
    DeleteFile {
        id: FileId,
    },
    /// What became of a message on its way out.
    SetDelivery {
        ticket: TicketId,
        message: MessageId,
        delivery: Delivery,
    },
    Enqueue(Job),
    CancelJob {
        install: InstallId,
        key: String,
    },
    /// An event of the plugin's own, or an action directed at another plugin.
    Emit {
        kind: String,
        ticket: Option<TicketId>,
        data: serde_json::Value,
    },
}

/// What an effect needs that is not on the overlay.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    Ticket(TicketId),
    Customer(CustomerId),
    /// Whoever has one of these.
    Identities(Vec<String>),
    Record(RecordKey),
    /// Where it stands.
    Message(MessageId),
}
