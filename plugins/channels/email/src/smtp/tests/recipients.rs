//! Who gets a mail, and what is said to the server of it.

use super::*;
use std::slice;

#[test]
fn some_are_refused_and_the_others_get_it() {
    let lines = format!(
        "{HELLO}C: MAIL FROM:<support@desk.example> SIZE=4
        S: 250 ok
        C: RCPT TO:<ana@trade.example>
        S: 550 5.1.1 unknown
        C: RCPT TO:<bo@trade.example>
        S: 250 ok
        C: DATA
        S: 354 go
        C: Hi
        C: .
        S: 250 taken{GOODBYE}"
    );
    let Outcome::Sent { refused } = play(&server(Security::Plain), "Hi", &lines) else {
        panic!("it was not sent");
    };
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].address, "ana@trade.example");
    assert_eq!(refused[0].lasting, Lasting::Permanent);
    assert_eq!(refused[0].reason.to_string(), "550 5.1.1 unknown");
}

#[test]
fn there_is_hope_while_there_is_some_for_one() {
    for (ana, bo, wanted) in [
        ("550 no", "451 later", ("temporary", Some(451))),
        ("451 later", "550 no", ("temporary", Some(451))),
        ("550 no", "553 no", ("permanent", Some(550))),
        // Too many, to a server of an older standard; the first one is not too many.
        ("552 full", "552 full", ("permanent", Some(552))),
    ] {
        let lines = format!(
            "{HELLO}C: MAIL FROM:<support@desk.example> SIZE=4\nS: 250 ok\nC: RCPT TO:<ana@trade.example>\nS: {ana}\nC: RCPT TO:<bo@trade.example>\nS: {bo}{GOODBYE}"
        );
        let outcome = play(&server(Security::Plain), "Hi", &lines);
        assert_eq!(kind(&outcome), wanted);
    }
}

#[test]
fn while_the_first_is_refused_only_for_now_nobody_gets_it_twice() {
    let lines = format!(
        "{HELLO}C: MAIL FROM:<support@desk.example> SIZE=4\nS: 250 ok\nC: RCPT TO:<ana@trade.example>\nS: 450 greylisted\nC: RCPT TO:<bo@trade.example>\nS: 250 ok{GOODBYE}"
    );
    let outcome = play(&server(Security::Plain), "Hi", &lines);
    assert_eq!(kind(&outcome), ("temporary", Some(450)));
}

#[test]
fn too_many_are_tried_again_later() {
    let lines = format!(
        "{HELLO}C: MAIL FROM:<support@desk.example> SIZE=4\nS: 250 ok\nC: RCPT TO:<ana@trade.example>\nS: 250 ok\nC: RCPT TO:<bo@trade.example>\nS: 552 too many\nC: DATA\nS: 354 go\nC: Hi\nC: .\nS: 250 ok{GOODBYE}"
    );
    let Outcome::Sent { refused } = play(&server(Security::Plain), "Hi", &lines) else {
        panic!("it was not sent");
    };
    assert_eq!(refused[0].lasting, Lasting::Temporary);
}

#[test]
fn what_the_server_cannot_take_is_not_sent_to_it() {
    let hello = |can: &str| format!("S: 220 hi\nC: EHLO desk.example\nS: 250-hi\nS: 250 {can}\n");
    let lines = format!("{}{GOODBYE}", hello("SIZE 9"));
    assert_eq!(
        kind(&play(&server(Security::Plain), "12345678", &lines)),
        ("permanent", None)
    );
    let lines = format!("{}{GOODBYE}", hello("HELP"));
    assert_eq!(
        kind(&play(&server(Security::Plain), "é", &lines)),
        ("permanent", None)
    );
    // What it can is used, and what needs no extension asks for none.
    for (can, content, wanted) in [
        ("SIZE 10", "12345678", " SIZE=10"),
        ("8BITMIME", "é", " BODY=8BITMIME"),
        ("8BITMIME", "e", ""),
        ("SMTPUTF8", "e", ""),
    ] {
        let lines = format!(
            "{}C: MAIL FROM:<support@desk.example>{wanted}\nS: 550 enough{GOODBYE}",
            hello(can)
        );
        assert_eq!(
            kind(&play(&server(Security::Plain), content, &lines)),
            ("permanent", Some(550))
        );
    }
}

