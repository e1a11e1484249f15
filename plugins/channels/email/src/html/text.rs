//! HTML as people would read it in a letter: paragraphs, lists, tables and quotes as lines; where links lead stands beside them.

use super::tokens::{Token, Tokens};
use crate::limits::TEXT_BYTES_MAX;
use mail_parser::decoders::html::add_html_token;
use std::borrow::Cow;

const BLOCKS: &[&str] = &[
    "div", "tr", "section", "article", "header", "footer", "address", "center", "dl", "dt", "dd",
    "form", "figure", "li",
];
const SPACED: &[&str] = &[
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "table",
    "blockquote",
    "pre",
];

/// Letters of the longest entity, with its signs.
const ENTITY_BYTES_MAX: usize = 34;

/// Reads HTML as text.
pub fn read(html: &str) -> String {
    let mut page = Page::default();
    for token in Tokens::of(html) {
        if page.text.len() > TEXT_BYTES_MAX {
            break;
        }
        match token {
            Token::Text(text) => page.write(&unescaped(text)),
            Token::Open { name, attributes } => page.open(&name, &attributes),
            Token::Close(name) => page.close(&name),
        }
    }
    page.text.trim_end().to_owned()
}

#[derive(Default)]
struct Page {
    text: String,
    /// Line breaks wanted before the next letter.
    breaks: usize,
    wants_space: bool,
    quotes: usize,
    preformatted: usize,
    /// Where the open link leads, and where its text begins.
    link: Option<(String, usize)>,
}

impl Page {
    fn break_line(&mut self, lines: usize) {
        self.breaks = self.breaks.max(lines);
        self.wants_space = false;
    }

    fn open(&mut self, name: &str, attributes: &[(String, Cow<'_, str>)]) {
        let attribute = |wanted: &str| {
            let found = attributes.iter().find(|(name, _)| name == wanted);
            found
                .map(|(_, value)| unescaped(value).trim().to_owned())
                .unwrap_or_default()
        };
        match name {
            "br" => {
                self.breaks = (self.breaks + 1).min(2);
                self.wants_space = false;
            }
            "hr" => {
                self.break_line(1);
                self.write("----");
                self.break_line(1);
            }
            "td" | "th" => self.wants_space = true,
            "img" => self.write(&match attribute("alt").as_str() {
                "" => String::new(),
                alt => format!("[{alt}]"),
            }),
            "a" => {
                let href = attribute("href");
                let leads_out = href.starts_with("http://") || href.starts_with("https://");
                self.link = leads_out.then_some((href, self.text.len()));
            }
            "blockquote" => self.quotes = (self.quotes + 1).min(10),
            "pre" => self.preformatted += 1,
            _ => {}
        }
        self.around(name);
        if name == "li" {
            self.write("• ");
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "a" => {
                if let Some((href, from)) = self.link.take() {
                    let shown = self.text.get(from..).unwrap_or_default().trim();
                    if !shown.is_empty() && !href.contains(shown) && !shown.contains(&href) {
                        self.write(&format!(" <{href}>"));
                    }
                }
            }
            "blockquote" => self.quotes = self.quotes.saturating_sub(1),
            "pre" => self.preformatted = self.preformatted.saturating_sub(1),
            _ => {}
        }
        self.around(name);
    }

    fn around(&mut self, name: &str) {
        if SPACED.contains(&name) {
            self.break_line(2);
        } else if BLOCKS.contains(&name) {
            self.break_line(1);
        }
    }

    fn write(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' if self.preformatted > 0 => {
                    self.put_breaks();
                    self.breaks += 1;
                }
                c if c.is_whitespace()
                    && c != '\u{a0}'
                    && c != '\u{3000}'
                    && self.preformatted == 0 =>
                {
                    self.wants_space = true;
                }
                '\u{200b}' | '\u{feff}' | '\0' => {}
                c => {
                    self.put_breaks();
                    if self.wants_space
                        && !self.text.is_empty()
                        && !self.text.ends_with(['\n', ' '])
                    {
                        self.text.push(' ');
                    }
                    self.wants_space = false;
                    self.text.push(if c == '\u{a0}' { ' ' } else { c });
                }
            }
        }
    }

    fn put_breaks(&mut self) {
        let breaks = std::mem::take(&mut self.breaks);
        let is_first = self.text.is_empty();
        if breaks == 0 && !(is_first && self.quotes > 0) {
            return;
        }
        let kept = self.text.trim_end_matches(' ').len();
        self.text.truncate(kept);
        if !is_first {
            self.text.extend(std::iter::repeat_n('\n', breaks));
        }
        self.text.extend(std::iter::repeat_n("> ", self.quotes));
        self.wants_space = false;
    }
}

/// With its entities read.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        read.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest
            .bytes()
            .take(ENTITY_BYTES_MAX)
            .position(|byte| byte == b';');
        match end {
            Some(end)
                if rest[1..end]
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
                    && end > 1 =>
            {
                add_html_token(&mut read, &rest.as_bytes()[..=end], false);
                rest = &rest[end + 1..];
            }
            _ => {
                read.push('&');
                rest = &rest[1..];
            }
        }
    }
    read.push_str(rest);
    Cow::Owned(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_as_a_letter() {
        for (html, text) in [
            (
                "<html><head><title>x</title><style>p{}</style></head><body><p>One</p><p>Two<br>Three</p></body></html>",
                "One\n\nTwo\nThree",
            ),
            ("<div>a</div><div>b</div>", "a\nb"),
            ("<ul><li>one<li>two</ul>after", "• one\n• two\n\nafter"),
            (
                "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
                "a b\nc",
            ),
            (
                "see <a href=\"https://x.example/p\">the page</a>.",
                "see the page <https://x.example/p>.",
            ),
            (
                "<a href='https://x.example'>https://x.example</a>",
                "https://x.example",
            ),
            (
                "a &amp; b &lt;c&gt; &#20320;&#x597d; &nope; &",
                "a & b <c> 你好 &nope; &",
            ),
            (
                "<blockquote>quoted<br>twice</blockquote>mine",
                "> quoted\n> twice\n\nmine",
            ),
            ("<pre>a\n  b</pre>", "a\n  b"),
            ("<img src=x alt='A chart'>", "[A chart]"),
            ("  <p>\n  wide   blanks\n </p> ", "wide blanks"),
            ("", ""),
        ] {
            assert_eq!(read(html), text, "{html}");
        }
    }
}
