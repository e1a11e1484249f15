//! Counting, done by the host: groups and measures of the tickets that a filter lets through, as far as the viewer may see them.

use crate::{
    filter::Filter,
    table::{counted, instant},
};
use guichet_sdk::{Error, Value, tickets_read};
use jiff::Timestamp;

/// Groups that one question answers at most.
const GROUPS_MAX: u32 = 1_000;

/// What is measured of a group.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Measured {
    pub(crate) count: u64,
    /// Means and the earliest, of what was asked for.
    pub(crate) instants: Vec<Option<Timestamp>>,
}

/// All that a filter lets through, as one group.
pub(crate) fn total(filter: &Filter, instants: &[&str]) -> Result<Measured, Error> {
    let rows = ask(filter, &[], instants)?;
    Ok(rows
        .first()
        .map_or(measured(&[]), |row| measured(row.as_slice())))
}

/// How many.
pub(crate) fn count(filter: &Filter) -> Result<u64, Error> {
    tickets_read::count(filter.text())
}

/// By the values of something, in no order.
pub(crate) fn by(
    filter: &Filter,
    group: &str,
    instants: &[&str],
) -> Result<Vec<(Value, Measured)>, Error> {
    let rows = ask(filter, &[group.to_owned()], instants)?;
    Ok(rows
        .into_iter()
        .filter_map(|mut row| {
            let rest = row.split_off(1.min(row.len()));
            Some((row.pop()?, measured(&rest)))
        })
        .collect())
}

fn ask(filter: &Filter, groups: &[String], instants: &[&str]) -> Result<Vec<Vec<Value>>, Error> {
    let measures = std::iter::once("count").chain(instants.iter().copied());
    let measures: Vec<_> = measures.map(str::to_owned).collect();
    tickets_read::aggregate(filter.text(), groups, &measures, GROUPS_MAX)
}

fn measured(cells: &[Value]) -> Measured {
    Measured {
        count: counted(cells.first()),
        instants: cells
            .iter()
            .skip(1)
            .map(|cell| instant(Some(cell)))
            .collect(),
    }
}

impl Measured {
    /// An instant that was measured, by its place.
    pub(crate) fn instant(&self, place: usize) -> Option<Timestamp> {
        self.instants.get(place).copied().flatten()
    }
}
