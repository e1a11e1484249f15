use super::*;
use crate::{
    limits::{
        ITEM_BYTES_MAX, ITEMS_MAX, NAME_CHARS_MAX, PAUSES_MAX, POLICY_BYTES_MAX, PRIORITY_LAST,
        REASON_BYTES_MAX, TARGETS_MAX, THRESHOLDS_MAX,
    },
    words::Language,
};
use guichet_calendar::limits::THRESHOLD_PERCENT_MAX;
use serde_json::{Value, json};

fn policy(change: impl FnOnce(&mut Value)) -> Policy {
    let mut written = json!({
        "name": "Gold",
        "targets": [{ "clock": "resolution", "within": { "1": "2h", "default": "1d" } }],
    });
    change(&mut written);
    serde_json::from_value(written).unwrap()
}

fn pointers(change: impl FnOnce(&mut Value)) -> Vec<String> {
    let complaints = policy(change).complaints(Calendar::always());
    for complaint in &complaints {
        for language in [Language::English, Language::Chinese] {
            assert!(!complaint.wrong.say(language).is_empty());
        }
    }
    complaints.into_iter().map(|one| one.pointer).collect()
}

fn no(_: &mut Value) {}

#[test]
fn what_is_left_out_means_all_and_marks_are_the_usual() {
    let policy = policy(no);
    assert!(policy.enabled && policy.who.is_empty() && policy.calendar == ALWAYS);
    assert_eq!(policy.targets[0].thresholds, [75, 100, 150]);
    assert!(policy.complaints(Calendar::always()).is_empty());
}

#[test]
fn words_that_mean_nothing_are_refused() {
    let written = json!({ "name": "Gold", "targets": [], "whom": ["vip"] });
    assert!(serde_json::from_value::<Policy>(written).is_err());
}

#[test]
fn what_is_wrong_is_told_at_its_place() {
    assert_eq!(pointers(|one| one["name"] = json!(" ")), ["/name"]);
    assert_eq!(pointers(|one| one["targets"] = json!([])), ["/targets"]);
    assert_eq!(
        pointers(|one| one["priorities"] = json!([0])),
        ["/priorities"]
    );
    assert_eq!(
        pointers(|one| one["priorities"] = json!([PRIORITY_LAST + 1])),
        ["/priorities"]
    );
    assert!(pointers(|one| one["priorities"] = json!([1, 2, 3, PRIORITY_LAST])).is_empty());
    assert_eq!(pointers(|one| one["who"] = json!(["vip", " "])), ["/who/1"]);
    let target = |change: Value| {
        pointers(move |one| {
            for (name, value) in change.as_object().unwrap() {
                one["targets"][0][name] = value.clone();
            }
        })
    };
    assert_eq!(target(json!({ "within": {} })), ["/targets/0/within"]);
    assert_eq!(
        target(json!({ "within": { "5": "1h" } })),
        ["/targets/0/within/5"]
    );
    assert!(target(json!({ "within": { "4": "1h" } })).is_empty());
    assert_eq!(
        target(json!({ "within": { "1": "soon" } })),
        ["/targets/0/within/1"]
    );
    assert_eq!(
        target(json!({ "within": { "1": "0m" } })),
        ["/targets/0/within/1"]
    );
    assert_eq!(
        target(json!({ "thresholds": [0] })),
        ["/targets/0/thresholds"]
    );
    assert_eq!(
        target(json!({ "pauses": ["a\nb"] })),
        ["/targets/0/pauses/0"]
    );
    let twice = pointers(|one| {
        let first = one["targets"][0].clone();
        one["targets"] = json!([first.clone(), first]);
    });
    assert_eq!(twice, ["/targets/1/clock"]);
}

