//! What publishers send: packages, requests to be let in, revocations.

use super::{Client, ClientError};
use crate::wire::{Introduction, Published, Registered, Registration, RevocationNotice, Revoked};
use guichet_package::{Digest, Package, PublisherKey};
use reqwest::header;
use semver::Version;
use serde::{Serialize, de::DeserializeOwned};

/// Bytes of an answer that is no package and no index.
const ANSWER_BYTES_MAX: usize = 1 << 20;

impl Client {
    /// Name and key of the marketplace, as it says itself. Who trusts it compares the key with what its operator says by another way.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn introduction(&self) -> Result<Introduction, ClientError> {
        let bytes = self.get("v1/key", ANSWER_BYTES_MAX).await?;
        self.read(&bytes)
    }

    /// Brings a signed package. The same package again is answered alike.
    ///
    /// # Errors
    /// [`ClientError::Problem`] with its code where the marketplace refuses; [`ClientError`].
    pub async fn publish(&self, package: &Package) -> Result<Published, ClientError> {
        let request = self
            .http
            .post(self.url("v1/packages")?)
            .header(header::CONTENT_TYPE, "application/x-tar")
            .body(package.write_tar().map_err(ClientError::Unsendable)?);
        let bytes = self.answer(request, ANSWER_BYTES_MAX).await?;
        self.read(&bytes)
    }

    /// Asks to be let in as a publisher: the operator answers later. The request is good for this marketplace alone.
    ///
    /// # Errors
    /// [`ClientError::Problem`] with its code where the marketplace refuses; [`ClientError`].
    pub async fn register(
        &self,
        name: &str,
        title: &str,
        contact: &str,
        key: &PublisherKey,
    ) -> Result<Registered, ClientError> {
        let marketplace = self.introduction().await?.key;
        let asked = Registration::sign(name, title, contact, key, &marketplace);
        self.post("v1/publishers", &asked).await
    }

    /// Takes a version back, with the reason that its admins will read. The notice is good for this marketplace alone.
    ///
    /// # Errors
    /// [`ClientError::Problem`] with its code where the marketplace refuses; [`ClientError`].
    pub async fn revoke(
        &self,
        id: &str,
        version: &Version,
        digest: &Digest,
        reason: &str,
        key: &PublisherKey,
    ) -> Result<Revoked, ClientError> {
        let marketplace = self.introduction().await?.key;
        let notice = RevocationNotice::sign(id, version, digest, reason, key, &marketplace);
        self.post("v1/revocations", &notice).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        document: &impl Serialize,
    ) -> Result<T, ClientError> {
        let request = self.http.post(self.url(path)?).json(document);
        let bytes = self.answer(request, ANSWER_BYTES_MAX).await?;
        self.read(&bytes)
    }

    fn read<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, ClientError> {
        serde_json::from_slice(bytes)
            .map_err(|error| ClientError::Answer(self.address.clone(), error))
    }
}
