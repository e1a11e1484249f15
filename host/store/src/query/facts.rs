//! What follows from a condition without looking at any row: which states a ticket can have, and which of its values are something. Indexes need to be told.

use guichet_core::ticket::state::State;
use guichet_expression::{Comparison, Literal, Name, Place, Term, Tree};

/// States in which a ticket is worked on: those of the column `is_open`.
pub(crate) fn is_open(state: State) -> bool {
    matches!(state, State::New | State::Open | State::Pending)
}

/// The states that a ticket can have for which the condition holds.
pub(super) fn possible_states(tree: &Tree) -> Vec<State> {
    State::ALL
        .into_iter()
        .filter(|state| holds(tree, *state) != Some(false))
        .collect()
}

/// Whether the condition holds of tickets in that state, where that is all it depends on.
fn holds(tree: &Tree, state: State) -> Option<bool> {
    let is_state = |term: &Term| match term {
        Term::Name(name) => name.place == Place::Ticket("state".to_owned()),
        _ => false,
    };
    let is = |term: &Term| match term {
        Term::Literal(Literal::Text(text)) => Some(text == state.name()),
        Term::Literal(Literal::Null) => Some(false),
        _ => None,
    };
    match tree {
        Tree::Constant(truth) => Some(*truth),
        Tree::Not(inner) => holds(inner, state).map(|truth| !truth),
        Tree::And(parts) => all(parts.iter().map(|part| holds(part, state))),
        Tree::Or(parts) => all(parts
            .iter()
            .map(|part| holds(part, state).map(|truth| !truth)))
        .map(|none| !none),
        Tree::Compare(name, how, term) if is_state(name) => match how {
            Comparison::Equal => is(term),
            Comparison::NotEqual => is(term).map(|truth| !truth),
            _ => None,
        },
        Tree::OneOf(name, terms) if is_state(name) => {
            all(terms.iter().map(|term| is(term).map(|truth| !truth))).map(|none| !none)
        }
        _ => None,
    }
}

/// Whether all are true: false as soon as one is false, whatever is not known of the others.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = None,
        }
    }
    known
}

/// Whether the value of a name is never null where the condition holds.
pub(super) fn is_something(tree: &Tree, name: &Name) -> bool {
    let is = |term: &Term| matches!(term, Term::Name(other) if other == name);
    let is_null = |term: &Term| *term == Term::Literal(Literal::Null);
    match tree {
        Tree::And(parts) => parts.iter().any(|part| is_something(part, name)),
        Tree::Or(parts) => parts.iter().all(|part| is_something(part, name)),
        Tree::Compare(left, Comparison::NotEqual, right) => is(left) && is_null(right),
        Tree::Compare(left, Comparison::Equal, right) => {
            is(left) && !is_null(right) && !matches!(right, Term::Name(_))
        }
        Tree::Compare(left, _, right) => is(left) || is(right),
        Tree::Matches(term, ..) => is(term),
        Tree::OneOf(term, terms) => is(term) && !terms.iter().any(is_null),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guichet_expression::{Environment, Expression, Type};

    fn states(text: &str) -> Vec<&'static str> {
        let expression = Expression::parse(text, &Environment::tickets([])).unwrap();
        let states = possible_states(expression.tree());
        states.into_iter().map(State::name).collect()
    }

    #[test]
    fn the_states_that_are_possible_are_read_off_the_condition() {
        assert_eq!(
            states("state in [\"new\", \"open\"] && assignee == me"),
            ["new", "open"]
        );
        assert_eq!(states("state == \"open\" && state == \"new\""), [""; 0]);
        assert_eq!(states("state == \"open\" || number == 5").len(), 7);
        assert_eq!(
            states("!(state == \"open\" || number == 5 || state == \"new\")"),
            ["pending", "solved", "closed", "suspended", "deleted"]
        );
        assert_eq!(
            states("state != \"closed\" && !(state in [\"deleted\", \"suspended\"])"),
            ["new", "open", "pending", "solved"]
        );
        assert_eq!(states("subject < \"d\"").len(), 7);
        assert_eq!(states("false"), [""; 0]);
    }

    #[test]
    fn what_a_comparison_finds_is_something() {
        let solved = Name {
            place: Place::Ticket("solved_at".to_owned()),
            kind: Type::Instant,
        };
        let something = |text: &str| {
            let expression = Expression::parse(text, &Environment::tickets([])).unwrap();
            is_something(expression.tree(), &solved)
        };
        for text in [
            "solved_at > now - duration(\"1h\")",
            "number == 5 && solved_at != null",
            "solved_at < now || solved_at == now",
            "solved_at < pending_until",
        ] {
            assert!(something(text), "{text}");
        }
        for text in [
            "solved_at == null",
            "!(solved_at < now)",
            "solved_at != now",
            "solved_at in [null, now]",
            "solved_at < now || number == 5",
            "solved_at == pending_until",
        ] {
            assert!(!something(text), "{text}");
        }
    }
}
