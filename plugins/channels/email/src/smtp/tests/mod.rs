//! Whole conversations, with servers that behave and servers that do not.

/// What became of a mail, whatever happens on the way.
mod outcomes;

/// Who gets it, and what is said of it.
mod recipients;

/// Who may read along, and who we are.
mod security;

use super::*;
use crate::wire::script::Script;

/// Up to where the mail is announced, in plain text and without credentials.
const HELLO: &str = "
    S: 220 mx.example ESMTP
    C: EHLO desk.example
    S: 250-mx.example
    S: 250 SIZE 1000
";

const GOODBYE: &str = "
    C: QUIT
    S: 221 bye
";

/// A mail for two that looks as if it ended at once, up to its end.
const MAIL: &str = ".\nHi";
const MAIL_FOR_TWO: &str = "
    C: MAIL FROM:<support@desk.example> SIZE=7
    S: 250 ok
    C: RCPT TO:<ana@trade.example>
    S: 250 ok
    C: RCPT TO:<bo@trade.example>
    S: 251 forwards
    C: DATA
    S: 354 go
    C: ..
    C: Hi
    C: .
";

fn server(security: Security) -> Server {
    Server {
        own_name: "desk.example".to_owned(),
        security,
        credentials: None,
        timeout_milliseconds: 1_000,
    }
}

fn recipients() -> Vec<String> {
    ["ana@trade.example", "bo@trade.example"]
        .map(str::to_owned)
        .to_vec()
}

fn password(security: Security) -> Server {
    Server {
        credentials: Some(Credentials::Password {
            user: "ana".to_owned(),
            password: "geheim".to_owned(),
        }),
        ..server(security)
    }
}

/// Sends a mail to two, and sees that all of the script is played.
fn play(server: &Server, content: &str, lines: &str) -> Outcome {
    let mut script = Script::of(lines);
    let outcome = send_to_two(&mut script, server, content);
    script.assert_played();
    outcome
}

fn send_to_two(script: &mut Script, server: &Server, content: &str) -> Outcome {
    let mail = Mail {
        sender: "support@desk.example",
        recipients: &recipients(),
        content: content.as_bytes(),
    };
    send(script, server, &mail)
}

fn sent() -> Outcome {
    Outcome::Sent {
        refused: Vec::new(),
    }
}

/// What kind of outcome it is, with the code.
fn kind(outcome: &Outcome) -> (&'static str, Option<u16>) {
    match outcome {
        Outcome::Sent { .. } => ("sent", None),
        Outcome::Temporary(reason) => ("temporary", reason.code),
        Outcome::Permanent(reason) => ("permanent", reason.code),
        Outcome::Unknown { .. } => ("unknown", None),
        Outcome::Unauthorized(reason) => ("unauthorized", reason.code),
        Outcome::NoTls(reason) => ("no tls", reason.code),
    }
}
