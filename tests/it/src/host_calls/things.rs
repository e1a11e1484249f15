//! One of each kind of thing that a call may name.

use super::caller::Caller;
use guichet::admin;
use guichet_core::{directory::AgentRole, id::TenantId};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// By its kind, what names it.
pub(crate) type Things = BTreeMap<&'static str, String>;

/// Stands in all that somebody else has in his tenant.
pub(crate) const PUBLIC: &str = "quince";

/// Stands in all that somebody else's install keeps for itself.
pub(crate) const PRIVATE: &str = "medlar";

/// Far away, and not beyond what a clock can say.
pub(crate) const LATER: u64 = 4_000_000_000_000_000;

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// What people and plugins of a tenant share, made by the caller; and what his install keeps.
pub(crate) async fn things(caller: &Caller<'_>, tenant: TenantId, tag: &str) -> Things {
    let desk = &caller.desk.desk;
    let (name, email) = (format!("Al {tag}"), format!("al-{tag}@acme.example"));
    let (role, password) = (AgentRole::Agent, crate::desk::PASSWORD);
    let agent = admin::create_agent(desk, tenant, &name, &email, role, password).await;
    let agent = agent.unwrap().id;
    let (name, members) = (format!("Finance {tag}"), [agent]);
    let group = admin::create_group(desk, tenant, &name, &members).await;
    let group = group.unwrap().id;
    let mut things = tickets_things(caller, tag).await;
    things.extend(keep(caller, tag).await);
    things.extend([
        ("agent", agent.to_string()),
        ("group", group.to_string()),
        ("customer-group", Uuid::nil().to_string()),
        ("plugin", format!("tests/{}", caller.plugin)),
        ("collection", "counts".to_owned()),
    ]);
    things
}

/// A ticket, and what belongs to it.
pub(crate) async fn tickets_things(caller: &Caller<'_>, tag: &str) -> Things {
    let identity = format!("mailto:ana-{tag}@trade.example");
    let ensured = json!([[identity], true, { "name": format!("Ana {tag}") }]);
    let customer = caller.made("customers-write.ensure", ensured).await;
    let content = format!("secret of {tag}");
    let put = json!(["a.txt", "text/plain", content]);
    let file = caller.made("files.put", put).await["file"].clone();
    let ticket = ticket(caller, &customer, tag, &file).await;
    let of = json!([ticket]);
    let number = caller.made("tickets-read.ticket.number", of.clone()).await;
    let message = caller.made("tickets-read.ticket.last-message", of).await["id"].clone();
    BTreeMap::from([
        ("customer", text(&customer)),
        ("identity", identity),
        ("ticket", text(&ticket)),
        ("number", number.to_string()),
        ("message", text(&message)),
        ("file", text(&file)),
    ])
}

/// A ticket of a customer, with a file.
pub(crate) async fn ticket(
    caller: &Caller<'_>,
    customer: &Value,
    tag: &str,
    file: &Value,
) -> Value {
    let message = json!({ "visibility": "public", "text": format!("Please see {tag}."), "attachments": [file] });
    let draft =
        json!({ "subject": format!("Salaries {tag}"), "requester": customer, "message": message });
    caller.made("tickets-write.create", json!([draft])).await
}

/// What the install of the caller keeps for itself.
pub(crate) async fn private_things(caller: &Caller<'_>, tag: &str) -> Things {
    let content = format!("secret of {tag}");
    let file = caller
        .made("files.put", json!(["p.txt", "text/plain", content]))
        .await["file"]
        .clone();
    let data = json!({ "found": tag }).to_string();
    caller
        .made("events-emit.emit", json!(["found", null, data]))
        .await;
    caller
        .made("records.put", json!(["theirs", "known", data, null]))
        .await;
    let mut things = keep(caller, tag).await;
    things.extend([
        ("file", text(&file)),
        ("collection", "theirs".to_owned()),
        ("secret", "hidden_password".to_owned()),
    ]);
    things
}

async fn keep(caller: &Caller<'_>, tag: &str) -> Things {
    let (record, key) = (format!("record-{tag}"), format!("key-{tag}"));
    let body = json!({ "n": 1, "kept": tag }).to_string();
    caller
        .made("records.put", json!(["counts", record, body, null]))
        .await;
    caller
        .made("jobs.enqueue", json!(["rest", body, LATER, key]))
        .await;
    BTreeMap::from([
        ("record", record),
        ("job-key", key),
        ("secret", "password".to_owned()),
    ])
}

/// What is as near to a name as can be, and names nothing.
pub(crate) fn nobodys(name: &str) -> String {
    match (Uuid::parse_str(name), name.parse::<u64>()) {
        (Ok(id), _) => Uuid::from_u128(id.as_u128() ^ 1).to_string(),
        (_, Ok(_)) => "77".to_owned(),
        _ => format!("{name}s"),
    }
}
