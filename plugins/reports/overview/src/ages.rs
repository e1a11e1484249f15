//! The report `ages`: how long open tickets have been waiting, as of now, and the oldest of them.

use crate::{
    asked::Asked,
    counting::{self, Measured},
    filter::{Filter, created_between},
    table::{self, Made},
};
use guichet_sdk::{Answer, Error, PageRequest, Table, Value, clock, tickets_read};
use jiff::Timestamp;

/// Hours at which one class of age ends and the next begins.
const EDGES_H: [i64; 4] = [24, 3 * 24, 7 * 24, 30 * 24];

/// How many of the oldest are named.
const OLDEST: u32 = 10;

const STATES: [&str; 3] = ["new", "open", "pending"];

pub(crate) fn make(asked: &Asked) -> Result<Answer, Error> {
    let language = asked.language;
    let now = table::instant(Some(&Value::Instant(clock::now())))
        .ok_or_else(|| Error::Invalid("the time lies beyond the calendar".to_owned()))?;
    let open = Filter::open(asked);
    let mut classes = Vec::new();
    for class in classes_of(now) {
        let filter = open.and(&class);
        let states = counting::by(&filter, "state", &[])?;
        classes.push((filter, states));
    }
    let mut chart = table::chart(
        language.say("Backlog by age", "积压时长"),
        "bar",
        "ages",
        "age",
        &STATES,
    );
    chart.options = r#"{"stacked":true}"#.to_owned();
    Ok(Answer {
        tables: vec![ages(asked, &classes), oldest(asked, &open, now)?],
        charts: vec![chart],
        extra: Vec::new(),
    })
}

/// A condition for each class, the youngest first. Together they leave none out and count none twice.
fn classes_of(now: Timestamp) -> Vec<String> {
    let edge = |hours: i64| Timestamp::from_second(now.as_second() - hours * 3_600).ok();
    let edges: Vec<_> = EDGES_H.iter().map(|hours| edge(*hours)).collect();
    let mut classes = Vec::new();
    let mut younger = None;
    for edge in edges {
        classes.push(created_between(edge, younger));
        younger = edge;
    }
    classes.push(created_between(None, younger));
    classes
}

fn ages(asked: &Asked, classes: &[(Filter, Vec<(Value, Measured)>)]) -> Table {
    let language = asked.language;
    let say = |english: &str, chinese: &str| language.say(english, chinese);
    let names = [
        say("Less than a day", "不到 1 天"),
        say("1 to 3 days", "1–3 天"),
        say("3 to 7 days", "3–7 天"),
        say("7 to 30 days", "7–30 天"),
        say("30 days or more", "30 天及以上"),
    ];
    let mut columns = vec![("age", say("Age", "时长"), "text")];
    columns.extend(STATES.map(|state| (state, language.state(state), "integer")));
    columns.push(("tickets", say("Tickets", "工单数"), "integer"));
    let mut made = Made::new("ages", say("Backlog by age", "积压时长"), &columns);
    for (name, (filter, states)) in names.into_iter().zip(classes) {
        let of = |state: &str| -> u64 {
            let found = states
                .iter()
                .find(|(value, _)| matches!(value, Value::Text(text) if text == state));
            found.map_or(0, |(_, measured)| measured.count)
        };
        let counts = STATES.map(of);
        let mut cells = vec![Value::Text(name)];
        cells.extend(counts.map(table::count));
        cells.push(table::count(counts.iter().sum()));
        made.row(cells, filter.text());
    }
    made.done()
}

/// The tickets that have waited longest.
fn oldest(asked: &Asked, open: &Filter, now: Timestamp) -> Result<Table, Error> {
    let request = PageRequest {
        filter: open.text().to_owned(),
        columns: [
            "number",
            "subject",
            "state",
            "priority",
            "group",
            "assignee",
            "created_at",
        ]
        .map(str::to_owned)
        .to_vec(),
        sort: vec!["created_at".to_owned()],
        cursor: None,
        limit: OLDEST,
        extra: Vec::new(),
    };
    let page = tickets_read::query(&request)?;
    Ok(listed(asked, page.rows, now))
}

