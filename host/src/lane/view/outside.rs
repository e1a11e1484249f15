//! Calls of servers outside, with the secrets that their headers name.

use super::{View, fault};
use crate::lane::LaneError;
use guichet_core::refusal::Refusal;
use guichet_outside::{Bounds, Kind};
use guichet_runtime::{Fault, Fetch, Fetched};
use std::collections::BTreeMap;

impl View {
    pub(super) async fn call_out(&mut self, request: Fetch) -> Result<Fetched, Fault> {
        let secrets = self.secrets_of(&request.headers).await?;
        // Even a call that fails may have reached somebody; one that is refused, too, by the redirect before.
        self.has_called_out = true;
        let request = guichet_outside::Request {
            method: request.method,
            url: request.url,
            headers: request.headers,
            body: request.body,
        };
        let secret = |name: &str| secrets.get(name).cloned();
        let answer = self
            .outside
            .fetch(&self.allowed, request, &secret, Bounds::default())
            .await;
        match answer {
            Ok(response) => Ok(Fetched {
                status: response.status,
                headers: response.headers,
                body: response.body,
            }),
            Err(error) => {
                let told = error.to_string();
                Err(match error.kind() {
                    Kind::Denied => Refusal::Right(told).into(),
                    Kind::Invalid => Refusal::Invalid(told).into(),
                    Kind::Limit => Refusal::Limit(told).into(),
                    Kind::Unavailable => Fault::Unavailable(told),
                })
            }
        }
    }

    /// Secrets that headers name, by their names.
    async fn secrets_of(
        &self,
        headers: &[(String, String)],
    ) -> Result<BTreeMap<String, String>, Fault> {
        let mut secrets = BTreeMap::new();
        for part in headers
            .iter()
            .flat_map(|(_, value)| value.split("{{secret:").skip(1))
        {
            let Some((name, _)) = part.split_once("}}") else {
                continue;
            };
            if !secrets.contains_key(name) {
                match self.secrets.reveal(&self.store, self.install, name).await {
                    Ok(secret) => drop(secrets.insert(name.to_owned(), secret)),
                    // That it is not set, the way out tells by its name.
                    Err(LaneError::Refused(_)) => {}
                    Err(error) => return Err(fault(error)),
                }
            }
        }
        Ok(secrets)
    }
}
