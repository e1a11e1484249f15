//! One call of a plugin's event handler: a view made of the overlay, the call, and the overlay back if it went well.

use crate::{
    desk::Desk,
    in_flight::{Trace, What},
    lane::{
        LaneError, guard,
        view::{Beginning, Sight, View},
    },
    plugins::{Ready, breaker, runs::Run},
};
use guichet_core::{
    actor::Actor,
    derive::Seed,
    event::{Event, Origin},
    id::{InstallId, TenantId},
    overlay::Overlay,
    ticket::work::Stamp,
};
use guichet_runtime::{Call, Ended, Outcome, limits};
use std::time::Duration;

/// How a call ended for the lane.
pub(super) enum Handled {
    Well(Box<Overlay>),
    /// Its filters let the event not through: it was not called.
    NotCalled,
    /// A guard refused what it wrote, and why: nothing of it stays.
    Refused(String),
    /// Not done in time; the reason is no fault.
    TooSlow,
    Badly(Outcome),
}

impl Handled {
    /// What it says of the plugin: done, or what was wrong; nothing where that is nobody's fault or a matter of the lane.
    pub(super) fn verdict(&self) -> Option<Option<String>> {
        match self {
            Self::Well(_) | Self::Refused(_) => Some(None),
            Self::Badly(outcome) if breaker::is_blamed(outcome) => Some(Some(outcome.to_string())),
            Self::Badly(_) | Self::TooSlow | Self::NotCalled => None,
        }
    }
}

/// An event on its way.
pub(super) struct Delivery<'a> {
    pub(super) desk: &'a Desk,
    pub(super) tenant: TenantId,
    /// Makes the ids of what the handler makes.
    pub(super) key: [u8; 32],
    pub(super) event: &'a Event,
    /// Not the first try.
    pub(super) redelivered: bool,
}

impl Delivery<'_> {
    /// As which it is in flight.
    pub(super) fn trace(&self, install: InstallId) -> Trace {
        Trace {
            tenant: self.tenant,
            install,
            what: What::Event(self.event.sequence),
        }
    }
}

/// Of the delivery: each run of it makes the same ids. An event from before the install's place is handed to it anew because an admin wants it: what
/// it makes then is new.
fn scope(ready: &Ready, event: &Event) -> String {
    let (install, sequence) = (ready.install.id, event.sequence);
    let from = ready.install.from_sequence;
    match sequence < from {
        true => format!("event/{install}/{sequence}/from/{from}"),
        false => format!("event/{install}/{sequence}"),
    }
}

/// Calls the handler on a copy of the overlay.
pub(super) async fn handle(
    delivery: &Delivery<'_>,
    ready: &Ready,
    overlay: &Overlay,
    wall: Duration,
) -> Handled {
    let Delivery {
        desk,
        tenant,
        key,
        event,
        redelivered,
    } = *delivery;
    let about = event.draft.ticket.and_then(|id| overlay.ticket(id).ok());
    if !ready.lets_through(event, about) {
        return Handled::NotCalled;
    }
    let Some(plugin) = &ready.plugin else {
        // Perhaps it can be loaded next time.
        desk.forget_installs(tenant);
        let reason = "the plugin cannot be loaded just now".to_owned();
        return Handled::Badly(Outcome::HostError(reason));
    };
    let beginning = Beginning {
        overlay: overlay.clone(),
        stamp: Stamp {
            at: event.draft.at,
            principal: Actor::plugin(ready.install.id).into(),
            origin: Origin {
                event: Some(event.sequence),
                by: Some(ready.by()),
                root: Some(event.root()),
                depth: event.draft.origin.depth + 1,
            },
            because: None,
        },
        seed: Seed::new(key, scope(ready, event), event.draft.at),
        sight: Sight::Plugin,
        about: event.draft.ticket,
    };
    let view = View::new(desk, tenant, ready, beginning);
    let told = event.seen_with(&ready.grants);
    let call = Call {
        plugin_name: ready.install.plugin.clone(),
        grants: ready.grants.clone(),
        helpdesk: Box::new(view),
        limits: ready.limits(limits::EVENT),
    };
    let _passage = desk.in_flight.enter(delivery.trace(ready.install.id));
    let Ok(ended) = tokio::time::timeout(wall, plugin.handle_event(call, &told, redelivered)).await
    else {
        return Handled::TooSlow;
    };
    let run = Run::of(
        &ended,
        desk.clock.now(),
        "event-handler",
        Some(event.sequence),
        event.draft.ticket,
    );
    let Ended {
        outcome: Outcome::Ok,
        helpdesk: Some(helpdesk),
        ..
    } = ended
    else {
        desk.runs.add(tenant, ready.install.id, run);
        return Handled::Badly(ended.outcome);
    };
    let Ok(view) = helpdesk.into_any().downcast::<View>() else {
        let reason = "the view of the desk did not come back".to_owned();
        return Handled::Badly(Outcome::HostError(reason));
    };
    let (run, handled) = match guard::check(desk, view.into_overlay(), Some(overlay)).await {
        Ok(after) => (run, Handled::Well(Box::new(after))),
        // What a guard refuses is refused for good: a second try would meet the same.
        Err(LaneError::Refused(refusal)) => (
            run.refused(&refusal.to_string()),
            Handled::Refused(refusal.to_string()),
        ),
        Err(error) => (run, Handled::Badly(Outcome::HostError(error.to_string()))),
    };
    desk.runs.add(tenant, ready.install.id, run);
    handled
}