fn listed(asked: &Asked, rows: Vec<Vec<Value>>, now: Timestamp) -> Table {
    let language = asked.language;
    let say = |english: &str, chinese: &str| language.say(english, chinese);
    let mut made = Made::new(
        "oldest",
        say("The oldest", "等待最久的工单"),
        &[
            ("number", say("Number", "编号"), "integer"),
            ("subject", say("Subject", "主题"), "text"),
            ("state", say("State", "状态"), "text"),
            ("priority", say("Priority", "优先级"), "text"),
            ("group", say("Group", "组"), "group"),
            ("assignee", say("Agent", "客服"), "agent"),
            ("age", say("Age", "时长"), "duration"),
        ],
    );
    for row in rows {
        let Ok([number, subject, state, priority, group, assignee, created]) =
            <[Value; 7]>::try_from(row)
        else {
            continue;
        };
        let behind = match &number {
            Value::Integer(number) => format!("number == {number}"),
            _ => String::new(),
        };
        let state = match state {
            Value::Text(state) => Value::Text(language.state(&state)),
            other => other,
        };
        let priority = match priority {
            Value::Integer(priority) => Value::Text(language.priority(priority)),
            other => other,
        };
        let age = table::duration(table::instant(Some(&created)), Some(now));
        made.row(
            vec![number, subject, state, priority, group, assignee, age],
            &behind,
        );
    }
    made.done()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        Asked::read(r#"{"from":"2026-11-01T00:00:00Z","to":"2026-11-02T00:00:00Z","locale":"en"}"#)
            .unwrap()
    }

    fn now() -> Timestamp {
        "2026-11-25T09:00:00Z".parse().unwrap()
    }

    #[test]
    fn classes_follow_each_other_without_gap_or_overlap() {
        assert_eq!(
            classes_of(now()),
            [
                r#"created_at > timestamp("2026-11-24T09:00:00Z")"#,
                r#"created_at > timestamp("2026-11-22T09:00:00Z") && created_at <= timestamp("2026-11-24T09:00:00Z")"#,
                r#"created_at > timestamp("2026-11-18T09:00:00Z") && created_at <= timestamp("2026-11-22T09:00:00Z")"#,
                r#"created_at > timestamp("2026-10-26T09:00:00Z") && created_at <= timestamp("2026-11-18T09:00:00Z")"#,
                r#"created_at <= timestamp("2026-10-26T09:00:00Z")"#,
            ]
        );
    }

    #[test]
    fn a_class_without_tickets_is_there_with_zeros() {
        let open = Filter::open(&asked());
        let states = vec![(
            Value::Text("pending".to_owned()),
            Measured {
                count: 4,
                instants: Vec::new(),
            },
        )];
        let mut classes = vec![(open.clone(), states)];
        classes.resize(5, (open, Vec::new()));
        let table = ages(&asked(), &classes);
        assert_eq!(
            format!("{:?}", table.rows[0]),
            r#"[Value::Text("Less than a day"), Value::Integer(0), Value::Integer(0), Value::Integer(4), Value::Integer(4)]"#
        );
        assert_eq!(table.rows.len(), 5);
    }

    #[test]
    fn the_oldest_lead_to_themselves() {
        let at = Value::Instant(u64::try_from(now().as_microsecond()).unwrap() - 90_000_000);
        let row = vec![
            Value::Integer(7),
            Value::Text("S".to_owned()),
            Value::Text("open".to_owned()),
            Value::Integer(1),
            Value::None,
            Value::None,
            at,
        ];
        let table = listed(&asked(), vec![row, vec![Value::None]], now());
        assert_eq!(table.behind, ["number == 7"]);
        assert!(format!("{:?}", table.rows[0]).ends_with("Value::Integer(90)]"));
    }
}
