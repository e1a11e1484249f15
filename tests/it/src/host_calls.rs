//! Every call of the host, tried with what belongs to somebody else: to another tenant, to another install of the same tenant.
//!
//! The calls are read from the contract. One of which the table does not say what it names fails, and so does a row of no call.

/// What each call names.
pub(crate) mod table;

/// One of each kind of thing that a call may name.
pub(crate) mod things;

/// Who calls, and what he is answered.
pub(crate) mod caller;

use crate::{
    desk::{TestDesk, on_both_databases},
    place::root,
};
use caller::Caller;
use guichet::{admin, plugins::lifecycle};
use guichet_core::{
    directory::AgentRole,
    id::{InstallId, TenantId},
};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use table::table;
use things::{PRIVATE, PUBLIC, Things, private_things, things};
use wit_parser::{Resolve, WorldItem};

/// A route over which the guest makes any calls, as itself or with the eyes of whoever asks; what it keeps; and settings of its own.
pub(crate) fn manifest(access: &str, acts_as: &str, more: &str) -> String {
    format!(
        "[[routes]]\npath = \"/\"\nmethods = [\"POST\"]\naccess = \"{access}\"\nacts-as = \"{acts_as}\"\n{more}\
         [settings]\ntype = \"object\"\nproperties.deed = {{}}\nproperties.note = {{ type = \"string\" }}\n\
         properties.password = {{ type = \"string\", secret = true }}\nproperties.hidden_password = {{ type = \"string\", secret = true }}\n"
    )
}

/// `interface.function`, and `interface.resource.method`, of all that a plugin may import.
fn contract() -> BTreeSet<String> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(root().join("wit")).unwrap();
    let world = resolve.select_world(&[package], Some("imports")).unwrap();
    let mut calls = BTreeSet::new();
    for item in resolve.worlds[world].imports.values() {
        let WorldItem::Interface { id, .. } = item else {
            panic!("the world `imports` imports interfaces and nothing else");
        };
        let interface = &resolve.interfaces[*id];
        let of = interface.name.as_deref().unwrap();
        for function in interface.functions.keys() {
            let name = function
                .split_once(']')
                .map_or(&**function, |(_, name)| name);
            calls.insert(format!("{of}.{name}"));
        }
    }
    calls
}

#[test]
fn each_call_of_the_contract_has_its_row_and_each_row_a_call() {
    let contract = contract();
    assert!(contract.len() > 60, "{contract:?}");
    let rows: BTreeSet<_> = table().iter().map(|row| row.call.to_owned()).collect();
    let without: Vec<_> = contract.difference(&rows).collect();
    assert!(
        without.is_empty(),
        "what do these name? Give each a row: {without:?}"
    );
    let gone: Vec<_> = rows.difference(&contract).collect();
    assert!(gone.is_empty(), "there are no such calls: {gone:?}");
    for row in table() {
        let names = row
            .arguments
            .iter()
            .any(|call| !table::names(call).is_empty());
        assert!(
            names != row.names_nothing.is_some(),
            "{}: either it names something, or the row says why not",
            row.call
        );
    }
}

/// All that stands in a tenant, as far as somebody else could have touched it.
pub(crate) async fn state(desk: &TestDesk, tenant: TenantId, installs: &[InstallId]) -> Value {
    let store = desk.desk.store.tenant(tenant);
    let mut kept = Vec::new();
    for install in installs {
        for record in store
            .records_after(*install, Default::default())
            .await
            .unwrap()
        {
            kept.push(format!("{record:?}"));
        }
        for row in store.jobs(*install, 200).await.unwrap() {
            kept.push(format!("{:?} {:?}", row.job, row.state));
        }
    }
    let mut rows = Vec::new();
    for table in [
        "tickets",
        "messages",
        "customers",
        "identities",
        "participants",
        "files",
        "agents",
        "agent_groups",
        "members",
        "secrets",
    ] {
        rows.push((table, desk.rows_of_tenant(table, tenant).await));
    }
    let sequence = store.cursor().await.unwrap().sequence;
    json!({ "sequence": sequence, "rows": rows, "kept": kept })
}

/// Installs the guest in a tenant.
async fn guest_in(
    desk: &TestDesk,
    tenant: TenantId,
    name: &str,
    settings: Value,
    more: &str,
) -> InstallId {
    let (manifest, component) = desk.guest_files(name, more);
    let operator = admin::operator(&desk.desk, tenant).await.unwrap();
    let install = lifecycle::install(&desk.desk, &operator, &manifest, &component, settings).await;
    install.unwrap().id
}

/// Of an install, with a secret of that name.
fn settings(secret: &str, tag: &str) -> Value {
    json!({ "deed": "rest", "note": format!("note {tag}"), secret: format!("secret {tag}") })
}

