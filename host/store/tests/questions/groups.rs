//! Groups and measures: what the database reckons is what is reckoned by hand, in several time zones.

use crate::{
    WITHIN, bindings, environment,
    place::{Database, Place},
    texts, tickets,
};
use guichet_core::{
    ticket::{Ticket, state::State},
    time::Timestamp,
    value::Value,
};
use guichet_expression::{Expression, Name, Row, Type};
use guichet_store::{Eyes, Group, Measure, Selection, TenantStore, Unit};
use jiff::{Unit as Round, Zoned, civil::Weekday, tz::TimeZone};
use proptest::{
    collection,
    prelude::*,
    sample::select,
    strategy::ValueTree,
    test_runner::{Config, TestCaseError, TestRunner},
};
use std::collections::BTreeMap;

/// Half-hour offsets, half-hour summer time, summer time that began at midnight, and none of all this.
const ZONES: [&str; 6] = [
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
];

fn name(text: &str) -> Name {
    environment().name(text).unwrap()
}

fn group() -> impl Strategy<Value = Group> {
    let values = select(vec![
        "state",
        "kind",
        "priority",
        "assignee",
        "legal_hold",
        "solved_at",
        "tags",
        "t/t/texts",
        "t/t/text",
        "t/t/number",
        "t/t/boolean",
    ]);
    let instants = select(vec!["created_at", "updated_at", "solved_at", "t/t/instant"]);
    let units = select(vec![Unit::Hour, Unit::Day, Unit::Week, Unit::Month]);
    prop_oneof![
        values.prop_map(|text| Group::Value(name(text))),
        (units, instants).prop_map(|(unit, text)| Group::Time(unit, name(text))),
    ]
}

fn measure() -> impl Strategy<Value = Measure> {
    let numbers = || {
        select(vec![
            "priority",
            "number",
            "reopen_count",
            "t/t/integer",
            "t/t/number",
        ])
    };
    let ordered = || {
        select(vec![
            "number",
            "t/t/integer",
            "t/t/number",
            "created_at",
            "solved_at",
            "t/t/instant",
            "subject",
            "t/t/text",
        ])
    };
    prop_oneof![
        Just(Measure::Count),
        numbers().prop_map(|text| Measure::Sum(name(text))),
        numbers().prop_map(|text| Measure::Average(name(text))),
        ordered().prop_map(|text| Measure::Least(name(text))),
        ordered().prop_map(|text| Measure::Greatest(name(text))),
    ]
}

/// When the hour, day, week or month of an instant began, by the calendar.
fn beginning(unit: Unit, at: Timestamp, zone: &TimeZone) -> Value {
    // From 1970 up to 2099 by the calendar of that zone.
    let new_year = |year| {
        let begun = jiff::civil::date(year, 1, 1).to_zoned(zone.clone());
        begun.unwrap().timestamp().as_microsecond()
    };
    if !(new_year(1970)..new_year(2100)).contains(&at.0) {
        return Value::None;
    }
    let zoned = jiff::Timestamp::from_microsecond(at.0)
        .unwrap()
        .to_zoned(zone.clone());
    let begun: Zoned = match unit {
        // By the offset that holds at the time: an hour that comes twice is two.
        Unit::Hour => {
            let offset = TimeZone::fixed(zoned.offset());
            let local = zoned.with_time_zone(offset);
            let hour = jiff::ZonedRound::new().smallest(Round::Hour);
            local.round(hour.mode(jiff::RoundMode::Trunc)).unwrap()
        }
        Unit::Day => zoned.start_of_day().unwrap(),
        Unit::Week => {
            let date = zoned.date();
            let back = date.weekday().since(Weekday::Monday);
            let monday = date.checked_sub(jiff::Span::new().days(back)).unwrap();
            monday.to_zoned(zone.clone()).unwrap()
        }
        Unit::Month => zoned
            .date()
            .first_of_month()
            .to_zoned(zone.clone())
            .unwrap(),
    };
    let at = Timestamp(begun.timestamp().as_microsecond());
    Value::Instant { at }
}

