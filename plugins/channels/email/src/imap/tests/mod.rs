//! Whole conversations, with servers that behave and servers that do not.

/// Who gets in, and what may be read along.
mod login;

/// What is new.
mod mailbox;

/// Mails in parts.
mod fetch;

/// Marks and other places.
mod change;

/// Servers that want something else than to serve.
mod hostile;

use super::*;
use crate::wire::script::Script;

/// Up to the mailbox, encrypted from the beginning.
const HELLO: &str = "
    S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi
    C: A1 AUTHENTICATE PLAIN AGFuYQBnZWhlaW0=
    S: A1 OK [CAPABILITY IMAP4rev1 UIDPLUS MOVE] in
    C: A2 SELECT \"INBOX\"
    S: * FLAGS (\\Seen \\Deleted)
    S: * OK [PERMANENTFLAGS (\\Seen \\*)] some
    S: * 3 EXISTS
    S: * 0 RECENT
    S: * OK [UIDVALIDITY 7] valid
    S: * OK [UIDNEXT 12] next
    S: A2 OK [READ-WRITE] there
";

fn account(security: Security) -> Account {
    Account {
        security,
        credentials: Credentials::Password {
            user: "ana".to_owned(),
            password: "geheim".to_owned(),
        },
        timeout_milliseconds: 1_000,
    }
}

/// Looks into the inbox, and sees that all of the script is played.
fn inbox<T>(lines: &str, look: impl FnOnce(&mut Mailbox<'_, &mut Script>) -> T) -> T {
    inbox_of(HELLO, lines, look)
}

fn inbox_of<T>(
    hello: &str,
    lines: &str,
    look: impl FnOnce(&mut Mailbox<'_, &mut Script>) -> T,
) -> T {
    let mut script = Script::of(&format!("{hello}{lines}"));
    let mut session = open(&mut script, &account(Security::Tls)).unwrap();
    let seen = look(&mut session.select("INBOX").unwrap());
    script.assert_played();
    seen
}

/// What kind of error it is.
fn kind<T>(result: Result<T, Error>) -> &'static str {
    match result {
        Ok(_) => "fine",
        Err(Error::Unauthorized(_)) => "unauthorized",
        Err(Error::NoTls(_)) => "no tls",
        Err(Error::NoMailbox(_)) => "no mailbox",
        Err(Error::Refused(_)) => "refused",
        Err(Error::Protocol(_)) => "protocol",
        Err(Error::Wire(_)) => "wire",
    }
}
