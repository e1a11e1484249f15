use super::*;
use crate::{layout::PackageError, tar::Files};

fn package(version: &str) -> Package {
    let text = format!(
        "id = \"acme/triage\"\nversion = \"{version}\"\nplatform = \"^0.1\"\n[title]\nen = \"Triage\"\n"
    );
    let component = wat::parse_str("(component)").unwrap();
    Package::build(&text, &component, Files::new()).unwrap()
}

fn key(seed: u8) -> PublisherKey {
    PublisherKey::from_random([seed; 32])
}

#[test]
fn a_package_is_its_publishers_who_signed_it() {
    let mut package = package("1.0.0");
    package.sign(&key(1));
    package.sign(&key(2));
    let read = Package::read_tar_bytes(&package.write_tar().unwrap()).unwrap();
    assert_eq!(
        read.verify(&[key(3).public(), key(2).public()]),
        Ok(key(2).public())
    );
    assert_eq!(read.claimed_keys().count(), 2);
}

#[test]
fn a_package_that_nobody_signed_is_told_from_one_that_a_stranger_signed() {
    let mut package = package("1.0.0");
    assert_eq!(
        package.verify(&[key(1).public()]),
        Err(SignatureError::Unsigned)
    );
    package.sign(&key(2));
    let error = package.verify(&[key(1).public()]).unwrap_err();
    assert!(
        matches!(&error, SignatureError::UnknownKey { found, .. } if *found == key(2).public().fingerprint()),
        "{error}"
    );
    assert!(
        package
            .verify(&[])
            .unwrap_err()
            .to_string()
            .contains("known are none")
    );
}

#[test]
fn a_signature_of_another_package_is_no_signature_of_this_one() {
    let (mut one, mut other) = (package("1.0.0"), package("1.0.1"));
    one.sign(&key(1));
    other.signatures = one.signatures.clone();
    let tar = other.write_tar().unwrap();
    let read = Package::read_tar_bytes(&tar).unwrap();
    assert_eq!(
        read.verify(&[key(1).public()]),
        Err(SignatureError::Bad(key(1).public().fingerprint()))
    );
}

#[test]
fn a_good_signature_counts_whatever_else_is_signed_badly() {
    let mut package = package("1.0.0");
    package.sign(&key(1));
    package.signatures.push(Signature {
        key: key(2).public(),
        signature: key(2).sign(b"something else"),
    });
    assert_eq!(
        package.verify(&[key(2).public(), key(1).public()]),
        Ok(key(1).public())
    );
}

#[test]
fn as_many_signatures_as_are_allowed_are_read_and_not_one_more() {
    let mut package = package("1.0.0");
    for seed in 0..crate::limits::SIGNATURES_MAX {
        package.sign(&key(seed as u8));
    }
    assert!(Package::read_tar_bytes(&package.write_tar().unwrap()).is_ok());
    package.sign(&key(100));
    assert!(matches!(
        Package::read_tar_bytes(&package.write_tar().unwrap()),
        Err(PackageError::TooManySignatures)
    ));
}

#[test]
fn a_key_is_read_from_its_text_and_shown_without_its_secret() {
    let text = key(1).to_text();
    let read: PublisherKey = text.parse().unwrap();
    assert_eq!(read.public(), key(1).public());
    let shown = format!("{:?}", key(1));
    assert!(!shown.contains(text.trim().trim_start_matches("guichet-key:")));
    let public = key(1).public();
    assert_eq!(public.to_string().parse::<PublicKey>().unwrap(), public);
    assert_eq!(public.fingerprint().len(), 49);
    for other in ["", "ed25519:", "ed25519:AAAA", "rsa:x", "guichet-key:AAAA"] {
        assert!(other.parse::<PublicKey>().is_err(), "{other}");
        assert!(other.parse::<PublisherKey>().is_err(), "{other}");
    }
}

#[test]
fn a_weak_key_is_no_key() {
    // The neutral element: with it, one signature would fit every message.
    let weak = format!("ed25519:AQ{}=", "A".repeat(41));
    assert!(weak.parse::<PublicKey>().is_err());
}

#[cfg(unix)]
#[test]
fn a_key_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("publisher.key");
    key(1).write(&path).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(PublisherKey::read(&path).unwrap().public(), key(1).public());
    assert!(
        matches!(key(2).write(&path), Err(KeyError::Io { .. })),
        "a key is not written over"
    );
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(
        PublisherKey::read(&path),
        Err(KeyError::Exposed { .. })
    ));
}
