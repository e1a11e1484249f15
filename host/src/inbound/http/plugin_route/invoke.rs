//! One request handed to a plugin, and its effects committed before anybody sees the response.

use crate::{
    desk::Desk,
    in_flight::{Suspicion, Trace},
    lane::{
        self, LaneError, again, guard,
        view::{Beginning, Sight, View},
    },
    limits,
    plugins::{Ready, manifest::ActsAs, runs::Run},
};
use axum::body::Bytes;
use guichet_core::{
    actor::Actor,
    changeset::{ChangeSet, Check, FileWrite},
    derive::Seed,
    event::Origin,
    id::{FileId, TenantId},
    overlay::Overlay,
    refusal::Refusal,
    ticket::work::Stamp,
    time::Timestamp,
};
use guichet_runtime::{Body, Call, Ended, Fault, Outcome, Request, Response};
use guichet_store::CommitError;
use std::sync::Arc;
use uuid::Uuid;

/// A request on its way to a plugin.
pub(crate) struct Incoming {
    /// Makes the ids of what the handler makes: the same request handled again makes the same ones.
    pub(crate) id: Uuid,
    pub(crate) at: Timestamp,
    pub(crate) acts_as: ActsAs,
    /// Without its body.
    pub(crate) request: Request,
    pub(crate) body: Bytes,
}

/// Why there is no response.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The plugin failed.
    Plugin(Outcome),
    /// What it wanted to write was refused: by a guard, for good.
    Refused(Refusal),
    /// Ours.
    Host(LaneError),
    /// Others kept changing the same things.
    Busy,
    /// Requests to it were in flight each time that the server died: it is not called.
    Suspect,
}

/// The file as which a large body is kept.
pub(crate) fn body_file(seed: &Seed) -> FileId {
    FileId(seed.id("body", 0))
}

/// What makes the ids of a request's effects.
pub(crate) fn seed(key: [u8; 32], ready: &Ready, id: Uuid, at: Timestamp) -> Seed {
    Seed::new(key, format!("request/{}/{id}", ready.install.id), at)
}

