//! What looks like a machine, and what is too much. Pure: counting is in `store.rs`.

use crate::limits::SUSPENDED_FACTOR;

/// How full the measure of an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fullness {
    Open,
    /// Kept, but looked at by people first.
    Suspended,
    /// Not kept at all, so that nobody fills the queue either.
    Refused,
}

/// How full it is after so many posts, where so many are let through.
pub fn over(so_far: u32, most: u32) -> Fullness {
    if so_far < most {
        Fullness::Open
    } else if so_far < most.saturating_mul(SUSPENDED_FACTOR) {
        Fullness::Suspended
    } else {
        Fullness::Refused
    }
}

/// The reason, as the suspended queue shows it, why a post must not become a ticket by itself.
pub fn suspicion(
    is_trapped: bool,
    age_s: u64,
    seconds_min: u32,
    fullness: Fullness,
) -> Option<&'static str> {
    if is_trapped {
        Some("spam")
    } else if age_s < u64::from(seconds_min) {
        Some("too_fast")
    } else if fullness > Fullness::Open {
        Some("too_many")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_is_open_then_looked_at_then_full() {
        assert_eq!(over(9, 10), Fullness::Open);
        assert_eq!(over(10, 10), Fullness::Suspended);
        assert_eq!(over(10 * SUSPENDED_FACTOR - 1, 10), Fullness::Suspended);
        assert_eq!(over(10 * SUSPENDED_FACTOR, 10), Fullness::Refused);
    }

    #[test]
    fn a_person_who_takes_the_time_is_not_suspected() {
        assert_eq!(suspicion(false, 3, 3, Fullness::Open), None);
        assert_eq!(suspicion(false, 2, 3, Fullness::Open), Some("too_fast"));
        assert_eq!(suspicion(true, 60, 3, Fullness::Open), Some("spam"));
        assert_eq!(
            suspicion(false, 60, 3, Fullness::Suspended),
            Some("too_many")
        );
    }
}
