//! Nothing goes in plain text that must not, and a server hears who we are in its own way.

use super::*;
use crate::limits::COMMAND_LINE_BYTES_MAX;

#[test]
fn without_encryption_that_was_wanted_nothing_is_said() {
    let start_tls = password(Security::StartTls);
    for (lines, wanted) in [
        (
            "S: 220 hi\nC: EHLO desk.example\nS: 250-hi\nS: 250 AUTH PLAIN\nC: QUIT\nS: 221 bye",
            ("no tls", None),
        ),
        (
            "S: 220 hi\nC: EHLO desk.example\nS: 500 what\nC: HELO desk.example\nS: 250 hi\nC: QUIT\nS: 221 bye",
            ("no tls", None),
        ),
        (
            "S: 220 hi\nC: EHLO desk.example\nS: 250-hi\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 not now\nC: QUIT\nS: 221 bye",
            ("temporary", Some(454)),
        ),
        (
            "S: 220 hi\nC: EHLO desk.example\nS: 250-hi\nS: 250 STARTTLS\nC: STARTTLS\nS: 501 no\nC: QUIT\nS: 221 bye",
            ("no tls", Some(501)),
        ),
        // The certificate is of somebody else: not one word more.
        (
            "S: 220 hi\nC: EHLO desk.example\nS: 250-hi\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go",
            ("no tls", None),
        ),
    ] {
        assert_eq!(kind(&play(&start_tls, "Hi", lines)), wanted, "{lines}");
    }
    let lines = format!("{HELLO}{GOODBYE}");
    assert_eq!(
        kind(&play(&password(Security::Plain), "Hi", &lines)),
        ("no tls", None)
    );
}

#[test]
fn what_was_said_before_encryption_does_not_count_after_it() {
    // Somebody in between answers ahead.
    let mut script = Script::saying(
        b"220 hi\r\n250-hi\r\n250 STARTTLS\r\n220 go\r\n250-hi\r\n250 AUTH PLAIN\r\n235 ok\r\n",
    );
    let outcome = send_to_two(&mut script, &password(Security::StartTls), "Hi");
    assert_eq!(kind(&outcome), ("no tls", None));
    assert!(script.written.ends_with(b"STARTTLS\r\n"));
    // The mechanisms are those of the encrypted connection.
    let lines = "S: 220 hi\nC: EHLO desk.example\nS: 250-hi\nS: 250-AUTH PLAIN\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nTLS\nC: EHLO desk.example\nS: 250 hi\nC: QUIT\nS: 221 bye";
    assert_eq!(
        kind(&play(&password(Security::StartTls), "Hi", lines)),
        ("unauthorized", None)
    );
}

#[test]
fn a_password_goes_as_the_server_takes_it() {
    let mail = "C: MAIL FROM:<support@desk.example>\nS: 421 enough\nC: QUIT\nS: 221 bye";
    let enough = ("temporary", Some(421));
    for (offered, talk, wanted) in [
        (
            "AUTH LOGIN PLAIN",
            "C: AUTH PLAIN AGFuYQBnZWhlaW0=\nS: 235 ok",
            enough,
        ),
        (
            "AUTH LOGIN",
            "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: YW5h\nS: 334 UGFzc3dvcmQ6\nC: Z2VoZWlt\nS: 235 ok",
            enough,
        ),
    ] {
        let lines = format!(
            "S: 220 hi\nC: EHLO desk.example\nS: 250-hi\nS: 250-STARTTLS\nS: 250 x\nC: STARTTLS\nS: 220 go\nTLS\nC: EHLO desk.example\nS: 250-hi\nS: 250 {offered}\n{talk}\n{mail}"
        );
        assert_eq!(
            kind(&play(&password(Security::StartTls), "Hi", &lines)),
            wanted,
            "{lines}"
        );
    }
    for (talk, wanted) in [
        (
            "C: AUTH PLAIN AGFuYQBnZWhlaW0=\nS: 535 5.7.8 no",
            ("unauthorized", Some(535)),
        ),
        (
            "C: AUTH PLAIN AGFuYQBnZWhlaW0=\nS: 454 4.7.0 later",
            ("temporary", Some(454)),
        ),
        (
            "C: AUTH PLAIN AGFuYQBnZWhlaW0=\nS: 250 odd",
            ("temporary", Some(250)),
        ),
        (
            "C: AUTH PLAIN AGFuYQBnZWhlaW0=\nS: 334 more\nC: \nS: 535 no",
            ("unauthorized", Some(535)),
        ),
    ] {
        let lines = format!(
            "S: 220 hi\nC: EHLO desk.example\nS: 250-hi\nS: 250 AUTH PLAIN\n{talk}{GOODBYE}"
        );
        assert_eq!(
            kind(&play(&password(Security::Tls), "Hi", &lines)),
            wanted,
            "{lines}"
        );
    }
    let lines = format!(
        "S: 220 hi\nC: EHLO desk.example\nS: 250-hi\nS: 250 AUTH LOGIN\nC: AUTH LOGIN\nS: 535 no{GOODBYE}"
    );
    let allowed = password(Security::PlainWithCredentials);
    assert_eq!(
        kind(&play(&allowed, "Hi", &lines)),
        ("unauthorized", Some(535))
    );
}

