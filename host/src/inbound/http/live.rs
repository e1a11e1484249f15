//! What changes, as server-sent events: <https://html.spec.whatwg.org/multipage/server-sent-events.html>. A connection that was lost goes on where it was, by
//! the sequence of the last event that it had.

use super::{
    context::{self, Ctx},
    error::Problem,
    show::Named,
};
use crate::{
    desk::Desk,
    limits::{LIVE_BEAT_MS, LIVE_OF_AGENT_MAX, LIVE_RESUMED_MAX},
    live::{
        Counted, Live, Told,
        change::{self, About, Change},
        presence::Seen,
    },
};
use axum::{
    extract::Query,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use futures::stream;
use guichet_core::ticket::work::Work;
use serde::{Deserialize, Serialize};
use std::{collections::VecDeque, convert::Infallible, sync::Arc, time::Duration};
use tokio::{
    sync::{
        broadcast::{self, error::RecvError},
        watch,
    },
    time::{Interval, MissedTickBehavior, interval},
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// From where on.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct From {
    /// The sequence of the last event that was seen; a header `Last-Event-ID` comes before it. Absent: from now on.
    after: Option<u64>,
}

/// `begin`: the first event of each connection.
#[derive(Serialize, ToSchema)]
pub struct Begin {
    /// Everything that happens after this is told.
    sequence: u64,
    /// Whether that is where the caller was. If not, what he shows may be older than this: he is to load it again.
    resumed: bool,
}

/// `change`: something happened, of which the caller may know. What it says is for the API to tell.
#[derive(Serialize, ToSchema)]
pub struct ChangeTold {
    sequence: u64,
    /// As in the log, such as `message.added`.
    kind: String,
    /// The ticket's number; null for what has none, and for what is about no ticket.
    ticket: Option<u64>,
    /// The customer, where it is about one and no ticket.
    customer: Option<Uuid>,
}

/// `presence`: somebody looks at a ticket.
#[derive(Serialize, ToSchema)]
pub struct PresenceTold {
    ticket: u64,
    agent: Named,
    /// Milliseconds that it holds from now on, if nothing else is told; 0: he has left.
    here_ms: u64,
    /// Of these, so many in which he counts as writing.
    typing_ms: u64,
}

/// Follow what changes, as server-sent events: `begin`, then `change` and `presence`, with a sign of life every 15 seconds. Ends with the sign-in.
#[utoipa::path(get, path = "/live", tag = "live", params(From),
    responses((status = 200, body = ChangeTold, content_type = "text/event-stream"), (status = 400, body = Problem), (status = 429, body = Problem)))]
pub async fn follow(
    ctx: Ctx,
    headers: HeaderMap,
    from: Result<Query<From>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Problem> {
    let Query(from) =
        from.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let last = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let counted = Live::count(&ctx.desk, ctx.tenant.id, ctx.agent.id).ok_or_else(|| {
        Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            format!("an agent has at most {LIVE_OF_AGENT_MAX} such connections: close some"),
        )
        .after_seconds(30)
    })?;
    let told = Live::enter(&ctx.desk, ctx.tenant.id).await?;
    // After the room was entered: whatever comes after it is told there.
    let now = ctx.store().sequence().await?;
    let resumed = last
        .or(from.after)
        .filter(|after| *after <= now && now - after <= LIVE_RESUMED_MAX);
    let mut beat = interval(Duration::from_millis(LIVE_BEAT_MS));
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat.reset();
    let ends = ctx.desk.live.ending();
    let connection = Connection {
        ctx,
        headers,
        told,
        beat,
        ends,
        last: resumed.unwrap_or(now),
        resumed: Some(resumed.is_some()),
        is_behind: resumed.is_some(),
        read: VecDeque::new(),
        _counted: counted,
    };
    let events = stream::unfold(connection, |mut connection| async {
        let event = connection.next().await?;
        Some((Ok::<_, Infallible>(event), connection))
    });
    let mut response = Sse::new(events).into_response();
    // Proxies that keep answers until they are whole would keep this one for ever; nginx is told so.
    response.headers_mut().insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
    Ok(response)
}

