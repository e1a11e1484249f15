//! Who looks, and what he may do.

use crate::language::Language;
use guichet_sdk::{Actor, Error, directory_read};

/// Somebody who looks at a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Viewer {
    pub(crate) language: Language,
    /// The agent's id; empty for anybody else.
    pub(crate) id: String,
    pub(crate) may: May,
}

/// What somebody may do here, each more than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum May {
    Look,
    /// Says of himself whether he is away.
    Work,
    /// Changes shifts.
    Supervise,
    /// Changes desks and the menu.
    Administer,
}

impl Viewer {
    /// Asks the directory for the role: it is not told with the viewer.
    pub(crate) fn of(actor: &Actor, language: Language) -> Result<Self, Error> {
        let agent = match actor.kind.as_str() {
            "agent" => match directory_read::agent(&actor.id) {
                Ok(agent) => Some(agent),
                Err(Error::NotFound(_)) => None,
                Err(error) => return Err(error),
            },
            _ => None,
        };
        let agent = agent.filter(|agent| agent.active);
        let may = match agent.as_ref().map(|agent| agent.role.as_str()) {
            Some("admin") => May::Administer,
            Some("supervisor") => May::Supervise,
            Some("agent") => May::Work,
            _ => May::Look,
        };
        Ok(Self {
            language,
            id: agent.map_or_else(String::new, |agent| agent.id),
            may,
        })
    }

    /// The one of the two that is said to him.
    pub(crate) fn say(&self, english: &'static str, chinese: &'static str) -> &'static str {
        self.language.pick(english, chinese)
    }

    /// The one of a pair that is said to him.
    pub(crate) fn pick(&self, (english, chinese): (&'static str, &'static str)) -> &'static str {
        self.language.pick(english, chinese)
    }
}
