//! # Questions about tickets
//! - A **selection** says which tickets: whose eyes, which filter, at which moment.
//! - A **page** shows some of them in an order, a **count** how many there are, an **aggregate** what they have in groups.
//!
//! The rights of whoever asks are part of every statement: what he may not see is neither shown nor counted nor summed. Questions see what is committed,
//! are checked by nobody at a commit, and have a time after which the database stops working on them ([`StoreError::TooLong`]).

/// Text and parameters of a statement.
mod sql;

/// Where the value of a name is kept.
mod column;

/// From the typed tree to SQL.
mod condition;

/// What follows from a condition without looking at rows.
mod facts;

/// Where a page ended.
mod cursor;

/// Pages, in an order.
mod page;

/// Groups and measures.
mod aggregate;

/// Days, weeks and months of a time zone.
mod buckets;

/// By which indexes lists are answered.
#[cfg(test)]
mod plans;

pub(crate) use facts::is_open;
pub(crate) use sql::Condition;

pub use aggregate::{Group, Measure, Unit};
pub use page::{Page, SortKey};

use crate::{
    db::{Arg, Db, Row},
    error::StoreError,
    limits::{QUERY_CANDIDATES_MAX, SEARCH_CANDIDATES},
    list::{self, ListQuery, SeenBy},
    search,
    tenant::{Read, TenantStore},
};
use guichet_core::{
    id::{CustomerId, TicketId},
    ticket::state::State,
    time::Timestamp,
};
use guichet_expression::{Bindings, Expression};
use sql::Sql;
use std::time::{Duration, Instant};

/// Whose eyes a question is for.
#[derive(Debug, Clone)]
pub enum Eyes {
    /// The host's, a plugin's, a supervisor's.
    All,
    Agent(SeenBy),
    /// What he asked, and where he takes part at that time.
    Customer(CustomerId, Timestamp),
    Nobody,
}

/// Which tickets.
#[derive(Debug, Clone)]
pub struct Selection {
    pub eyes: Eyes,
    /// Absent: all. What is suspended or deleted is left out unless the filter names the state.
    pub filter: Option<Expression>,
    /// What the API's plain parameters ask beside the filter; `seen_by`, `before` and `limit` are not read.
    pub also: ListQuery,
    pub bindings: Bindings,
    /// In which days begin and end, by its IANA name; absent: the tenant's.
    pub zone: Option<String>,
    /// How long the database may work on it.
    pub within: Duration,
}

impl Selection {
    /// All tickets that these eyes see.
    pub fn all(eyes: Eyes, bindings: Bindings, within: Duration) -> Self {
        Self {
            eyes,
            filter: None,
            also: ListQuery::default(),
            bindings,
            zone: None,
            within,
        }
    }
}

/// A question on its way, with the time that is left of its own.
struct Asking<'a> {
    store: &'a TenantStore,
    selection: &'a Selection,
    end: Instant,
    /// Tickets with the words, where words are asked for.
    candidates: Option<Vec<TicketId>>,
}

impl TenantStore {
    /// How many tickets there are; no more than `most` are counted.
    ///
    /// # Errors
    /// [`StoreError::TooLong`], [`StoreError::Invalid`].
    pub async fn count_tickets(&self, selection: &Selection, most: u64) -> Read<u64> {
        let asking = Asking::begin(self, selection).await?;
        let mut sql = asking.sql();
        sql.push("select count(*) as found from (select 1 as one from tickets where ");
        asking.push_conditions(&mut sql)?;
        sql.push(" limit ");
        sql.value(Arg::int(most));
        sql.push(") as counted");
        let rows = asking.rows(sql).await?;
        rows.first().map_or(Ok(0), |row| row.count("found"))
    }
}

impl<'a> Asking<'a> {
    async fn begin(store: &'a TenantStore, selection: &'a Selection) -> Read<Self> {
        let mut asking = Self {
            store,
            selection,
            end: Instant::now() + selection.within,
            candidates: None,
        };
        let words = selection
            .filter
            .iter()
            .flat_map(|filter| filter.split_words().0)
            .chain(selection.also.text.as_deref());
        for words in words {
            let found = asking.with_words(words).await?;
            asking.candidates = Some(match asking.candidates {
                None => found,
                Some(earlier) => {
                    let found: std::collections::HashSet<_> = found.into_iter().collect();
                    earlier
                        .into_iter()
                        .filter(|id| found.contains(id))
                        .collect()
                }
            });
        }
        Ok(asking)
    }

