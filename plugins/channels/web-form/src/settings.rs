//! Forms, as the admin writes them. What a JSON Schema cannot say of them is checked here, and told with the form's name.

use crate::{
    condition::{self, Condition},
    language::Texts,
    limits,
};
use regex_lite::Regex;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Everything that the admin sets.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    #[serde(default)]
    pub forms: Vec<Form>,
    #[serde(default)]
    pub guard: Guard,
    /// Origins of the pages on which forms may be shown within a frame, beside our own.
    #[serde(default)]
    pub embed_on: Vec<String>,
}

/// Against machines that post.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Guard {
    /// Seconds that a person needs at least to fill a form.
    pub seconds_min: u32,
    /// Posts in an hour in the name of one e-mail address.
    pub per_address_per_hour: u32,
    /// Posts in an hour from one network address.
    pub per_network_per_hour: u32,
}

impl Default for Guard {
    fn default() -> Self {
        Self {
            seconds_min: 3,
            per_address_per_hour: 10,
            per_network_per_hour: 60,
        }
    }
}

/// A form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Form {
    /// In its address.
    pub id: String,
    pub title: Texts,
    #[serde(default)]
    pub intro: Texts,
    /// Said once the form is sent.
    #[serde(default)]
    pub thanks: Texts,
    /// A form that is not enabled is not there.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Whether the list of forms names it.
    #[serde(default = "yes")]
    pub listed: bool,
    /// The id of the group whose tickets these are.
    #[serde(default)]
    pub group: String,
    #[serde(default = "request")]
    pub kind: String,
    #[serde(default)]
    pub impact: Option<u8>,
    #[serde(default)]
    pub urgency: Option<u8>,
    #[serde(default)]
    pub tags: Vec<String>,
    /// The ticket's subject, with `{{field}}` for answers; empty: whoever fills the form writes it.
    #[serde(default)]
    pub subject: String,
    #[serde(default)]
    pub message: Wanted,
    /// Files that may be sent along.
    #[serde(default)]
    pub attachments: u8,
    #[serde(default)]
    pub fields: Vec<FormField>,
}

fn yes() -> bool {
    true
}

fn request() -> String {
    "request".to_owned()
}

/// Whether something is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wanted {
    #[default]
    Required,
    Optional,
    None,
}

/// A question of a form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FormField {
    /// Small letters, digits and dashes; the answer is kept as the ticket's field `guichet/web-form/<name>`.
    pub name: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    pub label: Texts,
    #[serde(default)]
    pub hint: Texts,
    #[serde(default)]
    pub required: bool,
    /// Of `choice` and `choices`.
    #[serde(default)]
    pub options: Vec<Choice>,
    /// Characters, of texts.
    #[serde(default)]
    pub min_length: Option<usize>,
    #[serde(default)]
    pub max_length: Option<usize>,
    /// A regular expression that the whole text must match.
    #[serde(default)]
    pub pattern: String,
    /// What the pattern wants, in words.
    #[serde(default)]
    pub pattern_hint: Texts,
    /// Of numbers.
    #[serde(default)]
    pub minimum: Option<f64>,
    #[serde(default)]
    pub maximum: Option<f64>,
    /// All of these must hold, or else the question is not asked, and an answer to it is dropped.
    #[serde(default)]
    pub show_when: Vec<Condition>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    Email,
    Phone,
    Number,
    /// `2026-11-25`.
    Date,
    /// One of the options.
    Choice,
    /// Some of the options.
    Choices,
    YesNo,
}

/// An option.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub value: String,
    #[serde(default)]
    pub label: Texts,
}

/// What a JSON Schema cannot see.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    #[error("the form `{0}` is there twice: give one of them another id")]
    FormTwice(String),
    #[error("the form `{form}` has the field `{field}` twice: give one of them another name")]
    FieldTwice { form: String, field: String },
    #[error(
        "the form `{form}` has the field `{field}`, a name that every form uses itself: give it another"
    )]
    Reserved { form: String, field: String },
    #[error("the form `{form}` has more than {} fields", limits::FIELDS_MAX)]
    TooManyFields { form: String },
    #[error("the form `{form}`, field `{field}`: it is a choice without options")]
    NoOptions { form: String, field: String },
    #[error("the form `{form}`, field `{field}`: the option `{value}` is there twice")]
    OptionTwice {
        form: String,
        field: String,
        value: String,
    },
    #[error("the form `{form}`, field `{field}`: the pattern is no regular expression: {reason}")]
    Pattern {
        form: String,
        field: String,
        reason: String,
    },
    #[error(
        "the form `{form}`, field `{field}`: show-when names `{named}`, which is no field before it"
    )]
    Condition {
        form: String,
        field: String,
        named: String,
    },
    #[error("the form `{form}`: its subject names `{{{{{named}}}}}`, which is no field of it")]
    Subject { form: String, named: String },
}

