//! `explain`.

use crate::{bindings::guichet::platform::explain::Host, convert, state::State};

/// Characters of a rule's name.
const RULE_CHARACTERS_MAX: usize = 200;

/// Bytes of what a rule saw.
const DETAIL_BYTES_MAX: usize = 16 << 10;

impl Host for State {
    fn because(&mut self, rule: String, detail: String) -> wasmtime::Result<()> {
        self.enter()?;
        // It is told for people: what is no JSON is shown as the text that it is.
        let shown = if detail.len() <= DETAIL_BYTES_MAX {
            detail
        } else {
            "too long to be kept".to_owned()
        };
        let detail = convert::json(&shown).unwrap_or(serde_json::Value::String(shown));
        self.helpdesk
            .because(rule.chars().take(RULE_CHARACTERS_MAX).collect(), detail);
        Ok(())
    }
}
