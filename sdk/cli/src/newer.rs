//! What has come since somebody last looked, in lists that show the newest first and forget the oldest.

/// How many of these came after what was seen before.
pub(crate) fn newer_than<T: PartialEq>(now: &[T], seen: &[T]) -> usize {
    if seen.is_empty() {
        return now.len();
    }
    // Those that were seen go on below the new ones, until the oldest are forgotten.
    (0..now.len())
        .find(|new| {
            now[*new..]
                .iter()
                .zip(seen)
                .all(|(one, other)| one == other)
        })
        .unwrap_or(now.len())
}

#[cfg(test)]
mod tests {
    use super::newer_than;

    #[test]
    fn what_is_new_is_told_from_what_was_seen_even_when_the_oldest_are_forgotten() {
        assert_eq!(newer_than(&[2, 1], &[]), 2);
        assert_eq!(newer_than(&[3, 2, 1], &[2, 1]), 1);
        assert_eq!(newer_than(&[4, 3], &[3, 2]), 1);
        assert_eq!(newer_than(&[4, 3], &[2, 1]), 2);
        assert_eq!(newer_than(&[2, 1], &[2, 1]), 0);
        assert_eq!(newer_than::<u8>(&[], &[]), 0);
    }
}
