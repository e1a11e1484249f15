//! What an entry says, as a form: its schema, what it begins with, and what was filled in.

use super::names::{IMPACTS, KINDS, URGENCIES};
use crate::{
    catalog::change::Edit,
    entry::{Approval, Approver, Article, Entry},
    language::Texts,
    limits,
    viewer::Viewer,
};
use guichet_sdk::view::{Action, Form, form};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

/// The form of an entry.
pub(super) fn form_of(viewer: Viewer, id: &str, entry: &Entry) -> Form {
    let action = Action::new("edit")
        .input(json!({ "id": id, "version": entry.version }))
        .primary();
    form(viewer.say("Save", "保存"), schema(&entry.kind), action)
        .values(begun(entry))
        .shown_when("approval-group", "approval", "group")
        .shown_when("approval-agent", "approval", "agent")
}

/// A text in both languages.
pub(super) fn texts(english: &str, chinese: &str, most: usize) -> Value {
    let one = |title: &str| json!({ "type": "string", "maxLength": most, "title": title });
    json!({
        "type": "object", "title": english, "x-title-zh-CN": chinese,
        "properties": { "en": one("English"), "zh-CN": one("中文") },
    })
}

/// Names of values, as forms have them.
pub(super) fn titles<'a>(
    all: impl IntoIterator<Item = (String, &'a str, &'a str)>,
) -> Map<String, Value> {
    let one = |(value, english, chinese)| (value, json!({ "en": english, "zh-CN": chinese }));
    all.into_iter().map(one).collect()
}

fn numbers(english: &str, chinese: &str, names: &[(&str, &str)]) -> Value {
    let named = (1..)
        .zip(names)
        .map(|(number, (en, zh)): (usize, _)| (number.to_string(), *en, *zh));
    json!({
        "type": "integer", "title": english, "x-title-zh-CN": chinese,
        "enum": (1..=names.len()).collect::<Vec<_>>(), "x-enum-titles": titles(named),
    })
}

fn schema(own_kind: &str) -> Value {
    let mut kinds: Vec<&str> = KINDS.iter().map(|(kind, ..)| *kind).collect();
    if !kinds.contains(&own_kind) {
        kinds.push(own_kind);
    }
    let named = KINDS
        .iter()
        .map(|(kind, en, zh)| ((*kind).to_owned(), *en, *zh));
    let approvals = [
        ("none", "Nobody", "无需审批"),
        ("manager", "The requester's manager", "请求人的主管"),
        ("group", "A group", "某个组"),
        ("agent", "An agent", "某位客服"),
    ];
    let approvers = approvals.map(|(name, ..)| name);
    let approvals = approvals.map(|(name, en, zh)| (name.to_owned(), en, zh));
    json!({
        "type": "object",
        "required": ["title", "kind", "impact", "urgency"],
        "x-order": ["title", "summary", "position", "kind", "group", "impact", "urgency", "class", "approval", "approval-group", "approval-agent", "articles"],
        "properties": {
            "title": texts("Title", "名称", limits::TITLE_CHARACTERS_MAX),
            "summary": texts("Summary", "说明", limits::SUMMARY_CHARACTERS_MAX),
            "position": {
                "type": "integer", "minimum": 0, "maximum": limits::POSITION_MAX, "title": "Place", "x-title-zh-CN": "位置",
                "description": "Among its neighbours: smaller comes first.", "x-description-zh-CN": "在同级条目中的顺序，小者在前。",
            },
            "kind": { "type": "string", "enum": kinds, "x-enum-titles": titles(named), "title": "Kind of tickets", "x-title-zh-CN": "工单类型" },
            "group": { "type": "string", "x-format": "group", "title": "Group", "x-title-zh-CN": "负责组" },
            "impact": numbers("Impact", "影响", &IMPACTS),
            "urgency": numbers("Urgency", "紧急程度", &URGENCIES),
            "class": {
                "type": "string", "maxLength": limits::CLASS_CHARACTERS_MAX, "title": "Service class", "x-title-zh-CN": "服务级别",
                "description": "Policies of service levels choose by it.", "x-description-zh-CN": "服务级别策略据此选择。",
            },
            "approval": { "type": "string", "enum": approvers, "x-enum-titles": titles(approvals), "title": "Who must agree", "x-title-zh-CN": "审批人" },
            "approval-group": { "type": "string", "x-format": "group", "title": "Group that must agree", "x-title-zh-CN": "审批组" },
            "approval-agent": { "type": "string", "x-format": "agent", "title": "Agent who must agree", "x-title-zh-CN": "审批客服" },
            "articles": {
                "type": "array", "maxItems": limits::ARTICLES_MAX, "title": "Articles", "x-title-zh-CN": "文章",
                "items": {
                    "type": "object", "required": ["title"], "x-order": ["title", "link", "article"],
                    "title": "Article", "x-title-zh-CN": "文章",
                    "properties": {
                        "title": { "type": "string", "maxLength": limits::TITLE_CHARACTERS_MAX, "title": "Title", "x-title-zh-CN": "标题" },
                        "link": { "type": "string", "title": "Address", "x-title-zh-CN": "地址", "description": "Begins with https://.", "x-description-zh-CN": "以 https:// 开头。" },
                        "article": { "type": "string", "title": "Or an article's id", "x-title-zh-CN": "或文章标识" },
                    },
                },
            },
        },
    })
}

