//! Servers that want something else than to serve: whatever they say, it ends, in an error and not in a panic.

use super::*;
use crate::limits::RESPONSES_MAX;
use crate::wire::WireError;
use proptest::prelude::*;

/// All that is done with a mailbox.
fn everything(script: Script) -> Result<(), Error> {
    let mut session = open(script, &account(Security::Tls))?;
    let mut inbox = session.select("INBOX")?;
    inbox.search_after(0)?;
    inbox.overview(&[1, 2])?;
    inbox.fetch(1, 0, |_| Ok::<_, ()>(()))?;
    inbox.add_flag(&[1], "\\Seen")?;
    inbox.move_to(&[1], "Done")?;
    session.log_out();
    Ok(())
}

const EVERYTHING: &str = "
    C: A3 UID SEARCH UID 1:* UNDELETED
    S: * SEARCH 1 2
    S: A3 OK done
    C: A4 UID FETCH 1:2 (UID RFC822.SIZE FLAGS)
    S: * 1 FETCH (UID 1 RFC822.SIZE 4 FLAGS (\\Seen))
    S: A4 OK done
    C: A5 UID FETCH 1 (UID RFC822.SIZE BODY.PEEK[]<0.1048576>)
    S: * 1 FETCH (UID 1 RFC822.SIZE 4 BODY[]<0> {4}
    S: Hi
    S: )
    S: A5 OK done
    C: A6 UID STORE 1 +FLAGS.SILENT (\\Seen)
    S: A6 OK done
    C: A7 UID MOVE 1 \"Done\"
    S: A7 OK done
    C: A8 LOGOUT
    S: * BYE bye
    S: A8 OK done
";

#[test]
fn wherever_the_connection_is_cut_it_is_an_error() {
    let lines = format!("{HELLO}{EVERYTHING}");
    assert_eq!(everything(Script::of(&lines)), Ok(()));
    assert_eq!(everything(Script::of(&lines).dripping()), Ok(()));
    let until_goodbye = Script::of(&lines).said_bytes() - "* BYE bye\r\nA8 OK done\r\n".len();
    for said in 0..until_goodbye {
        let cut = everything(Script::of(&lines).cut_after_saying(said));
        assert_eq!(
            cut,
            Err(Error::Wire(WireError::Closed)),
            "after {said} bytes"
        );
    }
}

#[test]
fn an_endless_answer_is_an_end() {
    for endless in [
        "* OK ".to_owned() + &"x".repeat(2 << 20),
        "* SEARCH ".to_owned() + &"1 ".repeat(2 << 20),
        "* 1 EXPUNGE\r\n".repeat(RESPONSES_MAX + 1),
        "* 1 FETCH (UID 1 BODY[]<0> {4294967296}\r\n".to_owned(),
        "* X {1000000}\r\n".to_owned() + &"x".repeat(3 << 20),
        format!("* 1 FETCH {}\r\n", "(".repeat(60_000)),
    ] {
        let says = format!("* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n{endless}A1 OK done\r\n");
        let mut session = open(Script::saying(says.as_bytes()), &account(Security::Tls)).unwrap();
        let begin: String = endless.chars().take(30).collect();
        assert_eq!(kind(session.select("INBOX")), "protocol", "{begin}");
    }
}

#[test]
fn as_many_responses_as_a_large_mailbox_has_changes_are_read() {
    let changes = "* 1 EXPUNGE\r\n".repeat(RESPONSES_MAX - 2);
    let says = format!(
        "* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n{changes}* OK [UIDVALIDITY 1] x\r\nA1 OK done\r\n"
    );
    let mut session = open(Script::saying(says.as_bytes()), &account(Security::Tls)).unwrap();
    assert_eq!(kind(session.select("INBOX")), "fine");
}

fn garbled() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"* ".to_vec()),
        Just(b"A1 OK ".to_vec()),
        Just(b"1 FETCH (UID 1 BODY[]<0> ".to_vec()),
        Just(b"{3}\r\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"SEARCH 1 ".to_vec()),
        Just(b"[UIDVALIDITY ".to_vec()),
        Just(b"(\"".to_vec()),
        prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whatever_a_server_says_it_ends(says in garbled(), greets in any::<bool>()) {
        let greeting: &[u8] = if greets { b"* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n" } else { b"" };
        prop_assert!(everything(Script::saying(&[greeting, &says].concat())).is_err());
    }
}
