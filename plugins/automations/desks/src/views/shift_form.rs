//! A shift as a form: its schema, what it begins with, and what was filled in.

use super::{
    number, or_empty,
    page::Page,
    shifts::{DAYS, days},
    values,
};
use crate::{
    limits::CAPACITY_MAX,
    people::{attendance::Member, shift::Shift},
    refusal::Refused,
};
use guichet_calendar::{Calendar, CalendarError, Fault, SpecialDay, Week, Written};
use guichet_sdk::view::{Action, Condition, Form, Operator, Shown, form};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The form of a member's shift.
pub(super) fn form_of(page: &Page, member: &Member) -> Form {
    let input = json!({ "agent": member.id, "group": page.chosen });
    let action = Action::new("save-shift").input(input).primary();
    let asked = form(page.viewer.say("Save", "保存"), schema(), action);
    let with_hours = DAYS
        .iter()
        .map(|(day, ..)| *day)
        .chain(["zone", "exceptions"]);
    with_hours.fold(asked.values(begun(&member.shift)), |asked, field| {
        asked.shown(Shown {
            field: field.to_owned(),
            when: vec![Condition {
                field: "always".to_owned(),
                operator: Operator::IsNot,
                value: true.into(),
            }],
        })
    })
}

fn schema() -> Value {
    let windows = |english: &str, chinese: &str| json!({ "type": "string", "maxLength": 200, "title": english, "x-title-zh-CN": chinese });
    let mut capacity = number("Capacity", "容量", CAPACITY_MAX);
    capacity["description"] = "Open tickets at most; 0: no bound.".into();
    capacity["x-description-zh-CN"] = "最多同时处理的工单数；0 表示不限。".into();
    let mut properties = json!({
        "capacity": capacity,
        "always": { "type": "boolean", "title": "Always on shift", "x-title-zh-CN": "始终当班" },
        "zone": { "type": "string", "maxLength": 60, "title": "Time zone", "x-title-zh-CN": "时区", "description": "Such as Asia/Shanghai.", "x-description-zh-CN": "如 Asia/Shanghai。" },
        "exceptions": {
            "type": "array", "maxItems": 100, "title": "Dates of their own", "x-title-zh-CN": "例外日期",
            "items": {
                "type": "object", "required": ["date"], "x-order": ["date", "open"], "title": "Date", "x-title-zh-CN": "日期",
                "properties": {
                    "date": { "type": "string", "maxLength": 10, "title": "Date", "x-title-zh-CN": "日期", "description": "Such as 2026-10-01.", "x-description-zh-CN": "如 2026-10-01。" },
                    "open": { "type": "string", "maxLength": 200, "title": "Hours", "x-title-zh-CN": "时段", "description": "None: off.", "x-description-zh-CN": "留空表示休息。" },
                },
            },
        },
    });
    for (day, english, chinese) in DAYS {
        properties[day] = windows(english, chinese);
    }
    properties["monday"]["description"] =
        "Such as 09:00-12:00, 13:00-18:00; 22:00-06:00 ends on the next day.".into();
    properties["monday"]["x-description-zh-CN"] =
        "如 09:00-12:00, 13:00-18:00；22:00-06:00 至次日。".into();
    let order = ["capacity", "always", "zone"]
        .into_iter()
        .chain(DAYS.map(|(day, ..)| day))
        .chain(["exceptions"]);
    json!({ "type": "object", "x-order": order.collect::<Vec<_>>(), "properties": properties })
}

fn begun(shift: &Shift) -> Value {
    let written = shift.calendar.as_ref().map(Calendar::written);
    let line = |windows: &[String]| windows.join(", ");
    let zone = written.map_or("Asia/Shanghai", |written| written.zone.as_str());
    let exception = |day: &SpecialDay| json!({ "date": day.date, "open": line(&day.open) });
    let exceptions = written
        .into_iter()
        .flat_map(|written| &written.special_days);
    let mut values = json!({
        "capacity": shift.capacity, "always": written.is_none(), "zone": zone,
        "exceptions": exceptions.map(exception).collect::<Vec<_>>(),
    });
    if let Some(written) = written {
        for ((day, ..), windows) in DAYS.iter().zip(days(&written.week)) {
            values[*day] = line(windows).into();
        }
    }
    values
}

