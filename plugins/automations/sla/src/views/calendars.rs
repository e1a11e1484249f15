//! The calendars: a table, one of them drawn as its week and its next exceptions.

use super::page::Page;
use crate::{
    limits::EXCEPTION_DAYS_SHOWN,
    policy::ALWAYS,
    time::{date, day_of, parse_date},
    words::Language,
};
use guichet_calendar::{Calendar, Holiday, SpecialDay};
use guichet_sdk::view::{
    Action, Block, Column, Row, Tone, badge, button, cells, menu, stack, table, text,
};
use serde_json::json;

/// Days of the week as the form has them, and for people.
pub(super) const DAYS: [(&str, &str, &str); 7] = [
    ("monday", "Monday", "周一"),
    ("tuesday", "Tuesday", "周二"),
    ("wednesday", "Wednesday", "周三"),
    ("thursday", "Thursday", "周四"),
    ("friday", "Friday", "周五"),
    ("saturday", "Saturday", "周六"),
    ("sunday", "Sunday", "周日"),
];

pub(super) fn tab(page: &Page) -> Vec<Block> {
    let say = |english: &str, chinese: &str| page.say(english, chinese);
    let mut blocks: Vec<Block> = Vec::new();
    if page.is_admin {
        let new =
            |template: &str| Action::new("calendar-new").input(json!({ "template": template }));
        blocks.push(
            menu(say("New calendar", "新建日历"))
                .item(button(say("Office hours", "办公时间")).action(new("office")))
                .item(
                    button(say(
                        "Shanghai office, holidays of 2026 (a sample to check)",
                        "上海办公室，2026 年节假日（示例，请核对）",
                    ))
                    .action(new("shanghai")),
                )
                .into(),
        );
    }
    let columns = [
        Column::text("name", say("Name", "名称")),
        Column::text("id", say("Id", "标识")),
        Column::text("zone", say("Time zone", "时区")),
        Column::integer("version", say("Version", "版本")),
        Column::badge("state", say("Now", "当前")),
    ];
    let state = |calendar: &Calendar| match calendar.is_open(page.now) {
        true => badge(say("open", "工作时间")).tone(Tone::Good),
        false => badge(say("closed", "非工作时间")),
    };
    let made = page.calendars.iter().map(|(id, named)| {
        let written = named.calendar.written();
        let id = id.as_str();
        let row = Row::from(cells![
            named.name.say(page.language),
            id,
            written.zone.as_str(),
            named.version,
            state(&named.calendar)
        ]);
        buttons(page, id).into_iter().fold(row, Row::button)
    });
    let always = Row::from(cells![
        page.calendar_name(ALWAYS),
        ALWAYS,
        "UTC",
        1,
        state(Calendar::always())
    ]);
    blocks.push(table(columns).rows(made).row(always).into());
    let drawn = match &page.drawn {
        Some(id) => page.calendars.iter().find(|(known, _)| known == id),
        None => page.calendars.first(),
    };
    if let Some((_, named)) = drawn {
        let name = named.name.say(page.language);
        blocks.push(draw(page, name, &named.calendar).into());
    }
    blocks
}

fn buttons(page: &Page, id: &str) -> Vec<guichet_sdk::view::Button> {
    let act = |name: &str| Action::new(name).input(json!({ "id": id }));
    let show = button(page.say("Show", "查看")).action(act("calendar-show"));
    if !page.is_admin {
        return vec![show];
    }
    let delete = act("calendar-delete").danger().confirm(
        page.say("Delete the calendar?", "删除该日历？"),
        page.say(
            "Clocks that have begun by it go on as it was.",
            "已按其计时的时钟将按原日历继续。",
        ),
    );
    vec![
        show,
        button(page.say("Edit", "编辑")).action(act("calendar-edit")),
        button(page.say("Delete", "删除")).action(delete),
    ]
}