#[test]
fn a_token_that_is_too_old_is_told_so_in_two_steps() {
    let token = |token: &str| Server {
        credentials: Some(Credentials::Token {
            user: "ana".to_owned(),
            token: token.to_owned(),
        }),
        ..server(Security::Tls)
    };
    let hello = "S: 220 hi\nC: EHLO desk.example\nS: 250-hi\nS: 250 AUTH XOAUTH2";
    let response = "dXNlcj1hbmEBYXV0aD1CZWFyZXIgdAEB";
    let lines = format!(
        "{hello}\nC: AUTH XOAUTH2 {response}\nS: 334 eyJzdGF0dXMiOiI0MDEifQ==\nC:\nS: 535 5.7.8 expired{GOODBYE}"
    );
    assert_eq!(
        kind(&play(&token("t"), "Hi", &lines)),
        ("unauthorized", Some(535))
    );
    // One that is long goes on a line of its own.
    let long = token(&"t".repeat(2_000));
    let response = long.credentials.as_ref().unwrap().initial_response();
    let lines = format!("{hello}\nC: AUTH XOAUTH2\nS: 334\nC: {response}\nS: 535 no{GOODBYE}");
    assert_eq!(
        kind(&play(&long, "Hi", &lines)),
        ("unauthorized", Some(535))
    );
    let lines = format!("S: 220 hi\nC: EHLO desk.example\nS: 250-hi\nS: 250 AUTH PLAIN{GOODBYE}");
    assert_eq!(
        kind(&play(&token("t"), "Hi", &lines)),
        ("unauthorized", None)
    );
}

#[test]
fn what_does_not_fit_on_a_line_goes_on_one_of_its_own() {
    // Three bytes are four letters, so that no such line has all the bytes that it may have.
    let most = (COMMAND_LINE_BYTES_MAX - "AUTH PLAIN \r\n".len()) / 4 * 3;
    for (more, begins) in [(0, "C: AUTH PLAIN "), (1, "C: AUTH PLAIN\nS: 334\nC: ")] {
        let mut server = server(Security::Tls);
        let credentials = Credentials::Password {
            user: "ana".to_owned(),
            password: "x".repeat(most + more - "\0ana\0".len()),
        };
        let response = credentials.initial_response();
        server.credentials = Some(credentials);
        let lines = format!(
            "S: 220 hi\nC: EHLO desk.example\nS: 250-hi\nS: 250 AUTH PLAIN\n{begins}{response}\nS: 535 no{GOODBYE}"
        );
        assert_eq!(
            kind(&play(&server, "Hi", &lines)),
            ("unauthorized", Some(535))
        );
    }
}

#[test]
fn a_server_that_wants_more_first_says_what() {
    for (says, wanted) in [
        (
            "530 5.7.0 Must issue a STARTTLS command first",
            ("no tls", Some(530)),
        ),
        (
            "530 5.7.0 Authentication required",
            ("unauthorized", Some(530)),
        ),
    ] {
        let lines =
            format!("{HELLO}C: MAIL FROM:<support@desk.example> SIZE=4\nS: {says}{GOODBYE}");
        assert_eq!(kind(&play(&server(Security::Plain), "Hi", &lines)), wanted);
        let lines = format!(
            "{HELLO}C: MAIL FROM:<support@desk.example> SIZE=4\nS: 250 ok\nC: RCPT TO:<ana@trade.example>\nS: {says}{GOODBYE}"
        );
        assert_eq!(kind(&play(&server(Security::Plain), "Hi", &lines)), wanted);
    }
}
