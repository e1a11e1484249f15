//! # HTML that can do no harm
//! No script, no form, no style beyond looks, nothing that loads from elsewhere: images that the mail brings along are named by the id of their file,
//! all others are left out and counted. Links open elsewhere and tell nothing of us.
//!
//! The cleaner is `ammonia`; it gets well-nested HTML of a bounded size and depth, as a parser of the web's own rules can be made to do endless work.

use super::{
    escaped,
    text::unescaped,
    tokens::{Token, Tokens},
};
use crate::limits::{
    DATA_IMAGE_BYTES_MAX, HTML_BYTES_MAX, HTML_DEPTH_MAX, HTML_FORMATTING_DEPTH_MAX, HTML_TAGS_MAX,
};
use ammonia::{Builder, UrlRelative};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

/// HTML made safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clean {
    pub html: String,
    /// Images that would have been loaded from elsewhere, and were left out.
    pub remote_images: u64,
    /// Ids of files that it shows.
    pub shown: BTreeSet<String>,
}

const TAGS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];
const VOID: &[&str] = &["br", "col", "hr", "img", "wbr"];
const FORMATTING: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u",
];
const ATTRIBUTES: &[&str] = &[
    "align",
    "valign",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "color",
    "colspan",
    "dir",
    "face",
    "height",
    "lang",
    "rowspan",
    "size",
    "span",
    "start",
    "style",
    "title",
    "width",
    "type",
];
const STYLES: &[&str] = &[
    "background-color",
    "border",
    "border-bottom",
    "border-collapse",
    "border-color",
    "border-left",
    "border-radius",
    "border-right",
    "border-spacing",
    "border-style",
    "border-top",
    "border-width",
    "color",
    "direction",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-width",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
    "word-wrap",
];

/// Cleans HTML. `files` has the ids of the mail's files by their Content-IDs.
pub fn clean(html: &str, files: &BTreeMap<String, String>) -> Clean {
    let nested = nested(html);
    let counts = Arc::new(Mutex::new((0_u64, BTreeSet::new())));
    let (counted, files) = (counts.clone(), files.clone());
    let generic: HashSet<&str> = ATTRIBUTES.iter().copied().collect();
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.iter().copied().collect())
        .generic_attributes(generic)
        .tag_attributes(
            [
                ("a", HashSet::from(["href"])),
                ("img", HashSet::from(["src", "alt"])),
            ]
            .into(),
        )
        .url_schemes(HashSet::from([
            "http", "https", "mailto", "tel", "cid", "data",
        ]))
        .url_relative(UrlRelative::Deny)
        .filter_style_properties(STYLES.iter().copied().collect())
        .link_rel(Some("noopener noreferrer nofollow"))
        .set_tag_attribute_value("a", "target", "_blank")
        .attribute_filter(move |tag, name, value| {
            let mut counts = counted.lock().unwrap_or_else(PoisonError::into_inner);
            match (tag, name) {
                ("img", "src") => image(value, &files, &mut counts),
                ("a", "href") => leads_elsewhere(value).then_some(Cow::Borrowed(value)),
                (_, "style") => style(value),
                _ => Some(Cow::Borrowed(value)),
            }
        });
    let html = builder.clean(&nested).to_string();
    let counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
    Clean {
        // Written out it may be longer than it came.
        html: if html.len() > HTML_BYTES_MAX {
            String::new()
        } else {
            html
        },
        remote_images: counts.0,
        shown: counts.1.clone(),
    }
}

/// Whether a link leads out of the mail, and not to what it says itself. A browser passes over blanks before an address, and over line breaks in it.
fn leads_elsewhere(address: &str) -> bool {
    let read = address.chars().filter(|c| !matches!(c, '\0'..=' '));
    let scheme: String = read.take(5).collect::<String>().to_ascii_lowercase();
    scheme != "data:" && !scheme.starts_with("cid:")
}

fn image<'u>(
    value: &'u str,
    files: &BTreeMap<String, String>,
    counts: &mut (u64, BTreeSet<String>),
) -> Option<Cow<'u, str>> {
    let trimmed = value.trim();
    let lower: String = trimmed
        .chars()
        .take(30)
        .collect::<String>()
        .to_ascii_lowercase();
    if lower.starts_with("cid:") {
        let id = trimmed.get(4..)?;
        let file = files.get(id).or_else(|| files.get(&percent_decoded(id)))?;
        counts.1.insert(file.clone());
        return Some(Cow::Owned(format!("cid:{file}")));
    }
    let is_picture = ["png", "jpeg", "jpg", "gif", "webp"]
        .iter()
        .any(|kind| lower.starts_with(&format!("data:image/{kind};base64,")));
    if is_picture && trimmed.len() <= DATA_IMAGE_BYTES_MAX {
        return Some(Cow::Borrowed(value));
    }
    if !lower.starts_with("data:") {
        counts.0 += 1;
    }
    None
}

