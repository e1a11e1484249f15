//! Why something is not done, in words for people, in both languages.

use crate::{language::Language, limits};

/// What is wrong. Shown, it is told in English.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// What a desk says is not as it must be.
    #[error("desk `{id}` ({place}): {english}")]
    Desk {
        id: String,
        /// A JSON Pointer into the desk.
        place: &'static str,
        english: &'static str,
        chinese: &'static str,
    },
    #[error("`{0}` is no id: write 1 to 60 small letters, digits and dashes, such as `front-desk`")]
    Id(String),
    #[error("there is a desk `{0}` already: choose another id")]
    Taken(String),
    #[error("there is no desk `{0}`")]
    NoDesk(String),
    #[error("exactly one desk is central, and {0} would be: mark another desk as central first")]
    Central(usize),
    #[error("there would be {0} desks, and there may be {most}", most = limits::DESKS_MAX)]
    TooManyDesks(usize),
    #[error("say which group answers at the central desk")]
    NoGroup,
    #[error("there is no preset `{0}`: use central, divided or combined")]
    NoPreset(String),
    #[error("there are no desks yet: make one, or begin with a preset")]
    NoDesks,
    /// What an item of the menu says is not as it must be.
    #[error("menu item `{key}` ({place}): {english}")]
    Item {
        key: String,
        /// A JSON Pointer into the item.
        place: &'static str,
        english: &'static str,
        chinese: &'static str,
    },
    #[error("there is no menu item `{0}`")]
    NoItem(String),
    #[error(
        "{0} items would change at once, and {most} may: move or delete what stands below first",
        most = limits::ITEMS_PER_CHANGE_MAX
    )]
    TooManyChanges(usize),
    #[error("the menu would have {0} items, and may have {most}", most = limits::ITEMS_MAX)]
    TooManyItems(usize),
    #[error("the menu is not empty: a template begins an empty one")]
    NotEmpty,
    /// A shift that is none.
    #[error("{english}")]
    Shift {
        /// A JSON Pointer into its form.
        place: String,
        english: String,
        chinese: String,
    },
    /// A form from which nothing can be read: what is wrong is told in the log.
    #[error("this form cannot be read: open it again, and fill it in anew")]
    Form(String),
    #[error("say why, in 1 to {most} characters", most = limits::REASON_CHARACTERS_MAX)]
    Reason,
    #[error("say to which desk, group or agent the ticket goes")]
    Nobody,
    #[error("nobody works on this ticket any more: reopen or restore it first")]
    Over,
    #[error("only admins do this")]
    NotAdmin,
    #[error("only admins and supervisors do this")]
    NotSupervisor,
    #[error("only agents do this")]
    NotAgent,
}

impl From<serde_json::Error> for Refused {
    fn from(error: serde_json::Error) -> Self {
        Self::Form(error.to_string())
    }
}

impl Refused {
    /// A desk whose part at that place is wrong.
    pub fn desk(
        id: &str,
        place: &'static str,
        english: &'static str,
        chinese: &'static str,
    ) -> Self {
        Self::Desk {
            id: id.to_owned(),
            place,
            english,
            chinese,
        }
    }

    /// An item of the menu whose part at that place is wrong.
    pub fn item(
        key: &str,
        place: &'static str,
        english: &'static str,
        chinese: &'static str,
    ) -> Self {
        Self::Item {
            key: key.to_owned(),
            place,
            english,
            chinese,
        }
    }

    /// A shift whose part at that place of its form is wrong.
    pub fn shift(place: &str, english: impl Into<String>, chinese: impl Into<String>) -> Self {
        Self::Shift {
            place: place.to_owned(),
            english: english.into(),
            chinese: chinese.into(),
        }
    }

    /// Where in a form it can be mended; empty where it is about the whole.
    pub fn place(&self) -> &str {
        match self {
            Self::Desk { place, .. } | Self::Item { place, .. } => place,
            Self::Id(_) | Self::Taken(_) => "/id",
            Self::Shift { place, .. } => place,
            Self::Reason => "/reason",
            Self::NoGroup => "/group",
            _ => "",
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
            Self::Desk {
                english, chinese, ..
            }
            | Self::Item {
                english, chinese, ..
            } => language.pick(english, chinese).to_owned(),
            other => other.say(language),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Desk {
                id, place, chinese, ..
            } => format!("服务台“{id}”（{place}）：{chinese}"),
            Self::Id(id) => {
                format!(
                    "“{id}”不是有效标识：请使用 1 到 60 个小写字母、数字或连字符，如 front-desk"
                )
            }
            Self::Taken(id) => format!("服务台“{id}”已存在：请换一个标识"),
            Self::NoDesk(id) => format!("没有服务台“{id}”"),
            Self::Central(count) => {
                format!("必须恰有一个中心台，而现在将有 {count} 个：请先将另一个设为中心台")
            }
            Self::TooManyDesks(count) => {
                format!("将有 {count} 个服务台，最多 {} 个", limits::DESKS_MAX)
            }
            Self::NoGroup => "请选择中心台的负责组".to_owned(),
            Self::NoPreset(name) => {
                format!("没有预设“{name}”：可用 central、divided 或 combined")
            }
            Self::NoDesks => "尚无服务台：请新建，或从预设开始".to_owned(),
            Self::Item {
                key,
                place,
                chinese,
                ..
            } => format!("菜单项“{key}”（{place}）：{chinese}"),
            Self::NoItem(key) => format!("没有菜单项“{key}”"),
            Self::TooManyChanges(count) => format!(
                "将一次更改 {count} 项，最多 {} 项：请先移动或删除下级项",
                limits::ITEMS_PER_CHANGE_MAX
            ),
            Self::TooManyItems(count) => {
                format!("菜单将有 {count} 项，最多 {} 项", limits::ITEMS_MAX)
            }
            Self::NotEmpty => "菜单不为空：模板只用于空菜单".to_owned(),
            Self::Shift { chinese, .. } => chinese.clone(),
            Self::Form(_) => "无法读取此表单：请重新打开并填写".to_owned(),
            Self::Reason => {
                format!(
                    "请填写原因（1 到 {} 个字符）",
                    limits::REASON_CHARACTERS_MAX
                )
            }
            Self::Nobody => "请指明转交给哪个服务台、组或客服".to_owned(),
            Self::Over => "此工单已无人处理：请先重新打开或恢复".to_owned(),
            Self::NotAdmin => "仅管理员可执行此操作".to_owned(),
            Self::NotSupervisor => "仅管理员和主管可执行此操作".to_owned(),
            Self::NotAgent => "仅客服可执行此操作".to_owned(),
        }
    }
}
