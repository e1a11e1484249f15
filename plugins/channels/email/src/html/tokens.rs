//! Tags and text, without comments, scripts and styles. Attributes are read as a browser reads them, so that what is written again from tokens means
//! the same to the next reader.

use std::borrow::Cow;

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// As it stands, entities not read.
    Text(&'a str),
    Open {
        name: String,
        attributes: Vec<(String, Cow<'a, str>)>,
    },
    Close(String),
}

/// Their content is no text.
const RAW: &[&str] = &[
    "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript",
    "template", "svg", "math", "object",
];

/// Those whose content a browser reads as the page's, where they are never closed or close themselves.
const LENIENT: &[&str] = &["svg", "math", "object"];

/// Attributes of one tag that are looked at.
const ATTRIBUTES_MAX: usize = 50;

pub(super) struct Tokens<'a> {
    rest: &'a str,
    /// Names that are closed nowhere in what is left: to look again at each of a thousand tags would be endless work.
    never_closed: Vec<String>,
}

impl<'a> Tokens<'a> {
    pub(super) fn of(html: &'a str) -> Self {
        Self {
            rest: html,
            never_closed: Vec::new(),
        }
    }

    /// What comes after an element whose content is no text. What is never closed takes all that follows with it, as in a browser; but for those that a
    /// browser closes by itself.
    fn after_raw(&mut self, name: &str, tag: &str, after: &'a str) -> &'a str {
        let is_lenient = LENIENT.contains(&name);
        let is_empty = is_lenient && name != "object" && tag.ends_with("/>");
        if is_empty || self.never_closed.iter().any(|known| known == name) {
            return after;
        }
        match after_close(after, name) {
            Some(rest) => rest,
            None if is_lenient => {
                self.never_closed.push(name.to_owned());
                after
            }
            None => "",
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.rest;
            if rest.is_empty() {
                return None;
            }
            let Some(tag) = rest.strip_prefix('<') else {
                let end = rest.find('<').unwrap_or(rest.len());
                self.rest = &rest[end..];
                return Some(Token::Text(&rest[..end]));
            };
            match tag.as_bytes().first() {
                Some(b'!') if tag.starts_with("!--") => self.rest = after_comment(&tag[3..]),
                Some(b'!' | b'?') => self.rest = tag.find('>').map_or("", |end| &tag[end + 1..]),
                Some(b'/') if tag[1..].starts_with(|c: char| c.is_ascii_alphabetic()) => {
                    let (name, after) = name(&tag[1..]);
                    self.rest = after.find('>').map_or("", |end| &after[end + 1..]);
                    return Some(Token::Close(name));
                }
                Some(byte) if byte.is_ascii_alphabetic() => {
                    let (name, after) = name(tag);
                    let (attributes, after) = attributes(after);
                    if !RAW.contains(&name.as_str()) {
                        self.rest = after;
                        return Some(Token::Open { name, attributes });
                    }
                    let whole = &tag[..tag.len() - after.len()];
                    self.rest = self.after_raw(&name, whole, after);
                }
                // A lone sign is text.
                _ => {
                    self.rest = tag;
                    return Some(Token::Text(&rest[..1]));
                }
            }
        }
    }
}

fn name(text: &str) -> (String, &str) {
    let end = text
        .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
        .unwrap_or(text.len());
    let name = text[..end]
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(20)
        .collect::<String>();
    (name.to_ascii_lowercase(), &text[end..])
}

/// After a comment that has begun. Some end with their beginning.
fn after_comment(text: &str) -> &str {
    for empty in [">", "->"] {
        if let Some(after) = text.strip_prefix(empty) {
            return after;
        }
    }
    let end = |mark: &str| text.find(mark).map(|at| at + mark.len());
    match (end("-->"), end("--!>")) {
        (Some(one), Some(other)) => &text[one.min(other)..],
        (Some(end), None) | (None, Some(end)) => &text[end..],
        (None, None) => "",
    }
}

/// After the closing tag of that name.
fn after_close<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let bytes = text.as_bytes();
    let at = (0..bytes.len())
        .filter(|at| bytes[*at] == b'<' && bytes.get(at + 1) == Some(&b'/'))
        .find(|at| {
            bytes
                .get(at + 2..at + 2 + name.len())
                .is_some_and(|there| there.eq_ignore_ascii_case(name.as_bytes()))
        })?;
    Some(text[at..].find('>').map_or("", |end| &text[at + end + 1..]))
}