fn percent_decoded(text: &str) -> String {
    text.replace("%40", "@")
        .replace("%24", "$")
        .replace("%25", "%")
}

/// Nothing that loads, nothing that is no plain value, and nothing that the CSS writer behind this would have to escape: what is kept reads the same to all.
fn style(value: &str) -> Option<Cow<'_, str>> {
    let kept: Vec<_> = value
        .split(';')
        .filter(|one| {
            let lower = one.to_ascii_lowercase();
            ![
                "url",
                "image",
                "expression",
                "import",
                "\\",
                "var(",
                "javascript",
                "@",
            ]
            .iter()
            .any(|word| lower.contains(word))
                && !one.contains(|c: char| c.is_control() && !c.is_ascii_whitespace())
                && has_whole_strings(one)
                && has_plain_units(one)
        })
        .collect();
    let kept = kept.join(";");
    (!kept.trim().is_empty()).then_some(Cow::Owned(kept))
}

/// Whether each string in a declaration ends in it, and none has the other kind of quotation mark in it.
fn has_whole_strings(declaration: &str) -> bool {
    let count = |quote| declaration.matches(quote).count();
    let (single, double) = (count('\''), count('"'));
    (single == 0 || double == 0) && (single + double) % 2 == 0
}

/// Whether no number has a unit `e`, or one that begins with `e-`: with that letter as it is, the number would go on.
fn has_plain_units(declaration: &str) -> bool {
    let bytes = declaration.as_bytes();
    let at = |place: usize| bytes.get(place).copied().unwrap_or(b' ');
    let is_number = |place: usize| at(place).is_ascii_digit();
    // A colour such as #b3261e is no number.
    let is_colour = |place: usize| {
        let before = bytes.get(..place).unwrap_or_default().iter();
        let first = before.rev().find(|byte| !byte.is_ascii_alphanumeric());
        first == Some(&b'#')
    };
    (1..bytes.len())
        .filter(|&place| at(place).eq_ignore_ascii_case(&b'e'))
        .filter(|&place| is_number(place - 1) || at(place - 1) == b'.')
        .filter(|&place| !is_colour(place))
        .all(|place| match at(place + 1) {
            b'-' | b'+' => is_number(place + 2),
            next => next.is_ascii_alphanumeric() || next == b'_' || !next.is_ascii(),
        })
}

