//! Bounds on what the core accepts. Each has a test at its edge.

/// Characters of a subject.
pub const SUBJECT_CHARACTERS_MAX: usize = 500;

/// Bytes of a message's text. Longer text belongs in an attachment.
pub const MESSAGE_BYTES_MAX: usize = 1 << 20;

/// Tags on one ticket.
pub const TAGS_MAX: usize = 100;

/// Characters of one tag.
pub const TAG_CHARACTERS_MAX: usize = 100;

/// Attachments of one message.
pub const ATTACHMENTS_MAX: usize = 100;

/// Bytes of each text of a report on a delivery.
pub const DELIVERY_TEXT_BYTES_MAX: usize = 1_000;

/// Bytes of a file that a plugin makes.
pub const FILE_BYTES_MAX: usize = 32 << 20;

/// Bytes of one field's value.
pub const FIELD_BYTES_MAX: usize = 64 << 10;

/// Plugin fields on one ticket.
pub const FIELDS_MAX: usize = 200;

/// Links of one ticket.
pub const LINKS_MAX: usize = 200;

/// Participants of one ticket.
pub const PARTICIPANTS_MAX: usize = 100;

/// Bytes of a record's key.
pub const RECORD_KEY_BYTES_MAX: usize = 512;

/// Bytes of a record's body.
pub const RECORD_BYTES_MAX: usize = 256 << 10;

/// Bytes of a text by which records are found.
pub const INDEXED_TEXT_BYTES_MAX: usize = 256;

/// Values by which a record is found, of all its indexes together.
pub const INDEXED_VALUES_MAX: usize = 64;

/// Bytes of an install's records in all, keys and bodies.
pub const RECORDS_BYTES_MAX: u64 = 256 << 20;

/// Effects between an event and the first of its chain. Past it the chain is a loop and is stopped.
pub const DEPTH_MAX: u32 = 16;

/// Effects that one chain of events may have on one ticket. Past it the chain is a loop and is stopped.
pub const CHAIN_EFFECTS_MAX: u64 = 100;

/// Bytes of a job's payload.
pub const JOB_PAYLOAD_BYTES_MAX: usize = 256 << 10;

/// Bytes of a job's name, and of its key.
pub const JOB_NAME_BYTES_MAX: usize = 200;

/// Bytes of the data of a plugin's own event.
pub const EVENT_DATA_BYTES_MAX: usize = 64 << 10;

/// Plugin fields on one customer.
pub const CUSTOMER_FIELDS_MAX: usize = 200;

/// Versions of an install to which it may be rolled back.
pub const VERSIONS_KEPT: usize = 3;

/// Characters of a saved view's name.
pub const VIEW_NAME_CHARACTERS_MAX: usize = 100;

/// Languages of a saved view's name.
pub const VIEW_LANGUAGES_MAX: usize = 10;

/// Saved views of one agent, of one group, and for everybody.
pub const VIEWS_MAX: usize = 100;
