//! What is sent besides packages. What a publisher signs is a sentence that says what it is for and at which marketplace, so that no signature can be
//! used for anything else or anywhere else. Its parts stand on lines of their own, and none of them can hold a line break.

use crate::limits::{CONTACT_BYTES_MAX, REASON_BYTES_MAX, TITLE_BYTES_MAX};
use guichet_package::{
    Digest, PublicKey, PublisherKey, index::IndexedVersion, manifest::Texts, sign::SignatureBytes,
};
use jiff::Timestamp;
use semver::Version;
use serde::{Deserialize, Serialize};

/// `GET /v1/key`: who the marketplace is. To be compared with what its operator says by another way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduction {
    /// For people.
    pub name: String,
    pub key: PublicKey,
    /// Of the key, as people compare it.
    pub fingerprint: String,
}

/// `POST /v1/publishers`: a publisher asks to be let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The part of its plugins' ids before the slash.
    pub name: String,
    /// For people.
    pub title: String,
    /// How the operator can reach it: shown to the operator alone.
    pub contact: String,
    pub key: PublicKey,
    /// Of [`Registration::sentence`]: proof that who asks has the key.
    pub signature: SignatureBytes,
}

impl Registration {
    /// A request, signed.
    pub fn sign(
        name: &str,
        title: &str,
        contact: &str,
        key: &PublisherKey,
        marketplace: &PublicKey,
    ) -> Self {
        let public = key.public();
        let signature = key.sign(&registration(name, title, contact, &public, marketplace));
        Self {
            name: name.to_owned(),
            title: title.to_owned(),
            contact: contact.to_owned(),
            key: public,
            signature,
        }
    }

    /// Whether who asks has the key, and asks this marketplace.
    pub fn is_signed_for(&self, marketplace: &PublicKey) -> bool {
        let sentence = registration(
            &self.name,
            &self.title,
            &self.contact,
            &self.key,
            marketplace,
        );
        self.key.verify(&sentence, &self.signature)
    }
}

fn registration(
    name: &str,
    title: &str,
    contact: &str,
    key: &PublicKey,
    marketplace: &PublicKey,
) -> Vec<u8> {
    format!("guichet publisher v1\n{marketplace}\n{name}\n{key}\n{title}\n{contact}").into_bytes()
}

/// `POST /v1/revocations`: a publisher takes a version back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevocationNotice {
    /// `publisher/name`.
    pub id: String,
    pub version: Version,
    /// Of the package: that one, whatever the version's number may mean elsewhere.
    pub digest: Digest,
    /// For the admins who run it.
    pub reason: String,
    pub key: PublicKey,
    /// Of a sentence with all of that.
    pub signature: SignatureBytes,
}

impl RevocationNotice {
    /// A notice, signed.
    pub fn sign(
        id: &str,
        version: &Version,
        digest: &Digest,
        reason: &str,
        key: &PublisherKey,
        marketplace: &PublicKey,
    ) -> Self {
        Self {
            id: id.to_owned(),
            version: version.clone(),
            digest: digest.clone(),
            reason: reason.to_owned(),
            key: key.public(),
            signature: key.sign(&revocation(id, version, digest, reason, marketplace)),
        }
    }

    /// Whether its key signed it for this marketplace. Whose key that is, is another question.
    pub fn is_signed_for(&self, marketplace: &PublicKey) -> bool {
        let sentence = revocation(
            &self.id,
            &self.version,
            &self.digest,
            &self.reason,
            marketplace,
        );
        self.key.verify(&sentence, &self.signature)
    }
}

fn revocation(
    id: &str,
    version: &Version,
    digest: &Digest,
    reason: &str,
    marketplace: &PublicKey,
) -> Vec<u8> {
    format!("guichet revocation v1\n{marketplace}\n{id}\n{version}\n{digest}\n{reason}")
        .into_bytes()
}

/// How far something is: a package, or a publisher's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is on offer, or let in.
    Listed,
    /// The operator looks at it first.
    Waiting,
}

/// The answer to an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// `publisher/name`.
    pub id: String,
    pub version: Version,
    /// Of the package.
    pub digest: Digest,
    pub standing: Standing,
    /// What the manifest asks for to no purpose, each as a sentence for its author.
    #[serde(default)]
    pub notices: Vec<String>,
}

/// The answer to a request of a publisher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    pub name: String,
    pub standing: Standing,
}

/// The answer to a revocation, and what is told of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// For the admins who run it.
    pub reason: String,
    pub at: Timestamp,
}

