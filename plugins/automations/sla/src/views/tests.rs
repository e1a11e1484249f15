use super::{calendar_form, calendars, page::Page, policy_form, sidebar, templates, try_out};
use crate::{
    complaint::{Complaint, Wrong},
    kept::{Chosen, Kept},
    kind::Kind,
    limits::{CALENDARS_MAX, EXCEPTION_DAYS_SHOWN, POLICIES_MAX},
    policy::Policy,
    progress::Progress,
    shelf::Shelf,
    store::Named,
    time::{parse, parse_date},
    words::Language,
};
use guichet_calendar::{Calendar, Clock, Instant, Micros, Terms};
use serde_json::json;

const LANGUAGES: [Language; 2] = [Language::English, Language::Chinese];

fn policy(name: &str) -> Policy {
    serde_json::from_value(json!({
        "name": { "en": name, "zh-CN": "金牌" }, "version": 3, "calendar": "shanghai", "who": ["vip"],
        "targets": [
            { "clock": "first-reply", "within": { "1": "30m", "default": "4h" } },
            { "clock": "resolution", "within": { "default": "1d" }, "pauses": ["customer"] },
        ],
    }))
    .unwrap()
}

fn page(language: Language, is_admin: bool) -> Page {
    Page {
        language,
        is_admin,
        now: parse("2026-09-28T02:00Z").unwrap(),
        policies: vec![("gold".to_owned(), policy("Gold"))],
        calendars: vec![("shanghai".to_owned(), templates::shanghai().unwrap())],
        tab: super::page::POLICIES,
        drawn: None,
        tried: try_out::Tried::default(),
    }
}

fn json_of(page: &Page) -> String {
    let view = page.view();
    view.check().unwrap();
    serde_json::to_string(&view).unwrap()
}

#[test]
fn the_page_can_be_drawn_with_and_without_anything_in_both_languages() {
    for language in LANGUAGES {
        for is_admin in [true, false] {
            let full = page(language, is_admin);
            assert_eq!(json_of(&full).contains("policy-edit"), is_admin);
            assert_eq!(json_of(&full).contains("calendar-edit"), is_admin);
            let empty = Page {
                policies: Vec::new(),
                calendars: Vec::new(),
                ..page(language, is_admin)
            };
            assert_eq!(json_of(&empty).contains("policy-new"), is_admin);
        }
    }
}

#[test]
fn as_many_policies_and_calendars_as_there_may_be_can_be_drawn() {
    let mut full = page(Language::Chinese, true);
    let named = full.calendars[0].1.clone();
    full.policies = (0..POLICIES_MAX)
        .map(|number| (format!("p-{number}"), policy("P")))
        .collect();
    full.calendars = (0..CALENDARS_MAX)
        .map(|number| (format!("c-{number}"), named.clone()))
        .collect();
    full.view().check().unwrap();
}

#[test]
fn a_calendar_is_drawn_with_what_is_not_as_usual_in_the_next_eight_weeks() {
    let shanghai = templates::shanghai().unwrap().calendar;
    let today = parse_date("2026-09-28").unwrap();
    let seen = calendars::exceptions(&shanghai, today);
    assert_eq!(
        seen.len(),
        8,
        "seven days of October, and a Saturday that is worked"
    );
    assert_eq!(seen[0].name, "国庆节");
    assert_eq!(
        (seen[7].day, seen[7].open.as_str()),
        (
            parse_date("2026-10-10").unwrap(),
            "09:00-12:00, 13:00-18:00"
        )
    );
    let before = parse_date("2026-10-01").unwrap() - EXCEPTION_DAYS_SHOWN;
    let last = |today| calendars::exceptions(&shanghai, today).pop().unwrap().name;
    assert_eq!(last(before + 1), "国庆节");
    assert_ne!(last(before), "国庆节");
}

#[test]
fn a_holiday_that_comes_every_year_is_seen_across_the_turn_of_the_year() {
    let yearly = r#"{ "zone": "UTC", "holidays": [{ "name": "Turn", "date": "2020-12-31", "to": "2021-01-01", "yearly": true }] }"#;
    let calendar = Calendar::read(yearly).unwrap();
    let seen = |date: &str| calendars::exceptions(&calendar, parse_date(date).unwrap()).len();
    assert_eq!(seen("2026-12-01"), 2);
    assert_eq!(seen("2020-12-01"), 2);
    assert_eq!(seen("2019-12-01"), 0, "it was not there before");
}

