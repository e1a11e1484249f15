//! From the core's types to the contract's, and back.

use crate::limits::JSON_DEPTH_MAX;
use crate::{
    bindings::{
        guard_point::exports::guichet::platform::guard as wit_guard,
        guichet::platform::{tickets_read, types as wit},
        job_point::exports::guichet::platform::job_handler as wit_job,
        request_point::exports::guichet::platform::request_handler as wit_request,
    },
    invoke::{Body, JobFailure, Request, Response},
};
use guichet_core::{
    actor::{Actor, ActorKind},
    event::{Event, EventDraft},
    job::Job,
    message::{Attachment, Message, Visibility},
    time::Timestamp,
    value::{Change, Field, Value},
};
use std::str::FromStr;

pub(crate) fn instant(at: Timestamp) -> u64 {
    u64::try_from(at.0).unwrap_or(0)
}

pub(crate) fn instant_from(at: u64) -> Result<Timestamp, wit::Error> {
    i64::try_from(at)
        .map(Timestamp)
        .map_err(|_| invalid("an instant beyond the year 294,000"))
}

pub(crate) fn value(value: &Value) -> wit::Value {
    match value {
        Value::None => wit::Value::None,
        Value::Boolean(boolean) => wit::Value::Boolean(*boolean),
        Value::Integer(integer) => wit::Value::Integer(*integer),
        Value::Text(text) => wit::Value::Text(text.clone()),
        Value::Texts(texts) => wit::Value::Texts(texts.clone()),
        Value::Instant { at } => wit::Value::Instant(instant(*at)),
        Value::Number { number } => wit::Value::Number(*number),
        Value::Json { json } => wit::Value::Json(json.to_string()),
    }
}

pub(crate) fn rows(rows: &[Vec<Value>]) -> Vec<Vec<wit::Value>> {
    rows.iter()
        .map(|row| row.iter().map(value).collect())
        .collect()
}

/// A JSON text of a plugin.
pub(crate) fn json(text: &str) -> Result<serde_json::Value, wit::Error> {
    let json = serde_json::from_str(text)
        .map_err(|error| invalid(&format!("this is not JSON: {error}")))?;
    match guichet_package::json::is_deeper(&json, JSON_DEPTH_MAX) {
        false => Ok(json),
        true => Err(invalid(&format!(
            "this JSON has more than {JSON_DEPTH_MAX} levels"
        ))),
    }
}

pub(crate) fn value_from(value: wit::Value) -> Result<Value, wit::Error> {
    Ok(match value {
        wit::Value::None => Value::None,
        wit::Value::Boolean(boolean) => Value::Boolean(boolean),
        wit::Value::Integer(integer) => Value::Integer(integer),
        wit::Value::Text(text) => Value::Text(text),
        wit::Value::Texts(texts) => Value::Texts(texts),
        wit::Value::Instant(at) => Value::Instant {
            at: instant_from(at)?,
        },
        wit::Value::Number(number) if number.is_finite() => Value::Number { number },
        wit::Value::Number(_) => return Err(invalid("a number is finite")),
        wit::Value::Json(text) => Value::Json { json: json(&text)? },
        wit::Value::Other((kind, _)) => {
            return Err(invalid(&format!(
                "values of the kind `{kind}` are not known"
            )));
        }
    })
}

pub(crate) fn fields_from(fields: Vec<wit::Field>) -> Result<Vec<Field>, wit::Error> {
    fields
        .into_iter()
        .map(|field| {
            Ok(Field {
                name: field.name,
                value: value_from(field.value)?,
            })
        })
        .collect()
}

fn fields(fields: &[Field]) -> Vec<wit::Field> {
    fields
        .iter()
        .map(|field| wit::Field {
            name: field.name.clone(),
            value: value(&field.value),
        })
        .collect()
}

fn change(change: &Change) -> wit::Change {
    wit::Change {
        name: change.name.clone(),
        old: value(&change.old),
        new: value(&change.new),
    }
}

pub(crate) fn actor(actor: Actor) -> wit::Actor {
    wit::Actor {
        kind: actor.kind.name().to_owned(),
        id: actor.id.to_string(),
    }
}

pub(crate) fn actor_from(actor: &wit::Actor) -> Result<Actor, wit::Error> {
    let kind = ActorKind::parse(&actor.kind)
        .ok_or_else(|| invalid(&format!("there is no actor of the kind `{}`", actor.kind)))?;
    Ok(Actor {
        kind,
        id: actor
            .id
            .parse()
            .map_err(|_| invalid("the actor's id is none"))?,
    })
}

/// An id from a guest. One that cannot be read is as unknown as any other.
pub(crate) fn id<Id: FromStr>(what: &str, text: &str) -> Result<Id, wit::Error> {
    text.parse().map_err(|_| {
        wit::Error::NotFound(format!(
            "{what} {} is not known here",
            text.chars().take(64).collect::<String>()
        ))
    })
}

pub(crate) fn invalid(what: &str) -> wit::Error {
    wit::Error::Invalid(what.to_owned())
}

