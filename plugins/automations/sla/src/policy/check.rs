//! What is wrong with a policy: all of it at once, each at its place.

use super::{DEFAULT, Policy, Target};
use crate::{
    complaint::{Complaint, Wrong},
    limits::{
        ITEM_BYTES_MAX, ITEMS_MAX, NAME_CHARS_MAX, PAUSES_MAX, POLICY_BYTES_MAX, PRIORITY_LAST,
        REASON_BYTES_MAX, TARGETS_MAX, THRESHOLDS_MAX,
    },
};
use guichet_calendar::{Calendar, limits::THRESHOLD_PERCENT_MAX};

impl Policy {
    /// All that is wrong with it, measured by its calendar.
    pub fn complaints(&self, calendar: &Calendar) -> Vec<Complaint> {
        let mut found = Vec::new();
        let mut tell = |pointer: String, wrong: Wrong| found.push(Complaint { pointer, wrong });
        if self.name.texts().all(|text| text.trim().is_empty()) {
            tell("/name".to_owned(), Wrong::Empty);
        }
        let chars = |text: &str| text.chars().count();
        if self.name.texts().any(|text| chars(text) > NAME_CHARS_MAX) {
            tell("/name".to_owned(), Wrong::Chars(NAME_CHARS_MAX));
        }
        for (name, list) in [
            ("who", &self.who),
            ("what", &self.what),
            ("classes", &self.classes),
            ("kinds", &self.kinds),
            ("channels", &self.channels),
            ("groups", &self.groups),
        ] {
            check_list(
                &format!("/{name}"),
                list,
                ITEMS_MAX,
                ITEM_BYTES_MAX,
                &mut tell,
            );
        }
        let is_one = |one: &u8| (1..=PRIORITY_LAST).contains(one);
        if !self.priorities.iter().all(is_one) || self.priorities.len() > PRIORITY_LAST.into() {
            tell("/priorities".to_owned(), Wrong::Priority);
        }
        if self.targets.is_empty() {
            tell("/targets".to_owned(), Wrong::Empty);
        }
        if self.targets.len() > TARGETS_MAX {
            tell("/targets".to_owned(), Wrong::Many(TARGETS_MAX));
        }
        for (index, target) in self.targets.iter().enumerate() {
            let place = format!("/targets/{index}");
            let is_same = |other: &Target| other.clock == target.clock;
            if self.targets.iter().take(index).any(is_same) {
                tell(format!("{place}/clock"), Wrong::Twice);
            }
            target.complain(&place, calendar, &mut tell);
        }
        let bytes = serde_json::to_string(self).map_or(usize::MAX, |json| json.len());
        if bytes > POLICY_BYTES_MAX {
            tell(String::new(), Wrong::Bytes(POLICY_BYTES_MAX));
        }
        found
    }
}

impl Target {
    fn complain(&self, place: &str, calendar: &Calendar, tell: &mut impl FnMut(String, Wrong)) {
        if self.within.is_empty() {
            tell(format!("{place}/within"), Wrong::Empty);
        }
        for (priority, text) in &self.within {
            let pointer = format!("{place}/within/{priority}");
            let is_one = (1..=PRIORITY_LAST).any(|one| *priority == one.to_string());
            if priority != DEFAULT && !is_one {
                tell(pointer, Wrong::Priority);
                continue;
            }
            match calendar.parse_duration(text) {
                Ok(time) if time.0 > 0 => {}
                Ok(_) => tell(pointer, Wrong::Nothing),
                Err(error) => tell(pointer, Wrong::Duration(error)),
            }
        }
        let marks = self.marks();
        let fits = |percent: &u16| (1..=THRESHOLD_PERCENT_MAX).contains(percent);
        if marks.len() > THRESHOLDS_MAX || !marks.iter().all(fits) {
            let (count, percent) = (THRESHOLDS_MAX, THRESHOLD_PERCENT_MAX);
            tell(
                format!("{place}/thresholds"),
                Wrong::Thresholds { count, percent },
            );
        }
        let pauses = format!("{place}/pauses");
        check_list(&pauses, &self.pauses, PAUSES_MAX, REASON_BYTES_MAX, tell);
    }
}

fn check_list(
    pointer: &str,
    list: &[String],
    most: usize,
    bytes_max: usize,
    tell: &mut impl FnMut(String, Wrong),
) {
    if list.len() > most {
        tell(pointer.to_owned(), Wrong::Many(most));
    }
    for (index, item) in list.iter().enumerate() {
        let is_long = item.len() > bytes_max;
        if item.trim().is_empty() || is_long || item.contains(char::is_control) {
            tell(format!("{pointer}/{index}"), Wrong::Item(bytes_max));
        }
    }
}