/// The same HTML, well nested and bounded. Whatever is too much loses its tags and keeps its text.
fn nested(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut open: Vec<String> = Vec::new();
    let (mut tags, mut formatting) = (0, 0);
    for token in Tokens::of(html) {
        match token {
            Token::Text(text) => out.push_str(&escaped(&unescaped(text))),
            Token::Open { name, attributes } if TAGS.contains(&name.as_str()) => {
                let is_formatting = FORMATTING.contains(&name.as_str());
                let is_void = VOID.contains(&name.as_str());
                let is_too_much = tags >= HTML_TAGS_MAX
                    || open.len() >= HTML_DEPTH_MAX
                    || (is_formatting && formatting >= HTML_FORMATTING_DEPTH_MAX);
                if is_too_much {
                    continue;
                }
                tags += 1;
                out.push('<');
                out.push_str(&name);
                for (attribute, value) in &attributes {
                    if ATTRIBUTES.contains(&attribute.as_str())
                        || matches!(attribute.as_str(), "href" | "src" | "alt")
                    {
                        out.push_str(&format!(" {attribute}=\"{}\"", escaped(&unescaped(value))));
                    }
                }
                out.push('>');
                if !is_void {
                    formatting += usize::from(is_formatting);
                    open.push(name);
                }
            }
            Token::Close(name) => {
                let Some(at) = open.iter().rposition(|known| *known == name) else {
                    continue;
                };
                for closed in open.drain(at..).rev() {
                    formatting -= usize::from(FORMATTING.contains(&closed.as_str()));
                    out.push_str(&format!("</{closed}>"));
                }
            }
            Token::Open { .. } => {}
        }
    }
    for closed in open.iter().rev() {
        out.push_str(&format!("</{closed}>"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(html: &str) -> String {
        let files = BTreeMap::from([("logo@t.example".to_owned(), "file-1".to_owned())]);
        clean(html, &files).html
    }

    #[test]
    fn nothing_that_acts_is_left() {
        for html in [
            "<script>alert(1)</script><p>x</p>",
            "<p onclick=\"alert(1)\">x</p>",
            "<p>x</p><iframe src=\"https://e.example\"></iframe>",
            "<p style=\"background-image:url(https://e.example/x);position:fixed\">x</p>",
            "<p style=\"width:expression(alert(1))\">x</p>",
            "<form action=\"https://e.example\"><p>x</p><input></form>",
            "<svg onload=alert(1)></svg><p>x</p>",
            "<math><mtext></p><p>x</p><img src=x onerror=alert(1)></math><p>x</p>",
            "<link rel=stylesheet href=\"https://e.example\"><style>@import 'x'</style><p>x</p>",
            "<meta http-equiv=refresh content=\"0;url=https://e.example\"><base href=\"https://e.example\"><p>x</p>",
            "<p>x</p><object data=\"https://e.example\"></object><embed src=\"https://e.example\">",
        ] {
            let left = cleaned(html).replace(" style=\"\"", "");
            assert_eq!(left, "<p>x</p>", "{html}");
        }
        assert!(!cleaned("<a href=\"javascript:alert(1)\">x</a>").contains("javascript"));
        assert!(!cleaned("<a href=\"data:text/html,x\">x</a>").contains("data:"));
        assert!(!cleaned("<a href=\" java\nscript:alert(1)\">x</a>").contains("href"));
        assert!(!cleaned("<a href=\"da&#10;ta:text/html,x\">x</a>").contains("href"));
        assert!(!cleaned("<a href=\"\u{1}d\tata:text/html,x\">x</a>").contains("href"));
    }

    #[test]
    fn looks_are_kept_and_links_open_elsewhere() {
        assert_eq!(
            cleaned("<p style=\"color:red;position:absolute;margin:0\">x</p>"),
            "<p style=\"color:red;margin:0\">x</p>"
        );
        let link = cleaned("<a href=\"https://t.example/?a=1&amp;b=2\">x</a>");
        assert!(
            link.contains("target=\"_blank\"")
                && link.contains("rel=\"noopener noreferrer nofollow\"")
                && link.contains("href=\"https://t.example/?a=1&amp;b=2\""),
            "{link}"
        );
        assert_eq!(
            cleaned("<table border=1><tr><td bgcolor=\"#fff\">密码</td></tr></table>"),
            "<table border=\"1\"><tbody><tr><td bgcolor=\"#fff\">密码</td></tr></tbody></table>"
        );
    }

    #[test]
    fn a_style_that_would_be_written_with_escapes_is_left_out() {
        for style in [
            "line-height:1.4\u{11}8",
            "font-family:'a\"b'",
            "font-family:'a;\"b'",
            "font-family:'a\u{7f}'",
            "font-family:\\61",
            "line-height:1e-MTA",
            "line-height:1e",
            "line-height:1E,2",
            "line-height:1e5e-x",
            "line-height:1e+x",
        ] {
            let html = format!("<p style=\"{};color:red\">x</p>", escaped(style));
            assert_eq!(cleaned(&html), "<p style=\"color:red\">x</p>", "{style:?}");
        }
        let kept = cleaned("<p style=\"font-family:'Noto Sans',\n Arial\">x</p>");
        assert!(kept.contains("Noto Sans"), "{kept}");
        for plain in ["1em", "2ex", "1e3", "1.5e-3"] {
            let html = format!("<p style=\"line-height:{plain}\">x</p>");
            assert!(cleaned(&html).contains("line-height:"), "{plain}");
        }
        for colour in ["#b3261e", "#1e1e1e", "#00e"] {
            let html = format!("<p style=\"color:{colour}\">x</p>");
            assert!(cleaned(&html).contains("color:"), "{colour}");
        }
    }

    #[test]
    fn images_of_the_mail_are_named_by_their_files_and_others_are_counted() {
        let files = BTreeMap::from([("logo@t.example".to_owned(), "file-1".to_owned())]);
        let clean = clean(
            "<img src=\"cid:logo@t.example\" alt=Logo><img src=\"cid:logo%40t.example\"><img src=\"https://e.example/pixel.gif\"><img src=\"//e.example/x\"><img src=\"cid:gone\"><img src=\"data:image/png;base64,AAAA\"><img src=\"data:image/svg+xml;base64,AAAA\">",
            &files,
        );
        assert!(
            clean
                .html
                .starts_with("<img src=\"cid:file-1\" alt=\"Logo\"><img src=\"cid:file-1\"><img>"),
            "{}",
            clean.html
        );
        assert!(
            clean.html.contains("data:image/png")
                && !clean.html.contains("svg")
                && !clean.html.contains("e.example")
        );
        assert_eq!(
            (clean.remote_images, clean.shown),
            (1, BTreeSet::from(["file-1".to_owned()]))
        );
    }

    #[test]
    fn a_bomb_of_tags_costs_little_and_keeps_its_text() {
        for html in [
            format!(
                "{}deep{}",
                "<div>".repeat(100_000),
                "</div>".repeat(100_000)
            ),
            format!("{}deep", "<b><i><font color=red>".repeat(30_000)),
            format!("{}deep", "<p><b>".repeat(80_000)),
            format!("{}deep", "<table><tr><td>".repeat(30_000)),
            format!("{}deep", "<a href=x><b>".repeat(30_000)),
        ] {
            let began = std::time::Instant::now();
            assert!(cleaned(&html).contains("deep"));
            assert!(
                began.elapsed().as_secs() < 20,
                "a debug build takes its time, a bomb takes hours"
            );
        }
    }
}