/// What was filled in. What was emptied may be null, or not there.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Filled {
    #[serde(deserialize_with = "or_empty")]
    capacity: u32,
    #[serde(deserialize_with = "or_empty")]
    always: bool,
    #[serde(deserialize_with = "or_empty")]
    zone: String,
    #[serde(deserialize_with = "or_empty")]
    exceptions: Vec<Exception>,
    /// The days.
    #[serde(flatten)]
    days: BTreeMap<String, Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Exception {
    #[serde(deserialize_with = "or_empty")]
    date: String,
    #[serde(deserialize_with = "or_empty")]
    open: String,
}

/// The windows of a line.
fn windows(line: &str) -> Vec<String> {
    let parts = line.split([',', ';', '，', '；', '、']).map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The shift, or what is wrong with it.
pub(super) fn read(input: &Value) -> Result<Shift, Refused> {
    let filled = Filled::deserialize(values(input))?;
    let calendar = match filled.always {
        true => None,
        false => {
            let calendar = Calendar::try_from(written(&filled));
            Some(calendar.map_err(|CalendarError { pointer, fault }| {
                Refused::shift(&place(&pointer), fault.to_string(), chinese(&fault))
            })?)
        }
    };
    Ok(Shift {
        calendar,
        capacity: filled.capacity,
    })
}

/// What is wrong with hours, in Chinese.
fn chinese(fault: &Fault) -> String {
    match fault {
        Fault::Zone(zone) => format!("没有时区“{zone}”：请填写 IANA 名称，如 Asia/Shanghai"),
        Fault::Window(text) => format!("“{text}”不是时段：请填写起止时间，如 09:00-18:00"),
        Fault::Nothing => "时段的起止相同：全天请写 00:00-24:00".to_owned(),
        Fault::Overlap => "与同一天的另一时段重叠：请合并".to_owned(),
        Fault::Date(text) => format!("“{text}”不是日期：请写年月日，如 2026-10-01"),
        Fault::Twice => "该日期出现了两次：请合并".to_owned(),
        Fault::Many { most, .. } => format!("最多 {most} 项：请删去一些"),
        Fault::Chars { most, .. } => format!("名称最多 {most} 个字符：请缩短"),
        // Of what a shift's form does not ask for.
        Fault::Json(_) | Fault::Order | Fault::Long { .. } | Fault::Day { .. } => {
            "班次有误：请检查后重新填写".to_owned()
        }
    }
}

fn written(filled: &Filled) -> Written {
    let day = |name: &str| {
        let line = filled.days.get(name).and_then(Value::as_str);
        windows(line.unwrap_or_default())
    };
    let exceptions = filled.exceptions.iter().map(|one| SpecialDay {
        name: String::new(),
        date: one.date.trim().to_owned(),
        open: windows(&one.open),
    });
    Written {
        zone: filled.zone.trim().to_owned(),
        day_minutes: None,
        week: Week {
            monday: day("monday"),
            tuesday: day("tuesday"),
            wednesday: day("wednesday"),
            thursday: day("thursday"),
            friday: day("friday"),
            saturday: day("saturday"),
            sunday: day("sunday"),
        },
        holidays: Vec::new(),
        special_days: exceptions.collect(),
    }
}

/// The place in the form, of a place in the calendar: a line has all windows of a day.
fn place(pointer: &str) -> String {
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    match parts.as_slice() {
        ["zone", ..] => "/zone".to_owned(),
        ["week", day, ..] => format!("/{day}"),
        ["special_days", index, "open", ..] => format!("/exceptions/{index}/open"),
        ["special_days", index, ..] => format!("/exceptions/{index}/date"),
        _ => String::new(),
    }
}
