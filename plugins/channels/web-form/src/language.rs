//! The two languages of the pages, and which of them somebody reads.

use serde::Deserialize;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    Chinese,
}

/// A text of the admin's in one or both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    #[serde(default)]
    pub en: String,
    #[serde(default, rename = "zh-CN")]
    pub zh_cn: String,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// As HTML and HTTP write it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// In its own words.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "中文",
        }
    }

    /// The one of the two that is said in this language.
    pub fn pick<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }

    /// The language of that tag, or of its first part.
    pub fn parse(tag: &str) -> Option<Self> {
        let first = tag.trim().split(['-', '_']).next()?;
        match first.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "zh" => Some(Self::Chinese),
            _ => None,
        }
    }

    /// The one that a browser likes best, by its `Accept-Language`; English where it likes neither.
    pub fn accepted(header: &str) -> Self {
        let mut best = (0.0, Self::English);
        for wish in header.split(',').take(20) {
            let mut parts = wish.split(';');
            let Some(language) = parts.next().and_then(Self::parse) else {
                continue;
            };
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |weight| weight.trim().parse().unwrap_or(0.0));
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }
}

impl Texts {
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

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.of(Language::English).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_the_language_that_it_likes_best() {
        for (header, language) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
            ("en-GB", Language::English),
            ("fr, zh-TW;q=0.2, en;q=0.1", Language::Chinese),
            ("de", Language::English),
            ("", Language::English),
            ("zh;q=0", Language::English),
            ("zh;q=moon, en;q=0.1", Language::English),
        ] {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }

    #[test]
    fn a_text_that_is_not_said_in_a_language_is_said_in_the_other() {
        let only_english = Texts {
            en: "Laptop".to_owned(),
            zh_cn: " ".to_owned(),
        };
        assert_eq!(only_english.of(Language::Chinese), "Laptop");
        assert!(Texts::default().is_empty());
    }
}
