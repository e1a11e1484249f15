//! The clocks of a ticket: how far each has come, when it is due, for what it waits.

use crate::{
    kept::Kept, kind::Kind, library::Library, shelf::Shelf, stage::Stage, store, time::rfc3339,
    words::Language,
};
use guichet_calendar::{Clock, Instant, Micros, State};
use guichet_sdk::{
    Error, clock,
    view::{ColumnKind, Tone, View, badge, empty, key_value, progress, stack, text},
};

pub(super) fn of(subject: &str, language: Language) -> Result<View, Error> {
    let subject: serde_json::Value =
        serde_json::from_str(subject).map_err(|error| store::invalid(&error))?;
    let ticket = subject["ticket"].as_str().unwrap_or_default();
    let Some(kept) = store::clocks(ticket)? else {
        return Ok(none(language));
    };
    let mut library = Library::default();
    library.fetch_for(&kept)?;
    let name = match &kept.chosen {
        Some(chosen) => {
            let policy = library.policy(&chosen.id)?;
            policy.map(|policy| policy.name.say(language).to_owned())
        }
        None => None,
    };
    let now = clock::now().into();
    Ok(view(&kept, name.as_deref(), &library.shelf, now, language))
}

fn none(language: Language) -> View {
    View::new(language.say("Service levels", "服务级别")).block(
        empty(language.say("No service level", "无服务级别"))
            .text(language.say("No policy is for this ticket.", "没有适用于此工单的策略。")),
    )
}

/// The view, of what was read.
pub(super) fn view(
    kept: &Kept,
    policy: Option<&str>,
    shelf: &Shelf,
    now: Instant,
    language: Language,
) -> View {
    if kept.clocks.is_empty() {
        return none(language);
    }
    let mut view = View::new(language.say("Service levels", "服务级别"));
    if kept.is_hidden() {
        let hidden = language.say(
            "The ticket is merged or deleted: its clocks tell nothing until it is back.",
            "工单已合并或删除：恢复之前时钟不会提醒。",
        );
        view = view.block(text(hidden).quiet());
    }
    for (kind, clock) in &kept.clocks {
        view = view.block(one(*kind, clock, shelf, now, language));
    }
    match &kept.chosen {
        Some(chosen) => {
            let name = policy.unwrap_or(&chosen.id);
            let version = chosen.version;
            view.block(
                text(language.say(
                    &format!("Policy {name}, version {version}"),
                    &format!("策略：{name}，版本 {version}"),
                ))
                .quiet(),
            )
        }
        None => view,
    }
}

fn one(
    kind: Kind,
    clock: &Clock,
    shelf: &Shelf,
    now: Instant,
    language: Language,
) -> guichet_sdk::view::Stack {
    let calendar = shelf.get(&clock.terms().calendar);
    let target = clock.terms().target;
    let elapsed = match clock.state().is_live() {
        true => clock.elapsed(calendar, now),
        false => clock.elapsed(calendar, Instant::FIRST),
    };
    let stage = Stage::when(clock.state(), clock.terms(), elapsed);
    let said = match (stage, clock.state()) {
        (Some(stage), _) => stage.title(language),
        (None, State::Waiting) => language.say("not begun", "未开始"),
        (None, _) => language.say("cancelled", "已取消"),
    };
    let percent = i128::from(elapsed.0) * 100 / i128::from(target.0.max(1));
    let shown = elapsed.0.clamp(0, target.0) as f64 / target.0.max(1) as f64;
    let used = match percent > 100 {
        true => language.say(&format!("Used: {percent} %"), &format!("已用：{percent} %")),
        false => language.say("Used", "已用"),
    };
    let bar = progress(used).percent(shown * 100.0).tone(tone(stage));
    let time = |time: Micros| language.span(time);
    let mut pairs = key_value()
        .typed(
            language.say("State", "状态"),
            ColumnKind::Badge,
            badge(said).tone(tone(stage)),
        )
        .typed(
            language.say("Elapsed", "已用"),
            ColumnKind::Text,
            time(elapsed),
        )
        .typed(
            language.say("Target", "目标"),
            ColumnKind::Text,
            time(target),
        );
    if clock.state().is_live() {
        let left = language.say("Remaining", "剩余");
        pairs = pairs.typed(left, ColumnKind::Text, time(target - elapsed));
    }
    if let Some(due) = clock.due(calendar) {
        pairs = pairs.typed(
            language.say("Due", "到期"),
            ColumnKind::Instant,
            rfc3339(due),
        );
    }
    for paused in clock.paused(calendar, now) {
        let key = language.say(
            &format!("Paused, of business time: {}", paused.reason),
            &format!("暂停（工作时间）：{}", paused.reason),
        );
        pairs = pairs.typed(key, ColumnKind::Text, time(paused.business));
    }
    if clock.state() == State::Running
        && !calendar.is_open(now)
        && let Some(next) = calendar.next_open(now)
    {
        let key = language.say("Closed; opens", "非工作时间，下次开始");
        pairs = pairs.typed(key, ColumnKind::Instant, rfc3339(next));
    }
    if clock.cycle() > 1 {
        let key = language.say("Cycle", "周期");
        pairs = pairs.typed(key, ColumnKind::Integer, i64::from(clock.cycle()));
    }
    stack()
        .title(kind.title(language))
        .framed()
        .block(bar)
        .block(pairs)
}

fn tone(stage: Option<Stage>) -> Tone {
    match stage {
        None | Some(Stage::Paused) => Tone::Plain,
        Some(Stage::Met | Stage::Running) => Tone::Good,
        Some(Stage::Warning) => Tone::Wait,
        Some(Stage::Missed) => Tone::Bad,
    }
}
