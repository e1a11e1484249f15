//! What is shown is drawn by the console, in both languages, and offers what its viewer may do.

/// What was filled in is what was begun with.
mod forms;

use super::{
    page::{DESKS, ME, MENU, Page, SHIFTS},
    sidebar::Known,
    *,
};
use crate::{
    desk::{
        Strategy,
        all::Desks,
        preset::{Preset, Top},
    },
    menu::template,
    people::{
        attendance::{Attendance, Member},
        presence::Presence,
        shift::Shift,
    },
    ticket::{kept::Kept, reason::Reason},
    viewer::May,
};
use guichet_calendar::Calendar;
use guichet_sdk::view::View;
use std::collections::BTreeMap;

const NOW: u64 = 1_791_129_600_000_000;

fn viewer(language: Language, may: May) -> Viewer {
    Viewer {
        language,
        id: "lin".to_owned(),
        may,
    }
}

fn viewers() -> impl Iterator<Item = Viewer> {
    let may = [May::Look, May::Work, May::Supervise, May::Administer];
    let all = Language::ALL
        .into_iter()
        .flat_map(move |language| may.map(|may| (language, may)));
    all.map(|(language, may)| viewer(language, may))
}

fn office() -> Shift {
    let calendar = r#"{ "zone": "Asia/Shanghai", "week": { "monday": ["09:00-12:00", "13:00-18:00"] }, "special_days": [{ "date": "2026-10-01", "open": [] }] }"#;
    Shift {
        calendar: Some(Calendar::read(calendar).unwrap()),
        capacity: 3,
    }
}

fn page(viewer: Viewer) -> Page {
    let top = ["cloud", "end-devices"].map(|id| {
        let title = Texts::new(id, format!("{id} 中"));
        (
            id.to_owned(),
            Top {
                title,
                group: String::new(),
            },
        )
    });
    let top = BTreeMap::from(top);
    let mut desks = Preset::Divided
        .apply(&Desks::default(), &top, "front")
        .unwrap();
    desks.0.get_mut("cloud").unwrap().strategy = Strategy::Turns;
    let member = |id: &str, online, shift: Shift| Member {
        id: id.to_owned(),
        name: format!("Agent {id}"),
        online,
        shift,
        ..Member::default()
    };
    let members = vec![
        member("ana", true, Shift::default()),
        member("bo", true, office()),
        member("cy", false, Shift::default()),
    ];
    let there = Attendance {
        exists: true,
        members: members.clone(),
    };
    Page {
        now: NOW,
        there: BTreeMap::from([("front".to_owned(), there)]),
        waiting: BTreeMap::from([("cloud".to_owned(), 4)]),
        groups: BTreeMap::from([("front".to_owned(), "Front desk team".to_owned())]),
        entries: top
            .iter()
            .map(|(id, one)| (id.clone(), one.title.clone()))
            .collect(),
        menu: template::it(),
        chosen: "front".to_owned(),
        members,
        presence: Presence::away(NOW, 15),
        viewer,
        desks,
        top,
    }
}

fn json_of(view: &View) -> String {
    view.check().unwrap();
    serde_json::to_string(view).unwrap()
}

fn offers(shown: &str, action: &str) -> bool {
    shown.contains(&format!("\"action\":\"{action}\""))
}

#[test]
fn the_page_offers_each_viewer_what_he_may_do_and_no_more() {
    for viewer in viewers() {
        let may = viewer.may;
        let shown = json_of(&page(viewer).view(DESKS));
        for action in [
            "preset",
            "open-desk",
            "delete-desk",
            "open-item",
            "save-item",
        ] {
            assert_eq!(
                offers(&shown, action),
                may >= May::Administer,
                "{action} {may:?}"
            );
        }
        assert_eq!(
            offers(&shown, "open-shift"),
            may >= May::Supervise,
            "{may:?}"
        );
        assert!(offers(&shown, "presence"));
    }
}

#[test]
fn what_is_shown_after_somebody_set_his_presence_is_his_presence_and_the_way_back() {
    for viewer in viewers() {
        for (presence, state) in [
            (Presence::away(NOW, 15), viewer.say("away", "离开")),
            (Presence::default(), viewer.say("there", "在岗")),
        ] {
            let shown = json_of(&me::alone(&viewer, presence, NOW));
            assert!(offers(&shown, "presence") && offers(&shown, "back"));
            assert!(shown.contains(&format!("\"{state}\"")), "{shown}");
        }
    }
}

#[test]
fn who_is_no_agent_has_no_presence_of_his_own() {
    let nobody = Viewer {
        id: String::new(),
        ..viewer(Language::English, May::Look)
    };
    assert!(!offers(&json_of(&page(nobody).view(ME)), "presence"));
}

#[test]
fn desks_are_shown_with_who_is_there_what_waits_and_the_preset_that_they_equal() {
    for language in Language::ALL {
        let mut page = page(viewer(language, May::Administer));
        let shown = json_of(&page.view(DESKS));
        for told in [
            "Agent ana",
            "Front desk team",
            language.pick("Divided", "分布式"),
            language.pick("attended", "有人值守"),
        ] {
            assert!(shown.contains(told), "{told}");
        }
        page.desks.0.get_mut("cloud").unwrap().covers.kinds = vec!["incident".to_owned()];
        let shown = json_of(&page.view(DESKS));
        assert!(shown.contains(language.pick("they equal no preset", "不符合任何预设")));
        page.there.clear();
        let shown = json_of(&page.view(DESKS));
        assert!(shown.contains(language.pick("\"unattended\"", "无人值守")));
    }
}

