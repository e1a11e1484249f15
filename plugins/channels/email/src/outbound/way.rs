//! To the mailbox's server (SMTP), and what became of the mail there.

use super::{prepare::Prepared, reason};
use crate::{
    server::{ANSWER_MS_MAX, Place},
    settings::{Mailbox, Settings},
    smtp::{self, Outcome},
};
use guichet_sdk::{Error, NotCarried};

/// What became of a mail that was handed over.
pub(super) enum Handed {
    /// The server has it; for whom else it did not take it.
    Taken(Option<String>),
    /// The server has it for those in copy, and not for the requester.
    NotToRequester(String),
    /// There is none.
    NoServer,
}

/// Hands a mail to the server of its mailbox.
///
/// # Errors
/// [`NotCarried`], with what is to become of it.
pub(super) fn hand_over(settings: &Settings, prepared: &Prepared) -> Result<Handed, NotCarried> {
    let mailbox = settings.mailbox(&prepared.mailbox);
    let Some(mailbox) = mailbox.filter(|mailbox| !mailbox.outgoing.host.is_empty()) else {
        return Ok(Handed::NoServer);
    };
    let to = prepared.to.as_str();
    let later = |code: &str, error: &Error| {
        NotCarried::Retry((None, reason(code, &error.to_string(), Some(to))))
    };
    let place = place(mailbox);
    let credentials = place
        .credentials(mailbox)
        .map_err(|error| later("unauthorized", &error))?;
    let socket = place
        .connect()
        .map_err(|error| later("unreachable", &error))?;
    let server = smtp::Server {
        own_name: own_name(mailbox),
        security: place.security(),
        credentials,
        timeout_milliseconds: ANSWER_MS_MAX,
    };
    let mail = smtp::Mail {
        sender: &prepared.sender,
        recipients: &prepared.recipients,
        content: &prepared.raw,
    };
    came_of(smtp::send(socket, &server, &mail), to)
}

fn place(mailbox: &Mailbox) -> Place<'_> {
    let outgoing = &mailbox.outgoing;
    Place {
        host: &outgoing.host,
        port: outgoing.port,
        security: outgoing.security,
        user: &outgoing.user,
        kept_as: "outgoing",
    }
}

/// What we call ourselves: the mailbox's domain.
fn own_name(mailbox: &Mailbox) -> String {
    let domain = mailbox.address.rsplit_once('@').map(|(_, domain)| domain);
    domain.unwrap_or("localhost").trim().to_lowercase()
}

fn came_of(outcome: Outcome, to: &str) -> Result<Handed, NotCarried> {
    let of = |code: &str, text: &str| reason(code, text, Some(to));
    match outcome {
        Outcome::Sent { refused } => {
            let told: Vec<_> = refused
                .iter()
                .map(|one| format!("{}: {}", one.address, one.reason))
                .collect();
            let told = format!("not taken for {}", told.join("; "));
            Ok(if refused.iter().any(|one| one.address == to) {
                Handed::NotToRequester(told)
            } else {
                Handed::Taken((!refused.is_empty()).then_some(told))
            })
        }
        Outcome::Temporary(reason) => {
            Err(NotCarried::Retry((None, of("later", &reason.to_string()))))
        }
        Outcome::Permanent(reason) => Err(NotCarried::GiveUp(of("refused", &reason.to_string()))),
        Outcome::Unknown { text } => Err(NotCarried::Unknown(of("unknown", &text))),
        // Both are for an admin to mend: the mail goes once that is done.
        Outcome::Unauthorized(reason) => Err(NotCarried::Retry((
            None,
            of("unauthorized", &reason.to_string()),
        ))),
        Outcome::NoTls(reason) => Err(NotCarried::Retry((None, of("no-tls", &reason.to_string())))),
    }
}
