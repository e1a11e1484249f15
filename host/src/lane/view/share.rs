//! An install's share of records: what it may keep in all.

use super::{View, host};
use crate::lane::load;
use guichet_core::{effect::Effect, refusal::Refusal};
use guichet_runtime::Fault;

/// Of a number in a document, as it is written at most.
const NUMBER_BYTES: u64 = 32;

impl View {
    /// By how many bytes the effect makes the install's records grow. What makes them smaller is never refused. Invocations that run at the same time
    /// do not see each other's growth: together they may go a little beyond, and the next one is refused.
    ///
    /// # Errors
    /// [`Refusal::Limit`] where they would take more than they may.
    pub(super) async fn growth(&mut self, effect: &Effect) -> Result<i64, Fault> {
        let (Effect::PutRecord { key, .. } | Effect::AddToRecord { key, .. }) = effect else {
            return Ok(0);
        };
        load::supply(&self.store, &mut self.overlay, effect)
            .await
            .map_err(host)?;
        let body = self.overlay.record(key).map(|record| &record.body);
        let before = body.map_or(0, |body| key.bytes_with(body.len() as u64));
        let after = match effect {
            Effect::PutRecord { body, .. } => body
                .as_ref()
                .map_or(0, |body| key.bytes_with(body.len() as u64)),
            // Each step of the pointer comes with its quotes, colon and braces.
            Effect::AddToRecord { pointer, .. } => {
                before.max(key.bytes_with(0)) + 4 * pointer.len() as u64 + NUMBER_BYTES
            }
            _ => before,
        };
        let growth = after.cast_signed() - before.cast_signed();
        if growth <= 0 {
            return Ok(growth);
        }
        let kept = match self.record_bytes {
            Some(kept) => kept,
            None => {
                let kept = self.store.record_bytes(self.install).await.map_err(host)?;
                *self.record_bytes.insert(kept)
            }
        };
        if kept.saturating_add_signed(self.grown + growth) > self.record_bytes_max {
            return Err(Refusal::Limit(format!(
                "the records of {} take {kept} bytes, and may take {}: delete what is not needed any more",
                self.plugin, self.record_bytes_max
            ))
            .into());
        }
        Ok(growth)
    }
}
