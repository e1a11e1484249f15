//! `cargo xtask fuzz`: what is handed in from outside, made up again and again (`tests/fuzz`). Each target runs so many times, on what is kept and what it finds by
//! itself; an input that breaks a promise is laid aside, and all ends there.

use crate::{
    guests, installed, own_code,
    tool::{Tool, step},
};
use anyhow::{Context, bail, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
};

const VERSION: &str = "0.13.2";

/// Where it is built, what it found, and what broke it.
const ROOT: &str = "target/fuzz";
const KEPT: &str = "tests/fuzz/corpus";

/// Runs of each target.
const RUNS: u64 = 1_000_000;

/// Seconds of one run, and mebibytes of all of them.
const RUN_S_MAX: u32 = 10;
const MEMORY_MIB_MAX: u32 = 2_048;

/// Bytes of an input that is kept.
const KEPT_BYTES_MAX: u32 = 2_048;

/// Targets at once: more would wait for each other on a small machine.
const LANES: usize = 2;

/// Name, bytes of an input at most. What takes longest comes first.
const TARGETS: [(&str, u32); 5] = [
    ("boundary", 1_024),
    ("manifest", 4_096),
    ("mail", 2_048),
    ("package", 4_096),
    ("expression", 1_024),
];

pub(crate) fn run(options: &[String]) -> anyhow::Result<()> {
    let (mut names, mut runs, mut minimises) = (Vec::new(), RUNS, false);
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match option.as_str() {
            "--runs" => {
                let told = options.next().map_or("", String::as_str);
                runs = told
                    .parse()
                    .with_context(|| format!("--runs wants a number, not `{told}`"))?;
            }
            "--minimise" => minimises = true,
            name => names.push(target(name)?),
        }
    }
    if names.is_empty() {
        names = TARGETS.to_vec();
    }
    let programs = build()?;
    match minimises {
        true => names
            .iter()
            .try_for_each(|(name, _)| minimise(&programs, name)),
        false => all(&programs, &names, runs),
    }
}

/// Every target, so many times each: a part of the soak.
pub(crate) fn soak(runs: u64) -> anyhow::Result<()> {
    all(&build()?, &TARGETS, runs)
}

fn target(name: &str) -> anyhow::Result<(&'static str, u32)> {
    let known = TARGETS.into_iter().find(|(known, _)| *known == name);
    known.with_context(|| {
        let names = TARGETS.map(|(name, _)| name).join(", ");
        format!("there is no target `{name}`: {names}, --runs N and --minimise are known")
    })
}

/// Builds all targets with what libFuzzer looks through; answers the folder of their programs.
fn build() -> anyhow::Result<PathBuf> {
    guests::build()?;
    installed::program("cargo-fuzz", "cargo-fuzz", VERSION, &["--debug"])?;
    step("building the fuzz targets (the first time takes some minutes)");
    // Without a sanitizer: our own code has no unsafe parts, and the stable toolchain knows none. Overflows and debug assertions are looked for.
    let target_folder = format!("{ROOT}/build");
    let own = std::env::current_exe()?.display().to_string();
    Tool::new("target/tools/bin/cargo-fuzz")
        .args([
            "fuzz",
            "build",
            "--fuzz-dir",
            "tests/fuzz",
            "--sanitizer",
            "none",
        ])
        .args([
            "--strip-dead-code",
            "--features",
            "libfuzzer",
            "--target-dir",
            &target_folder,
        ])
        .env("RUSTC_WRAPPER", &own)
        .env(own_code::IS_ASKED, "1")
        .run()?;
    let told = Tool::new("rustc").args(["-vV"]).run_quietly()?;
    let host = told
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc tells no host")?;
    Ok(Path::new(&target_folder).join(host).join("release"))
}

