//! E-mail: raw mails over HTTP become tickets and replies.

/// What a mail says, read without trusting it.
pub mod mail;

/// Whether a machine wrote it, and what follows.
pub mod automatic;

/// From a mail to a ticket or a reply.
mod inbound;

use guichet_sdk::{Body, Error, Request, RequestHandler, Response};

struct Email;

impl RequestHandler for Email {
    fn handle(request: Request) -> Result<Response, Error> {
        match (request.method.as_str(), request.path.as_str()) {
            ("POST", "/inbound") => inbound::take(request.body),
            (_, "/inbound") => Ok(problem(405, "send the raw mail with POST")),
            _ => Ok(problem(404, "there is only /inbound")),
        }
    }
}

guichet_sdk::export_request_handler!(Email);

fn problem(status: u16, detail: &str) -> Response {
    let body = serde_json::json!({ "type": "about:blank", "status": status, "detail": detail });
    respond(status, "application/problem+json", &body)
}

fn respond(status: u16, media_type: &str, body: &serde_json::Value) -> Response {
    Response {
        status,
        headers: vec![("content-type".to_owned(), media_type.to_owned())],
        body: Body::Bytes(body.to_string().into_bytes()),
        extra: Vec::new(),
    }
}
