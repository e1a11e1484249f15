//! The states of a ticket and the one table of what leads from where to where (rows 3–11 and 13–15 of the domain's table; making a ticket and following one up are no transitions).

use crate::{actor::Role, refusal::Refusal};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    New,
    Open,
    Pending,
    Solved,
    Closed,
    Suspended,
    Deleted,
}

impl State {
    /// All seven, in the order of a ticket's life.
    pub const ALL: [Self; 7] = [
        Self::New,
        Self::Open,
        Self::Pending,
        Self::Solved,
        Self::Closed,
        Self::Suspended,
        Self::Deleted,
    ];

    /// The state as it is written everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Open => "open",
            Self::Pending => "pending",
            Self::Solved => "solved",
            Self::Closed => "closed",
            Self::Suspended => "suspended",
            Self::Deleted => "deleted",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What can be asked of the state machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Command {
    /// Somebody takes the ticket, or an agent acts on it for the first time.
    Start,
    /// Wait for somebody, with a reason.
    Wait,
    /// The waiting is over.
    Resume,
    /// The requester or a participant said something, in public, in person.
    Answer,
    Solve,
    Reopen,
    Close,
    Delete,
    Restore,
    /// What was suspended becomes a ticket after all.
    Recover,
    /// What was suspended is done away with.
    Reject,
    /// Another ticket goes on in this one's stead.
    Merge,
}

impl Command {
    /// Every command, for tests that go through the whole table.
    pub const ALL: [Self; 12] = [
        Self::Start,
        Self::Wait,
        Self::Resume,
        Self::Answer,
        Self::Solve,
        Self::Reopen,
        Self::Close,
        Self::Delete,
        Self::Restore,
        Self::Recover,
        Self::Reject,
        Self::Merge,
    ];

    fn verb(self) -> &'static str {
        match self {
            Self::Start => "taken",
            Self::Wait => "set to wait",
            Self::Resume => "resumed",
            Self::Answer => "answered",
            Self::Solve => "solved",
            Self::Reopen => "reopened",
            Self::Close => "closed",
            Self::Delete => "deleted",
            Self::Restore => "restored",
            Self::Recover => "recovered",
            Self::Reject => "rejected",
            Self::Merge => "merged",
        }
    }
}

/// Where a command leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    To(State),
    /// To the state that the ticket had when it was deleted.
    Prior,
}

struct Row {
    command: Command,
    from: &'static [State],
    to: Target,
    who: &'static [Role],
}

use Role::{Agent, Helper, Participant, Requester, Stranger, Supervisor, System};
use State::{Closed, Deleted, New, Open, Pending, Solved, Suspended};

const TABLE: &[Row] = &[
    Row {
        command: Command::Start,
        from: &[New],
        to: Target::To(Open),
        who: &[Agent, Supervisor, System],
    },
    Row {
        command: Command::Wait,
        from: &[New, Open],
        to: Target::To(Pending),
        who: &[Agent, Supervisor, System],
    },
    Row {
        command: Command::Answer,
        from: &[Pending, Solved],
        to: Target::To(Open),
        who: &[Requester, Participant],
    },
    Row {
        command: Command::Resume,
        from: &[Pending],
        to: Target::To(Open),
        who: &[Agent, Supervisor, System],
    },
    Row {
        command: Command::Solve,
        from: &[New, Open, Pending],
        to: Target::To(Solved),
        who: &[Requester, Agent, Supervisor, System],
    },
    Row {
        command: Command::Reopen,
        from: &[Solved],
        to: Target::To(Open),
        who: &[Requester, Participant, Agent, Supervisor, System],
    },
    Row {
        command: Command::Close,
        from: &[Solved],
        to: Target::To(Closed),
        who: &[Requester, Supervisor, System],
    },
    Row {
        command: Command::Delete,
        from: &[New, Open, Pending, Solved, Closed, Suspended],
        to: Target::To(Deleted),
        who: &[Supervisor],
    },
    Row {
        command: Command::Restore,
        from: &[Deleted],
        to: Target::Prior,
        who: &[Supervisor],
    },
    Row {
        command: Command::Recover,
        from: &[Suspended],
        to: Target::To(New),
        who: &[Agent, Supervisor],
    },
    Row {
        command: Command::Reject,
        from: &[Suspended],
        to: Target::To(Deleted),
        who: &[Agent, Supervisor, System],
    },
    Row {
        command: Command::Merge,
        from: &[New, Open, Pending, Solved, Closed],
        to: Target::To(Closed),
        who: &[Agent, Supervisor, System],
    },
];