struct Connection {
    ctx: Ctx,
    /// By which the sign-in is looked at again.
    headers: HeaderMap,
    told: broadcast::Receiver<Told>,
    beat: Interval,
    ends: watch::Receiver<bool>,
    /// All up to this was told, as far as it was for these eyes.
    last: u64,
    /// To be told first.
    resumed: Option<bool>,
    /// Whether the log is to be read before what is told may be believed to be all.
    is_behind: bool,
    read: VecDeque<Arc<Change>>,
    _counted: Counted,
}

impl Connection {
    /// The next event; nothing where the connection ends.
    async fn next(&mut self) -> Option<Event> {
        if let Some(resumed) = self.resumed.take() {
            let sequence = self.last;
            return event("begin", Some(sequence), &Begin { sequence, resumed });
        }
        loop {
            if let Some(change) = self.read.pop_front() {
                match self.see(&change).await? {
                    Some(event) => return Some(event),
                    None => continue,
                }
            }
            if self.is_behind {
                self.read_on().await?;
                continue;
            }
            tokio::select! {
                () = ended(&mut self.ends) => return None,
                _ = self.beat.tick() => {
                    self.look_again().await?;
                    // The place goes along: whoever sees little of what happens is not far behind.
                    return Some(Event::default().id(self.last.to_string()).comment("here"));
                }
                told = self.told.recv() => match told {
                    Ok(Told::Change(change)) => self.read.push_back(change),
                    Ok(Told::Presence(seen)) => if let Some(event) = self.presence(&seen) {
                        return Some(event);
                    },
                    Err(RecvError::Lagged(_)) => self.is_behind = true,
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    async fn read_on(&mut self) -> Option<()> {
        let page = change::after(self.desk(), self.ctx.tenant.id, self.last).await;
        match page {
            Ok(page) => {
                self.is_behind = !page.is_empty();
                self.read.extend(page);
                Some(())
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "a connection that is told what changes ends");
                None
            }
        }
    }

    /// What is told of a change: nothing inside where it is not for these eyes, nothing at all where the sign-in is over.
    async fn see(&mut self, change: &Change) -> Option<Option<Event>> {
        if change.sequence <= self.last {
            return Some(None);
        }
        self.last = change.sequence;
        if matches!(change.about, About::Tenant) {
            // Perhaps it was about this agent's rights.
            self.look_again().await?;
        }
        let principal = self.ctx.asker().principal;
        if !change.is_for(&principal, self.desk().clock.now()) {
            return Some(None);
        }
        let told = ChangeTold {
            sequence: change.sequence,
            kind: change.kind.clone(),
            ticket: match &change.about {
                About::Ticket { ticket, .. } => ticket.number,
                _ => None,
            },
            customer: match change.about {
                About::Customer(customer) => Some(customer.0),
                _ => None,
            },
        };
        Some(event("change", Some(change.sequence), &told))
    }

    fn presence(&self, seen: &Seen) -> Option<Event> {
        let principal = self.ctx.asker().principal;
        let now = self.desk().clock.now();
        let ticket = seen.ticket.number?;
        if !Work::is_visible_to(&seen.ticket, &principal, now) {
            return None;
        }
        let agent = self.ctx.directory.agent(seen.present.agent)?;
        let told = PresenceTold {
            ticket,
            agent: Named {
                id: agent.id.0,
                name: agent.name.clone(),
            },
            here_ms: seen.present.here_ms,
            typing_ms: seen.present.typing_ms,
        };
        event("presence", None, &told)
    }

    /// Whether somebody is still signed in, and with which rights.
    async fn look_again(&mut self) -> Option<()> {
        let slug = &self.ctx.tenant.slug;
        let ctx = context::signed_in(self.desk(), slug, &self.headers, &Method::GET).await;
        self.ctx = ctx.ok()?;
        Some(())
    }

    fn desk(&self) -> &Arc<Desk> {
        &self.ctx.desk
    }
}

/// Until the server is told to end.
async fn ended(ends: &mut watch::Receiver<bool>) {
    drop(ends.wait_for(|is_told| *is_told).await);
}

fn event(kind: &str, id: Option<u64>, data: &impl Serialize) -> Option<Event> {
    let event = Event::default().event(kind).json_data(data).ok()?;
    Some(match id {
        Some(id) => event.id(id.to_string()),
        None => event,
    })
}
