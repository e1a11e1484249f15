//! Every bound of the plugin, in one table. Characters are Unicode's.

/// Desks, those that are switched off among them.
pub const DESKS_MAX: usize = 40;

/// Characters of a name or a title, in each language.
pub const NAME_CHARACTERS_MAX: usize = 100;

/// Entries, channels, customer groups and kinds that a desk covers, of each.
pub const COVERS_MAX: usize = 100;

/// Characters of one of these.
pub const COVER_CHARACTERS_MAX: usize = 100;

/// Where a desk stands in the order.
pub const ORDER_MAX: u32 = 10_000;

/// Business minutes of silence after which an assignee loses a ticket: 30 days.
pub const SILENT_MINUTES_MAX: u32 = 43_200;

/// How often in a row a silent ticket is given on; then it stays with its group until somebody stirs.
pub const SILENT_IN_A_ROW_MAX: usize = 10;

/// Members of a group that are looked at, those who are online first: in the order of their ids.
pub const MEMBERS_MAX: usize = 50;

/// Open tickets that a capacity may be.
pub const CAPACITY_MAX: u32 = 1_000;

/// Handlers of a ticket that are remembered; the oldest is forgotten first.
pub const HANDLERS_MAX: usize = 20;

/// Desks' queues that one run of a job has looked at. Those of desks that are gone are among them until they are empty, which they are after one look.
pub const QUEUES_PER_RUN_MAX: usize = DESKS_MAX;

/// Waiting tickets that one run of a job gives away.
pub const WAITING_PER_RUN_MAX: usize = 20;

/// Tickets of no group that one run of a job routes: each takes about six of a job's 200 effects.
pub const SWEPT_PER_RUN_MAX: u32 = 25;

/// Desks that one action of a view may write; more are written by a job.
pub const WRITES_OF_ACTION_MAX: usize = 12;

/// Items of the navigation menu.
pub const ITEMS_MAX: usize = 200;

/// Levels of the navigation menu.
pub const LEVELS_MAX: usize = 5;

/// Digits of a code.
pub const CODE_DIGITS_MAX: usize = 4;

/// Items of the menu that one action may write; an item moves with all that stands below it.
pub const ITEMS_PER_CHANGE_MAX: usize = 16;

/// Where an item stands among its neighbours.
pub const POSITION_MAX: u32 = 10_000;

/// Characters of the reason of a hand-over.
pub const REASON_CHARACTERS_MAX: usize = 500;

/// Minutes for which somebody may be away: a month.
pub const AWAY_MINUTES_MAX: u32 = 43_200;

const _: () = assert!(
    SWEPT_PER_RUN_MAX * 7 < 200 && WAITING_PER_RUN_MAX * 9 < 200,
    "what one run of a job does to so many tickets is within its effects"
);

const _: () = assert!(
    SWEPT_PER_RUN_MAX as usize * 6 + QUEUES_PER_RUN_MAX < 200,
    "a run that routes what no group has, and asks for a look at each queue, is within its effects"
);

const _: () = assert!(
    SILENT_IN_A_ROW_MAX < 16,
    "the host ends a chain of jobs that lead to one another at 16"
);
