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

/// Bytes of all attachments of a mail that goes out, as the manifest says of the channel: written, they are held several times, and a channel has 64 MiB of
/// memory.
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

/// Bytes that are asked of a connection at once.
pub const READ_BYTES: u32 = 64 << 10;

/// Reads of one session with a server: two hundred mebibytes in small packets, and an end to whoever sends byte by byte.
pub const READS_MAX: u32 = 200_000;

/// Characters that are kept of what a server says.
pub const SERVER_TEXT_CHARACTERS_MAX: usize = 500;

/// Bytes of a user's name, a password or a token.
pub const CREDENTIAL_BYTES_MAX: usize = 8 << 10;

/// Bytes of one line of an SMTP server's reply; 512 are usual.
pub const REPLY_LINE_BYTES_MAX: usize = 4 << 10;

/// Lines of one reply.
pub const REPLY_LINES_MAX: usize = 200;

/// Bytes of a command's line with its end (RFC 5321, 4.5.3.1.4); what begins an authentication is sent by itself where it does not fit.
pub const COMMAND_LINE_BYTES_MAX: usize = 512;

/// People to whom one mail goes at once: what each server must take (RFC 5321, 4.5.3.1.8).
pub const RECIPIENTS_MAX: usize = 100;

/// Bytes of a mail that are written at once.
pub const WRITE_BYTES: usize = 64 << 10;

/// How long to wait for the answer to a mail that was written whole: servers look into it before they take it, and to give up early is to send it
/// twice. RFC 5321 (4.5.3.2.6) asks for ten minutes; a job has one.
pub const TAKEN_MILLISECONDS_MAX: u32 = 45_000;

/// How long to wait for the answer to a goodbye.
pub const GOODBYE_MILLISECONDS_MAX: u32 = 2_000;

/// Bytes of one line of an IMAP server's response: what is found among the UIDs of one search stands on one.
pub const RESPONSE_LINE_BYTES_MAX: usize = 1 << 20;

/// Bytes of the text of any other response.
pub const RESPONSE_TEXT_BYTES_MAX: usize = 64 << 10;

/// Bytes of a mail that are fetched at once, and of anything that a response counts out.
pub const MAIL_PART_BYTES: usize = 1 << 20;

/// Counted pieces of one response, and bytes of all of them.
pub const LITERALS_MAX: usize = 100;
pub const LITERALS_BYTES_MAX: usize = 2 << 20;

/// Levels of lists in a response.
pub const RESPONSE_DEPTH_MAX: usize = 32;

/// Questions of a server's while it finds out who we are.
pub const QUESTIONS_MAX: usize = 3;

/// Responses to one command: a change in a large mailbox tells of each of its mails.
pub const RESPONSES_MAX: usize = 200_000;

/// Bytes of a mailbox's name.
pub const MAILBOX_NAME_BYTES_MAX: usize = 1_000;

/// Mails that one command names.
pub const MAILS_PER_COMMAND: usize = 500;

/// Bytes of a flag's name.
pub const FLAG_BYTES_MAX: usize = 100;

/// UIDs among which one search looks, each of which may be a mail's.
pub const SEARCH_SPAN: u32 = 40_000;

/// Mails that one search may find: among the newest UIDs there are also those that came meanwhile.
pub const FOUND_MAX: usize = 80_000;

/// Searches that find nothing before the caller is asked whether to go on.
pub const SEARCHES_MAX: usize = 100;

// Ten digits and a blank each.
const _: () = assert!(FOUND_MAX * 11 < RESPONSE_LINE_BYTES_MAX);
const _: () = assert!(SEARCH_SPAN as usize * 2 <= FOUND_MAX);

/// Mails that one look into a mailbox fetches; more of them wait for the next.
pub const LOOK_MAILS_MAX: usize = 50;

/// Bytes that one look fetches: they are held until they are committed. One mail is fetched, whatever its size.
pub const LOOK_BYTES_MAX: u64 = 8 << 20;

/// Bytes that one look fetches, and bytes of a mail that it still fetches itself, by how much care it takes: a job has a minute, and a look that comes to no
/// end keeps back all that is new.
pub const CAREFUL_LOOK_BYTES_MAX: [(u64, u64); 3] =
    [(512 << 10, 256 << 10), (64 << 10, 32 << 10), (0, 0)];

/// Bytes that one job fetches of a mail that is fetched apart: all of it, and less after each that came to no end.
pub const APART_BYTES: [usize; 4] = [MAIL_BYTES_MAX, 4 << 20, 1 << 20, 256 << 10];

/// Jobs in a row that come to no end before a mail that is fetched apart is left at what is here of it.
pub const APART_ATTEMPTS_MAX: u32 = 7;

/// Refusals of the server's before it is.
pub const APART_FAILURES_MAX: u32 = 10;

/// Parts that are forgotten when they are put together: each is one of the 200 effects of a job. A connection that breaks all the time leaves more of them.
pub const PARTS_FORGOTTEN_MAX: usize = 150;

// As many as there are where none breaks.
const _: () = assert!(MAIL_BYTES_MAX / APART_BYTES[3] <= PARTS_FORGOTTEN_MAX);

/// Mails that one look asks about before it fetches any.
pub const LOOK_OVERVIEWS_MAX: usize = 500;
