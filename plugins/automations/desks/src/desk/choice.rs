//! Which desk a ticket is for.
//!
//! A desk is for a ticket where each of its lists is empty or names what the ticket has. Among those that are, the one whose entry stands deepest in the catalog
//! wins; among equals the central desk comes last, then the first in order. Where none is, the central desk is: the last resort.

use super::{
    Desk,
    all::{Desks, Named},
};
use std::cmp::Reverse;

/// What desks look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Ids of catalog entries, from the root to the ticket's own.
    pub path: Vec<String>,
    pub channel: String,
    /// Ids of the requester's customer groups.
    pub customer_groups: Vec<String>,
    pub kind: String,
}

/// Whose turn it is with a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is new: a central desk that takes new tickets first has it.
    New,
    /// What it is about was said since, or the central desk cannot have it.
    Later,
}

impl Desks {
    /// The desk that a ticket is for; none where there is no central desk either.
    pub fn choose(&self, asked: &Asked, turn: Turn) -> Option<Named<'_>> {
        let central = self.central();
        if turn == Turn::New
            && let Some(first) = central.filter(|(_, desk)| desk.first)
        {
            return Some(first);
        }
        best(self.enabled(), asked).or(central)
    }
}

/// The best of these desks for a ticket.
pub fn best<'a>(desks: impl Iterator<Item = Named<'a>>, asked: &Asked) -> Option<Named<'a>> {
    let fitting = desks.filter_map(|(id, desk)| {
        let depth = depth(desk, asked)?;
        Some(((Reverse(depth), desk.central, desk.order, id), desk))
    });
    let best = fitting.min_by(|(one, _), (other, _)| one.cmp(other));
    best.map(|((.., id), desk)| (id, desk))
}

/// How deep in the catalog the desk's entry stands: nothing where the desk is not for the ticket, zero where it is for any entry.
fn depth(desk: &Desk, asked: &Asked) -> Option<usize> {
    let one_of =
        |list: &[String], one: &str| list.is_empty() || list.iter().any(|item| item == one);
    let covers = &desk.covers;
    let groups = &asked.customer_groups;
    let is_for = one_of(&covers.channels, &asked.channel)
        && one_of(&covers.kinds, &asked.kind)
        && (covers.customer_groups.is_empty()
            || groups
                .iter()
                .any(|group| covers.customer_groups.contains(group)));
    if !is_for {
        return None;
    }
    match covers.entries.is_empty() {
        true => Some(0),
        false => (asked.path.iter())
            .rposition(|entry| covers.entries.contains(entry))
            .map(|index| index + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{desk::Covers, language::Texts};

    fn model() -> Desks {
        let texts = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
        let desk = |group: &str, order: u32, covers: Covers| Desk {
            order,
            covers,
            ..Desk::new(Texts::new(group, ""), group)
        };
        let mut all = Desks::default();
        let mut add = |id: &str, desk: Desk| all.0.insert(id.to_owned(), desk);
        add(
            "central",
            Desk {
                central: true,
                ..desk("c", 0, Covers::default())
            },
        );
        let entries = |list: &[&str]| Covers {
            entries: texts(list),
            ..Covers::default()
        };
        add("devices", desk("d", 9, entries(&["devices"])));
        add("network", desk("n", 10, entries(&["network"])));
        add(
            "chat",
            desk(
                "h",
                5,
                Covers {
                    channels: texts(&["chat"]),
                    ..Covers::default()
                },
            ),
        );
        add(
            "vip",
            desk(
                "v",
                4,
                Covers {
                    customer_groups: texts(&["gold"]),
                    ..Covers::default()
                },
            ),
        );
        add(
            "problems",
            desk(
                "p",
                1,
                Covers {
                    kinds: texts(&["problem"]),
                    ..Covers::default()
                },
            ),
        );
        add(
            "off",
            Desk {
                enabled: false,
                ..desk("o", 0, entries(&["network"]))
            },
        );
        all
    }

    #[test]
    fn the_deepest_entry_wins_then_the_order_and_the_central_desk_comes_last() {
        let all = model();
        for (path, channel, group, kind, chosen) in [
            (&["devices", "network", "vpn"][..], "", "", "", "network"),
            (&["devices", "printer"], "", "", "", "devices"),
            (&["devices"], "chat", "gold", "problem", "devices"),
            (&["business"], "chat", "", "", "chat"),
            (&[], "chat", "gold", "", "vip"),
            (&[], "mail", "gold", "problem", "problems"),
            (&[], "mail", "silver", "incident", "central"),
            (&["business"], "mail", "", "request", "central"),
        ] {
            let asked = Asked {
                path: path.iter().map(|one| (*one).to_owned()).collect(),
                channel: channel.to_owned(),
                customer_groups: vec![group.to_owned()],
                kind: kind.to_owned(),
            };
            let told = all.choose(&asked, Turn::New).unwrap().0;
            assert_eq!(told, chosen, "{asked:?}");
        }
    }

    #[test]
    fn a_central_desk_that_takes_first_has_what_is_new_and_nothing_that_was_said_since() {
        let mut all = model();
        all.0.get_mut("central").unwrap().first = true;
        let asked = Asked {
            path: vec!["network".to_owned()],
            ..Asked::default()
        };
        assert_eq!(all.choose(&asked, Turn::New).unwrap().0, "central");
        assert_eq!(all.choose(&asked, Turn::Later).unwrap().0, "network");
    }

    #[test]
    fn what_no_desk_covers_is_for_the_central_desk_whatever_that_covers() {
        let mut all = model();
        all.0.get_mut("central").unwrap().covers.kinds = vec!["change".to_owned()];
        let told = all.choose(&Asked::default(), Turn::New).unwrap();
        assert_eq!(told.0, "central");
        all.0.clear();
        assert_eq!(all.choose(&Asked::default(), Turn::New), None);
    }

    #[test]
    fn a_group_s_desk_is_the_one_of_its_desks_that_covers_the_ticket_best() {
        let mut all = model();
        all.0.get_mut("devices").unwrap().group = "n".to_owned();
        let of = |path: &[&str]| {
            let path = path.iter().map(|one| (*one).to_owned()).collect();
            let asked = Asked {
                path,
                ..Asked::default()
            };
            all.of_group("n", &asked).map(|(id, _)| id)
        };
        assert_eq!(of(&["devices", "network"]), Some("network"));
        assert_eq!(of(&["devices"]), Some("devices"));
        assert_eq!(of(&["business"]), Some("devices"), "the first in order");
        assert_eq!(all.of_group("x", &Asked::default()), None);
    }
}
