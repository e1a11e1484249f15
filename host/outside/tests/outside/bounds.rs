//! Sizes and times, each at its edge.

use crate::world::{Script, Server, World, answer, get, ok};
use guichet_outside::{
    Bounds, FetchError, Kind, Response,
    limits::{ANSWER_BODY_BYTES_DEFAULT, ANSWER_HEADERS_BYTES_MAX, HEADER_BYTES_MAX, HEADERS_MAX},
};

async fn fetched(script: Script, bounds: Bounds) -> Result<Response, FetchError> {
    let server = Server::start(script).await;
    let world = World::new(&["a.example"])
        .grant_server("a.example", &server)
        .bounds(bounds);
    let url = format!("http://a.example:{}/", server.port());
    world.get(&url).await
}

fn is_too_large(result: Result<Response, FetchError>) -> bool {
    matches!(result, Err(FetchError::AnswerTooLarge { .. }))
}

#[tokio::test]
async fn an_answer_has_up_to_four_mebibytes_unless_the_caller_says_otherwise() {
    let body = "a".repeat(ANSWER_BODY_BYTES_DEFAULT);
    let whole = fetched(ok(&body), Bounds::default()).await.unwrap();
    assert_eq!(whole.body.len(), ANSWER_BODY_BYTES_DEFAULT);
    let error = fetched(ok(&format!("{body}a")), Bounds::default()).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), Kind::Limit);
    assert!(
        error
            .to_string()
            .ends_with("answers with more than 4 MiB; ask for less at a time"),
        "{error}"
    );
    for (bytes, fits) in [(10, true), (11, false)] {
        let bounds = Bounds {
            answer_bytes_max: 10,
            ..Bounds::default()
        };
        let body = "a".repeat(bytes);
        let length_unknown = Script::Say(format!("HTTP/1.1 200 OK\r\n\r\n{body}").into());
        let chunked = Script::Say(
            format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{bytes:x}\r\n{body}\r\n0\r\n\r\n")
                .into(),
        );
        for script in [ok(&body), length_unknown, chunked] {
            assert_eq!(fetched(script, bounds).await.is_ok(), fits, "{bytes}");
        }
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off_and_its_server_notices() {
    let chunk = format!("1000\r\n{}\r\n", "a".repeat(4096));
    let script = Script::SayWithoutEnd(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(),
        chunk.into(),
    );
    let server = Server::start(script).await;
    let world = World::new(&["a.example"]).grant_server("a.example", &server);
    let url = format!("http://a.example:{}/", server.port());
    assert!(is_too_large(world.get(&url).await));
    server.ended().await;
}

#[tokio::test]
async fn a_call_that_is_given_up_ends_its_connection() {
    let server = Server::start(Script::SayAndWait(Vec::new())).await;
    let world = World::new(&["a.example"]).grant_server("a.example", &server);
    let url = format!("http://a.example:{}/", server.port());
    let given_up = tokio::time::timeout(std::time::Duration::from_millis(100), world.get(&url));
    assert!(given_up.await.is_err());
    server.ended().await;
}

#[tokio::test]
async fn the_size_that_head_tells_is_not_counted() {
    let length = ANSWER_BODY_BYTES_DEFAULT + 1;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
    let server = Server::start(Script::Say(head.into())).await;
    let world = World::new(&["a.example"]).grant_server("a.example", &server);
    let mut request = get(&format!("http://a.example:{}/", server.port()));
    request.method = "HEAD".to_owned();
    let response = world.send(request).await.unwrap();
    let told = ("content-length".to_owned(), length.to_string());
    assert!(response.headers.contains(&told));
    assert!(response.body.is_empty());
}

#[tokio::test]
async fn an_answer_that_says_it_is_too_large_is_not_waited_for() {
    let length = ANSWER_BODY_BYTES_DEFAULT + 1;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
    let script = Script::SayAndWait(head.into());
    assert!(is_too_large(fetched(script, Bounds::default()).await));
}

#[tokio::test]
async fn an_answer_has_up_to_sixty_four_headers() {
    // One more says the length.
    let of = |count: usize| answer("200 OK", &"A: b\r\n".repeat(count - 1), "");
    assert!(fetched(of(HEADERS_MAX), Bounds::default()).await.is_ok());
    let more = fetched(of(HEADERS_MAX + 1), Bounds::default()).await;
    assert!(is_too_large(more));
}

#[tokio::test]
async fn an_answers_header_has_up_to_eight_kibibytes() {
    let of = |bytes: usize| {
        let header = format!("A: {}\r\n", "b".repeat(bytes - 1));
        answer("200 OK", &header, "")
    };
    assert!(
        fetched(of(HEADER_BYTES_MAX), Bounds::default())
            .await
            .is_ok()
    );
    let more = fetched(of(HEADER_BYTES_MAX + 1), Bounds::default()).await;
    assert!(is_too_large(more));
}

#[tokio::test]
async fn an_answers_headers_have_up_to_128_kibibytes_together() {
    // Thirty-one of 4 KiB, and one that fills up.
    let of = |bytes: usize| {
        let whole = format!("A: {}\r\n", "b".repeat(4095)).repeat(31);
        let last = format!("A: {}\r\n", "b".repeat(bytes - 31 * 4096 - 1));
        Script::Say(format!("HTTP/1.1 200 OK\r\n{whole}{last}\r\n").into())
    };
    let most = fetched(of(ANSWER_HEADERS_BYTES_MAX), Bounds::default()).await;
    assert!(most.is_ok(), "{most:?}");
    let more = fetched(of(ANSWER_HEADERS_BYTES_MAX + 1), Bounds::default()).await;
    assert!(is_too_large(more));
    let endless = Script::SayWithoutEnd(b"HTTP/1.1 200 OK\r\nA: ".to_vec(), vec![b'b'; 4096]);
    assert!(is_too_large(fetched(endless, Bounds::default()).await));
}

#[tokio::test]
async fn a_slow_server_is_left_after_the_time_for_all_together() {
    let bounds = Bounds {
        total_ms_max: 150,
        ..Bounds::default()
    };
    for script in [
        Script::SayAndWait(Vec::new()),
        Script::SayAndWait(b"HTTP/1.1 200 OK\r\nContent-Le".to_vec()),
        Script::SayAndWait(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell".to_vec()),
        // Never a final answer, always something new.
        Script::SayWithoutEnd(Vec::new(), b"HTTP/1.1 103 Early Hints\r\n\r\n".to_vec()),
    ] {
        let error = fetched(script, bounds).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unavailable);
        assert!(
            error
                .to_string()
                .ends_with("no full answer within 150 ms; try again later"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_server_that_never_shakes_hands_is_left_after_the_time_to_connect() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let (_, pem) = crate::certificates::authority();
    let world = World::new(&["a.example"])
        .grant(format!("a.example:{port}@127.0.0.1"))
        .trust(&pem)
        .bounds(Bounds {
            connect_ms_max: 100,
            ..Bounds::default()
        });
    let error = world.get(&format!("https://a.example:{port}/")).await;
    assert_eq!(
        error.unwrap_err().to_string(),
        format!(
            "a.example:{port} can not be reached now: connecting takes too long; try again later"
        )
    );
}

#[tokio::test]
async fn a_name_that_is_never_found_is_left_after_the_time_for_all_together() {
    struct Never;
    impl guichet_outside::Resolve for Never {
        fn resolve<'a>(&'a self, _: &'a str) -> guichet_outside::Lookup<'a> {
            Box::pin(std::future::pending())
        }
    }
    let settings = guichet_outside::OutsideSettings::default();
    let outside = guichet_outside::Outside::new(settings, std::sync::Arc::new(Never)).unwrap();
    let allowed = guichet_outside::Allowed::parse("acme/x", ["a.example"]).unwrap();
    let bounds = Bounds {
        total_ms_max: 20,
        ..Bounds::default()
    };
    let secrets = |_: &str| None;
    let fetched = outside.fetch(&allowed, get("https://a.example/"), &secrets, bounds);
    assert_eq!(fetched.await.unwrap_err().kind(), Kind::Unavailable);
}

#[tokio::test]
async fn what_is_compressed_stays_so() {
    // A bomb of a kibibyte is a kibibyte here.
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00";
    let mut said = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".to_vec();
    said.extend_from_slice(gzip);
    let response = fetched(Script::Say(said), Bounds::default()).await.unwrap();
    assert_eq!(response.body, gzip);
}

#[tokio::test]
async fn what_is_no_answer_is_a_failure() {
    for said in [
        "SSH-2.0-OpenSSH_10.0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
        "",
    ] {
        let error = fetched(Script::Say(said.into()), Bounds::default()).await;
        assert_eq!(error.unwrap_err().kind(), Kind::Unavailable, "{said:?}");
    }
}