#[test]
fn a_target_in_days_needs_a_calendar_that_says_how_long_a_day_is() {
    let calendar =
        Calendar::read(r#"{ "zone": "UTC", "week": { "monday": ["09:00-17:00"] } }"#).unwrap();
    let complaints = policy(no).complaints(&calendar);
    assert_eq!(complaints.len(), 1);
    assert_eq!(complaints[0].pointer, "/targets/0/within/default");
}

#[test]
fn lists_names_and_marks_are_as_long_as_they_may_be_and_no_longer() {
    let items = |count: usize| json!(vec!["x"; count]);
    assert!(pointers(|one| one["who"] = items(ITEMS_MAX)).is_empty());
    assert_eq!(pointers(|one| one["who"] = items(ITEMS_MAX + 1)), ["/who"]);
    let text = |bytes: usize| json!(["x".repeat(bytes)]);
    assert!(pointers(|one| one["what"] = text(ITEM_BYTES_MAX)).is_empty());
    assert_eq!(
        pointers(|one| one["what"] = text(ITEM_BYTES_MAX + 1)),
        ["/what/0"]
    );
    let name = |chars: usize| json!("名".repeat(chars));
    assert!(pointers(|one| one["name"] = name(NAME_CHARS_MAX)).is_empty());
    assert_eq!(
        pointers(|one| one["name"] = name(NAME_CHARS_MAX + 1)),
        ["/name"]
    );
    let pauses = |count: usize| move |one: &mut Value| one["targets"][0]["pauses"] = items(count);
    assert!(pointers(pauses(PAUSES_MAX)).is_empty());
    assert_eq!(pointers(pauses(PAUSES_MAX + 1)), ["/targets/0/pauses"]);
    let reason = |bytes: usize| move |one: &mut Value| one["targets"][0]["pauses"] = text(bytes);
    assert!(pointers(reason(REASON_BYTES_MAX)).is_empty());
    assert_eq!(
        pointers(reason(REASON_BYTES_MAX + 1)),
        ["/targets/0/pauses/0"]
    );
    // One more comes to them: 100.
    let marks = |count: u16| {
        let marks: Vec<u16> = (1..=count).collect();
        move |one: &mut Value| one["targets"][0]["thresholds"] = json!(marks)
    };
    let most = THRESHOLDS_MAX as u16 - 1;
    assert!(pointers(marks(most)).is_empty());
    assert_eq!(pointers(marks(most + 1)), ["/targets/0/thresholds"]);
    let percent =
        |percent: u16| move |one: &mut Value| one["targets"][0]["thresholds"] = json!([percent]);
    assert!(pointers(percent(THRESHOLD_PERCENT_MAX)).is_empty());
    assert_eq!(
        pointers(percent(THRESHOLD_PERCENT_MAX + 1)),
        ["/targets/0/thresholds"]
    );
}

#[test]
fn a_policy_has_one_target_of_each_clock_at_most() {
    let all = Kind::ALL.map(|kind| json!({ "clock": kind, "within": { "default": "1h" } }));
    assert_eq!(all.len(), TARGETS_MAX);
    assert!(pointers(|one| one["targets"] = json!(all)).is_empty());
    let more = pointers(|one| {
        one["targets"] = json!(all.iter().chain([&all[0]]).collect::<Vec<_>>());
    });
    assert_eq!(more, ["/targets", "/targets/5/clock"]);
}

#[test]
fn a_policy_has_as_many_bytes_as_it_may_have_and_no_more() {
    let bytes = |policy: &Policy| serde_json::to_string(policy).unwrap().len();
    let filled = |more: usize| {
        policy(|one| {
            one["who"] = json!(vec!["x".repeat(ITEM_BYTES_MAX); ITEMS_MAX]);
            one["what"] = json!(vec!["x".repeat(ITEM_BYTES_MAX - 1); ITEMS_MAX / 2]);
            one["classes"] = json!(vec!["x".repeat(1 + more % 90); 1 + more / 90]);
        })
    };
    let fits = (0..900)
        .map(filled)
        .filter(|policy| policy.complaints(Calendar::always()).is_empty());
    assert!(fits.clone().count() > 0);
    assert!(
        fits.clone()
            .all(|policy| bytes(&policy) <= POLICY_BYTES_MAX)
    );
    let refused = (0..900)
        .map(filled)
        .filter(|policy| bytes(policy) > POLICY_BYTES_MAX);
    assert!(refused.clone().count() > 0);
    for policy in refused {
        assert!(!policy.complaints(Calendar::always()).is_empty());
    }
}

#[test]
fn an_id_has_small_letters_digits_and_dashes() {
    assert!(is_id("gold-2") && is_id(&"x".repeat(ID_BYTES_MAX)));
    for id in ["", "Gold", "gold@3", "金牌", &"x".repeat(ID_BYTES_MAX + 1)] {
        assert!(!is_id(id), "{id}");
    }
    assert_eq!(id_of(&label("gold", 3)), "gold");
}
