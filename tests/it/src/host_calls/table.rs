//! What each call of the host names, as calls to be made: `{ticket}` stands for a ticket's id, `{number}` for its number, and so on.
//!
//! What is named must be refused where it is somebody else's. Behind a `?` it may be taken: it is only looked past (the last one of the page before), or it
//! is a name within one's own realm (the key of a record), where somebody else's stands for nothing.

use super::things::LATER;
use serde_json::{Value, json};

pub(crate) struct Row {
    /// `interface.function`.
    pub(crate) call: &'static str,
    pub(crate) arguments: Vec<Value>,
    /// Why there is nothing of somebody else's to be tried.
    pub(crate) names_nothing: Option<&'static str>,
    /// Whether the same call is answered the same as long as nothing of one's own changes.
    pub(crate) is_a_list: bool,
}

/// A place in the arguments of a call where somebody's thing is named.
pub(crate) struct Name {
    pub(crate) kind: &'static str,
    pub(crate) may_be_taken: bool,
}

const KINDS: [&str; 14] = [
    "ticket",
    "number",
    "message",
    "customer",
    "customer-group",
    "identity",
    "agent",
    "group",
    "file",
    "plugin",
    "record",
    "collection",
    "job-key",
    "secret",
];

/// Why a connection names nothing of anybody's.
const SERVERS: &str = "servers outside are no tenant's, and a handle is the call's own";

fn names_things(call: &'static str, arguments: &[Value]) -> Row {
    Row {
        call,
        arguments: arguments.to_vec(),
        names_nothing: None,
        is_a_list: false,
    }
}

fn lists(call: &'static str, why: &'static str, arguments: &[Value]) -> Row {
    Row {
        names_nothing: Some(why),
        is_a_list: true,
        ..names_things(call, arguments)
    }
}

fn names_nothing(call: &'static str, why: &'static str, arguments: &[Value]) -> Row {
    Row {
        names_nothing: Some(why),
        ..names_things(call, arguments)
    }
}

/// The names in a call's arguments, in order.
pub(crate) fn names(arguments: &Value) -> Vec<Name> {
    let mut names = Vec::new();
    walk(arguments, &mut |text| {
        text.split('{').skip(1).for_each(|part| {
            let Some((name, _)) = part.split_once('}') else {
                return;
            };
            let may_be_taken = name.ends_with('?');
            let kind = KINDS
                .iter()
                .find(|kind| **kind == name.trim_end_matches('?'));
            names.extend(kind.map(|kind| Name { kind, may_be_taken }));
        });
        text.to_owned()
    });
    names
}

/// The arguments with what stands for the names, which are asked for in the same order.
pub(crate) fn filled(arguments: &Value, what: &mut dyn FnMut(&str) -> String) -> Value {
    walk(arguments, &mut |text| {
        let mut filled = text.to_owned();
        for name in names(&json!(text)) {
            for pattern in [format!("{{{}}}", name.kind), format!("{{{}?}}", name.kind)] {
                if filled.contains(&pattern) {
                    filled = filled.replacen(&pattern, &what(name.kind), 1);
                    break;
                }
            }
        }
        filled
    })
}

fn walk(value: &Value, each: &mut dyn FnMut(&str) -> String) -> Value {
    match value {
        Value::String(text) => each(text).into(),
        Value::Array(items) => items.iter().map(|item| walk(item, each)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| (name.clone(), walk(member, each)))
            .collect(),
        other => other.clone(),
    }
}

