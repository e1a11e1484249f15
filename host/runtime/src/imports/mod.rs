//! The host's side of each interface: one file each. A call is counted, its grant asked for, its arguments read, the desk asked, the answer told.

mod clock;
mod customers_read;
mod customers_write;
mod directory_read;
mod draft;
mod events;
mod explain;
mod files;
mod http;
mod intake;
mod jobs;
mod log;
mod net;
mod records;
mod records_shared;
mod secrets;
mod settings;
mod tickets_read;
mod tickets_write;

/// Leaves the host function with the guest's error, or goes on with the value.
macro_rules! told {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(error) => return Ok(Err(error)),
        }
    };
}
pub(crate) use told;

impl crate::bindings::guichet::platform::types::Host for crate::state::State {}
