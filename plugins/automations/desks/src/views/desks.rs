//! Desks: who answers, what they cover, who is there now; and presets.

use super::{desk_form, page::Page, short};
use crate::{
    desk::{Desk, preset::Preset},
    limits::DESKS_MAX,
    viewer::May,
};
use guichet_sdk::view::{
    Action, Badge, Block, Cell, Column, Row, Tone, View, badge, button, empty, form,
    limits::CELL_CHARS_MAX, modal, stack, table, text,
};
use serde_json::json;

/// The tab.
pub(super) fn tab(page: &Page) -> Vec<Block> {
    let viewer = &page.viewer;
    let is_admin = viewer.may >= May::Administer;
    if page.desks.0.is_empty() {
        let none = empty(viewer.say("There are no desks yet", "尚无服务台"));
        let none = match is_admin {
            true => none.text(viewer.say(
                "Tickets stay where they are. Begin with a preset, or make a first desk and mark it as central.",
                "工单不会被分派。请从预设开始，或新建第一个服务台并设为中心台。",
            )),
            false => none.text(viewer.say("An admin makes them.", "请由管理员建立。")),
        };
        let mut blocks = vec![none.into()];
        if is_admin {
            blocks.push(bar(page));
        }
        return blocks;
    }
    let mut blocks = vec![present(page)];
    if is_admin {
        blocks.push(bar(page));
    }
    blocks.push(all(page));
    blocks
}

/// Which preset the desks equal.
fn present(page: &Page) -> Block {
    let viewer = &page.viewer;
    match Preset::of(&page.desks, &page.top) {
        Some(preset) => {
            let told = viewer.say("These desks are the preset", "当前服务台符合预设");
            let name = badge(viewer.pick(preset.titles())).tone(Tone::Good);
            stack()
                .across()
                .block(text(told).quiet())
                .block(name)
                .into()
        }
        None => text(viewer.say(
            "These desks are your own: they equal no preset.",
            "当前服务台为自定义，不符合任何预设。",
        ))
        .quiet()
        .into(),
    }
}

/// Presets, and a new desk.
fn bar(page: &Page) -> Block {
    let viewer = &page.viewer;
    let mut bar = stack().across();
    for preset in Preset::ALL {
        let (english, chinese) = preset.titles();
        let title = viewer.language.pick(english, chinese);
        let asked = Action::new("preset").input(json!({ "preset": preset.name() }));
        bar = match page.desks.central() {
            // Only the first time somebody must say who answers.
            None => bar.block(modal(title, title).block(form(
                viewer.say("Make these desks", "建立服务台"),
                json!({
                    "type": "object", "required": ["group"],
                    "properties": { "group": { "type": "string", "x-format": "group", "title": "Group of the central desk", "x-title-zh-CN": "中心台的负责组" } },
                }),
                asked.primary(),
            ))),
            Some(_) => bar.block(button(title).action(asked.confirm(
                viewer.say("Make the desks those of this preset?", "应用此预设？"),
                viewer.say(
                    "What the desks were told besides stays; desks that the preset does not know are switched off. Tickets stay where they are.",
                    "服务台的其他设置保留；预设之外的服务台将停用。已有工单不受影响。",
                ),
            ))),
        };
    }
    if page.desks.0.len() < DESKS_MAX {
        let new = viewer.say("New desk", "新建服务台");
        bar = bar.block(button(new).action(Action::new("open-desk").input(json!({ "id": "" }))));
    }
    bar.into()
}

