//! A package made of files that nobody vouches for.

use super::{Package, PackageError, Part, check_assets};
use crate::{
    component,
    digest::Digest,
    limits::{ASSETS_BYTES_MAX, ASSETS_MAX, SIGNATURES_MAX},
    manifest::Manifest,
    oci::{self, Descriptor, ImageIndex, ImageManifest, Layout},
    sign::Signature,
    tar::{self, Bounds, Files},
};
use std::collections::BTreeSet;

impl Package {
    pub(super) fn from_files(files: Files) -> Result<Self, PackageError> {
        let mut blobs = Blobs::open(&files)?;
        let index: ImageIndex = oci::json(oci::INDEX_FILE, file(&files, oci::INDEX_FILE)?)?;
        let (mut packages, mut signatures) = (Vec::new(), Vec::new());
        for descriptor in &index.manifests {
            // A signature's descriptor says that it is one; its manifest is held to it below.
            let part = match &descriptor.artifact_type {
                Some(kind) if kind == oci::SIGNATURE => Part::Signature,
                _ => Part::Manifest,
            };
            let bytes = blobs.take(part, descriptor, oci::MANIFEST)?;
            let manifest: ImageManifest = oci::json("manifest", bytes)?;
            match manifest.subject.is_some() {
                true => signatures.push(manifest),
                false => packages.push((manifest, bytes)),
            }
        }
        let count = packages.len();
        let (Some((oci_manifest, bytes)), 1) = (packages.pop(), count) else {
            return Err(PackageError::Packages(count));
        };
        let mut package = blobs.package(&oci_manifest, bytes)?;
        if signatures.len() > SIGNATURES_MAX {
            return Err(PackageError::TooManySignatures);
        }
        let digest = package.digest();
        package.signatures = signatures
            .iter()
            .map(|manifest| blobs.signature(manifest, &digest))
            .collect::<Result<_, _>>()?;
        blobs.all_are_named()?;
        Ok(package)
    }
}

/// The blobs of a layout, and which of them were named.
struct Blobs<'a> {
    files: &'a Files,
    named: BTreeSet<String>,
}

impl<'a> Blobs<'a> {
    fn open(files: &'a Files) -> Result<Self, PackageError> {
        if let Some(path) = files.keys().find(|path| {
            !matches!(path.as_str(), oci::LAYOUT_FILE | oci::INDEX_FILE)
                && path
                    .strip_prefix(oci::BLOBS)
                    .is_none_or(|digits| format!("sha256:{digits}").parse::<Digest>().is_err())
        }) {
            return Err(PackageError::UnexpectedFile { path: path.clone() });
        }
        let layout: Layout = oci::json(oci::LAYOUT_FILE, file(files, oci::LAYOUT_FILE)?)?;
        if layout.image_layout_version != "1.0.0" {
            return Err(PackageError::Json {
                file: oci::LAYOUT_FILE.to_owned(),
                reason: format!("the version {} is not known", layout.image_layout_version),
            });
        }
        Ok(Self {
            files,
            named: BTreeSet::new(),
        })
    }

