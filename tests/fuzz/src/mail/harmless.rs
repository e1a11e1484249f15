//! What may be left in cleaned HTML. It is written out in one form, so that a plain reader can judge it.

use std::collections::BTreeSet;

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

const ATTRIBUTES: &[&str] = &[
    "align",
    "alt",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "color",
    "colspan",
    "dir",
    "face",
    "height",
    "href",
    "lang",
    "rel",
    "rowspan",
    "size",
    "span",
    "src",
    "start",
    "style",
    "target",
    "title",
    "type",
    "valign",
    "width",
];

/// Only these tags, only these attributes; links to the web, a mailbox or a telephone; images of the mail itself or within it; styles that load nothing.
pub(super) fn check(html: &str, shown: &BTreeSet<String>) {
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = tag(&rest[at + 1..], shown);
    }
}

/// What follows the tag.
fn tag<'a>(rest: &'a str, shown: &BTreeSet<String>) -> &'a str {
    let is_end = rest.starts_with('/');
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let end = rest
        .find(|c: char| !c.is_ascii_alphanumeric())
        .expect("a tag ends");
    let (name, mut rest) = rest.split_at(end);
    assert!(TAGS.contains(&name), "<{name}>");
    loop {
        if let Some(after) = rest.strip_prefix('>') {
            return after;
        }
        assert!(!is_end, "</{name}{rest}");
        let written = rest.strip_prefix(' ').expect("attributes stand apart");
        let (attribute, after) = written.split_once("=\"").expect("attributes have values");
        let (value, after) = after.split_once('"').expect("values have an end");
        assert!(ATTRIBUTES.contains(&attribute), "<{name} {attribute}>");
        value_of(name, attribute, &unescaped(value), shown);
        rest = after;
    }
}

fn value_of(name: &str, attribute: &str, value: &str, shown: &BTreeSet<String>) {
    // A browser passes over blanks before an address, and over line breaks in it.
    let address: String = value
        .chars()
        .filter(|c| !matches!(c, '\0'..=' '))
        .collect::<String>()
        .to_ascii_lowercase();
    let begins = |all: &[&str]| all.iter().any(|one| address.starts_with(one));
    match attribute {
        "href" => assert!(
            name == "a" && begins(&["http:", "https:", "mailto:", "tel:", "cid:"]),
            "<{name} href={value:?}>"
        ),
        "src" => assert!(
            name == "img"
                && (begins(&["data:image/"]) && !begins(&["data:image/svg"])
                    || value
                        .strip_prefix("cid:")
                        .is_some_and(|id| shown.contains(id))),
            "<{name} src={value:?}>"
        ),
        "style" => {
            let lower = value.to_ascii_lowercase();
            for word in ["url", "expression", "import", "javascript", "@", "\\"] {
                assert!(!lower.contains(word), "<{name} style={value:?}>");
            }
        }
        "target" => assert_eq!(value, "_blank"),
        "rel" => assert_eq!(value, "noopener noreferrer nofollow"),
        _ => {}
    }
}

fn unescaped(value: &str) -> String {
    value
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}
