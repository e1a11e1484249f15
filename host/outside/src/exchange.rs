//! One request and its answer on one connection, which ends with them. HTTP/1.1, no compression undone, everything counted while read.

use crate::{
    FetchError,
    connect::Stream,
    error::bytes,
    headers::is_of_the_connection,
    limits::{ANSWER_BUFFER_BYTES_MAX, ANSWER_HEADERS_BYTES_MAX, HEADER_BYTES_MAX, HEADERS_MAX},
    target::Target,
};
use http_body_util::{BodyExt, Full};
use hyper::{
    HeaderMap, Method, StatusCode, Uri,
    body::{Body, Bytes, Incoming},
    client::conn::http1,
    header::{self, HeaderValue},
};
use hyper_util::rt::TokioIo;
use std::{fmt, pin::pin};

/// What a server answered, to the last hop.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// 200 to 999, redirects that were followed not among them.
    pub status: u16,
    /// At most 64, 8 KiB each; without those of the connection. What is not UTF-8 in a value is replaced.
    pub headers: Vec<(String, String)>,
    /// As it was sent: compressed where the plugin asked for that itself.
    pub body: Vec<u8>,
    /// The address that answered.
    pub url: String,
}

/// Answers hold customers' words: a log gets none of them.
impl fmt::Debug for Response {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers.len())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What is sent in one hop, secrets filled in.
pub(crate) struct Sending {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// An answer: where it leads, or what it says.
pub(crate) enum Answer {
    /// Its body is not read.
    Redirect(StatusCode, HeaderValue),
    Final(Response),
}

/// Sends and reads. The future drives the connection itself, so that dropping it ends both.
pub(crate) async fn exchange(
    stream: Box<dyn Stream>,
    target: &Target,
    sending: Sending,
    answer_bytes_max: usize,
) -> Result<Answer, FetchError> {
    let request = assemble(target, sending)?;
    let failed = |error: hyper::Error| failure(target, &error);
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(ANSWER_BUFFER_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(failed)?;
    let mut connection = pin!(connection);
    let mut exchanging = pin!(async {
        let answer = sender.send_request(request).await.map_err(failed)?;
        read(target, answer, answer_bytes_max).await
    });
    tokio::select! {
        answer = &mut exchanging => return answer,
        // Its end, good or bad, comes to the exchange as well, with what was read before.
        _ = &mut connection => {}
    }
    exchanging.await
}

fn assemble(target: &Target, sending: Sending) -> Result<hyper::Request<Full<Bytes>>, FetchError> {
    let unfit =
        |_| FetchError::url("it holds characters that HTTP can not send; percent-encode them");
    let uri: Uri = target.path_and_query().parse().map_err(unfit)?;
    let host = HeaderValue::from_str(&target.authority())
        .map_err(|_| FetchError::url("the host is no name that HTTP could send"))?;
    // Said also where it is 0: some servers refuse a POST that does not say so.
    let says_length = matches!(sending.method, Method::POST | Method::PUT | Method::PATCH);
    let length = HeaderValue::from(sending.body.len());
    let mut request = hyper::Request::new(Full::new(sending.body));
    *request.method_mut() = sending.method;
    *request.uri_mut() = uri;
    // First, as RFC 9112 asks.
    request.headers_mut().insert(header::HOST, host);
    request.headers_mut().extend(sending.headers);
    if says_length {
        request.headers_mut().insert(header::CONTENT_LENGTH, length);
    }
    for (name, value) in [
        (
            header::USER_AGENT,
            concat!("guichet/", env!("CARGO_PKG_VERSION")),
        ),
        // Without it a server may compress, and nothing here would undo that.
        (header::ACCEPT_ENCODING, "identity"),
        (header::ACCEPT, "*/*"),
    ] {
        request
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    request
        .headers_mut()
        .insert(header::CONNECTION, HeaderValue::from_static("close"));
    Ok(request)
}

async fn read(
    target: &Target,
    answer: hyper::Response<Incoming>,
    answer_bytes_max: usize,
) -> Result<Answer, FetchError> {
    let (head, mut body) = answer.into_parts();
    let too_large = |limit: String| FetchError::AnswerTooLarge {
        host: target.authority(),
        limit,
    };
    if head.status.as_u16() < 200 {
        return Err(unusable(target, "it changes to another protocol"));
    }
    let mut headers_bytes = 0;
    for (name, value) in &head.headers {
        let header_bytes = name.as_str().len() + value.len();
        if header_bytes > HEADER_BYTES_MAX {
            let limit = bytes(HEADER_BYTES_MAX);
            return Err(too_large(format!("{limit} in one header")));
        }
        headers_bytes += header_bytes;
    }
    if headers_bytes > ANSWER_HEADERS_BYTES_MAX {
        let limit = bytes(ANSWER_HEADERS_BYTES_MAX);
        return Err(too_large(format!("{limit} of headers")));
    }
    if let Some(location) = location(head.status, &head.headers) {
        return Ok(Answer::Redirect(head.status, location));
    }
    let over = || too_large(bytes(answer_bytes_max));
    // Said beforehand, it is not waited for.
    if body.size_hint().lower() > answer_bytes_max as u64 {
        return Err(over());
    }
    let mut read = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| failure(target, &error))?;
        // Trailers are nobody's here.
        if let Ok(data) = frame.into_data() {
            if data.len() > answer_bytes_max - read.len() {
                return Err(over());
            }
            read.extend_from_slice(&data);
        }
    }
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Ok(Answer::Final(Response {
        status: head.status.as_u16(),
        headers: head
            .headers
            .iter()
            .filter(|(name, _)| !is_of_the_connection(name))
            .map(|(name, value)| (name.as_str().to_owned(), text(value)))
            .collect(),
        body: read,
        url: target.url().to_owned(),
    }))
}

fn location(status: StatusCode, headers: &HeaderMap) -> Option<HeaderValue> {
    let redirects = matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308);
    redirects
        .then(|| headers.get(header::LOCATION).cloned())
        .flatten()
}

/// In words of ours: the library's may hold what was sent.
fn failure(target: &Target, error: &hyper::Error) -> FetchError {
    if error.is_parse_too_large() {
        return FetchError::AnswerTooLarge {
            host: target.authority(),
            limit: format!(
                "{HEADERS_MAX} headers, or {} of them",
                bytes(ANSWER_HEADERS_BYTES_MAX)
            ),
        };
    }
    if error.is_parse() {
        return unusable(target, "it is no HTTP/1.1");
    }
    FetchError::unavailable(target.authority(), "the connection was cut")
}

fn unusable(target: &Target, reason: &str) -> FetchError {
    FetchError::BadAnswer {
        host: target.authority(),
        reason: reason.to_owned(),
    }
}
