//! A package: manifest, component and assets as an OCI image layout, known by the digest of its OCI manifest.
//!
//! The same input makes the same bytes. What is read is checked whole before anything is made of it: each blob against the digest and the size
//! by which it is named, the kinds of the parts, the two texts of `plugin.toml` against each other, and the manifest against the component.

mod error;
mod read;

pub use error::{PackageError, Part};

use crate::{
    component::{self, Inspection},
    digest::Digest,
    folder,
    limits::{ASSETS_BYTES_MAX, ASSETS_MAX, PACKAGE_BYTES_MAX, PACKAGE_ENTRIES_MAX},
    manifest::Manifest,
    oci::{self, Config, Descriptor, ImageIndex, ImageManifest, Layout},
    sign::Signature,
    tar::{self, Bounds, Files},
};
use std::{collections::BTreeMap, io::Read, path::Path};

/// A plugin's package. There is none that was not checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Package {
    manifest: Manifest,
    text: String,
    component: Vec<u8>,
    inspection: Inspection,
    assets: Files,
    /// The bytes whose digest is the package's, and the blobs that they name.
    oci_manifest: Vec<u8>,
    config: Vec<u8>,
    assets_tar: Option<Vec<u8>>,
    pub(crate) signatures: Vec<Signature>,
}

impl Package {
    /// Makes a package of a manifest's text, a component and assets (files by their paths; none is no layer). The text goes into the component, too.
    ///
    /// # Errors
    /// [`PackageError`]: the manifest, the component, or that one does not fit the other; assets with paths that lead out, or too many.
    pub fn build(text: &str, component: &[u8], assets: Files) -> Result<Self, PackageError> {
        let manifest = Manifest::parse_for_any_platform(text)?;
        let component = component::embed(component, text)?;
        let inspection = component::inspect(&component)?;
        manifest.check(&inspection)?;
        let surface = component::surface(&component)?;
        if let Some(path) = assets.keys().find(|path| !tar::is_safe(path)) {
            return Err(PackageError::Assets(tar::TarError::Path {
                path: path.clone(),
            }));
        }
        let assets_tar = match assets.is_empty() {
            true => None,
            false => Some(tar::write(&assets).map_err(PackageError::Assets)?),
        };
        check_assets(assets.len(), assets_tar.as_deref())?;
        let mut layers = vec![Descriptor::of(oci::COMPONENT, &component)];
        if let Some(tar) = &assets_tar {
            layers.push(Descriptor::of(oci::ASSETS, tar));
        }
        let config = oci::bytes(
            "config",
            &Config {
                created: "1970-01-01T00:00:00Z",
                architecture: "wasm",
                os: "wasip2",
                layer_digests: layers.iter().map(|layer| layer.digest.clone()).collect(),
                component: oci::Surface {
                    exports: surface.exports,
                    imports: surface.imports,
                },
            },
        )?;
        let annotations = BTreeMap::from([
            (oci::ANNOTATION_TITLE.to_owned(), manifest.id.clone()),
            (
                oci::ANNOTATION_VERSION.to_owned(),
                manifest.version.to_string(),
            ),
            (oci::ANNOTATION_MANIFEST.to_owned(), text.to_owned()),
        ]);
        let oci_manifest = oci::bytes(
            "manifest",
            &ImageManifest {
                schema_version: 2,
                media_type: oci::MANIFEST.to_owned(),
                artifact_type: None,
                config: Descriptor::of(oci::CONFIG, &config),
                layers,
                subject: None,
                annotations,
            },
        )?;
        Ok(Self {
            manifest,
            text: text.to_owned(),
            component,
            inspection,
            assets,
            oci_manifest,
            config,
            assets_tar,
            signatures: Vec::new(),
        })
    }

