//! What a plugin's package is: shared by the author's tool, the marketplace and the host, so that all three read, check and refuse the same.
//!
//! Nothing here runs a component, and nothing that is read is trusted: every size, digest, name and signature is checked, and what is refused says why.

/// 1. What a plugin is, asks for and offers: `plugin.toml`.
pub mod manifest;

/// 2. What a component asks for and offers, read off it.
pub mod component;

/// 3. When its schedules are due.
pub mod schedule;

/// 4. What its settings may be, by a JSON Schema that takes bounded time.
pub mod schema;
pub mod settings;

/// How deep JSON may be.
pub mod json;

/// 5. Manifest, component and assets in one package, known by its digest.
pub mod layout;

/// 6. How a package is kept and sent: as a folder, as a tar.
mod folder;
mod oci;
pub mod tar;

/// 7. Who made it: keys and signatures.
pub mod sign;

/// 8. What a marketplace offers, signed.
pub mod index;

/// 9. How a person names a plugin.
pub mod reference;

/// Every bound, in one table.
pub mod limits;

mod digest;

pub use component::{ComponentError, Inspection, Points};
pub use digest::{Digest, DigestError};
pub use index::{Index, SignedIndex};
pub use layout::{Package, PackageError};
pub use manifest::{Manifest, ManifestError, PLATFORM};
pub use reference::{PluginRef, PluginRefError};
pub use sign::{PublicKey, PublisherKey, SignatureError};
