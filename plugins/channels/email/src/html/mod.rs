//! HTML of mails: nobody's friend. Read into tokens by rules of our own, then either into text, or well nested and bounded into the cleaner.

/// Tags and text between them.
mod tokens;

/// HTML as people would read it in a letter.
pub mod text;

/// HTML that can do no harm.
pub mod clean;

/// Text inside HTML.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}
