//! A statement under construction: text and parameters side by side. Values become parameters, always; text is only what is written in this crate.

use crate::db::Arg;

/// A condition with `?` for each of its values.
pub(crate) type Condition = (String, Vec<Arg>);

/// A statement whose `$1` is the tenant.
pub(super) struct Sql {
    pub(super) text: String,
    pub(super) args: Vec<Arg>,
    pub(super) is_postgres: bool,
}

impl Sql {
    pub(super) fn new(tenant: Arg, is_postgres: bool) -> Self {
        Self {
            text: String::new(),
            args: vec![tenant],
            is_postgres,
        }
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A value.
    pub(super) fn value(&mut self, value: Arg) {
        self.args.push(value);
        self.text.push_str(&format!("${}", self.args.len()));
    }

    /// Values with commas between.
    pub(super) fn values(&mut self, values: impl IntoIterator<Item = Arg>) {
        for (place, value) in values.into_iter().enumerate() {
            if place > 0 {
                self.push(", ");
            }
            self.value(value);
        }
    }

    /// A condition that was written with `?`.
    pub(super) fn condition(&mut self, (text, values): Condition) {
        let mut parts = text.split('?');
        self.push(parts.next().unwrap_or_default());
        for (value, part) in values.into_iter().zip(parts) {
            self.value(value);
            self.push(part);
        }
    }

    /// The order of texts by code points, as SQLite has it by itself.
    pub(super) fn by_code_points(&self) -> &'static str {
        if self.is_postgres {
            " collate \"C\""
        } else {
            ""
        }
    }
}
