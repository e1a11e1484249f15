//! What was said on a ticket.

use super::{
    context::{Ctx, Number},
    error::{Body, Problem},
    show::{ActorShown, Names, json},
};
use crate::{
    channels::fits,
    clock::rfc3339,
    lane::{self, LaneError, Named},
    limits::{CONFLICT_RUNS_MAX, SINCE_MAX},
};
use axum::{Json, http::StatusCode};
use guichet_core::{
    actor::{Actor, ActorKind},
    effect::Effect,
    id::MessageId,
    message::{Message, MessageDraft, Visibility},
    refusal::Refusal,
    ticket::Ticket,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A message.
#[derive(Serialize, ToSchema)]
pub struct MessageShown {
    id: Uuid,
    at: String,
    author: ActorShown,
    /// `public` or `internal`.
    visibility: &'static str,
    text: String,
    /// The same with its looks, made safe by the channel that brought it; to be drawn in a frame of its own. `cid:` names an attachment by its `inline_id`.
    html: Option<String>,
    attachments: Vec<AttachmentShown>,
    /// What the channel tells of it: `source` (the file it was read from), `automatic`, `unverified`, `hide`, …
    #[schema(value_type = Object)]
    fields: BTreeMap<String, serde_json::Value>,
    /// What became of it on its way out, where a channel carries it.
    delivery: Option<DeliveryShown>,
}

/// What became of a message on its way out.
#[derive(Serialize, ToSchema)]
pub struct DeliveryShown {
    /// `waiting`, `sending`, `sent`, `failed`, `unknown` (it may have gone out: somebody is to decide).
    state: &'static str,
    /// A code such as `no-way-out`.
    reason: Option<String>,
    /// The same in words.
    detail: Option<String>,
    /// What is or will be sent.
    file: Option<Uuid>,
    /// To whom.
    address: Option<String>,
    at: String,
    /// The plugin whose report it is.
    plugin: String,
}

/// A file beside a message.
#[derive(Serialize, ToSchema)]
pub struct AttachmentShown {
    file: Uuid,
    name: String,
    media_type: String,
    /// Bytes.
    size: u64,
    /// The name by which the message's HTML shows it, after `cid:`.
    inline_id: Option<String>,
}

/// All messages of a ticket, oldest first.
#[derive(Serialize, ToSchema)]
pub struct Messages {
    items: Vec<MessageShown>,
}

/// A message to be added.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// `public` or `internal`.
    visibility: String,
    text: String,
    /// The last message that the caller has seen, or the nil UUID where there was none. Where people said something after it, 409 with these messages as
    /// `since`, and nothing is added. Absent: added in any case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<Uuid>,
}

pub(super) fn shown(message: &Message, names: &Names) -> MessageShown {
    let draft = &message.draft;
    MessageShown {
        id: draft.id.0,
        at: rfc3339(message.at),
        author: names.actor(draft.author),
        visibility: draft.visibility.name(),
        text: draft.text.clone(),
        attachments: draft
            .attachments
            .iter()
            .map(|attachment| AttachmentShown {
                file: attachment.file.0,
                name: attachment.name.clone(),
                media_type: attachment.media_type.clone(),
                size: attachment.size,
                inline_id: attachment.inline_id.clone(),
            })
            .collect(),
        html: draft.html.clone(),
        fields: draft
            .fields
            .iter()
            .map(|field| (field.name.clone(), json(&field.value)))
            .collect(),
        delivery: message.delivery.as_ref().map(|delivery| DeliveryShown {
            state: delivery.state.name(),
            reason: delivery.reason.clone(),
            detail: delivery.detail.clone(),
            file: delivery.file.map(|file| file.0),
            address: delivery.address.clone(),
            at: rfc3339(delivery.at),
            plugin: names.get(delivery.install.0).unwrap_or("?").to_owned(),
        }),
    }
}

/// What was said on a ticket, oldest first.
#[utoipa::path(get, path = "/tickets/{number}/messages", tag = "tickets", params(("number" = u64, Path)), responses((status = 200, body = Messages), (status = 404, body = Problem)))]
pub async fn list(ctx: Ctx, Number(number): Number) -> Result<Json<Messages>, Problem> {
    let store = ctx.store();
    let ticket = ctx.ticket(Named::Number(number)).await?;
    let mut messages: Vec<Message> = Vec::new();
    loop {
        let page = store
            .messages(
                ticket.id,
                messages.last().map(|message| message.draft.id),
                200,
            )
            .await?;
        let last = page.len() < 200;
        messages.extend(page);
        if last {
            break;
        }
    }
    let customers = messages
        .iter()
        .filter(|message| message.draft.author.kind == ActorKind::Customer)
        .map(|message| message.draft.author.id);
    let names = Names::load(&ctx, customers).await?;
    Ok(Json(Messages {
        items: messages
            .iter()
            .map(|message| shown(message, &names))
            .collect(),
    }))
}

