//! `settings`.

use crate::{bindings::guichet::platform::settings::Host, state::State};

impl Host for State {
    fn get(&mut self) -> wasmtime::Result<String> {
        self.enter()?;
        Ok(self.helpdesk.settings())
    }
}
