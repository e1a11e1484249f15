//! Every bound of the plugin, in one table. Characters are Unicode's.

/// Levels of the tree: an entry at the last one has no children.
pub const LEVELS_MAX: usize = 5;

/// Entries of a catalog, archived ones among them: all are shown in one tree.
pub const ENTRIES_MAX: usize = 400;

/// Entries that one change may write: so many a job may, with what is kept beside them.
pub const CHANGES_MAX: usize = 190;

/// Entries that a request writes itself; beyond it a job does.
pub const CHANGES_OF_REQUEST_MAX: usize = 45;

/// Entries that an action of a view writes itself; beyond it a job does.
pub const CHANGES_OF_ACTION_MAX: usize = 15;

/// Ids of deleted entries that are remembered, so that none is used again. Past it entries are archived.
pub const RETIRED_MAX: u64 = 10_000;

/// Characters of a title.
pub const TITLE_CHARACTERS_MAX: usize = 100;

/// Characters of a summary, or of a hint in a form.
pub const SUMMARY_CHARACTERS_MAX: usize = 1_000;

/// Characters of the class of a service level.
pub const CLASS_CHARACTERS_MAX: usize = 60;

/// Bytes of a kind of tickets: the desk has no longer ones.
pub const KIND_BYTES_MAX: usize = 40;

/// Bytes of an id of the desk's: a group's, an agent's, an article's.
pub const DESK_ID_BYTES_MAX: usize = 100;

/// The last place among neighbours.
pub const POSITION_MAX: u32 = 9_999;

/// The least important impact of the desk's.
pub const IMPACT_LAST: u8 = 3;

/// The least urgent urgency of the desk's.
pub const URGENCY_LAST: u8 = 4;

/// Articles of an entry.
pub const ARTICLES_MAX: usize = 10;

/// Fields of a form. As many may depend on others.
pub const FIELDS_MAX: usize = 20;

/// Conditions of one field.
pub const CONDITIONS_MAX: usize = 5;

/// Choices of a field.
pub const CHOICES_MAX: usize = 50;

/// Bytes of a form as JSON. A view has no longer ones.
pub const FORM_BYTES_MAX: usize = 24 << 10;

/// Characters of an answer in one line.
pub const LINE_CHARACTERS_MAX: usize = 500;

/// Characters of an answer of several lines.
pub const TEXT_CHARACTERS_MAX: usize = 5_000;

/// Bytes of all answers as JSON: they stand in one field of a ticket.
pub const ANSWERS_BYTES_MAX: usize = 40 << 10;

/// Misfits that are told at once.
pub const MISFITS_MAX: usize = 50;

/// Characters of a request's subject.
pub const SUBJECT_CHARACTERS_MAX: usize = 300;

/// Characters of a request's text.
pub const REQUEST_CHARACTERS_MAX: usize = 20_000;

/// Bytes of a catalog as JSON: it is exported in one answer.
pub const CATALOG_BYTES_MAX: usize = 900 << 10;

/// Bytes of a document that is imported: it may wait in a job, where what it leaves out is written out.
pub const DOCUMENT_BYTES_MAX: usize = 200 << 10;

/// Bytes of a document that is pasted into the page, as JSON: the view that shows it again hands over no more.
pub const PASTED_BYTES_MAX: usize = 40 << 10;

/// Characters of that document up to which the page shows it; the route answers the rest.
pub const DOCUMENT_SHOWN_CHARACTERS_MAX: usize = 9_000;

const _: () = assert!(
    CHANGES_OF_ACTION_MAX < CHANGES_OF_REQUEST_MAX && CHANGES_OF_REQUEST_MAX < CHANGES_MAX,
    "a job does what is too much for a request, and a request what is too much for an action"
);
