//! Who gets in, and what may be read along.

use super::*;
use crate::limits::QUESTIONS_MAX;

/// Logs in, and sees that all of the script is played.
fn login(account: &Account, lines: &str) -> &'static str {
    let mut script = Script::of(lines);
    let outcome = kind(open(&mut script, account));
    script.assert_played();
    outcome
}

fn token() -> Account {
    Account {
        credentials: Credentials::Token {
            user: "ana".to_owned(),
            token: "t".to_owned(),
        },
        ..account(Security::Tls)
    }
}

#[test]
fn a_password_goes_as_the_server_takes_it() {
    for lines in [
        // All at once, what it can is told on the way.
        "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi
         C: A1 AUTHENTICATE PLAIN AGFuYQBnZWhlaW0=
         S: * CAPABILITY IMAP4rev1
         S: A1 OK in",
        // Nothing is told without being asked.
        "S: * OK hi
         C: A1 CAPABILITY
         S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
         S: A1 OK done
         C: A2 AUTHENTICATE PLAIN
         S: +
         C: AGFuYQBnZWhlaW0=
         S: A2 OK in
         C: A3 CAPABILITY
         S: * CAPABILITY IMAP4rev1
         S: A3 OK done",
        "S: * OK [CAPABILITY IMAP4rev1] hi
         C: A1 LOGIN \"ana\" \"geheim\"
         S: A1 OK [CAPABILITY IMAP4rev1 ID UTF8=ACCEPT] in
         C: A2 ID (\"name\" \"Guichet\" \"vendor\" \"Guichet\")
         S: * ID NIL
         S: A2 BAD what
         C: A3 ENABLE UTF8=ACCEPT
         S: * ENABLED UTF8=ACCEPT
         S: A3 OK done",
        "S: * PREAUTH [CAPABILITY IMAP4rev1] I know you",
    ] {
        assert_eq!(login(&account(Security::Tls), lines), "fine", "{lines}");
        let mut dripping = Script::of(lines).dripping();
        assert_eq!(kind(open(&mut dripping, &account(Security::Tls))), "fine");
    }
}

#[test]
fn who_is_not_let_in_is_told_from_a_server_in_trouble() {
    let hello = "S: * OK [CAPABILITY IMAP4rev1] hi\nC: A1 LOGIN \"ana\" \"geheim\"\n";
    for (says, wanted) in [
        ("A1 NO no", "unauthorized"),
        ("A1 NO [AUTHENTICATIONFAILED] no", "unauthorized"),
        ("A1 BAD no", "unauthorized"),
        ("A1 NO [PRIVACYREQUIRED] no", "no tls"),
        ("A1 NO [UNAVAILABLE] later", "refused"),
        ("* BYE too many tries", "refused"),
        ("* OK [ALERT] wait\n...", "wire"),
        ("+ go on", "protocol"),
        ("A2 OK in", "protocol"),
    ] {
        let mut script = Script::of(&format!("{hello}S: {says}"));
        assert_eq!(
            kind(open(&mut script, &account(Security::Tls))),
            wanted,
            "{says}"
        );
    }
    let lines = "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hi";
    assert_eq!(login(&account(Security::Tls), lines), "unauthorized");
    for user in ["", "a\r\nA2 LOGOUT", "ä"] {
        let mut other = account(Security::Tls);
        other.credentials = Credentials::Password {
            user: user.to_owned(),
            password: String::new(),
        };
        let lines = "S: * OK [CAPABILITY IMAP4rev1] hi";
        assert_eq!(login(&other, lines), "unauthorized", "{user:?}");
    }
}

#[test]
fn a_token_that_is_too_old_is_told_so_in_two_steps() {
    let response = "dXNlcj1hbmEBYXV0aD1CZWFyZXIgdAEB";
    let lines = format!(
        "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] hi
         C: A1 AUTHENTICATE XOAUTH2 {response}
         S: + eyJzdGF0dXMiOiI0MDEifQ==
         C:
         S: A1 NO expired"
    );
    assert_eq!(login(&token(), &lines), "unauthorized");
    let lines = format!(
        "S: * OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2] hi
         C: A1 AUTHENTICATE XOAUTH2
         S: +
         C: {response}
         S: A1 OK [CAPABILITY IMAP4rev1] in"
    );
    assert_eq!(login(&token(), &lines), "fine");
    let lines = "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi";
    assert_eq!(login(&token(), lines), "unauthorized");
    let questions = "S: +\nC:\n".repeat(QUESTIONS_MAX);
    let lines = format!(
        "S: * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] hi\nC: A1 AUTHENTICATE XOAUTH2 {response}\n{questions}S: +"
    );
    assert_eq!(login(&token(), &lines), "protocol");
}

#[test]
fn encrypted_it_is_asked_again_what_the_server_can() {
    let lines = "S: * OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] hi
        C: A1 STARTTLS
        S: A1 OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2] go
        TLS
        C: A2 CAPABILITY
        S: * CAPABILITY IMAP4rev1
        S: A2 OK done
        C: A3 LOGIN \"ana\" \"geheim\"
        S: A3 OK [CAPABILITY IMAP4rev1] in";
    assert_eq!(login(&account(Security::StartTls), lines), "fine");
}

