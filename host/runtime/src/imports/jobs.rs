//! `jobs`: work with the outside, or later.

use super::told;
use crate::{
    bindings::guichet::platform::{jobs::Host, types::Error},
    convert,
    state::State,
};
use guichet_core::{effect::Effect, id::JobId, job::Job};

const NAME: &str = "jobs";

impl Host for State {
    async fn enqueue(
        &mut self,
        name: String,
        payload: String,
        due_at: Option<u64>,
        key: Option<String>,
    ) -> wasmtime::Result<Result<String, Error>> {
        told!(self.enter_granted(NAME)?);
        let now = self.helpdesk.now();
        let due_at = told!(due_at.map(convert::instant_from).transpose()).unwrap_or(now);
        let id = JobId(self.helpdesk.new_id("job"));
        // The host adds what led to it.
        let job = Job {
            id,
            install: self.helpdesk.install(),
            name,
            key,
            payload,
            due_at,
            attempt: 0,
            cause: None,
            root: None,
            depth: 0,
            ticket: None,
        };
        Ok(self
            .effect(Effect::Enqueue(job), None)
            .await?
            .map(|()| id.to_string()))
    }

    async fn cancel(&mut self, key: String) -> wasmtime::Result<Result<bool, Error>> {
        told!(self.enter_granted(NAME)?);
        let answer = self.helpdesk.is_job_waiting(key.clone()).await;
        if !told!(self.answer(answer)?) {
            return Ok(Ok(false));
        }
        let install = self.helpdesk.install();
        Ok(self
            .effect(Effect::CancelJob { install, key }, None)
            .await?
            .map(|()| true))
    }
}
