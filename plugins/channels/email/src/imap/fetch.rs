//! A mail: what is told of it, and its source in parts, so that a large one needs little memory.

use super::{
    Error, Mailbox,
    response::{MailData, Part, Response},
    uids,
};
use crate::{
    limits::{MAIL_BYTES_MAX, MAIL_PART_BYTES, MAILS_PER_COMMAND},
    wire::Wire,
};
use std::collections::BTreeMap;

/// What is told of a mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    pub uid: u32,
    /// As the server counts; some only guess.
    pub bytes: u64,
    /// `\Seen` and the like, and keywords.
    pub flags: Vec<String>,
}

/// What became of a mail that was to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched<E> {
    /// All of it was delivered.
    Whole,
    /// It is not there any more, or the server has nothing of it to give; what was delivered so far is not all.
    Absent,
    /// It is larger than a mail may be; what was delivered so far is not all.
    TooLarge,
    /// Whoever it was delivered to wants no more.
    Stopped(E),
}

/// A part of a mail, and how large the server says that the mail is.
struct Piece {
    content: Vec<u8>,
    is_whole: bool,
    mail_bytes: u64,
}

impl<W: Wire> Mailbox<'_, W> {
    /// What is told of mails, those that are there, by rising UID.
    pub fn overview(&mut self, uids: &[u32]) -> Result<Vec<Overview>, Error> {
        let mut found = BTreeMap::new();
        for some in uids.chunks(MAILS_PER_COMMAND) {
            let line = format!("UID FETCH {} (UID RFC822.SIZE FLAGS)", uids::set(some));
            let status = self.session.command_with(&line, &mut |response| {
                if let Response::Mail(data) = response
                    && let Some(uid) = data.uid.filter(|uid| some.contains(uid))
                {
                    let overview = found.entry(uid).or_insert_with(|| Overview {
                        uid,
                        ..Overview::default()
                    });
                    overview.learn(data);
                }
                Ok(())
            })?;
            status.accepted()?;
        }
        Ok(found.into_values().collect())
    }

    /// The source of a mail from some byte on, delivered in parts of at most [`MAIL_PART_BYTES`]. It is not marked as seen.
    pub fn fetch<E>(
        &mut self,
        uid: u32,
        from: usize,
        mut deliver: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<Fetched<E>, Error> {
        let mut bytes = from;
        loop {
            let Some(piece) = self.piece(uid, bytes)? else {
                return Ok(Fetched::Absent);
            };
            let count = piece.content.len();
            bytes += count;
            // Of one that is too large, what was fetched is still delivered: it tells whose it is.
            if count > 0
                && bytes <= MAIL_BYTES_MAX
                && let Err(stop) = deliver(&piece.content)
            {
                return Ok(Fetched::Stopped(stop));
            }
            if bytes > MAIL_BYTES_MAX || piece.mail_bytes > MAIL_BYTES_MAX as u64 {
                return Ok(Fetched::TooLarge);
            }
            // A part shorter than was asked is the last one; if the server says that there is more, it is asked for that once more.
            let is_last = count < self.part_bytes() && bytes as u64 >= piece.mail_bytes;
            if piece.is_whole || is_last || count == 0 {
                return Ok(Fetched::Whole);
            }
        }
    }

    fn piece(&mut self, uid: u32, from: usize) -> Result<Option<Piece>, Error> {
        let (mut part, mut mail_bytes) = (None, 0);
        let most = self.part_bytes();
        let line = format!("UID FETCH {uid} (UID RFC822.SIZE BODY.PEEK[]<{from}.{most}>)");
        let status = self.session.command_with(&line, &mut |response| {
            if let Response::Mail(data) = response
                && data.uid == Some(uid)
            {
                mail_bytes = data.bytes.unwrap_or(mail_bytes);
                part = data.part.or(part.take());
            }
            Ok(())
        })?;
        status.accepted()?;
        let Some(Part {
            origin,
            content: Some(content),
        }) = part
        else {
            return Ok(None);
        };
        // Without an origin it is the whole, from a server that knows no parts.
        let is_whole = origin.is_none() && from == 0;
        let is_asked = origin.is_some_and(|origin| origin as usize == from);
        if content.len() > MAIL_PART_BYTES || !(is_whole || is_asked) {
            let text = "it gives another part of a mail than was asked for";
            return Err(Error::Protocol(text.to_owned()));
        }
        Ok(Some(Piece {
            content,
            is_whole,
            mail_bytes,
        }))
    }
}

impl Overview {
    fn learn(&mut self, data: MailData) {
        self.bytes = data.bytes.unwrap_or(self.bytes);
        if let Some(flags) = data.flags {
            self.flags = flags;
        }
    }
}
