//! Every bound, in one table. The host has its own on each call (an event has 50 writes); these are told to people before those are met.

/// Policies of one desk. With [`POLICY_BYTES_MAX`], all of them are read at once.
pub const POLICIES_MAX: usize = 100;

/// Calendars of one desk, the one that is always open not counted.
pub const CALENDARS_MAX: usize = 50;

/// Bytes of a policy as it is kept.
pub const POLICY_BYTES_MAX: usize = 8 << 10;

/// Bytes of a calendar as it is kept: below what a form may hold.
pub const CALENDAR_BYTES_MAX: usize = 40 << 10;

/// Bytes of the id of a policy or a calendar: with a version behind it, a clock can name it.
pub const ID_BYTES_MAX: usize = 40;

/// Characters of a name, in each language.
pub const NAME_CHARS_MAX: usize = 80;

/// Items of one list of a policy.
pub const ITEMS_MAX: usize = 50;

/// Bytes of one item.
pub const ITEM_BYTES_MAX: usize = 100;

/// Targets of a policy: one of each clock.
pub const TARGETS_MAX: usize = 5;

/// Marks of a target, the one at 100 percent among them.
pub const THRESHOLDS_MAX: usize = 5;

/// Pending reasons that a target names.
pub const PAUSES_MAX: usize = 20;

/// The lowest priority; 1 is the highest.
pub const PRIORITY_LAST: u8 = 4;

/// Bytes of a pending reason, as clocks keep it; what is longer is cut.
pub const REASON_BYTES_MAX: usize = guichet_calendar::limits::REASON_BYTES_MAX;

/// Changes of a ticket's state that are remembered. One more, and the oldest is forgotten: only a clock that begins late would have asked for it.
pub const HISTORY_MAX: usize = 200;

/// Stretches of one clock after which it is paused no more.
pub const STRETCHES_MAX: usize = 200;

/// Writes that a ticket may need at most: each clock's marks, one cycle that ends among them, and the record, the fields, the timer, what is said.
pub const EFFECTS_PER_TICKET_MAX: usize = TARGETS_MAX * THRESHOLDS_MAX + 5;

/// Tickets of one slice of work on many: each has a job of its own.
pub const TICKETS_PER_SLICE_MAX: u32 = 100;

/// Slices that follow at once; then there is a break, so that no chain of effects grows too long.
pub const SLICES_IN_A_ROW_MAX: u32 = 8;

/// Seconds of that break: longer than the host counts what is due as the same chain.
pub const BREAK_SECONDS: u64 = 61;

/// The attempt of a job from which on a ticket that stands otherwise than its record says is taken as it stands; before, the event that tells of it is waited for.
pub const CATCH_UP_ATTEMPT: u32 = 4;

/// Seconds between these attempts.
pub const CATCH_UP_SECONDS: u32 = 5;

/// Days of a calendar's exceptions that are drawn.
pub const EXCEPTION_DAYS_SHOWN: i64 = 56;

const _: () = assert!(
    EFFECTS_PER_TICKET_MAX <= 50,
    "an event handler may write as much"
);
const _: () = assert!(
    TICKETS_PER_SLICE_MAX < 200,
    "a job may ask for as many, and for the next slice"
);
const _: () = assert!(
    TARGETS_MAX * STRETCHES_MAX * (REASON_BYTES_MAX + 120) + HISTORY_MAX * 200 < 256 << 10,
    "the clocks of a ticket fit into a record"
);
const _: () = assert!(
    POLICIES_MAX * (POLICY_BYTES_MAX + 200) <= 1 << 20,
    "all policies are one page of records"
);
