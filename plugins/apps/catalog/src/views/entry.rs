//! The page: one entry, what it says and asks, and what can be done with it.

use super::{about::about, asked, edit, fields, names, nodes, tree};
use crate::{catalog::Catalog, entry::Entry, refusal::Refused, viewer::Viewer};
use guichet_sdk::{
    Error,
    view::{
        Action, Block, Modal, Stack, View, badge, button, modal, stack, tabs, text,
        tree as tree_block,
    },
};
use serde_json::{Value, json};

/// An entry, and what is known of it beside the catalog.
pub(super) struct Known<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) id: &'a str,
    /// How often tickets were made of it.
    pub(super) uses: u64,
    /// Who works on its tickets, and who must agree.
    pub(super) group: String,
    pub(super) approval: String,
}

impl<'a> Known<'a> {
    /// Asks the directory for the names.
    pub(super) fn of(
        viewer: Viewer,
        catalog: &'a Catalog,
        id: &'a str,
        uses: u64,
    ) -> Result<Self, Error> {
        let entry = catalog.entries.get(id);
        let group = entry.map_or("", |entry| entry.group.as_str());
        Ok(Self {
            catalog,
            id,
            uses,
            group: match group {
                "" => viewer.say("none", "无").to_owned(),
                group => names::group(group)?,
            },
            approval: names::approval(viewer, entry.and_then(|entry| entry.approval.as_ref()))?,
        })
    }
}

/// Shows an entry; `tab` is seen first.
pub(super) fn view(viewer: Viewer, known: &Known<'_>, tab: &str) -> Result<View, Refused> {
    let (catalog, id) = (known.catalog, known.id);
    let entry = catalog.entry(id)?;
    let path = catalog.titles(id, viewer.language).join(" › ");
    let mut tabs = tabs(viewer.say("The entry", "条目"));
    tabs = tabs.tab(
        "about",
        viewer.say("Overview", "概览"),
        about(viewer, known, entry),
    );
    if viewer.is_admin {
        let edit = edit::form_of(viewer, id, entry);
        tabs = tabs.tab("edit", viewer.say("Edit", "编辑"), [Block::from(edit)]);
        let fields = fields::list(viewer, id, entry);
        tabs = tabs.tab("fields", viewer.say("Form", "表单"), fields);
    }
    if let Some(form) = &entry.form {
        let action = Action::new("preview").input(json!({ "id": id }));
        let preview = asked(form, viewer.say("Check these answers", "检查答案"), action);
        tabs = tabs.tab(
            "preview",
            viewer.say("Preview", "预览"),
            [Block::from(preview)],
        );
    }
    if tabs.tabs.iter().any(|one| one.id == tab) {
        tabs = tabs.chosen(tab);
    }
    Ok(View::new(entry.title(viewer.language))
        .block(text(path).quiet())
        .block(bar(viewer, known, entry))
        .block(tabs))
}

/// What can be done with it.
fn bar(viewer: Viewer, known: &Known<'_>, entry: &Entry) -> Stack {
    let (catalog, id) = (known.catalog, known.id);
    let back = Action::new("tree").input(json!({ "archived": entry.archived }));
    let mut bar = stack()
        .across()
        .block(button(viewer.say("Whole catalog", "返回目录")).action(back));
    if entry.archived {
        bar = bar.block(badge(viewer.say("archived", "已归档")));
    }
    if !viewer.is_admin {
        return bar;
    }
    let of_this = |action: &str| Action::new(action).input(json!({ "id": id }));
    if entry.archived {
        let restore = of_this("restore").confirm(
            viewer.say("Restore this entry?", "恢复此条目？"),
            viewer.say(
                "It takes new tickets again, and so does what was archived with it.",
                "它及与其一同归档的下级条目将重新接受工单。",
            ),
        );
        bar = bar.block(button(viewer.say("Restore", "恢复")).action(restore));
    } else {
        if catalog.level(id) < crate::limits::LEVELS_MAX {
            bar = bar.block(tree::new(viewer, id));
        }
        let archive = of_this("archive").confirm(
            viewer.say("Archive this entry?", "归档此条目？"),
            viewer.say(
                "It takes no new tickets, and neither does what stands below. Tickets that name it keep it.",
                "它及其下级条目将不再接受新工单；已有工单保持不变。",
            ),
        );
        bar = bar
            .block(moving(viewer, catalog, id, entry))
            .block(button(viewer.say("Archive", "归档")).action(archive));
    }
    if known.uses == 0 && catalog.children(id).is_empty() {
        let delete = of_this("delete").danger().confirm(
            viewer.say("Delete this entry?", "删除此条目？"),
            viewer.say(
                "It cannot be brought back, and its id is never used again.",
                "删除后无法恢复，其标识也不会再次使用。",
            ),
        );
        bar = bar.block(button(viewer.say("Delete", "删除")).action(delete));
    }
    bar
}

/// A dialog with all places to which it can be moved.
fn moving(viewer: Viewer, catalog: &Catalog, id: &str, entry: &Entry) -> Modal {
    let places = catalog.places_for(id);
    let to = |parent: &str| Action::new("move").input(json!({ "id": id, "parent": parent }));
    let chosen = |other: &str, _: &Entry| {
        let is_place = places.contains(&other) && entry.parent != other;
        is_place.then(|| to(other))
    };
    let mut dialog = modal(
        viewer.say("Move", "移动"),
        viewer.say("Where is it to stand?", "移动到何处？"),
    );
    if !entry.parent.is_empty() {
        dialog = dialog.block(button(viewer.say("To the top", "移至顶层")).action(to("")));
    }
    let mut whole = tree_block(viewer.say("Below which entry", "上级条目"));
    whole.nodes = nodes::below(viewer, catalog, "", false, &chosen);
    match whole.nodes.is_empty() {
        true => dialog,
        false => dialog.block(whole),
    }
}

/// The id that an action is about.
pub(super) fn id(input: &Value) -> &str {
    super::text_of(input, "id")
}
