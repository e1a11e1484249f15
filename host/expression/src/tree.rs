//! The typed tree: what an expression says, once every name is known and every type fits.
//!
//! Each node has one meaning for each row, yes or no; nothing in it can fail any more. Arithmetic is gone: `created_at + duration("1h") < now` has become
//! `created_at < now - duration("1h")`, so that the name stands alone and an index can answer.

use crate::environment::Type;
use guichet_core::time::Timestamp;

/// A condition that was parsed and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    tree: Tree,
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Tree {
    Constant(bool),
    Not(Box<Tree>),
    /// At least two.
    And(Vec<Tree>),
    /// At least two.
    Or(Vec<Tree>),
    /// Both sides are of one type, or one is null.
    Compare(Term, Comparison, Term),
    /// A text has another in it, at its beginning or at its end. No null does.
    Matches(Term, Matching, String),
    /// A term is one of these constants.
    OneOf(Term, Vec<Term>),
    /// A list of texts has this one.
    Has(Name, String),
    /// A list of texts has none, or is null.
    IsEmpty(Name),
    /// The ticket's messages, subject, number and tags have these words.
    Words(String),
    /// The event changed this field of its ticket.
    Changed(String),
}

/// How two sides are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// The same seen from the other side.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Equal | Self::NotEqual => self,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }

    /// Whether it asks which comes first.
    pub fn is_order(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    /// As CEL and SQL write it, but for equality.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// Where a text stands in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matching {
    Contains,
    StartsWith,
    EndsWith,
}

impl Matching {
    /// As CEL writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::StartsWith => "startsWith",
            Self::EndsWith => "endsWith",
        }
    }
}

/// A side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    Name(Name),
    Literal(Literal),
    /// The time of evaluation and so many microseconds.
    Now(i64),
    /// The id of the agent who asks.
    Me,
}

/// A value that stands in the text. Numbers are finite.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Null,
    Text(String),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    Instant(Timestamp),
}

/// Something that each row answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub place: Place,
    pub kind: Type,
}

/// Where a name's value is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A field of the ticket.
    Ticket(String),
    /// A plugin's field of the ticket.
    Plugin(String),
    /// A property of the event.
    Event(String),
    /// In the event's data, by the names of objects within objects.
    Data(Vec<String>),
    /// What a field of the ticket was before the event; null where the event did not change it.
    Old(String),
    /// What a field of the ticket is after the event; null where the event did not change it.
    New(String),
}

impl Expression {
    pub(crate) fn new(tree: Tree) -> Self {
        Self { tree }
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let parts = |tree| match tree {
            Tree::And(parts) => parts,
            alone => vec![alone],
        };
        let mut all = parts(self.tree);
        all.extend(parts(other.tree));
        Self::new(Tree::And(all))
    }

    /// The typed tree.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The words of each `text(…)`, and what else must hold.
    pub fn split_words(&self) -> (Vec<&str>, Vec<&Tree>) {
        let parts = match &self.tree {
            Tree::And(parts) => parts.as_slice(),
            alone => std::slice::from_ref(alone),
        };
        let (mut words, mut others) = (Vec::new(), Vec::new());
        for part in parts {
            match part {
                Tree::Words(text) => words.push(text.as_str()),
                other => others.push(other),
            }
        }
        (words, others)
    }

    /// Whether a field of the ticket is named anywhere.
    pub fn names_ticket_field(&self, field: &str) -> bool {
        fn of_term(term: &Term, field: &str) -> bool {
            matches!(term, Term::Name(name) if name.place == Place::Ticket(field.to_owned()))
        }
        fn of_tree(tree: &Tree, field: &str) -> bool {
            match tree {
                Tree::Constant(_) | Tree::Words(_) | Tree::Changed(_) => false,
                Tree::Not(tree) => of_tree(tree, field),
                Tree::And(trees) | Tree::Or(trees) => trees.iter().any(|tree| of_tree(tree, field)),
                Tree::Compare(left, _, right) => of_term(left, field) || of_term(right, field),
                Tree::Matches(term, ..) | Tree::OneOf(term, _) => of_term(term, field),
                Tree::Has(name, _) | Tree::IsEmpty(name) => {
                    name.place == Place::Ticket(field.to_owned())
                }
            }
        }
        of_tree(&self.tree, field)
    }
}
