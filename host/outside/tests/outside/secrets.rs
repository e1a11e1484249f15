//! Secrets: filled in for the granted server, and for nobody else.

use crate::world::{Server, World, get, ok, post, redirect, with};
use guichet_outside::{Allowed, Bounds, FetchError, Outside, OutsideSettings, Roots};
use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

const CONFIDENTIAL: [(&str, &str); 5] = [
    ("X-Plain", "a {{secret:key}} b"),
    ("Authorization", "Basic bXk6b3du"),
    ("Cookie", "my=own"),
    ("X-Api-Key", "my-own"),
    ("X-Note", "harmless"),
];

#[tokio::test]
async fn a_secret_is_filled_in_a_headers_value_and_not_in_the_body() {
    let server = Server::start(ok("")).await;
    let world = World::new(&["a.example"]).grant_server("a.example", &server);
    let url = format!("http://a.example:{}/", server.port());
    let request = with(
        post(&url, "{{secret:key}}"),
        &[("Authorization", "Bearer {{secret:key}}")],
    );
    world.send(request).await.unwrap();
    let seen = server.seen().remove(0);
    assert!(seen.contains("authorization: bearer hunter2\r\n"), "{seen}");
    assert!(seen.ends_with("\r\n\r\n{{secret:key}}"), "{seen}");
}

#[tokio::test]
async fn a_secret_in_an_address_is_refused_before_anything_is_looked_up() {
    let world = World::new(&["a.example"]).grant("a.example");
    let error = world
        .get("https://a.example/?key={{secret:key}}")
        .await
        .unwrap_err();
    assert!(matches!(error, FetchError::Url { .. }));
    assert!(world.names.asked().is_empty());
}

#[tokio::test]
async fn the_same_server_gets_the_secret_on_every_hop() {
    let server = Server::scripted((Ipv4Addr::LOCALHOST, 0).into(), None, |request| {
        if request.starts_with("GET /end ") {
            ok("")
        } else {
            redirect(302, "/end")
        }
    })
    .await;
    let world = World::new(&["a.example"]).grant_server("a.example", &server);
    let url = format!("http://a.example:{}/", server.port());
    world.send(with(get(&url), &CONFIDENTIAL)).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert!(
        seen.iter()
            .all(|seen| seen.contains("x-plain: a hunter2 b"))
    );
}

#[tokio::test]
async fn another_server_gets_no_secret_also_when_it_is_granted() {
    let other = Server::start(ok("")).await;
    // Another name, and the same name on another port.
    for name in ["b.example", "a.example"] {
        let to = format!("http://{name}:{}/", other.port());
        let first = Server::start(redirect(307, &to)).await;
        let world = World::new(&["a.example", "b.example"])
            .grant_server("a.example", &first)
            .grant_server(name, &other);
        let url = format!("http://a.example:{}/", first.port());
        world.send(with(get(&url), &CONFIDENTIAL)).await.unwrap();
        assert!(first.seen().remove(0).contains("hunter2"));
    }
    for seen in other.seen() {
        for word in ["hunter2", "secret", "authorization", "cookie", "api-key"] {
            assert!(!seen.contains(word), "{word}: {seen}");
        }
        assert!(seen.contains("x-note: harmless"), "{seen}");
    }
    assert_eq!(other.seen().len(), 2);
}

#[tokio::test]
async fn a_server_that_sends_the_plugin_back_gets_it_there_without_the_secret() {
    let first = Server::scripted(
        (Ipv4Addr::LOCALHOST, 0).into(),
        None,
        |request| match request.split(' ').nth(1) {
            Some("/chosen-by-b") => ok(""),
            Some(path) => redirect(302, path.trim_start_matches("/?")),
            None => ok(""),
        },
    )
    .await;
    let back = format!("http://a.example:{}/chosen-by-b", first.port());
    let other = Server::start(redirect(302, &back)).await;
    let world = World::new(&["a.example", "b.example"])
        .grant_server("a.example", &first)
        .grant_server("b.example", &other);
    let url = format!(
        "http://a.example:{}/?http://b.example:{}/",
        first.port(),
        other.port()
    );
    world.send(with(get(&url), &CONFIDENTIAL)).await.unwrap();
    let seen = first.seen();
    assert!(seen[0].contains("hunter2"));
    assert!(seen[1].starts_with("get /chosen-by-b "), "{}", seen[1]);
    assert!(!seen[1].contains("hunter2"), "{}", seen[1]);
}

#[tokio::test]
async fn a_secret_is_not_even_asked_for_where_the_call_is_refused() {
    let asked = AtomicUsize::new(0);
    let secrets = |_: &str| {
        asked.fetch_add(1, Ordering::Relaxed);
        Some("hunter2".to_owned())
    };
    let world = World::new(&["a.example", "b.example"]);
    let settings = OutsideSettings {
        roots: Roots::ExtraOnly,
        ..OutsideSettings::default()
    };
    let names: Arc<crate::world::Names> = world.names.clone();
    let outside = Outside::new(settings, names).unwrap();
    let allowed = Allowed::parse("acme/x", ["a.example"]).unwrap();
    for url in ["http://a.example/", "http://b.example/"] {
        let request = with(get(url), &CONFIDENTIAL);
        let fetched = outside.fetch(&allowed, request, &secrets, Bounds::default());
        assert!(fetched.await.is_err(), "{url}");
    }
    assert_eq!(asked.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn no_failure_holds_what_was_filled_in() {
    let silent = Server::start(crate::world::Script::Say(b"hunter2\r\n\r\n".to_vec())).await;
    let world = World::new(&["a.example"]).grant_server("a.example", &silent);
    let url = format!("http://a.example:{}/hunter2?hunter2", silent.port());
    let error = world
        .send(with(get(&url), &CONFIDENTIAL))
        .await
        .unwrap_err();
    assert!(silent.seen().remove(0).contains("a hunter2 b"));
    assert!(
        !format!("{error} {error:?}").contains("hunter2"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_secret_that_is_not_set_sends_nothing() {
    let server = Server::start(ok("")).await;
    let world = World::new(&["a.example"]).grant_server("a.example", &server);
    let url = format!("http://a.example:{}/", server.port());
    let request = with(get(&url), &[("X-Key", "{{secret:other}}")]);
    let error = world.send(request).await.unwrap_err();
    assert!(matches!(error, FetchError::SecretMissing { .. }));
    assert!(server.seen().is_empty());
}
