//! People who ask. A channel knows them by an identity: `mailto:ana@example.com`, `wechat:openid`.

use crate::{
    id::{CustomerGroupId, CustomerId},
    limits,
    refusal::Refusal,
    value::{Change, Field, Value},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A customer as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    pub id: CustomerId,
    pub version: u64,
    pub name: String,
    pub identities: Vec<Identity>,
    /// Customer groups, organisations among them.
    pub groups: BTreeSet<CustomerGroupId>,
    /// In which language he is spoken to (BCP 47); empty where nobody knows.
    pub locale: String,
    /// Plugins' own fields, named `publisher/name/field`.
    pub fields: BTreeMap<String, Value>,
}

/// A name by which a channel knows a customer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identity {
    /// `scheme:value`; unique in the tenant.
    pub name: String,
    /// Proven by its owner, not only claimed.
    pub verified: bool,
}

/// Checks an identity's form: a scheme, a colon, a value, no blanks or control characters, at most 320 bytes.
///
/// # Errors
/// [`Refusal::Invalid`] with what is wrong.
pub fn check_identity(identity: &str) -> Result<(), Refusal> {
    let well_formed = identity.split_once(':').is_some_and(|(scheme, value)| {
        !scheme.is_empty()
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !value.is_empty()
    });
    if well_formed
        && identity.len() <= 320
        && !identity.contains(|c: char| c.is_control() || c.is_whitespace())
    {
        return Ok(());
    }
    Err(Refusal::Invalid(format!(
        "`{}` is no identity: write scheme:value, such as mailto:ana@example.com",
        identity.chars().take(80).collect::<String>()
    )))
}

impl Customer {
    /// A customer of whom nothing is known yet but his identities.
    pub fn new(id: CustomerId, name: &str, identities: Vec<Identity>) -> Self {
        Self {
            id,
            version: 1,
            name: name.to_owned(),
            identities,
            groups: BTreeSet::new(),
            locale: String::new(),
            fields: BTreeMap::new(),
        }
    }

    /// A field by its name. Unknown names are [`Value::None`].
    pub fn field(&self, name: &str) -> Value {
        match name {
            "name" => Value::Text(self.name.clone()),
            "locale" => Value::Text(self.locale.clone()),
            "groups" => Value::Texts(self.groups.iter().map(ToString::to_string).collect()),
            "identities" => Value::Json {
                json: serde_json::json!(self.identities),
            },
            _ => self.fields.get(name).cloned().unwrap_or_default(),
        }
    }

    /// Sets `name`, `locale`, `groups` or a plugin's `publisher/name/field`.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] or [`Refusal::Limit`].
    pub fn set(&mut self, field: &Field) -> Result<(), Refusal> {
        let text = || {
            field
                .value
                .as_text()
                .ok_or_else(|| Refusal::Invalid(format!("`{}` is a text", field.name)))
        };
        match field.name.as_str() {
            "name" => self.name = checked_name(text()?)?,
            "locale" => {
                let locale = text()?;
                let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
                if locale.len() > 35 || !locale.chars().all(plain) {
                    return Err(Refusal::Invalid(
                        "a locale is a language tag such as zh-CN".to_owned(),
                    ));
                }
                locale.clone_into(&mut self.locale);
            }
            "groups" => {
                let Value::Texts(groups) = &field.value else {
                    return Err(Refusal::Invalid("`groups` is a list of ids".to_owned()));
                };
                self.groups = groups
                    .iter()
                    .map(|id| id.parse())
                    .collect::<Result<_, crate::id::NotAnId>>()
                    .map_err(|error| Refusal::Invalid(error.to_string()))?;
            }
            name => {
                check_plugin_field(name, &field.value)?;
                if field.value == Value::None {
                    self.fields.remove(name);
                } else {
                    self.fields.insert(name.to_owned(), field.value.clone());
                }
                if self.fields.len() > limits::CUSTOMER_FIELDS_MAX {
                    return Err(Refusal::Limit(format!(
                        "a customer has at most {} plugin fields",
                        limits::CUSTOMER_FIELDS_MAX
                    )));
                }
            }
        }
        Ok(())
    }

    /// What differs from what he was.
    pub fn changes_since(&self, before: Option<&Self>) -> Vec<Change> {
        let names: BTreeSet<&str> = ["name", "locale", "groups", "identities"]
            .into_iter()
            .chain(self.fields.keys().map(String::as_str))
            .chain(
                before
                    .iter()
                    .flat_map(|before| before.fields.keys().map(String::as_str)),
            )
            .collect();
        let is_empty = |value: &Value| match value {
            Value::Text(text) => text.is_empty(),
            Value::Texts(texts) => texts.is_empty(),
            _ => false,
        };
        names
            .into_iter()
            .map(|name| Change {
                name: name.to_owned(),
                old: before.map(|before| before.field(name)).unwrap_or_default(),
                new: self.field(name),
            })
            .filter(|change| {
                change.old != change.new && !(change.old == Value::None && is_empty(&change.new))
            })
            .collect()
    }
}

/// A name of a person: without control characters, at most 200 characters, not empty.
///
/// # Errors
/// [`Refusal::Invalid`].
pub fn checked_name(name: &str) -> Result<String, Refusal> {
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    let name = name.trim();
    if name.is_empty() {
        return Err(Refusal::Invalid(
            "a name has 1 to 200 characters".to_owned(),
        ));
    }
    Ok(name.to_owned())
}

/// Checks the name and the size of a plugin's field.
///
/// # Errors
/// [`Refusal::Invalid`] or [`Refusal::Limit`].
pub fn check_plugin_field(name: &str, value: &Value) -> Result<(), Refusal> {
    if name.split('/').filter(|part| !part.is_empty()).count() != 3 || name.len() > 200 {
        return Err(Refusal::Invalid(format!(
            "`{}` cannot be set: it is neither a core field nor named publisher/name/field",
            name.chars().take(80).collect::<String>()
        )));
    }
    if serde_json::to_string(value).map_or(usize::MAX, |text| text.len()) > limits::FIELD_BYTES_MAX
    {
        return Err(Refusal::Limit(format!(
            "a field holds at most {} bytes",
            limits::FIELD_BYTES_MAX
        )));
    }
    Ok(())
}
