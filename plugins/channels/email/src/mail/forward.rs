//! Mail that somebody passed on: who wrote it first. Attached, or below a line that each mail program writes in its own way and language.

use super::{
    Mail,
    address::{self, Address},
    head::Head,
};

/// Subjects of what was passed on, in small letters.
const PREFIXES: &[&str] = &[
    "fwd:",
    "fw:",
    "转发:",
    "转发：",
    "轉寄:",
    "轉寄：",
    "転送:",
    "転送：",
    "wg:",
    "tr:",
    "rv:",
    "enc:",
    "vs:",
    "i:",
    "fwd：",
    "fw：",
];

/// What stands before a sender, in small letters, without its colon.
const FROM: &[&str] = &[
    "from",
    "发件人",
    "寄件者",
    "寄件人",
    "差出人",
    "von",
    "de",
    "da",
    "보낸 사람",
    "от",
];

/// What stands in the lines below.
const BESIDE: &[&str] = &[
    "sent",
    "date",
    "to",
    "subject",
    "发送时间",
    "发送日期",
    "时间",
    "日期",
    "收件人",
    "主题",
    "抄送",
    "傳送時間",
    "收件者",
    "主旨",
    "送信日時",
    "宛先",
    "件名",
    "gesendet",
    "datum",
    "an",
    "betreff",
    "envoyé",
    "objet",
    "à",
    "enviado",
    "para",
    "asunto",
    "assunto",
    "data",
    "oggetto",
    "cc",
];

/// Lines below a sender that are looked at.
const LINES_BESIDE: usize = 8;

/// Who wrote first what this mail passes on; nothing where it passes nothing on.
pub fn original(mail: &Mail<'_>) -> Option<Address> {
    let subject = mail.subject.to_lowercase();
    if !PREFIXES.iter().any(|prefix| subject.starts_with(prefix)) {
        return None;
    }
    let attached = mail
        .files
        .iter()
        .find(|file| file.is_mail())
        .and_then(|file| {
            Head::read(&file.bytes())
                .get("from")
                .and_then(address::first)
        });
    attached.or_else(|| inline(&mail.text))
}

fn inline(text: &str) -> Option<Address> {
    let lines: Vec<_> = text.lines().take(400).map(plain).collect();
    lines.iter().enumerate().find_map(|(at, line)| {
        let value = labelled(line, FROM)?;
        let has_others = lines[at + 1..]
            .iter()
            .take(LINES_BESIDE)
            .any(|line| labelled(line, BESIDE).is_some());
        // Some programs write the value on the next line.
        let value = if value.is_empty() {
            lines.get(at + 1)?.as_str()
        } else {
            value
        };
        has_others.then(|| sender(value)).flatten()
    })
}

/// Without quote marks, stars of bold text, and blanks.
fn plain(line: &str) -> String {
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '>' | '*' | '|'))
        .replace('*', "")
}

fn labelled<'a>(line: &'a str, labels: &[&str]) -> Option<&'a str> {
    let at = line.find([':', '：'])?;
    let label = line[..at].trim().to_lowercase().replace(' ', "");
    let value = line[at..].trim_start_matches([':', '：']).trim();
    labels
        .iter()
        .any(|known| known.replace(' ', "") == label)
        .then_some(value)
}

fn sender(value: &str) -> Option<Address> {
    // `Ana [mailto:ana@trade.example]`, and what a converter made of a link.
    let value = value
        .replace("[mailto:", "<")
        .replace("<mailto:", "<")
        .replace(']', ">")
        .replace('；', ";")
        .replace('＜', "<")
        .replace('＞', ">");
    address::first(&value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(subject: &str, text: &str) -> Option<(String, String)> {
        let raw = format!(
            "From: bo@desk.example\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}"
        );
        original(&super::super::read(raw.as_bytes())).map(|one| (one.name, one.address))
    }

    #[test]
    fn the_first_sender_is_found_whatever_program_passed_the_mail_on() {
        let ana = Some(("Ana Torres".to_owned(), "ana@trade.example".to_owned()));
        for (subject, text) in [
            (
                "Fwd: VPN",
                "see below\n\n---------- Forwarded message ---------\nFrom: Ana Torres <ana@trade.example>\nDate: Mon, 23 Nov 2026\nSubject: VPN\nTo: <bo@desk.example>\n",
            ),
            (
                "FW: VPN",
                "________________________________\nFrom: Ana Torres <ana@trade.example>\nSent: Monday\nTo: Bo\nSubject: VPN\n",
            ),
            (
                "Fw: VPN",
                "*From:* Ana Torres [mailto:ana@trade.example]\n*Sent:* Monday\n",
            ),
            (
                "转发：VPN",
                "------------------ 原始邮件 ------------------\n发件人: \"Ana Torres\" <ana@trade.example>;\n发送时间: 2026年11月23日\n收件人: \"bo\"<bo@desk.example>;\n主题: VPN\n",
            ),
            (
                "转发: VPN",
                "发件人： Ana Torres <ana@trade.example>\n发送时间： 2026-11-23\n",
            ),
            (
                "Fwd: VPN",
                "> Begin forwarded message:\n>\n> From: Ana Torres <ana@trade.example>\n> Subject: VPN\n> Date: x\n",
            ),
            (
                "WG: VPN",
                "Von: Ana Torres <ana@trade.example>\nGesendet: Montag\nAn: Bo\nBetreff: VPN\n",
            ),
        ] {
            assert_eq!(of(subject, text), ana, "{subject}: {text}");
        }
    }

    #[test]
    fn an_answer_that_quotes_headers_passes_nothing_on() {
        assert_eq!(
            of("Re: VPN", "From: Ana <ana@trade.example>\nSent: Monday\n"),
            None
        );
        assert_eq!(of("Fwd: VPN", "From: here to there\n"), None);
        assert_eq!(
            of(
                "Fwd: VPN",
                "From: Ana <ana@trade.example>\nnothing of a header below\n"
            ),
            None
        );
    }

    #[test]
    fn a_mail_attached_to_a_mail_names_its_sender() {
        let raw = b"From: bo@desk.example\r\nSubject: Fwd: VPN\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: Ana <ana@trade.example>\r\nSubject: VPN\r\n\r\nhelp\r\n--b--\r\n";
        assert_eq!(
            original(&super::super::read(raw)).unwrap().address,
            "ana@trade.example"
        );
    }
}
