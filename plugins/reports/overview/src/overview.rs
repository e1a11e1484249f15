//! The report `overview`: what came in and what was solved, the backlog, and how long solving took.

use crate::{
    asked::Asked,
    calendar::{self, Bucket, Unit},
    counting::{self, Measured},
    filter::{self, Filter},
    table::{self, Made},
};
use guichet_sdk::{Answer, Error, Table, Value, clock};
use jiff::Timestamp;

/// Mean instants of tickets that were solved: their difference is the mean of the differences.
const SOLVING: [&str; 2] = ["avg:created_at", "avg:solved_at"];

pub(crate) fn make(asked: &Asked) -> Result<Answer, Error> {
    let language = asked.language;
    let (created, solved, open) = (
        Filter::created(asked),
        Filter::solved(asked),
        Filter::open(asked),
    );
    let nobodys = open.and(&filter::is("assignee", None));
    let reopened = solved.and("reopen_count > 0");
    let solving = counting::total(&solved, &SOLVING)?;
    let backlog = counting::total(&open, &["avg:created_at", "min:created_at"])?;

    let title = |english: &str, chinese: &str| language.say(english, chinese);
    let mut numbers = Made::new(
        "numbers",
        title("Numbers", "数量"),
        &[
            ("measure", title("Measure", "指标"), "text"),
            ("tickets", title("Tickets", "工单数"), "integer"),
        ],
    );
    let mut number = |english: &str, chinese: &str, count: u64, behind: &Filter| {
        numbers.row(
            vec![
                Value::Text(language.say(english, chinese)),
                table::count(count),
            ],
            behind.text(),
        );
    };
    number("Created", "新建", counting::count(&created)?, &created);
    number("Solved", "已解决", solving.count, &solved);
    number(
        "Solved, and reopened before",
        "已解决（曾重新打开）",
        counting::count(&reopened)?,
        &reopened,
    );
    number("Backlog now", "当前积压", backlog.count, &open);
    number(
        "Backlog of nobody",
        "无人处理的积压",
        counting::count(&nobodys)?,
        &nobodys,
    );

    let unit = Unit::of(asked.from, asked.to);
    let buckets = calendar::buckets(asked, unit)?;
    let came = counting::by(&created, &unit.group("created_at"), &[])?;
    let went = counting::by(&solved, &unit.group("solved_at"), &[])?;
    let days = days(asked, unit, &buckets, &came, &went);

    Ok(Answer {
        charts: vec![
            table::chart(
                title("Numbers", "数量"),
                "number",
                "numbers",
                "measure",
                &["tickets"],
            ),
            table::chart(
                title("Created and solved", "新建与解决"),
                "line",
                "days",
                "day",
                &["created", "solved"],
            ),
        ],
        tables: vec![
            numbers.done(),
            days,
            times(asked, &solving, &backlog, now()),
        ],
        extra: Vec::new(),
    })
}

fn now() -> Option<Timestamp> {
    table::instant(Some(&Value::Instant(clock::now())))
}

/// How long things take: means, and the longest.
fn times(asked: &Asked, solving: &Measured, backlog: &Measured, now: Option<Timestamp>) -> Table {
    let language = asked.language;
    let mut times = Made::new(
        "times",
        language.say("Times", "时长"),
        &[
            ("measure", language.say("Measure", "指标"), "text"),
            ("time", language.say("Time", "时长"), "duration"),
        ],
    );
    let solving = table::duration(solving.instant(0), solving.instant(1));
    let mean_age = table::duration(backlog.instant(0), now);
    let oldest = table::duration(backlog.instant(1), now);
    let (solved, open) = (Filter::solved(asked), Filter::open(asked));
    for (english, chinese, time, behind) in [
        (
            "Mean time to solution",
            "平均解决时长",
            solving,
            solved.text(),
        ),
        (
            "Mean age of the backlog",
            "积压平均时长",
            mean_age,
            open.text(),
        ),
        ("Oldest of the backlog", "积压最长时长", oldest, open.text()),
    ] {
        times.row(
            vec![Value::Text(language.say(english, chinese)), time],
            behind,
        );
    }
    times.done()
}

