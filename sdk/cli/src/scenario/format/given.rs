//! What there is before a scenario begins.

use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// People, tickets, records, servers.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    #[serde(default)]
    pub groups: Vec<GivenGroup>,
    #[serde(default)]
    pub agents: Vec<GivenAgent>,
    #[serde(default)]
    pub customers: Vec<GivenCustomer>,
    #[serde(default)]
    pub tickets: Vec<GivenTicket>,
    /// The plugin's own records.
    #[serde(default)]
    pub records: Vec<GivenRecord>,
    /// Servers outside, each answered for by the tool.
    #[serde(default)]
    pub servers: Vec<GivenServer>,
}

/// A group of agents.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenGroup {
    pub name: String,
}

/// An agent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenAgent {
    pub name: String,
    #[serde(default)]
    pub email: Option<String>,
    /// `helper`, `agent`, `supervisor`, `admin`.
    #[serde(default)]
    pub role: Option<String>,
    /// Groups whose tickets he works.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Whether the desk stands open before him.
    #[serde(default)]
    pub online: bool,
}

/// A customer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenCustomer {
    pub name: String,
    #[serde(default)]
    pub email: Option<String>,
    /// More ways to know him, `scheme:value`.
    #[serde(default)]
    pub identities: Vec<String>,
    /// `locale`, and plugins' own fields.
    #[serde(default)]
    pub fields: BTreeMap<String, Json>,
}

/// A ticket that is there already.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenTicket {
    /// How the scenario speaks of it.
    pub name: String,
    pub requester: String,
    pub subject: String,
    /// Its first message; none where it is left out.
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub agent: Option<String>,
    #[serde(default)]
    pub group: Option<String>,
    /// `new`, `open`, `pending`, `solved`, `closed`.
    #[serde(default)]
    pub state: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub fields: BTreeMap<String, Json>,
}

/// A record of the plugin's.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenRecord {
    pub collection: String,
    pub key: String,
    pub body: Json,
}

/// A server outside.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenServer {
    /// The host as the plugin calls it, by HTTP or HTTPS: `api.example.com`, `api.example.com:8443`.
    pub host: String,
    #[serde(default)]
    pub answers: Vec<GivenAnswer>,
}

/// What a server answers. The first that fits and is not used up is taken.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenAnswer {
    /// Any, where it is left out.
    #[serde(default)]
    pub method: Option<String>,
    /// With its query where it has one; any, where it is left out.
    #[serde(default)]
    pub path: Option<String>,
    #[serde(default = "ok")]
    pub status: u16,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub json: Option<Json>,
    /// How often; without an end, where it is left out.
    #[serde(default)]
    pub times: Option<u32>,
}

fn ok() -> u16 {
    200
}
