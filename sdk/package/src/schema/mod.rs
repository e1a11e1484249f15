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
    #[error(
        "the schemas of one plugin have at most {} patterns",
        limits::SCHEMA_PATTERNS_MAX
    )]
    Patterns,
    #[error("`{0}` would lead outside of it: parts are referred to as `#/$defs/name`")]
    Outside(String),
    #[error("`{0}` is referred to, and there is nothing")]
    Nowhere(String),
    #[error("`{0}` leads back to itself without going deeper into the value")]
    Circle(String),
    #[error(
        "`{0}` is not offered, for it checks everything twice: name what there is, and say `additionalProperties`"
    )]
    Left(String),
    #[error(
        "one value would be looked at more than {} times by it, or it is too intricate to know: it applies too many of its parts to the same place",
        limits::SCHEMA_VISITS_MAX
    )]
    Costly,
}

/// What the schemas of one plugin may be, all together.
#[derive(Debug)]
pub struct Budget {
    patterns: usize,
    steps: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            patterns: limits::SCHEMA_PATTERNS_MAX,
            steps: limits::SCHEMA_STEPS_MAX,
        }
    }
}

impl Budget {
    fn spend(&mut self, steps: usize) -> Result<(), SchemaError> {
        self.steps = self.steps.checked_sub(steps).ok_or(SchemaError::Costly)?;
        Ok(())
    }
}

/// A schema that may be used.
#[derive(Debug)]
pub struct Schema {
    validator: Validator,
    looks: usize,
}

/// Where a value does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// A JSON Pointer (RFC 6901); empty for the whole.
    pub place: String,
    /// What is wrong, with the value.
    pub reason: String,
    /// The same without the value, which may be secret.
    pub masked: String,
}

impl Schema {
    /// Reads a schema by itself.
    ///
    /// # Errors
    /// [`SchemaError`].
    pub fn new(schema: &Value) -> Result<Self, SchemaError> {
        Self::within(schema, &mut Budget::default())
    }

    /// Reads one of the schemas of a plugin.
    ///
    /// # Errors
    /// [`SchemaError`].
    pub fn within(schema: &Value, budget: &mut Budget) -> Result<Self, SchemaError> {
        if json::is_deeper(schema, limits::SCHEMA_DEPTH_MAX) {
            return Err(SchemaError::Deep);
        }
        let patterns = budget.patterns.checked_sub(patterns(schema));
        budget.patterns = patterns.ok_or(SchemaError::Patterns)?;
        let looks = cost::looks(schema, budget)?;
        let small = PatternOptions::regex()
            .size_limit(limits::PATTERN_BYTES_MAX)
            .dfa_size_limit(limits::PATTERN_BYTES_MAX);
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_pattern_options(small)
            .build(schema)
            .map_err(|error| SchemaError::Form(error.to_string()))?;
        Ok(Self { validator, looks })
    }

    /// Where a value does not fit, the first places; nowhere is well. All that is wrong is gathered before the first of it is told, so of a value that is
    /// very large only that it does not fit is told.
    pub fn misfits(&self, value: &Value) -> Vec<Misfit> {
        let all = |reason: &str| {
            vec![Misfit {
                place: String::new(),
                reason: reason.to_owned(),
                masked: reason.to_owned(),
            }]
        };
        if json::is_deeper(value, limits::VALUE_DEPTH_MAX) {
            return all("it has too many levels");
        }
        if self.validator.is_valid(value) {
            return Vec::new();
        }
        if cost::size(value).saturating_mul(self.looks) > limits::SCHEMA_TOLD_LOOKS_MAX {
            return all("it does not fit the schema, and is too large to tell where");
        }
        self.validator
            .iter_errors(value)
            .take(limits::SCHEMA_TOLD_MAX)
            .map(|error| Misfit {
                place: error.instance_path().to_string(),
                reason: error.to_string(),
                masked: error.masked_with("the value").to_string(),
            })
            .collect()
    }
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
