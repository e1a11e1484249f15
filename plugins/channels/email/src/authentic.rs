//! What a mail server of ours says of a sender's claim (Authentication-Results, RFC 8601). Only servers that the settings trust are heard: anybody can
//! write the header, and the border server takes away those in its own name.

use crate::mail::head::Head;

/// Whether the domain of From vouches for the mail (DMARC).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    Proven,
    Refuted,
    /// Nobody whom we trust says anything.
    Unknown,
}

/// What trusted servers say of the domain of the sender.
pub fn claim(head: &Head, from: &str, trusted: &[String]) -> Claim {
    let domain = from.rsplit_once('@').map_or("", |(_, domain)| domain);
    for value in head.all("authentication-results") {
        let mut parts = parts(value).into_iter();
        let server = parts.next().and_then(|words| words.into_iter().next());
        let server = server.unwrap_or_default();
        if !trusted
            .iter()
            .any(|known| known.trim().eq_ignore_ascii_case(&server))
        {
            continue;
        }
        for words in parts {
            let mut words = words.iter();
            let Some(verdict) = words.next().and_then(|word| word.strip_prefix("dmarc=")) else {
                continue;
            };
            // It vouches for one domain, and no other.
            let named = words.find_map(|word| word.strip_prefix("header.from="));
            let is_for_sender = named.is_none_or(|named| {
                named == domain
                    || named
                        .rsplit_once('@')
                        .is_some_and(|(_, named)| named == domain)
                    || domain.ends_with(&format!(".{named}"))
            });
            match verdict {
                "pass" if is_for_sender => return Claim::Proven,
                "fail" => return Claim::Refuted,
                _ => return Claim::Unknown,
            }
        }
        // The topmost of a trusted server counts.
        return Claim::Unknown;
    }
    Claim::Unknown
}

/// The words of a header's value, in small letters, between its semicolons. What stands in quotes is part of one word, whatever it is: a sender may have
/// written it. Comments are left out.
fn parts(value: &str) -> Vec<Vec<String>> {
    let mut parts = vec![Vec::new()];
    let mut word = String::new();
    let (mut comment_depth, mut in_quotes) = (0_u32, false);
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        let ends_word = match c {
            '\\' if in_quotes || comment_depth > 0 => {
                let escaped = chars.next();
                word.extend(escaped.filter(|_| comment_depth == 0));
                false
            }
            '"' if comment_depth == 0 => {
                // A word that is nothing but a quotation is none of the names that are looked for.
                if word.is_empty() {
                    word.push('"');
                }
                in_quotes = !in_quotes;
                false
            }
            c if in_quotes => {
                word.push(c);
                false
            }
            '(' => {
                comment_depth += 1;
                true
            }
            ')' => {
                comment_depth = comment_depth.saturating_sub(1);
                true
            }
            _ if comment_depth > 0 => false,
            c if c == ';' || c.is_whitespace() => true,
            c => {
                word.push(c);
                false
            }
        };
        if ends_word {
            put(&mut parts, &mut word);
        }
        if c == ';' && ends_word {
            parts.push(Vec::new());
        }
    }
    put(&mut parts, &mut word);
    parts
}

fn put(parts: &mut [Vec<String>], word: &mut String) {
    let word = std::mem::take(word).to_lowercase();
    if let Some(part) = parts.last_mut().filter(|_| !word.is_empty()) {
        part.push(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Claim {
        let headers: Vec<_> = values
            .iter()
            .map(|value| ("Authentication-Results", *value))
            .collect();
        claim(
            &Head::of(&headers),
            "bo@desk.example",
            &["mx.desk.example".to_owned()],
        )
    }

    #[test]
    fn only_a_trusted_server_is_heard_and_only_on_the_sender_s_domain() {
        assert_eq!(
            of(&["mx.desk.example; spf=pass; dmarc=pass (p=reject) header.from=desk.example"]),
            Claim::Proven
        );
        assert_eq!(of(&["MX.desk.example 1; dmarc=pass"]), Claim::Proven);
        assert_eq!(
            of(&["mx.evil.example; dmarc=pass header.from=desk.example"]),
            Claim::Unknown
        );
        assert_eq!(
            of(&["mx.desk.example; dmarc=pass header.from=evil.example"]),
            Claim::Unknown
        );
        assert_eq!(
            of(&["mx.desk.example; dmarc=fail header.from=desk.example"]),
            Claim::Refuted
        );
        assert_eq!(
            of(&["mx.desk.example (dmarc=pass); dmarc=none"]),
            Claim::Unknown
        );
        // The one at the top was written last, by the border.
        assert_eq!(
            of(&["mx.desk.example; dmarc=fail", "mx.desk.example; dmarc=pass"]),
            Claim::Refuted
        );
        assert_eq!(of(&[]), Claim::Unknown);
        assert_eq!(of(&["", ";", "mx.desk.example"]), Claim::Unknown);
    }

    #[test]
    fn what_stands_in_quotes_or_comments_is_no_verdict() {
        for (value, claim) in [
            (
                r#"mx.desk.example; spf=fail smtp.mailfrom="a; dmarc=pass header.from=desk.example"; dmarc=fail"#,
                Claim::Refuted,
            ),
            (
                r#"mx.desk.example; spf=fail smtp.mailfrom="\"; dmarc=pass"@e.example; dmarc=fail"#,
                Claim::Refuted,
            ),
            (
                r#"mx.desk.example; spf=fail reason="("; dmarc=fail (")") header.from=desk.example"#,
                Claim::Refuted,
            ),
            (
                r#"mx.desk.example; dmarc=pass reason="x header.from=desk.example" header.from=evil.example"#,
                Claim::Unknown,
            ),
            (
                r#"mx.desk.example; dmarc=pass "header.from=desk.example" header.from=evil.example"#,
                Claim::Unknown,
            ),
            (
                r#"mx.desk.example; "dmarc=pass" header.from=desk.example"#,
                Claim::Unknown,
            ),
            (
                r"mx.desk.example; spf=none (a\) ; dmarc=pass); dmarc=fail",
                Claim::Refuted,
            ),
            (
                "mx.desk.example; spf=none (a ; (dmarc=pass) ; dmarc=pass); dmarc=none",
                Claim::Unknown,
            ),
            (
                r#"mx.desk.example; dmarc=pass(p=reject) header.from="desk.example""#,
                Claim::Proven,
            ),
            (
                r#"mx.desk.example; spf=none x="; dmarc=pass"#,
                Claim::Unknown,
            ),
            ("mx.desk.example; spf=none (x; dmarc=pass", Claim::Unknown),
        ] {
            assert_eq!(of(&[value]), claim, "{value}");
        }
    }
}
