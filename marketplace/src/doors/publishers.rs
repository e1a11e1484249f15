//! Publishers ask to be let in, and take versions back. Both are signed: who sends them does not matter.

use super::{Doors, Problem, problem::Body};
use crate::wire::{Registered, Registration, RevocationNotice, Revoked, Standing};
use axum::{Json, extract::State, http::StatusCode};

/// `POST /v1/publishers`. 202: it waits for the operator; 200: it was let in already, with that key.
pub(super) async fn register(
    State(doors): State<Doors>,
    Body(asked): Body<Registration>,
) -> Result<(StatusCode, Json<Registered>), Problem> {
    let registered = doors.own()?.register(&asked).await?;
    let status = match registered.standing {
        Standing::Waiting => StatusCode::ACCEPTED,
        Standing::Listed => StatusCode::OK,
    };
    Ok((status, Json(registered)))
}

/// `POST /v1/revocations`. Answers the revocation that holds: the first one, where it was taken back before.
pub(super) async fn revoke(
    State(doors): State<Doors>,
    Body(notice): Body<RevocationNotice>,
) -> Result<Json<Revoked>, Problem> {
    Ok(Json(doors.own()?.revoke_signed(&notice).await?))
}
