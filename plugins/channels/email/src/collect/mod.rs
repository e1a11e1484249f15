//! # Mails that wait in mailboxes
//!
//! - A **look** into a mailbox is a job: it fetches what is new, keeps each mail as a file, and asks for a job that takes it in. How far it came is committed
//!   with that: no mail is passed over, and none is fetched twice for good.
//! - What was fetched is **settled** at the next look, when it is safe here: marked as seen, or moved.
//! - A mail that may take longer than a job has time, or at which the server fails, is fetched **apart**, by jobs of its own: it holds up no other.
//!
//! A look ends by asking for the next one. Every minute a schedule looks whether that chain broke.

/// How far we are in a mailbox.
mod reading;

/// One look.
mod look;

/// A mail by itself.
mod apart;

/// What both ask of the desk.
mod keep;

use crate::settings::{Mailbox, Settings};
use apart::Apart;
use guichet_sdk::{Error, Failure, clock, jobs, typed_settings};
use keep::{Desk, Keep};
use reading::{Reading, name_of};
use serde::{Deserialize, Serialize};

/// The schedule's job.
pub(crate) const COLLECT: &str = "collect";

/// A look into one mailbox.
pub(crate) const FETCH: &str = "fetch";

/// A mail that is fetched apart.
pub(crate) const APART: &str = "fetch-apart";

/// A mail that is to be taken in.
pub(crate) const RECEIVE: &str = "receive";

/// Seconds after which a look that should have come is missing: longer than any look may take.
const MISSING_AFTER_SECONDS: u64 = 90;

/// Looks that follow at once while there is more; then others have a turn, for a second.
const IN_A_ROW_MAX: u32 = 10;

#[derive(Serialize, Deserialize)]
struct Wanted {
    mailbox: String,
    /// Looks before this one that found more than they could take.
    #[serde(default)]
    in_a_row: u32,
    /// How much care is to be taken, after looks that came to no end: the more, the less this one takes on.
    #[serde(default)]
    care: u32,
}

/// Sees to it that each mailbox is looked into.
pub(crate) fn all() -> Result<(), Error> {
    let settings: Settings = typed_settings()?;
    let now = clock::now();
    for mailbox in with_server(&settings) {
        let looked_at = looked_at(mailbox)?;
        if is_late(&settings, looked_at, now) {
            // One that should have come may have come to no end.
            let care = u32::from(looked_at.is_some());
            ask(mailbox, now, 0, care)?;
        }
    }
    Ok(())
}

/// When a mailbox was looked into last, in microseconds since 1970; nothing where it never was.
pub(crate) fn looked_at(mailbox: &Mailbox) -> Result<Option<u64>, Error> {
    Ok(Reading::of(mailbox)?.map(|reading| reading.looked_at))
}

/// Whether a look should have come by now.
pub(crate) fn is_late(settings: &Settings, looked_at: Option<u64>, now: u64) -> bool {
    let patience = settings.poll_seconds + MISSING_AFTER_SECONDS;
    now.saturating_sub(looked_at.unwrap_or(0)) > patience * 1_000_000
}

fn with_server(settings: &Settings) -> impl Iterator<Item = &Mailbox> {
    let mailboxes = settings.mailboxes.iter();
    mailboxes.filter(|mailbox| !mailbox.incoming.host.is_empty())
}

/// Asks for a look; one that waits already takes place at this time.
fn ask(mailbox: &Mailbox, at: u64, in_a_row: u32, care: u32) -> Result<(), Error> {
    let wanted = Wanted {
        mailbox: mailbox.address.clone(),
        in_a_row,
        care,
    };
    let payload =
        serde_json::to_string(&wanted).map_err(|error| Error::Invalid(error.to_string()))?;
    let key = format!("{FETCH}/{}", name_of(mailbox));
    jobs::enqueue(FETCH, &payload, Some(at), Some(&key)).map(drop)
}

/// One look into a mailbox, and the wish for the next.
pub(crate) fn fetch(payload: &str, attempt: u32) -> Result<(), Failure> {
    let wanted: Wanted =
        serde_json::from_str(payload).map_err(|error| Failure::GiveUp(error.to_string()))?;
    let settings: Settings = typed_settings().map_err(again)?;
    let found = with_server(&settings).find(|mailbox| mailbox.address == wanted.mailbox);
    // Taken out of the settings meanwhile.
    let Some(mailbox) = found else { return Ok(()) };
    let before = Reading::of(mailbox).map_err(again)?;
    // Most attempts that came to no end met a server that was away, which asks for no care: two of them count as one.
    let care = wanted.care.max(attempt / 2);
    let looked = look::look(mailbox, before, care).map_err(again)?;
    looked.reading.put(mailbox).map_err(again)?;
    let (wait_seconds, in_a_row, care) = match looked.is_more {
        true if wanted.in_a_row < IN_A_ROW_MAX => (0, wanted.in_a_row + 1, care.min(1)),
        true => (1, 0, care.min(1)),
        false => (settings.poll_seconds.max(1), 0, 0),
    };
    let at = clock::now() + wait_seconds * 1_000_000;
    ask(mailbox, at, in_a_row, care).map_err(again)
}

/// One job's work on a mail that is fetched apart.
pub(crate) fn fetch_apart(payload: &str, attempt: u32) -> Result<(), Failure> {
    let apart: Apart =
        serde_json::from_str(payload).map_err(|error| Failure::GiveUp(error.to_string()))?;
    let settings: Settings = typed_settings().map_err(again)?;
    let is_there =
        |mailbox: &&Mailbox| mailbox.address == apart.mailbox && name_of(mailbox) == apart.place;
    // Taken out of the settings meanwhile.
    let Some(mailbox) = with_server(&settings).find(is_there) else {
        return Ok(());
    };
    let Some(apart) = apart.clone().after(attempt) else {
        return apart.rest("no attempt at it came to an end", &mut Desk);
    };
    let mut session = match look::enter(mailbox) {
        Ok(session) => session,
        Err(error) => return apart.wait(&error, &mut Desk).map_err(again),
    };
    let mut open = match session.select(&mailbox.incoming.folder) {
        Ok(open) => open,
        Err(error) => return apart.wait(&look::failed(error), &mut Desk).map_err(again),
    };
    if open.uid_validity != apart.uid_validity {
        Desk.tell(
            "mails have other names than before: one that was fetched apart is looked for anew",
        );
    } else if apart.is_settling {
        look::settle(&mut open, &mailbox.incoming, &[apart.uid]);
    } else {
        apart.go_on(open, &mut Desk)?;
    }
    session.log_out();
    Ok(())
}

fn again(error: Error) -> Failure {
    Failure::Retry((None, error.to_string()))
}
