//! # Panels
//! What plugins show in the console, as data.
//!
//! - A **view** is declared by a manifest, with the location where it stands; a **panel** is a view there, for somebody who looks, about a ticket or a customer.
//! - Rendering reads with the eyes of who looks and writes nothing. An **action** may write what the install may and the viewer, too; it is committed before
//!   its answer is sent.
//!
//! What a plugin hands over is read and bounded here (`guichet-view`): what does not fit is the plugin's failure, told in its place.

/// Which panels there are, and what they are about.
pub mod place;

/// One call.
pub mod call;
