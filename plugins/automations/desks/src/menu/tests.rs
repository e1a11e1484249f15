//! What a menu may be, and what becomes of it.

use super::{template, told::told, *};
use crate::{language::Language, limits::ITEMS_PER_CHANGE_MAX};

fn item(parent: &str, code: &str) -> Item {
    Item {
        code: code.to_owned(),
        parent: parent.to_owned(),
        title: Texts::new(format!("Item {code}"), ""),
        ..Item::default()
    }
}

fn menu(items: &[(&str, &str)]) -> Menu {
    let items = items.iter().map(|(parent, code)| item(parent, code));
    Menu(items.map(|item| (item.key(), item)).collect())
}

fn place(refused: Result<Menu, Refused>) -> String {
    match refused {
        Err(refused) => refused.place().to_owned(),
        Ok(menu) => panic!("{menu:?}"),
    }
}

#[test]
fn the_template_is_a_menu_with_codes_of_one_digit_and_of_three() {
    let menu = template::it();
    assert_eq!(menu.check(), Ok(()));
    let codes: Vec<_> = menu
        .below("")
        .iter()
        .map(|(key, _)| (*key).to_owned())
        .collect();
    assert_eq!(codes, ["1", "2", "3", "4", "100"], "by number, not by text");
    assert_eq!(menu.below("3").len(), 5);
    let told = told(&menu, Language::Chinese);
    assert_eq!(told["items"][2]["items"][1]["title"], "重置密码");
    assert_eq!(told["items"][2]["items"][1]["key"], "3-2");
    assert_eq!(told["items"][4]["entry"], "other");
}

#[test]
fn a_code_has_one_to_four_digits_and_is_one_of_its_own_among_neighbours() {
    let menu = menu(&[("", "1"), ("", "100"), ("1", "1")]);
    assert!(menu.with(item("", "9999")).is_ok());
    assert!(menu.with(item("1", "100")).is_ok());
    for (parent, code) in [
        ("", "12345"),
        ("", ""),
        ("", "1a"),
        ("", "１"),
        ("", "100"),
        ("1", "1"),
    ] {
        assert_eq!(
            place(menu.with(item(parent, code))),
            "/code",
            "{parent} {code}"
        );
    }
}

#[test]
fn an_item_is_refused_beyond_each_of_its_bounds_and_taken_at_it() {
    let with = |change: &dyn Fn(&mut Item)| {
        let mut item = item("", "1");
        change(&mut item);
        Menu::default().with(item)
    };
    let long = |count: usize| "x".repeat(count);
    assert!(with(&|item| item.title = Texts::new(long(NAME_CHARACTERS_MAX), "")).is_ok());
    assert_eq!(
        place(with(
            &|item| item.title = Texts::new(long(NAME_CHARACTERS_MAX + 1), "")
        )),
        "/title"
    );
    assert_eq!(place(with(&|item| item.title = Texts::default())), "/title");
    assert!(with(&|item| item.position = POSITION_MAX).is_ok());
    assert_eq!(
        place(with(&|item| item.position = POSITION_MAX + 1)),
        "/position"
    );
    assert!(with(&|item| item.entry = long(COVER_CHARACTERS_MAX)).is_ok());
    assert_eq!(
        place(with(&|item| item.entry = long(COVER_CHARACTERS_MAX + 1))),
        "/entry"
    );
}

#[test]
fn a_menu_has_five_levels_and_no_sixth() {
    let deep = menu(&[("", "1"), ("1", "1"), ("1-1", "1"), ("1-1-1", "1")]);
    let fifth = deep.with(item("1-1-1-1", "1")).unwrap();
    assert_eq!(place(fifth.with(item("1-1-1-1-1", "1"))), "/parent");
    assert_eq!(place(deep.with(item("2", "1"))), "/parent", "below nothing");
}

#[test]
fn no_code_leads_somewhere_and_is_a_menu_at_once() {
    let leaf = Item {
        entry: "vpn".to_owned(),
        ..item("", "1")
    };
    let menu = Menu::default().with(leaf.clone()).unwrap();
    assert_eq!(place(menu.with(item("1", "1"))), "/parent");
    let above = Menu::default().with(item("", "1")).unwrap();
    let above = above.with(item("1", "1")).unwrap();
    assert_eq!(place(above.changed("1", leaf)), "/parent");
}

#[test]
fn an_item_moves_with_all_that_stands_below_it_and_never_below_itself() {
    let before = menu(&[("", "1"), ("1", "2"), ("1-2", "3"), ("", "10"), ("10", "1")]);
    let moved = Item {
        parent: "10".to_owned(),
        ..item("", "7")
    };
    let after = before.changed("1", moved).unwrap();
    let keys: Vec<_> = after.0.keys().map(String::as_str).collect();
    assert_eq!(keys, ["10", "10-1", "10-7", "10-7-2", "10-7-2-3"]);
    let written = before.difference(&after).unwrap();
    assert_eq!(written.len(), 6, "three come, three go");
    let below = Item {
        parent: "1-2".to_owned(),
        ..item("", "1")
    };
    assert_eq!(place(before.changed("1", below)), "/parent");
    let taken = item("", "10");
    assert_eq!(place(before.changed("1", taken)), "/code");
    assert_eq!(place(before.changed("9", item("", "9"))), "");
}

#[test]
fn an_item_goes_with_all_that_stands_below_it() {
    let after = menu(&[("", "1"), ("1", "2"), ("", "10"), ("10", "1")])
        .without("1")
        .unwrap();
    assert_eq!(after, menu(&[("", "10"), ("10", "1")]));
}

#[test]
fn so_many_items_change_at_once_and_no_more() {
    let before = Menu::default();
    let codes: Vec<String> = (1..=ITEMS_PER_CHANGE_MAX + 1)
        .map(|one| one.to_string())
        .collect();
    let items: Vec<_> = codes.iter().map(|code| ("", code.as_str())).collect();
    let most = menu(&items[..ITEMS_PER_CHANGE_MAX]);
    assert_eq!(
        before.difference(&most).unwrap().len(),
        ITEMS_PER_CHANGE_MAX
    );
    let more = menu(&items);
    assert!(matches!(
        before.difference(&more),
        Err(Refused::TooManyChanges(17))
    ));
}

#[test]
fn two_hundred_items_are_a_menu_and_one_more_are_none() {
    let codes: Vec<String> = (1..=ITEMS_MAX).map(|one| one.to_string()).collect();
    let items: Vec<_> = codes.iter().map(|code| ("", code.as_str())).collect();
    let most = menu(&items);
    assert_eq!(most.check(), Ok(()));
    assert_eq!(
        most.with(item("", "999")),
        Err(Refused::TooManyItems(ITEMS_MAX + 1))
    );
}
