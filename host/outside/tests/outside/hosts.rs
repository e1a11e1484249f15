//! Which hosts are called, and at which addresses.

use crate::world::{Server, World, answer, get, ok, post, with};
use guichet_outside::{FetchError, Kind, Special};

fn kind(error: &FetchError) -> Option<Special> {
    match error {
        FetchError::SpecialAddress { kind, .. } => Some(*kind),
        _ => None,
    }
}

#[tokio::test]
async fn a_granted_host_gets_the_request_as_it_was_given_and_the_plugin_its_answer() {
    let server = Server::start(answer(
        "201 Created",
        "X-Note: a\r\nKeep-Alive: timeout=5\r\n",
        "made",
    ))
    .await;
    let world = World::new(&["a.example"]).grant_server("a.example", &server);
    let url = format!("http://a.example:{}/b?c=d#e", server.port());
    let request = with(post(&url, "hello"), &[("X-Mine", "1"), ("X-Mine", "2")]);
    let response = world.send(request).await.unwrap();

    assert_eq!(response.status, 201);
    assert_eq!(response.body, b"made");
    assert!(response.url.ends_with("/b?c=d"), "{}", response.url);
    let header = |name: &str| response.headers.iter().find(|(known, _)| known == name);
    assert_eq!(header("x-note").unwrap().1, "a");
    assert_eq!(header("keep-alive"), None);

    let seen = server.seen().remove(0);
    assert!(seen.starts_with("post /b?c=d http/1.1\r\n"), "{seen}");
    assert!(seen.ends_with("\r\n\r\nhello"), "{seen}");
    for line in [
        &format!("host: a.example:{}", server.port()),
        "content-length: 5",
        "x-mine: 1",
        "x-mine: 2",
        "accept-encoding: identity",
        "connection: close",
    ] {
        let count = seen.lines().filter(|seen| *seen == line).count();
        assert_eq!(count, 1, "{line}\n{seen}");
    }
}

#[tokio::test]
async fn a_length_is_told_with_an_empty_post_and_not_with_a_get() {
    let server = Server::start(ok("")).await;
    let world = World::new(&["a.example"]).grant_server("a.example", &server);
    let url = format!("http://a.example:{}/", server.port());
    world.send(post(&url, "")).await.unwrap();
    world.get(&url).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].matches("content-length: 0\r\n").count(), 1);
    assert!(!seen[1].contains("content-length"), "{}", seen[1]);
}

#[tokio::test]
async fn a_status_of_failure_is_an_answer() {
    let server = Server::start(answer("503 Busy", "", "later")).await;
    let world = World::new(&["a.example"]).grant_server("a.example", &server);
    let url = format!("http://a.example:{}/", server.port());
    assert_eq!(world.get(&url).await.unwrap().status, 503);
}

#[tokio::test]
async fn a_host_that_was_not_granted_is_neither_looked_up_nor_called() {
    let server = Server::start(ok("secret")).await;
    let world = World::new(&["a.example", "b.example"]).grant_server("a.example", &server);
    let url = format!("http://b.example:{}/", server.port());
    let error = world.get(&url).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Denied);
    assert_eq!(
        error.to_string(),
        format!(
            "plugin \"acme/x\" may not call b.example:{0}; to allow it: guichet admin grant acme/x http:b.example:{0}",
            server.port()
        )
    );
    // A look-up alone can carry words outside.
    assert!(world.names.asked().is_empty());
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_granted_host_at_a_loopback_address_is_refused_unless_that_address_is_granted_too() {
    let server = Server::start(ok("secret")).await;
    let port = server.port();
    let url = format!("http://a.example:{port}/");
    let plain = World::new(&["a.example"]).grant(format!("a.example:{port}"));
    let error = plain.get(&url).await.unwrap_err();
    assert_eq!(kind(&error), Some(Special::Loopback));
    assert!(!error.to_string().contains("127.0.0.1"), "{error}");
    let other = World::new(&["a.example", "b.example"])
        .grant(format!("a.example:{port}"))
        .grant_server("b.example", &server);
    assert!(other.get(&url).await.is_err());
    assert!(server.seen().is_empty());
    let both = World::new(&["a.example"]).grant_server("a.example", &server);
    assert!(both.get(&url).await.is_ok());
}

