//! Any expressions, as texts: every name with every operator that fits it, in conditions within conditions.

use crate::tickets::{self, FIELDS, instant, integer, number, small_text};
use guichet_expression::Type;
use proptest::{collection, prelude::*, sample::select};

const OWN: [(&str, Type); 19] = [
    ("id", Type::Id),
    ("number", Type::Integer),
    ("kind", Type::Text),
    ("channel", Type::Text),
    ("subject", Type::Text),
    ("priority", Type::Integer),
    ("impact", Type::Integer),
    ("urgency", Type::Integer),
    ("requester", Type::Id),
    ("assignee", Type::Id),
    ("group", Type::Id),
    ("merged_into", Type::Id),
    ("created_at", Type::Instant),
    ("updated_at", Type::Instant),
    ("pending_reason", Type::Text),
    ("pending_until", Type::Instant),
    ("solved_at", Type::Instant),
    ("reopen_count", Type::Integer),
    ("legal_hold", Type::Boolean),
];

fn names(kind: Type) -> Vec<String> {
    let own = OWN.iter().filter(move |(_, of)| *of == kind);
    let fields = FIELDS.iter().filter(move |(_, of)| *of == kind);
    own.map(|(name, _)| (*name).to_owned())
        .chain(fields.map(|(name, _)| format!("fields[\"{name}\"]")))
        .collect()
}

fn quoted(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("\"{escaped}\"")
}

fn moment(at: i64) -> String {
    match jiff::Timestamp::from_microsecond(at) {
        Ok(at) => format!("timestamp(\"{at}\")"),
        Err(_) => "now".to_owned(),
    }
}

fn literal(kind: Type) -> BoxedStrategy<String> {
    match kind {
        Type::Text => small_text().prop_map(|text| quoted(&text)).boxed(),
        Type::Id => prop_oneof![
            3 => tickets::any_who().prop_map(|id| quoted(&id.to_string())),
            1 => Just("me".to_owned()),
        ]
        .boxed(),
        Type::Integer => integer()
            .prop_filter("is written without its sign first", |n| *n != i64::MIN)
            .prop_map(|n| n.to_string())
            .boxed(),
        Type::Number => prop_oneof![
            4 => number().prop_map(|n| format!("{n:?}")),
            1 => (-2i64..3).prop_map(|n| n.to_string()),
        ]
        .boxed(),
        Type::Boolean => any::<bool>().prop_map(|truth| truth.to_string()).boxed(),
        Type::Instant => prop_oneof![
            2 => instant().prop_map(moment),
            1 => Just("now".to_owned()),
            2 => (1i64..5).prop_map(|hours| format!("now - duration(\"{hours}h\")")),
            1 => (1i64..5).prop_map(|us| format!("now + duration(\"{us}us\")")),
        ]
        .boxed(),
        Type::Texts | Type::Any => unreachable!("lists have no literals"),
    }
}

fn or_null(kind: Type) -> BoxedStrategy<String> {
    prop_oneof![5 => literal(kind), 1 => Just("null".to_owned())].boxed()
}

/// Conditions on names of one type.
fn of_kind(kind: Type) -> BoxedStrategy<String> {
    let name = || select(names(kind));
    if kind == Type::Texts {
        let lists = || select([names(kind), vec!["tags".to_owned()]].concat());
        return prop_oneof![
            2 => (small_text(), lists()).prop_map(|(text, list)| format!("{} in {list}", quoted(&text))),
            1 => (lists(), select(vec!["==", "!="])).prop_map(|(list, sign)| format!("{list} {sign} []")),
        ]
        .boxed();
    }
    let equals = || select(vec!["==", "!="]);
    let equal =
        (name(), equals(), or_null(kind), any::<bool>()).prop_map(|(name, sign, value, turned)| {
            match turned {
                true => format!("{value} {sign} {name}"),
                false => format!("{name} {sign} {value}"),
            }
        });
    let list = (name(), collection::vec(or_null(kind), 0..4))
        .prop_map(|(name, values)| format!("{name} in [{}]", values.join(", ")));
    let two =
        (name(), equals(), name()).prop_map(|(one, sign, other)| format!("{one} {sign} {other}"));
    let mut all = vec![(3, equal.boxed()), (2, list.boxed()), (1, two.boxed())];
    if matches!(
        kind,
        Type::Text | Type::Integer | Type::Number | Type::Instant
    ) {
        let signs = || select(vec!["<", "<=", ">", ">="]);
        let order = (name(), signs(), literal(kind), any::<bool>()).prop_map(
            |(name, sign, value, turned)| match turned {
                true => format!("{value} {sign} {name}"),
                false => format!("{name} {sign} {value}"),
            },
        );
        let two = (name(), signs(), name())
            .prop_map(|(one, sign, other)| format!("{one} {sign} {other}"));
        all.extend([(3, order.boxed()), (1, two.boxed())]);
    }
    if kind == Type::Text {
        let how = select(vec!["contains", "startsWith", "endsWith"]);
        let matches = (name(), how, small_text())
            .prop_map(|(name, how, text)| format!("{name}.{how}({})", quoted(&text)));
        all.push((3, matches.boxed()));
    }
    if kind == Type::Boolean {
        all.push((2, name().boxed()));
    }
    proptest::strategy::Union::new_weighted(all).boxed()
}

fn states() -> BoxedStrategy<String> {
    let state = || {
        let all = [
            "new",
            "open",
            "pending",
            "solved",
            "closed",
            "suspended",
            "deleted",
        ];
        select(all.map(|state| format!("\"{state}\"")).to_vec())
    };
    prop_oneof![
        (select(vec!["==", "!=", "<", ">="]), state())
            .prop_map(|(sign, state)| format!("state {sign} {state}")),
        collection::vec(state(), 0..4)
            .prop_map(|states| format!("state in [{}]", states.join(", "))),
    ]
    .boxed()
}

fn leaf() -> BoxedStrategy<String> {
    prop_oneof![
        4 => of_kind(Type::Text),
        3 => of_kind(Type::Id),
        3 => of_kind(Type::Integer),
        2 => of_kind(Type::Number),
        2 => of_kind(Type::Boolean),
        3 => of_kind(Type::Instant),
        3 => of_kind(Type::Texts),
        2 => states(),
        1 => any::<bool>().prop_map(|truth| truth.to_string()),
    ]
    .boxed()
}

/// An expression.
pub(crate) fn expression() -> impl Strategy<Value = String> {
    leaf().prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            2 => inner.clone().prop_map(|inner| format!("!({inner})")),
            3 => collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(") && ("))),
            3 => collection::vec(inner, 2..4).prop_map(|parts| format!("({})", parts.join(") || ("))),
        ]
    })
}

/// What a list can be sorted by.
pub(crate) fn sort_key() -> impl Strategy<Value = String> {
    let own = OWN.iter().map(|(name, _)| (*name).to_owned());
    let fields = FIELDS
        .iter()
        .filter(|(_, kind)| *kind != Type::Texts)
        .map(|(name, _)| (*name).to_owned());
    let all: Vec<_> = own.chain(fields).chain(["state".to_owned()]).collect();
    (any::<bool>(), select(all)).prop_map(|(descending, name)| match descending {
        true => format!("-{name}"),
        false => name,
    })
}
