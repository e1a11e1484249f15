use super::Block;
use crate::{
    error::Fault,
    limits,
    look::{Check, Look, Looked},
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Panels of which one is seen. Which one, the console remembers as long as it is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Tabs {
    /// What it is that one chooses from; it is read out.
    pub title: String,
    pub tabs: Vec<Tab>,
    /// The id of the one that is seen first; by default the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<String>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Tab {
    pub id: String,
    pub title: String,
    pub blocks: Vec<Block>,
}

#[must_use]
pub fn tabs(title: impl Into<String>) -> Tabs {
    Tabs {
        title: title.into(),
        tabs: Vec::new(),
        chosen: None,
    }
}

impl Tabs {
    #[must_use]
    pub fn tab(
        mut self,
        id: impl Into<String>,
        title: impl Into<String>,
        blocks: impl IntoIterator<Item = Block>,
    ) -> Self {
        self.tabs.push(Tab {
            id: id.into(),
            title: title.into(),
            blocks: blocks.into_iter().collect(),
        });
        self
    }

    #[must_use]
    pub fn chosen(mut self, id: impl Into<String>) -> Self {
        self.chosen = Some(id.into());
        self
    }
}

impl Check for Tabs {
    fn check(&self, look: &mut Look) -> Looked {
        let mut ids = BTreeSet::new();
        look.label("title", &self.title)?;
        look.some("tabs", &self.tabs, limits::TABS_MAX, |tab, look| {
            look.key("id", &tab.id, &mut ids)?;
            look.label("title", &tab.title)?;
            look.blocks(&tab.blocks)
        })?;
        match &self.chosen {
            Some(chosen) if !ids.contains(chosen) => {
                look.refuse("chosen", Fault::Unknown(chosen.clone()))
            }
            _ => Ok(()),
        }
    }
}
