//! Questions about tickets: what the install was granted and, where it answers a person, what that viewer may see and ask for. Committed data only,
//! and never more of the database's time than the call has left.

use super::{Sight, View, host};
use crate::{
    lane::eyes,
    limits,
    plugins::{expressions::ticket_fields, manifest},
};
use guichet_core::{
    actor::{Actor, Principal},
    refusal::Refusal,
    value::Value,
};
use guichet_expression::{Environment, Expression, ExpressionError, Mistake, Name, Row};
use guichet_runtime::{Fault, TicketAggregate, TicketQuery, TicketRows};
use guichet_store::{Eyes, Group, Measure, Selection, SortKey, StoreError, Unit};
use std::time::{Duration, Instant};

fn refused(what: &str, error: &ExpressionError) -> Fault {
    Refusal::Invalid(format!("{what}: {error}")).into()
}

fn unknown(what: &str, mistake: &Mistake) -> Fault {
    Refusal::Invalid(format!("{what}: {mistake}")).into()
}

impl View {
    pub(super) async fn page(&mut self, query: TicketQuery) -> Result<TicketRows, Fault> {
        if query.columns.len() > limits::COLUMNS_MAX {
            return Err(Refusal::Limit(format!(
                "a query has {} columns at most",
                limits::COLUMNS_MAX
            ))
            .into());
        }
        let environment = self.environment().await?;
        let columns = query
            .columns
            .iter()
            .map(|name| environment.column(name))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|mistake| unknown("columns", &mistake))?;
        let sort = query
            .sort
            .iter()
            .map(|key| sort_key(&environment, key))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|mistake| unknown("sort", &mistake))?;
        let selection = self.selection(&environment, &query.filter)?;
        let (store, began) = (self.store.clone(), Instant::now());
        let page = store
            .find_tickets(&selection, &sort, query.cursor.as_deref(), query.limit)
            .await;
        let page = self.taken(began, page)?;
        let cells = |ticket| {
            columns
                .iter()
                .map(|name| Row::value(ticket, name))
                .collect()
        };
        Ok(TicketRows {
            rows: page.tickets.iter().map(cells).collect(),
            next: page.next,
        })
    }

    pub(super) async fn count(&mut self, filter: String) -> Result<u64, Fault> {
        let environment = self.environment().await?;
        let selection = self.selection(&environment, &filter)?;
        let (store, began) = (self.store.clone(), Instant::now());
        let counted = store.count_tickets(&selection, u64::MAX).await;
        self.taken(began, counted)
    }

    pub(super) async fn aggregate(
        &mut self,
        wanted: TicketAggregate,
    ) -> Result<Vec<Vec<Value>>, Fault> {
        let environment = self.environment().await?;
        let groups = wanted
            .group_by
            .iter()
            .map(|group| named_group(&environment, group))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|mistake| unknown("group-by", &mistake))?;
        let measures = wanted
            .measures
            .iter()
            .map(|measure| named_measure(&environment, measure))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|mistake| unknown("measures", &mistake))?;
        let selection = self.selection(&environment, &wanted.filter)?;
        let (store, began) = (self.store.clone(), Instant::now());
        let rows = store
            .aggregate_tickets(&selection, &groups, &measures, wanted.limit)
            .await;
        self.taken(began, rows)
    }

    /// As whom it asks.
    fn asks_as(&self) -> Principal {
        match &self.sight {
            Sight::Plugin => Actor::plugin(self.install).into(),
            Sight::Viewer(Some(viewer)) => viewer.clone(),
            Sight::Viewer(None) => Actor::ANONYMOUS.into(),
        }
    }

    async fn environment(&self) -> Result<Environment, Fault> {
        let fields = match &self.installs {
            Some(installs) => ticket_fields(
                installs
                    .iter()
                    .map(|ready| (&ready.install, &ready.manifest)),
            ),
            // They changed just before the call began.
            None => {
                let installs = self.store.installs().await.map_err(host)?;
                let read = |install| manifest::of(install).ok().map(|read| (install, read));
                let read: Vec<_> = installs.iter().filter_map(read).collect();
                ticket_fields(read.iter().map(|(install, manifest)| (*install, manifest)))
            }
        };
        Ok(eyes::environment(&self.asks_as(), fields))
    }

    fn selection(&self, environment: &Environment, filter: &str) -> Result<Selection, Fault> {
        let left = self.time_left()?;
        let (principal, now) = (self.asks_as(), self.stamp.at);
        let eyes: Eyes = eyes::of(&principal, self.overlay.directory(), now);
        let bindings = eyes::bindings(&principal, now);
        let mut selection = Selection::all(eyes, bindings, left);
        selection.zone.clone_from(&self.zone);
        if !filter.trim().is_empty() {
            let parsed = Expression::parse(filter, environment);
            selection.filter = Some(parsed.map_err(|error| refused("filter", &error))?);
        }
        Ok(selection)
    }

    /// How long the database may still work for this call.
    pub(super) fn time_left(&self) -> Result<Duration, Fault> {
        if self.database_time.is_zero() {
            return Err(Refusal::Limit(
                "the database has worked on questions of this call for as long as it may"
                    .to_owned(),
            )
            .into());
        }
        Ok(self.database_time)
    }

    /// What was answered, once the time that it took is taken off.
    pub(super) fn taken<T>(
        &mut self,
        began: Instant,
        answer: Result<T, StoreError>,
    ) -> Result<T, Fault> {
        self.database_time = self.database_time.saturating_sub(began.elapsed());
        answer.map_err(host)
    }
}

/// A field to sort by, as it is written: `-created_at` is newest first.
pub fn sort_key(environment: &Environment, text: &str) -> Result<SortKey, Mistake> {
    let (name, descending) = match text.strip_prefix('-') {
        Some(name) => (name, true),
        None => (text, false),
    };
    Ok(SortKey {
        name: environment.name(name)?,
        descending,
    })
}

/// What tickets are grouped by, as it is written: `state`, `day:created-at`.
fn named_group(environment: &Environment, text: &str) -> Result<Group, Mistake> {
    match text.split_once(':') {
        None => environment.name(text).map(Group::Value),
        Some((unit, name)) => match Unit::parse(unit) {
            Some(unit) => Ok(Group::Time(unit, environment.name(name)?)),
            None => Err(Mistake::Unsupported(format!(
                "`{unit}:` is none of hour:, day:, week:, month:"
            ))),
        },
    }
}

/// A measure, as it is written: `count`, `sum:reopen-count`.
fn named_measure(environment: &Environment, text: &str) -> Result<Measure, Mistake> {
    let of: fn(Name) -> Measure = match text.split_once(':').map_or(text, |(measure, _)| measure) {
        "count" if text == "count" => return Ok(Measure::Count),
        "sum" => Measure::Sum,
        "avg" => Measure::Average,
        "min" => Measure::Least,
        "max" => Measure::Greatest,
        _ => {
            return Err(Mistake::Unsupported(format!(
                "`{text}` is none of count, sum:field, avg:field, min:field, max:field"
            )));
        }
    };
    let name = text.split_once(':').map_or("", |(_, name)| name);
    environment.name(name).map(of)
}
