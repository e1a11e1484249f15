//! Where the value of a name is kept.

use super::sql::Sql;
use crate::{db::Arg, error::StoreError};
use guichet_core::{time::Timestamp, value::Value};
use guichet_expression::{Bindings, Literal, Name, Place, Term, Type};
use uuid::Uuid;

/// Where a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept<'a> {
    /// In a column of the ticket's row.
    Column {
        sql: &'static str,
        may_be_null: bool,
    },
    /// In a row of `ticket_fields`, in the column for its type.
    Field { name: &'a str, column: &'static str },
}

/// Columns of tickets by their names in expressions; those that may be null come second.
const ALWAYS: &[(&str, &str)] = &[
    ("id", "tickets.id"),
    ("state", "tickets.state"),
    ("kind", "tickets.kind"),
    ("channel", "tickets.channel"),
    ("subject", "tickets.subject"),
    ("priority", "tickets.priority"),
    ("impact", "tickets.impact"),
    ("urgency", "tickets.urgency"),
    ("requester", "tickets.requester"),
    ("created_at", "tickets.created_at"),
    ("updated_at", "tickets.updated_at"),
    ("reopen_count", "tickets.reopen_count"),
    ("legal_hold", "tickets.legal_hold"),
];

const PERHAPS: &[(&str, &str)] = &[
    ("number", "tickets.number"),
    ("assignee", "tickets.assignee"),
    ("group", "tickets.group_id"),
    ("pending_reason", "tickets.pending_reason"),
    ("pending_until", "tickets.pending_until"),
    ("solved_at", "tickets.solved_at"),
    ("merged_into", "tickets.merged_into"),
];

/// What no list can answer. Checked expressions about tickets hold none of it.
pub(super) fn not_answerable(what: impl std::fmt::Display) -> StoreError {
    StoreError::Invalid(format!("a list of tickets cannot be asked for {what}"))
}

/// Where a name's value is.
pub(super) fn kept(name: &Name) -> Result<Kept<'_>, StoreError> {
    match &name.place {
        Place::Ticket(field) if field == "tags" => Ok(Kept::Field {
            name: "tags",
            column: "item",
        }),
        Place::Ticket(field) => {
            let of = |columns: &[(&str, &'static str)]| {
                columns
                    .iter()
                    .find(|(known, _)| known == field)
                    .map(|(_, sql)| *sql)
            };
            let always = of(ALWAYS).map(|sql| (sql, false));
            let (sql, may_be_null) = always
                .or_else(|| of(PERHAPS).map(|sql| (sql, true)))
                .ok_or_else(|| not_answerable(name))?;
            Ok(Kept::Column { sql, may_be_null })
        }
        Place::Plugin(field) => Ok(Kept::Field {
            name: field,
            column: match name.kind {
                Type::Text | Type::Id => "text",
                Type::Integer => "number",
                Type::Number => "real",
                Type::Boolean => "truth",
                Type::Instant => "at",
                Type::Texts => "item",
                Type::Any => return Err(not_answerable(name)),
            },
        }),
        Place::Event(_) | Place::Data(_) | Place::Old(_) | Place::New(_) => {
            Err(not_answerable(name))
        }
    }
}

/// The one value of a name, in a statement on tickets. Lists have none.
pub(super) fn push_scalar(sql: &mut Sql, name: &Name) -> Result<(), StoreError> {
    match kept(name)? {
        Kept::Field { column: "item", .. } => Err(not_answerable(format!(
            "one value of `{name}`: it is a list"
        ))),
        Kept::Column { sql: column, .. } => {
            sql.push(column);
            Ok(())
        }
        Kept::Field { name, column } => {
            sql.push(&format!("(select f.{column} from ticket_fields f where f.tenant_id = $1 and f.ticket_id = tickets.id and f.field = "));
            sql.value(Arg::text(name));
            sql.push(" and f.place = 0)");
            Ok(())
        }
    }
}

/// A constant as a parameter for comparisons with a name of that kind; none where it is null.
pub(super) fn constant(
    term: &Term,
    kind: Type,
    bindings: &Bindings,
) -> Result<Option<Arg>, StoreError> {
    Ok(Some(match term {
        Term::Name(name) => {
            return Err(not_answerable(format!("`{name}` where a value is needed")));
        }
        Term::Me => Arg::bytes(bindings.my_id()),
        Term::Now(plus) => Arg::Int(Some(bindings.now.0.saturating_add(*plus))),
        Term::Literal(literal) => match literal {
            Literal::Null => return Ok(None),
            Literal::Text(text) if kind == Type::Id => {
                Arg::bytes(Uuid::try_parse(text).map_err(|_| not_answerable(term))?)
            }
            Literal::Text(text) => Arg::text(text),
            Literal::Integer(integer) => Arg::Int(Some(*integer)),
            Literal::Number(number) => Arg::Real(Some(*number)),
            Literal::Boolean(boolean) => Arg::Int(Some((*boolean).into())),
            Literal::Instant(Timestamp(at)) => Arg::Int(Some(*at)),
        },
    }))
}

/// A value of a ticket as a parameter; none where it is null, or is a list.
pub(super) fn parameter(value: &Value, kind: Type) -> Option<Arg> {
    match (value, kind) {
        (Value::Text(text), Type::Id) => Uuid::try_parse(text).ok().map(Arg::bytes),
        (Value::Text(text), _) => Some(Arg::text(text)),
        (Value::Integer(integer), _) => Some(Arg::Int(Some(*integer))),
        (Value::Number { number }, _) => Some(Arg::Real(Some(*number))),
        (Value::Boolean(boolean), _) => Some(Arg::Int(Some((*boolean).into()))),
        (Value::Instant { at }, _) => Some(Arg::Int(Some(at.0))),
        (Value::None | Value::Texts(_) | Value::Json { .. }, _) => None,
    }
}
