//! The interpreter. What it says, SQL says too; the store's property test holds them together.

use crate::{
    row::{Bindings, Row},
    tree::{Comparison, Expression, Literal, Matching, Term, Tree},
};
use guichet_core::{time::Timestamp, value::Value};
use std::cmp::Ordering;

impl Expression {
    /// Whether the row is as the expression says. Always yes or no: null is a value that is equal to itself, and before and after nothing.
    pub fn holds(&self, row: &dyn Row, bindings: &Bindings) -> bool {
        holds(self.tree(), row, bindings)
    }
}

fn holds(tree: &Tree, row: &dyn Row, bindings: &Bindings) -> bool {
    let value = |term: &Term| value(term, row, bindings);
    match tree {
        Tree::Constant(truth) => *truth,
        Tree::Not(tree) => !holds(tree, row, bindings),
        Tree::And(trees) => trees.iter().all(|tree| holds(tree, row, bindings)),
        Tree::Or(trees) => trees.iter().any(|tree| holds(tree, row, bindings)),
        Tree::Compare(left, how, right) => compare(&value(left), *how, &value(right)),
        Tree::Matches(term, how, wanted) => match value(term) {
            Value::Text(text) => match how {
                Matching::Contains => text.contains(wanted),
                Matching::StartsWith => text.starts_with(wanted),
                Matching::EndsWith => text.ends_with(wanted),
            },
            _ => false,
        },
        Tree::OneOf(term, constants) => {
            let found = value(term);
            constants.iter().any(|constant| value(constant) == found)
        }
        Tree::Has(name, wanted) => match row.value(name) {
            Value::Texts(texts) => texts.contains(wanted),
            _ => false,
        },
        Tree::IsEmpty(name) => match row.value(name) {
            Value::Texts(texts) => texts.is_empty(),
            _ => true,
        },
        Tree::Words(words) => row.says(words),
        Tree::Changed(field) => row.has_changed(field),
    }
}

fn value(term: &Term, row: &dyn Row, bindings: &Bindings) -> Value {
    match term {
        Term::Name(name) => row.value(name),
        Term::Now(plus) => Value::Instant {
            at: Timestamp(bindings.now.0.saturating_add(*plus)),
        },
        Term::Me => Value::Text(bindings.my_id().to_string()),
        Term::Literal(literal) => match literal {
            Literal::Null => Value::None,
            Literal::Text(text) => Value::Text(text.clone()),
            Literal::Integer(integer) => Value::Integer(*integer),
            Literal::Number(number) => Value::Number { number: *number },
            Literal::Boolean(boolean) => Value::Boolean(*boolean),
            Literal::Instant(at) => Value::Instant { at: *at },
        },
    }
}

fn compare(left: &Value, how: Comparison, right: &Value) -> bool {
    let order = match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => Some(left.cmp(right)),
        (Value::Number { number: left }, Value::Number { number: right }) => {
            left.partial_cmp(right)
        }
        (Value::Instant { at: left }, Value::Instant { at: right }) => Some(left.cmp(right)),
        // By code points, as both databases are told to.
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        _ => None,
    };
    match how {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => order == Some(Ordering::Less),
        Comparison::LessOrEqual => order.is_some_and(Ordering::is_le),
        Comparison::Greater => order == Some(Ordering::Greater),
        Comparison::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
    }
}
