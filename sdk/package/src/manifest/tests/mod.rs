//! Manifests, and what is said of them.

/// What is wrong by itself, each at its place.
mod refused;

/// Beside a component.
mod against;

/// Names, and views that lead to them.
mod names;

/// The published schema.
mod published;

use super::*;

const SMALL: &str =
    "id = \"acme/triage\"\nversion = \"1.0.0\"\nplatform = \"^0.1\"\n[title]\nen = \"Triage\"\n";

fn with(text: &str) -> Result<Manifest, ManifestError> {
    Manifest::parse(&format!("{SMALL}{text}"))
}

fn said_of(text: &str) -> String {
    with(text).unwrap_err().to_string()
}

#[test]
fn a_plugin_for_another_platform_is_refused_by_who_runs_it_and_read_by_who_carries_it() {
    let text = SMALL.replace("^0.1", "^0.2");
    assert!(matches!(
        Manifest::parse(&text),
        Err(ManifestError::Platform { .. })
    ));
    assert!(Manifest::parse_for_any_platform(&text).is_ok());
}

#[test]
fn the_longest_route_serves_a_path() {
    let manifest = with(
        "[[routes]]\npath = \"/\"\nmethods = [\"GET\"]\n[[routes]]\npath = \"/inbound\"\nmethods = [\"POST\"]\n",
    )
    .unwrap();
    assert_eq!(manifest.route("/inbound").unwrap().path, "/inbound");
    assert_eq!(manifest.route("/inbound/x").unwrap().path, "/inbound");
    assert_eq!(manifest.route("/inboundx").unwrap().path, "/");
}

#[test]
fn every_table_is_read() {
    let manifest = with(
        "[[permissions]]\nname = \"tickets-read\"\nreason.en = \"Looks.\"\noptional = true\n\
         [[egress]]\nhost = \"*.example.com\"\nreason.en = \"Asks.\"\n\
         [[events]]\nkind = \"ticket.created\"\nfilter = \"channel == 'email'\"\n\
         [guard]\nkinds = [\"ticket.changed\"]\non-failure = \"closed\"\nreason.en = \"Checks.\"\n\
         [[routes]]\npath = \"/in\"\nmethods = [\"POST\"]\ndurable = { status = 202 }\n\
         [[collections]]\nname = \"rules\"\nversion = 3\n[[collections]]\nname = \"notes\"\n\
         [[reports]]\nname = \"overview\"\ntitle.en = \"Overview\"\nsummary.zh-CN = \"概览\"\n\
         [[fields]]\nname = \"score\"\ntype = \"integer\"\n[[fields]]\nname = \"label\"\n\
         [limits]\nmemory-mib = 128\n",
    )
    .unwrap();
    let asks: Vec<_> = manifest
        .asks()
        .map(|ask| (ask.name, ask.optional))
        .collect();
    assert_eq!(
        asks,
        [
            ("tickets-read".to_owned(), true),
            ("http:*.example.com".to_owned(), false)
        ]
    );
    assert_eq!(
        manifest.events[0].filter.as_deref(),
        Some("channel == 'email'")
    );
    assert_eq!(
        manifest.guard.as_ref().unwrap().on_failure,
        OnFailure::Closed
    );
    let durable = manifest.routes[0].durable.clone().unwrap();
    assert_eq!(
        (durable.status, durable.content_type.as_str()),
        (202, "text/plain; charset=utf-8")
    );
    assert_eq!(manifest.collections[0].version, 3);
    assert_eq!(manifest.collections[1].version, 1);
    assert_eq!(manifest.fields[0].kind, FieldType::Integer);
    assert_eq!(manifest.fields[1].kind, FieldType::Text);
    assert_eq!(
        manifest.report("overview").unwrap().summary["zh-CN"],
        "概览"
    );
    assert_eq!(manifest.limits.unwrap().memory_mib, Some(128));
    let kept = serde_json::to_value(&manifest).unwrap();
    assert_eq!(
        serde_json::from_value::<Manifest>(kept).unwrap(),
        manifest,
        "what a host keeps is read back"
    );
}

#[test]
fn a_channel_says_whom_it_reaches_and_within_which_time() {
    let whole = with(
        "[channel]\nname = \"wechat\"\nreaches = [\"wechat\"]\nhtml = true\ntext-bytes-max = 2048\non-unknown = \"resend\"\nwindow = { minutes = 2880, messages = 5 }\n",
    );
    let channel = whole.unwrap().channel.unwrap();
    assert_eq!(channel.on_unknown, Unknown::Always(OnUnknown::Resend));
    let set = "[channel]\nname = \"a\"\non-unknown = \"{settings.unknown}\"\n";
    let said = with(set).unwrap_err().to_string();
    assert!(said.contains("`unknown`"), "{said}");
    let schema =
        "[settings.properties.unknown]\nenum = [\"resend\", \"ask\"]\ndefault = \"resend\"\n";
    let admins = with(&format!("{set}{schema}")).unwrap();
    let channel = admins.channel.unwrap();
    let of = |settings| channel.on_unknown(&settings, admins.settings.as_ref());
    assert_eq!(of(serde_json::json!({ "unknown": "ask" })), OnUnknown::Ask);
    assert_eq!(of(serde_json::json!({})), OnUnknown::Resend, "by default");
    let shortest = with("[channel]\nname = \"a\"\n").unwrap().channel.unwrap();
    assert_eq!(
        shortest.on_unknown,
        Unknown::Always(OnUnknown::Ask),
        "rather late than twice"
    );
    for (wrong, said) in [
        ("name = \"We Chat\"", "its name"),
        ("name = \"a\"\nreaches = [\"mail to\"]", "schemes"),
        ("name = \"a\"\nreaches = [\"a\", \"a\"]", "twice"),
        ("name = \"a\"\ntext-bytes-max = 0", "no bytes"),
        ("name = \"a\"\nwindow = { minutes = 0 }", "window"),
        (
            "name = \"a\"\nwindow = { minutes = 1, messages = 0 }",
            "window",
        ),
        ("name = \"a\"\non-unknown = \"shrug\"", "`resend`, `ask`"),
    ] {
        let error = with(&format!("[channel]\n{wrong}\n"))
            .unwrap_err()
            .to_string();
        assert!(error.contains(said), "{wrong}: {error}");
    }
}

#[test]
fn the_deepest_manifest_is_read_again_from_the_json_that_it_is_kept_as() {
    let names = vec!["properties"; crate::limits::SCHEMA_DEPTH_MAX - 1].join(".");
    let manifest = with(&format!("[settings]\n{names} = {{}}\n")).unwrap();
    let kept = serde_json::to_string(&manifest).unwrap();
    assert_eq!(serde_json::from_str::<Manifest>(&kept).unwrap(), manifest);
}
