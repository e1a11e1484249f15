//! A small internet on loopback: servers that say what a test tells them, and names that lead there.

use guichet_outside::{
    Allowed, Bounds, Connection, FetchError, Lookup, Outside, OutsideSettings, Request, Resolve,
    Response, Roots,
};
use std::{
    collections::{BTreeMap, HashMap},
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    sync::Semaphore,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

/// What a server does with a request once it has read it.
#[derive(Clone)]
pub(crate) enum Script {
    /// Says this and hangs up.
    Say(Vec<u8>),
    /// Says this and then nothing more, without hanging up.
    SayAndWait(Vec<u8>),
    /// Says this, then the second again and again.
    SayWithoutEnd(Vec<u8>, Vec<u8>),
}

pub(crate) fn ok(body: &str) -> Script {
    answer("200 OK", "", body)
}

/// `headers` are whole lines with their line ends.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> Script {
    let length = body.len();
    Script::Say(
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n{body}").into(),
    )
}

pub(crate) fn redirect(status: u16, to: &str) -> Script {
    answer(
        &format!("{status} Moved"),
        &format!("Location: {to}\r\n"),
        "",
    )
}

pub(crate) struct Server {
    pub(crate) at: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    ended: Arc<Semaphore>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(script: Script) -> Self {
        Self::scripted((Ipv4Addr::LOCALHOST, 0).into(), None, move |_| {
            script.clone()
        })
        .await
    }

    /// `script` sees the whole request, as text.
    pub(crate) async fn scripted(
        at: SocketAddr,
        tls: Option<TlsAcceptor>,
        script: impl Fn(&str) -> Script + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(at).await.unwrap();
        let at = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let noted = seen.clone();
        let ended = Arc::new(Semaphore::new(0));
        let end = ended.clone();
        let script = Arc::new(script);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, noted, script) = (tls.clone(), noted.clone(), script.clone());
                let end = end.clone();
                tokio::spawn(async move {
                    let done = match tls {
                        None => serve(stream, &noted, &*script).await,
                        Some(tls) => match tls.accept(stream).await {
                            Ok(stream) => serve(stream, &noted, &*script).await,
                            Err(error) => Err(error),
                        },
                    };
                    // The other side hanging up is what some tests are about.
                    drop(done);
                    end.add_permits(1);
                });
            }
        });
        Self {
            at,
            seen,
            ended,
            task,
        }
    }

    /// Waits until a connection is over, for this side too.
    pub(crate) async fn ended(&self) {
        self.ended.acquire().await.unwrap().forget();
    }

    /// All requests so far, in small letters.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn port(&self) -> u16 {
        self.at.port()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    seen: &Mutex<Vec<String>>,
    script: &(dyn Fn(&str) -> Script + Send + Sync),
) -> io::Result<()> {
    let request = read(&mut stream).await?;
    let script = script(&request);
    seen.lock().unwrap().push(request.to_lowercase());
    match script {
        Script::Say(bytes) => {
            stream.write_all(&bytes).await?;
            stream.shutdown().await
        }
        Script::SayAndWait(bytes) => {
            stream.write_all(&bytes).await?;
            stream.flush().await?;
            stream.read_to_end(&mut Vec::new()).await.map(drop)
        }
        Script::SayWithoutEnd(first, then) => {
            stream.write_all(&first).await?;
            loop {
                stream.write_all(&then).await?;
            }
        }
    }
}

async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.to_lowercase();
            let length = length
                .split("content-length: ")
                .nth(1)
                .and_then(|rest| rest.lines().next()?.parse().ok())
                .unwrap_or(0);
            if body.len() >= length {
                return Ok(text);
            }
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

/// Names and where they lead; the last answer stays. Counts the look-ups.
#[derive(Default)]
pub(crate) struct Names {
    answers: Mutex<HashMap<String, Vec<Vec<IpAddr>>>>,
    asked: Mutex<Vec<String>>,
}

