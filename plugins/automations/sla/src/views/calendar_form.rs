//! A calendar as a form, and a calendar as it is read from one.

use super::{calendars::DAYS, page::Page};
use crate::{
    complaint::Complaint,
    limits::NAME_CHARS_MAX,
    store::Named,
    words::{Language, Name},
};
use guichet_calendar::{Calendar, Holiday, SpecialDay, Week, Written};
use guichet_sdk::view::{Action, Form, form};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the form holds. Windows are written in one line: `09:00-12:00, 13:00-18:00`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct Values {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) id: String,
    name_en: String,
    name_zh: String,
    zone: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    day_minutes: Option<u32>,
    monday: String,
    tuesday: String,
    wednesday: String,
    thursday: String,
    friday: String,
    saturday: String,
    sunday: String,
    holidays: Vec<HolidayValues>,
    special_days: Vec<SpecialValues>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct HolidayValues {
    name: String,
    date: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    to: String,
    yearly: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct SpecialValues {
    name: String,
    date: String,
    open: String,
}

impl Values {
    pub(super) fn of(named: &Named) -> Self {
        let written = named.calendar.written().clone();
        let name = |language| named.name.exactly(language).to_owned();
        let line = |windows: Vec<String>| windows.join(", ");
        let holiday = |holiday: Holiday| HolidayValues {
            name: holiday.name,
            date: holiday.date,
            to: holiday.to.unwrap_or_default(),
            yearly: holiday.yearly,
        };
        let special = |special: SpecialDay| SpecialValues {
            name: special.name,
            date: special.date,
            open: line(special.open),
        };
        Self {
            id: String::new(),
            name_en: name(Language::English),
            name_zh: name(Language::Chinese),
            zone: written.zone,
            day_minutes: written.day_minutes,
            monday: line(written.week.monday),
            tuesday: line(written.week.tuesday),
            wednesday: line(written.week.wednesday),
            thursday: line(written.week.thursday),
            friday: line(written.week.friday),
            saturday: line(written.week.saturday),
            sunday: line(written.week.sunday),
            holidays: written.holidays.into_iter().map(holiday).collect(),
            special_days: written.special_days.into_iter().map(special).collect(),
        }
    }

    /// What is to be saved, or what is wrong with it. Its version is given when it is.
    pub(super) fn named(self) -> Result<Named, Complaint> {
        let holiday = |values: HolidayValues| Holiday {
            name: values.name,
            date: values.date.trim().to_owned(),
            to: Some(values.to.trim().to_owned()).filter(|to| !to.is_empty()),
            yearly: values.yearly,
        };
        let special = |values: SpecialValues| SpecialDay {
            name: values.name,
            date: values.date.trim().to_owned(),
            open: windows(&values.open),
        };
        let written = Written {
            zone: self.zone.trim().to_owned(),
            day_minutes: self.day_minutes,
            week: Week {
                monday: windows(&self.monday),
                tuesday: windows(&self.tuesday),
                wednesday: windows(&self.wednesday),
                thursday: windows(&self.thursday),
                friday: windows(&self.friday),
                saturday: windows(&self.saturday),
                sunday: windows(&self.sunday),
            },
            holidays: self.holidays.into_iter().map(holiday).collect(),
            special_days: self.special_days.into_iter().map(special).collect(),
        };
        Ok(Named {
            name: Name::of(&self.name_en, &self.name_zh),
            version: 1,
            calendar: Calendar::try_from(written).map_err(Complaint::from)?,
        })
    }
}

/// Windows between commas, Western or Chinese.
fn windows(line: &str) -> Vec<String> {
    line.split([',', '，', '、', ';', '；'])
        .map(|window| window.trim().to_owned())
        .filter(|window| !window.is_empty())
        .collect()
}

/// Where in the form a complaint belongs.
pub(super) fn pointer(complaint: &Complaint) -> String {
    if complaint.wrong.is_of_the_whole() {
        return String::new();
    }
    let pointer = complaint.pointer.replace('_', "-");
    if matches!(pointer.as_str(), "" | "/name") {
        return "/name-en".to_owned();
    }
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    match steps.as_slice() {
        // Windows are one line in the form.
        ["week", day, ..] => format!("/{day}"),
        ["special-days", index, "open", ..] => format!("/special-days/{index}/open"),
        _ => pointer,
    }
}

/// `shown` is the id and the version of what is changed; nothing for a new one.
pub(super) fn build(page: &Page, shown: Option<(&str, u32)>, values: &Values) -> Form {
    let say = |english: &str, chinese: &str| page.say(english, chinese);
    let name =
        |title: String| json!({ "type": "string", "title": title, "maxLength": NAME_CHARS_MAX });
    let windows = say(
        "Windows such as 09:00-12:00, 13:00-18:00; empty: closed.",
        "时段，例如 09:00-12:00, 13:00-18:00；留空表示休息。",
    );
    let date = |title: String| json!({ "type": "string", "format": "date", "title": title });
    let mut properties = json!({
        "name-en": name(say("Name in English", "英文名称")),
        "name-zh": name(say("Name in Chinese", "中文名称")),
        "zone": { "type": "string", "title": say("Time zone", "时区"), "minLength": 1, "maxLength": 60, "description": say("As in the IANA database: Asia/Shanghai, Europe/Berlin, UTC.", "IANA 名称：Asia/Shanghai、Europe/Berlin、UTC。") },
        "day-minutes": { "type": "integer", "title": say("Minutes of a day", "一天的分钟数"), "minimum": 1, "maximum": 1440, "description": say("What 1d means in targets.", "目标中 1d 的含义。") },
        "holidays": {
            "type": "array", "title": say("Holidays", "节假日"),
            "items": {
                "type": "object", "required": ["date"], "x-order": ["name", "date", "to", "yearly"],
                "properties": {
                    "name": name(say("Name", "名称")),
                    "date": date(say("First day", "第一天")),
                    "to": date(say("Last day, where there are several", "最后一天（多天时填写）")),
                    "yearly": { "type": "boolean", "title": say("Every year", "每年") },
                },
            },
        },
        "special-days": {
            "type": "array", "title": say("Special days", "特殊日期"),
            "description": say("Half-days, and days that are worked for holidays. They win over holidays.", "半天工作日与调休上班日，优先于节假日。"),
            "items": {
                "type": "object", "required": ["date"], "x-order": ["name", "date", "open"],
                "properties": {
                    "name": name(say("Name", "名称")),
                    "date": date(say("Date", "日期")),
                    "open": { "type": "string", "title": say("Open", "工作时段"), "description": windows, "maxLength": 400 },
                },
            },
        },
    });
    for (day, english, chinese) in DAYS {
        properties[day] = json!({ "type": "string", "title": say(english, chinese), "description": windows, "maxLength": 400 });
    }
    let mut order = vec!["name-en", "name-zh", "zone", "day-minutes"];
    order.extend(DAYS.map(|(day, _, _)| day));
    order.extend(["holidays", "special-days"]);
    let mut required = vec!["zone"];
    if shown.is_none() {
        properties["id"] = json!({
            "type": "string", "title": say("Id", "标识"), "minLength": 1, "maxLength": 40,
            "description": say("Small letters, digits and dashes, such as office. It stays.", "小写字母、数字和短横线，例如 office，之后不可更改。"),
        });
        order.insert(0, "id");
        required.push("id");
    }
    let schema = json!({ "type": "object", "properties": properties, "required": required, "x-order": order });
    let (id, version) = shown.unzip();
    let action = Action::new("calendar-save")
        .input(json!({ "id": id, "version": version }))
        .primary();
    form(say("Save", "保存"), schema, action)
        .values(serde_json::to_value(values).unwrap_or_default())
}
