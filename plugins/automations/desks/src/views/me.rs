//! The viewer himself: there, or away.

use super::page::{ME, Page};
use crate::{people::presence::Presence, time::rfc3339, viewer::Viewer};
use guichet_sdk::view::{
    Action, Block, ColumnKind, Tone, View, badge, button, key_value, stack, text,
};
use serde_json::json;

/// For how long somebody may be away at a press: minutes, in English and in Chinese.
const AWAY: [(u32, &str, &str); 4] = [
    (15, "Away for 15 minutes", "离开 15 分钟"),
    (60, "Away for an hour", "离开 1 小时"),
    (240, "Away for 4 hours", "离开 4 小时"),
    (0, "Away until I am back", "离开，直到我回来"),
];

/// The tab.
pub(super) fn tab(page: &Page) -> Vec<Block> {
    blocks(&page.viewer, page.presence, page.now)
}

/// The same in the place of the page: nothing is read for it but the viewer's own presence, however many others there are.
pub(super) fn alone(viewer: &Viewer, presence: Presence, now: u64) -> View {
    let back = Action::new("back").input(json!({ "tab": ME }));
    View::new(viewer.say("My presence", "我的状态"))
        .block(button(viewer.say("Back", "返回")).action(back))
        .blocks(blocks(viewer, presence, now))
}

fn blocks(viewer: &Viewer, presence: Presence, now: u64) -> Vec<Block> {
    let is_away = presence.is_away(now);
    let state = match is_away {
        true => badge(viewer.say("away", "离开")).tone(Tone::Wait),
        false => badge(viewer.say("there", "在岗")).tone(Tone::Good),
    };
    let mut blocks: Vec<Block> = vec![
        stack()
            .across()
            .block(text(viewer.say("You are", "您当前")).quiet())
            .block(state)
            .into(),
    ];
    if let Some(until) = presence.until.filter(|_| is_away) {
        let pairs = key_value().typed(
            viewer.say("Until", "直到"),
            ColumnKind::Instant,
            rfc3339(until),
        );
        blocks.push(pairs.into());
    }
    let mut bar = stack().across();
    if is_away {
        let back = Action::new("presence")
            .input(json!({ "away": false }))
            .primary();
        bar = bar.block(button(viewer.say("I am back", "我回来了")).action(back));
    }
    for (minutes, english, chinese) in AWAY {
        let away = Action::new("presence").input(json!({ "away": true, "minutes": minutes }));
        bar = bar.block(button(viewer.say(english, chinese)).action(away));
    }
    blocks.push(bar.into());
    let about = viewer.say(
        "While you are away, no desk gives you tickets. What you have stays with you; where you do nothing for too long, it goes to somebody else.",
        "离开期间不会向您分派新工单。已有工单仍归您处理；长时间未响应则转给他人。",
    );
    blocks.push(text(about).quiet().into());
    blocks
}
