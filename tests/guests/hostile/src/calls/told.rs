//! What the host answered, as JSON.

use guichet_sdk::{
    Actor, Attachment, Body, Error, Event, Page, Value,
    customers_read::Customer,
    directory_read::Person,
    records::{Document, Documents},
    tickets_read::{Link, Message, Participant, Ticket},
};
use serde_json::{Value as Json, json};

pub(super) fn error(error: &Error) -> Json {
    match error {
        Error::Denied(text) => json!({ "denied": text }),
        Error::NotFound(text) => json!({ "not-found": text }),
        Error::Invalid(text) => json!({ "invalid": text }),
        Error::Conflict(text) => json!({ "conflict": text }),
        Error::Limit(text) => json!({ "limit": text }),
        Error::Unavailable(text) => json!({ "unavailable": text }),
        Error::Other((kind, text)) => json!({ "other": [kind, text] }),
    }
}

pub(super) fn value(value: &Value) -> Json {
    match value {
        Value::None => Json::Null,
        Value::Text(text) => text.as_str().into(),
        Value::Integer(integer) => (*integer).into(),
        Value::Number(number) => (*number).into(),
        Value::Boolean(boolean) => (*boolean).into(),
        Value::Instant(at) => (*at).into(),
        Value::Texts(texts) => texts.clone().into(),
        Value::Json(text) | Value::Other((_, text)) => text.as_str().into(),
    }
}

pub(crate) fn rows(rows: &[Vec<Value>]) -> Json {
    rows.iter()
        .map(|row| row.iter().map(value).collect::<Json>())
        .collect()
}

pub(super) fn page(page: &Page) -> Json {
    json!({ "rows": rows(&page.rows), "next": page.next })
}

pub(super) fn document(document: &Document) -> Json {
    json!({ "key": document.key, "version": document.version, "body": document.body })
}

pub(super) fn documents(found: &Documents) -> Json {
    let items = found.items.iter();
    json!({ "items": items.map(document).collect::<Json>(), "next": found.next })
}

fn actor(actor: &Actor) -> Json {
    json!([actor.kind, actor.id])
}

pub(super) fn attachment(attachment: &Attachment) -> Json {
    json!({ "file": attachment.file, "name": attachment.name, "size": attachment.size })
}

pub(super) fn message(message: &Message) -> Json {
    let fields = message.fields.iter();
    json!({
        "id": message.id,
        "at": message.at,
        "author": actor(&message.author),
        "visibility": message.visibility,
        "text": message.text,
        "attachments": message.attachments.iter().map(attachment).collect::<Json>(),
        "fields": fields.map(|field| json!([field.name, value(&field.value)])).collect::<Json>(),
    })
}

pub(super) fn links(links: &[Link]) -> Json {
    links
        .iter()
        .map(|link| json!([link.relation, link.ticket]))
        .collect()
}

pub(super) fn participants(participants: &[Participant]) -> Json {
    participants
        .iter()
        .map(|part| json!([part.role, actor(&part.who), part.until]))
        .collect()
}

pub(super) fn ticket(ticket: &Ticket) -> Json {
    json!({
        "id": ticket.id(),
        "number": ticket.number(),
        "version": ticket.version(),
        "kind": ticket.kind(),
        "state": ticket.state(),
        "subject": ticket.subject(),
        "requester": ticket.requester(),
        "tags": ticket.tags(),
        "links": links(&ticket.links()),
    })
}

pub(super) fn customer(customer: &Customer) -> Json {
    json!({
        "id": customer.id(),
        "version": customer.version(),
        "name": customer.name(),
        "groups": customer.groups(),
        "identities": customer.identities(),
    })
}

pub(super) fn person(person: &Person) -> Json {
    json!({
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "active": person.active,
        "extra": person.extra.iter().map(|field| json!([field.name, value(&field.value)])).collect::<Json>(),
    })
}

pub(super) fn event(event: &Event) -> Json {
    let changes = event.changes.iter();
    json!({
        "sequence": event.sequence,
        "kind": event.kind,
        "at": event.at,
        "actor": actor(&event.actor),
        "ticket": event.ticket,
        "ticket_version": event.ticket_version,
        "customer": event.customer,
        "changes": changes.map(|change| json!([change.name, value(&change.old), value(&change.new)])).collect::<Json>(),
        "data": event.data,
    })
}

pub(super) fn body(body: &Body) -> Json {
    match body {
        Body::Bytes(bytes) => String::from_utf8_lossy(bytes).into(),
        Body::File(id) => json!({ "file": id }),
        Body::Other((kind, _)) => kind.as_str().into(),
    }
}
