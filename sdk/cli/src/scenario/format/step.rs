//! What happens in a scenario.

use super::Expect;
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// One thing that happens, and what is so when everything that follows from it has come to rest.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Step {
    #[serde(default)]
    pub create_ticket: Option<CreateTicket>,
    #[serde(default)]
    pub reply: Option<Reply>,
    #[serde(default)]
    pub set: Option<Set>,
    #[serde(default)]
    pub tag: Option<Tag>,
    #[serde(default)]
    pub assign: Option<Assign>,
    #[serde(default)]
    pub wait: Option<Wait>,
    #[serde(default)]
    pub resume: Option<OnTicket>,
    #[serde(default)]
    pub solve: Option<OnTicket>,
    #[serde(default)]
    pub reopen: Option<OnTicket>,
    #[serde(default)]
    pub close: Option<OnTicket>,
    #[serde(default)]
    pub delete: Option<OnTicket>,
    #[serde(default)]
    pub restore: Option<OnTicket>,
    #[serde(default)]
    pub merge: Option<Merge>,
    #[serde(default)]
    pub link: Option<Link>,
    /// An agent opens the desk…
    #[serde(default)]
    pub come: Option<Presence>,
    /// …or closes it.
    #[serde(default)]
    pub leave: Option<Presence>,
    /// The clock goes on, from one thing that falls due to the next: `90s`, `30m`, `47h`, `2d`, `1h 30m`.
    #[serde(default)]
    pub advance: Option<String>,
    #[serde(default)]
    pub request: Option<Request>,
    #[serde(default)]
    pub ask: Option<Ask>,
    #[serde(default)]
    pub report: Option<Report>,
    /// The admin sets the plugin anew.
    #[serde(default)]
    pub settings: Option<Json>,
    #[serde(default)]
    pub expect: Expect,
}

/// Before whom the desk stands open, or no more.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    pub agent: String,
}

/// A customer asks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateTicket {
    /// How the scenario speaks of the ticket.
    #[serde(rename = "as")]
    pub name: String,
    pub requester: String,
    pub subject: String,
    /// Its first message; none where it is left out.
    #[serde(default)]
    pub text: Option<String>,
    /// `api` by default.
    #[serde(default)]
    pub channel: Option<String>,
    /// The agent who writes it down; the requester himself where it is left out.
    #[serde(default)]
    pub by: Option<String>,
    #[serde(default)]
    pub fields: BTreeMap<String, Json>,
    /// Files beside the scenario.
    #[serde(default)]
    pub attachments: Vec<String>,
}

/// Somebody says something.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    pub ticket: String,
    pub text: String,
    /// An agent or a customer; the requester where it is left out.
    #[serde(default)]
    pub by: Option<String>,
    /// `public` (by default) or `internal`.
    #[serde(default)]
    pub visibility: Option<String>,
    /// A machine said it, as its channel found.
    #[serde(default)]
    pub automatic: bool,
    /// Files beside the scenario.
    #[serde(default)]
    pub attachments: Vec<String>,
}

/// Fields are set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    pub ticket: String,
    pub fields: BTreeMap<String, Json>,
    #[serde(default)]
    pub by: Option<String>,
}

/// Tags are added or removed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    pub ticket: String,
    #[serde(default)]
    pub add: Vec<String>,
    #[serde(default)]
    pub remove: Vec<String>,
    #[serde(default)]
    pub by: Option<String>,
}

/// The ticket is given to somebody.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assign {
    pub ticket: String,
    /// An empty name: to nobody.
    #[serde(default)]
    pub agent: Option<String>,
    #[serde(default)]
    pub group: Option<String>,
    #[serde(default)]
    pub by: Option<String>,
}

/// The ticket waits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    pub ticket: String,
    pub reason: String,
    /// How long, as in `advance`; without an end, where it is left out.
    #[serde(default, rename = "for")]
    pub long: Option<String>,
    #[serde(default)]
    pub by: Option<String>,
}

/// A command that needs no more than its ticket.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnTicket {
    pub ticket: String,
    #[serde(default)]
    pub by: Option<String>,
}

/// Two tickets become one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    pub ticket: String,
    pub into: String,
    #[serde(default)]
    pub by: Option<String>,
}

/// Two tickets belong together.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub ticket: String,
    /// What the other one is to it: `blocked-by`, `parent`, …
    pub relation: String,
    pub other: String,
    #[serde(default)]
    pub by: Option<String>,
}

/// A request to one of the plugin's routes, over HTTP.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Below the plugin's root, with its query.
    pub path: String,
    /// `GET` by default.
    #[serde(default)]
    pub method: Option<String>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub json: Option<Json>,
    /// A file beside the scenario.
    #[serde(default)]
    pub file: Option<String>,
    /// An agent, by his session's right; `nobody`; where it is left out, a program with a token for the plugin.
    #[serde(default)]
    pub by: Option<String>,
    /// How the scenario speaks of the ticket that comes of it.
    #[serde(default, rename = "as")]
    pub name: Option<String>,
}

/// Another plugin asks for one of its actions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    pub action: String,
    #[serde(default)]
    pub ticket: Option<String>,
    #[serde(default)]
    pub input: Json,
}

/// Somebody looks at one of its reports, over HTTP. Where neither `range` nor `from` and `to` are said, it is of the last 30 days.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    pub name: String,
    /// By its name, such as `last-7-days`.
    #[serde(default)]
    pub range: Option<String>,
    /// RFC 3339, with `to`.
    #[serde(default)]
    pub from: Option<String>,
    #[serde(default)]
    pub to: Option<String>,
    /// `en` by default.
    #[serde(default)]
    pub locale: Option<String>,
    /// An expression: only tickets for which it holds are counted.
    #[serde(default)]
    pub filter: Option<String>,
    /// What the report asks for beside these.
    #[serde(default)]
    pub parameters: BTreeMap<String, Json>,
    /// The agent who looks; an admin where it is left out.
    #[serde(default)]
    pub by: Option<String>,
    /// `csv`: as a file for spreadsheet programs, told as the response's text.
    #[serde(default)]
    pub format: Option<String>,
}
