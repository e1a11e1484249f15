//! The reports `people` and `kinds`: what came in, was solved and is open, by group, agent, channel, kind or priority.

use crate::{
    asked::Asked,
    counting,
    filter::{self, Filter},
    table::{self, Made},
};
use guichet_sdk::{Answer, Chart, Error, Table, Value};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What tickets are divided by.
struct Dimension {
    /// As expressions name it.
    field: &'static str,
    /// Of the column.
    kind: &'static str,
    title: String,
    table: String,
}

/// A value that tickets have; nothing stands for those that have none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Integer(i64),
    Text(String),
    None,
}

/// What is told of one value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Line {
    created: u64,
    solved: u64,
    reopened: u64,
    open: u64,
    /// Mean instants of what was solved.
    solving: (Option<Timestamp>, Option<Timestamp>),
}

pub(crate) fn people(asked: &Asked) -> Result<Answer, Error> {
    let say = |english: &str, chinese: &str| asked.language.say(english, chinese);
    let groups = Dimension {
        field: "group",
        kind: "group",
        title: say("Group", "组"),
        table: say("By group", "按组"),
    };
    let agents = Dimension {
        field: "assignee",
        kind: "agent",
        title: say("Agent", "客服"),
        table: say("By agent", "按客服"),
    };
    answer(asked, &[groups, agents], "bar")
}

pub(crate) fn kinds(asked: &Asked) -> Result<Answer, Error> {
    let say = |english: &str, chinese: &str| asked.language.say(english, chinese);
    let dimension = |field, title, table| Dimension {
        field,
        kind: "text",
        title,
        table,
    };
    let all = [
        dimension(
            "channel",
            say("Channel", "渠道"),
            say("By channel", "按渠道"),
        ),
        dimension("kind", say("Kind", "类型"), say("By kind", "按类型")),
        dimension(
            "priority",
            say("Priority", "优先级"),
            say("By priority", "按优先级"),
        ),
    ];
    answer(asked, &all, "bar")
}

fn answer(asked: &Asked, dimensions: &[Dimension], chart: &str) -> Result<Answer, Error> {
    let mut answer = Answer {
        tables: Vec::new(),
        charts: Vec::new(),
        extra: Vec::new(),
    };
    for dimension in dimensions {
        let lines = lines(asked, dimension)?;
        answer.charts.push(drawn(dimension, chart));
        answer.tables.push(told(asked, dimension, lines));
    }
    Ok(answer)
}

fn drawn(dimension: &Dimension, kind: &str) -> Chart {
    let title = dimension.table.clone();
    table::chart(
        title,
        kind,
        dimension.field,
        dimension.field,
        &["created", "solved", "open"],
    )
}

/// Counts by the dimension's values.
fn lines(asked: &Asked, dimension: &Dimension) -> Result<BTreeMap<Key, Line>, Error> {
    let mut lines: BTreeMap<Key, Line> = BTreeMap::new();
    let solved = Filter::solved(asked);
    for (value, measured) in counting::by(&Filter::created(asked), dimension.field, &[])? {
        lines.entry(key(value)).or_default().created = measured.count;
    }
    for (value, measured) in counting::by(
        &solved,
        dimension.field,
        &["avg:created_at", "avg:solved_at"],
    )? {
        let line = lines.entry(key(value)).or_default();
        line.solved = measured.count;
        line.solving = (measured.instant(0), measured.instant(1));
    }
    for (value, measured) in counting::by(&solved.and("reopen_count > 0"), dimension.field, &[])? {
        lines.entry(key(value)).or_default().reopened = measured.count;
    }
    for (value, measured) in counting::by(&Filter::open(asked), dimension.field, &[])? {
        lines.entry(key(value)).or_default().open = measured.count;
    }
    Ok(lines)
}

fn key(value: Value) -> Key {
    match value {
        Value::Text(text) => Key::Text(text),
        Value::Integer(integer) => Key::Integer(integer),
        _ => Key::None,
    }
}

