//! Routes of plugins: what reaches them, what leaves them, and requests that are not lost.

use crate::desk::{TestDesk, on_both_databases};
use reqwest::Method;
use serde_json::{Value, json};

const OPEN: &str = "[[routes]]\npath = \"/\"\nmethods = [\"GET\", \"POST\"]\naccess = \"public\"\nacts-as = \"plugin\"\n";
const DURABLE: &str = "[[routes]]\npath = \"/\"\nmethods = [\"POST\"]\naccess = \"public\"\nacts-as = \"plugin\"\n\
     durable = { status = 202, body = \"taken\" }\n";

fn url(desk: &TestDesk, path: &str) -> String {
    format!("{}/t/acme/plugins/tests/{path}", desk.address)
}

async fn post(desk: &TestDesk, path: &str, body: &str) -> (u16, String) {
    let sent = desk
        .client
        .post(url(desk, path))
        .body(body.to_owned())
        .send()
        .await
        .unwrap();
    (sent.status().as_u16(), sent.text().await.unwrap())
}

async fn jobs(desk: &TestDesk, install: &Value) -> Vec<(String, String)> {
    let jobs = desk
        .get(&format!("plugins/{}/jobs", install["id"].as_str().unwrap()))
        .await;
    let items = jobs["items"].as_array().unwrap();
    let text = |job: &Value, key: &str| job[key].as_str().unwrap_or_default().to_owned();
    items
        .iter()
        .map(|job| (text(job, "name"), text(job, "state")))
        .collect()
}

