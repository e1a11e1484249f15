//! A scenario that was played, as people read it: what it cost, or where it was not as expected.

use super::Played;
use crate::terminal::{Meaning, Terminal, seconds};

/// In a few lines.
pub fn show(played: &Played, terminal: Terminal) -> String {
    let Some(failed) = &played.failed else {
        let good = terminal.paint(Meaning::Good, "ok    ");
        let cost = terminal.paint(Meaning::Aside, &played.cost.line());
        let took = seconds(played.took);
        return format!("{good} {}\n       {cost}; {took} in all", played.title);
    };
    let bad = terminal.paint(Meaning::Bad, "failed");
    let mut text = format!(
        "{bad} {}\n       {}, {}",
        played.title, played.name, failed.place
    );
    if let Some(reason) = &failed.reason {
        text.push_str(&format!(": {}", indented(reason, 9)));
    }
    for difference in &failed.differences {
        text.push_str(&format!(
            "\n         {}\n           expected  {}\n           found     {}",
            difference.place,
            indented(&difference.expected, 21),
            indented(&difference.found, 21)
        ));
    }
    if !failed.log.is_empty() {
        text.push_str("\n         the plugin's log");
    }
    for line in &failed.log {
        let line = terminal.paint(Meaning::Aside, line);
        text.push_str(&format!("\n           {line}"));
    }
    text
}

/// Lines after the first, below it.
fn indented(text: &str, columns: usize) -> String {
    text.replace('\n', &format!("\n{:columns$}", ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Failed, compare::Difference, cost::Cost};
    use std::time::Duration;

    #[test]
    fn a_failure_tells_where_it_was_what_was_expected_and_what_was_found() {
        let played = Played {
            name: "a-folder".to_owned(),
            title: "A sentence".to_owned(),
            failed: Some(Failed {
                place: "step 2 (reply)".to_owned(),
                reason: None,
                differences: vec![Difference {
                    place: "ticket \"vpn\": tags".to_owned(),
                    expected: "[\"a\"]".to_owned(),
                    found: "one\ntwo".to_owned(),
                }],
                log: vec!["info: hello".to_owned()],
            }),
            cost: Cost::default(),
            took: Duration::ZERO,
        };
        let lines = [
            "failed A sentence",
            "       a-folder, step 2 (reply)",
            "         ticket \"vpn\": tags",
            "           expected  [\"a\"]",
            "           found     one",
            "                     two",
            "         the plugin's log",
            "           info: hello",
        ];
        assert_eq!(show(&played, Terminal::new(false)), lines.join("\n"));
    }
}
