//! A form that is sent as it was begun with changes nothing, and says where something is wrong.

use super::*;
use crate::{menu::Item, refusal::Refused, viewer::May};
use guichet_sdk::view::Form;

fn filled(form: &Form) -> Value {
    json!({ "values": form.values })
}

fn administered() -> Page {
    page(viewer(Language::English, May::Administer))
}

#[test]
fn a_desk_is_read_as_it_is_shown() {
    let page = administered();
    for (id, desk) in &page.desks.0 {
        let form = desk_form::form_of(&page, Some((id, desk)));
        let (_, read) = desk_form::read(&filled(&form)).unwrap();
        assert_eq!(read, *desk);
    }
}

#[test]
fn the_first_desk_is_the_central_one_and_the_next_is_not() {
    let mut page = administered();
    let central = |page: &Page| desk_form::form_of(page, None).values["central"].clone();
    assert_eq!(central(&page), false);
    page.desks.0.clear();
    assert_eq!(central(&page), true);
}

#[test]
fn what_was_emptied_in_a_form_is_empty() {
    let emptied = json!({ "values": { "id": " new ", "group": "g", "name": null, "entries": null, "kinds": [" ", "incident "], "strategy": "turns" } });
    let (id, desk) = desk_form::read(&emptied).unwrap();
    assert_eq!(id, "new");
    assert_eq!(desk.covers.kinds, ["incident"]);
    assert_eq!(desk.strategy, Strategy::Turns);
    assert!(desk_form::read(&json!({ "values": { "strategy": "dice" } })).is_err());
}

#[test]
fn an_item_is_read_as_it_is_shown() {
    let page = administered();
    for (key, item) in &page.menu.0 {
        let form = item_form::form_of(&page, &item.parent, Some((key, item)));
        assert_eq!(item_form::read(&filled(&form)).unwrap(), *item);
    }
    let below = item_form::form_of(&page, "3", None);
    let read = item_form::read(&filled(&below)).unwrap();
    assert_eq!(
        read,
        Item {
            parent: "3".to_owned(),
            ..Item::default()
        }
    );
}

#[test]
fn a_shift_is_read_as_it_is_shown() {
    let page = administered();
    for member in &page.members {
        let form = shift_form::form_of(&page, member);
        assert_eq!(shift_form::read(&filled(&form)).unwrap(), member.shift);
    }
}

#[test]
fn what_is_wrong_with_a_shift_is_told_at_its_line() {
    let wrong = |values: Value| match shift_form::read(&json!({ "values": values })) {
        Err(refused @ Refused::Shift { .. }) => refused.place().to_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(wrong(json!({ "zone": "Nowhere/At_all" })), "/zone");
    assert_eq!(
        wrong(json!({ "zone": "UTC", "tuesday": "9 to 5" })),
        "/tuesday"
    );
    assert_eq!(
        wrong(json!({ "zone": "UTC", "exceptions": [{ "date": "soon" }] })),
        "/exceptions/0/date"
    );
    let exceptions = json!([{ "date": "2026-10-01", "open": "9-5" }]);
    assert_eq!(
        wrong(json!({ "zone": "UTC", "exceptions": exceptions })),
        "/exceptions/0/open"
    );
}

#[test]
fn a_refusal_stands_at_the_field_that_it_is_about() {
    let desk = crate::desk::Desk::new(Texts::new("IT", ""), "");
    let refused = desk.check("it").unwrap_err();
    let told = told(&refused, Language::Chinese);
    assert_eq!(told.misfits[0].pointer, "/group");
    let mut desk = crate::desk::Desk::new(Texts::new("IT", ""), "g");
    desk.covers.customer_groups = vec![String::new()];
    let told = super::told(&desk.check("it").unwrap_err(), Language::English);
    assert_eq!(told.misfits[0].pointer, "/customer-groups");
    let notice = super::told(&Refused::Central(0), Language::English);
    assert!(notice.misfits.is_empty() && notice.toast.is_some());
}

#[test]
fn a_form_that_cannot_be_read_is_refused_in_the_viewer_s_language_and_tells_no_detail() {
    let broken = json!({ "values": { "capacity": "many", "order": "last", "position": "last" } });
    for refused in [
        shift_form::read(&broken).unwrap_err(),
        desk_form::read(&broken).unwrap_err(),
        item_form::read(&broken).unwrap_err(),
    ] {
        let Refused::Form(detail) = &refused else {
            panic!("{refused:?}");
        };
        assert!(!detail.is_empty());
        for language in Language::ALL {
            let said = refused.say(language);
            assert!(!said.contains(detail.as_str()), "{said}");
            assert_eq!(said.is_ascii(), language == Language::English, "{said}");
        }
    }
}
