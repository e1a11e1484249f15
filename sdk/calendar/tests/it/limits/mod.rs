//! Each bound of the table: as much as may be is taken, and one more is refused.

mod calendar;
mod clock;
