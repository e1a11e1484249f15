//! What people decide of a message that did not go out, or of which nobody knows.

use super::{
    context::{Ctx, Segments},
    error::{Body, Problem},
    messages::{MessageShown, shown},
    show::Names,
};
use crate::{
    channels::decide::{Decision, decide},
    lane::Named,
};
use axum::Json;
use guichet_core::{actor::ActorKind, id::MessageId};
use serde::Deserialize;
use utoipa::ToSchema;

/// What is to become of a message.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decided {
    /// `send` (now, and once more where it may have gone out), `sent` (it did go out), `drop` (it is not sent any more).
    decision: String,
}

/// Decide what is to become of a message that waits, failed, or of which nobody knows whether it went out.
#[utoipa::path(put, path = "/tickets/{number}/messages/{message}/delivery", tag = "tickets",
    params(("number" = u64, Path), ("message" = Uuid, Path)), request_body = Decided,
    responses((status = 200, body = MessageShown), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn set(
    ctx: Ctx,
    Segments(path): Segments,
    Body(wish): Body<Decided>,
) -> Result<Json<MessageShown>, Problem> {
    let part = |name: &str| path.get(name).map(String::as_str).unwrap_or_default();
    let (Ok(number), Ok(message)) = (part("number").parse(), part("message").parse()) else {
        return Err(Problem::not_found("that message"));
    };
    let decision = Decision::parse(&wish.decision)?;
    let message = decide(
        &ctx.desk,
        &ctx.asker(),
        Named::Number(number),
        MessageId(message),
        decision,
    )
    .await?;
    let author = message.draft.author;
    let customers = (author.kind == ActorKind::Customer).then_some(author.id);
    let names = Names::load(&ctx, customers).await?;
    Ok(Json(shown(&message, &names)))
}
