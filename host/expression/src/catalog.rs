//! The names of tickets and events, with their titles in English and Chinese, and the values that they are known to have.

use crate::environment::{Known, Type};
use std::collections::BTreeMap;

/// A name for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    pub en: String,
    pub zh_cn: String,
}

/// One of the values that a name may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// As it is written in an expression, without quotation marks.
    pub value: String,
    pub title: Title,
}

type Row = (&'static str, Type, &'static str, &'static str);

const TICKETS: &[Row] = &[
    ("id", Type::Id, "Id", "标识"),
    ("number", Type::Integer, "Number", "编号"),
    ("state", Type::Text, "State", "状态"),
    ("kind", Type::Text, "Kind", "类型"),
    ("channel", Type::Text, "Channel", "渠道"),
    ("subject", Type::Text, "Subject", "主题"),
    ("priority", Type::Integer, "Priority", "优先级"),
    ("impact", Type::Integer, "Impact", "影响范围"),
    ("urgency", Type::Integer, "Urgency", "紧急程度"),
    ("requester", Type::Id, "Requester", "请求人"),
    ("assignee", Type::Id, "Assignee", "处理人"),
    ("group", Type::Id, "Group", "处理组"),
    ("tags", Type::Texts, "Tags", "标签"),
    ("created_at", Type::Instant, "Created", "创建时间"),
    ("updated_at", Type::Instant, "Updated", "更新时间"),
    ("pending_reason", Type::Text, "Waits for", "等待原因"),
    ("pending_until", Type::Instant, "Waits until", "等待至"),
    ("solved_at", Type::Instant, "Solved", "解决时间"),
    (
        "reopen_count",
        Type::Integer,
        "Times reopened",
        "重新打开次数",
    ),
    ("merged_into", Type::Id, "Merged into", "合并到"),
    ("legal_hold", Type::Boolean, "Legal hold", "依法保留"),
];

const EVENTS: &[Row] = &[
    ("kind", Type::Text, "Kind of event", "事件类型"),
    ("at", Type::Instant, "Time", "时间"),
    ("actor.kind", Type::Text, "Kind of actor", "操作者类型"),
    ("actor.id", Type::Id, "Actor", "操作者"),
];

type Choices = &'static [(&'static str, &'static str, &'static str)];

/// What a name is one of, and whether it can be nothing else.
fn choices(name: &str) -> (Choices, bool) {
    match name {
        "state" => (
            &[
                ("new", "New", "新建"),
                ("open", "Open", "处理中"),
                ("pending", "Pending", "等待中"),
                ("solved", "Solved", "已解决"),
                ("closed", "Closed", "已关闭"),
                ("suspended", "Suspended", "已搁置"),
                ("deleted", "Deleted", "已删除"),
            ],
            true,
        ),
        "kind" => (
            &[
                ("incident", "Incident", "事件"),
                ("request", "Request", "请求"),
                ("problem", "Problem", "问题"),
                ("change", "Change", "变更"),
                ("task", "Task", "任务"),
            ],
            false,
        ),
        "channel" => (
            &[
                ("email", "E-mail", "电子邮件"),
                ("web", "Web", "网页"),
                ("api", "API", "API"),
            ],
            false,
        ),
        "priority" => (
            &[
                ("1", "Critical", "紧急"),
                ("2", "High", "高"),
                ("3", "Normal", "中"),
                ("4", "Low", "低"),
            ],
            false,
        ),
        "impact" => (
            &[
                ("1", "A department", "整个部门"),
                ("2", "A group", "一组人"),
                ("3", "One person", "一个人"),
            ],
            false,
        ),
        "urgency" => (
            &[
                ("1", "Critical", "紧急"),
                ("2", "High", "高"),
                ("3", "Normal", "中"),
                ("4", "Low", "低"),
            ],
            false,
        ),
        "actor.kind" => (
            &[
                ("customer", "Customer", "客户"),
                ("agent", "Agent", "客服"),
                ("plugin", "Plugin", "插件"),
                ("system", "System", "系统"),
                ("anonymous", "Anonymous", "匿名"),
            ],
            true,
        ),
        _ => (&[], false),
    }
}

fn known((name, kind, en, zh_cn): &Row, with_choices: bool) -> Known {
    let title = |en: &str, zh_cn: &str| Title {
        en: en.to_owned(),
        zh_cn: zh_cn.to_owned(),
    };
    let (choices, closed) = if with_choices {
        choices(name)
    } else {
        (&[][..], false)
    };
    Known {
        kind: *kind,
        title: title(en, zh_cn),
        values: choices
            .iter()
            .map(|(value, en, zh_cn)| Choice {
                value: (*value).to_owned(),
                title: title(en, zh_cn),
            })
            .collect(),
        closed,
    }
}

/// Names of tickets.
pub(crate) fn tickets() -> BTreeMap<String, Known> {
    TICKETS
        .iter()
        .map(|row| (row.0.to_owned(), known(row, true)))
        .collect()
}

/// Names of events.
pub(crate) fn events() -> BTreeMap<String, Known> {
    EVENTS
        .iter()
        .map(|row| (row.0.to_owned(), known(row, row.0 == "actor.kind")))
        .collect()
}
