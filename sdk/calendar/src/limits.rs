//! Every bound, in one table. Characters are Unicode's.

/// The end of time, for instants and for dates: the year 2200 begins in UTC.
pub const INSTANT_US_MAX: i64 = 7_258_118_400_000_000;

/// Years in which a date of a calendar may lie.
pub const YEAR_MIN: i16 = 1970;
pub const YEAR_MAX: i16 = 2199;

/// How far ahead business time is looked for: ten years and their leap days. Beyond it there is none.
pub const SEARCH_DAYS_MAX: i64 = 3_653;

/// Windows of one day.
pub const WINDOWS_PER_DAY_MAX: usize = 24;

/// Holidays of a calendar, ranges counted once.
pub const HOLIDAYS_MAX: usize = 1_000;

/// Days of one holiday, the first and the last among them.
pub const HOLIDAY_DAYS_MAX: i32 = 366;

/// Special days of a calendar.
pub const SPECIAL_DAYS_MAX: usize = 1_000;

/// Minutes that "1d" may mean.
pub const DAY_MINUTES_MAX: u32 = 24 * 60;

/// Characters of the name of a holiday or a special day.
pub const NAME_CHARS_MAX: usize = 100;

/// Business time of a duration or a target: as much as the search can find at most.
pub const DURATION_US_MAX: i64 = SEARCH_DAYS_MAX * 86_400_000_000;

/// Marks of a clock.
pub const THRESHOLDS_MAX: usize = 20;

/// Percent of the target at which the last mark may be.
pub const THRESHOLD_PERCENT_MAX: u16 = 1_000;

/// Bytes of the name of a policy or a calendar with its version.
pub const LABEL_BYTES_MAX: usize = 100;

/// Bytes of the reason of a pause.
pub const REASON_BYTES_MAX: usize = 60;

/// Stretches that a clock ran and paused in one cycle.
pub const STRETCHES_MAX: usize = 1_000;

const _: () = assert!(
    STRETCHES_MAX * (2 * REASON_BYTES_MAX + 140) < 256 << 10,
    "a clock with as many stretches as it may have fits into a record of the host"
);
