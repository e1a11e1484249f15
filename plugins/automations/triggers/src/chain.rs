//! A rule at most once per chain of events on a ticket.
//!
//! The host does not tell a plugin of its own effects, so a rule cannot wake itself. But what a rule does may wake another plugin, whose effect is told to us with the same root.
//! So it is remembered which rules a chain has woken on a ticket: in one record per ticket that is overwritten, for the last few chains. A record per chain and rule would be never
//! looked at again and never cleaned; a field on the ticket would be a change in everybody's history. It is read and written only where a rule matches.

use crate::limits::{CHAINS_PER_TICKET_MAX, RULES_PER_CHAIN_MAX};
use serde::{Deserialize, Serialize};

/// What is remembered of a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chains {
    /// The oldest first.
    chains: Vec<Chain>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Chain {
    /// Sequence of the event that began it.
    root: u64,
    /// Names of rules.
    rules: Vec<String>,
}

impl Chains {
    /// Whether the rule may still act in this chain.
    pub fn is_free(&self, root: u64, rule: &str) -> bool {
        let chain = self.chains.iter().find(|chain| chain.root == root);
        chain.is_none_or(|chain| {
            chain.rules.len() < RULES_PER_CHAIN_MAX && !chain.rules.iter().any(|name| name == rule)
        })
    }

    /// Remembers that the rule acted. The oldest chain is forgotten for a new one.
    pub fn note(&mut self, root: u64, rule: &str) {
        if !self.is_free(root, rule) {
            return;
        }
        let known = self.chains.iter_mut().find(|chain| chain.root == root);
        if let Some(chain) = known {
            chain.rules.push(rule.to_owned());
            return;
        }
        if self.chains.len() >= CHAINS_PER_TICKET_MAX {
            self.chains.remove(0);
        }
        self.chains.push(Chain {
            root,
            rules: vec![rule.to_owned()],
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_acts_once_in_a_chain_and_again_in_another() {
        let mut chains = Chains::default();
        assert!(chains.is_free(1, "vpn"));
        chains.note(1, "vpn");
        assert!(!chains.is_free(1, "vpn"));
        assert!(chains.is_free(1, "printer"));
        assert!(chains.is_free(2, "vpn"));
    }

    #[test]
    fn chains_that_cross_each_other_are_told_apart() {
        let mut chains = Chains::default();
        chains.note(1, "vpn");
        chains.note(2, "vpn");
        assert!(!chains.is_free(1, "vpn"));
        assert!(!chains.is_free(2, "vpn"));
    }

    #[test]
    fn eight_chains_are_remembered_and_the_ninth_takes_the_place_of_the_first() {
        let mut chains = Chains::default();
        for root in 0..=CHAINS_PER_TICKET_MAX as u64 {
            assert!(root == 0 || !chains.is_free(0, "vpn"));
            chains.note(root, "vpn");
        }
        assert!(chains.is_free(0, "vpn"));
        assert!(!chains.is_free(1, "vpn"));
        assert_eq!(chains.chains.len(), CHAINS_PER_TICKET_MAX);
    }

    #[test]
    fn a_hundred_rules_act_in_a_chain_and_then_no_more() {
        let mut chains = Chains::default();
        for rule in 0..RULES_PER_CHAIN_MAX {
            assert!(chains.is_free(1, &rule.to_string()));
            chains.note(1, &rule.to_string());
        }
        assert!(!chains.is_free(1, "one more"));
    }
}