/// Say something on a ticket, as the agent who is signed in.
#[utoipa::path(post, path = "/tickets/{number}/messages", tag = "tickets", params(("number" = u64, Path)), request_body = NewMessage,
    responses((status = 201, body = MessageShown), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn add(
    ctx: Ctx,
    Number(number): Number,
    Body(wish): Body<NewMessage>,
) -> Result<(StatusCode, Json<MessageShown>), Problem> {
    let visibility = Visibility::parse(&wish.visibility)
        .ok_or_else(|| Refusal::Invalid("visibility is public or internal".to_owned()))?;
    let draft = MessageDraft {
        id: MessageId(ctx.desk.clock.new_id()),
        author: Actor::agent(ctx.agent.id),
        visibility,
        text: wish.text,
        html: None,
        attachments: Vec::new(),
        fields: Vec::new(),
    };
    fits_some_channel(&ctx, Named::Number(number), &draft).await?;
    let ticket = say(&ctx, Named::Number(number), &draft, wish.after).await?;
    let names = Names::load(&ctx, []).await?;
    Ok((
        StatusCode::CREATED,
        Json(shown(
            &Message {
                ticket: ticket.id,
                at: ticket.updated_at,
                draft,
                delivery: None,
            },
            &names,
        )),
    ))
}

/// Adds a message, if nothing was said that its author has not seen.
async fn say(
    ctx: &Ctx,
    named: Named,
    draft: &MessageDraft,
    after: Option<Uuid>,
) -> Result<Ticket, Problem> {
    for run in 1.. {
        let version = match after {
            None => None,
            Some(after) => {
                // With its version, so that what is said between the look and the commit is seen, too.
                let ticket = ctx.ticket(named).await?;
                let since = said_since(ctx, &ticket, MessageId(after)).await?;
                if !since.is_empty() {
                    return Err(Problem::said_since(since));
                }
                Some(ticket.version)
            }
        };
        let add = |ticket: &Ticket| {
            Ok(vec![Effect::AddMessage {
                ticket: ticket.id,
                message: draft.clone(),
            }])
        };
        match lane::on_ticket(&ctx.desk, &ctx.asker(), named, version, add).await {
            Err(LaneError::Stale { .. }) if run < CONFLICT_RUNS_MAX => {}
            other => return Ok(other?.0),
        }
    }
    Err(Refusal::Conflict("others kept changing the ticket: try again".to_owned()).into())
}

/// What people other than the caller said on a ticket after a message.
async fn said_since(ctx: &Ctx, ticket: &Ticket, after: MessageId) -> Result<Vec<Uuid>, Problem> {
    let store = ctx.store();
    let after = Some(after).filter(|after| !after.0.is_nil());
    if let Some(after) = after {
        let seen = store.message(after).await?;
        if seen.is_none_or(|seen| seen.ticket != ticket.id) {
            let reason = "`after` is no message of this ticket".to_owned();
            return Err(Refusal::Invalid(reason).into());
        }
    }
    let since = store.messages(ticket.id, after, SINCE_MAX).await?;
    let me = Actor::agent(ctx.agent.id);
    Ok(since
        .iter()
        .filter(|message| {
            let author = message.draft.author;
            author != me && matches!(author.kind, ActorKind::Agent | ActorKind::Customer)
        })
        .map(|message| message.draft.id.0)
        .collect())
}

/// What no channel could carry is refused while its author can still change it.
async fn fits_some_channel(ctx: &Ctx, named: Named, draft: &MessageDraft) -> Result<(), Problem> {
    let installs = ctx.desk.installs(ctx.tenant.id).await?;
    if draft.visibility != Visibility::Public || !fits::is_bounded(&installs) {
        return Ok(());
    }
    let ticket = ctx.ticket(named).await?;
    let Some(requester) = ctx.store().customer(ticket.requester).await? else {
        return Ok(());
    };
    Ok(fits::check_any(&installs, &ticket, &requester, draft)?)
}
