//! Who looks, and what he may do.

use crate::language::Language;
use guichet_sdk::{Actor, Error, directory_read};

/// The role whose agents change the catalog.
const ADMIN: &str = "admin";

/// Somebody who looks at a view, or calls a route.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Viewer {
    pub(crate) language: Language,
    pub(crate) is_admin: bool,
}

impl Viewer {
    /// Asks the directory for the role: it is not told with the viewer.
    pub(crate) fn of(actor: &Actor, language: Language) -> Result<Self, Error> {
        let is_admin = match actor.kind.as_str() {
            "agent" => match directory_read::agent(&actor.id) {
                Ok(agent) => agent.active && agent.role == ADMIN,
                Err(Error::NotFound(_)) => false,
                Err(error) => return Err(error),
            },
            _ => false,
        };
        Ok(Self { language, is_admin })
    }

    /// The one of the two that is said to him.
    pub(crate) fn say(self, english: &'static str, chinese: &'static str) -> &'static str {
        self.language.pick(english, chinese)
    }
}
