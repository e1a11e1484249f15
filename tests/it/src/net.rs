//! Connections to servers outside: for jobs only, where the admin granted host and port.

use crate::desk::{TestDesk, on_both_databases};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const SERVER: &str = "[[egress]]\nhost = \"{settings.server}\"\nprotocol = \"net\"\nreason.en = \"Talks.\"\noptional = true\n\
    [[routes]]\npath = \"/\"\nmethods = [\"GET\", \"POST\"]\naccess = \"agent\"\nacts-as = \"plugin\"\n\
    [settings]\ntype = \"object\"\nproperties.deed = {}\nproperties.guard = {}\n\
    [settings.properties.server]\ntype = \"object\"\nproperties.host = { type = \"string\" }\nproperties.port = { type = \"integer\" }\n";

/// A server on loopback that answers with what it hears; its port.
async fn echo() -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut heard = [0; 100];
                while let Ok(count @ 1..) = stream.read(&mut heard).await {
                    drop(stream.write_all(&heard[..count]).await);
                }
            });
        }
    });
    port
}

/// What a job of the guest hears, when it says something; with more in its payload.
async fn heard(desk: &TestDesk, port: u16, more: Value) -> String {
    let number = desk.ticket("Talk").await;
    let ticket = desk.get(&format!("tickets/{number}")).await["id"].clone();
    let mut payload = json!({ "ticket": ticket, "port": port, "say": "hello" });
    if let (Some(payload), Some(more)) = (payload.as_object_mut(), more.as_object()) {
        payload.extend(more.clone());
    }
    let calls = json!([["jobs.enqueue", "talk", payload.to_string()]]);
    let url = format!("{}/t/acme/plugins/tests/talker/calls", desk.address);
    let asked = desk.client.post(url).bearer_auth(&desk.token).json(&calls);
    let answer = asked.send().await.unwrap().text().await.unwrap();
    assert!(answer.contains("ok"), "{answer}");
    desk.settle().await;
    desk.notes(number).await.join("; ")
}

on_both_databases! {
    async fn a_job_talks_to_a_server_that_was_granted_by_host_and_port_and_to_no_other(desk) {
        let port = echo().await;
        let settings = json!({ "deed": "rest", "server": { "host": "localhost", "port": port } });
        let shown = desk.guest_granted("talker", &["jobs", "tickets-write"], settings.clone(), SERVER).await;
        let refused = heard(&desk, port, json!({})).await;
        assert!(refused.contains("Denied") && refused.contains("guichet admin grant tests/talker net"), "{refused}");
        let grants = |net: &'static str| ["jobs", "tickets-write", net];
        let of_a_name = desk.consent(&shown, &grants("net:{settings.server}"), settings.clone()).await;
        assert_eq!(of_a_name.0, 200, "{}", of_a_name.1);
        let refused = heard(&desk, port, json!({})).await;
        assert!(refused.contains("loopback address") && refused.contains(&format!("net:localhost:{port}@ADDRESS")), "{refused}");
        let private = desk.consent(&shown, &grants("net:{settings.server}@127.0.0.1/32"), settings).await;
        assert_eq!(private.0, 200, "{}", private.1);
        assert_eq!(heard(&desk, port, json!({})).await, "hello");
        let other = echo().await;
        let refused = heard(&desk, other, json!({})).await;
        assert!(refused.contains(&format!("net:localhost:{other}")), "another port is another grant: {refused}");
    }

    async fn four_connections_are_held_at_a_time_and_no_more(desk) {
        let port = echo().await;
        let settings = json!({ "deed": "rest", "server": { "host": "localhost", "port": port } });
        desk.guest_granted("talker", &["jobs", "tickets-write", "net:{settings.server}@127.0.0.1/32"], settings, SERVER).await;
        assert_eq!(heard(&desk, port, json!({ "hoard": 4 })).await, "hello", "those that are given back are free again");
        let refused = heard(&desk, port, json!({ "hoard": 5 })).await;
        assert!(refused.contains("Limit") && refused.contains("more than 4 connections"), "{refused}");
    }

    async fn requests_hold_no_connections(desk) {
        let port = echo().await;
        let settings = json!({ "deed": "rest", "server": { "host": "localhost", "port": port } });
        desk.guest_granted("talker", &["net:{settings.server}@127.0.0.1/32"], settings, SERVER).await;
        let calls = json!([["net.connect", "localhost", port, false]]);
        let url = format!("{}/t/acme/plugins/tests/talker/calls", desk.address);
        let asked = desk.client.post(url).bearer_auth(&desk.token).json(&calls);
        let answer = asked.send().await.unwrap().text().await.unwrap();
        assert!(answer.contains("denied") && answer.contains("for jobs"), "{answer}");
    }
}
