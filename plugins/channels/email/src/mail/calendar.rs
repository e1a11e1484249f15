//! Invitations (iCalendar, RFC 5545): what, when, where and by whom, as a few lines of text. The file is kept beside.

use super::clean_line;

/// The first event of a calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// `REQUEST`, `CANCEL`, `REPLY`, …
    pub method: String,
    pub summary: String,
    pub starts: String,
    pub ends: String,
    pub location: String,
    pub organizer: String,
}

/// Reads the first event, if there is one.
pub fn read(text: &str) -> Option<Event> {
    let unfolded = text
        .replace("\r\n", "\n")
        .replace("\n ", "")
        .replace("\n\t", "");
    let mut event = Event::default();
    let mut is_inside = false;
    for line in unfolded.lines().take(2_000) {
        let Some((name, value)) = split(line) else {
            continue;
        };
        let (name, parameters) = name.split_once(';').unwrap_or((name, ""));
        match (name.to_ascii_uppercase().as_str(), is_inside) {
            ("METHOD", false) => event.method = clean_line(value).to_ascii_uppercase(),
            ("BEGIN", _) if value.eq_ignore_ascii_case("VEVENT") => is_inside = true,
            ("END", true) if value.eq_ignore_ascii_case("VEVENT") => return Some(event),
            ("SUMMARY", true) => event.summary = unescaped(value),
            ("LOCATION", true) => event.location = unescaped(value),
            ("DTSTART", true) => event.starts = moment(value, parameters),
            ("DTEND", true) => event.ends = moment(value, parameters),
            ("ORGANIZER", true) => {
                event.organizer = clean_line(value)
                    .trim_start_matches("mailto:")
                    .trim_start_matches("MAILTO:")
                    .to_owned()
            }
            _ => {}
        }
    }
    None
}

/// At the first colon outside quotes.
fn split(line: &str) -> Option<(&str, &str)> {
    let mut in_quotes = false;
    let at = line.find(|c| {
        in_quotes ^= c == '"';
        c == ':' && !in_quotes
    })?;
    Some((&line[..at], &line[at + 1..]))
}

fn unescaped(value: &str) -> String {
    clean_line(
        &value
            .replace("\\n", " ")
            .replace("\\N", " ")
            .replace("\\,", ",")
            .replace("\\;", ";")
            .replace("\\\\", "\\"),
    )
}

/// `20261123T093000Z` as `2026-11-23 09:30 UTC`, with the zone that is named.
fn moment(value: &str, parameters: &str) -> String {
    let value = clean_line(value);
    let digit = |range: std::ops::Range<usize>| {
        value
            .get(range)
            .filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let (Some(year), Some(month), Some(day)) = (digit(0..4), digit(4..6), digit(6..8)) else {
        return value.chars().take(40).collect();
    };
    let date = format!("{year}-{month}-{day}");
    let (Some(hour), Some(minute)) = (digit(9..11), digit(11..13)) else {
        return date;
    };
    let zone = parameters
        .split(';')
        .find_map(|one| one.strip_prefix("TZID="))
        .unwrap_or_default()
        .trim_matches('"');
    let zone = if value.ends_with('Z') { "UTC" } else { zone };
    clean_line(&format!("{date} {hour}:{minute} {zone}"))
}

impl Event {
    /// A few lines for people.
    pub fn text(&self) -> String {
        let what = match self.method.as_str() {
            "CANCEL" => "Cancelled",
            "REPLY" => "Answer to an invitation",
            _ => "Invitation",
        };
        let mut text = format!("{what}: {}", self.summary);
        match (self.starts.as_str(), self.ends.as_str()) {
            ("", _) => {}
            (starts, "") => text.push_str(&format!("\nWhen: {starts}")),
            (starts, ends) => text.push_str(&format!("\nWhen: {starts} – {ends}")),
        }
        for (title, value) in [("Where", &self.location), ("Organizer", &self.organizer)] {
            if !value.is_empty() {
                text.push_str(&format!("\n{title}: {value}"));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_is_read() {
        let event = read("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY;LANGUAGE=en:Review\\, with\r\n  coffee\r\nDTSTART;TZID=\"Asia/Shanghai\":20261123T093000\r\nDTEND:20261123T020000Z\r\nLOCATION:Room 1\r\nORGANIZER;CN=\"A: B\":mailto:ana@t.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n").unwrap();
        assert_eq!(
            event.text(),
            "Invitation: Review, with coffee\nWhen: 2026-11-23 09:30 Asia/Shanghai – 2026-11-23 02:00 UTC\nWhere: Room 1\nOrganizer: ana@t.example"
        );
        assert_eq!(moment("20261123", ""), "2026-11-23");
        for text in [
            "",
            "BEGIN:VEVENT",
            "x",
            "BEGIN:VEVENT\nDTSTART:é\nEND:VEVENT",
        ] {
            drop(read(text));
        }
    }
}
