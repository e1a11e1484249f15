use super::*;
use crate::component::{Inspection, Points};

const SMALL: &str =
    "id = \"acme/triage\"\nversion = \"1.0.0\"\nplatform = \"^0.1\"\n[title]\nen = \"Triage\"\n";

fn with(text: &str) -> Result<Manifest, ManifestError> {
    Manifest::parse(&format!("{SMALL}{text}"))
}

fn said_of(text: &str) -> String {
    with(text).unwrap_err().to_string()
}

fn inspection(imports: &[&str], points: Points) -> Inspection {
    Inspection {
        digest: "0".repeat(64),
        permissions: imports.iter().map(|&import| import.to_owned()).collect(),
        points,
    }
}

#[test]
fn a_slip_of_the_pen_is_found_with_its_line() {
    let error = with("[[event]]\nkind = \"ticket.created\"\n").unwrap_err();
    assert!(
        error.to_string().contains("unknown field `event`"),
        "{error}"
    );
    assert!(error.to_string().contains("line 6"), "{error}");
}

#[test]
fn an_id_without_a_publisher_is_refused() {
    for id in ["Triage", "acme/", "/triage", "acme/tri/age", "Acme/triage"] {
        let text = SMALL.replace("acme/triage", id);
        assert_eq!(
            Manifest::parse(&text),
            Err(ManifestError::Id(id.to_owned()))
        );
    }
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
fn what_is_there_twice_is_refused_by_its_name() {
    let permission = "[[permissions]]\nname = \"records\"\nreason.en = \"Keeps.\"\n";
    let event = "[[events]]\nkind = \"ticket.created\"\n";
    let host = "[[egress]]\nhost = \"a.example\"\nreason.en = \"Asks.\"\n";
    let route = "[[routes]]\npath = \"/\"\nmethods = [\"GET\"]\n";
    let report = "[[reports]]\nname = \"all\"\ntitle.en = \"All\"\n";
    let schedule = "[[schedules]]\nname = \"daily\"\ncron = \"0 9 * * *\"\n";
    for (entry, name) in [
        (permission, "[[permissions]] `records`"),
        (event, "[[events]] `ticket.created`"),
        (host, "[[egress]] `a.example`"),
        (route, "[[routes]] `/`"),
        (report, "[[reports]] `all`"),
        (schedule, "[[schedules]] `daily`"),
        ("[[collections]]\nname = \"c\"\n", "[[collections]] `c`"),
        ("[[fields]]\nname = \"f\"\n", "[[fields]] `f`"),
        ("[[actions]]\nname = \"a\"\n", "[[actions]] `a`"),
    ] {
        let error = said_of(&format!("{entry}{entry}"));
        assert!(
            error.contains(name) && error.contains("twice"),
            "{name}: {error}"
        );
    }
}

#[test]
fn what_an_admin_would_read_must_be_said() {
    let no_reason = said_of("[[permissions]]\nname = \"records\"\nreason = {}\n");
    assert!(
        no_reason.contains("[[permissions]] `records` has no text"),
        "{no_reason}"
    );
    let empty = said_of("[[egress]]\nhost = \"a.example\"\nreason.en = \" \"\n");
    assert!(
        empty.contains("[[egress]] `a.example` has no text"),
        "{empty}"
    );
    let guard =
        said_of("[guard]\nkinds = [\"ticket.changed\"]\non-failure = \"open\"\nreason.en = \"\"\n");
    assert!(guard.contains("[guard] has no text"), "{guard}");
    let report = said_of("[[reports]]\nname = \"all\"\ntitle = {}\n");
    assert!(report.contains("[[reports]] `all` has no text"), "{report}");
    let language = said_of("[[reports]]\nname = \"all\"\ntitle.\"in English\" = \"All\"\n");
    assert!(language.contains("the language `in English`"), "{language}");
}

#[test]
fn a_table_that_means_nothing_is_refused_with_what_to_write() {
    for (text, says) in [
        (
            "[[egress]]\nhost = \"https://a.example\"\nreason.en = \"Asks.\"\n",
            "no scheme",
        ),
        (
            "[[egress]]\nhost = \"{settings.url}\"\nreason.en = \"Asks.\"\n",
            "add the property `url`",
        ),
        (
            "[guard]\nkinds = []\non-failure = \"open\"\nreason.en = \"Checks.\"\n",
            "names no kinds",
        ),
        (
            "[guard]\nkinds = [\"ticket.changed\"]\non-failure = \"ajar\"\nreason.en = \"Checks.\"\n",
            "unknown variant `ajar`",
        ),
        ("[[collections]]\nname = \"c\"\nversion = 0\n", "version 0"),
        ("[[collections]]\nname = \"My records\"\n", "`My records`"),
        ("[[fields]]\nname = \"Score\"\n", "`Score`"),
        ("[[fields]]\nname = \"f\"\ntype = \"date\"\n", "`date`"),
        ("[[events]]\nkind = \"\"\n", "no kind of event"),
        (
            "[[events]]\nkind = \"ticket.created\"\nfilter = \" \"\n",
            "is empty",
        ),
        ("[[routes]]\npath = \"in\"\nmethods = [\"POST\"]\n", "slash"),
        (
            "[[routes]]\npath = \"/a/../b\"\nmethods = [\"POST\"]\n",
            "`..`",
        ),
        (
            "[[routes]]\npath = \"//\"\nmethods = [\"POST\"]\n",
            "single slashes",
        ),
        (
            "[[routes]]\npath = \"/in//x\"\nmethods = [\"POST\"]\n",
            "single slashes",
        ),
        (
            "[[routes]]\npath = \"/in/\"\nmethods = [\"POST\"]\n",
            "ends with none",
        ),
        ("[[routes]]\npath = \"/\"\nmethods = []\n", "needs methods"),
        (
            "[[routes]]\npath = \"/\"\nmethods = [\"post\"]\n",
            "in capitals",
        ),
        (
            "[[routes]]\npath = \"/\"\nmethods = [\"POST\"]\ndurable = { status = 500 }\n",
            "200 to 299",
        ),
        (
            "[[routes]]\npath = \"/\"\nmethods = [\"POST\"]\ndurable = { status = 200, content-type = \"a\\r\\nb\" }\n",
            "printable",
        ),
        ("[settings]\ntype = \"objekt\"\n", "no JSON Schema"),
        (
            "[[reports]]\nname = \"all\"\ntitle.en = \"All\"\nparameters.type = \"objekt\"\n",
            "parameters of [[reports]] `all`",
        ),
        (
            "[[reports]]\nname = \"all\"\ntitle.en = \"All\"\nparameters.properties.from.type = \"string\"\n",
            "`from` is what the host gives",
        ),
        (
            "[settings.properties.a.properties.b]\nsecret = true\n",
            "kept in clear",
        ),
        ("[settings]\n\"$ref\" = \"#\"\n", "leads back to itself"),
        (
            "[[schedules]]\nname = \"never\"\ncron = \"0 0 30 2 *\"\n",
            "no year has a day",
        ),
    ] {
        let error = said_of(text);
        assert!(error.contains(says), "{text}: {error}");
    }
}

#[test]
fn bounds_hold_at_their_edges() {
    let memory = |mib: u32| with(&format!("[limits]\nmemory-mib = {mib}\n"));
    assert!(memory(1).is_ok() && memory(128).is_ok());
    assert_eq!(memory(0), Err(ManifestError::Memory(0)));
    assert_eq!(memory(129), Err(ManifestError::Memory(129)));
    let processor = |ms: u32| with(&format!("[limits]\ncpu-ms = {ms}\n"));
    assert!(processor(1).is_ok() && processor(5_000).is_ok());
    assert_eq!(processor(0), Err(ManifestError::Processor(0)));
    assert_eq!(processor(5_001), Err(ManifestError::Processor(5_001)));

    let name = |length: usize| with(&format!("[[actions]]\nname = \"{}\"\n", "a".repeat(length)));
    assert!(name(60).is_ok());
    assert!(matches!(name(61), Err(ManifestError::Name { .. })));

    let summary = |length: usize| with(&format!("[summary]\nen = \"{}\"\n", "a".repeat(length)));
    assert!(summary(2_000).is_ok());
    assert!(matches!(
        summary(2_001),
        Err(ManifestError::LongText { .. })
    ));

    let body = |length: usize| {
        with(&format!(
            "[[routes]]\npath = \"/\"\nmethods = [\"POST\"]\ndurable = {{ status = 200, body = \"{}\" }}\n",
            "a".repeat(length)
        ))
    };
    assert!(body(4 << 10).is_ok());
    assert!(matches!(
        body((4 << 10) + 1),
        Err(ManifestError::Route { .. })
    ));

    let actions = |count: usize| {
        with(
            &(0..count)
                .map(|n| format!("[[actions]]\nname = \"a{n}\"\n"))
                .collect::<String>(),
        )
    };
    assert!(actions(200).is_ok());
    assert_eq!(
        actions(201),
        Err(ManifestError::TooMany { table: "actions" })
    );

    let comment = |length: usize| {
        let filler = "#".repeat(length - SMALL.len());
        Manifest::parse(&format!("{SMALL}{filler}"))
    };
    assert!(comment(256 << 10).is_ok());
    assert!(matches!(
        comment((256 << 10) + 1),
        Err(ManifestError::TooLarge { .. })
    ));
}

#[test]
fn an_import_that_is_not_declared_is_named_with_the_remedy() {
    let manifest = with("[[permissions]]\nname = \"records\"\nreason.en = \"Keeps.\"\n").unwrap();
    let imports = |names: &[&str]| manifest.check(&inspection(names, Points::default()));
    assert_eq!(imports(&["records"]), Ok(()));
    let error = imports(&["records", "tickets-write"])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("imports tickets-write") && error.contains("[[permissions]]"),
        "{error}"
    );
    let error = imports(&["http"]).unwrap_err().to_string();
    assert!(error.contains("[[egress]]"), "{error}");
}

