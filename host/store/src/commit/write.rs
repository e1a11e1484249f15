//! Rows to be written: numbers and sequences are given here, and the present is moved on for the next member of the group.

use super::{
    installs, jobs, people,
    present::{Kept, Place, Present},
    records::{self, RecordRow},
    views,
};
use crate::{
    db::{Arg, Tx},
    error::StoreError,
    fields,
    files::is_large,
    rows::{self, CustomerDocument, EVENT_COLUMNS},
    tickets,
};
use guichet_core::{
    changeset::{
        Answered, ChangeSet, Check, Committed, CursorWrite, MemberWrite, Park, RecordKey, Rejoin,
    },
    customer::Customer,
    delivery::{Delivery, DeliveryWrite},
    directory::CustomerGroup,
    event::{Event, Lane},
    id::{CustomerId, FileId, InstallId, TenantId, TicketId},
    index::IndexChange,
    install::{Install, InstallState},
    job::JobWrite,
    ticket::Ticket,
    value::{Change, Value},
    view::ViewWrite,
};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What a group writes for one tenant. One row a thing: the last of a group wins, as it was built on those before.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) events: Vec<Vec<Arg>>,
    tickets: HashMap<TicketId, Ticket>,
    messages: Vec<Vec<Arg>>,
    deliveries: Vec<DeliveryWrite>,
    customers: HashMap<CustomerId, Customer>,
    records: HashMap<RecordKey, RecordRow>,
    /// What changes about by what they are found, in the order of happening.
    found_by: Vec<(RecordKey, IndexChange)>,
    /// By how much installs' records grow.
    record_bytes: HashMap<InstallId, i64>,
    files: Vec<Vec<Arg>>,
    dropped_files: Vec<FileId>,
    /// By messages on tickets.
    named_files: Vec<(FileId, TicketId)>,
    agents: Vec<Vec<Arg>>,
    groups: Vec<Vec<Arg>>,
    members: Vec<MemberWrite>,
    customer_groups: Vec<CustomerGroup>,
    jobs: Vec<JobWrite>,
    answered: Vec<Answered>,
    erased: Vec<TicketId>,
    participants: HashSet<TicketId>,
    /// Tickets whose plugins' fields changed, with those that are indexed.
    fields: HashMap<TicketId, BTreeSet<String>>,
    tags: HashSet<TicketId>,
    installs: HashMap<InstallId, Install>,
    views: Vec<ViewWrite>,
    secrets: Vec<(InstallId, String, Option<Vec<u8>>)>,
    /// Collections, and by which JSON Pointers their records are found.
    record_indexes: Vec<(InstallId, String, Vec<String>)>,
    copies: Vec<(InstallId, String, String)>,
    forgotten: Vec<InstallId>,
    parks: Vec<(InstallId, Lane, Park)>,
    /// Installs' own cursors as they are to be; none where they go.
    cursors: HashMap<InstallId, Option<Place>>,
    /// Installs whose parked deliveries are of no interest any more.
    unparked: Vec<InstallId>,
    /// Installs that keep step again, and from which event on.
    rejoined: Vec<(InstallId, u64)>,
}