#[test]
fn the_sample_of_2026_has_the_holidays_and_the_days_that_are_worked_for_them() {
    let calendar = templates::shanghai().unwrap().calendar;
    let is_open = |text: &str| calendar.is_open(parse(text).unwrap());
    for worked in [
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
    ] {
        assert!(is_open(&format!("{worked}T10:00+08:00")), "{worked}");
    }
    for free in [
        "2026-01-01",
        "2026-02-17",
        "2026-04-06",
        "2026-05-05",
        "2026-06-19",
        "2026-09-25",
        "2026-10-07",
        "2026-10-11",
    ] {
        assert!(!is_open(&format!("{free}T10:00+08:00")), "{free}");
    }
    assert!(!is_open("2026-10-08T12:30+08:00"), "lunch");
}

#[test]
fn forms_can_be_drawn_and_give_back_what_they_were_made_of() {
    for language in LANGUAGES {
        let page = page(language, true);
        let policy = policy("Gold");
        let values = policy_form::Values::of(&policy);
        for shown in [None, Some(("gold", policy.version))] {
            let form = policy_form::build(&page, shown, &values);
            page.aside("Gold".to_owned(), vec![form.into()])
                .check()
                .unwrap();
        }
        let back: policy_form::Values =
            serde_json::from_value(serde_json::to_value(&values).unwrap()).unwrap();
        let back = Policy {
            version: policy.version,
            ..back.policy()
        };
        assert_eq!(back, policy);
        for named in [templates::office().unwrap(), templates::shanghai().unwrap()] {
            let values = calendar_form::Values::of(&named);
            for shown in [None, Some(("office", named.version))] {
                let form = calendar_form::build(&page, shown, &values);
                page.aside("Office".to_owned(), vec![form.into()])
                    .check()
                    .unwrap();
            }
            let back: calendar_form::Values =
                serde_json::from_value(serde_json::to_value(&values).unwrap()).unwrap();
            assert_eq!(back.named(), Ok(named));
        }
    }
}

#[test]
fn what_is_wrong_is_told_at_the_field_that_says_it() {
    let complaint = |pointer: &str| Complaint {
        pointer: pointer.to_owned(),
        wrong: Wrong::Empty,
    };
    for (written, field) in [
        ("/name", "/name-en"),
        ("", "/name-en"),
        ("/targets/1/within/2", "/targets/1/p2"),
        ("/targets/1/within/default", "/targets/1/default"),
        ("/targets/0/within", "/targets/0/default"),
        ("/targets/0/pauses/1", "/targets/0/pauses/1"),
        ("/who/3", "/who/3"),
    ] {
        assert_eq!(policy_form::pointer(&complaint(written)), field);
    }
    for (written, field) in [
        ("/zone", "/zone"),
        ("/week/monday/1", "/monday"),
        ("/day_minutes", "/day-minutes"),
        ("/holidays/2/to", "/holidays/2/to"),
        ("/special_days/0/open/1", "/special-days/0/open"),
        ("/special_days/0/date", "/special-days/0/date"),
    ] {
        assert_eq!(calendar_form::pointer(&complaint(written)), field);
    }
    let values: calendar_form::Values =
        serde_json::from_value(json!({ "zone": "UTC", "monday": "09:00-12:00，11:00-13:00" }))
            .unwrap();
    assert_eq!(
        calendar_form::pointer(&values.named().unwrap_err()),
        "/monday"
    );
}

#[test]
fn a_form_sends_the_version_that_it_showed() {
    let page = page(Language::English, true);
    let policy = policy_form::build(
        &page,
        Some(("gold", 3)),
        &policy_form::Values::of(&policy("Gold")),
    );
    let office = templates::office().unwrap();
    let values = calendar_form::Values::of(&office);
    let calendar = calendar_form::build(&page, Some(("gold", 3)), &values);
    for form in [policy, calendar] {
        let form = serde_json::to_value(&form).unwrap();
        let sent = json!({ "id": "gold", "version": 3 });
        assert_eq!(form["action"]["input"], sent, "{form}");
    }
}

