//! Mails, of anybody, and the HTML in them.

/// What may be left in cleaned HTML, by rules that are not the cleaner's.
mod harmless;

/// An answer to what came.
mod answered;

use guichet_email::{
    authentic, automatic,
    html::{clean, text},
    limits::{
        ADDRESS_BYTES_MAX, ADDRESSES_MAX, ANSWERS_TO_MAX, HEADERS_MAX, HTML_BYTES_MAX,
        HTML_IN_BYTES_MAX, MESSAGE_ID_BYTES_MAX, NAME_CHARACTERS_MAX, SUBJECT_CHARACTERS_MAX,
        TEXT_BYTES_MAX,
    },
    mail::{
        Mail,
        address::{Address, is_bidi},
        forward, read,
    },
    marks::Keys,
    matching,
};
use std::collections::BTreeMap;

/// Bytes of the note that something was cut.
const CUT_BYTES: usize = 10;

/// **Promised** of any bytes: they are read as a mail. What people are shown of it is one line where a line is meant, without characters that hide, turn or
/// lead to another folder, and within its bounds; nobody without the keys forges a mark; what is cleaned of its HTML does nothing, loads nothing, and is
/// clean when it is cleaned again; and an answer to it goes to whom it was written, with no header more.
pub fn run(bytes: &[u8]) {
    let mail = read(bytes);
    assert!(mail.body_at <= bytes.len());
    has_a_head(&mail);
    has_people(&mail);
    has_words(&mail);
    has_files(&mail);
    is_matched(&mail);
    answered::is_read_back(&mail);
    let files: BTreeMap<String, String> = mail
        .files
        .iter()
        .take(20)
        .enumerate()
        .filter_map(|(place, file)| Some((file.content_id.clone()?, format!("file-{place}"))))
        .collect();
    match &mail.html {
        Some(html) => is_cleaned(html, &files),
        // What is no mail may be HTML.
        None => is_cleaned(&String::from_utf8_lossy(bytes), &files),
    }
}

fn is_one_line(text: &str) {
    assert!(
        !text.chars().any(|c| c.is_control() || is_bidi(c)),
        "{text:?}"
    );
}

fn has_a_head(mail: &Mail<'_>) {
    assert!(mail.head.iter().count() <= HEADERS_MAX);
    assert!(mail.head.iter().all(|(name, value)| {
        !name.is_empty() && !name.contains(':') && !value.contains(['\0', '\n'])
    }));
    is_one_line(&mail.subject);
    let characters = mail.subject.chars().count();
    assert!((1..=SUBJECT_CHARACTERS_MAX).contains(&characters));
    let ids = mail.message_id.iter();
    for id in ids.chain(&mail.in_reply_to).chain(&mail.references) {
        assert!((1..=MESSAGE_ID_BYTES_MAX).contains(&id.len()));
        assert!(!id.chars().any(|c| c.is_control() || c.is_whitespace()));
    }
    assert!(mail.in_reply_to.len() <= ANSWERS_TO_MAX && mail.references.len() <= ANSWERS_TO_MAX);
}

fn is_somebody(who: &Address) {
    is_one_line(&who.name);
    is_one_line(&who.address);
    assert!(who.name.chars().count() <= NAME_CHARACTERS_MAX);
    is_an_address(&who.address);
}

fn is_an_address(address: &str) {
    assert!(
        address.len() <= ADDRESS_BYTES_MAX
            && address.matches('@').count() == 1
            && !address.contains(|c: char| c.is_whitespace() || "<>\"(),:;\\".contains(c)),
        "{address:?}"
    );
}

fn has_people(mail: &Mail<'_>) {
    let senders = mail.from.iter().chain(&mail.reply_to);
    senders
        .chain(&mail.to)
        .chain(&mail.cc)
        .for_each(is_somebody);
    mail.recipients().for_each(|one| is_an_address(&one));
    // A bound for each header; and there are only so many.
    assert!(mail.to.len() <= ADDRESSES_MAX * HEADERS_MAX);
    forward::original(mail).iter().for_each(is_somebody);
    if let Some(report) = &mail.report
        && !report.recipient.is_empty()
    {
        is_an_address(&report.recipient);
    }
}

fn has_words(mail: &Mail<'_>) {
    assert!(mail.text.len() <= TEXT_BYTES_MAX + CUT_BYTES);
    assert!(!mail.text.contains('\0'));
    assert!(!mail.html.as_ref().is_some_and(|html| html.contains('\0')));
}

fn has_files(mail: &Mail<'_>) {
    for file in &mail.files {
        is_one_line(&file.name);
        assert!(
            file.name.chars().count() <= NAME_CHARACTERS_MAX
                && !file.name.contains(['/', '\\', ':', '"', '<', '>', '|'])
                && !file.name.starts_with('.'),
            "{:?}",
            file.name
        );
        let (kind, sub) = file.media_type.split_once('/').expect("kind/sub");
        assert!([kind, sub].iter().all(|one| {
            !one.is_empty()
                && one
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-.+_".contains(&byte))
        }));
    }
    // Decoding costs as much as there is.
    for file in mail.files.iter().take(3) {
        assert!(!file.text().contains('\0'));
    }
}

fn is_matched(mail: &Mail<'_>) {
    let keys = Keys::new(vec![b"a key that nobody has".to_vec()]);
    for clue in matching::clues(mail, &keys, true) {
        assert!(
            matches!(clue, matching::Clue::ForeignId(_)),
            "forged: {clue:?}"
        );
    }
    assert_eq!(matching::bounced_number(mail, &keys), None);
    assert!(!matching::is_own_echo(mail, &keys));
    let is_ours = |address: &str| address == "support@desk.example";
    let automatic = automatic::classify(mail, &is_ours);
    assert_eq!(automatic, automatic::classify(mail, &is_ours));
    let nobody = authentic::claim(&mail.head, mail.from_address(), &[]);
    assert_eq!(nobody, authentic::Claim::Unknown);
    let trusted = ["mx.desk.example".to_owned()];
    let _ = authentic::claim(&mail.head, mail.from_address(), &trusted);
}

fn is_cleaned(html: &str, files: &BTreeMap<String, String>) {
    let html = &html[..html.floor_char_boundary(HTML_IN_BYTES_MAX)];
    let clean = clean::clean(html, files);
    assert!(clean.html.len() <= HTML_BYTES_MAX);
    assert!(
        clean
            .shown
            .iter()
            .all(|id| files.values().any(|known| known == id))
    );
    harmless::check(&clean.html, &clean.shown);
    // The ids of files are what was shown before.
    let shown: BTreeMap<_, _> = clean
        .shown
        .iter()
        .map(|id| (id.clone(), id.clone()))
        .collect();
    let again = clean::clean(&clean.html, &shown);
    harmless::check(&again.html, &again.shown);
    assert_eq!(again.remote_images, 0, "{}", clean.html);
    let read = text::read(html);
    assert!(!read.contains(['\0', '\u{feff}']));
    // Each letter has its own line and ten signs of quotes before it, at most, and an entity is two letters.
    assert!(read.len() <= 64 * html.len() + 64);
}
