//! One entry of the catalog: what it is called, where it stands, and what a ticket of it becomes.

use crate::{
    form::Form,
    language::{Language, Texts},
    limits,
    refusal::Refused,
};
use guichet_sdk::view::{Go, View, button, is_name};
use serde::{Deserialize, Serialize};

/// An entry as it is kept; its id is the record's key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Entry {
    pub title: Texts,
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    pub summary: Texts,
    /// The id of what it stands below; empty at the top.
    #[serde(default)]
    pub parent: String,
    /// Its place among its neighbours: smaller comes first.
    #[serde(default)]
    pub position: u32,
    /// Takes no new tickets. Whatever stands below is archived, too.
    #[serde(default)]
    pub archived: bool,
    /// The entry above with which it was archived, and is restored; empty where it was archived by itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub archived_with: String,
    /// The kind of its tickets.
    #[serde(default = "request")]
    pub kind: String,
    /// The id of the agents' group that its tickets go to; empty: none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// From 1, the most important.
    #[serde(default = "three")]
    pub impact: u8,
    /// From 1, the most urgent.
    #[serde(default = "three")]
    pub urgency: u8,
    /// The class of service level that its tickets are promised; empty: none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub articles: Vec<Article>,
    /// What is asked of whoever requests it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// How often it was written, from 1.
    #[serde(default)]
    pub version: u64,
}

/// Who must agree before a request is worked on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    pub by: Approver,
    /// A group's or an agent's id; empty for the manager of whoever asks.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Approver {
    Group,
    Agent,
    Manager,
}

/// Something to read: an address, or the id of an article of the knowledge base.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    pub title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub link: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub article: String,
}

fn request() -> String {
    "request".to_owned()
}

fn three() -> u8 {
    3
}

impl Entry {
    /// An entry of that title at the top, with nothing else said.
    pub fn new(title: Texts) -> Self {
        Self {
            title,
            summary: Texts::default(),
            parent: String::new(),
            position: 0,
            archived: false,
            archived_with: String::new(),
            kind: request(),
            group: String::new(),
            impact: three(),
            urgency: three(),
            class: String::new(),
            approval: None,
            articles: Vec::new(),
            form: None,
            version: 0,
        }
    }

    /// Its title as that language has it.
    pub fn title(&self, language: Language) -> &str {
        self.title.of(language)
    }

    /// Whether it is the same but for how often it was written.
    pub fn says_as(&self, other: &Self) -> bool {
        let version = self.version;
        *self
            == Self {
                version,
                ..other.clone()
            }
    }

    /// What of it is not as it must be, its place in the tree left out.
    ///
    /// # Errors
    /// [`Refused`], the first.
    pub fn check(&self, id: &str) -> Result<(), Refused> {
        if !is_name(id) {
            return Err(Refused::Id(id.chars().take(80).collect()));
        }
        let wrong = |place: &str, english: &str, chinese: &str| {
            Err(Refused::entry(id, place, english, chinese))
        };
        if self.title.is_empty() {
            return wrong("/title", "write a title", "请填写名称");
        }
        if self.title.is_longer_than(limits::TITLE_CHARACTERS_MAX) {
            return wrong("/title", "at most 100 characters", "最多 100 个字符");
        }
        if self.summary.is_longer_than(limits::SUMMARY_CHARACTERS_MAX) {
            return wrong("/summary", "at most 1,000 characters", "最多 1000 个字符");
        }
        if self.position > limits::POSITION_MAX {
            return wrong("/position", "at most 9,999", "最大 9999");
        }
        let is_kind = (1..=limits::KIND_BYTES_MAX).contains(&self.kind.len())
            && (self.kind.bytes()).all(|one| one.is_ascii_lowercase() || one == b'-');
        if !is_kind {
            return wrong(
                "/kind",
                "a kind is 1 to 40 small letters, such as incident or request",
                "类型为 1 到 40 个小写字母，如 incident 或 request",
            );
        }
        if !is_desk_id(&self.group) {
            return wrong("/group", "this is no group's id", "这不是组的标识");
        }
        if !(1..=limits::IMPACT_LAST).contains(&self.impact) {
            return wrong("/impact", "from 1 to 3", "取值 1 到 3");
        }
        if !(1..=limits::URGENCY_LAST).contains(&self.urgency) {
            return wrong("/urgency", "from 1 to 4", "取值 1 到 4");
        }
        if self.class.chars().count() > limits::CLASS_CHARACTERS_MAX
            || self.class.contains(char::is_control)
        {
            return wrong(
                "/class",
                "one line of at most 60 characters",
                "一行，最多 60 个字符",
            );
        }
        if self.approval.as_ref().is_some_and(|one| !one.is_whole()) {
            return wrong(
                "/approval",
                "a group or an agent is named by its id, a manager is not",
                "组或客服需注明标识，主管则不需要",
            );
        }
        if self.articles.len() > limits::ARTICLES_MAX {
            return wrong("/articles", "at most 10 articles", "最多 10 篇文章");
        }
        if !self.articles.iter().all(Article::is_whole) {
            return wrong(
                "/articles",
                "each has a title, and either an address that begins with https:// or the id of an article",
                "每篇需有标题，以及以 https:// 开头的地址或文章标识（二选一）",
            );
        }
        match self.form.as_ref().map_or(Ok(()), Form::check) {
            Ok(()) => Ok(()),
            Err(wrong) => Err(Refused::entry(
                id,
                &format!("/form{}", wrong.place),
                wrong.english,
                wrong.chinese,
            )),
        }
    }
}

impl Approval {
    fn is_whole(&self) -> bool {
        is_desk_id(&self.id) && (self.by == Approver::Manager) == self.id.is_empty()
    }
}

impl Article {
    fn is_whole(&self) -> bool {
        let is_titled = !self.title.trim().is_empty()
            && self.title.chars().count() <= limits::TITLE_CHARACTERS_MAX;
        let leads = match (self.link.as_str(), self.article.as_str()) {
            ("", article) => !article.is_empty() && is_desk_id(article),
            (link, "") => is_link(link),
            _ => false,
        };
        is_titled && leads
    }
}

/// An id as the desk writes them, or none.
fn is_desk_id(id: &str) -> bool {
    id.len() <= limits::DESK_ID_BYTES_MAX && !id.contains(|one: char| one.is_control())
}

/// Whether the console lets people follow it.
fn is_link(link: &str) -> bool {
    let view = View::new("link").block(button("link").go(Go::link(link)));
    view.check().is_ok()
}

#[cfg(test)]
mod tests;
