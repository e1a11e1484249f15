//! Every bound of the channel. What is larger stays whole in the mail's source, which is always kept.

/// Bytes of a mail; the host takes no more either.
pub const MAIL_BYTES_MAX: usize = 25 << 20;

/// Bytes of a mail's headers that are read; what comes after is in the source.
pub const HEAD_BYTES_MAX: usize = 256 << 10;

/// Headers that are read.
pub const HEADERS_MAX: usize = 1_000;

/// Bytes of one header's value that are looked at.
pub const HEADER_VALUE_BYTES_MAX: usize = 16 << 10;

/// Characters of a subject that is kept.
pub const SUBJECT_CHARACTERS_MAX: usize = 500;

/// Characters of a person's or file's name.
pub const NAME_CHARACTERS_MAX: usize = 200;

/// Bytes of an address: what a mail server may accept at most.
pub const ADDRESS_BYTES_MAX: usize = 254;

/// Bytes of a Message-ID that is worth keeping.
pub const MESSAGE_ID_BYTES_MAX: usize = 998;

/// Addresses of To and Cc that are looked at.
pub const ADDRESSES_MAX: usize = 500;

/// Message-IDs of In-Reply-To and References that are tried.
pub const ANSWERS_TO_MAX: usize = 50;

/// Parts of text that make up a message's body.
pub const BODY_PARTS_MAX: usize = 10;

/// Bytes of text that are kept.
pub const TEXT_BYTES_MAX: usize = 512 << 10;

/// Bytes of HTML that are read.
pub const HTML_IN_BYTES_MAX: usize = 512 << 10;

/// Bytes of HTML that are kept, made safe.
pub const HTML_BYTES_MAX: usize = 512 << 10;

/// Tags of HTML that are kept; text after the last of them is kept without.
pub const HTML_TAGS_MAX: usize = 10_000;

/// Levels of HTML.
pub const HTML_DEPTH_MAX: usize = 128;

/// Levels of bold, coloured and the like: a parser repeats them in each paragraph that they reach into.
pub const HTML_FORMATTING_DEPTH_MAX: usize = 16;

/// Bytes of one image inside HTML as `data:`.
pub const DATA_IMAGE_BYTES_MAX: usize = 128 << 10;

/// Attachments that are kept beside the source.
pub const FILES_MAX: usize = 20;

/// Bytes of one file that one call of the host takes or gives.
pub const FILE_PART_BYTES: usize = 1 << 20;

/// People of To and Cc who come to take part in a new ticket.
pub const COPIED_MAX: usize = 8;

/// Effects of one request: what is more ends it, and nothing is kept.
const EFFECTS_MAX: usize = 50;

/// What a mail writes besides: source, key, two counts, its sender, the ticket, its group, a note, its conversation, the acknowledgement, where it went;
/// and a place in the queue with a conversation, where it is refused in the end.
const OTHER_EFFECTS_MAX: usize = 13;

// Somebody copied in is a customer, perhaps a new one, and a participant.
const _: () = assert!(FILES_MAX + 2 * COPIED_MAX + OTHER_EFFECTS_MAX <= EFFECTS_MAX);

/// Bytes of all attachments of a mail that goes out: a handler of events has 32 MiB of memory and 100 ms.
pub const OUTGOING_FILES_BYTES_MAX: u64 = 5 << 20;

/// Message-IDs kept of the beginning and of the end of a long conversation.
pub const REFERENCES_FIRST: usize = 1;
pub const REFERENCES_LAST: usize = 10;

/// Pages of agents that are looked through for a sender: 2,000 agents.
pub const AGENT_PAGES_MAX: usize = 10;

/// Agents of one page.
pub const AGENT_PAGE: u32 = 200;

/// Steps from a ticket to the one that goes on in its stead.
pub const SUCCESSORS_MAX: usize = 5;
