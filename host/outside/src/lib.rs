//! # The way out
//! The one choke point through which plugins reach servers: by HTTP ([`Outside::fetch`]), or by a connection of TCP or TLS ([`Outside::connect`]).
//!
//! - A **grant** names a host that an admin lets a plugin call: `api.example.com`, `*.example.com`, `api.example.com:8443`, and
//!   `wiki.corp@10.0.0.7` where that very host may be at that private address. For a connection it names the port, too.
//! - A **hop** is one request to one server; a redirect makes another, and each is checked as the first.
//! - A **secret** is a setting that a plugin may send (`{{secret:name}}` in a header's value) without seeing it.
//!
//! A hop goes: read the address of the page ([`Request::url`]), check the grant, look the name up *once*, refuse if *any* answer is an
//! address that only machines near this one can reach, fill in the secrets, connect to one of the checked addresses, do TLS for the
//! name, send, read within limits. **Invariants:** nothing here looks a name up twice in a hop, reads a proxy from the environment,
//! keeps a connection for the next hop, or decompresses; no error holds a header's value.

/// 1. What a caller hands in, and what it gets: [`Outside::fetch`].
mod fetch;

/// 2. The plugin's request, checked.
mod request;

/// 3. Its headers: which may be given, and which stay behind on the way to another server.
mod headers;

/// 4. An address of a page, read into scheme, host, port and path.
mod target;

/// 5. What an admin granted.
mod grant;

/// 6. From a name to addresses.
mod resolve;

/// 7. Which addresses are not for plugins.
mod address;

/// 8. Addresses that belong together.
mod block;

/// 9. `{{secret:name}}`.
mod secret;

/// 10. TCP to a checked address.
mod connect;

/// 11. Which certificates are trusted.
mod tls;

/// 12. One request and its answer on one connection.
mod exchange;

/// 13. Where an answer sends the plugin next.
mod redirect;

/// 14. A connection without HTTP.
mod connection;

/// 15. What can go wrong, and what to do then.
mod error;

/// Bounds on all of it.
pub mod limits;

pub use address::{Special, special};
pub use block::{AddressBlock, BlockError};
pub use connection::Connection;
pub use error::{FetchError, Kind};
pub use exchange::Response;
pub use fetch::{Bounds, Outside, OutsideSettings};
pub use grant::{Allowed, Grant, GrantError, Protocol};
pub use request::Request;
pub use resolve::{Lookup, Resolve, SystemResolver};
pub use secret::Secrets;
pub use tls::{Roots, SettingsError};
