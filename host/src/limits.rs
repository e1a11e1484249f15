//! Bounds of the host. Those of the core are in `guichet_core::limits`, those of plugins' calls in `guichet_runtime::limits`.

/// Bytes of a request to the API.
pub const API_BODY_BYTES_MAX: usize = 2 << 20;

/// Bytes of a request to a plugin's route; a mail with its attachments.
pub const ROUTE_BODY_BYTES_MAX: usize = 25 << 20;

/// Bytes of a body that a plugin gets by value; a longer one crosses as a file.
pub const ROUTE_BODY_INLINE_BYTES_MAX: usize = 1 << 20;

/// Rows of one page of a list.
pub const PAGE_ROWS_MAX: u32 = 200;

/// How often a request or a turn is run again because somebody else changed the same thing.
pub const CONFLICT_RUNS_MAX: u32 = 10;

/// How often a turn or a job asks the plugins again after a conflict; then what they asked is carried out on the present state.
pub const RERUNS_MAX: u32 = 3;

/// Jobs that run at the same time.
pub const JOBS_AT_ONCE: usize = 16;

/// Milliseconds in which nobody else takes a job that was begun.
pub const JOB_LEASE_MS: i64 = 150_000;
const _: () = assert!(
    guichet_runtime::limits::JOB.wall_ms as i64 * 2 < JOB_LEASE_MS,
    "a lease must outlive a run"
);

/// Attempts of a job; after the last it is given up and kept for people to look at.
pub const JOB_ATTEMPTS_MAX: u32 = 10;

/// Tickets that fall due, looked up at once.
pub const TICKETS_DUE_AT_ONCE: u32 = 100;

/// Turns of one tenant that run at the same time. Each waits for its commit most of the time: more of them are written together.
pub const TURNS_AT_ONCE: usize = 32;

/// Events read ahead of the oldest that is not done.
pub const WINDOW_EVENTS_MAX: u64 = 1_024;

/// Milliseconds that all installs together have in a lane's turn; who is not done is parked and runs alone.
pub const TURN_MS: u64 = 100;

/// Waits before the tries of a failed delivery, in milliseconds. After the last it is a dead letter.
pub const RETRY_AFTER_MS: [i64; 3] = [500, 5_000, 20_000];

/// Deaths of the process at which something was in flight, from which on it is tried apart from the other suspects.
pub const DEATHS_TRIED_APART: u32 = 2;

/// Deaths of the process at which something was in flight, after which it is given up.
pub const DEATHS_GIVEN_UP: u32 = 3;

/// What was in flight at deaths and came to no end since, as far as it is kept.
pub const SUSPECTS_MAX: usize = 1_024;

/// First tries of an install's deliveries and jobs that its breaker looks back on.
pub const BREAKER_TRIES: usize = 10;

/// Failures among them that pause it.
pub const BREAKER_FAILURES: usize = 5;

/// Milliseconds of the first pause within a day; each further one is twice as long.
pub const BREAKER_WAIT_MS: i64 = 60_000;

/// Milliseconds of the longest pause.
pub const BREAKER_WAIT_MS_MAX: i64 = 3_600_000;

/// Pauses within a day of which the last disables the install.
pub const BREAKER_OPENINGS_MAX: usize = 3;

/// Milliseconds of that day.
pub const BREAKER_DAY_MS: i64 = 86_400_000;

/// Events that an install with a place of its own may be behind before an admin must say whether it is to catch up.
pub const BEHIND_EVENTS_MAX: u64 = 100_000;

/// Milliseconds that it may be behind: 7 days.
pub const BEHIND_MS_MAX: i64 = 7 * 86_400_000;

/// Turns at the same time of an install that catches up; the others go on meanwhile.
pub const TURNS_APART_AT_ONCE: usize = 8;

/// Milliseconds until a delivery is tried again that failed by the host's own fault.
pub const HOST_RETRY_MS: i64 = 5_000;

/// Events of a lane that are looked through at once for what a parked install missed.
pub const LANE_PAGE: u32 = 500;

/// Parked installs of one tenant that are tried at the same time; the other turns are for those that are not parked.
pub const RETRIES_AT_ONCE: usize = 2;

/// Jobs of one install that run at the same time.
pub const JOBS_OF_INSTALL_AT_ONCE: u32 = 4;

/// Milliseconds after which what is due is looked at again where nothing could be begun.
pub const DUE_AGAIN_MS: u64 = 250;

/// Milliseconds after which an answer that is behind another one looks again whether that is out.
pub const BEHIND_WAIT_MS: i64 = 1_000;

/// Milliseconds from which on people are told that an answer is behind another one.
pub const BEHIND_TOLD_MS: i64 = 10_000;

/// Hours until what failed by itself for a ticket is tried again.
pub const TICKET_POSTPONED_HOURS: i64 = 1;

/// Hours that a sign-in lasts.
pub const SESSION_HOURS: i64 = 12;

/// Runs of each install that are kept in memory for people to look at.
pub const RUNS_KEPT: usize = 200;