#[test]
fn without_encryption_that_was_wanted_nothing_is_said() {
    for lines in [
        "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi",
        "S: * PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] I know you",
        "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hi\nC: A1 STARTTLS\nS: A1 NO not now",
        "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hi\nC: A1 STARTTLS\nS: A1 BAD what",
        // The certificate is of somebody else: not one word more.
        "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hi\nC: A1 STARTTLS\nS: A1 OK go",
    ] {
        assert_eq!(
            login(&account(Security::StartTls), lines),
            "no tls",
            "{lines}"
        );
    }
    let lines = "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi";
    assert_eq!(login(&account(Security::Plain), lines), "no tls");
    let lines = "S: * OK [CAPABILITY IMAP4rev1] hi\nC: A1 LOGIN \"ana\" \"geheim\"\nS: A1 OK [CAPABILITY IMAP4rev1] in";
    assert_eq!(
        login(&account(Security::PlainWithCredentials), lines),
        "fine"
    );
}

#[test]
fn what_was_said_before_encryption_does_not_count_after_it() {
    // Somebody in between answers ahead.
    let mut script = Script::saying(
        b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\nA1 OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nA2 OK in\r\n",
    );
    assert_eq!(
        kind(open(&mut script, &account(Security::StartTls))),
        "protocol"
    );
    assert_eq!(script.written, b"A1 STARTTLS\r\n");
}

#[test]
fn letters_that_were_taken_before_encryption_are_asked_for_again() {
    let lines = "S: * OK [CAPABILITY IMAP4rev1 STARTTLS] hi
        C: A1 STARTTLS
        S: * ENABLED UTF8=ACCEPT
        S: * BYE injected
        S: A1 OK go
        TLS
        C: A2 CAPABILITY
        S: * CAPABILITY IMAP4rev1
        S: A2 OK done
        C: A3 LOGIN \"ana\" \"geheim\"
        S: A3 OK [CAPABILITY IMAP4rev1] in
        C: A4 SELECT \"&XfJZBHQG-\"";
    let mut script = Script::of(lines);
    let mut session = open(&mut script, &account(Security::StartTls)).unwrap();
    assert_eq!(kind(session.select("已处理")), "wire");
    script.assert_played();
}

#[test]
fn a_greeting_is_a_greeting() {
    for (says, wanted) in [
        ("* BYE full", "refused"),
        ("* NO", "protocol"),
        ("* CAPABILITY IMAP4rev1", "protocol"),
        ("220 mx.example ESMTP", "protocol"),
        ("", "protocol"),
        ("A1 OK", "protocol"),
    ] {
        let lines = format!("S: {says}");
        assert_eq!(login(&account(Security::Tls), &lines), wanted, "{says}");
    }
}

#[test]
fn a_session_ends_with_a_goodbye_that_nobody_needs_to_hear() {
    let hello = "S: * PREAUTH [CAPABILITY IMAP4rev1] hi\nC: A1 LOGOUT\n";
    for end in ["S: * BYE bye\nS: A1 OK done", "S: what", ""] {
        let mut script = Script::of(&format!("{hello}{end}"));
        open(&mut script, &account(Security::Tls))
            .unwrap()
            .log_out();
        script.assert_played();
    }
}
