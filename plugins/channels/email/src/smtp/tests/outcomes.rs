//! What became of a mail is known as far as it can be, wherever it goes wrong.

use super::*;
use crate::wire::WireError;

#[test]
fn a_mail_goes_to_two_and_a_lost_goodbye_takes_nothing_back() {
    let talk = format!("{HELLO}{MAIL_FOR_TWO}S: 250 2.0.0 queued as 42\n");
    let plain = server(Security::Plain);
    let whole = format!("{talk}{GOODBYE}");
    assert_eq!(play(&plain, MAIL, &whole), sent());
    for end in ["C: QUIT\nS: 500 what", "C: QUIT\n...", "C: QUIT"] {
        let mut script = Script::of(&format!("{talk}{end}"));
        let outcome = send_to_two(&mut script, &plain, MAIL);
        assert_eq!(outcome, sent(), "{end}");
    }
}

#[test]
fn wherever_the_connection_is_cut_it_is_known_what_became_of_the_mail() {
    let before = format!("{HELLO}{MAIL_FOR_TWO}");
    let lines = format!("{before}S: 250 2.0.0 queued{GOODBYE}");
    let (until_end, until_answer) = (
        Script::of(&before).said_bytes(),
        Script::of(&format!("{before}S: 250 2.0.0 queued")).said_bytes(),
    );
    for said in 0..Script::of(&lines).said_bytes() {
        let mut script = Script::of(&lines).cut_after_saying(said);
        let outcome = send_to_two(&mut script, &server(Security::Plain), MAIL);
        let wanted = match said {
            _ if said < until_end => "temporary",
            // All of it was written, and the answer is not whole.
            _ if said < until_answer => "unknown",
            _ => "sent",
        };
        assert_eq!(kind(&outcome).0, wanted, "after {said} bytes: {outcome:?}");
    }
}

#[test]
fn wherever_nothing_more_can_be_written_it_is_known_what_became_of_the_mail() {
    let says = b"220 a\r\n250 b\r\n250 c\r\n250 d\r\n250 e\r\n354 f\r\n";
    let mut whole = Script::saying(says);
    send_to_two(&mut whole, &server(Security::Plain), MAIL);
    assert!(whole.written.ends_with(b"Hi\r\n.\r\n"));
    let until_end = whole.written.len() - ".\r\n".len();
    for heard in 0..=until_end + 3 {
        let mut script = Script::saying(says).cut_after_hearing(heard);
        let outcome = send_to_two(&mut script, &server(Security::Plain), MAIL);
        // The end itself may have gone out before the failure was told.
        let wanted = if heard < until_end {
            "temporary"
        } else {
            "unknown"
        };
        assert_eq!(kind(&outcome).0, wanted, "after {heard} bytes: {outcome:?}");
    }
}

#[test]
fn a_refusal_at_any_step_is_told_apart_by_its_code() {
    let steps = [
        ("", ""),
        ("S: 220 hi\nC: EHLO desk.example\n", ""),
        (
            "S: 220 hi\nC: EHLO desk.example\nS: 502 what\nC: HELO desk.example\n",
            "",
        ),
        (HELLO, "C: MAIL FROM:<support@desk.example> SIZE=4\n"),
        (
            HELLO,
            "C: MAIL FROM:<support@desk.example> SIZE=4\nS: 250 ok\nC: RCPT TO:<ana@trade.example>\nS: 250 ok\nC: RCPT TO:<bo@trade.example>\nS: 250 ok\nC: DATA\n",
        ),
        (
            HELLO,
            "C: MAIL FROM:<support@desk.example> SIZE=4\nS: 250 ok\nC: RCPT TO:<ana@trade.example>\nS: 250 ok\nC: RCPT TO:<bo@trade.example>\nS: 250 ok\nC: DATA\nS: 354 go\nC: Hi\nC: .\n",
        ),
    ];
    for (hello, step) in steps {
        for (says, wanted) in [
            ("421-4.3.0 busy\nS: 421 closing", ("temporary", Some(421))),
            ("451 later", ("temporary", Some(451))),
            ("554 5.7.1 never", ("permanent", Some(554))),
        ] {
            let lines = format!("{hello}{step}S: {says}{GOODBYE}");
            assert_eq!(
                kind(&play(&server(Security::Plain), "Hi", &lines)),
                wanted,
                "{lines}"
            );
        }
    }
}

#[test]
fn what_makes_no_sense_is_not_taken_for_an_answer() {
    let talk = format!("{HELLO}{MAIL_FOR_TWO}");
    for (says, wanted) in [
        ("354 go on", "unknown"),
        ("hello", "unknown"),
        ("250-a\nS: 251 b", "unknown"),
    ] {
        let mut script = Script::of(&format!("{talk}S: {says}"));
        let outcome = send_to_two(&mut script, &server(Security::Plain), MAIL);
        assert_eq!(kind(&outcome).0, wanted, "{says}");
    }
    for says in ["* OK IMAP4rev1", "250 I am not greeting", "\\0"] {
        let mut script = Script::of(&format!("S: {says}"));
        let outcome = send_to_two(&mut script, &server(Security::Plain), "Hi");
        assert_eq!(kind(&outcome).0, "temporary", "{says}");
    }
}

#[test]
fn an_endless_answer_is_an_end() {
    for says in ["220-a\r\n".repeat(100_000), "2".repeat(1 << 20)] {
        let mut script = Script::saying(says.as_bytes());
        let outcome = send_to_two(&mut script, &server(Security::Plain), "Hi");
        assert_eq!(kind(&outcome).0, "temporary");
    }
}

#[test]
fn who_hangs_up_may_have_said_why() {
    let mut script =
        Script::saying(b"220 hi\r\n421 4.7.0 too many connections\r\n").cut_after_hearing(0);
    let outcome = send_to_two(&mut script, &server(Security::Plain), "Hi");
    assert_eq!(kind(&outcome), ("temporary", Some(421)));
}

#[test]
fn a_server_that_says_nothing_is_tried_again_later() {
    let mut script = Script::of("...");
    let outcome = send_to_two(&mut script, &server(Security::Plain), "Hi");
    let text = WireError::TimedOut.to_string();
    assert!(matches!(outcome, Outcome::Temporary(reason) if reason.text == text));
}
