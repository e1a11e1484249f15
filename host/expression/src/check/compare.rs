//! Two sides, fitted to each other.

use super::{Checked, Checker, sides::Side};
use crate::{
    environment::Type,
    limits::FIELD_TEXT_CHARACTERS_MAX,
    tree::{Comparison, Literal, Name, Place, Term, Tree},
};
use cel::common::ast::IdedExpr;
use guichet_core::id::TicketId;

impl Checker<'_> {
    pub(super) fn comparison(
        &mut self,
        part: &IdedExpr,
        left: &IdedExpr,
        how: Comparison,
        right: &IdedExpr,
    ) -> Checked<Tree> {
        let (one, other) = (self.side(left)?, self.side(right)?);
        match (one, other) {
            (Side::Name(name), Side::List(list)) | (Side::List(list), Side::Name(name)) => {
                self.empty(part, name, how, &list)
            }
            (Side::Between(to, from), Side::Duration(us)) => {
                self.between(part, *to, *from, how, us)
            }
            (Side::Duration(us), Side::Between(to, from)) => {
                self.between(part, *to, *from, how.turned(), us)
            }
            (Side::Name(name), other) => self.fitted(part, name, how, other, right),
            (one, Side::Name(name)) => self.fitted(part, name, how.turned(), one, left),
            (one @ Side::Moved(..), other) => self.moments(part, one, how, other),
            (one, other @ Side::Moved(..)) => self.moments(part, one, how, other),
            (Side::Constant(_), Side::Constant(_)) => {
                self.wrong_type(part, "compare a name with something: both sides are values")
            }
            (one, other) => self.wrong_type(
                part,
                format!("{} is not compared with {}", one.told(), other.told()),
            ),
        }
    }

    fn empty(&self, part: &IdedExpr, name: Name, how: Comparison, list: &[Side]) -> Checked<Tree> {
        if !list.is_empty() || how.is_order() || !matches!(name.kind, Type::Texts | Type::Any) {
            return self.wrong_type(
                part,
                "a list of texts is compared with [] only; what it has is asked by \"…\" in tags",
            );
        }
        let is_empty = Tree::IsEmpty(Name {
            kind: Type::Texts,
            ..name
        });
        Ok(match how {
            Comparison::Equal => is_empty,
            _ => Tree::Not(Box::new(is_empty)),
        })
    }

    /// `to - from < us` is `to < from + us`.
    fn between(
        &self,
        part: &IdedExpr,
        to: Side,
        from: Side,
        how: Comparison,
        us: i64,
    ) -> Checked<Tree> {
        if !how.is_order() {
            return self.wrong_type(
                part,
                "a duration between instants is compared by < <= > >= only",
            );
        }
        self.moments(part, to, how, from.moved(us))
    }

    /// Two instants; what was added to a name goes to the other side, where an index does not mind it.
    fn moments(&self, part: &IdedExpr, left: Side, how: Comparison, right: Side) -> Checked<Tree> {
        let apart = |side: Side| match side {
            Side::Moved(name, plus) => (Side::Name(name), plus),
            side => (side, 0),
        };
        let ((left, to_left), (right, to_right)) = (apart(left), apart(right));
        let plus = to_right.saturating_sub(to_left);
        match (left, right) {
            (Side::Name(one), Side::Name(other)) if plus == 0 => {
                self.fitted(part, one, how, Side::Name(other), part)
            }
            (Side::Name(_), Side::Name(_)) => self.unsupported(
                part,
                "a duration between two fields is not supported; compare one with now or with an instant",
            ),
            (Side::Name(name), Side::Constant(term)) => {
                self.fitted(part, name, how, Side::Constant(term).moved(plus), part)
            }
            (Side::Constant(term), Side::Name(name)) => {
                let constant = Side::Constant(term).moved(plus.saturating_neg());
                self.fitted(part, name, how.turned(), constant, part)
            }
            _ => self.wrong_type(part, "compare an instant of the ticket with something"),
        }
    }

    /// A name and something of its type.
    fn fitted(
        &self,
        part: &IdedExpr,
        name: Name,
        how: Comparison,
        other: Side,
        place: &IdedExpr,
    ) -> Checked<Tree> {
        if name.kind == Type::Texts {
            return self.wrong_type(
                part,
                format!("`{name}` is a list: write \"…\" in {name}, or {name} == []"),
            );
        }
        if let Side::Moved(..) = other {
            return self.moments(part, Side::Name(name), how, other);
        }
        let (name, other) = match other {
            Side::Name(other) => self.two_names(part, name, other)?,
            Side::Constant(term) => self.constant(place, name, term)?,
            other => {
                return self.wrong_type(
                    place,
                    format!("`{name}` is {}, this is {}", name.kind.told(), other.told()),
                );
            }
        };
        if how.is_order() {
            if other == Term::Literal(Literal::Null) {
                return self.wrong_type(place, "nothing comes before or after null: use == or !=");
            }
            if matches!(name.kind, Type::Id | Type::Boolean) {
                return self.wrong_type(
                    part,
                    format!("`{name}` is {}: use == or !=", name.kind.told()),
                );
            }
        }
        Ok(Tree::Compare(Term::Name(name), how, other))
    }

    fn two_names(&self, part: &IdedExpr, one: Name, other: Name) -> Checked<(Name, Term)> {
        let kind = match (one.kind, other.kind) {
            (Type::Any, Type::Any) => {
                return self.wrong_type(part, "compare this with something of a known type");
            }
            (Type::Any, kind) | (kind, Type::Any) => kind,
            (kind, same) if kind == same => kind,
            (kind, differs) => {
                return self.wrong_type(
                    part,
                    format!(
                        "`{one}` is {}, `{other}` is {}",
                        kind.told(),
                        differs.told()
                    ),
                );
            }
        };
        if kind == Type::Texts {
            return self.wrong_type(part, "lists are not compared with each other");
        }
        Ok((Name { kind, ..one }, Term::Name(Name { kind, ..other })))
    }

    /// A name with its type, and a constant of that type.
    fn constant(&self, place: &IdedExpr, name: Name, term: Term) -> Checked<(Name, Term)> {
        let literal = match term {
            Term::Name(_) => return self.wrong_type(place, "a value is expected here"),
            Term::Me if matches!(name.kind, Type::Id | Type::Any) => {
                let kind = Type::Id;
                return Ok((Name { kind, ..name }, Term::Me));
            }
            Term::Now(plus) if matches!(name.kind, Type::Instant | Type::Any) => {
                let kind = Type::Instant;
                return Ok((Name { kind, ..name }, Term::Now(plus)));
            }
            Term::Literal(literal) => literal,
            term @ (Term::Me | Term::Now(_)) => {
                return self.wrong_type(
                    place,
                    format!(
                        "`{name}` is {}, this is {}",
                        name.kind.told(),
                        Side::Constant(term).told()
                    ),
                );
            }
        };
        let (kind, literal) = match (name.kind, literal) {
            (kind, Literal::Null) => (kind, Literal::Null),
            (Type::Id, Literal::Text(text)) => {
                if text.parse::<TicketId>().is_err() {
                    return self.wrong_type(
                        place,
                        format!(
                            "`{name}` is an id, 36 characters as in 0190f3c4-…, in small letters"
                        ),
                    );
                }
                (Type::Id, Literal::Text(text))
            }
            (Type::Text | Type::Any, Literal::Text(text)) => {
                self.fits_field(place, &name, &text)?;
                self.is_a_choice(place, &name, &text)?;
                (Type::Text, Literal::Text(text))
            }
            (Type::Integer | Type::Any, Literal::Integer(integer)) => {
                (Type::Integer, Literal::Integer(integer))
            }
            (Type::Number, Literal::Integer(integer)) => {
                (Type::Number, Literal::Number(integer as f64))
            }
            (Type::Number | Type::Any, Literal::Number(number)) => {
                (Type::Number, Literal::Number(number))
            }
            (Type::Boolean | Type::Any, Literal::Boolean(boolean)) => {
                (Type::Boolean, Literal::Boolean(boolean))
            }
            (Type::Instant | Type::Any, Literal::Instant(at)) => {
                (Type::Instant, Literal::Instant(at))
            }
            (Type::Instant, Literal::Text(_)) => {
                return self.wrong_type(
                    place,
                    format!("`{name}` is an instant: write timestamp(\"2026-03-01T09:00:00Z\")"),
                );
            }
            (kind, literal) => {
                let told = Side::Constant(Term::Literal(literal)).told();
                return self.wrong_type(
                    place,
                    format!("`{name}` is {}, this is {told}", kind.told()),
                );
            }
        };
        Ok((Name { kind, ..name }, Term::Literal(literal)))
    }

    /// Only the beginning of a plugin's text can be found.
    pub(super) fn fits_field(&self, place: &IdedExpr, name: &Name, text: &str) -> Checked<()> {
        if matches!(name.place, Place::Plugin(_))
            && text.chars().count() > FIELD_TEXT_CHARACTERS_MAX
        {
            return self.wrong_type(
                place,
                format!(
                    "a plugin's field is compared by its first {FIELD_TEXT_CHARACTERS_MAX} characters: this is longer"
                ),
            );
        }
        Ok(())
    }

    fn is_a_choice(&self, place: &IdedExpr, name: &Name, text: &str) -> Checked<()> {
        let known = match &name.place {
            Place::Ticket(field) | Place::Old(field) | Place::New(field) => {
                self.environment.of_tickets(field)
            }
            Place::Event(field) => self.environment.of_events(field),
            Place::Plugin(_) | Place::Data(_) => None,
        };
        match known {
            Some(known)
                if known.closed && !known.values.iter().any(|choice| choice.value == text) =>
            {
                let values: Vec<_> = known
                    .values
                    .iter()
                    .map(|choice| choice.value.as_str())
                    .collect();
                self.wrong_type(place, format!("`{name}` is one of {}", values.join(", ")))
            }
            _ => Ok(()),
        }
    }

    /// `x in […]`, or `"…" in tags`.
    pub(super) fn membership(
        &mut self,
        part: &IdedExpr,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Checked<Tree> {
        match (self.side(left)?, self.side(right)?) {
            (Side::Constant(Term::Literal(Literal::Text(text))), Side::Name(list))
                if matches!(list.kind, Type::Texts | Type::Any) =>
            {
                self.fits_field(left, &list, &text)?;
                let kind = Type::Texts;
                Ok(Tree::Has(Name { kind, ..list }, text))
            }
            (Side::Name(mut name), Side::List(list)) if name.kind != Type::Texts => {
                let mut constants = Vec::with_capacity(list.len());
                for side in list {
                    let Side::Constant(term) = side else {
                        return self.wrong_type(right, format!("the list holds {}; it may hold values only", side.told()));
                    };
                    let (fitted, constant) = self.constant(right, name, term)?;
                    name = fitted;
                    constants.push(constant);
                }
                if constants.is_empty() {
                    return Ok(Tree::Constant(false));
                }
                Ok(Tree::OneOf(Term::Name(name), constants))
            }
            (one, other) => self.wrong_type(
                part,
                format!("write state in [\"new\", \"open\"] or \"vip\" in tags: {} is not looked for in {}", one.told(), other.told()),
            ),
        }
    }
}
