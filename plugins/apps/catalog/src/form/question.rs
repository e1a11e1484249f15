//! A field of a form as people speak of it.

use crate::language::{Language, Texts};
use serde_json::Value;

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Small letters, digits and dashes: by it answers are kept.
    pub name: String,
    pub title: Texts,
    /// What is said beside it.
    pub hint: Texts,
    pub kind: Kind,
    /// It must be answered; a yes-or-no with yes.
    pub required: bool,
}

/// What its answer is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// One line; of so many characters.
    Text(usize),
    /// Several lines.
    LongText(usize),
    Choice(Vec<Choice>),
    /// Any of them.
    Choices(Vec<Choice>),
    /// Within bounds, where there are any.
    Number(Option<f64>, Option<f64>),
    /// A day of the calendar: `2026-11-25`.
    Date,
    YesNo,
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// As answers keep it.
    pub value: String,
    pub title: Texts,
}

impl Kind {
    /// As the form editor and its inputs name it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::LongText(_) => "long-text",
            Self::Choice(_) => "choice",
            Self::Choices(_) => "choices",
            Self::Number(..) => "number",
            Self::Date => "date",
            Self::YesNo => "yes-no",
        }
    }

    /// All names, with what people call them.
    pub const NAMES: [(&'static str, &'static str, &'static str); 7] = [
        ("text", "Text", "单行文本"),
        ("long-text", "Long text", "多行文本"),
        ("choice", "Choice", "单选"),
        ("choices", "Several choices", "多选"),
        ("number", "Number", "数字"),
        ("date", "Date", "日期"),
        ("yes-no", "Yes or no", "是/否"),
    ];

    /// What there is to choose.
    pub fn choices(&self) -> &[Choice] {
        match self {
            Self::Choice(all) | Self::Choices(all) => all,
            _ => &[],
        }
    }
}

impl Question {
    /// What it asks; its name where it has no title.
    pub fn title(&self, language: Language) -> &str {
        match self.title.of(language) {
            "" => &self.name,
            title => title,
        }
    }

    /// An answer as people read it.
    pub fn told(&self, answer: &Value, language: Language) -> String {
        let choice = |value: &str| {
            let known = self.kind.choices().iter().find(|one| one.value == value);
            match known.map(|one| one.title.of(language)) {
                Some("") | None => value.to_owned(),
                Some(title) => title.to_owned(),
            }
        };
        match answer {
            Value::Null => String::new(),
            Value::Bool(true) => language.pick("yes", "是").to_owned(),
            Value::Bool(false) => language.pick("no", "否").to_owned(),
            Value::String(text) => choice(text),
            Value::Array(all) => {
                let all: Vec<_> = all.iter().filter_map(Value::as_str).map(choice).collect();
                all.join(language.pick(", ", "、"))
            }
            other => other.to_string(),
        }
    }
}
