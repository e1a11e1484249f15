//! Calls of the plugin, what its routes and reports answer, what servers outside were sent, and what is kept, beside what is expected of them.

use super::{
    super::format::{Expect, ExpectSent, OneOrEach},
    Differences, Seen, data,
};
use crate::scenario::{servers::Sent, trouble::Trouble};
use guichet::inbound::http::show::json;
use guichet_core::{job::JobState, ticket::state::State};
use guichet_store::ListQuery;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// How a run ends whose change a guard refused: nobody's failure.
const REFUSED: &str = "refused";

/// Tickets, jobs and events that are counted.
const COUNTED_MAX: u32 = 1_000;

pub(super) fn calls(expect: &Expect, seen: &Seen<'_>, found: &mut Differences) {
    let outcomes: Vec<_> = seen.runs.iter().map(|run| run.outcome.clone()).collect();
    match &expect.outcome {
        Some(OneOrEach::Each(wanted)) => found.same_list("outcomes", wanted, &outcomes),
        Some(OneOrEach::One(wanted)) if outcomes.is_empty() => {
            found.add("outcome", wanted, "the plugin was not called");
        }
        None if !seen.must_be_well => {}
        wanted => {
            for run in seen.runs {
                let fits = match wanted {
                    Some(OneOrEach::One(wanted)) => run.outcome == *wanted,
                    _ => run.outcome == "ok" || run.outcome == REFUSED,
                };
                if !fits {
                    let expected = match wanted {
                        Some(OneOrEach::One(wanted)) => wanted.as_str(),
                        _ => "ok",
                    };
                    let told = match &run.detail {
                        Some(detail) => format!("{}: {detail}", run.outcome),
                        None => run.outcome.clone(),
                    };
                    found.add(&format!("{}: outcome", run.point), expected, told);
                }
            }
        }
    }
    if let Some(count) = expect.runs {
        found.same("calls of the plugin", count, seen.runs.len());
    }
    if let Some(detail) = &expect.detail {
        let details: Vec<_> = seen
            .runs
            .iter()
            .filter_map(|run| run.detail.as_deref())
            .collect();
        found.within("detail", detail, &details.join("\n"));
    }
    let log: Vec<_> = seen.runs.iter().flat_map(|run| &run.log).cloned().collect();
    for line in &expect.log_contains {
        if !log.iter().any(|there| there.contains(line.as_str())) {
            found.add("log", format!("… {line} …"), log.join("\n"));
        }
    }
}

pub(super) fn response(expect: &Expect, seen: &Seen<'_>, found: &mut Differences) {
    let Some(wanted) = &expect.response else {
        return;
    };
    let Some(there) = &seen.came.response else {
        return found.add("response", "an answer", "the step asked for none");
    };
    if let Some(status) = wanted.status
        && status != there.status
    {
        found.add(
            "response: status",
            status,
            format!("{}: {}", there.status, there.text),
        );
    }
    headers("response", &wanted.headers, &there.headers, found);
    if let Some(text) = &wanted.text {
        found.within("response: text", text, &there.text);
    }
    if let Some(json) = &wanted.json {
        match there.json() {
            Some(body) => data::compare("response: json", json, &body, found),
            None => found.add("response: json", json, &there.text),
        }
    }
}

fn headers(
    place: &str,
    wanted: &BTreeMap<String, String>,
    there: &[(String, String)],
    found: &mut Differences,
) {
    for (name, value) in wanted {
        let header = there
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        let header = header.map_or("nothing", |(_, value)| value.as_str());
        found.same(&format!("{place}: header {name}"), value.as_str(), header);
    }
}

pub(super) fn sent(expect: &Expect, seen: &Seen<'_>, found: &mut Differences) {
    for unanswered in seen.sent.iter().filter(|sent| !sent.answered) {
        let place = format!("{}: an answer", unanswered.host);
        let asked = format!("{} {}", unanswered.method, unanswered.path);
        found.add(
            &place,
            "one in [[given.servers.answers]]",
            format!("none to {asked}"),
        );
    }
    let Some(wanted) = &expect.sent else {
        return;
    };
    if wanted.len() != seen.sent.len() {
        let told = |sent: &Sent| format!("{} {}{}", sent.method, sent.host, sent.path);
        let there: Vec<_> = seen.sent.iter().map(told).collect();
        return found.add(
            "sent",
            format!("{} requests", wanted.len()),
            format!("{}: {}", there.len(), there.join(", ")),
        );
    }
    for (index, (wanted, sent)) in wanted.iter().zip(seen.sent).enumerate() {
        one_sent(&format!("sent, request {}", index + 1), wanted, sent, found);
    }
}

fn one_sent(place: &str, wanted: &ExpectSent, sent: &Sent, found: &mut Differences) {
    for (what, wanted, there) in [
        ("host", &wanted.host, &sent.host),
        ("method", &wanted.method, &sent.method),
        ("path", &wanted.path, &sent.path),
    ] {
        if let Some(wanted) = wanted {
            found.same(&format!("{place}: {what}"), wanted, there);
        }
    }
    headers(place, &wanted.headers, &sent.headers, found);
    let body = String::from_utf8_lossy(&sent.body);
    if let Some(text) = &wanted.text {
        found.within(&format!("{place}: text"), text, &body);
    }
    if let Some(json) = &wanted.json {
        let place = format!("{place}: json");
        match serde_json::from_str::<Json>(&body) {
            Ok(there) => data::compare(&place, json, &there, found),
            Err(_) => found.add(&place, json, body),
        }
    }
}

