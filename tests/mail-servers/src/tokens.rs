//! Who gives out access tokens (RFC 6749, 6), over TLS, and tells a mail server whose one is. It takes everybody's password as a refresh token.

use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject},
};
use std::{path::Path, sync::Arc};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use crate::PASSWORD;

/// Where tokens are asked for, and where they are asked about.
#[derive(Clone, Copy)]
pub(crate) struct TokenPorts {
    pub(crate) tls: u16,
    pub(crate) plain: u16,
}

/// Goes on until the runtime that it was started on ends.
pub(crate) async fn start(folder: &Path) -> TokenPorts {
    let certificates = CertificateDer::pem_file_iter(folder.join("cert.pem")).unwrap();
    let key = PrivatePkcs8KeyDer::from_pem_file(folder.join("key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            certificates.map(Result::unwrap).collect(),
            PrivateKeyDer::Pkcs8(key),
        )
        .unwrap();
    TokenPorts {
        tls: listen(Some(TlsAcceptor::from(Arc::new(config)))).await,
        plain: listen(None).await,
    }
}

async fn listen(tls: Option<TlsAcceptor>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let tls = tls.clone();
            tokio::spawn(async move {
                match tls {
                    None => drop(answer(stream).await),
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(stream).await {
                            drop(answer(stream).await);
                        }
                    }
                }
            });
        }
    });
    port
}

/// One request, one answer.
async fn answer(stream: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut head, mut line) = (String::new(), String::new());
    while stream.read_line(&mut line).await? > 2 {
        head += &line;
        line.clear();
    }
    let length = head.lines().find_map(|line| {
        line.to_lowercase()
            .strip_prefix("content-length:")?
            .trim()
            .parse()
            .ok()
    });
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await?;
    let body = String::from_utf8_lossy(&body).into_owned();
    let (status, said) = match head.split_whitespace().nth(1).unwrap_or_default() {
        "/token" => token(&body),
        path => whose(path),
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{said}",
        said.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

/// A token of whoever the client says that it is, if the refresh token is the right one.
fn token(form: &str) -> (&'static str, String) {
    let of = |name: &str| {
        let mut parts = form.split('&').filter_map(|part| part.split_once('='));
        parts.find_map(|(key, value)| (key == name).then(|| value.replace("%40", "@")))
    };
    match (of("refresh_token"), of("client_id")) {
        (Some(refresh), Some(who)) if refresh == PASSWORD => (
            "200 OK",
            format!(r#"{{"access_token": "token-of-{who}", "token_type": "Bearer", "expires_in": 3600}}"#),
        ),
        _ => (
            "400 Bad Request",
            r#"{"error": "invalid_grant", "error_description": "the refresh token was taken back"}"#.to_owned(),
        ),
    }
}

/// Whose token the last part of an address is.
fn whose(path: &str) -> (&'static str, String) {
    match path.replace("%40", "@").split_once("token-of-") {
        Some((_, who)) => ("200 OK", format!(r#"{{"email": "{who}", "active": true}}"#)),
        None => ("401 Unauthorized", "{}".to_owned()),
    }
}
