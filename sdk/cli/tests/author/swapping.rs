//! A build of the same version takes the place of the one before, in a desk that runs.

use crate::project::Folder;
use guichet::{
    admin,
    clock::Clock,
    config::Place,
    desk::{Desk, DeskSettings},
    inbound::http,
};
use guichet_cli::dev::{DevError, DoorError, Server, swap_once};
use guichet_core::{directory::AgentRole, id::TenantId};
use guichet_store::MEMORY;
use std::{sync::Arc, time::Duration};
use tempfile::TempDir;

struct Running {
    desk: Arc<Desk>,
    tenant: TenantId,
    server: Server,
    _data: TempDir,
}

async fn running() -> Running {
    let data = tempfile::tempdir().unwrap();
    let settings = DeskSettings {
        small: true,
        ..DeskSettings::at(Place {
            database: Some(MEMORY.to_owned()),
            data: data.path().to_owned(),
            master_key_file: None,
        })
    };
    let desk = Desk::start(settings, Clock::default()).await.unwrap();
    let tenant = admin::ensure_tenant(&desk, "acme", "Acme", "UTC")
        .await
        .unwrap();
    let (id, role) = (tenant.id, AgentRole::Admin);
    let agent = admin::create_agent(&desk, id, "Bo", "bo@acme.example", role, "a long password")
        .await
        .unwrap();
    let scopes = ["api".to_owned()];
    let token = admin::create_token(&desk, id, "dev", Some(agent.id), &scopes)
        .await
        .unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/t/acme", listener.local_addr().unwrap());
    tokio::spawn(http::serve(listener, http::router(desk.clone())));
    Running {
        desk,
        tenant: id,
        server: Server { address, token },
        _data: data,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_build_of_the_same_version_runs_within_two_seconds() {
    let running = running().await;
    let folder = Folder::built();
    let first = folder.project().package().unwrap();
    let settings = serde_json::json!({ "words": ["urgent"], "tag": "mine" });
    let (installed, _) = swap_once(&first, &running.server, Some(settings.clone()))
        .await
        .unwrap();
    folder.replace("plugin.toml", "Tags new tickets", "Tags all new tickets");
    let second = folder.project().package().unwrap();
    let (swapped, took) = swap_once(&second, &running.server, None).await.unwrap();
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!(swapped.version, installed.version);
    assert_eq!(swapped.install, installed.install);
    assert_ne!(swapped.digest, installed.digest);
    let store = running.desk.store.tenant(running.tenant);
    let install = store.installs().await.unwrap().remove(0);
    assert_eq!(install.digest, swapped.digest);
    // What the admin has set stays.
    assert_eq!(install.settings, settings);
    assert_eq!(install.state.name(), "enabled");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn builds_of_one_version_leave_the_versions_before_where_they_were() {
    let running = running().await;
    let folder = Folder::built();
    let project = folder.project();
    swap_once(&project.package().unwrap(), &running.server, None)
        .await
        .unwrap();
    folder.replace("plugin.toml", "version = \"0.1.0\"", "version = \"0.2.0\"");
    for build in 1..=5 {
        let text = format!("Build {build}");
        let manifest = folder.read("plugin.toml");
        let line = manifest
            .lines()
            .find(|line| line.starts_with("en = "))
            .unwrap()
            .to_owned();
        folder.replace("plugin.toml", &line, &format!("en = \"{text}\""));
        swap_once(&project.package().unwrap(), &running.server, None)
            .await
            .unwrap();
    }
    let store = running.desk.store.tenant(running.tenant);
    let install = store.installs().await.unwrap().remove(0);
    let previous: Vec<_> = install
        .history
        .previous
        .iter()
        .map(|one| one.version.as_str())
        .collect();
    assert_eq!(
        (install.version.as_str(), previous),
        ("0.2.0", vec!["0.1.0"])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_token_and_settings_that_do_not_fit_say_what_to_do() {
    let running = running().await;
    let package = Folder::built().project().package().unwrap();
    let stranger = Server {
        token: "guichet_wrong".to_owned(),
        ..running.server.clone()
    };
    let refused = swap_once(&package, &stranger, None).await.unwrap_err();
    assert!(matches!(refused, DevError::Door(DoorError::Token)));
    assert!(
        refused.to_string().contains("guichet admin token"),
        "{refused}"
    );
    let wrong = serde_json::json!({ "tag": 7 });
    let refused = swap_once(&package, &running.server, Some(wrong))
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("tag"), "{refused}");
}