#[test]
fn what_somebody_else_did_meanwhile_is_told_of_no_field() {
    for wrong in [Wrong::Stale, Wrong::Gone] {
        for language in LANGUAGES {
            assert!(!wrong.say(language).is_empty());
        }
        let complaint = Complaint {
            pointer: String::new(),
            wrong,
        };
        assert_eq!(policy_form::pointer(&complaint), "");
        assert_eq!(calendar_form::pointer(&complaint), "");
    }
}

#[test]
fn trying_out_tells_when_marks_would_ring() {
    for language in LANGUAGES {
        let page = page(language, false);
        let values =
            json!({ "policy": "gold", "priority": 3, "start": "2026-09-30T16:30:00+08:00" });
        let tried = try_out::attempt(&page, serde_json::from_value(values).unwrap()).unwrap();
        let json = json_of(&Page { tried, ..page });
        assert!(
            json.contains("2026-10-08T03:30:00Z") && json.contains("2026-10-08T02:30:00Z"),
            "{json}"
        );
    }
    let page = page(Language::English, true);
    let chosen = |who: &str| {
        let values = json!({ "policy": "chosen", "who": [who], "priority": 1, "start": "2026-10-09T17:00:00+08:00", "within": "2h" });
        let tried = try_out::attempt(&page, serde_json::from_value(values).unwrap()).unwrap();
        json_of(&Page {
            tried,
            policies: page.policies.clone(),
            calendars: page.calendars.clone(),
            ..self::page(Language::English, true)
        })
    };
    assert!(chosen("vip").contains("2026-10-10T02:00:00Z"));
    assert!(chosen("other").contains("No policy is for such a ticket."));
    for (field, value) in [("start", "soon"), ("within", "soon"), ("within", "0m")] {
        let values = json!({ "policy": "gold", field: value });
        let misfits = try_out::attempt(&page, serde_json::from_value(values).unwrap()).unwrap_err();
        assert_eq!(misfits[0].pointer, format!("/{field}"));
    }
}

#[test]
fn the_clocks_beside_a_ticket_say_how_far_they_have_come() {
    let at = |minute: i64| Instant::from_micros(minute * 60_000_000);
    let terms = |calendar: &str| Terms::new("gold@3", calendar, Micros::from_minutes(100));
    let mut kept = Kept::new(Progress::new(at(0)));
    let mut paused = Clock::new(terms("always@1")).unwrap();
    paused.start(at(0)).unwrap();
    paused.pause(at(80), "customer").unwrap();
    let mut closed = Clock::new(terms("office@1")).unwrap();
    closed.start(at(0)).unwrap();
    kept.clocks.insert(Kind::Resolution, paused);
    kept.clocks.insert(Kind::FirstReply, closed);
    kept.clocks
        .insert(Kind::Work, Clock::new(terms("always@1")).unwrap());
    kept.chosen = Some(Chosen {
        id: "gold".to_owned(),
        version: 3,
        priority: 1,
    });
    let mut shelf = Shelf::default();
    // The first of January 1970 was a Thursday, and is closed here until 09:00.
    let office = r#"{ "zone": "UTC", "week": { "thursday": ["09:00-17:00"] } }"#;
    shelf.put("office@1", Calendar::read(office).unwrap());
    for (language, said) in [
        (
            Language::English,
            [
                "Paused, of business time: customer",
                "Closed; opens",
                "Policy Gold, version 3",
                "Used",
            ],
        ),
        (
            Language::Chinese,
            [
                "暂停（工作时间）：customer",
                "非工作时间，下次开始",
                "策略：Gold，版本 3",
                "已用",
            ],
        ),
    ] {
        let view = sidebar::view(&kept, Some("Gold"), &shelf, at(120), language);
        view.check().unwrap();
        let json = serde_json::to_string(&view).unwrap();
        for words in said {
            assert!(json.contains(words), "{words}: {json}");
        }
        assert!(json.contains("80.0"), "how much of it: {json}");
        assert!(json.contains("1970-01-01T09:00:00Z"), "when it opens");
        let none = sidebar::view(
            &Kept::new(Progress::new(at(0))),
            None,
            &shelf,
            at(0),
            language,
        );
        none.check().unwrap();
    }
}

#[test]
fn a_calendar_in_a_record_is_read_with_its_name() {
    let json = json!({ "name": "Office", "calendar": { "zone": "UTC" } });
    let named: Named = serde_json::from_value(json).unwrap();
    assert_eq!(named.version, 1);
}
