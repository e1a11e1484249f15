use super::Badge;
use crate::{
    action::Action,
    error::Fault,
    go::Go,
    limits,
    look::{Check, Look, Looked},
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is within what.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Tree {
    /// It is read out.
    pub title: String,
    pub nodes: Vec<Node>,
}

/// One node. Chosen, it does what its action says, or leads where `go` does; not both.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// One of its own in the whole tree.
    pub id: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub badge: Option<Badge>,
    /// Its nodes are seen at first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go: Option<Go>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<Node>,
}

#[must_use]
pub fn tree(title: impl Into<String>) -> Tree {
    Tree {
        title: title.into(),
        nodes: Vec::new(),
    }
}

impl Tree {
    #[must_use]
    pub fn node(mut self, node: Node) -> Self {
        self.nodes.push(node);
        self
    }
}

impl Node {
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn badge(mut self, badge: Badge) -> Self {
        self.badge = Some(badge);
        self
    }

    #[must_use]
    pub fn open(mut self) -> Self {
        self.open = true;
        self
    }

    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.action = Some(action);
        self
    }

    #[must_use]
    pub fn go(mut self, go: Go) -> Self {
        self.go = Some(go);
        self
    }

    #[must_use]
    pub fn node(mut self, node: Node) -> Self {
        self.nodes.push(node);
        self
    }
}

impl Check for Tree {
    fn check(&self, look: &mut Look) -> Looked {
        look.label("title", &self.title)?;
        if self.nodes.is_empty() {
            return look.refuse("nodes", Fault::Few { least: 1 });
        }
        check_nodes(&self.nodes, 1, &mut BTreeSet::new(), look)
    }
}

fn check_nodes(
    nodes: &[Node],
    level: usize,
    ids: &mut BTreeSet<String>,
    look: &mut Look,
) -> Looked {
    if level > limits::NODE_LEVELS_MAX && !nodes.is_empty() {
        return look.refuse(
            "nodes",
            Fault::NodeLevels {
                most: limits::NODE_LEVELS_MAX,
            },
        );
    }
    look.each("nodes", nodes, limits::NODES_MAX, |node, look| {
        look.key("id", &node.id, ids)?;
        if ids.len() > limits::NODES_MAX {
            return Err(look.fault(Fault::Many {
                count: ids.len(),
                most: limits::NODES_MAX,
            }));
        }
        look.label("title", &node.title)?;
        if let Some(badge) = &node.badge {
            look.at("badge", |look| badge.check(look))?;
        }
        match (&node.action, &node.go) {
            (Some(action), None) => look.at("action", |look| action.check(look))?,
            (None, Some(go)) => look.at("go", |look| go.check(look))?,
            (None, None) => {}
            (Some(_), Some(_)) => return Err(look.fault(Fault::Target)),
        }
        check_nodes(&node.nodes, level + 1, ids, look)
    })
}
