//! What was found worth keeping, gone through by the suite: inputs that lead through all of the code behind each door, and those that once broke a promise.
#![cfg(test)]

use std::{fs, path::Path};

/// Runs each input of a corpus.
fn go_through(name: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(name);
    let mut inputs: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    inputs.sort();
    assert!(!inputs.is_empty(), "{} is empty", folder.display());
    for input in inputs {
        let bytes = fs::read(&input).unwrap();
        if std::panic::catch_unwind(|| run(&bytes)).is_err() {
            panic!("broken by {}", input.display());
        }
    }
}

#[test]
fn every_manifest_of_the_corpus_is_refused_with_a_reason_or_says_the_same_again() {
    go_through("manifest", guichet_fuzz::manifest::run);
}

#[test]
fn every_package_of_the_corpus_is_refused_with_a_reason_or_is_what_its_digest_says() {
    go_through("package", guichet_fuzz::package::run);
}

#[test]
fn every_mail_of_the_corpus_is_read_and_does_no_harm() {
    go_through("mail", guichet_fuzz::mail::run);
}

#[test]
fn every_expression_of_the_corpus_is_refused_where_it_is_wrong_or_means_what_it_prints() {
    go_through("expression", guichet_fuzz::expression::run);
}

#[test]
fn whatever_a_guest_of_the_corpus_says_its_call_ends_and_what_it_wrote_is_whole() {
    go_through("boundary", guichet_fuzz::boundary::run);
}
