//! Beside a ticket: which desk has it and why, who had it, and how it goes on.

use super::{choice, or_empty, problem, short, text_of, values};
use crate::{
    desk::all::Desks,
    engine::hand::HandOver,
    host::{
        Failure, actions,
        apply::{Rights, said_on},
        people, store, work,
    },
    limits::REASON_CHARACTERS_MAX,
    refusal::Refused,
    ticket::{
        kept::{Handler, Kept},
        seen::Stands,
    },
    time::rfc3339,
    viewer::{May, Viewer},
};
use guichet_sdk::{
    Error, directory_read, text_field,
    tickets_read::{self, Ticket},
    tickets_write,
    view::{
        Action, Answer, Block, ColumnKind, KeyValue, View, badge, button, form, key_value,
        limits::CELL_CHARS_MAX, modal, stack, text,
    },
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What is known of a ticket's handlers.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) kept: Kept,
    pub(super) desks: Desks,
    /// Names of groups and agents, by their ids.
    pub(super) names: BTreeMap<String, String>,
}

impl Known {
    fn of(ticket: &Ticket) -> Result<Self, Error> {
        let kept = store::kept(&ticket.id())?;
        let kept = kept.unwrap_or_else(|| said_on(ticket));
        let mut names = BTreeMap::new();
        for team in people::groups()? {
            names.insert(team.id, team.name);
        }
        for handler in kept.handlers.iter().rev().take(2) {
            if handler.agent.is_empty() || names.contains_key(&handler.agent) {
                continue;
            }
            match directory_read::agent(&handler.agent) {
                Ok(agent) => drop(names.insert(agent.id, agent.name)),
                Err(Error::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self {
            kept,
            desks: store::desks()?,
            names,
        })
    }

    fn desk<'a>(&'a self, viewer: &Viewer, id: &'a str) -> &'a str {
        let desk = self.desks.0.get(id);
        desk.map_or(id, |desk| desk.name.of(viewer.language))
    }

    fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.names.get(id).map_or(id, String::as_str)
    }

    /// Who has or had it, in words: the agent and the desk, or the group.
    fn handler(&self, viewer: &Viewer, handler: &Handler) -> String {
        let place = match handler.desk.as_str() {
            "" => self.name(&handler.group),
            desk => self.desk(viewer, desk),
        };
        let parts = [self.name(&handler.agent), place];
        let told: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        short(&told.join(" · "), CELL_CHARS_MAX)
    }
}

/// The sidebar of a ticket.
pub(super) fn view(viewer: &Viewer, ticket: &str) -> Result<View, Error> {
    // Who may not see the ticket sees nothing of it here.
    let ticket = tickets_read::get(ticket)?;
    Ok(shown(viewer, &Known::of(&ticket)?))
}

/// What is shown beside a ticket of which this is known.
pub(super) fn shown(viewer: &Viewer, known: &Known) -> View {
    let mut view = View::new(viewer.say("Desk", "服务台"));
    let kept = &known.kept;
    match kept.reason {
        None => {
            let none = viewer.say("No desk has looked at it yet.", "尚无服务台处理。");
            view = view.block(text(none).quiet());
        }
        Some(reason) => {
            let desk = match kept.desk.as_str() {
                "" => viewer.say("Of no desk", "不属于任何服务台"),
                desk => known.desk(viewer, desk),
            };
            let head = stack().across().block(text(desk).strong());
            let words = text(viewer.pick(reason.words())).tone(reason.tone());
            view = view.block(head).block(words);
            if kept.waits.is_some() {
                view = view.block(badge(viewer.say("waits for somebody free", "等待空闲客服")));
            }
            if !kept.handlers.is_empty() {
                view = view.block(handlers(viewer, known));
            }
        }
    }
    match viewer.may >= May::Work && !known.desks.0.is_empty() {
        true => view.blocks([handing(viewer, known), anew(viewer)]),
        false => view,
    }
}

fn handlers(viewer: &Viewer, known: &Known) -> KeyValue {
    let mut last = known.kept.handlers.iter().rev();
    let mut pairs = key_value();
    if let Some(current) = last.next() {
        pairs = pairs
            .pair(
                viewer.say("Now", "当前处理"),
                known.handler(viewer, current),
            )
            .typed(
                viewer.say("Since", "自"),
                ColumnKind::Instant,
                rfc3339(current.at),
            );
    }
    if let Some(previous) = last.next() {
        pairs = pairs
            .pair(
                viewer.say("Before", "之前处理"),
                known.handler(viewer, previous),
            )
            .typed(
                viewer.say("From", "始于"),
                ColumnKind::Instant,
                rfc3339(previous.at),
            );
    }
    if let Some(ring) = known.kept.ring {
        let key = viewer.say("Taken away where silent until", "未响应将收回于");
        pairs = pairs.typed(key, ColumnKind::Instant, rfc3339(ring));
    }
    pairs
}

fn handing(viewer: &Viewer, known: &Known) -> Block {
    use crate::language::Language::{Chinese, English};
    let title = viewer.say("Hand over", "转交");
    let desks = known.desks.enabled();
    let desks = desks.map(|(id, desk)| (id, desk.name.of(English), desk.name.of(Chinese)));
    let none = [("", "none: only to the agent", "不指定，仅转交给客服")];
    let schema = json!({
        "type": "object", "required": ["reason"], "x-order": ["desk", "agent", "reason"],
        "properties": {
            "desk": choice("To the desk", "转交给服务台", none.into_iter().chain(desks)),
            "agent": { "type": "string", "x-format": "agent", "title": "To the agent", "x-title-zh-CN": "转交给客服" },
            "reason": {
                "type": "string", "minLength": 1, "maxLength": REASON_CHARACTERS_MAX, "format": "multi-line", "title": "Reason", "x-title-zh-CN": "原因",
                "description": "It stands in the ticket's history.", "x-description-zh-CN": "将记入工单历史。",
            },
        },
    });
    let action = Action::new("hand-over").primary();
    modal(title, title)
        .block(form(title, schema, action))
        .into()
}

fn anew(viewer: &Viewer) -> Block {
    let route = Action::new("route").confirm(
        viewer.say("Route this ticket anew?", "重新分派此工单？"),
        viewer.say(
            "Whoever has it has it no more, unless a desk gives it to him again.",
            "当前处理人将不再负责，除非服务台再次分派给他。",
        ),
    );
    button(viewer.say("Route anew", "重新分派"))
        .action(route)
        .into()
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Filled {
    #[serde(deserialize_with = "or_empty")]
    desk: String,
    #[serde(deserialize_with = "or_empty")]
    agent: String,
    #[serde(deserialize_with = "or_empty")]
    reason: String,
}

/// Does what an action of the sidebar says, with what the viewer may do himself.
pub(super) fn act(
    viewer: &Viewer,
    ticket: &str,
    action: &str,
    input: &Value,
) -> Result<Answer, Failure> {
    if viewer.may < May::Work {
        return Err(Refused::NotAgent.into());
    }
    let before = tickets_read::get(ticket)?;
    match action {
        "route" => {
            may_work(ticket)?;
            work::ask_route(ticket)?;
            let told = "It is routed anew within a moment.";
            return Ok(Answer::toast(viewer.say(told, "稍后即重新分派。")));
        }
        "hand-over" => {
            may_work(ticket)?;
            let filled = Filled::deserialize(values(input)).unwrap_or_default();
            let wish = HandOver {
                desk: filled.desk,
                group: text_of(input, "group").to_owned(),
                agent: filled.agent,
                reason: filled.reason,
            };
            actions::hand_over(ticket, &wish, Rights::Viewers)?;
        }
        _ => {
            return Ok(problem(
                viewer.say("There is no such action.", "没有此操作。"),
            ));
        }
    }
    // As it was decided: whoever gave it away may not see it any more.
    let view = shown(viewer, &Known::of(&before)?);
    Ok(Answer::view(view).and_toast(viewer.say("Done.", "已完成。")))
}

/// Refused where the viewer may not give the ticket to anybody: it is given to whoever has it, which changes nothing.
fn may_work(ticket: &str) -> Result<(), Failure> {
    let present = tickets_read::get(ticket)?;
    if !matches!(
        Stands::of(&present.state()),
        Some(Stands::Live | Stands::Pending)
    ) {
        return Err(Refused::Over.into());
    }
    let arguments = [
        text_field("group", present.group().unwrap_or_default()),
        text_field("assignee", present.assignee().unwrap_or_default()),
    ];
    Ok(tickets_write::transition(ticket, "assign", &arguments)?)
}