impl Present {
    /// Accepts a change-set that was checked.
    pub(super) fn take(
        &mut self,
        changes: &ChangeSet,
        rows: &mut Rows,
    ) -> Result<Committed, StoreError> {
        let tenant = changes.tenant;
        self.changed |=
            !changes.events.is_empty() || changes.done.is_some() || !changes.passed.is_empty();
        let mut numbers = Vec::new();
        for write in &changes.tickets {
            let mut ticket = write.ticket.clone();
            // What rests in the suspended queue has no number, and gets one when it is recovered.
            if ticket.number.is_none() && ticket.requester != CustomerId::NOBODY {
                self.number += 1;
                ticket.number = Some(self.number);
                numbers.push((ticket.id, self.number));
            }
            self.tickets.insert(ticket.id, ticket.version);
            if write.fields_changed {
                rows.fields.insert(ticket.id, changes.indexed.clone());
            }
            if write.tags_changed {
                rows.tags.insert(ticket.id);
            }
            if write.participants_changed {
                rows.participants.insert(ticket.id);
            }
            rows.tickets.insert(ticket.id, ticket);
        }
        let first = self.sequence + 1;
        let mut events = Vec::with_capacity(changes.events.len());
        let mut places = HashMap::new();
        for draft in &changes.events {
            self.sequence += 1;
            let mut draft = draft.clone();
            if let (Some(ticket), "ticket.created") = (draft.ticket, draft.kind.as_str())
                && let Some((_, number)) = numbers.iter().find(|(id, _)| *id == ticket)
            {
                draft.changes.push(Change {
                    name: "number".to_owned(),
                    old: Value::None,
                    new: Value::Integer(number.cast_signed()),
                });
            }
            if let Some(message) = draft.data.get("message").and_then(|id| id.as_str()) {
                places.insert(message.to_owned(), self.sequence);
            }
            let event = Event {
                sequence: self.sequence,
                draft,
            };
            rows.events.push(rows::event_args(tenant, &event)?);
            events.push(event);
        }
        for message in &changes.messages {
            let place = places
                .get(&message.draft.id.to_string())
                .copied()
                .unwrap_or(self.sequence);
            for file in crate::due::files_of(message) {
                rows.named_files.push((file, message.ticket));
            }
            rows.messages
                .push(rows::message_args(tenant, message, place)?);
        }
        for write in &changes.deliveries {
            let delivery = write.delivery.as_ref();
            let file = delivery.and_then(|delivery| Some((delivery.file?, write.ticket)));
            rows.named_files.extend(file);
            self.deliveries
                .insert(write.message, delivery.map(Delivery::mark));
        }
        rows.deliveries.extend(changes.deliveries.iter().cloned());
        self.take_others(changes, rows, first)?;
        self.take_done(changes, rows);
        Ok(Committed { events, numbers })
    }

    fn take_others(
        &mut self,
        changes: &ChangeSet,
        rows: &mut Rows,
        first_sequence: u64,
    ) -> Result<(), StoreError> {
        let tenant = || Arg::bytes(changes.tenant.0);
        for check in &changes.checks {
            if let Check::IdentityIsFree(name) = check {
                self.identities.insert(name.clone());
            }
        }
        for write in &changes.customers {
            self.customers
                .insert(write.customer.id, write.customer.version);
            rows.customers
                .insert(write.customer.id, write.customer.clone());
        }
        for write in &changes.records {
            let version = write.expected + 1;
            let body_bytes = write.body.as_ref().map(|body| body.len() as u64);
            let bytes = body_bytes.map_or(0, |bytes| write.key.bytes_with(bytes));
            let kept = Kept { version, bytes };
            let before = self.records.insert(write.key.clone(), kept);
            let grown = bytes.cast_signed() - before.unwrap_or_default().bytes.cast_signed();
            *rows.record_bytes.entry(write.key.install).or_default() += grown;
            rows.found_by
                .push((write.key.clone(), write.found_by.clone()));
            rows.records
                .insert(write.key.clone(), (version, write.body.clone(), write.at));
        }
        for file in &changes.files {
            let size = u64::try_from(file.content.len()).unwrap_or(u64::MAX);
            rows.files.push(vec![
                tenant(),
                Arg::bytes(file.id.0),
                Arg::Bytes(file.install.map(|install| install.0.as_bytes().to_vec())),
                Arg::text(&file.name),
                Arg::text(&file.media_type),
                Arg::Int(Some(file.at.0)),
                Arg::int(size),
                Arg::Bytes((!is_large(file)).then(|| file.content.to_vec())),
            ]);
        }
        for agent in &changes.agents {
            rows.agents.push(vec![
                tenant(),
                Arg::bytes(agent.id.0),
                Arg::text(&agent.name),
                Arg::text(&agent.email),
                Arg::text(agent.role.name()),
                Arg::text(agent.elsewhere.name()),
                Arg::Int(Some(agent.active.into())),
                Arg::Text(agent.password_hash.clone()),
            ]);
        }
        rows.groups.extend(
            changes
                .groups
                .iter()
                .map(|group| vec![tenant(), Arg::bytes(group.id.0), Arg::text(&group.name)]),
        );
        rows.members.extend(changes.members.iter().cloned());
        rows.customer_groups
            .extend(changes.customer_groups.iter().cloned());
        self.people_changed |= !(changes.agents.is_empty()
            && changes.groups.is_empty()
            && changes.members.is_empty()
            && changes.customer_groups.is_empty());
        for write in &changes.jobs {
            if let JobWrite::Settle { id, .. } = write {
                self.attempts.remove(id);
            }
        }
        rows.jobs.extend(changes.jobs.iter().cloned());
        for write in &changes.installs {
            let mut install = write.install.clone();
            if write.starts_here {
                install.from_sequence = first_sequence;
            }
            self.installs.insert(
                install.id,
                (install.epoch, install.state == InstallState::Enabled),
            );
            rows.secrets.extend(
                write
                    .secrets
                    .iter()
                    .map(|(name, sealed)| (install.id, name.clone(), sealed.clone())),
            );
            let indexes = write.indexes.iter().cloned();
            rows.record_indexes
                .extend(indexes.map(|(collection, pointers)| (install.id, collection, pointers)));
            let copies = write.copies.iter().cloned();
            rows.copies
                .extend(copies.map(|(from, to)| (install.id, from, to)));
            if write.forgets {
                rows.forgotten.push(install.id);
            }
            self.take_cursor(&install, write.cursor, rows);
            rows.installs.insert(install.id, install);
        }
        for ticket in &changes.erased {
            self.tickets.remove(ticket);
            rows.tickets.remove(ticket);
            rows.erased.push(*ticket);
        }
        rows.dropped_files.extend(&changes.dropped_files);
        rows.views.extend(changes.views.iter().cloned());
        rows.answered.extend(changes.answered.iter().cloned());
        for park in &changes.parks {
            match &park.what {
                Park::At {
                    sequence, attempts, ..
                } => drop(
                    self.parked
                        .insert((park.install, park.lane), (*sequence, *attempts)),
                ),
                Park::Release => drop(self.parked.remove(&(park.install, park.lane))),
                Park::Dead { .. } | Park::Replayed { .. } => {}
            }
            rows.parks
                .push((park.install, park.lane, park.what.clone()));
        }
        Ok(())
    }

