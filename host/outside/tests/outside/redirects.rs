//! Redirects: each hop is checked as the first.

use crate::world::{Server, World, ok, post, redirect, with};
use guichet_outside::{FetchError, Kind, Special, limits::REDIRECTS_MAX};
use std::net::Ipv4Addr;

/// `/n` leads to `/n-1`, and `/0` is the end.
async fn stairs() -> Server {
    Server::scripted((Ipv4Addr::LOCALHOST, 0).into(), None, |request| {
        let path = request.split(' ').nth(1).unwrap_or_default();
        match path.trim_start_matches('/').parse::<usize>() {
            Ok(0) | Err(_) => ok("end"),
            Ok(step) => redirect(302, &format!("/{}", step - 1)),
        }
    })
    .await
}

#[tokio::test]
async fn five_redirects_are_followed_and_not_a_sixth() {
    let server = stairs().await;
    let world = World::new(&["a.example"]).grant_server("a.example", &server);
    let url = |steps: usize| format!("http://a.example:{}/{steps}", server.port());

    let response = world.get(&url(REDIRECTS_MAX)).await.unwrap();
    assert_eq!(response.body, b"end");
    assert_eq!(response.url, url(0));
    assert_eq!(world.names.asked().len(), REDIRECTS_MAX + 1);

    let error = world.get(&url(REDIRECTS_MAX + 1)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Limit);
    assert!(matches!(error, FetchError::TooManyRedirects { .. }));
    assert!(
        !server
            .seen()
            .iter()
            .skip(6)
            .any(|seen| seen.starts_with("get /0 "))
    );
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_refused() {
    let inner = Server::start(ok("inner")).await;
    for host in ["127.0.0.1", "2130706433", "inner.example"] {
        let to = format!("http://{host}:{}/", inner.port());
        let outer = Server::start(redirect(302, &to)).await;
        let world = World::new(&["a.example", "inner.example"])
            .grant_server("a.example", &outer)
            .grant(format!("127.0.0.1:{}", inner.port()))
            .grant(format!("inner.example:{}", inner.port()));
        let url = format!("http://a.example:{}/", outer.port());
        let error = world.get(&url).await.unwrap_err();
        assert!(
            matches!(
                error,
                FetchError::SpecialAddress {
                    kind: Special::Loopback,
                    ..
                }
            ),
            "{host}: {error}"
        );
    }
    assert!(inner.seen().is_empty());
}

#[tokio::test]
async fn a_redirect_to_a_host_that_was_not_granted_is_refused_and_says_from_where() {
    let inner = Server::start(ok("inner")).await;
    let to = format!("http://b.example:{}/", inner.port());
    let outer = Server::start(redirect(307, &to)).await;
    let world = World::new(&["a.example", "b.example"]).grant_server("a.example", &outer);
    let url = format!("http://a.example:{}/", outer.port());
    let error = world.get(&url).await.unwrap_err().to_string();
    assert_eq!(
        error,
        format!(
            "plugin \"acme/x\" may not call b.example:{1}, where a.example:{0} redirects to; to allow it: guichet admin grant acme/x http:b.example:{1}",
            outer.port(),
            inner.port()
        )
    );
    assert!(inner.seen().is_empty());
    assert_eq!(world.names.asked(), ["a.example"]);
}

#[tokio::test]
async fn a_name_that_changes_its_mind_between_hops_is_refused() {
    let server = stairs().await;
    let at = format!("127.0.0.2:{}", server.port()).parse().unwrap();
    let inner = Server::scripted(at, None, |_| ok("inner")).await;
    let world = World::new(&[]).grant_server("a.example", &server);
    world
        .names
        .set("a.example", &[&["127.0.0.1"], &["127.0.0.2"]]);
    let url = format!("http://a.example:{}/1", server.port());
    let error = world.get(&url).await.unwrap_err();
    assert!(matches!(error, FetchError::SpecialAddress { .. }));
    assert!(inner.seen().is_empty());
}

#[tokio::test]
async fn a_body_goes_along_where_the_status_says_so() {
    for (status, method, body) in [(307, "post", "hello"), (303, "get", "")] {
        let last = Server::start(ok("end")).await;
        let to = format!("http://b.example:{}/", last.port());
        let first = Server::start(redirect(status, &to)).await;
        let world = World::new(&["a.example", "b.example"])
            .grant_server("a.example", &first)
            .grant_server("b.example", &last);
        let url = format!("http://a.example:{}/", first.port());
        let request = with(post(&url, "hello"), &[("Content-Type", "text/plain")]);
        world.send(request).await.unwrap();
        let seen = last.seen().remove(0);
        assert!(seen.starts_with(method), "{seen}");
        assert!(seen.ends_with(&format!("\r\n\r\n{body}")), "{seen}");
        assert_eq!(seen.contains("content-type"), !body.is_empty(), "{seen}");
        let host = format!("host: b.example:{}\r\n", last.port());
        assert!(seen.contains(&host), "{seen}");
    }
}

#[tokio::test]
async fn a_redirect_without_an_address_is_an_answer() {
    let server = Server::start(crate::world::answer("302 Found", "", "where?")).await;
    let world = World::new(&["a.example"]).grant_server("a.example", &server);
    let url = format!("http://a.example:{}/", server.port());
    assert_eq!(world.get(&url).await.unwrap().status, 302);
}

#[tokio::test]
async fn the_body_of_a_redirect_is_not_read() {
    let endless = crate::world::Script::SayWithoutEnd(
        b"HTTP/1.1 302 Found\r\nLocation: /end\r\n\r\n".to_vec(),
        vec![b'a'; 4096],
    );
    let server = Server::scripted((Ipv4Addr::LOCALHOST, 0).into(), None, move |request| {
        if request.starts_with("GET /end ") {
            ok("end")
        } else {
            endless.clone()
        }
    })
    .await;
    let world = World::new(&["a.example"]).grant_server("a.example", &server);
    let url = format!("http://a.example:{}/", server.port());
    assert_eq!(world.get(&url).await.unwrap().body, b"end");
}
