//! The JSON Schema of views and answers, for authors in other languages and for their editors.

use crate::{answer::Answer, view::View};
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::Serialize;

/// What a plugin hands over: a view when it renders, an answer when it acts.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is wanted")]
enum HandedOver {
    View(View),
    Answer(Answer),
}

/// The published schema.
#[must_use]
pub fn schema() -> Schema {
    SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<HandedOver>()
}
