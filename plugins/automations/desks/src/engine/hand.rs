//! A ticket is handed over by hand, with a reason: at any time, to a desk, a group or an agent.

use super::{Engine, Facts, Outcome};
use crate::{
    limits::REASON_CHARACTERS_MAX,
    refusal::Refused,
    ticket::{
        kept::{Handler, Kept},
        reason::Reason,
        seen::Seen,
    },
};
use serde::Deserialize;
use serde_json::json;

/// To whom, and why. An agent goes before a desk, and that before a group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HandOver {
    pub desk: String,
    pub group: String,
    pub agent: String,
    pub reason: String,
}

/// Why it was not handed over.
#[derive(Debug)]
pub enum NotHanded<E> {
    Refused(Refused),
    Facts(E),
}

impl<E> From<E> for NotHanded<E> {
    fn from(error: E) -> Self {
        Self::Facts(error)
    }
}

impl<F: Facts> Engine<'_, F> {
    /// Hands a ticket over.
    ///
    /// # Errors
    /// [`NotHanded::Refused`] without a reason, or where nobody is named.
    pub fn hand_over(
        &mut self,
        old: Option<&Kept>,
        seen: &Seen,
        wish: &HandOver,
    ) -> Result<Outcome, NotHanded<F::Error>> {
        let refused = |refused| Err(NotHanded::Refused(refused));
        let why = wish.reason.trim();
        if !(1..=REASON_CHARACTERS_MAX).contains(&why.chars().count()) {
            return refused(Refused::Reason);
        }
        let asked = self.facts.asked()?;
        let to_desk = match wish.desk.as_str() {
            "" => None,
            id => match self.desks.get(id) {
                Some((id, desk)) => Some((id.to_owned(), desk.group.clone())),
                None => return refused(Refused::NoDesk(id.to_owned())),
            },
        };
        let of_group = |group: &str| {
            let desk = self.desks.of_group(group, &asked);
            desk.map_or_else(String::new, |(id, _)| id.to_owned())
        };
        let (desk, group) = match (to_desk, wish.group.as_str()) {
            (Some(to), _) => to,
            (None, "") if wish.agent.is_empty() => return refused(Refused::Nobody),
            (None, "") => {
                let group = self.group_of(&wish.agent, &seen.group)?;
                (of_group(&group), group)
            }
            (None, group) => (of_group(group), group.to_owned()),
        };
        let mut out = Outcome {
            kept: old.cloned().unwrap_or_default(),
            freed: !seen.assignee.is_empty() && seen.assignee != wish.agent,
            ..Outcome::default()
        };
        let previous = previous(&out.kept, seen);
        let current = Handler {
            group: seen.group.clone(),
            agent: seen.assignee.clone(),
            ..out.kept.present(self.at)
        };
        let kept = &mut out.kept;
        self.leave(kept);
        kept.silent.clear();
        // What is handed on is not handed back.
        kept.silent
            .extend(Some(seen.assignee.clone()).filter(|id| !id.is_empty()));
        (kept.desk, kept.wanted, kept.group) = (desk.clone(), desk, group);
        kept.assignee.clone_from(&wish.agent);
        (kept.reason, kept.person) = (Some(Reason::Chosen), true);
        self.end(&mut out, old, seen.stands, false)?;
        let data = json!({
            "desk": out.kept.desk, "reason": why,
            "previous": previous, "current": current, "next": out.kept.handler(self.at),
        });
        out.told.push(("handed-over", data));
        Ok(out)
    }

    /// The group in which a ticket goes to an agent: its own where he works there, else that of a desk.
    fn group_of(&mut self, agent: &str, present: &str) -> Result<String, F::Error> {
        if !present.is_empty() && self.facts.works_in(agent, present)? {
            return Ok(present.to_owned());
        }
        for (_, desk) in self.desks.enabled() {
            if self.facts.works_in(agent, &desk.group)? {
                return Ok(desk.group.clone());
            }
        }
        Ok(present.to_owned())
    }
}

/// Who had it before the one who has it now.
fn previous(kept: &Kept, seen: &Seen) -> Option<Handler> {
    let others = |one: &&Handler| (&one.group, &one.agent) != (&seen.group, &seen.assignee);
    kept.handlers.iter().rev().find(others).cloned()
}
