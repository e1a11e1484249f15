//! The schema of a field's own form.

use super::OPERATORS;
use crate::{
    form::question::{Kind, Question},
    limits,
    views::edit::{both, texts, titles},
};
use serde_json::{Map, Value, json};

/// Of a new field, or of one that has its name; `others` are those that it may depend on.
pub(super) fn schema(is_new: bool, others: &[&Question]) -> Value {
    let kinds = Kind::NAMES.map(|(name, ..)| name);
    let named = Kind::NAMES.map(|(name, en, zh)| (name.to_owned(), en, zh));
    let mut properties = json!({
        "title": texts("Question", "标题", limits::TITLE_CHARACTERS_MAX),
        "hint": texts("Hint", "说明", limits::SUMMARY_CHARACTERS_MAX),
        "kind": { "type": "string", "enum": kinds, "x-enum-titles": titles(named), "title": "Type", "x-title-zh-CN": "类型" },
        "required": { "type": "boolean", "default": false, "title": "Must be answered", "x-title-zh-CN": "必填", "description": "A yes-or-no must be yes.", "x-description-zh-CN": "是/否类型须选“是”。" },
        "characters": { "type": "integer", "minimum": 1, "maximum": limits::TEXT_CHARACTERS_MAX, "title": "Characters at most", "x-title-zh-CN": "最多字符数" },
        "minimum": { "type": "number", "title": "At least", "x-title-zh-CN": "最小值" },
        "maximum": { "type": "number", "title": "At most", "x-title-zh-CN": "最大值" },
        "choices": {
            "type": "array", "maxItems": limits::CHOICES_MAX, "title": "Choices", "x-title-zh-CN": "选项",
            "items": {
                "type": "object", "required": ["value"], "x-order": ["value", "en", "zh-CN"], "title": "Choice", "x-title-zh-CN": "选项",
                "properties": {
                    "value": { "type": "string", "title": "Value", "x-title-zh-CN": "值" },
                    "en": { "type": "string", "title": "English" },
                    "zh-CN": { "type": "string", "title": "中文" },
                },
            },
        },
    });
    let mut order = vec![
        "title",
        "hint",
        "kind",
        "choices",
        "characters",
        "minimum",
        "maximum",
        "required",
        "when",
        "operator",
        "value",
    ];
    if is_new {
        order.insert(1, "name");
        properties["name"] = json!({
            "type": "string", "minLength": 1, "maxLength": limits::KIND_BYTES_MAX, "title": "Name", "x-title-zh-CN": "名称",
            "description": "Small letters, digits and dashes: answers are kept by it.", "x-description-zh-CN": "小写字母、数字和连字符；答案按此名称保存。",
        });
    }
    if !others.is_empty() {
        let mut names = vec![String::new()];
        names.extend(others.iter().map(|one| one.name.clone()));
        let mut named: Map<String, Value> = titles([(String::new(), "always", "始终")]);
        for one in others {
            named.insert(one.name.clone(), both(&one.title));
        }
        let operators = OPERATORS.map(|(name, ..)| name);
        let said = OPERATORS.map(|(name, _, en, zh)| (name.to_owned(), en, zh));
        properties["when"] = json!({ "type": "string", "enum": names, "x-enum-titles": named, "title": "Shown only when", "x-title-zh-CN": "仅当以下字段满足条件时显示" });
        properties["operator"] = json!({ "type": "string", "enum": operators, "x-enum-titles": titles(said), "title": "Condition", "x-title-zh-CN": "条件" });
        properties["value"] = json!({
            "type": "string", "title": "Value", "x-title-zh-CN": "值",
            "description": "Of a choice its value; of a yes-or-no yes or no. Several stand in several lines, or with commas between them.",
            "x-description-zh-CN": "选项填其值；是/否填 yes 或 no。多个值用逗号分隔。",
        });
    }
    json!({ "type": "object", "required": ["title", "kind"], "x-order": order, "properties": properties })
}
