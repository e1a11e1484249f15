//! @title@: messages over HTTP become tickets and replies.

use guichet_sdk::{
    Actor, Body, Error, MessageDraft, Request, RequestHandler, Response, TicketDraft,
    customers_write, intake, records, text_field,
};
use serde::Deserialize;
use serde_json::json;

/// The collection that remembers conversations: their names, and the ids of their tickets.
const CONVERSATIONS: &str = "conversations";

/// What the outside sends.
#[derive(Deserialize)]
struct Incoming {
    /// Names the conversation: its first message makes the ticket, the others are replies.
    conversation: String,
    name: String,
    email: String,
    text: String,
}

struct Plugin;

impl RequestHandler for Plugin {
    fn handle(request: Request) -> Result<Response, Error> {
        let Body::Bytes(body) = request.body else {
            return Ok(answer(
                413,
                &json!({ "detail": "a message has at most 1 MiB" }),
            ));
        };
        match serde_json::from_slice::<Incoming>(&body) {
            Ok(incoming) => take_in(&incoming),
            Err(error) => Ok(answer(422, &json!({ "detail": error.to_string() }))),
        }
    }
}

guichet_sdk::export_request_handler!(Plugin);

fn take_in(incoming: &Incoming) -> Result<Response, Error> {
    let identity = format!("mailto:{}", incoming.email.to_lowercase());
    let name = text_field("name", incoming.name.as_str());
    let customer = customers_write::ensure(&[identity], false, &[name])?;
    let author = Actor {
        kind: "customer".to_owned(),
        id: customer.clone(),
    };
    let message = MessageDraft {
        visibility: "public".to_owned(),
        text: incoming.text.clone(),
        html: None,
        attachments: Vec::new(),
        fields: Vec::new(),
    };
    if let Some(known) = records::get(CONVERSATIONS, &incoming.conversation)? {
        let ticket: String =
            serde_json::from_str(&known.body).map_err(|error| Error::Invalid(error.to_string()))?;
        let ticket = intake::add_message(&ticket, &message, &author)?;
        return Ok(answer(200, &json!({ "ticket": ticket })));
    }
    let draft = TicketDraft {
        subject: incoming
            .text
            .lines()
            .next()
            .unwrap_or("…")
            .chars()
            .take(80)
            .collect(),
        requester: customer,
        first_message: Some(message),
        fields: Vec::new(),
    };
    let ticket = intake::create(&draft, &author)?;
    // Version 0: it must not be there yet. Whoever comes second at the same moment is run again, and replies.
    records::put(
        CONVERSATIONS,
        &incoming.conversation,
        &json!(ticket).to_string(),
        Some(0),
    )?;
    Ok(answer(201, &json!({ "ticket": ticket })))
}

fn answer(status: u16, body: &serde_json::Value) -> Response {
    Response {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: Body::Bytes(body.to_string().into_bytes()),
        extra: Vec::new(),
    }
}
