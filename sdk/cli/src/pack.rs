//! One file to hand on: manifest, component and assets as an OCI image layout in a tar.

use crate::{
    project::{Project, ProjectError},
    terminal::bytes,
};
use guichet_package::{Digest, Package, PackageError};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// A package that was written.
#[derive(Debug, Clone)]
pub struct Packed {
    pub path: PathBuf,
    pub id: String,
    pub version: String,
    /// What it is known by.
    pub digest: Digest,
    pub bytes: usize,
    pub assets: usize,
}

impl Packed {
    /// Where it is and what it is known by, for people.
    pub fn told(&self) -> String {
        let assets = match self.assets {
            0 => String::new(),
            1 => ", 1 asset".to_owned(),
            assets => format!(", {assets} assets"),
        };
        let (path, size) = (self.path.display(), bytes(self.bytes));
        format!(
            "{} {} is in {path} ({size}{assets})\ndigest      {}",
            self.id, self.version, self.digest
        )
    }
}

/// Why there is no package.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error(transparent)]
    Package(#[from] PackageError),
    #[error("{} cannot be read: pack the plugin first, with `guichet plugin pack`, or name a package", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} is no package of a plugin", path.display())]
    NoPackage { path: PathBuf, source: PackageError },
    #[error("{} cannot be written", path.display())]
    Write { path: PathBuf, source: io::Error },
}

/// Packs the plugin as it was built last, to `dist/<name>-<version>.tar`.
///
/// # Errors
/// [`PackError`]: what is wrong with manifest, component or assets.
pub fn pack(project: &Project) -> Result<Packed, PackError> {
    let package = project.package()?;
    write(&project.package_path(package.manifest()), &package)
}

/// Reads a package: the one named, or else the plugin's own.
///
/// # Errors
/// [`PackError::Read`], [`PackError::NoPackage`].
pub fn read(
    project: Option<&Project>,
    named: Option<&Path>,
) -> Result<(PathBuf, Package), PackError> {
    let path = match (named, project) {
        (Some(path), _) => path.to_owned(),
        (None, Some(project)) => project.package_path(&project.manifest()?),
        (None, None) => return Err(ProjectError::NoPlugin(PathBuf::from(".")).into()),
    };
    let tar = fs::read(&path).map_err(|source| PackError::Read {
        path: path.clone(),
        source,
    })?;
    match Package::read_tar_bytes(&tar) {
        Ok(package) => Ok((path, package)),
        Err(source) => Err(PackError::NoPackage { path, source }),
    }
}

/// Writes a package where it is to be.
pub(crate) fn write(path: &Path, package: &Package) -> Result<Packed, PackError> {
    let tar = package.write_tar()?;
    let failed = |source| PackError::Write {
        path: path.to_owned(),
        source,
    };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    fs::write(path, &tar).map_err(failed)?;
    Ok(Packed {
        path: path.to_owned(),
        id: package.manifest().id.clone(),
        version: package.manifest().version.to_string(),
        digest: package.digest(),
        bytes: tar.len(),
        assets: package.assets().len(),
    })
}
