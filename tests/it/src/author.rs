//! A plugin's whole life, by the tool, the API and the operator's commands alone: made outside the repository, built, tested, packed, signed, published, found,
//! consented to, enabled, handling an event, updated with a new permission, rolled back, revoked.

use crate::{
    desk::PASSWORD,
    operator::admin,
    place::{Database, Folder, place},
    process::{Server, run},
};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::{fs, path::Path, time::Duration};
use tokio::sync::Mutex;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_is_made_published_installed_updated_rolled_back_and_revoked_on_sqlite() {
    live(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_is_made_published_installed_updated_rolled_back_and_revoked_on_postgres() {
    live(Database::Postgres).await;
}

/// Runs the program, which must go well; what it said.
fn guichet(folder: &Path, arguments: &[&str]) -> String {
    let (well, said) = run(folder, arguments);
    assert!(well, "guichet {}: {said}", arguments.join(" "));
    said
}

/// The first word that begins so.
fn word(said: &str, begins: &str) -> String {
    let mut words = said.split_whitespace();
    words
        .find(|word| word.starts_with(begins))
        .unwrap_or_else(|| panic!("{said}"))
        .to_owned()
}

/// Speaks to a tenant's API as its admin.
struct Admin {
    client: Client,
    api: String,
    token: String,
}

impl Admin {
    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let request = self
            .client
            .request(method, format!("{}/{path}", self.api))
            .bearer_auth(&self.token);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (
            status,
            serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default(),
        )
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call(Method::GET, path, None).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    async fn consent(&self, install: &Value, digest: &Value, grants: &[&str]) -> Value {
        let path = format!("plugins/{}/consent", install["id"].as_str().unwrap());
        let yes = json!({ "digest": digest, "grants": grants, "settings": { "words": ["lost"], "tag": "parcel" } });
        let (status, install) = self.call(Method::PUT, &path, Some(yes)).await;
        assert_eq!(status, 200, "{install}");
        install
    }

    /// Makes a ticket, and waits until the plugin has tagged it.
    async fn ticket_is_tagged(&self, subject: &str) {
        let wish = json!({ "subject": subject, "text": "x", "requester": { "email": "ana@trade.example" } });
        let (status, ticket) = self.call(Method::POST, "tickets", Some(wish)).await;
        assert_eq!(status, 201, "{ticket}");
        let path = format!("tickets/{}", ticket["number"]);
        let tagged = async {
            let mut looks = tokio::time::interval(Duration::from_millis(20));
            while self.get(&path).await["tags"] != json!(["parcel"]) {
                looks.tick().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), tagged)
            .await
            .expect("the plugin tags the ticket");
    }
}

/// The next version counts what it saw, for which it needs another permission.
fn write_next_version(plugin: &Path) {
    let edit = |file: &str, from: &str, to: &str| {
        let path = plugin.join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has {from}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
    };
    edit("plugin.toml", "version = \"0.1.0\"", "version = \"0.2.0\"");
    edit(
        "src/lib.rs",
        "        tickets_write::add_tags",
        "        guichet_sdk::records::add(\"seen\", \"parcels\", \"/count\", 1.0)?;\n        tickets_write::add_tags",
    );
}

/// Both databases' plugins have the same name, and are built in one target folder: built at once, one would be taken for the other.
static BUILDING: Mutex<()> = Mutex::const_new(());

async fn live(database: Database) {
    let _alone = BUILDING.lock().await;
    let folder = Folder::new();
    let work = folder.0.as_path();
    // The marketplace's operator lets the publisher in.
    let market = work.join("market").display().to_string();
    guichet(
        work,
        &[
            "marketplace",
            "init",
            "--data",
            &market,
            "--name",
            "Test market",
        ],
    );
    let market_key = word(
        &guichet(work, &["marketplace", "key", "--data", &market]),
        "ed25519:",
    );
    let publisher_key = word(
        &guichet(work, &["plugin", "key", "new", "acme.key"]),
        "ed25519:",
    );
    guichet(
        work,
        &[
            "marketplace",
            "publisher",
            "add",
            "--data",
            &market,
            "acme",
            &publisher_key,
        ],
    );
    let marketplace = Server::marketplace(Path::new(&market));

    // The author, in a folder of his own.
    guichet(work, &["plugin", "new", "acme/parcels"]);
    let plugin = work.join("parcels");
    let said = guichet(&plugin, &["plugin", "test"]);
    assert!(said.contains("1 of 1 scenarios are as expected"), "{said}");
    let said = guichet(&plugin, &["plugin", "check"]);
    assert!(
        said.contains("tickets-read") && said.contains("tickets-write"),
        "{said}"
    );
    let publish = || {
        guichet(&plugin, &["plugin", "pack"]);
        guichet(&plugin, &["plugin", "sign", "--key", "../acme.key"]);
        guichet(
            &plugin,
            &["plugin", "publish", "--to", &marketplace.address],
        );
    };
    publish();

    // An admin of another organisation.
    let place = place(database, &folder).await;
    let create = [
        "create",
        "--tenant",
        "acme",
        "--name",
        "Bo",
        "--email",
        "bo@acme.example",
    ];
    assert!(admin(&place, &create, PASSWORD).0);
    let token = admin(
        &place,
        &[
            "token",
            "--tenant",
            "acme",
            "--name",
            "t",
            "--scope",
            "api",
            "--agent",
            "bo@acme.example",
        ],
        "",
    )
    .1;
    let trusts = [
        "--marketplace",
        &marketplace.address,
        "--marketplace-key",
        &market_key,
    ];
    let server = Server::start_with(&place, &trusts);
    let bo = Admin {
        client: Client::new(),
        api: format!("{}/t/acme/api/v1", server.address),
        token,
    };
    let found = bo.get("marketplace/plugins?q=parcels").await;
    assert_eq!(
        (
            &found["items"][0]["id"],
            &found["items"][0]["versions"][0]["version"]
        ),
        (&json!("acme/parcels"), &json!("0.1.0")),
        "{found}"
    );
    let (status, install) = bo
        .call(
            Method::POST,
            "plugins",
            Some(json!({ "marketplace": "acme/parcels@^0.1" })),
        )
        .await;
    assert_eq!(
        (status, &install["state"], &install["source"]["kind"]),
        (201, &json!("staged"), &json!("marketplace")),
        "{install}"
    );
    let first = ["tickets-read", "tickets-write"];
    let install = bo.consent(&install, &install["digest"], &first).await;
    let path = format!("plugins/{}", install["id"].as_str().unwrap());
    assert_eq!(
        bo.call(Method::PUT, &format!("{path}/enablement"), None)
            .await
            .0,
        204
    );
    bo.ticket_is_tagged("A parcel is lost").await;

    // An update with a new permission: `check` tells what the manifest lacks, the admin is asked, the old version runs meanwhile.
    write_next_version(&plugin);
    let (well, said) = run(&plugin, &["plugin", "check"]);
    assert!(!well && said.contains("records"), "{said}");
    let manifest = fs::read_to_string(plugin.join("plugin.toml")).unwrap();
    let more = "[[permissions]]\nname = \"records\"\nreason.en = \"Counts parcels.\"\n\n[[collections]]\nname = \"seen\"\n\n[[events]]";
    fs::write(
        plugin.join("plugin.toml"),
        manifest.replacen("[[events]]", more, 1),
    )
    .unwrap();
    publish();
    bo.call(
        Method::POST,
        "plugins",
        Some(json!({ "marketplace": "acme/parcels" })),
    )
    .await;
    let (status, waits) = bo
        .call(Method::POST, &format!("{path}/upgrade"), None)
        .await;
    assert_eq!(
        (
            status,
            &waits["version"],
            &waits["pending"]["version"],
            &waits["pending"]["new_required"]
        ),
        (200, &json!("0.1.0"), &json!("0.2.0"), &json!(["records"])),
        "{waits}"
    );
    bo.ticket_is_tagged("Another one is lost").await;
    let runs = bo
        .consent(
            &waits,
            &waits["pending"]["digest"],
            &["tickets-read", "tickets-write", "records"],
        )
        .await;
    assert_eq!(
        (&runs["version"], &runs["state"]),
        (&json!("0.2.0"), &json!("enabled"))
    );
    bo.ticket_is_tagged("A third one is lost").await;
    let exported = bo
        .client
        .get(format!("{}/{path}/export", bo.api))
        .bearer_auth(&bo.token)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(exported.contains("\"count\":1"), "{exported}");

    let (status, back) = bo
        .call(Method::POST, &format!("{path}/rollback"), None)
        .await;
    assert_eq!(
        (status, &back["version"], &back["state"]),
        (200, &json!("0.1.0"), &json!("enabled")),
        "{back}"
    );
    bo.ticket_is_tagged("A fourth one is lost").await;

    // Taken back: it is disabled wherever it runs, and cannot be had any more.
    for version in ["acme/parcels@0.1.0", "acme/parcels@0.2.0"] {
        guichet(
            work,
            &[
                "marketplace",
                "revoke",
                "--data",
                &market,
                version,
                "--reason",
                "It loses parcels.",
            ],
        );
    }
    let (status, answer) = bo
        .call(
            Method::POST,
            "plugins",
            Some(json!({ "marketplace": "acme/parcels" })),
        )
        .await;
    assert_eq!(status, 404, "{answer}");
    let shown = bo.get(&path).await;
    assert_eq!(
        (&shown["state"], &shown["revoked"]["reason"]),
        (&json!("disabled"), &json!("It loses parcels.")),
        "{shown}"
    );
    let (status, answer) = bo
        .call(Method::PUT, &format!("{path}/enablement"), None)
        .await;
    assert!(
        status == 409
            && answer["detail"]
                .as_str()
                .unwrap()
                .contains("It loses parcels."),
        "{answer}"
    );
}
