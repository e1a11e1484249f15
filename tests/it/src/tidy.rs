//! What must never be forgotten.

use crate::place::root;
use std::{
    fs,
    path::{Path, PathBuf},
};

fn sources(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir()
            && !["target", "node_modules", "dist", ".git"]
                .iter()
                .any(|skipped| name == *skipped)
        {
            sources(&path, ending, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            found.push(path);
        }
    }
}

fn all(endings: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    endings
        .iter()
        .for_each(|ending| sources(&root(), ending, &mut found));
    assert!(found.len() > 3, "the sources were found");
    found
        .into_iter()
        .map(|path| (path.clone(), fs::read_to_string(&path).unwrap()))
        .collect()
}

#[test]
fn no_file_has_more_than_eight_hundred_lines_and_most_are_short() {
    let mut lengths: Vec<_> = all(&["rs", "ts", "svelte"])
        .iter()
        .map(|(path, text)| (text.lines().count(), path.clone()))
        .collect();
    lengths.sort();
    let (longest, path) = lengths.last().unwrap();
    assert!(*longest <= 800, "{}: {longest} lines", path.display());
    assert!(
        lengths[lengths.len() / 2].0 <= 150,
        "the median is {} lines",
        lengths[lengths.len() / 2].0
    );
}

#[test]
fn nothing_is_left_for_later_in_the_code() {
    let marks = [
        concat!("FIX", "ME"),
        concat!("XX", "X"),
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("#[ig", "nore"),
    ];
    for (path, text) in all(&["rs", "ts", "svelte", "wit", "sql"]) {
        for mark in marks {
            assert!(!text.contains(mark), "{} has {mark}", path.display());
        }
    }
}

#[test]
fn every_path_that_the_architecture_names_exists() {
    let text = fs::read_to_string(root().join("host/docs/ARCHITECTURE.md")).unwrap();
    let mut named = 0;
    for quoted in text.split('`').skip(1).step_by(2) {
        let is_path = quoted.contains('/')
            && !quoted.contains([' ', '{', '<', ':'])
            && !quoted.starts_with('/');
        if is_path {
            named += 1;
            assert!(root().join(quoted).exists(), "{quoted}");
        }
    }
    assert!(named >= 20, "{named}");
}

#[test]
fn the_description_of_the_api_is_the_one_that_is_kept() {
    let path = root().join("host/openapi.json");
    let made = guichet::inbound::http::openapi().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("GUICHET_UPDATE").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "host/openapi.json is not what the code says: run the tests once with GUICHET_UPDATE=1 and look at the difference"
    );
}

#[test]
fn the_core_knows_no_plugin_no_sql_no_http_and_no_wasmtime_and_the_runtime_knows_no_sql() {
    let manifest = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    for unwanted in ["sqlx", "axum", "wasmtime", "tokio", "reqwest"] {
        assert!(
            !manifest("host/core/Cargo.toml").contains(unwanted),
            "the core depends on {unwanted}"
        );
    }
    for unwanted in ["sqlx", "guichet-store", "axum"] {
        assert!(
            !manifest("host/runtime/Cargo.toml").contains(unwanted),
            "the runtime depends on {unwanted}"
        );
    }
}

#[test]
fn both_languages_of_the_console_have_every_text() {
    // The compiler keeps them alike; this keeps one from being copied into the other.
    let mut texts = Vec::new();
    sources(
        &root().join("host/console/src/i18n/zh-CN"),
        "ts",
        &mut texts,
    );
    let chinese: String = texts
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let characters = chinese
        .chars()
        .filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c))
        .count();
    assert!(characters > 200, "{characters}");
}
