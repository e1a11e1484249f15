//! E-mail: mails of mailboxes (IMAP), or raw ones over HTTP, become tickets and replies; answers go out as mails (SMTP).

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

/// Connections to servers, as the platform gives them.
pub mod wire;

/// The way out: a mail is handed to a server.
pub mod smtp;

/// The way in: mails are fetched from a server.
pub mod imap;

/// A mailbox's servers.
mod server;

/// What is remembered.
mod records;

/// From a mail to a ticket, a reply, or the suspended queue.
mod inbound;

/// Mails that wait in mailboxes.
mod collect;

/// From an answer to a mail.
pub mod outbound;

/// What admins see.
mod shown;

use guichet_sdk::{
    Body, Channel, Error, Event, EventHandler, Failure, Job, JobHandler, NotCarried, Outbound,
    Receipt, Request, RequestHandler, Response, ViewContext, Views,
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
        inbound::recovered(&event)
    }
}

impl JobHandler for Email {
    fn run(job: Job) -> Result<(), Failure> {
        let again = |error: Error| Failure::Retry((None, error.to_string()));
        match job.name.as_str() {
            outbound::ACKNOWLEDGE => outbound::acknowledge(&job.payload).map_err(again),
            collect::COLLECT => collect::all().map_err(again),
            collect::FETCH => collect::fetch(&job.payload, job.attempt),
            collect::APART => collect::fetch_apart(&job.payload, job.attempt),
            collect::RECEIVE => inbound::receive(&job.payload).map_err(again),
            name => Err(Failure::GiveUp(format!("there is no job `{name}`"))),
        }
    }
}

impl Channel for Email {
    fn deliver(message: Outbound) -> Result<Receipt, NotCarried> {
        outbound::deliver(&message)
    }
}

impl Views for Email {
    fn render(context: ViewContext) -> Result<String, Error> {
        shown::mailboxes(&context.locale)
    }

    fn act(_: ViewContext, action: String, _: String) -> Result<String, Error> {
        Err(Error::NotFound(format!("there is no action `{action}`")))
    }
}

guichet_sdk::export_views!(Email);
guichet_sdk::export_channel!(Email);
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