#[test]
fn hosts_declare_the_interface_they_are_reached_through() {
    let manifest = with("[[egress]]\nhost = \"a.example\"\nreason.en = \"Asks.\"\n").unwrap();
    assert_eq!(
        manifest.check(&inspection(&["http"], Points::default())),
        Ok(())
    );
}

#[test]
fn what_the_manifest_offers_the_component_must_export() {
    let none = inspection(&[], Points::default());
    for (text, error) in [
        (
            "[[events]]\nkind = \"ticket.created\"\n",
            ManifestError::NoEventHandler,
        ),
        (
            "[[actions]]\nname = \"a\"\n",
            ManifestError::NoActionHandler,
        ),
        (
            "[[schedules]]\nname = \"s\"\ncron = \"0 9 * * *\"\n",
            ManifestError::NoJobHandler,
        ),
        (
            "[[routes]]\npath = \"/\"\nmethods = [\"GET\"]\n",
            ManifestError::NoRequestHandler,
        ),
        (
            "[guard]\nkinds = [\"ticket.changed\"]\non-failure = \"open\"\nreason.en = \"Checks.\"\n",
            ManifestError::NoGuard,
        ),
        (
            "[[reports]]\nname = \"all\"\ntitle.en = \"All\"\n",
            ManifestError::NoReport,
        ),
    ] {
        let manifest = with(text).unwrap();
        assert_eq!(manifest.check(&none), Err(error));
        let all = Points {
            event_handler: true,
            job_handler: true,
            request_handler: true,
            guard: true,
            report: true,
        };
        assert_eq!(manifest.check(&inspection(&[], all)), Ok(()));
    }
}

