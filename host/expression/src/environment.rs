//! Names, types, and who may use them.
//!
//! An environment is made per principal. A field that he may not read is not in it, and an expression that names it is refused exactly as one that names
//! nothing at all: nobody learns by filtering what he may not learn by looking.

use crate::{
    catalog::{self, Choice, Title},
    error::{Mistake, nearest},
};
use std::collections::BTreeMap;

/// What a name holds. Each may be null as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    Text,
    /// A text that is an id: equal or not, never before or after another.
    Id,
    Integer,
    Number,
    Boolean,
    Instant,
    /// A list of texts.
    Texts,
    /// Whatever the other side of its comparison is: what is found in an event's data.
    Any,
}

impl Type {
    /// The type as it is written in the API and in manifests.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text | Self::Id => "text",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Instant => "instant",
            Self::Texts => "texts",
            Self::Any => "any",
        }
    }

    /// The type of that name, as a manifest declares it for a field.
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::Text,
            Self::Integer,
            Self::Number,
            Self::Boolean,
            Self::Instant,
            Self::Texts,
        ]
        .into_iter()
        .find(|kind| kind.name() == name)
    }

    /// For people, in a message.
    pub(crate) fn told(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Id => "an id",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Instant => "an instant",
            Self::Texts => "a list of texts",
            Self::Any => "of no known type",
        }
    }
}

/// A plugin's field, as its manifest declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginField {
    /// `publisher/name/field`.
    pub name: String,
    pub kind: Type,
    /// Whether tickets are found by it.
    pub indexed: bool,
    /// By language.
    pub title: BTreeMap<String, String>,
    /// What it is one of, as far as the manifest says; others may come.
    pub values: Vec<Choice>,
}

/// What is known of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub kind: Type,
    pub title: Title,
    /// What it is one of; empty where that is not known.
    pub values: Vec<Choice>,
    /// Whether it is one of those and nothing else: another value is refused.
    pub closed: bool,
}

/// What an expression is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    Tickets,
    Events,
}

/// The names that an expression may use.
#[derive(Debug, Clone)]
pub struct Environment {
    pub(crate) about: About,
    /// Of tickets, without `ticket.`.
    fields: BTreeMap<String, Known>,
    /// Of events.
    events: BTreeMap<String, Known>,
    plugins: BTreeMap<String, PluginField>,
    has_me: bool,
    has_words: bool,
}

impl Environment {
    /// For lists of tickets: saved views, filters of the API, queries of plugins. Fields that are not indexed are known, and refused by that name.
    pub fn tickets(plugin_fields: impl IntoIterator<Item = PluginField>) -> Self {
        Self {
            about: About::Tickets,
            fields: catalog::tickets(),
            events: BTreeMap::new(),
            plugins: by_name(plugin_fields),
            has_me: true,
            has_words: true,
        }
    }

    /// For events: filters of subscriptions, conditions of triggers. Names of the ticket are written `ticket.…`; interpreted only, so any field will do.
    pub fn events(plugin_fields: impl IntoIterator<Item = PluginField>) -> Self {
        Self {
            about: About::Events,
            fields: catalog::tickets(),
            events: catalog::events(),
            plugins: by_name(plugin_fields),
            has_me: false,
            has_words: false,
        }
    }