fn all(page: &Page) -> Block {
    let say = |english, chinese| page.viewer.say(english, chinese);
    let columns = [
        Column::text("name", say("Desk", "服务台")),
        Column::badge("role", say("Role", "角色")),
        Column::text("group", say("Group", "负责组")),
        Column::text("covers", say("Covers", "负责范围")),
        Column::text("strategy", say("Tickets", "工单分派")),
        Column::badge("attended", say("Now", "当前")),
        Column::text("who", say("Who", "在岗人员")),
        Column::integer("waiting", say("Waiting", "等待")),
    ];
    let mut sorted: Vec<_> = page.desks.0.iter().collect();
    sorted.sort_by_key(|(id, desk)| (!desk.enabled, !desk.central, desk.order, id.as_str()));
    let rows = sorted.into_iter().map(|(id, desk)| row(page, id, desk));
    table(columns).rows(rows).into()
}

fn row(page: &Page, id: &str, desk: &Desk) -> Row {
    let viewer = &page.viewer;
    let there = page.there.get(&desk.group);
    let free = there.into_iter().flat_map(|there| there.free(page.now));
    let free: Vec<&str> = free.map(|member| member.name.as_str()).collect();
    let attended = match (desk.enabled, free.is_empty()) {
        (false, _) => badge(viewer.say("off", "已停用")),
        (true, true) => badge(viewer.say("unattended", "无人值守")).tone(Tone::Bad),
        (true, false) => badge(viewer.say("attended", "有人值守")).tone(Tone::Good),
    };
    let waiting = page.waiting.get(id).copied().unwrap_or_default();
    let row = Row::new([
        Cell::from(desk.name.of(viewer.language)),
        role(page, desk).into(),
        Cell::from(page.group(&desk.group)),
        Cell::from(short(&covers(page, desk), CELL_CHARS_MAX)),
        Cell::from(viewer.pick(desk.strategy.titles())),
        attended.into(),
        Cell::from(short(&free.join(", "), CELL_CHARS_MAX)),
        Cell::from(u32::try_from(waiting).unwrap_or(u32::MAX)),
    ]);
    if viewer.may < May::Administer {
        return row;
    }
    let change = Action::new("open-desk").input(json!({ "id": id }));
    let row = row.button(button(viewer.say("Change", "修改")).action(change));
    if desk.central {
        return row;
    }
    let delete = Action::new("delete-desk")
        .input(json!({ "id": id }))
        .danger();
    let delete = delete.confirm(
        viewer.say("Delete this desk?", "删除此服务台？"),
        viewer.say(
            "Tickets that it has stay with their group.",
            "已有工单仍留在原组。",
        ),
    );
    row.button(button(viewer.say("Delete", "删除")).action(delete))
}

fn role(page: &Page, desk: &Desk) -> Option<Badge> {
    let viewer = &page.viewer;
    match (desk.central, desk.first) {
        (true, true) => Some(badge(
            viewer.say("central, takes first", "中心台，优先接收"),
        )),
        (true, false) => Some(badge(viewer.say("central", "中心台"))),
        _ => None,
    }
}

/// What a desk covers, in words.
fn covers(page: &Page, desk: &Desk) -> String {
    let viewer = &page.viewer;
    let covers = &desk.covers;
    let entries = covers.entries.iter().map(|id| page.entry(id));
    let parts = [
        entries.collect::<Vec<_>>().join(", "),
        covers.channels.join(", "),
        covers.kinds.join(", "),
        match covers.customer_groups.len() {
            0 => String::new(),
            count => format!("{count} {}", viewer.say("customer groups", "个客户组")),
        },
    ];
    let told: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    match told.is_empty() {
        true => viewer.say("everything", "全部").to_owned(),
        false => told.join(" · "),
    }
}

/// A desk, to be changed; a new one where the id is empty.
pub(super) fn opened(page: &Page, id: &str) -> View {
    let viewer = &page.viewer;
    let desk = page.desks.0.get(id);
    let title = match desk {
        Some(desk) => desk.name.of(viewer.language).to_owned(),
        None => viewer.say("New desk", "新建服务台").to_owned(),
    };
    let asked = desk_form::form_of(page, desk.map(|desk| (id, desk)));
    page.aside(super::page::DESKS, title, vec![asked.into()])
}
