//! What is pressed among the calendars.

use super::{Input, changed, gone, read, refused, taken, unknown};
use crate::{
    saving::calendars,
    store::Named,
    views::{
        calendar_form,
        page::{CALENDARS, Page},
        templates,
    },
};
use guichet_sdk::{Error, view::Answer};

pub(super) fn press(mut page: Page, deed: &str, id: String, input: Input) -> Result<Answer, Error> {
    page.tab = CALENDARS;
    match deed {
        "new" => {
            let template = match input.template.as_deref() {
                Some("shanghai") => templates::shanghai(),
                _ => templates::office(),
            };
            let values = template.as_ref().map(calendar_form::Values::of);
            let form = calendar_form::build(&page, None, &values.unwrap_or_default());
            let title = page.say("New calendar", "新建日历");
            Ok(Answer::view(page.aside(title, vec![form.into()])))
        }
        "edit" => {
            let Some(named) = named(&page, &id) else {
                return Ok(gone(&page));
            };
            let values = calendar_form::Values::of(named);
            let form = calendar_form::build(&page, Some((&id, named.version)), &values);
            let title = named.name.say(page.language).to_owned();
            Ok(Answer::view(page.aside(title, vec![form.into()])))
        }
        "save" => save(page, input),
        "delete" => match calendars::delete(&id)? {
            Some(policy) => {
                let name = page.policy(&policy);
                let name = name.map_or(policy.as_str(), |one| one.name.say(page.language));
                let problem = page.say(
                    &format!("The policy \"{name}\" is measured by it: choose another calendar there first."),
                    &format!("策略“{name}”正在使用该日历：请先为其选择其他日历。"),
                );
                Ok(Answer::problem(problem))
            }
            None => {
                page.calendars.retain(|(known, _)| *known != id);
                Ok(Answer::view(page.view()).and_toast(page.say("Deleted", "已删除")))
            }
        },
        _ => Err(unknown(&format!("calendar-{deed}"))),
    }
}

fn save(mut page: Page, input: Input) -> Result<Answer, Error> {
    let values: calendar_form::Values = match read(&page, input.values) {
        Ok(values) => values,
        Err(answer) => return Ok(*answer),
    };
    let (id, shown) = changed(input.id, input.version, &values.id);
    if shown.is_none() && named(&page, &id).is_some() {
        return Ok(taken(&page));
    }
    let wish = match values.named() {
        Ok(wish) => wish,
        Err(complaint) => return refused(&page, complaint.into(), calendar_form::pointer),
    };
    match calendars::save(&id, wish, shown) {
        Ok(saved) => {
            page.calendars.retain(|(known, _)| *known != id);
            page.calendars.push((id.clone(), saved));
            page.calendars
                .sort_by(|(one, _), (other, _)| one.cmp(other));
            page.drawn = Some(id);
            Ok(Answer::view(page.view()).and_toast(page.say(
                "Saved. Running clocks are measured anew.",
                "已保存，运行中的时钟将重新计算。",
            )))
        }
        Err(error) => refused(&page, error, calendar_form::pointer),
    }
}

fn named<'a>(page: &'a Page, id: &str) -> Option<&'a Named> {
    let found = page.calendars.iter().find(|(known, _)| known == id);
    found.map(|(_, named)| named)
}
