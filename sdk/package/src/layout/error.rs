//! What is wrong with a package, where, and what to do.

use crate::{
    component::ComponentError,
    digest::Digest,
    limits::{
        ASSETS_BYTES_MAX, ASSETS_MAX, JSON_BYTES_MAX, PACKAGE_BYTES_MAX, PACKAGE_ENTRIES_MAX,
        SIGNATURES_MAX,
    },
    manifest::ManifestError,
    tar::TarError,
};
use std::{fmt, io, path::PathBuf};

/// A part of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Manifest,
    Config,
    Component,
    Assets,
    Signature,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Manifest => "manifest",
            Self::Config => "configuration",
            Self::Component => "component",
            Self::Assets => "assets",
            Self::Signature => "signature",
        })
    }
}

/// What is wrong with a package.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    #[error(transparent)]
    Tar(#[from] TarError),
    #[error("{} cannot be read or written", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("the package is larger than {PACKAGE_BYTES_MAX} bytes")]
    TooLarge,
    #[error("the package has more than {PACKAGE_ENTRIES_MAX} files and folders")]
    TooManyFiles,
    #[error("this is no package: it has no `{0}`; make one with `guichet plugin pack`")]
    MissingFile(&'static str),
    #[error("the package has `{path}`, which is no part of one: take it out, or pack it anew")]
    UnexpectedFile { path: String },
    #[error("the package's {file} is not the document that it should be: {reason}")]
    Json { file: String, reason: String },
    #[error("the package's {file} has {bytes} bytes, and at most {JSON_BYTES_MAX} are read")]
    JsonTooLarge { file: String, bytes: u64 },
    #[error("the package's {part} {digest} is missing: fetch the package anew")]
    Missing { part: Part, digest: Digest },
    #[error(
        "the package's {part} was altered: it should be {expected} and is {found}; do not use it, fetch the package anew"
    )]
    Altered {
        part: Part,
        expected: Digest,
        found: Digest,
    },
    #[error("the package's {part} should have {said} bytes, and has {found}")]
    Size { part: Part, said: u64, found: u64 },
    #[error("the package has {digest}, which nothing in it names: take it out, or pack it anew")]
    Unreferenced { digest: String },
    #[error("the package's {part} is of the kind `{found}`, and should be `{expected}`")]
    MediaType {
        part: Part,
        found: String,
        expected: &'static str,
    },
    #[error("the layout has {0} packages, and one is read")]
    Packages(usize),
    #[error(
        "the package has {0} layers, and should have one (the component) or two (and the assets)"
    )]
    Layers(usize),
    #[error("the package does not say its plugin.toml: pack it with `guichet plugin pack`")]
    NoText,
    #[error(
        "the package's plugin.toml and the one in its component differ: one of them was changed after packing"
    )]
    TextsDiffer,
    #[error("the package says of itself `{said}`, and its plugin.toml says `{meant}`")]
    Annotation { said: String, meant: String },
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error(transparent)]
    Component(#[from] ComponentError),
    #[error("the package's assets: {0}")]
    Assets(#[source] TarError),
    #[error(
        "the assets are {count} files of {bytes} bytes in all, and at most {ASSETS_MAX} files of {ASSETS_BYTES_MAX} bytes are taken"
    )]
    AssetsTooLarge { count: usize, bytes: usize },
    #[error("the package holds a signature of another package, {0}")]
    ForeignSignature(Digest),
    #[error("the package has more than {SIGNATURES_MAX} signatures")]
    TooManySignatures,
}
