//! Packages, keys and signatures.

use crate::project::Folder;
use guichet_cli::{
    pack::{self, PackError, pack},
    publish::{PublishError, publish},
    sign::{SignError, new_key, public_key, sign},
};
use guichet_marketplace::client::ClientError;
use guichet_package::{SignatureError, sign::KeyError};
use std::{fs, os::unix::fs::PermissionsExt};

#[test]
fn the_same_plugin_packs_to_the_same_digest_with_its_assets() {
    let folder = Folder::built();
    folder.write("assets/icons/parcel.svg", "<svg/>");
    let first = pack(&folder.project()).unwrap();
    let again = pack(&folder.project()).unwrap();
    assert_eq!((first.digest.clone(), first.assets), (again.digest, 1));
    let (_, package) = pack::read(Some(&folder.project()), None).unwrap();
    assert_eq!(package.digest(), first.digest);
    assert_eq!(package.assets()["icons/parcel.svg"], b"<svg/>");
    fs::remove_dir_all(folder.path().join("assets")).unwrap();
    assert_ne!(pack(&folder.project()).unwrap().digest, first.digest);
}

#[test]
fn a_package_is_signed_where_it_lies_and_its_digest_stays() {
    let folder = Folder::built();
    let packed = pack(&folder.project()).unwrap();
    let key = folder.path().join("acme.key");
    let public = new_key(&key).unwrap();
    let mode = fs::metadata(&key).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    assert_eq!(public_key(&key).unwrap(), public);
    let (_, unsigned) = pack::read(Some(&folder.project()), None).unwrap();
    let keys = [public.clone()];
    assert_eq!(unsigned.verify(&keys), Err(SignatureError::Unsigned));
    let (signed, by) = sign(Some(&folder.project()), None, &key).unwrap();
    assert_eq!((signed.digest, &by), (packed.digest, &public));
    let (_, package) = pack::read(None, Some(&signed.path)).unwrap();
    assert_eq!(package.verify(&keys), Ok(public));
}

#[test]
fn a_wrong_key_file_is_told_by_what_is_wrong_with_it() {
    let folder = Folder::built();
    pack(&folder.project()).unwrap();
    let try_with = |name: &str| sign(Some(&folder.project()), None, &folder.path().join(name));
    assert!(matches!(
        try_with("missing.key"),
        Err(SignError::Key(KeyError::Io { .. }))
    ));
    folder.write("wrong.key", "no key\n");
    let wrong = folder.path().join("wrong.key");
    fs::set_permissions(&wrong, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(matches!(
        try_with("wrong.key"),
        Err(SignError::Key(KeyError::Secret))
    ));
    let key = folder.path().join("open.key");
    new_key(&key).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let exposed = try_with("open.key").unwrap_err();
    assert!(exposed.to_string().contains("chmod 600"), "{exposed}");
    // A key that is there is never written over.
    assert!(matches!(new_key(&key), Err(SignError::Taken(_))));
}

#[test]
fn what_is_no_package_is_told_and_what_is_not_packed_yet_says_how() {
    let folder = Folder::built();
    let missing = pack::read(Some(&folder.project()), None).unwrap_err();
    assert!(
        missing.to_string().contains("guichet plugin pack"),
        "{missing}"
    );
    folder.write("dist/automation-0.1.0.tar", "no tar");
    let no_package = pack::read(Some(&folder.project()), None);
    assert!(matches!(no_package, Err(PackError::NoPackage { .. })));
}

#[tokio::test]
async fn what_is_not_signed_is_not_sent_and_a_marketplace_that_is_none_is_told() {
    let folder = Folder::built();
    pack(&folder.project()).unwrap();
    let project = folder.project();
    let to = |address: &'static str| publish(Some(&project), None, address);
    let unsigned = to("http://127.0.0.1:1").await.unwrap_err();
    assert!(
        unsigned.to_string().contains("guichet plugin sign"),
        "{unsigned}"
    );
    let key = folder.path().join("acme.key");
    new_key(&key).unwrap();
    sign(Some(&folder.project()), None, &key).unwrap();
    assert!(matches!(
        to("plugins.example.com").await,
        Err(PublishError::Market(ClientError::Address(_)))
    ));
    assert!(matches!(
        to("http://127.0.0.1:1").await,
        Err(PublishError::Market(ClientError::Unreachable(..)))
    ));
}
