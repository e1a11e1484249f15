//! What hosts ask for: the index, packages, the key. All of it may be kept and passed on by anybody: it is believed for its seals, not for its sender.

use super::{Doors, Problem, Service, Shelf};
use crate::{
    market::Marketplace,
    refusal::Refusal,
    shown::Snapshot,
    store::{StoreError, files, versions::State as Standing},
    wire::Introduction,
};
use axum::{
    Json,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use guichet_package::Digest;
use std::path::PathBuf;
use tokio_util::io::ReaderStream;

/// `GET /v1/index`: the sealed index. With an entity tag, so that who has it already is told so.
pub(super) async fn index(
    State(doors): State<Doors>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    let snapshot = doors.snapshot().await?;
    let tag = format!(
        "\"{}-{}\"",
        snapshot.index.sequence,
        snapshot.index.issued_at.as_microsecond()
    );
    let has_it = asked
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::ETAG, tag),
    ];
    Ok(match has_it {
        true => (StatusCode::NOT_MODIFIED, headers).into_response(),
        false => (headers, snapshot.document.clone()).into_response(),
    })
}

/// `GET /v1/key`: who this is.
pub(super) async fn key(State(doors): State<Doors>) -> Result<Json<Introduction>, Problem> {
    let snapshot = doors.snapshot().await?;
    Ok(Json(Introduction {
        name: snapshot.index.marketplace.clone(),
        fingerprint: snapshot.key.fingerprint(),
        key: snapshot.key.clone(),
    }))
}

/// `GET /health`: 200 while the index can be sent.
pub(super) async fn health(State(doors): State<Doors>) -> Result<&'static str, Problem> {
    doors.snapshot().await?;
    Ok("ok")
}

/// `GET /v1/packages/{digest}`: a package's tar. 410 where it was taken back.
pub(super) async fn package(
    State(doors): State<Doors>,
    Path(digest): Path<String>,
) -> Result<Response, Problem> {
    let Ok(digest) = digest.parse::<Digest>() else {
        return Err(not_here().into());
    };
    let snapshot = doors.snapshot().await?;
    if let Some(refusal) = taken_back(&snapshot, &digest) {
        return Err(refusal.into());
    }
    let path = doors.file_of(&snapshot, &digest).await?;
    let file = match tokio::fs::File::open(&path).await {
        Ok(file) => file,
        Err(error) => return Err(StoreError::file(&path)(error).into()),
    };
    let bytes = file
        .metadata()
        .await
        .map_err(StoreError::file(&path))?
        .len();
    let headers = [
        (header::CONTENT_TYPE, "application/x-tar".to_owned()),
        (header::CONTENT_LENGTH, bytes.to_string()),
        (header::ETAG, format!("\"{}\"", digest.hex())),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
}

impl Service {
    /// Where the tar of a package on offer is.
    async fn file_of(&self, snapshot: &Snapshot, digest: &Digest) -> Result<PathBuf, Problem> {
        match &self.shelf {
            Shelf::Own(market) => own_file(market, digest).await,
            Shelf::Mirror(mirror) => match snapshot.version(digest) {
                Some(_) => Ok(mirror.file_of(digest)),
                None => Err(not_here().into()),
            },
        }
    }
}

async fn own_file(market: &Marketplace, digest: &Digest) -> Result<PathBuf, Problem> {
    let known = market.store().version(digest).await?;
    match known.filter(|known| known.state == Standing::Listed) {
        Some(known) => Ok(files::path(&market.folder().packages(), &known.file)),
        None => Err(not_here().into()),
    }
}

fn taken_back(snapshot: &Snapshot, digest: &Digest) -> Option<Refusal> {
    let revocation = snapshot.index.revocation(digest)?;
    Some(Refusal::Revoked {
        id: revocation.id.clone(),
        version: revocation.version.to_string(),
        reason: revocation.reason.clone(),
    })
}

fn not_here() -> Refusal {
    Refusal::NotFound(
        "there is no such package here: packages are named by the digests that the index has, as `sha256:…`"
            .to_owned(),
    )
}
