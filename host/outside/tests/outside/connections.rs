//! Connections without HTTP: granted by host and port, checked as a hop is, secured for the host's own name.

use crate::{
    certificates::{acceptor, authority},
    world::{Names, World},
};
use guichet_outside::{Connection, FetchError, Kind};
use std::{net::SocketAddr, sync::Arc};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    sync::Notify,
};
use tokio_rustls::TlsAcceptor;

/// Greets, answers each line with itself, and hangs up at `quit`; at `secure` it says that it is ready and goes on by TLS.
async fn server(tls_first: Option<TlsAcceptor>, tls_later: Option<TlsAcceptor>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (first, later) = (tls_first.clone(), tls_later.clone());
            tokio::spawn(async move {
                match first {
                    // That the other side turns away is what some tests are about.
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(stream).await {
                            talk(stream).await;
                        }
                    }
                    None if talk(&mut stream).await == Some("secure") => {
                        if let Ok(stream) = later.unwrap().accept(stream).await {
                            talk(stream).await;
                        }
                    }
                    None => {}
                }
            });
        }
    });
    at
}

async fn talk(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> Option<&'static str> {
    stream.write_all(b"hello\n").await.ok()?;
    let mut line = [0; 100];
    loop {
        let count = stream.read(&mut line).await.ok()?;
        match &line[..count] {
            b"" | b"quit" => {
                stream.shutdown().await.ok()?;
                return None;
            }
            b"secure" => {
                stream.write_all(b"ready\n").await.ok()?;
                return Some("secure");
            }
            said => stream.write_all(said).await.ok()?,
        }
    }
}

fn world(at: SocketAddr) -> World {
    World::new(&["mail.example"]).grant(format!("mail.example:{}@127.0.0.1", at.port()))
}

async fn heard(connection: &mut Connection) -> String {
    String::from_utf8(connection.read(100, 10_000).await.unwrap()).unwrap()
}

fn refusal(result: Result<Connection, FetchError>) -> FetchError {
    match result {
        Ok(_) => panic!("it connects"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn a_server_is_talked_to_until_it_ends() {
    let at = server(None, None).await;
    let mut connection = world(at)
        .connect("mail.example", at.port(), false)
        .await
        .unwrap();
    assert_eq!(heard(&mut connection).await, "hello\n");
    connection.write("你好".as_bytes()).await.unwrap();
    assert_eq!(heard(&mut connection).await, "你好");
    connection.write(b"quit").await.unwrap();
    assert_eq!(
        connection.read(100, 10_000).await.unwrap(),
        b"",
        "it has ended"
    );
}

#[tokio::test]
async fn silence_ends_nothing() {
    let at = server(None, None).await;
    let mut connection = world(at)
        .connect("mail.example", at.port(), false)
        .await
        .unwrap();
    assert_eq!(heard(&mut connection).await, "hello\n");
    let silence = connection.read(100, 1).await.unwrap_err();
    assert_eq!(silence.kind(), Kind::Unavailable);
    assert!(
        silence.to_string().contains("said nothing within 1 ms"),
        "{silence}"
    );
    connection.write(b"still there").await.unwrap();
    assert_eq!(heard(&mut connection).await, "still there");
}

#[tokio::test]
async fn a_connection_that_is_cut_says_so_and_is_told_from_one_that_ends() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        // Who goes while something lies unheard cuts the connection.
        stream.readable().await.unwrap();
    });
    let mut connection = world(at)
        .connect("mail.example", at.port(), false)
        .await
        .unwrap();
    connection.write(b"hello").await.unwrap();
    let cut = connection.read(100, 10_000).await.unwrap_err();
    assert_eq!(cut.kind(), Kind::Unavailable);
    // Plugins know it by these words.
    assert!(cut.to_string().contains("the connection was cut"), "{cut}");
    let ended = connection.read(100, 10_000).await.unwrap_err();
    assert!(matches!(ended, FetchError::Connection { .. }), "{ended}");
}

#[tokio::test]
async fn tls_is_spoken_from_the_beginning_or_later_and_once() {
    let (authority, pem) = authority();
    let own = || acceptor(&authority, "mail.example", |_| {});
    let at = server(Some(own()), None).await;
    let mut connection = world(at)
        .trust(&pem)
        .connect("mail.example", at.port(), true)
        .await
        .unwrap();
    assert_eq!(heard(&mut connection).await, "hello\n");

    let at = server(None, Some(own())).await;
    let mut connection = world(at)
        .trust(&pem)
        .connect("mail.example", at.port(), false)
        .await
        .unwrap();
    assert_eq!(heard(&mut connection).await, "hello\n");
    connection.write(b"secure").await.unwrap();
    assert_eq!(heard(&mut connection).await, "ready\n");
    connection.start_tls().await.unwrap();
    assert_eq!(heard(&mut connection).await, "hello\n");
    let twice = connection.start_tls().await.unwrap_err();
    assert_eq!(twice.kind(), Kind::Invalid, "{twice}");
    connection.write(b"private").await.unwrap();
    assert_eq!(heard(&mut connection).await, "private");
}

