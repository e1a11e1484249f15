//! JSON Schemas that strangers wrote: of settings, of a report's parameters. Read as 2020-12, whatever they say of themselves.
//!
//! **Promise:** what is taken here checks any value in bounded time and memory, and reaches for nothing outside. It therefore refers to its own parts
//! only, is not nested too deeply, has few patterns and small ones (without look-around: each is matched in linear time), and does not lead a value
//! through itself again and again ([`cost`]).

mod cost;
mod pointer;

use crate::{json, limits};
use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::Value;

/// Why a schema is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    #[error("no JSON Schema: {0}")]
    Form(String),
    #[error("it has more than {} levels", limits::SCHEMA_DEPTH_MAX)]
    Deep,
    #[error("it has more than {} patterns", limits::SCHEMA_PATTERNS_MAX)]
    Patterns,
    #[error("`{0}` would lead outside of it: parts are referred to as `#/$defs/name`")]
    Outside(String),
    #[error("`{0}` is referred to, and there is nothing")]
    Nowhere(String),
    #[error("`{0}` leads back to itself without going deeper into the value")]
    Circle(String),
    #[error(
        "one value would be checked more than {} times by it: it applies too many of its parts to the same place",
        limits::SCHEMA_VISITS_MAX
    )]
    Costly,
}

/// What checks values by a schema.
///
/// # Errors
/// [`SchemaError`].
pub fn validator(schema: &Value) -> Result<Validator, SchemaError> {
    if json::is_deeper(schema, limits::SCHEMA_DEPTH_MAX) {
        return Err(SchemaError::Deep);
    }
    if patterns(schema) > limits::SCHEMA_PATTERNS_MAX {
        return Err(SchemaError::Patterns);
    }
    cost::check(schema)?;
    let small = PatternOptions::regex()
        .size_limit(limits::PATTERN_BYTES_MAX)
        .dfa_size_limit(limits::PATTERN_BYTES_MAX);
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .with_pattern_options(small)
        .build(schema)
        .map_err(|error| SchemaError::Form(error.to_string()))
}

/// How many patterns stand in it, wherever they do.
fn patterns(schema: &Value) -> usize {
    match schema {
        Value::Object(members) => members
            .iter()
            .map(|(name, inner)| {
                let own = match (name.as_str(), inner) {
                    ("pattern", Value::String(_)) => 1,
                    ("patternProperties", Value::Object(named)) => named.len(),
                    _ => 0,
                };
                own + patterns(inner)
            })
            .sum(),
        Value::Array(items) => items.iter().map(patterns).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
