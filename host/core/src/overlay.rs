//! What one invocation sees and writes before anything commits: loaded things with its own changes over them.
//!
//! The overlay is pure: the host loads what is missing ([`Overlay::load_ticket`] and its kin) and runs verbs through it. Cloned, it is a savepoint:
//! a plugin that fails leaves the clone from before it. What it reads by id or key is checked at the commit.

/// Files for the time of a call.
mod lent;

/// Records and files.
mod kept;

/// What it comes to.
mod finish;

use crate::{
    changeset::{Check, FileWrite, Record, RecordKey},
    customer::{Customer, Identity},
    delivery::{DeliveryWrite, Said},
    directory::Directory,
    effect::Effect,
    event::EventDraft,
    id::{CustomerId, FileId, InstallId, MessageId, TenantId, TicketId},
    index::IndexEntry,
    job::JobWrite,
    message::{Message, MessageDraft},
    refusal::Refusal,
    ticket::{
        Ticket,
        verbs::TicketDraft,
        work::{Stamp, Work},
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Loaded things and the changes over them.
#[derive(Debug, Clone)]
pub struct Overlay {
    tenant: TenantId,
    tickets: BTreeMap<TicketId, Work>,
    /// Tickets in the order in which their events began, to keep the log in order of happening.
    order: Vec<(TicketId, usize)>,
    messages: Vec<Message>,
    customers: BTreeMap<CustomerId, (Customer, u64)>,
    records: BTreeMap<RecordKey, RecordState>,
    files: BTreeMap<FileId, FileWrite>,
    /// Of these, those that are here only to be read.
    lent: BTreeSet<FileId>,
    deleted_files: BTreeSet<FileId>,
    /// Messages that were looked for: where they stand, and what became of them.
    said: BTreeMap<MessageId, Said>,
    deliveries: BTreeMap<MessageId, DeliveryWrite>,
    checks: BTreeSet<Check>,
    customer_events: Vec<EventDraft>,
    /// About neither ticket nor customer.
    other_events: Vec<EventDraft>,
    jobs: Vec<JobWrite>,
    pub(crate) directory: Arc<Directory>,
    /// What was asked and done, in order: to be done again on another state.
    asked: Vec<(Effect, Stamp)>,
}

#[derive(Debug, Clone)]
struct RecordState {
    loaded: u64,
    now: Option<Record>,
    touched: bool,
    /// By what it was found, and is to be.
    before: BTreeSet<IndexEntry>,
    after: BTreeSet<IndexEntry>,
}

impl RecordState {
    fn loaded(loaded: u64, now: Option<Record>) -> Self {
        Self {
            loaded,
            now,
            touched: false,
            before: BTreeSet::new(),
            after: BTreeSet::new(),
        }
    }
}

impl Overlay {
    /// Nothing loaded, nothing changed.
    pub fn new(tenant: TenantId, directory: Arc<Directory>) -> Self {
        Self {
            tenant,
            tickets: BTreeMap::new(),
            order: Vec::new(),
            messages: Vec::new(),
            customers: BTreeMap::new(),
            records: BTreeMap::new(),
            files: BTreeMap::new(),
            lent: BTreeSet::new(),
            deleted_files: BTreeSet::new(),
            said: BTreeMap::new(),
            deliveries: BTreeMap::new(),
            checks: BTreeSet::new(),
            customer_events: Vec::new(),
            other_events: Vec::new(),
            jobs: Vec::new(),
            directory,
            asked: Vec::new(),
        }
    }

    /// Hands in a ticket that was loaded. What is there already stays.
    pub fn load_ticket(&mut self, ticket: Ticket) {
        self.tickets
            .entry(ticket.id)
            .or_insert_with(|| Work::on(ticket));
    }

    /// Whether the ticket is here.
    pub fn has_ticket(&self, id: TicketId) -> bool {
        self.tickets.contains_key(&id)
    }

    /// Whether the ticket is here because it was made here.
    pub fn is_made_here(&self, id: TicketId) -> bool {
        self.tickets
            .get(&id)
            .is_some_and(|work| work.loaded_version == 0)
    }

    /// A ticket with all changes so far.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where it was not loaded or made.
    pub fn ticket(&self, id: TicketId) -> Result<&Ticket, Refusal> {
        self.tickets
            .get(&id)
            .map(Work::ticket)
            .ok_or_else(|| Refusal::NotFound(format!("ticket {id}")))
    }

    /// Runs verbs on a ticket.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], or what the verb answers; the ticket is then as before.
    pub fn on_ticket<T>(
        &mut self,
        id: TicketId,
        verb: impl FnOnce(&mut Work) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let work = self
            .tickets
            .get_mut(&id)
            .ok_or_else(|| Refusal::NotFound(format!("ticket {id}")))?;
        let before = work.clone();
        let events = before.events().len();
        match verb(work) {
            Ok(answer) => {
                self.order
                    .extend((events..work.events().len()).map(|index| (id, index)));
                Ok(answer)
            }
            Err(refusal) => {
                *work = before;
                Err(refusal)
            }
        }
    }

    /// Makes a ticket.
    ///
    /// # Errors
    /// What [`Work::create`] answers.
    pub fn create_ticket(
        &mut self,
        draft: TicketDraft,
        stamp: &Stamp,
    ) -> Result<TicketId, Refusal> {
        let id = draft.id;
        let (work, message) = Work::create(draft, stamp)?;
        self.add_work(work, message);
        Ok(id)
    }

    /// Says something on a ticket.
    ///
    /// # Errors
    /// What [`Work::add_message`] answers.
    pub fn add_message(
        &mut self,
        id: TicketId,
        draft: MessageDraft,
        stamp: &Stamp,
    ) -> Result<(), Refusal> {
        let message = self.on_ticket(id, |work| work.add_message(draft, stamp))?;
        self.messages.push(message);
        Ok(())
    }

    /// What this invocation said on a ticket.
    pub fn messages_of(&self, id: TicketId) -> impl Iterator<Item = &Message> {
        self.messages
            .iter()
            .filter(move |message| message.ticket == id)
    }

    /// Whether something said here names the file.
    pub fn says(&self, file: FileId) -> bool {
        let mut said = self
            .messages
            .iter()
            .flat_map(|message| message.draft.files());
        let mut carried = self
            .deliveries
            .values()
            .filter_map(|write| write.delivery.as_ref()?.file);
        said.any(|named| named == file) || carried.any(|named| named == file)
    }

    /// A message of this invocation.
    pub fn message(&self, id: MessageId) -> Option<&Message> {
        self.messages.iter().find(|message| message.draft.id == id)
    }

    /// The ticket on which a message of this invocation stands.
    pub fn ticket_of(&self, id: MessageId) -> Option<TicketId> {
        self.message(id).map(|message| message.ticket)
    }

    /// Hands in a customer that was loaded.
    pub fn load_customer(&mut self, customer: Customer) {
        self.customers
            .entry(customer.id)
            .or_insert_with(|| (customer.clone(), customer.version));
    }

    /// Whether the customer is here.
    pub fn has_customer(&self, id: CustomerId) -> bool {
        self.customers.contains_key(&id)
    }

    /// The customer who has one of these identities among those here.
    ///
    /// # Errors
    /// [`Refusal::Conflict`] where several have.
    pub fn customer_with(&self, identities: &[String]) -> Result<Option<&Customer>, Refusal> {
        let mut found = self
            .customers
            .values()
            .map(|(customer, _)| customer)
            .filter(|customer| {
                customer
                    .identities
                    .iter()
                    .any(|known| identities.contains(&known.name))
            });
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => Err(Refusal::Conflict(
                "these identities belong to several customers: merge them first".to_owned(),
            )),
            (one, _) => Ok(one),
        }
    }

    /// Makes a customer. Each of its identities must be free at the commit.
    pub fn create_customer(
        &mut self,
        id: CustomerId,
        name: &str,
        identities: Vec<Identity>,
        stamp: &Stamp,
    ) {
        self.checks.extend(
            identities
                .iter()
                .map(|identity| Check::IdentityIsFree(identity.name.clone())),
        );
        let customer = Customer::new(id, name, identities);
        let mut event = EventDraft::of_tenant("customer.created", stamp);
        event.customer = Some(id);
        event.changes = customer.changes_since(None);
        self.customer_events.push(event);
        self.customers.insert(id, (customer, 0));
    }

    /// A customer with all changes so far.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where it was not loaded or made.
    pub fn customer(&self, id: CustomerId) -> Result<&Customer, Refusal> {
        self.customers
            .get(&id)
            .map(|(customer, _)| customer)
            .ok_or_else(|| Refusal::NotFound(format!("customer {id}")))
    }

    /// Changes a customer; one event tells of it, if anything came to differ.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], or what the change answers; the customer is then as before.
    pub fn on_customer(
        &mut self,
        id: CustomerId,
        stamp: &Stamp,
        change: impl FnOnce(&mut Customer) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let before = self.customer(id)?.clone();
        let mut after = before.clone();
        change(&mut after)?;
        if after == before {
            return Ok(());
        }
        self.checks.extend(
            after
                .identities
                .iter()
                .filter(|identity| {
                    before
                        .identities
                        .iter()
                        .all(|known| known.name != identity.name)
                })
                .map(|identity| Check::IdentityIsFree(identity.name.clone())),
        );
        after.version += 1;
        let mut event = EventDraft::of_tenant("customer.changed", stamp);
        event.customer = Some(id);
        event.changes = after.changes_since(Some(&before));
        self.customer_events.push(event);
        if let Some((customer, _)) = self.customers.get_mut(&id) {
            *customer = after;
        }
        Ok(())
    }

    /// Gives a customer more identities, or proves those it has.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn add_identities(
        &mut self,
        id: CustomerId,
        identities: &[Identity],
        stamp: &Stamp,
    ) -> Result<(), Refusal> {
        self.on_customer(id, stamp, |customer| {
            for identity in identities {
                match customer
                    .identities
                    .iter_mut()
                    .find(|known| known.name == identity.name)
                {
                    Some(known) => known.verified |= identity.verified,
                    None => customer.identities.push(identity.clone()),
                }
            }
            Ok(())
        })
    }

    /// Tells of something that is about neither ticket nor customer.
    pub fn tell(&mut self, event: EventDraft) {
        self.other_events.push(event);
    }

    /// Enqueues, cancels or settles a job.
    pub fn write_job(&mut self, write: JobWrite) {
        self.jobs.push(write);
    }

    /// Whether a job of that key waits, as far as this invocation decided it.
    pub fn is_job_waiting(&self, of: InstallId, wanted: &str) -> Option<bool> {
        self.jobs.iter().rev().find_map(|write| match write {
            JobWrite::Enqueue(job) => {
                (job.install == of && job.key.as_deref() == Some(wanted)).then_some(true)
            }
            JobWrite::Cancel { install, key } => (*install == of && key == wanted).then_some(false),
            JobWrite::Settle { .. } => None,
        })
    }

    /// What becomes of jobs so far.
    pub fn jobs(&self) -> &[JobWrite] {
        &self.jobs
    }

    /// Keeps what was asked and done.
    pub(crate) fn note(&mut self, effect: Effect, stamp: &Stamp) {
        self.asked.push((effect, stamp.clone()));
    }

    /// What was asked by [`Overlay::apply`] and done, in order.
    pub fn asked(&self) -> &[(Effect, Stamp)] {
        &self.asked
    }

    /// Whose it is.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// What the log would tell if it were committed now.
    pub fn would_tell(&self) -> Vec<EventDraft> {
        self.clone().finish().events
    }

    /// The people and groups of the tenant.
    pub fn directory(&self) -> &Arc<Directory> {
        &self.directory
    }

    /// The ticket under change.
    pub(crate) fn work(&self, id: TicketId) -> Option<&Work> {
        self.tickets.get(&id)
    }

    /// Takes in a ticket that was made by a verb of its own.
    pub(crate) fn add_work(&mut self, work: Work, message: Option<Message>) {
        let id = work.ticket().id;
        self.order
            .extend((0..work.events().len()).map(|index| (id, index)));
        self.tickets.insert(id, work);
        self.messages.extend(message);
    }

    /// Adds a message that needs no verb: what was suspended is said again, by somebody known.
    pub(crate) fn restate(&mut self, message: Message) {
        self.messages.push(message);
    }

    /// Hands in where a message stands, and what became of it.
    pub fn load_said(&mut self, id: MessageId, said: Said) {
        self.said.entry(id).or_insert(said);
    }

    /// Where a message stands, and what became of it, with this invocation's own reports.
    pub fn said(&self, id: MessageId) -> Option<Said> {
        let own = self.ticket_of(id).map(|ticket| Said {
            ticket,
            delivery: None,
        });
        let said = own.or_else(|| self.said.get(&id).cloned())?;
        let reported = self
            .deliveries
            .get(&id)
            .and_then(|write| write.delivery.clone());
        Some(Said {
            delivery: reported.or(said.delivery),
            ..said
        })
    }

    /// Keeps what became of a message.
    pub(crate) fn put_delivery(&mut self, write: DeliveryWrite) {
        self.deliveries.insert(write.message, write);
    }
}
