//! A plugin's response, on a leash: an origin of its own, no cookies, no policies but such as bind its own page further.

use super::invoke::Answer;
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// The plugin's response, on a leash.
pub(super) fn sandboxed(response: Answer) -> Response {
    let status = StatusCode::from_u16(response.status)
        .ok()
        .filter(|status| !status.is_informational())
        .unwrap_or(StatusCode::BAD_GATEWAY);
    let policy = policy(&response.headers);
    let mut answer = (status, response.body).into_response();
    answer.headers_mut().remove(header::CONTENT_TYPE);
    for (name, value) in response.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value))
            && may_leave(&name)
        {
            answer.headers_mut().append(name, value);
        }
    }
    answer
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, policy);
    answer.headers_mut().insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    answer
}

/// Headers that act only on the response itself. What a proxy on the way would obey, by which it serves files of its own, is not among them.
fn may_leave(name: &HeaderName) -> bool {
    const OF_PROXIES: [&str; 4] = ["x-accel-", "x-sendfile", "x-lighttpd-", "x-reproxy-"];
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
            && !name.as_str().starts_with("x-frame")
            && !OF_PROXIES
                .iter()
                .any(|begins| name.as_str().starts_with(begins)))
}

/// What every page of a plugin is: an origin of its own, which nobody shares.
const SANDBOX: &str = "sandbox allow-forms allow-scripts allow-popups";

/// Directives of a plugin that stand beside the host's: each says what its page may not, and none sends anything anywhere.
const NARROWING: [&str; 11] = [
    "default-src",
    "script-src",
    "style-src",
    "img-src",
    "font-src",
    "media-src",
    "connect-src",
    "frame-src",
    "form-action",
    "base-uri",
    "frame-ancestors",
];

/// The host's policy, with what the plugin's own adds to it.
fn policy(headers: &[(String, String)]) -> HeaderValue {
    let own = headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case(header::CONTENT_SECURITY_POLICY.as_str()))
        .flat_map(|(_, value)| value.split(';'))
        .map(str::trim)
        .filter(|directive| {
            let name = directive.split(' ').next().unwrap_or_default();
            // A comma would begin another policy, and hide a directive that is none of these.
            NARROWING.contains(&name)
                && directive.bytes().all(|byte| (b' '..=b'~').contains(&byte))
                && !directive.contains(',')
        });
    let whole = own.fold(SANDBOX.to_owned(), |policy, directive| {
        format!("{policy}; {directive}")
    });
    HeaderValue::from_str(&whole).unwrap_or(HeaderValue::from_static(SANDBOX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(values: &[&str]) -> String {
        let headers: Vec<_> = values
            .iter()
            .map(|value| ("Content-Security-Policy".to_owned(), (*value).to_owned()))
            .collect();
        policy(&headers).to_str().unwrap().to_owned()
    }

    #[test]
    fn a_plugin_binds_its_page_further_and_never_loosens_it() {
        assert_eq!(with(&[]), SANDBOX);
        assert_eq!(
            with(&["default-src 'none'; frame-ancestors 'self' https://a.example"]),
            format!("{SANDBOX}; default-src 'none'; frame-ancestors 'self' https://a.example")
        );
        for loosening in [
            "sandbox allow-same-origin",
            "report-uri https://spy.example",
            "img-src *, report-uri https://spy.example",
            "upgrade-insecure-requests",
            "script-src\r\nset-cookie: a=b",
        ] {
            assert_eq!(with(&[loosening]), SANDBOX, "{loosening}");
        }
    }
}
