//! Bounds on what goes out and what comes back. Each has a test at its edge.

/// Bytes of an address of a page, as the plugin or a redirect writes it.
pub const URL_BYTES_MAX: usize = 8 << 10;

/// Bytes of a host's name, as DNS has it.
pub const HOST_BYTES_MAX: usize = 253;

/// Bytes of a request's body.
pub const REQUEST_BODY_BYTES_MAX: usize = 1 << 20;

/// Headers of a request, and of an answer.
pub const HEADERS_MAX: usize = 64;

/// Bytes of one header, name and value together, secrets filled in. For requests and for answers.
pub const HEADER_BYTES_MAX: usize = 8 << 10;

/// Bytes of an answer's headers together, names and values.
pub const ANSWER_HEADERS_BYTES_MAX: usize = 128 << 10;

/// Bytes that are held of an answer while its headers have not ended.
pub const ANSWER_BUFFER_BYTES_MAX: usize = 256 << 10;

/// Bytes of an answer's body, unless the caller says otherwise.
pub const ANSWER_BODY_BYTES_DEFAULT: usize = 4 << 20;

/// Bytes of an answer's body, whatever the caller says: it is held in memory.
pub const ANSWER_BODY_BYTES_MAX: usize = 64 << 20;

/// Redirects that are followed.
pub const REDIRECTS_MAX: usize = 5;

/// Milliseconds for all hops together, from the first look-up to the last byte.
pub const TOTAL_MS_MAX: u64 = 30_000;

/// Milliseconds to connect in one hop: TCP and TLS.
pub const CONNECT_MS_MAX: u64 = 10_000;

/// Bytes that one look at a connection answers.
pub const READ_BYTES_MAX: usize = 1 << 20;

/// Milliseconds that one look at a connection waits.
pub const READ_MS_MAX: u64 = 60_000;

/// Milliseconds in which what is said on a connection must be taken.
pub const WRITE_MS_MAX: u64 = 30_000;

/// Addresses of one name that are tried in turn. All of them are checked.
pub const ADDRESSES_TRIED_MAX: usize = 4;

/// Look-ups by the system's resolver at a time: each holds a thread until it ends, even when nobody waits for it any more.
pub const LOOKUPS_MAX: usize = 64;

/// Bytes of a secret's name.
pub const SECRET_NAME_BYTES_MAX: usize = 100;

const _: () = assert!(
    CONNECT_MS_MAX < TOTAL_MS_MAX,
    "a slow connection must be told from a slow answer"
);
const _: () = assert!(
    ANSWER_HEADERS_BYTES_MAX < ANSWER_BUFFER_BYTES_MAX,
    "the exact bound must be met before the rough one"
);
const _: () = assert!(ANSWER_BODY_BYTES_DEFAULT <= ANSWER_BODY_BYTES_MAX);
