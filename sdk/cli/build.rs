//! Puts templates, SDK and contract into the program, as they stand when it is built: there is no second source of them.

use std::{
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

/// Name of the constant, folder beside this crate.
const FOLDERS: [(&str, &str); 5] = [
    ("TEMPLATES", "../templates"),
    ("SDK", "../rust"),
    ("VIEWS", "../view"),
    ("CALENDAR", "../calendar"),
    ("CONTRACT", "../../wit"),
];

/// Where the SDK's inherited settings stand.
const WORKSPACE: &str = "../../Cargo.toml";

fn main() {
    if let Err(error) = embed() {
        println!("cargo::error=what goes into new plugins cannot be read: {error}");
    }
}

fn embed() -> io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut code = String::new();
    for (name, folder) in FOLDERS {
        let folder = here.join(folder).canonicalize()?;
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut files = Vec::new();
        find(&folder, &mut files)?;
        files.sort();
        let mut entries = String::new();
        for file in files {
            let path = file.strip_prefix(&folder).map_err(io::Error::other)?;
            let _ = writeln!(entries, "    ({path:?}, include_str!({file:?})),");
        }
        let _ = writeln!(
            code,
            "pub(super) const {name}: &[(&str, &str)] = &[\n{entries}];"
        );
    }
    let workspace = here.join(WORKSPACE).canonicalize()?;
    println!("cargo::rerun-if-changed={}", workspace.display());
    let _ = writeln!(
        code,
        "pub(super) const WORKSPACE: &str = include_str!({workspace:?});"
    );
    let out = std::env::var_os("OUT_DIR").map(PathBuf::from);
    fs::write(out.unwrap_or_default().join("embedded.rs"), code)
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.is_dir() {
            true => find(&path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}
