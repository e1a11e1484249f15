use super::*;
use crate::{
    collect::keep::Remembered,
    imap::Account,
    limits::MAIL_BYTES_MAX,
    wire::{Credentials, Security, script::Script},
};

const HELLO: &str = "S: * PREAUTH [CAPABILITY IMAP4rev1] hi
    C: A1 SELECT \"INBOX\"
    S: * OK [UIDVALIDITY 7] valid
    S: A1 OK [READ-WRITE] there\n";

fn apart() -> Apart {
    Apart {
        mailbox: "desk@desk.example".to_owned(),
        uid_validity: 7,
        uid: 5,
        ..Apart::default()
    }
}

/// One job's work, as the script has it.
fn go_on(apart: Apart, desk: &mut Remembered, lines: &str) -> Result<(), Failure> {
    let mut script = Script::of(&format!("{HELLO}{lines}"));
    let account = Account {
        security: Security::Tls,
        credentials: Credentials::Password {
            user: String::new(),
            password: String::new(),
        },
        timeout_milliseconds: 1_000,
    };
    let mut session = imap::open(&mut script, &account).unwrap();
    let went = apart.go_on(session.select("INBOX").unwrap(), desk);
    drop(session);
    script.assert_heard();
    went
}

/// The piece from some byte on is asked for and comes.
fn piece(command: u32, from: usize, most: usize, says: &str, told: usize) -> String {
    format!(
        "C: A{command} UID FETCH 5 (UID RFC822.SIZE BODY.PEEK[]<{from}.{most}>)
        S: * 1 FETCH (UID 5 RFC822.SIZE {told} BODY[]<{from}> {{{}}}
        S: {says})
        S: A{command} OK done\n",
        says.len()
    )
}

#[test]
fn a_mail_that_is_fetched_apart_is_taken_in_and_then_marked() {
    let mut desk = Remembered::default();
    let lines = piece(2, 0, 1 << 20, "From: ana", 9);
    go_on(apart(), &mut desk, &lines).unwrap();
    assert_eq!((desk.received.len(), desk.received[0].is_cut), (1, false));
    assert_eq!(desk.files, [b"From: ana"]);
    let (after, wait_seconds) = &desk.apart[0];
    assert_eq!((after.is_settling, *wait_seconds), (true, 0));
}

#[test]
fn parts_of_several_jobs_are_one_mail() {
    let most = APART_BYTES[3];
    let (first, last) = ("a".repeat(most), "b".repeat(7));
    let mut desk = Remembered::default();
    let slow = Apart { pace: 3, ..apart() };
    go_on(slow, &mut desk, &piece(2, 0, most, &first, most + 7)).unwrap();
    assert!(desk.received.is_empty());
    let (next, wait_seconds) = desk.apart.pop().unwrap();
    assert_eq!(
        (next.bytes, next.files.len(), next.pace, wait_seconds),
        (most, 1, 3, 0)
    );
    // The server fails; what is here stays, and it goes on later.
    let asked = format!("C: A2 UID FETCH 5 (UID RFC822.SIZE BODY.PEEK[]<{most}.{most}>)\n...");
    go_on(next, &mut desk, &asked).unwrap();
    let (next, wait_seconds) = desk.apart.pop().unwrap();
    assert_eq!((next.bytes, next.failures, wait_seconds), (most, 1, 5));
    go_on(next, &mut desk, &piece(2, most, most, &last, most + 7)).unwrap();
    assert_eq!(desk.forgotten, ["0", "1"], "the parts go, the whole stays");
    let whole = &desk.files[desk.received[0].file.parse::<usize>().unwrap()];
    assert!(*whole == [first.as_bytes(), last.as_bytes()].concat());
    assert!(!desk.received[0].is_cut && desk.apart[0].0.is_settling);
}

#[test]
fn each_job_that_comes_to_no_end_makes_the_next_part_smaller_and_in_the_end_there_is_none() {
    let paces: Vec<_> = (1..=APART_ATTEMPTS_MAX)
        .map(|attempt| apart().after(attempt).unwrap().pace)
        .collect();
    assert_eq!(paces, [0, 1, 2, 3, 3, 3, 3]);
    assert_eq!(apart().after(APART_ATTEMPTS_MAX + 1), None);
    assert_eq!(APART_BYTES[0], MAIL_BYTES_MAX, "the first tries all of it");
}

#[test]
fn a_mail_that_cannot_be_had_rests_with_its_beginning_and_one_of_which_nothing_is_here_is_told() {
    let asked =
        "C: A2 UID FETCH 5 (UID RFC822.SIZE BODY.PEEK[]<9.1048576>)\nS: A2 NO [SERVERBUG] sorry";
    let mut desk = Remembered::default();
    let file = desk.keep(None, b"From: ana").unwrap();
    let last = Apart {
        files: vec![file],
        bytes: 9,
        failures: APART_FAILURES_MAX,
        ..apart()
    };
    go_on(last, &mut desk, asked).unwrap();
    assert!(
        desk.received[0].is_cut && desk.apart.is_empty(),
        "it stays in the mailbox"
    );
    assert!(desk.told[0].contains("stays there"), "{:?}", desk.told);
    let nothing = Apart {
        failures: APART_FAILURES_MAX,
        ..apart()
    };
    let asked = asked.replace("<9.", "<0.");
    let end = go_on(nothing, &mut Remembered::default(), &asked).unwrap_err();
    assert!(
        matches!(&end, Failure::GiveUp(text) if text.contains("mail 5")),
        "{end:?}"
    );
}

#[test]
fn of_very_many_short_parts_the_whole_is_kept_and_not_all_are_forgotten() {
    let mut desk = Remembered::default();
    let mut files = Vec::new();
    for _ in 0..=PARTS_FORGOTTEN_MAX {
        files.push(desk.keep(None, b"x").unwrap());
    }
    let parts = Apart { files, ..apart() };
    let whole = parts.together(&mut desk).unwrap().unwrap();
    let whole = &desk.files[whole.parse::<usize>().unwrap()];
    assert_eq!(whole.len(), PARTS_FORGOTTEN_MAX + 1);
    assert_eq!(desk.forgotten.len(), PARTS_FORGOTTEN_MAX);
}

#[test]
fn a_mail_over_its_bound_says_that_it_was_cut() {
    let mut desk = Remembered::default();
    let lines = piece(2, 0, 1 << 20, "From: ana", MAIL_BYTES_MAX + 1);
    go_on(apart(), &mut desk, &lines).unwrap();
    assert!(desk.received[0].is_cut && desk.apart.is_empty());
}

#[test]
fn a_server_that_is_away_is_waited_for_and_a_mail_that_is_gone_is_not() {
    let mut desk = Remembered::default();
    let error = Error::Unavailable("it is away".to_owned());
    let mut waiting = apart();
    for wanted in [5, 10, 20, 40, 80, 160, 300, 300] {
        waiting.wait(&error, &mut desk).unwrap();
        let (next, wait_seconds) = desk.apart.pop().unwrap();
        assert_eq!(wait_seconds, wanted);
        waiting = next;
    }
    assert_eq!(waiting.failures, 0, "that is no fault of the mail's");
    let lines = "C: A2 UID FETCH 5 (UID RFC822.SIZE BODY.PEEK[]<0.1048576>)\nS: A2 OK done";
    go_on(waiting, &mut desk, lines).unwrap();
    assert!(desk.received.is_empty() && desk.apart.is_empty());
}