#[test]
fn before_there_are_desks_a_preset_asks_for_the_group_that_answers() {
    for viewer in viewers() {
        let may = viewer.may;
        let mut page = page(viewer);
        page.desks = Desks::default();
        page.menu.0.clear();
        let shown = json_of(&page.view(DESKS));
        assert_eq!(
            shown.contains("Group of the central desk"),
            may >= May::Administer
        );
        assert_eq!(offers(&shown, "menu-template"), may >= May::Administer);
    }
}

#[test]
fn the_menu_is_shown_as_a_tree_and_as_people_read_it_with_its_codes() {
    let page = page(viewer(Language::Chinese, May::Look));
    let shown = json_of(&page.view(MENU));
    assert!(shown.contains("【100】其他"), "{shown}");
    assert!(shown.contains("【3】账户相关\\n　【1】忘记密码"));
    assert!(shown.contains("3 · 账户相关"));
}

#[test]
fn what_leads_somewhere_has_nothing_below_it() {
    let page = page(viewer(Language::English, May::Administer));
    let branch = json_of(&menu::opened(&page, "3"));
    let leaf = json_of(&menu::opened(&page, "3-1"));
    assert!(branch.contains("New item below") && !leaf.contains("New item below"));
    assert!(
        json_of(&menu::opened(&page, "9")).contains("【3】"),
        "what is gone leads back"
    );
}

#[test]
fn shifts_are_shown_by_the_days_of_the_week_with_how_each_member_stands() {
    let page = page(viewer(Language::English, May::Supervise));
    let shown = json_of(&page.view(SHIFTS));
    for told in [
        "09:00-12:00, 13:00-18:00",
        "off shift",
        "offline",
        "on now",
        "no bound",
    ] {
        assert!(shown.contains(told), "{told}");
    }
    assert!(offers(&json_of(&shifts::opened(&page, "bo")), "save-shift"));
    assert!(!offers(
        &json_of(&shifts::opened(&page, "nobody")),
        "save-shift"
    ));
}

fn known() -> Known {
    let page = page(viewer(Language::English, May::Work));
    let mut kept = Kept {
        desk: "cloud".to_owned(),
        group: "front".to_owned(),
        assignee: "ana".to_owned(),
        reason: Some(Reason::Routed),
        ..Kept::default()
    };
    kept.note(NOW);
    (kept.assignee, kept.reason, kept.ring) =
        ("bo".to_owned(), Some(Reason::Silent), Some(NOW + 9));
    kept.note(NOW + 1);
    let names = ["ana", "bo"].map(|id| (id.to_owned(), format!("Agent {id}")));
    Known {
        kept,
        desks: page.desks,
        names: BTreeMap::from(names),
    }
}

#[test]
fn the_sidebar_tells_desk_reason_and_handlers_and_lets_agents_hand_over() {
    for viewer in viewers() {
        let shown = json_of(&sidebar::shown(&viewer, &known()));
        let reason = viewer.pick(Reason::Silent.words());
        let agents = [
            "Agent bo · ",
            "Agent ana · ",
            reason,
            "2026-10-04T16:00:00Z",
        ];
        for told in agents {
            assert!(shown.contains(told), "{told}: {shown}");
        }
        for action in ["hand-over", "route"] {
            assert_eq!(offers(&shown, action), viewer.may >= May::Work);
        }
        json_of(&sidebar::shown(&viewer, &Known::default()));
    }
}

#[test]
fn a_closed_ticket_still_says_its_desk_and_why() {
    let mut known = known();
    known.kept = Kept {
        desk: "cloud".to_owned(),
        reason: Reason::parse("unattended"),
        ..Kept::default()
    };
    let viewer = viewer(Language::English, May::Work);
    let shown = json_of(&sidebar::shown(&viewer, &known));
    assert!(
        shown.contains("\"cloud\"") && shown.contains("was unattended"),
        "{shown}"
    );
    assert!(!shown.contains("key-value"));
}

#[test]
fn each_reason_has_words_in_both_languages() {
    for reason in Reason::ALL {
        let mut known = known();
        known.kept.reason = Some(reason);
        for language in Language::ALL {
            let viewer = viewer(language, May::Work);
            let shown = json_of(&sidebar::shown(&viewer, &known));
            assert!(shown.contains(viewer.pick(reason.words())));
        }
    }
}

#[test]
fn the_largest_page_is_within_what_a_view_may_be() {
    use crate::limits::{DESKS_MAX, ITEMS_MAX, MEMBERS_MAX};
    let mut page = page(viewer(Language::Chinese, May::Administer));
    let long = "很".repeat(crate::limits::NAME_CHARACTERS_MAX);
    let desk = page.desks.0["cloud"].clone();
    for index in 0..DESKS_MAX {
        let mut desk = desk.clone();
        desk.name = Texts::new(long.clone(), long.clone());
        desk.covers.channels = vec![long.clone(); crate::limits::COVERS_MAX];
        page.desks.0.insert(format!("desk-{index}"), desk);
    }
    let member = Member {
        name: long.clone(),
        shift: office(),
        ..page.members[0].clone()
    };
    page.members = vec![member.clone(); MEMBERS_MAX];
    page.there.get_mut("front").unwrap().members = vec![member; MEMBERS_MAX];
    page.menu.0.clear();
    for code in 1..=ITEMS_MAX {
        let item = crate::menu::Item {
            code: code.to_string(),
            title: Texts::new(long.clone(), long.clone()),
            ..crate::menu::Item::default()
        };
        page.menu.0.insert(item.key(), item);
    }
    for code in 0..400 {
        page.entries.insert(
            format!("entry-{code}"),
            Texts::new(long.clone(), long.clone()),
        );
    }
    json_of(&page.view(DESKS));
    json_of(&desks::opened(&page, "desk-1"));
    json_of(&menu::opened(&page, "7"));
}
