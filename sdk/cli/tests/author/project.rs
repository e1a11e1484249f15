//! A plugin in a temporary folder. All are built into one folder of cargo's, so that what they stand on is built once.

use guichet_cli::{
    build::{self, build},
    new::{Kind, Language, create},
    project::Project,
    terminal::Terminal,
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};
use tempfile::TempDir;

/// A folder that goes when the test ends.
pub(crate) struct Folder {
    folder: TempDir,
}

/// Nobody looks at it.
pub(crate) fn terminal() -> Terminal {
    Terminal::new(false)
}

impl Folder {
    /// `acme/<kind>`, as `new` makes it.
    pub(crate) fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let id = format!("acme/{}", kind.name()).parse().unwrap();
        create(&id, kind, Language::Rust, &folder.path().join("plugin")).unwrap();
        Self { folder }
    }

    /// The automation, with its component as it was built once for all tests.
    pub(crate) fn built() -> Self {
        static COMPONENT: OnceLock<Vec<u8>> = OnceLock::new();
        let folder = Self::new(Kind::Automation);
        let component = COMPONENT.get_or_init(|| {
            folder.build();
            fs::read(folder.path().join("dist/plugin.wasm")).unwrap()
        });
        fs::create_dir_all(folder.path().join("dist")).unwrap();
        fs::write(folder.path().join("dist/plugin.wasm"), component).unwrap();
        folder
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("plugin")
    }

    pub(crate) fn project(&self) -> Project {
        Project::at(&self.path()).unwrap()
    }

    pub(crate) fn build(&self) {
        build(&self.project(), &options(), terminal()).unwrap();
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path().join(file)).unwrap()
    }

    pub(crate) fn write(&self, file: &str, content: &str) {
        let path = self.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Writes another text in a file's place of one that stands there.
    pub(crate) fn replace(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert!(text.contains(old), "{file} has no {old}");
        self.write(file, &text.replace(old, new));
    }
}

/// One folder of cargo's for all.
pub(crate) fn options() -> build::Options {
    build::Options {
        target_folder: Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("authors")),
    }
}