/// Tries each row with what is somebody else's, of the kinds that he has. How many trials that were.
pub(crate) async fn try_all(caller: &Caller<'_>, own: &Things, foreign: &Things) -> usize {
    let mut tried = 0;
    for row in table() {
        for arguments in &row.arguments {
            for (place, name) in table::names(arguments).iter().enumerate() {
                let Some(theirs) = foreign.get(name.kind) else {
                    continue;
                };
                let nobodys = things::nobodys(theirs);
                let with = |text: &str| {
                    let mut at = 0;
                    table::filled(arguments, &mut |kind| {
                        at += 1;
                        match at - 1 == place {
                            true => text.to_owned(),
                            false => own[kind].clone(),
                        }
                    })
                };
                let told = caller.call(row.call, &with(theirs)).await;
                let of_nobodys = caller.call(row.call, &with(&nobodys)).await;
                let known: Vec<_> = own.values().chain([&nobodys]).collect();
                let told = caller::normal(&told.replace(theirs, &nobodys), &known);
                let of_nobodys = caller::normal(&of_nobodys, &known);
                let what = format!("{} with somebody else's {}", row.call, name.kind);
                assert_eq!(told, of_nobodys, "{what}");
                assert!(
                    name.may_be_taken || !told.starts_with("{\"ok\""),
                    "{what}: {told}"
                );
                let beside = told.replace(&nobodys, "");
                assert!(
                    !beside.contains(PUBLIC) && !beside.contains(PRIVATE),
                    "{what}: {told}"
                );
                assert!(
                    !told.contains("no-such-call"),
                    "the guest makes no {}",
                    row.call
                );
                tried += 1;
            }
        }
    }
    tried
}

/// Makes the calls that name nothing of anybody else's; what each was answered.
pub(crate) async fn listed(caller: &Caller<'_>) -> Vec<(&'static str, String)> {
    let mut answers = Vec::new();
    for row in table()
        .into_iter()
        .filter(|row| row.names_nothing.is_some())
    {
        for arguments in &row.arguments {
            let told = caller.call(row.call, arguments).await;
            // Nobody may not even ask by each name.
            // Connections are for jobs, whoever is talked to.
            let is_answered = ["{\"ok\"", "{\"invalid\""]
                .iter()
                .any(|begins| told.starts_with(begins))
                || (row.call.starts_with("net.") && told.contains("are for jobs"));
            assert!(is_answered, "{}: {told}", row.call);
            // The time, chance, and what is made anew are another each time.
            if row.is_a_list {
                answers.push((row.call, told));
            } else {
                assert!(
                    !told.contains(PUBLIC) && !told.contains(PRIVATE),
                    "{}: {told}",
                    row.call
                );
            }
        }
    }
    answers
}

