//! # Forms
//! - A **form** is kept as a JSON Schema of an object, in the words that views and settings know, with conditions on which fields are shown.
//! - A **question** is one of its fields, as people speak of it.
//! - **Answers** are checked here, on the server, by the rules that the console's form goes by: what is not shown is neither required nor kept.

/// A field as people speak of it.
pub mod question;

/// A field as JSON Schema has it.
mod property;

/// Which fields are shown.
pub mod shown;

/// What was answered.
pub mod answers;

/// To one question.
pub mod answer;

/// What can be wrong with it.
pub mod wrong;

use crate::limits;
use guichet_sdk::view::{Shown, is_name};
use property::Property;
use question::Question;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is asked of whoever requests an entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    pub schema: Schema,
    /// Which fields are there only while others say so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<Shown>,
}

/// A JSON Schema of an object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    #[serde(rename = "type")]
    kind: Object,
    properties: BTreeMap<String, Property>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    required: Vec<String>,
    #[serde(default, rename = "x-order", skip_serializing_if = "Vec::is_empty")]
    order: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Object {
    Object,
}

/// What is wrong with a form, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A JSON Pointer into the form.
    pub place: String,
    pub english: &'static str,
    pub chinese: &'static str,
}

impl Form {
    /// The form of these questions, in their order. Conditions are kept of fields that are there.
    pub fn of(questions: &[Question], shown: &[Shown]) -> Option<Self> {
        let has = |name: &str| questions.iter().any(|one| one.name == name);
        let names = || questions.iter().map(|one| one.name.clone());
        let mut shown = shown.to_vec();
        for one in &mut shown {
            one.when.retain(|condition| has(&condition.field));
        }
        shown.retain(|one| has(&one.field) && !one.when.is_empty());
        let schema = Schema {
            kind: Object::Object,
            properties: (questions.iter())
                .map(|one| (one.name.clone(), Property::of(one)))
                .collect(),
            required: (questions.iter().filter(|one| one.required))
                .map(|one| one.name.clone())
                .collect(),
            order: names().collect(),
        };
        (!questions.is_empty()).then_some(Self { schema, shown })
    }

    /// Its questions in the order in which they are asked. A field that is none is left out: [`Form::check`] tells of it.
    pub fn questions(&self) -> Vec<Question> {
        let schema = &self.schema;
        let order = || schema.order.iter().chain(&schema.required);
        let place = |name: &String| order().position(|one| one == name).unwrap_or(usize::MAX);
        let mut all: Vec<_> = schema.properties.iter().collect();
        all.sort_by_key(|(name, _)| place(name));
        let question = |(name, property): (&String, &Property)| {
            property.question(name, schema.required.contains(name)).ok()
        };
        all.into_iter().filter_map(question).collect()
    }

    /// Whether the console can ask it, and the server check it.
    ///
    /// # Errors
    /// [`Fault`], the first.
    pub fn check(&self) -> Result<(), Fault> {
        let wrong = |place: String, english, chinese| {
            Err(Fault {
                place,
                english,
                chinese,
            })
        };
        let schema = &self.schema;
        if !(1..=limits::FIELDS_MAX).contains(&schema.properties.len()) {
            return wrong(
                "/schema/properties".to_owned(),
                "a form has 1 to 20 fields",
                "表单有 1 到 20 个字段",
            );
        }
        for (name, property) in &schema.properties {
            let place = format!("/schema/properties/{name}");
            if !is_name(name) {
                return wrong(
                    place,
                    "a field's name has small letters, digits and dashes",
                    "字段名由小写字母、数字和连字符组成",
                );
            }
            if let Err((english, chinese)) = property.question(name, false) {
                return wrong(place, english, chinese);
            }
        }
        let has = |name: &String| schema.properties.contains_key(name);
        for (place, names) in [("required", &schema.required), ("x-order", &schema.order)] {
            if names.len() > limits::FIELDS_MAX || !names.iter().all(has) {
                return wrong(
                    format!("/schema/{place}"),
                    "it names a field that there is not",
                    "引用了不存在的字段",
                );
            }
        }
        for (index, shown) in self.shown.iter().enumerate() {
            let is_of_others = (1..=limits::CONDITIONS_MAX).contains(&shown.when.len())
                && (shown.when.iter()).all(|one| has(&one.field) && one.field != shown.field);
            if index >= limits::FIELDS_MAX || !has(&shown.field) || !is_of_others {
                return wrong(
                    format!("/shown/{index}"),
                    "a field that there is depends on 1 to 5 conditions of other fields",
                    "已有字段可依赖其他字段的 1 到 5 个条件",
                );
            }
        }
        let bytes = serde_json::to_string(self).map_or(usize::MAX, |text| text.len());
        if bytes > limits::FORM_BYTES_MAX {
            return wrong(
                String::new(),
                "a form has at most 24 KiB: shorten it",
                "表单最多 24 KiB：请缩短",
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
