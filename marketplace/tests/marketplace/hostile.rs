//! What nobody should send.

use crate::world::{World, package, problem};
use reqwest::{Method, StatusCode};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Sends bytes as they are, and reads the first line of the answer.
async fn answer(world: &World, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).await.unwrap_or(0);
    let text = String::from_utf8_lossy(&answer[..read]).into_owned();
    text.lines().next().unwrap_or_default().to_owned()
}

async fn is_well(world: &World) {
    assert_eq!(world.get("/health").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn no_path_leads_out_of_the_packages() {
    let world = World::new().await;
    world.client().publish(&package("1.0.0")).await.unwrap();
    let key = std::fs::read_to_string(world.folder.path().join("marketplace.key")).unwrap();
    for path in [
        "/v1/packages/../marketplace.key",
        "/v1/packages/..%2fmarketplace.key",
        "/v1/packages/%2e%2e%2fmarketplace.key",
        "/v1/packages/sha256:..%2f..%2fmarketplace.key",
        "/v1/packages/sha256:%00",
        "/v1/packages//etc/passwd",
        "/plugins/..%2f..%2fmarketplace.key/x",
        "/publishers/..%2fmarketplace.key",
        "/../marketplace.key",
        "/style.css/../../marketplace.key",
        "/%ff%fe",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nhost: m\r\nconnection: close\r\n\r\n");
        let mut stream = TcpStream::connect(world.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut told = Vec::new();
        stream.read_to_end(&mut told).await.unwrap();
        let told = String::from_utf8_lossy(&told);
        assert!(
            told.starts_with("HTTP/1.1 404") || told.starts_with("HTTP/1.1 400"),
            "{path}: {told}"
        );
        assert!(!told.contains(key.trim()), "{path}");
    }
    is_well(&world).await;
}

#[tokio::test]
async fn what_is_no_request_is_answered_and_forgotten() {
    let world = World::new().await;
    let long = format!(
        "GET / HTTP/1.1\r\nhost: m\r\nx: {}\r\n\r\n",
        "a".repeat(1 << 20)
    );
    let many: String = (0..500).map(|n| format!("x-{n}: 1\r\n")).collect();
    let many = format!("GET / HTTP/1.1\r\nhost: m\r\n{many}\r\n");
    for garbage in [
        b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03".as_slice(),
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        long.as_bytes(),
        many.as_bytes(),
        b"POST /v1/packages HTTP/1.1\r\nhost: m\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
        b"POST /v1/packages HTTP/1.1\r\nhost: m\r\ncontent-length: -1\r\n\r\n",
        b"POST /v1/packages HTTP/1.1\r\nhost: m\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ] {
        let line = answer(&world, garbage).await;
        assert!(!line.contains(" 200") && !line.contains(" 500"), "{line}");
    }
    is_well(&world).await;
}

#[tokio::test]
async fn a_method_that_an_address_does_not_take_is_told_so() {
    let world = World::new().await;
    for (method, path) in [
        (Method::GET, "/v1/packages"),
        (Method::DELETE, "/v1/packages"),
        (Method::POST, "/v1/index"),
        (Method::PUT, "/v1/plugins/acme/parcels"),
        (Method::GET, "/v1/revocations"),
    ] {
        let request = reqwest::Client::new().request(method.clone(), world.url(path));
        let answer = request.send().await.unwrap();
        assert!(answer.headers().contains_key("allow"), "{method} {path}");
        let (status, ..) = problem(answer).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
    }
}

#[tokio::test]
async fn json_that_is_none_is_refused_with_its_place() {
    let world = World::new().await;
    let deep = "[".repeat(10_000);
    let unknown_field =
        r#"{"name":"a","title":"b","contact":"c","key":"ed25519:","signature":"","more":1}"#;
    for path in ["/v1/publishers", "/v1/revocations"] {
        for body in ["", "null", "{", "{}", deep.as_str(), "\u{0}", unknown_field] {
            let answer = reqwest::Client::new()
                .post(world.url(path))
                .header("content-type", "application/json")
                .body(body.to_owned())
                .send()
                .await
                .unwrap();
            let (status, found, _) = problem(answer).await;
            assert!(status.is_client_error(), "{path} {body}");
            assert_eq!(found, "request");
        }
        let untyped = reqwest::Client::new()
            .post(world.url(path))
            .body("{}")
            .send()
            .await
            .unwrap();
        let (status, ..) = problem(untyped).await;
        assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
}

#[tokio::test]
async fn bytes_that_are_no_package_are_refused_and_leave_nothing() {
    let world = World::new().await;
    let tar = package("1.0.0").write_tar().unwrap();
    let half = tar[..tar.len() / 2].to_vec();
    for bytes in [Vec::new(), b"hello".to_vec(), vec![0xff; 10_000], half] {
        let (status, found, _) = problem(world.upload(bytes).await).await;
        assert_eq!(
            (status, found.as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "package")
        );
    }
    assert!(world.packages().is_empty());
}
