//! Why the marketplace does not do what it was asked, with a code for programs and a sentence for people that says what to do.

use crate::{
    limits::{
        COME_AGAIN_SECONDS, KEYS_OF_A_PUBLISHER_MAX, PLATFORM_BYTES_MAX, PUBLISHER_INDEX_BYTES_MAX,
        QUERY_BYTES_MAX, REQUESTS_WAITING_MAX, UPLOAD_SECONDS_MAX, VERSION_BYTES_MAX,
        VERSION_INDEX_BYTES_MAX, WAITING_OF_A_PUBLISHER_MAX,
    },
    wire::TextError,
};
use guichet_package::{
    Digest, PackageError, SignatureError,
    limits::{NAME_BYTES_MAX, PACKAGE_BYTES_MAX},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The kind of a refusal, for programs. More may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The request is not what this address takes.
    Request,
    /// What was sent is larger than what is taken.
    TooLarge,
    /// The package does not hold.
    Package,
    /// The package is signed by nobody, by a stranger, or its signature does not fit.
    Signature,
    /// The key was retired.
    RetiredKey,
    /// The publisher is not let in here.
    UnknownPublisher,
    /// The version is there with other content.
    OtherContent,
    /// The version was taken back.
    Revoked,
    /// The operator refused the version, or took it off.
    Declined,
    /// The publisher, or a request of its, is there already.
    Taken,
    /// There is no such thing.
    NotFound,
    /// There is no more room: for the publisher, for requests, in the index.
    Full,
    /// Too much is going on just now.
    Busy,
    /// Something here fails that is none of the caller's.
    Failed,
    /// Of a newer marketplace.
    #[serde(other)]
    Other,
}

/// Why something is not done.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("{0}")]
    Request(String),
    #[error("the package is larger than {PACKAGE_BYTES_MAX} bytes: nothing of it is taken")]
    TooLarge,
    #[error("the package did not arrive within {UPLOAD_SECONDS_MAX} seconds: send it again")]
    Slow,
    #[error("the package stopped arriving: send it again")]
    Broken,
    #[error(transparent)]
    Package(#[from] PackageError),
    #[error("the version `{0}` is longer than {VERSION_BYTES_MAX} bytes: choose a shorter one")]
    LongVersion(String),
    #[error(
        "plugin.toml must say for which versions of the platform the plugin is made, such as `^0.1`, in at most {PLATFORM_BYTES_MAX} bytes; it says `{0}`"
    )]
    Platform(String),
    #[error(
        "what the plugin asks for and says of itself takes {0} bytes of the index, and at most {VERSION_INDEX_BYTES_MAX} are given to a version: shorten reasons and summaries"
    )]
    LongEntry(i64),
    #[error(transparent)]
    Signature(#[from] SignatureError),
    #[error(
        "the signature does not fit: it must be of the key that is named, over the sentence that this marketplace's API describes, with this marketplace's key in it"
    )]
    Proof,
    #[error(
        "the key {fingerprint} of {publisher} was retired at {at}: sign with one of its present keys"
    )]
    RetiredKey {
        publisher: String,
        fingerprint: String,
        at: Timestamp,
    },
    #[error("the key {fingerprint} is none of {publisher}: sign with one of its present keys")]
    ForeignKey {
        publisher: String,
        fingerprint: String,
    },
    #[error(
        "the publisher `{0}` is not known at this marketplace: ask to be let in by `POST /v1/publishers`, or have its operator run `guichet marketplace publisher add {0} KEY`"
    )]
    UnknownPublisher(String),
    #[error(
        "{version} of {id} is there already, with other content ({digest}): a version never changes, give the new content a new one"
    )]
    OtherContent {
        id: String,
        version: String,
        digest: Digest,
    },
    #[error("{id} {version} was taken back and does not come again: {reason}")]
    Revoked {
        id: String,
        version: String,
        reason: String,
    },
    #[error("{id} {version} was declined by the operator: {reason}")]
    Rejected {
        id: String,
        version: String,
        reason: String,
    },
    #[error("{id} {version} was taken off by the operator: ask why, or publish a new version")]
    Unlisted { id: String, version: String },
    #[error(
        "`{0}` is no name of a publisher: 1 to {NAME_BYTES_MAX} small letters, digits and dashes"
    )]
    Name(String),
    #[error("the publisher `{0}` is there already: to add a key, ask the marketplace's operator")]
    PublisherTaken(String),
    #[error("{publisher} has that key already")]
    KeyTaken { publisher: String },
    #[error(
        "{0} has {KEYS_OF_A_PUBLISHER_MAX} keys, retired ones among them, and there is no room for more"
    )]
    TooManyKeys(String),
    #[error(transparent)]
    Text(#[from] TextError),
    #[error("{0}")]
    NotFound(String),
    #[error(
        "{REQUESTS_WAITING_MAX} requests wait for the operator already: try again on another day"
    )]
    TooManyRequests,
    #[error(
        "{WAITING_OF_A_PUBLISHER_MAX} versions of {0} wait for the operator's review already: wait for it"
    )]
    TooManyWaiting(String),
    #[error(
        "the versions of {0} take {PUBLISHER_INDEX_BYTES_MAX} bytes of the index, and there is no room for more: ask the operator to take old ones off"
    )]
    PublisherFull(String),
    #[error(
        "the index of this marketplace is full: its operator must take old versions off before new ones are taken"
    )]
    IndexFull,
    #[error("too many uploads at once: send it again in {COME_AGAIN_SECONDS} seconds")]
    Busy,
    #[error("what is searched for is longer than {QUERY_BYTES_MAX} bytes: say it shorter")]
    LongQuery,
    #[error("several requests for `{name}` wait, of the keys {keys}: say which with --key")]
    SeveralRequests { name: String, keys: String },
    #[error("this is a mirror: publish at the marketplace that it is a copy of")]
    Mirror,
}

impl Refusal {
    /// Its kind.
    pub fn code(&self) -> Code {
        match self {
            Self::Request(_)
            | Self::Slow
            | Self::Broken
            | Self::Name(_)
            | Self::Text(_)
            | Self::LongQuery
            | Self::SeveralRequests { .. } => Code::Request,
            Self::TooLarge => Code::TooLarge,
            Self::Package(_) | Self::LongVersion(_) | Self::Platform(_) | Self::LongEntry(_) => {
                Code::Package
            }
            Self::Signature(_) | Self::Proof | Self::ForeignKey { .. } => Code::Signature,
            Self::RetiredKey { .. } => Code::RetiredKey,
            Self::UnknownPublisher(_) => Code::UnknownPublisher,
            Self::OtherContent { .. } => Code::OtherContent,
            Self::Revoked { .. } => Code::Revoked,
            Self::Rejected { .. } | Self::Unlisted { .. } => Code::Declined,
            Self::PublisherTaken(_) | Self::KeyTaken { .. } => Code::Taken,
            Self::NotFound(_) | Self::Mirror => Code::NotFound,
            Self::TooManyKeys(_)
            | Self::TooManyRequests
            | Self::TooManyWaiting(_)
            | Self::PublisherFull(_)
            | Self::IndexFull => Code::Full,
            Self::Busy => Code::Busy,
        }
    }
}
