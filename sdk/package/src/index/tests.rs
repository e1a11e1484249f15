use super::*;

fn key(seed: u8) -> PublisherKey {
    PublisherKey::from_random([seed; 32])
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn version(version: &str, platform: &str) -> IndexedVersion {
    IndexedVersion {
        version: version.parse().unwrap(),
        platform: platform.parse().unwrap(),
        digest: Digest::of(version.as_bytes()),
        size_bytes: 1,
        published_at: at("2026-11-25T08:00:00Z"),
        signed_by: key(2).public(),
        permissions: Vec::new(),
    }
}

fn index() -> Index {
    Index {
        marketplace: "Acme's".to_owned(),
        sequence: 7,
        issued_at: at("2026-11-25T08:00:00Z"),
        expires_at: at("2026-12-02T08:00:00Z"),
        plugins: vec![IndexedPlugin {
            id: "acme/triage".to_owned(),
            title: Texts::from([("en".to_owned(), "Triage".to_owned())]),
            summary: Texts::new(),
            keys: vec![key(2).public()],
            versions: vec![
                version("2.0.0", "^0.2"),
                version("1.10.0", "^0.1"),
                version("1.9.0", "^0.1"),
                version("1.11.0-beta.1", "^0.1"),
            ],
        }],
        revocations: Vec::new(),
    }
}

fn open(signed: &SignedIndex, now: &str, seen: u64) -> Result<Index, IndexError> {
    signed.open(&key(1).public(), at(now), seen)
}

fn resolve(index: &Index, id: &str, wanted: &str) -> Result<String, ResolveError> {
    index
        .resolve(id, &wanted.parse().unwrap(), &Version::new(0, 1, 0))
        .map(|version| version.version.to_string())
}

#[test]
fn an_index_comes_out_as_it_went_in() {
    let signed = SignedIndex::seal(&index(), &key(1)).unwrap();
    assert_eq!(open(&signed, "2026-11-25T09:00:00Z", 7), Ok(index()));
}

#[test]
fn an_index_of_another_marketplace_is_refused() {
    let signed = SignedIndex::seal(&index(), &key(3)).unwrap();
    assert!(matches!(
        open(&signed, "2026-11-25T09:00:00Z", 0),
        Err(IndexError::WrongKey { .. })
    ));
}

#[test]
fn an_altered_index_is_refused_even_if_it_says_the_right_key() {
    let mut signed = SignedIndex::seal(&index(), &key(3)).unwrap();
    signed.key = key(1).public();
    assert_eq!(
        open(&signed, "2026-11-25T09:00:00Z", 0),
        Err(IndexError::Altered)
    );
    let mut signed = SignedIndex::seal(&index(), &key(1)).unwrap();
    let mut newer = index();
    newer.sequence = 8;
    signed.payload = SignedIndex::seal(&newer, &key(3)).unwrap().payload;
    assert_eq!(
        open(&signed, "2026-11-25T09:00:00Z", 0),
        Err(IndexError::Altered)
    );
    signed.payload = "…".to_owned();
    assert_eq!(
        open(&signed, "2026-11-25T09:00:00Z", 0),
        Err(IndexError::Altered)
    );
}

#[test]
fn an_index_is_believed_until_it_expires_and_not_before_it_was_issued() {
    let signed = SignedIndex::seal(&index(), &key(1)).unwrap();
    assert!(open(&signed, "2026-12-02T07:59:59Z", 0).is_ok());
    assert!(matches!(
        open(&signed, "2026-12-02T08:00:00Z", 0),
        Err(IndexError::Expired { .. })
    ));
    assert!(open(&signed, "2026-11-25T07:50:00Z", 0).is_ok());
    assert!(matches!(
        open(&signed, "2026-11-25T07:49:59Z", 0),
        Err(IndexError::NotYet { .. })
    ));
}

#[test]
fn an_older_index_than_was_seen_is_refused_as_replayed() {
    let signed = SignedIndex::seal(&index(), &key(1)).unwrap();
    assert_eq!(
        open(&signed, "2026-11-25T09:00:00Z", 8),
        Err(IndexError::Replayed {
            sequence: 7,
            seen: 8
        })
    );
}

#[test]
fn an_index_that_is_too_large_is_refused_before_it_is_read() {
    let mut signed = SignedIndex::seal(&index(), &key(1)).unwrap();
    signed.payload = "A".repeat(INDEX_BYTES_MAX + 4);
    assert!(matches!(
        open(&signed, "2026-11-25T09:00:00Z", 0),
        Err(IndexError::TooLarge { .. })
    ));
    signed.payload = "A".repeat(INDEX_BYTES_MAX);
    assert_eq!(
        open(&signed, "2026-11-25T09:00:00Z", 0),
        Err(IndexError::Altered)
    );
}

#[test]
fn the_highest_version_that_will_do_is_found() {
    let index = index();
    assert_eq!(resolve(&index, "acme/triage", "^1").unwrap(), "1.10.0");
    assert_eq!(resolve(&index, "acme/triage", "*").unwrap(), "1.10.0");
    assert_eq!(resolve(&index, "acme/triage", "~1.9").unwrap(), "1.9.0");
    assert_eq!(
        resolve(&index, "acme/triage", "=1.11.0-beta.1").unwrap(),
        "1.11.0-beta.1"
    );
}

#[test]
fn a_revoked_version_is_passed_over_and_the_last_one_gives_its_reason() {
    let mut index = index();
    let revoke = |version: &str| Revocation {
        digest: Digest::of(version.as_bytes()),
        id: "acme/triage".to_owned(),
        version: version.parse().unwrap(),
        reason: "Sends tickets elsewhere.".to_owned(),
        at: at("2026-11-25T08:00:00Z"),
    };
    index.revocations.push(revoke("1.10.0"));
    assert_eq!(resolve(&index, "acme/triage", "^1").unwrap(), "1.9.0");
    index.revocations.push(revoke("1.9.0"));
    let error = resolve(&index, "acme/triage", "^1").unwrap_err();
    assert_eq!(
        error.to_string(),
        "acme/triage 1.10.0 was revoked: Sends tickets elsewhere."
    );
}

#[test]
fn what_there_is_not_is_told_with_what_there_is() {
    let index = index();
    let said = |id: &str, wanted: &str| resolve(&index, id, wanted).unwrap_err().to_string();
    assert!(
        said("acme/sla", "*").contains("did you mean acme/triage?"),
        "{}",
        said("acme/sla", "*")
    );
    assert!(!said("other/sla", "*").contains("did you mean"));
    assert!(said("acme/triage", "^3").contains("2.0.0, 1.10.0, 1.9.0"));
    assert!(said("acme/triage", "^2").contains("2.0.0 needs ^0.2"));
}
