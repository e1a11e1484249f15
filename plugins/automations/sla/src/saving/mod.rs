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
}
