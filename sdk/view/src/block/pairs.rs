use super::{Cell, ColumnKind};
use crate::{
    go::Go,
    limits,
    look::{Check, Look, Looked},
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Names and their values.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KeyValue {
    pub pairs: Vec<Pair>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Pair {
    pub key: String,
    /// As its kind says, like a table's cell.
    #[serde(default)]
    pub value: Cell,
    #[serde(default, skip_serializing_if = "ColumnKind::is_text")]
    pub kind: ColumnKind,
    /// Where the value leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go: Option<Go>,
}

#[must_use]
pub fn key_value() -> KeyValue {
    KeyValue::default()
}

impl KeyValue {
    #[must_use]
    pub fn pair(self, key: impl Into<String>, text: impl Into<String>) -> Self {
        self.typed(key, ColumnKind::Text, text.into())
    }

    #[must_use]
    pub fn typed(
        mut self,
        key: impl Into<String>,
        kind: ColumnKind,
        value: impl Into<Cell>,
    ) -> Self {
        self.pairs.push(Pair {
            key: key.into(),
            value: value.into(),
            kind,
            go: None,
        });
        self
    }

    #[must_use]
    pub fn link(mut self, key: impl Into<String>, text: impl Into<String>, go: Go) -> Self {
        self.pairs.push(Pair {
            key: key.into(),
            value: Cell::Text(text.into()),
            kind: ColumnKind::Text,
            go: Some(go),
        });
        self
    }
}

impl Check for KeyValue {
    fn check(&self, look: &mut Look) -> Looked {
        look.each("pairs", &self.pairs, limits::PAIRS_MAX, |pair, look| {
            look.label("key", &pair.key)?;
            look.at("value", |look| pair.kind.check(&pair.value, look))?;
            pair.go
                .as_ref()
                .map_or(Ok(()), |go| look.at("go", |look| go.check(look)))
        })
    }
}