/// That nothing in these answers is of somebody else.
pub(crate) fn hold_nothing_of(foreign: &Things, marker: &str, answers: &[(&'static str, String)]) {
    for (call, told) in answers {
        assert!(!told.contains(marker), "{call}: {told}");
        for (kind, theirs) in foreign.iter().filter(|(_, theirs)| theirs.len() == 36) {
            assert!(
                !told.contains(theirs.as_str()),
                "{call} tells of somebody else's {kind}: {told}"
            );
        }
    }
}

on_both_databases! {
    async fn what_is_another_tenants_is_to_every_call_of_the_host_as_if_it_were_nobodys(desk) {
        let other = admin::ensure_tenant(&desk.desk, "other", "Other", "UTC").await.unwrap();
        let eve = admin::create_agent(&desk.desk, other.id, "Eve", "eve@other.example", AgentRole::Admin, crate::desk::PASSWORD).await.unwrap();
        let token = admin::create_token(&desk.desk, other.id, "t", Some(eve.id), &["api".to_owned()]).await.unwrap();
        let more = manifest("agent", "plugin", "");
        guest_in(&desk, other.id, "walled", settings("password", "own"), &more).await;
        let eve = Caller { desk: &desk, tenant: "other", plugin: "walled", token: &token, report: None };
        let own = things(&eve, other.id, "own").await;
        desk.desk.store.tenant(other.id).findable().await.unwrap();
        let before = listed(&eve).await;
        // In the other tenant the same plugin, which keeps more.
        let more = manifest("agent", "plugin", "[[collections]]\nname = \"theirs\"\n");
        let install = guest_in(&desk, desk.tenant.id, "walled", settings("hidden_password", PRIVATE), &more).await;
        let bo = Caller::of(&desk, "walled", &desk.token);
        for filler in 0..3 {
            desk.ticket(&format!("Filler {filler}")).await;
        }
        let mut foreign = things(&bo, desk.tenant.id, PUBLIC).await;
        foreign.extend(private_things(&bo, PRIVATE).await.into_iter().filter(|(kind, _)| *kind != "file"));
        let wish = json!({ "name": format!("Trade {PUBLIC}"), "kind": "organisation", "shares_tickets": true });
        let (status, group) = desk.call(Method::POST, "customer-groups", Some(wish)).await;
        assert_eq!(status, 201, "{group}");
        foreign.insert("customer-group", group["id"].as_str().unwrap().to_owned());
        guest_in(&desk, desk.tenant.id, "elsewhere", json!({ "deed": "rest" }), "").await;
        foreign.insert("plugin", "tests/elsewhere".to_owned());
        desk.settle().await;
        let theirs = state(&desk, desk.tenant.id, &[install]).await;
        let after = listed(&eve).await;
        assert_eq!(before, after, "what others have changes no answer");
        hold_nothing_of(&foreign, PUBLIC, &after);
        hold_nothing_of(&foreign, PRIVATE, &after);
        let tried = try_all(&eve, &own, &foreign).await;
        assert!(tried > 90, "{tried}");
        desk.settle().await;
        assert_eq!(state(&desk, desk.tenant.id, &[install]).await, theirs, "nothing was changed");
    }

    async fn what_another_install_keeps_is_to_every_call_of_the_host_as_if_it_were_nobodys(desk) {
        let more = manifest("agent", "plugin", "[[collections]]\nname = \"theirs\"\n");
        let keeper = desk.guest_with("keeper", settings("hidden_password", PRIVATE), &more).await;
        desk.guest_with("walled", settings("password", "own"), &manifest("agent", "plugin", "")).await;
        let caller = |plugin| Caller::of(&desk, plugin, &desk.token);
        let (keeper_calls, walled) = (caller("keeper"), caller("walled"));
        let own = things(&walled, desk.tenant.id, "own").await;
        let foreign = private_things(&keeper_calls, PRIVATE).await;
        desk.settle().await;
        let kept = state(&desk, desk.tenant.id, &[keeper]).await["kept"].clone();
        hold_nothing_of(&foreign, PRIVATE, &listed(&walled).await);
        let tried = try_all(&walled, &own, &foreign).await;
        assert!(tried > 20, "{tried}");
        hold_nothing_of(&foreign, PRIVATE, &listed(&walled).await);
        desk.settle().await;
        assert_eq!(state(&desk, desk.tenant.id, &[keeper]).await["kept"], kept, "nothing was changed");
        // What is told to its own install is there.
        let read = keeper_calls.call("files.read", &json!([foreign["file"], 0, 100])).await;
        assert!(read.contains(PRIVATE), "{read}");
        let record = keeper_calls.call("records.get", &json!(["counts", foreign["record"]])).await;
        assert!(record.contains(PRIVATE), "{record}");
    }

    async fn a_plugin_forgets_a_file_of_its_own_and_none_that_a_ticket_names(desk) {
        desk.guest_with("walled", settings("password", "own"), &manifest("agent", "plugin", "")).await;
        let walled = Caller::of(&desk, "walled", &desk.token);
        let put = json!(["k.txt", "text/plain", "kept"]);
        let kept = walled.made("files.put", put.clone()).await["file"].clone();
        let given = walled.made("files.put", put.clone()).await["file"].clone();
        let ensured = json!([["mailto:bo@trade.example"], true, { "name": "Bo" }]);
        let customer = walled.made("customers-write.ensure", ensured).await;
        things::ticket(&walled, &customer, "own", &given).await;
        desk.settle().await;
        walled.made("files.delete", json!([kept])).await;
        for call in [("files.read", json!([kept, 0, 100])), ("files.delete", json!([kept])), ("files.delete", json!([given]))] {
            let told = walled.call(call.0, &call.1).await;
            assert!(told.starts_with("{\"not-found\""), "{call:?}: {told}");
        }
        assert_eq!(walled.made("files.read", json!([given, 0, 100])).await, "kept");
        assert_eq!(desk.rows_of_tenant("files", desk.tenant.id).await, 1);
        // In one invocation: what is forgotten is given to nobody.
        let made = walled.calls(&json!([["files.put", "k.txt", "text/plain", "kept"]])).await;
        let file = made[0]["ok"]["file"].clone();
        let message = json!({ "visibility": "public", "text": "Please see.", "attachments": [file] });
        let draft = json!({ "subject": "Late", "requester": customer, "message": message });
        let told = walled.calls(&json!([["files.delete", file], ["tickets-write.create", draft]])).await;
        assert!(told[0].get("ok").is_some() && told[1].get("not-found").is_some(), "{told:?}");
        assert_eq!(desk.rows_of_tenant("files", desk.tenant.id).await, 1);
    }
}
