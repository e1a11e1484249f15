//! What people see: the clocks beside a ticket, and a page for policies, calendars and trying out.

/// Beside a ticket.
mod sidebar;

/// The page, and what is pressed there.
mod page;
mod pressed;

/// Its tabs.
mod calendars;
mod policies;
mod try_out;

/// Its forms, and what is read from them.
mod calendar_form;
mod policy_form;
mod templates;

use crate::words::Language;
use guichet_sdk::{
    Error, ViewContext,
    view::{Answer, View},
};

pub(crate) fn render(context: &ViewContext) -> Result<String, Error> {
    let language = Language::of(&context.locale);
    let view = match context.view.as_str() {
        "clocks" => sidebar::of(&context.subject, language)?,
        "levels" => page::Page::open(&context.viewer, language)?.view(),
        name => return Err(Error::NotFound(format!("there is no view `{name}`"))),
    };
    write(&view)
}

pub(crate) fn act(context: &ViewContext, action: &str, input: &str) -> Result<String, Error> {
    if context.view != "levels" {
        return Err(Error::NotFound(format!(
            "the view `{}` has no actions",
            context.view
        )));
    }
    let page = page::Page::open(&context.viewer, Language::of(&context.locale))?;
    let answer: Answer = pressed::press(page, action, input)?;
    serde_json::to_string(&answer).map_err(|error| crate::store::invalid(&error))
}

fn write(view: &View) -> Result<String, Error> {
    serde_json::to_string(view).map_err(|error| crate::store::invalid(&error))
}

#[cfg(test)]
mod tests;