    fn take_done(&mut self, changes: &ChangeSet, rows: &mut Rows) {
        let done = changes.done.as_ref().map(|done| done.sequence);
        let done = changes.passed.iter().copied().chain(done);
        match changes.cursor {
            None => self.place.take(done),
            Some(install) => {
                if let Some(own) = self.own.get_mut(&install) {
                    own.take(done);
                    rows.cursors.insert(install, Some(own.clone()));
                }
            }
        }
        if let Some(Rejoin { install, .. }) = changes.rejoins
            && let Some(own) = self.own.remove(&install)
        {
            rows.cursors.insert(install, None);
            rows.rejoined.push((install, own.low + 1));
            self.installs
                .entry(install)
                .and_modify(|(epoch, _)| *epoch += 1);
        }
    }

    /// What becomes of an install's own cursor.
    fn take_cursor(&mut self, install: &Install, cursor: CursorWrite, rows: &mut Rows) {
        if matches!(cursor, CursorWrite::Begins { .. } | CursorWrite::Goes) {
            self.parked.retain(|(parked, _), _| *parked != install.id);
            rows.unparked.push(install.id);
        }
        let place = match cursor {
            CursorWrite::Stays => return,
            CursorWrite::Leaves => Some(match self.own.get(&install.id) {
                Some(own) => own.clone(),
                // What came before its first event it has seen elsewhere, or is not to see.
                None => self.place.from(install.from_sequence),
            }),
            CursorWrite::Begins { after } => Some(Place {
                low: after,
                done: BTreeSet::new(),
            }),
            CursorWrite::Goes => None,
        };
        match &place {
            Some(place) => drop(self.own.insert(install.id, place.clone())),
            None => drop(self.own.remove(&install.id)),
        }
        rows.cursors.insert(install.id, place);
    }
}

