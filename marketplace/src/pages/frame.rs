//! What is around every page: name, language switch, and at its foot the key by which all of it is believed.

use super::{language::Language, words::Words};
use crate::shown::Snapshot;
use axum::http::HeaderMap;
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// Where a reader is, and in which language.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) language: Language,
    /// Whether the reader chose it on the page: then links keep it.
    is_chosen: bool,
    /// What was asked beside the language.
    asked: Vec<(String, String)>,
    /// From here to the first page.
    root: String,
}

impl Place {
    /// Reads the query and the browser's wish; `depth` is how many slashes the address has.
    pub(super) fn of(query: Option<&str>, headers: &HeaderMap, depth: usize) -> Self {
        // What cannot be read was not asked.
        let mut asked: Vec<(String, String)> =
            serde_urlencoded::from_str(query.unwrap_or_default()).unwrap_or_default();
        let chosen = asked
            .iter()
            .find(|(key, _)| key == LANGUAGE)
            .and_then(|(_, tag)| Language::of_tag(tag));
        asked.retain(|(key, _)| key != LANGUAGE);
        Self {
            language: chosen.unwrap_or_else(|| Language::accepted(headers)),
            is_chosen: chosen.is_some(),
            asked,
            root: match depth {
                0 | 1 => "./".to_owned(),
                deeper => "../".repeat(deeper - 1),
            },
        }
    }

    pub(super) fn words(&self) -> &'static Words {
        self.language.words()
    }

    pub(super) fn is_chinese(&self) -> bool {
        self.language == Language::Chinese
    }

    /// What was asked under that key.
    pub(super) fn asked(&self, key: &str) -> Option<&str> {
        self.asked
            .iter()
            .find(|(asked, _)| asked == key)
            .map(|(_, value)| value.as_str())
    }

    /// The language that a form must keep.
    pub(super) fn kept_language(&self) -> Option<&'static str> {
        self.is_chosen.then(|| self.language.tag())
    }

    /// A link to a path below the first page.
    pub(super) fn link(&self, path: &str, asked: &[(&str, &str)]) -> String {
        let kept = self.kept_language().map(|tag| (LANGUAGE, tag));
        let asked: Vec<_> = asked.iter().copied().chain(kept).collect();
        let query = serde_urlencoded::to_string(&asked).unwrap_or_default();
        match query.is_empty() {
            true => format!("{}{path}", self.root),
            false => format!("{}{path}?{query}", self.root),
        }
    }

    /// This same page in another language.
    fn in_language(&self, language: Language) -> String {
        let asked: Vec<_> = self
            .asked
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .chain([(LANGUAGE, language.tag())])
            .collect();
        let query = serde_urlencoded::to_string(&asked).unwrap_or_default();
        format!("?{query}")
    }
}

/// The key of the language in an address.
pub(super) const LANGUAGE: &str = "lang";

/// A page's frame.
pub(super) struct Frame<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) place: &'a Place,
    pub(super) title: &'a str,
}

impl Frame<'_> {
    /// The whole page.
    pub(super) fn around(&self, content: Markup) -> Markup {
        let (place, words) = (self.place, self.place.words());
        let name = &self.snapshot.index.marketplace;
        html! {
            (DOCTYPE)
            html lang=(place.language.tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " · " (name) }
                    link rel="stylesheet" href={ (place.root) "style.css" };
                    link rel="icon" type="image/svg+xml" href={ (place.root) "icon.svg" };
                }
                body {
                    a.skip href="#content" { (words.skip) }
                    header.top {
                        a.brand href=(place.link("", &[])) dir="auto" {
                            img src={ (place.root) "icon.svg" } alt="" width="28" height="28";
                            span { (name) }
                        }
                        nav aria-label=(words.languages) {
                            ul.languages {
                                @for language in Language::ALL {
                                    li {
                                        a href=(place.in_language(language)) hreflang=(language.tag()) lang=(language.tag())
                                            aria-current=[(language == place.language).then_some("true")] { (language.name()) }
                                    }
                                }
                            }
                        }
                    }
                    main #content { (content) }
                    (self.foot())
                }
            }
        }
    }

    fn foot(&self) -> Markup {
        let words = self.place.words();
        let index = &self.snapshot.index;
        html! {
            footer {
                h2 { (words.key_of_market) }
                p { code { (self.snapshot.key) } }
                p { code { (self.snapshot.key.fingerprint()) } }
                p.quiet { (words.key_of_market_lead) }
                p.quiet { ((words.state_of_index)(index.sequence, &day(index.issued_at))) }
            }
        }
    }
}

/// A day, in UTC.
pub(super) fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

/// A day, for people and machines.
pub(super) fn time(at: Timestamp) -> Markup {
    html! { time datetime=(at) { (day(at)) } }
}

/// Text of a publisher in the nearest language, marked with it.
pub(super) fn told(language: Language, texts: &guichet_package::manifest::Texts) -> Markup {
    let (tag, text) = language.pick(texts);
    html! { span lang=(tag) dir="auto" { (text) } }
}

/// An arrow that is not read aloud.
pub(super) const BACK: PreEscaped<&str> = PreEscaped("<span aria-hidden=\"true\">←</span> ");
