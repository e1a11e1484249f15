//! What admins fill in on the page, as changes; what is refused is told at the place of the form where it can be mended.

use super::{
    edit, field,
    fields::{self, Step},
    page::shown,
    short, text_of, values,
};
use crate::{
    catalog::change::Change,
    desk::{Failure, store},
    form::Form,
    language::Texts,
    refusal::Refused,
    viewer::Viewer,
};
use guichet_sdk::view::{Answer, limits::TITLE_CHARS_MAX};
use serde::Deserialize;
use serde_json::Value;

/// A new entry, by what was filled in.
pub(super) fn make(viewer: Viewer, input: &Value) -> Result<Answer, Failure> {
    let values = values(input);
    let id = text_of(values, "id").trim().to_owned();
    let title = values.get("title").cloned().unwrap_or_default();
    let title = Texts::deserialize(title).unwrap_or_default();
    let parent = text_of(input, "parent").to_owned();
    let change = Change::Make {
        id: id.clone(),
        parent,
        title,
    };
    match shown(viewer, &change, &id, "edit") {
        Err(Failure::Refused(refused)) => Ok(misfit(viewer, &refused)),
        done => done,
    }
}

/// What an entry says from now on.
pub(super) fn edit(viewer: Viewer, id: &str, input: &Value) -> Result<Answer, Failure> {
    let edit = match edit::read(values(input)) {
        Ok(edit) => Box::new(edit),
        Err(error) => {
            return Ok(Answer::nothing().misfit("", short(&error.to_string(), TITLE_CHARS_MAX)));
        }
    };
    let change = Change::Edit {
        id: id.to_owned(),
        version: version(input),
        edit,
    };
    match shown(viewer, &change, id, "about") {
        Err(Failure::Refused(refused @ Refused::Entry { .. })) => Ok(misfit(viewer, &refused)),
        done => done,
    }
}

/// The version that the browser had.
fn version(input: &Value) -> u64 {
    input
        .get("version")
        .and_then(Value::as_u64)
        .unwrap_or_default()
}

/// What is refused, at the place of the form where it can be mended.
fn misfit(viewer: Viewer, refused: &Refused) -> Answer {
    let place = match refused {
        Refused::Entry { place, .. } => place.as_str(),
        Refused::Id(_) | Refused::Taken(_) | Refused::Retired(_) => "/id",
        _ => "",
    };
    Answer::nothing().misfit(
        place,
        short(&refused.reason(viewer.language), TITLE_CHARS_MAX),
    )
}

/// Changes the form, by what it is made of now.
fn ask(
    viewer: Viewer,
    id: &str,
    input: &Value,
    make: impl FnOnce(Option<&Form>) -> Option<Form>,
) -> Result<Answer, Failure> {
    let catalog = store::catalog()?;
    let form = make(catalog.entry(id)?.form.as_ref()).map(Box::new);
    let change = Change::Ask {
        id: id.to_owned(),
        version: version(input),
        form,
    };
    shown(viewer, &change, id, "fields")
}

/// A field goes up, down or away.
pub(super) fn step(viewer: Viewer, id: &str, input: &Value, step: Step) -> Result<Answer, Failure> {
    let name = fields::name(input);
    ask(viewer, id, input, |form| fields::stepped(form, name, step))
}

/// A field is as it was filled in.
pub(super) fn keep_field(viewer: Viewer, id: &str, input: &Value) -> Result<Answer, Failure> {
    let catalog = store::catalog()?;
    let form = catalog.entry(id)?.form.as_ref();
    match field::read(values(input), fields::name(input), form) {
        Ok((question, when)) => {
            let kept = ask(viewer, id, input, |form| fields::kept(form, question, when));
            match kept {
                Err(Failure::Refused(refused @ Refused::Entry { .. })) => Ok(Answer::nothing()
                    .misfit("", short(&refused.say(viewer.language), TITLE_CHARS_MAX))),
                done => done,
            }
        }
        Err((place, english, chinese)) => {
            Ok(Answer::nothing().misfit(place, viewer.say(english, chinese)))
        }
    }
}