/// The week as a row, and what is not as usual in the weeks to come.
fn draw(page: &Page, name: &str, calendar: &Calendar) -> guichet_sdk::view::Stack {
    let written = calendar.written();
    let week = &written.week;
    let windows = [
        &week.monday,
        &week.tuesday,
        &week.wednesday,
        &week.thursday,
        &week.friday,
        &week.saturday,
        &week.sunday,
    ];
    let columns = DAYS.map(|(id, english, chinese)| Column::text(id, page.say(english, chinese)));
    let row = windows.map(|windows| match windows.is_empty() {
        true => page.say("closed", "休息").into(),
        false => windows.join(", ").into(),
    });
    let drawn = stack().title(name).framed().block(table(columns).row(row));
    let exceptions = exceptions(calendar, day_of(page.now));
    if exceptions.is_empty() {
        return drawn.block(
            text(page.say(
                "Nothing but usual weeks for the next eight.",
                "未来八周无特殊日期。",
            ))
            .quiet(),
        );
    }
    let columns = [
        Column::text("date", page.say("Date", "日期")),
        Column::text("name", page.say("Name", "名称")),
        Column::badge("kind", page.say("Kind", "类型")),
        Column::text("open", page.say("Open", "工作时段")),
    ];
    let rows = exceptions.into_iter().take(100).map(|exception| {
        let kind = match exception.open.is_empty() {
            true => badge(page.say("closed", "休息")).tone(Tone::Wait),
            false => badge(page.say("special hours", "特殊时段")).tone(Tone::Good),
        };
        cells![date(exception.day), exception.name, kind, exception.open]
    });
    let title = page.say("The next eight weeks", "未来八周");
    drawn.block(table(columns).title(title).rows(rows))
}

/// A day that is not as its day of the week.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Exception {
    /// Since 1970.
    pub(super) day: i64,
    pub(super) name: String,
    /// Its windows; empty where it is closed.
    pub(super) open: String,
}

/// Those of the weeks to come, in order.
pub(super) fn exceptions(calendar: &Calendar, today: i64) -> Vec<Exception> {
    let written = calendar.written();
    let special = |day: i64| {
        let date = date(day);
        let mut days = written.special_days.iter();
        days.find(|special| special.date == date)
    };
    let holiday = |day: i64| written.holidays.iter().find(|holiday| is_on(holiday, day));
    let one = |day: i64| match (special(day), holiday(day)) {
        (Some(SpecialDay { name, open, .. }), _) => Some(Exception {
            day,
            name: name.clone(),
            open: open.join(", "),
        }),
        (None, Some(holiday)) => Some(Exception {
            day,
            name: holiday.name.clone(),
            open: String::new(),
        }),
        (None, None) => None,
    };
    (today..today + EXCEPTION_DAYS_SHOWN)
        .filter_map(one)
        .collect()
}

fn is_on(holiday: &Holiday, day: i64) -> bool {
    let Some(first) = parse_date(&holiday.date) else {
        return false;
    };
    let last = holiday.to.as_deref().and_then(parse_date).unwrap_or(first);
    if !holiday.yearly {
        return (first..=last).contains(&day);
    }
    // The same days of any later year: looked at by month and day.
    let month_and_day = |day: i64| date(day).split_off(5);
    let wanted = month_and_day(day);
    day >= first && (first..=last).any(|one| month_and_day(one) == wanted)
}

/// Of the calendar for a form's choices: id and names.
pub(super) fn choices(page: &Page) -> Vec<(String, String)> {
    let made = page
        .calendars
        .iter()
        .map(|(id, named)| (id.clone(), named.name.say(page.language).to_owned()));
    let always = (ALWAYS.to_owned(), page.calendar_name(ALWAYS));
    made.chain([always]).collect()
}

/// For the forms' enumerations: titles by value, in the language of the page.
pub(super) fn titles(choices: &[(String, String)], language: Language) -> serde_json::Value {
    let tag = match language {
        Language::English => "en",
        Language::Chinese => "zh-CN",
    };
    let titles = choices
        .iter()
        .map(|(id, title)| (id.clone(), json!({ "en": title, tag: title })));
    serde_json::Value::Object(titles.collect())
}
