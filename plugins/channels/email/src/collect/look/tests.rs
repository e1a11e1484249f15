use super::*;
use crate::{
    collect::keep::Remembered,
    wire::{Credentials, Security, script::Script},
};

#[test]
fn of_what_was_there_before_only_the_unseen_is_taken() {
    let reading = Reading::default().anew(1, 0, 7);
    let mail = |uid, flags: &[&str]| Overview {
        uid,
        flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
        ..Overview::default()
    };
    assert!(is_wanted(&mail(7, &["\\Answered"]), &reading));
    assert!(!is_wanted(&mail(7, &["\\SEEN"]), &reading));
    assert!(
        is_wanted(&mail(8, &["\\Seen"]), &reading),
        "what came later is ours, whoever has looked at it"
    );
}

/// Up to what is told of three mails, of so many bytes.
fn three(bytes: [u64; 3]) -> String {
    let [one, two, three] = bytes;
    format!(
        "S: * PREAUTH [CAPABILITY IMAP4rev1] hi
        C: A1 SELECT \"INBOX\"
        S: * OK [UIDVALIDITY 7] valid
        S: * OK [UIDNEXT 4] next
        S: A1 OK [READ-WRITE] there
        C: A2 UID SEARCH UID 1:* UNDELETED
        S: * SEARCH 1 2 3
        S: A2 OK done
        C: A3 UID FETCH 1:3 (UID RFC822.SIZE FLAGS)
        S: * 1 FETCH (UID 1 RFC822.SIZE {one} FLAGS ())
        S: * 2 FETCH (UID 2 RFC822.SIZE {two} FLAGS ())
        S: * 3 FETCH (UID 3 RFC822.SIZE {three} FLAGS ())
        S: A3 OK done\n"
    )
}

/// A mail that is asked for by this command, and comes.
fn comes(command: u32, uid: u32) -> String {
    format!(
        "C: A{command} UID FETCH {uid} (UID RFC822.SIZE BODY.PEEK[]<0.1048576>)
        S: * {uid} FETCH (UID {uid} RFC822.SIZE 6 BODY[]<0> \"mail {uid}\")
        S: A{command} OK done\n"
    )
}

/// What a look after so many that came to no end asks of the desk, whether that was all, and how far it came.
fn looked(care: u32, lines: &str) -> (Remembered, bool, Reading) {
    let mut script = Script::of(lines);
    let account = Account {
        security: Security::Tls,
        credentials: Credentials::Password {
            user: String::new(),
            password: String::new(),
        },
        timeout_milliseconds: 1_000,
    };
    let mailbox = Mailbox {
        address: "desk@desk.example".to_owned(),
        ..Mailbox::default()
    };
    let (mut desk, mut reading) = (Remembered::default(), Reading::default());
    let mut session = imap::open(&mut script, &account).unwrap();
    let mut open = session.select("INBOX").unwrap();
    let pace = Pace::with(care);
    let is_complete = fetch_new(&mut open, &mailbox, pace, &mut reading, &mut desk).unwrap();
    drop(session);
    script.assert_heard();
    (desk, is_complete, reading)
}

fn received(desk: &Remembered) -> Vec<String> {
    let contents = desk.received.iter().map(|one| {
        assert_eq!(one.mailbox, "desk@desk.example");
        String::from_utf8(desk.files[one.file.parse::<usize>().unwrap()].clone()).unwrap()
    });
    contents.collect()
}

#[test]
fn a_look_takes_what_is_new_in_its_order_however_large_it_is() {
    let lines = three([6, 9_000_000, 6]) + &comes(4, 1);
    let (desk, is_complete, reading) = looked(0, &lines);
    assert_eq!(
        (received(&desk).as_slice(), is_complete),
        (&["mail 1".to_owned()][..], false)
    );
    assert_eq!(
        (reading.through, reading.settling),
        (1, vec![1]),
        "the next look begins with the large one"
    );
    let lines = three([9_000_000, 6, 6]) + &comes(4, 1);
    let (desk, is_complete, _) = looked(0, &lines);
    assert_eq!((received(&desk).len(), is_complete), (1, false));
}

#[test]
fn after_a_look_that_came_to_no_end_a_large_mail_holds_up_none_behind_it() {
    let (_, most) = CAREFUL_LOOK_BYTES_MAX[0];
    let lines = three([6, most + 1, 6]) + &comes(4, 1) + &comes(5, 3);
    let (desk, is_complete, reading) = looked(1, &lines);
    assert_eq!(received(&desk), ["mail 1", "mail 3"]);
    assert!(is_complete);
    assert_eq!((reading.through, reading.settling), (3, vec![1, 3]));
    let (apart, wait_seconds) = &desk.apart[0];
    assert_eq!(
        (
            apart.uid,
            apart.uid_validity,
            *wait_seconds,
            desk.apart.len()
        ),
        (2, 7, 0, 1)
    );
    assert!(desk.told[0].contains("fetched apart"), "{:?}", desk.told);
    // As large as may be, it is fetched here; and after ever more such looks nothing is.
    let lines = three([6, most, 6]) + &comes(4, 1) + &comes(5, 2) + &comes(6, 3);
    assert_eq!(looked(1, &lines).0.received.len(), 3);
    for care in [3, 4, u32::MAX] {
        let (desk, is_complete, reading) = looked(care, &three([6, 6, 6]));
        assert_eq!(
            (desk.apart.len(), is_complete, reading.through),
            (3, true, 3)
        );
    }
}

#[test]
fn a_mail_at_which_the_server_fails_is_passed_over_and_what_came_before_it_is_kept() {
    let half = "C: A5 UID FETCH 2 (UID RFC822.SIZE BODY.PEEK[]<0.1048576>)
        S: * 2 FETCH (UID 2 RFC822.SIZE 9 BODY[]<0> \"half\")
        S: A5 OK done
        C: A6 UID FETCH 2 (UID RFC822.SIZE BODY.PEEK[]<4.1048576>)\n";
    for fails in ["...", "", "S: A6 NO [SERVERBUG] sorry", "S: nonsense"] {
        let lines = three([6, 9, 6]) + &comes(4, 1) + half + fails;
        let (desk, is_complete, reading) = looked(0, &lines);
        assert_eq!(
            (received(&desk).as_slice(), is_complete),
            (&["mail 1".to_owned()][..], false),
            "{fails}"
        );
        assert_eq!(
            (reading.through, reading.settling),
            (2, vec![1]),
            "the next look goes on behind it"
        );
        let (apart, wait_seconds) = &desk.apart[0];
        assert_eq!(
            (apart.uid, apart.bytes, apart.failures, *wait_seconds),
            (2, 4, 1, 5)
        );
        let kept = &desk.files[apart.files[0].parse::<usize>().unwrap()];
        assert_eq!(kept, b"half", "what is here of it is not fetched again");
        assert!(
            desk.told[0].contains("those behind it go first"),
            "{:?}",
            desk.told
        );
    }
}

#[test]
fn a_mail_over_its_bound_says_that_it_was_cut_and_one_at_its_bound_does_not() {
    let most = MAIL_BYTES_MAX as u64;
    for (bytes, is_cut) in [(most, false), (most + 1, true)] {
        let lines = three([bytes, 6, 6]) + &comes(4, 1);
        let (desk, _, reading) = looked(0, &lines);
        assert_eq!(desk.received[0].is_cut, is_cut, "{bytes}");
        let settling: &[u32] = if is_cut { &[] } else { &[1] };
        assert_eq!(
            reading.settling, settling,
            "of what is cut the mailbox has the only whole one"
        );
    }
}
