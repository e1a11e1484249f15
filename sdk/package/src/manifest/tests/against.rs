//! A manifest beside its component.

use super::*;
use crate::component::{Inspection, Points};

fn inspection(imports: &[&str], points: Points) -> Inspection {
    Inspection {
        digest: "0".repeat(64),
        permissions: imports.iter().map(|&import| import.to_owned()).collect(),
        points,
    }
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
    let error = imports(&["net"]).unwrap_err().to_string();
    assert!(error.contains("protocol = \"net\""), "{error}");
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
fn each_protocol_is_declared_by_its_own_hosts() {
    let of = |protocol: &str, host: &str| {
        with(&format!(
            "[[egress]]\nhost = \"{host}\"\nprotocol = \"{protocol}\"\nreason.en = \"Asks.\"\n"
        ))
    };
    let both = Points::default();
    let mail = of("net", "mail.example:25").unwrap();
    assert_eq!(mail.check(&inspection(&["net"], both)), Ok(()));
    assert_eq!(
        mail.check(&inspection(&["http"], both)),
        Err(ManifestError::UndeclaredHttp)
    );
    let web = of("http", "mail.example:25").unwrap();
    assert_eq!(
        web.check(&inspection(&["net"], both)),
        Err(ManifestError::UndeclaredNet)
    );
    let told = mail.unused(&inspection(&[], both));
    assert!(
        told.len() == 1 && told[0].contains("import net"),
        "{told:?}"
    );
    let error = of("net", "mail.example").unwrap_err().to_string();
    assert!(error.contains("names no port"), "{error}");
    assert!(of("udp", "mail.example:25").is_err());
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
        (
            "[[views]]\nname = \"a\"\nlocation = \"nav.page\"\ntitle.en = \"A\"\n",
            ManifestError::NoViews,
        ),
        ("[channel]\nname = \"pigeon\"\n", ManifestError::NoChannel),
    ] {
        let manifest = with(text).unwrap();
        assert_eq!(manifest.check(&none), Err(error));
        let all = Points {
            event_handler: true,
            job_handler: true,
            request_handler: true,
            guard: true,
            channel: true,
            report: true,
            views: true,
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
fn an_interface_is_declared_by_who_asks_for_it_and_one_of_hosts_by_its_hosts() {
    let manifest = with(
        "[[permissions]]\nname = \"records\"\nreason.en = \"Keeps.\"\n\
         [[permissions]]\nname = \"secrets\"\nreason.en = \"Signs in.\"\noptional = true\n\
         [[permissions]]\nname = \"http\"\nreason.en = \"Asks.\"\n\
         [[egress]]\nhost = \"a.example:25\"\nprotocol = \"net\"\nreason.en = \"Asks.\"\noptional = true\n",
    )
    .unwrap();
    let declared: Vec<_> = manifest.declared().into_iter().collect();
    assert_eq!(
        declared,
        [
            ("net", Need::Optional),
            ("records", Need::Required),
            ("secrets", Need::Optional)
        ]
    );
    assert_eq!(
        manifest.check(&inspection(&["http"], Points::default())),
        Err(ManifestError::UndeclaredHttp),
        "no host was named"
    );
    let told = manifest.unused(&inspection(
        &["http", "net", "records", "secrets"],
        Points::default(),
    ));
    assert!(
        told.len() == 1 && told[0].contains("asks for http by itself"),
        "{told:?}"
    );
    let both = with(
        "[[egress]]\nhost = \"a.example\"\nreason.en = \"Asks.\"\noptional = true\n[[egress]]\nhost = \"b.example\"\nreason.en = \"Asks.\"\n",
    )
    .unwrap();
    assert_eq!(both.declared()["http"], Need::Required, "one of them is");
}

#[test]
fn collections_of_others_declare_the_interface_that_they_are_read_through() {
    let shared = |optional: bool| {
        with(&format!(
            "[[shared]]\nname = \"menu\"\nreason.en = \"Reads.\"\noptional = {optional}\n"
        ))
        .unwrap()
    };
    let imports = inspection(&["records-shared"], Points::default());
    assert_eq!(shared(false).check(&imports), Ok(()));
    assert_eq!(
        with("").unwrap().check(&imports),
        Err(ManifestError::UndeclaredShared)
    );
    assert_eq!(
        shared(false).declared().get(RECORDS_SHARED),
        Some(&Need::Required)
    );
    assert_eq!(
        shared(true).declared().get(RECORDS_SHARED),
        Some(&Need::Optional)
    );
    let asks: Vec<_> = shared(true).asks().map(|ask| ask.name).collect();
    assert_eq!(asks, ["shared:menu"]);
    let unused = shared(false).unused(&inspection(&[], Points::default()));
    assert!(
        unused[0].contains("drop the [[shared]] entries"),
        "{unused:?}"
    );
    let bare =
        with("[[permissions]]\nname = \"records-shared\"\nreason.en = \"Reads.\"\n").unwrap();
    assert_eq!(bare.check(&imports), Err(ManifestError::UndeclaredShared));
    let unused = bare.unused(&imports);
    assert!(
        unused[0].contains("only [[shared]] entries do"),
        "{unused:?}"
    );
}
