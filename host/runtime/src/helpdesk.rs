//! What a running plugin may see and do, as the host offers it. The runtime converts and limits; the host keeps the desk.
//!
//! A [`Helpdesk`] belongs to one invocation: it reads with that invocation's own writes over what is committed, and hands all of them to one commit
//! when the invocation ends well. Dropped, it leaves nothing behind.

use guichet_core::{
    actor::Actor,
    changeset::{Record, RecordKey},
    customer::{Customer, Identity},
    directory::Directory,
    effect::Effect,
    event::Event,
    id::{AgentId, CustomerId, FileId, InstallId, MessageId, TicketId},
    message::Message,
    refusal::Refusal,
    ticket::Ticket,
    time::Timestamp,
    value::{Field, Value},
};
use std::{future::Future, pin::Pin};
use uuid::Uuid;

/// An answer that may have to be fetched.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send + 'a>>;

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The core refused: the plugin is told, and goes on.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Not now: the plugin is told, and may try again.
    #[error("{0}")]
    Unavailable(String),
    /// The host failed (database, disk): ends the invocation, and never counts against the plugin.
    #[error("the host cannot answer now: {0}")]
    Host(String),
}

/// A request to a server outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    pub method: String,
    pub url: String,
    /// Values may hold `{{secret:name}}`.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// A server outside, to be connected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    pub host: String,
    pub port: u16,
    /// From the first byte on.
    pub tls: bool,
}

/// A connection to a server outside. Dropped, it ends.
pub trait Connection: Send {
    /// At most `limit` bytes; empty where the server has ended it.
    fn read(&mut self, limit: usize, milliseconds: u64) -> Answer<'_, Vec<u8>>;
    fn write(&mut self, bytes: Vec<u8>) -> Answer<'_, ()>;
    /// TLS from here on, for the host that was connected to.
    fn start_tls(&mut self) -> Answer<'_, ()>;
}

/// What a server outside answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Which tickets, and what of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketQuery {
    /// An expression; empty: all.
    pub filter: String,
    pub columns: Vec<String>,
    pub sort: Vec<String>,
    pub cursor: Option<String>,
    pub limit: u32,
}

/// Rows in the order of the columns wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketRows {
    pub rows: Vec<Vec<Value>>,
    pub next: Option<String>,
}

/// Groups, and what is measured of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketAggregate {
    pub filter: String,
    pub group_by: Vec<String>,
    pub measures: Vec<String>,
    pub limit: u32,
}

/// Which records, and in which order.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordQuery {
    /// A JSON Pointer; absent: by their keys.
    pub index: Option<String>,
    /// A scalar; then there are no bounds.
    pub equal: Option<serde_json::Value>,
    /// A scalar, included.
    pub from: Option<serde_json::Value>,
    /// A scalar, not included.
    pub to: Option<serde_json::Value>,
    pub descending: bool,
    pub cursor: Option<String>,
    pub limit: u32,
}

/// Keys, and what is kept there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRows {
    pub records: Vec<(String, Record)>,
    pub next: Option<String>,
}

/// How well somebody knows the people of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acquaintance {
    /// As colleagues.
    Well,
    /// By name: neither their addresses, nor who works where.
    ByName,
    /// Nobody of them.
    NotAtAll,
}

/// One invocation's view of the desk.
pub trait Helpdesk: Send {
    /// Whose view it is.
    fn install(&self) -> InstallId;
    /// The plugin of that install, `publisher/name`.
    fn plugin(&self) -> &str;

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

    /// One message, of a ticket in sight.
    fn message(&mut self, id: MessageId) -> Answer<'_, Message>;
    /// The newest message of a ticket.
    fn last_message(&mut self, ticket: TicketId) -> Answer<'_, Option<Message>>;

    /// How long the database may work on this invocation's questions about tickets, in all; said once, when the call begins.
    fn allow_database_ms(&mut self, milliseconds: u64) {
        let _ = milliseconds;
    }

    /// Committed tickets in sight that a filter lets through.
    fn query_tickets(&mut self, query: TicketQuery) -> Answer<'_, TicketRows>;
    fn count_tickets(&mut self, filter: String) -> Answer<'_, u64>;
    fn aggregate_tickets(&mut self, wanted: TicketAggregate) -> Answer<'_, Vec<Vec<Value>>>;

    fn customer(&mut self, id: CustomerId) -> Answer<'_, Customer>;
    /// A customer that was answered before, with the writes since.
    fn loaded_customer(&self, id: CustomerId) -> Option<&Customer>;
    fn find_customer(&mut self, identity: String) -> Answer<'_, Option<Customer>>;
    /// The people and groups of the tenant…
    fn directory(&self) -> &Directory;
    /// …and what of them may be told here.
    fn acquaintance(&self) -> Acquaintance;
    /// Whether an agent has the desk open, as far as this server knows.
    fn is_online(&self, agent: AgentId) -> bool;
    /// Committed events after a sequence whose kind begins so, as far as the install may read them.
    fn events_since(&mut self, after: u64, kind: String, limit: u32) -> Answer<'_, Vec<Event>>;

    /// Whether a file was made, or lent, in this invocation.
    fn has_own_file(&self, id: FileId) -> bool;

    fn record(&mut self, key: RecordKey) -> Answer<'_, Option<Record>>;
    /// Committed records of one of its collections.
    fn query_records(&mut self, collection: String, query: RecordQuery) -> Answer<'_, RecordRows>;
    /// A record of a collection that another plugin publishes under that name.
    fn shared_record(&mut self, name: String, key: String) -> Answer<'_, Option<Record>>;
    fn query_shared_records(&mut self, name: String, query: RecordQuery) -> Answer<'_, RecordRows>;
    fn read_file(&mut self, id: FileId, offset: u64, limit: u32) -> Answer<'_, Vec<u8>>;
    /// Whether a job of that key waits, with this invocation's own.
    fn is_job_waiting(&mut self, key: String) -> Answer<'_, bool>;
    /// Calls a server outside, where the install may.
    fn fetch(&mut self, request: Fetch) -> Answer<'_, Fetched>;
    /// Connects to a server outside, where the install may.
    fn connect(&mut self, server: Server) -> Answer<'_, Box<dyn Connection>>;
    /// A secret setting of the install.
    fn secret(&mut self, name: String) -> Answer<'_, String>;

    /// Carries an effect out; `author` absent: the plugin acts in its own name.
    fn apply(&mut self, effect: Effect, author: Option<Actor>) -> Answer<'_, ()>;
    /// The ticket on which a message of this invocation stands: not always the one that it was said on.
    fn ticket_of(&self, message: MessageId) -> Option<TicketId>;
    /// Finds the customer who has any of the identities, or makes one.
    fn ensure_customer(
        &mut self,
        identities: Vec<Identity>,
        fields: Vec<Field>,
    ) -> Answer<'_, CustomerId>;
    /// An id for what an effect makes; a second run of the invocation makes the same ones.
    fn new_id(&mut self, purpose: &str) -> Uuid;

    /// Why the effects that follow are made.
    fn because(&mut self, rule: String, detail: serde_json::Value);
    /// What the admin set, JSON; secrets left out.
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
