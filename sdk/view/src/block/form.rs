//! A form of a JSON Schema, as settings of plugins are.
//!
//! The browser of whoever fills it in reads the schema. So what could keep a browser busy is not offered: patterns, and references that lead into one
//! another. What these would say, the action says: it answers with what is wrong at which place.

use crate::{
    action::Action,
    error::Fault,
    limits,
    look::{Check, Look, Looked},
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A form. What was filled in is put into the action's input as `values`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Form {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// A JSON Schema of an object, with titles for people.
    pub schema: Value,
    /// What it begins with.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub values: Value,
    /// Which fields are there only sometimes. What is not shown is not sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<Shown>,
    /// What the button says.
    pub submit: String,
    pub action: Action,
}

/// A field that is there when all its conditions hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// A property at the top of the schema.
    pub field: String,
    pub when: Vec<Condition>,
}

/// What must be so of another field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Another property at the top of the schema. While it is not shown itself, it is empty.
    pub field: String,
    pub operator: Operator,
    /// A list means any of these.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub value: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Operator {
    Is,
    IsNot,
    IsEmpty,
    IsNotEmpty,
    GreaterThan,
    LessThan,
}

#[must_use]
pub fn form(submit: impl Into<String>, schema: Value, action: Action) -> Form {
    Form {
        schema,
        submit: submit.into(),
        action,
        ..Form::default()
    }
}

impl Form {
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    #[must_use]
    pub fn values(mut self, values: Value) -> Self {
        self.values = values;
        self
    }

    /// Shows the field only while another one is this value, or one of these.
    #[must_use]
    pub fn shown_when(
        self,
        field: impl Into<String>,
        other: impl Into<String>,
        value: impl Into<Value>,
    ) -> Self {
        let when = vec![Condition {
            field: other.into(),
            operator: Operator::Is,
            value: value.into(),
        }];
        self.shown(Shown {
            field: field.into(),
            when,
        })
    }

    #[must_use]
    pub fn shown(mut self, shown: Shown) -> Self {
        self.shown.push(shown);
        self
    }

    fn has(&self, field: &str) -> bool {
        self.schema
            .get("properties")
            .and_then(|properties| properties.get(field))
            .is_some()
    }
}

impl Check for Form {
    fn check(&self, look: &mut Look) -> Looked {
        look.title(self.title.as_ref())?;
        look.json("schema", &self.schema, limits::FORM_SCHEMA_BYTES_MAX)?;
        if self.schema.get("type").is_none_or(|kind| kind != "object")
            || !self.schema.get("properties").is_some_and(Value::is_object)
        {
            return look.refuse(
                "schema",
                Fault::Schema("a form is of a schema of `\"type\": \"object\"` with `properties`"),
            );
        }
        let mut fields = 0;
        look.at("schema", |look| {
            check_schema(&self.schema, &mut fields, look)
        })?;
        look.json("values", &self.values, limits::FORM_VALUES_BYTES_MAX)?;
        if !self.values.is_null() && !self.values.is_object() {
            return look.refuse(
                "values",
                Fault::Schema("values are an object, as the schema says"),
            );
        }
        look.each(
            "shown",
            &self.shown,
            limits::FORM_CONDITIONS_MAX,
            |shown, look| {
                self.check_field(&shown.field, look)?;
                look.some(
                    "when",
                    &shown.when,
                    limits::FORM_CONDITIONS_MAX,
                    |condition, look| {
                        self.check_field(&condition.field, look)?;
                        look.json("value", &condition.value, limits::INPUT_BYTES_MAX)
                    },
                )
            },
        )?;
        look.label("submit", &self.submit)?;
        look.at("action", |look| self.action.check_filled(look))
    }
}

impl Form {
    fn check_field(&self, field: &str, look: &mut Look) -> Looked {
        if self.has(field) {
            Ok(())
        } else {
            look.refuse("field", Fault::Unknown(field.to_owned()))
        }
    }
}

const PATTERN: &str =
    "a pattern would run in the browser: check it in the action, and answer with `misfits`";
const REFERENCE: &str = "a schema of a form has no references: write each part where it is needed";

/// `properties` are names of fields, everything else is the schema's own words.
fn check_schema(schema: &Value, fields: &mut usize, look: &mut Look) -> Looked {
    match schema {
        Value::Array(all) => all.iter().enumerate().try_for_each(|(index, one)| {
            look.at(index.to_string(), |look| check_schema(one, fields, look))
        }),
        Value::Object(words) => words
            .iter()
            .try_for_each(|(word, inner)| match word.as_str() {
                // Data, and not a schema.
                "default" | "const" | "enum" | "x-enum-titles" => Ok(()),
                "pattern" | "patternProperties" => {
                    look.refuse(word.clone(), Fault::Schema(PATTERN))
                }
                "$ref" | "$dynamicRef" => look.refuse(word.clone(), Fault::Schema(REFERENCE)),
                "properties" => look.at("properties", |look| check_properties(inner, fields, look)),
                _ => look.at(word.clone(), |look| check_schema(inner, fields, look)),
            }),
        _ => Ok(()),
    }
}

fn check_properties(properties: &Value, fields: &mut usize, look: &mut Look) -> Looked {
    let Some(properties) = properties.as_object() else {
        return Err(look.fault(Fault::Schema(
            "properties are an object: each name with its schema",
        )));
    };
    *fields += properties.len();
    if *fields > limits::FORM_FIELDS_MAX {
        return Err(look.fault(Fault::Many {
            count: *fields,
            most: limits::FORM_FIELDS_MAX,
        }));
    }
    properties.iter().try_for_each(|(name, property)| {
        look.at(name.clone(), |look| {
            look.part()?;
            if !property.is_object() {
                return Err(look.fault(Fault::Schema("a property's schema is an object")));
            }
            check_schema(property, fields, look)
        })
    })
}
