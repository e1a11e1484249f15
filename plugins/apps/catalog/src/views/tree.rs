//! The page: the tree, and what can be begun from it.

use super::{exchange, nodes};
use crate::{catalog::Catalog, limits, viewer::Viewer};
use guichet_sdk::view::{
    Action, Modal, Stack, View, button, empty, form, modal, stack, text, tree,
};
use serde_json::{Value, json};

/// Shows the tree, archived entries where they are asked for.
pub(super) fn view(viewer: Viewer, catalog: &Catalog, with_archived: bool) -> View {
    let page = View::new(viewer.say("Service catalog", "服务目录"));
    if catalog.entries.is_empty() {
        return page
            .block(nothing(viewer))
            .blocks(viewer.is_admin.then(|| new(viewer, "").into()));
    }
    let page = page.block(bar(viewer, with_archived));
    let chosen = |id: &str, _: &_| Some(Action::new("open").input(json!({ "id": id })));
    let nodes = nodes::below(viewer, catalog, "", with_archived, &chosen);
    match nodes.is_empty() {
        true => page.block(text(
            viewer.say("All entries are archived.", "所有条目均已归档。"),
        )),
        false => {
            let mut whole = tree(viewer.say("Entries", "条目"));
            whole.nodes = nodes;
            page.block(whole)
        }
    }
}

/// What can be done on the page.
fn bar(viewer: Viewer, with_archived: bool) -> Stack {
    let turn = match with_archived {
        true => viewer.say("Hide archived entries", "隐藏已归档条目"),
        false => viewer.say("Show archived entries", "显示已归档条目"),
    };
    let turned = Action::new("tree").input(json!({ "archived": !with_archived }));
    let bar = stack().across().block(button(turn).action(turned));
    match viewer.is_admin {
        true => bar.block(new(viewer, "")).block(
            button(viewer.say("Import and export", "导入与导出")).action(Action::new("exchange")),
        ),
        false => bar,
    }
}

fn nothing(viewer: Viewer) -> guichet_sdk::view::Empty {
    let none = empty(viewer.say("The catalog is empty", "目录为空"));
    match viewer.is_admin {
        true => exchange::templates(viewer).into_iter().fold(
            none.text(viewer.say(
                "Begin with one of these trees and change it as you like, or make your own first entry.",
                "可从下列模板开始并随意修改，或自行新建第一个条目。",
            )),
            guichet_sdk::view::Empty::button,
        ),
        false => none.text(viewer.say("An admin fills it.", "请由管理员添加条目。")),
    }
}

/// A dialog for a new entry below `parent`, or at the top.
pub(super) fn new(viewer: Viewer, parent: &str) -> Modal {
    let title = match parent {
        "" => viewer.say("New entry", "新建条目"),
        _ => viewer.say("New entry below", "新建下级条目"),
    };
    let make = Action::new("make")
        .input(json!({ "parent": parent }))
        .primary();
    modal(title, title).block(form(viewer.say("Make it", "新建"), schema(), make))
}

fn schema() -> Value {
    json!({
        "type": "object",
        "required": ["id", "title"],
        "x-order": ["title", "id"],
        "properties": {
            "title": super::edit::texts("Title", "名称", limits::TITLE_CHARACTERS_MAX),
            "id": {
                "type": "string", "minLength": 1, "maxLength": 60,
                "title": "Id", "x-title-zh-CN": "标识",
                "description": "Small letters, digits and dashes, such as new-laptop. It never changes, and is never used again.",
                "x-description-zh-CN": "小写字母、数字和连字符，如 new-laptop。标识不会更改，也不会重复使用。",
            },
        },
    })
}