pub(super) fn report(expect: &Expect, seen: &Seen<'_>, found: &mut Differences) {
    let Some(wanted) = &expect.report else {
        return;
    };
    let body = seen.came.response.as_ref();
    let Some(made) = body
        .filter(|response| response.status == 200)
        .and_then(super::super::http::Response::json)
    else {
        let told = body.map_or("the step asked for none".to_owned(), |response| {
            format!("{}: {}", response.status, response.text)
        });
        return found.add("report", "a report", told);
    };
    let tables = made["tables"].as_array().cloned().unwrap_or_default();
    for wanted in &wanted.table {
        let place = format!("table \"{}\"", wanted.name);
        let Some(table) = tables.iter().find(|table| table["name"] == wanted.name) else {
            let there: Vec<_> = tables
                .iter()
                .filter_map(|table| table["name"].as_str())
                .collect();
            found.add(&place, "a table", format!("tables {}", there.join(", ")));
            continue;
        };
        if let Some(title) = &wanted.title {
            let there = table["title"].as_str().unwrap_or_default();
            found.same(&format!("{place}: title"), title.as_str(), there);
        }
        if let Some(columns) = &wanted.columns {
            found.same_list(
                &format!("{place}: columns"),
                columns,
                &texts(&table["columns"], "name"),
            );
        }
        if let Some(rows) = &wanted.rows {
            let there: Vec<Vec<Json>> = table["rows"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|row| row.as_array().into_iter().flatten().map(cell).collect())
                .collect();
            let place = format!("{place}: rows");
            data::compare(
                &place,
                &serde_json::json!(rows),
                &serde_json::json!(there),
                found,
            );
        }
    }
    if let Some(charts) = &wanted.charts {
        found.same_list("charts", charts, &texts(&made["charts"], "title"));
    }
}

/// A person or group is shown by name.
fn cell(cell: &Json) -> Json {
    match cell.get("name") {
        Some(name) => name.clone(),
        None => cell.clone(),
    }
}

fn texts(items: &Json, member: &str) -> Vec<String> {
    let items = items.as_array().into_iter().flatten();
    items
        .filter_map(|item| item[member].as_str().map(str::to_owned))
        .collect()
}

/// Tickets, customers, records, jobs and events.
pub(super) async fn kept(
    expect: &Expect,
    seen: &Seen<'_>,
    found: &mut Differences,
) -> Result<(), Trouble> {
    let (world, store) = (seen.world, seen.world.store());
    for (place, wanted, state) in [
        ("tickets", expect.tickets, None),
        ("suspended", expect.suspended, Some(State::Suspended)),
    ] {
        if let Some(count) = wanted {
            let query = ListQuery {
                state,
                limit: COUNTED_MAX,
                ..ListQuery::default()
            };
            found.same(place, count, store.list(query).await?.len());
        }
    }
    for wanted in &expect.customer {
        let place = format!("customer {}", wanted.identity);
        let identities = [wanted.identity.clone()];
        let customers = store.customers_by_identities(&identities).await?;
        let Some(customer) = customers.first() else {
            found.add(&place, "a customer", "none");
            continue;
        };
        if let Some(name) = &wanted.name {
            found.same(&format!("{place}: name"), name, &customer.name);
        }
        for (name, value) in &wanted.fields {
            let there = json(&customer.field(name));
            data::compare(&format!("{place}: field {name}"), value, &there, found);
        }
    }
    records(expect, seen, found).await?;
    let jobs = store.jobs(world.install_id()?, COUNTED_MAX).await?;
    for (name, count) in &expect.jobs {
        let waiting = jobs
            .iter()
            .filter(|row| row.state == JobState::Waiting && row.job.name == *name);
        found.same(&format!("jobs {name}"), *count, waiting.count());
    }
    if let Some(kinds) = &expect.events {
        let own = format!("{}/", world.manifest().id);
        let events = store.events_after(seen.after, COUNTED_MAX).await?;
        let there: Vec<_> = events
            .into_iter()
            .map(|event| event.draft.kind)
            .filter(|kind| kind.starts_with(&own))
            .collect();
        found.same_list("events", kinds, &there);
    }
    Ok(())
}

async fn records(expect: &Expect, seen: &Seen<'_>, found: &mut Differences) -> Result<(), Trouble> {
    if expect.records.is_empty() && expect.record.is_empty() {
        return Ok(());
    }
    let install = seen.world.install_id()?;
    let mut all = Vec::new();
    let mut after = (String::new(), String::new());
    loop {
        let page = seen
            .world
            .store()
            .records_after(install, after.clone())
            .await?;
        let Some(last) = page.last() else { break };
        after = (last.collection.clone(), last.key.clone());
        all.extend(page);
    }
    // A collection in a later form is kept under its version, too.
    let is_of = |kept: &str, name: &str| kept == name || kept.starts_with(&format!("{name}@"));
    for (collection, count) in &expect.records {
        let there = all
            .iter()
            .filter(|record| is_of(&record.collection, collection));
        found.same(&format!("records {collection}"), *count, there.count());
    }
    for wanted in &expect.record {
        let place = format!("record {}/{}", wanted.collection, wanted.key);
        let record = all.iter().find(|record| {
            is_of(&record.collection, &wanted.collection) && record.key == wanted.key
        });
        match record.map(|record| serde_json::from_str::<Json>(&record.body)) {
            Some(Ok(body)) => data::compare(&place, &wanted.body, &body, found),
            Some(Err(error)) => found.add(&place, &wanted.body, error),
            None => found.add(&place, &wanted.body, "nothing"),
        }
    }
    Ok(())
}
