//! E-mail: raw mails over HTTP become tickets and replies; answers are composed as mails that wait for a way out.

/// Every bound.
pub mod limits;

/// Bytes as letters.
pub mod base32;

/// What a mail says, read without trusting it.
pub mod mail;

/// HTML, as text and made safe.
pub mod html;

/// Marks by which an answer finds its ticket.
pub mod marks;

/// Whether a machine wrote a mail, and what follows.
pub mod automatic;

/// Whether a sender is who it seems.
pub mod authentic;

/// To which ticket a mail belongs.
pub mod matching;

/// How often something happened lately.
pub mod rates;

/// What the admin sets.
pub mod settings;

/// What is remembered.
mod records;

/// From a mail to a ticket, a reply, or the suspended queue.
mod inbound;

/// From an answer to a mail.
pub mod outbound;

use guichet_sdk::{
    Body, Error, Event, EventHandler, Failure, Job, JobHandler, Request, RequestHandler, Response,
};

struct Email;

impl RequestHandler for Email {
    fn handle(request: Request) -> Result<Response, Error> {
        let is_inbound = request.path == "/inbound" || request.path.starts_with("/inbound/");
        match (request.method.as_str(), is_inbound) {
            ("POST", true) => inbound::take(request),
            (_, true) => Ok(problem(405, "send the raw mail with POST")),
            _ => Ok(problem(404, "there is only /inbound")),
        }
    }
}

impl EventHandler for Email {
    fn handle(event: Event) -> Result<(), Error> {
        inbound::recovered(&event)?;
        outbound::answer(&event)
    }
}

impl JobHandler for Email {
    fn run(job: Job) -> Result<(), Failure> {
        match job.name.as_str() {
            outbound::ACKNOWLEDGE => outbound::acknowledge(&job.payload)
                .map_err(|error| Failure::Retry((None, error.to_string()))),
            name => Err(Failure::GiveUp(format!("there is no job `{name}`"))),
        }
    }
}

guichet_sdk::export_request_handler!(Email);
guichet_sdk::export_event_handler!(Email);
guichet_sdk::export_job_handler!(Email);

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
