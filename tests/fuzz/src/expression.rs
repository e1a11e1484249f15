//! Texts of the expression language, of anybody.

/// Texts that are expressions, or nearly.
mod grammar;

/// Tickets and events to ask about.
mod rows;

use crate::is_told;
use guichet_expression::{
    Bindings, Expression, ExpressionError, Mistake, Row, Term, Tree,
    limits::{NODES_MAX, TEXT_BYTES_MAX},
};
use rows::Watched;
use std::borrow::Cow;

/// **Promised** of any text: it is an expression, or refused at a place that is in it. What is an expression has no more parts than the limit, prints as a
/// text that is read as the same, is answered by yes or no for every ticket and event, asks each row for values of the name's type only, is answered the other way round when
/// it is negated, and is refused for whoever may not read a field that it names.
///
/// The first byte says whether the rest is the text itself, or how one is made up; and whether it is about tickets or about events.
pub fn run(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let text = match first % 2 == 0 {
        true => String::from_utf8_lossy(rest),
        false => Cow::Owned(grammar::text(rest)),
    };
    match first & 2 == 0 {
        true => about_tickets(&text),
        false => about_events(&text),
    }
}

fn about_tickets(text: &str) {
    let environment = rows::tickets_environment();
    let expression = match Expression::parse(text, environment) {
        Ok(expression) => expression,
        Err(refusal) => return is_placed(text, &refusal),
    };
    assert!(parts(expression.tree()) <= NODES_MAX, "{expression}");
    let printed = expression.to_string();
    match Expression::parse(&printed, environment) {
        Ok(again) => {
            assert_eq!(again, expression, "{printed}");
            assert_eq!(again.to_string(), printed);
        }
        // Letters that are written as escapes take more room.
        Err(refusal) => assert!(
            printed.len() > TEXT_BYTES_MAX && matches!(refusal.mistake, Mistake::TooLong(_)),
            "{text:?} is printed as {printed}: {refusal}"
        ),
    }
    let (words, others) = expression.split_words();
    assert!(words.len() + others.len() > 0);
    let negated = Expression::parse(&format!("!({text})"), environment).ok();
    for ticket in rows::tickets() {
        is_answered(&expression, negated.as_ref(), ticket);
    }
    let (field, blind) = rows::blind_environment(text.len());
    match Expression::parse(text, blind) {
        Ok(seen) => {
            assert!(!expression.names_ticket_field(field), "{field}: {text}");
            assert_eq!(seen, expression);
        }
        Err(refusal) => {
            // What is asked of an empty list asks nothing of the field; to name it is enough to be refused.
            assert!(text.contains(field), "{field}: {refusal}");
            is_placed(text, &refusal);
        }
    }
}

fn about_events(text: &str) {
    let environment = rows::events_environment();
    let expression = match Expression::parse(text, environment) {
        Ok(expression) => expression,
        Err(refusal) => return is_placed(text, &refusal),
    };
    assert!(parts(expression.tree()) <= NODES_MAX, "{expression}");
    let negated = Expression::parse(&format!("!({text})"), environment).ok();
    for event in rows::events() {
        is_answered(&expression, negated.as_ref(), &event);
    }
}

fn is_placed(text: &str, refusal: &ExpressionError) {
    is_told(refusal, text.len());
    let line = text
        .split('\n')
        .nth(refusal.line as usize - 1)
        .unwrap_or_else(|| panic!("{text:?}: {refusal} is in no line of it"));
    assert!(
        (1..=line.chars().count() + 1).contains(&(refusal.column as usize)),
        "{text:?}: {refusal} is no place in it"
    );
}

fn is_answered(expression: &Expression, negated: Option<&Expression>, row: &dyn Row) {
    for bindings in bindings() {
        let row = Watched(row);
        let answer = expression.holds(&row, &bindings);
        assert_eq!(answer, expression.holds(&row, &bindings));
        if let Some(negated) = negated {
            assert_ne!(answer, negated.holds(&row, &bindings), "{expression}");
        }
    }
}

fn bindings() -> [Bindings; 2] {
    [
        Bindings {
            me: Some(rows::ME),
            now: rows::NOW,
        },
        Bindings {
            me: None,
            now: guichet_core::time::Timestamp(i64::MAX),
        },
    ]
}

/// Names, values and operators of a tree.
fn parts(tree: &Tree) -> usize {
    let term = |_: &Term| 1;
    match tree {
        Tree::Constant(_) | Tree::Words(_) | Tree::Changed(_) | Tree::IsEmpty(_) => 1,
        Tree::Not(inner) => 1 + parts(inner),
        Tree::And(all) | Tree::Or(all) => all.iter().map(parts).sum::<usize>() + all.len() - 1,
        Tree::Compare(left, _, right) => 1 + term(left) + term(right),
        Tree::Matches(of, ..) => 1 + term(of),
        Tree::OneOf(of, constants) => 1 + term(of) + constants.len(),
        Tree::Has(..) => 2,
    }
}
