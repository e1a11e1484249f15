//! Trying out: what would be due, and at which instants marks would ring.

use super::{calendars::titles, page::Page};
use crate::{
    choice::{Asked, choose},
    complaint::Wrong,
    kind::Kind,
    plan::Plan,
    policy::{Policy, label},
    time::{parse, rfc3339},
};
use guichet_calendar::{Clock, Instant, Mark, Micros};
use guichet_sdk::view::{
    Action, Block, Column, Entry, Misfit, Row, Tone, cells, form, table, text, timeline,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Stands for "whichever would be chosen".
const CHOSEN: &str = "chosen";

/// What the form holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct Values {
    policy: String,
    who: Vec<String>,
    path: Vec<String>,
    class: String,
    kind: String,
    channel: String,
    group: String,
    priority: u8,
    start: String,
    within: String,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            policy: CHOSEN.to_owned(),
            who: Vec::new(),
            path: Vec::new(),
            class: String::new(),
            kind: String::new(),
            channel: String::new(),
            group: String::new(),
            priority: 3,
            start: String::new(),
            within: String::new(),
        }
    }
}

/// What was tried, and what came of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Tried {
    values: Values,
    found: Option<Found>,
}

#[derive(Debug, Clone, PartialEq)]
enum Found {
    NoPolicy,
    Policy {
        name: String,
        calendar: String,
        clocks: Vec<Forecast>,
    },
}

/// A clock as it would be.
#[derive(Debug, Clone, PartialEq)]
struct Forecast {
    kind: Kind,
    target: Micros,
    due: Option<Instant>,
    marks: Vec<Mark>,
}

/// Tries out what the form says, or tells what is wrong with it.
pub(super) fn attempt(page: &Page, values: Values) -> Result<Tried, Vec<Misfit>> {
    let misfit = |pointer: &str, detail: String| {
        vec![Misfit {
            pointer: pointer.to_owned(),
            detail,
        }]
    };
    let start = match values.start.trim() {
        "" => page.now,
        text => parse(text).ok_or_else(|| {
            misfit(
                "/start",
                page.say(
                    "write an instant such as 2026-10-08T09:00:00+08:00",
                    "请填写时间，例如 2026-10-08T09:00:00+08:00",
                ),
            )
        })?,
    };
    let Some((id, policy)) = policy(page, &values) else {
        return Ok(Tried {
            values,
            found: Some(Found::NoPolicy),
        });
    };
    let Some(calendar) = page.calendar(&policy.calendar) else {
        let wrong = Wrong::Unknown(policy.calendar.clone());
        return Err(misfit("/policy", wrong.say(page.language)));
    };
    let named = label(&policy.calendar, 1);
    let mut plan = Plan::of(id, policy, values.priority, &named, calendar);
    if !values.within.trim().is_empty() {
        let within = calendar
            .parse_duration(&values.within)
            .map_err(|error| misfit("/within", Wrong::Duration(error).say(page.language)))?;
        for planned in plan.clocks.values_mut() {
            planned.terms.target = within;
        }
    }
    let mut clocks = Vec::new();
    for (kind, planned) in plan.clocks {
        let target = planned.terms.target;
        let begun = Clock::new(planned.terms).map_err(|_| Wrong::Nothing);
        let mut clock = begun.map_err(|wrong| misfit("/within", wrong.say(page.language)))?;
        // A clock that waits can be started.
        if clock.start(start).is_ok() {
            clocks.push(Forecast {
                kind,
                target,
                due: clock.due(calendar),
                marks: clock.marks(calendar),
            });
        }
    }
    Ok(Tried {
        found: Some(Found::Policy {
            name: policy.name.say(page.language).to_owned(),
            calendar: page.calendar_name(&policy.calendar),
            clocks,
        }),
        values,
    })
}

fn policy<'a>(page: &'a Page, values: &'a Values) -> Option<(&'a str, &'a Policy)> {
    let asked = Asked {
        groups_of_customer: values.who.clone(),
        path: values.path.clone(),
        class: values.class.clone(),
        kind: values.kind.clone(),
        channel: values.channel.clone(),
        group: values.group.clone(),
        priority: values.priority,
    };
    let all = page
        .policies
        .iter()
        .map(|(id, policy)| (id.as_str(), policy));
    let id = match values.policy.as_str() {
        CHOSEN => choose(all, &asked)?,
        id => id,
    };
    Some((id, page.policy(id)?))
}

