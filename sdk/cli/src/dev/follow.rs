//! What the plugin does, as it does it: how each call ended, its log, and what to do where it ended badly.

use super::door::{Door, Run};
use crate::{
    newer::newer_than,
    scenario::cost::limits_of,
    terminal::{Meaning, Terminal, microseconds, share},
};
use guichet_package::manifest::Limits;
use std::{sync::Arc, time::Duration};
use tokio::sync::watch::Receiver;

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(400);

/// What is followed.
#[derive(Debug, Clone)]
pub(super) struct Followed {
    pub(super) install: String,
    /// What its manifest asks for beyond what is usual.
    pub(super) asked: Option<Limits>,
}

/// Follows the install, once there is one, until the program ends.
pub(super) async fn follow(
    door: Arc<Door>,
    mut installed: Receiver<Option<Followed>>,
    terminal: Terminal,
) {
    let mut seen: Option<Vec<Run>> = None;
    loop {
        let followed = installed.borrow_and_update().clone();
        let Some(Followed { install, asked }) = followed else {
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
                terminal.say(&shown(run, asked.as_ref(), terminal));
            }
            seen = Some(runs);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn shown(run: &Run, asked: Option<&Limits>, terminal: Terminal) -> String {
    let time = run.at.get(11..19).unwrap_or(&run.at);
    let meaning = match run.outcome.as_str() {
        "ok" => Meaning::Good,
        "refused" => Meaning::Doubtful,
        _ => Meaning::Bad,
    };
    let limits = limits_of(&run.point, asked);
    let mut text = format!(
        "{time} {} {}: {} of a processor ({}), {} effects",
        run.point,
        terminal.paint(meaning, &run.outcome),
        microseconds(run.cpu_us),
        share(run.cpu_us, limits.cpu_ms * 1_000),
        run.effects
    );
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
    use super::*;

    fn run(outcome: &str, detail: Option<&str>) -> Run {
        Run {
            at: "2026-03-02T20:00:01.5Z".to_owned(),
            point: "event-handler".to_owned(),
            event: Some(7),
            outcome: outcome.to_owned(),
            detail: detail.map(str::to_owned),
            cpu_us: 2_000,
            effects: 3,
            log: vec!["info: hello".to_owned()],
        }
    }

    #[test]
    fn a_run_is_told_with_its_log_and_a_bad_one_with_what_to_do() {
        let terminal = Terminal::new(false);
        let good = shown(&run("ok", None), None, terminal);
        assert_eq!(
            good,
            "20:00:01 event-handler ok: 2.0 ms of a processor (2.0 %), 3 effects, on event 7\n         info: hello"
        );
        let bad = shown(&run("cpu", None), None, terminal);
        assert!(bad.contains("→ it computed too long"), "{bad}");
    }
}
