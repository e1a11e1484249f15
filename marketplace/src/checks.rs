//! What a package must be to be taken. That its parts are whole, that its manifest is one and fits its component, `Package::read_tar` has checked.

use crate::{
    limits::{
        PLATFORM_BYTES_MAX, VERSION_BYTES_MAX, VERSION_INDEX_BYTES_BESIDE, VERSION_INDEX_BYTES_MAX,
    },
    refusal::Refusal,
    store::publishers::KeptKey,
};
use guichet_package::{Manifest, Package, PublicKey, SignatureError, index::IndexedVersion};
use semver::VersionReq;

/// Checks what the marketplace wants of a manifest beyond what a host does.
pub(crate) fn manifest(manifest: &Manifest) -> Result<(), Refusal> {
    let version = manifest.version.to_string();
    if version.len() > VERSION_BYTES_MAX {
        return Err(Refusal::LongVersion(version));
    }
    // A plugin that runs on every platform to come does not exist: its author did not think of it.
    let platform = manifest.platform.to_string();
    if manifest.platform == VersionReq::STAR || platform.len() > PLATFORM_BYTES_MAX {
        let told = platform.chars().take(PLATFORM_BYTES_MAX).collect();
        return Err(Refusal::Platform(told));
    }
    Ok(())
}

/// Which of a publisher's keys signed the package. One that is retired signs nothing any more.
pub(crate) fn signer(package: &Package, keys: &[KeptKey]) -> Result<PublicKey, Refusal> {
    let present: Vec<_> = keys
        .iter()
        .filter(|kept| kept.retired_at.is_none())
        .map(|kept| kept.key.clone())
        .collect();
    let refused = match package.verify(&present) {
        Ok(key) => return Ok(key),
        Err(error) => error,
    };
    if let SignatureError::UnknownKey { .. } = refused {
        for kept in keys {
            let Some(at) = kept.retired_at else { continue };
            if package.verify(std::slice::from_ref(&kept.key)).is_ok() {
                return Err(Refusal::RetiredKey {
                    publisher: package.manifest().publisher().to_owned(),
                    fingerprint: kept.key.fingerprint(),
                    at,
                });
            }
        }
    }
    Err(refused.into())
}

/// Bytes of the index that a version takes.
pub(crate) fn index_bytes(manifest: &Manifest, indexed: &IndexedVersion) -> Result<i64, Refusal> {
    let said = serde_json::to_vec(&(indexed, &manifest.title, &manifest.summary))
        .map_or(i64::MAX / 2, |said| {
            i64::try_from(said.len()).unwrap_or(i64::MAX / 2)
        });
    match said <= VERSION_INDEX_BYTES_MAX {
        true => Ok(said + VERSION_INDEX_BYTES_BESIDE),
        false => Err(Refusal::LongEntry(said)),
    }
}
