//! Policies and calendars are changed here, whoever asks: a page or an action.
//!
//! Saving makes the next version, keeps it for good, and lets running clocks follow.

pub(crate) mod calendars;
pub(crate) mod policies;

use crate::{
    complaint::{Complaint, Wrong},
    policy::ALWAYS,
    store,
};
use guichet_calendar::Calendar;
use guichet_sdk::Error;

/// Why something was not saved.
#[derive(Debug)]
pub(crate) enum NotSaved {
    /// What whoever wrote it has to change.
    Wrong(Vec<Complaint>),
    Host(Error),
}

impl From<Error> for NotSaved {
    fn from(error: Error) -> Self {
        Self::Host(error)
    }
}

impl From<Complaint> for NotSaved {
    fn from(complaint: Complaint) -> Self {
        Self::Wrong(vec![complaint])
    }
}

fn wrong(pointer: &str, wrong: Wrong) -> NotSaved {
    NotSaved::from(Complaint {
        pointer: pointer.to_owned(),
        wrong,
    })
}

/// Whether one more may be made beside so many.
fn room(count: usize, most: usize) -> Result<(), NotSaved> {
    match count < most {
        true => Ok(()),
        false => Err(wrong("/id", Wrong::Many(most))),
    }
}

/// Whether what is kept is still what was changed: by its version, where that is known.
fn must_stand(kept: Option<u32>, shown: Option<u32>) -> Result<(), NotSaved> {
    match (kept, shown) {
        (_, None) => Ok(()),
        (None, Some(_)) => Err(wrong("", Wrong::Gone)),
        (Some(kept), Some(shown)) if kept == shown => Ok(()),
        (Some(_), Some(_)) => Err(wrong("", Wrong::Stale)),
    }
}

/// The calendar of that id as it is now.
fn calendar(id: &str) -> Result<Option<Calendar>, Error> {
    if id == ALWAYS {
        return Ok(Some(Calendar::always().clone()));
    }
    Ok(store::calendar(id)?.map(|named| named.calendar))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{CALENDARS_MAX, POLICIES_MAX};

    #[test]
    fn as_many_policies_and_calendars_are_made_as_there_may_be_and_no_more() {
        for most in [POLICIES_MAX, CALENDARS_MAX] {
            assert!(room(most - 1, most).is_ok());
            assert!(matches!(room(most, most), Err(NotSaved::Wrong(_))));
        }
    }

    #[test]
    fn only_the_version_that_was_shown_is_saved_over_and_nothing_that_is_gone_is_made_again() {
        let refused = |kept, shown| match must_stand(kept, shown) {
            Ok(()) => None,
            Err(NotSaved::Wrong(complaints)) => {
                assert!(complaints.iter().all(|one| one.pointer.is_empty()));
                complaints.into_iter().next().map(|one| one.wrong)
            }
            Err(NotSaved::Host(error)) => panic!("{error}"),
        };
        assert_eq!(refused(Some(3), Some(3)), None);
        assert_eq!(refused(Some(4), Some(3)), Some(Wrong::Stale));
        assert_eq!(refused(None, Some(3)), Some(Wrong::Gone));
        // Whoever names no version saves over whatever there is.
        assert_eq!(refused(Some(4), None), None);
        assert_eq!(refused(None, None), None);
    }
}