/// All calls, in the contract's order.
pub(crate) fn table() -> Vec<Row> {
    [
        reading_tickets(),
        writing_tickets(),
        taking_in(),
        people(),
        ones_own(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn reading_tickets() -> Vec<Row> {
    let with_message = json!(["{ticket}", "{message?}", 200]);
    let getters = [
        "tickets-read.ticket.id",
        "tickets-read.ticket.number",
        "tickets-read.ticket.version",
        "tickets-read.ticket.kind",
        "tickets-read.ticket.state",
        "tickets-read.ticket.subject",
        "tickets-read.ticket.channel",
        "tickets-read.ticket.requester",
        "tickets-read.ticket.assignee",
        "tickets-read.ticket.group",
        "tickets-read.ticket.priority",
        "tickets-read.ticket.tags",
        "tickets-read.ticket.created-at",
        "tickets-read.ticket.updated-at",
        "tickets-read.ticket.links",
        "tickets-read.ticket.participants",
        "tickets-read.ticket.last-message",
    ];
    let mut rows = vec![
        names_things("tickets-read.get", &[json!(["{ticket}"])]),
        names_things("tickets-read.find", &[json!(["{number}"])]),
        names_things("tickets-read.read-message", &[json!(["{message}"])]),
        lists(
            "tickets-read.query",
            "a filter says what tickets are like: they are looked for among one's own",
            &[
                json!([{ "columns": ["number", "subject", "group", "assignee", "requester", "tags"], "sort": ["number"] }]),
                json!([{ "filter": "number > 0 && subject != \"\"", "columns": ["id"], "sort": ["-subject"] }]),
                json!([{ "filter": "text(\"quince\") || text(\"see\")", "columns": ["id"] }]),
                json!([{ "filter": "text(\"quince\")", "columns": ["id"] }]),
            ],
        ),
        lists(
            "tickets-read.count",
            "as of `query`",
            &[
                json!([""]),
                json!(["number > 0"]),
                json!(["text(\"see\")"]),
                json!([
                    "state in [\"new\", \"open\", \"pending\", \"solved\", \"closed\", \"deleted\", \"suspended\"]"
                ]),
            ],
        ),
        lists(
            "tickets-read.aggregate",
            "as of `query`",
            &[
                json!([
                    "",
                    ["state"],
                    ["count", "max:number", "min:subject", "max:subject"],
                    100
                ]),
                json!(["", ["group", "requester"], ["count"], 100]),
                json!(["", ["tags"], ["count", "sum:priority"], 100]),
            ],
        ),
        names_things(
            "tickets-read.ticket.field",
            &[
                json!(["{ticket}", "subject"]),
                json!(["{ticket}", "tests/walled/x"]),
            ],
        ),
        names_things("tickets-read.ticket.messages", &[with_message]),
    ];
    rows.extend(getters.map(|getter| names_things(getter, &[json!(["{ticket}"])])));
    rows
}

fn writing_tickets() -> Vec<Row> {
    let message =
        json!({ "text": "Stolen.", "attachments": ["{file}"], "fields": { "source": "{file}" } });
    let draft = json!({ "subject": "Stolen", "requester": "{customer}", "message": message });
    let customer = json!(["customer", "{customer}"]);
    let taking_part = json!(["customer", "{customer?}"]);
    let assignment = json!({ "assignee": "{agent}", "group": "{group}" });
    vec![
        names_things("tickets-write.create", &[json!([draft])]),
        names_things(
            "tickets-write.set",
            &[json!(["{ticket}", { "subject": "Stolen" }])],
        ),
        names_things("tickets-write.add-tags", &[json!(["{ticket}", ["stolen"]])]),
        names_things(
            "tickets-write.remove-tags",
            &[json!(["{ticket}", ["stolen"]])],
        ),
        names_things(
            "tickets-write.transition",
            &[
                json!(["{ticket}", "assign", assignment]),
                json!(["{ticket}", "wait", { "reason": "stolen" }]),
                json!(["{ticket}", "resume", {}]),
                json!(["{ticket}", "solve", {}]),
                json!(["{ticket}", "reopen", {}]),
                json!(["{ticket}", "close", {}]),
                json!(["{ticket}", "delete", {}]),
                json!(["{ticket}", "restore", {}]),
                json!(["{ticket}", "reject", {}]),
                json!(["{ticket}", "unmerge", {}]),
            ],
        ),
        names_things("tickets-write.add-message", &[json!(["{ticket}", message])]),
        names_things(
            "tickets-write.add-participant",
            &[
                json!(["{ticket}", "cc", customer, null]),
                json!(["{ticket}", "watcher", ["agent", "{agent}"], null]),
            ],
        ),
        // Who takes no part is out already, whoever he is.
        names_things(
            "tickets-write.remove-participant",
            &[
                json!(["{ticket}", "cc", taking_part]),
                json!(["{ticket}", "watcher", ["agent", "{agent?}"]]),
            ],
        ),
        names_things(
            "tickets-write.link",
            &[json!(["{ticket}", "related", "{ticket}"])],
        ),
        // What is not linked is unlinked, whatever it is.
        names_things(
            "tickets-write.unlink",
            &[json!(["{ticket}", "related", "{ticket?}"])],
        ),
        names_things("tickets-write.merge", &[json!(["{ticket}", "{ticket}"])]),
    ]
}

fn taking_in() -> Vec<Row> {
    let message = json!({ "visibility": "public", "text": "Stolen.", "attachments": ["{file}"], "fields": { "source": "{file}" } });
    let draft = json!({ "subject": "Stolen", "requester": "{customer}", "message": message });
    let author = json!(["customer", "{customer}"]);
    let bare = json!({ "text": "Away.", "attachments": ["{file}"] });
    vec![
        names_things("intake.create", &[json!([draft, author])]),
        names_things(
            "intake.add-message",
            &[json!(["{ticket}", message, author])],
        ),
        names_things(
            "intake.quarantine",
            &[json!([
                "{file}",
                "mailto:loop@trade.example",
                "Away",
                "email_loop",
                bare
            ])],
        ),
        names_things(
            "intake.set-delivery",
            &[json!(["{ticket}", "{message}", "sent", { "file": "{file}" }])],
        ),
    ]
}

fn people() -> Vec<Row> {
    let getters = [
        "customers-read.customer.id",
        "customers-read.customer.version",
        "customers-read.customer.name",
        "customers-read.customer.groups",
        "customers-read.customer.locale",
        "customers-read.customer.identities",
    ];
    let mut rows = vec![
        names_things("customers-read.get", &[json!(["{customer}"])]),
        names_things("customers-read.find", &[json!(["{identity?}"])]),
        names_things(
            "customers-read.customer.field",
            &[json!(["{customer}", "name"])],
        ),
        // Somebody else's identity is free here.
        names_things(
            "customers-write.ensure",
            &[json!([["{identity?}"], false, {}])],
        ),
        names_things(
            "customers-write.set",
            &[
                json!(["{customer}", { "name": "Stolen" }]),
                json!(["{customer}", { "groups": ["{customer-group}"] }]),
            ],
        ),
        names_things("directory-read.agent", &[json!(["{agent}"])]),
        names_things("directory-read.agents", &[json!(["{agent?}", 200])]),
        names_things("directory-read.groups", &[json!(["{group?}", 200])]),
        // A group that is not known has no members.
        names_things("directory-read.members", &[json!(["{group?}"])]),
    ];
    rows.extend(getters.map(|getter| names_things(getter, &[json!(["{customer}"])])));
    rows
}

fn ones_own() -> Vec<Row> {
    vec![
        lists(
            "events-read.since",
            "a sequence is a place in one's own log",
            &[
                json!([0, "", 200]),
                json!([0, "ticket.", 200]),
                json!([0, "tests/", 200]),
                json!([0, "customer.", 200]),
            ],
        ),
        names_things("events-emit.emit", &[json!(["noted", "{ticket}", "{}"])]),
        // That it reaches nobody is told by nothing happening there.
        names_things(
            "events-emit.direct",
            &[json!(["{plugin?}", "act", "{ticket}", "{}"])],
        ),
        names_things(
            "records.get",
            &[
                json!(["counts", "{record?}"]),
                json!(["{collection}", "known"]),
            ],
        ),
        lists(
            "records.query",
            "what it names is a collection of one's own",
            &[
                json!(["counts", { "equal": "record-own" }]),
                json!(["counts", { "from": "record-own", "descending": true, "limit": 1 }]),
            ],
        ),
        names_things(
            "records-shared.get",
            &[
                json!(["{collection}", "known"]),
                json!(["counts", "{record}"]),
            ],
        ),
        names_things("records-shared.query", &[json!(["{collection}", {}])]),
        names_things(
            "records.put",
            &[
                json!(["counts", "{record?}", "{}", 0]),
                json!(["{collection}", "known", "{}", null]),
            ],
        ),
        names_things(
            "records.delete",
            &[
                json!(["counts", "{record?}"]),
                json!(["{collection}", "known"]),
            ],
        ),
        names_things(
            "records.add",
            &[
                json!(["counts", "{record?}", "/n"]),
                json!(["{collection}", "known", "/n"]),
            ],
        ),
        names_nothing(
            "files.put",
            "what it makes is new",
            &[json!(["x.txt", "text/plain", "x"])],
        ),
        names_things("files.append", &[json!(["{file}", "x"])]),
        names_things("files.read", &[json!(["{file}", 0, 100])]),
        names_things("files.delete", &[json!(["{file}"])]),
        names_things(
            "files.cut",
            &[json!(["{file}", 0, 1, "x.txt", "text/plain"])],
        ),
        names_things(
            "jobs.enqueue",
            &[json!(["rest", "{}", LATER, "{job-key?}"])],
        ),
        names_things("jobs.cancel", &[json!(["{job-key?}"])]),
        names_things(
            "http.fetch",
            &[
                json!([{ "url": "http://server.example/", "file": "{file}" }]),
                json!([{ "url": "http://server.example/", "headers": { "x-token": "{{secret:{secret}}}" } }]),
            ],
        ),
        names_nothing(
            "net.connect",
            SERVERS,
            &[json!(["server.example", 25, false])],
        ),
        names_nothing(
            "net.connection.read",
            SERVERS,
            &[json!(["server.example", 25])],
        ),
        names_nothing(
            "net.connection.write",
            SERVERS,
            &[json!(["server.example", 25])],
        ),
        names_nothing(
            "net.connection.start-tls",
            SERVERS,
            &[json!(["server.example", 25])],
        ),
        names_things("secrets.reveal", &[json!(["{secret}"])]),
        lists("settings.get", "they are one's own", &[json!([])]),
        names_nothing("log.write", "it is one's own log", &[json!(["info", "x"])]),
        names_nothing(
            "explain.because",
            "what is said is said of one's own effects",
            &[json!(["rule", "{}"])],
        ),
        names_nothing("clock.now", "the time is everybody's", &[json!([])]),
        names_nothing("clock.random", "chance is of the invocation", &[json!([8])]),
    ]
}
