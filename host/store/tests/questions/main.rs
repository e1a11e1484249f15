//! The one promise of the expression language: SQL says what the interpreter says, for any expression and any tickets, on both databases.
#![cfg(test)]

/// A fresh database, and tickets in it.
mod place;

/// Any tickets.
mod tickets;

/// Any expressions.
mod texts;

/// Groups and measures, reckoned again by hand.
mod groups;

use guichet_core::{
    id::{AgentId, TicketId},
    ticket::{Ticket, state::State},
    time::Timestamp,
    value::Value,
};
use guichet_expression::{Bindings, Environment, Expression, Row, Type};
use guichet_store::{Eyes, Selection, SortKey, TenantStore};
use place::{Database, Place};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, TestCaseError, TestRunner},
};
use std::{cmp::Ordering, time::Duration};

const BATCHES: u32 = 5;
const TICKETS: usize = 120;
const EXPRESSIONS: u32 = 500;

/// Long enough for a machine with much else to do: what is tested here is the answer.
const WITHIN: Duration = Duration::from_secs(60);

fn bindings() -> Bindings {
    Bindings {
        me: Some(AgentId(tickets::who(2))),
        now: Timestamp(tickets::NOW),
    }
}

fn environment() -> Environment {
    Environment::tickets(tickets::declared())
}

/// One case: a filter, and an order with the size of a page.
#[derive(Debug, Clone)]
struct Case {
    filter: String,
    sort: Vec<String>,
    limit: u32,
}

fn any_case() -> impl Strategy<Value = Case> {
    let limit = proptest::prop_oneof![4 => proptest::strategy::Just(1_000), 1 => 1u32..60];
    let sort = proptest::collection::vec(texts::sort_key(), 0..4);
    (texts::expression(), sort, limit).prop_map(|(filter, sort, limit)| Case {
        filter,
        sort,
        limit,
    })
}

fn read_sort(sort: &[String]) -> Vec<SortKey> {
    let key = |text: &String| SortKey {
        name: environment().name(text.trim_start_matches('-')).unwrap(),
        descending: text.starts_with('-'),
    };
    sort.iter().map(key).collect()
}

fn compare(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Text(one), Value::Text(other)) => one.cmp(other),
        (Value::Integer(one), Value::Integer(other)) => one.cmp(other),
        (Value::Boolean(one), Value::Boolean(other)) => one.cmp(other),
        (Value::Instant { at: one }, Value::Instant { at: other }) => one.cmp(other),
        (Value::Number { number: one }, Value::Number { number: other }) => {
            one.partial_cmp(other).unwrap()
        }
        _ => panic!("{one:?} and {other:?} are of two types"),
    }
}

/// The order that is promised: what has no value comes last either way, and equals stand in the order of their ids.
fn in_order(one: &Ticket, other: &Ticket, sort: &[SortKey]) -> Ordering {
    let newest = [SortKey::newest_first()];
    let sort = if sort.is_empty() { &newest } else { sort };
    let turned = |order: Ordering, descending| match descending {
        true => order.reverse(),
        false => order,
    };
    for key in sort {
        let (one, other) = (one.value(&key.name), other.value(&key.name));
        let order = match (&one, &other) {
            (Value::None, Value::None) => Ordering::Equal,
            (Value::None, _) => Ordering::Greater,
            (_, Value::None) => Ordering::Less,
            (one, other) => turned(compare(one, other), key.descending),
        };
        if order.is_ne() {
            return order;
        }
    }
    turned(one.id.cmp(&other.id), sort[sort.len() - 1].descending)
}