#[test]
fn what_is_asked_for_to_no_purpose_is_told() {
    let manifest = with(
        "[[permissions]]\nname = \"records\"\nreason.en = \"Keeps.\"\n[[permissions]]\nname = \"log\"\nreason.en = \"Tells.\"\n\
         [[egress]]\nhost = \"a.example\"\nreason.en = \"Asks.\"\n",
    )
    .unwrap();
    let points = Points {
        guard: true,
        ..Points::default()
    };
    let told = manifest.unused(&inspection(&[], points));
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told[0].contains("asks for records"), "{told:?}");
    assert!(
        told[1].contains("log, which needs no permission"),
        "{told:?}"
    );
    assert!(told[2].contains("names hosts"), "{told:?}");
    assert!(told[3].contains("never asked"), "{told:?}");
    let told = manifest.unused(&inspection(&["records", "http"], Points::default()));
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn the_published_schema_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/plugin.schema.json");
    let fresh = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    #[expect(
        clippy::disallowed_methods,
        reason = "a switch of this test alone, not a setting"
    )]
    if std::env::var("GUICHET_UPDATE").is_ok() {
        std::fs::write(path, &fresh).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        published == fresh,
        "plugin.schema.json is stale: GUICHET_UPDATE=1 cargo test --package guichet-package published_schema"
    );
}

#[test]
fn the_first_partys_manifests_are_read_and_fit_the_schema() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for path in [
        "plugins/automations/triggers/plugin.toml",
        "plugins/channels/email/plugin.toml",
        "tests/guests/hostile/plugin.toml",
    ] {
        let text = std::fs::read_to_string(format!("{root}/{path}")).unwrap();
        Manifest::parse(&text).unwrap();
        let value: serde_json::Value = toml::from_str(&text).unwrap();
        assert!(validator.is_valid(&value), "{path}");
    }
    let slip: serde_json::Value =
        toml::from_str(&format!("{SMALL}[[event]]\nkind = \"x\"\n")).unwrap();
    assert!(!validator.is_valid(&slip));
}

#[test]
fn a_manifest_as_deep_as_a_parser_takes_each_by_itself_is_refused_and_nothing_dies() {
    let keys = vec!["a"; 20].join(".");
    let deep = (0..75).fold("1".to_owned(), |inner, _| format!("{{ {keys} = {inner} }}"));
    let error = said_of(&format!("[settings]\nx = {deep}\n"));
    assert!(error.contains("line 7: more than 64 levels"), "{error}");
}

#[test]
fn the_deepest_manifest_is_read_again_from_the_json_that_it_is_kept_as() {
    let names = vec!["properties"; crate::limits::SCHEMA_DEPTH_MAX - 1].join(".");
    let manifest = with(&format!("[settings]\n{names} = {{}}\n")).unwrap();
    let kept = serde_json::to_string(&manifest).unwrap();
    assert_eq!(serde_json::from_str::<Manifest>(&kept).unwrap(), manifest);
}