pub(crate) fn event(event: &Event, redelivered: bool) -> wit::Event {
    let draft = &event.draft;
    wit::Event {
        sequence: event.sequence,
        kind: draft.kind.clone(),
        at: instant(draft.at),
        actor: actor(draft.actor),
        ticket: draft.ticket.map(|id| id.to_string()),
        ticket_version: draft.ticket_version,
        customer: draft.customer.map(|id| id.to_string()),
        changes: draft.changes.iter().map(change).collect(),
        data: draft.data.to_string(),
        root: event.root(),
        depth: draft.origin.depth,
        redelivered,
        extra: Vec::new(),
    }
}

/// A change that is to be committed, as a guard sees it.
pub(crate) fn proposal(draft: &EventDraft, by: Actor) -> wit_guard::Proposal {
    wit_guard::Proposal {
        kind: draft.kind.clone(),
        ticket: draft.ticket.map(|id| id.to_string()),
        actor: actor(by),
        changes: draft.changes.iter().map(change).collect(),
        data: draft.data.to_string(),
        extra: Vec::new(),
    }
}

pub(crate) fn attachment(attachment: &Attachment) -> wit::Attachment {
    wit::Attachment {
        file: attachment.file.to_string(),
        name: attachment.name.clone(),
        media_type: attachment.media_type.clone(),
        size: attachment.size,
        inline_id: attachment.inline_id.clone(),
        extra: Vec::new(),
    }
}

fn attachment_from(attachment: wit::Attachment) -> Result<Attachment, wit::Error> {
    Ok(Attachment {
        file: id("file", &attachment.file)?,
        name: attachment.name.chars().take(255).collect(),
        media_type: attachment.media_type.chars().take(127).collect(),
        size: attachment.size,
        inline_id: attachment.inline_id,
    })
}

pub(crate) fn message(message: &Message) -> tickets_read::Message {
    let draft = &message.draft;
    tickets_read::Message {
        id: draft.id.to_string(),
        at: instant(message.at),
        author: actor(draft.author),
        visibility: draft.visibility.name().to_owned(),
        text: draft.text.clone(),
        attachments: draft.attachments.iter().map(attachment).collect(),
        fields: fields(&draft.fields),
    }
}

pub(crate) fn visibility(name: &str) -> Result<Visibility, wit::Error> {
    Visibility::parse(name).ok_or_else(|| invalid("visibility is public or internal"))
}

pub(crate) fn attachments_from(
    attachments: Vec<wit::Attachment>,
) -> Result<Vec<Attachment>, wit::Error> {
    attachments.into_iter().map(attachment_from).collect()
}

pub(crate) fn job(job: &Job, idempotency_key: String) -> wit_job::Job {
    wit_job::Job {
        id: job.id.to_string(),
        name: job.name.clone(),
        payload: job.payload.clone(),
        due_at: instant(job.due_at),
        attempt: job.attempt,
        idempotency_key,
        extra: Vec::new(),
    }
}

pub(crate) fn job_failure(failure: wit_job::Failure) -> (JobFailure, String) {
    match failure {
        wit_job::Failure::Retry((seconds, reason)) => (JobFailure::Retry(seconds), reason),
        wit_job::Failure::GiveUp(reason) => (JobFailure::GiveUp, reason),
        wit_job::Failure::Other((kind, reason)) => {
            (JobFailure::Retry(None), format!("{kind}: {reason}"))
        }
    }
}

pub(crate) fn request(request: Request) -> wit_request::Request {
    wit_request::Request {
        method: request.method,
        url: request.url,
        path: request.path,
        query: request.query,
        headers: request.headers,
        remote_address: request.remote_address,
        body: match request.body {
            Body::Bytes(bytes) => wit::Body::Bytes(bytes),
            Body::File(id) => wit::Body::File(id.to_string()),
        },
        viewer: request.viewer.map(actor),
        extra: Vec::new(),
    }
}

pub(crate) fn response(response: wit_request::Response) -> Result<Response, wit::Error> {
    let body = match response.body {
        wit::Body::Bytes(bytes) => Body::Bytes(bytes),
        wit::Body::File(file) => Body::File(id("file", &file)?),
        wit::Body::Other((kind, _)) => {
            return Err(invalid(&format!(
                "bodies of the kind `{kind}` are not known"
            )));
        }
    };
    Ok(Response {
        status: response.status,
        headers: response.headers,
        body,
    })
}

/// An error of a plugin, for people.
pub(crate) fn error_text(error: &wit::Error) -> String {
    match error {
        wit::Error::Denied(text) => format!("denied: {text}"),
        wit::Error::NotFound(text) => format!("not found: {text}"),
        wit::Error::Invalid(text) => format!("invalid: {text}"),
        wit::Error::Conflict(text) => format!("conflict: {text}"),
        wit::Error::Limit(text) => format!("limit: {text}"),
        wit::Error::Unavailable(text) => format!("unavailable: {text}"),
        wit::Error::Other((kind, text)) => format!("{kind}: {text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_of_thirty_two_levels_is_taken_and_of_thirty_three_is_not() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(json(&nested(JSON_DEPTH_MAX)).is_ok());
        assert!(json(&nested(JSON_DEPTH_MAX + 1)).is_err());
        assert!(json(&nested(127)).is_err());
        assert!(json("{\"a\": [1, {\"b\": null}]}").is_ok());
        assert!(json("{").is_err());
    }
}
