//! Mails of real shape, each with what is expected of it beside: through the plugin's route, looked at through the API.

use crate::{
    desk::{TestDesk, on_both_databases},
    place::root,
};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs};

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Expected {
    /// `ticket`, `reply` or `suspended`.
    outcome: String,
    /// A mail that must have come before.
    after: Option<String>,
    reason: Option<String>,
    subject: Option<String>,
    sender: Option<String>,
    text: Option<String>,
    attachments: Option<Vec<String>>,
    /// Attachments that the HTML shows.
    inline: Option<Vec<String>>,
    remote_images: Option<u64>,
    automatic: Option<bool>,
    hidden: Option<bool>,
    unverified: Option<bool>,
    /// An internal note.
    note: Option<bool>,
    copied: Option<usize>,
}

struct Case {
    name: String,
    raw: Vec<u8>,
    expected: Expected,
}

fn corpus() -> Vec<Case> {
    let folder = root().join("plugins/channels/email/tests/mails");
    let mut names: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|path| Case {
            name: path.file_stem().unwrap().to_string_lossy().into_owned(),
            raw: fs::read(&path).unwrap(),
            expected: serde_json::from_slice(&fs::read(path.with_extension("json")).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        })
        .collect()
}

/// The message of a case, as the API shows it, with its ticket or its place in the queue.
async fn found(desk: &TestDesk, case: &Case, id: &str) -> (Value, Value) {
    if case.expected.outcome == "suspended" {
        let whole = desk.get(&format!("suspended/{id}")).await;
        return (whole.clone(), whole["message"].clone());
    }
    let tickets = desk.get("tickets?limit=200").await;
    let ticket = tickets["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|ticket| ticket["id"] == id);
    let number =
        ticket.unwrap_or_else(|| panic!("{}: there is no ticket {id}", case.name))["number"]
            .as_u64()
            .unwrap();
    let message = desk.messages(number).await.pop().unwrap();
    (desk.get(&format!("tickets/{number}")).await, message)
}

fn check(case: &Case, thing: &Value, message: &Value) {
    let (name, wanted) = (&case.name, &case.expected);
    if wanted.outcome != "reply"
        && let Some(subject) = &wanted.subject
    {
        assert_eq!(thing["subject"], *subject, "{name}");
    }
    if let Some(sender) = &wanted.sender {
        assert_eq!(message["fields"]["from"], *sender, "{name}: {message}");
    }
    let text = message["text"].as_str().unwrap();
    if let Some(fragment) = &wanted.text {
        assert!(text.contains(fragment), "{name}: {text:?}");
    }
    let names = |wanted_inline: bool| -> Vec<String> {
        let all = message["attachments"].as_array().unwrap().iter();
        all.filter(|one| !wanted_inline || !one["inline_id"].is_null())
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        names(false),
        wanted.attachments.clone().unwrap_or_default(),
        "{name}"
    );
    assert_eq!(
        names(true),
        wanted.inline.clone().unwrap_or_default(),
        "{name}"
    );
    for inline in message["attachments"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["inline_id"].as_str())
    {
        assert!(
            message["html"]
                .as_str()
                .unwrap()
                .contains(&format!("cid:{inline}")),
            "{name}"
        );
    }
    for (field, wanted) in [
        ("automatic", wanted.automatic),
        ("hide", wanted.hidden),
        ("unverified", wanted.unverified),
    ] {
        if let Some(wanted) = wanted {
            assert_eq!(
                message["fields"][field].as_bool().unwrap_or(false),
                wanted,
                "{name}: {field}"
            );
        }
    }
    assert_eq!(
        message["fields"]["remote-images"].as_u64(),
        wanted.remote_images,
        "{name}"
    );
    let visibility = if wanted.note == Some(true) {
        "internal"
    } else {
        "public"
    };
    assert_eq!(message["visibility"], visibility, "{name}");
    let html = message["html"].as_str().unwrap_or_default().to_lowercase();
    for evil in [
        "<script",
        "<iframe",
        "javascript:",
        "onload",
        "src=\"http",
        "url(",
    ] {
        assert!(!html.contains(evil), "{name}: {html}");
    }
    if let Some(reason) = &wanted.reason {
        assert_eq!(thing["reason"], *reason, "{name}");
    }
    if let Some(copied) = wanted.copied {
        assert_eq!(
            thing["participants"].as_array().unwrap().len(),
            copied,
            "{name}"
        );
    }
}

on_both_databases! {
    async fn every_mail_of_the_corpus_becomes_a_ticket_a_reply_or_rests_with_a_reason_and_its_source_is_kept_byte_for_byte(desk) {
        let settings = json!({ "mailboxes": [{ "address": "support@desk.example", "name": "Support" }] });
        let install = desk.plugin("email", settings).await;
        let corpus = corpus();
        assert!(corpus.len() >= 60, "{} mails", corpus.len());
        // Those that others answer come first.
        let first: BTreeSet<_> = corpus.iter().filter_map(|case| case.expected.after.clone()).collect();
        let (before, after): (Vec<_>, Vec<_>) = corpus.iter().partition(|case| first.contains(&case.name));
        let mut tickets = BTreeSet::new();
        for case in before.into_iter().chain(after) {
            let (status, answer) = desk.mail(case.raw.clone()).await;
            assert_eq!(status, 201, "{}: {answer}", case.name);
            let outcome = match case.expected.outcome.as_str() {
                "ticket" => "created",
                "reply" => "appended",
                other => other,
            };
            assert_eq!(answer["outcome"], outcome, "{}: {answer}", case.name);
            let id = answer["ticket"].as_str().unwrap();
            assert_eq!(tickets.insert(id.to_owned()), outcome != "appended", "{}", case.name);
            let (thing, message) = found(&desk, case, id).await;
            check(case, &thing, &message);
            let source = message["fields"]["source"].as_str().unwrap_or_else(|| panic!("{}: no source", case.name));
            let kept = desk.request(Method::GET, &format!("files/{source}")).send().await.unwrap().bytes().await.unwrap();
            assert!(kept == case.raw, "{}: the source has {} bytes for {}", case.name, kept.len(), case.raw.len());
            // The same mail again is the same mail.
            let (status, again) = desk.mail(case.raw.clone()).await;
            assert_eq!((status, &again["ticket"], &again["duplicate"]), (200, &answer["ticket"], &json!(true)), "{}: {again}", case.name);
        }
        let outcomes = desk.outcomes(install).await;
        assert!(outcomes.iter().all(|outcome| outcome == "ok"), "{outcomes:?}");
    }
}
