//! The tree as a block, whatever choosing an entry does.

use crate::{catalog::Catalog, entry::Entry, viewer::Viewer};
use guichet_sdk::view::{Action, Node, badge};

/// Levels that are seen at first.
const OPEN_LEVELS: usize = 2;

/// What stands below `parent`. Archived entries are there where they are asked for; choosing an entry does what `chosen` says, or nothing.
pub(super) fn below(
    viewer: Viewer,
    catalog: &Catalog,
    parent: &str,
    with_archived: bool,
    chosen: &dyn Fn(&str, &Entry) -> Option<Action>,
) -> Vec<Node> {
    let level = catalog.level(parent) + 1;
    let children = catalog.children(parent).into_iter();
    children
        .filter(|(_, entry)| with_archived || !entry.archived)
        .map(|(id, entry)| {
            let mut node = Node::new(id, entry.title(viewer.language));
            node.open = level < OPEN_LEVELS;
            node.action = chosen(id, entry);
            if entry.archived {
                node = node.badge(badge(viewer.say("archived", "已归档")));
            }
            node.nodes = below(viewer, catalog, id, with_archived, chosen);
            node
        })
        .collect()
}
