//! Web forms: pages of their own, made from the settings, whose posts become tickets. Whatever the browser is said to have checked is checked here.

/// Every bound of the plugin.
pub mod limits;

/// English and Chinese.
pub mod language;

/// Forms, as the admin writes them.
pub mod settings;

/// When a question is asked.
pub mod condition;

/// What a browser sent.
pub mod post;

/// Forms with files.
pub mod multipart;

/// From what was sent to answers.
pub mod answers;

/// What can be wrong with them.
pub mod wrong;

/// The one-time token of an opened form.
pub mod token;

/// What looks like a machine, and what is too much.
pub mod guard;

/// What is remembered for a while.
pub mod shelf;

/// The plugin's records.
mod store;

/// Pages.
pub mod page;

/// From a filled form to a ticket.
mod submit;

/// Paths, and what each answers.
mod route;

use guichet_sdk::{Error, Request, RequestHandler, Response};

struct WebForm;

impl RequestHandler for WebForm {
    fn handle(request: Request) -> Result<Response, Error> {
        route::answer(&request)
    }
}

guichet_sdk::export_request_handler!(WebForm);