fn told(asked: &Asked, dimension: &Dimension, lines: BTreeMap<Key, Line>) -> Table {
    let language = asked.language;
    let say = |english: &str, chinese: &str| language.say(english, chinese);
    let mut made = Made::new(
        dimension.field,
        dimension.table.clone(),
        &[
            (dimension.field, dimension.title.clone(), dimension.kind),
            ("created", say("Created", "新建"), "integer"),
            ("solved", say("Solved", "已解决"), "integer"),
            ("open", say("Open now", "当前未解决"), "integer"),
            (
                "time",
                say("Mean time to solution", "平均解决时长"),
                "duration",
            ),
            (
                "reopened",
                say("Reopened before solved", "曾重新打开"),
                "percent",
            ),
        ],
    );
    for (key, line) in in_order(dimension, lines) {
        let (condition, cell) = match &key {
            Key::Text(text) => (
                filter::is(dimension.field, Some(text)),
                named(asked, dimension.field, text),
            ),
            Key::Integer(integer) => (
                format!("{} == {integer}", dimension.field),
                Value::Text(language.priority(*integer)),
            ),
            Key::None => (filter::is(dimension.field, None), Value::None),
        };
        // All tickets that one of the row's numbers counts.
        let behind = Filter::touched(asked).and(&condition);
        made.row(
            vec![
                cell,
                table::count(line.created),
                table::count(line.solved),
                table::count(line.open),
                table::duration(line.solving.0, line.solving.1),
                table::percent(line.reopened, line.solved),
            ],
            behind.text(),
        );
    }
    made.done()
}

/// Priorities by their number; others with most work first.
fn in_order(dimension: &Dimension, lines: BTreeMap<Key, Line>) -> Vec<(Key, Line)> {
    let mut lines: Vec<_> = lines.into_iter().collect();
    if dimension.field != "priority" {
        lines.sort_by_key(|(key, line)| {
            let work = line.created + line.solved + line.open;
            (*key == Key::None, std::cmp::Reverse(work), key.clone())
        });
    }
    lines
}

fn named(asked: &Asked, field: &str, text: &str) -> Value {
    Value::Text(match field {
        "channel" => asked.language.channel(text),
        "kind" => asked.language.kind(text),
        _ => text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(filter: &str) -> Asked {
        let parameters = serde_json::json!({ "from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z", "locale": "zh-CN", "filter": filter });
        Asked::read(&parameters.to_string()).unwrap()
    }

    fn dimension(field: &'static str, kind: &'static str) -> Dimension {
        Dimension {
            field,
            kind,
            title: "T".to_owned(),
            table: "By".to_owned(),
        }
    }

    fn line(created: u64, solved: u64, reopened: u64) -> Line {
        let at = |second| Timestamp::from_second(second).ok();
        Line {
            created,
            solved,
            reopened,
            open: 0,
            solving: (at(100), at(460)),
        }
    }

    #[test]
    fn most_work_comes_first_and_what_is_nobodys_last() {
        let lines = [
            (Key::None, line(9, 9, 0)),
            (Key::Text("a".to_owned()), line(1, 0, 0)),
            (Key::Text("b".to_owned()), line(3, 4, 1)),
        ];
        let table = told(&asked(""), &dimension("group", "group"), lines.into());
        let rows: Vec<_> = table.rows.iter().map(|row| format!("{row:?}")).collect();
        assert_eq!(
            rows[0],
            r#"[Value::Text("b"), Value::Integer(3), Value::Integer(4), Value::Integer(0), Value::Integer(360), Value::Number(25.0)]"#
        );
        assert!(
            rows[2].starts_with("[Value::None, Value::Integer(9)"),
            "{}",
            rows[2]
        );
        assert!(table.behind[2].contains("group == null"));
    }

    #[test]
    fn priorities_keep_their_order_and_are_named() {
        let lines = [
            (Key::Integer(4), line(9, 0, 0)),
            (Key::Integer(1), line(1, 0, 0)),
        ];
        let table = told(&asked(""), &dimension("priority", "text"), lines.into());
        assert!(format!("{:?}", table.rows[0]).starts_with(r#"[Value::Text("1 紧急")"#));
        assert!(table.behind[1].contains("priority == 4"));
    }

    #[test]
    fn a_row_leads_to_the_tickets_that_its_numbers_count_as_far_as_the_viewer_asked() {
        let lines = [(Key::Text("web".to_owned()), line(1, 0, 0))];
        let table = told(
            &asked("text(\"vpn\")"),
            &dimension("channel", "text"),
            lines.into(),
        );
        let behind = &table.behind[0];
        // Words are looked up by themselves: they must stand at the outermost level.
        assert!(
            behind.contains(" && (text(\"vpn\")) && ((")
                && behind.ends_with(" && channel == \"web\""),
            "{behind}"
        );
    }
}
