//! `cargo xtask profile`: where the time of what a bench measures goes, as a flame graph.

use crate::{
    bench, console, guests, installed, postgres, shares,
    tool::{Tool, step},
};
use anyhow::bail;
use std::{fs, io::Write, path::Path};

const INFERNO: &str = "0.12.8";

/// Where what was recorded stands meanwhile.
const FOLDER: &str = "target/profile";

/// Frames narrower than this share of the whole are left out: nobody could read them.
const LEAST_PERCENT: &str = "0.3";

pub(crate) fn run(options: &[String]) -> anyhow::Result<()> {
    let [name] = options else {
        bail!("name one bench, such as `cargo xtask profile create`");
    };
    perf()?;
    let collapse = installed::program("inferno-collapse-perf", "inferno", INFERNO, &[])?;
    let draw = installed::program("inferno-flamegraph", "inferno", INFERNO, &[])?;
    console::build()?;
    guests::build()?;
    bench::build()?;
    fs::create_dir_all(FOLDER)?;
    let (recorded, told) = (
        format!("{FOLDER}/{name}.data"),
        format!("{FOLDER}/{name}.txt"),
    );
    step(&format!("recording {name}"));
    Tool::new("perf")
        .args(["record", "--quiet", "--freq", "499"])
        .args(["--call-graph", "dwarf,16384", "--output", &recorded])
        .args(["target/release/guichet-bench", "look", name])
        .run()?;
    step("drawing");
    Tool::new("perf")
        .args(["script", "--no-inline", "--input", &recorded])
        .run_into(Path::new(&told))?;
    let folded = format!("{FOLDER}/{name}.folded");
    Tool::new(&collapse)
        .args([&told])
        .run_into(Path::new(&folded))?;
    let picture = format!("host/docs/pictures/flame-{name}.svg");
    Tool::new(&draw)
        .args(["--title", &format!("cargo xtask profile {name}")])
        .args(["--minwidth", LEAST_PERCENT, &folded])
        .run_into(Path::new(&picture))?;
    step(&format!("{picture} is drawn"));
    for (part, percent) in shares::of(&fs::read_to_string(&folded)?) {
        writeln!(std::io::stdout(), "{percent:5.1} %  {part}")?;
    }
    Ok(())
}

/// The system's profiler, installed where that is ours to do.
fn perf() -> anyhow::Result<()> {
    let is_there = || Tool::new("perf").args(["--version"]).run_quietly().is_ok();
    if !is_there() && postgres::is_root() && Path::new("/usr/bin/apt-get").exists() {
        step("installing perf");
        Tool::new("apt-get").args(["update"]).run_quietly()?;
        Tool::new("apt-get")
            .args(["install", "--yes", "linux-perf"])
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run_quietly()?;
    }
    if !is_there() {
        bail!("profiles need perf: install it, for instance with `apt-get install linux-perf`");
    }
    Ok(())
}