fn groups_of(ticket: &Ticket, group: &Group, zone: &TimeZone) -> Vec<Value> {
    match group {
        Group::Value(name) => match ticket.value(name) {
            Value::Texts(texts) if texts.is_empty() => vec![Value::None],
            Value::Texts(texts) => texts.into_iter().map(Value::Text).collect(),
            value => vec![value],
        },
        Group::Time(unit, name) => vec![match ticket.value(name) {
            Value::Instant { at } => beginning(*unit, at, zone),
            _ => Value::None,
        }],
    }
}

/// A value as a key: −0 and 0 are one number.
fn key(value: &Value) -> String {
    match value {
        Value::Number { number } => format!("{:?}", number + 0.0),
        value => format!("{value:?}"),
    }
}

fn measured(tickets: &[&Ticket], measure: &Measure) -> Value {
    let values = |name: &Name| -> Vec<Value> {
        let all = tickets.iter().map(|ticket| ticket.value(name));
        all.filter(|value| *value != Value::None).collect()
    };
    let ordered = |name: &Name, last: bool| {
        let mut all = values(name);
        all.sort_by(crate::compare);
        let found = if last {
            all.pop()
        } else {
            all.into_iter().next()
        };
        found.unwrap_or_default()
    };
    let sum = |name: &Name, average: bool| {
        let all = values(name);
        let count = all.len() as f64;
        if all.is_empty() {
            return Value::None;
        }
        if name.kind == Type::Integer {
            let sum: i128 = all
                .iter()
                .map(|value| i128::from(value.as_integer().unwrap()))
                .sum();
            return match i64::try_from(sum) {
                Ok(sum) if !average => Value::Integer(sum),
                _ if average => Value::Number {
                    number: sum as f64 / count,
                },
                _ => Value::Number { number: sum as f64 },
            };
        }
        let sum: f64 = all
            .iter()
            .map(|value| match value {
                Value::Number { number } => *number,
                other => panic!("{other:?} is no number"),
            })
            .sum();
        Value::Number {
            number: if average { sum / count } else { sum },
        }
    };
    match measure {
        Measure::Count => Value::Integer(tickets.len() as i64),
        Measure::Sum(name) => sum(name, false),
        Measure::Average(name) => sum(name, true),
        Measure::Least(name) => ordered(name, false),
        Measure::Greatest(name) => ordered(name, true),
    }
}

/// How far a sum of floats may be off by the order of its additions alone: a part of what the numbers weigh together, whatever their signs leave of it.
fn order_error(tickets: &[&Ticket], measure: &Measure) -> f64 {
    let (Measure::Sum(name) | Measure::Average(name)) = measure else {
        return 0.0;
    };
    let weights = tickets.iter().map(|ticket| match ticket.value(name) {
        Value::Number { number } => number.abs(),
        Value::Integer(number) => number.unsigned_abs() as f64,
        _ => 0.0,
    });
    weights.sum::<f64>() * 1e-12
}

fn is_near(one: &Value, other: &Value, error: f64) -> bool {
    match (one, other) {
        (Value::Number { number: one }, Value::Number { number: other }) => {
            (one - other).abs() <= error
        }
        (one, other) => one == other,
    }
}

#[derive(Debug, Clone)]
struct Case {
    filter: String,
    groups: Vec<Group>,
    measures: Vec<Measure>,
}

