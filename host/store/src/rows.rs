//! Columns to types and back.

use crate::{
    db::{Arg, Row},
    error::StoreError,
};
use guichet_core::{
    actor::{Actor, ActorKind},
    changeset::Parked,
    delivery::Delivery,
    directory::{Access, Agent, AgentRole, CustomerGroup, Group, Membership, Tenant},
    event::{By, Event, EventDraft, Lane, Origin},
    id::{
        AgentId, CustomerGroupId, CustomerId, GroupId, InstallId, JobId, MessageId, TenantId,
        TicketId, ViewId,
    },
    install::{Install, InstallState},
    job::{Job, JobState},
    message::{Message, MessageDraft, Visibility},
    ticket::Ticket,
    time::Timestamp,
    value::Value,
    view::{Audience, SavedView},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::collections::{BTreeMap, BTreeSet};

fn damaged(what: &str) -> StoreError {
    StoreError::Damaged(what.to_owned())
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<Arg, StoreError> {
    serde_json::to_string(value)
        .map(Arg::text)
        .map_err(|error| StoreError::Invalid(error.to_string()))
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(error.to_string()))
}

pub(crate) fn tenant(row: &Row) -> Result<Tenant, StoreError> {
    Ok(Tenant {
        id: TenantId(row.id("id")?),
        slug: row.text("slug")?,
        name: row.text("name")?,
        zone: row.text("zone")?,
    })
}

pub(crate) fn agent(row: &Row) -> Result<Agent, StoreError> {
    Ok(Agent {
        id: AgentId(row.id("id")?),
        name: row.text("name")?,
        email: row.text("email")?,
        role: AgentRole::parse(&row.text("role")?).ok_or_else(|| damaged("role"))?,
        elsewhere: access(row, "elsewhere")?,
        active: row.int("active")? == 1,
        password_hash: row.opt_text("password_hash")?,
    })
}

fn access(row: &Row, column: &str) -> Result<Access, StoreError> {
    Access::parse(&row.text(column)?).ok_or_else(|| damaged(column))
}

pub(crate) fn membership(row: &Row) -> Result<Membership, StoreError> {
    Ok(Membership {
        group: GroupId(row.id("group_id")?),
        agent: AgentId(row.id("agent_id")?),
        access: access(row, "access")?,
    })
}

pub(crate) fn customer_group(row: &Row) -> Result<CustomerGroup, StoreError> {
    Ok(CustomerGroup {
        id: CustomerGroupId(row.id("id")?),
        name: row.text("name")?,
        kind: row.text("kind")?,
        shares_tickets: row.int("shares_tickets")? == 1,
    })
}

/// What a customer has beside name and identities.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct CustomerDocument {
    #[serde(default)]
    pub(crate) groups: BTreeSet<CustomerGroupId>,
    #[serde(default)]
    pub(crate) locale: String,
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, Value>,
}

pub(crate) fn job_args(tenant: TenantId, job: &Job) -> Vec<Arg> {
    let number = |number: Option<u64>| number.map_or(Arg::Int(None), Arg::int);
    vec![
        Arg::bytes(tenant.0),
        Arg::bytes(job.id.0),
        Arg::bytes(job.install.0),
        Arg::text(&job.name),
        Arg::Text(job.key.clone()),
        Arg::text(&job.payload),
        Arg::Int(Some(job.due_at.0)),
        Arg::text("waiting"),
        Arg::int(job.attempt.into()),
        number(job.cause),
        number(job.root),
        Arg::int(job.depth.into()),
        Arg::bytes_or_null(job.ticket.map(|id| id.0)),
    ]
}

pub(crate) const JOB_COLUMNS: &str = "tenant_id, id, install_id, name, key, payload, due_at, state, attempt, cause_event, root, depth, ticket_id";

pub(crate) fn job_state(row: &Row) -> Result<JobState, StoreError> {
    let state = row.text("state")?;
    JobState::parse(&state)
        .ok_or_else(|| StoreError::Damaged(format!("a job has the state {state}")))
}

