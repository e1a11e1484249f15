//! Every bound of the plugin, in one table.

/// Fields of one form.
pub const FIELDS_MAX: usize = 60;

/// Characters of an answer in one line.
pub const LINE_CHARACTERS_MAX: usize = 500;

/// Characters of an answer of several lines, and of the message.
pub const TEXT_CHARACTERS_MAX: usize = 20_000;

/// Bytes of a part of the post that is no file. One more is told beside its field.
pub const PART_BYTES_MAX: usize = 128 << 10;

/// Bytes of all parts that are no files.
pub const TEXT_BYTES_MAX: usize = 512 << 10;

/// Parts of one post, files among them.
pub const PARTS_MAX: usize = 300;

/// Bytes of a part's headers.
pub const PART_HEAD_BYTES_MAX: usize = 8 << 10;

/// Files of one post.
pub const FILES_MAX: usize = 10;

/// Bytes of one file.
pub const FILE_BYTES_MAX: u64 = 20 << 20;

/// Characters of a file's name; what is longer loses its middle.
pub const FILE_NAME_CHARACTERS_MAX: usize = 120;

/// Characters of a subject.
pub const SUBJECT_CHARACTERS_MAX: usize = 300;

/// Characters of a person's name.
pub const NAME_CHARACTERS_MAX: usize = 120;

/// Bytes of an e-mail address.
pub const ADDRESS_BYTES_MAX: usize = 254;

/// Seconds for which an opened form may be sent.
pub const TOKEN_SECONDS_MAX: u64 = 24 * 3_600;

/// Seconds by which a token may seem to come from the future, where clocks of two nodes differ.
pub const TOKEN_SECONDS_AHEAD_MAX: u64 = 120;

/// Records among which receipts, and counts of posts, are spread: two posts at the same moment seldom meet in one.
pub const SHARDS: u8 = 64;

/// Bytes of one such record; past it the plugin takes no more until the next day, or hour.
pub const SHARD_BYTES_MAX: usize = 200 << 10;

/// So many times the posts of an hour that are let through are still kept, in the suspended queue; what comes after is refused.
pub const SUSPENDED_FACTOR: u32 = 3;

/// Bytes of one read of the request's body.
pub const READ_BYTES: u32 = 1 << 20;
