//! Every bound of the marketplace, in one table. What a package may be is in `guichet_package::limits`.

use guichet_package::limits::INDEX_BYTES_MAX;

/// Hours for which a sealed index is believed.
pub const INDEX_VALID_HOURS: i64 = 7 * 24;

/// Hours after which an index is sealed anew, although nothing changed.
pub const INDEX_RENEWED_AFTER_HOURS: i64 = 24;

/// Uploads that are received at a time; who comes while all are taken is told to come again.
pub const UPLOADS_AT_ONCE_MAX: usize = 16;

/// Packages that are looked through at a time; others wait.
pub const CHECKS_AT_ONCE_MAX: usize = 2;

/// Seconds that an upload may take to arrive.
pub const UPLOAD_SECONDS_MAX: u64 = 120;

/// Seconds after which who was told to come again should.
pub const COME_AGAIN_SECONDS: u64 = 10;

/// Bytes of a JSON request.
pub const JSON_BODY_BYTES_MAX: usize = 16 << 10;

/// Bytes of a version's text, such as `1.2.0-beta.1`.
pub const VERSION_BYTES_MAX: usize = 64;

/// Bytes of the range of platforms.
pub const PLATFORM_BYTES_MAX: usize = 100;

/// Bytes of a publisher's or marketplace's title.
pub const TITLE_BYTES_MAX: usize = 100;

/// Bytes of how a publisher can be reached.
pub const CONTACT_BYTES_MAX: usize = 200;

/// Bytes of the reason for which a version is taken back or refused.
pub const REASON_BYTES_MAX: usize = 400;

/// Keys of a publisher, retired ones among them.
pub const KEYS_OF_A_PUBLISHER_MAX: i64 = 16;

/// Requests of publishers that wait for the operator.
pub const REQUESTS_WAITING_MAX: i64 = 200;

/// Days after which a request that nobody answered is forgotten.
pub const REQUEST_DAYS_MAX: i64 = 30;

/// Versions that wait for review, of one publisher.
pub const WAITING_OF_A_PUBLISHER_MAX: i64 = 20;

/// Bytes of what people search for.
pub const QUERY_BYTES_MAX: usize = 200;

/// Words of what people search for.
pub const QUERY_WORDS_MAX: usize = 8;

/// Plugins of a page.
pub const PLUGINS_OF_A_PAGE: usize = 20;

/// Bytes of the index that one version takes: what it asks for, its texts, and room for its revocation.
pub const VERSION_INDEX_BYTES_MAX: i64 = 64 << 10;

/// Bytes of the index that one publisher's versions take.
pub const PUBLISHER_INDEX_BYTES_MAX: i64 = 2 << 20;

/// Bytes of the index that all versions take. Uploads beyond are refused, so that the index can always be sealed: a revocation never fails for want of room.
pub const VERSIONS_INDEX_BYTES_MAX: i64 = 11 << 20;

/// Bytes that are counted for a version beside what it says: its revocation, with a reason that is twice as long once it is escaped.
pub const VERSION_INDEX_BYTES_BESIDE: i64 = 2 * REASON_BYTES_MAX as i64 + 400;

/// Bytes that are counted for a plugin beside its versions: its id and all keys of its publisher.
pub const PLUGIN_INDEX_BYTES_BESIDE: i64 = 400 + 60 * KEYS_OF_A_PUBLISHER_MAX;

/// Days after which a file that no row names is deleted.
pub const ORPHAN_DAYS_MAX: i64 = 1;

const _: () = assert!(
    INDEX_RENEWED_AFTER_HOURS * 2 <= INDEX_VALID_HOURS,
    "a host that looks once a day must never meet an index that is about to expire"
);
const _: () = assert!(
    VERSIONS_INDEX_BYTES_MAX + (64 << 10) <= INDEX_BYTES_MAX as i64 / 4 * 3,
    "the index crosses the network in base64, and must always fit"
);
