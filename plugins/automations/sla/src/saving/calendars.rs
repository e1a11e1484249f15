//! Calendars are saved and deleted.

use super::{NotSaved, must_stand, room, wrong};
use crate::{
    complaint::{Complaint, Wrong},
    limits::{CALENDAR_BYTES_MAX, CALENDARS_MAX, NAME_CHARS_MAX},
    policy::{ALWAYS, Policy, is_id},
    store::{self, Named},
    words::Language,
    work::{self, Saved},
};
use guichet_calendar::Instant;
use guichet_sdk::{Error, clock};

/// Saves a calendar under an id, new or not. `shown` is the version that was changed: where it is given, it must still be the one
/// that is kept. Answers with what is kept.
pub(crate) fn save(id: &str, wish: Named, shown: Option<u32>) -> Result<Named, NotSaved> {
    if !is_id(id) {
        return Err(wrong("/id", Wrong::Id));
    }
    if id == ALWAYS {
        return Err(wrong("/id", Wrong::Taken));
    }
    let before = store::calendar(id)?;
    must_stand(before.as_ref().map(|before| before.version), shown)?;
    let now = clock::now();
    let complaints = complaints(id, &wish, &store::policies()?, now.into());
    if !complaints.is_empty() {
        return Err(NotSaved::Wrong(complaints));
    }
    let version = match before {
        Some(before) => {
            store::keep_version("calendar", id, before.version, &before)?;
            before.version.saturating_add(1)
        }
        None => {
            room(store::calendars()?.len(), CALENDARS_MAX)?;
            next_version(id)?
        }
    };
    let saved = Named { version, ..wish };
    store::put_calendar(id, &saved)?;
    store::keep_version("calendar", id, version, &saved)?;
    work::ask(Saved::Calendar(id.to_owned()), now)?;
    Ok(saved)
}

/// The first version of a calendar that is not kept yet.
fn next_version(id: &str) -> Result<u32, Error> {
    let mut version = 1;
    while store::calendar_version(&crate::policy::label(id, version))?.is_some() {
        version += 1;
    }
    Ok(version)
}

/// All that is wrong with it, for the policies that are measured by it, too.
fn complaints(
    id: &str,
    wish: &Named,
    policies: &[(String, Policy)],
    now: Instant,
) -> Vec<Complaint> {
    let mut found = Vec::new();
    let mut tell = |pointer: &str, wrong: Wrong| {
        found.push(Complaint {
            pointer: pointer.to_owned(),
            wrong,
        });
    };
    if wish.name.texts().all(|text| text.trim().is_empty()) {
        tell("/name", Wrong::Empty);
    }
    let is_long = |text: &str| text.chars().count() > NAME_CHARS_MAX;
    if wish.name.texts().any(is_long) {
        tell("/name", Wrong::Chars(NAME_CHARS_MAX));
    }
    let bytes = serde_json::to_string(wish).map_or(usize::MAX, |json| json.len());
    if bytes > CALENDAR_BYTES_MAX {
        tell("", Wrong::Bytes(CALENDAR_BYTES_MAX));
    }
    if wish.calendar.next_open(now).is_none() {
        tell("/week/monday", Wrong::NeverOpen);
    }
    let users = policies.iter().filter(|(_, policy)| policy.calendar == id);
    for (_, policy) in users {
        if !policy.complaints(&wish.calendar).is_empty() {
            let name = policy.name.say(Language::English).to_owned();
            tell("/day_minutes", Wrong::Days(name));
        }
    }
    found
}

/// Deletes a calendar that no policy names; answers with the id of one that does.
pub(crate) fn delete(id: &str) -> Result<Option<String>, Error> {
    let mut policies = store::policies()?.into_iter();
    let user = policies.find(|(_, policy)| policy.calendar == id);
    if user.is_none()
        && let Some(calendar) = store::calendar(id)?
    {
        store::keep_version("calendar", id, calendar.version, &calendar)?;
        store::delete_calendar(id)?;
    }
    Ok(user.map(|(id, _)| id))
}

#[cfg(test)]
mod tests;
