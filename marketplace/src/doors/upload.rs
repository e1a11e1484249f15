//! `POST /v1/packages`: a package comes in, as a tar.
//!
//! It goes to a file while it arrives, so that slow senders hold no memory; what is too large is refused at the byte after the limit, or before its
//! first where it says so itself. Who sends it does not matter: the package's own signature says whose it is.

use super::{Doors, Problem};
use crate::{
    limits::UPLOAD_SECONDS_MAX, market::Outcome, refusal::Refusal, store::StoreError,
    wire::Published,
};
use axum::{
    Json,
    body::{Body, HttpBody},
    extract::State,
    http::StatusCode,
};
use guichet_package::{Package, limits::PACKAGE_BYTES_MAX};
use std::{io::Seek, path::Path, pin::pin, time::Duration};
use tokio::io::AsyncWriteExt;

pub(super) async fn publish(
    State(doors): State<Doors>,
    body: Body,
) -> Result<(StatusCode, Json<Published>), Problem> {
    let market = doors.own()?;
    let Ok(_slot) = doors.uploads.try_acquire() else {
        return Err(Refusal::Busy.into());
    };
    let deadline = Duration::from_secs(UPLOAD_SECONDS_MAX);
    let file = tokio::time::timeout(deadline, receive(&market.folder().incoming(), body))
        .await
        .map_err(|_| Refusal::Slow)??;
    let package = {
        let _turn = doors.checks.acquire().await.map_err(|_| Refusal::Busy)?;
        tokio::task::spawn_blocking(move || Package::read_tar(file))
            .await
            .map_err(|error| StoreError::Damaged(error.to_string()))?
            .map_err(Refusal::from)?
    };
    Ok(match market.publish(package).await? {
        Outcome::New(published) => (StatusCode::CREATED, Json(published)),
        Outcome::Again(published) => (StatusCode::OK, Json(published)),
    })
}

/// Receives a body into a file without a name, which is gone with its last handle.
async fn receive(folder: &Path, body: Body) -> Result<std::fs::File, Problem> {
    if body.size_hint().lower() > PACKAGE_BYTES_MAX {
        return Err(Refusal::TooLarge.into());
    }
    let failed = |error| Problem::from(StoreError::file(folder)(error));
    let file = tempfile::tempfile_in(folder).map_err(failed)?;
    let mut file = tokio::fs::File::from_std(file);
    let mut left = PACKAGE_BYTES_MAX;
    let mut body = pin!(body);
    while let Some(frame) = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await
    {
        let frame = frame.map_err(|_| Refusal::Broken)?;
        let Some(chunk) = frame.data_ref() else {
            continue;
        };
        left = left
            .checked_sub(chunk.len() as u64)
            .ok_or(Refusal::TooLarge)?;
        file.write_all(chunk).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)?;
    let mut file = file.into_std().await;
    file.rewind().map_err(failed)?;
    Ok(file)
}
