//! What an editor may suggest beside names: the operators of a type, and the functions.

use crate::{
    catalog::Title,
    environment::{About, Environment, Type},
};

/// A function, a constant, or a way to join conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// As it is written, `…` where something of the author's own belongs.
    pub text: &'static str,
    pub title: Title,
}

impl Type {
    /// What may be asked of a name of this type, as it is written. Every type can be compared with null by == and !=, but lists.
    pub fn operators(self) -> &'static [&'static str] {
        match self {
            Self::Text => &[
                "==",
                "!=",
                "in",
                "contains",
                "startsWith",
                "endsWith",
                "<",
                "<=",
                ">",
                ">=",
            ],
            Self::Id => &["==", "!=", "in"],
            Self::Integer | Self::Number | Self::Instant => {
                &["==", "!=", "in", "<", "<=", ">", ">="]
            }
            Self::Boolean => &["==", "!=", "in"],
            Self::Texts => &["\"…\" in", "== []", "!= []"],
            Self::Any => &[
                "==",
                "!=",
                "in",
                "<",
                "<=",
                ">",
                ">=",
                "contains",
                "startsWith",
                "endsWith",
            ],
        }
    }
}

const ALWAYS: &[(&str, &str, &str)] = &[
    ("… && …", "Both hold", "两者都成立"),
    ("… || …", "One of them holds", "任一成立"),
    ("!(…)", "It does not hold", "不成立"),
    ("null", "No value", "空值"),
    ("true", "Yes", "是"),
    ("false", "No", "否"),
    ("now", "The time of asking", "当前时间"),
    (
        "now - duration(\"24h\")",
        "Some time ago; in h, m, s",
        "一段时间之前；单位 h、m、s",
    ),
    (
        "timestamp(\"2026-03-01T09:00:00+08:00\")",
        "An instant, with its zone's offset",
        "某一时刻，带时区偏移",
    ),
];

const OF_EVENTS: &[(&str, &str, &str)] = &[
    (
        "changed(\"…\")",
        "The event changed this field",
        "此事件更改了该字段",
    ),
    (
        "old(\"…\")",
        "The field's value before the event",
        "事件之前的字段值",
    ),
    (
        "new(\"…\")",
        "The field's value after the event",
        "事件之后的字段值",
    ),
    ("data.…", "What the event carries", "事件所带的数据"),
];

impl Environment {
    /// Functions, constants and what joins conditions.
    pub fn offers(&self) -> Vec<Offer> {
        let me = [("me", "The agent who asks", "提问的客服本人")];
        let words = [(
            "text(\"…\")",
            "Words of the ticket and its messages; at the outermost level",
            "工单及消息中的词；只能用于最外层",
        )];
        let of_events: &[_] = match self.about {
            About::Events => OF_EVENTS,
            About::Tickets => &[],
        };
        let me = me.iter().filter(|_| self.has_me());
        let words = words.iter().filter(|_| self.has_words());
        ALWAYS
            .iter()
            .chain(me)
            .chain(words)
            .chain(of_events)
            .map(|(text, en, zh_cn)| Offer {
                text,
                title: Title {
                    en: (*en).to_owned(),
                    zh_cn: (*zh_cn).to_owned(),
                },
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Expression;

    fn value(kind: Type) -> &'static str {
        match kind {
            Type::Text => "\"x\"",
            Type::Id => "\"00000000-0000-0000-0000-000000000001\"",
            Type::Integer | Type::Any => "1",
            Type::Number => "1.5",
            Type::Boolean => "true",
            Type::Instant => "now",
            Type::Texts => "",
        }
    }

    #[test]
    fn every_operator_that_is_offered_is_taken() {
        let environment = Environment::tickets([]);
        let mut tried = 0;
        for (name, known) in environment.names().filter(|(_, known)| !known.closed) {
            for operator in known.kind.operators() {
                let value = value(known.kind);
                let text = match *operator {
                    "\"…\" in" => format!("\"vip\" in {name}"),
                    "in" => format!("{name} in [{value}]"),
                    "contains" | "startsWith" | "endsWith" => {
                        format!("{name}.{operator}(\"x\")")
                    }
                    operator => format!("{name} {operator} {value}"),
                };
                let parsed = Expression::parse(&text, &environment);
                assert!(parsed.is_ok(), "{text}: {parsed:?}");
                tried += 1;
            }
        }
        assert!(tried > 50, "{tried}");
    }

    #[test]
    fn what_a_principal_may_not_use_is_not_offered() {
        let offers = |environment: Environment| -> Vec<&'static str> {
            environment
                .offers()
                .iter()
                .map(|offer| offer.text)
                .collect()
        };
        let tickets = offers(Environment::tickets([]));
        assert!(tickets.contains(&"me") && tickets.contains(&"text(\"…\")"));
        let hidden = offers(Environment::tickets([]).without("me").without("text"));
        assert!(!hidden.contains(&"me") && !hidden.contains(&"text(\"…\")"));
        assert!(offers(Environment::events([])).contains(&"changed(\"…\")"));
    }
}
