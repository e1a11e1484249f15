//! A plugin's folder: `plugin.toml`, sources, scenarios, and what is made of them in `dist/`.

use guichet_package::{Manifest, ManifestError, Package, PackageError, tar::Files};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A folder with a `plugin.toml`.
#[derive(Debug, Clone)]
pub struct Project {
    folder: PathBuf,
}

/// What is wrong with the folder.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    #[error(
        "{} has no plugin.toml: go to a plugin's folder, or make one with `guichet plugin new publisher/name`",
        .0.display()
    )]
    NoPlugin(PathBuf),
    #[error("{} cannot be read", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} is not UTF-8 text", .0.display())]
    Text(PathBuf),
    #[error("{} is not there: build the plugin first, with `guichet plugin build`", .0.display())]
    NotBuilt(PathBuf),
    #[error("{}: only plain files can be assets; put a copy of the file there", .0.display())]
    Asset(PathBuf),
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error(transparent)]
    Package(#[from] PackageError),
}

impl Project {
    /// The plugin in a folder.
    ///
    /// # Errors
    /// [`ProjectError::NoPlugin`].
    pub fn at(folder: &Path) -> Result<Self, ProjectError> {
        match folder.join("plugin.toml").is_file() {
            true => Ok(Self {
                folder: folder.to_owned(),
            }),
            false => Err(ProjectError::NoPlugin(folder.to_owned())),
        }
    }

    /// A path in it as people write it: below the folder that they are in, without a dot before it.
    fn below(&self, path: &str) -> PathBuf {
        let folder = self.folder.strip_prefix(".").unwrap_or(&self.folder);
        folder.join(path)
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The text of its `plugin.toml`.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn manifest_text(&self) -> Result<String, ProjectError> {
        let path = self.folder.join("plugin.toml");
        String::from_utf8(read(&path)?).map_err(|_| ProjectError::Text(path))
    }

    /// Its `plugin.toml`, checked as far as that goes without the component.
    ///
    /// # Errors
    /// [`ProjectError::Manifest`], with line and column where the form is wrong.
    pub fn manifest(&self) -> Result<Manifest, ProjectError> {
        Ok(Manifest::parse(&self.manifest_text()?)?)
    }

    /// Where its component is put when it is built.
    pub fn component_path(&self) -> PathBuf {
        self.below("dist/plugin.wasm")
    }

    /// Its component as it was built last.
    ///
    /// # Errors
    /// [`ProjectError::NotBuilt`].
    pub fn component(&self) -> Result<Vec<u8>, ProjectError> {
        let path = self.component_path();
        match path.is_file() {
            true => read(&path),
            false => Err(ProjectError::NotBuilt(path)),
        }
    }

    /// What lies below `assets/`, by its path there.
    ///
    /// # Errors
    /// Where it cannot be read, or is no plain file.
    pub fn assets(&self) -> Result<Files, ProjectError> {
        let mut files = Files::new();
        let folder = self.folder.join("assets");
        if folder.is_dir() {
            collect(&folder, "", &mut files)?;
        }
        Ok(files)
    }

    /// Where its package is put.
    pub fn package_path(&self, manifest: &Manifest) -> PathBuf {
        let name = manifest.id.rsplit('/').next().unwrap_or(&manifest.id);
        self.below(&format!("dist/{name}-{}.tar", manifest.version))
    }

    /// Manifest, component and assets as one package. Nothing is written.
    ///
    /// # Errors
    /// What is wrong with any of them, or that one does not fit another.
    pub fn package(&self) -> Result<Package, ProjectError> {
        Ok(Package::build(
            &self.manifest_text()?,
            &self.component()?,
            self.assets()?,
        )?)
    }
}

/// Reads a file; the error names it.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, ProjectError> {
    fs::read(path).map_err(|source| ProjectError::Read {
        path: path.to_owned(),
        source,
    })
}

fn collect(folder: &Path, above: &str, files: &mut Files) -> Result<(), ProjectError> {
    let failed = |source| ProjectError::Read {
        path: folder.to_owned(),
        source,
    };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        let own = entry.file_name();
        let own = own
            .to_str()
            .ok_or_else(|| ProjectError::Text(path.clone()))?;
        let name = format!("{above}{own}");
        // Of the entry itself: a link is seen as a link, and is none of the plugin's own files.
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() {
            collect(&path, &format!("{name}/"), files)?;
        } else if kind.is_file() {
            files.insert(name, read(&path)?);
        } else {
            return Err(ProjectError::Asset(path));
        }
    }
    Ok(())
}
