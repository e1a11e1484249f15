//! Which part of us a profile's time went to.

use std::collections::BTreeMap;

/// Parts, and what stands in the names of their frames. A stack is of the part whose frame is innermost; in one and the same frame the first named wins.
const PARTS: [(&str, &[&str]); 10] = [
    ("the thread's processor time", &["clock_gettime"]),
    ("making an instance", &["instantiate_async"]),
    (
        "throwing an instance away",
        &["drop_in_place<wasmtime::runtime::store"],
    ),
    (
        "the guest, and what it calls",
        &[".cwasm", "call_impl", "cabi_entrypoint"],
    ),
    ("the rest of a call", &["guichet_runtime"]),
    ("the full-text index", &["guichet_store::search"]),
    ("the committer", &["guichet_store::commit"]),
    ("the lane and the core", &["guichet::lane", "guichet_core"]),
    (
        "HTTP, the client's that measures among it",
        &["hyper", "axum", "reqwest", "guichet::inbound"],
    ),
    ("SQLite's threads", &["sqlx-sqlite-wor"]),
];

const REST: &str = "tasks, wakes, and what belongs to no part";

/// The parts of folded stacks (`frame;frame;frame count` a line), in hundredths of the whole, the largest first.
pub(crate) fn of(folded: &str) -> Vec<(&'static str, f64)> {
    let mut counts = BTreeMap::new();
    for line in folded.lines() {
        let Some((stack, count)) = line.rsplit_once(' ') else {
            continue;
        };
        let part = stack.rsplit(';').find_map(part_of).unwrap_or(REST);
        *counts.entry(part).or_insert(0.0) += count.parse::<f64>().unwrap_or(0.0);
    }
    let all: f64 = counts.values().sum();
    let mut shares: Vec<_> = counts
        .into_iter()
        .map(|(part, count)| (part, 100.0 * count / all))
        .collect();
    shares.sort_by(|one, other| other.1.total_cmp(&one.1));
    shares
}

fn part_of(frame: &str) -> Option<&'static str> {
    let is_in = |needles: &[&str]| needles.iter().any(|needle| frame.contains(needle));
    let found = PARTS.iter().find(|(_, needles)| is_in(needles));
    found.map(|(part, _)| *part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_is_of_the_part_whose_frame_is_innermost() {
        let folded = "plugin;guichet_runtime::run;wasmtime::instantiate_async;malloc 30\n\
             plugin;guichet_runtime::run;free 10\n\
             tokio;axum::route;guichet::lane::commit;memmove 40\n\
             tokio;futex_wait 20\n";
        let wanted = [
            ("the lane and the core", 40.0),
            ("making an instance", 30.0),
            (REST, 20.0),
            ("the rest of a call", 10.0),
        ];
        assert_eq!(of(folded), wanted);
    }
}
