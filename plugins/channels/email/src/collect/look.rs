//! One look into a mailbox: what was fetched before is settled, what is new is kept.

use super::{
    apart::Apart,
    keep::{Desk, Keep},
    reading::{Reading, name_of},
};
use crate::{
    imap::{self, Account, Fetched, Overview, Session},
    inbound,
    limits::{
        CAREFUL_LOOK_BYTES_MAX, LOOK_BYTES_MAX, LOOK_MAILS_MAX, LOOK_OVERVIEWS_MAX, MAIL_BYTES_MAX,
    },
    server::{ANSWER_MS_MAX, Place, Socket},
    settings::{Earlier, Incoming, Mailbox},
    wire::Wire,
};
use guichet_sdk::{Error, log};

/// What a look came to.
pub(super) struct Looked {
    pub(super) reading: Reading,
    /// There is more to do at once: mails that wait, or that are to be settled.
    pub(super) is_more: bool,
}

/// Looks into a mailbox: with the care that earlier looks taught.
pub(super) fn look(mailbox: &Mailbox, before: Option<Reading>, care: u32) -> Result<Looked, Error> {
    let incoming = &mailbox.incoming;
    let mut session = enter(mailbox)?;
    let mut open = session.select(&incoming.folder).map_err(failed)?;
    let mut reading = present(before, &open, incoming.earlier);
    settle(&mut open, incoming, &reading.settling);
    reading.settling.clear();
    let is_complete = fetch_new(
        &mut open,
        mailbox,
        Pace::with(care),
        &mut reading,
        &mut Desk,
    )?;
    session.log_out();
    Ok(Looked {
        is_more: !is_complete || !reading.settling.is_empty(),
        reading,
    })
}

/// Up to where a mailbox's folders are.
pub(super) fn enter(mailbox: &Mailbox) -> Result<Session<Socket>, Error> {
    let incoming = &mailbox.incoming;
    let place = Place {
        host: &incoming.host,
        port: incoming.port,
        security: incoming.security,
        user: &incoming.user,
        kept_as: "incoming",
    };
    let credentials = place.credentials(mailbox)?.ok_or_else(|| {
        Error::Invalid("no user is set with whom to sign in to the mailbox".to_owned())
    })?;
    let account = Account {
        security: place.security(),
        credentials,
        timeout_milliseconds: ANSWER_MS_MAX,
    };
    imap::open(place.connect()?, &account).map_err(failed)
}

/// How much a look takes on.
#[derive(Debug, Clone, Copy)]
struct Pace {
    look_bytes: u64,
    /// Bytes of a mail that is not left to a job of its own.
    mail_bytes: u64,
}

impl Pace {
    /// With so much care.
    fn with(care: u32) -> Self {
        let care = usize::try_from(care).unwrap_or(usize::MAX);
        let (look_bytes, mail_bytes) = match care.checked_sub(1) {
            None => (LOOK_BYTES_MAX, u64::MAX),
            Some(at) => CAREFUL_LOOK_BYTES_MAX[at.min(CAREFUL_LOOK_BYTES_MAX.len() - 1)],
        };
        Self {
            look_bytes,
            mail_bytes,
        }
    }
}

/// How far we are; from the beginning where it is looked into for the first time, or where its mails have other names than before.
fn present<W>(before: Option<Reading>, open: &imap::Mailbox<'_, W>, earlier: Earlier) -> Reading {
    let newest = open.uid_next.map_or(0, |next| next.saturating_sub(1));
    let is_first = before.is_none();
    let before = before.unwrap_or_default();
    if before.uid_validity == open.uid_validity {
        return before;
    }
    match earlier {
        Earlier::None if is_first => before.anew(open.uid_validity, newest, 0),
        Earlier::All => before.anew(open.uid_validity, 0, 0),
        // Mails may have come between the last look and their new names: those are still unseen.
        Earlier::None | Earlier::Unseen => before.anew(open.uid_validity, 0, newest.max(1)),
    }
}

/// Marks or moves what is safe here. That it cannot is no reason to take nothing more in.
pub(super) fn settle<W: Wire>(open: &mut imap::Mailbox<'_, W>, incoming: &Incoming, uids: &[u32]) {
    if uids.is_empty() || open.is_read_only {
        return;
    }
    let settled = match incoming.move_to.as_str() {
        "" => open.add_flag(uids, "\\Seen"),
        folder => open.move_to(uids, folder),
    };
    if let Err(error) = settled {
        log::write(
            "warn",
            &format!("{} mails could not be marked or moved: {error}", uids.len()),
        );
    }
}