/// Milliseconds without a signal after which dispatch looks for tenants with work, one question for all of them.
pub const POLL_EVERY_MS: u64 = 5_000;

/// Milliseconds between two looks for data that is to be deleted: a day.
pub const TIDY_EVERY_MS: i64 = 86_400_000;

/// Milliseconds that the data of a removed plugin is kept: 30 days.
pub const REMOVED_INSTALL_KEPT_MS: i64 = 30 * 86_400_000;

/// Milliseconds for which the marketplace's index is taken as it was seen, when people search.
pub const MARKET_FRESH_MS: i64 = 60_000;

/// Milliseconds between two looks at the marketplace's index.
pub const MARKET_CHECK_EVERY_MS: u64 = 10 * 60_000;

/// Bytes of a package that is uploaded.
pub const PACKAGE_BYTES_MAX: usize = 32 << 20;

/// Bytes of what a report is asked beside its range: the parameters that it declares, as JSON.
pub const REPORT_PARAMETERS_BYTES_MAX: usize = 16 << 10;

/// Bytes that ranges of records answer one call of a plugin; the page that goes beyond is answered whole, and no further one.
pub const RANGE_BYTES_MAX: u64 = 16 << 20;

/// Columns that plugins have in every list, all together.
pub const LISTED_COLUMNS_MAX: usize = 6;

/// Columns of a query, and of a saved view.
pub const COLUMNS_MAX: usize = 50;

/// Tickets of a saved view that are counted; beyond it, there are more.
pub const COUNTED_MAX: u64 = 999;

/// Milliseconds that the database may work on the counts of all views that somebody sees.
pub const COUNTS_DATABASE_MS: u64 = 1_000;

/// Milliseconds that the body of an upload or of a request to a plugin may take to come.
pub const BODY_MS_MAX: u64 = 120_000;

/// Requests of one install that run at once.
pub const ROUTE_PLACES: usize = 4;

/// Requests of one install that may begin at once, after it was quiet.
pub const ROUTE_BURST: f64 = 100.0;

/// Requests of one install that may begin a second, in the long run.
pub const ROUTES_PER_SECOND: f64 = 20.0;

/// Milliseconds that a request waits for a place.
pub const ROUTE_WAIT_MS: u64 = 5_000;

/// Bytes of a view's action and its input.
pub const PANEL_INPUT_BYTES_MAX: usize = 64 << 10;

/// Changes that are kept for a connection that is slow to take them; beyond it, it reads the log.
pub const LIVE_KEPT: usize = 256;

/// Events of the log that are read at once for those who look.
pub const LIVE_PAGE: u32 = 200;

/// Events that are told to a connection that comes back; where more happened meanwhile, all is to be loaded again.
pub const LIVE_RESUMED_MAX: u64 = 1_000;

/// Connections of one agent that are told what changes.
pub const LIVE_OF_AGENT_MAX: usize = 20;

/// Milliseconds in which answers may still be taken once the server is told to end; less than supervisors wait before they kill.
pub const END_WAIT_MS: u64 = 8_000;

/// Milliseconds in which another process that works in the data folder may end before this one is refused: longer than an end takes.
pub const FOLDER_WAIT_MS: u64 = 15_000;
const _: () = assert!(FOLDER_WAIT_MS > END_WAIT_MS + BLOCKED_WAIT_MS);

/// Milliseconds in which what blocks a thread, such as a look-up of a name, may come to its end when the server ends.
pub const BLOCKED_WAIT_MS: u64 = 1_000;

/// Milliseconds between two signs of life on such a connection; at each, it is looked whether the sign-in still holds.
pub const LIVE_BEAT_MS: u64 = 15_000;

/// Milliseconds that somebody counts as looking at a ticket after his page said so: more than two of its intervals of 20 s.
pub const PRESENCE_MS: i64 = 45_000;

/// Messages after the one that an author has seen last that are looked at, and told where others wrote them.
pub const SINCE_MAX: u32 = 200;

/// Milliseconds that somebody counts as writing.
pub const TYPING_MS: i64 = 6_000;

/// Tickets of which it is remembered who looks at them.
pub const PRESENCES_MAX: usize = 10_000;

/// Wrong passwords for one person from one address, after which the next is not looked at for a while.
pub const GUESSES_MAX: u32 = 10;

/// Milliseconds of that while: 15 minutes.
pub const GUESS_WAIT_MS: i64 = 15 * 60_000;

/// Persons and addresses of which wrong passwords are remembered.
pub const GUESSED_NAMES_MAX: usize = 100_000;

/// Milliseconds that a password waits to be looked at.
pub const SIGN_IN_WAIT_MS: u64 = 10_000;

// What the runtime lets through, the way out takes: neither knows the other.
const _: () = assert!(
    guichet_runtime::limits::FETCH_BODY_BYTES_MAX
        == guichet_outside::limits::REQUEST_BODY_BYTES_MAX
);

// What a form begins with is sent back with it, and something must be left for what people write.
const _: () = assert!(guichet_view::limits::FORM_VALUES_BYTES_MAX < PANEL_INPUT_BYTES_MAX);