fn send_one(sender: &str, recipient: &str, lines: &str) -> Outcome {
    let mut script = Script::of(lines);
    let recipient = recipient.to_owned();
    let mail = Mail {
        sender,
        recipients: slice::from_ref(&recipient),
        content: b"Hi",
    };
    let outcome = send(&mut script, &server(Security::Plain), &mail);
    script.assert_played();
    outcome
}

#[test]
fn an_address_of_other_letters_needs_a_server_that_knows_them() {
    let hello = "S: 220 hi\nC: EHLO desk.example\nS: 250-hi\nS: 250";
    let lines = format!("{hello} HELP\nC: MAIL FROM:<>\nS: 250 ok{GOODBYE}");
    assert_eq!(
        kind(&send_one("", "用户@例子.example", &lines)),
        ("permanent", None)
    );
    let lines = format!(
        "{hello} SMTPUTF8\nC: MAIL FROM:<> SMTPUTF8\nS: 250 ok\nC: RCPT TO:<用户@例子.example>\nS: 550 no{GOODBYE}"
    );
    assert_eq!(
        kind(&send_one("", "用户@例子.example", &lines)),
        ("permanent", Some(550))
    );
}

#[test]
fn nothing_on_a_line_begins_another_one() {
    let hello = "S: 220 hi\nC: EHLO desk.example\nS: 250 hi";
    for wrong in [
        "a@b\r\nDATA",
        "a@b\n",
        "a@b\r",
        "a\0@b",
        "a@b>",
        "<a@b",
        "a b@c",
        "",
        "a@b\u{85}",
    ] {
        let lines = format!("{hello}\nC: MAIL FROM:<>\nS: 250 ok{GOODBYE}");
        assert_eq!(
            kind(&send_one("", wrong, &lines)),
            ("permanent", None),
            "{wrong:?}"
        );
        let lines = format!("{hello}{GOODBYE}");
        let outcome = if wrong.is_empty() {
            continue;
        } else {
            send_one(wrong, "a@b", &lines)
        };
        assert_eq!(kind(&outcome), ("permanent", None), "{wrong:?}");
    }
    let mut named = server(Security::Plain);
    named.own_name = "a\r\nMAIL FROM:<x@y>".to_owned();
    let lines = format!("S: 220 hi{GOODBYE}");
    assert_eq!(kind(&play(&named, "Hi", &lines)), ("permanent", None));
    let mut broken = password(Security::Tls);
    broken.credentials = Some(Credentials::Password {
        user: "ana\r\nQUIT".to_owned(),
        password: String::new(),
    });
    let lines = format!("{hello}{GOODBYE}");
    assert_eq!(kind(&play(&broken, "Hi", &lines)), ("unauthorized", None));
}

#[test]
fn a_mail_goes_to_as_many_as_any_server_takes_and_not_to_one_more() {
    for (count, wanted) in [(0, "permanent"), (100, "sent"), (101, "permanent")] {
        let recipients: Vec<String> = (0..count).map(|one| format!("a{one}@b")).collect();
        let mail = Mail {
            sender: "",
            recipients: &recipients,
            content: b"Hi",
        };
        let says = format!(
            "220 hi\r\n250 hi\r\n250 ok\r\n{}354 go\r\n250 ok\r\n",
            "250 ok\r\n".repeat(count)
        );
        let mut script = Script::saying(says.as_bytes());
        let outcome = send(&mut script, &server(Security::Plain), &mail);
        assert_eq!(kind(&outcome).0, wanted, "{count}");
    }
}
