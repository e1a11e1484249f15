//! Where a page ended: the values of its last ticket in the list's order. Opaque to callers; one of another list, or one that was tampered with, is refused.
//!
//! A cursor is no key to anything: the rights of whoever asks are part of the statement that it goes into.

use super::{column::parameter, page::SortKey};
use crate::{db::Arg, error::StoreError, limits::CURSOR_BYTES_MAX};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use guichet_core::{id::TicketId, ticket::Ticket, time::Timestamp, value::Value};
use guichet_expression::{Row, Type};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The last ticket of a page.
#[derive(Debug, Serialize, Deserialize)]
struct Last {
    /// The order of the list, as text.
    order: String,
    values: Vec<Value>,
    id: Uuid,
}

fn order_of(sort: &[SortKey]) -> String {
    let keys = sort.iter().map(|key| {
        let sign = if key.descending { "-" } else { "" };
        format!("{sign}{}", key.name)
    });
    keys.collect::<Vec<_>>().join(",")
}

/// A cursor behind this ticket.
pub(super) fn after(ticket: &Ticket, sort: &[SortKey]) -> Result<String, StoreError> {
    let last = Last {
        order: order_of(sort),
        values: sort.iter().map(|key| ticket.value(&key.name)).collect(),
        id: ticket.id.0,
    };
    let text = serde_json::to_vec(&last).map_err(|error| StoreError::Invalid(error.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(text))
}

/// The values behind which the next page begins, null where the last ticket had none, and the last ticket.
pub(super) fn read(
    cursor: &str,
    sort: &[SortKey],
) -> Result<(Vec<Option<Arg>>, TicketId), StoreError> {
    let none = || {
        StoreError::Invalid(
            "the cursor is none that this list gave: ask for the first page without one".to_owned(),
        )
    };
    if cursor.len() > CURSOR_BYTES_MAX {
        return Err(none());
    }
    let text = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| none())?;
    let last: Last = serde_json::from_slice(&text).map_err(|_| none())?;
    let fits = |(key, value): (&SortKey, &Value)| match (key.name.kind, value) {
        (_, Value::None)
        | (Type::Text | Type::Id, Value::Text(_))
        | (Type::Integer, Value::Integer(_))
        | (Type::Boolean, Value::Boolean(_))
        | (Type::Instant, Value::Instant { at: Timestamp(_) }) => true,
        (Type::Number, Value::Number { number }) => number.is_finite(),
        _ => false,
    };
    if last.order != order_of(sort)
        || last.values.len() != sort.len()
        || !sort.iter().zip(&last.values).all(fits)
    {
        return Err(none());
    }
    let values = sort.iter().zip(&last.values);
    let values = values.map(|(key, value)| match value {
        Value::None => Ok(None),
        value => parameter(value, key.name.kind).map(Some).ok_or_else(none),
    });
    Ok((values.collect::<Result<_, _>>()?, TicketId(last.id)))
}