/// What came in and what was solved in each bucket, those without any among them.
fn days(
    asked: &Asked,
    unit: Unit,
    buckets: &[Bucket],
    came: &[(Value, Measured)],
    went: &[(Value, Measured)],
) -> Table {
    let language = asked.language;
    let (name, title) = match unit {
        Unit::Day => (language.say("Day", "日期"), language.say("By day", "按天")),
        Unit::Week => (
            language.say("Week from", "周起始"),
            language.say("By week", "按周"),
        ),
        Unit::Month => (
            language.say("Month", "月份"),
            language.say("By month", "按月"),
        ),
    };
    let mut days = Made::new(
        "days",
        title,
        &[
            ("day", name, "text"),
            ("created", language.say("Created", "新建"), "integer"),
            ("solved", language.say("Solved", "已解决"), "integer"),
        ],
    );
    let (came, went) = (spread(buckets, came), spread(buckets, went));
    for (index, bucket) in buckets.iter().enumerate() {
        let behind = Filter::moved(asked, bucket.from, bucket.to);
        days.row(
            vec![
                Value::Text(bucket.name.clone()),
                table::count(came[index]),
                table::count(went[index]),
            ],
            behind.text(),
        );
    }
    days.done()
}

/// Counts by bucket.
fn spread(buckets: &[Bucket], groups: &[(Value, Measured)]) -> Vec<u64> {
    let mut counts = vec![0; buckets.len()];
    for (begun, measured) in groups {
        let place = table::instant(Some(begun)).and_then(|at| calendar::place(buckets, at));
        if let Some(place) = place {
            counts[place] += measured.count;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(locale: &str) -> Asked {
        let parameters = serde_json::json!({ "from": "2026-11-22T16:00:00Z", "to": "2026-11-25T16:00:00Z", "zone": "Asia/Shanghai", "locale": locale });
        Asked::read(&parameters.to_string()).unwrap()
    }

    fn group(at: &str, count: u64) -> (Value, Measured) {
        let at: Timestamp = at.parse().unwrap();
        let measured = Measured {
            count,
            instants: Vec::new(),
        };
        (
            Value::Instant(u64::try_from(at.as_microsecond()).unwrap()),
            measured,
        )
    }

    #[test]
    fn a_day_on_which_nothing_happened_is_there_with_zeros() {
        let asked = asked("zh-CN");
        let buckets = calendar::buckets(&asked, Unit::Day).unwrap();
        let came = [
            group("2026-11-22T16:00:00Z", 3),
            group("2026-11-24T16:00:00Z", 1),
        ];
        let went = [group("2026-11-24T16:00:00Z", 2)];
        let table = days(&asked, Unit::Day, &buckets, &came, &went);
        let rows: Vec<_> = table.rows.iter().map(|row| format!("{row:?}")).collect();
        assert_eq!(table.title, "按天");
        assert_eq!(
            rows,
            [
                r#"[Value::Text("2026-11-23"), Value::Integer(3), Value::Integer(0)]"#,
                r#"[Value::Text("2026-11-24"), Value::Integer(0), Value::Integer(0)]"#,
                r#"[Value::Text("2026-11-25"), Value::Integer(1), Value::Integer(2)]"#,
            ]
        );
        assert!(
            table.behind[1].contains(r#"created_at >= timestamp("2026-11-23T16:00:00Z")"#),
            "{}",
            table.behind[1]
        );
    }

    #[test]
    fn without_tickets_there_are_no_times() {
        let none = Measured {
            count: 0,
            instants: vec![None, None],
        };
        let table = times(&asked("en"), &none, &none, Timestamp::from_second(0).ok());
        assert!(table.rows.iter().all(|row| matches!(row[1], Value::None)));
    }
}
