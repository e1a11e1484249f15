//! The page's actions: what is looked at next, what admins and supervisors change, and what the viewer says of himself.

use super::{
    desk_form, desks, item_form, me, menu,
    page::{DESKS, MENU, Page, SHIFTS},
    problem, shift_form, shifts, text_of, values,
};
use crate::{
    host::{
        Failure,
        actions::{self, ApplyPreset},
        menu::{Change, carry_out},
        model::{self, Carried, Known},
        store, work,
    },
    limits::WRITES_OF_ACTION_MAX,
    people::presence::Presence,
    refusal::Refused,
    viewer::{May, Viewer},
};
use guichet_sdk::{
    clock,
    view::{Answer, View},
};
use serde_json::Value;

/// Does what an action of the page says.
pub(super) fn act(viewer: Viewer, action: &str, input: &Value) -> Result<Answer, Failure> {
    let group = text_of(input, "group").to_owned();
    let page = |viewer: Viewer| Page::open(viewer, &group);
    match action {
        "back" => Ok(Answer::view(page(viewer)?.view(text_of(input, "tab")))),
        "shifts" => Ok(Answer::view(page(viewer)?.view(SHIFTS))),
        "presence" => {
            if viewer.id.is_empty() || viewer.may < May::Work {
                return Err(Refused::NotAgent.into());
            }
            let presence = presence(&viewer, input)?;
            let view = me::alone(&viewer, presence, clock::now());
            Ok(Answer::view(view).and_toast(viewer.say("Done.", "已完成。")))
        }
        "open-shift" | "save-shift" => {
            at_least(&viewer, May::Supervise, Refused::NotSupervisor)?;
            let agent = text_of(input, "agent");
            if action == "open-shift" {
                return Ok(Answer::view(shifts::opened(&page(viewer)?, agent)));
            }
            actions::save_shift(agent, &shift_form::read(input)?)?;
            shown(viewer, &group, SHIFTS)
        }
        _ => {
            at_least(&viewer, May::Administer, Refused::NotAdmin)?;
            administer(viewer, action, input)
        }
    }
}

fn at_least(viewer: &Viewer, may: May, refused: Refused) -> Result<(), Failure> {
    match viewer.may >= may {
        true => Ok(()),
        false => Err(refused.into()),
    }
}

fn administer(viewer: Viewer, action: &str, input: &Value) -> Result<Answer, Failure> {
    let looked = |view: View| Ok(Answer::view(view));
    match action {
        "open-desk" => looked(desks::opened(
            &Page::open(viewer, "")?,
            text_of(input, "id"),
        )),
        "save-desk" => {
            let (id, desk) = desk_form::read(input)?;
            let (id, known) = match input.get("new") == Some(&Value::Bool(true)) {
                true => (id.as_str(), Known::Not),
                false => (text_of(input, "id"), Known::Already),
            };
            model::save(id, desk, known)?;
            shown(viewer, "", DESKS)
        }
        "delete-desk" => {
            model::delete(text_of(input, "id"))?;
            shown(viewer, "", DESKS)
        }
        "preset" => {
            let wish = ApplyPreset {
                preset: text_of(input, "preset").to_owned(),
                group: text_of(values(input), "group").to_owned(),
            };
            match model::apply_preset(&wish, WRITES_OF_ACTION_MAX)? {
                Carried::Done => shown(viewer, "", DESKS),
                Carried::Later => Ok(Answer::toast(viewer.say(
                    "Many desks change: this is done in the background, within seconds.",
                    "涉及服务台较多，正在后台处理，数秒内完成。",
                ))),
            }
        }
        "open-item" => looked(menu::opened(
            &Page::open(viewer, "")?,
            text_of(input, "key"),
        )),
        "save-item" => {
            let item = item_form::read(input)?;
            carry_out(match text_of(input, "key") {
                "" => Change::Make(item),
                key => Change::Edit(key.to_owned(), item),
            })?;
            shown(viewer, "", MENU)
        }
        "delete-item" => {
            carry_out(Change::Delete(text_of(input, "key").to_owned()))?;
            shown(viewer, "", MENU)
        }
        "menu-template" => {
            carry_out(Change::Begin)?;
            shown(viewer, "", MENU)
        }
        _ => Ok(problem(
            viewer.say("There is no such action.", "没有此操作。"),
        )),
    }
}

/// The page after something was done.
fn shown(viewer: Viewer, group: &str, tab: &str) -> Result<Answer, Failure> {
    let done = viewer.say("Done.", "已完成。");
    let view = Page::open(viewer, group)?.view(tab);
    Ok(Answer::view(view).and_toast(done))
}

/// The viewer says whether he is away.
fn presence(viewer: &Viewer, input: &Value) -> Result<Presence, Failure> {
    let minutes = input.get("minutes").and_then(Value::as_u64);
    let minutes = u32::try_from(minutes.unwrap_or_default()).unwrap_or(u32::MAX);
    let presence = match input.get("away") == Some(&Value::Bool(true)) {
        true => Presence::away(clock::now(), minutes),
        false => Presence::default(),
    };
    store::put_presence(&viewer.id, presence)?;
    // Who is back may have what waits.
    if !presence.away {
        work::look_soon()?;
    }
    Ok(presence)
}
