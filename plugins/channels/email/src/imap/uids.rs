//! How mails are named: numbers, and sets of them such as `4:7,9`.

/// A number of at most 32 bits, in digits alone.
pub(super) fn number(digits: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(digits).ok()?;
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// A set, as short as can be.
pub(super) fn set(uids: &[u32]) -> String {
    let mut sorted = uids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let follow = |one: &u32, next: &u32| one.checked_add(1) == Some(*next);
    let ranges = sorted.chunk_by(follow).filter_map(|range| match range {
        [] => None,
        [one] => Some(one.to_string()),
        [first, .., last] => Some(format!("{first}:{last}")),
    });
    ranges.collect::<Vec<_>>().join(",")
}

/// All that a set names, if they are not too many.
pub(super) fn read(set: &[u8], most: usize) -> Option<Vec<u32>> {
    let mut uids = Vec::new();
    for range in set.split(|byte| *byte == b',') {
        let mut ends = range.splitn(2, |byte| *byte == b':');
        let first = number(ends.next()?)?;
        let last = ends.next().map_or(Some(first), number)?;
        // Either may be the larger one.
        let (low, high) = (first.min(last), first.max(last));
        if (high - low) as usize >= most.saturating_sub(uids.len()) {
            return None;
        }
        uids.extend(low..=high);
    }
    Some(uids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_as_short_as_can_be_and_reads_back() {
        for (uids, wanted) in [
            (&[][..], ""),
            (&[5], "5"),
            (&[7, 4, 5, 6, 9, 5], "4:7,9"),
            (
                &[1, 2, 4, u32::MAX - 1, u32::MAX],
                "1:2,4,4294967294:4294967295",
            ),
        ] {
            let set = set(uids);
            assert_eq!(set, wanted);
            let mut sorted = uids.to_vec();
            sorted.sort_unstable();
            sorted.dedup();
            assert!(uids.is_empty() || read(set.as_bytes(), 100) == Some(sorted));
        }
    }

    #[test]
    fn a_set_names_no_more_than_are_wanted() {
        assert_eq!(read(b"7:5", 3), Some(vec![5, 6, 7]));
        assert_eq!(read(b"5:7", 2), None);
        assert_eq!(read(b"1,5:6", 3), Some(vec![1, 5, 6]));
        assert_eq!(read(b"1,5:6", 2), None);
        for wrong in ["", "1,", "a", "1:*", "1:2:3", "-1", "+1", "1:4294967295"] {
            assert_eq!(read(wrong.as_bytes(), 1_000), None, "{wrong}");
        }
    }
}
