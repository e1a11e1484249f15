use super::*;
use crate::{component::ComponentError, manifest::ManifestError, sign::PublisherKey};

const TEXT: &str = "id = \"acme/triage\"\nversion = \"1.2.0\"\nplatform = \"^0.1\"\n[title]\nen = \"Triage\"\n[[permissions]]\nname = \"records\"\nreason.en = \"Keeps.\"\n";

fn component() -> Vec<u8> {
    wat::parse_str("(component (import \"guichet:platform/records@0.1.0\" (instance)))").unwrap()
}

fn assets() -> Files {
    Files::from([("icons/triage.svg".to_owned(), b"<svg/>".to_vec())])
}

fn package() -> Package {
    Package::build(TEXT, &component(), assets()).unwrap()
}

fn signed() -> Package {
    let mut package = package();
    package.sign(&PublisherKey::from_random([7; 32]));
    package
}

/// The package's files after somebody did something to them, read again.
fn meddled(meddle: impl FnOnce(&mut Files)) -> PackageError {
    let mut files = signed().files().unwrap();
    meddle(&mut files);
    let tar = tar::write(&files).unwrap();
    Package::read_tar_bytes(&tar).unwrap_err()
}

/// Makes the layout anew after a change of the package's OCI manifest: all digests fit, so that only what is said is wrong.
fn said(change: impl FnOnce(&mut ImageManifest)) -> PackageError {
    let mut package = package();
    let mut manifest: ImageManifest = serde_json::from_slice(&package.oci_manifest).unwrap();
    change(&mut manifest);
    package.oci_manifest = serde_json::to_vec(&manifest).unwrap();
    let tar = tar::write(&package.files().unwrap()).unwrap();
    Package::read_tar_bytes(&tar).unwrap_err()
}

fn blob_of(files: &Files, content: &[u8]) -> String {
    let path = oci::path(&Digest::of(content));
    assert!(files.contains_key(&path));
    path
}

#[test]
fn a_package_comes_out_of_a_tar_as_it_went_in() {
    let package = signed();
    let tar = package.write_tar().unwrap();
    let read = Package::read_tar_bytes(&tar).unwrap();
    assert_eq!(read, package);
    assert_eq!(read.digest(), package.digest());
    assert_eq!(read.manifest().id, "acme/triage");
    assert_eq!(read.assets(), &assets());
    assert!(read.inspection().permissions.contains("records"));
}

#[test]
fn a_package_comes_out_of_a_folder_as_it_went_in() {
    let folder = tempfile::tempdir().unwrap();
    signed().write_folder(folder.path()).unwrap();
    assert_eq!(Package::read_folder(folder.path()).unwrap(), signed());
}

#[test]
fn the_same_input_is_the_same_package_to_the_byte() {
    let embedded = component::embed(&component(), TEXT).unwrap();
    let again = Package::build(TEXT, &embedded, assets()).unwrap();
    assert_eq!(again.write_tar().unwrap(), package().write_tar().unwrap());
    let keys = [
        PublisherKey::from_random([1; 32]),
        PublisherKey::from_random([2; 32]),
    ];
    let (mut one, mut other) = (package(), package());
    keys.iter().for_each(|key| one.sign(key));
    keys.iter().rev().for_each(|key| other.sign(key));
    one.sign(&keys[0]);
    assert_eq!(one.write_tar().unwrap(), other.write_tar().unwrap());
}

#[test]
fn signing_does_not_change_what_the_package_is_known_by() {
    assert_eq!(signed().digest(), package().digest());
}

#[test]
fn what_does_not_belong_together_is_not_packed() {
    let error = Package::build(
        &TEXT.replace("records", "files"),
        &component(),
        Files::new(),
    );
    assert!(matches!(
        error,
        Err(PackageError::Manifest(ManifestError::Undeclared(_)))
    ));
    assert!(matches!(
        Package::build(TEXT, b"no component", Files::new()),
        Err(PackageError::Component(ComponentError::Form(_)))
    ));
    let assets = Files::from([("../up".to_owned(), Vec::new())]);
    assert!(matches!(
        Package::build(TEXT, &component(), assets),
        Err(PackageError::Assets(tar::TarError::Path { .. }))
    ));
}

#[test]
fn assets_have_bounds() {
    let many = |count: usize| {
        let assets = (0..count).map(|n| (format!("a{n}"), Vec::new())).collect();
        Package::build(TEXT, &component(), assets)
    };
    assert!(many(ASSETS_MAX).is_ok());
    assert!(matches!(
        many(ASSETS_MAX + 1),
        Err(PackageError::AssetsTooLarge { .. })
    ));
    let large = |bytes: usize| {
        let assets = Files::from([("a".to_owned(), vec![0; bytes])]);
        Package::build(TEXT, &component(), assets)
    };
    // A tar of one file: its header and two blocks at its end.
    assert!(large(ASSETS_BYTES_MAX - 3 * 512).is_ok());
    assert!(matches!(
        large(ASSETS_BYTES_MAX - 3 * 512 + 1),
        Err(PackageError::AssetsTooLarge { .. })
    ));
}

