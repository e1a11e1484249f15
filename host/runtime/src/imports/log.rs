//! `log`.

use crate::{bindings::guichet::platform::log::Host, state::State};

impl Host for State {
    fn write(&mut self, level: String, text: String) -> wasmtime::Result<()> {
        self.enter()?;
        self.log(&level, &text);
        Ok(())
    }
}
