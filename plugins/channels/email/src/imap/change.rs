//! Marks on mails, and another place for them. What others marked is not touched.

use super::{
    Error, Mailbox,
    response::{Kind, Status},
    uids,
};
use crate::{
    limits::{FLAG_BYTES_MAX, MAILS_PER_COMMAND},
    wire::Wire,
};

impl<W: Wire> Mailbox<'_, W> {
    /// Adds a flag such as `\Seen`, or a keyword.
    pub fn add_flag(&mut self, uids: &[u32], flag: &str) -> Result<(), Error> {
        if !is_flag(flag) {
            return Err(Error::Refused(format!("this is no flag: {flag:?}")));
        }
        for some in uids.chunks(MAILS_PER_COMMAND) {
            self.flag(&uids::set(some), flag)?;
        }
        Ok(())
    }

    /// Moves mails to another mailbox, which is made where it is missing. Where the server removes only all that anybody marked, they stay here, marked.
    pub fn move_to(&mut self, uids: &[u32], mailbox: &str) -> Result<(), Error> {
        let target = self.session.mailbox_name(mailbox)?;
        for some in uids.chunks(MAILS_PER_COMMAND) {
            let set = uids::set(some);
            if self.session.can("MOVE") {
                self.put_into(&format!("UID MOVE {set}"), &target)?;
                continue;
            }
            self.put_into(&format!("UID COPY {set}"), &target)?;
            self.flag(&set, "\\Deleted")?;
            if self.session.can("UIDPLUS") {
                let line = format!("UID EXPUNGE {set}");
                self.session.command(&line)?.accepted()?;
            }
        }
        Ok(())
    }

    fn flag(&mut self, set: &str, flag: &str) -> Result<(), Error> {
        let line = format!("UID STORE {set} +FLAGS.SILENT ({flag})");
        self.session.command(&line)?.accepted().map(|_| ())
    }

    /// A command that ends with a mailbox's name; once again if that had to be made first.
    fn put_into(&mut self, command: &str, target: &str) -> Result<(), Error> {
        let line = format!("{command} {target}");
        let status = self.session.command(&line)?;
        if !is_missing(&status) {
            return status.accepted().map(|_| ());
        }
        let made = self.session.command(&format!("CREATE {target}"))?;
        // Somebody else may have made it meanwhile.
        if !made.has_code("ALREADYEXISTS") && made.kind != Kind::Ok {
            return Err(Error::NoMailbox(made.text()));
        }
        self.session.command(&line)?.accepted().map(|_| ())
    }
}

fn is_missing(status: &Status) -> bool {
    let codes = ["TRYCREATE", "NONEXISTENT"];
    status.kind == Kind::No && codes.iter().any(|code| status.has_code(code))
}

/// A word, perhaps after a backslash, in which nothing has a meaning to the server (RFC 3501, 9: flag).
fn is_flag(flag: &str) -> bool {
    let word = flag.strip_prefix('\\').unwrap_or(flag);
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"(){%*\"\\]".contains(&byte);
    (1..=FLAG_BYTES_MAX).contains(&word.len()) && word.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_is_one_word_without_a_meaning_of_its_own() {
        for flag in [
            "\\Seen",
            "$Ticket",
            "guichet-done",
            &"x".repeat(FLAG_BYTES_MAX),
        ] {
            assert!(is_flag(flag), "{flag}");
        }
        let long = "x".repeat(FLAG_BYTES_MAX + 1);
        for flag in [
            "", "\\", "a b", "a)", "\\*", "a\r\n", "é", "\\\\a", "{1}", &long,
        ] {
            assert!(!is_flag(flag), "{flag:?}");
        }
    }
}
