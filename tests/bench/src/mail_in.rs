//! From mails in a real Dovecot to committed tickets: the mail plugin fetches, reads and takes in, by IMAP over TLS; against a client that fetches the same mails
//! from the same server and does nothing with them.

use crate::results::{Measure, median};
use anyhow::{Context, ensure};
use guichet::{
    admin::{self, operator},
    clock::Clock,
    config::Place,
    desk::{Desk, DeskSettings},
    dispatch::Dispatch,
    due::Due,
    plugins::lifecycle,
};
use guichet_mail_servers::{MailServers, PASSWORD};
use guichet_outside::Roots;
use serde_json::{Value, json};
use std::{path::Path, time::Instant};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

const MAILBOXES: usize = 4;

/// In each mailbox, each round.
const MAILS: usize = 250;

const ROUNDS: usize = 3;

fn address(mailbox: usize) -> String {
    format!("desk{mailbox}@desk.example")
}

/// Some kilobytes of text and looks, as most mails are.
fn mail(round: usize, mailbox: usize, number: usize) -> String {
    let name = format!("{round}-{mailbox}-{number}");
    // Many mails that say the same are held back.
    let text =
        format!("The printer {name} on the third floor has been on fire since this morning.\n")
            .repeat(12);
    let html = format!("<p>{}</p>", text.replace('\n', "<br>"));
    format!(
        "From: Ana Torres <ana{name}@trade.example>\nTo: {}\nSubject: Printer {name}\nMessage-ID: <{name}@trade.example>\nDate: Mon, 23 Nov 2026 09:00:00 +0100\n\
         MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n--b\n\
         Content-Type: text/html; charset=utf-8\n\n{html}\n--b--\n",
        address(mailbox)
    )
}

fn settings(servers: &MailServers) -> Value {
    let mailboxes: Vec<_> = (0..MAILBOXES)
        .map(|mailbox| {
            let user = address(mailbox);
            json!({
                "address": user, "name": "Support",
                "incoming": { "host": "localhost", "port": servers.imap.tls, "security": "tls", "user": user, "password": PASSWORD },
                "outgoing": { "host": "localhost", "port": servers.smtp.tls, "security": "tls", "user": user, "password": PASSWORD },
            })
        })
        .collect();
    json!({ "mailboxes": mailboxes })
}

/// Fetches all mails of a mailbox; how many.
async fn fetch_all(port: u16, mailbox: usize) -> anyhow::Result<usize> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let login = format!("a LOGIN {} {PASSWORD}\r\n", address(mailbox));
    let mut found = 0;
    for command in [
        "",
        &login,
        "a SELECT INBOX\r\n",
        "a UID FETCH 1:* (UID FLAGS BODY.PEEK[])\r\n",
    ] {
        stream.get_mut().write_all(command.as_bytes()).await?;
        loop {
            let mut line = String::new();
            ensure!(stream.read_line(&mut line).await? > 0, "Dovecot hung up");
            if let Some((_, bytes)) = line.trim_end().rsplit_once('{') {
                let mut content = vec![0; bytes.trim_end_matches('}').parse()?];
                stream.read_exact(&mut content).await?;
                found += 1;
            }
            if command.is_empty() || line.starts_with("a ") {
                ensure!(!line.starts_with("a NO"), "{line}");
                break;
            }
        }
    }
    Ok(found)
}

pub(crate) async fn measure(root: &Path, data: &Path) -> anyhow::Result<Vec<Measure>> {
    let servers = MailServers::start();
    let place = Place {
        database: None,
        data: data.join("mail_in"),
        master_key_file: None,
    };
    let mut wanted = DeskSettings::at(place);
    wanted.outside.roots = Roots::ExtraOnly;
    wanted.outside.extra_roots_pem = servers.root_pem.clone().into_bytes();
    let desk = Desk::start(wanted, Clock::default()).await?;
    let tenant = admin::ensure_tenant(&desk, "bench", "Bench", "UTC")
        .await?
        .id;
    let operator = operator(&desk, tenant).await?;
    let folder = root.join("target/plugins/email");
    let manifest = std::fs::read_to_string(folder.join("plugin.toml"))?;
    let component = std::fs::read(folder.join("dist/plugin.wasm"))?;
    (0..MAILBOXES).for_each(|mailbox| servers.make(&address(mailbox)));
    lifecycle::install(&desk, &operator, &manifest, &component, settings(&servers)).await?;
    for way in ["incoming", "outgoing"] {
        let grant = format!("net:{{settings.mailboxes[].{way}}}@127.0.0.0/8");
        lifecycle::grant(&desk, &operator, "guichet/email", &grant).await?;
    }
    Dispatch::settled(&desk, tenant).await;
    let store = desk.store.tenant(tenant);
    let (mut rates, mut floors) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        for mailbox in 0..MAILBOXES {
            for number in 0..MAILS {
                let name = format!("{round}-{number:04}");
                servers.put(&address(mailbox), &name, &mail(round, mailbox, number));
            }
        }
        let begun = Instant::now();
        let fetched = fetch_everything(servers.imap.plain).await?;
        ensure!(
            fetched == round * MAILBOXES * MAILS,
            "Dovecot has {fetched}"
        );
        floors.push(fetched as f64 / begun.elapsed().as_secs_f64());
        let last = (round * MAILBOXES * MAILS) as u64;
        let begun = Instant::now();
        while store.ticket_by_number(last).await?.is_none() {
            ensure!(begun.elapsed().as_secs() < 300, "mails are not taken in");
            // The schedule's next minute.
            desk.clock.advance_milliseconds(60_000);
            Due::settled(&desk).await.context("what is due")?;
        }
        rates.push((MAILBOXES * MAILS) as f64 / begun.elapsed().as_secs_f64());
    }
    Ok(vec![Measure {
        name: "mail_in_per_s",
        value: median(rates),
        unit: "/s",
        target: "",
        floor: Some(median(floors)),
        note: "mails of some kilobytes in four mailboxes of a real Dovecot, fetched over TLS, read, and committed as tickets; floor: a client that fetches them in clear and drops them",
    }])
}

/// All mailboxes at once; how many mails.
async fn fetch_everything(port: u16) -> anyhow::Result<usize> {
    let mut running = tokio::task::JoinSet::new();
    (0..MAILBOXES).for_each(|mailbox| drop(running.spawn(fetch_all(port, mailbox))));
    let mut found = 0;
    while let Some(one) = running.join_next().await {
        found += one??;
    }
    Ok(found)
}
