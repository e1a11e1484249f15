//! Calls of servers outside, with the secrets that their headers name, and connections to them.

use super::{View, fault};
use crate::lane::LaneError;
use guichet_core::refusal::Refusal;
use guichet_outside::{Bounds, FetchError, Kind};
use guichet_runtime::{Answer, Connection, Fault, Fetch, Fetched, Server};
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
            .fetch(&self.ways.http, request, &secret, Bounds::default())
            .await;
        match answer {
            Ok(response) => Ok(Fetched {
                status: response.status,
                headers: response.headers,
                body: response.body,
            }),
            Err(error) => Err(told(&error)),
        }
    }

    pub(super) async fn connect_out(
        &mut self,
        server: Server,
    ) -> Result<Box<dyn Connection>, Fault> {
        self.has_called_out = true;
        let connecting =
            self.outside
                .connect(&self.ways.net, &server.host, server.port, server.tls);
        match connecting.await {
            Ok(connection) => Ok(Box::new(Open(connection))),
            Err(error) => Err(told(&error)),
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

/// A connection as the runtime offers it.
struct Open(guichet_outside::Connection);

impl Connection for Open {
    fn read(&mut self, limit: usize, milliseconds: u64) -> Answer<'_, Vec<u8>> {
        Box::pin(async move {
            let read = self.0.read(limit, milliseconds).await;
            read.map_err(|error| told(&error))
        })
    }

    fn write(&mut self, bytes: Vec<u8>) -> Answer<'_, ()> {
        Box::pin(async move { self.0.write(&bytes).await.map_err(|error| told(&error)) })
    }

    fn start_tls(&mut self) -> Answer<'_, ()> {
        Box::pin(async move { self.0.start_tls().await.map_err(|error| told(&error)) })
    }
}

/// Why there is no answer, in the words of the contract.
fn told(error: &FetchError) -> Fault {
    let told = error.to_string();
    match error.kind() {
        Kind::Denied => Refusal::Right(told).into(),
        Kind::Invalid => Refusal::Invalid(told).into(),
        Kind::Limit => Refusal::Limit(told).into(),
        Kind::Unavailable => Fault::Unavailable(told),
    }
}
