//! Names, and constants: what stands on a side of a comparison.

use super::{Checked, Checker, literal_text};
use crate::{
    environment::{About, Type},
    error::Mistake,
    limits::DURATION_DAYS_MAX,
    time,
    tree::{Literal, Name, Place, Term},
};
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators};

/// A side, before it is fitted to the other.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Side {
    Name(Name),
    /// A literal, `me`, or the time.
    Constant(Term),
    /// An instant's name and so many microseconds.
    Moved(Name, i64),
    Duration(i64),
    /// From the second to the first, in microseconds, and so many more.
    Between(Box<Side>, Box<Side>),
    List(Vec<Side>),
}

impl Side {
    /// What it is, for people.
    pub(super) fn told(&self) -> &'static str {
        match self {
            Self::Name(name) => name.kind.told(),
            Self::Constant(term) => match term {
                Term::Literal(Literal::Null) => "null",
                Term::Literal(Literal::Text(_)) => "a text",
                Term::Literal(Literal::Integer(_)) => "a whole number",
                Term::Literal(Literal::Number(_)) => "a number",
                Term::Literal(Literal::Boolean(_)) => "true or false",
                Term::Literal(Literal::Instant(_)) | Term::Now(_) => "an instant",
                Term::Me | Term::Name(_) => "an id",
            },
            Self::Moved(..) => "an instant",
            Self::Duration(_) | Self::Between(..) => "a duration",
            Self::List(_) => "a list",
        }
    }

    fn is_instant(&self) -> bool {
        match self {
            Self::Name(name) => name.kind == Type::Instant,
            Self::Constant(term) => {
                matches!(term, Term::Now(_) | Term::Literal(Literal::Instant(_)))
            }
            Self::Moved(..) => true,
            Self::Duration(_) | Self::Between(..) | Self::List(_) => false,
        }
    }

    /// An instant and so many microseconds.
    pub(super) fn moved(self, by: i64) -> Self {
        match self {
            Self::Name(name) if by != 0 => Self::Moved(name, by),
            Self::Moved(name, plus) => Self::Moved(name, plus.saturating_add(by)),
            Self::Constant(Term::Now(plus)) => Self::Constant(Term::Now(plus.saturating_add(by))),
            Self::Constant(Term::Literal(Literal::Instant(at))) => {
                let at = guichet_core::time::Timestamp(at.0.saturating_add(by));
                Self::Constant(Term::Literal(Literal::Instant(at)))
            }
            other => other,
        }
    }
}

