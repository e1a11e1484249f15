//! From the tree back to text: what is printed is parsed to the same tree.

use crate::{
    time::{duration_text, instant_text},
    tree::{Expression, Literal, Name, Place, Term, Tree},
};
use std::fmt::{Display, Formatter, Result};

/// A text within quotation marks.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.tree().fmt(f)
    }
}

impl Display for Tree {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let joined = |f: &mut Formatter<'_>, trees: &[Self], sign: &str| {
            for (place, tree) in trees.iter().enumerate() {
                if place > 0 {
                    write!(f, " {sign} ")?;
                }
                match tree {
                    Self::And(_) | Self::Or(_) => write!(f, "({tree})")?,
                    tree => write!(f, "{tree}")?,
                }
            }
            Ok(())
        };
        match self {
            Self::Constant(truth) => write!(f, "{truth}"),
            Self::Not(tree) => write!(f, "!({tree})"),
            Self::And(trees) => joined(f, trees, "&&"),
            Self::Or(trees) => joined(f, trees, "||"),
            Self::Compare(left, how, right) => write!(f, "{left} {} {right}", how.sign()),
            Self::Matches(term, how, text) => {
                write!(f, "{term}.{}({})", how.name(), quoted(text))
            }
            Self::OneOf(term, constants) => {
                write!(f, "{term} in [")?;
                for (place, constant) in constants.iter().enumerate() {
                    let comma = if place > 0 { ", " } else { "" };
                    write!(f, "{comma}{constant}")?;
                }
                write!(f, "]")
            }
            Self::Has(name, text) => write!(f, "{} in {name}", quoted(text)),
            Self::IsEmpty(name) => write!(f, "{name} == []"),
            Self::Words(text) => write!(f, "text({})", quoted(text)),
            Self::Changed(field) => write!(f, "changed({})", quoted(field)),
        }
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Literal(literal) => literal.fmt(f),
            Self::Now(0) => write!(f, "now"),
            Self::Now(plus) if *plus < 0 => {
                write!(f, "now - duration(\"{}\")", duration_text(-plus))
            }
            Self::Now(plus) => write!(f, "now + duration(\"{}\")", duration_text(*plus)),
            Self::Me => write!(f, "me"),
        }
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Null => write!(f, "null"),
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::Integer(integer) => write!(f, "{integer}"),
            Self::Number(number) => write!(f, "{number:?}"),
            Self::Boolean(boolean) => write!(f, "{boolean}"),
            Self::Instant(at) => write!(f, "timestamp(\"{}\")", instant_text(*at)),
        }
    }
}

impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.place.fmt(f)
    }
}

impl Display for Place {
    /// As it is written about tickets; about events, the ticket's have `ticket.` before them.
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Ticket(field) | Self::Event(field) => f.write_str(field),
            Self::Plugin(field) => write!(f, "fields[{}]", quoted(field)),
            Self::Data(path) => {
                write!(f, "data")?;
                path.iter()
                    .try_for_each(|step| write!(f, "[{}]", quoted(step)))
            }
            Self::Old(field) => write!(f, "old({})", quoted(field)),
            Self::New(field) => write!(f, "new({})", quoted(field)),
        }
    }
}
