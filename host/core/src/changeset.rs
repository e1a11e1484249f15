//! What one commit writes: all of it, or nothing.

use crate::{
    customer::Customer,
    delivery::{DeliveryMark, DeliveryWrite},
    directory::{Agent, CustomerGroup, Group, Membership},
    event::{Event, EventDraft, Lane},
    id::{AgentId, CustomerId, FileId, GroupId, InstallId, JobId, MessageId, TenantId, TicketId},
    index::IndexChange,
    install::Install,
    job::JobWrite,
    message::Message,
    ticket::Ticket,
    time::Timestamp,
    view::ViewWrite,
};
use std::{collections::BTreeSet, sync::Arc};
use uuid::Uuid;

/// Everything that one invocation, request or turn of a lane asks the store to write.
#[derive(Debug, Clone)]
pub struct ChangeSet {
    pub tenant: TenantId,
    pub tickets: Vec<TicketWrite>,
    pub messages: Vec<Message>,
    /// What became of messages on their way out.
    pub deliveries: Vec<DeliveryWrite>,
    pub customers: Vec<CustomerWrite>,
    pub records: Vec<RecordWrite>,
    pub files: Vec<FileWrite>,
    /// Files that nobody needs any more; one that a ticket names stays.
    pub dropped_files: Vec<FileId>,
    pub agents: Vec<Agent>,
    pub groups: Vec<Group>,
    pub members: Vec<MemberWrite>,
    pub customer_groups: Vec<CustomerGroup>,
    pub jobs: Vec<JobWrite>,
    pub installs: Vec<InstallWrite>,
    pub views: Vec<ViewWrite>,
    /// In the order in which they happened.
    pub events: Vec<EventDraft>,
    /// What was read and must still be so.
    pub checks: Vec<Check>,
    /// Whose cursor `done` and `passed` are of: an install's own, or, absent, the tenant's.
    pub cursor: Option<InstallId>,
    /// The delivery that this commit ends.
    pub done: Option<Done>,
    /// Events that nobody listens to; done by the way. Those done already are no offence.
    pub passed: Vec<u64>,
    /// An install that has caught up, and keeps step with the others again.
    pub rejoins: Option<Rejoin>,
    /// Installs that could not do their part of a delivery.
    pub parks: Vec<ParkWrite>,
    /// Plugins' fields by which tickets are to be found.
    pub indexed: BTreeSet<String>,
    /// Tickets whose content goes for good.
    pub erased: Vec<TicketId>,
    /// Requests that were answered by this.
    pub answered: Vec<Answered>,
}

impl ChangeSet {
    /// Nothing yet.
    pub fn new(tenant: TenantId) -> Self {
        Self {
            tenant,
            tickets: Vec::new(),
            messages: Vec::new(),
            deliveries: Vec::new(),
            customers: Vec::new(),
            records: Vec::new(),
            files: Vec::new(),
            dropped_files: Vec::new(),
            agents: Vec::new(),
            groups: Vec::new(),
            members: Vec::new(),
            customer_groups: Vec::new(),
            jobs: Vec::new(),
            installs: Vec::new(),
            views: Vec::new(),
            events: Vec::new(),
            checks: Vec::new(),
            cursor: None,
            done: None,
            passed: Vec::new(),
            rejoins: None,
            parks: Vec::new(),
            answered: Vec::new(),
            indexed: BTreeSet::new(),
            erased: Vec::new(),
        }
    }
}

impl ChangeSet {
    /// Whether it writes nothing; what it only read does not count.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
            && self.records.is_empty()
            && self.files.is_empty()
            && self.dropped_files.is_empty()
            && self.views.is_empty()
            && self.deliveries.is_empty()
            && self.jobs.is_empty()
            && self.parks.is_empty()
            && self.done.is_none()
            && self.passed.is_empty()
            && self.rejoins.is_none()
    }
}

/// A ticket as it is to be.
#[derive(Debug, Clone)]
pub struct TicketWrite {
    pub ticket: Ticket,
    /// The version it must have now; 0 where it must not exist.
    pub expected: u64,
    /// Whether plugins' fields are others than before.
    pub fields_changed: bool,
    /// Whether it has other tags than before.
    pub tags_changed: bool,
    /// Whether others take part than before.
    pub participants_changed: bool,
}

/// An agent's place in a group, or the end of it.
#[derive(Debug, Clone)]
pub enum MemberWrite {
    Join(Membership),
    Leave(GroupId, AgentId),
}

/// A customer as it is to be.
#[derive(Debug, Clone)]
pub struct CustomerWrite {
    pub customer: Customer,
    pub expected: u64,
}

/// A request that said an idempotency key, and what it made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub agent: AgentId,
    pub key: String,
    /// sha-256 of what was asked.
    pub request: [u8; 32],
    pub made: Uuid,
    pub at: Timestamp,
}

