//! Priority = impact × urgency, 1 the highest. The matrix is ITIL's usual one; a manual override is kept apart.

/// Impact 1 (a department) to 3 (one person) × urgency 1 (critical) to 4 (low).
const MATRIX: [[u8; 4]; 3] = [[1, 1, 2, 4], [1, 2, 3, 4], [2, 3, 3, 4]];

/// The least important impact, and the default.
pub const IMPACT_LAST: u8 = 3;

/// The least urgent urgency.
pub const URGENCY_LAST: u8 = 4;

/// The urgency of a ticket that nobody judged.
pub const URGENCY_DEFAULT: u8 = 3;

/// The priority that follows. Values out of range count as the least important.
pub fn priority(impact: u8, urgency: u8) -> u8 {
    let index = |value: u8, last: u8| usize::from(value.clamp(1, last)) - 1;
    MATRIX[index(impact, IMPACT_LAST)][index(urgency, URGENCY_LAST)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_without_hurry_is_third_and_a_department_that_stands_still_first() {
        assert_eq!(priority(IMPACT_LAST, URGENCY_DEFAULT), 3);
        assert_eq!(priority(1, 1), 1);
        assert_eq!(priority(0, 9), 4);
    }
}
