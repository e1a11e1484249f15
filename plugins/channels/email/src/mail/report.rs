//! Reports of mail servers (RFC 3464, and what else is seen): was mail of ours delivered, is it late, or will it never be.

use super::{head::Head, ids, parts::Part};

/// What became of a mail of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It will not be delivered.
    Failed,
    /// Not yet: the server goes on trying.
    Delayed,
    /// It was delivered, or passed on.
    Delivered,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub fate: Fate,
    /// Such as `5.1.1`; empty where none is told.
    pub status: String,
    /// To whom it could not be delivered; empty where it is not told.
    pub recipient: String,
    /// Why, in the server's words.
    pub diagnosis: String,
    /// Message-IDs of the mail that it is about, as far as the report shows them.
    pub originals: Vec<String>,
}

/// Bytes of a report's text that are looked through.
const TEXT_BYTES_MAX: usize = 64 << 10;

/// Reads a report, if the mail is one.
pub fn read(head: &Head, parts: &[Part<'_>], body: &[u8]) -> Option<Report> {
    let content_type = head
        .get("content-type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let machine = parts.iter().find(|part| {
        matches!(
            part.media_type.as_str(),
            "message/delivery-status" | "message/global-delivery-status"
        )
    });
    let is_report = content_type.starts_with("multipart/report")
        && (content_type.contains("delivery-status") || machine.is_some());
    if let Some(machine) = machine {
        return Some(standard(&machine.text(), parts));
    }
    let from = head.get("from").unwrap_or_default().to_ascii_lowercase();
    let is_robot = [
        "mailer-daemon",
        "postmaster",
        "mail delivery subsystem",
        "mail delivery system",
    ]
    .iter()
    .any(|name| from.contains(name));
    let has_no_return = head
        .get("return-path")
        .is_some_and(|path| path.trim() == "<>");
    let failed = head.get("x-failed-recipients");
    if !(is_report || failed.is_some() || (is_robot && (has_no_return || looks_like_one(head)))) {
        return None;
    }
    let text = String::from_utf8_lossy(&body[..body.len().min(TEXT_BYTES_MAX)]).into_owned();
    Some(free(failed, &text, parts))
}

fn looks_like_one(head: &Head) -> bool {
    let subject = super::words::decode(head.get("subject").unwrap_or_default()).to_lowercase();
    [
        "undeliver",
        "delivery",
        "returned mail",
        "failure notice",
        "退信",
        "投递失败",
        "系统退信",
        "non remis",
        "unzustellbar",
    ]
    .iter()
    .any(|word| subject.contains(word))
}

/// From `message/delivery-status`.
fn standard(text: &str, parts: &[Part<'_>]) -> Report {
    let text = text
        .replace("\r\n", "\n")
        .replace("\n\t", " ")
        .replace("\n  ", " ")
        .replace("\n ", " ");
    let field = |group: &str, name: &str| {
        group.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known
                .trim()
                .eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    };
    // A group for each recipient; the worst counts.
    let mut worst: Option<Report> = None;
    for group in text.split("\n\n") {
        let status = field(group, "status").unwrap_or_default();
        let status: String = status
            .chars()
            .take_while(|c| c.is_ascii_digit() || *c == '.')
            .collect();
        let fate = match field(group, "action")
            .unwrap_or_default()
            .to_ascii_lowercase()
            .as_str()
        {
            "failed" => Fate::Failed,
            "delayed" => Fate::Delayed,
            "delivered" | "relayed" | "expanded" => Fate::Delivered,
            _ if status.starts_with('5') => Fate::Failed,
            _ if status.starts_with('4') => Fate::Delayed,
            _ => continue,
        };
        let untyped = |value: String| match value.split_once(';') {
            Some((_, rest)) => rest.trim().to_owned(),
            None => value,
        };
        let report = Report {
            fate,
            recipient: field(group, "final-recipient")
                .or_else(|| field(group, "original-recipient"))
                .map(untyped)
                .and_then(|value| super::address::clean(&value))
                .unwrap_or_default(),
            diagnosis: field(group, "diagnostic-code")
                .map(untyped)
                .unwrap_or_default(),
            status,
            originals: Vec::new(),
        };
        let is_worse = match worst.as_ref().map(|worst| worst.fate) {
            None | Some(Fate::Delivered) => true,
            Some(Fate::Delayed) => fate == Fate::Failed,
            Some(Fate::Failed) => false,
        };
        if is_worse {
            worst = Some(report);
        }
    }
    let mut report = worst.unwrap_or(Report {
        fate: Fate::Delayed,
        status: String::new(),
        recipient: String::new(),
        diagnosis: String::new(),
        originals: Vec::new(),
    });
    report.originals = originals(parts);
    report
}

/// From words for people: qmail, Exim, and servers that follow nobody.
fn free(failed: Option<&str>, text: &str, parts: &[Part<'_>]) -> Report {
    let status = text
        .split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .find(|word| is_status(word))
        .unwrap_or_default()
        .to_owned();
    let lower = text.to_lowercase();
    let is_late = [
        "will keep trying",
        "still trying",
        "has been delayed",
        "warning message only",
        "尚未投递",
        "will be retried",
    ]
    .iter()
    .any(|words| lower.contains(words));
    let is_dead = failed.is_some()
        || [
            "permanent",
            "user unknown",
            "no such user",
            "does not exist",
            "could not be delivered",
            "couldn't be delivered",
            "undeliverable",
            "无法投递",
            "退信",
            "i've given up",
            "failed after",
            "mailbox unavailable",
        ]
        .iter()
        .any(|words| lower.contains(words));
    let fate = match status.as_bytes().first() {
        Some(b'5') => Fate::Failed,
        Some(b'4') => Fate::Delayed,
        _ if is_late => Fate::Delayed,
        _ if is_dead => Fate::Failed,
        // In doubt nobody's address is marked.
        _ => Fate::Delayed,
    };
    let recipient = failed
        .and_then(super::address::first)
        .map(|one| one.address)
        .or_else(|| {
            text.lines()
                .take(60)
                .filter(|line| line.trim_start().starts_with('<'))
                .find_map(|line| {
                    line.split(['<', '>'])
                        .nth(1)
                        .and_then(super::address::clean)
                })
        })
        .unwrap_or_default();
    let diagnosis = text
        .lines()
        .map(str::trim)
        .find(|line| !status.is_empty() && line.contains(&status))
        .unwrap_or_default();
    let mut originals = originals(parts);
    // Some copy the mail below their words, headers and all.
    originals.extend(
        text.lines()
            .filter_map(|line| line.split_once(':'))
            .filter(|(name, _)| name.trim().eq_ignore_ascii_case("message-id"))
            .flat_map(|(_, value)| ids(value))
            .take(5),
    );
    Report {
        fate,
        status,
        recipient,
        diagnosis: diagnosis.chars().take(500).collect(),
        originals,
    }
}

fn is_status(word: &str) -> bool {
    let parts: Vec<_> = word.trim_end_matches('.').split('.').collect();
    parts.len() == 3
        && matches!(parts[0], "2" | "4" | "5")
        && parts[1..].iter().all(|part| (1..=3).contains(&part.len()))
}

fn originals(parts: &[Part<'_>]) -> Vec<String> {
    parts
        .iter()
        .filter(|part| {
            part.is_mail()
                || matches!(
                    part.media_type.as_str(),
                    "text/rfc822-headers" | "message/rfc822-headers" | "message/global-headers"
                )
        })
        .flat_map(|part| {
            Head::read(&part.bytes())
                .all("message-id")
                .flat_map(ids)
                .collect::<Vec<_>>()
        })
        .take(5)
        .collect()
}
