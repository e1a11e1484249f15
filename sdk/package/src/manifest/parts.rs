//! The tables of `plugin.toml`.

use super::{Texts, Unknown};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An interface that it imports, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// The interface, such as `tickets-read`.
    pub name: String,
    /// By language; shown to the admin who consents.
    pub reason: Texts,
    /// Whether the plugin runs without it. An upgrade that asks for more of these does not wait for consent.
    #[serde(default)]
    pub optional: bool,
}

/// A kind of event that it handles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    /// Such as `ticket.created`.
    pub kind: String,
    /// An expression; events for which it is false are not delivered. Checked where the plugin is installed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

/// What it checks before a change is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Guard {
    /// Kinds of changes that it looks at, named as the events that would follow.
    pub kinds: Vec<String>,
    /// What becomes of a change when the check itself fails. The admin may choose otherwise.
    pub on_failure: OnFailure,
    /// By language; shown to the admin who consents.
    pub reason: Texts,
}

/// What becomes of a change when its check fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnFailure {
    /// It is written.
    Open,
    /// It is refused.
    Closed,
}

/// A path below the plugin's root that it serves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Route {
    /// Starts with a slash; serves what is below it, too.
    pub path: String,
    /// In capitals, such as `POST`.
    pub methods: Vec<String>,
    #[serde(default)]
    pub access: Access,
    /// As whom it reads and writes.
    #[serde(default)]
    pub acts_as: ActsAs,
    /// The answer that goes out when the plugin cannot answer just now: the request is kept and handled later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub durable: Option<Durable>,
}

/// The answer to a request that was kept for later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Durable {
    /// 200 to 299.
    pub status: u16,
    #[serde(default = "plain_text")]
    pub content_type: String,
    #[serde(default)]
    pub body: String,
}

fn plain_text() -> String {
    "text/plain; charset=utf-8".to_owned()
}

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// A bearer token with the scope `plugin:publisher/name`.
    #[default]
    Token,
    /// A signed-in agent.
    Agent,
    /// Anybody.
    Public,
}

/// As whom a route's reads are answered, and its writes allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ActsAs {
    /// As far as who called may read, and might write himself.
    #[default]
    Viewer,
    /// As far as the plugin may.
    Plugin,
}

/// Something that other plugins, rules and people may ask of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    pub name: String,
    /// By language.
    #[serde(default)]
    pub title: Texts,
}

/// What it carries to the people who ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Channel {
    /// Tickets of this channel (`email`, `wechat`) are answered through it.
    pub name: String,
    /// Schemes of identities that it reaches, such as `mailto`: whoever has one can be written to, where the ticket's own channel cannot.
    #[serde(default)]
    pub reaches: Vec<String>,
    /// Whether it carries the looks of a message, and not its text alone.
    #[serde(default)]
    pub html: bool,
    /// Bytes of a text; absent: as many as a message may have.
    #[schemars(range(min = 1))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_bytes_max: Option<u32>,
    /// Bytes of all files of a message; 0 where it carries none.
    #[serde(default)]
    pub files_bytes_max: u64,
    /// What becomes of a message of which nobody knows whether it went out: `resend`, rather twice than never; `ask`, rather late than twice, which is usual;
    /// or `{settings.key}`, whichever of the two that setting says.
    #[schemars(with = "String")]
    #[serde(default)]
    pub on_unknown: Unknown,
    /// Within which time it may answer, and how often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<ReplyWindow>,
}

/// A reply window, opened anew by each message of the person who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyWindow {
    #[schemars(range(min = 1))]
    pub minutes: u32,
    /// How many messages may be sent in it; absent: any number.
    #[schemars(range(min = 1))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub messages: Option<u32>,
}

/// Something that it shows, and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct View {
    pub name: String,
    pub location: Location,
    /// By language.
    pub title: Texts,
}

/// Where views stand.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
pub enum Location {
    /// Beside a ticket.
    #[serde(rename = "ticket.sidebar")]
    TicketSidebar,
    /// Above a ticket's conversation.
    #[serde(rename = "ticket.banner")]
    TicketBanner,
    /// Opened from a ticket's menu.
    #[serde(rename = "ticket.action")]
    TicketAction,
    /// Beside a customer.
    #[serde(rename = "customer.sidebar")]
    CustomerSidebar,
    /// A page of its own, in the navigation.
    #[serde(rename = "nav.page")]
    NavPage,
    /// Above the list of tickets.
    #[serde(rename = "home.widget")]
    HomeWidget,
    /// A page beside the plugin's settings; for admins.
    #[serde(rename = "settings.page")]
    SettingsPage,
}

impl Location {
    /// As manifests and the API spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TicketSidebar => "ticket.sidebar",
            Self::TicketBanner => "ticket.banner",
            Self::TicketAction => "ticket.action",
            Self::CustomerSidebar => "customer.sidebar",
            Self::NavPage => "nav.page",
            Self::HomeWidget => "home.widget",
            Self::SettingsPage => "settings.page",
        }
    }
}

/// A report that it makes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    pub name: String,
    /// By language.
    pub title: Texts,
    /// What it tells. By language.
    #[serde(default)]
    pub summary: Texts,
    /// A JSON Schema of what it asks beside `from`, `to`, `zone`, `locale` and `filter`, which every report is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<serde_json::Value>,
}

/// Parameters that every report is given by the host.
pub const REPORT_PARAMETERS_RESERVED: [&str; 5] = ["from", "to", "zone", "locale", "filter"];

/// What it needs more of than is usual. The admin may give less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Mebibytes of memory of one call.
    #[schemars(range(min = 1, max = 128))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_mib: Option<u32>,
    /// Milliseconds of a processor that a request, a job or a report may take.
    #[schemars(range(min = 1, max = 5_000))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_ms: Option<u32>,
}
