//! Errors as problem+json (RFC 9457), and the one table from refusals to status codes.

use crate::{
    limits::{COME_AGAIN_SECONDS, JSON_BODY_BYTES_MAX},
    market::MarketError,
    refusal::{Code, Refusal},
    store::StoreError,
};
use axum::{
    Json,
    extract::{FromRequest, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

/// What went wrong, for the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Always `about:blank`: the status and the code say the kind.
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// For programs.
    pub code: Code,
    /// What happened and what to do.
    pub detail: String,
}

impl Problem {
    /// A problem of that status.
    pub fn new(status: StatusCode, code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank".to_owned(),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            code,
            detail: detail.into(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let is_busy = self.code == Code::Busy;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if is_busy {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(COME_AGAIN_SECONDS));
        }
        response
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match (&refusal, refusal.code()) {
            (Refusal::Slow, _) => StatusCode::REQUEST_TIMEOUT,
            // What was there and is to be had no more, for good.
            (_, Code::Revoked) => StatusCode::GONE,
            (_, Code::Request) => StatusCode::BAD_REQUEST,
            (_, Code::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
            (_, Code::Package) => StatusCode::UNPROCESSABLE_ENTITY,
            (_, Code::Signature | Code::RetiredKey | Code::UnknownPublisher) => {
                StatusCode::FORBIDDEN
            }
            (_, Code::OtherContent | Code::Declined | Code::Taken) => StatusCode::CONFLICT,
            (_, Code::NotFound) => StatusCode::NOT_FOUND,
            (_, Code::Full) => StatusCode::INSUFFICIENT_STORAGE,
            (_, Code::Busy) => StatusCode::SERVICE_UNAVAILABLE,
            (_, Code::Failed | Code::Other) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, refusal.code(), refusal.to_string())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "a request failed on what is kept"
        );
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            Code::Failed,
            "the marketplace cannot answer just now: try again, and tell its operator if it stays so",
        )
    }
}

impl From<MarketError> for Problem {
    fn from(error: MarketError) -> Self {
        match error {
            MarketError::Refused(refusal) => refusal.into(),
            MarketError::Store(error) => error.into(),
        }
    }
}

/// A JSON body; what is wrong with it is told as a problem.
pub(super) struct Body<T>(pub(super) T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(Problem::new(
                    rejection.status(),
                    Code::TooLarge,
                    format!("the request is larger than {JSON_BODY_BYTES_MAX} bytes"),
                ))
            }
            Err(rejection) => Err(Problem::new(
                rejection.status(),
                Code::Request,
                rejection.body_text(),
            )),
        }
    }
}