/// Calls the handler and commits what it wrote, with what `also` adds; again from the present state where somebody else was first.
pub(crate) async fn invoke(
    desk: &Arc<Desk>,
    tenant: TenantId,
    ready: &Ready,
    incoming: &Incoming,
    also: &(dyn Fn(&mut ChangeSet) + Sync),
) -> Result<Answer, Failure> {
    let Some(plugin) = &ready.plugin else {
        desk.forget_installs(tenant);
        let reason = "the plugin cannot be loaded just now".to_owned();
        return Err(Failure::Plugin(Outcome::HostError(reason)));
    };
    let trace = Trace::of_requests(tenant, &ready.install);
    if desk.in_flight.suspicion(&trace) == Suspicion::GiveUp {
        return Err(Failure::Suspect);
    }
    let _passage = desk.in_flight.enter(trace);
    let host = |error: guichet_store::StoreError| Failure::Host(error.into());
    let key = desk.key(tenant).await.map_err(host)?;
    let store = desk.store.tenant(tenant);
    for run in 1..=limits::CONFLICT_RUNS_MAX {
        let directory = store.directory().await.map_err(host)?;
        let sight = match incoming.acts_as {
            ActsAs::Plugin => Sight::Plugin,
            ActsAs::Viewer => {
                let viewer = incoming.request.viewer;
                Sight::Viewer(viewer.map(|viewer| directory.principal(viewer)))
            }
        };
        let mut overlay = Overlay::new(tenant, directory);
        let seed = seed(key, ready, incoming.id, incoming.at);
        let lent = large_body(ready, incoming, &seed);
        let request = Request {
            body: match &lent {
                Some(file) => Body::File(file.id),
                None => Body::Bytes(incoming.body.to_vec()),
            },
            ..incoming.request.clone()
        };
        lent.iter().for_each(|file| overlay.lend_file(file.clone()));
        let beginning = Beginning {
            overlay,
            stamp: Stamp {
                at: incoming.at,
                principal: Actor::plugin(ready.install.id).into(),
                origin: Origin {
                    by: Some(ready.by()),
                    ..Origin::default()
                },
                because: None,
            },
            seed,
            sight,
            about: None,
        };
        let call = Call {
            plugin_name: ready.install.plugin.clone(),
            grants: ready.grants.clone(),
            helpdesk: Box::new(View::new(desk, tenant, ready, beginning)),
            limits: ready.limits(guichet_runtime::limits::REQUEST),
        };
        let (mut ended, response) = plugin.handle_request(call, request).await;
        let answered = answered(&mut ended, response).await;
        let shown = Run::of(&ended, incoming.at, "request-handler", None, None);
        let Some((view, answer)) = answered else {
            desk.runs.add(tenant, ready.install.id, shown);
            return Err(Failure::Plugin(ended.outcome));
        };
        let has_called_out = view.has_called_out();
        let overlay = match guard::check(desk, view.into_overlay(), None).await {
            Ok(overlay) => overlay,
            Err(LaneError::Refused(refusal)) => {
                let shown = shown.refused(&refusal.to_string());
                desk.runs.add(tenant, ready.install.id, shown);
                return Err(Failure::Refused(refusal));
            }
            Err(error) => return Err(Failure::Host(error)),
        };
        desk.runs.add(tenant, ready.install.id, shown);
        let finish = |changes: &mut ChangeSet| {
            changes
                .checks
                .push(Check::Epoch(ready.install.id, ready.install.epoch));
            // What nothing names would stand there for ever, and be nobody's.
            let named = lent.iter().filter(|file| changes.names(file.id)).cloned();
            changes.files.extend(named.collect::<Vec<_>>());
            also(changes);
        };
        let result = if has_called_out {
            // What was told to the outside is not told twice because of a conflict.
            again::commit(desk, tenant, overlay.asked(), finish).await
        } else {
            let mut changes = overlay.finish();
            finish(&mut changes);
            // A request that wrote nothing needs no commit; one that only read is answered as of what it read.
            match changes.is_empty() {
                true => Ok(()),
                false => desk.commit(changes).await.map(drop),
            }
        };
        match result {
            Ok(()) => return Ok(answer),
            Err(CommitError::Conflict(_)) if run < limits::CONFLICT_RUNS_MAX && !has_called_out => {
                desk.forget_installs(tenant);
            }
            Err(CommitError::Conflict(_)) => return Err(Failure::Busy),
            Err(error) => return Err(Failure::Host(lane::into_lane_error(error))),
        }
    }
    Err(Failure::Busy)
}

/// A body that is too large to be handed over whole, as a file to be read.
fn large_body(ready: &Ready, incoming: &Incoming, seed: &Seed) -> Option<FileWrite> {
    (incoming.body.len() > limits::ROUTE_BODY_INLINE_BYTES_MAX).then(|| FileWrite {
        id: body_file(seed),
        install: Some(ready.install.id),
        name: "body".to_owned(),
        media_type: "application/octet-stream".to_owned(),
        content: Arc::new(incoming.body.to_vec()),
        at: incoming.at,
    })
}

/// What a plugin answers, with its body's bytes.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// The answer, and the view of the call: where its body is a file, one that the plugin may read with the eyes that it has here. Where there is none,
/// `ended` says why.
async fn answered(ended: &mut Ended, response: Option<Response>) -> Option<(Box<View>, Answer)> {
    let (Outcome::Ok, Some(response), Some(helpdesk)) =
        (&ended.outcome, response, ended.helpdesk.take())
    else {
        return None;
    };
    let Ok(mut view) = helpdesk.into_any().downcast::<View>() else {
        let reason = "the view of the desk did not come back".to_owned();
        ended.outcome = Outcome::HostError(reason);
        return None;
    };
    let body = match response.body {
        Body::Bytes(bytes) => Ok(bytes),
        Body::File(id) => view.file_to_answer(id).await,
    };
    ended.outcome = match body {
        Ok(body) => {
            let answer = Answer {
                status: response.status,
                headers: response.headers,
                body,
            };
            return Some((view, answer));
        }
        Err(Fault::Refused(refusal)) => {
            Outcome::PluginError(format!("the body of its answer: {refusal}"))
        }
        Err(fault) => Outcome::HostError(fault.to_string()),
    };
    None
}
