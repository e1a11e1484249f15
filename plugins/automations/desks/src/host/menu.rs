//! The menu is changed: all or nothing, and only to one that is as it must be.

use super::{Failure, store};
use crate::{
    menu::{Item, Menu, template},
    refusal::Refused,
};

/// What counts changes of the menu.
const COUNTED: &str = "menu";

/// What is done to it.
#[derive(Debug)]
pub(crate) enum Change {
    /// An item more.
    Make(Item),
    /// An item says something else, or stands elsewhere.
    Edit(String, Item),
    Delete(String),
    /// An empty menu begins.
    Begin,
}

/// Carries a change out.
pub(crate) fn carry_out(change: Change) -> Result<(), Failure> {
    // Read first: of two changes at once the second is tried again on what the first made.
    store::count_change(COUNTED)?;
    let before = store::menu()?;
    let after = after(&before, change)?;
    for (key, item) in before.difference(&after)? {
        match item {
            Some(item) => store::put_item(key, item)?,
            None => store::delete_item(key)?,
        }
    }
    Ok(())
}

fn after(before: &Menu, change: Change) -> Result<Menu, Refused> {
    match change {
        Change::Make(item) => before.with(item),
        Change::Edit(key, item) => before.changed(&key, item),
        Change::Delete(key) => before.without(&key),
        Change::Begin if before.0.is_empty() => Ok(template::it()),
        Change::Begin => Err(Refused::NotEmpty),
    }
}