pub(super) fn tab(page: &Page) -> Vec<Block> {
    let say = |english: &str, chinese: &str| page.say(english, chinese);
    let chosen = (CHOSEN.to_owned(), say("Whichever is chosen", "自动选择"));
    let policies = page
        .policies
        .iter()
        .map(|(id, policy)| (id.clone(), policy.name.say(page.language).to_owned()));
    let choices: Vec<_> = [chosen].into_iter().chain(policies).collect();
    let ids: Vec<&str> = choices.iter().map(|(id, _)| id.as_str()).collect();
    let word = |title: String| json!({ "type": "string", "title": title, "maxLength": 100 });
    let words = |title: String| json!({ "type": "array", "title": title, "maxItems": 20, "items": { "type": "string" } });
    let schema = json!({
        "type": "object",
        "required": ["policy", "priority"],
        "x-order": ["policy", "priority", "start", "within", "who", "path", "class", "kind", "channel", "group"],
        "properties": {
            "policy": { "type": "string", "title": say("Policy", "策略"), "enum": ids, "x-enum-titles": titles(&choices, page.language) },
            "priority": { "type": "integer", "title": say("Priority", "优先级"), "minimum": 1, "maximum": 4 },
            "start": { "type": "string", "format": "date-time", "title": say("Begins", "开始时间"), "description": say("Empty: now.", "留空表示现在。") },
            "within": { "type": "string", "title": say("Another target", "另设目标"), "maxLength": 20, "description": say("Such as 4h; empty: as the policy says.", "例如 4h；留空则按策略。") },
            "who": words(say("Customer groups", "客户组")),
            "path": words(say("Catalog entries, from the root", "目录项（自根开始）")),
            "class": word(say("SLA class", "服务等级")),
            "kind": word(say("Kind of ticket", "工单类型")),
            "channel": word(say("Channel", "渠道")),
            "group": word(say("Group of agents", "客服组")),
        },
    });
    let mut asked = form(say("Try out", "试算"), schema, Action::new("try").primary())
        .values(serde_json::to_value(&page.tried.values).unwrap_or_default());
    for field in ["who", "path", "class", "kind", "channel", "group"] {
        asked = asked.shown_when(field, "policy", CHOSEN);
    }
    let mut blocks: Vec<Block> = vec![asked.into()];
    match &page.tried.found {
        None => {}
        Some(Found::NoPolicy) => blocks.push(
            text(say("No policy is for such a ticket.", "没有适用的策略。"))
                .strong()
                .into(),
        ),
        Some(Found::Policy {
            name,
            calendar,
            clocks,
        }) => {
            let found = say(
                &format!("Policy {name}, measured by {calendar}"),
                &format!("策略：{name}，按日历“{calendar}”计时"),
            );
            blocks.push(text(found).strong().into());
            blocks.push(drawn_table(page, clocks));
            blocks.push(drawn_line(page, clocks));
        }
    }
    blocks
}

fn drawn_table(page: &Page, clocks: &[Forecast]) -> Block {
    let columns = [
        Column::text("clock", page.say("Clock", "时钟")),
        Column::text("target", page.say("Target", "目标")),
        Column::integer("percent", page.say("Mark in percent", "阈值（%）")),
        Column::instant("at", page.say("Rings", "触发时间")),
    ];
    let rows = clocks.iter().flat_map(|clock| {
        clock.marks.iter().map(|mark| {
            Row::from(cells![
                clock.kind.title(page.language),
                page.language.span(clock.target),
                u32::from(mark.percent),
                rfc3339(mark.at)
            ])
        })
    });
    table(columns).rows(rows).into()
}

fn drawn_line(page: &Page, clocks: &[Forecast]) -> Block {
    let mut entries: Vec<(Instant, Entry)> = clocks
        .iter()
        .flat_map(|clock| {
            clock.marks.iter().map(|mark| {
                let title = format!("{} {} %", clock.kind.title(page.language), mark.percent);
                let tone = match mark.percent {
                    100.. => Tone::Bad,
                    _ => Tone::Wait,
                };
                let entry = Entry::new(rfc3339(mark.at), title).tone(tone);
                let entry = match clock.due == Some(mark.at) {
                    true => entry.text(page.say("Due", "到期")),
                    false => entry,
                };
                (mark.at, entry)
            })
        })
        .collect();
    entries.sort_by_key(|(at, _)| *at);
    let line = timeline(page.say("What would ring", "触发顺序"));
    let entries = entries.into_iter().map(|(_, entry)| entry);
    entries
        .fold(line, guichet_sdk::view::Timeline::entry)
        .into()
}
