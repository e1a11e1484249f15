//! What can be done to a catalog. Each is a pure step from one catalog to the next, and as data it may wait in a job: done twice it changes nothing more.

use super::{Catalog, document::Document};
use crate::{
    entry::{Approval, Article, Entry},
    form::Form,
    language::Texts,
    limits::{CHANGES_MAX, POSITION_MAX},
    refusal::Refused,
};
use serde::{Deserialize, Serialize};

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// A new entry, last among its neighbours.
    Make {
        id: String,
        parent: String,
        title: Texts,
    },
    /// What an entry says, where nobody else changed it since that version.
    Edit {
        id: String,
        version: u64,
        edit: Box<Edit>,
    },
    /// What an entry asks, under the same condition.
    Ask {
        id: String,
        version: u64,
        form: Option<Box<Form>>,
    },
    /// With all that stands below it; to the top where the parent is empty.
    Move { id: String, parent: String },
    /// With all that stands below it.
    Archive { id: String },
    /// With all that was archived with it.
    Restore { id: String },
    /// Only where nothing stands below. Whether tickets name it, whoever carries it out has looked.
    Delete { id: String },
    /// All of a document at once.
    Import { document: Document },
}

/// What an entry says, but for its place and its form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    pub title: Texts,
    pub summary: Texts,
    pub position: u32,
    pub kind: String,
    pub group: String,
    pub impact: u8,
    pub urgency: u8,
    pub class: String,
    pub approval: Option<Approval>,
    pub articles: Vec<Article>,
}

impl Change {
    /// The catalog after it.
    ///
    /// # Errors
    /// [`Refused`]: then nothing changes.
    pub fn apply(&self, before: &Catalog) -> Result<Catalog, Refused> {
        let mut after = before.clone();
        match self {
            Self::Make { id, parent, title } => after.make(id, parent, title)?,
            Self::Edit { id, version, edit } => edit.onto(after.at_version(id, *version)?),
            Self::Ask { id, version, form } => {
                after.at_version(id, *version)?.form = form.as_deref().cloned();
            }
            Self::Move { id, parent } => after.move_to(id, parent)?,
            Self::Archive { id } => {
                let entry = after.entry_mut(id)?;
                if !entry.archived {
                    (entry.archived, entry.archived_with) = (true, String::new());
                }
            }
            Self::Restore { id } => after.restore(id)?,
            Self::Delete { id } => {
                after.entry(id)?;
                if !after.children(id).is_empty() {
                    return Err(Refused::HasChildren(id.clone()));
                }
                after.entries.remove(id);
            }
            Self::Import { document } => document.onto(&mut after),
        }
        after.settle();
        after.check()?;
        match before.difference(&after).len() {
            count if count > CHANGES_MAX => Err(Refused::TooManyChanges(count)),
            _ => Ok(after),
        }
    }
}

impl Edit {
    fn onto(&self, entry: &mut Entry) {
        let edit = self.clone();
        *entry = Entry {
            title: edit.title,
            summary: edit.summary,
            position: edit.position,
            kind: edit.kind,
            group: edit.group,
            impact: edit.impact,
            urgency: edit.urgency,
            class: edit.class,
            approval: edit.approval,
            articles: edit.articles,
            ..entry.clone()
        };
    }
}

impl Catalog {
    fn entry_mut(&mut self, id: &str) -> Result<&mut Entry, Refused> {
        self.entry(id)?;
        let entry = self.entries.get_mut(id);
        entry.ok_or_else(|| Refused::Unknown(id.to_owned()))
    }

    fn at_version(&mut self, id: &str, version: u64) -> Result<&mut Entry, Refused> {
        let entry = self.entry_mut(id)?;
        match entry.version == version {
            true => Ok(entry),
            false => Err(Refused::Stale(id.to_owned())),
        }
    }

    /// What is to stand there: something that is not archived, or the top.
    fn check_parent(&self, id: &str, parent: &str) -> Result<(), Refused> {
        match self.entries.get(parent) {
            _ if parent.is_empty() => Ok(()),
            None => Err(Refused::NoParent {
                entry: id.to_owned(),
                parent: parent.chars().take(80).collect(),
            }),
            Some(above) if above.archived => Err(Refused::ArchivedParent(id.to_owned())),
            Some(_) => Ok(()),
        }
    }

    fn last_position(&self, parent: &str) -> u32 {
        let last = self
            .children(parent)
            .last()
            .map(|(_, entry)| entry.position);
        last.map_or(0, |last| last.saturating_add(10).min(POSITION_MAX))
    }

    fn make(&mut self, id: &str, parent: &str, title: &Texts) -> Result<(), Refused> {
        let mut entry = Entry::new(title.clone());
        entry.check(id)?;
        if self.entries.contains_key(id) {
            return Err(Refused::Taken(id.to_owned()));
        }
        self.check_parent(id, parent)?;
        entry.position = self.last_position(parent);
        parent.clone_into(&mut entry.parent);
        self.entries.insert(id.to_owned(), entry);
        Ok(())
    }

    fn move_to(&mut self, id: &str, parent: &str) -> Result<(), Refused> {
        if self.entry(id)?.parent == parent {
            return Ok(());
        }
        if !parent.is_empty() && self.is_within(parent, id) {
            return Err(Refused::BelowItself(id.to_owned()));
        }
        self.check_parent(id, parent)?;
        let position = self.last_position(parent);
        let entry = self.entry_mut(id)?;
        entry.position = position;
        parent.clone_into(&mut entry.parent);
        Ok(())
    }

    fn restore(&mut self, id: &str) -> Result<(), Refused> {
        let entry = self.entry(id)?;
        if !entry.archived {
            return Ok(());
        }
        let parent = entry.parent.clone();
        self.check_parent(id, &parent)?;
        let with: Vec<_> = (self.below(id).iter())
            .filter(|one| (self.entries.get(**one)).is_some_and(|one| one.archived_with == id))
            .map(|one| (*one).to_owned())
            .collect();
        for one in with.iter().map(String::as_str).chain([id]) {
            let entry = self.entry_mut(one)?;
            (entry.archived, entry.archived_with) = (false, String::new());
        }
        Ok(())
    }
}
