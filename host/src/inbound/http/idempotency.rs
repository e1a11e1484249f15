//! `Idempotency-Key`: a request that is sent again, because its answer was lost, makes nothing twice. The key is kept in the commit of what it made, for a day.

use super::{context::Ctx, error::Problem};
use axum::http::HeaderMap;
use guichet_core::{changeset::Answered, refusal::Refusal};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What a request says of itself; nothing where it says no key.
pub(super) struct Once {
    key: String,
    request: [u8; 32],
}

impl Once {
    /// The key of the request's header, bound to what it asks.
    ///
    /// # Errors
    /// 422 where the key is empty or longer than 100 characters.
    pub(super) fn of(
        headers: &HeaderMap,
        asked: &str,
        body: &impl Serialize,
    ) -> Result<Option<Self>, Problem> {
        let Some(key) = headers.get("idempotency-key") else {
            return Ok(None);
        };
        let key = key.to_str().unwrap_or_default().trim();
        if key.is_empty() || key.len() > 100 {
            return Err(Refusal::Invalid(
                "Idempotency-Key has 1 to 100 ASCII characters".to_owned(),
            )
            .into());
        }
        let body = serde_json::to_vec(body).map_err(|error| Refusal::Invalid(error.to_string()))?;
        let mut hasher = Sha256::new();
        hasher.update(asked.as_bytes());
        hasher.update([0]);
        hasher.update(body);
        Ok(Some(Self {
            key: key.to_owned(),
            request: hasher.finalize().into(),
        }))
    }

    /// What the same request made before.
    ///
    /// # Errors
    /// 422 where another request had the key.
    pub(super) async fn made(&self, ctx: &Ctx) -> Result<Option<Uuid>, Problem> {
        match ctx.store().answered(ctx.agent.id, &self.key).await? {
            None => Ok(None),
            Some((request, made)) if request == self.request => Ok(Some(made)),
            Some(_) => Err(Refusal::Invalid(
                "this Idempotency-Key was sent with another request: make a new one for each"
                    .to_owned(),
            )
            .into()),
        }
    }

    /// To be kept with what the request makes.
    pub(super) fn answered(&self, ctx: &Ctx, made: Uuid) -> Answered {
        Answered {
            agent: ctx.agent.id,
            key: self.key.clone(),
            request: self.request,
            made,
            at: ctx.desk.clock.now(),
        }
    }
}
