//! The headers of a plugin's request: which it may give, and which stay behind when a redirect leads to another server.

use crate::{
    FetchError,
    error::bytes,
    limits::{HEADER_BYTES_MAX, HEADERS_MAX},
    secret::{Secrets, Template},
};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};

/// Headers that say how the message is sent, which is the host's to say; with a false one, two servers read one message differently.
const OF_THE_CONNECTION: [&str; 11] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "te",
    "trailer",
    "trailers",
    "transfer-encoding",
    "upgrade",
];

/// Parts of names of headers that let somebody in: `Authorization`, `Cookie`, `X-Api-Key`, `Private-Token`, …
const CONFIDENTIAL: [&str; 9] = [
    "auth",
    "cookie",
    "credential",
    "key",
    "passw",
    "secret",
    "session",
    "signature",
    "token",
];

/// Checked headers, secrets not yet in them.
#[derive(Clone)]
pub(crate) struct Headers {
    given: Vec<(HeaderName, Template)>,
}

impl Headers {
    pub(crate) fn check(given: &[(String, String)]) -> Result<Self, FetchError> {
        if given.len() > HEADERS_MAX {
            return Err(FetchError::RequestTooLarge {
                limit: format!("{HEADERS_MAX} headers"),
            });
        }
        let given: Result<Vec<_>, _> = given.iter().map(|(name, value)| one(name, value)).collect();
        Ok(Self { given: given? })
    }

    /// What is sent to a server that may have all of it.
    pub(crate) fn fill(&self, secrets: Secrets<'_>) -> Result<HeaderMap, FetchError> {
        let mut filled = HeaderMap::with_capacity(self.given.len());
        for (name, template) in &self.given {
            let text = template.fill(secrets)?;
            fits(name, &text)?;
            let mut value = HeaderValue::from_bytes(text.as_bytes())
                .map_err(|_| FetchError::header(name.as_str(), CONTROL))?;
            // Nothing prints it by accident, and no compression of headers would ever index it.
            value.set_sensitive(true);
            filled.append(name.clone(), value);
        }
        Ok(filled)
    }

    /// Leaves behind what another server may not see. It never comes back, also when that server redirects back here: the address would
    /// then be of its choosing.
    pub(crate) fn leave_confidential(&mut self) {
        self.given.retain(|(name, template)| {
            let is_confidential = CONFIDENTIAL.iter().any(|part| name.as_str().contains(part));
            !is_confidential && !template.has_secrets()
        });
    }

    /// Leaves behind what tells of a body that is no longer sent.
    pub(crate) fn leave_content(&mut self) {
        self.given
            .retain(|(name, _)| !name.as_str().starts_with("content-"));
    }
}

const CONTROL: &str = "its value holds a line break or a control character";

fn one(name: &str, value: &str) -> Result<(HeaderName, Template), FetchError> {
    let parsed = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| FetchError::header(name, "its name is none that HTTP knows"))?;
    if OF_THE_CONNECTION.contains(&parsed.as_str()) || parsed.as_str().starts_with("proxy-") {
        return Err(FetchError::header(
            name,
            "the helpdesk sets it itself; leave it out",
        ));
    }
    if value.chars().any(|c| c.is_control() && c != '\t') {
        return Err(FetchError::header(name, CONTROL));
    }
    fits(&parsed, value)?;
    let template = Template::parse(value).map_err(|reason| FetchError::header(name, reason))?;
    Ok((parsed, template))
}

fn fits(name: &HeaderName, value: &str) -> Result<(), FetchError> {
    if name.as_str().len() + value.len() > HEADER_BYTES_MAX {
        return Err(FetchError::RequestTooLarge {
            limit: format!("{} in one header", bytes(HEADER_BYTES_MAX)),
        });
    }
    Ok(())
}

/// Whether a header of an answer is for this end of the connection and not for the plugin.
pub(crate) fn is_of_the_connection(name: &HeaderName) -> bool {
    name != hyper::header::CONTENT_LENGTH
        && (OF_THE_CONNECTION.contains(&name.as_str()) || name.as_str().starts_with("proxy-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, value: &str) -> Result<Headers, FetchError> {
        Headers::check(&[(name.to_owned(), value.to_owned())])
    }

    fn names(headers: &Headers) -> Vec<&str> {
        headers
            .given
            .iter()
            .map(|(name, _)| name.as_str())
            .collect()
    }

    #[test]
    fn headers_of_the_connection_are_refused_in_every_spelling() {
        for name in [
            "Host",
            "HOST",
            "Content-Length",
            "transfer-encoding",
            "Connection",
            "Keep-Alive",
            "TE",
            "Trailer",
            "Upgrade",
            "Expect",
            "Proxy-Authorization",
            "Proxy-Connection",
            "HTTP2-Settings",
        ] {
            assert!(check(name, "a").is_err(), "{name}");
        }
        assert_eq!(
            check("Host", "evil.example").err().unwrap().to_string(),
            "the header \"Host\" can not be sent: the helpdesk sets it itself; leave it out"
        );
    }

    #[test]
    fn what_would_begin_another_header_or_message_is_refused() {
        for (name, value) in [
            ("a\r\nb", "c"),
            ("a b", "c"),
            ("a:", "c"),
            ("", "c"),
            ("密", "c"),
            ("a", "b\r\nHost: evil.example"),
            ("a", "b\nc"),
            ("a", "b\0"),
            ("a", "b\u{7f}"),
        ] {
            assert!(check(name, value).is_err(), "{name:?} {value:?}");
        }
        assert!(check("X-Note", "tab\tand 密码").is_ok());
    }

    #[test]
    fn a_request_has_up_to_sixty_four_headers() {
        let of = |count: usize| Headers::check(&vec![("a".to_owned(), "b".to_owned()); count]);
        assert!(of(HEADERS_MAX).is_ok());
        assert_eq!(
            of(HEADERS_MAX + 1).err().unwrap().to_string(),
            "the request has more than 64 headers; send less at a time"
        );
    }

    #[test]
    fn a_header_has_up_to_eight_kibibytes_with_its_secrets() {
        assert!(check("a", &"b".repeat(HEADER_BYTES_MAX - 1)).is_ok());
        assert!(check("a", &"b".repeat(HEADER_BYTES_MAX)).is_err());
        let fill = |count: usize| {
            let headers = check("a", "{{secret:key}}").unwrap();
            headers.fill(&|_: &str| Some("b".repeat(count))).is_ok()
        };
        assert!(fill(HEADER_BYTES_MAX - 1));
        assert!(!fill(HEADER_BYTES_MAX));
    }

    #[test]
    fn what_lets_somebody_in_stays_behind_on_the_way_to_another_server() {
        let mut headers = Headers::check(
            &[
                ("Accept", "a"),
                ("Authorization", "Basic eDp5"),
                ("Cookie", "a=b"),
                ("X-Api-Key", "k"),
                ("Private-Token", "t"),
                ("X-Plain", "{{secret:key}}"),
                ("Content-Type", "text/plain"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        )
        .unwrap();
        headers.leave_confidential();
        assert_eq!(names(&headers), ["accept", "content-type"]);
        headers.leave_content();
        assert_eq!(names(&headers), ["accept"]);
    }

    #[test]
    fn a_filled_value_is_not_printed() {
        let headers = check("X-Key", "{{secret:key}}").unwrap();
        let filled = headers.fill(&|_: &str| Some("hunter2".to_owned())).unwrap();
        assert_eq!(filled.get("x-key").unwrap(), "hunter2");
        assert!(!format!("{filled:?}").contains("hunter2"));
    }
}