impl Rows {
    /// A statement or two a kind.
    pub(super) async fn write(self, tx: &mut Tx, tenant: TenantId) -> Result<(), StoreError> {
        let id = || Arg::bytes(tenant.0);
        // Before the events of this commit, which tell of it.
        for ticket in self.erased {
            crate::due::erase(tx, tenant, ticket).await?;
        }
        tx.insert_many(
            &format!("insert into events (tenant_id, {EVENT_COLUMNS})"),
            self.events,
            "",
        )
        .await?;
        fields::write(tx, tenant, &self.fields, &self.tickets).await?;
        fields::write_tags(tx, tenant, &self.tags, &self.tickets).await?;
        people::write_participants(tx, tenant, &self.participants, &self.tickets).await?;
        tickets::write(tx, tenant, self.tickets.values()).await?;
        let columns = "tenant_id, id, ticket_id, place, at, author_kind, author_id, visibility, text, html, attachments, fields";
        tx.insert_many(
            &format!("insert into messages ({columns})"),
            self.messages,
            // What was suspended is said again, by somebody known, perhaps on another ticket.
            "on conflict (tenant_id, id) do update set ticket_id = excluded.ticket_id, place = excluded.place, author_kind = excluded.author_kind, \
             author_id = excluded.author_id, visibility = excluded.visibility, fields = excluded.fields",
        )
        .await?;
        tx.insert_many(
            "insert into files (tenant_id, id, install_id, name, media_type, at, size, content)",
            self.files,
            "",
        )
        .await?;
        for (file, ticket) in self.named_files {
            let args = vec![id(), Arg::bytes(file.0), Arg::bytes(ticket.0)];
            // What moves out of the queue takes its files along; anything else stays where it was named first.
            let sql = "update files set ticket_id = $3 where tenant_id = $1 and id = $2 and (ticket_id is null or ticket_id in \
                 (select id from tickets where tenant_id = $1 and id = files.ticket_id and state = 'deleted'))";
            tx.execute(sql, args).await?;
        }
        for file in self.dropped_files {
            let args = vec![id(), Arg::bytes(file.0)];
            let sql = "delete from files where tenant_id = $1 and id = $2 and ticket_id is null";
            tx.execute(sql, args).await?;
        }
        for write in self.deliveries {
            let delivery = match &write.delivery {
                Some(delivery) => rows::json(delivery)?,
                None => Arg::Text(None),
            };
            let args = vec![id(), Arg::bytes(write.message.0), delivery];
            let sql = "update messages set delivery = $3 where tenant_id = $1 and id = $2";
            tx.execute(sql, args).await?;
        }
        let (mut customers, mut identities) = (Vec::new(), Vec::new());
        for customer in self.customers.into_values() {
            let document = CustomerDocument {
                groups: customer.groups,
                locale: customer.locale,
                fields: customer.fields,
            };
            customers.push(vec![
                id(),
                Arg::bytes(customer.id.0),
                Arg::int(customer.version),
                Arg::text(customer.name),
                rows::json(&document)?,
            ]);
            identities.extend(customer.identities.into_iter().map(|identity| {
                vec![
                    id(),
                    Arg::text(identity.name),
                    Arg::bytes(customer.id.0),
                    Arg::Int(Some(identity.verified.into())),
                ]
            }));
        }
        let update = "on conflict (tenant_id, id) do update set version = excluded.version, name = excluded.name, document = excluded.document";
        tx.insert_many(
            "insert into customers (tenant_id, id, version, name, document)",
            customers,
            update,
        )
        .await?;
        let update = "on conflict (tenant_id, name) do update set verified = excluded.verified";
        tx.insert_many(
            "insert into identities (tenant_id, name, customer_id, verified)",
            identities,
            update,
        )
        .await?;
        records::write(tx, tenant, self.records).await?;
        records::write_entries(tx, tenant, self.found_by).await?;
        people::write_people(tx, self.agents, self.groups).await?;
        people::write_members(tx, tenant, self.members).await?;
        people::write_customer_groups(tx, tenant, self.customer_groups).await?;
        jobs::write(tx, tenant, self.jobs).await?;
        people::write_answered(tx, tenant, self.answered).await?;
        views::write(tx, tenant, self.views).await?;
        installs::write(tx, tenant, self.installs).await?;
        records::write_bytes(tx, tenant, self.record_bytes).await?;
        installs::write_secrets(tx, tenant, self.secrets).await?;
        records::write_indexes(tx, tenant, self.record_indexes).await?;
        records::copy(tx, tenant, self.copies).await?;
        installs::unpark(tx, tenant, self.unparked).await?;
        installs::write_parks(tx, tenant, self.parks).await?;
        installs::write_cursors(tx, tenant, self.cursors).await?;
        installs::rejoin(tx, tenant, self.rejoined).await?;
        installs::forget(tx, tenant, self.forgotten).await
    }
}
