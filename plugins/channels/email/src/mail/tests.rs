use super::*;

fn of(raw: &str) -> Mail<'_> {
    read(raw.as_bytes())
}

#[test]
fn alternatives_give_text_and_html_and_the_rest_are_files() {
    let mail = of(
        "From: a@b\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\npreamble\r\n--m\r\nContent-Type: multipart/alternative; boundary=\"a\"\r\n\r\n--a\r\n\r\nplain\r\n--a\r\nContent-Type: text/html\r\n\r\n<p>rich</p>\r\n--a--\r\n--m\r\nContent-Type: image/png; name=\"x.png\"\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <i@b>\r\n\r\niVBORw0KGgo=\r\n--m--\r\nepilogue\r\n",
    );
    assert_eq!(
        (mail.text.as_str(), mail.html.as_deref()),
        ("plain", Some("<p>rich</p>"))
    );
    assert_eq!(
        (
            mail.files.len(),
            mail.files[0].name.as_str(),
            mail.files[0].content_id.as_deref()
        ),
        (1, "x.png", Some("i@b"))
    );
    assert_eq!(mail.files[0].bytes().as_ref(), b"\x89PNG\r\n\x1a\n");
}

#[test]
fn html_alone_is_read_as_text_too() {
    let mail = of("Content-Type: text/html\r\n\r\n<p>The printer<br>is on fire</p>");
    assert_eq!(mail.text, "The printer\nis on fire");
    assert!(mail.html.is_some());
}

#[test]
fn a_mail_within_a_mail_is_one_file_with_its_boundaries() {
    let mail = of(
        "From: a@b\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\none\r\n--i--\r\n--m--\r\n",
    );
    assert_eq!((mail.files.len(), mail.files[0].is_mail()), (1, true));
    assert!(
        mail.files[0].bytes().starts_with(b"Subject: inner")
            && mail.files[0].bytes().ends_with(b"--i--")
    );
    assert_eq!(mail.text, "");
}

#[test]
fn broken_structures_lose_nothing_that_can_be_read() {
    assert_eq!(
        of("Content-Type: multipart/mixed; boundary=x\r\n\r\njust text\r\n").text,
        "just text"
    );
    assert_eq!(
        of("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nnever closed").text,
        "never closed"
    );
    assert_eq!(
        of("Content-Type: multipart/mixed\r\n\r\nno boundary").text,
        "no boundary"
    );
    assert_eq!(of("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n--x\r\n\r\nsecond\r\n--x--").text, "second");
    assert_eq!(of("no headers at all").text, "no headers at all");
}

#[test]
fn depth_has_a_bound_and_no_stack() {
    let deep = "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n".repeat(20_000);
    assert_eq!(read(deep.as_bytes()).subject, "(no subject)");
    let deep = "Content-Type: message/rfc822\r\n\r\n".repeat(50_000);
    assert_eq!(read(deep.as_bytes()).files.len(), 1);
}

#[test]
fn multiparts_without_parts_are_counted_too() {
    let with = |empty: usize| {
        let inner = "--a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n".repeat(empty);
        format!(
            "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nfirst\r\n{inner}--a\r\n\r\nlast\r\n--a--\r\n"
        )
    };
    // The mail itself is one, and so are the first words and the last.
    let has_last = |empty: usize| of(&with(empty)).text.contains("last");
    assert!(has_last(parts::PARTS_MAX - 3) && !has_last(parts::PARTS_MAX - 2));
}

#[test]
fn message_ids_are_read_as_they_are_written_and_as_they_should_be() {
    assert_eq!(ids("<a@b> <c@d>\t<e @f>"), ["a@b", "c@d", "e@f"]);
    assert_eq!(ids("a@b c@d"), ["a@b", "c@d"]);
    assert_eq!(ids("<>"), [""; 0]);
}

#[test]
fn junk_becomes_something_readable_and_never_a_panic() {
    for raw in [
        &b""[..],
        b"\0\0\0",
        b"\xff\xfe\x80",
        b"From:",
        b"From: <\r\nSubject: =?x?q?=\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n--",
    ] {
        let mail = read(raw);
        assert!(!mail.subject.is_empty() && mail.from.is_none());
    }
}

#[test]
fn reports_are_read_in_every_form() {
    use report::Fate;
    let standard = |action: &str, status: &str| {
        format!(
            "From: MAILER-DAEMON@mx.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\r\n\r\n--r\r\n\r\nwords\r\n--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; Ana@trade.example\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 no\r\n such user\r\n\r\n--r\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <t.1@d>\r\nSubject: x\r\n\r\n--r--\r\n"
        )
    };
    for (action, status, fate) in [
        ("failed", "5.1.1", Fate::Failed),
        ("delayed", "4.4.1", Fate::Delayed),
        ("relayed", "2.0.0", Fate::Delivered),
        ("strange", "5.0.0 (x)", Fate::Failed),
    ] {
        let raw = standard(action, status);
        let report = read(raw.as_bytes()).report.unwrap();
        assert_eq!(
            (
                report.fate,
                report.recipient.as_str(),
                report.originals.as_slice()
            ),
            (fate, "ana@trade.example", ["t.1@d".to_owned()].as_slice()),
            "{action}"
        );
        assert_eq!(report.diagnosis, "550 no such user");
    }
    let qmail = of("Return-Path: <>\r\nFrom: MAILER-DAEMON@q.example\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send program at q.example.\r\n<ana@trade.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n--- Below this line is a copy of the message.\r\n\r\nMessage-ID: <t.1@d>\r\n").report.unwrap();
    assert_eq!(
        (
            qmail.fate,
            qmail.status.as_str(),
            qmail.recipient.as_str(),
            qmail.originals[0].as_str()
        ),
        (Fate::Failed, "5.1.1", "ana@trade.example", "t.1@d")
    );
    let exim = of("X-Failed-Recipients: ana@trade.example\r\nFrom: Mail Delivery System <Mailer-Daemon@e.example>\r\n\r\nA message could not be delivered\r\n").report.unwrap();
    assert_eq!(
        (exim.fate, exim.recipient.as_str()),
        (Fate::Failed, "ana@trade.example")
    );
    assert_eq!(
        of("From: ana@t.example\r\nSubject: Delivery of my chair\r\n\r\n550 5.1.1").report,
        None
    );
}
