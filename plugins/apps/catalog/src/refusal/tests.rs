use super::*;
use guichet_sdk::view::limits::TITLE_CHARS_MAX;

#[test]
fn all_is_told_in_both_languages_and_names_the_entry_it_is_about() {
    let id = "x".repeat(60);
    let all = [
        Refused::Unknown(id.clone()),
        Refused::Archived(id.clone()),
        Refused::Id(id.clone()),
        Refused::Taken(id.clone()),
        Refused::Retired(id.clone()),
        Refused::entry(&id, "/title", "write a title", "请填写名称"),
        Refused::NoParent {
            entry: id.clone(),
            parent: "p".repeat(60),
        },
        Refused::Levels(id.clone()),
        Refused::BelowItself(id.clone()),
        Refused::ArchivedParent(id.clone()),
        Refused::Used(id.clone()),
        Refused::HasChildren(id.clone()),
        Refused::Stale(id.clone()),
        Refused::TooManyEntries(401),
        Refused::TooManyChanges(191),
        Refused::TooLarge(1_000_000),
        Refused::TooManyRetired,
        Refused::Document("EOF".to_owned()),
        Refused::NotAdmin,
    ];
    for refused in all {
        let (english, chinese) = (
            refused.say(Language::English),
            refused.say(Language::Chinese),
        );
        assert!(english.is_ascii() && !chinese.is_ascii(), "{refused:?}");
        for told in [english, chinese] {
            assert!(told.chars().count() <= TITLE_CHARS_MAX, "{told}");
            assert!(refused.place().is_none() || told.contains(&id), "{told}");
        }
    }
}
