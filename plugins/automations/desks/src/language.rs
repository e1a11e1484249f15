//! The two languages of the plugin, and texts in both.

use serde::{Deserialize, Serialize};

/// A language that people are spoken to in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "en")]
    English,
    #[serde(rename = "zh-CN")]
    Chinese,
}

/// A text in one or both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub en: String,
    #[serde(default, rename = "zh-CN", skip_serializing_if = "String::is_empty")]
    pub zh_cn: String,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The language of a tag; English for others.
    pub fn of(tag: &str) -> Self {
        match tag.split(['-', '_']).next() {
            Some(first) if first.eq_ignore_ascii_case("zh") => Self::Chinese,
            _ => Self::English,
        }
    }

    /// The one of the two that is said in this language.
    pub fn pick<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }
}

impl Texts {
    pub fn new(english: impl Into<String>, chinese: impl Into<String>) -> Self {
        Self {
            en: english.into(),
            zh_cn: chinese.into(),
        }
    }

    /// The text in that language, or else in the other one.
    pub fn of(&self, language: Language) -> &str {
        let (wanted, other) = match language {
            Language::English => (&self.en, &self.zh_cn),
            Language::Chinese => (&self.zh_cn, &self.en),
        };
        match wanted.trim().is_empty() {
            true => other.trim(),
            false => wanted.trim(),
        }
    }

    /// Whether it says nothing in either.
    pub fn is_empty(&self) -> bool {
        self.of(Language::English).is_empty()
    }

    /// Whether either has more characters than that.
    pub fn is_longer_than(&self, most: usize) -> bool {
        self.en.chars().count() > most || self.zh_cn.chars().count() > most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_spoken_to_every_zh_and_english_to_the_rest() {
        for (tag, language) in [
            ("zh-CN", Language::Chinese),
            ("ZH_tw", Language::Chinese),
            ("en-GB", Language::English),
            ("fr", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::of(tag), language, "{tag}");
        }
    }

    #[test]
    fn a_text_that_is_not_said_in_a_language_is_said_in_the_other() {
        assert_eq!(Texts::new("Laptop", " ").of(Language::Chinese), "Laptop");
        assert_eq!(Texts::new("", "笔记本").of(Language::English), "笔记本");
        assert!(Texts::new(" ", "").is_empty());
    }
}