#[test]
fn an_altered_layer_is_refused() {
    let component = signed().component;
    let error = meddled(|files| {
        let path = blob_of(files, &component);
        files.get_mut(&path).unwrap()[20] ^= 1;
    });
    assert!(
        matches!(
            error,
            PackageError::Altered {
                part: Part::Component,
                ..
            }
        ),
        "{error}"
    );
    let assets = signed().assets_tar.unwrap();
    let error = meddled(|files| {
        let path = blob_of(files, &assets);
        files.get_mut(&path).unwrap()[600] ^= 1;
    });
    assert!(matches!(
        error,
        PackageError::Altered {
            part: Part::Assets,
            ..
        }
    ));
}

#[test]
fn an_altered_manifest_is_refused() {
    let manifest = signed().oci_manifest;
    let error = meddled(|files| {
        let path = blob_of(files, &manifest);
        let text = String::from_utf8(manifest.clone()).unwrap();
        files.insert(path, text.replace("1.2.0", "9.2.0").into_bytes());
    });
    assert!(
        matches!(
            error,
            PackageError::Altered {
                part: Part::Manifest,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn a_blob_of_another_length_is_refused() {
    let config = signed().config;
    let error = meddled(|files| {
        let path = blob_of(files, &config);
        files.get_mut(&path).unwrap().push(b' ');
    });
    assert!(matches!(
        error,
        PackageError::Size {
            part: Part::Config,
            ..
        }
    ));
}

#[test]
fn a_blob_that_nothing_names_and_one_that_is_missing_are_refused() {
    let stray = b"stray".to_vec();
    let error = meddled(|files| {
        files.insert(oci::path(&Digest::of(&stray)), stray.clone());
    });
    assert!(
        matches!(error, PackageError::Unreferenced { .. }),
        "{error}"
    );
    let component = signed().component;
    let error = meddled(|files| {
        let path = blob_of(files, &component);
        files.remove(&path);
    });
    assert!(
        matches!(
            error,
            PackageError::Missing {
                part: Part::Component,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn what_is_no_part_of_a_layout_is_refused() {
    for path in [
        "README",
        "blobs/sha256/short",
        "blobs/sha512/x",
        "index.json/x",
    ] {
        let error = meddled(|files| {
            files.insert(path.to_owned(), Vec::new());
        });
        assert!(
            matches!(error, PackageError::UnexpectedFile { .. }),
            "{error}"
        );
    }
    for path in [oci::INDEX_FILE, oci::LAYOUT_FILE] {
        let error = meddled(|files| {
            files.remove(path);
        });
        assert!(matches!(error, PackageError::MissingFile(missing) if missing == path));
    }
}

#[test]
fn a_document_that_is_too_large_or_none_is_refused() {
    let error = meddled(|files| {
        files.insert(
            oci::INDEX_FILE.to_owned(),
            vec![b' '; crate::limits::JSON_BYTES_MAX + 1],
        );
    });
    assert!(
        matches!(error, PackageError::JsonTooLarge { .. }),
        "{error}"
    );
    let error = meddled(|files| {
        files.insert(
            oci::INDEX_FILE.to_owned(),
            vec![b' '; crate::limits::JSON_BYTES_MAX],
        );
    });
    assert!(matches!(error, PackageError::Json { .. }), "{error}");
    let error = meddled(|files| {
        let nested = "[".repeat(100_000);
        files.insert(oci::INDEX_FILE.to_owned(), nested.into_bytes());
    });
    assert!(matches!(error, PackageError::Json { .. }), "{error}");
    let error = meddled(|files| {
        let text = br#"{"imageLayoutVersion":"2.0.0"}"#.to_vec();
        files.insert(oci::LAYOUT_FILE.to_owned(), text);
    });
    assert!(matches!(error, PackageError::Json { .. }), "{error}");
}

#[test]
fn a_part_of_another_kind_is_refused() {
    let error = said(|manifest| manifest.layers[0].media_type = "application/zip".to_owned());
    assert!(error.to_string().contains("`application/zip`"), "{error}");
    let error = said(|manifest| manifest.config.media_type = oci::EMPTY.to_owned());
    assert!(matches!(
        error,
        PackageError::MediaType {
            part: Part::Config,
            ..
        }
    ));
    let error = said(|manifest| manifest.media_type = oci::INDEX.to_owned());
    assert!(matches!(
        error,
        PackageError::MediaType {
            part: Part::Manifest,
            ..
        }
    ));
    let error = said(|manifest| manifest.layers.clear());
    assert!(matches!(error, PackageError::Layers(0)));
}

#[test]
fn two_packages_in_one_layout_are_refused_and_none_is() {
    let index = |descriptors: Vec<Descriptor>| {
        serde_json::to_vec(&ImageIndex {
            schema_version: 2,
            media_type: None,
            manifests: descriptors,
        })
        .unwrap()
    };
    let own = Descriptor::of(oci::MANIFEST, &package().oci_manifest);
    let two = index(vec![own.clone(), own]);
    let error = meddled(|files| drop(files.insert(oci::INDEX_FILE.to_owned(), two)));
    assert!(matches!(error, PackageError::Packages(2)), "{error}");
    let none = index(Vec::new());
    let error = meddled(|files| drop(files.insert(oci::INDEX_FILE.to_owned(), none)));
    assert!(matches!(error, PackageError::Packages(0)), "{error}");
}

#[test]
fn a_package_that_says_two_things_of_itself_is_refused() {
    let error = said(|manifest| {
        let text = TEXT.replace("Keeps.", "Harmless.");
        manifest
            .annotations
            .insert(oci::ANNOTATION_MANIFEST.to_owned(), text);
    });
    assert!(matches!(error, PackageError::TextsDiffer), "{error}");
    let error = said(|manifest| {
        let version = "9.9.9".to_owned();
        manifest
            .annotations
            .insert(oci::ANNOTATION_VERSION.to_owned(), version);
    });
    assert!(matches!(error, PackageError::Annotation { .. }), "{error}");
    let error = said(|manifest| manifest.annotations.clear());
    assert!(matches!(error, PackageError::NoText), "{error}");
}

#[test]
fn an_undeclared_import_is_refused_when_read_too() {
    let text = TEXT.replace("records", "files");
    let mut package = package();
    package.component = component::embed(&component(), &text).unwrap();
    package.text = text.clone();
    let mut manifest: ImageManifest = serde_json::from_slice(&package.oci_manifest).unwrap();
    manifest.layers[0] = Descriptor::of(oci::COMPONENT, &package.component);
    manifest
        .annotations
        .insert(oci::ANNOTATION_MANIFEST.to_owned(), text);
    package.oci_manifest = serde_json::to_vec(&manifest).unwrap();
    let tar = package.write_tar().unwrap();
    let error = Package::read_tar_bytes(&tar).unwrap_err().to_string();
    assert!(error.contains("imports records"), "{error}");
}

#[test]
fn a_tar_without_end_is_refused_in_bounded_memory() {
    let header = tar::write(&Files::from([("a".to_owned(), vec![0; 1 << 20])])).unwrap();
    let entry = header[..512 + (1 << 20)].to_vec();
    let mut taken = 0;
    let endless = std::iter::repeat_n(entry, 1 << 10).inspect(|part| taken += part.len() as u64);
    let error = Package::read_tar(Parts {
        rest: endless,
        part: Vec::new(),
        at: 0,
    })
    .unwrap_err();
    assert!(
        matches!(error, PackageError::Tar(tar::TarError::Duplicate { .. })),
        "{error}"
    );
    assert!(taken <= 3 << 20);
    let zeros = std::io::repeat(0).take(1 << 30);
    let error = Package::read_tar(zeros).unwrap_err();
    assert!(
        matches!(error, PackageError::Tar(tar::TarError::TooLong { .. })),
        "{error}"
    );
}

/// Parts one after another, as a source.
struct Parts<I> {
    rest: I,
    part: Vec<u8>,
    at: usize,
}

impl<I: Iterator<Item = Vec<u8>>> Read for Parts<I> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.part.len() {
            self.part = self.rest.next().unwrap_or_default();
            self.at = 0;
        }
        let read = buffer.len().min(self.part.len() - self.at);
        buffer[..read].copy_from_slice(&self.part[self.at..self.at + read]);
        self.at += read;
        Ok(read)
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_a_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    signed().write_folder(folder.path()).unwrap();
    let index = folder.path().join(oci::INDEX_FILE);
    let outside = tempfile::NamedTempFile::new().unwrap();
    std::fs::remove_file(&index).unwrap();
    std::os::unix::fs::symlink(outside.path(), &index).unwrap();
    assert!(matches!(
        Package::read_folder(folder.path()),
        Err(PackageError::UnexpectedFile { .. })
    ));
}

#[test]
fn a_folder_with_too_many_files_or_too_large_ones_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for n in 0..=PACKAGE_ENTRIES_MAX {
        std::fs::write(folder.path().join(n.to_string()), "").unwrap();
    }
    assert!(matches!(
        Package::read_folder(folder.path()),
        Err(PackageError::TooManyFiles)
    ));
    let folder = tempfile::tempdir().unwrap();
    let file = std::fs::File::create(folder.path().join(oci::INDEX_FILE)).unwrap();
    file.set_len(PACKAGE_BYTES_MAX + 1).unwrap();
    assert!(matches!(
        Package::read_folder(folder.path()),
        Err(PackageError::TooLarge)
    ));
}
