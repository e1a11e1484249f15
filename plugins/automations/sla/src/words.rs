//! Two languages: what the plugin says itself, and names that admins give in one or both.

use guichet_calendar::Micros;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A language of the plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    Chinese,
}

impl Language {
    /// The language of a tag (BCP 47); English for others.
    pub fn of(tag: &str) -> Self {
        match tag.split(['-', '_']).next() {
            Some(first) if first.eq_ignore_ascii_case("zh") => Self::Chinese,
            _ => Self::English,
        }
    }

    /// The one of the two that is said in this language.
    pub fn say(self, english: &str, chinese: &str) -> String {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
        .to_owned()
    }

    /// Business time, in hours and minutes: how long a day is, calendars say, and so a day is no measure here.
    pub fn span(self, time: Micros) -> String {
        let all = time.0.unsigned_abs() / 1_000_000;
        let (hours, minutes, seconds) = (all / 3_600, all / 60 % 60, all % 60);
        let one = |count: u64, english: &str, chinese: &str| match self {
            Self::English => format!("{count} {english}"),
            Self::Chinese => format!("{count} {chinese}"),
        };
        let mut parts = Vec::new();
        if hours > 0 {
            parts.push(one(hours, "h", "小时"));
        }
        if minutes > 0 {
            parts.push(one(minutes, "min", "分钟"));
        }
        if parts.is_empty() {
            parts.push(one(seconds, "s", "秒"));
        }
        let sign = if time.0 < 0 { "−" } else { "" };
        format!("{sign}{}", parts.join(" "))
    }

    fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }
}

/// A name: one text for all, or one for each language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Name {
    One(String),
    Each(BTreeMap<String, String>),
}

impl Default for Name {
    fn default() -> Self {
        Self::One(String::new())
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self::One(text.to_owned())
    }
}

impl Name {
    /// Of an English and a Chinese text; one that is empty is left out.
    pub fn of(english: &str, chinese: &str) -> Self {
        let both = [("en", english.trim()), ("zh-CN", chinese.trim())];
        let given = both.into_iter().filter(|(_, text)| !text.is_empty());
        let given: BTreeMap<_, _> = given
            .map(|(tag, text)| (tag.to_owned(), text.to_owned()))
            .collect();
        match given.len() {
            0 => Self::default(),
            _ => Self::Each(given),
        }
    }

    /// In that language, or else in another one.
    pub fn say(&self, language: Language) -> &str {
        match self {
            Self::One(text) => text,
            Self::Each(texts) => texts
                .get(language.tag())
                .or_else(|| texts.get("en"))
                .or_else(|| texts.values().next())
                .map_or("", String::as_str),
        }
    }

    /// What stands in that language, and nothing where it is missing.
    pub fn exactly(&self, language: Language) -> &str {
        match self {
            Self::One(text) if language == Language::English => text,
            Self::One(_) => "",
            Self::Each(texts) => texts.get(language.tag()).map_or("", String::as_str),
        }
    }

    /// All its texts.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let (one, each) = match self {
            Self::One(text) => (Some(text.as_str()), None),
            Self::Each(texts) => (None, Some(texts.values().map(String::as_str))),
        };
        one.into_iter().chain(each.into_iter().flatten())
    }
}

#[cfg(test)]
mod tests;
