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

/// The point `channel`.
#[doc(hidden)]
pub mod channel_point {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "channel-point",
        pub_export_macro: true,
        default_bindings_module: "guichet_sdk::channel_point",
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

/// The point `views`.
#[doc(hidden)]
pub mod view_point {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "view-point",
        pub_export_macro: true,
        default_bindings_module: "guichet_sdk::view_point",
        with: { "guichet:platform/types@0.1.0": crate::imports::guichet::platform::types },
    });
}

pub use channel_point::exports::guichet::platform::channel::{
    Failure as NotCarried, Guest as Channel, Outbound, Reason, Receipt,
};
pub use event_point::exports::guichet::platform::event_handler::Guest as EventHandler;
pub use guard_point::exports::guichet::platform::guard::{Guest as Guard, Proposal, Verdict};
pub use imports::guichet::platform::{
    clock, customers_read, customers_write, directory_read, events_emit, events_read, explain,
    files, http, intake, jobs, log, net, records, records_shared, secrets, settings, tickets_read,
    tickets_write,
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
pub use view_point::exports::guichet::platform::views::{Context as ViewContext, Guest as Views};

/// Ranges of records, begun.
mod ranges;

/// Views as data: what a plugin's [`Views`] answer, built and written as JSON.
pub use guichet_view as view;

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

/// Exports a type's [`Channel`] as the component's point.
#[macro_export]
macro_rules! export_channel {
    ($plugin:ident) => {
        $crate::channel_point::export!($plugin with_types_in $crate::channel_point);
    };
}

/// Exports a type's [`Views`] as the component's point.
#[macro_export]
macro_rules! export_views {
    ($plugin:ident) => {
        $crate::view_point::export!($plugin with_types_in $crate::view_point);
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

/// The name of a secret setting of a list's entry, for [`secrets::reveal`]: `list[key].path`.
pub fn secret_of_entry(list: &str, key: &str, path: &str) -> String {
    use std::fmt::Write;
    let mut name = format!("{list}[");
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || b"@._+-".contains(&byte) {
            name.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(name, "%{byte:02X}");
        }
    }
    name + "]." + path
}

/// The plugin's settings, as its own type.
///
/// # Errors
/// [`Error::Invalid`] with line and column, where what the admin wrote is of another form.
pub fn typed_settings<T: serde::de::DeserializeOwned>() -> Result<T, Error> {
    serde_json::from_str(&settings::get())
        .map_err(|error| Error::Invalid(format!("the settings: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_of_an_entry_is_named_as_the_host_names_it() {
        assert_eq!(
            secret_of_entry("mailboxes", "销售] [@desk.example", "incoming.password"),
            "mailboxes[%E9%94%80%E5%94%AE%5D%20%5B@desk.example].incoming.password"
        );
    }
}
