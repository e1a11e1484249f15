//! Results as they are written: medians, each beside its floor where it has one.

use crate::picture::thousands;
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::{fs, io::Write, path::Path};

/// One number.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Measure {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    /// What is to be reached, in words.
    pub(crate) target: &'static str,
    /// What the same machine does in the same run without us.
    pub(crate) floor: Option<f64>,
    pub(crate) note: &'static str,
}

/// The same as it was kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    name: String,
    value: f64,
    unit: String,
    target: String,
    floor: Option<f64>,
    note: String,
}

/// Between these the table stands in README.
const BEGIN: &str = "<!-- numbers: written by `cargo xtask bench` -->";
const END: &str = "<!-- end of numbers -->";

/// The middle one; of an even count, the lower of the two.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values
        .get(values.len().saturating_sub(1) / 2)
        .copied()
        .unwrap_or(f64::NAN)
}

/// The value below which so many of a hundred lie.
pub(crate) fn percentile(mut values: Vec<f64>, percent: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1) as f64;
    values
        .get((last * percent / 100.0).ceil() as usize)
        .copied()
        .unwrap_or(f64::NAN)
}

/// Writes `results.json` into the folder, in which what was not measured this time stays, and a table for people to standard output.
pub(crate) fn write(folder: &Path, measures: &[Measure]) -> anyhow::Result<()> {
    let path = folder.join("results.json");
    fs::create_dir_all(folder)?;
    let mut all: Vec<Kept> = match fs::read(&path) {
        Ok(kept) => serde_json::from_slice(&kept).unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let mut out = std::io::stdout();
    for measure in measures {
        let kept: Kept = serde_json::from_value(serde_json::to_value(measure)?)?;
        let floor = kept
            .floor
            .map_or_else(|| "–".to_owned(), |floor| format!("{floor:.2}"));
        writeln!(
            out,
            "{:<26} {:>12.2} {:<6} floor {:>12}   target {}",
            kept.name, kept.value, kept.unit, floor, kept.target
        )?;
        match all.iter_mut().find(|one| one.name == kept.name) {
            Some(before) => *before = kept,
            None => all.push(kept),
        }
    }
    fs::write(path, serde_json::to_string_pretty(&all)?)?;
    Ok(())
}

/// Writes what is kept in the folder as the table in README.
pub(crate) fn publish(folder: &Path, readme: &Path) -> anyhow::Result<()> {
    let all: Vec<Kept> = serde_json::from_slice(&fs::read(folder.join("results.json"))?)?;
    let text = fs::read_to_string(readme)?;
    let (before, rest) = text
        .split_once(BEGIN)
        .context("README has no place for numbers")?;
    let (_, after) = rest
        .split_once(END)
        .context("README has no end of numbers")?;
    let mut table = "\n| | measured | target | floor, same run |\n|---|---|---|---|\n".to_owned();
    for one in all {
        let number = |value: f64| match one.unit.as_str() {
            "" => format!("{value:.2}"),
            unit @ ("/s" | "%") => format!("{}{unit}", thousands(value)),
            unit => format!("{} {unit}", thousands(value)),
        };
        let target = if one.target.is_empty() {
            "–"
        } else {
            &one.target
        };
        let floor = one.floor.map_or_else(|| "–".to_owned(), number);
        table += &format!(
            "| `{}` | {} | {target} | {floor} |\n",
            one.name,
            number(one.value)
        );
    }
    fs::write(readme, format!("{before}{BEGIN}\n{table}\n{END}{after}"))?;
    Ok(())
}
