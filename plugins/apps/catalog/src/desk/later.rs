//! Changes that write more entries than a request may: a job carries them out, all at once or not at all.

use super::{Failure, reason, store};
use crate::{catalog::change::Change, language::Language, limits::CHANGES_MAX};
use guichet_sdk::{Error, Failure as NotDone, Job, log};

/// Does a job.
///
/// # Errors
/// [`NotDone::GiveUp`] where the change is refused: by what was changed since it was asked for.
pub(crate) fn run(job: &Job) -> Result<(), NotDone> {
    if job.name != store::CHANGE {
        return Err(NotDone::GiveUp(format!("there is no job `{}`", job.name)));
    }
    let change: Change = serde_json::from_str(&job.payload)
        .map_err(|error| NotDone::GiveUp(format!("the change: {error}")))?;
    match store::carry_out(&change, CHANGES_MAX) {
        Ok(_) => Ok(()),
        Err(Failure::Host(error @ Error::Unavailable(_))) => {
            Err(NotDone::Retry((None, reason(&error).to_owned())))
        }
        Err(failure) => {
            let told = failure.say(Language::English);
            log::write("error", &format!("the catalog was not changed: {told}"));
            Err(NotDone::GiveUp(told))
        }
    }
}
