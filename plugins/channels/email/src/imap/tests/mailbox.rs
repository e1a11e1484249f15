//! What is in a mailbox, and what is new.

use super::*;
use crate::limits::{FOUND_MAX, SEARCH_SPAN, SEARCHES_MAX};

fn select(hello: &str, name: &str, lines: &str) -> Result<bool, Error> {
    let mut script = Script::of(&format!("{hello}\n{lines}"));
    let mut session = open(&mut script, &account(Security::Tls)).unwrap();
    let is_read_only = session.select(name).map(|mailbox| mailbox.is_read_only);
    script.assert_played();
    is_read_only
}

const KNOWN: &str = "S: * PREAUTH [CAPABILITY IMAP4rev1] hi";

#[test]
fn a_mailbox_tells_what_is_in_it() {
    let told = inbox("", |inbox| {
        (inbox.uid_validity, inbox.uid_next, inbox.is_read_only)
    });
    assert_eq!(told, (7, Some(12), false));
}

#[test]
fn a_mailbox_is_named_in_the_letters_of_the_server() {
    let end = "S: * OK [UIDVALIDITY 7] valid\nS: A1 OK [READ-ONLY] there";
    let lines = format!("C: A1 SELECT \"&XfJZBHQG-\"\n{end}");
    assert_eq!(select(KNOWN, "已处理", &lines), Ok(true));
    let new = "S: * PREAUTH [CAPABILITY IMAP4rev2] hi";
    let lines = format!("C: A1 SELECT \"已处理\"\n{end}");
    assert_eq!(select(new, "已处理", &lines), Ok(true));
    let utf8 = "S: * PREAUTH [CAPABILITY IMAP4rev1 UTF8=ACCEPT] hi\nC: A1 ENABLE UTF8=ACCEPT\nS: * ENABLED UTF8=ACCEPT\nS: A1 OK done";
    let lines = format!("C: A2 SELECT \"已处理\"\n{end}").replace("A1", "A2");
    assert_eq!(select(utf8, "已处理", &lines), Ok(true));
    let lines = format!("C: A1 SELECT \"a\\\"b\"\n{end}");
    assert_eq!(select(KNOWN, "a\"b", &lines), Ok(true));
    for wrong in ["", "a\r\nA2 LOGOUT"] {
        assert_eq!(kind(select(KNOWN, wrong, "")), "no mailbox");
    }
}

#[test]
fn a_mailbox_that_is_not_there_is_told_from_a_server_in_trouble() {
    for (says, wanted) in [
        ("A1 NO [NONEXISTENT] none", "no mailbox"),
        ("A1 NO none", "no mailbox"),
        ("A1 NO [UNAVAILABLE] later", "refused"),
        ("A1 BAD what", "refused"),
        ("A1 OK without UIDVALIDITY", "protocol"),
        ("* BYE going down", "refused"),
    ] {
        let lines = format!("C: A1 SELECT \"x\"\nS: {says}");
        assert_eq!(kind(select(KNOWN, "x", &lines)), wanted, "{says}");
    }
}

#[test]
fn what_is_new_came_after_what_is_known() {
    let lines = "C: A3 UID SEARCH UID 9:* UNDELETED
        S: * 4 EXISTS
        S: * SEARCH 12 10 10
        S: * 1 FETCH (FLAGS (\\Seen))
        S: A3 OK done";
    let found = inbox(lines, |inbox| inbox.search_after(8)).unwrap();
    assert_eq!((found.uids.as_slice(), found.through), (&[10, 12][..], 12));
    // `12:*` is the last mail, whatever its number.
    let lines = "C: A3 UID SEARCH UID 12:* UNDELETED\nS: * SEARCH 11\nS: A3 OK done";
    let found = inbox(lines, |inbox| inbox.search_after(11)).unwrap();
    assert_eq!((found.uids.as_slice(), found.through), (&[][..], 11));
    let lines =
        "C: A3 UID SEARCH UID 1:* UNDELETED\nS: * ESEARCH (TAG \"A3\") UID ALL 2:3\nS: A3 OK done";
    let found = inbox(lines, |inbox| inbox.search_after(0)).unwrap();
    assert_eq!((found.uids.as_slice(), found.through), (&[2, 3][..], 11));
    let found = inbox("", |inbox| inbox.search_after(u32::MAX)).unwrap();
    assert_eq!((found.uids.as_slice(), found.through), (&[][..], u32::MAX));
    let lines = "C: A3 UID SEARCH UID 1:* UNDELETED\nS: A3 NO not now";
    assert_eq!(kind(inbox(lines, |inbox| inbox.search_after(0))), "refused");
}

#[test]
fn a_large_mailbox_is_searched_piece_by_piece() {
    let hello = HELLO.replace("UIDNEXT 12", "UIDNEXT 4294967295");
    let lines = "C: A3 UID SEARCH UID 1:40000 UNDELETED
        S: * SEARCH
        S: A3 OK done
        C: A4 UID SEARCH UID 40001:80000 UNDELETED
        S: * SEARCH 70000 80001
        S: A4 OK done";
    let found = inbox_of(&hello, lines, |inbox| inbox.search_after(0)).unwrap();
    assert_eq!(
        (found.uids.as_slice(), found.through),
        (&[70_000][..], 80_000)
    );
    let count = u32::try_from(SEARCHES_MAX).unwrap();
    let empty = |at: u32| {
        let (first, last) = (at * SEARCH_SPAN + 1, (at + 1) * SEARCH_SPAN);
        let tag = at + 3;
        format!("C: A{tag} UID SEARCH UID {first}:{last} UNDELETED\nS: A{tag} OK done\n")
    };
    let lines: String = (0..count).map(empty).collect();
    let found = inbox_of(&hello, &lines, |inbox| inbox.search_after(0)).unwrap();
    assert_eq!(
        (found.uids.as_slice(), found.through),
        (&[][..], count * SEARCH_SPAN)
    );
    // The last piece is open at its end.
    let hello = HELLO.replace("UIDNEXT 12", "UIDNEXT 40002");
    let lines = "C: A3 UID SEARCH UID 2:* UNDELETED\nS: A3 OK done";
    let found = inbox_of(&hello, lines, |inbox| inbox.search_after(1)).unwrap();
    assert_eq!(found.through, 40_001);
}

#[test]
fn a_search_finds_as_much_as_it_may_and_not_one_more() {
    for (count, wanted) in [(FOUND_MAX, "fine"), (FOUND_MAX + 1, "protocol")] {
        let uids = (1..=count)
            .map(|uid| uid.to_string())
            .collect::<Vec<_>>()
            .join(" ");
        let lines =
            format!("C: A3 UID SEARCH UID 1:* UNDELETED\nS: * SEARCH {uids}\nS: A3 OK done");
        let mut script = Script::of(&format!("{HELLO}{lines}"));
        let mut session = open(&mut script, &account(Security::Tls)).unwrap();
        let found = session.select("INBOX").unwrap().search_after(0);
        assert_eq!(kind(found), wanted, "{count}");
    }
}
