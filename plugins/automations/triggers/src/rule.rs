//! Rules as an admin writes them. Unknown words are errors: a slip of the pen is told, never ignored.

use serde::Deserialize;
use std::collections::BTreeMap;

/// The settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    #[serde(default)]
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What people read as the reason of a change.
    pub name: String,
    /// Kinds of events.
    pub on: Vec<String>,
    /// All of these must hold.
    #[serde(default)]
    pub all: Vec<Condition>,
    /// And, if there are any, one of these.
    #[serde(default)]
    pub any: Vec<Condition>,
    #[serde(rename = "do")]
    pub actions: Vec<Action>,
}

/// A field and one or more things about it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub field: String,
    pub is: Option<serde_json::Value>,
    pub is_not: Option<serde_json::Value>,
    pub contains: Option<String>,
    pub starts_with: Option<String>,
    pub any_of: Option<Vec<serde_json::Value>>,
    pub less_than: Option<f64>,
    pub greater_than: Option<f64>,
    pub has_tag: Option<String>,
    pub changed: Option<bool>,
}

/// What a rule does, in order.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    Assign(Assign),
    AddTags(Vec<String>),
    RemoveTags(Vec<String>),
    /// Fields by name.
    Set(BTreeMap<String, serde_json::Value>),
    Reply(Reply),
    Solve(Nothing),
}

/// To whom.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assign {
    pub group: Option<String>,
    pub agent: Option<String>,
}

/// What is said. `{{ticket.subject}}`, `{{ticket.number}}` and `{{ticket.priority}}` are filled in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    pub text: String,
    /// `public` or `internal`.
    pub visibility: String,
}

/// Nothing to say.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}
