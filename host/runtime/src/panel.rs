//! What a plugin shows, and for whom.

use crate::{bindings::view_point::exports::guichet::platform::views as wit, convert};
use guichet_core::actor::Actor;

/// Which view, where, and who looks.
#[derive(Debug, Clone)]
pub struct PanelContext {
    /// As the manifest names it.
    pub view: String,
    /// As manifests spell it.
    pub location: &'static str,
    pub viewer: Actor,
    /// BCP 47.
    pub locale: String,
    /// What it is about, JSON.
    pub subject: String,
}

/// What is wanted of a view.
#[derive(Debug, Clone)]
pub enum PanelWish {
    Render,
    Act {
        action: String,
        /// JSON.
        input: String,
    },
}

pub(crate) fn context(context: PanelContext) -> wit::Context {
    wit::Context {
        view: context.view,
        location: context.location.to_owned(),
        viewer: convert::actor(context.viewer),
        locale: context.locale,
        subject: context.subject,
        extra: Vec::new(),
    }
}
