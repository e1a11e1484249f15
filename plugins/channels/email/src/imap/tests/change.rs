//! Marks, and other places.

use super::*;

#[test]
fn a_mail_is_marked_without_a_word_about_it() {
    let lines = "C: A3 UID STORE 4:5,9 +FLAGS.SILENT (\\Seen)
        S: * 2 FETCH (FLAGS (\\Seen))
        S: A3 OK done";
    assert_eq!(
        inbox(lines, |inbox| inbox.add_flag(&[9, 5, 4], "\\Seen")),
        Ok(())
    );
    let lines = "C: A3 UID STORE 5 +FLAGS.SILENT ($Ticket)\nS: A3 NO read only";
    assert_eq!(
        kind(inbox(lines, |inbox| inbox.add_flag(&[5], "$Ticket"))),
        "refused"
    );
    assert_eq!(
        kind(inbox("", |inbox| inbox.add_flag(&[5], "a) x"))),
        "refused"
    );
    assert_eq!(inbox("", |inbox| inbox.add_flag(&[], "\\Seen")), Ok(()));
}

fn moved(can: &str, lines: &str) -> Result<(), Error> {
    let hello = HELLO.replace("UIDPLUS MOVE", can);
    inbox_of(&hello, lines, |inbox| inbox.move_to(&[4, 5], "Done"))
}

#[test]
fn mails_move_as_the_server_can() {
    let lines = "C: A3 UID MOVE 4:5 \"Done\"
        S: * OK [COPYUID 8 4:5 1:2] moved
        S: * 1 EXPUNGE
        S: * 1 EXPUNGE
        S: A3 OK done";
    assert_eq!(moved("UIDPLUS MOVE", lines), Ok(()));
    let lines = "C: A3 UID COPY 4:5 \"Done\"
        S: A3 OK done
        C: A4 UID STORE 4:5 +FLAGS.SILENT (\\Deleted)
        S: A4 OK done
        C: A5 UID EXPUNGE 4:5
        S: * 1 EXPUNGE
        S: A5 OK done";
    assert_eq!(moved("UIDPLUS", lines), Ok(()));
}

#[test]
fn what_others_marked_is_not_removed() {
    let lines = "C: A3 UID COPY 4:5 \"Done\"
        S: A3 OK done
        C: A4 UID STORE 4:5 +FLAGS.SILENT (\\Deleted)
        S: A4 OK done";
    assert_eq!(moved("IDLE", lines), Ok(()));
}

#[test]
fn what_was_not_copied_is_not_marked() {
    let lines = "C: A3 UID COPY 4:5 \"Done\"\nS: A3 NO [OVERQUOTA] full";
    assert_eq!(kind(moved("UIDPLUS", lines)), "refused");
    let lines = "C: A3 UID COPY 4:5 \"Done\"\nS: * BYE going down";
    assert_eq!(kind(moved("UIDPLUS", lines)), "refused");
}

#[test]
fn a_missing_place_is_made_once() {
    for (made, wanted) in [("OK made", Ok(())), ("NO [ALREADYEXISTS] there", Ok(()))] {
        let lines = format!(
            "C: A3 UID MOVE 4:5 \"Done\"
            S: A3 NO [TRYCREATE] none
            C: A4 CREATE \"Done\"
            S: A4 {made}
            C: A5 UID MOVE 4:5 \"Done\"
            S: A5 OK done"
        );
        assert_eq!(moved("MOVE", &lines), wanted);
    }
    let lines = "C: A3 UID COPY 4:5 \"Done\"
        S: A3 NO [NONEXISTENT] none
        C: A4 CREATE \"Done\"
        S: A4 NO not for you";
    assert_eq!(kind(moved("UIDPLUS", lines)), "no mailbox");
    let lines = "C: A3 UID MOVE 4:5 \"Done\"
        S: A3 NO [TRYCREATE] none
        C: A4 CREATE \"Done\"
        S: A4 OK made
        C: A5 UID MOVE 4:5 \"Done\"
        S: A5 NO [TRYCREATE] none";
    assert_eq!(kind(moved("MOVE", lines)), "refused");
    let named = inbox("", |inbox| inbox.move_to(&[4], "a\r\nA4 LOGOUT"));
    assert_eq!(kind(named), "no mailbox");
}
