//! `cargo xtask soak`: what the suite tells in its short form, told for as long as one likes.

use crate::{
    console, fuzz, guests, postgres,
    tool::{Tool, step},
};
use anyhow::{Context, bail, ensure};
use std::time::{Duration, Instant};

/// Sentences that are told again and again.
const TOLD: [&str; 5] = [
    "kills::",
    "deadly::",
    "hostile::",
    "breaker::",
    "lifecycle_load::",
];

/// The one that looks at how long a neighbour waits: alone, so that nobody else makes him wait.
const ALONE: &str = "each_hostile_guest_ends_in_an_outcome";

const MINUTES: u64 = 30;

/// Of each round, on each database.
const KILLS: u64 = 200;

/// Of each fuzz target, once.
const FUZZ_RUNS: u64 = 10_000_000;

const OPTIONS: [&str; 3] = ["--minutes", "--kills", "--fuzz-runs"];

pub(crate) fn run(options: &[String]) -> anyhow::Result<()> {
    let minutes = number(options, "--minutes")?.unwrap_or(MINUTES);
    let kills = number(options, "--kills")?.unwrap_or(KILLS);
    let fuzz_runs = number(options, "--fuzz-runs")?.unwrap_or(FUZZ_RUNS);
    console::build()?;
    guests::build()?;
    step("building the tests");
    Tool::new("cargo")
        .args(["build", "--workspace", "--all-targets"])
        .run()?;
    let postgres = postgres::Server::start()?;
    let (begun, wanted) = (Instant::now(), Duration::from_secs(60 * minutes));
    let tell = || {
        Tool::new("cargo")
            .args(["test", "--workspace", "--lib", "--", "--nocapture"])
            .env("GUICHET_TEST_POSTGRES", &postgres.url())
    };
    for name in TOLD.into_iter().chain([ALONE]) {
        let listed = tell().args([name, "--list"]).run_quietly()?;
        ensure!(
            listed.contains(": test"),
            "there is no sentence of the name `{name}`"
        );
    }
    for round in 1.. {
        step(&format!("round {round}: hostile guests beside a neighbour"));
        tell()
            .args([ALONE, "--test-threads", "1"])
            .env("GUICHET_NEIGHBOUR_HELD", "1")
            .run()?;
        step(&format!("round {round}: {kills} kills on each database"));
        tell()
            .args(TOLD)
            .args(["--skip", ALONE, "--test-threads", "2"])
            .env("GUICHET_KILLS", &kills.to_string())
            .run()?;
        if begun.elapsed() >= wanted {
            break;
        }
    }
    // What takes longest comes last.
    if fuzz_runs > 0 {
        fuzz::soak(fuzz_runs)?;
    }
    step("the time is over, and nothing was found");
    Ok(())
}

/// The number that follows an option.
fn number(options: &[String], name: &str) -> anyhow::Result<Option<u64>> {
    if let Some(unknown) = options
        .iter()
        .find(|option| option.starts_with('-') && !OPTIONS.contains(&option.as_str()))
    {
        let known = OPTIONS.join(" N, ");
        bail!("there is no option {unknown}: {known} N are known");
    }
    let Some(place) = options.iter().position(|option| option == name) else {
        return Ok(None);
    };
    let told = options.get(place + 1).map_or("", String::as_str);
    let number = told
        .parse()
        .with_context(|| format!("{name} wants a number, not `{told}`"))?;
    Ok(Some(number))
}