#[tokio::test]
async fn one_special_address_among_public_ones_refuses_the_host() {
    for (answers, special) in [
        (["8.8.8.8", "10.0.0.7"], Special::Private),
        (["169.254.169.254", "8.8.8.8"], Special::LinkLocal),
        (["2606:4700::1111", "::ffff:127.0.0.1"], Special::Loopback),
        (["8.8.8.8", "64:ff9b::a00:7"], Special::Embedded),
    ] {
        let world = World::new(&[]).grant("a.example");
        world.names.set("a.example", &[&answers]);
        let error = world.get("https://a.example/").await.unwrap_err();
        assert_eq!(kind(&error), Some(special), "{answers:?}");
    }
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_called_at_the_checked_address_only() {
    let good = Server::start(ok("good")).await;
    let at = format!("127.0.0.2:{}", good.port()).parse().unwrap();
    let inner = Server::scripted(at, None, |_| ok("inner")).await;
    let world = World::new(&[]).grant_server("a.example", &good);
    world
        .names
        .set("a.example", &[&["127.0.0.1"], &["127.0.0.2"]]);
    let url = format!("http://a.example:{}/", good.port());

    assert_eq!(world.get(&url).await.unwrap().body, b"good");
    assert_eq!(world.names.asked(), ["a.example"], "asked once");
    let error = world.get(&url).await.unwrap_err();
    assert_eq!(kind(&error), Some(Special::Loopback));
    assert!(inner.seen().is_empty());
}

#[tokio::test]
async fn the_next_address_is_tried_where_one_refuses() {
    let server = Server::start(ok("here")).await;
    let port = server.port();
    let world = World::new(&[]).grant(format!("a.example:{port}@127.0.0.0/8"));
    world.names.set("a.example", &[&["127.0.0.9", "127.0.0.1"]]);
    let url = format!("http://a.example:{port}/");
    assert_eq!(world.get(&url).await.unwrap().body, b"here");
}

#[tokio::test]
async fn four_addresses_are_tried_and_not_a_fifth() {
    let server = Server::start(ok("here")).await;
    let port = server.port();
    let reached = async |before: usize| {
        let world = World::new(&[]).grant(format!("a.example:{port}@127.0.0.0/8"));
        let mut answer = vec!["127.0.0.5", "127.0.0.6", "127.0.0.7", "127.0.0.8"];
        answer.truncate(before);
        answer.push("127.0.0.1");
        world.names.set("a.example", &[&answer]);
        world.get(&format!("http://a.example:{port}/")).await
    };
    assert!(
        reached(guichet_outside::limits::ADDRESSES_TRIED_MAX - 1)
            .await
            .is_ok()
    );
    let error = reached(guichet_outside::limits::ADDRESSES_TRIED_MAX).await;
    assert_eq!(error.unwrap_err().kind(), Kind::Unavailable);
}

#[tokio::test]
async fn an_unknown_name_and_a_refused_connection_may_be_tried_later() {
    let port = {
        let gone = Server::start(ok("")).await;
        let listener = tokio::net::TcpListener::bind(("127.0.0.3", gone.port())).await;
        // Bound and dropped: nobody listens there.
        listener.unwrap().local_addr().unwrap().port()
    };
    let world = World::new(&[])
        .grant("unknown.example")
        .grant("empty.example")
        .grant(format!("a.example:{port}@127.0.0.3"));
    world.names.set("a.example", &[&["127.0.0.3"]]);
    world.names.set("empty.example", &[&[]]);
    for (url, text) in [
        (
            "https://unknown.example/".to_owned(),
            "unknown.example can not be reached now: its name has no address; try again later"
                .to_owned(),
        ),
        (
            "https://empty.example/".to_owned(),
            "empty.example can not be reached now: its name has no address; try again later"
                .to_owned(),
        ),
        (
            format!("http://a.example:{port}/"),
            format!(
                "a.example:{port} can not be reached now: the connection is refused; try again later"
            ),
        ),
    ] {
        let error = world.get(&url).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unavailable);
        assert_eq!(error.to_string(), text);
    }
}

#[tokio::test]
async fn an_address_as_host_goes_the_same_way() {
    let server = Server::start(ok("here")).await;
    let port = server.port();
    let granted = World::new(&[]).grant(format!("127.0.0.1:{port}@127.0.0.1"));
    let half = World::new(&[]).grant(format!("127.0.0.1:{port}"));
    for host in ["127.0.0.1", "0x7f.1", "[::ffff:7f00:1]"] {
        let url = format!("http://{host}:{port}/");
        assert_eq!(granted.get(&url).await.unwrap().body, b"here", "{host}");
        assert_eq!(
            kind(&half.get(&url).await.unwrap_err()),
            Some(Special::Loopback),
            "{host}"
        );
    }
    assert!(granted.names.asked().is_empty());
}

#[tokio::test]
async fn a_method_or_header_of_the_connection_reaches_nobody() {
    let server = Server::start(ok("here")).await;
    let world = World::new(&["a.example"]).grant_server("a.example", &server);
    let url = format!("http://a.example:{}/", server.port());
    let mut trace = get(&url);
    trace.method = "TRACE".to_owned();
    for request in [
        trace,
        with(get(&url), &[("Host", "b.example")]),
        with(get(&url), &[("Transfer-Encoding", "chunked")]),
        with(get(&url), &[("X-Note", "a\r\nHost: b.example")]),
    ] {
        let error = world.send(request).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Invalid);
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn who_stands_in_for_a_host_is_called_without_tls_and_only_where_it_is_granted() {
    let server = Server::start(ok("stub")).await;
    let world = World::new(&[])
        .grant("api.example.com".to_owned())
        .grant("other.example.com".to_owned())
        .stand_in("api.example.com", &server)
        .stand_in("secret.example.com", &server);
    let response = world.get("https://api.example.com/a").await.unwrap();
    assert_eq!(response.body, b"stub");
    let refused = world.get("https://secret.example.com/").await;
    assert!(matches!(refused, Err(FetchError::NotGranted { .. })));
    let unknown = world.get("https://other.example.com/").await.unwrap_err();
    assert!(
        unknown.to_string().contains("nobody stands in for it"),
        "{unknown}"
    );
    assert_eq!(server.seen().len(), 1);
}
