//! The navigation menu: a tree to choose from, and how it reads on the telephone or in a chat.

use super::{
    item_form,
    page::{MENU, Page},
    short,
};
use crate::{limits::ITEMS_MAX, menu::Item, viewer::May};
use guichet_sdk::view::{
    Action, Block, Node, Tone, View, badge, button, empty,
    limits::{TEXT_CHARS_MAX, TITLE_CHARS_MAX},
    modal, stack, text, tree,
};
use serde_json::json;

/// The tab.
pub(super) fn tab(page: &Page) -> Vec<Block> {
    let viewer = &page.viewer;
    let is_admin = viewer.may >= May::Administer;
    let add = || {
        let title = viewer.say("New item", "新建菜单项");
        Block::from(modal(title, title).block(item_form::form_of(page, "", None)))
    };
    if page.menu.0.is_empty() {
        let none = empty(viewer.say("The menu is empty", "菜单为空")).text(viewer.say(
            "Chats, messengers, the telephone and forms lead people by it, with codes of one to four digits.",
            "聊天、即时通讯、电话与表单都以此菜单引导用户，编号为一到四位数字。",
        ));
        return match is_admin {
            true => {
                let begin = button(viewer.say("Begin with the IT menu", "从 IT 菜单开始"));
                vec![
                    none.button(begin.action(Action::new("menu-template")))
                        .into(),
                    add(),
                ]
            }
            false => vec![none.into()],
        };
    }
    let mut whole = tree(viewer.say("Navigation menu", "导航菜单"));
    whole.nodes = nodes(page, "", is_admin);
    let mut blocks = Vec::new();
    if is_admin && page.menu.0.len() < ITEMS_MAX {
        blocks.push(add());
    }
    blocks.push(whole.into());
    let title = viewer.say("As people hear or read it", "用户看到或听到的样子");
    let mut lines = Vec::new();
    preview(page, "", 0, &mut lines);
    let shown = text(short(&lines.join("\n"), TEXT_CHARS_MAX));
    blocks.push(stack().title(title).framed().block(shown).into());
    blocks
}

fn nodes(page: &Page, parent: &str, is_admin: bool) -> Vec<Node> {
    let below = page.menu.below(parent).into_iter();
    below
        .map(|(key, item)| {
            let title = format!("{} · {}", item.code, item.title.of(page.viewer.language));
            let mut node = Node::new(key, short(&title, TITLE_CHARS_MAX)).open();
            if is_admin {
                node = node.action(Action::new("open-item").input(json!({ "key": key })));
            }
            node.nodes = nodes(page, key, is_admin);
            let leads = leads(page, item);
            if !leads.is_empty() {
                node = node.badge(badge(short(&leads, TITLE_CHARS_MAX)));
            } else if node.nodes.is_empty() {
                let nowhere = page.viewer.say("to the central desk", "转中心台");
                node = node.badge(badge(nowhere).tone(Tone::Wait));
            }
            node
        })
        .collect()
}

/// Where an item leads, in words.
fn leads(page: &Page, item: &Item) -> String {
    let parts = [
        (!item.entry.is_empty()).then(|| page.entry(&item.entry)),
        (!item.desk.is_empty()).then(|| page.desk(&item.desk)),
        (!item.group.is_empty()).then(|| page.group(&item.group)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" → ")
}

fn preview(page: &Page, parent: &str, level: usize, lines: &mut Vec<String>) {
    for (key, item) in page.menu.below(parent) {
        let title = item.title.of(page.viewer.language);
        lines.push(format!("{}【{}】{title}", "　".repeat(level), item.code));
        preview(page, key, level + 1, lines);
    }
}

/// An item, to be changed, with what stands below it.
pub(super) fn opened(page: &Page, key: &str) -> View {
    let viewer = &page.viewer;
    let Some(item) = page.menu.0.get(key) else {
        return page.view(MENU);
    };
    let title = short(
        &format!("{key} · {}", item.title.of(viewer.language)),
        TITLE_CHARS_MAX,
    );
    let new = viewer.say("New item below", "新建下级菜单项");
    let delete = Action::new("delete-item")
        .input(json!({ "key": key }))
        .danger();
    let delete = delete.confirm(
        viewer.say("Delete this item?", "删除此菜单项？"),
        viewer.say("With all that stands below it.", "其下级菜单项一并删除。"),
    );
    let mut bar = stack().across();
    if !item.is_leaf() {
        bar = bar.block(modal(new, new).block(item_form::form_of(page, key, None)));
    }
    let bar = bar.block(button(viewer.say("Delete", "删除")).action(delete));
    let change = item_form::form_of(page, &item.parent, Some((key, item)));
    page.aside(MENU, title, vec![bar.into(), change.into()])
}
