//! Guards: plugins that look at a change before it is committed, once, in the installs' order, and let it pass or refuse it with a message for the
//! person. They see it on the overlay, with what it would do; what they read joins the commit's checks. A tenant without guards pays one look at a list.

use super::{
    LaneError,
    view::{Beginning, Sight, View},
};
use crate::{
    desk::Desk,
    plugins::{Ready, runs::Run},
};
use guichet_core::{
    actor::Actor,
    derive::Seed,
    event::{Event, EventDraft, Origin},
    overlay::Overlay,
    refusal::Refusal,
    ticket::work::Stamp,
};
use guichet_runtime::{Call, Outcome, Verdict, limits};
use std::sync::Arc;

/// Asks all guards about what the overlay would tell beyond what `passed`, the overlay before, would; answers the overlay with what they read.
///
/// # Errors
/// [`Refusal::Guarded`] with the guard's message, or because a guard that fails closed has failed.
pub async fn check(
    desk: &Desk,
    mut overlay: Overlay,
    passed: Option<&Overlay>,
) -> Result<Overlay, LaneError> {
    let tenant = overlay.tenant();
    let installs = desk.installs(tenant).await?;
    if !installs
        .iter()
        .any(|ready| ready.is_enabled() && ready.manifest.guard.is_some())
    {
        return Ok(overlay);
    }
    // Only from here on: what an overlay would tell is a copy of it, which those without guards need not pay for.
    let passed = passed.map(Overlay::would_tell).unwrap_or_default();
    let told: Vec<_> = overlay
        .would_tell()
        .into_iter()
        .filter(|event| !passed.contains(event))
        .collect();
    for ready in installs.iter() {
        for event in told.iter().filter(|event| ready.guards(&event.kind)) {
            overlay = ask(desk, ready, overlay, event).await?;
        }
    }
    Ok(overlay)
}

async fn ask(
    desk: &Desk,
    ready: &Arc<Ready>,
    overlay: Overlay,
    proposed: &EventDraft,
) -> Result<Overlay, LaneError> {
    let tenant = overlay.tenant();
    let closed = |why: &str| -> Result<(), Refusal> {
        match ready.guard_fails_closed() {
            false => Ok(()),
            true => Err(Refusal::Guarded(format!(
                "{} has to check this change and could not ({why}): try again, or ask an admin to look at its runs",
                ready.install.plugin
            ))),
        }
    };
    let Some(plugin) = &ready.plugin else {
        closed("it cannot be loaded just now")?;
        return Ok(overlay);
    };
    let now = desk.clock.now();
    let beginning = Beginning {
        overlay: overlay.clone(),
        stamp: Stamp {
            at: proposed.at,
            principal: Actor::plugin(ready.install.id).into(),
            origin: Origin {
                by: Some(ready.by()),
                ..Origin::default()
            },
            because: None,
        },
        seed: Seed::new(
            desk.key(tenant).await?,
            format!("guard/{}/{}", ready.install.id, desk.clock.new_id()),
            proposed.at,
        ),
        sight: Sight::Plugin,
        about: proposed.ticket,
    };
    let call = Call {
        plugin_name: ready.install.plugin.clone(),
        grants: ready.grants.clone(),
        helpdesk: Box::new(View::new(desk, tenant, ready, beginning)),
        limits: ready.limits(limits::GUARD),
    };
    let event = Event {
        sequence: 0,
        draft: proposed.clone(),
    };
    let seen = event.seen_with(&ready.grants);
    let (ended, verdict) = plugin.check(call, &seen.draft, proposed.actor).await;
    let mut run = Run::of(&ended, now, "guard", None, proposed.ticket);
    if let Some(Verdict::Refuse(message)) = &verdict {
        run.outcome = REFUSED.to_owned();
        run.detail = Some(message.clone());
    }
    desk.runs.add(tenant, ready.install.id, run);
    match (ended.outcome, verdict, ended.helpdesk) {
        (Outcome::Ok, Some(Verdict::Allow), Some(helpdesk)) => {
            match helpdesk.into_any().downcast::<View>() {
                Ok(view) => Ok(view.into_overlay()),
                Err(_) => Ok(overlay),
            }
        }
        (Outcome::Ok, Some(Verdict::Refuse(message)), _) => {
            Err(Refusal::Guarded(format!("{}: {message}", ready.install.plugin)).into())
        }
        (outcome, _, _) => {
            closed(outcome.name())?;
            Ok(overlay)
        }
    }
}

/// How a run is shown whose change a guard did not let pass, and the guard's own.
pub const REFUSED: &str = "refused";
