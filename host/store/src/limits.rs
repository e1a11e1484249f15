//! Bounds of the store.

/// Change-sets that wait for the writer: of people of one tenant, and as many of its plugins. Beyond it, whoever brings more waits.
pub const WAITING_MAX: usize = 4_096;

/// Change-sets of one commit.
pub const GROUP_MAX: usize = 256;

/// Sequences done above the cursor's `low`.
pub const DONE_MAX: usize = 1_024;

/// Bytes of a file that stands in the database; a larger one stands beside it.
pub const FILE_INLINE_BYTES_MAX: usize = 256 << 10;

/// Seconds after which a file that no commit named is swept out.
pub const ORPHAN_SECONDS: u64 = 6 * 3_600;

/// Characters of an indexed text by which a ticket is found.
pub const INDEXED_TEXT_CHARACTERS_MAX: usize =
    guichet_expression::limits::FIELD_TEXT_CHARACTERS_MAX;

/// Texts of an indexed list by which a ticket is found; a ticket has as many tags at most.
pub const INDEXED_TEXTS_MAX: usize = guichet_expression::limits::FIELD_TEXTS_MAX;
const _: () = assert!(
    guichet_core::limits::TAGS_MAX <= INDEXED_TEXTS_MAX
        && guichet_core::limits::TAG_CHARACTERS_MAX <= INDEXED_TEXT_CHARACTERS_MAX,
    "every tag is found"
);

/// Milliseconds for which an idempotency key is kept.
pub const KEY_KEPT_MS: i64 = 86_400_000;

/// Events that the full-text index takes in at once.
pub const SEARCH_BATCH: u32 = 500;

/// Bytes of a ticket's messages that can be found.
pub const TOKEN_TEXT_BYTES_MAX: usize = 1 << 20;

/// Different tokens of one ticket.
pub const SEARCH_TOKENS_MAX: usize = 20_000;

/// Words with one beginning that are looked for by their names.
pub const SEARCH_WORDS_MAX: u32 = 500;

/// Tickets that the index offers at once, to be looked at with the other conditions of a list.
pub const SEARCH_CANDIDATES: u32 = 500;

/// Tickets that a search looks at in all; a page of a search that wants more is shorter.
pub const SEARCH_LOOKED_AT_MAX: usize = 20_000;

/// Prepared statements that a connection keeps.
pub const STATEMENTS_KEPT: usize = 400;

/// Parameters of one statement; SQLite takes 32,766, PostgreSQL 65,535.
pub const PARAMETERS_MAX: usize = 30_000;

/// Milliseconds that the database may work on a list for people.
pub const LIST_DATABASE_MS: u64 = 2_000;

/// Reads that may be long, at the same time; further ones wait, within their own time.
pub const BOUNDED_READS_AT_ONCE: usize = 4;

/// Tickets with the words of a `text(…)` that a question looks at: the newest ones.
pub const QUERY_CANDIDATES_MAX: u32 = 10_000;

/// Rows of one page, and of one aggregate.
pub const QUERY_ROWS_MAX: u32 = 1_000;

/// Fields by which a list is sorted.
pub const SORT_KEYS_MAX: usize = 4;

/// Fields by which an aggregate is grouped.
pub const GROUPS_MAX: usize = 4;

/// Measures of an aggregate.
pub const MEASURES_MAX: usize = 16;

/// Records of one page.
pub const RECORD_ROWS_MAX: u32 = 200;

/// Records that were deleted, and are stepped over for one page.
pub const RECORDS_STEPPED_OVER: usize = 200;

/// Bytes of the records of one page, unless one alone has more.
pub const RECORD_PAGE_BYTES: u64 = 1 << 20;

/// Records to which ways are made in one transaction, and bytes of them, unless one alone has more.
pub const INDEX_SLICE_RECORDS: u64 = 200;
pub const INDEX_SLICE_BYTES: u64 = 4 << 20;

/// Ways to records that are cleared in one transaction.
pub const INDEX_SLICE_ROWS: u64 = 5_000;

/// Bytes of a cursor.
pub const CURSOR_BYTES_MAX: usize = 8 << 10;
