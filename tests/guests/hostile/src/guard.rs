//! A guard that lets pass what its settings let pass.

use guichet_sdk::{Error, Guard, Proposal, Verdict, tickets_read, tickets_write, typed_settings};
use serde::Deserialize;

/// How the guard looks at a change.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Watch {
    Allow,
    Refuse(String),
    /// Refuses what has this word in its subject, as it would be.
    Subject(String),
    /// Tries to write.
    Write,
    Fail,
    Trap,
    Loop,
}

#[derive(Deserialize)]
struct Settings {
    guard: Option<Watch>,
}

impl Guard for crate::Hostile {
    fn check(proposal: Proposal) -> Result<Verdict, Error> {
        match typed_settings::<Settings>()?.guard.unwrap_or(Watch::Allow) {
            Watch::Allow => Ok(Verdict::Allow),
            Watch::Refuse(message) => Ok(Verdict::Refuse(message)),
            Watch::Subject(word) => {
                let id = proposal.ticket.unwrap_or_default();
                let subject = tickets_read::get(&id)?.subject();
                Ok(match subject.contains(&word) {
                    true => Verdict::Refuse(format!("\"{subject}\" has the word {word}")),
                    false => Verdict::Allow,
                })
            }
            Watch::Write => {
                let id = proposal.ticket.unwrap_or_default();
                tickets_write::add_tags(&id, &["by-guard".to_owned()])?;
                Ok(Verdict::Allow)
            }
            Watch::Fail => Err(Error::Unavailable("as told".to_owned())),
            Watch::Trap => unreachable!("as told"),
            Watch::Loop => loop {
                std::hint::black_box(());
            },
        }
    }
}
