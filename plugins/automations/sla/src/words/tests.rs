use super::*;

#[test]
fn a_name_is_said_in_the_language_that_is_there() {
    let name = Name::of("Gold", "金牌");
    assert_eq!(name.say(Language::of("zh-CN")), "金牌");
    assert_eq!(name.say(Language::of("de")), "Gold");
    let chinese = Name::of("", " 金牌 ");
    assert_eq!(chinese.say(Language::English), "金牌");
    assert_eq!(chinese.exactly(Language::English), "");
    assert_eq!(Name::from("Gold").say(Language::Chinese), "Gold");
    assert_eq!(Name::of(" ", ""), Name::default());
}

#[test]
fn a_name_is_read_as_one_text_or_as_one_for_each_language() {
    let read = |json: &str| serde_json::from_str::<Name>(json).unwrap();
    assert_eq!(read("\"Gold\""), Name::from("Gold"));
    assert_eq!(
        read(r#"{ "en": "Gold", "zh-CN": "金牌" }"#),
        Name::of("Gold", "金牌")
    );
}
