//! Whatever bytes come, the way from a mail to what is kept of it ends, and panics never.
#![cfg(test)]

use guichet_email::{automatic, html::clean, mail, marks::Keys, matching};
use proptest::prelude::*;
use std::{collections::BTreeMap, fs, path::Path};

fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mails");
    let mut mails: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
        .collect();
    mails.sort();
    // The largest say nothing more, changed in one place.
    mails
        .iter()
        .map(|path| fs::read(path).unwrap())
        .filter(|raw| raw.len() < 20_000)
        .collect()
}

fn read_all_of_it(raw: &[u8]) {
    let read = mail::read(raw);
    assert!(!read.subject.is_empty() && !read.text.contains('\0'));
    for file in &read.files {
        drop(file.bytes());
    }
    let keys = Keys::new(vec![b"key".to_vec()]);
    drop(matching::clues(&read, &keys, true));
    assert!(!matching::is_own_echo(&read, &keys));
    let _ = automatic::classify(&read, &|_| false);
    drop(mail::forward::original(&read));
    if let Some(html) = &read.html {
        let clean = clean::clean(html, &BTreeMap::new()).html.to_lowercase();
        assert!(
            !clean.contains("<script")
                && !clean.contains(" onload=")
                && !clean.contains("src=\"http")
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_a_mail_of_some_sort(raw in proptest::collection::vec(any::<u8>(), 0..4_000)) {
        read_all_of_it(&raw);
    }

    #[test]
    fn random_headers_and_html_are_read(head in "(From|To|Subject|Content-Type|References|Received): [ -~\\x80-\\xff]{0,200}", html in "(<[a-z/!-]{0,6}[ =\"'a-z&;]{0,20}>?|[a-z&;# ]{0,9}){0,60}") {
        read_all_of_it(format!("{head}\r\nContent-Type: text/html\r\n\r\n{html}").as_bytes());
    }

    #[test]
    fn mails_of_the_corpus_with_changes_are_read(which in any::<prop::sample::Index>(), changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 0..12)) {
        let corpus = corpus();
        let mut raw = corpus[which.index(corpus.len())].clone();
        for (place, byte, what) in changes {
            if raw.is_empty() {
                break;
            }
            let at = place.index(raw.len());
            match what {
                0 => raw[at] = byte,
                1 => raw.insert(at, byte),
                2 => drop(raw.remove(at)),
                _ => raw.truncate(at),
            }
        }
        read_all_of_it(&raw);
    }
}

#[test]
fn every_mail_of_the_corpus_has_its_expectation_and_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mails");
    let mut count = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "eml") {
            read_all_of_it(&fs::read(&path).unwrap());
            assert!(path.with_extension("json").exists(), "{}", path.display());
            count += 1;
        }
    }
    assert!(count >= 60);
}
