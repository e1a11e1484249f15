//! The SDK for plugins in Rust.
//!
//! A plugin implements a point's trait and exports it; what it calls, it asks for:
//!
//! ```no_run
//! use guichet_sdk::{Error, Event, EventHandler, tickets_write};
//!
//! struct Hello;
//!
//! impl EventHandler for Hello {
//!     fn handle(event: Event) -> Result<(), Error> {
//!         match event.ticket {
//!             Some(ticket) => tickets_write::add_tags(&ticket, &["hello".to_owned()]),
//!             None => Ok(()),
//!         }
//!     }
//! }
//!
//! guichet_sdk::export_event_handler!(Hello);
//! # fn main() {}
//! ```

/// Everything that a plugin may import. What it does not call, its component does not ask for.
mod imports {
    wit_bindgen::generate!({ path: "../../wit", world: "imports", generate_all });
}

/// The point `event-handler`.
#[doc(hidden)]
pub mod event_point {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "event-point",
        pub_export_macro: true,
        default_bindings_module: "guichet_sdk::event_point",
        with: { "guichet:platform/types@0.1.0": crate::imports::guichet::platform::types },
    });
}

/// The point `job-handler`.
#[doc(hidden)]
pub mod job_point {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "job-point",
        pub_export_macro: true,
        default_bindings_module: "guichet_sdk::job_point",
        with: { "guichet:platform/types@0.1.0": crate::imports::guichet::platform::types },
    });
}

/// The point `request-handler`.
#[doc(hidden)]
pub mod request_point {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "request-point",
        pub_export_macro: true,
        default_bindings_module: "guichet_sdk::request_point",
        with: { "guichet:platform/types@0.1.0": crate::imports::guichet::platform::types },
    });
}

/// The point `guard`.
#[doc(hidden)]
pub mod guard_point {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "guard-point",
        pub_export_macro: true,
        default_bindings_module: "guichet_sdk::guard_point",
        with: { "guichet:platform/types@0.1.0": crate::imports::guichet::platform::types },
    });
}

/// The point `report`.
#[doc(hidden)]
pub mod report_point {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "report-point",
        pub_export_macro: true,
        default_bindings_module: "guichet_sdk::report_point",
        with: { "guichet:platform/types@0.1.0": crate::imports::guichet::platform::types },
    });
}

pub use event_point::exports::guichet::platform::event_handler::Guest as EventHandler;
pub use guard_point::exports::guichet::platform::guard::{Guest as Guard, Proposal, Verdict};
pub use imports::guichet::platform::{
    clock, customers_read, customers_write, directory_read, events_emit, events_read, explain,
    files, http, intake, jobs, log, records, secrets, settings, tickets_read, tickets_write,
    types::{
        Actor, Attachment, Body, Change, Error, Event, Field, MessageDraft, Page, PageRequest,
        TicketDraft, Value,
    },
};
pub use job_point::exports::guichet::platform::job_handler::{Failure, Guest as JobHandler, Job};
pub use report_point::exports::guichet::platform::report::{
    Answer, Chart, Column, Guest as Report, Table,
};
pub use request_point::exports::guichet::platform::request_handler::{
    Guest as RequestHandler, Request, Response,
};

/// Exports a type's [`EventHandler`] as the component's point.
#[macro_export]
macro_rules! export_event_handler {
    ($plugin:ident) => {
        $crate::event_point::export!($plugin with_types_in $crate::event_point);
    };
}

/// Exports a type's [`JobHandler`] as the component's point.
#[macro_export]
macro_rules! export_job_handler {
    ($plugin:ident) => {
        $crate::job_point::export!($plugin with_types_in $crate::job_point);
    };
}

/// Exports a type's [`RequestHandler`] as the component's point.
#[macro_export]
macro_rules! export_request_handler {
    ($plugin:ident) => {
        $crate::request_point::export!($plugin with_types_in $crate::request_point);
    };
}

/// Exports a type's [`Guard`] as the component's point.
#[macro_export]
macro_rules! export_guard {
    ($plugin:ident) => {
        $crate::guard_point::export!($plugin with_types_in $crate::guard_point);
    };
}

/// Exports a type's [`Report`] as the component's point.
#[macro_export]
macro_rules! export_report {
    ($plugin:ident) => {
        $crate::report_point::export!($plugin with_types_in $crate::report_point);
    };
}

/// A named text.
pub fn text_field(name: &str, text: impl Into<String>) -> Field {
    Field {
        name: name.to_owned(),
        value: Value::Text(text.into()),
    }
}

/// A named yes or no.
pub fn boolean_field(name: &str, boolean: bool) -> Field {
    Field {
        name: name.to_owned(),
        value: Value::Boolean(boolean),
    }
}

/// The plugin's settings, as its own type.
///
/// # Errors
/// [`Error::Invalid`] with line and column, where what the admin wrote is of another form.
pub fn typed_settings<T: serde::de::DeserializeOwned>() -> Result<T, Error> {
    serde_json::from_str(&settings::get())
        .map_err(|error| Error::Invalid(format!("the settings: {error}")))
}
