//! Which language a reader gets: the one that was chosen on the page, else what the browser asks for.

use super::words::{CHINESE, ENGLISH, Words};
use axum::http::{HeaderMap, header};
use guichet_package::manifest::Texts;

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Chinese,
}

impl Language {
    pub(super) const ALL: [Self; 2] = [Self::English, Self::Chinese];

    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// As its readers call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "中文",
        }
    }

    pub(super) fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::Chinese => &CHINESE,
        }
    }

    /// The language of a tag such as `zh-Hans-CN`.
    pub(super) fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next()?.trim();
        Self::ALL
            .into_iter()
            .find(|language| primary.eq_ignore_ascii_case(language.primary()))
    }

    fn primary(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }

    /// What the browser likes best of what there is.
    pub(super) fn accepted(headers: &HeaderMap) -> Self {
        let wanted = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let mut best = (Self::English, 0.0);
        for entry in wanted.split(',') {
            let (tag, weight) = entry.split_once(";q=").unwrap_or((entry, "1"));
            let weight = weight.trim().parse::<f32>().unwrap_or(0.0);
            if let Some(language) = Self::of_tag(tag.trim())
                && weight > best.1
            {
                best = (language, weight);
            }
        }
        best.0
    }

    /// A text in this language, else in English, else in whatever language it is; with that language.
    pub(super) fn pick(self, texts: &Texts) -> (&str, &str) {
        let of = |language: Self| {
            texts.get_key_value(language.tag()).or_else(|| {
                texts
                    .iter()
                    .find(|(tag, _)| Self::of_tag(tag) == Some(language))
            })
        };
        of(self)
            .or_else(|| of(Self::English))
            .or_else(|| texts.first_key_value())
            .map_or((self.tag(), ""), |(tag, text)| (tag, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(wanted: &str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, wanted.parse().unwrap());
        Language::accepted(&headers)
    }

    #[test]
    fn a_browser_gets_what_it_likes_best_of_what_there_is() {
        assert_eq!(accepted("zh-CN,zh;q=0.9,en;q=0.8"), Language::Chinese);
        assert_eq!(accepted("de, zh-TW;q=0.3, en;q=0.7"), Language::English);
        assert_eq!(accepted("en;q=0.2, zh"), Language::Chinese);
        assert_eq!(accepted("fr"), Language::English);
        assert_eq!(accepted(";;;q=,,"), Language::English);
    }

    #[test]
    fn a_text_is_found_in_the_nearest_language() {
        let texts = |tags: &[&str]| {
            tags.iter()
                .map(|tag| ((*tag).to_owned(), format!("in {tag}")))
                .collect::<Texts>()
        };
        let all = texts(&["de", "en", "zh-CN", "zh-TW"]);
        assert_eq!(Language::Chinese.pick(&all), ("zh-CN", "in zh-CN"));
        assert_eq!(
            Language::Chinese.pick(&texts(&["en", "zh-TW"])),
            ("zh-TW", "in zh-TW")
        );
        assert_eq!(
            Language::Chinese.pick(&texts(&["de", "en-GB"])),
            ("en-GB", "in en-GB")
        );
        assert_eq!(Language::English.pick(&texts(&["fr"])), ("fr", "in fr"));
        assert_eq!(Language::English.pick(&Texts::new()), ("en", ""));
    }
}
