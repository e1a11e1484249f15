//! @title@: a ticket without a tag is not solved.

use guichet_sdk::{Change, Error, Guard, Proposal, Value, Verdict, tickets_read};

/// Whether the change would solve the ticket.
fn solves(changes: &[Change]) -> bool {
    changes.iter().any(|change| {
        change.name == "state" && matches!(&change.new, Value::Text(state) if state == "solved")
    })
}

struct Plugin;

impl Guard for Plugin {
    fn check(proposal: Proposal) -> Result<Verdict, Error> {
        let Some(id) = proposal.ticket.filter(|_| solves(&proposal.changes)) else {
            return Ok(Verdict::Allow);
        };
        // The ticket as it would be.
        let ticket = tickets_read::get(&id)?;
        Ok(match ticket.tags().is_empty() {
            true => Verdict::Refuse("give the ticket a tag before you solve it".to_owned()),
            false => Verdict::Allow,
        })
    }
}

guichet_sdk::export_guard!(Plugin);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leads_to_solved_solves() {
        let to = |name: &str, new: &str| Change {
            name: name.to_owned(),
            old: Value::Text("open".to_owned()),
            new: Value::Text(new.to_owned()),
        };
        assert!(solves(&[to("priority", "1"), to("state", "solved")]));
        assert!(!solves(&[to("state", "pending")]));
        assert!(!solves(&[to("subject", "solved")]));
    }
}
