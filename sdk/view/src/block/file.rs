use crate::{
    limits,
    look::{Check, Look, Looked},
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A file of the host, to be downloaded by whoever may see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct File {
    /// Its id.
    pub file: String,
    /// Under which it is saved. The console shows marks of direction in it, so that nothing looks like what it is not.
    pub name: String,
    /// Bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
}

#[must_use]
pub fn file(id: impl Into<String>, name: impl Into<String>) -> File {
    File {
        file: id.into(),
        name: name.into(),
        size: None,
        media_type: None,
    }
}

impl File {
    /// In bytes.
    #[must_use]
    pub fn size(mut self, size: u64) -> Self {
        self.size = Some(size);
        self
    }

    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }
}

impl Check for File {
    fn check(&self, look: &mut Look) -> Looked {
        look.id("file", &self.file)?;
        look.label("name", &self.name)?;
        look.number(
            "size",
            self.size.unwrap_or_default() as f64,
            0.0,
            limits::NUMBER_MAX,
        )?;
        self.media_type.as_ref().map_or(Ok(()), |media_type| {
            look.chars("media-type", media_type, limits::NAME_CHARS_MAX)
        })
    }
}
