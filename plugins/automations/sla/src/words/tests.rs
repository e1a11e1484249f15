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

#[test]
fn business_time_is_told_in_hours_and_never_in_days() {
    let told = |seconds: i64| {
        let time = Micros(seconds * 1_000_000);
        (Language::English.span(time), Language::Chinese.span(time))
    };
    let both = |english: &str, chinese: &str| (english.to_owned(), chinese.to_owned());
    assert_eq!(told(0), both("0 s", "0 秒"));
    assert_eq!(told(59), both("59 s", "59 秒"));
    assert_eq!(told(61), both("1 min", "1 分钟"));
    assert_eq!(told(86_400), both("24 h", "24 小时"));
    assert_eq!(told(-5_400), both("−1 h 30 min", "−1 小时 30 分钟"));
}
