//! What expressions mean, and what is told of those that mean nothing.
#![cfg(test)]

use guichet_core::{
    actor::Actor,
    event::EventDraft,
    id::{AgentId, CustomerId, TicketId},
    ticket::{Ticket, state::State, work::Stamp},
    time::Timestamp,
    value::{Change, Value},
};
use guichet_expression::{
    Bindings, Environment, EventRow, Expression, ExpressionError, Mistake, PluginField, Type,
    limits::{FIELD_TEXT_CHARACTERS_MAX, NESTING_LEVELS_MAX, NODES_MAX, TEXT_BYTES_MAX},
};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

const HOUR: i64 = 3_600_000_000;

fn field(name: &str, kind: Type, indexed: bool) -> PluginField {
    PluginField {
        name: name.to_owned(),
        kind,
        indexed,
        title: BTreeMap::new(),
        values: Vec::new(),
    }
}

fn fields() -> Vec<PluginField> {
    vec![
        field("acme/sla/left", Type::Integer, true),
        field("acme/sla/share", Type::Number, true),
        field("acme/crm/tier", Type::Text, true),
        field("acme/crm/vip", Type::Boolean, true),
        field("acme/crm/labels", Type::Texts, true),
        field("acme/crm/note", Type::Text, false),
    ]
}

fn tickets() -> Environment {
    Environment::tickets(fields())
}

fn now() -> Bindings {
    Bindings {
        me: Some(AgentId(Uuid::from_u128(7))),
        now: Timestamp(1_000 * HOUR),
    }
}

fn ticket() -> Ticket {
    let mut ticket = Ticket::blank(
        TicketId(Uuid::from_u128(1)),
        CustomerId(Uuid::from_u128(2)),
        Timestamp(998 * HOUR),
    );
    ticket.number = Some(42);
    ticket.subject = "Drucker brennt 打印机".to_owned();
    ticket.channel = "email".to_owned();
    ticket.tags.insert("vip".to_owned());
    ticket.state = State::Open;
    for (name, value) in [
        ("acme/sla/left", Value::Integer(5)),
        ("acme/sla/share", Value::Integer(2)),
        ("acme/crm/tier", Value::Text("gold".repeat(100))),
        ("acme/crm/vip", Value::Boolean(true)),
        ("acme/crm/labels", Value::Text("no list".to_owned())),
    ] {
        ticket.fields.insert(name.to_owned(), value);
    }
    ticket
}

#[track_caller]
fn holds(text: &str) -> bool {
    match Expression::parse(text, &tickets()) {
        Ok(expression) => expression.holds(&ticket(), &now()),
        Err(error) => panic!("{text}: {error}"),
    }
}

#[track_caller]
fn refused(text: &str) -> ExpressionError {
    match Expression::parse(text, &tickets()) {
        Ok(expression) => panic!("{text} is taken as {expression}"),
        Err(error) => error,
    }
}

#[track_caller]
fn is_refused_with(text: &str, place: (u32, u32), part: &str) {
    let error = refused(text);
    assert_eq!((error.line, error.column), place, "{error}");
    assert!(error.to_string().contains(part), "{error}");
}

#[test]
fn a_ticket_is_as_it_is_said_to_be() {
    for text in [
        "state == \"open\"",
        "state in [\"new\", \"open\"] && !(number < 42)",
        "subject.contains(\"打印机\") && subject.startsWith(\"Drucker\")",
        "\"vip\" in tags && !(\"gold\" in tags)",
        "priority <= 3 || false",
        "created_at < now - duration(\"1h\")",
        "created_at + duration(\"1h\") < now",
        "now - created_at > duration(\"1h30m\")",
        "duration(\"2h\") >= now - created_at",
        "created_at > timestamp(\"1970-01-01T00:00:00+08:00\")",
        "created_at <= updated_at",
        "fields[\"acme/sla/left\"] == 5 && fields[\"acme/sla/share\"] < 2.5 && fields[\"acme/sla/share\"] == 2",
        "fields[\"acme/crm/vip\"] && true",
        "fields['acme/crm/tier'].startsWith('goldgold')",
        "requester == \"00000000-0000-0000-0000-000000000002\"",
        "!legal_hold",
        "42 == number",
        "40 < number",
        "state != \"new\"",
    ] {
        assert!(holds(text), "{text}");
        assert!(!holds(&format!("!({text})")), "!({text})");
    }
}

#[test]
fn null_is_a_value_and_there_is_no_third_truth() {
    for text in [
        "assignee == null",
        "null == assignee",
        "!(assignee != null)",
        "assignee != me",
        "assignee in [null, me]",
        "!(assignee in [me])",
        "pending_until == solved_at",
        "!(pending_until < now)",
        "!(pending_until >= now)",
        "!(pending_until > created_at)",
        "pending_reason != \"x\"",
        "!pending_reason.contains(\"\")",
        "fields[\"acme/crm/labels\"] == []",
        "tags != []",
    ] {
        assert!(holds(text), "{text}");
        assert!(!holds(&format!("!({text})")), "!({text})");
    }
}

