//! The host's and the tool's side of a marketplace: its signed index, and packages by digest. What comes is checked here before anybody sees it:
//! a package is the one that the index names, and its publisher's.

/// What publishers send.
mod publish;

use crate::{doors::Problem, refusal::Code};
use guichet_package::{
    Package, PackageError, SignatureError, SignedIndex,
    index::IndexedVersion,
    limits::{INDEX_BYTES_MAX, PACKAGE_BYTES_MAX},
};
use reqwest::{StatusCode, Url};
use std::time::Duration;

/// How long a marketplace may take to begin its answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a whole package may take.
const TRANSFER_TIMEOUT: Duration = Duration::from_secs(300);

/// Characters of what a refusal says that are passed on.
const TOLD_CHARACTERS_MAX: usize = 1_000;

/// A marketplace, from outside.
#[derive(Debug, Clone)]
pub struct Client {
    address: Url,
    http: reqwest::Client,
}

/// Why a marketplace is of no help.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("`{0}` is not the address of a marketplace: write it like https://plugins.example.com")]
    Address(String),
    #[error("the marketplace at {0} cannot be reached")]
    Unreachable(Url, #[source] reqwest::Error),
    #[error("the marketplace at {0} answers {1}: {2}")]
    Refused(Url, StatusCode, String),
    /// The marketplace itself says why.
    #[error("the marketplace at {address} refuses: {detail}")]
    Problem {
        address: Url,
        status: StatusCode,
        code: Code,
        detail: String,
    },
    #[error("the answer of the marketplace at {0} is larger than {1} bytes")]
    TooLarge(Url, usize),
    #[error("what the marketplace at {0} answers is not its index")]
    Index(Url, #[source] serde_json::Error),
    #[error("what the marketplace at {0} answers cannot be read: it may be of another version")]
    Answer(Url, #[source] serde_json::Error),
    #[error("the package cannot be sent")]
    Unsendable(#[source] PackageError),
    #[error("the marketplace's package does not hold")]
    Package(#[from] PackageError),
    #[error("the marketplace sends a package other than the one its index names ({0})")]
    OtherPackage(guichet_package::Digest),
    #[error("the marketplace's package is not its publisher's")]
    Signature(#[from] SignatureError),
}

impl Client {
    /// Nothing is sent yet.
    ///
    /// # Errors
    /// [`ClientError::Address`].
    pub fn new(address: &str) -> Result<Self, ClientError> {
        let wrong = || ClientError::Address(address.to_owned());
        let mut url = Url::parse(address).map_err(|_| wrong())?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(wrong());
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TRANSFER_TIMEOUT)
            .build()
            .map_err(|error| ClientError::Unreachable(url.clone(), error))?;
        Ok(Self { address: url, http })
    }

    /// The index as the marketplace has it now, not opened yet: who opens it knows the key and what was seen before.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn signed_index(&self) -> Result<SignedIndex, ClientError> {
        let bytes = self.get("v1/index", INDEX_BYTES_MAX).await?;
        serde_json::from_slice(&bytes)
            .map_err(|error| ClientError::Index(self.address.clone(), error))
    }

    /// The package of a version: by its digest, and signed by the key that the index names.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn download(&self, version: &IndexedVersion) -> Result<Package, ClientError> {
        let path = format!("v1/packages/{}", version.digest);
        let most = usize::try_from(PACKAGE_BYTES_MAX).unwrap_or(usize::MAX);
        let package = Package::read_tar_bytes(&self.get(&path, most).await?)?;
        if package.digest() != version.digest {
            return Err(ClientError::OtherPackage(package.digest()));
        }
        package.verify(std::slice::from_ref(&version.signed_by))?;
        Ok(package)
    }

    async fn get(&self, path: &str, bytes_max: usize) -> Result<Vec<u8>, ClientError> {
        self.answer(self.http.get(self.url(path)?), bytes_max).await
    }

    fn url(&self, path: &str) -> Result<Url, ClientError> {
        self.address
            .join(path)
            .map_err(|_| ClientError::Address(self.address.to_string()))
    }

    async fn answer(
        &self,
        request: reqwest::RequestBuilder,
        bytes_max: usize,
    ) -> Result<Vec<u8>, ClientError> {
        let unreachable = |error| ClientError::Unreachable(self.address.clone(), error);
        let mut response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let mut body = Vec::new();
        // Counted while it comes: no header is believed.
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > bytes_max {
                return Err(ClientError::TooLarge(self.address.clone(), bytes_max));
            }
            body.extend_from_slice(&chunk);
        }
        match status.is_success() {
            true => Ok(body),
            false => Err(self.refused(status, &body)),
        }
    }

    /// What a marketplace says of a refusal; or, where something else on the way answers, the beginning of what that says.
    fn refused(&self, status: StatusCode, body: &[u8]) -> ClientError {
        // It may end on a terminal, which would obey control characters.
        let seen = |c: char| if c.is_control() { ' ' } else { c };
        let told = |text: &str| text.chars().take(TOLD_CHARACTERS_MAX).map(seen).collect();
        match serde_json::from_slice::<Problem>(body) {
            Ok(problem) => ClientError::Problem {
                address: self.address.clone(),
                status,
                code: problem.code,
                detail: told(&problem.detail),
            },
            Err(_) => ClientError::Refused(
                self.address.clone(),
                status,
                told(&String::from_utf8_lossy(body)),
            ),
        }
    }
}
