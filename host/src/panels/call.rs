//! One call of a plugin's view: with the eyes of who looks, within the bounds of views, and kept among the plugin's runs. What an action wrote is committed
//! before its answer is sent.

use crate::{
    desk::Desk,
    in_flight::{SUSPECT_REMEDY, Suspicion, Trace},
    lane::{
        self, Asker, LaneError, again, guard,
        view::{Beginning, Sight, View},
    },
    limits::CONFLICT_RUNS_MAX,
    plugins::{Ready, runs::Run},
};
use guichet_core::{
    actor::Actor,
    changeset::{ChangeSet, Check},
    derive::Seed,
    event::Origin,
    refusal::Refusal,
    ticket::work::Stamp,
    time::Timestamp,
};
use guichet_runtime::{Call, Outcome, PanelContext, PanelWish, limits};
use guichet_store::{CommitError, StoreError};
use guichet_view::{Answer, View as Shown};
use std::sync::Arc;
use uuid::Uuid;

/// Why nothing is shown.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("the plugin failed: {0}")]
    Plugin(Outcome),
    /// What it wanted to write was refused: by a guard, for good.
    #[error(transparent)]
    Refused(Refusal),
    /// Nothing was asked.
    #[error("{}", SUSPECT_REMEDY)]
    Suspect,
    #[error("others kept changing the same things: try again")]
    Busy,
    #[error(transparent)]
    Lane(#[from] LaneError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Lane(error.into())
    }
}

/// Has a view rendered.
///
/// # Errors
/// [`Failure::Plugin`] where the plugin failed, or rendered what is no view.
pub async fn render(
    desk: &Desk,
    asker: &Asker,
    ready: &Arc<Ready>,
    context: PanelContext,
) -> Result<Shown, Failure> {
    let asked = Asked::new(desk, asker, ready, PanelWish::Render)?;
    let done = asked.run(context, Shown::read).await?;
    asked.note(done.run);
    // What it read is dropped with its view: to render is to write nothing.
    Ok(done.answer)
}

/// Has an action done, and commits what it wrote.
///
/// # Errors
/// [`Failure`].
pub async fn act(
    desk: &Desk,
    asker: &Asker,
    ready: &Arc<Ready>,
    context: PanelContext,
    action: String,
    input: String,
) -> Result<Answer, Failure> {
    let asked = Asked::new(desk, asker, ready, PanelWish::Act { action, input })?;
    for run in 1..=CONFLICT_RUNS_MAX {
        let done = asked.run(context.clone(), Answer::read).await?;
        let has_called_out = done.view.has_called_out();
        let overlay = match guard::check(desk, done.view.into_overlay(), None).await {
            Ok(overlay) => overlay,
            Err(LaneError::Refused(refusal)) => {
                asked.note(done.run.refused(&refusal.to_string()));
                return Err(Failure::Refused(refusal));
            }
            Err(error) => return Err(error.into()),
        };
        asked.note(done.run);
        let same = |changes: &mut ChangeSet| {
            let install = &ready.install;
            changes.checks.push(Check::Epoch(install.id, install.epoch));
        };
        let result = if has_called_out {
            // What was told to the outside is not told twice because of a conflict.
            again::commit(desk, asker.tenant, overlay.asked(), same).await
        } else {
            let mut changes = overlay.finish();
            match changes.is_empty() {
                true => Ok(()),
                false => {
                    same(&mut changes);
                    desk.commit(changes).await.map(drop)
                }
            }
        };
        match result {
            Ok(()) => return Ok(done.answer),
            Err(CommitError::Conflict(_)) if run < CONFLICT_RUNS_MAX && !has_called_out => {
                desk.forget_installs(asker.tenant);
            }
            Err(CommitError::Conflict(_)) => return Err(Failure::Busy),
            Err(error) => return Err(lane::into_lane_error(error).into()),
        }
    }
    Err(Failure::Busy)
}

/// What is asked, as often as conflicts make it: with the same ids each time.
struct Asked<'a> {
    desk: &'a Desk,
    asker: &'a Asker,
    ready: &'a Arc<Ready>,
    wish: PanelWish,
    id: Uuid,
    at: Timestamp,
}

/// A call that came to its end, and is not noted yet: a guard may still refuse what it wrote.
struct Done<T> {
    /// As it was read.
    answer: T,
    view: Box<View>,
    run: Run,
}

impl<'a> Asked<'a> {
    fn new(
        desk: &'a Desk,
        asker: &'a Asker,
        ready: &'a Arc<Ready>,
        wish: PanelWish,
    ) -> Result<Self, Failure> {
        let trace = Trace::of_requests(asker.tenant, &ready.install);
        if desk.in_flight.suspicion(&trace) == Suspicion::GiveUp {
            return Err(Failure::Suspect);
        }
        Ok(Self {
            desk,
            asker,
            ready,
            wish,
            id: desk.clock.new_id(),
            at: desk.clock.now(),
        })
    }

    fn note(&self, run: Run) {
        let runs = &self.desk.runs;
        runs.add(self.asker.tenant, self.ready.install.id, run);
    }

    /// Calls the plugin. A call that came to no good end is noted here.
    async fn run<T>(
        &self,
        context: PanelContext,
        read: impl Fn(&str) -> Result<T, guichet_view::ViewError>,
    ) -> Result<Done<T>, Failure> {
        let Self {
            desk, asker, ready, ..
        } = *self;
        let tenant = asker.tenant;
        let Some(plugin) = &ready.plugin else {
            desk.forget_installs(tenant);
            let reason = "the plugin cannot be loaded just now".to_owned();
            return Err(Failure::Plugin(Outcome::HostError(reason)));
        };
        let _passage = desk
            .in_flight
            .enter(Trace::of_requests(tenant, &ready.install));
        let key = desk.key(tenant).await?;
        let beginning = Beginning {
            overlay: asker.overlay(),
            stamp: Stamp {
                at: self.at,
                principal: Actor::plugin(ready.install.id).into(),
                origin: Origin {
                    by: Some(ready.by()),
                    ..Origin::default()
                },
                because: None,
            },
            seed: Seed::new(
                key,
                format!("panel/{}/{}", ready.install.id, self.id),
                self.at,
            ),
            sight: Sight::Viewer(Some(asker.principal.clone())),
            about: None,
        };
        let usual = match self.wish {
            PanelWish::Render => limits::RENDER,
            PanelWish::Act { .. } => limits::ACT,
        };
        let call = Call {
            plugin_name: ready.install.plugin.clone(),
            grants: ready.grants.clone(),
            helpdesk: Box::new(View::new(desk, tenant, ready, beginning)),
            limits: ready.limits(usual),
        };
        let (mut ended, text) = plugin.panel(call, context, self.wish.clone()).await;
        let shown = text.map(|text| read(&text));
        if let Some(Err(error)) = &shown {
            ended.outcome = Outcome::PluginError(format!("what it shows does not fit: {error}"));
        }
        let run = Run::of(&ended, self.at, "views", None, None);
        let view = ended
            .helpdesk
            .and_then(|helpdesk| helpdesk.into_any().downcast::<View>().ok());
        match (ended.outcome, shown, view) {
            (Outcome::Ok, Some(Ok(answer)), Some(view)) => Ok(Done { answer, view, run }),
            (outcome, _, _) => {
                self.note(run);
                Err(Failure::Plugin(outcome))
            }
        }
    }
}