async fn check(store: &TenantStore, tickets: &[Ticket], case: &Case) -> Result<(), TestCaseError> {
    let environment = environment();
    let filter = Expression::parse(&case.filter, &environment)
        .map_err(|error| TestCaseError::fail(format!("{}: {error}", case.filter)))?;
    let again = Expression::parse(&filter.to_string(), &environment);
    proptest::prop_assert_eq!(again.as_ref(), Ok(&filter), "printed and read again");
    let sort = read_sort(&case.sort);
    let names_state = filter.names_ticket_field("state");
    let rests = |ticket: &Ticket| matches!(ticket.state, State::Suspended | State::Deleted);
    let mut expected: Vec<&Ticket> = tickets
        .iter()
        .filter(|ticket| filter.holds(*ticket, &bindings()) && (names_state || !rests(ticket)))
        .collect();
    expected.sort_by(|one, other| in_order(one, other, &sort));
    let expected: Vec<TicketId> = expected.iter().map(|ticket| ticket.id).collect();

    let mut selection = Selection::all(Eyes::All, bindings(), WITHIN);
    selection.filter = Some(filter);
    let told = |error: guichet_store::StoreError| TestCaseError::fail(format!("{error:?}"));
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        let page = store
            .find_tickets(&selection, &sort, cursor.as_deref(), case.limit)
            .await
            .map_err(told)?;
        found.extend(page.tickets.iter().map(|ticket| ticket.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
        proptest::prop_assert!(
            found.len() <= tickets.len(),
            "a page begins where it should not"
        );
    }
    let differs = |id: &&TicketId| found.contains(id) != expected.contains(id);
    let first = tickets
        .iter()
        .find(|ticket| differs(&&ticket.id))
        .map(|ticket| serde_json::to_string(ticket).unwrap());
    proptest::prop_assert_eq!(
        first,
        None,
        "SQL and the interpreter differ about this ticket"
    );
    proptest::prop_assert_eq!(&found, &expected, "the order differs");
    let count = store
        .count_tickets(&selection, u64::MAX)
        .await
        .map_err(told)?;
    proptest::prop_assert_eq!(count, expected.len() as u64);
    let most = store.count_tickets(&selection, 3).await.map_err(told)?;
    proptest::prop_assert_eq!(most, expected.len().min(3) as u64);
    Ok(())
}

fn sql_says_what_the_interpreter_says(database: Database) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let place = runtime.block_on(Place::new(database));
    for _ in 0..BATCHES {
        let mut runner = TestRunner::new(Config {
            cases: EXPRESSIONS,
            failure_persistence: None,
            ..Config::default()
        });
        let tickets = tickets::any_tickets(TICKETS)
            .new_tree(&mut runner)
            .unwrap()
            .current();
        let store = runtime.block_on(place.tenant("UTC", &tickets));
        runner
            .run(&any_case(), |case| {
                runtime.block_on(check(&store, &tickets, &case))
            })
            .unwrap();
    }
}

#[test]
fn sql_says_what_the_interpreter_says_on_sqlite() {
    sql_says_what_the_interpreter_says(Database::Sqlite);
}

#[test]
fn sql_says_what_the_interpreter_says_on_postgres() {
    sql_says_what_the_interpreter_says(Database::Postgres);
}

#[test]
fn the_cases_reach_every_name_and_find_something() {
    let mut runner = TestRunner::new(Config::default());
    let tickets = tickets::any_tickets(TICKETS)
        .new_tree(&mut runner)
        .unwrap()
        .current();
    let environment = environment();
    let (mut some, mut all, mut text) = (0, 0, String::new());
    for _ in 0..500 {
        let filter = texts::expression().new_tree(&mut runner).unwrap().current();
        let expression = Expression::parse(&filter, &environment).unwrap();
        let holds = |ticket: &&Ticket| expression.holds(*ticket, &bindings());
        let count = tickets.iter().filter(holds).count();
        some += usize::from(count > 0 && count < tickets.len());
        all += 1;
        text.push_str(&filter);
    }
    assert!(some * 2 > all, "{some} of {all} tell tickets apart");
    for (name, known) in environment.names() {
        assert!(text.contains(&name), "{name} is in no expression");
        assert_ne!(known.kind, Type::Any);
    }
    for part in [
        " in [",
        "null",
        "me",
        "now",
        "contains",
        "startsWith",
        "endsWith",
        "== []",
        "!(",
    ] {
        assert!(text.contains(part), "{part} is in no expression");
    }
}
