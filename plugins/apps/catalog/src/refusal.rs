//! Why something is not done, in words for people, in both languages.

use crate::{language::Language, limits};

/// What is wrong, with which entry. Shown, it is told in English.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("there is no entry `{0}` in the service catalog")]
    Unknown(String),
    #[error("the entry `{0}` is archived and takes no new tickets: restore it, or choose another")]
    Archived(String),
    /// An id that is none.
    #[error("`{0}` is no id: write 1 to 60 small letters, digits and dashes, such as `new-laptop`")]
    Id(String),
    #[error("there is an entry `{0}` already: choose another id")]
    Taken(String),
    /// The id was an entry's that is deleted.
    #[error("`{0}` was an entry that is deleted, and its id is never used again: choose another")]
    Retired(String),
    /// What an entry says is not as it must be.
    #[error("entry `{entry}`{}: {english}", at(place))]
    Entry {
        entry: String,
        /// A JSON Pointer into the entry.
        place: String,
        english: String,
        chinese: String,
    },
    #[error("entry `{entry}`: there is no entry `{parent}` below which it could stand")]
    NoParent { entry: String, parent: String },
    #[error(
        "entry `{0}` would stand lower than level {most}: a catalog has no more levels",
        most = limits::LEVELS_MAX
    )]
    Levels(String),
    #[error("entry `{0}` cannot stand below itself")]
    BelowItself(String),
    #[error("entry `{0}`: what it would stand below is archived; restore that first")]
    ArchivedParent(String),
    /// Tickets name it.
    #[error("tickets name the entry `{0}`: it cannot be deleted; archive it")]
    Used(String),
    #[error("entry `{0}` has entries below it: move or delete these first")]
    HasChildren(String),
    /// The version that was changed is not the present one.
    #[error("somebody else changed the entry `{0}` meanwhile: look at it again, then change it")]
    Stale(String),
    #[error(
        "the catalog would have {0} entries, and may have {most}",
        most = limits::ENTRIES_MAX
    )]
    TooManyEntries(usize),
    #[error(
        "{0} entries would change at once, and {most} may: do it in parts",
        most = limits::CHANGES_MAX
    )]
    TooManyChanges(usize),
    /// Bytes of the whole.
    #[error(
        "the catalog would have {0} bytes, and may have {most}: shorten forms",
        most = limits::CATALOG_BYTES_MAX
    )]
    TooLarge(usize),
    #[error("too many entries were deleted already: archive it instead")]
    TooManyRetired,
    /// A document that cannot be read, with what the reader says.
    #[error("this is no catalog: {0}")]
    Document(String),
    #[error("only admins change the catalog")]
    NotAdmin,
}

impl Refused {
    /// An entry whose part at that place is wrong.
    pub fn entry(entry: &str, place: &str, english: &str, chinese: &str) -> Self {
        Self::Entry {
            entry: entry.to_owned(),
            place: place.to_owned(),
            english: english.to_owned(),
            chinese: chinese.to_owned(),
        }
    }

    /// Which entry it is about, and where in it.
    pub fn place(&self) -> Option<(&str, &str)> {
        match self {
            Self::Unknown(entry)
            | Self::Archived(entry)
            | Self::Id(entry)
            | Self::Taken(entry)
            | Self::Retired(entry)
            | Self::Used(entry)
            | Self::HasChildren(entry)
            | Self::Stale(entry) => Some((entry, "")),
            Self::Entry { entry, place, .. } => Some((entry, place)),
            Self::NoParent { entry, .. }
            | Self::Levels(entry)
            | Self::BelowItself(entry)
            | Self::ArchivedParent(entry) => Some((entry, "/parent")),
            Self::TooManyEntries(_)
            | Self::TooManyChanges(_)
            | Self::TooLarge(_)
            | Self::TooManyRetired
            | Self::Document(_)
            | Self::NotAdmin => None,
        }
    }

    /// What people are told.
    pub fn say(&self, language: Language) -> String {
        match language {
            Language::English => self.to_string(),
            Language::Chinese => self.chinese(),
        }
    }

    /// The same without the place, for who is told it there.
    pub fn reason(&self, language: Language) -> String {
        match self {
            Self::Entry {
                english, chinese, ..
            } => language.pick(english, chinese).to_owned(),
            other => other.say(language),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Unknown(id) => format!("服务目录中没有条目“{id}”"),
            Self::Archived(id) => format!("条目“{id}”已归档，不再接受新工单：请恢复它或另选条目"),
            Self::Id(id) => {
                format!(
                    "“{id}”不是有效标识：请使用 1 到 60 个小写字母、数字或连字符，如 new-laptop"
                )
            }
            Self::Taken(id) => format!("条目“{id}”已存在：请换一个标识"),
            Self::Retired(id) => format!("“{id}”属于已删除的条目，标识不会重复使用：请换一个"),
            Self::Entry {
                entry,
                place,
                chinese,
                ..
            } => format!("条目“{entry}”{}：{chinese}", at(place)),
            Self::NoParent { entry, parent } => format!("条目“{entry}”：没有上级条目“{parent}”"),
            Self::Levels(id) => {
                format!("条目“{id}”将超出第 {} 层：目录不能更深", limits::LEVELS_MAX)
            }
            Self::BelowItself(id) => format!("条目“{id}”不能位于自身之下"),
            Self::ArchivedParent(id) => format!("条目“{id}”：上级条目已归档，请先恢复上级"),
            Self::Used(id) => format!("已有工单使用条目“{id}”，不能删除：请改为归档"),
            Self::HasChildren(id) => format!("条目“{id}”之下还有条目：请先移动或删除它们"),
            Self::Stale(id) => format!("条目“{id}”刚被他人修改：请重新查看后再修改"),
            Self::TooManyEntries(count) => {
                format!("目录将有 {count} 个条目，最多 {} 个", limits::ENTRIES_MAX)
            }
            Self::TooManyChanges(count) => format!(
                "将一次更改 {count} 个条目，最多 {} 个：请分批进行",
                limits::CHANGES_MAX
            ),
            Self::TooLarge(bytes) => format!(
                "目录将有 {bytes} 字节，最多 {}：请精简表单",
                limits::CATALOG_BYTES_MAX
            ),
            Self::TooManyRetired => "已删除的条目过多：请改为归档".to_owned(),
            Self::Document(reason) => format!("这不是有效的目录：{reason}"),
            Self::NotAdmin => "只有管理员可以修改目录".to_owned(),
        }
    }
}

fn at(place: &str) -> String {
    match place {
        "" => String::new(),
        place => format!(" ({place})"),
    }
}

#[cfg(test)]
mod tests;
