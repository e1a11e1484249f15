//! Every bound on a package, in one table.

/// Bytes of `plugin.toml`, the schema of its settings among them.
pub const MANIFEST_BYTES_MAX: usize = 256 << 10;

/// Levels of tables and lists in `plugin.toml`. Those of dotted keys count.
pub const MANIFEST_DEPTH_MAX: usize = 64;

/// Levels of a JSON Schema.
pub const SCHEMA_DEPTH_MAX: usize = 60;

/// Patterns of all JSON Schemas of a plugin.
pub const SCHEMA_PATTERNS_MAX: usize = 100;

/// Bytes that one pattern of a JSON Schema may take when it is compiled.
pub const PATTERN_BYTES_MAX: usize = 256 << 10;

/// How often a JSON Schema may look at one value, with all above it.
pub const SCHEMA_VISITS_MAX: usize = 2_000;

/// Schemas within one another that all apply to the same value.
pub const SCHEMA_NESTED_MAX: usize = 50;

/// Parts of all JSON Schemas of a plugin that are gone through to count these looks.
pub const SCHEMA_STEPS_MAX: usize = 1_000_000;

/// Looks at a value that does not fit, up to which each place is told.
pub const SCHEMA_TOLD_LOOKS_MAX: usize = 200_000;

/// Places where a value does not fit that are told.
pub const SCHEMA_TOLD_MAX: usize = 20;

/// Levels of a value that is checked by a JSON Schema: of settings, or of what a plugin hands over.
pub const VALUE_DEPTH_MAX: usize = 32;

/// Bytes of one part of a name: a publisher, a plugin, a field, a collection. Views lead to what is named so.
pub use guichet_view::limits::NAME_BYTES_MAX;

/// JSON Pointers by which the records of one collection are found.
pub const COLLECTION_INDEXES_MAX: usize = 8;

/// Bytes of one of them.
pub const COLLECTION_INDEX_BYTES_MAX: usize = 128;

/// Values that a field is said to have.
pub const FIELD_VALUES_MAX: usize = 50;

/// Characters of one of them.
pub const FIELD_VALUE_CHARACTERS_MAX: usize = 100;

/// Fields of one plugin with a column in every list.
pub const LISTED_FIELDS_MAX: usize = 3;

/// Entries of one list in `plugin.toml`.
pub const ENTRIES_OF_A_LIST_MAX: usize = 200;

/// Bytes of one text for people in `plugin.toml`: a title, a summary, a reason.
pub const TEXT_BYTES_MAX: usize = 2_000;

/// Bytes of the answer that a durable route declares.
pub const DURABLE_BODY_BYTES_MAX: usize = 4 << 10;

/// Mebibytes that a plugin may ask for as memory of one call.
pub const MEMORY_MIB_MAX: u32 = 128;

/// Milliseconds of a processor that a plugin may ask for, for a request, a job or a report.
pub const CPU_MS_MAX: u32 = 5_000;

/// Bytes of a component. The runtime has the same bound.
pub const COMPONENT_BYTES_MAX: usize = 24 << 20;

/// Bytes of all assets of a package, as a tar.
pub const ASSETS_BYTES_MAX: usize = 6 << 20;

/// Files among a package's assets.
pub const ASSETS_MAX: usize = 1_000;

/// Bytes of a package as a tar: component, assets, manifest and signatures.
pub const PACKAGE_BYTES_MAX: u64 = 32 << 20;

/// Entries of a package's tar, or files of its folder.
pub const PACKAGE_ENTRIES_MAX: usize = 64;

/// Bytes of one JSON document of a package. The manifest's text is within one, and grows by its escapes.
pub const JSON_BYTES_MAX: usize = 1 << 20;

/// Signatures of one package.
pub const SIGNATURES_MAX: usize = 8;

/// Bytes of a marketplace's index as it crosses the network.
pub const INDEX_BYTES_MAX: usize = 16 << 20;

const _: () = assert!(
    COMPONENT_BYTES_MAX + ASSETS_BYTES_MAX + 2 * JSON_BYTES_MAX <= PACKAGE_BYTES_MAX as usize,
    "the largest component with the largest assets must fit into a package"
);
