//! What a policy comes to for a ticket: terms for each of its clocks, and for what each pauses.

use crate::{
    kind::Kind,
    policy::{EVERY_WAIT, Policy, label},
};
use guichet_calendar::{Calendar, Terms};
use std::collections::BTreeMap;

/// A version of a policy, for a priority.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub id: String,
    pub version: u32,
    pub priority: u8,
    pub clocks: BTreeMap<Kind, Planned>,
}

/// One clock of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    pub terms: Terms,
    /// Pending reasons, as [`reason`] writes them.
    pauses: Vec<String>,
    /// It pauses for any.
    always_pauses: bool,
}

impl Plan {
    /// The policy's clocks for a priority. `calendar` is the one that it names, `named` that calendar's label.
    pub fn of(id: &str, policy: &Policy, priority: u8, named: &str, calendar: &Calendar) -> Self {
        let version = policy.version;
        let planned = policy.targets.iter().filter_map(|target| {
            let within = target.within(priority, calendar)?;
            let terms = Terms::new(label(id, version), named, within);
            let planned = Planned {
                terms: terms.with_thresholds(target.marks()),
                pauses: target.pauses.iter().map(|text| reason(text)).collect(),
                // Agents cannot work on what waits, whatever the policy says.
                always_pauses: target.clock == Kind::Work
                    || target.pauses.iter().any(|text| text.trim() == EVERY_WAIT),
            };
            Some((target.clock, planned))
        });
        Self {
            id: id.to_owned(),
            version,
            priority,
            clocks: planned.collect(),
        }
    }
}

impl Planned {
    /// Whether it pauses for that reason.
    pub fn pauses_for(&self, waiting: &str) -> bool {
        self.always_pauses || self.pauses.iter().any(|known| same(known, waiting))
    }
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// A pending reason as clocks keep it: in one line, no longer than they take.
pub fn reason(text: &str) -> String {
    let mut plain: String = text
        .trim()
        .chars()
        .map(|one| if one.is_control() { ' ' } else { one })
        .collect();
    let most = crate::limits::REASON_BYTES_MAX;
    while plain.len() > most {
        plain.pop();
    }
    match plain.is_empty() {
        true => "?".to_owned(),
        false => plain,
    }
}

#[cfg(test)]
mod tests;
