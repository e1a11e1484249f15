//! Servers outside, as a scenario declares them: each answers what it is told to, and keeps what it was sent.

use super::{
    format::{GivenAnswer, GivenServer},
    trouble::Trouble,
};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{net::TcpListener, task::JoinHandle};

/// What a server was sent.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) host: String,
    pub(crate) method: String,
    /// With its query.
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether the scenario has an answer to it.
    pub(crate) answered: bool,
}

/// All servers of a scenario. They end with it.
pub(crate) struct Servers {
    addresses: BTreeMap<String, SocketAddr>,
    sent: Arc<Mutex<Vec<Sent>>>,
    running: Vec<JoinHandle<()>>,
}

/// One server's side.
struct Server {
    host: String,
    answers: Mutex<Vec<GivenAnswer>>,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Servers {
    pub(crate) async fn start(given: &[GivenServer]) -> Result<Self, Trouble> {
        let mut servers = Self {
            addresses: BTreeMap::new(),
            sent: Arc::default(),
            running: Vec::new(),
        };
        let failed = |error: std::io::Error| {
            Trouble::Host(format!("no server can be started on loopback: {error}"))
        };
        for server in given {
            let listener = TcpListener::bind("127.0.0.1:0").await.map_err(failed)?;
            let address = listener.local_addr().map_err(failed)?;
            let host = server.host.to_lowercase();
            if servers.addresses.insert(host.clone(), address).is_some() {
                return Err(Trouble::Scenario(format!(
                    "[[given.servers]]: {host} is there twice: put all its answers together"
                )));
            }
            let state = Arc::new(Server {
                host,
                answers: Mutex::new(server.answers.clone()),
                sent: servers.sent.clone(),
            });
            let router = Router::new().fallback(answer).with_state(state);
            servers.running.push(tokio::spawn(async move {
                // It ends when the scenario does; there is nobody to tell.
                drop(axum::serve(listener, router).await);
            }));
        }
        Ok(servers)
    }

    /// Where each host stands.
    pub(crate) fn addresses(&self) -> BTreeMap<String, SocketAddr> {
        self.addresses.clone()
    }

    /// What was sent so far.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.clone()
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        self.running.iter().for_each(JoinHandle::abort);
    }
}

async fn answer(
    State(server): State<Arc<Server>>,
    (method, uri): (Method, Uri),
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri
        .path_and_query()
        .map_or_else(|| uri.path().to_owned(), ToString::to_string);
    let found = server.answer(method.as_str(), &path);
    let told = headers.iter().map(|(name, value)| {
        (
            name.to_string(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        )
    });
    let sent = Sent {
        host: server.host.clone(),
        method: method.to_string(),
        path: path.clone(),
        headers: told.collect(),
        body: body.to_vec(),
        answered: found.is_some(),
    };
    let mut all = server.sent.lock().unwrap_or_else(PoisonError::into_inner);
    all.push(sent);
    drop(all);
    match found {
        Some(answer) => respond(&answer),
        None => (
            StatusCode::NOT_IMPLEMENTED,
            format!("the scenario has no answer to {method} {path}"),
        )
            .into_response(),
    }
}

impl Server {
    fn answer(&self, method: &str, path: &str) -> Option<GivenAnswer> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |answer: &&mut GivenAnswer| {
            answer.times != Some(0)
                && answer
                    .method
                    .as_deref()
                    .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && answer.path.as_deref().is_none_or(|wanted| wanted == path)
        };
        let answer = answers.iter_mut().find(fits)?;
        answer.times = answer.times.map(|times| times - 1);
        Some(answer.clone())
    }
}

fn respond(answer: &GivenAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (media_type, body) = match (&answer.json, &answer.text) {
        (Some(json), _) => ("application/json", json.to_string()),
        (None, text) => (
            "text/plain; charset=utf-8",
            text.clone().unwrap_or_default(),
        ),
    };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static(media_type));
    for (name, value) in &answer.headers {
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        ) {
            headers.insert(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(path: Option<&str>, status: u16, times: Option<u32>) -> GivenAnswer {
        GivenAnswer {
            method: None,
            path: path.map(str::to_owned),
            status,
            headers: BTreeMap::new(),
            text: None,
            json: None,
            times,
        }
    }

    #[test]
    fn the_first_answer_that_fits_and_is_not_used_up_is_taken() {
        let server = Server {
            host: "a.example".to_owned(),
            answers: Mutex::new(vec![
                given(Some("/b"), 201, None),
                given(None, 503, Some(1)),
                given(Some("/a"), 204, None),
            ]),
            sent: Arc::default(),
        };
        let status = |path: &str| server.answer("GET", path).map(|answer| answer.status);
        assert_eq!(status("/b"), Some(201));
        assert_eq!(status("/a"), Some(503));
        assert_eq!(status("/a"), Some(204));
        assert_eq!(status("/c"), None);
    }
}
