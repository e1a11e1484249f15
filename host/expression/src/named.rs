//! One name by itself, outside of any expression: a column, what a list is sorted by, what an aggregate groups and measures.

use crate::{
    environment::{About, Environment},
    error::Mistake,
    tree::{Name, Place},
};

impl Environment {
    /// What a list of tickets can be sorted, grouped and measured by: `created_at`, `created-at`, `publisher/name/field`, `fields["publisher/name/field"]`.
    ///
    /// # Errors
    /// [`Mistake::Unknown`] and [`Mistake::NotIndexed`], as in an expression.
    pub fn name(&self, text: &str) -> Result<Name, Mistake> {
        match self.whole_plugin_name(text) {
            Some(field) => {
                let kind = self.plugin(field)?.kind;
                Ok(Name {
                    place: Place::Plugin(field.to_owned()),
                    kind,
                })
            }
            None => self.own_name(text),
        }
    }

    /// What can be shown of a ticket: every name, and plugins' fields that are not indexed as well.
    ///
    /// # Errors
    /// [`Mistake::Unknown`].
    pub fn column(&self, text: &str) -> Result<Name, Mistake> {
        match self.whole_plugin_name(text) {
            Some(field) => match self.declared(field) {
                Some(declared) => Ok(Name {
                    place: Place::Plugin(field.to_owned()),
                    kind: declared.kind,
                }),
                None => self.name(text),
            },
            None => self.own_name(text),
        }
    }

    fn own_name(&self, text: &str) -> Result<Name, Mistake> {
        let name = text.replace('-', "_");
        let known = match self.about {
            About::Tickets => self.of_tickets(&name),
            About::Events => None,
        };
        match known {
            Some(known) => Ok(Name {
                kind: known.kind,
                place: Place::Ticket(name),
            }),
            None => Err(self.unknown(text)),
        }
    }

    fn whole_plugin_name<'a>(&self, text: &'a str) -> Option<&'a str> {
        let within = text
            .strip_prefix("fields[")
            .and_then(|rest| rest.strip_suffix(']'))
            .map(|quoted| quoted.trim_matches(['"', '\'']));
        within.or_else(|| text.contains('/').then_some(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::{PluginField, Type};
    use std::collections::BTreeMap;

    fn environment() -> Environment {
        let field = |name: &str, indexed| PluginField {
            name: name.to_owned(),
            kind: Type::Integer,
            indexed,
            title: BTreeMap::new(),
            values: Vec::new(),
        };
        Environment::tickets([field("acme/sla/left", true), field("acme/sla/note", false)])
    }

    #[test]
    fn a_name_has_several_spellings_and_one_meaning() {
        let name = |text: &str| environment().name(text).map(|name| name.place);
        let created = Ok(Place::Ticket("created_at".to_owned()));
        assert_eq!(name("created_at"), created);
        assert_eq!(name("created-at"), created);
        let left = Ok(Place::Plugin("acme/sla/left".to_owned()));
        assert_eq!(name("acme/sla/left"), left);
        assert_eq!(name("fields[\"acme/sla/left\"]"), left);
        assert_eq!(name("fields['acme/sla/left']"), left);
    }

    #[test]
    fn what_is_not_indexed_is_shown_and_nothing_is_sorted_by_it() {
        let note = "acme/sla/note";
        assert_eq!(
            environment().name(note),
            Err(Mistake::NotIndexed(note.to_owned()))
        );
        assert!(environment().column(note).is_ok());
        for unknown in ["creatd_at", "acme/sla/none", "fields[", "", "me", "now"] {
            assert!(matches!(
                environment().column(unknown),
                Err(Mistake::Unknown { .. })
            ));
        }
        let hidden = environment().without("subject").without(note);
        assert!(hidden.column("subject").is_err() && hidden.column(note).is_err());
    }
}