async fn check(
    store: &TenantStore,
    zone: &TimeZone,
    tickets: &[Ticket],
    case: &Case,
) -> Result<(), TestCaseError> {
    let filter = Expression::parse(&case.filter, &environment()).unwrap();
    let names_state = filter.names_ticket_field("state");
    let rests = |ticket: &Ticket| matches!(ticket.state, State::Suspended | State::Deleted);
    let mut expected = BTreeMap::<Vec<String>, (Vec<Value>, Vec<&Ticket>)>::new();
    if case.groups.is_empty() {
        expected.insert(Vec::new(), (Vec::new(), Vec::new()));
    }
    for ticket in tickets
        .iter()
        .filter(|ticket| filter.holds(*ticket, &bindings()) && (names_state || !rests(ticket)))
    {
        let mut rows = vec![Vec::new()];
        for group in &case.groups {
            let values = groups_of(ticket, group, zone);
            rows = rows
                .into_iter()
                .flat_map(|row: Vec<Value>| {
                    values.iter().map(move |value| {
                        let mut row = row.clone();
                        row.push(value.clone());
                        row
                    })
                })
                .collect();
        }
        for row in rows {
            let place = row.iter().map(key).collect();
            expected
                .entry(place)
                .or_insert((row, Vec::new()))
                .1
                .push(ticket);
        }
    }
    let mut selection = Selection::all(Eyes::All, bindings(), WITHIN);
    selection.filter = Some(filter);
    let found = store
        .aggregate_tickets(&selection, &case.groups, &case.measures, 1_000)
        .await;
    let found = match found {
        Ok(found) => found,
        // Numbers at the edge have no sum.
        Err(guichet_store::StoreError::Invalid(told)) if told.contains("too large") => {
            return Ok(());
        }
        Err(error) => return Err(TestCaseError::fail(format!("{error:?}"))),
    };
    prop_assert_eq!(found.len(), expected.len(), "{:?}", found);
    for row in &found {
        let (groups, measures) = row.split_at(case.groups.len());
        let place: Vec<_> = groups.iter().map(key).collect();
        let Some((_, tickets)) = expected.get(&place) else {
            return Err(TestCaseError::fail(format!("there is no group {groups:?}")));
        };
        for (value, measure) in measures.iter().zip(&case.measures) {
            let by_hand = measured(tickets, measure);
            prop_assert!(
                is_near(value, &by_hand, order_error(tickets, measure)),
                "{:?} is {:?} and not {:?}",
                measure,
                value,
                by_hand
            );
        }
    }
    Ok(())
}

fn groups_are_reckoned_as_by_hand(database: Database) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let place = runtime.block_on(Place::new(database));
    for name in ZONES {
        let mut runner = TestRunner::new(Config {
            cases: 60,
            failure_persistence: None,
            ..Config::default()
        });
        let mut tickets = tickets::any_tickets(100)
            .new_tree(&mut runner)
            .unwrap()
            .current();
        // Spread over years, with the hours around each change of the clock among them.
        let zone = TimeZone::get(name).unwrap();
        let from: jiff::Timestamp = "2010-01-01T00:00:00Z".parse().unwrap();
        let changes = zone
            .following(from)
            .map(|change| change.timestamp().as_microsecond());
        let changes: Vec<_> = changes.take(6).collect();
        for (place, ticket) in tickets.iter_mut().enumerate() {
            let minutes = (place as i64 * 37) % 300 - 150;
            let base = match changes.is_empty() {
                true => tickets::NOW,
                false => changes[place % changes.len()],
            };
            ticket.created_at = Timestamp(base + minutes * 60_000_000);
            ticket.solved_at = ticket
                .solved_at
                .map(|_| Timestamp(base + place as i64 * 86_400_000_000 * 11));
        }
        let store = runtime.block_on(place.tenant(name, &tickets));
        let any = (
            texts::expression(),
            collection::vec(group(), 0..3),
            collection::vec(measure(), 1..4),
        );
        let any = any.prop_map(|(filter, groups, measures)| Case {
            // Every other one asks of all.
            filter: if filter.len() % 2 == 0 {
                "true".to_owned()
            } else {
                filter
            },
            groups,
            measures,
        });
        runner
            .run(&any, |case| {
                runtime.block_on(check(&store, &zone, &tickets, &case))
            })
            .unwrap();
    }
}

#[test]
fn groups_are_reckoned_as_by_hand_on_sqlite() {
    groups_are_reckoned_as_by_hand(Database::Sqlite);
}

#[test]
fn groups_are_reckoned_as_by_hand_on_postgres() {
    groups_are_reckoned_as_by_hand(Database::Postgres);
}
