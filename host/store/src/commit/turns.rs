//! Whose turn it is at the writer: tenants one after the other, and within each, people and programs as often as effects of events and jobs. Whoever brings
//! much waits for himself, not his neighbours for him.

use guichet_core::{
    changeset::{ChangeSet, Check},
    id::TenantId,
};
use std::collections::{HashMap, VecDeque};

/// Where a change-set comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Source {
    /// Requests: somebody waits for the answer.
    Requests,
    /// Dispatch and jobs.
    Effects,
}

impl Source {
    pub(super) fn of(changes: &ChangeSet) -> Self {
        let is_of_job = |check: &Check| matches!(check, Check::Attempt(..) | Check::Parked(..));
        let is_effect = changes.done.is_some()
            || !changes.passed.is_empty()
            || !changes.parks.is_empty()
            || changes.checks.iter().any(is_of_job);
        match is_effect {
            true => Self::Effects,
            false => Self::Requests,
        }
    }
}

/// What waits for the writer.
pub(super) struct Turns<T> {
    /// Tenants that have something here, the next one first. Each stands here once.
    order: VecDeque<TenantId>,
    waiting: HashMap<TenantId, OfTenant<T>>,
    count: usize,
}

struct OfTenant<T> {
    requests: VecDeque<T>,
    effects: VecDeque<T>,
    next: Source,
}

impl<T> Default for Turns<T> {
    fn default() -> Self {
        Self {
            order: VecDeque::new(),
            waiting: HashMap::new(),
            count: 0,
        }
    }
}

impl<T> OfTenant<T> {
    const EMPTY: Self = Self {
        requests: VecDeque::new(),
        effects: VecDeque::new(),
        next: Source::Requests,
    };

    fn queue(&mut self, source: Source) -> &mut VecDeque<T> {
        match source {
            Source::Requests => &mut self.requests,
            Source::Effects => &mut self.effects,
        }
    }

    /// Of both in turns; of one alone where the other has nothing.
    fn pop(&mut self) -> Option<T> {
        let (next, after) = match self.next {
            Source::Requests => (Source::Requests, Source::Effects),
            Source::Effects => (Source::Effects, Source::Requests),
        };
        self.next = after;
        self.queue(next)
            .pop_front()
            .or_else(|| self.queue(after).pop_front())
    }

    fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.effects.is_empty()
    }
}

impl<T> Turns<T> {
    pub(super) fn push(&mut self, tenant: TenantId, source: Source, one: T) {
        let of_tenant = self.waiting.entry(tenant).or_insert_with(|| {
            self.order.push_back(tenant);
            OfTenant::EMPTY
        });
        of_tenant.queue(source).push_back(one);
        self.count += 1;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The next ones, at most so many.
    pub(super) fn take(&mut self, most: usize) -> Vec<T> {
        let mut taken = Vec::with_capacity(most.min(self.count));
        while taken.len() < most
            && let Some(tenant) = self.order.pop_front()
        {
            let Some(of_tenant) = self.waiting.get_mut(&tenant) else {
                continue;
            };
            taken.extend(of_tenant.pop());
            if of_tenant.is_empty() {
                self.waiting.remove(&tenant);
            } else {
                self.order.push_back(tenant);
            }
        }
        self.count -= taken.len();
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn tenant(number: u128) -> TenantId {
        TenantId(Uuid::from_u128(number))
    }

    #[test]
    fn a_tenant_with_one_change_waits_for_one_change_of_each_other() {
        let mut turns = Turns::default();
        for number in 0..1_000 {
            turns.push(tenant(1), Source::Requests, number);
        }
        turns.push(tenant(2), Source::Requests, 7_000);
        assert_eq!(turns.take(3), [0, 7_000, 1]);
    }

    #[test]
    fn requests_and_effects_have_half_each_and_all_where_the_other_has_nothing() {
        let mut turns = Turns::default();
        for number in 0..4 {
            turns.push(tenant(1), Source::Effects, format!("effect {number}"));
        }
        turns.push(tenant(1), Source::Requests, "request 0".to_owned());
        turns.push(tenant(1), Source::Requests, "request 1".to_owned());
        let wanted = [
            "request 0",
            "effect 0",
            "request 1",
            "effect 1",
            "effect 2",
            "effect 3",
        ];
        assert_eq!(turns.take(10), wanted);
        assert!(turns.is_empty());
    }

    #[test]
    fn each_source_of_a_tenant_keeps_its_order_and_nothing_is_lost_from_one_group_to_the_next() {
        let mut turns = Turns::default();
        for number in 0..50 {
            turns.push(tenant(number % 7), Source::Requests, number);
        }
        let mut taken = Vec::new();
        while !turns.is_empty() {
            taken.extend(turns.take(4));
        }
        for of in 0..7 {
            let own: Vec<_> = taken.iter().filter(|number| *number % 7 == of).collect();
            assert!(own.is_sorted(), "{own:?}");
        }
        taken.sort_unstable();
        assert_eq!(taken, (0..50).collect::<Vec<u128>>());
    }
}
