//! Mails, and what is told of them.

use super::*;
use crate::limits::{MAIL_BYTES_MAX, MAIL_PART_BYTES, MAILS_PER_COMMAND};
use crate::wire::{Wire, WireError};

#[test]
fn what_is_told_of_mails_comes_by_rising_uid() {
    let lines = "C: A3 UID FETCH 4:5,9 (UID RFC822.SIZE FLAGS)
        S: * 3 FETCH (UID 9 RFC822.SIZE 20 FLAGS (\\Seen))
        S: * 1 FETCH (FLAGS ($x) UID 4)
        S: * 2 EXPUNGE
        S: * 1 FETCH (UID 4 RFC822.SIZE 7)
        S: * 7 FETCH (UID 77 RFC822.SIZE 7)
        S: * 7 FETCH (FLAGS ())
        S: A3 OK done";
    let found = inbox(lines, |inbox| inbox.overview(&[9, 4, 5])).unwrap();
    let wanted = [
        Overview {
            uid: 4,
            bytes: 7,
            flags: vec!["$x".to_owned()],
        },
        Overview {
            uid: 9,
            bytes: 20,
            flags: vec!["\\Seen".to_owned()],
        },
    ];
    assert_eq!(found, wanted);
}

#[test]
fn a_command_names_as_many_mails_as_it_may_and_the_next_one_the_others() {
    let uids: Vec<u32> = (1..=u32::try_from(MAILS_PER_COMMAND).unwrap() + 1).collect();
    let lines = "C: A3 UID FETCH 1:500 (UID RFC822.SIZE FLAGS)
        S: A3 OK done
        C: A4 UID FETCH 501 (UID RFC822.SIZE FLAGS)
        S: A4 OK done";
    assert_eq!(inbox(lines, |inbox| inbox.overview(&uids)), Ok(vec![]));
    assert_eq!(inbox("", |inbox| inbox.overview(&[])), Ok(vec![]));
}

/// Fetches a mail by UID 5, with what was delivered.
fn fetch(lines: &str) -> (Result<Fetched<()>, Error>, String) {
    inbox(lines, |inbox| {
        let mut content = Vec::new();
        let fetched = inbox.fetch(5, 0, |part| {
            content.extend_from_slice(part);
            Ok(())
        });
        (fetched, String::from_utf8(content).unwrap())
    })
}

const ASKED: &str = "C: A3 UID FETCH 5 (UID RFC822.SIZE BODY.PEEK[]<0.1048576>)\n";

#[test]
fn a_small_mail_comes_at_once() {
    for told in [
        "S: * 2 FETCH (UID 5 RFC822.SIZE 7 BODY[]<0> {7}\nS: Hi\\r\\n.\nS: )",
        "S: * 2 FETCH (BODY[]<0> \"Hi there\" UID 5 RFC822.SIZE 3)\nS: * 2 FETCH (FLAGS (\\Seen))",
        "S: * 2 FETCH (UID 5 BODY[]<0> ~{8}\nS: Hi there FLAGS (\\Seen))\nS: * 2 FETCH (UID 5 RFC822.SIZE 8)",
        "S: * 2 FETCH (UID 5 RFC822.SIZE 8 BODY[] \"Hi there\")",
        "S: * 1 FETCH (UID 4 BODY[]<0> \"other\")\nS: * 2 FETCH (UID 5 BODY[]<0> \"Hi there\")\nS: * 9 EXISTS",
    ] {
        let (fetched, content) = fetch(&format!("{ASKED}{told}\nS: A3 OK done"));
        assert_eq!(fetched, Ok(Fetched::Whole), "{told}");
        assert!(
            content == "Hi there" || content == "Hi\r\n.\r\n",
            "{content}"
        );
    }
    let told = "S: * 2 FETCH (UID 5 RFC822.SIZE 0 BODY[]<0> {0}\nS: )\nS: A3 OK done";
    assert_eq!(fetch(&format!("{ASKED}{told}")).0, Ok(Fetched::Whole));
}

#[test]
fn a_mail_that_is_not_there_is_absent() {
    for told in [
        "",
        "S: * 2 FETCH (UID 5 RFC822.SIZE 7)\n",
        "S: * 2 FETCH (UID 5 BODY[]<0> NIL)\n",
    ] {
        let (fetched, content) = fetch(&format!("{ASKED}{told}S: A3 OK done"));
        assert_eq!(
            (fetched, content.as_str()),
            (Ok(Fetched::Absent), ""),
            "{told}"
        );
    }
    let (fetched, _) = fetch(&format!("{ASKED}S: A3 NO cannot"));
    assert_eq!(kind(fetched), "refused");
}

