//! What is so when everything has come to rest.

use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// What is so. What is not named may be as it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Expect {
    /// How the plugin's calls ended: one word for all of them, or one for each. Where nothing is said: `ok`, or `refused` by a guard.
    #[serde(default)]
    pub outcome: Option<OneOrEach>,
    /// Stands in what is told of one of the calls that did not end well.
    #[serde(default)]
    pub detail: Option<String>,
    /// Calls of the plugin.
    #[serde(default)]
    pub runs: Option<usize>,
    /// The step itself is refused, with these words.
    #[serde(default)]
    pub refused: Option<String>,
    /// Each stands in a line of the plugin's log.
    #[serde(default)]
    pub log_contains: Vec<String>,
    #[serde(default)]
    pub ticket: Vec<ExpectTicket>,
    /// Tickets that there are, those in the suspended queue left out.
    #[serde(default)]
    pub tickets: Option<usize>,
    /// Tickets in the suspended queue.
    #[serde(default)]
    pub suspended: Option<usize>,
    #[serde(default)]
    pub customer: Vec<ExpectCustomer>,
    /// Records of a collection.
    #[serde(default)]
    pub records: BTreeMap<String, usize>,
    #[serde(default)]
    pub record: Vec<ExpectRecord>,
    /// Jobs that wait, by their names.
    #[serde(default)]
    pub jobs: BTreeMap<String, usize>,
    /// Kinds of the plugin's own events, whatever they are about, in their order.
    #[serde(default)]
    pub events: Option<Vec<String>>,
    #[serde(default)]
    pub response: Option<ExpectResponse>,
    /// What servers outside were sent, in its order.
    #[serde(default)]
    pub sent: Option<Vec<ExpectSent>>,
    #[serde(default)]
    pub report: Option<ExpectReport>,
}

/// A word for all, or one for each.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum OneOrEach {
    One(String),
    Each(Vec<String>),
}

/// A ticket as it is to be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectTicket {
    /// As the scenario speaks of it, or `#7` by its number.
    pub ticket: String,
    #[serde(default)]
    pub state: Option<String>,
    #[serde(default)]
    pub kind: Option<String>,
    #[serde(default)]
    pub subject: Option<String>,
    #[serde(default)]
    pub channel: Option<String>,
    #[serde(default)]
    pub priority: Option<u8>,
    /// Names; an empty one: nobody.
    #[serde(default)]
    pub requester: Option<String>,
    #[serde(default)]
    pub assignee: Option<String>,
    #[serde(default)]
    pub group: Option<String>,
    /// All of them, in any order.
    #[serde(default)]
    pub tags: Option<Vec<String>>,
    /// Any fields by their names, core or plugins'.
    #[serde(default)]
    pub fields: BTreeMap<String, Json>,
    /// How many.
    #[serde(default)]
    pub messages: Option<usize>,
    /// The last ones.
    #[serde(default)]
    pub message: Vec<ExpectMessage>,
    /// Kinds of all its events.
    #[serde(default)]
    pub history: Option<Vec<String>>,
    /// Rules that its changes name as their reason, each once, in the order in which they first do.
    #[serde(default)]
    pub because: Option<Vec<String>>,
    /// All links: what the other ticket is, and the ticket.
    #[serde(default)]
    pub links: Option<Vec<ExpectLink>>,
    /// All who take part: their part, and their name.
    #[serde(default)]
    pub participants: Option<Vec<ExpectParticipant>>,
}

/// A message as it is to be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectMessage {
    /// A name, or what sort of being: `plugin`, `customer`, `agent`.
    #[serde(default)]
    pub by: Option<String>,
    #[serde(default)]
    pub visibility: Option<String>,
    /// Stands in it.
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub fields: BTreeMap<String, Json>,
    /// Names of files.
    #[serde(default)]
    pub attachments: Option<Vec<String>>,
}

/// A link as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectLink {
    pub relation: String,
    pub ticket: String,
}

/// Somebody who is to take part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectParticipant {
    pub role: String,
    pub name: String,
}

/// A customer as he is to be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectCustomer {
    /// How he is found, `scheme:value`.
    pub identity: String,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub fields: BTreeMap<String, Json>,
}

/// A record as it is to be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectRecord {
    pub collection: String,
    pub key: String,
    /// It has at least these members, with these values.
    pub body: Json,
}

/// The route's answer as it is to be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectResponse {
    #[serde(default)]
    pub status: Option<u16>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Stands in the body.
    #[serde(default)]
    pub text: Option<String>,
    /// The body has at least these members, with these values.
    #[serde(default)]
    pub json: Option<Json>,
}

/// What a server is to be sent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectSent {
    #[serde(default)]
    pub host: Option<String>,
    #[serde(default)]
    pub method: Option<String>,
    #[serde(default)]
    pub path: Option<String>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Stands in the body.
    #[serde(default)]
    pub text: Option<String>,
    /// The body has at least these members, with these values.
    #[serde(default)]
    pub json: Option<Json>,
}

/// A report as it is to be.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectReport {
    #[serde(default)]
    pub table: Vec<ExpectTable>,
    /// Titles of all charts.
    #[serde(default)]
    pub charts: Option<Vec<String>>,
}

/// A report's table as it is to be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectTable {
    pub name: String,
    #[serde(default)]
    pub title: Option<String>,
    /// Names of all columns.
    #[serde(default)]
    pub columns: Option<Vec<String>>,
    /// All rows, in their order; an agent, group or customer by name.
    #[serde(default)]
    pub rows: Option<Vec<Vec<Json>>>,
}
