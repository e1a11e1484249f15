//! From a mail to a ticket, a reply, or a place in the suspended queue. All effects are committed together, before the answer is sent.

/// To which of our mailboxes it came.
mod arrival;

/// Why it must not become a ticket by itself.
mod admission;

/// Who sent it, among those we know.
mod sender;

/// The message that it becomes.
mod draft;

/// A ticket of its own.
mod create;

/// A reply on a ticket.
mod append;

/// What a mail server reports.
mod bounce;

/// What comes out of the queue after all.
mod recovery;

use crate::{
    authentic::{self, Claim},
    automatic::{self, Automatic},
    mail::{self, Mail, address::Address},
    marks::Keys,
    matching::{self, Clue},
    problem,
    rates::{Counted, Window},
    records, respond,
    settings::Settings,
};
pub(crate) use append::trimmed;
use arrival::{Arrival, Source};
use guichet_sdk::{
    Error, MessageDraft, Request, Response, clock, explain, files, log, tickets_read,
    typed_settings,
};
pub(crate) use recovery::recovered;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::cell::OnceCell;

/// The customer's field that says why mail does not reach him.
pub(crate) const fn sender_field() -> &'static str {
    sender::UNDELIVERABLE
}

/// Our own mails that come back and are kept, in one window; more of them are dropped.
const ECHOES_KEPT: u64 = 20;

/// What became of a mail.
pub(crate) enum Fate {
    Created(String),
    Appended(String),
    /// It rests in the queue until somebody looks at it.
    Suspended(String, &'static str),
    /// It stands on this ticket already.
    Duplicate(String),
    /// One of many of our own that came back.
    Dropped,
}

/// A mail, and all that decides what becomes of it.
pub(crate) struct Case<'x> {
    pub(crate) settings: &'x Settings,
    pub(crate) keys: &'x Keys,
    pub(crate) arrival: &'x Arrival,
    pub(crate) mail: &'x Mail<'x>,
    pub(crate) source: Source<'x>,
    /// A digest of what it says, whatever way it took.
    pub(crate) content: &'x str,
    pub(crate) automatic: Automatic,
    /// Who wrote it: From, or Reply-To of a contact form.
    pub(crate) sender: Address,
    pub(crate) claim: Claim,
    /// Microseconds since 1970.
    pub(crate) now: u64,
    pub(crate) window: Window,
    /// What it becomes: its files are kept once, whatever is tried with it.
    drafted: OnceCell<MessageDraft>,
}

/// A mail out of a mailbox, as the job that takes it in keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fetched {
    pub(crate) file: String,
    pub(crate) mailbox: String,
    /// It is larger than mails may be, or could not be fetched to its end: only its beginning is kept.
    #[serde(default)]
    pub(crate) is_cut: bool,
}

/// Takes a mail in that was fetched out of a mailbox.
pub(crate) fn receive(payload: &str) -> Result<(), Error> {
    let fetched: Fetched =
        serde_json::from_str(payload).map_err(|error| Error::Invalid(error.to_string()))?;
    let settings: Settings = typed_settings()?;
    let raw = arrival::whole_file(&fetched.file)?;
    let mail = mail::read(&raw);
    let arrival = Arrival::at(&fetched.mailbox, &settings);
    let way = match fetched.is_cut {
        true => Way::TooLarge,
        false => Way::Open,
    };
    let source = Some(fetched.file.clone());
    match admit(&settings, &raw, source, &mail, &arrival, way)? {
        // Nothing names its source.
        Fate::Duplicate(_) | Fate::Dropped => files::delete(&fetched.file),
        _ => Ok(()),
    }
}

/// Whether a mail may become a ticket.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Open,
    TooLarge,
}

/// Takes a mail in that was posted.
pub(crate) fn take(request: Request) -> Result<Response, Error> {
    let settings: Settings = typed_settings()?;
    let (raw, source) = match arrival::raw(request.body)? {
        Ok(raw) => raw,
        Err(refusal) => return Ok(refusal),
    };
    if raw.iter().all(u8::is_ascii_whitespace) {
        let detail =
            "the body is empty: send the raw mail, for instance with curl --data-binary @mail.eml";
        return Ok(problem(400, detail));
    }
    let mail = mail::read(&raw);
    let Some(arrival) = Arrival::of(&request.path, &request.query, &mail, &settings) else {
        return Ok(problem(
            404,
            "there is no such mailbox: add it to the settings of the plugin",
        ));
    };
    admit(&settings, &raw, source, &mail, &arrival, Way::Open).map(|fate| answer(&fate))
}