pub(crate) fn job(row: &Row) -> Result<Job, StoreError> {
    let number = |column: &str| -> Result<Option<u64>, StoreError> {
        row.opt_int(column)?
            .map(|number| u64::try_from(number).map_err(|_| damaged(column)))
            .transpose()
    };
    let small = |column: &str| -> Result<u32, StoreError> {
        u32::try_from(row.int(column)?).map_err(|_| damaged(column))
    };
    Ok(Job {
        id: JobId(row.id("id")?),
        install: InstallId(row.id("install_id")?),
        name: row.text("name")?,
        key: row.opt_text("key")?,
        payload: row.text("payload")?,
        due_at: Timestamp(row.int("due_at")?),
        attempt: small("attempt")?,
        cause: number("cause_event")?,
        root: number("root")?,
        depth: small("depth")?,
        ticket: row.opt_id("ticket_id")?.map(TicketId),
    })
}

pub(crate) fn group(row: &Row) -> Result<Group, StoreError> {
    Ok(Group {
        id: GroupId(row.id("id")?),
        name: row.text("name")?,
    })
}

pub(crate) fn ticket(row: &Row) -> Result<Ticket, StoreError> {
    from_json(&row.text("document")?)
}

pub(crate) const EVENT_COLUMNS: &str = "sequence, lane, kind, at, actor_kind, actor_id, ticket_id, ticket_version, customer_id, changes, data, \
     cause_event, cause_install, cause_plugin, cause_digest, root, depth, because";

pub(crate) fn event_args(tenant: TenantId, event: &Event) -> Result<Vec<Arg>, StoreError> {
    let draft = &event.draft;
    let by = draft.origin.by.as_ref();
    let number = |number: Option<u64>| number.map_or(Arg::Int(None), Arg::int);
    Ok(vec![
        Arg::bytes(tenant.0),
        Arg::int(event.sequence),
        Arg::bytes(event.lane().0),
        Arg::text(&draft.kind),
        Arg::Int(Some(draft.at.0)),
        Arg::text(draft.actor.kind.name()),
        Arg::bytes(draft.actor.id),
        Arg::bytes_or_null(draft.ticket.map(|id| id.0)),
        number(draft.ticket_version),
        Arg::bytes_or_null(draft.customer.map(|id| id.0)),
        json(&draft.changes)?,
        json(&draft.data)?,
        number(draft.origin.event),
        Arg::bytes_or_null(by.map(|by| by.install.0)),
        Arg::Text(by.map(|by| by.plugin.clone())),
        Arg::Text(by.map(|by| by.digest.clone())),
        number(draft.origin.root),
        Arg::int(draft.origin.depth.into()),
        draft.because.as_ref().map_or(Ok(Arg::Text(None)), json)?,
    ])
}

pub(crate) fn event(row: &Row) -> Result<Event, StoreError> {
    let number = |column: &str| -> Result<Option<u64>, StoreError> {
        row.opt_int(column)?
            .map(|number| u64::try_from(number).map_err(|_| damaged(column)))
            .transpose()
    };
    let by = match (
        row.opt_id("cause_install")?,
        row.opt_text("cause_plugin")?,
        row.opt_text("cause_digest")?,
    ) {
        (Some(install), Some(plugin), Some(digest)) => Some(By {
            install: InstallId(install),
            plugin,
            digest,
        }),
        _ => None,
    };
    Ok(Event {
        sequence: row.count("sequence")?,
        draft: EventDraft {
            kind: row.text("kind")?,
            at: Timestamp(row.int("at")?),
            actor: actor(row, "actor_kind", "actor_id")?,
            ticket: row.opt_id("ticket_id")?.map(TicketId),
            ticket_version: number("ticket_version")?,
            customer: row.opt_id("customer_id")?.map(CustomerId),
            changes: from_json(&row.text("changes")?)?,
            data: from_json(&row.text("data")?)?,
            origin: Origin {
                event: number("cause_event")?,
                by,
                root: number("root")?,
                depth: u32::try_from(row.int("depth")?).map_err(|_| damaged("depth"))?,
            },
            because: row
                .opt_text("because")?
                .as_deref()
                .map(from_json)
                .transpose()?,
        },
    })
}

fn actor(row: &Row, kind: &str, id: &str) -> Result<Actor, StoreError> {
    Ok(Actor {
        kind: ActorKind::parse(&row.text(kind)?).ok_or_else(|| damaged(kind))?,
        id: row.id(id)?,
    })
}

