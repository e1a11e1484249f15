//! What is pressed on the page. Whatever changes something asks first whether the viewer may.

mod calendar;
mod policy;

use super::{
    page::{CALENDARS, POLICIES, Page, TRY_OUT},
    try_out,
};
use crate::{
    complaint::{Complaint, Wrong},
    saving::NotSaved,
};
use guichet_sdk::{
    Error,
    view::{Answer, Misfit},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// What buttons and forms send; each sends some of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Input {
    id: Option<String>,
    /// Of what the form showed.
    version: Option<u32>,
    tab: Option<String>,
    template: Option<String>,
    enabled: bool,
    values: Value,
}

/// What a form saves: its id, and the version that the form showed; none of what is new. A form that says no version showed none that there is.
fn changed(id: Option<String>, version: Option<u32>, new: &str) -> (String, Option<u32>) {
    match id {
        Some(id) => (id, Some(version.unwrap_or_default())),
        None => (new.trim().to_owned(), None),
    }
}

pub(super) fn press(mut page: Page, action: &str, input: &str) -> Result<Answer, Error> {
    let input: Option<Input> =
        serde_json::from_str(input).map_err(|error| Error::Invalid(format!("input: {error}")))?;
    let input = input.unwrap_or_default();
    let id = input.id.clone().unwrap_or_default();
    match action {
        "back" => {
            page.tab = match input.tab.as_deref() {
                Some(CALENDARS) => CALENDARS,
                _ => POLICIES,
            };
            return Ok(Answer::view(page.view()));
        }
        "calendar-show" => {
            page.tab = CALENDARS;
            page.drawn = Some(id);
            return Ok(Answer::view(page.view()));
        }
        "try" => return try_out(page, input.values),
        _ => {}
    }
    if !page.is_admin {
        let refused = page.say(
            "Only admins may change policies and calendars.",
            "仅管理员可修改策略和日历。",
        );
        return Ok(Answer::problem(refused));
    }
    match action.split_once('-') {
        Some(("policy", deed)) => policy::press(page, deed, id, input),
        Some(("calendar", deed)) => calendar::press(page, deed, id, input),
        _ => Err(unknown(action)),
    }
}

fn unknown(action: &str) -> Error {
    Error::NotFound(format!("there is no action `{action}`"))
}

fn try_out(mut page: Page, values: Value) -> Result<Answer, Error> {
    page.tab = TRY_OUT;
    let values: try_out::Values = match read(&page, values) {
        Ok(values) => values,
        Err(answer) => return Ok(*answer),
    };
    match try_out::attempt(&page, values) {
        Ok(tried) => {
            page.tried = tried;
            Ok(Answer::view(page.view()))
        }
        Err(misfits) => Ok(Answer {
            misfits,
            ..Answer::default()
        }),
    }
}

fn read<T: DeserializeOwned>(page: &Page, values: Value) -> Result<T, Box<Answer>> {
    serde_json::from_value(values).map_err(|error| {
        let detail: String = error.to_string().chars().take(100).collect();
        Box::new(Answer::problem(page.say(
            &format!("The form cannot be read: {detail}"),
            &format!("无法读取表单：{detail}"),
        )))
    })
}

fn gone(page: &Page) -> Answer {
    let problem = page.say(
        "It is not there any more: somebody deleted it.",
        "已不存在：可能已被他人删除。",
    );
    Answer::problem(problem).and_view(page.view())
}

fn taken(page: &Page) -> Answer {
    Answer::nothing().misfit("/id", Wrong::Taken.say(page.language))
}

fn refused(
    page: &Page,
    error: NotSaved,
    pointer: impl Fn(&Complaint) -> String,
) -> Result<Answer, Error> {
    match error {
        NotSaved::Host(error) => Err(error),
        NotSaved::Wrong(complaints) => Ok(Answer {
            misfits: complaints
                .iter()
                .take(guichet_sdk::view::limits::MISFITS_MAX)
                .map(|complaint| Misfit {
                    pointer: pointer(complaint),
                    detail: complaint
                        .wrong
                        .say(page.language)
                        .chars()
                        .take(200)
                        .collect(),
                })
                .collect(),
            ..Answer::default()
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_changed_goes_with_its_version_and_what_is_new_with_none() {
        let id = || Some("gold".to_owned());
        assert_eq!(changed(id(), Some(3), ""), ("gold".to_owned(), Some(3)));
        assert_eq!(changed(id(), None, ""), ("gold".to_owned(), Some(0)));
        assert_eq!(changed(None, None, " new "), ("new".to_owned(), None));
    }
}