#[test]
fn a_value_of_another_type_than_the_declared_one_is_null() {
    assert!(holds("!(\"no list\" in fields[\"acme/crm/labels\"])"));
    let environment = Environment::tickets([field("acme/sla/left", Type::Text, true)]);
    let is_null = Expression::parse("fields[\"acme/sla/left\"] == null", &environment).unwrap();
    assert!(is_null.holds(&ticket(), &now()));
}

#[test]
fn nobody_is_no_tickets_agent() {
    let mine = Expression::parse("assignee == me", &tickets()).unwrap();
    let nobody = Bindings { me: None, ..now() };
    assert!(!mine.holds(&ticket(), &nobody));
}

#[test]
fn an_error_has_line_and_column_and_says_what_to_do() {
    is_refused_with("", (1, 1), "empty");
    is_refused_with("state ==", (1, 9), "too early");
    is_refused_with("state = \"open\"", (1, 7), "write ==");
    is_refused_with("state == \"open", (1, 10), "no end");
    is_refused_with("number == 1 &\n state == \"open\"", (1, 13), "&&");
    is_refused_with(
        "number == 1\n  && stat == \"open\"",
        (2, 6),
        "did you mean `state`?",
    );
    is_refused_with(
        "subject == \"打印机\" && asignee == me",
        (1, 21),
        "`assignee`",
    );
    is_refused_with("number == \"5\"", (1, 11), "whole number");
    is_refused_with("number == 5.5", (1, 11), "whole number");
    is_refused_with("state == \"opne\"", (1, 10), "one of new, open");
    is_refused_with("assignee == \"bo\"", (1, 13), "36 characters");
    is_refused_with("created_at > \"2026-03-01\"", (1, 14), "timestamp(");
    is_refused_with(
        "created_at > timestamp(\"2026-03-01\")",
        (1, 24),
        "offset or Z",
    );
    is_refused_with(
        "now - created_at > duration(\"1d\")",
        (1, 29),
        "a day is 24h",
    );
    is_refused_with("tags == \"vip\"", (1, 1), "in tags");
    is_refused_with("assignee < me", (1, 1), "==");
    is_refused_with("number > null", (1, 10), "null");
    is_refused_with("number", (1, 1), "compare");
    is_refused_with("1 == 1", (1, 1), "compare a name");
    is_refused_with("number + 1 == 2", (1, 1), "a duration is added");
    is_refused_with("true && subject.matches(\"x\")", (1, 9), "not supported");
    is_refused_with("true && foo(1)", (1, 9), "`foo(…)` is not supported");
    is_refused_with("has(state.x)", (1, 1), "not supported");
    is_refused_with("size(tags) == 0", (1, 1), "tags == []");
    is_refused_with("tags.exists(t, t == \"x\")", (1, 1), "not supported");
    is_refused_with("changed(\"state\")", (1, 1), "events only");
    is_refused_with(
        "updated_at - created_at > duration(\"1h\")",
        (1, 1),
        "between two fields",
    );
    is_refused_with("number == 99999999999999999999", (1, 11), "too large");
    is_refused_with(
        "state == \"open\" number",
        (1, 17),
        "`number` is not expected",
    );
    is_refused_with(
        "fields[\"acme/crm/tire\"] == \"x\"",
        (1, 1),
        "acme/crm/tier",
    );
    is_refused_with("(state == \"new\") == true", (1, 2), "condition");
}

#[test]
fn a_field_that_one_may_not_read_is_refused_as_an_unknown_one() {
    let hidden = tickets().without("subject").without("acme/crm/tier");
    let unknown = |name: &str| Expression::parse(name, &hidden).unwrap_err();
    let error = unknown("subject == \"x\"");
    assert_eq!(
        error.to_string().replace("subject", "foobarx"),
        unknown("foobarx == \"x\"").to_string()
    );
    let error = unknown("fields[\"acme/crm/tier\"] == \"x\"");
    assert_eq!(
        error.mistake,
        Mistake::Unknown {
            name: "acme/crm/tier".to_owned(),
            meant: Some("acme/crm/vip".to_owned())
        }
    );
    let nobody = Expression::parse("assignee == me", &tickets().without("me")).unwrap_err();
    assert!(matches!(nobody.mistake, Mistake::Unknown { .. }));
}

#[test]
fn a_field_that_is_not_indexed_is_refused_in_lists_and_fine_for_events() {
    let error = refused("true && fields[\"acme/crm/note\"] == \"x\"");
    assert_eq!(
        (error.column, error.mistake),
        (9, Mistake::NotIndexed("acme/crm/note".to_owned()))
    );
    let events = Environment::events(fields());
    assert!(Expression::parse("ticket.fields[\"acme/crm/note\"] == \"x\"", &events).is_ok());
}