/// In lanes: each takes the next target when it is free.
fn all(programs: &Path, targets: &[(&str, u32)], runs: u64) -> anyhow::Result<()> {
    let waiting = Mutex::new(targets.iter());
    let next = || waiting.lock().ok().and_then(|mut waiting| waiting.next());
    let lane = || -> anyhow::Result<()> {
        while let Some((name, bytes_max)) = next() {
            fuzz(programs, name, *bytes_max, runs)?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES).map(|_| scope.spawn(lane)).collect();
        lanes.into_iter().try_for_each(|lane| match lane.join() {
            Ok(ended) => ended,
            Err(_) => bail!("a lane broke down"),
        })
    })
}

fn fuzz(programs: &Path, name: &str, bytes_max: u32, runs: u64) -> anyhow::Result<()> {
    step(&format!("fuzzing {name}, {runs} times"));
    let (found, broke) = (
        format!("{ROOT}/corpus/{name}"),
        format!("{ROOT}/artifacts/{name}/"),
    );
    let log = PathBuf::from(format!("{ROOT}/{name}.log"));
    fs::create_dir_all(&found)?;
    fs::create_dir_all(&broke)?;
    let mut arguments = vec![
        format!("-runs={runs}"),
        format!("-max_len={bytes_max}"),
        format!("-timeout={RUN_S_MAX}"),
        format!("-rss_limit_mb={MEMORY_MIB_MAX}"),
        format!("-artifact_prefix={broke}"),
        "-print_final_stats=1".to_owned(),
    ];
    let dictionary = format!("tests/fuzz/dictionaries/{name}.dict");
    if Path::new(&dictionary).exists() {
        arguments.push(format!("-dict={dictionary}"));
    }
    arguments.extend([found, format!("{KEPT}/{name}")]);
    let program = programs.join(name);
    let ended = Tool::new(&program.to_string_lossy())
        .args(arguments)
        .run_silently_into(&log);
    let told = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    let Err(error) = ended else {
        let average = told
            .lines()
            .find(|line| line.contains("average_exec_per_sec"));
        let average = average.and_then(|line| line.split_whitespace().last());
        step(&format!(
            "{name}: nothing found, {} runs a second",
            average.unwrap_or("?")
        ));
        return Ok(());
    };
    let lines: Vec<_> = told.lines().collect();
    let input = lines
        .iter()
        .find_map(|line| line.split_once("Test unit written to "));
    bail!(
        "{name}: {error}; the input is {}\n{}",
        input.map_or("none", |(_, path)| path),
        lines[lines.len().saturating_sub(40)..].join("\n")
    )
}

/// Of what is kept and what was found, as little as goes through the same code.
fn minimise(programs: &Path, name: &str) -> anyhow::Result<()> {
    step(&format!("reducing the corpus of {name}"));
    let (reduced, found) = (
        format!("{ROOT}/reduced/{name}"),
        format!("{ROOT}/corpus/{name}"),
    );
    let kept = format!("{KEPT}/{name}");
    let _ = fs::remove_dir_all(&reduced);
    fs::create_dir_all(&reduced)?;
    fs::create_dir_all(&found)?;
    let bytes_max = format!("-max_len={KEPT_BYTES_MAX}");
    let program = programs.join(name);
    // How often code is gone through does not count here: that would keep ten times as many.
    Tool::new(&program.to_string_lossy())
        .args(["-set_cover_merge=1", "-use_counters=0", &bytes_max])
        .args([&reduced, &kept, &found])
        .run_silently_into(Path::new(&format!("{ROOT}/{name}-reduced.log")))?;
    let files: Vec<_> = fs::read_dir(&reduced)?.collect::<Result<_, _>>()?;
    ensure!(!files.is_empty(), "nothing is left of the corpus of {name}");
    fs::remove_dir_all(&kept)?;
    fs::create_dir_all(&kept)?;
    for file in &files {
        fs::copy(file.path(), Path::new(&kept).join(file.file_name()))?;
    }
    step(&format!("{kept} has {} inputs", files.len()));
    Ok(())
}