#[test]
fn a_mail_that_is_larger_than_what_came_is_asked_for_again() {
    let lines = format!(
        "{ASKED}S: * 2 FETCH (UID 5 RFC822.SIZE 9 BODY[]<0> \"Hi \")
        S: A3 OK done
        C: A4 UID FETCH 5 (UID RFC822.SIZE BODY.PEEK[]<3.1048576>)
        S: * 2 FETCH (UID 5 RFC822.SIZE 9 BODY[]<3> \"you\")
        S: A4 OK done
        C: A5 UID FETCH 5 (UID RFC822.SIZE BODY.PEEK[]<6.1048576>)
        S: * 2 FETCH (UID 5 RFC822.SIZE 9 BODY[]<6> \"\")
        S: A5 OK done"
    );
    let (fetched, content) = fetch(&lines);
    assert_eq!((fetched, content.as_str()), (Ok(Fetched::Whole), "Hi you"));
}

#[test]
fn a_mail_is_fetched_on_from_where_it_was_left_and_in_smaller_parts() {
    let lines = "C: A3 UID FETCH 5 (UID RFC822.SIZE BODY.PEEK[]<3.4>)
        S: * 2 FETCH (UID 5 RFC822.SIZE 9 BODY[]<3> \"you \")
        S: A3 OK done
        C: A4 UID FETCH 5 (UID RFC822.SIZE BODY.PEEK[]<7.4>)
        S: * 2 FETCH (UID 5 RFC822.SIZE 9 BODY[]<7> \"an\")
        S: A4 OK done";
    let mut script = Script::of(&format!("{HELLO}{lines}"));
    let mut session = open(&mut script, &account(Security::Tls)).unwrap();
    let mut inbox = session.select("INBOX").unwrap().in_parts_of(4);
    let mut content = Vec::new();
    let fetched = inbox.fetch(5, 3, |part| {
        content.extend_from_slice(part);
        Ok::<_, ()>(())
    });
    assert_eq!(
        (fetched, content.as_slice()),
        (Ok(Fetched::Whole), &b"you an"[..])
    );
    script.assert_played();
}

#[test]
fn a_part_that_was_not_asked_for_is_not_taken() {
    for told in [
        "BODY[]<1> \"Hi\"",
        "BODY[]<> \"Hi\"",
        "BODY[]<0.2> \"Hi\"",
        "BODY[]<0> {9999999}",
    ] {
        let mut script = Script::of(&format!(
            "{HELLO}{ASKED}S: * 2 FETCH (UID 5 {told})\nS: A3 OK done"
        ));
        let mut session = open(&mut script, &account(Security::Tls)).unwrap();
        let fetched = session
            .select("INBOX")
            .unwrap()
            .fetch(5, 0, |_| Ok::<_, ()>(()));
        assert_eq!(kind(fetched), "protocol", "{told}");
    }
}

/// Gives any part of one mail of a size, whatever the mail, and tells another size.
struct Large {
    bytes: usize,
    told: usize,
    answer: Vec<u8>,
}

impl Wire for Large {
    fn read(&mut self, limit: u32, _: u32) -> Result<Vec<u8>, WireError> {
        let count = self.answer.len().min(limit as usize);
        Ok(self.answer.drain(..count).collect())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        let line = String::from_utf8(bytes.to_vec()).unwrap();
        let tag = line.split(' ').next().unwrap();
        if let Some((_, from)) = line.split_once('<') {
            let from: usize = from.split('.').next().unwrap().parse().unwrap();
            let part = vec![b'x'; MAIL_PART_BYTES.min(self.bytes.saturating_sub(from))];
            let told = self.told;
            let head = format!(
                "* 1 FETCH (UID 5 RFC822.SIZE {told} BODY[]<{from}> {{{}}}\r\n",
                part.len()
            );
            self.answer
                .extend([head.as_bytes(), &part, b")\r\n"].concat());
        }
        let end = format!("* OK [UIDVALIDITY 1] x\r\n{tag} OK done\r\n");
        self.answer.extend(end.as_bytes());
        Ok(())
    }

    fn start_tls(&mut self) -> Result<(), WireError> {
        Err(WireError::Closed)
    }
}

fn fetch_large(bytes: usize, told: usize, most: usize) -> (Fetched<()>, usize) {
    let wire = Large {
        bytes,
        told,
        answer: b"* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n".to_vec(),
    };
    let mut session = open(wire, &account(Security::Tls)).unwrap();
    let mut delivered = 0;
    let fetched = session.select("INBOX").unwrap().fetch(5, 0, |part| {
        assert!(part.len() <= MAIL_PART_BYTES);
        delivered += part.len();
        if delivered > most { Err(()) } else { Ok(()) }
    });
    (fetched.unwrap(), delivered)
}

#[test]
fn a_large_mail_crosses_in_parts() {
    for bytes in [
        MAIL_PART_BYTES - 1,
        MAIL_PART_BYTES,
        MAIL_PART_BYTES + 1,
        3 * MAIL_PART_BYTES,
        MAIL_BYTES_MAX,
    ] {
        for told in [bytes, 0] {
            let whole = (Fetched::Whole, bytes);
            assert_eq!(
                fetch_large(bytes, told, usize::MAX),
                whole,
                "{bytes} {told}"
            );
        }
    }
}

#[test]
fn a_mail_has_a_bound_whatever_is_told_of_it() {
    let (fetched, delivered) = fetch_large(MAIL_BYTES_MAX + 1, 0, usize::MAX);
    assert_eq!(fetched, Fetched::TooLarge);
    assert!(delivered <= MAIL_BYTES_MAX);
    let told = fetch_large(10, MAIL_BYTES_MAX + 1, usize::MAX);
    assert_eq!(told, (Fetched::TooLarge, 10), "its beginning is delivered");
}

#[test]
fn whoever_wants_no_more_gets_no_more() {
    let (fetched, delivered) = fetch_large(5 * MAIL_PART_BYTES, 0, MAIL_PART_BYTES);
    assert_eq!(
        (fetched, delivered),
        (Fetched::Stopped(()), 2 * MAIL_PART_BYTES)
    );
}
