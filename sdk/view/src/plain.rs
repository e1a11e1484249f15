//! Plain questions about texts from outside.

use crate::limits::NAME_BYTES_MAX;

/// Whether nobody would see anything of it: blanks, control characters, marks of direction.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|one| {
        one.is_whitespace()
            || one.is_control()
            || matches!(one, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    })
}

/// A whole address on another server, over TLS, without a name or password in it.
pub(crate) fn is_link(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_shown = |one: char| {
        one > ' ' && one != '\u{7f}' && one != '\\' && !is_blank(one.encode_utf8(&mut [0; 4]))
    };
    !authority.is_empty() && !authority.contains('@') && text.chars().all(is_shown)
}

/// An id, as the host writes it: `0198c0de-…`.
pub(crate) fn is_id(text: &str) -> bool {
    let is_dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    text.len() == 36
        && text.bytes().enumerate().all(|(at, one)| {
            if is_dash(at) {
                one == b'-'
            } else {
                one.is_ascii_hexdigit()
            }
        })
}

/// Whether it is a name, as those of manifests and what leads to what has one there: 1 to [`NAME_BYTES_MAX`] small letters, digits and dashes.
#[must_use]
pub fn is_name(text: &str) -> bool {
    (1..=NAME_BYTES_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == b'-')
}

/// An instant by RFC 3339. Its parts are within what they may be; whether a month has that day is the calendar's business.
pub(crate) fn is_instant(text: &str) -> bool {
    let fits = |part: &str, pattern: &str| {
        part.len() == pattern.len()
            && part
                .bytes()
                .zip(pattern.bytes())
                .all(|(one, wanted)| match wanted {
                    b'0' => one.is_ascii_digit(),
                    _ => one == wanted,
                })
    };
    let Some((day, time)) = text.split_once('T') else {
        return false;
    };
    let (clock, zone) = match time.strip_suffix('Z') {
        Some(clock) => (clock, None),
        None => match time.rfind(['+', '-']) {
            Some(at) => (&time[..at], Some(&time[at + 1..])),
            None => return false,
        },
    };
    let (seconds, part) = clock.split_once('.').unwrap_or((clock, "0"));
    let number =
        |from: &str, at: usize| from.get(at..at + 2).and_then(|two| two.parse::<u8>().ok());
    let within = |from: &str, at: usize, least: u8, most: u8| {
        number(from, at).is_some_and(|one| (least..=most).contains(&one))
    };
    fits(day, "0000-00-00")
        && fits(seconds, "00:00:00")
        && (1..=9).contains(&part.len())
        && part.bytes().all(|one| one.is_ascii_digit())
        && zone.is_none_or(|zone| {
            fits(zone, "00:00") && within(zone, 0, 0, 23) && within(zone, 3, 0, 59)
        })
        && within(day, 5, 1, 12)
        && within(day, 8, 1, 31)
        && within(seconds, 0, 0, 23)
        && within(seconds, 3, 0, 59)
        && within(seconds, 6, 0, 59)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_a_server_over_tls_and_nowhere_else() {
        assert!(is_link("https://carrier.example/track?no=7#here"));
        assert!(is_link("https://包裹.example/查询"));
        for other in [
            "",
            "https://",
            "https:///etc/passwd",
            "http://carrier.example/",
            "//carrier.example/",
            "/tickets/7",
            "javascript:alert(1)",
            "JAVASCRIPT:alert(1)",
            "data:text/html,x",
            "https://bank.example@evil.example/",
            "https://evil.example\\@bank.example/",
            "https://evil.example/\nx",
            "https://evil.example/\u{202e}moc",
            " https://evil.example/",
        ] {
            assert!(!is_link(other), "{other:?}");
        }
    }

    #[test]
    fn an_instant_says_day_time_and_zone() {
        for good in [
            "2026-03-01T09:30:00Z",
            "2026-03-01T09:30:00.123456+08:00",
            "2026-12-31T23:59:59-11:30",
        ] {
            assert!(is_instant(good), "{good}");
        }
        for other in [
            "",
            "2026-03-01",
            "2026-03-01 09:30:00Z",
            "2026-03-01T09:30:00",
            "2026-13-01T09:30:00Z",
            "2026-03-32T09:30:00Z",
            "2026-03-01T24:30:00Z",
            "2026-03-01T09:30:00.Z",
            "2026-03-01T09:30:00+24:00",
            "+275760-09-13T00:00:00Z",
            "２０２６-03-01T09:30:00Z",
        ] {
            assert!(!is_instant(other), "{other:?}");
        }
    }

    #[test]
    fn what_nobody_sees_is_blank() {
        assert!(is_blank(""));
        assert!(is_blank(" \u{202e}\u{200b}\n\u{feff}"));
        assert!(!is_blank("\u{202e}x"));
    }

    #[test]
    fn names_and_ids_are_what_the_host_writes() {
        assert!(is_name("move-card2") && is_name("2fa") && is_name(&"a".repeat(NAME_BYTES_MAX)));
        assert!(!is_name("") && !is_name("Move") && !is_name("move/x") && !is_name("zwei-\u{fc}"));
        assert!(!is_name(&"a".repeat(NAME_BYTES_MAX + 1)));
        assert!(is_id("0198c0de-0000-7000-8000-00000000002a"));
        assert!(
            !is_id("0198c0de00007000800000000000002a")
                && !is_id("../../../../../../../../etc/passwd-x")
        );
    }
}
