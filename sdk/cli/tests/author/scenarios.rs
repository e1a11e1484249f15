//! A scenario that is not as expected fails, and says what it found.

use crate::project::Folder;
use guichet_cli::{
    new::Kind,
    scenario::{Failed, Played, ScenarioError, play},
};

const SCENARIO: &str = "tests/scenarios/a-word-in-the-subject-tags-the-ticket/scenario.toml";

/// Plays the automation's scenario with something else in it.
async fn played(old: &str, new: &str) -> Played {
    let folder = Folder::built();
    folder.replace(SCENARIO, old, new);
    play(&folder.project(), None, |_| ())
        .await
        .unwrap()
        .remove(0)
}

async fn failed(old: &str, new: &str) -> Failed {
    played(old, new).await.failed.expect("it fails")
}

/// `place: expected | found` of the first difference.
fn first(failed: &Failed) -> String {
    let difference = &failed.differences[0];
    format!(
        "{}: {} | {}",
        difference.place, difference.expected, difference.found
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_expectation_fails_with_what_was_expected_and_what_was_found() {
    let failed = failed("tags = [\"hurry\"]", "tags = [\"slow\"]").await;
    assert_eq!(failed.place, "step 1 (create-ticket)");
    assert_eq!(
        first(&failed),
        "ticket \"printer\": tags: [\"slow\"] | [\"hurry\"]"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_expectation_of_a_ticket_can_fail() {
    for (wrong, place) in [
        ("state = \"solved\"", "state"),
        ("kind = \"problem\"", "kind"),
        ("subject = \"x\"", "subject"),
        ("channel = \"email\"", "channel"),
        ("priority = 1", "priority"),
        ("requester = \"Ben\"", "requester"),
        ("assignee = \"Lin\"", "assignee"),
        ("group = \"Network\"", "group"),
        ("fields = { urgency = 1 }", "field urgency"),
        ("messages = 7", "messages"),
        ("message = [{ by = \"Ana\" }]", "message 1 of 1: by"),
        (
            "message = [{ visibility = \"public\" }]",
            "message 1 of 1: visibility",
        ),
        ("message = [{ text = \"x y z\" }]", "message 1 of 1: text"),
        ("message = [{}, {}]", "messages"),
        ("history = [\"ticket.created\"]", "history"),
        ("because = [\"x\"]", "because"),
        (
            "links = [{ relation = \"parent\", ticket = \"printer\" }]",
            "links",
        ),
        (
            "participants = [{ role = \"cc\", name = \"Ana\" }]",
            "participants",
        ),
    ] {
        let folder = Folder::built();
        let text = folder.read(SCENARIO);
        let (before, _) = text.split_once("tags = [\"hurry\"]").unwrap();
        folder.write(SCENARIO, &format!("{before}{wrong}\n"));
        let played = play(&folder.project(), None, |_| ())
            .await
            .unwrap()
            .remove(0);
        let failed = played
            .failed
            .unwrap_or_else(|| panic!("{wrong} does not fail"));
        assert_eq!(failed.differences.len(), 1, "{wrong}: {failed:?}");
        assert_eq!(
            failed.differences[0].place,
            format!("ticket \"printer\": {place}"),
            "{wrong}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_other_expectation_can_fail() {
    for (wrong, place) in [
        ("outcome = \"trap\"", "event-handler: outcome"),
        ("outcome = [\"ok\", \"ok\"]", "outcomes"),
        ("runs = 2", "calls of the plugin"),
        ("detail = \"x\"", "detail"),
        ("refused = \"x\"", "refused"),
        ("log-contains = [\"x\"]", "log"),
        ("tickets = 2", "tickets"),
        ("suspended = 1", "suspended"),
        (
            "customer = [{ identity = \"mailto:nobody@x.example\" }]",
            "customer mailto:nobody@x.example",
        ),
        (
            "customer = [{ identity = \"mailto:customer-1@scenario.example\", name = \"Ben\" }]",
            "customer mailto:customer-1@scenario.example: name",
        ),
        ("records = { things = 1 }", "records things"),
        (
            "record = [{ collection = \"things\", key = \"a\", body = {} }]",
            "record things/a",
        ),
        ("jobs = { later = 1 }", "jobs later"),
        ("events = [\"acme/automation/x\"]", "events"),
        ("response = { status = 200 }", "response"),
        ("sent = [{}]", "sent"),
        ("report = {}", "report"),
    ] {
        let folder = Folder::built();
        let text = folder.read(SCENARIO);
        let (before, _) = text.split_once("[[step.expect.ticket]]").unwrap();
        folder.write(SCENARIO, &format!("{before}[step.expect]\n{wrong}\n"));
        let played = play(&folder.project(), None, |_| ())
            .await
            .unwrap()
            .remove(0);
        let failed = played
            .failed
            .unwrap_or_else(|| panic!("{wrong} does not fail"));
        assert_eq!(failed.differences[0].place, place, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_end_badly_and_requests_without_an_answer_fail_where_nothing_is_said_of_them() {
    let folder = Folder::new(Kind::Job);
    folder.build();
    let scenario = "tests/scenarios/a-web-hook-that-fails-is-told-again/scenario.toml";
    folder.replace(scenario, "outcome = \"plugin-error\"\n", "");
    let only = Some("a-web-hook-that-fails-is-told-again");
    let played = play(&folder.project(), only, |_| ())
        .await
        .unwrap()
        .remove(0);
    let failed = played.failed.unwrap();
    assert_eq!(failed.place, "step 1 (advance)");
    assert!(
        first(&failed).starts_with("job-handler: outcome: ok | plugin-error: the web hook"),
        "{failed:?}"
    );
    folder.replace(
        scenario,
        "status = 503\ntimes = 1",
        "status = 503\npath = \"/other\"",
    );
    folder.replace(scenario, "[[given.servers.answers]]\nstatus = 204\n", "");
    let played = play(&folder.project(), only, |_| ())
        .await
        .unwrap()
        .remove(0);
    let failed = played.failed.unwrap();
    let places: Vec<_> = failed
        .differences
        .iter()
        .map(|one| one.place.as_str())
        .collect();
    assert!(
        places.contains(&"hooks.example.com: an answer"),
        "{places:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_there_is_not_is_the_scenarios_own_mistake() {
    let failed = failed(
        "requester = \"Ana\", subject = \"URGENT",
        "requester = \"Eve\", subject = \"URGENT",
    )
    .await;
    let reason = failed.reason.unwrap();
    assert!(
        reason.contains("no customer `Eve`") && reason.contains("known are Ana"),
        "{reason}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_that_do_not_fit_are_told_before_the_first_step() {
    let failed = failed("tag = \"hurry\"", "tag = 7").await;
    assert_eq!(failed.place, "before the first step");
    assert!(failed.reason.unwrap().contains("tag"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_of_the_pen_and_an_unknown_name_are_told_before_anything_is_played() {
    let folder = Folder::built();
    let unknown = play(&folder.project(), Some("nothing"), |_| ()).await;
    assert!(matches!(unknown, Err(ScenarioError::Unknown { .. })));
    folder.replace(SCENARIO, "[[given.customers]]", "[[given.custommers]]");
    let mut told = 0;
    let slip = play(&folder.project(), None, |_| told += 1)
        .await
        .unwrap_err();
    let slip = slip.to_string();
    assert!(
        slip.contains("line ") && slip.contains("custommers"),
        "{slip}"
    );
    assert_eq!(told, 0);
}