impl Names {
    pub(crate) fn set(&self, name: &str, answers: &[&[&str]]) {
        let answers = answers
            .iter()
            .map(|answer| answer.iter().map(|text| text.parse().unwrap()).collect())
            .collect();
        let mut all = self.answers.lock().unwrap();
        all.insert(name.to_owned(), answers);
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Resolve for Names {
    fn resolve<'a>(&'a self, host: &'a str) -> Lookup<'a> {
        self.asked.lock().unwrap().push(host.to_owned());
        let mut all = self.answers.lock().unwrap();
        let found = match all.get_mut(host) {
            Some(answers) if answers.len() > 1 => Ok(answers.remove(0)),
            Some(answers) => Ok(answers.first().cloned().unwrap_or_default()),
            None => Err(io::ErrorKind::NotFound.into()),
        };
        Box::pin(async move { found })
    }
}

/// A plugin called `acme/x`, with grants, in that internet.
pub(crate) struct World {
    pub(crate) names: Arc<Names>,
    pub(crate) bounds: Bounds,
    roots_pem: Vec<u8>,
    grants: Vec<String>,
    stand_ins: Option<BTreeMap<String, SocketAddr>>,
}

impl World {
    /// Every name is at 127.0.0.1 until told otherwise.
    pub(crate) fn new(names: &[&str]) -> Self {
        let known = Arc::new(Names::default());
        for name in names {
            known.set(name, &[&["127.0.0.1"]]);
        }
        Self {
            names: known,
            bounds: Bounds::default(),
            roots_pem: Vec::new(),
            grants: Vec::new(),
            stand_ins: None,
        }
    }

    pub(crate) fn grant(mut self, grant: impl Into<String>) -> Self {
        self.grants.push(grant.into());
        self
    }

    /// Grants a name on the server's port, where it is at 127.0.0.1.
    pub(crate) fn grant_server(self, name: &str, server: &Server) -> Self {
        let port = server.port();
        self.grant(format!("{name}:{port}@127.0.0.1"))
    }

    /// The server stands in for the host, and nothing else can be reached.
    pub(crate) fn stand_in(mut self, host: &str, server: &Server) -> Self {
        let stand_ins = self.stand_ins.get_or_insert_default();
        stand_ins.insert(host.to_owned(), server.at);
        self
    }

    pub(crate) fn trust(mut self, pem: &str) -> Self {
        self.roots_pem = pem.into();
        self
    }

    pub(crate) fn bounds(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self
    }

    pub(crate) async fn send(&self, request: Request) -> Result<Response, FetchError> {
        let allowed = Allowed::parse("acme/x", self.grants.iter().map(String::as_str)).unwrap();
        let secrets = |name: &str| (name == "key").then(|| "hunter2".to_owned());
        self.outside()
            .fetch(&allowed, request, &secrets, self.bounds)
            .await
    }

    /// A connection without HTTP, by the same grants.
    pub(crate) async fn connect(
        &self,
        host: &str,
        port: u16,
        tls: bool,
    ) -> Result<Connection, FetchError> {
        let grants = self.grants.iter().map(|grant| grant.parse().unwrap());
        let allowed = Allowed::servers("acme/x", grants);
        self.outside().connect(&allowed, host, port, tls).await
    }

    fn outside(&self) -> Outside {
        let settings = OutsideSettings {
            roots: Roots::ExtraOnly,
            extra_roots_pem: self.roots_pem.clone(),
            withheld: Vec::new(),
            stand_ins: self.stand_ins.clone(),
        };
        Outside::new(settings, self.names.clone()).unwrap()
    }

    pub(crate) async fn get(&self, url: &str) -> Result<Response, FetchError> {
        self.send(get(url)).await
    }
}

pub(crate) fn get(url: &str) -> Request {
    Request {
        method: "GET".to_owned(),
        url: url.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    }
}

pub(crate) fn with(mut request: Request, headers: &[(&str, &str)]) -> Request {
    for (name, value) in headers {
        let header = ((*name).to_owned(), (*value).to_owned());
        request.headers.push(header);
    }
    request
}

pub(crate) fn post(url: &str, body: &str) -> Request {
    Request {
        method: "POST".to_owned(),
        body: body.into(),
        ..get(url)
    }
}
