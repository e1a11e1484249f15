//! Packages, of anybody.

/// Packages that are made up, with digests that fit: a fuzzer would not find one that does.
mod made;

use crate::is_told;
use guichet_package::{
    Digest, Manifest, Package, PublicKey,
    component::{self, ComponentError},
    limits::{
        ASSETS_BYTES_MAX, ASSETS_MAX, PACKAGE_BYTES_MAX, PACKAGE_ENTRIES_MAX, SIGNATURES_MAX,
    },
    tar::{self, Bounds, Files},
};
use std::collections::BTreeSet;

const BLOBS: &str = "blobs/sha256/";

/// **Promised** of any bytes: they are refused as a package with a reason, or opened. What is opened holds nothing but blobs that are what their names say, is
/// known by the digest of one of them, has one text of its manifest at every place, asks for no less than its component imports, has assets that stay in their
/// folder, comes out of a tar as it went in, and is verified as somebody's only if he signed exactly this.
///
/// The first byte says whether the rest is the tar itself, or how one is made up.
pub fn run(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    match first % 2 == 0 {
        true => {
            is_a_component_or_refused(rest);
            is_opened_or_refused(rest, &BTreeSet::new());
        }
        false => {
            let made = made::tar(rest);
            is_opened_or_refused(&made.tar, &made.signed);
        }
    }
}

fn is_opened_or_refused(bytes: &[u8], signed: &BTreeSet<Digest>) {
    let bounds = Bounds {
        bytes_max: PACKAGE_BYTES_MAX,
        entries_max: PACKAGE_ENTRIES_MAX,
    };
    let files = match tar::read(bytes, bounds) {
        Ok(files) => files,
        Err(refusal) => {
            is_told(&refusal, bytes.len());
            let refused = Package::read_tar_bytes(bytes);
            return is_told(&refused.expect_err("a tar that is none"), bytes.len());
        }
    };
    stays_in_its_folder(&files);
    match Package::read_tar_bytes(bytes) {
        Err(refusal) => is_told(&refusal, bytes.len()),
        Ok(package) => {
            is_what_its_names_say(&package, &files);
            says_one_thing(&package);
            comes_out_as_it_went_in(&package);
            is_signed_by_who_signed(&package, signed);
        }
    }
}

fn stays_in_its_folder(files: &Files) {
    for path in files.keys() {
        let is_safe = !path.starts_with('/')
            && !path.contains(['\\', ':', '\0'])
            && path.split('/').all(|part| !part.is_empty() && part != "..");
        assert!(is_safe, "{path:?}");
    }
}

/// The same bytes, looked at as a component.
fn is_a_component_or_refused(bytes: &[u8]) {
    match component::inspect(bytes) {
        Err(refusal) => is_told(&refusal, bytes.len()),
        Ok(inspection) => {
            let text = component::embedded(bytes);
            assert!(!matches!(text, Err(ComponentError::Form(_))), "{text:?}");
            assert!(!inspection.permissions.contains("log"), "log is free");
            let embedded =
                component::embed(bytes, "id = \"a/b\"").expect("a component takes a text");
            assert_eq!(component::embedded(&embedded), Ok(Some("id = \"a/b\"")));
            let again = component::inspect(&embedded).expect("a component with its text is one");
            assert_eq!(again.points, inspection.points);
            assert_eq!(again.permissions, inspection.permissions);
        }
    }
}

fn is_what_its_names_say(package: &Package, files: &Files) {
    for (path, content) in files {
        if let Some(digits) = path.strip_prefix(BLOBS) {
            assert_eq!(Digest::of(content).hex(), digits);
        }
    }
    let digest = package.digest();
    assert!(files.contains_key(&format!("{BLOBS}{}", digest.hex())));
    assert!(files.values().any(|content| content == package.component()));
}

fn says_one_thing(package: &Package) {
    let text = package.manifest_text();
    let parsed = Manifest::parse_for_any_platform(text);
    assert_eq!(parsed.as_ref(), Ok(package.manifest()));
    assert_eq!(component::embedded(package.component()), Ok(Some(text)));
    let inspected = component::inspect(package.component());
    assert_eq!(inspected.as_ref(), Ok(package.inspection()));
    assert_eq!(package.manifest().check(package.inspection()), Ok(()));
    stays_in_its_folder(package.assets());
    let bytes: usize = package.assets().values().map(Vec::len).sum();
    assert!(package.assets().len() <= ASSETS_MAX && bytes <= ASSETS_BYTES_MAX);
}

fn comes_out_as_it_went_in(package: &Package) {
    let tar = package.write_tar().expect("a package of a package's size");
    let again = Package::read_tar_bytes(&tar).expect("what was written is read");
    assert_eq!(again, *package);
    assert_eq!(again.digest(), package.digest());
    assert_eq!(again.write_tar().expect("as before"), tar);
}

fn is_signed_by_who_signed(package: &Package, signed: &BTreeSet<Digest>) {
    let claimed: Vec<PublicKey> = package.claimed_keys().cloned().collect();
    assert!(claimed.len() <= SIGNATURES_MAX);
    let refused = package.verify(&[]).expect_err("nobody is trusted");
    is_told(&refused, claimed.len() * 100);
    if claimed.is_empty() {
        return;
    }
    let ours = made::KEY.public();
    match package.verify(std::slice::from_ref(&ours)) {
        Ok(key) => {
            assert_eq!(key, ours);
            assert!(claimed.contains(&ours));
            assert!(signed.contains(&package.digest()), "forged");
        }
        Err(refusal) => is_told(&refusal, claimed.len() * 100),
    }
}