    /// What it is known by: the sha-256 of its OCI manifest, which names all its parts.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.oci_manifest)
    }

    /// The text of `plugin.toml`.
    pub fn manifest_text(&self) -> &str {
        &self.text
    }

    /// The manifest, as its text says.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The component, with the text of its manifest in it.
    pub fn component(&self) -> &[u8] {
        &self.component
    }

    /// What the component is, asks for and offers.
    pub fn inspection(&self) -> &Inspection {
        &self.inspection
    }

    /// Files by their paths.
    pub fn assets(&self) -> &Files {
        &self.assets
    }

    /// Writes it as a folder, which is made; what was there of another package must not be.
    ///
    /// # Errors
    /// [`PackageError::Io`].
    pub fn write_folder(&self, folder: &Path) -> Result<(), PackageError> {
        folder::write(folder, &self.files()?)
    }

    /// Writes it as a tar. The same package and signatures are the same bytes.
    ///
    /// # Errors
    /// [`PackageError::TooLarge`].
    pub fn write_tar(&self) -> Result<Vec<u8>, PackageError> {
        let tar = tar::write(&self.files()?)?;
        match tar.len() as u64 <= PACKAGE_BYTES_MAX {
            true => Ok(tar),
            false => Err(PackageError::TooLarge),
        }
    }

    /// Reads a package from a folder.
    ///
    /// # Errors
    /// [`PackageError`]: the first thing that is wrong.
    pub fn read_folder(folder: &Path) -> Result<Self, PackageError> {
        Self::from_files(folder::read(folder)?)
    }

    /// Reads a package from a tar; never more of it than [`PACKAGE_BYTES_MAX`] and one byte.
    ///
    /// # Errors
    /// [`PackageError`]: the first thing that is wrong.
    pub fn read_tar(source: impl Read) -> Result<Self, PackageError> {
        let bounds = Bounds {
            bytes_max: PACKAGE_BYTES_MAX,
            entries_max: PACKAGE_ENTRIES_MAX,
        };
        Self::from_files(tar::read(source, bounds)?)
    }

    /// Reads a package from the bytes of a tar.
    ///
    /// # Errors
    /// [`PackageError`]: the first thing that is wrong.
    pub fn read_tar_bytes(bytes: &[u8]) -> Result<Self, PackageError> {
        Self::read_tar(bytes)
    }

    /// The files of the layout.
    fn files(&self) -> Result<Files, PackageError> {
        let mut files = Files::new();
        let mut keep = |blob: &[u8]| files.insert(oci::path(&Digest::of(blob)), blob.to_vec());
        keep(&self.oci_manifest);
        keep(&self.config);
        keep(&self.component);
        if let Some(tar) = &self.assets_tar {
            keep(tar);
        }
        let subject = Descriptor::of(oci::MANIFEST, &self.oci_manifest);
        let mut manifests = vec![subject.clone()];
        for signature in &self.signatures {
            let layer = oci::bytes("signature", signature)?;
            let empty = b"{}".as_slice();
            let manifest = oci::bytes(
                "signature's manifest",
                &ImageManifest {
                    schema_version: 2,
                    media_type: oci::MANIFEST.to_owned(),
                    artifact_type: Some(oci::SIGNATURE.to_owned()),
                    config: Descriptor::of(oci::EMPTY, empty),
                    layers: vec![Descriptor::of(oci::SIGNATURE, &layer)],
                    subject: Some(subject.clone()),
                    annotations: BTreeMap::new(),
                },
            )?;
            manifests.push(Descriptor {
                artifact_type: Some(oci::SIGNATURE.to_owned()),
                ..Descriptor::of(oci::MANIFEST, &manifest)
            });
            keep(empty);
            keep(&layer);
            keep(&manifest);
        }
        let index = ImageIndex {
            schema_version: 2,
            media_type: Some(oci::INDEX.to_owned()),
            manifests,
        };
        let layout = Layout {
            image_layout_version: "1.0.0".to_owned(),
        };
        files.insert(
            oci::INDEX_FILE.to_owned(),
            oci::bytes(oci::INDEX_FILE, &index)?,
        );
        files.insert(
            oci::LAYOUT_FILE.to_owned(),
            oci::bytes(oci::LAYOUT_FILE, &layout)?,
        );
        Ok(files)
    }
}

fn check_assets(count: usize, tar: Option<&[u8]>) -> Result<(), PackageError> {
    let bytes = tar.map_or(0, <[u8]>::len);
    match count <= ASSETS_MAX && bytes <= ASSETS_BYTES_MAX {
        true => Ok(()),
        false => Err(PackageError::AssetsTooLarge { count, bytes }),
    }
}

#[cfg(test)]
mod tests;
