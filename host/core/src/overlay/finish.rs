//! What an overlay comes to: how many effects, and the change-set.

use super::Overlay;
use crate::{
    changeset::{ChangeSet, Check, CustomerWrite, RecordWrite, TicketWrite},
    index::IndexChange,
    time::Timestamp,
};

impl Overlay {
    /// Effects so far: events made, records and files written and forgotten.
    pub fn effects(&self) -> usize {
        self.order.len()
            + self.customer_events.len()
            + self.other_events.len()
            + self.jobs.len()
            + self.records.values().filter(|state| state.touched).count()
            + (self.files.len() - self.lent.len())
            + self.deleted_files.len()
            + self.deliveries.len()
    }

    /// Ends it: all writes as one change-set, in order of happening, with the checks of what was only read.
    pub fn finish(mut self) -> ChangeSet {
        let mut changes = ChangeSet::new(self.tenant);
        // A customer comes before the tickets that name it.
        changes.events = std::mem::take(&mut self.customer_events);
        changes.events.extend(
            self.order
                .iter()
                .filter_map(|(id, index)| self.tickets.get(id)?.events().get(*index).cloned()),
        );
        changes.events.append(&mut self.other_events);
        for (id, work) in self.tickets {
            let expected = work.loaded_version;
            if work.is_changed() {
                let (ticket, events) = work.finish();
                let has_changed = |wanted: &dyn Fn(&str) -> bool| {
                    events
                        .iter()
                        .flat_map(|event| &event.changes)
                        .any(|change| wanted(&change.name))
                };
                changes.tickets.push(TicketWrite {
                    ticket,
                    expected,
                    fields_changed: has_changed(&|name| name.contains('/')),
                    tags_changed: has_changed(&|name| name == "tags"),
                    participants_changed: has_changed(&|name| name == "participants"),
                });
            } else {
                self.checks.insert(Check::Ticket(id, expected));
            }
        }
        changes.messages = self.messages;
        for (customer, loaded) in self.customers.into_values() {
            if customer.version != loaded {
                changes.customers.push(CustomerWrite {
                    customer,
                    expected: loaded,
                });
            } else {
                self.checks.insert(Check::Customer(customer.id, loaded));
            }
        }
        for (key, state) in self.records {
            if state.touched {
                let (body, at) = state.now.map_or((None, Timestamp(0)), |record| {
                    (Some(record.body), record.updated_at)
                });
                changes.records.push(RecordWrite {
                    key,
                    expected: state.loaded,
                    body,
                    at,
                    found_by: IndexChange::between(&state.before, &state.after),
                });
            } else {
                self.checks.insert(Check::Record(key, state.loaded));
            }
        }
        changes.jobs = self.jobs;
        self.files.retain(|id, _| !self.lent.contains(id));
        changes.files = self.files.into_values().collect();
        changes.dropped_files = self.deleted_files.into_iter().collect();
        changes.deliveries = self.deliveries.into_values().collect();
        changes.checks = self.checks.into_iter().collect();
        changes
    }
}
