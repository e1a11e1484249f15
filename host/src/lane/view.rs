//! A plugin's view of the desk: the invocation's overlay, what it has not loaded yet from the store, and nothing of any other tenant.

/// What is in sight, and what may be done with it.
mod sight;

/// What of the log is in sight.
mod events;

/// What the host adds to what is asked and told.
mod passage;

/// What an install may keep.
mod share;

/// Questions about tickets.
mod questions;

/// Records: its own, and those that others publish.
mod records;

/// Calls of servers outside.
mod outside;

pub use questions::sort_key;

use super::{LaneError, load};
use crate::{
    desk::Desk,
    live::Connections,
    plugins::{Ready, manifest::KeptAs, outside::Ways},
};
use guichet_core::{
    actor::{Actor, Principal},
    changeset::{Record, RecordKey},
    customer::{Customer, Identity},
    derive::Seed,
    directory::Directory,
    effect::Effect,
    event::{Because, Event},
    id::{AgentId, CustomerId, FileId, InstallId, MessageId, TenantId, TicketId},
    message::Message,
    overlay::Overlay,
    refusal::Refusal,
    ticket::{Ticket, work::Stamp},
    time::Timestamp,
    value::{Field, Value},
};
use guichet_outside::Outside;
use guichet_runtime::{
    Acquaintance, Answer, Connection, Fault, Fetch, Fetched, Helpdesk, RecordQuery, RecordRows,
    Server, TicketAggregate, TicketQuery, TicketRows,
};
use guichet_store::{StoreError, TenantStore};
use std::{
    any::Any,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

/// What one invocation of one install sees and writes.
pub struct View {
    store: TenantStore,
    install: InstallId,
    plugin: String,
    /// Collections that the manifest declares, and how they are kept.
    collections: BTreeMap<String, KeptAs>,
    /// Kinds of events that the manifest names.
    listens_to: BTreeSet<String>,
    grants: Arc<BTreeSet<String>>,
    settings: Arc<str>,
    secrets: crate::plugins::secrets::Keys,
    outside: Outside,
    ways: Arc<Ways>,
    /// Whether a server outside was called: from then on nothing is run again because of a conflict.
    has_called_out: bool,
    /// Of those before it on the same overlay.
    effects_before: usize,
    overlay: Overlay,
    stamp: Stamp,
    seed: Seed,
    sight: Sight,
    /// The ticket that the invocation is about.
    about: Option<TicketId>,
    /// How many ids were made so far.
    made: u64,
    /// Of the tenant, where they were known when the call began.
    installs: Option<Arc<Vec<Arc<Ready>>>>,
    /// What is left of the time that the database may work on questions.
    database_time: Duration,
    /// More is not allowed, whatever the point.
    database_ms_max: u64,
    /// What the install's records take as committed, once it was asked; by how much this invocation makes them grow; and what they may take.
    record_bytes: Option<u64>,
    grown: i64,
    record_bytes_max: u64,
    /// What ranges of records answered so far.
    range_bytes: u64,
    /// Who has the desk open.
    connections: Arc<Connections>,
    /// In which days begin and end, where that is not the tenant's zone.
    zone: Option<String>,
}

/// Whose eyes an invocation has.
#[derive(Debug, Clone)]
pub enum Sight {
    /// The plugin's own: what it was granted.
    Plugin,
    /// A viewer's: of that, what he may see. Nobody sees nothing.
    Viewer(Option<Principal>),
}

/// What an invocation begins with.
pub struct Beginning {
    pub overlay: Overlay,
    pub stamp: Stamp,
    /// Makes the ids of what the invocation makes.
    pub seed: Seed,
    pub sight: Sight,
    pub about: Option<TicketId>,
}

fn host(error: StoreError) -> Fault {
    match error {
        StoreError::Invalid(what) => Refusal::Invalid(what).into(),
        error @ StoreError::TooLong(_) => Refusal::Limit(error.to_string()).into(),
        error => Fault::Host(error.to_string()),
    }
}

fn fault(error: LaneError) -> Fault {
    match error {
        LaneError::Refused(refusal) => refusal.into(),
        error => Fault::Host(error.to_string()),
    }
}

impl View {
    /// The view of an install in its tenant.
    pub fn new(desk: &Desk, tenant: TenantId, ready: &Ready, beginning: Beginning) -> Self {
        Self {
            store: desk.store.tenant(tenant),
            install: ready.install.id,
            plugin: ready.install.plugin.clone(),
            collections: ready.collections(),
            listens_to: ready
                .manifest
                .events
                .iter()
                .map(|wanted| wanted.kind.clone())
                .collect(),
            grants: ready.grants.clone(),
            settings: ready.settings.clone(),
            secrets: desk.secrets.clone(),
            outside: desk.outside.clone(),
            ways: ready.ways.clone(),
            has_called_out: false,
            seed: beginning.seed,
            effects_before: beginning.overlay.effects(),
            overlay: beginning.overlay,
            stamp: beginning.stamp,
            sight: beginning.sight,
            about: beginning.about,
            made: 0,
            installs: desk.known_installs(tenant),
            database_time: Duration::ZERO,
            database_ms_max: desk.settings.database_ms_max,
            record_bytes: None,
            grown: 0,
            record_bytes_max: desk.settings.record_bytes_max,
            range_bytes: 0,
            connections: desk.live.connections.clone(),
            zone: None,
        }
    }

    /// The same, with days that begin and end as in this zone.
    #[must_use]
    pub fn in_zone(mut self, zone: &str) -> Self {
        self.zone = Some(zone.to_owned());
        self
    }

    /// What was read and written.
    pub fn into_overlay(self) -> Overlay {
        self.overlay
    }

    /// Whether a server outside was called.
    pub fn has_called_out(&self) -> bool {
        self.has_called_out
    }

    fn stamp_of(&self, author: Option<Actor>) -> Stamp {
        match author {
            None => self.stamp.clone(),
            Some(author) => Stamp {
                principal: self.overlay.directory().principal(author),
                ..self.stamp.clone()
            },
        }
    }
}

impl Helpdesk for View {
    fn install(&self) -> InstallId {
        self.install
    }

    fn plugin(&self) -> &str {
        &self.plugin
    }

    fn ticket(&mut self, id: TicketId) -> Answer<'_, Ticket> {
        Box::pin(async move {
            self.load(id).await?;
            Ok(self.overlay.ticket(id)?.clone())
        })
    }

    fn loaded_ticket(&self, id: TicketId) -> Option<&Ticket> {
        self.overlay.ticket(id).ok()
    }

    fn find_ticket(&mut self, number: u64) -> Answer<'_, Ticket> {
        Box::pin(async move {
            let unknown = || Refusal::NotFound(format!("ticket {number}"));
            let found = self.store.ticket_by_number(number).await.map_err(host)?;
            let id = found.map(|ticket| ticket.id).ok_or_else(unknown)?;
            match self.load(id).await {
                Ok(()) => Ok(self.overlay.ticket(id)?.clone()),
                Err(Fault::Refused(_)) => Err(unknown().into()),
                Err(fault) => Err(fault),
            }
        })
    }

    fn messages(
        &mut self,
        ticket: TicketId,
        after: Option<MessageId>,
        limit: u32,
    ) -> Answer<'_, Vec<Message>> {
        Box::pin(async move {
            self.load(ticket).await?;
            let mut messages = self
                .store
                .messages(ticket, after, limit)
                .await
                .map_err(host)?;
            let room = (limit as usize).saturating_sub(messages.len());
            messages.extend(self.overlay.messages_of(ticket).take(room).cloned());
            Ok(messages)
        })
    }

    fn message(&mut self, id: MessageId) -> Answer<'_, Message> {
        Box::pin(async move {
            let unknown = || Refusal::NotFound(format!("message {id}"));
            let found = match self.overlay.message(id) {
                Some(own) => Some(own.clone()),
                None => self.store.message(id).await.map_err(host)?,
            };
            let message = found.ok_or_else(unknown)?;
            match self.load(message.ticket).await {
                Ok(()) => Ok(message),
                Err(Fault::Refused(_)) => Err(unknown().into()),
                Err(fault) => Err(fault),
            }
        })
    }

    fn last_message(&mut self, ticket: TicketId) -> Answer<'_, Option<Message>> {
        Box::pin(async move {
            self.load(ticket).await?;
            match self.overlay.messages_of(ticket).last() {
                Some(own) => Ok(Some(own.clone())),
                None => self.store.last_message(ticket).await.map_err(host),
            }
        })
    }

    fn allow_database_ms(&mut self, milliseconds: u64) {
        self.database_time = Duration::from_millis(milliseconds.min(self.database_ms_max));
    }

    fn query_tickets(&mut self, query: TicketQuery) -> Answer<'_, TicketRows> {
        Box::pin(self.page(query))
    }

    fn count_tickets(&mut self, filter: String) -> Answer<'_, u64> {
        Box::pin(self.count(filter))
    }

    fn aggregate_tickets(&mut self, wanted: TicketAggregate) -> Answer<'_, Vec<Vec<Value>>> {
        Box::pin(self.aggregate(wanted))
    }

    fn customer(&mut self, id: CustomerId) -> Answer<'_, Customer> {
        Box::pin(async move {
            if !self.knows_customers() {
                return Err(Refusal::NotFound(format!("customer {id}")).into());
            }
            if !self.overlay.has_customer(id) {
                let customer = self.store.customer(id).await.map_err(host)?;
                self.overlay.load_customer(
                    customer.ok_or_else(|| Refusal::NotFound(format!("customer {id}")))?,
                );
            }
            Ok(self.overlay.customer(id)?.clone())
        })
    }

    fn loaded_customer(&self, id: CustomerId) -> Option<&Customer> {
        self.overlay.customer(id).ok()
    }

    fn find_customer(&mut self, identity: String) -> Answer<'_, Option<Customer>> {
        Box::pin(async move {
            if !self.knows_customers() {
                return Ok(None);
            }
            let names = [identity];
            for customer in self
                .store
                .customers_by_identities(&names)
                .await
                .map_err(host)?
            {
                self.overlay.load_customer(customer);
            }
            Ok(self.overlay.customer_with(&names)?.cloned())
        })
    }

    fn directory(&self) -> &Directory {
        self.overlay.directory()
    }

    fn acquaintance(&self) -> Acquaintance {
        self.acquaintance_with_people()
    }

    fn is_online(&self, agent: AgentId) -> bool {
        self.connections.has(self.store.id(), agent)
    }

    fn events_since(&mut self, after: u64, kind: String, limit: u32) -> Answer<'_, Vec<Event>> {
        Box::pin(self.events_in_sight(after, kind, limit))
    }

    fn record(&mut self, key: RecordKey) -> Answer<'_, Option<Record>> {
        Box::pin(async move {
            let (key, _) = self.kept(key)?;
            self.loaded_record(key).await
        })
    }

    fn query_records(&mut self, collection: String, query: RecordQuery) -> Answer<'_, RecordRows> {
        Box::pin(async move {
            let kept = self.collection(&collection)?.clone();
            self.range_of(self.install, kept, query).await
        })
    }

    fn shared_record(&mut self, name: String, key: String) -> Answer<'_, Option<Record>> {
        Box::pin(self.record_of_others(name, key))
    }

    fn query_shared_records(&mut self, name: String, query: RecordQuery) -> Answer<'_, RecordRows> {
        Box::pin(async move {
            let (publisher, kept) = self.publisher(&name).await?;
            self.range_of(publisher, kept, query).await
        })
    }

    fn read_file(&mut self, id: FileId, offset: u64, limit: u32) -> Answer<'_, Vec<u8>> {
        Box::pin(self.part_of_file(id, offset, limit))
    }

    fn has_own_file(&self, id: FileId) -> bool {
        self.overlay.file(id).is_some()
    }

    fn is_job_waiting(&mut self, key: String) -> Answer<'_, bool> {
        Box::pin(async move {
            match self.overlay.is_job_waiting(self.install, &key) {
                Some(known) => Ok(known),
                None => Ok(self
                    .store
                    .waiting_job(self.install, &key)
                    .await
                    .map_err(host)?
                    .is_some()),
            }
        })
    }

    fn fetch(&mut self, request: Fetch) -> Answer<'_, Fetched> {
        Box::pin(self.call_out(request))
    }

    fn connect(&mut self, server: Server) -> Answer<'_, Box<dyn Connection>> {
        Box::pin(self.connect_out(server))
    }

    fn secret(&mut self, name: String) -> Answer<'_, String> {
        Box::pin(async move {
            self.secrets
                .reveal(&self.store, self.install, &name)
                .await
                .map_err(fault)
        })
    }

    fn apply(&mut self, effect: Effect, author: Option<Actor>) -> Answer<'_, ()> {
        Box::pin(async move {
            self.check_author(author).await?;
            self.check_sight(&effect).await?;
            let effect = self.prepared(effect)?;
            self.check_right(&effect).await?;
            let growth = self.growth(&effect).await?;
            let stamp = self.stamp_of(author);
            load::carry_out(&self.store, &mut self.overlay, &effect, &stamp)
                .await
                .map_err(fault)?;
            self.grown += growth;
            Ok(())
        })
    }

    fn ticket_of(&self, message: MessageId) -> Option<TicketId> {
        self.overlay.ticket_of(message)
    }

    fn ensure_customer(
        &mut self,
        identities: Vec<Identity>,
        fields: Vec<Field>,
    ) -> Answer<'_, CustomerId> {
        Box::pin(async move {
            let id = CustomerId(self.new_id("customer"));
            let names: Vec<_> = identities
                .iter()
                .map(|identity| identity.name.clone())
                .collect();
            let effect = Effect::EnsureCustomer {
                id,
                identities,
                fields,
            };
            self.apply(effect, None).await?;
            let known = self.overlay.customer_with(&names)?;
            Ok(known.map_or(id, |customer| customer.id))
        })
    }

    fn new_id(&mut self, purpose: &str) -> uuid::Uuid {
        self.made += 1;
        self.seed.id(purpose, self.made)
    }

    fn because(&mut self, rule: String, detail: serde_json::Value) {
        self.stamp.because = Some(Because { rule, detail });
    }

    fn settings(&self) -> String {
        self.settings.to_string()
    }

    fn now(&self) -> Timestamp {
        self.stamp.at
    }

    fn random(&self, ordinal: u64, length: usize) -> Vec<u8> {
        (0..)
            .flat_map(|block: u64| self.seed.bytes("random", (ordinal << 16) | block))
            .take(length)
            .collect()
    }

    fn effects(&self) -> usize {
        self.overlay.effects() - self.effects_before
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}
