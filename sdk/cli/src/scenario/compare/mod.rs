//! What is, beside what the scenario expects. Each difference is told with its place.

/// Of a ticket.
mod ticket;

/// Of calls, requests, records and the rest.
mod rest;

/// Of two JSON values, one of which names the least that is to be there.
mod data;

use super::{acting::Came, format::Expect, servers::Sent, trouble::Trouble, world::World};
use guichet::plugins::runs::Run;
use std::fmt::Display;

/// Characters that are shown of what was found.
const FOUND_MAX: usize = 1_500;

/// Something that is not as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is about, such as `ticket "vpn": tags`.
    pub place: String,
    pub expected: String,
    pub found: String,
}

/// What there is to look at, after a step or in the end.
pub(crate) struct Seen<'a> {
    pub(crate) world: &'a World,
    pub(crate) came: &'a Came,
    /// Oldest first.
    pub(crate) runs: &'a [Run],
    pub(crate) sent: &'a [Sent],
    /// The first event that is looked at comes after this one.
    pub(crate) after: u64,
    /// Whether calls of which nothing is said must have ended well.
    pub(crate) must_be_well: bool,
}

/// All that is not as expected.
#[derive(Debug, Default)]
pub(crate) struct Differences(pub(crate) Vec<Difference>);

impl Differences {
    /// Notes a difference.
    pub(crate) fn add(&mut self, place: &str, expected: impl Display, found: impl Display) {
        self.0.push(Difference {
            place: place.to_owned(),
            expected: expected.to_string(),
            found: cut(found.to_string()),
        });
    }

    /// Notes where two things that can be shown are not the same.
    pub(crate) fn same<T: PartialEq + Display>(&mut self, place: &str, expected: T, found: T) {
        if expected != found {
            self.add(place, expected, found);
        }
    }

    /// Notes where two lists are not the same.
    pub(crate) fn same_list(&mut self, place: &str, expected: &[String], found: &[String]) {
        if expected != found {
            self.add(place, listed(expected), listed(found));
        }
    }

    /// Notes where a text does not stand in another.
    pub(crate) fn within(&mut self, place: &str, expected: &str, found: &str) {
        if !found.contains(expected) {
            self.add(place, format!("… {expected} …"), found);
        }
    }
}

/// A whole page, or a whole log, says less than its beginning.
fn cut(text: String) -> String {
    match text.chars().count() {
        0..=FOUND_MAX => text,
        all => {
            let begins: String = text.chars().take(FOUND_MAX).collect();
            format!("{begins}… ({} characters more)", all - FOUND_MAX)
        }
    }
}

fn listed(items: &[String]) -> String {
    serde_json::json!(items).to_string()
}

/// Compares all that is expected.
pub(crate) async fn compare(expect: &Expect, seen: &Seen<'_>) -> Result<Differences, Trouble> {
    let mut found = Differences::default();
    rest::calls(expect, seen, &mut found);
    rest::response(expect, seen, &mut found);
    rest::sent(expect, seen, &mut found);
    rest::report(expect, seen, &mut found);
    for wanted in &expect.ticket {
        ticket::compare(wanted, seen.world, &mut found).await?;
    }
    rest::kept(expect, seen, &mut found).await?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_hundred_characters_of_what_was_found_are_shown_and_no_more() {
        let found = |characters: usize| {
            let mut differences = Differences::default();
            differences.add("text", "x", "密".repeat(characters));
            differences.0.remove(0).found
        };
        assert_eq!(found(FOUND_MAX), "密".repeat(FOUND_MAX));
        assert!(found(FOUND_MAX + 1).ends_with("密… (1 characters more)"));
    }
}
