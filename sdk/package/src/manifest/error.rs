//! What is wrong with a manifest, and what to do.

use super::egress::HostError;
use crate::{limits, schedule::ScheduleError, schema::SchemaError};

/// What is wrong with a manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    #[error("plugin.toml: {0}")]
    Form(String),
    #[error(
        "plugin.toml has {bytes} bytes, and at most {} are read",
        limits::MANIFEST_BYTES_MAX
    )]
    TooLarge { bytes: usize },
    #[error(
        "plugin.toml, line {line}: more than {} levels of tables and lists",
        limits::MANIFEST_DEPTH_MAX
    )]
    Deep { line: usize },
    #[error(
        "plugin.toml: the id `{0}` is not `publisher/name` in small letters, digits and dashes"
    )]
    Id(String),
    #[error("plugin.toml asks for the platform {wanted}, and this host offers {offered}")]
    Platform { wanted: String, offered: String },
    #[error(
        "the component imports {0}, which plugin.toml does not declare: add a [[permissions]] entry with a reason, or do not call it"
    )]
    Undeclared(String),
    #[error(
        "the component imports http, and plugin.toml names no host: add an [[egress]] entry with a reason for each, or do not call it"
    )]
    UndeclaredHttp,
    #[error(
        "the component imports net, and plugin.toml names no server for it: add an [[egress]] entry with protocol = \"net\" and a reason for each, or do not call it"
    )]
    UndeclaredNet,
    #[error(
        "the component imports records-shared, and plugin.toml names no collection for it: add a [[shared]] entry with a reason for each, or do not call it"
    )]
    UndeclaredShared,
    #[error("plugin.toml: the field `{0}` is not named in small letters, digits and dashes")]
    Field(String),
    #[error("plugin.toml: the field `{field}`: {reason}")]
    FieldShown { field: String, reason: String },
    #[error(
        "plugin.toml: {0} fields have a column in every list, and at most {most} may: take `listed` from the others",
        most = limits::LISTED_FIELDS_MAX
    )]
    TooManyListed(usize),
    #[error(
        "plugin.toml: [[{table}]] has the name `{name}`, which is not in small letters, digits and dashes (1 to {} of them)",
        limits::NAME_BYTES_MAX
    )]
    Name { table: &'static str, name: String },
    #[error(
        "plugin.toml: [[{table}]] `{name}` is there twice: keep one of them{}",
        if *.table == "events" { ", and join their filters by `||`" } else { "" }
    )]
    Duplicate { table: &'static str, name: String },
    #[error(
        "plugin.toml: [[{table}]] has more than {} entries",
        limits::ENTRIES_OF_A_LIST_MAX
    )]
    TooMany { table: &'static str },
    #[error(
        "plugin.toml: {place} has no text: say it in at least one language, as in `{key}.en = \"…\"`"
    )]
    NoText { place: String, key: &'static str },
    #[error(
        "plugin.toml: {place} says {key}.{language} in more than {} bytes",
        limits::TEXT_BYTES_MAX
    )]
    LongText {
        place: String,
        key: &'static str,
        language: String,
    },
    #[error(
        "plugin.toml: {place} has the language `{language}`: languages are written as `en` or `zh-CN`"
    )]
    Language { place: String, language: String },
    #[error("plugin.toml: [[egress]] {0}")]
    Host(#[from] HostError),
    #[error(
        "plugin.toml: [[egress]] {{settings.{0}}} stands for a setting that [settings] does not have: add the property `{0}` to its schema"
    )]
    HostSetting(String),
    #[error("plugin.toml: [[egress]] `{0}` names no port: a connection needs one, as in `{0}:993`")]
    NoPort(String),
    #[error("plugin.toml: [[{table}]] `{kind}` is no kind of event, such as `ticket.created`")]
    Kind { table: &'static str, kind: String },
    #[error(
        "plugin.toml: the filter of [[events]] `{0}` is empty: leave it out to get all of them"
    )]
    EmptyFilter(String),
    #[error("plugin.toml: [guard] names no kinds: say which changes it looks at")]
    GuardWithoutKinds,
    #[error("plugin.toml: [channel]: {0}")]
    Channel(String),
    #[error("plugin.toml: [[routes]] `{path}`: {reason}")]
    Route { path: String, reason: String },
    #[error("plugin.toml: the collection `{0}` has the version 0: versions count from 1")]
    CollectionVersion(String),
    #[error("plugin.toml: the index `{index}` of the collection `{collection}`: {reason}")]
    Index {
        collection: String,
        index: String,
        reason: String,
    },
    #[error(
        "plugin.toml: the records of `{0}` are found by more than {most} indexes",
        most = limits::COLLECTION_INDEXES_MAX
    )]
    TooManyIndexes(String),
    #[error(
        "plugin.toml: [limits] memory-mib is {0}, and may be 1 to {most}",
        most = limits::MEMORY_MIB_MAX
    )]
    Memory(u32),
    #[error(
        "plugin.toml: [limits] cpu-ms is {0}, and may be 1 to {most}",
        most = limits::CPU_MS_MAX
    )]
    Processor(u32),
    #[error("plugin.toml: {0}")]
    Schedule(#[from] ScheduleError),
    #[error("plugin.toml: the schema in [settings]: {0}")]
    Settings(SchemaError),
    #[error("plugin.toml: the parameters of [[reports]] `{report}`: {reason}")]
    Parameters { report: String, reason: String },
    #[error(
        "plugin.toml: [settings]{0} is marked as secret where it would be kept in clear: secrets are properties at the top, in objects, or in the entries of a list whose schema has an `x-key`"
    )]
    Secret(String),
    #[error("plugin.toml has schedules, but the component exports no job-handler")]
    NoJobHandler,
    #[error("plugin.toml has actions, but the component exports no event-handler")]
    NoActionHandler,
    #[error("plugin.toml subscribes to events, but the component exports no event-handler")]
    NoEventHandler,
    #[error("plugin.toml has routes, but the component exports no request-handler")]
    NoRequestHandler,
    #[error("plugin.toml has a guard, but the component exports none")]
    NoGuard,
    #[error("plugin.toml has a channel, but the component exports none")]
    NoChannel,
    #[error("plugin.toml has reports, but the component exports no report")]
    NoReport,
    #[error("plugin.toml has views, but the component exports none")]
    NoViews,
}
