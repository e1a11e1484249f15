//! One call for a job, whatever the point: what it is made with, and what it wrote.

use crate::{
    desk::Desk,
    lane::{
        LaneError, guard,
        view::{Beginning, Sight, View},
    },
    plugins::{Ready, runs::Run},
};
use guichet_core::{
    actor::Actor, derive::Seed, event::Origin, id::TenantId, job::Job, overlay::Overlay,
    ticket::work::Stamp,
};
use guichet_runtime::{Call, Ended, Outcome, limits};

/// A call that is ready to be made.
pub(crate) struct Prepared {
    pub(crate) call: Call,
    /// The same on every attempt: for the outside.
    pub(crate) idempotency_key: String,
}

/// How what a job writes is marked.
pub(crate) fn stamp(desk: &Desk, ready: &Ready, job: &Job) -> Stamp {
    Stamp {
        at: desk.clock.now(),
        principal: Actor::plugin(ready.install.id).into(),
        origin: Origin {
            event: job.cause,
            by: Some(ready.by()),
            root: job.root,
            depth: job.depth + 1,
        },
        because: None,
    }
}

/// Makes a call ready.
pub(crate) async fn prepare(
    desk: &Desk,
    tenant: TenantId,
    ready: &Ready,
    job: &Job,
) -> Result<Prepared, LaneError> {
    let store = desk.store.tenant(tenant);
    // Of the job, not of the attempt: each makes the same ids, and tells the outside the same key.
    let scope = format!("job/{}/{}", ready.install.id, job.id);
    let seed = Seed::new(desk.key(tenant).await?, scope, job.due_at);
    let idempotency_key = seed.idempotency_key();
    let beginning = Beginning {
        overlay: Overlay::new(tenant, store.directory().await?),
        stamp: stamp(desk, ready, job),
        seed,
        sight: Sight::Plugin,
        about: job.ticket,
    };
    let call = Call {
        plugin_name: ready.install.plugin.clone(),
        grants: ready.grants.clone(),
        helpdesk: Box::new(View::new(desk, tenant, ready, beginning)),
        limits: ready.limits(limits::JOB),
    };
    Ok(Prepared {
        call,
        idempotency_key,
    })
}

/// What a handler wrote, and whether it called a server outside.
pub(crate) struct Wrote {
    pub(crate) overlay: Overlay,
    pub(crate) has_called_out: bool,
}

/// What a call left behind.
pub(crate) enum Left {
    Well(Box<Wrote>),
    /// It came to no good end: what it wrote is nothing.
    Badly {
        has_called_out: bool,
    },
}

impl Left {
    pub(crate) fn well(self) -> Option<Wrote> {
        match self {
            Self::Well(wrote) => Some(*wrote),
            Self::Badly { .. } => None,
        }
    }
}

/// What a call wrote, after the guards; the run is noted.
pub(crate) async fn wrote(
    desk: &Desk,
    tenant: TenantId,
    ready: &Ready,
    job: &Job,
    point: &'static str,
    ended: &mut Ended,
) -> Result<Left, LaneError> {
    let mut run = Run::of(ended, desk.clock.now(), point, job.cause, job.ticket);
    let view = ended
        .helpdesk
        .take()
        .and_then(|helpdesk| helpdesk.into_any().downcast::<View>().ok());
    let left = match (view, &ended.outcome) {
        (Some(view), Outcome::Ok) => {
            let has_called_out = view.has_called_out();
            let overlay = match guard::check(desk, view.into_overlay(), None).await {
                Ok(overlay) => overlay,
                // The job is done; what it wanted to write is refused for good.
                Err(LaneError::Refused(refusal)) => {
                    run = run.refused(&refusal.to_string());
                    let store = desk.store.tenant(tenant);
                    Overlay::new(tenant, store.directory().await?)
                }
                Err(error) => return Err(error),
            };
            Left::Well(Box::new(Wrote {
                overlay,
                has_called_out,
            }))
        }
        // What was lost with its view may have called out.
        (view, _) => Left::Badly {
            has_called_out: view.is_none_or(|view| view.has_called_out()),
        },
    };
    desk.runs.add(tenant, ready.install.id, run);
    Ok(left)
}