fn begun(entry: &Entry) -> Value {
    let (by, id) = match &entry.approval {
        None => ("none", ""),
        Some(approval) => (
            match approval.by {
                Approver::Manager => "manager",
                Approver::Group => "group",
                Approver::Agent => "agent",
            },
            approval.id.as_str(),
        ),
    };
    let mut values = json!({
        "title": both(&entry.title), "summary": both(&entry.summary), "position": entry.position, "kind": entry.kind,
        "group": entry.group, "impact": entry.impact, "urgency": entry.urgency, "class": entry.class, "approval": by, "articles": entry.articles,
    });
    if !id.is_empty() {
        values[format!("approval-{by}")] = id.into();
    }
    values
}

/// Both texts, empty ones among them: the console's form shows a place for each.
pub(super) fn both(texts: &Texts) -> Value {
    json!({ "en": texts.en, "zh-CN": texts.zh_cn })
}

/// What was filled in. What was emptied may be null, or not there.
#[derive(Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Filled {
    #[serde(deserialize_with = "or_empty")]
    title: Texts,
    #[serde(deserialize_with = "or_empty")]
    summary: Texts,
    #[serde(deserialize_with = "or_empty")]
    position: u32,
    #[serde(deserialize_with = "or_empty")]
    kind: String,
    #[serde(deserialize_with = "or_empty")]
    group: String,
    impact: u8,
    urgency: u8,
    #[serde(deserialize_with = "or_empty")]
    class: String,
    #[serde(deserialize_with = "or_empty")]
    approval: String,
    #[serde(deserialize_with = "or_empty")]
    approval_group: String,
    #[serde(deserialize_with = "or_empty")]
    approval_agent: String,
    #[serde(deserialize_with = "or_empty")]
    articles: Vec<Article>,
}

impl Default for Filled {
    fn default() -> Self {
        Self {
            title: Texts::default(),
            summary: Texts::default(),
            position: 0,
            kind: String::new(),
            group: String::new(),
            impact: limits::IMPACT_LAST,
            urgency: 3,
            class: String::new(),
            approval: String::new(),
            approval_group: String::new(),
            approval_agent: String::new(),
            articles: Vec::new(),
        }
    }
}

/// The value, or the empty one where it was emptied.
pub(super) fn or_empty<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    from: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(from)?.unwrap_or_default())
}

/// What the entry is to say. Whether it may, the catalog's check tells.
pub(super) fn read(values: &Value) -> Result<Edit, serde_json::Error> {
    let filled = Filled::deserialize(values)?;
    let approval = |by, id: String| Some(Approval { by, id });
    Ok(Edit {
        title: filled.title,
        summary: filled.summary,
        position: filled.position,
        kind: filled.kind,
        group: filled.group,
        impact: filled.impact,
        urgency: filled.urgency,
        class: filled.class.trim().to_owned(),
        approval: match filled.approval.as_str() {
            "manager" => approval(Approver::Manager, String::new()),
            "group" => approval(Approver::Group, filled.approval_group),
            "agent" => approval(Approver::Agent, filled.approval_agent),
            _ => None,
        },
        articles: filled.articles,
    })
}
