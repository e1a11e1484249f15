//! Any tickets: with and without each value, with texts in Chinese and with signs that patterns use, with numbers at the edges, with fields of the wrong type.

use guichet_core::{
    id::{AgentId, CustomerId, GroupId, TicketId},
    ticket::{Ticket, state::State},
    time::Timestamp,
    value::Value,
};
use guichet_expression::{PluginField, Type};
use proptest::{collection, option, prelude::*, sample::select};
use std::collections::BTreeMap;
use uuid::Uuid;

/// 2026-03-01T09:00:00Z.
pub(crate) const NOW: i64 = 1_772_355_600_000_000;
const HOUR: i64 = 3_600_000_000;

/// Few, so that they meet.
pub(crate) fn who(number: u128) -> Uuid {
    Uuid::from_u128(0x0190_f3c4_0000_7000_8000_0000_0000_0000 + number)
}

pub(crate) fn any_who() -> impl Strategy<Value = Uuid> {
    (1u128..5).prop_map(who)
}

/// Small texts that are often equal to each other, or in each other.
pub(crate) fn small_text() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "a",
        "A",
        "b",
        "Z",
        "%",
        "_",
        "\\",
        "'",
        "\"",
        "密",
        "密码",
        "打印机",
        "\u{1F600}",
        "é",
        "e\u{301}",
        "ａ",
        " ",
        "?",
        "$1",
        "\n",
    ]);
    collection::vec(piece, 0..3).prop_map(|pieces| pieces.concat())
}

pub(crate) fn integer() -> impl Strategy<Value = i64> {
    prop_oneof![
        4 => -3i64..4,
        1 => select(vec![i64::MIN, i64::MIN + 1, i64::MAX, i64::MAX - 1, 1 << 53, (1 << 53) + 1]),
    ]
}

pub(crate) fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => (-6i8..7).prop_map(|halves| f64::from(halves) / 2.0),
        1 => select(vec![0.0, -0.0, 1e300, -1e300, 5e-324, f64::MAX, f64::MIN, 9_007_199_254_740_993.0, 0.1, 0.1 + 0.2]),
    ]
}

pub(crate) fn instant() -> impl Strategy<Value = i64> {
    prop_oneof![
        5 => (-3i64..4).prop_map(|hours| NOW + hours * HOUR),
        1 => (-3i64..4).prop_map(|microseconds| NOW + microseconds),
        1 => select(vec![0, 1, -1, i64::MAX, i64::MIN]),
    ]
}

/// What of a ticket's own is near the present.
fn near() -> impl Strategy<Value = Timestamp> {
    (-3i64..4).prop_map(|hours| Timestamp(NOW + hours * HOUR))
}

pub(crate) fn texts() -> impl Strategy<Value = Vec<String>> {
    collection::vec(small_text(), 0..3)
}

pub(crate) const FIELDS: [(&str, Type); 6] = [
    ("t/t/text", Type::Text),
    ("t/t/integer", Type::Integer),
    ("t/t/number", Type::Number),
    ("t/t/boolean", Type::Boolean),
    ("t/t/instant", Type::Instant),
    ("t/t/texts", Type::Texts),
];

pub(crate) fn declared() -> Vec<PluginField> {
    FIELDS
        .iter()
        .map(|(name, kind)| PluginField {
            name: (*name).to_owned(),
            kind: *kind,
            indexed: true,
            title: BTreeMap::new(),
            values: Vec::new(),
        })
        .collect()
}

fn any_value() -> BoxedStrategy<Value> {
    let long =
        (190usize..210, select(vec!["密", "a"])).prop_map(|(length, sign)| sign.repeat(length));
    prop_oneof![
        Just(Value::None),
        small_text().prop_map(Value::Text),
        long.prop_map(Value::Text),
        integer().prop_map(Value::Integer),
        number().prop_map(|number| Value::Number { number }),
        any::<bool>().prop_map(Value::Boolean),
        instant().prop_map(|at| Value::Instant { at: Timestamp(at) }),
        texts().prop_map(Value::Texts),
        Just(Value::Json {
            json: serde_json::json!({ "a": [1] })
        }),
    ]
    .boxed()
}

fn value_of(kind: Type) -> BoxedStrategy<Value> {
    match kind {
        Type::Text | Type::Id => small_text().prop_map(Value::Text).boxed(),
        Type::Integer => integer().prop_map(Value::Integer).boxed(),
        Type::Number => number().prop_map(|number| Value::Number { number }).boxed(),
        Type::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Type::Instant => instant()
            .prop_map(|at| Value::Instant { at: Timestamp(at) })
            .boxed(),
        Type::Texts => texts().prop_map(Value::Texts).boxed(),
        Type::Any => any_value(),
    }
}

fn fields() -> impl Strategy<Value = BTreeMap<String, Value>> {
    let one = |(name, kind): (&'static str, Type)| {
        let value = prop_oneof![4 => value_of(kind), 1 => any_value()];
        option::weighted(0.7, value).prop_map(move |value| (name.to_owned(), value))
    };
    FIELDS.map(one).to_vec().prop_map(|fields| {
        let present = fields.into_iter();
        present
            .filter_map(|(name, value)| value.map(|value| (name, value)))
            .filter(|(_, value)| *value != Value::None)
            .collect()
    })
}

fn any_ticket(place: usize) -> impl Strategy<Value = Ticket> {
    let id = TicketId(Uuid::from_u128(
        0x0190_f3c4_0000_7000_9000_0000_0000_0000 + place as u128,
    ));
    let names = (
        select(State::ALL.to_vec()),
        small_text(),
        small_text(),
        small_text(),
        any_who(),
        option::of(any_who()),
        option::of(any_who()),
        option::weighted(0.2, any_who()),
    );
    let numbers = (
        1u8..5,
        1u8..5,
        option::of(1u8..5),
        prop_oneof![4 => 0u32..3, 1 => Just(u32::MAX)],
        any::<bool>(),
        any::<bool>(),
    );
    let times = (
        near(),
        near(),
        option::of(near()),
        option::of(near()),
        option::of(small_text()),
    );
    (names, numbers, times, texts(), fields()).prop_map(
        move |(names, numbers, times, tags, fields)| {
            let mut ticket = Ticket::blank(id, CustomerId(names.4), times.0);
            (ticket.state, ticket.kind, ticket.channel) = (names.0, names.1, names.2);
            ticket.subject = names.3;
            ticket.assignee = names.5.map(AgentId);
            ticket.group = names.6.map(GroupId);
            ticket.merged_into = names.7.map(TicketId);
            (ticket.impact, ticket.urgency) = (numbers.0, numbers.1);
            ticket.priority_override = numbers.2;
            ticket.reopen_count = numbers.3;
            ticket.legal_hold = numbers.4;
            // Nobody's has no number.
            match numbers.5 {
                true => ticket.number = Some(place as u64 + 1),
                false => ticket.requester = CustomerId::NOBODY,
            }
            ticket.updated_at = times.1;
            (ticket.pending_until, ticket.solved_at) = (times.2, times.3);
            ticket.pending_reason = times.4;
            ticket.tags = tags.into_iter().collect();
            ticket.fields = fields;
            ticket
        },
    )
}

/// So many tickets.
pub(crate) fn any_tickets(count: usize) -> impl Strategy<Value = Vec<Ticket>> {
    (0..count).map(any_ticket).collect::<Vec<_>>()
}
