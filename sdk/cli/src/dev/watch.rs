//! Sources that change: looked at, several times a second, by time and size. What is made of them does not count.

use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash, Hasher},
    path::{Path, PathBuf},
    time::Duration,
};

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(150);

/// Folders whose content is made, or nobody's source.
const NOT_SOURCES: [&str; 5] = ["target", "dist", ".guichet", ".git", "node_modules"];

/// Files that are looked at; a folder with more is no plugin's.
const FILES_MAX: usize = 20_000;

/// Looks at a folder, and at some files beside its sources.
pub(super) struct Watcher {
    folder: PathBuf,
    also: Vec<PathBuf>,
    seen: u64,
}

impl Watcher {
    pub(super) fn new(folder: &Path, also: Vec<PathBuf>) -> Self {
        Self {
            seen: state(folder, &also),
            folder: folder.to_owned(),
            also,
        }
    }

    /// Waits until something has changed, and whoever changes it has come to rest.
    pub(super) async fn changed(&mut self) {
        let mut last = self.seen;
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let now = state(&self.folder, &self.also);
            // An editor writes in several steps: only what stays for a look is built.
            if now != self.seen && now == last {
                self.seen = now;
                return;
            }
            last = now;
        }
    }
}

/// A number that changes with any file's time or size.
fn state(folder: &Path, also: &[PathBuf]) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut left = FILES_MAX;
    visit(folder, &mut hasher, &mut left);
    for path in also {
        let data = fs::metadata(path).ok();
        data.map(|data| (data.len(), data.modified().ok()))
            .hash(&mut hasher);
    }
    hasher.finish()
}

fn visit(folder: &Path, hasher: &mut DefaultHasher, left: &mut usize) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if *left == 0 || NOT_SOURCES.iter().any(|made| name == *made) {
            continue;
        }
        *left -= 1;
        if kind.is_dir() {
            visit(&entry.path(), hasher, left);
        } else if let Ok(data) = entry.metadata() {
            (entry.path(), data.len(), data.modified().ok()).hash(hasher);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_count_and_what_is_made_of_them_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("src/lib.rs", "one");
        let before = state(folder.path(), &[]);
        write("target/x", "made");
        write("dist/plugin.wasm", "made");
        write(".guichet/dev/guichet.db", "made");
        assert_eq!(state(folder.path(), &[]), before);
        write("src/lib.rs", "another");
        let after = state(folder.path(), &[]);
        assert_ne!(after, before);
        write("tests/scenarios/x/scenario.toml", "title");
        assert_ne!(state(folder.path(), &[]), after);
    }

    #[test]
    fn what_was_named_counts_wherever_it_stands_and_from_when_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let also = [folder.path().join("dist/plugin.wasm")];
        let before = state(folder.path(), &also);
        fs::create_dir_all(folder.path().join("dist")).unwrap();
        fs::write(&also[0], "made").unwrap();
        assert_ne!(state(folder.path(), &also), before);
        assert_eq!(state(folder.path(), &[]), state(folder.path(), &[]));
    }
}
