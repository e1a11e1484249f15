//! Results as they are written: medians, each beside its floor where it has one.

use serde::Serialize;
use std::{fs, path::Path};

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

/// Writes `results.json` into the folder, and a table for people to standard output.
pub(crate) fn write(folder: &Path, measures: &[Measure]) -> anyhow::Result<()> {
    use std::io::Write;
    fs::create_dir_all(folder)?;
    fs::write(
        folder.join("results.json"),
        serde_json::to_string_pretty(measures)?,
    )?;
    let mut out = std::io::stdout();
    for measure in measures {
        let floor = measure
            .floor
            .map_or_else(|| "–".to_owned(), |floor| format!("{floor:.1}"));
        writeln!(
            out,
            "{:<26} {:>10.2} {:<6} floor {:>10}   target {}",
            measure.name, measure.value, measure.unit, floor, measure.target
        )?;
    }
    Ok(())
}
