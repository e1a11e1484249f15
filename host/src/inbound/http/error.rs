//! Errors as problem+json (RFC 9457), and the one table from refusals to status codes.

use crate::{
    lane::LaneError,
    limits::{API_BODY_BYTES_MAX, BODY_MS_MAX},
    plugins::{lifecycle::LifecycleError, market::MarketError},
};
use axum::{
    Json,
    body::{Bytes, HttpBody},
    extract::{FromRequest, rejection::JsonRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use guichet_core::refusal::Refusal;
use guichet_expression::ExpressionError;
use guichet_store::StoreError;
use http_body_util::BodyExt;
use serde::Serialize;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// What went wrong, for the caller.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says the kind.
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    /// What happened and what to do.
    detail: String,
    /// Where in what was sent, as far as that has places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Mistaken>,
    /// Messages that were said since the one that the caller had seen last.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<uuid::Uuid>)]
    since: Box<[uuid::Uuid]>,
    /// Seconds after which it is worth to try again; said as a header.
    #[serde(skip)]
    retry_after: Option<u64>,
}

/// A mistake, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Mistaken {
    /// The part of the request: `filter`, `sort`, `columns`, `text`.
    pub part: &'static str,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Mistaken {
    /// A mistake in an expression.
    pub fn in_expression(part: &'static str, error: &ExpressionError) -> Self {
        Self {
            part,
            line: error.line,
            column: error.column,
            message: error.mistake.to_string(),
        }
    }

    /// A mistake in a list of names: at that place of the list, from 0.
    pub fn in_list(part: &'static str, place: usize, message: impl ToString) -> Self {
        Self {
            part,
            line: 1,
            column: u32::try_from(place + 1).unwrap_or(u32::MAX),
            message: message.to_string(),
        }
    }
}

impl Problem {
    /// 422, with the places.
    pub fn mistaken(errors: Vec<Mistaken>) -> Self {
        let told: Vec<_> = errors
            .iter()
            .map(|error| {
                format!(
                    "{}, line {}, column {}: {}",
                    error.part, error.line, error.column, error.message
                )
            })
            .collect();
        Self {
            errors,
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, told.join("; "))
        }
    }

    /// A problem of that status.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            since: Box::default(),
            retry_after: None,
        }
    }

    /// 409: people said something that the caller has not seen.
    pub fn said_since(since: Vec<uuid::Uuid>) -> Self {
        Self {
            since: since.into(),
            ..Self::new(
                StatusCode::CONFLICT,
                "something was said meanwhile: read it, and send again with `after` as the last message that you have seen",
            )
        }
    }

    /// The same, to be tried again after so many seconds.
    #[must_use]
    pub fn after_seconds(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Whether somebody else changed the same thing, or it is not in a state for what was asked.
    pub fn is_conflict(&self) -> bool {
        self.status == StatusCode::CONFLICT.as_u16()
    }

    /// 401.
    pub fn signed_out() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "sign in, or send a bearer token")
    }

    /// 404; the same for what is another tenant's and for what never was.
    pub fn not_found(what: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("{what} is not known here"))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        if let Some(seconds) = retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match &refusal {
            Refusal::State(_) | Refusal::Conflict(_) => StatusCode::CONFLICT,
            Refusal::Right(_) => StatusCode::FORBIDDEN,
            Refusal::Invalid(_) | Refusal::Limit(_) | Refusal::Guarded(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Refusal::NotFound(_) => StatusCode::NOT_FOUND,
        };
        Self::new(status, refusal.to_string())
    }
}

impl From<LaneError> for Problem {
    fn from(error: LaneError) -> Self {
        match error {
            LaneError::Refused(refusal) => refusal.into(),
            LaneError::Stale { .. } => Self::new(
                StatusCode::PRECONDITION_FAILED,
                format!("{error}: load it and try again"),
            ),
            LaneError::Store(error) => error.into(),
        }
    }
}

impl From<LifecycleError> for Problem {
    fn from(error: LifecycleError) -> Self {
        match error {
            LifecycleError::Lane(error) => error.into(),
            LifecycleError::Component(error) if error.is_hosts() => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a component could not be taken in"
                );
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "the component cannot be compiled just now: try again",
                )
            }
            LifecycleError::File(..)
            | LifecycleError::Manifest(_)
            | LifecycleError::Package(_)
            | LifecycleError::Component(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, told_with_causes(&error))
            }
        }
    }
}

