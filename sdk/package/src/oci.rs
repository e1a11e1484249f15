//! The documents of an OCI image layout, as far as a package has them. Maps are ordered, so that the same package is the same bytes.

use crate::{digest::Digest, layout::PackageError, limits::JSON_BYTES_MAX};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;

pub(crate) const LAYOUT_FILE: &str = "oci-layout";
pub(crate) const INDEX_FILE: &str = "index.json";
pub(crate) const BLOBS: &str = "blobs/sha256/";

pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub(crate) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const CONFIG: &str = "application/vnd.wasm.config.v0+json";
pub(crate) const COMPONENT: &str = "application/wasm";
pub(crate) const ASSETS: &str = "application/vnd.guichet.assets.v1.tar";
pub(crate) const EMPTY: &str = "application/vnd.oci.empty.v1+json";
pub(crate) const SIGNATURE: &str = "application/vnd.guichet.signature.v1+json";

pub(crate) const ANNOTATION_TITLE: &str = "org.opencontainers.image.title";
pub(crate) const ANNOTATION_VERSION: &str = "org.opencontainers.image.version";
pub(crate) const ANNOTATION_MANIFEST: &str = "dev.guichet.manifest";

/// `oci-layout`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Layout {
    pub(crate) image_layout_version: String,
}

/// `index.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImageIndex {
    pub(crate) schema_version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) media_type: Option<String>,
    pub(crate) manifests: Vec<Descriptor>,
}

/// What a blob is, and which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Descriptor {
    pub(crate) media_type: String,
    pub(crate) digest: Digest,
    pub(crate) size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) artifact_type: Option<String>,
}

impl Descriptor {
    pub(crate) fn of(media_type: &str, blob: &[u8]) -> Self {
        Self {
            media_type: media_type.to_owned(),
            digest: Digest::of(blob),
            size: blob.len() as u64,
            artifact_type: None,
        }
    }
}

/// A manifest: of a package, or of a signature of one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImageManifest {
    pub(crate) schema_version: u32,
    pub(crate) media_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) artifact_type: Option<String>,
    pub(crate) config: Descriptor,
    pub(crate) layers: Vec<Descriptor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<Descriptor>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) annotations: BTreeMap<String, String>,
}

/// The configuration of a Wasm artifact. It says again what the component says, for tools that show images.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Config {
    /// Always the epoch: a package has no time of its own, so that the same input is the same package.
    pub(crate) created: &'static str,
    pub(crate) architecture: &'static str,
    pub(crate) os: &'static str,
    pub(crate) layer_digests: Vec<Digest>,
    pub(crate) component: Surface,
}

#[derive(Debug, Serialize)]
pub(crate) struct Surface {
    pub(crate) exports: Vec<String>,
    pub(crate) imports: Vec<String>,
}

/// Where a blob is kept.
pub(crate) fn path(digest: &Digest) -> String {
    format!("{BLOBS}{}", digest.hex())
}

/// Reads a document, unless it is too large to be one.
pub(crate) fn json<T: DeserializeOwned>(file: &str, bytes: &[u8]) -> Result<T, PackageError> {
    if bytes.len() > JSON_BYTES_MAX {
        return Err(PackageError::JsonTooLarge {
            file: file.to_owned(),
            bytes: bytes.len() as u64,
        });
    }
    serde_json::from_slice(bytes).map_err(|error| PackageError::Json {
        file: file.to_owned(),
        reason: error.to_string(),
    })
}

/// Writes a document.
pub(crate) fn bytes<T: Serialize>(file: &str, document: &T) -> Result<Vec<u8>, PackageError> {
    serde_json::to_vec(document).map_err(|error| PackageError::Json {
        file: file.to_owned(),
        reason: error.to_string(),
    })
}