#[tokio::test]
async fn a_certificate_of_another_name_is_not_trusted_and_the_connection_ends() {
    let (authority, pem) = authority();
    let others = || acceptor(&authority, "other.example", |_| {});
    let at = server(Some(others()), None).await;
    let refused = refusal(
        world(at)
            .trust(&pem)
            .connect("mail.example", at.port(), true)
            .await,
    );
    assert!(
        refused.to_string().contains("for another name"),
        "{refused}"
    );

    let at = server(None, Some(others())).await;
    let mut connection = world(at)
        .trust(&pem)
        .connect("mail.example", at.port(), false)
        .await
        .unwrap();
    assert_eq!(heard(&mut connection).await, "hello\n");
    connection.write(b"secure").await.unwrap();
    assert_eq!(heard(&mut connection).await, "ready\n");
    let refused = connection.start_tls().await.unwrap_err();
    assert!(
        matches!(
            refused,
            FetchError::Untrusted { .. } | FetchError::Unavailable { .. }
        ),
        "{refused}"
    );
    let ended = connection.write(b"in the open").await.unwrap_err();
    assert!(matches!(ended, FetchError::Connection { .. }), "{ended}");
}

#[tokio::test]
async fn a_port_must_be_granted_and_a_grant_says_how() {
    let at = server(None, None).await;
    let nothing = World::new(&["mail.example"]);
    let refused = refusal(nothing.connect("mail.example", at.port(), false).await);
    let told = format!("guichet admin grant acme/x net:mail.example:{}", at.port());
    assert!(refused.to_string().contains(&told), "{refused}");
    assert!(
        nothing.names.asked().is_empty(),
        "nothing is looked up before"
    );
    for grant in ["mail.example", "mail.example:1", "other.example:993"] {
        let world = World::new(&["mail.example"]).grant(grant);
        for port in [80, 443, at.port()] {
            let refused = refusal(world.connect("mail.example", port, false).await);
            assert!(
                matches!(refused, FetchError::NotGranted { .. }),
                "{grant} {port}: {refused}"
            );
        }
    }
}

#[tokio::test]
async fn a_private_address_is_connected_to_only_where_it_was_granted() {
    let at = server(None, None).await;
    let world = World::new(&["mail.example"]).grant(format!("mail.example:{}", at.port()));
    let refused = refusal(world.connect("mail.example", at.port(), false).await);
    assert!(
        refused.to_string().contains("net:mail.example"),
        "{refused}"
    );
    assert!(
        matches!(refused, FetchError::SpecialAddress { .. }),
        "{refused}"
    );
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_asked_once() {
    let at = server(None, None).await;
    let names = Arc::new(Names::default());
    names.set("mail.example", &[&["127.0.0.1"], &["10.0.0.7"]]);
    let mut world = world(at);
    world.names = names;
    let mut connection = world
        .connect("mail.example", at.port(), false)
        .await
        .unwrap();
    assert_eq!(heard(&mut connection).await, "hello\n");
    assert_eq!(world.names.asked(), ["mail.example"]);
}

#[tokio::test]
async fn what_is_no_server_is_refused() {
    let world = World::new(&[]).grant("mail.example:25");
    for (host, port) in [
        ("", 25),
        ("mail.example", 0),
        ("mail.example/x", 25),
        ("a@mail.example", 25),
        ("mail example", 25),
        ("0x7f.1", 25),
        ("127.1", 25),
    ] {
        let refused = refusal(world.connect(host, port, false).await);
        assert!(
            matches!(
                refused,
                FetchError::Server { .. } | FetchError::NotGranted { .. }
            ),
            "{host}:{port}: {refused}"
        );
    }
}

#[tokio::test]
async fn one_look_answers_a_mebibyte_at_most() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let heard_enough = Arc::new(Notify::new());
    let end = heard_enough.clone();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // Who listens has hung up: that is the end of it.
        drop(stream.write_all(&vec![b'a'; 4 << 20]).await);
        end.notified().await;
    });
    let mut connection = world(at)
        .connect("mail.example", at.port(), false)
        .await
        .unwrap();
    let mut most = 0;
    let mut all = 0;
    while all < 4 << 20 {
        let part = connection.read(usize::MAX, 10_000).await.unwrap();
        assert!(!part.is_empty());
        most = most.max(part.len());
        all += part.len();
    }
    assert!(most <= guichet_outside::limits::READ_BYTES_MAX, "{most}");
    assert_eq!(
        connection.read(0, 1).await.unwrap_err().kind(),
        Kind::Unavailable
    );
    heard_enough.notify_one();
}
