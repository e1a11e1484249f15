//! One call of a plugin's report: with the eyes of whoever asks, within the bounds of reports, and kept among the plugin's runs.

use super::{
    asked::Asked,
    cells::{self, Misfit},
};
use crate::{
    desk::Desk,
    in_flight::{SUSPECT_REMEDY, Suspicion, Trace},
    lane::{
        Asker,
        view::{Beginning, Sight, View},
    },
    plugins::{Ready, runs::Run},
};
use guichet_core::{actor::Actor, derive::Seed, event::Origin, ticket::work::Stamp};
use guichet_runtime::{Call, Outcome, ReportAnswer, limits};
use guichet_store::StoreError;
use std::sync::Arc;

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("the plugin failed: {0}")]
    Plugin(Outcome),
    /// Nothing was asked.
    #[error("{}", SUSPECT_REMEDY)]
    Suspect,
    #[error("the database")]
    Store(#[from] StoreError),
}

/// Has a report made.
///
/// # Errors
/// [`Failure::Plugin`] where the plugin failed, or made what does not fit its own columns.
pub async fn run(
    desk: &Desk,
    asker: &Asker,
    ready: &Arc<Ready>,
    name: &str,
    asked: &Asked,
) -> Result<ReportAnswer, Failure> {
    let Some(plugin) = &ready.plugin else {
        desk.forget_installs(asker.tenant);
        let reason = "the plugin cannot be loaded just now".to_owned();
        return Err(Failure::Plugin(Outcome::HostError(reason)));
    };
    let trace = Trace::of_requests(asker.tenant, &ready.install);
    if desk.in_flight.suspicion(&trace) == Suspicion::GiveUp {
        return Err(Failure::Suspect);
    }
    let _passage = desk.in_flight.enter(trace);
    let now = desk.clock.now();
    let key = desk.key(asker.tenant).await?;
    let this = format!("report/{}/{}", ready.install.id, desk.clock.new_id());
    let beginning = Beginning {
        overlay: asker.overlay(),
        stamp: Stamp {
            at: now,
            principal: Actor::plugin(ready.install.id).into(),
            origin: Origin {
                by: Some(ready.by()),
                ..Origin::default()
            },
            because: None,
        },
        seed: Seed::new(key, this, now),
        sight: Sight::Viewer(Some(asker.principal.clone())),
        about: None,
    };
    let call = Call {
        plugin_name: ready.install.plugin.clone(),
        grants: ready.grants.clone(),
        helpdesk: Box::new(View::new(desk, asker.tenant, ready, beginning).in_zone(&asked.zone)),
        limits: ready.limits(limits::REPORT),
    };
    let (mut ended, answer) = plugin.report(call, name, &asked.for_plugin()).await;
    let misfit = answer.as_ref().and_then(cells::misfit);
    if let Some(Misfit(reason)) = misfit {
        ended.outcome = Outcome::PluginError(reason);
    }
    let shown = Run::of(&ended, now, "report", None, None);
    desk.runs.add(asker.tenant, ready.install.id, shown);
    // What it read and would have written is dropped with its view: a report commits nothing.
    match (ended.outcome, answer) {
        (Outcome::Ok, Some(answer)) => Ok(answer),
        (outcome, _) => Err(Failure::Plugin(outcome)),
    }
}
