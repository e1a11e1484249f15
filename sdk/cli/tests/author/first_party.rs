//! The plugins of this repository are built, checked and played by the same commands as anybody's.

use crate::project::terminal;
use guichet_cli::{
    build::{self, build},
    check::check,
    project::Project,
    scenario::play,
};
use std::path::Path;

/// Where `cargo xtask` builds them, too: what it made there is not made again.
const TARGET: &str = "../../target/guests";

async fn scenarios_are_as_expected(plugin: &str, count: usize) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Project::at(&here.join("../../plugins").join(plugin)).unwrap();
    let options = build::Options {
        target_folder: Some(here.join(TARGET)),
    };
    build(&project, &options, terminal()).unwrap();
    let findings = check(&project).await.unwrap();
    assert!(findings.is_good(), "{:?}", findings.errors);
    let played = play(&project, None, |_| ()).await.unwrap();
    assert_eq!(played.len(), count);
    for one in played {
        assert!(one.failed.is_none(), "{}: {:#?}", one.title, one.failed);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_scenarios_of_email_are_as_expected() {
    scenarios_are_as_expected("channels/email", 6).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_scenarios_of_the_catalog_are_as_expected() {
    scenarios_are_as_expected("apps/catalog", 14).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_scenarios_of_desks_are_as_expected() {
    scenarios_are_as_expected("automations/desks", 29).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_scenarios_of_service_levels_are_as_expected() {
    scenarios_are_as_expected("automations/sla", 21).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_scenarios_of_triggers_are_as_expected() {
    scenarios_are_as_expected("automations/triggers", 9).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_scenarios_of_web_form_are_as_expected() {
    scenarios_are_as_expected("channels/web-form", 3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_scenarios_of_overview_are_as_expected() {
    scenarios_are_as_expected("reports/overview", 2).await;
}
