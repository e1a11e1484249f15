//! From JSON, as it came from a plugin, to what may be drawn. Whatever is handed over, the answer is a view or the place of a fault.

use crate::{
    answer::Answer,
    block::Block,
    error::{Fault, ViewError},
    look::{Check, Look, check_bytes, check_levels, of_whole},
    view::View,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

impl View {
    /// Reads and checks what a plugin rendered.
    ///
    /// # Errors
    /// The first place where it is not as it should be, and what to do about it.
    pub fn read(json: &str) -> Result<Self, ViewError> {
        read(json)
    }
}

impl Answer {
    /// Reads and checks what a plugin answered.
    ///
    /// # Errors
    /// The first place where it is not as it should be, and what to do about it.
    pub fn read(json: &str) -> Result<Self, ViewError> {
        read(json)
    }
}

fn read<T: DeserializeOwned + Check>(json: &str) -> Result<T, ViewError> {
    check_bytes(json)?;
    // Its own bound on levels, above ours, keeps the reader from running out of stack.
    let value: Value =
        serde_json::from_str(json).map_err(|error| of_whole(Fault::Json(error.to_string())))?;
    check_levels(&value)?;
    // A list of the members' values would do for the reader, and not for the schema.
    if !value.is_object() {
        return Err(of_whole(Fault::Form(
            "this must be an object, such as {\"blocks\": []}".to_owned(),
        )));
    }
    let read: T = serde_path_to_error::deserialize(&value).map_err(|error| {
        let found = innermost(&value, "");
        found.unwrap_or_else(|| form(&pointer(error.path()), error.inner()))
    })?;
    read.check(&mut Look::default())?;
    Ok(read)
}

fn form(pointer: &str, error: &serde_json::Error) -> ViewError {
    ViewError {
        pointer: pointer.to_owned(),
        fault: Fault::Form(error.to_string()),
    }
}

/// The fault in the first block that cannot be read, as deep as there is one. A block's own reader knows no place within another block.
fn innermost(value: &Value, at: &str) -> Option<ViewError> {
    let below = |step: &str| format!("{at}/{}", step.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| innermost(item, &below(&index.to_string()))),
        Value::Object(members) => {
            members
                .iter()
                .find_map(|(name, inner)| match (name.as_str(), inner) {
                    ("blocks", Value::Array(blocks)) => {
                        let at = below(name);
                        blocks
                            .iter()
                            .enumerate()
                            .find_map(|(index, block)| block_fault(block, &format!("{at}/{index}")))
                    }
                    // What people hand over in these is theirs: nothing in it is a block.
                    ("input" | "values" | "schema" | "value", _) => None,
                    _ => innermost(inner, &below(name)),
                })
        }
        _ => None,
    }
}

fn block_fault(block: &Value, at: &str) -> Option<ViewError> {
    if let Some(inner) = innermost(block, at) {
        return Some(inner);
    }
    let kind = block.get("type").and_then(Value::as_str);
    let mut own = block.clone();
    own.as_object_mut()
        .and_then(|members| members.remove("type"));
    match kind.and_then(|kind| Block::read_as(kind, own)) {
        Some(Ok(())) => None,
        Some(Err(error)) => Some(form(
            &format!("{at}{}", pointer(error.path())),
            error.inner(),
        )),
        // No block has that name, or it has none at all.
        None => serde_json::from_value::<Block>(block.clone())
            .err()
            .map(|error| form(at, &error)),
    }
}

fn pointer(path: &Path) -> String {
    let steps = path.iter().filter_map(|step| match step {
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Map { key } => Some(key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    steps.map(|step| format!("/{step}")).collect()
}
