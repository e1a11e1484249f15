//! A policy as it is kept: for which tickets it is, by which calendar it measures, and what it promises.

/// What is wrong with one.
mod check;

use crate::{kind::Kind, limits::ID_BYTES_MAX, words::Name};
use guichet_calendar::{Calendar, Micros};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The id of the calendar that is open at every instant, and that there always is.
pub const ALWAYS: &str = "always";

/// Every wait, whatever its reason.
pub const EVERY_WAIT: &str = "*";

/// The key of the target for priorities that are not named.
pub const DEFAULT: &str = "default";

/// What a desk promises, to whom, for what. An empty list means all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    pub name: Name,
    #[serde(default = "yes")]
    pub enabled: bool,
    /// The least is looked at first.
    #[serde(default)]
    pub order: i64,
    /// From 1; each saving makes the next, and running clocks name the one that they are measured by.
    #[serde(default = "one")]
    pub version: u32,
    /// A calendar's id.
    #[serde(default = "always")]
    pub calendar: String,
    /// Customer groups' ids.
    #[serde(default)]
    pub who: Vec<String>,
    /// Catalog entries' ids.
    #[serde(default)]
    pub what: Vec<String>,
    /// SLA classes, as catalog entries have them.
    #[serde(default)]
    pub classes: Vec<String>,
    #[serde(default)]
    pub kinds: Vec<String>,
    #[serde(default)]
    pub channels: Vec<String>,
    /// Ids of groups of agents.
    #[serde(default)]
    pub groups: Vec<String>,
    /// 1 is the highest.
    #[serde(default)]
    pub priorities: Vec<u8>,
    pub targets: Vec<Target>,
}

/// How long a clock may take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub clock: Kind,
    /// Business time such as `4h`, by priority (`1` to `4`, or `default`). For a priority that has none, there is no clock.
    pub within: BTreeMap<String, String>,
    /// Percent of it at which a mark is told; 100 is always among them.
    #[serde(default = "thresholds")]
    pub thresholds: Vec<u16>,
    /// Pending reasons for which it pauses; `*` is every wait.
    #[serde(default)]
    pub pauses: Vec<String>,
}

fn yes() -> bool {
    true
}
fn one() -> u32 {
    1
}
fn always() -> String {
    ALWAYS.to_owned()
}
fn thresholds() -> Vec<u16> {
    vec![75, 100, 150]
}

impl Target {
    /// The business time for a priority; nothing where there is none, or it cannot be read by this calendar.
    pub fn within(&self, priority: u8, calendar: &Calendar) -> Option<Micros> {
        let text = self
            .within
            .get(&priority.to_string())
            .or_else(|| self.within.get(DEFAULT))?;
        calendar.parse_duration(text).ok().filter(|time| time.0 > 0)
    }

    /// In order, each once, with 100 among them.
    pub fn marks(&self) -> Vec<u16> {
        let mut marks = self.thresholds.clone();
        marks.push(100);
        marks.sort_unstable();
        marks.dedup();
        marks
    }
}

/// Whether it may be the id of a policy or a calendar: small letters, digits and dashes.
pub fn is_id(id: &str) -> bool {
    (1..=ID_BYTES_MAX).contains(&id.len())
        && id
            .bytes()
            .all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == b'-')
}

/// `gold@3`: what a clock calls a version of a policy or a calendar.
pub fn label(id: &str, version: u32) -> String {
    format!("{id}@{version}")
}

/// The id in a label.
pub fn id_of(label: &str) -> &str {
    label.rsplit_once('@').map_or(label, |(id, _)| id)
}

#[cfg(test)]
mod tests;
