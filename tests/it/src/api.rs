//! What agents do over the API, and what they may not.

use crate::desk::{PASSWORD, on_both_databases};
use guichet_core::{ticket::Ticket, time::Timestamp};
use guichet_store::limits::SEARCH_WORDS_MAX;
use reqwest::Method;
use serde_json::json;

on_both_databases! {
    async fn an_agent_works_a_ticket_from_new_to_solved_and_back(desk) {
        let number = desk.ticket("Printer on fire").await;
        let path = |what: &str| format!("tickets/{number}/{what}");
        let me = desk.admin.to_string();
        let (_, ticket) = desk.call(Method::PUT, &path("assignment"), Some(json!({ "assignee": me, "group": null }))).await;
        assert_eq!((&ticket["state"], &ticket["assignee"]["name"]), (&json!("open"), &json!("Bo")));
        let (_, ticket) = desk.call(Method::PUT, &path("pending"), Some(json!({ "reason": "the spare part", "until": null }))).await;
        assert_eq!((&ticket["state"], &ticket["pending_reason"]), (&json!("pending"), &json!("the spare part")));
        let (_, ticket) = desk.call(Method::DELETE, &path("pending"), None).await;
        assert_eq!(ticket["state"], "open");
        let (_, ticket) = desk.call(Method::PUT, &path("priority"), Some(json!({ "impact": 1, "urgency": 1 }))).await;
        assert_eq!(ticket["priority"], 1);
        let (_, ticket) = desk.call(Method::PUT, &path("tags"), Some(json!({ "tags": ["fire", "printer"] }))).await;
        assert_eq!(ticket["tags"], json!(["fire", "printer"]));
        let (status, _) = desk.call(Method::POST, &path("messages"), Some(json!({ "visibility": "public", "text": "It is out." }))).await;
        assert_eq!(status, 201);
        let (_, ticket) = desk.call(Method::PUT, &path("solution"), Some(json!({}))).await;
        assert_eq!(ticket["state"], "solved");
        let version = ticket["version"].clone();
        let (_, ticket) = desk.call(Method::PUT, &path("solution"), Some(json!({}))).await;
        assert_eq!(ticket["version"], version, "solving twice changes nothing");
        let (_, ticket) = desk.call(Method::DELETE, &path("solution"), None).await;
        assert_eq!(ticket["state"], "open");
        let (status, problem) = desk.call(Method::DELETE, &path("pending"), None).await;
        assert_eq!(status, 200, "resuming an open ticket changes nothing: {problem}");
    }

    async fn any_past_state_folded_from_the_log_is_the_state_that_was(desk) {
        let number = desk.ticket("To be folded").await;
        let path = |what: &str| format!("tickets/{number}/{what}");
        let store = desk.desk.store.tenant(desk.tenant.id);
        let mut seen = vec![store.ticket_by_number(number).await.unwrap().unwrap()];
        for (method, what, body) in [
            (Method::PUT, "assignment", Some(json!({ "assignee": desk.admin, "group": null }))),
            (Method::PUT, "tags", Some(json!({ "tags": ["a", "b"] }))),
            (Method::PUT, "pending", Some(json!({ "reason": "x", "until": "2030-01-01T00:00:00Z" }))),
            (Method::POST, "messages", Some(json!({ "visibility": "internal", "text": "y" }))),
            (Method::PUT, "tags", Some(json!({ "tags": ["b"] }))),
            (Method::PUT, "solution", Some(json!({}))),
            (Method::DELETE, "solution", None),
        ] {
            desk.call(method, &path(what), body).await;
            seen.push(store.ticket_by_number(number).await.unwrap().unwrap());
        }
        let first = &seen[0];
        let mut folded = Ticket::blank(first.id, first.requester, Timestamp(0));
        let mut states = Vec::new();
        for event in store.history(first.id).await.unwrap() {
            folded.version += 1;
            assert_eq!(event.draft.ticket_version, Some(folded.version));
            if folded.version == 1 {
                folded.created_at = event.draft.at;
            }
            folded.updated_at = event.draft.at;
            event.draft.changes.iter().for_each(|change| folded.apply(change));
            states.push(folded.clone());
        }
        for ticket in &seen {
            assert!(states.contains(ticket), "{ticket:?}");
        }
        assert_eq!(states.last(), seen.last());
    }

    async fn a_stale_version_is_refused_and_a_fresh_one_is_not(desk) {
        let number = desk.ticket("Race").await;
        let put = |version: &str| desk.request(Method::PUT, &format!("tickets/{number}/tags")).header("if-match", version.to_owned()).json(&json!({ "tags": [version] })).send();
        assert_eq!(put("\"1\"").await.unwrap().status(), 200);
        let stale = put("\"1\"").await.unwrap();
        assert_eq!((stale.status().as_u16(), stale.headers()["content-type"].to_str().unwrap()), (412, "application/problem+json"));
        assert_eq!(put("\"2\"").await.unwrap().status(), 200);
        assert_eq!(put("nonsense").await.unwrap().status(), 400);
    }

    async fn bad_input_is_a_clear_4xx_and_never_a_5xx(desk) {
        let number = desk.ticket("Robust").await;
        let ticket = |subject: &str, email: &str| json!({ "subject": subject, "text": "x", "requester": { "email": email } });
        for (method, path, body, wanted) in [
            (Method::POST, "tickets".to_owned(), Some(ticket("", "a@b.example")), 422),
            (Method::POST, "tickets".to_owned(), Some(ticket(&"x".repeat(501), "a@b.example")), 422),
            (Method::POST, "tickets".to_owned(), Some(ticket(&"x".repeat(500), "a@b.example")), 201),
            (Method::POST, "tickets".to_owned(), Some(ticket("x", "no address")), 422),
            (Method::POST, "tickets".to_owned(), Some(ticket("NUL \0 inside", "a@b.example")), 201),
            (Method::POST, "tickets".to_owned(), Some(json!({ "subject": "x", "unknown": 1 })), 422),
            (Method::POST, format!("tickets/{number}/messages"), Some(json!({ "visibility": "public", "text": "NUL \0 inside" })), 422),
            (Method::POST, format!("tickets/{number}/messages"), Some(json!({ "visibility": "secret", "text": "x" })), 422),
            (Method::POST, format!("tickets/{number}/messages"), Some(json!({ "visibility": "public", "text": " " })), 422),
            (Method::PUT, format!("tickets/{number}/priority"), Some(json!({ "impact": 0, "urgency": 1 })), 422),
            (Method::PUT, format!("tickets/{number}/tags"), Some(json!({ "tags": ["x".repeat(101)] })), 422),
            (Method::PUT, format!("tickets/{number}/assignment"), Some(json!({ "assignee": uuid::Uuid::nil(), "group": null })), 422),
            (Method::GET, "tickets/999999".to_owned(), None, 404),
            (Method::GET, "tickets/0".to_owned(), None, 404),
            (Method::GET, "tickets/18446744073709551615".to_owned(), None, 404),
            (Method::GET, "tickets/-1".to_owned(), None, 404),
            (Method::GET, "tickets?state=lost".to_owned(), None, 400),
            (Method::GET, "tickets?cursor=x".to_owned(), None, 400),
            (Method::GET, "tickets?limit=x".to_owned(), None, 400),
            (Method::GET, "tickets?q=%25_%5C%27%3B--".to_owned(), None, 200),
            (Method::GET, "tickets?q=%00".to_owned(), None, 422),
            (Method::GET, "nothing".to_owned(), None, 404),
        ] {
            let (status, answer) = desk.call(method.clone(), &path, body).await;
            assert_eq!(status, wanted, "{method} {path}: {answer}");
        }
    }

    async fn lists_are_paged_filtered_and_searched(desk) {
        for n in 0..5 {
            desk.ticket(&format!("Number {n} 打印机 100%")).await;
        }
        desk.settle().await;
        let page = desk.get("tickets?limit=2").await;
        let rest = desk.get(&format!("tickets?limit=5&cursor={}", page["next"].as_str().unwrap())).await;
        let numbers = |page: &serde_json::Value| page["items"].as_array().unwrap().iter().map(|ticket| ticket["number"].as_u64().unwrap()).collect::<Vec<_>>();
        assert_eq!((numbers(&page), numbers(&rest), &rest["next"]), (vec![5, 4], vec![3, 2, 1], &json!(null)));
        assert_eq!(numbers(&desk.get("tickets?q=number%200").await), [1]);
        assert_eq!(numbers(&desk.get("tickets?q=%E6%89%93%E5%8D%B0").await).len(), 5, "打印");
        assert_eq!(numbers(&desk.get("tickets?q=100%25").await).len(), 5, "a percent sign is no wildcard");
        assert_eq!(numbers(&desk.get("tickets?q=1%25").await).len(), 5, "the last word may be a beginning");
        assert_eq!(numbers(&desk.get("tickets?q=00").await), [0_u64; 0]);
        assert_eq!(numbers(&desk.get("tickets?q=--").await), [0_u64; 0], "nothing to look for finds nothing");
        assert_eq!(numbers(&desk.get("tickets?q=help%20please").await).len(), 5, "messages, in any order");
        let page = desk.get("tickets?q=please&limit=3").await;
        let rest = desk.get(&format!("tickets?q=please&limit=3&cursor={}", page["next"].as_str().unwrap())).await;
        assert_eq!((numbers(&page), numbers(&rest)), (vec![5, 4, 3], vec![2, 1]));
        assert_eq!(numbers(&desk.get("tickets?state=open").await), [0_u64; 0]);
        desk.call(Method::PUT, "tickets/2/assignment", Some(json!({ "assignee": desk.admin, "group": null }))).await;
        assert_eq!(numbers(&desk.get("tickets?assignee=me").await), [2]);
        assert_eq!(numbers(&desk.get("tickets?state=open").await), [2]);
    }

    async fn words_of_any_script_are_found_by_their_beginning_however_many_begin_so(desk) {
        for subject in ["กินข้าวแล้ว", "पानी गरम नहीं", "Ünal's Straße", "ʻokina"] {
            desk.ticket(subject).await;
        }
        let words: Vec<_> = (0..SEARCH_WORDS_MAX + 1).map(|number| format!("w{number:x}")).collect();
        let wish = json!({ "subject": "Many", "text": words.join(" "), "requester": { "name": "Ana", "email": "ana@trade.example" } });
        assert_eq!(desk.call(Method::POST, "tickets", Some(wish)).await.0, 201);
        desk.settle().await;
        for (words, wanted) in [("กิน", vec![1]), ("पानी", vec![2]), ("गरम पा", vec![2]), ("strass", vec![]), ("straß", vec![3]), ("ünal s", vec![3]), ("ʻok", vec![4]), ("w1", vec![5]), ("w", vec![5])] {
            let mut url = reqwest::Url::parse("http://localhost/tickets").unwrap();
            url.query_pairs_mut().append_pair("q", words);
            let page = desk.get(&format!("tickets?{}", url.query().unwrap())).await;
            let found: Vec<_> = page["items"].as_array().unwrap().iter().map(|ticket| ticket["number"].as_u64().unwrap()).collect();
            assert_eq!(found, wanted, "{words}");
        }
    }

    async fn people_sign_in_with_a_session_whose_changes_need_the_csrf_token(desk) {
        let url = |path: &str| format!("{}/t/acme/api/v1/{path}", desk.address);
        let wrong = desk.client.post(url("session")).json(&json!({ "email": "bo@acme.example", "password": "wrong" })).send().await.unwrap();
        assert_eq!(wrong.status(), 401);
        let nobody = desk.client.post(url("session")).json(&json!({ "email": "no@acme.example", "password": "wrong" })).send().await.unwrap();
        assert_eq!(wrong.text().await.unwrap(), nobody.text().await.unwrap(), "nobody learns who has an account");
        let signed_in = desk.client.post(url("session")).json(&json!({ "email": "BO@acme.example", "password": PASSWORD })).send().await.unwrap();
        let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().to_owned();
        assert!(cookie.starts_with("__Host-guichet-acme=") && cookie.contains("HttpOnly; SameSite=Lax") && cookie.contains("Secure"), "{cookie}");
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let csrf = signed_in.json::<serde_json::Value>().await.unwrap()["csrf_token"].as_str().unwrap().to_owned();
        let number = desk.ticket("Session").await;
        let put = || desk.client.put(url(&format!("tickets/{number}/tags"))).header("cookie", &cookie).json(&json!({ "tags": [] }));
        assert_eq!(put().send().await.unwrap().status(), 403);
        assert_eq!(put().header("x-csrf-token", "guess").send().await.unwrap().status(), 403);
        assert_eq!(put().header("x-csrf-token", &csrf).send().await.unwrap().status(), 200);
        let get = || desk.client.get(url("session")).header("cookie", &cookie).send();
        assert_eq!(get().await.unwrap().status(), 200);
        desk.client.delete(url("session")).header("cookie", &cookie).header("x-csrf-token", &csrf).send().await.unwrap();
        assert_eq!(get().await.unwrap().status(), 401);
    }

    async fn a_session_ends_after_twelve_hours(desk) {
        let url = format!("{}/t/acme/api/v1/session", desk.address);
        let signed_in = desk.client.post(&url).json(&json!({ "email": "bo@acme.example", "password": PASSWORD })).send().await.unwrap();
        let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        desk.clock.advance_milliseconds(12 * 3_600_000 - 60_000);
        assert_eq!(desk.client.get(&url).header("cookie", &cookie).send().await.unwrap().status(), 200);
        desk.clock.advance_milliseconds(60_000);
        assert_eq!(desk.client.get(&url).header("cookie", &cookie).send().await.unwrap().status(), 401);
    }

    async fn a_request_that_is_sent_again_with_its_key_makes_nothing_twice(desk) {
        let send = async |key: &str, subject: &str| {
            let wish = json!({ "subject": subject, "text": "x", "requester": { "email": "ana@trade.example" } });
            let answer = desk.request(Method::POST, "tickets").header("idempotency-key", key).json(&wish).send().await.unwrap();
            (answer.status().as_u16(), answer.json::<serde_json::Value>().await.unwrap())
        };
        let (status, first) = send("one", "Printer").await;
        assert_eq!((status, &first["number"]), (201, &json!(1)));
        assert_eq!(send("one", "Printer").await, (201, first), "the same answer");
        assert_eq!(send("one", "Another").await.0, 422, "a key is for one request");
        assert_eq!(send("two", "Printer").await.1["number"], 2);
        assert_eq!(send("", "Printer").await.0, 422);
        assert_eq!(send(&"k".repeat(101), "Printer").await.0, 422);
        assert_eq!(send(&"k".repeat(100), "Printer").await.0, 201);
        let at_once = (0..10).map(|_| send("crowd", "Crowd"));
        let mut numbers: Vec<_> = futures::future::join_all(at_once).await.into_iter().map(|(status, ticket)| (status, ticket["number"].clone())).collect();
        numbers.dedup();
        assert_eq!(numbers.len(), 1, "{numbers:?}");
        desk.clock.advance_milliseconds(86_400_001);
        send("three", "Sweeps").await;
        assert_eq!(send("one", "Printer").await.1["number"], 6, "a day later it is a new request");
    }

    async fn twenty_agents_at_once_on_one_ticket_lose_nothing(desk) {
        let number = desk.ticket("Crowd").await;
        let says = (0..20).map(|n| desk.request(Method::POST, &format!("tickets/{number}/messages")).json(&json!({ "visibility": "internal", "text": format!("note {n}") })).send());
        let running: Vec<_> = says.map(tokio::spawn).collect();
        let mut acknowledged = 0;
        for answer in running {
            acknowledged += usize::from(answer.await.unwrap().unwrap().status() == 201);
        }
        assert_eq!(desk.messages(number).await.len(), 1 + acknowledged);
        assert!(acknowledged >= 10, "{acknowledged}");
    }
}
