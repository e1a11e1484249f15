//! `clock`.

use crate::{
    bindings::guichet::platform::clock::Host, convert, invoke::Outcome, limits::RANDOM_BYTES_MAX,
    state::State,
};

impl Host for State {
    fn now(&mut self) -> wasmtime::Result<u64> {
        self.enter()?;
        Ok(convert::instant(self.helpdesk.now()))
    }

    fn random(&mut self, length: u32) -> wasmtime::Result<Vec<u8>> {
        self.enter()?;
        if length > RANDOM_BYTES_MAX {
            return Err(self.halted(Outcome::Limit(format!(
                "more than {RANDOM_BYTES_MAX} random bytes"
            ))));
        }
        self.random_calls += 1;
        Ok(self.helpdesk.random(self.random_calls, length as usize))
    }
}