/// Decides what becomes of a mail, and remembers it.
fn admit(
    settings: &Settings,
    raw: &[u8],
    source: Option<String>,
    mail: &Mail<'_>,
    arrival: &Arrival,
    way: Way,
) -> Result<Fate, Error> {
    let content = arrival::content(mail, raw);
    let message_id = mail
        .message_id
        .clone()
        .unwrap_or_else(|| format!("content:{content}"));
    let known = records::known(&arrival.address, &message_id)?;
    if let Some(known) = known.as_ref().filter(|known| known.seen.contains(&content)) {
        return Ok(Fate::Duplicate(known.ticket.clone()));
    }
    let keys = records::keys(settings.key_generation)?;
    let source = Source::of(raw, source);
    let case = Case::of(
        settings,
        &keys,
        arrival,
        mail,
        source,
        &content,
        clock::now(),
    );
    let fate = match way {
        Way::Open => case.admit().or_else(|error| case.suspend_refused(error))?,
        Way::TooLarge => case.suspend("too_large")?,
    };
    if let Fate::Created(ticket)
    | Fate::Appended(ticket)
    | Fate::Suspended(ticket, _)
    | Fate::Duplicate(ticket) = &fate
    {
        records::remember(&arrival.address, &message_id, ticket, &content, known)?;
    }
    Ok(fate)
}

impl<'x> Case<'x> {
    fn of(
        settings: &'x Settings,
        keys: &'x Keys,
        arrival: &'x Arrival,
        mail: &'x Mail<'x>,
        source: Source<'x>,
        content: &'x str,
        now: u64,
    ) -> Self {
        let is_ours = |address: &str| settings.is_ours(address);
        let trusted = &settings.authentication.trusted_servers;
        Self {
            settings,
            keys,
            arrival,
            automatic: automatic::classify(mail, &is_ours),
            claim: authentic::claim(&mail.head, mail.from_address(), trusted),
            sender: arrival.sender(mail),
            now,
            window: Window::at(now, settings.rates.window_minutes),
            mail,
            source,
            content,
            drafted: OnceCell::new(),
        }
    }
}

impl Case<'_> {
    fn admit(&self) -> Result<Fate, Error> {
        if matching::is_own_echo(self.mail, self.keys) {
            let counted = Counted::new("echo", &self.arrival.address);
            if records::count(&counted, self.window)? < ECHOES_KEPT {
                return self.suspend("email_loop");
            }
            let id = self.mail.message_id.as_deref().unwrap_or("no Message-ID");
            log::write(
                "warn",
                &format!("dropped: more than {ECHOES_KEPT} of our own mails came back ({id})"),
            );
            return Ok(Fate::Dropped);
        }
        if let Some(report) = &self.mail.report {
            return self.bounce(report);
        }
        if let Some(reason) = self.suspicion()? {
            return self.suspend(reason);
        }
        if let Some((ticket, clue)) = self.thread()? {
            explain::because(
                "threading",
                &json!({ "found": ticket, "by": clue.name() }).to_string(),
            );
            if let Some(fate) = self.append(&ticket)? {
                return Ok(fate);
            }
            // What takes no more (deleted, suspended) is not written to: what is asked now is a ticket of its own.
        }
        match self.suspicion_of_new()? {
            Some(reason) => self.suspend(reason),
            None => self.create(),
        }
    }

    /// The ticket to which the first clue leads that leads to one.
    pub(crate) fn thread(&self) -> Result<Option<(String, Clue)>, Error> {
        for clue in matching::clues(self.mail, self.keys, self.settings.scan_body_for_tags) {
            let ticket = match &clue {
                Clue::Address(number) | Clue::Subject(number) | Clue::Body(number) => {
                    self.numbered(*number)?
                }
                Clue::OwnId(ticket) => Some(ticket.clone()),
                Clue::ForeignId(id) => {
                    records::known(&self.arrival.address, id)?.map(|known| known.ticket)
                }
            };
            if let Some(ticket) = ticket
                && let Some(present) = records::present(&ticket)?
            {
                return Ok(Some((present, clue)));
            }
        }
        Ok(None)
    }

    pub(crate) fn numbered(&self, number: u64) -> Result<Option<String>, Error> {
        match tickets_read::find(number) {
            Ok(ticket) => Ok(Some(ticket.id())),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn answer(fate: &Fate) -> Response {
    let (status, ticket, outcome, reason) = match fate {
        Fate::Created(ticket) => (201, Some(ticket), "created", None),
        Fate::Appended(ticket) => (201, Some(ticket), "appended", None),
        Fate::Suspended(ticket, reason) => (201, Some(ticket), "suspended", Some(*reason)),
        Fate::Duplicate(ticket) => (200, Some(ticket), "duplicate", None),
        Fate::Dropped => (200, None, "dropped", Some("email_loop")),
    };
    let is = |wanted: &str| outcome == wanted;
    let body = json!({
        "ticket": ticket, "outcome": outcome, "reason": reason,
        "appended": is("appended"), "suspended": is("suspended"), "duplicate": is("duplicate"),
    });
    respond(status, "application/json", &body)
}

#[cfg(test)]
mod tests;