/// Whether that was all that is new. A mail that is too much for this look, or at which the server fails, is left to a job of its own: those behind it do not
/// wait for it.
fn fetch_new<W: Wire>(
    open: &mut imap::Mailbox<'_, W>,
    mailbox: &Mailbox,
    pace: Pace,
    reading: &mut Reading,
    keep: &mut impl Keep,
) -> Result<bool, Error> {
    let newest = open.uid_next.map_or(0, |next| next.saturating_sub(1));
    let found = open.search_after(reading.through).map_err(failed)?;
    let first = &found.uids[..found.uids.len().min(LOOK_OVERVIEWS_MAX)];
    let (mut mails, mut bytes_fetched) = (0, 0);
    for overview in open.overview(first).map_err(failed)? {
        if is_wanted(&overview, reading) {
            let is_apart = overview.bytes > pace.mail_bytes;
            let is_full = mails >= LOOK_MAILS_MAX
                || (!is_apart
                    && bytes_fetched > 0
                    && bytes_fetched + overview.bytes > pace.look_bytes);
            if is_full {
                return Ok(false);
            }
            mails += 1;
            let mut apart = Apart {
                mailbox: mailbox.address.clone(),
                place: name_of(mailbox),
                uid_validity: open.uid_validity,
                uid: overview.uid,
                ..Apart::default()
            };
            if is_apart {
                keep.tell(&format!(
                    "mail {} of {} bytes may take too long: it is fetched apart, and those behind it go first",
                    overview.uid, overview.bytes
                ));
                keep.fetch_apart(&apart, 0)?;
            } else {
                bytes_fetched += overview.bytes;
                match take(open, mailbox, &overview, keep)? {
                    Taken::Safe => reading.settling.push(overview.uid),
                    Taken::Left => {}
                    Taken::Failed { error, file, bytes } => {
                        (apart.files, apart.bytes) = (file.into_iter().collect(), bytes);
                        apart.fail(&error, keep)?;
                        reading.through = overview.uid;
                        // What else is said on this connection, nobody knows.
                        return Ok(false);
                    }
                }
            }
        }
        reading.through = overview.uid;
    }
    let is_last = first.len() == found.uids.len();
    if is_last {
        reading.through = found.through.max(reading.through);
    } else {
        // Those that were gone when they were asked for are passed over, too.
        reading.through = first.last().copied().unwrap_or(0).max(reading.through);
    }
    Ok(is_last && found.through >= newest)
}

fn is_wanted(overview: &Overview, reading: &Reading) -> bool {
    let is_seen = || {
        let mut flags = overview.flags.iter();
        flags.any(|flag| flag.eq_ignore_ascii_case("\\Seen"))
    };
    overview.uid > reading.unseen_up_to || !is_seen()
}

/// What became of a mail that was to be taken.
enum Taken {
    /// It is here as a whole, and may be marked or moved there.
    Safe,
    /// The mailbox has the only whole one; or there is none.
    Left,
    /// The server failed; so much of it is here.
    Failed {
        error: imap::Error,
        file: Option<String>,
        bytes: usize,
    },
}

/// Keeps a mail and asks for it to be taken in.
fn take<W: Wire>(
    open: &mut imap::Mailbox<'_, W>,
    mailbox: &Mailbox,
    overview: &Overview,
    keep: &mut impl Keep,
) -> Result<Taken, Error> {
    let (mut file, mut bytes): (Option<String>, _) = (None, 0);
    let is_large = overview.bytes > MAIL_BYTES_MAX as u64;
    let fetched = open.fetch(overview.uid, 0, |piece| {
        file = Some(keep.keep(file.as_deref(), piece)?);
        bytes += piece.len();
        // Of one that is too large the beginning tells enough.
        match is_large {
            true => Err(Stop::Enough),
            false => Ok(()),
        }
    });
    let is_cut = match fetched {
        Ok(Fetched::Whole) => false,
        Ok(Fetched::TooLarge | Fetched::Stopped(Stop::Enough)) => true,
        Ok(Fetched::Stopped(Stop::Failed(error))) => return Err(error),
        Ok(Fetched::Absent) => {
            keep.tell(&format!("mail {} is gone again", overview.uid));
            return Ok(Taken::Left);
        }
        Err(error) => return Ok(Taken::Failed { error, file, bytes }),
    };
    match file {
        Some(file) => keep.receive(&inbound::Fetched {
            file,
            mailbox: mailbox.address.clone(),
            is_cut,
        })?,
        None => keep.tell(&format!("mail {} is empty", overview.uid)),
    }
    Ok(match is_cut {
        false => Taken::Safe,
        true => Taken::Left,
    })
}

/// Why no more of a mail is wanted.
pub(super) enum Stop {
    Enough,
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// All of it may be better at the next look.
pub(super) fn failed(error: imap::Error) -> Error {
    Error::Unavailable(error.to_string())
}

#[cfg(test)]
mod tests;