/// A page of `GET /v1/plugins`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginList {
    pub plugins: Vec<PluginLine>,
    /// For `?cursor=`; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A plugin in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginLine {
    /// `publisher/name`.
    pub id: String,
    /// By language.
    pub title: Texts,
    pub summary: Texts,
    /// The newest that was not taken back; absent where all were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
}

/// `GET /v1/plugins/{publisher}/{name}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PluginDetail {
    /// `publisher/name`.
    pub id: String,
    /// By language.
    pub title: Texts,
    pub summary: Texts,
    pub publisher: PublisherShown,
    /// The newest first.
    pub versions: Vec<VersionDetail>,
}

/// A version of a plugin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VersionDetail {
    #[serde(flatten)]
    pub version: IndexedVersion,
    /// Present where it was taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Revoked>,
}

/// A publisher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublisherShown {
    pub name: String,
    /// For people; the name, where a mirror knows no better.
    pub title: String,
    pub keys: Vec<KeyShown>,
}

/// A key of a publisher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyShown {
    pub key: PublicKey,
    pub fingerprint: String,
    /// From then on nothing that it signs is taken; what it signed before stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<Timestamp>,
}

/// What is wrong with a text for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {what} {fault}: it is one line of 1 to {bytes_max} bytes, without control characters")]
pub struct TextError {
    pub what: &'static str,
    pub fault: &'static str,
    pub bytes_max: usize,
}

/// Checks a publisher's or marketplace's title.
pub(crate) fn check_title(title: &str) -> Result<(), TextError> {
    check_line("title", title, TITLE_BYTES_MAX)
}

/// Checks how a publisher can be reached.
pub(crate) fn check_contact(contact: &str) -> Result<(), TextError> {
    check_line("contact", contact, CONTACT_BYTES_MAX)
}

/// Checks why a version is taken back or refused.
pub(crate) fn check_reason(reason: &str) -> Result<(), TextError> {
    check_line("reason", reason, REASON_BYTES_MAX)
}

fn check_line(what: &'static str, text: &str, bytes_max: usize) -> Result<(), TextError> {
    let fault = match text {
        _ if text.trim().is_empty() => "is empty",
        _ if text.len() > bytes_max => "is too long",
        _ if text.chars().any(is_unseen) => "has control characters or line breaks",
        _ => return Ok(()),
    };
    Err(TextError {
        what,
        fault,
        bytes_max,
    })
}

/// What a terminal or a page would obey instead of showing: controls, line separators, and marks that turn the direction of what follows.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> PublisherKey {
        PublisherKey::from_random([seed; 32])
    }

    #[test]
    fn a_signature_is_good_for_one_sentence_at_one_marketplace() {
        let (here, there) = (key(1).public(), key(2).public());
        let asked = Registration::sign("acme", "Acme", "ops@acme.example", &key(3), &here);
        assert!(asked.is_signed_for(&here) && !asked.is_signed_for(&there));
        let mut other = asked.clone();
        other.name = "emca".to_owned();
        assert!(!other.is_signed_for(&here));
        let mut stolen = asked;
        stolen.key = key(4).public();
        assert!(!stolen.is_signed_for(&here));

        let digest = Digest::of(b"package");
        let version = Version::new(1, 0, 0);
        let notice =
            RevocationNotice::sign("acme/triage", &version, &digest, "Leaks.", &key(3), &here);
        assert!(notice.is_signed_for(&here) && !notice.is_signed_for(&there));
        let mut other = notice;
        other.version = Version::new(1, 0, 1);
        assert!(!other.is_signed_for(&here));
    }

    #[test]
    fn a_text_is_one_line_of_so_many_bytes_and_not_one_more() {
        assert_eq!(check_reason(&"x".repeat(REASON_BYTES_MAX)), Ok(()));
        assert!(check_reason(&"x".repeat(REASON_BYTES_MAX + 1)).is_err());
        assert_eq!(check_title(&"x".repeat(TITLE_BYTES_MAX)), Ok(()));
        assert!(check_title(&"x".repeat(TITLE_BYTES_MAX + 1)).is_err());
        assert_eq!(check_contact(&"x".repeat(CONTACT_BYTES_MAX)), Ok(()));
        assert!(check_contact(&"x".repeat(CONTACT_BYTES_MAX + 1)).is_err());
        for text in ["", "  ", "a\nb", "a\u{1b}[31mb", "a\u{202e}b", "a\0b"] {
            assert!(check_reason(text).is_err(), "{text:?}");
        }
        assert_eq!(check_reason("泄露客户的邮件地址。"), Ok(()));
    }
}