/// Where `command` by `role` leads from `from`, or why it leads nowhere.
///
/// # Errors
/// [`Refusal::State`] where nobody may, [`Refusal::Right`] where somebody else may.
pub fn next(from: State, command: Command, role: Role) -> Result<Target, Refusal> {
    let row = TABLE
        .iter()
        .find(|row| row.command == command && row.from.contains(&from));
    match row {
        None => Err(Refusal::State(format!(
            "a ticket that is {from} cannot be {}",
            command.verb()
        ))),
        Some(row) if row.who.contains(&role) => Ok(row.to),
        Some(row) => Err(Refusal::Right(format!(
            "this ticket may be {} only by: {}",
            command.verb(),
            names(row.who)
        ))),
    }
}

fn names(roles: &[Role]) -> String {
    let name = |role: &Role| match role {
        Requester => "its requester",
        Participant => "a participant",
        Agent => "an agent",
        Supervisor => "a supervisor",
        System => "a rule",
        Helper => "a helper",
        Stranger => "anybody",
    };
    roles.iter().map(name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the domain, written a second time as pictures: rows are states, columns commands; the letters are who may.
    const PICTURE: &str = "
        state      start  wait  resume answer solve reopen close delete restore recover reject merge
        new        ASY    ASY   -      -      RASY  -      -     S      -       -       -      ASY
        open       -      ASY   -      -      RASY  -      -     S      -       -       -      ASY
        pending    -      -     ASY    RC     RASY  -      -     S      -       -       -      ASY
        solved     -      -     -      RC     -     RCASY  RSY   S      -       -       -      ASY
        closed     -      -     -      -      -     -      -     S      -       -       -      ASY
        suspended  -      -     -      -      -     -      -     S      -       AS      ASY    -
        deleted    -      -     -      -      -     -      -     -      S       -       -      -";

    #[test]
    fn every_cell_of_the_transition_table_allows_and_refuses_as_drawn() {
        let mut cells = 0;
        for line in PICTURE
            .lines()
            .filter(|line| !line.trim().is_empty())
            .skip(1)
        {
            let words: Vec<_> = line.split_whitespace().collect();
            let state = State::parse(words[0]).unwrap();
            for (command, who) in Command::ALL.into_iter().zip(&words[1..]) {
                for (letter, role) in [
                    ('R', Requester),
                    ('C', Participant),
                    ('A', Agent),
                    ('S', Supervisor),
                    ('Y', System),
                    ('X', Helper),
                    ('-', Stranger),
                ] {
                    // A dash is nobody, and a stranger may nothing anywhere.
                    let who = if role == Stranger { "" } else { *who };
                    let answer = next(state, command, role);
                    assert_eq!(
                        answer.is_ok(),
                        who.contains(letter),
                        "{state} {command:?} by {role:?}: {answer:?}"
                    );
                    cells += 1;
                }
            }
        }
        assert_eq!(cells, 7 * 12 * 7);
    }

    #[test]
    fn a_refusal_tells_whether_nobody_may_or_somebody_else() {
        assert!(matches!(
            next(Closed, Command::Solve, Agent),
            Err(Refusal::State(_))
        ));
        assert!(matches!(
            next(Open, Command::Delete, Agent),
            Err(Refusal::Right(_))
        ));
    }
}