fn attributes(mut text: &str) -> (Vec<(String, Cow<'_, str>)>, &str) {
    let mut found = Vec::new();
    loop {
        text = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if text.is_empty() {
            return (found, text);
        }
        if let Some(after) = text.strip_prefix('>') {
            return (found, after);
        }
        // An equals sign at the beginning belongs to the name.
        let from = usize::from(text.starts_with('='));
        let end = text[from..]
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '='))
            .map_or(text.len(), |end| from + end);
        let name = text[..end].to_ascii_lowercase();
        text = text[end..].trim_start_matches(|c: char| c.is_ascii_whitespace());
        let mut value = "";
        if let Some(after) = text.strip_prefix('=') {
            let after = after.trim_start_matches(|c: char| c.is_ascii_whitespace());
            (value, text) = match after.as_bytes().first() {
                Some(quote @ (b'"' | b'\'')) => {
                    let quote = char::from(*quote);
                    after[1..].split_once(quote).unwrap_or((&after[1..], ""))
                }
                _ => {
                    let end = after
                        .find(|c: char| c.is_ascii_whitespace() || c == '>')
                        .unwrap_or(after.len());
                    after.split_at(end)
                }
            };
        }
        if found.len() < ATTRIBUTES_MAX
            && name.len() <= 40
            && found.iter().all(|(known, _)| *known != name)
        {
            found.push((name, Cow::Borrowed(value)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_texts_and_attributes_are_told_apart_and_scripts_are_none() {
        let html = "<!DOCTYPE x><!-- <b> --><p class=a title='x > y' b/>1 < 2<script>if (a<b) </SCRIPT >x<br/></p><style>p{}";
        let tokens: Vec<_> = Tokens::of(html).collect();
        assert!(
            matches!(&tokens[0], Token::Open { name, attributes } if name == "p" && attributes[1] == ("title".to_owned(), Cow::Borrowed("x > y")))
        );
        assert_eq!(
            tokens[1..4],
            [Token::Text("1 "), Token::Text("<"), Token::Text(" 2")]
        );
        assert_eq!(tokens[4], Token::Text("x"));
        assert_eq!(tokens.last(), Some(&Token::Close("p".to_owned())));
    }

    #[test]
    fn what_a_browser_closes_by_itself_hides_nothing_of_the_mail() {
        for html in [
            "<svg/>x",
            "<svg width=1 />x",
            "<math/>x",
            "<svg>x",
            "<object data=a>x",
            "<svg><svg/>x",
            "<!-->x",
            "<!--->x",
            "<!-- a --!>x<!-- b -->",
            "<svg>a</svg>x",
            "<svg><script>a</script></svg>x",
        ] {
            let texts: Vec<_> = Tokens::of(html)
                .filter(|token| matches!(token, Token::Text(_)))
                .collect();
            assert_eq!(texts, [Token::Text("x")], "{html}");
        }
        for html in ["<script/>x", "<style>x", "<!-- x", "<object>x</object>"] {
            assert_eq!(Tokens::of(html).count(), 0, "{html}");
        }
    }

    #[test]
    fn the_end_of_what_is_never_closed_is_looked_for_once() {
        let html = "<svg><math><object>".repeat(20_000);
        let mut tokens = Tokens::of(&html);
        assert_eq!(tokens.by_ref().count(), 0);
        // Each look through the rest is noted; two of a name would be two notes.
        assert_eq!(tokens.never_closed, ["svg", "math", "object"]);
    }

    #[test]
    fn anything_ends() {
        for html in [
            "<",
            "<a",
            "<a b",
            "<a b=",
            "<a b='",
            "</",
            "</a",
            "<!--",
            "<!",
            "<é",
            "<a é='é'é>",
            "<=a==b>",
        ] {
            assert!(Tokens::of(html).count() < 5, "{html}");
        }
    }
}
