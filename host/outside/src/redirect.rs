//! Where an answer sends the plugin next, and what goes along: followed by hand, so that each hop is checked as the first.

use crate::{FetchError, request::Outgoing, target::Target};
use hyper::{Method, StatusCode, body::Bytes, header::HeaderValue};

/// Reads the next address, and makes the request what it is there.
pub(crate) fn follow(
    outgoing: &mut Outgoing,
    here: &Target,
    status: StatusCode,
    location: &HeaderValue,
) -> Result<Target, FetchError> {
    let location = location.to_str().map_err(|_| FetchError::BadAnswer {
        host: here.authority(),
        reason: "it redirects to an address that is not in ASCII".to_owned(),
    })?;
    let next = here.join(location)?;
    if here.tls && !next.tls {
        return Err(FetchError::Downgrade {
            host: here.authority(),
        });
    }
    // As browsers do: 303 asks for another page, and so, by habit, do 301 and 302 after a POST.
    let asks_anew = match status.as_u16() {
        303 => outgoing.method != Method::HEAD && outgoing.method != Method::GET,
        301 | 302 => outgoing.method == Method::POST,
        _ => false,
    };
    if asks_anew {
        outgoing.method = Method::GET;
        outgoing.body = Bytes::new();
        outgoing.headers.leave_content();
    }
    if !here.is_same_server(&next) {
        outgoing.headers.leave_confidential();
    }
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Request;

    fn followed(
        method: &str,
        status: u16,
        from: &str,
        to: &str,
    ) -> Result<(Outgoing, Target), FetchError> {
        let mut outgoing = Outgoing::check(Request {
            method: method.to_owned(),
            url: String::new(),
            headers: ["Authorization", "Content-Type", "X-Note"]
                .map(|name| (name.to_owned(), "a".to_owned()))
                .into(),
            body: b"body".to_vec(),
        })?;
        let next = follow(
            &mut outgoing,
            &Target::parse(from)?,
            StatusCode::from_u16(status).unwrap(),
            &HeaderValue::from_str(to).unwrap(),
        )?;
        Ok((outgoing, next))
    }

    fn has(outgoing: &Outgoing, name: &str) -> bool {
        let filled = outgoing.headers.fill(&|_: &str| None).unwrap();
        filled.contains_key(name)
    }

    #[test]
    fn a_redirect_says_whether_the_body_goes_along() {
        for (method, status, then, body) in [
            ("POST", 301, "GET", false),
            ("POST", 302, "GET", false),
            ("POST", 303, "GET", false),
            ("PUT", 303, "GET", false),
            ("PUT", 302, "PUT", true),
            ("POST", 307, "POST", true),
            ("POST", 308, "POST", true),
            ("HEAD", 303, "HEAD", true),
            ("GET", 302, "GET", true),
        ] {
            let (outgoing, _) = followed(method, status, "https://a.example/", "/b").unwrap();
            assert_eq!(outgoing.method.as_str(), then, "{method} {status}");
            assert_eq!(!outgoing.body.is_empty(), body, "{method} {status}");
            assert_eq!(has(&outgoing, "content-type"), body, "{method} {status}");
            assert!(has(&outgoing, "authorization"), "{method} {status}");
        }
    }

    #[test]
    fn another_host_port_or_scheme_is_another_server() {
        for (from, to) in [
            ("https://a.example/", "https://b.example/"),
            ("https://a.example/", "//b.example/"),
            ("https://a.example/", "https://a.example:8443/"),
            ("https://a.example/", "https://b.a.example/"),
            ("http://a.example/", "https://a.example/"),
            ("http://a.example:443/", "https://a.example/"),
        ] {
            let (outgoing, _) = followed("GET", 302, from, to).unwrap();
            assert!(!has(&outgoing, "authorization"), "{from} {to}");
            assert!(has(&outgoing, "x-note"), "{from} {to}");
        }
        for to in ["/b", "?c", "https://A.example:443/", "//a.example./"] {
            let (outgoing, next) = followed("GET", 302, "https://a.example/", to).unwrap();
            assert!(has(&outgoing, "authorization"), "{to}");
            assert_eq!(next.authority(), "a.example");
        }
    }

    #[test]
    fn a_redirect_never_leaves_https_or_the_web() {
        assert!(matches!(
            followed("GET", 302, "https://a.example/", "http://a.example/"),
            Err(FetchError::Downgrade { .. })
        ));
        for to in [
            "file:///etc/passwd",
            "ftp://a.example/",
            "https://ana:b@a.example/",
            "https:\\\\b.example",
            "https://a.example/ b",
            "https://[::1",
        ] {
            assert!(
                matches!(
                    followed("GET", 302, "https://a.example/", to),
                    Err(FetchError::BadAnswer { .. })
                ),
                "{to}"
            );
        }
    }
}
