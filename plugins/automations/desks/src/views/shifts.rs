//! Who works when: the members of a group, their weeks, and how they stand now.

use super::{
    page::{Page, SHIFTS},
    shift_form, short,
};
use crate::{
    people::{
        attendance::{Member, Standing},
        shift::Shift,
    },
    viewer::May,
};
use guichet_calendar::Week;
use guichet_sdk::view::{
    Action, Block, Cell, Column, Row, Tone, View, badge, button, empty,
    limits::{CELL_CHARS_MAX, MENU_ITEMS_MAX},
    menu, stack, table, text,
};
use serde_json::json;

/// Days of the week, from Monday on, in English and in Chinese.
pub(super) const DAYS: [(&str, &str, &str); 7] = [
    ("monday", "Monday", "周一"),
    ("tuesday", "Tuesday", "周二"),
    ("wednesday", "Wednesday", "周三"),
    ("thursday", "Thursday", "周四"),
    ("friday", "Friday", "周五"),
    ("saturday", "Saturday", "周六"),
    ("sunday", "Sunday", "周日"),
];

/// The windows of each day, from Monday on.
pub(super) fn days(week: &Week) -> [&[String]; 7] {
    [
        &week.monday,
        &week.tuesday,
        &week.wednesday,
        &week.thursday,
        &week.friday,
        &week.saturday,
        &week.sunday,
    ]
}

/// The tab.
pub(super) fn tab(page: &Page) -> Vec<Block> {
    let viewer = &page.viewer;
    let groups = page.groups.iter().take(MENU_ITEMS_MAX);
    let chooser = groups.fold(
        menu(viewer.say("Choose a group", "选择组")),
        |chooser, (id, name)| {
            let show = Action::new("shifts").input(json!({ "group": id }));
            chooser.item(button(name.as_str()).action(show))
        },
    );
    let mut bar = stack().across();
    if !chooser.items.is_empty() {
        bar = bar.block(chooser);
    }
    let bar = bar.block(text(page.group(&page.chosen)).strong());
    if page.members.is_empty() {
        let none = empty(viewer.say("Nobody works in this group", "该组没有成员"));
        return vec![bar.into(), none.into()];
    }
    let [name, now, open, capacity] = [
        Column::text("name", viewer.say("Agent", "客服")),
        Column::badge("now", viewer.say("Now", "当前")),
        Column::integer("open", viewer.say("Open tickets", "处理中工单")),
        Column::text("capacity", viewer.say("Capacity", "容量")),
    ];
    let days = DAYS.map(|(id, english, chinese)| Column::text(id, viewer.say(english, chinese)));
    let columns = [name, now, open, capacity].into_iter().chain(days);
    let rows = page.members.iter().map(|member| row(page, member));
    vec![bar.into(), table(columns).rows(rows).into()]
}

fn row(page: &Page, member: &Member) -> Row {
    let viewer = &page.viewer;
    let standing = member.standing(page.now);
    let tone = match standing {
        Standing::Free => Tone::Good,
        Standing::Full | Standing::Away => Tone::Wait,
        Standing::OffShift | Standing::Offline => Tone::Plain,
    };
    let capacity = match member.shift.capacity {
        0 => viewer.say("no bound", "不限").to_owned(),
        capacity => capacity.to_string(),
    };
    let first = [
        Cell::from(member.name.as_str()),
        badge(viewer.pick(standing.titles())).tone(tone).into(),
        Cell::from(member.open),
        Cell::from(capacity),
    ];
    let row = Row::new(first.into_iter().chain(week(page, &member.shift)));
    if viewer.may < May::Supervise {
        return row;
    }
    let input = json!({ "agent": member.id, "group": page.chosen });
    let change = Action::new("open-shift").input(input);
    row.button(button(viewer.say("Change", "修改")).action(change))
}

fn week(page: &Page, shift: &Shift) -> [Cell; 7] {
    match &shift.calendar {
        None => DAYS.map(|_| Cell::from(page.viewer.say("always", "全天"))),
        Some(calendar) => days(&calendar.written().week).map(|windows| match windows {
            [] => Cell::from("–"),
            windows => Cell::from(short(&windows.join(", "), CELL_CHARS_MAX)),
        }),
    }
}

/// A member's shift, to be changed.
pub(super) fn opened(page: &Page, agent: &str) -> View {
    let Some(member) = page.members.iter().find(|member| member.id == agent) else {
        return page.view(SHIFTS);
    };
    let asked = shift_form::form_of(page, member);
    page.aside(SHIFTS, member.name.clone(), vec![asked.into()])
}
