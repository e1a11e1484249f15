//! A package as a folder: an OCI image layout that other tools read, too.

use crate::{
    layout::PackageError,
    limits::{PACKAGE_BYTES_MAX, PACKAGE_ENTRIES_MAX},
    oci,
    tar::Files,
};
use std::{
    fs,
    io::{self, Read},
    path::Path,
};

/// Writes the files below a folder, which is made.
pub(crate) fn write(folder: &Path, files: &Files) -> Result<(), PackageError> {
    for (path, content) in files {
        let whole = folder.join(path);
        let write = || {
            if let Some(parent) = whole.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&whole, content)
        };
        write().map_err(|source| failed(&whole, source))?;
    }
    Ok(())
}

/// Reads the files below a folder: those that a layout has, and none that is anything but a plain file.
pub(crate) fn read(folder: &Path) -> Result<Files, PackageError> {
    let mut files = Files::new();
    let mut left = PACKAGE_BYTES_MAX;
    let mut entries = 0;
    visit(folder, "", &mut entries, &mut |path, name| {
        let mut content = Vec::new();
        fs::File::open(path)
            .and_then(|file| file.take(left + 1).read_to_end(&mut content))
            .map_err(|source| failed(path, source))?;
        left = left
            .checked_sub(content.len() as u64)
            .ok_or(PackageError::TooLarge)?;
        files.insert(name.to_owned(), content);
        Ok(())
    })?;
    Ok(files)
}

fn visit(
    folder: &Path,
    name: &str,
    entries: &mut usize,
    keep: &mut dyn FnMut(&Path, &str) -> Result<(), PackageError>,
) -> Result<(), PackageError> {
    for entry in fs::read_dir(folder).map_err(|source| failed(folder, source))? {
        let entry = entry.map_err(|source| failed(folder, source))?;
        let path = entry.path();
        *entries += 1;
        if *entries > PACKAGE_ENTRIES_MAX {
            return Err(PackageError::TooManyFiles);
        }
        let own = entry.file_name();
        let name = match name {
            "" => own.to_string_lossy().into_owned(),
            above => format!("{above}/{}", own.to_string_lossy()),
        };
        // Of the entry itself: a link is seen as a link.
        let kind = entry.file_type().map_err(|source| failed(&path, source))?;
        if kind.is_dir() && oci::BLOBS.starts_with(&format!("{name}/")) {
            visit(&path, &name, entries, keep)?;
        } else if kind.is_file() {
            keep(&path, &name)?;
        } else {
            return Err(PackageError::UnexpectedFile { path: name });
        }
    }
    Ok(())
}

fn failed(path: &Path, source: io::Error) -> PackageError {
    PackageError::Io {
        path: path.to_owned(),
        source,
    }
}