/// The name of a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey {
    pub install: InstallId,
    pub collection: String,
    pub key: String,
}

impl RecordKey {
    /// What the record takes of its install's share, with a body of so many bytes.
    pub fn bytes_with(&self, body_bytes: u64) -> u64 {
        body_bytes + self.key.len() as u64
    }
}

/// A record as it is to be.
#[derive(Debug, Clone)]
pub struct RecordWrite {
    pub key: RecordKey,
    /// The version it must have now; 0 where it must not exist.
    pub expected: u64,
    /// JSON text; absent to delete.
    pub body: Option<String>,
    pub at: Timestamp,
    /// What changes about by what it is found.
    pub found_by: IndexChange,
}

/// A record as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub version: u64,
    pub body: String,
    pub updated_at: Timestamp,
}

/// Content to keep.
#[derive(Debug, Clone)]
pub struct FileWrite {
    pub id: FileId,
    /// Whose it is until a ticket names it; absent: nobody's.
    pub install: Option<InstallId>,
    pub name: String,
    pub media_type: String,
    pub content: Arc<Vec<u8>>,
    pub at: Timestamp,
}

/// An install as it is to be.
#[derive(Debug, Clone)]
pub struct InstallWrite {
    pub install: Install,
    /// The epoch it must have now; 0 where it must not exist.
    pub expected: u64,
    /// Its first event is the one that this commit writes for it.
    pub starts_here: bool,
    /// What becomes of its own cursor.
    pub cursor: CursorWrite,
    /// Secret settings by name, sealed, or nothing where one goes; those not named stay as they are.
    pub secrets: Vec<(String, Option<Vec<u8>>)>,
    /// By which JSON Pointers the records of each collection of the version that runs are found; collections under the names by which they are kept.
    pub indexes: Vec<(String, Vec<String>)>,
    /// Collections of its records to be made anew as copies: from, to.
    pub copies: Vec<(String, String)>,
    /// Whether its records and secrets, and all that waits for it, go for good.
    pub forgets: bool,
}

/// What becomes of an install's own cursor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CursorWrite {
    /// Stays as it is, if there is one.
    #[default]
    Stays,
    /// From now on it has its own, which begins where the tenant's stands; one that it has stays.
    Leaves,
    /// Everything after that event is handed to it, in its own time.
    Begins { after: u64 },
    /// It has none any more: what it has not seen, it does not see.
    Goes,
}

/// The end of an install's own cursor: all that the others were handed, it has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rejoin {
    pub install: InstallId,
    /// Of the events up to this one, some were or are being handed to the others without it; of those after it, none.
    pub handed_out: u64,
}

/// What was read and must still be so at the commit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    Ticket(TicketId, u64),
    Customer(CustomerId, u64),
    Record(RecordKey, u64),
    /// No customer has the identity yet.
    IdentityIsFree(String),
    /// The install is enabled in this epoch.
    Epoch(InstallId, u64),
    /// The install is parked in this lane at this sequence, after so many attempts: a second commit of the same attempt is refused.
    Parked(InstallId, Lane, u64, u32),
    /// The job runs, and this is its attempt.
    Attempt(JobId, u32),
    /// The job was given up after this attempt.
    GivenUp(JobId, u32),
    /// What is known of the message's way is still this report; nothing where no channel carries it.
    Delivery(MessageId, Option<DeliveryMark>),
}

/// The end of a delivery, by compare-and-set: a second commit of the same sequence is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    pub sequence: u64,
}

/// A failed delivery, or the end of one.
#[derive(Debug, Clone)]
pub struct ParkWrite {
    pub install: InstallId,
    pub lane: Lane,
    pub what: Park,
}

/// What becomes of a parked (install, lane).
#[derive(Debug, Clone)]
pub enum Park {
    /// Goes on from `sequence`, not before `due_at`.
    At {
        sequence: u64,
        attempts: u32,
        due_at: Timestamp,
        reason: String,
    },
    /// Has caught up.
    Release,
    /// This dead letter was delivered after all.
    Replayed { sequence: u64 },
    /// This delivery is given up and kept for people to look at.
    Dead {
        sequence: u64,
        reason: String,
        at: Timestamp,
    },
}

/// A parked (install, lane) as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    pub install: InstallId,
    pub lane: Lane,
    pub sequence: u64,
    pub attempts: u32,
    pub due_at: Timestamp,
    pub reason: String,
}

/// What a commit made.
#[derive(Debug, Clone, Default)]
pub struct Committed {
    /// The events, with their sequences.
    pub events: Vec<Event>,
    /// Numbers given to new tickets.
    pub numbers: Vec<(TicketId, u64)>,
}

impl Committed {
    /// The number that a ticket was given.
    pub fn number(&self, ticket: TicketId) -> Option<u64> {
        self.numbers
            .iter()
            .find(|(id, _)| *id == ticket)
            .map(|(_, number)| *number)
    }
}
