//! Triggers: rules on what happens to tickets.
//!
//! Each event runs the list of rules in its order. All rules are tried on the same [`snapshot`]; then those that match act, one after the other. A rule acts at most
//! once per chain of events on a ticket ([`chain`]). One that fails says so, in the ticket's history and in the log, and the others go on.

/// 1. Rules as an admin writes them.
pub mod rule;

/// 2. What they are tried on.
pub mod snapshot;

/// 3. Whether a rule's conditions hold.
pub mod matching;

/// Two values side by side.
pub mod compare;

/// Fields' values as JSON.
pub mod value;

/// 4. At most once per chain.
pub mod chain;

/// 5. Texts with names in them.
pub mod template;

/// Bounds.
pub mod limits;

/// Reads from the host what rules ask for.
mod facts;

/// 6. What a rule does.
mod acting;

use acting::{Failed, Taken, Why, act};
use chain::Chains;
use facts::Facts;
use guichet_sdk::{Error, Event, EventHandler, events_emit, explain, log, records, typed_settings};
use matching::{Found, matches};
use rule::{Rule, Rules, SEMANTICS};
use serde_json::json;

/// The collection in which chains are remembered, by ticket.
const CHAINS: &str = "chains";

struct Triggers;

impl EventHandler for Triggers {
    fn handle(event: Event) -> Result<(), Error> {
        let Some(ticket) = &event.ticket else {
            return Ok(());
        };
        let rules: Rules = typed_settings()?;
        rules
            .check()
            .map_err(|error| Error::Invalid(error.to_string()))?;
        let tried: Vec<(String, &Rule)> = rules.at(&event.kind).collect();
        if tried.is_empty() {
            return Ok(());
        }
        let mut facts = Facts::open(&event, ticket)?;
        let asked = tried.iter().flat_map(|(_, rule)| fields(rule));
        facts.read(asked.collect::<Vec<_>>())?;
        let matched: Vec<_> = tried
            .into_iter()
            .filter_map(|(name, rule)| Some((name, rule, matches(rule, &facts.snapshot)?)))
            .collect();
        match matched.is_empty() {
            true => Ok(()),
            false => run(&event, ticket, matched, &mut facts),
        }
    }
}

guichet_sdk::export_event_handler!(Triggers);

/// Lets the rules that match act.
fn run(
    event: &Event,
    ticket: &str,
    matched: Vec<(String, &Rule, Vec<Found>)>,
    facts: &mut Facts,
) -> Result<(), Error> {
    let known = records::get(CHAINS, ticket)?;
    let mut chains: Chains = known
        .and_then(|record| serde_json::from_str(&record.body).ok())
        .unwrap_or_default();
    let before = chains.clone();
    // Before anything is done: what a rule says is about the event, not about what another rule made of it.
    let named = matched
        .iter()
        .flat_map(|(_, rule, _)| acting::names(rule))
        .collect::<Vec<_>>();
    facts.read(named)?;
    let mut taken = Taken::default();
    for (name, rule, found) in matched {
        if !chains.is_free(event.root, &name) {
            log::write("info", &format!("rule \"{name}\" has acted for this cause"));
            continue;
        }
        chains.note(event.root, &name);
        explain::because(&name, &reason(event, &found).to_string());
        match act(event, ticket, rule, facts, &mut taken) {
            Ok(()) => {}
            // Not the rule's fault: the event is tried again as a whole.
            Err(Failed {
                why: Why::Host(error @ Error::Unavailable(_)),
                ..
            }) => return Err(error),
            Err(failed) => tell(ticket, &name, &failed),
        }
    }
    if chains != before {
        let body = json!(chains).to_string();
        records::put(CHAINS, ticket, &body, None)?;
    }
    Ok(())
}

fn fields(rule: &Rule) -> impl Iterator<Item = String> {
    let conditions = rule.all.iter().chain(&rule.any);
    conditions.map(|condition| condition.field.clone())
}

/// What people read beside a change.
fn reason(event: &Event, found: &[Found]) -> serde_json::Value {
    let conditions: Vec<_> = found
        .iter()
        .map(|one| json!({ "field": one.field, "operator": one.operator.words(), "wanted": one.wanted, "found": one.found }))
        .collect();
    json!({ "semantics": SEMANTICS, "event": event.kind, "conditions": conditions })
}

/// A rule that fails is told where people look for it: in the ticket's history, and among the plugin's runs.
fn tell(ticket: &str, rule: &str, failed: &Failed) {
    let Failed {
        position,
        action,
        why,
    } = failed;
    log::write(
        "error",
        &format!("rule \"{rule}\", action {position} ({action}): {why}"),
    );
    let data =
        json!({ "rule": rule, "position": position, "action": action, "error": why.to_string() });
    if let Err(error) = events_emit::emit("rule.failed", Some(ticket), &data.to_string()) {
        log::write("warn", &format!("the history could not be told: {error:?}"));
    }
}