#[test]
fn words_stand_at_the_outermost_level_only() {
    let expression = Expression::parse(
        "text(\"密码 reset\") && (state == \"open\" && text(\"vpn\"))",
        &tickets(),
    );
    let expression = expression.unwrap();
    let (words, others) = expression.split_words();
    assert_eq!(words, ["密码 reset", "vpn"]);
    assert_eq!(others.len(), 1);
    let error = refused("state == \"open\" ||\n  text(\"vpn\")");
    assert_eq!((error.line, error.column), (2, 3));
    assert_eq!(error.mistake, Mistake::WordsWithin);
    assert_eq!(refused("!text(\"vpn\")").column, 2);
    let within = "state == \"open\" && (text(\"a\") || number == 1)";
    assert_eq!(refused(within).column, 21);
}

#[test]
fn the_longest_and_deepest_expression_is_taken_and_no_more() {
    let parse = |text: &str| Expression::parse(text, &tickets());
    let padded = |bytes: usize| format!("legal_hold{}", " ".repeat(bytes - 10));
    assert!(parse(&padded(TEXT_BYTES_MAX)).is_ok());
    assert!(parse(&padded(TEXT_BYTES_MAX + 1)).is_err());
    let within = |levels: usize| format!("{}legal_hold{}", "!(".repeat(levels), ")".repeat(levels));
    // The name itself is two levels: a condition, and its side.
    assert!(parse(&within(NESTING_LEVELS_MAX - 2)).is_ok());
    assert_eq!(
        parse(&within(NESTING_LEVELS_MAX - 1)).unwrap_err().mistake,
        Mistake::TooDeep
    );
    // A list of n values in a comparison is n values, the list, the name, and the comparison.
    let list = |nodes: usize| format!("number in [{}]", vec!["1"; nodes - 3].join(","));
    assert!(parse(&list(NODES_MAX)).is_ok());
    assert_eq!(
        parse(&list(NODES_MAX + 1)).unwrap_err().mistake,
        Mistake::TooManyParts
    );
    let long = |characters: usize| {
        format!(
            "fields[\"acme/crm/tier\"] == \"{}\"",
            "密".repeat(characters)
        )
    };
    assert!(parse(&long(FIELD_TEXT_CHARACTERS_MAX)).is_ok());
    assert!(parse(&long(FIELD_TEXT_CHARACTERS_MAX + 1)).is_err());
}

fn event() -> EventDraft {
    let stamp = Stamp {
        at: Timestamp(5),
        principal: Actor::SYSTEM.into(),
        origin: Default::default(),
        because: None,
    };
    let mut event = EventDraft::of_ticket("ticket.changed", ticket().id, 2, &stamp);
    event.changes = vec![
        Change {
            name: "state".to_owned(),
            old: Value::Text("new".to_owned()),
            new: Value::Text("open".to_owned()),
        },
        Change {
            name: "acme/sla/left".to_owned(),
            old: Value::None,
            new: Value::Integer(5),
        },
    ];
    event.data =
        json!({ "message": { "words": 12, "public": true }, "to": ["a@b.example"], "share": 0.5 });
    event
}

#[test]
fn an_event_is_as_it_is_said_to_be() {
    let (event, ticket, environment) = (event(), ticket(), Environment::events(fields()));
    let row = EventRow {
        event: &event,
        ticket: Some(&ticket),
    };
    for text in [
        "kind == \"ticket.changed\" && actor.kind == \"system\"",
        "changed(\"state\") && old(\"state\") == \"new\" && new(\"state\") == \"open\"",
        "!changed(\"subject\") && new(\"subject\") == null",
        "new(\"acme/sla/left\") > 4 && old(\"acme/sla/left\") == null",
        "ticket.state == \"open\" && \"vip\" in ticket.tags",
        "ticket.fields[\"acme/sla/left\"] == 5",
        "data.message.words >= 12 && data[\"message\"].public",
        "data.message.words == 12.0 && data.share < 1.0",
        "\"a@b.example\" in data.to",
        "data.none == null && data.message != null",
        "data.message.words != \"12\"",
        "!(data.share == 1)",
        "data.kind.contains(\"x\") || !data.nothing",
    ] {
        let expression = Expression::parse(text, &environment);
        let expression = expression.unwrap_or_else(|error| panic!("{text}: {error}"));
        assert!(expression.holds(&row, &now()), "{text}");
    }
    for (text, column, part) in [
        ("state == \"open\"", 1, "did you mean `ticket.state`?"),
        ("actor.kind == \"robot\"", 15, "one of customer"),
        ("text(\"x\")", 1, "lists of tickets"),
        ("changed(\"stat\")", 9, "`state`"),
        ("data.a == data.b", 1, "known type"),
        ("ticket.assignee == me", 20, "no `me`"),
        ("ticket.colour == 1", 1, "no `ticket.colour`"),
    ] {
        let error = Expression::parse(text, &environment).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        assert_eq!(error.column, column, "{error}");
    }
}