impl From<MarketError> for Problem {
    fn from(error: MarketError) -> Self {
        match error {
            MarketError::Lane(error) => error.into(),
            MarketError::Lifecycle(error) => error.into(),
            MarketError::Store(error) => error.into(),
            MarketError::None => Self::new(StatusCode::CONFLICT, error.to_string()),
            MarketError::Resolve(_) => Self::new(StatusCode::NOT_FOUND, error.to_string()),
            MarketError::Reference(_) | MarketError::Untrusted(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string())
            }
            // Somebody else's server, or what it says: a person can only look there.
            MarketError::Client(_) | MarketError::Index(_) => {
                Self::new(StatusCode::BAD_GATEWAY, told_with_causes(&error))
            }
        }
    }
}

/// What is told, with its causes.
fn told_with_causes(error: &dyn std::error::Error) -> String {
    let mut told = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        // A transparent error says what its source says.
        if !told.ends_with(&text) {
            told = format!("{told}: {text}");
        }
        source = cause.source();
    }
    told
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if let StoreError::Invalid(_) | StoreError::TooLong(_) = &error {
            return Self::new(StatusCode::UNPROCESSABLE_ENTITY, error.to_string());
        }
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a request failed on the database"
        );
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the database cannot answer just now: try again",
        )
    }
}

/// A JSON body; what is wrong with it is told as a problem.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: axum::extract::Request, state: &S) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(Self::refuse(&rejection)),
        }
    }
}

impl<T> Body<T> {
    fn refuse(rejection: &JsonRejection) -> Problem {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => too_large(API_BODY_BYTES_MAX),
            status => Problem::new(status, rejection.body_text()),
        }
    }
}

fn too_large(bytes_max: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("the body is larger than the {bytes_max} bytes that are taken here"),
    )
}

/// A body as it came, of at most so many bytes. One that says it is far larger is refused before it is sent; of one that is a little too large the
/// rest is let come and go, as most senders look for an answer only once they have sent all.
pub struct Raw<const BYTES_MAX: usize>(pub Bytes);

impl<S: Send + Sync, const BYTES_MAX: usize> FromRequest<S> for Raw<BYTES_MAX> {
    type Rejection = Problem;

    async fn from_request(request: axum::extract::Request, _: &S) -> Result<Self, Problem> {
        let within = Duration::from_millis(BODY_MS_MAX);
        receive(request.into_body(), BYTES_MAX, within)
            .await
            .map(Self)
    }
}

async fn receive(
    mut body: axum::body::Body,
    bytes_max: usize,
    within: Duration,
) -> Result<Bytes, Problem> {
    let until = Instant::now() + within;
    let (most, let_pass) = (bytes_max as u64, bytes_max as u64 * 2);
    if body.size_hint().lower() > let_pass {
        return Err(too_large(bytes_max));
    }
    let (mut kept, mut came) = (Vec::new(), 0);
    while came <= let_pass
        && let Some(frame) = timeout_at(until, body.frame()).await.map_err(|_| {
            let told = format!("the body took longer than {} s to come", within.as_secs());
            Problem::new(StatusCode::REQUEST_TIMEOUT, told)
        })?
    {
        let frame = frame.map_err(|_| {
            let told = "the body broke off before its end: send it again";
            Problem::new(StatusCode::BAD_REQUEST, told)
        })?;
        if let Some(part) = frame.data_ref() {
            came += part.len() as u64;
            if came <= most {
                kept.extend_from_slice(part);
            }
        }
    }
    match came <= most {
        true => Ok(kept.into()),
        false => Err(too_large(bytes_max)),
    }
}

/// Paths of the API that there are not.
pub async fn no_such_route() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "there is no such address in the API: see /openapi.json",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use futures::{StreamExt, stream};

    const WITHIN: Duration = Duration::from_secs(60);

    fn of(parts: usize) -> Body {
        let part = || Ok::<_, std::io::Error>(vec![0; 10]);
        Body::from_stream(stream::iter((0..parts).map(move |_| part())))
    }

    #[tokio::test]
    async fn a_body_is_taken_up_to_its_last_byte_and_no_more() {
        assert_eq!(receive(of(2), 20, WITHIN).await.unwrap().len(), 20);
        for (parts, bytes_max) in [(2, 19), (3, 20), (1_000_000_000, 20)] {
            let refused = receive(of(parts), bytes_max, WITHIN).await.unwrap_err();
            assert_eq!(refused.status, 413, "{parts} parts, {bytes_max} bytes");
        }
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_not_waited_for_without_end() {
        let endless = stream::pending::<Result<Vec<u8>, std::io::Error>>().boxed();
        let refused = receive(Body::from_stream(endless), 20, Duration::ZERO).await;
        assert_eq!(refused.unwrap_err().status, 408);
    }
}