    /// The same without a name: for those who may not read that field, or (`me`) for those who are nobody, or (`text`) for those who may not read all
    /// that was said.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.has_me &= name != "me";
        self.has_words &= name != "text";
        self.fields.remove(name);
        self.plugins.remove(name);
        self
    }

    /// The names with what is known of them: the host's own first, then plugins' fields that a list can be filtered by, as they are written in an expression.
    pub fn names(&self) -> impl Iterator<Item = (String, Known)> {
        let of_tickets = self
            .fields
            .iter()
            .map(|(name, known)| (self.written(name), known.clone()));
        let of_events = self.events.clone().into_iter();
        let plugins = self
            .plugins
            .values()
            .filter(|field| field.indexed || self.about == About::Events)
            .map(|field| {
                let title = |language: &str| {
                    let title = field.title.get(language).or(field.title.get("en"));
                    title.unwrap_or(&field.name).clone()
                };
                let known = Known {
                    kind: field.kind,
                    title: Title {
                        en: title("en"),
                        zh_cn: title("zh-CN"),
                    },
                    values: field.values.clone(),
                    closed: false,
                };
                (
                    self.written(&format!("fields[{}]", crate::print::quoted(&field.name))),
                    known,
                )
            });
        of_events.chain(of_tickets).chain(plugins)
    }

    fn written(&self, name: &str) -> String {
        match self.about {
            About::Events => format!("ticket.{name}"),
            About::Tickets => name.to_owned(),
        }
    }

    pub(crate) fn has_me(&self) -> bool {
        self.has_me
    }

    /// A name of tickets, without `ticket.`.
    pub(crate) fn of_tickets(&self, name: &str) -> Option<&Known> {
        self.fields.get(name)
    }

    /// A name of events.
    pub(crate) fn of_events(&self, name: &str) -> Option<&Known> {
        self.events.get(name)
    }

    /// A plugin's field by its whole name; refused as unknown, or as not indexed where that matters.
    pub(crate) fn plugin(&self, name: &str) -> Result<&PluginField, Mistake> {
        let field = self.plugins.get(name).ok_or_else(|| Mistake::Unknown {
            name: name.to_owned(),
            meant: nearest(name, self.plugins.keys().map(String::as_str)),
        })?;
        match self.about {
            About::Tickets if !field.indexed => Err(Mistake::NotIndexed(name.to_owned())),
            _ => Ok(field),
        }
    }

    /// A plugin's field by its whole name, indexed or not.
    pub(crate) fn declared(&self, name: &str) -> Option<&PluginField> {
        self.plugins.get(name)
    }

    /// Whether the words of tickets may be asked for.
    pub(crate) fn has_words(&self) -> bool {
        self.has_words
    }

    /// That there is no such name, with the one that was meant, perhaps.
    pub(crate) fn unknown(&self, name: &str) -> Mistake {
        let of_tickets = self.fields.keys().map(|name| self.written(name));
        let written: Vec<String> = of_tickets.chain(self.events.keys().cloned()).collect();
        let others = ["me", "now", "fields", "true", "false", "null"]
            .into_iter()
            .filter(|other| *other != "me" || self.has_me);
        Mistake::Unknown {
            name: name.to_owned(),
            meant: nearest(name, written.iter().map(String::as_str).chain(others)),
        }
    }
}

fn by_name(fields: impl IntoIterator<Item = PluginField>) -> BTreeMap<String, PluginField> {
    fields
        .into_iter()
        .map(|field| (field.name.clone(), field))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_listed_as_they_are_written() {
        let field = |name: &str, indexed| PluginField {
            name: name.to_owned(),
            kind: Type::Integer,
            indexed,
            title: BTreeMap::new(),
            values: Vec::new(),
        };
        let fields = [field("acme/sla/left", true), field("acme/sla/note", false)];
        let names = |environment: Environment| -> Vec<String> {
            environment.names().map(|(name, _)| name).collect()
        };
        let tickets = names(Environment::tickets(fields.clone()).without("subject"));
        assert!(tickets.contains(&"fields[\"acme/sla/left\"]".to_owned()));
        assert!(tickets.contains(&"state".to_owned()));
        assert!(
            !tickets
                .iter()
                .any(|name| name.contains("note") || name == "subject")
        );
        let events = names(Environment::events(fields));
        assert!(events.contains(&"ticket.fields[\"acme/sla/note\"]".to_owned()));
        assert!(events.contains(&"ticket.state".to_owned()));
        assert!(events.contains(&"actor.kind".to_owned()));
    }

    #[test]
    fn every_type_has_the_name_by_which_it_is_parsed() {
        for name in ["text", "integer", "number", "boolean", "instant", "texts"] {
            assert_eq!(Type::parse(name).map(Type::name), Some(name));
        }
        assert_eq!(Type::parse("any"), None);
    }
}
