//! What an operator does with the program alone: a tenant, a plugin (compiled in a child process), a token, a server.

use crate::{
    desk::PASSWORD,
    place::{Database, Folder, place, root},
    process::{Server, program, run},
};
use guichet::config::Place;
use std::{io::Write, process::Stdio};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_sets_up_a_desk_with_the_program_alone_on_sqlite() {
    set_up(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_sets_up_a_desk_with_the_program_alone_on_postgres() {
    set_up(Database::Postgres).await;
}

/// Runs `guichet admin …`; whether it went well, and what it answered, or why not.
pub(crate) fn admin(place: &Place, arguments: &[&str], input: &str) -> (bool, String) {
    let mut command = program();
    command
        .arg("admin")
        .args(arguments)
        .arg("--data")
        .arg(&place.data);
    if let Some(database) = &place.database {
        command.args(["--database", database]);
    }
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let well = output.status.success();
    let said = if well { output.stdout } else { output.stderr };
    (well, String::from_utf8(said).unwrap().trim().to_owned())
}

async fn set_up(database: Database) {
    let folder = Folder::new();
    let place = place(database, &folder).await;
    let create = [
        "create",
        "--tenant",
        "acme",
        "--name",
        "Bo",
        "--email",
        "bo@acme.example",
    ]
    .as_slice();
    let (well, said) = admin(&place, create, "short");
    assert!(!well && said.contains("at least ten characters"), "{said}");
    let (well, said) = admin(&place, create, PASSWORD);
    assert!(well, "{said}");
    let (well, said) = admin(&place, create, PASSWORD);
    assert!(!well && said.contains("is an agent already"), "{said}");

    let plugin = root().join("target/plugins/email").display().to_string();
    let (well, said) = admin(
        &place,
        &["install", "--tenant", "acme", "--plugin", &plugin],
        "",
    );
    assert!(
        well && said.contains("guichet/email@0.3.0 is enabled"),
        "{said}"
    );
    let (well, said) = admin(
        &place,
        &["install", "--tenant", "nobody", "--plugin", &plugin],
        "",
    );
    assert!(
        !well && said.contains("there is no tenant `nobody`"),
        "{said}"
    );
    let scope = [
        "token",
        "--tenant",
        "acme",
        "--name",
        "mail",
        "--scope",
        "plugin:guichet/email",
    ];
    let (well, token) = admin(&place, &scope, "");
    assert!(well && token.starts_with("guichet_"), "{token}");

    let server = Server::start(&place);
    let client = reqwest::Client::new();
    let mail = "From: Ana <ana@trade.example>\r\nSubject: Hello\r\n\r\nHello.\r\n";
    let url = format!("{}/t/acme/plugins/guichet/email/inbound", server.address);
    let taken = client
        .post(url)
        .bearer_auth(token)
        .body(mail)
        .send()
        .await
        .unwrap();
    assert_eq!(taken.status(), 201);
    let page = client
        .get(format!("{}/t/acme/tickets/1", server.address))
        .send()
        .await
        .unwrap();
    assert!(
        page.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("script-src 'self'")
    );
    assert!(page.text().await.unwrap().contains("/console/assets/"));
    let scope = [
        "token",
        "--tenant",
        "acme",
        "--name",
        "page",
        "--scope",
        "api",
        "--agent",
        "bo@acme.example",
    ];
    let (well, token) = admin(&place, &scope, "");
    assert!(well, "{token}");
    let url = format!("{}/t/acme/api/v1/live", server.address);
    let followed = client.get(url).bearer_auth(token).send().await.unwrap();
    assert_eq!(followed.status(), 200);
    let is_well = tokio::task::spawn_blocking(|| server.end()).await.unwrap();
    assert!(is_well, "it does not wait for who is told what changes");
    let said = followed.text().await.unwrap();
    assert!(said.starts_with("event: begin"), "{said}");
    back_up_and_restore(&place, database).await;
}

/// A backup of one kind of database goes into the other kind, and the desk goes on there.
async fn back_up_and_restore(place: &Place, database: Database) {
    let (well, said) = admin(place, &["grant", "guichet/email", "events-emit"], "");
    assert!(
        !well && said.contains("does not ask for `events-emit`"),
        "{said}"
    );
    let (well, said) = admin(place, &["grant", "guichet/email", "intake"], "");
    assert!(well && said.contains("may use intake at acme"), "{said}");

    let folder = Folder::new();
    let backup = folder.0.join("backup").display().to_string();
    let (well, said) = admin(place, &["backup", "--to", &backup], "");
    assert!(well && said.contains("master.key"), "{said}");
    let (well, said) = admin(place, &["backup", "--to", &backup], "");
    assert!(!well && said.contains("is there already"), "{said}");
    let other_kind = match database {
        Database::Sqlite => Database::Postgres,
        Database::Postgres => Database::Sqlite,
    };
    let other_folder = Folder::new();
    let other = self::place(other_kind, &other_folder).await;
    let (well, said) = admin(&other, &["restore", "--from", &backup], "");
    assert!(well && said.contains("rows are restored"), "{said}");
    let (well, said) = admin(&other, &["restore", "--from", &backup], "");
    assert!(
        !well,
        "a place that holds something is not written over: {said}"
    );
    std::fs::copy(place.master_key_path(), other.master_key_path()).unwrap();

    let agent = [
        "token",
        "--tenant",
        "acme",
        "--name",
        "x",
        "--scope",
        "api",
        "--agent",
        "bo@acme.example",
    ];
    let (well, token) = admin(&other, &agent, "");
    assert!(well, "{token}");
    let server = Server::start(&other);
    let client = reqwest::Client::new();
    let get = async |path: &str| {
        let url = format!("{}/t/acme/api/v1/{path}", server.address);
        let answer = client.get(url).bearer_auth(&token).send().await.unwrap();
        answer.json::<serde_json::Value>().await.unwrap()
    };
    assert_eq!(get("tickets/1").await["subject"], "Hello");
    assert_eq!(
        get("tickets/1/messages").await["items"][0]["text"]
            .as_str()
            .unwrap()
            .trim(),
        "Hello."
    );
    let wish = serde_json::json!({ "subject": "After", "text": "x", "requester": { "email": "ana@trade.example" } });
    let url = format!("{}/t/acme/api/v1/tickets", server.address);
    let made = client
        .post(url)
        .bearer_auth(&token)
        .json(&wish)
        .send()
        .await
        .unwrap();
    assert_eq!(
        made.json::<serde_json::Value>().await.unwrap()["number"],
        2,
        "numbers go on"
    );
}

#[tokio::test]
async fn a_second_server_in_a_folder_is_refused_and_one_after_the_first_is_not() {
    let folder = Folder::new();
    let place = place(Database::Sqlite, &folder).await;
    let first = Server::start(&place);
    let data = place.data.to_str().unwrap();
    let second = ["serve", "--listen", "127.0.0.1:0", "--data", data];
    let (well, said) = run(&folder.0, &second);
    assert!(
        !well && said.contains("another server works in it"),
        "{said}"
    );
    assert!(first.end());
    assert!(Server::start(&place).end());
}

#[test]
fn a_demo_that_is_told_to_end_while_it_is_set_up_ends() {
    let folder = Folder::new();
    assert!(Server::demo(&folder.0).gives_up());
}
