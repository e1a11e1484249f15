//! What the plugin does, as it does it: how each call ended, its log, and what to do where it ended badly.

use super::door::{Door, Run};
use crate::{
    newer::newer_than,
    terminal::{Meaning, Terminal, microseconds},
};
use std::{sync::Arc, time::Duration};
use tokio::sync::watch::Receiver;

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(400);

/// Follows the install, once there is one, until the program ends.
pub(super) async fn follow(
    door: Arc<Door>,
    mut installed: Receiver<Option<String>>,
    terminal: Terminal,
) {
    let mut seen: Option<Vec<Run>> = None;
    loop {
        let followed = installed.borrow_and_update().clone();
        let Some(install) = followed else {
            match installed.changed().await {
                Ok(()) => continue,
                Err(_) => return,
            }
        };
        // A server that does not answer is told of at the next swap; here it would be told without end.
        if let Ok(runs) = door.runs(&install).await {
            // What was there before is not news.
            let new = seen.as_ref().map_or(0, |seen| newer_than(&runs, seen));
            for run in runs[..new].iter().rev() {
                terminal.say(&shown(run, terminal));
            }
            seen = Some(runs);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn shown(run: &Run, terminal: Terminal) -> String {
    let time = run.at.get(11..19).unwrap_or(&run.at);
    let meaning = match run.outcome.as_str() {
        "ok" => Meaning::Good,
        "refused" => Meaning::Doubtful,
        _ => Meaning::Bad,
    };
    let mut text = format!(
        "{time} {} {}: {} of a processor, {} effects",
        run.point,
        terminal.paint(meaning, &run.outcome),
        microseconds(run.cpu_us),
        run.effects
    );
    if let Some(near) = &run.nearest {
        text.push_str(&format!(
            ", at {} % of the limit of {}",
            near.percent, near.limit
        ));
    }
    if let Some(event) = run.event {
        text.push_str(&format!(", on event {event}"));
    }
    for line in &run.log {
        text.push_str(&format!(
            "\n         {}",
            terminal.paint(Meaning::Aside, line)
        ));
    }
    if let Some(detail) = &run.detail {
        text.push_str(&format!("\n         {detail}"));
    }
    if let Some(remedy) = remedy(&run.outcome) {
        text.push_str(&format!("\n         → {remedy}"));
    }
    text
}

/// What to do about an outcome.
fn remedy(outcome: &str) -> Option<&'static str> {
    Some(match outcome {
        "trap" => {
            "it broke down: what it printed before stands in its log; a panic is never caught, so answer with an error instead"
        }
        "cpu" => {
            "it computed too long: do less in one call, do it in a job, or ask for more under [limits] in plugin.toml"
        }
        "wall" => "it waited too long: call fewer servers, or do it in a job",
        "memory" => {
            "it wanted more memory than it may have: read files in parts, or ask for more under [limits] in plugin.toml"
        }
        "limit" => "it reached another limit of a call: spread the work over several jobs",
        "denied" => "it may not do that: ask for the permission in plugin.toml",
        "host-error" => "the desk failed, and not the plugin: it is tried again",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{super::door::Nearest, *};

    fn run(outcome: &str, detail: Option<&str>) -> Run {
        Run {
            at: "2026-03-02T20:00:01.5Z".to_owned(),
            point: "event-handler".to_owned(),
            event: Some(7),
            outcome: outcome.to_owned(),
            detail: detail.map(str::to_owned),
            cpu_us: 2_000,
            effects: 3,
            nearest: Some(Nearest {
                limit: "processor".to_owned(),
                percent: 2,
            }),
            log: vec!["info: hello".to_owned()],
        }
    }

    #[test]
    fn a_run_is_told_with_its_log_and_a_bad_one_with_what_to_do() {
        let terminal = Terminal::new(false);
        let good = shown(&run("ok", None), terminal);
        assert_eq!(
            good,
            "20:00:01 event-handler ok: 2.0 ms of a processor, 3 effects, at 2 % of the limit of processor, on event 7\n         info: hello"
        );
        let bad = shown(&run("cpu", None), terminal);
        assert!(bad.contains("→ it computed too long"), "{bad}");
    }
}
