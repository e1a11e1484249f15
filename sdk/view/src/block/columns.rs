use super::Block;
use crate::{
    limits,
    look::{Check, Look, Looked},
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Columns beside one another.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Columns {
    pub columns: Vec<SideColumn>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SideColumn {
    /// How much of the width it takes, against the others; by default each the same.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub share: u32,
    pub blocks: Vec<Block>,
}

fn one() -> u32 {
    1
}
fn is_one(share: &u32) -> bool {
    *share == 1
}

#[must_use]
pub fn columns() -> Columns {
    Columns::default()
}

impl Columns {
    #[must_use]
    pub fn column(self, blocks: impl IntoIterator<Item = Block>) -> Self {
        self.wide_column(1, blocks)
    }

    #[must_use]
    pub fn wide_column(mut self, share: u32, blocks: impl IntoIterator<Item = Block>) -> Self {
        self.columns.push(SideColumn {
            share,
            blocks: blocks.into_iter().collect(),
        });
        self
    }
}

impl Check for Columns {
    fn check(&self, look: &mut Look) -> Looked {
        look.each(
            "columns",
            &self.columns,
            limits::COLUMNS_MAX,
            |column, look| {
                look.number(
                    "share",
                    f64::from(column.share),
                    1.0,
                    f64::from(limits::COLUMN_SHARE_MAX),
                )?;
                look.blocks(&column.blocks)
            },
        )
    }
}
