//! A desk, at each of its bounds.

use super::*;
use crate::language::Language;

fn desk() -> Desk {
    Desk::new(Texts::new("Front desk", "前台"), "g")
}

fn place(change: impl FnOnce(&mut Desk)) -> String {
    let mut desk = desk();
    change(&mut desk);
    match desk.check("front") {
        Ok(()) => "fine".to_owned(),
        Err(refused) => refused.place().to_owned(),
    }
}

#[test]
fn a_desk_is_refused_beyond_each_of_its_bounds_and_taken_at_it() {
    let long = |count: usize| "x".repeat(count);
    let name = |count| Texts::new("", long(count));
    assert_eq!(place(|desk| desk.name = name(NAME_CHARACTERS_MAX)), "fine");
    assert_eq!(
        place(|desk| desk.name = name(NAME_CHARACTERS_MAX + 1)),
        "/name"
    );
    assert_eq!(place(|desk| desk.name = name(0)), "/name");
    assert_eq!(place(|desk| desk.order = ORDER_MAX), "fine");
    assert_eq!(place(|desk| desk.order = ORDER_MAX + 1), "/order");
    assert_eq!(
        place(|desk| desk.silent_minutes = SILENT_MINUTES_MAX),
        "fine"
    );
    assert_eq!(
        place(|desk| desk.silent_minutes = SILENT_MINUTES_MAX + 1),
        "/silent_minutes"
    );
    let covers = |count| vec![long(COVER_CHARACTERS_MAX); count];
    assert_eq!(place(|desk| desk.covers.kinds = covers(COVERS_MAX)), "fine");
    assert_eq!(
        place(|desk| desk.covers.kinds = covers(COVERS_MAX + 1)),
        "/covers/kinds"
    );
    let one = |count: usize| vec![long(count)];
    assert_eq!(
        place(|desk| desk.covers.entries = one(COVER_CHARACTERS_MAX + 1)),
        "/covers/entries"
    );
    assert_eq!(
        place(|desk| desk.covers.channels = one(0)),
        "/covers/channels"
    );
    assert_eq!(place(|desk| desk.group.clear()), "/group");
}

#[test]
fn an_id_is_small_letters_digits_and_dashes() {
    assert_eq!(desk().check("front-2"), Ok(()));
    for id in ["", "Front", "a/b", &"x".repeat(61)] {
        assert_eq!(desk().check(id), Err(Refused::Id(id.to_owned())));
    }
}

#[test]
fn a_desk_that_says_little_is_read_and_one_that_says_something_unknown_is_not() {
    let read = |text: &str| serde_json::from_str::<Desk>(text);
    let little = read(r#"{ "name": { "en": "Front desk", "zh-CN": "前台" }, "group": "g" }"#);
    assert_eq!(little.unwrap(), desk());
    assert!(read(r#"{ "name": {}, "group": "g", "colour": "red" }"#).is_err());
    assert!(read(r#"{ "name": {}, "group": "g", "strategy": "dice" }"#).is_err());
    let all = Desk {
        first: true,
        central: true,
        enabled: false,
        strategy: Strategy::Turns,
        ..desk()
    };
    let text = serde_json::to_string(&all).unwrap();
    assert_eq!(read(&text).unwrap(), all);
}

#[test]
fn what_is_refused_is_told_in_both_languages() {
    let refused = Desk {
        name: Texts::default(),
        ..desk()
    }
    .check("front")
    .unwrap_err();
    assert_eq!(
        refused.say(Language::English),
        "desk `front` (/name): say what it is called"
    );
    assert_eq!(
        refused.say(Language::Chinese),
        "服务台“front”（/name）：请填写名称"
    );
    assert_eq!(refused.reason(Language::Chinese), "请填写名称");
}