pub(crate) fn message_args(
    tenant: TenantId,
    message: &Message,
    place: u64,
) -> Result<Vec<Arg>, StoreError> {
    let draft = &message.draft;
    Ok(vec![
        Arg::bytes(tenant.0),
        Arg::bytes(draft.id.0),
        Arg::bytes(message.ticket.0),
        Arg::int(place),
        Arg::Int(Some(message.at.0)),
        Arg::text(draft.author.kind.name()),
        Arg::bytes(draft.author.id),
        Arg::text(draft.visibility.name()),
        Arg::text(&draft.text),
        Arg::Text(draft.html.clone()),
        json(&draft.attachments)?,
        json(&draft.fields)?,
    ])
}

pub(crate) fn message(row: &Row) -> Result<Message, StoreError> {
    Ok(Message {
        ticket: TicketId(row.id("ticket_id")?),
        at: Timestamp(row.int("at")?),
        draft: MessageDraft {
            id: MessageId(row.id("id")?),
            author: actor(row, "author_kind", "author_id")?,
            visibility: Visibility::parse(&row.text("visibility")?)
                .ok_or_else(|| damaged("visibility"))?,
            text: row.text("text")?,
            html: row.opt_text("html")?,
            attachments: from_json(&row.text("attachments")?)?,
            fields: from_json(&row.text("fields")?)?,
        },
        delivery: delivery(row)?,
    })
}

pub(crate) fn delivery(row: &Row) -> Result<Option<Delivery>, StoreError> {
    let kept = row.opt_text("delivery")?;
    kept.as_deref().map(from_json).transpose()
}

pub(crate) fn install(row: &Row) -> Result<Install, StoreError> {
    Ok(Install {
        id: InstallId(row.id("id")?),
        plugin: row.text("plugin")?,
        version: row.text("version")?,
        digest: row.text("digest")?,
        epoch: row.count("epoch")?,
        state: {
            let state = row.text("state")?;
            InstallState::parse(&state)
                .ok_or_else(|| StoreError::Damaged(format!("an install has the state {state}")))?
        },
        position: row.int("position")?,
        from_sequence: row.count("from_sequence")?,
        apart: row.count("apart")? > 0,
        manifest: from_json(&row.text("manifest")?)?,
        settings: from_json(&row.text("settings")?)?,
        grants: from_json(&row.text("grants")?)?,
        history: from_json(&row.text("history")?)?,
    })
}

pub(crate) fn parked(row: &Row) -> Result<Parked, StoreError> {
    Ok(Parked {
        install: InstallId(row.id("install_id")?),
        lane: Lane(row.id("lane")?),
        sequence: row.count("sequence")?,
        attempts: u32::try_from(row.int("attempts")?).map_err(|_| damaged("attempts"))?,
        due_at: Timestamp(row.int("due_at")?),
        reason: row.text("reason")?,
    })
}

pub(crate) fn view(row: &Row) -> Result<SavedView, StoreError> {
    let audience_id = || row.id("audience_id");
    Ok(SavedView {
        id: ViewId(row.id("id")?),
        name: from_json(&row.text("name")?)?,
        filter: row.text("filter")?,
        columns: from_json(&row.text("columns")?)?,
        sort: from_json(&row.text("sort")?)?,
        audience: match row.text("audience")?.as_str() {
            "agent" => Audience::Agent(AgentId(audience_id()?)),
            "group" => Audience::Group(GroupId(audience_id()?)),
            "everybody" => Audience::Everybody,
            _ => return Err(damaged("audience")),
        },
        position: row.int("position")?,
    })
}

/// As it is kept: its kind, and of whom.
pub(crate) fn audience(audience: Audience) -> (&'static str, Option<uuid::Uuid>) {
    match audience {
        Audience::Agent(agent) => ("agent", Some(agent.0)),
        Audience::Group(group) => ("group", Some(group.0)),
        Audience::Everybody => ("everybody", None),
    }
}

pub(crate) fn view_args(tenant: TenantId, view: &SavedView) -> Result<Vec<Arg>, StoreError> {
    let (audience, id) = audience(view.audience);
    Ok(vec![
        Arg::bytes(tenant.0),
        Arg::bytes(view.id.0),
        Arg::text(audience),
        Arg::bytes_or_null(id),
        Arg::Int(Some(view.position)),
        json(&view.name)?,
        Arg::text(&view.filter),
        json(&view.columns)?,
        json(&view.sort)?,
    ])
}
