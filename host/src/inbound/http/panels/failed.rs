//! A plugin's failure as who looks sees it: how it failed, and what can be done.

use crate::inbound::http::error::Problem;
use crate::{panels::call::Failure, plugins::Ready};
use axum::http::StatusCode;
use guichet_runtime::Outcome;

pub(super) fn failed(ready: &Ready, failure: Failure) -> Problem {
    let plugin = &ready.install.plugin;
    let unavailable = |reason: String| Problem::new(StatusCode::SERVICE_UNAVAILABLE, reason);
    match failure {
        Failure::Lane(error) => error.into(),
        Failure::Refused(refusal) => refusal.into(),
        Failure::Plugin(Outcome::HostError(reason)) => {
            tracing::error!(plugin, reason, "a view failed on the host");
            unavailable("the desk cannot show this just now: try again".to_owned())
        }
        suspect @ Failure::Suspect => unavailable(suspect.to_string()),
        busy @ Failure::Busy => unavailable(busy.to_string()),
        Failure::Plugin(outcome) => Problem::new(
            StatusCode::BAD_GATEWAY,
            format!(
                "{plugin} failed ({outcome}): try again, or ask an admin to look at the plugin's runs"
            ),
        ),
    }
}
