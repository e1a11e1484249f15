//! A calendar as a person writes it. Unknown words are errors: a slip of the pen is told, never ignored.

use serde::{Deserialize, Serialize};

/// A whole calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// Of the IANA database, such as `Asia/Shanghai`.
    pub zone: String,
    /// How many minutes "1d" means in durations. Without it, durations are written in hours and minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day_minutes: Option<u32>,
    #[serde(default)]
    pub week: Week,
    /// Closed, whatever day of the week it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<Holiday>,
    /// Days with windows of their own: half-days, and days that are worked to make up for others. They win over holidays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub special_days: Vec<SpecialDay>,
}

/// The windows of each day, such as `["09:00-12:00", "13:00-18:00"]`. A day without any is closed.
///
/// A window belongs to the day on which it begins: `22:00-06:00` on Friday ends on Saturday morning, also where Saturday is a holiday. To have holidays close at
/// midnight, write `22:00-24:00` on the one day and `00:00-06:00` on the next.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Week {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub monday: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tuesday: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wednesday: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub thursday: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub friday: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub saturday: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sunday: Vec<String>,
}

impl Week {
    /// From Monday on, with their names.
    pub(super) fn days(&self) -> [(&'static str, &[String]); 7] {
        [
            ("monday", &self.monday),
            ("tuesday", &self.tuesday),
            ("wednesday", &self.wednesday),
            ("thursday", &self.thursday),
            ("friday", &self.friday),
            ("saturday", &self.saturday),
            ("sunday", &self.sunday),
        ]
    }
}

/// A day, or several in a row, on which nothing is open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The first day, such as `2026-10-01`.
    pub date: String,
    /// The last day, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Every year from then on. The 29th of February comes in leap years only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub yearly: bool,
}

/// A date with windows of its own, whatever day of the week it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialDay {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Such as `2026-10-10`.
    pub date: String,
    /// As in the week. Without any, the day is closed.
    pub open: Vec<String>,
}
