//! What a manifest must not say: it is found at its place, with what to do.

use super::*;
use crate::limits;

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
        (host, "[[egress]] `http:a.example`"),
        (route, "[[routes]] `/`"),
        (report, "[[reports]] `all`"),
        (schedule, "[[schedules]] `daily`"),
        ("[[collections]]\nname = \"c\"\n", "[[collections]] `c`"),
        (
            "[[shared]]\nname = \"s\"\nreason.en = \"Reads.\"\n",
            "[[shared]] `s`",
        ),
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
            "[settings.properties.a.items.properties.b]\nsecret = true\n",
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
fn a_manifest_as_deep_as_a_parser_takes_each_by_itself_is_refused_and_nothing_dies() {
    let keys = vec!["a"; 20].join(".");
    let deep = (0..75).fold("1".to_owned(), |inner, _| format!("{{ {keys} = {inner} }}"));
    let error = said_of(&format!("[settings]\nx = {deep}\n"));
    assert!(error.contains("line 7: more than 64 levels"), "{error}");
}

#[test]
fn records_are_found_by_pointers_that_lead_somewhere_each_once_and_not_too_many() {
    let with_indexes = |indexes: &[String]| {
        with(&format!(
            "[[collections]]\nname = \"c\"\nindexes = {indexes:?}\n"
        ))
    };
    let refused = |indexes: &[&str]| {
        let indexes: Vec<_> = indexes.iter().map(ToString::to_string).collect();
        with_indexes(&indexes).unwrap_err().to_string()
    };
    for wrong in ["", "group", "/a~2", "/a~", "/a\n"] {
        let error = refused(&[wrong]);
        assert!(error.contains("is no JSON Pointer"), "{wrong}: {error}");
    }
    assert!(refused(&["/a", "/a"]).contains("`/a` of the collection `c`: it is there twice"));
    let many = |count: usize| (0..count).map(|n| format!("/{n}")).collect::<Vec<_>>();
    assert!(with_indexes(&many(limits::COLLECTION_INDEXES_MAX)).is_ok());
    assert_eq!(
        with_indexes(&many(limits::COLLECTION_INDEXES_MAX + 1)),
        Err(ManifestError::TooManyIndexes("c".to_owned()))
    );
    let long = |bytes: usize| vec![format!("/{}", "x".repeat(bytes - 1))];
    assert!(with_indexes(&long(limits::COLLECTION_INDEX_BYTES_MAX)).is_ok());
    let error = with_indexes(&long(limits::COLLECTION_INDEX_BYTES_MAX + 1)).unwrap_err();
    assert!(error.to_string().contains("longer than a pointer may be"));
}

#[test]
fn a_collection_is_published_under_a_name_and_no_two_under_one() {
    let of = |one: &str, other: &str| {
        with(&format!(
            "[[collections]]\nname = \"a\"\npublish = \"{one}\"\n[[collections]]\nname = \"b\"\npublish = \"{other}\"\n"
        ))
    };
    assert!(of("menu", "calendar").is_ok());
    let error = of("menu", "menu").unwrap_err().to_string();
    assert!(error.contains("`menu` is there twice"), "{error}");
    let error = of("menu", "The Menu").unwrap_err().to_string();
    assert!(error.contains("`The Menu`"), "{error}");
}

#[test]
fn a_field_says_its_values_once_each_and_leads_to_a_view_beside_tickets() {
    let view = "[[views]]\nname = \"clocks\"\ntitle.en = \"Clocks\"\nlocation = \"ticket.sidebar\"\n\
                [[views]]\nname = \"page\"\ntitle.en = \"Page\"\nlocation = \"nav.page\"\n";
    let field = |more: &str| with(&format!("[[fields]]\nname = \"stage\"\n{more}\n{view}"));
    let refused = |more: &str| field(more).unwrap_err().to_string();
    let value = |text: &str| format!("{{ value = \"{text}\", title.en = \"V\", tone = \"bad\" }}");
    assert!(
        field(&format!(
            "values = [{}]\nlisted = true\ndetails = \"clocks\"",
            value("missed")
        ))
        .is_ok()
    );
    let twice = refused(&format!("values = [{0}, {0}]", value("a")));
    assert!(twice.contains("`a` is there twice"), "{twice}");
    let untitled = refused("values = [{ value = \"a\", title = {} }]");
    assert!(untitled.contains("value `a` has no text"), "{untitled}");
    let number = refused(&format!("type = \"integer\"\nvalues = [{}]", value("1")));
    assert!(number.contains("`values` are of texts"), "{number}");
    for (details, says) in [
        ("page", "does not stand beside tickets"),
        ("none", "no [[views]] has that name"),
    ] {
        let error = refused(&format!("details = \"{details}\""));
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn what_fields_say_of_themselves_ends_at_its_limits() {
    let values = |count: usize, characters: usize| {
        let value = |n: usize| format!("{{ value = \"{n:0>characters$}\", title.en = \"V\" }}");
        let all: Vec<_> = (0..count).map(value).collect();
        with(&format!(
            "[[fields]]\nname = \"f\"\nvalues = [{}]",
            all.join(", ")
        ))
    };
    let (most, long) = (limits::FIELD_VALUES_MAX, limits::FIELD_VALUE_CHARACTERS_MAX);
    assert!(values(most, 3).is_ok());
    assert!(
        values(most + 1, 3)
            .unwrap_err()
            .to_string()
            .contains("more than 50 values")
    );
    assert!(values(1, long).is_ok());
    assert!(
        values(1, long + 1)
            .unwrap_err()
            .to_string()
            .contains("1 to 100 characters")
    );
    let listed = |count: usize| {
        let field = |n: usize| format!("[[fields]]\nname = \"f{n}\"\nlisted = true\n");
        with(&(0..count).map(field).collect::<String>())
    };
    assert!(listed(limits::LISTED_FIELDS_MAX).is_ok());
    assert_eq!(
        listed(limits::LISTED_FIELDS_MAX + 1),
        Err(ManifestError::TooManyListed(4))
    );
}
