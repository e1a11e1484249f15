//! Tars of plain files, written so that the same files are the same bytes, and read without trust.
//!
//! A reader takes no more from its source than the bound and one byte, and keeps no more than it took. Links, devices, sparse files, extended
//! headers and every path that could lead out of a folder are refused, each with its name.

use std::{
    cell::Cell,
    collections::BTreeMap,
    io::{self, Read},
    rc::Rc,
};
use tar::{Archive, Builder, EntryType, Header};

/// Files by their paths.
pub type Files = BTreeMap<String, Vec<u8>>;

/// How much is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of the whole tar.
    pub bytes_max: u64,
    /// Entries, folders among them.
    pub entries_max: usize,
}

/// What is wrong with a tar.
#[derive(Debug, thiserror::Error)]
pub enum TarError {
    #[error("the tar is longer than {bytes_max} bytes: nothing of it is taken")]
    TooLong { bytes_max: u64 },
    #[error("the tar has more than {entries_max} entries: nothing of it is taken")]
    TooMany { entries_max: usize },
    #[error("the tar's entry `{path}` leads out of its folder: paths are relative, without `..`")]
    Path { path: String },
    #[error("the tar's entry `{path}` is {kind}: only plain files are taken")]
    Kind { path: String, kind: &'static str },
    #[error("the tar's entry `{path}` is there twice")]
    Duplicate { path: String },
    #[error("the tar's entry `{path}` says that it has {said} bytes, and there are {found}")]
    Size { path: String, said: u64, found: u64 },
    #[error("the tar goes on after its end")]
    Trailing,
    #[error("this is no tar: {0}")]
    Form(#[source] io::Error),
    #[error("the path `{path}` is longer than a plain tar can say: at most 100 bytes")]
    LongPath { path: String },
}

/// Writes files as a tar: in the order of their paths, of nobody, at the epoch.
///
/// # Errors
/// [`TarError::LongPath`].
pub fn write(files: &Files) -> Result<Vec<u8>, TarError> {
    let mut builder = Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = Header::new_ustar();
        header
            .set_path(path)
            .map_err(|_| TarError::LongPath { path: path.clone() })?;
        header.set_entry_type(EntryType::Regular);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_size(content.len() as u64);
        header.set_cksum();
        builder
            .append(&header, content.as_slice())
            .map_err(TarError::Form)?;
    }
    builder.into_inner().map_err(TarError::Form)
}

/// Reads the plain files of a tar; folders are passed over.
///
/// # Errors
/// [`TarError`]: the first thing that is wrong.
pub fn read(source: impl Read, bounds: Bounds) -> Result<Files, TarError> {
    let is_longer = Rc::new(Cell::new(false));
    let bounded = Bounded {
        source,
        left: bounds.bytes_max,
        is_longer: Rc::clone(&is_longer),
    };
    read_all(bounded, bounds).map_err(|error| match is_longer.get() {
        true => TarError::TooLong {
            bytes_max: bounds.bytes_max,
        },
        false => error,
    })
}

fn read_all(source: impl Read, bounds: Bounds) -> Result<Files, TarError> {
    let mut files = Files::new();
    let mut archive = Archive::new(source);
    // Raw: extended headers are seen as the entries that they are, and refused, instead of being believed.
    let entries = archive.entries().map_err(TarError::Form)?.raw(true);
    for (index, entry) in entries.enumerate() {
        if index == bounds.entries_max {
            return Err(TarError::TooMany {
                entries_max: bounds.entries_max,
            });
        }
        let mut entry = entry.map_err(TarError::Form)?;
        let raw = entry.path_bytes().into_owned();
        let path = safe_path(&raw)?;
        let kind = kind(entry.header().entry_type(), &path)?;
        let said = entry.size();
        if said > bounds.bytes_max {
            return Err(TarError::TooLong {
                bytes_max: bounds.bytes_max,
            });
        }
        let mut content = Vec::new();
        entry.read_to_end(&mut content).map_err(TarError::Form)?;
        let found = content.len() as u64;
        if said != found || (kind == Kept::Folder && found > 0) {
            return Err(TarError::Size { path, said, found });
        }
        if kind == Kept::File && files.insert(path.clone(), content).is_some() {
            return Err(TarError::Duplicate { path });
        }
    }
    ends_with_zeros(archive.into_inner())?;
    Ok(files)
}

#[derive(PartialEq, Eq)]
enum Kept {
    File,
    Folder,
}

fn kind(kind: EntryType, path: &str) -> Result<Kept, TarError> {
    let refuse = |kind| {
        Err(TarError::Kind {
            path: path.to_owned(),
            kind,
        })
    };
    match kind {
        EntryType::Regular => Ok(Kept::File),
        EntryType::Directory => Ok(Kept::Folder),
        EntryType::Symlink => refuse("a symbolic link"),
        EntryType::Link => refuse("a hard link"),
        EntryType::Char | EntryType::Block => refuse("a device"),
        EntryType::Fifo => refuse("a pipe"),
        EntryType::GNUSparse => refuse("a sparse file"),
        EntryType::GNULongName
        | EntryType::GNULongLink
        | EntryType::XHeader
        | EntryType::XGlobalHeader => refuse("an extended header"),
        _ => refuse("of an unknown kind"),
    }
}

/// The path as one that stays within a folder.
fn safe_path(raw: &[u8]) -> Result<String, TarError> {
    let refuse = || TarError::Path {
        path: String::from_utf8_lossy(raw).into_owned(),
    };
    let path = std::str::from_utf8(raw).map_err(|_| refuse())?;
    let path = path.strip_prefix("./").unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    // `./` alone is the folder itself.
    if path.is_empty() && raw.starts_with(b"./") || path == "." {
        return Ok(".".to_owned());
    }
    match is_safe(path) {
        true => Ok(path.to_owned()),
        false => Err(refuse()),
    }
}

/// Whether a path stays within a folder, on any system.
pub(crate) fn is_safe(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', ':'])
        && !path.chars().any(char::is_control)
        && path
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != "..")
}

/// What follows the end of a tar is padding, or something that is hidden there.
fn ends_with_zeros(mut source: impl Read) -> Result<(), TarError> {
    let mut part = [0_u8; 4096];
    loop {
        match source.read(&mut part).map_err(TarError::Form)? {
            0 => return Ok(()),
            read if part[..read].iter().any(|&byte| byte != 0) => return Err(TarError::Trailing),
            _ => {}
        }
    }
}

/// A source that fails at the byte after its bound.
struct Bounded<R> {
    source: R,
    left: u64,
    is_longer: Rc<Cell<bool>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // One byte more than is left, to see whether there is one.
        let most = usize::try_from(self.left.saturating_add(1)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(most);
        let read = self.source.read(&mut buffer[..wanted])?;
        match self.left.checked_sub(read as u64) {
            Some(left) => {
                self.left = left;
                Ok(read)
            }
            None => {
                self.is_longer.set(true);
                Err(io::Error::other("longer than its bound"))
            }
        }
    }
}

#[cfg(test)]
mod tests;
