//! A plugin's response, on a leash: an origin of its own, no cookies, no policies of its own.

use super::super::error::Problem;
use crate::desk::Desk;
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use guichet_core::directory::Tenant;
use guichet_runtime::Body;

/// The plugin's response, on a leash.
pub(super) async fn sandboxed(
    desk: &Desk,
    tenant: &Tenant,
    response: guichet_runtime::Response,
) -> Response {
    let body = match response.body {
        Body::Bytes(bytes) => bytes,
        Body::File(id) => match desk.store.tenant(tenant.id).file(id).await {
            Ok(Some((_, _, content))) => content,
            _ => {
                return Problem::new(
                    StatusCode::BAD_GATEWAY,
                    "the plugin answered with a file that there is not",
                )
                .into_response();
            }
        },
    };
    let status = StatusCode::from_u16(response.status)
        .ok()
        .filter(|status| !status.is_informational())
        .unwrap_or(StatusCode::BAD_GATEWAY);
    let mut answer = (status, body).into_response();
    answer.headers_mut().remove(header::CONTENT_TYPE);
    for (name, value) in response.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value))
            && may_leave(&name)
        {
            answer.headers_mut().append(name, value);
        }
    }
    answer.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("sandbox allow-forms allow-scripts allow-popups"),
    );
    answer.headers_mut().insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    answer
}

/// Headers that act only on the response itself.
fn may_leave(name: &HeaderName) -> bool {
    const KEPT: [HeaderName; 9] = [
        header::CONTENT_TYPE,
        header::CONTENT_LANGUAGE,
        header::CONTENT_DISPOSITION,
        header::CACHE_CONTROL,
        header::ETAG,
        header::LAST_MODIFIED,
        header::LOCATION,
        header::RETRY_AFTER,
        header::VARY,
    ];
    KEPT.contains(name)
        || (name.as_str().starts_with("x-")
            && !name.as_str().starts_with("x-content-")
            && !name.as_str().starts_with("x-frame"))
}
