//! Backup and restore of a whole server: rows as text, files and plugins as they are. The master key is never part of it.

use crate::config::Place;
use anyhow::{Context, bail, ensure};
use std::{
    fs::{self, File},
    io::{BufReader, BufWriter, Write},
    path::Path,
};

/// Rows, a line each.
const ROWS: &str = "rows.jsonl";

/// Writes a backup into a new folder; the server may run meanwhile. Answers how many rows.
///
/// # Errors
/// Where the folder is there already, or something cannot be read or written.
pub async fn backup(place: &Place, to: &Path) -> anyhow::Result<u64> {
    ensure!(
        !to.exists(),
        "{} is there already: name a folder that is to be made",
        to.display()
    );
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    let file = File::create(to.join(ROWS))?;
    let mut out = BufWriter::new(file);
    let rows = guichet_store::backup(&place.database_url(), &mut out).await?;
    out.flush()?;
    out.get_ref().sync_all()?;
    // Rows first: a file that a later row names may be missing nowhere, one that an earlier row names is there.
    copy(&place.data.join("files"), &to.join("files"), &|_| true)?;
    // Compiled code is made again; it is never taken from outside.
    let is_component = |name: &str| name.ends_with(".wasm");
    copy(
        &place.data.join("plugins"),
        &to.join("plugins"),
        &is_component,
    )?;
    Ok(rows)
}

/// Reads a backup into an empty place. Answers how many rows.
///
/// # Errors
/// Where the place is not empty, or the folder is no backup; the database is then as before.
pub async fn restore(place: &Place, from: &Path) -> anyhow::Result<u64> {
    let rows = from.join(ROWS);
    let file = File::open(&rows).with_context(|| format!("{} is no backup", from.display()))?;
    if place.data.join("files").exists() {
        bail!(
            "{} holds files already: restore into an empty folder",
            place.data.display()
        );
    }
    fs::create_dir_all(&place.data)?;
    let count = guichet_store::restore(&place.database_url(), &mut BufReader::new(file)).await?;
    copy(&from.join("files"), &place.data.join("files"), &|_| true)?;
    copy(&from.join("plugins"), &place.data.join("plugins"), &|_| {
        true
    })?;
    Ok(count)
}

fn copy(from: &Path, to: &Path, wanted: &dyn Fn(&str) -> bool) -> anyhow::Result<()> {
    if !from.exists() {
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to.join(&name), wanted)?;
        } else if wanted(&name.to_string_lossy()) && !name.to_string_lossy().ends_with(".part") {
            match fs::copy(entry.path(), to.join(&name)) {
                Ok(_) => {}
                // Swept out, or renamed, by the server that runs beside: what is named stays.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    return Err(error).with_context(|| entry.path().display().to_string());
                }
            }
        }
    }
    Ok(())
}
