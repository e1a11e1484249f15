//! What a plugin asks for, as it gave it and as it is sent.

use crate::{FetchError, error::bytes, headers::Headers, limits::REQUEST_BODY_BYTES_MAX};
use hyper::{Method, body::Bytes};
use std::fmt;

/// One request of a plugin, nothing in it checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE` or `OPTIONS`.
    pub method: String,
    /// A full address, `https://` or `http://`, at most 8 KiB.
    pub url: String,
    /// Names and values, at most 64, 8 KiB each. A value may hold `{{secret:name}}`.
    pub headers: Vec<(String, String)>,
    /// Sent as it is, at most 1 MiB.
    pub body: Vec<u8>,
}

/// Headers, bodies and what follows a `?` hold keys and customers' words: a log gets none of them.
impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Request")
            .field("method", &self.method)
            .field("headers", &self.headers.len())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// A checked request, on its way from hop to hop.
#[derive(Clone)]
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) headers: Headers,
    pub(crate) body: Bytes,
}

impl Outgoing {
    pub(crate) fn check(request: Request) -> Result<Self, FetchError> {
        // By name: TRACE shows what was filled in, CONNECT opens a tunnel, and others mean what nobody here knows.
        let method = match request.method.as_str() {
            "GET" => Method::GET,
            "HEAD" => Method::HEAD,
            "POST" => Method::POST,
            "PUT" => Method::PUT,
            "PATCH" => Method::PATCH,
            "DELETE" => Method::DELETE,
            "OPTIONS" => Method::OPTIONS,
            _ => return Err(FetchError::Method),
        };
        if request.body.len() > REQUEST_BODY_BYTES_MAX {
            return Err(FetchError::RequestTooLarge {
                limit: format!("{} in its body", bytes(REQUEST_BODY_BYTES_MAX)),
            });
        }
        Ok(Self {
            method,
            headers: Headers::check(&request.headers)?,
            body: request.body.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, body: usize) -> Request {
        Request {
            method: method.to_owned(),
            url: "https://a.example/?key=hunter2".to_owned(),
            headers: vec![("Authorization".to_owned(), "hunter2".to_owned())],
            body: vec![b'a'; body],
        }
    }

    #[test]
    fn a_method_is_one_of_seven() {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            assert!(Outgoing::check(request(method, 0)).is_ok(), "{method}");
        }
        for method in [
            "CONNECT",
            "TRACE",
            "TRACK",
            "get",
            "",
            "GET / HTTP/1.1\r\nHost: evil\r\n\r\n",
            "PROPFIND",
        ] {
            let error = Outgoing::check(request(method, 0)).err();
            assert_eq!(error, Some(FetchError::Method), "{method:?}");
        }
    }

    #[test]
    fn a_body_has_up_to_one_mebibyte() {
        assert!(Outgoing::check(request("POST", REQUEST_BODY_BYTES_MAX)).is_ok());
        let error = Outgoing::check(request("POST", REQUEST_BODY_BYTES_MAX + 1)).err();
        assert_eq!(
            error.unwrap().to_string(),
            "the request has more than 1 MiB in its body; send less at a time"
        );
    }

    #[test]
    fn a_request_is_not_printed_with_its_headers_and_its_address() {
        assert!(!format!("{:?}", request("GET", 0)).contains("hunter2"));
    }
}
