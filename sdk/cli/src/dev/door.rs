//! A tenant's API, as far as a plugin's author needs it: upload, consent, enable, look at runs.

use guichet_package::{Package, PackageError};
use reqwest::{Client, Method, StatusCode, Url};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::time::Duration;

/// How long the server may take to begin its answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long one answer may take: a large component is compiled meanwhile.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(150);

/// Bytes of what the server says that are shown.
const TOLD_MAX: usize = 2_000;

/// A tenant's API.
#[derive(Debug)]
pub(crate) struct Door {
    base: Url,
    token: String,
    client: Client,
}

/// Why the server does not do what is asked.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    #[error(
        "`{0}` is no address of a tenant: write it as the console has it, such as http://localhost:8080/t/demo"
    )]
    Address(String),
    #[error("the server at {address} cannot be reached: does it run?")]
    Unreachable {
        address: String,
        source: reqwest::Error,
    },
    #[error(
        "the server does not know the token: make one for an admin with `guichet admin token --scope api --agent EMAIL`"
    )]
    Token,
    #[error(
        "the token is not an admin's: make one with `guichet admin token --scope api --agent EMAIL` ({0})"
    )]
    Right(String),
    #[error("the server refuses: {0}")]
    Refused(String),
    #[error(
        "the server's answer is none that is known here ({0}): are tool and server of one release?"
    )]
    Answer(String),
    #[error(transparent)]
    Package(#[from] PackageError),
}

/// A build that runs now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swapped {
    /// The install's id.
    pub install: String,
    pub plugin: String,
    pub version: String,
    /// Of the component.
    pub digest: String,
}

/// A call of the plugin, as the server shows it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Run {
    pub(crate) at: String,
    pub(crate) point: String,
    pub(crate) event: Option<u64>,
    pub(crate) outcome: String,
    pub(crate) detail: Option<String>,
    pub(crate) cpu_us: u64,
    pub(crate) effects: u64,
    /// Absent where it did not begin.
    pub(crate) nearest: Option<Nearest>,
    pub(crate) log: Vec<String>,
}

/// The limit that a call came nearest to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Nearest {
    pub(crate) limit: String,
    pub(crate) percent: u64,
}

#[derive(Deserialize)]
struct Runs {
    items: Vec<Run>,
}

/// What of an install is looked at.
#[derive(Deserialize)]
struct Install {
    id: String,
    plugin: String,
    version: String,
    digest: String,
    state: String,
}

impl Door {
    /// Nothing is sent yet.
    pub(crate) fn to(address: &str, token: &str) -> Result<Self, DoorError> {
        let wrong = || DoorError::Address(address.to_owned());
        let base = format!("{}/api/v1/", address.trim_end_matches('/'));
        let base = Url::parse(&base).map_err(|_| wrong())?;
        let names_tenant = base.path().starts_with("/t/");
        if !matches!(base.scheme(), "http" | "https") || !names_tenant {
            return Err(wrong());
        }
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(ANSWER_TIMEOUT)
            .build()
            .map_err(|source| DoorError::Unreachable {
                address: address.to_owned(),
                source,
            })?;
        Ok(Self {
            base,
            token: token.to_owned(),
            client,
        })
    }

    /// Brings a build in: all that it asks is granted. Settings that are not given stay as they are.
    pub(crate) async fn swap(
        &self,
        package: &Package,
        settings: Option<Json>,
    ) -> Result<Swapped, DoorError> {
        let tar = package.write_tar()?;
        let path = "plugins/packages?unsigned=true";
        let taken: Install = self.call(Method::POST, path, Body::Tar(tar)).await?;
        let asks: Vec<_> = package.manifest().asks().map(|ask| ask.name).collect();
        let mut yes = json!({ "digest": package.inspection().digest, "grants": asks });
        if let Some(settings) = settings {
            yes["settings"] = settings;
        }
        let path = format!("plugins/{}/consent", taken.id);
        let installed: Install = self.call(Method::PUT, &path, Body::Json(yes)).await?;
        if installed.state != "enabled" {
            let path = format!("plugins/{}/enablement", taken.id);
            self.send(Method::PUT, &path, Body::None).await?;
        }
        Ok(Swapped {
            install: installed.id,
            plugin: installed.plugin,
            version: installed.version,
            digest: installed.digest,
        })
    }

    /// The last runs of an install, newest first.
    pub(crate) async fn runs(&self, install: &str) -> Result<Vec<Run>, DoorError> {
        let path = format!("plugins/{install}/runs");
        let runs: Runs = self.call(Method::GET, &path, Body::None).await?;
        Ok(runs.items)
    }

    async fn call<T: serde::de::DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Body,
    ) -> Result<T, DoorError> {
        let text = self.send(method, path, body).await?;
        serde_json::from_str(&text).map_err(|error| DoorError::Answer(error.to_string()))
    }

    async fn send(&self, method: Method, path: &str, body: Body) -> Result<String, DoorError> {
        let unreachable = |source| DoorError::Unreachable {
            address: self.base.to_string(),
            source,
        };
        let url = self
            .base
            .join(path)
            .map_err(|_| DoorError::Address(self.base.to_string()))?;
        let request = self.client.request(method, url).bearer_auth(&self.token);
        let request = match body {
            Body::None => request,
            Body::Json(json) => request.json(&json),
            Body::Tar(tar) => request
                .header("content-type", "application/vnd.oci.image.layout.v1+tar")
                .body(tar),
        };
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let text = response.text().await.map_err(unreachable)?;
        match status {
            status if status.is_success() => Ok(text),
            StatusCode::UNAUTHORIZED => Err(DoorError::Token),
            StatusCode::FORBIDDEN => Err(DoorError::Right(told(&text))),
            _ => Err(DoorError::Refused(told(&text))),
        }
    }
}

enum Body {
    None,
    Json(Json),
    Tar(Vec<u8>),
}

/// What a refusal says, out of its problem+json where it is one.
fn told(text: &str) -> String {
    let problem = serde_json::from_str::<Json>(text).ok();
    let said = problem.as_ref().and_then(|problem| {
        let detail = problem.get("detail").or_else(|| problem.get("title"))?;
        detail.as_str()
    });
    said.unwrap_or(text).chars().take(TOLD_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_server_and_a_tenant() {
        for address in [
            "http://localhost:8080/t/demo",
            "https://desk.example/t/demo/",
        ] {
            let door = Door::to(address, "x").unwrap();
            assert!(
                door.base.as_str().ends_with("/t/demo/api/v1/"),
                "{}",
                door.base
            );
        }
        for address in [
            "localhost:8080/t/demo",
            "http://localhost:8080/",
            "ftp://x/t/demo",
            "x",
        ] {
            assert!(
                matches!(Door::to(address, "x"), Err(DoorError::Address(_))),
                "{address}"
            );
        }
    }

    #[test]
    fn a_refusal_is_told_in_its_own_words() {
        assert_eq!(
            told(r#"{"title":"Conflict","detail":"it has changed"}"#),
            "it has changed"
        );
        assert_eq!(told("no JSON"), "no JSON");
    }
}
