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
        let plain = without_comments(value).to_ascii_lowercase();
        let mut parts = plain.split(';');
        let server = parts
            .next()
            .and_then(|server| server.split_whitespace().next())
            .unwrap_or_default();
        if !trusted
            .iter()
            .any(|known| known.trim().eq_ignore_ascii_case(server))
        {
            continue;
        }
        for result in parts {
            let mut words = result.split_whitespace();
            let Some(verdict) = words.next().and_then(|word| word.strip_prefix("dmarc=")) else {
                continue;
            };
            // It vouches for one domain, and no other.
            let named = words
                .find_map(|word| word.strip_prefix("header.from="))
                .map(|named| named.trim_matches('"'));
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

fn without_comments(text: &str) -> String {
    let mut depth = 0_u32;
    text.chars()
        .filter(|c| {
            match c {
                '(' => depth += 1,
                ')' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
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
}
