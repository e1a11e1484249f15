//! TLS: the certificate must be the host's own, from somebody who is trusted.

use crate::world::{Server, World, ok, redirect};
use guichet_outside::{FetchError, Kind};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use std::{net::Ipv4Addr, sync::Arc};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

type Authority = Issuer<'static, KeyPair>;

/// Somebody who vouches for servers, and the root certificate to trust them by, as PEM.
pub(crate) fn authority() -> (Authority, String) {
    authority_called("Somebody known")
}

fn authority_called(name: &str) -> (Authority, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let pem = params.self_signed(&key).unwrap().pem();
    (Issuer::new(params, key), pem)
}

pub(crate) fn acceptor(
    authority: &Authority,
    name: &str,
    change: impl Fn(&mut CertificateParams),
) -> TlsAcceptor {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

async fn server(acceptor: TlsAcceptor) -> Server {
    let at = (Ipv4Addr::LOCALHOST, 0).into();
    Server::scripted(at, Some(acceptor), |_| ok("private")).await
}

async fn refusal(server: &Server, trusted: &str) -> String {
    let world = World::new(&["a.example"])
        .grant_server("a.example", server)
        .trust(trusted);
    let url = format!("https://a.example:{}/", server.port());
    let error = world.get(&url).await.unwrap_err();
    assert!(matches!(error, FetchError::Untrusted { .. }), "{error}");
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(server.seen().is_empty(), "nothing was sent");
    error.to_string()
}

#[tokio::test]
async fn a_host_with_its_own_certificate_is_called() {
    let (authority, pem) = authority();
    let server = server(acceptor(&authority, "a.example", |_| {})).await;
    let world = World::new(&["a.example"])
        .grant_server("a.example", &server)
        .trust(&pem);
    let url = format!("https://a.example:{}/", server.port());
    assert_eq!(world.get(&url).await.unwrap().body, b"private");
}

#[tokio::test]
async fn an_address_with_its_own_certificate_is_called() {
    let (authority, pem) = authority();
    let server = server(acceptor(&authority, "127.0.0.1", |_| {})).await;
    let world = World::new(&[])
        .grant(format!("127.0.0.1:{}@127.0.0.1", server.port()))
        .trust(&pem);
    let url = format!("https://127.1:{}/", server.port());
    assert_eq!(world.get(&url).await.unwrap().body, b"private");
}

#[tokio::test]
async fn the_certificate_of_another_name_is_refused() {
    let (authority, pem) = authority();
    for name in ["b.example", "*.a.example", "127.0.0.1"] {
        let server = server(acceptor(&authority, name, |_| {})).await;
        let text = refusal(&server, &pem).await;
        assert!(
            text.ends_with("can not be trusted: its certificate is for another name; check the address of the page"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_known_vouches_for_is_refused() {
    let (_, pem) = authority();
    let (impostor, _) = authority();
    let text = refusal(
        &server(acceptor(&impostor, "a.example", |_| {})).await,
        &pem,
    )
    .await;
    assert!(text.contains("its certificate is not valid"), "{text}");
    let (stranger, _) = authority_called("Somebody else");
    let server = server(acceptor(&stranger, "a.example", |_| {})).await;
    let text = refusal(&server, &pem).await;
    assert!(text.contains("nobody known here vouches"), "{text}");
    let text = refusal(&server, "").await;
    assert!(text.contains("no root certificates"), "{text}");
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let (authority, pem) = authority();
    let acceptor = acceptor(&authority, "a.example", |params| {
        params.not_before = rcgen::date_time_ymd(2001, 1, 1);
        params.not_after = rcgen::date_time_ymd(2002, 1, 1);
    });
    let text = refusal(&server(acceptor).await, &pem).await;
    assert!(text.contains("its certificate has expired"), "{text}");
}

#[tokio::test]
async fn a_port_without_tls_is_not_asked_without_it() {
    let (_, pem) = authority();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let world = World::new(&["a.example"])
        .grant(format!("a.example:{port}@127.0.0.1"))
        .trust(&pem);
    let url = format!("https://a.example:{port}/");
    let answering = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .await
            .unwrap();
        // Whatever comes, it is no request that could be read.
        let mut said = Vec::new();
        drop(stream.read_to_end(&mut said).await);
        said
    };
    let (fetched, said) = tokio::join!(world.get(&url), answering);
    let text = fetched.unwrap_err().to_string();
    assert!(text.contains("it speaks no TLS"), "{text}");
    assert!(!said.windows(4).any(|bytes| bytes == b"GET "));
}

#[tokio::test]
async fn a_redirect_from_https_to_http_is_refused() {
    let (authority, pem) = authority();
    let plain = Server::start(ok("plain")).await;
    let to = format!("http://a.example:{}/", plain.port());
    let at = (Ipv4Addr::LOCALHOST, 0).into();
    let tls = acceptor(&authority, "a.example", |_| {});
    let secure = Server::scripted(at, Some(tls), move |_| redirect(302, &to)).await;
    let world = World::new(&["a.example"])
        .grant_server("a.example", &secure)
        .grant_server("a.example", &plain)
        .trust(&pem);
    let url = format!("https://a.example:{}/", secure.port());
    let error = world.get(&url).await.unwrap_err();
    assert!(matches!(error, FetchError::Downgrade { .. }), "{error}");
    assert!(plain.seen().is_empty());
}
