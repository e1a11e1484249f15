//! A field of a form as JSON Schema has it: the few words that the console draws and the server checks; any other is an error.

use super::question::{Choice, Kind, Question};
use crate::{language::Texts, limits};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A property's schema, or that of the items of a list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Property {
    #[serde(rename = "type")]
    kind: Type,
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(rename = "x-title-zh-CN", skip_serializing_if = "String::is_empty")]
    title_zh: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(
        rename = "x-description-zh-CN",
        skip_serializing_if = "String::is_empty"
    )]
    description_zh: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<Format>,
    #[serde(rename = "maxLength", skip_serializing_if = "Option::is_none")]
    max_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<bool>,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    values: Vec<String>,
    #[serde(rename = "x-enum-titles", skip_serializing_if = "BTreeMap::is_empty")]
    titles: BTreeMap<String, Texts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Box<Property>>,
    #[serde(rename = "uniqueItems", skip_serializing_if = "std::ops::Not::not")]
    unique_items: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Type {
    #[default]
    String,
    Number,
    Boolean,
    Array,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Format {
    Date,
    MultiLine,
}

/// What is wrong, in English and in Chinese.
type Wrong = (&'static str, &'static str);

impl Property {
    /// The question as a schema.
    pub(super) fn of(question: &Question) -> Self {
        let own = Self {
            title: question.title.en.clone(),
            title_zh: question.title.zh_cn.clone(),
            description: question.hint.en.clone(),
            description_zh: question.hint.zh_cn.clone(),
            ..Self::default()
        };
        match &question.kind {
            Kind::Text(most) => Self {
                max_length: Some(*most),
                ..own
            },
            Kind::LongText(most) => Self {
                format: Some(Format::MultiLine),
                max_length: Some(*most),
                ..own
            },
            Kind::Choice(all) => own.choosing(all),
            Kind::Choices(all) => Self {
                kind: Type::Array,
                items: Some(Box::new(Self::default().choosing(all))),
                unique_items: true,
                ..own
            },
            Kind::Number(minimum, maximum) => Self {
                kind: Type::Number,
                minimum: *minimum,
                maximum: *maximum,
                ..own
            },
            Kind::Date => Self {
                format: Some(Format::Date),
                ..own
            },
            Kind::YesNo => Self {
                kind: Type::Boolean,
                default: Some(false),
                ..own
            },
        }
    }

    fn choosing(self, all: &[Choice]) -> Self {
        let titled = all.iter().filter(|one| !one.title.is_empty());
        Self {
            values: all.iter().map(|one| one.value.clone()).collect(),
            titles: titled
                .map(|one| (one.value.clone(), one.title.clone()))
                .collect(),
            ..self
        }
    }

    /// The question that it asks.
    ///
    /// # Errors
    /// What of it cannot be asked.
    pub(super) fn question(&self, name: &str, required: bool) -> Result<Question, Wrong> {
        let title = Texts::new(self.title.clone(), self.title_zh.clone());
        let hint = Texts::new(self.description.clone(), self.description_zh.clone());
        if title.is_empty() || title.is_longer_than(limits::TITLE_CHARACTERS_MAX) {
            return Err((
                "a field has a title of at most 100 characters",
                "字段需有标题，最多 100 个字符",
            ));
        }
        if hint.is_longer_than(limits::SUMMARY_CHARACTERS_MAX) {
            return Err((
                "a description has at most 1,000 characters",
                "说明最多 1000 个字符",
            ));
        }
        let kind = self.asked()?;
        // Whatever else stands there would be said to nobody.
        let question = Question {
            name: name.to_owned(),
            title,
            hint,
            kind,
            required,
        };
        let says_more = {
            let mut plain = Self::of(&question);
            plain.max_length = self.max_length;
            plain.default = self.default.filter(|_| self.kind == Type::Boolean);
            plain != *self || self.default == Some(true)
        };
        match says_more {
            true => Err((
                "it says what does not belong to a field of its type",
                "包含与字段类型不符的设置",
            )),
            false => Ok(question),
        }
    }

    fn asked(&self) -> Result<Kind, Wrong> {
        let most = |most: usize| match self.max_length {
            None => Ok(most),
            Some(own) if (1..=most).contains(&own) => Ok(own),
            Some(_) => Err((
                "maxLength is 1 to 500, or to 5,000 where its format is multi-line",
                "maxLength 为 1 到 500；多行文本为 1 到 5000",
            )),
        };
        match (self.kind, self.format) {
            (Type::String, _) if !self.values.is_empty() => Ok(Kind::Choice(self.choices()?)),
            (Type::String, None) => Ok(Kind::Text(most(limits::LINE_CHARACTERS_MAX)?)),
            (Type::String, Some(Format::MultiLine)) => {
                Ok(Kind::LongText(most(limits::TEXT_CHARACTERS_MAX)?))
            }
            (Type::String, Some(Format::Date)) => Ok(Kind::Date),
            (Type::Array, _) => match &self.items {
                Some(items) if self.unique_items => Ok(Kind::Choices(items.choices()?)),
                _ => Err((
                    "a list is of `items` with an `enum`, and says `\"uniqueItems\": true`",
                    "列表需有带 enum 的 items，并写明 \"uniqueItems\": true",
                )),
            },
            (Type::Number, _) => match (self.minimum, self.maximum) {
                (Some(least), Some(most)) if least > most => Err((
                    "no number is at least the minimum and at most the maximum",
                    "最小值大于最大值",
                )),
                (least, most) => Ok(Kind::Number(least, most)),
            },
            (Type::Boolean, _) => Ok(Kind::YesNo),
        }
    }

    fn choices(&self) -> Result<Vec<Choice>, Wrong> {
        let is_value = |value: &String| {
            !value.trim().is_empty()
                && value.chars().count() <= limits::TITLE_CHARACTERS_MAX
                && !value.contains(char::is_control)
        };
        let is_once = |(index, value)| !self.values[..index].contains(value);
        let is_well = (1..=limits::CHOICES_MAX).contains(&self.values.len())
            && self.values.iter().all(is_value)
            && self.values.iter().enumerate().all(is_once)
            && (self.titles.values())
                .all(|title| !title.is_longer_than(limits::TITLE_CHARACTERS_MAX));
        if !is_well {
            return Err((
                "there are 1 to 50 choices, each once, of at most 100 characters",
                "选项为 1 到 50 个，互不重复，每个最多 100 个字符",
            ));
        }
        let choice = |value: &String| Choice {
            value: value.clone(),
            title: self.titles.get(value).cloned().unwrap_or_default(),
        };
        Ok(self.values.iter().map(choice).collect())
    }
}