    /// The blob that a descriptor names, if it is that.
    fn take(
        &mut self,
        part: Part,
        descriptor: &Descriptor,
        kind: &'static str,
    ) -> Result<&'a [u8], PackageError> {
        if descriptor.media_type != kind {
            return Err(PackageError::MediaType {
                part,
                found: descriptor.media_type.clone(),
                expected: kind,
            });
        }
        let path = oci::path(&descriptor.digest);
        let blob = self.files.get(&path).ok_or_else(|| PackageError::Missing {
            part,
            digest: descriptor.digest.clone(),
        })?;
        if blob.len() as u64 != descriptor.size {
            return Err(PackageError::Size {
                part,
                said: descriptor.size,
                found: blob.len() as u64,
            });
        }
        let found = Digest::of(blob);
        if found != descriptor.digest {
            return Err(PackageError::Altered {
                part,
                expected: descriptor.digest.clone(),
                found,
            });
        }
        self.named.insert(path);
        Ok(blob)
    }

    fn package(&mut self, manifest: &ImageManifest, bytes: &[u8]) -> Result<Package, PackageError> {
        check_kind(Part::Manifest, &manifest.media_type)?;
        let config = self.take(Part::Config, &manifest.config, oci::CONFIG)?;
        // Read for its form alone; what it says is read off the component.
        oci::json::<serde_json::Value>("configuration", config)?;
        let (first, second) = match manifest.layers.as_slice() {
            [component] => (component, None),
            [component, assets] => (component, Some(assets)),
            other => return Err(PackageError::Layers(other.len())),
        };
        let component = self.take(Part::Component, first, oci::COMPONENT)?;
        let assets_tar = second
            .map(|assets| self.take(Part::Assets, assets, oci::ASSETS))
            .transpose()?;
        let text = manifest
            .annotations
            .get(oci::ANNOTATION_MANIFEST)
            .ok_or(PackageError::NoText)?;
        if component::embedded(component)? != Some(text.as_str()) {
            return Err(PackageError::TextsDiffer);
        }
        let parsed = Manifest::parse_for_any_platform(text)?;
        for (annotation, meant) in [
            (oci::ANNOTATION_TITLE, parsed.id.clone()),
            (oci::ANNOTATION_VERSION, parsed.version.to_string()),
        ] {
            let said = manifest.annotations.get(annotation);
            if said != Some(&meant) {
                return Err(PackageError::Annotation {
                    said: said.cloned().unwrap_or_default(),
                    meant,
                });
            }
        }
        let inspection = component::inspect(component)?;
        parsed.check(&inspection)?;
        let assets = assets_tar.map(read_assets).transpose()?.unwrap_or_default();
        check_assets(assets.len(), assets_tar)?;
        Ok(Package {
            manifest: parsed,
            text: text.clone(),
            component: component.to_vec(),
            inspection,
            assets,
            oci_manifest: bytes.to_vec(),
            config: config.to_vec(),
            assets_tar: assets_tar.map(<[u8]>::to_vec),
            signatures: Vec::new(),
        })
    }

    fn signature(
        &mut self,
        manifest: &ImageManifest,
        package: &Digest,
    ) -> Result<Signature, PackageError> {
        check_kind(Part::Signature, &manifest.media_type)?;
        if manifest.artifact_type.as_deref() != Some(oci::SIGNATURE) {
            return Err(PackageError::MediaType {
                part: Part::Signature,
                found: manifest.artifact_type.clone().unwrap_or_default(),
                expected: oci::SIGNATURE,
            });
        }
        if let Some(subject) = &manifest.subject
            && subject.digest != *package
        {
            return Err(PackageError::ForeignSignature(subject.digest.clone()));
        }
        self.take(Part::Config, &manifest.config, oci::EMPTY)?;
        match manifest.layers.as_slice() {
            [layer] => oci::json(
                "signature",
                self.take(Part::Signature, layer, oci::SIGNATURE)?,
            ),
            other => Err(PackageError::Layers(other.len())),
        }
    }

    fn all_are_named(&self) -> Result<(), PackageError> {
        let unnamed = self
            .files
            .keys()
            .filter(|path| path.starts_with(oci::BLOBS))
            .find(|path| !self.named.contains(*path));
        match unnamed {
            Some(path) => Err(PackageError::Unreferenced {
                digest: path.replace(oci::BLOBS, "sha256:"),
            }),
            None => Ok(()),
        }
    }
}

fn file<'a>(files: &'a Files, name: &'static str) -> Result<&'a [u8], PackageError> {
    files
        .get(name)
        .map(Vec::as_slice)
        .ok_or(PackageError::MissingFile(name))
}

fn check_kind(part: Part, found: &str) -> Result<(), PackageError> {
    match found == oci::MANIFEST {
        true => Ok(()),
        false => Err(PackageError::MediaType {
            part,
            found: found.to_owned(),
            expected: oci::MANIFEST,
        }),
    }
}

fn read_assets(tar: &[u8]) -> Result<Files, PackageError> {
    let bounds = Bounds {
        bytes_max: ASSETS_BYTES_MAX as u64,
        // Folders are entries, too.
        entries_max: 2 * ASSETS_MAX,
    };
    tar::read(tar, bounds).map_err(PackageError::Assets)
}