on_both_databases! {
    async fn the_hosts_credentials_never_reach_a_plugin_and_what_acts_on_the_hosts_origin_never_leaves_one(desk) {
        desk.guest_granted("open", &[], json!({ "deed": "rest" }), OPEN).await;
        let told = desk.client.get(url(&desk, "open/headers"))
            .bearer_auth(&desk.token)
            .header("cookie", "__Host-guichet-acme=secret")
            .header("x-csrf-token", "secret")
            .header("proxy-authorization", "secret")
            .header("x-signature", "of the sender")
            .send().await.unwrap().text().await.unwrap();
        assert!(!told.contains("secret") && !told.contains(&desk.token), "{told}");
        assert!(told.contains("of the sender") && told.contains("from 127.0.0.1"), "{told}");
        assert!(told.contains(&format!("at {}/t/acme/plugins/tests/open/headers", desk.address)), "{told}");
        let answer = desk.client.get(url(&desk, "open/set-headers")).send().await.unwrap();
        let headers = answer.headers();
        for gone in ["set-cookie", "service-worker-allowed", "access-control-allow-origin", "clear-site-data", "x-accel-redirect", "x-sendfile"] {
            assert!(!headers.contains_key(gone), "{gone}: {headers:?}");
        }
        assert_eq!(headers.get_all("content-security-policy").iter().count(), 1);
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("sandbox") && !policy.contains("allow-same-origin"), "{policy}");
        assert_eq!((headers["content-type"].to_str().unwrap(), headers["x-plugins-own"].to_str().unwrap()), ("text/html", "kept"));
    }

    async fn a_durable_request_to_a_plugin_that_does_not_run_is_answered_as_declared_and_handled_when_it_does(desk) {
        let install = desk.guest_granted("durable", &["tickets-read", "tickets-write"], json!({ "deed": "rest" }), DURABLE).await;
        let number = desk.ticket("Kept").await;
        let id = desk.get(&format!("tickets/{number}")).await["id"].as_str().unwrap().to_owned();
        let note = format!("durable/note?id={id}");
        assert_eq!(post(&desk, &note, "at once").await, (200, "noted".to_owned()), "a plugin that answers well answers itself");
        let enablement = format!("plugins/{}/enablement", install["id"].as_str().unwrap());
        assert_eq!(desk.call(Method::DELETE, &enablement, None).await.0, 204);
        assert_eq!(post(&desk, &note, "meanwhile").await, (202, "taken".to_owned()));
        desk.settle().await;
        assert_eq!(desk.notes(number).await, ["at once"]);
        assert_eq!(desk.call(Method::PUT, &enablement, None).await.0, 204);
        for _ in 0..12 {
            desk.pass_seconds(3_600).await;
        }
        assert_eq!(desk.notes(number).await, ["at once", "meanwhile"], "once each");
        assert_eq!(jobs(&desk, &install).await, []);
    }

    async fn a_durable_request_that_keeps_failing_rests_with_its_reason_and_can_be_revived(desk) {
        let install = desk.guest_granted("fails", &[], json!({ "deed": "rest" }), DURABLE).await;
        assert_eq!(post(&desk, "fails/break", "precious").await, (202, "taken".to_owned()));
        for _ in 0..12 {
            desk.pass_seconds(6 * 3_600).await;
        }
        let [(name, state)] = &jobs(&desk, &install).await[..] else { panic!("it is there, once") };
        assert_eq!((name.as_str(), state.as_str()), ("request", "dead"));
        let listed = desk.get(&format!("plugins/{}/jobs", install["id"].as_str().unwrap())).await;
        let job = &listed["items"][0];
        assert!(job["reason"].as_str().unwrap().contains("as told"), "{job}");
        assert_eq!(desk.call(Method::PUT, &format!("jobs/{}/revival", job["id"].as_str().unwrap()), None).await.0, 204);
    }

    async fn who_comes_too_often_is_told_when_to_come_again(desk) {
        desk.guest_granted("open", &[], json!({ "deed": "rest" }), OPEN).await;
        let desk = desk.as_another(|settings| settings.route_burst = 1.0).await;
        assert_eq!(post(&desk, "open/headers", "x").await.0, 200);
        let all = (0..50).map(|_| desk.client.get(url(&desk, "open/headers")).send());
        let refused = futures::future::join_all(all).await.into_iter().map(Result::unwrap).find(|answer| answer.status() == 503);
        assert_eq!(refused.expect("fifty at once are too many").headers()["retry-after"], "1");
    }

    async fn of_a_large_body_nothing_is_kept_that_nothing_names(desk) {
        desk.guest_granted("open", &[], json!({ "deed": "rest" }), OPEN).await;
        desk.guest_granted("durable", &[], json!({ "deed": "rest" }), DURABLE).await;
        let large = "x".repeat(2 << 20);
        assert_eq!(post(&desk, "open/headers", &large).await.0, 200);
        assert_eq!(post(&desk, "open//headers", "x").await.0, 404, "an empty part is no way around a route");
        assert_eq!(post(&desk, "durable/headers", &large).await.0, 200);
        assert_eq!(post(&desk, "durable/break", &large).await.0, 202);
        desk.settle().await;
        assert_eq!(desk.rows_of("files").await, 1, "of what is still to be done, one");
        desk.plugin("email", json!({})).await;
        let mail = format!("From: Ana <ana@trade.example>\r\nTo: support@desk.example\r\nSubject: Large\r\nMessage-ID: <1@trade.example>\r\n\r\n{}", "a line\r\n".repeat(300_000));
        assert_eq!(desk.mail(mail.clone()).await.0, 201);
        let source = desk.messages(1).await[0]["fields"]["source"].as_str().unwrap().to_owned();
        let kept = desk.request(Method::GET, &format!("files/{source}")).send().await.unwrap().bytes().await.unwrap();
        assert!(kept == mail, "what a ticket names is kept: {} bytes", kept.len());
        assert_eq!(desk.rows_of("files").await, 2, "and kept once");
    }

    async fn a_request_that_is_not_durable_fails_openly_and_leaves_nothing(desk) {
        let install = desk.guest_granted("plain", &[], json!({ "deed": "rest" }), OPEN).await;
        let (status, answer) = post(&desk, "plain/break", "x").await;
        assert!(status == 502 && answer.contains("its runs tell more"), "{answer}");
        assert_eq!(jobs(&desk, &install).await, []);
    }

    async fn an_install_keeps_as_many_bytes_of_records_as_it_may_and_not_one_more(desk) {
        let install = desk.guest_with("keeps", json!({ "deed": "rest" }), OPEN).await;
        let desk = desk.as_another(|settings| settings.record_bytes_max = 1_000).await;
        // Keys are of one byte, and count.
        let wanted = "keep?a=499&b=499&c=2&b=0&c=2&d=496&d=497";
        assert_eq!(desk.route("keeps", wanted).await, (200, "kept kept limit kept kept kept limit".to_owned()));
        let store = desk.desk.store.tenant(desk.tenant.id);
        assert_eq!(store.record_bytes(install).await.unwrap(), 1_000);
        // What was committed counts; what is written anew with the same size takes nothing more.
        assert_eq!(desk.route("keeps", wanted).await, (200, "kept limit kept kept kept kept limit".to_owned()));
        assert_eq!(store.record_bytes(install).await.unwrap(), 1_000);
    }
}