impl Settings {
    /// Checks all forms.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), SettingsError> {
        let mut ids = BTreeSet::new();
        for form in &self.forms {
            if !ids.insert(&form.id) {
                return Err(SettingsError::FormTwice(form.id.clone()));
            }
            form.check()?;
        }
        Ok(())
    }

    /// The form of that id, if it is enabled.
    pub fn form(&self, id: &str) -> Option<&Form> {
        self.forms.iter().find(|form| form.id == id && form.enabled)
    }
}

/// Names that no field may have: what every form asks, and what the page sends besides.
pub const RESERVED: [&str; 9] = [
    "name", "email", "subject", "message", "files", "form", "token", "lang", HONEYPOT,
];

/// Names of what every form asks that a subject may hold.
const IN_SUBJECT: [&str; 2] = ["name", "email"];

/// A field that people do not see. What fills it is no person.
pub const HONEYPOT: &str = "company-website";

impl Form {
    /// Checks it.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn check(&self) -> Result<(), SettingsError> {
        let form = || self.id.clone();
        if self.fields.len() > limits::FIELDS_MAX {
            return Err(SettingsError::TooManyFields { form: form() });
        }
        let mut names: BTreeSet<&str> = BTreeSet::new();
        for field in &self.fields {
            let name = || field.name.clone();
            let is_before = |condition: &&Condition| names.contains(condition.field.as_str());
            if let Some(condition) = field.show_when.iter().find(|one| !is_before(one)) {
                return Err(SettingsError::Condition {
                    form: form(),
                    field: name(),
                    named: condition.field.clone(),
                });
            }
            if RESERVED.contains(&field.name.as_str()) {
                return Err(SettingsError::Reserved {
                    form: form(),
                    field: name(),
                });
            }
            if !names.insert(&field.name) {
                return Err(SettingsError::FieldTwice {
                    form: form(),
                    field: name(),
                });
            }
            field.check(&self.id)?;
        }
        let is_known = |named: &&str| names.contains(named) || IN_SUBJECT.contains(named);
        match placeholders(&self.subject).find(|named| !is_known(named)) {
            Some(named) => Err(SettingsError::Subject {
                form: form(),
                named: named.to_owned(),
            }),
            None => Ok(()),
        }
    }

    /// Whether whoever fills the form writes the subject.
    pub fn asks_subject(&self) -> bool {
        self.subject.trim().is_empty()
    }
}

/// Names within `{{…}}`.
pub fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{")
        .skip(1)
        .filter_map(|rest| rest.split_once("}}"))
        .map(|(name, _)| name.trim())
}

impl FormField {
    fn check(&self, form: &str) -> Result<(), SettingsError> {
        let (form, field) = (form.to_owned(), self.name.clone());
        if matches!(self.kind, Kind::Choice | Kind::Choices) {
            if self.options.is_empty() {
                return Err(SettingsError::NoOptions { form, field });
            }
            let mut seen = BTreeSet::new();
            if let Some(twice) = self.options.iter().find(|one| !seen.insert(&one.value)) {
                let value = twice.value.clone();
                return Err(SettingsError::OptionTwice { form, field, value });
            }
        }
        match self.whole_pattern() {
            Some(Err(reason)) => Err(SettingsError::Pattern {
                form,
                field,
                reason,
            }),
            _ => Ok(()),
        }
    }

    /// The pattern, for the whole text.
    pub fn whole_pattern(&self) -> Option<Result<Regex, String>> {
        (!self.pattern.is_empty()).then(|| {
            Regex::new(&format!("^(?:{})$", self.pattern)).map_err(|error| error.to_string())
        })
    }

    /// Whether the question is asked, given the answers before it.
    pub fn is_shown(&self, answers: &condition::Given<'_>) -> bool {
        self.show_when
            .iter()
            .all(|condition| condition.holds(answers))
    }

    /// The option of that value.
    pub fn option(&self, value: &str) -> Option<&Choice> {
        self.options.iter().find(|option| option.value == value)
    }
}

impl Choice {
    /// What people read.
    pub fn label(&self, language: crate::language::Language) -> &str {
        match self.label.of(language) {
            "" => &self.value,
            label => label,
        }
    }
}
