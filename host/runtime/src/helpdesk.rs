//! What a running plugin may see and do, as the host offers it. The runtime converts and limits; the host keeps the desk.
//!
//! A [`Helpdesk`] belongs to one invocation: it reads with that invocation's own writes over what is committed, and hands all of them to one commit
//! when the invocation ends well. Dropped, it leaves nothing behind.

use guichet_core::{
    actor::Actor,
    changeset::Record,
    id::{CustomerId, FileId, MessageId, TicketId},
    message::{Attachment, Message, Visibility},
    refusal::Refusal,
    ticket::Ticket,
    time::Timestamp,
    value::Field,
};
use std::{future::Future, pin::Pin};

/// An answer that may have to be fetched.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send + 'a>>;

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The core refused: the plugin is told, and goes on.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The host failed (database, disk): ends the invocation, and never counts against the plugin.
    #[error("the host cannot answer now: {0}")]
    Host(String),
}

/// A message that a plugin wants to add.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageWish {
    pub visibility: Visibility,
    pub text: String,
    pub html: Option<String>,
    pub attachments: Vec<Attachment>,
    pub fields: Vec<Field>,
}

/// A ticket that a plugin wants to make.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketWish {
    pub subject: String,
    pub requester: CustomerId,
    pub first_message: Option<MessageWish>,
    /// `channel` and `kind` among them, where the plugin says so.
    pub fields: Vec<Field>,
}

/// One invocation's view of the desk. `author` absent: the plugin speaks in its own name.
pub trait Helpdesk: Send {
    fn ticket(&mut self, id: TicketId) -> Answer<'_, Ticket>;
    /// A ticket that was answered before, with the writes since.
    fn loaded_ticket(&self, id: TicketId) -> Option<&Ticket>;
    fn find_ticket(&mut self, number: u64) -> Answer<'_, Ticket>;
    /// Oldest first, after the given one, at most `limit`.
    fn messages(
        &mut self,
        ticket: TicketId,
        after: Option<MessageId>,
        limit: u32,
    ) -> Answer<'_, Vec<Message>>;

    fn create_ticket(&mut self, wish: TicketWish, author: Option<Actor>) -> Answer<'_, TicketId>;
    fn set_fields(&mut self, ticket: TicketId, fields: Vec<Field>) -> Answer<'_, ()>;
    fn tag(&mut self, ticket: TicketId, add: Vec<String>, remove: Vec<String>) -> Answer<'_, ()>;
    fn transition(
        &mut self,
        ticket: TicketId,
        command: String,
        arguments: Vec<Field>,
    ) -> Answer<'_, ()>;
    fn add_message(
        &mut self,
        ticket: TicketId,
        wish: MessageWish,
        author: Option<Actor>,
    ) -> Answer<'_, MessageId>;

    fn ensure_customer(
        &mut self,
        identities: Vec<String>,
        verified: bool,
        fields: Vec<Field>,
    ) -> Answer<'_, CustomerId>;

    fn record(&mut self, collection: String, key: String) -> Answer<'_, Option<Record>>;
    /// `body` absent deletes. Answers the new version.
    fn put_record(
        &mut self,
        collection: String,
        key: String,
        body: Option<String>,
        if_version: Option<u64>,
    ) -> Answer<'_, u64>;

    fn put_file(
        &mut self,
        name: String,
        media_type: String,
        content: Vec<u8>,
    ) -> Answer<'_, Attachment>;
    fn read_file(&mut self, id: FileId, offset: u64, limit: u32) -> Answer<'_, Vec<u8>>;

    /// Why the effects that follow are made.
    fn because(&mut self, rule: String, detail: serde_json::Value);
    /// What the admin set, JSON.
    fn settings(&self) -> String;
    /// In event handlers, the time of the event.
    fn now(&self) -> Timestamp;
    /// Bytes that depend on the invocation only. `ordinal` counts the calls.
    fn random(&self, ordinal: u64, length: usize) -> Vec<u8>;
    /// Writes asked for so far.
    fn effects(&self) -> usize;
    /// For the host to have its own view back when the call ends.
    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any + Send>;
}
