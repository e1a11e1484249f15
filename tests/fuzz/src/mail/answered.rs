//! An answer to what came, as the plugin writes one: what it quotes of the mail is somebody else's.

use guichet_email::{
    mail::{Mail, address::Address, read},
    outbound::compose::{self, File, Machine},
};

/// Of the form that ours have.
const MESSAGE_ID: &str =
    "t.aaaaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbb.cccccccccccccccc@desk.example";

/// Headers that an answer has, and no others.
const HEADERS: &[&str] = &[
    "from",
    "to",
    "cc",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "auto-submitted",
    "x-auto-response-suppress",
    "x-loop",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
];

/// It goes to whom it was written, and says what it should.
pub(super) fn is_read_back(mail: &Mail<'_>) {
    let Some(to) = mail.reply_to.clone().or_else(|| mail.from.clone()) else {
        return;
    };
    // As a person or as a machine, by chance.
    let machine = (mail.body_at % 2 == 1).then_some(Machine::Answers);
    let answer = compose::Mail {
        from: Address {
            name: "Support".to_owned(),
            address: "support@desk.example".to_owned(),
        },
        to: to.clone(),
        cc: mail.cc.iter().take(3).cloned().collect(),
        reply_to: Some("support+t7.abc@desk.example".to_owned()),
        subject: compose::subject(&mail.subject, "[Ticket#7-abcdefgh]", true),
        message_id: MESSAGE_ID.to_owned(),
        in_reply_to: mail.message_id.clone(),
        references: mail.references.clone(),
        seconds: 1_790_000_000,
        text: mail.text.clone(),
        signature: mail.subject.clone(),
        marker: "guichet:7.code".to_owned(),
        loop_tag: "guichet-loop".to_owned(),
        machine,
        files: mail.files.iter().take(1).map(file).collect(),
    };
    let raw = compose::write(&answer).expect("a mail is written");
    let back = read(&raw);
    let mut names: Vec<_> = back.head.iter().map(|(name, _)| name.to_owned()).collect();
    assert!(
        names.iter().all(|name| HEADERS.contains(&name.as_str())),
        "{names:?}"
    );
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count, "a header is there twice");
    let addresses =
        |list: &[Address]| -> Vec<_> { list.iter().map(|one| one.address.clone()).collect() };
    assert_eq!(addresses(&back.to), std::slice::from_ref(&to.address));
    match machine {
        None => assert_eq!(addresses(&back.cc), addresses(&answer.cc)),
        Some(_) => assert!(back.cc.is_empty(), "nobody else hears a machine"),
    }
    assert_eq!(back.from_address(), "support@desk.example");
    assert_eq!(back.files.len(), answer.files.len());
    for (sent, received) in answer.files.iter().zip(&back.files) {
        assert_eq!(received.bytes().as_ref(), sent.content, "{:?}", sent.name);
    }
}

fn file(part: &guichet_email::mail::parts::Part<'_>) -> File {
    File {
        name: part.name.clone(),
        media_type: part.media_type.clone(),
        content: part.bytes().into_owned(),
    }
}
