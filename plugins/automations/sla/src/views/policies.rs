//! The policies in their order, and what can be done with them.

use super::page::Page;
use crate::{
    kind::Kind,
    policy::{DEFAULT, Policy, Target},
};
use guichet_sdk::view::{
    Action, Block, Button, Cell, Column, Row, Tone, badge, button, cells, empty, table, text,
};
use serde_json::json;

pub(super) fn tab(page: &Page) -> Vec<Block> {
    let new =
        || button(page.say("New policy", "新建策略")).action(Action::new("policy-new").primary());
    if page.policies.is_empty() {
        let none = empty(page.say("No policies yet", "尚无策略")).text(page.say(
            "A policy says for which tickets it is, and how long a reply and a resolution may take.",
            "策略规定适用的工单范围，以及回复与解决的时限。",
        ));
        return vec![match page.is_admin {
            true => none.button(new()).into(),
            false => none.into(),
        }];
    }
    let say = |english, chinese| page.say(english, chinese);
    let columns = [
        Column::integer("place", say("Place", "顺序")),
        Column::text("name", say("Name", "名称")),
        Column::text("for", say("For", "适用范围")),
        Column::text("calendar", say("Calendar", "日历")),
        Column::text("targets", say("Targets", "目标")),
        Column::integer("version", say("Version", "版本")),
        Column::badge("state", say("State", "状态")),
    ];
    let last = page.policies.len() - 1;
    let rows = page
        .policies
        .iter()
        .enumerate()
        .map(|(index, (id, policy))| {
            let state = match policy.enabled {
                true => badge(say("on", "启用")).tone(Tone::Good),
                false => badge(say("off", "停用")),
            };
            let row = Row::from(cells![
                index as i64 + 1,
                policy.name.say(page.language),
                scope(page, policy),
                page.calendar_name(&policy.calendar),
                targets(page, policy),
                policy.version,
                state
            ]);
            match page.is_admin {
                true => buttons(page, id, policy, index == 0, index == last)
                    .into_iter()
                    .fold(row, Row::button),
                false => row,
            }
        });
    let all = table(columns).rows(rows);
    let order = text(say(
        "A policy is for a ticket where all of its lists fit. Of these, the one that stands deepest in the catalog wins; among equals, the first here.",
        "工单须满足策略的全部条件。多个策略适用时，目录层级最深者优先；相同时取排在最前者。",
    ))
    .quiet();
    match page.is_admin {
        true => vec![new().into(), all.into(), order.into()],
        false => vec![
            all.into(),
            order.into(),
            text(say(
                "Only admins may change policies.",
                "仅管理员可修改策略。",
            ))
            .quiet()
            .into(),
        ],
    }
}

fn buttons(page: &Page, id: &str, policy: &Policy, is_first: bool, is_last: bool) -> Vec<Button> {
    let say = |english, chinese| page.say(english, chinese);
    let act = |name: &str| Action::new(name).input(json!({ "id": id }));
    let here = |button: Button, is_there: bool| match is_there {
        true => button.disabled(say("It is there already", "已在此位置")),
        false => button,
    };
    let (turn, enabled) = match policy.enabled {
        true => (say("Switch off", "停用"), false),
        false => (say("Switch on", "启用"), true),
    };
    let switch = Action::new("policy-switch").input(json!({ "id": id, "enabled": enabled }));
    let delete = act("policy-delete").danger().confirm(
        say("Delete the policy?", "删除该策略？"),
        say(
            "Tickets under it go over to another policy, or lose their clocks.",
            "适用该策略的工单将转到其他策略，或失去时钟。",
        ),
    );
    vec![
        button(say("Edit", "编辑")).action(act("policy-edit")),
        here(button(say("Up", "上移")).action(act("policy-up")), is_first),
        here(
            button(say("Down", "下移")).action(act("policy-down")),
            is_last,
        ),
        button(turn).action(switch),
        button(say("Delete", "删除")).action(delete),
    ]
}

/// For which tickets, in a line.
fn scope(page: &Page, policy: &Policy) -> Cell {
    let say = |english, chinese| page.say(english, chinese);
    let lists = [
        (say("customer groups", "客户组"), policy.who.len()),
        (say("catalog entries", "目录项"), policy.what.len()),
        (say("classes", "等级"), policy.classes.len()),
        (say("kinds", "类型"), policy.kinds.len()),
        (say("channels", "渠道"), policy.channels.len()),
        (say("groups", "客服组"), policy.groups.len()),
        (say("priorities", "优先级"), policy.priorities.len()),
    ];
    let said: Vec<_> = lists
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{name}: {count}"))
        .collect();
    match said.is_empty() {
        true => say("all tickets", "所有工单").into(),
        false => said.join(", ").into(),
    }
}

/// `First reply 1: 30m, others: 4h`.
fn targets(page: &Page, policy: &Policy) -> String {
    let one = |target: &Target| {
        let within = target.within.iter().map(|(priority, time)| {
            let whose = match priority.as_str() {
                DEFAULT => page.say("others", "其他"),
                one => one.to_owned(),
            };
            format!("{whose}: {time}")
        });
        let within: Vec<_> = within.collect();
        format!(
            "{} {}",
            Kind::title(target.clock, page.language),
            within.join(", ")
        )
    };
    let all: Vec<_> = policy.targets.iter().map(one).collect();
    all.join("; ").chars().take(1_000).collect()
}