    /// The newest tickets that have these words.
    async fn with_words(&self, words: &str) -> Read<Vec<TicketId>> {
        let wanted = search::tokens(words, 20);
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let left = self.end.saturating_duration_since(Instant::now());
        let index = &self.store.index;
        let found = index
            .find(self.store.id, &wanted, i64::MAX, QUERY_CANDIDATES_MAX, left)
            .await
            .map_err(|error| self.told(error))?;
        Ok(found.into_iter().map(|(_, id)| id).collect())
    }

    /// Whether it is cheaper to look up each ticket with the words than to go through all in their order.
    fn has_few_candidates(&self) -> bool {
        let few = SEARCH_CANDIDATES as usize;
        self.candidates.as_ref().is_some_and(|all| all.len() <= few)
    }

    fn is_postgres(&self) -> bool {
        matches!(self.store.db, Db::Postgres(..))
    }

    fn sql(&self) -> Sql {
        Sql::new(Arg::bytes(self.store.id.0), self.is_postgres())
    }

    async fn rows(&self, sql: Sql) -> Read<Vec<Row>> {
        let left = self.end.saturating_duration_since(Instant::now());
        self.store
            .db
            .rows_within(&sql.text, sql.args, left)
            .await
            .map_err(|error| self.told(error))
    }

    /// How long it may take is told of the whole question.
    fn told(&self, error: StoreError) -> StoreError {
        match error {
            StoreError::TooLong(_) => StoreError::TooLong(self.selection.within.as_millis()),
            error => error,
        }
    }

    /// Whose tickets, which of them: everything behind `where`.
    fn push_conditions(&self, sql: &mut Sql) -> Read<()> {
        let selection = self.selection;
        sql.push("tickets.tenant_id = $1");
        match &selection.eyes {
            Eyes::All => {}
            Eyes::Agent(seen_by) => {
                sql.push(" and ");
                sql.condition(list::seen_by(seen_by));
            }
            Eyes::Customer(id, at) => {
                sql.push(" and (tickets.requester = ");
                sql.value(Arg::bytes(id.0));
                sql.push(" or ");
                sql.condition(list::takes_part("customer", id.0, *at));
                sql.push(")");
            }
            Eyes::Nobody => sql.push(" and 1 = 0"),
        }
        for condition in list::asked(&selection.also) {
            sql.push(" and ");
            sql.condition(condition);
        }
        let mut possible = State::ALL.to_vec();
        if let Some(filter) = &selection.filter {
            let (_, conditions) = filter.split_words();
            for part in conditions {
                sql.push(" and ");
                condition::push(sql, part, true, &selection.bindings)?;
                let here = facts::possible_states(part);
                possible.retain(|state| here.contains(state));
            }
        }
        if let Some(state) = selection.also.state {
            possible.retain(|possible| *possible == state);
        }
        self.push_states(sql, &possible);
        if let Some(candidates) = &self.candidates {
            push_candidates(sql, candidates);
        }
        Ok(())
    }

    /// What follows of the states that are asked for, as indexes have it.
    fn push_states(&self, sql: &mut Sql, possible: &[State]) {
        let names_state = self.selection.also.state.is_some()
            || self
                .selection
                .filter
                .as_ref()
                .is_some_and(|filter| filter.names_ticket_field("state"));
        let open = possible.iter().filter(|state| is_open(**state)).count();
        if !possible.is_empty() && (open == 0 || open == possible.len()) {
            sql.push(" and tickets.is_open = ");
            sql.value(Arg::int((open > 0).into()));
        }
        if !names_state {
            sql.push(" and tickets.state not in (");
            sql.values([State::Suspended, State::Deleted].map(|state| Arg::text(state.name())));
            sql.push(")");
        }
    }
}

/// However many there are, they are one parameter: a JSON list of hexadecimal texts.
fn push_candidates(sql: &mut Sql, candidates: &[TicketId]) {
    let hex: Vec<_> = candidates
        .iter()
        .map(|id| id.0.simple().to_string())
        .collect();
    let list = serde_json::Value::from(hex).to_string();
    sql.push(" and tickets.id in (select ");
    if sql.is_postgres {
        sql.push("decode(value, 'hex') from jsonb_array_elements_text(cast(");
        sql.value(Arg::text(list));
        sql.push(" as jsonb)) as value)");
    } else {
        sql.push("unhex(value) from json_each(");
        sql.value(Arg::text(list));
        sql.push("))");
    }
}
