//! Which policy a ticket is under.
//!
//! A policy is for a ticket where each of its lists is empty or names what the ticket has. Among those that are, the one whose entry stands deepest in the
//! catalog wins, so that the nearest ancestor decides; among equals, the one that comes first in their order.

use crate::policy::Policy;
use std::cmp::Reverse;

/// What policies look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Ids of the requester's customer groups.
    pub groups_of_customer: Vec<String>,
    /// Ids of catalog entries, from the root to the ticket's own.
    pub path: Vec<String>,
    pub class: String,
    pub kind: String,
    pub channel: String,
    /// The id of the agents' group; empty where there is none.
    pub group: String,
    /// 1 is the highest.
    pub priority: u8,
}

/// The policy that a ticket is under, by its id.
pub fn choose<'a>(
    policies: impl IntoIterator<Item = (&'a str, &'a Policy)>,
    asked: &Asked,
) -> Option<&'a str> {
    let fitting = policies
        .into_iter()
        .filter_map(|(id, policy)| Some((Reverse(depth(policy, asked)?), policy.order, id)));
    fitting.min().map(|(_, _, id)| id)
}

/// How deep in the catalog the policy's entry stands: nothing where the policy is not for the ticket, zero where it is for any entry.
fn depth(policy: &Policy, asked: &Asked) -> Option<usize> {
    let one_of =
        |list: &[String], one: &str| list.is_empty() || list.iter().any(|item| item == one);
    let is_for = policy.enabled
        && one_of(&policy.classes, &asked.class)
        && one_of(&policy.kinds, &asked.kind)
        && one_of(&policy.channels, &asked.channel)
        && one_of(&policy.groups, &asked.group)
        && (policy.priorities.is_empty() || policy.priorities.contains(&asked.priority))
        && (policy.who.is_empty()
            || (asked.groups_of_customer.iter()).any(|group| policy.who.contains(group)));
    if !is_for {
        return None;
    }
    match policy.what.is_empty() {
        true => Some(0),
        false => (asked.path.iter())
            .rposition(|entry| policy.what.contains(entry))
            .map(|index| index + 1),
    }
}

#[cfg(test)]
mod tests;