impl Checker<'_> {
    /// What a part is, counted.
    pub(super) fn side(&mut self, part: &IdedExpr) -> Checked<Side> {
        self.enter(part)?;
        let side = match &part.expr {
            Expr::Literal(literal) => self.literal(part, literal).map(Side::Constant),
            Expr::Ident(name) => self.ident(part, name),
            Expr::Select(_) => self.path(part),
            Expr::List(list) => list
                .elements
                .iter()
                .map(|element| self.side(element))
                .collect::<Checked<_>>()
                .map(Side::List),
            Expr::Call(call) => self.call(part, call),
            _ => self.unsupported(
                part,
                "this is not supported: compare names with values, and join by && || !",
            ),
        }?;
        self.depth -= 1;
        Ok(side)
    }

    fn literal(&self, part: &IdedExpr, literal: &LiteralValue) -> Checked<Term> {
        Ok(Term::Literal(match literal {
            LiteralValue::Null => Literal::Null,
            LiteralValue::Boolean(boolean) => Literal::Boolean(*boolean.inner()),
            LiteralValue::Int(integer) => Literal::Integer(*integer.inner()),
            LiteralValue::Double(number) if number.inner().is_finite() => {
                Literal::Number(*number.inner())
            }
            LiteralValue::Double(_) => return self.wrong_type(part, "this number is too large"),
            LiteralValue::String(text) => Literal::Text(self.checked_text(part, text.inner())?),
            LiteralValue::UInt(_) => {
                return self.unsupported(part, "write the number without `u`");
            }
            LiteralValue::Bytes(_) => return self.unsupported(part, "bytes are not supported"),
        }))
    }

    /// A text that a database can hold.
    pub(super) fn checked_text(&self, part: &IdedExpr, text: &str) -> Checked<String> {
        if text.contains('\0') {
            return self.wrong_type(part, "a text may not contain the character NUL");
        }
        Ok(text.to_owned())
    }

    fn ident(&self, part: &IdedExpr, name: &str) -> Checked<Side> {
        let environment = self.environment;
        match name {
            "now" => return Ok(Side::Constant(Term::Now(0))),
            "me" if environment.has_me() => return Ok(Side::Constant(Term::Me)),
            "fields" if environment.about == About::Tickets => {
                return self.wrong_type(
                    part,
                    "name a plugin's field: fields[\"publisher/name/field\"]",
                );
            }
            _ => {}
        }
        let (known, place) = match environment.about {
            About::Tickets => (environment.of_tickets(name), Place::Ticket(name.to_owned())),
            About::Events => (environment.of_events(name), Place::Event(name.to_owned())),
        };
        match known {
            Some(known) => Ok(Side::Name(Name {
                place,
                kind: known.kind,
            })),
            None if environment.about == About::Events
                && environment.of_tickets(name).is_some() =>
            {
                self.refused(
                    part,
                    Mistake::Unknown {
                        name: name.to_owned(),
                        meant: Some(format!("ticket.{name}")),
                    },
                )
            }
            None => self.refused(part, environment.unknown(name)),
        }
    }

    /// `actor.kind`, `ticket.state`, `ticket.fields["…"]`, `data.…`, `fields["…"]`.
    fn path(&mut self, part: &IdedExpr) -> Checked<Side> {
        let Some(steps) = steps(part) else {
            return self.unsupported(part, "this is not supported: name a field");
        };
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        let (about, known) = (self.environment.about, |place, kind| {
            Ok(Side::Name(Name { place, kind }))
        });
        match (about, steps.as_slice()) {
            (About::Tickets, ["fields", field]) | (About::Events, ["ticket", "fields", field]) => {
                match self.environment.plugin(field) {
                    Ok(declared) => known(Place::Plugin((*field).to_owned()), declared.kind),
                    Err(mistake) => self.refused(part, mistake),
                }
            }
            (About::Events, ["ticket", field]) => match self.environment.of_tickets(field) {
                Some(of_ticket) => known(Place::Ticket((*field).to_owned()), of_ticket.kind),
                None => self.refused(part, self.environment.unknown(&steps.join("."))),
            },
            (About::Events, ["data", path @ ..]) if !path.is_empty() => {
                for step in path {
                    self.checked_text(part, step)?;
                }
                let path = path.iter().map(|step| (*step).to_owned()).collect();
                known(Place::Data(path), Type::Any)
            }
            _ => {
                let name = steps.join(".");
                match self.environment.of_events(&name) {
                    Some(of_event) => known(Place::Event(name), of_event.kind),
                    None => self.refused(part, self.environment.unknown(&name)),
                }
            }
        }
    }

    fn call(&mut self, part: &IdedExpr, call: &CallExpr) -> Checked<Side> {
        let is_function = call.target.is_none();
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::INDEX, [_, _]) => self.path(part),
            (operators::ADD, [left, right]) => {
                let (left, right) = (self.side(left)?, self.side(right)?);
                match (left, right) {
                    (Side::Duration(one), Side::Duration(other)) => {
                        self.duration(part, one.saturating_add(other))
                    }
                    (at, Side::Duration(by)) | (Side::Duration(by), at) if at.is_instant() => {
                        Ok(at.moved(by))
                    }
                    _ => self.no_sum(part),
                }
            }
            (operators::SUBSTRACT, [left, right]) => {
                let (left, right) = (self.side(left)?, self.side(right)?);
                match (left, right) {
                    (Side::Duration(one), Side::Duration(other)) => {
                        self.duration(part, one.saturating_sub(other))
                    }
                    (at, Side::Duration(by)) if at.is_instant() => Ok(at.moved(-by)),
                    (one, other) if one.is_instant() && other.is_instant() => {
                        Ok(Side::Between(Box::new(one), Box::new(other)))
                    }
                    _ => self.no_sum(part),
                }
            }
            (operators::NEGATE, [inner]) => match self.side(inner)? {
                Side::Duration(us) => Ok(Side::Duration(-us)),
                _ => self.unsupported(part, "a minus stands before numbers and durations only"),
            },
            ("timestamp", [text]) if is_function => match literal_text(text).and_then(time::instant)
            {
                Some(at) => Ok(Side::Constant(Term::Literal(Literal::Instant(at)))),
                None => self.wrong_type(
                    text,
                    "an instant is written timestamp(\"2026-03-01T09:00:00Z\"), with its zone's offset or Z",
                ),
            },
            ("duration", [text]) if is_function => match literal_text(text).and_then(time::duration)
            {
                Some(us) => Ok(Side::Duration(us)),
                None => self.wrong_type(
                    text,
                    format!(
                        "a duration is written duration(\"1h30m\"), in h, m, s, ms and us, and is {DURATION_DAYS_MAX} days at most; a day is 24h"
                    ),
                ),
            },
            ("old" | "new", [field]) if is_function && self.environment.about == About::Events => {
                let (field, kind) = self.field_name(part, field)?;
                let place = if call.func_name == "old" {
                    Place::Old(field)
                } else {
                    Place::New(field)
                };
                Ok(Side::Name(Name { place, kind }))
            }
            ("changed" | "old" | "new", _) if self.environment.about == About::Tickets => self
                .unsupported(part, format!("{}(…) is for events only", call.func_name)),
            ("size", _) => self.unsupported(part, "size(…) is not supported; an empty list is written tags == []"),
            (name, _) if is_operator(name) => self.unsupported(
                part,
                "a condition stands by itself, joined by && || !; numbers are not reckoned with",
            ),
            (name, _) => self.unsupported(
                part,
                format!("`{name}(…)` is not supported; there are contains, startsWith, endsWith, text, timestamp and duration"),
            ),
        }
    }

    fn no_sum<T>(&self, part: &IdedExpr) -> Checked<T> {
        self.wrong_type(
            part,
            "a duration is added to or taken from an instant, such as now - duration(\"24h\")",
        )
    }

    fn duration(&self, part: &IdedExpr, us: i64) -> Checked<Side> {
        if us.abs() > DURATION_DAYS_MAX * 86_400_000_000 {
            return self.wrong_type(
                part,
                format!("a duration is {DURATION_DAYS_MAX} days at most"),
            );
        }
        Ok(Side::Duration(us))
    }

    /// The field of the ticket that `changed`, `old` and `new` are asked for.
    pub(super) fn field_name(
        &mut self,
        part: &IdedExpr,
        field: &IdedExpr,
    ) -> Checked<(String, Type)> {
        let Some(name) = literal_text(field) else {
            return self.wrong_type(part, "name the field within quotation marks");
        };
        if let Some(known) = self.environment.of_tickets(name) {
            return Ok((name.to_owned(), known.kind));
        }
        match self.environment.plugin(name) {
            Ok(declared) => Ok((name.to_owned(), declared.kind)),
            Err(_) => {
                let meant = crate::error::nearest(
                    name,
                    self.environment
                        .names()
                        .filter_map(|(name, _)| name.strip_prefix("ticket.").map(str::to_owned))
                        .collect::<Vec<_>>()
                        .iter()
                        .map(String::as_str),
                );
                self.refused(
                    field,
                    Mistake::Unknown {
                        name: name.to_owned(),
                        meant,
                    },
                )
            }
        }
    }
}

/// `a.b["c"]` as its steps.
fn steps(part: &IdedExpr) -> Option<Vec<String>> {
    match &part.expr {
        Expr::Ident(name) => Some(vec![name.clone()]),
        Expr::Select(select) if !select.test => {
            let mut steps = steps(&select.operand)?;
            steps.push(select.field.clone());
            Some(steps)
        }
        Expr::Call(call) if call.func_name == operators::INDEX => {
            let [operand, index] = call.args.as_slice() else {
                return None;
            };
            let mut steps = steps(operand)?;
            steps.push(literal_text(index)?.to_owned());
            Some(steps)
        }
        _ => None,
    }
}

fn is_operator(name: &str) -> bool {
    name.contains('_') && !name.bytes().any(|byte| byte.is_ascii_alphanumeric())
        || name == operators::IN
}
