//! Names, and views that lead to what has one.

use super::with;
use guichet_view::{Go, View, button};

#[test]
fn what_a_manifest_names_a_view_leads_to_and_nothing_else() {
    for (name, is_name) in [
        ("all", true),
        ("2fa", true),
        ("7", true),
        ("-", true),
        (&*"a".repeat(60), true),
        (&*"a".repeat(61), false),
        ("", false),
        ("All", false),
        ("a b", false),
        ("a/b", false),
        ("\u{fc}", false),
    ] {
        let page = with(&format!(
            "[[views]]\nname = \"{name}\"\nlocation = \"nav.page\"\ntitle.en = \"All\"\n"
        ));
        let report = with(&format!(
            "[[reports]]\nname = \"{name}\"\ntitle.en = \"All\"\n"
        ));
        assert_eq!((page.is_ok(), report.is_ok()), (is_name, is_name), "{name}");
        let leads = |go| {
            let view = View::default().block(button("There").go(go));
            view.check().is_ok()
        };
        let report = Go::Report {
            report: name.to_owned(),
        };
        assert_eq!(
            (leads(Go::page(name)), leads(report)),
            (is_name, is_name),
            "{name}"
        );
    }
}
