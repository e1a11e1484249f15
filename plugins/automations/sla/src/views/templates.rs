//! Calendars to begin with.

use crate::{store::Named, words::Name};
use guichet_calendar::{Calendar, Holiday, SpecialDay, Week, Written};

/// Monday to Friday, nine to five.
pub(super) fn office() -> Option<Named> {
    let written = Written {
        zone: "UTC".to_owned(),
        day_minutes: Some(480),
        week: weekdays(&["09:00-17:00"]),
        ..Written::default()
    };
    named(Name::of("Office hours", "办公时间"), written)
}

/// An office in Shanghai with its lunch, and the public holidays of mainland China in 2026 with the days that are worked for them. A sample: whoever takes it
/// checks it against the State Council's notice.
pub(super) fn shanghai() -> Option<Named> {
    let day = ["09:00-12:00", "13:00-18:00"];
    let holiday = |name: &str, date: &str, to: &str| Holiday {
        name: name.to_owned(),
        date: date.to_owned(),
        to: Some(to.to_owned()),
        yearly: false,
    };
    let worked = |name: &str, date: &str| SpecialDay {
        name: format!("{name}调休上班"),
        date: date.to_owned(),
        open: day.map(str::to_owned).to_vec(),
    };
    let written = Written {
        zone: "Asia/Shanghai".to_owned(),
        day_minutes: Some(480),
        week: weekdays(&day),
        holidays: vec![
            holiday("元旦", "2026-01-01", "2026-01-03"),
            holiday("春节", "2026-02-15", "2026-02-23"),
            holiday("清明节", "2026-04-04", "2026-04-06"),
            holiday("劳动节", "2026-05-01", "2026-05-05"),
            holiday("端午节", "2026-06-19", "2026-06-21"),
            holiday("中秋节", "2026-09-25", "2026-09-27"),
            holiday("国庆节", "2026-10-01", "2026-10-07"),
        ],
        special_days: vec![
            worked("元旦", "2026-01-04"),
            worked("春节", "2026-02-14"),
            worked("春节", "2026-02-28"),
            worked("劳动节", "2026-05-09"),
            worked("国庆节", "2026-09-20"),
            worked("国庆节", "2026-10-10"),
        ],
    };
    named(Name::of("Shanghai office", "上海办公室"), written)
}

fn weekdays(windows: &[&str]) -> Week {
    let day = || windows.iter().map(|window| (*window).to_owned()).collect();
    Week {
        monday: day(),
        tuesday: day(),
        wednesday: day(),
        thursday: day(),
        friday: day(),
        ..Week::default()
    }
}

fn named(name: Name, written: Written) -> Option<Named> {
    Some(Named {
        name,
        version: 1,
        calendar: Calendar::try_from(written).ok()?,
    })
}
