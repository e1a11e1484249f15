//! Text, HTML and files out of the parts: of alternatives the plain one is the text and the other one the HTML; HTML alone is read as text.

use super::{parts::Part, shortened};
use crate::{
    html,
    limits::{BODY_PARTS_MAX, HTML_IN_BYTES_MAX, TEXT_BYTES_MAX},
};

/// Made again by whoever shows the mail; nobody misses them.
const LEFT_OUT: &[&str] = &["text/x-amp-html", "text/watch-html"];

pub(super) fn assemble(parts: Vec<Part<'_>>) -> (String, Option<String>, Vec<Part<'_>>) {
    let is_body = |part: &Part| {
        matches!(part.media_type.as_str(), "text/plain" | "text/html")
            && !part.is_attachment
            && part.name.is_empty()
    };
    let mut bodies: Vec<(Option<usize>, bool, String)> = Vec::new();
    let mut files = Vec::new();
    for part in parts {
        if is_body(&part) && bodies.len() < BODY_PARTS_MAX {
            let is_html = part.media_type == "text/html";
            let text = match part.flowed {
                Some(joins_words) => unflowed(&part.text(), joins_words),
                None => part.text().replace("\r\n", "\n"),
            };
            bodies.push((
                part.alternative,
                is_html,
                shortened(
                    &text,
                    if is_html {
                        HTML_IN_BYTES_MAX
                    } else {
                        TEXT_BYTES_MAX
                    },
                ),
            ));
        } else if !LEFT_OUT.contains(&part.media_type.as_str()) {
            files.push(part);
        }
    }
    let has = |group: Option<usize>, wanted_html: bool| {
        group.is_some()
            && bodies.iter().any(|(other, is_html, text)| {
                *other == group && *is_html == wanted_html && !text.trim().is_empty()
            })
    };
    let (mut texts, mut htmls) = (Vec::new(), Vec::new());
    for (group, is_html, text) in &bodies {
        if text.trim().is_empty() {
            continue;
        }
        match (*is_html, has(*group, !is_html)) {
            (true, true) => htmls.push(text.clone()),
            (true, false) => {
                texts.push(html::text::read(text));
                htmls.push(text.clone());
            }
            (false, true) => texts.push(text.clone()),
            (false, false) => {
                texts.push(text.clone());
                htmls.push(format!("<pre>{}</pre>", html::escaped(text)));
            }
        }
    }
    let has_html = bodies
        .iter()
        .any(|(_, is_html, text)| *is_html && !text.trim().is_empty());
    let html = has_html.then(|| htmls.join("\n"));
    (texts.join("\n\n"), html, files)
}

/// Lines that were broken to fit are joined again (RFC 3676); quotes and the signature's line stay lines of their own.
fn unflowed(text: &str, joins_words: bool) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let content = &line[depth..];
        let content = content.strip_prefix(' ').unwrap_or(content);
        let goes_on = content.ends_with(' ') && content != "-- ";
        if open != Some(depth) || content == "-- " {
            if !joined.is_empty() {
                joined.push('\n');
            }
            joined.extend(std::iter::repeat_n('>', depth));
            if depth > 0 {
                joined.push(' ');
            }
        }
        joined.push_str(if goes_on && joins_words {
            &content[..content.len() - 1]
        } else {
            content
        });
        open = goes_on.then_some(depth);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::unflowed;

    #[test]
    fn flowed_lines_are_joined_and_quotes_and_signatures_are_not() {
        let text = "A long \nline.\nNext.\n> quoted \n> on\nback \n-- \nAna";
        assert_eq!(
            unflowed(text, false),
            "A long line.\nNext.\n> quoted on\nback \n-- \nAna"
        );
        assert_eq!(unflowed("密 \n码", true), "密码");
    }
}
