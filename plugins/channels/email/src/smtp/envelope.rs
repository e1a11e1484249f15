//! From whom and to whom. What the server cannot take, as far as it says so itself, is not sent to it.

use super::{
    Mail, data,
    extensions::Extensions,
    outcome::{Lasting, Outcome, Reason, Refused},
    reply::Reply,
    session::{Session, expect},
};
use crate::{
    limits::{ADDRESS_BYTES_MAX, RECIPIENTS_MAX},
    wire::Wire,
};

impl<W: Wire> Session<W> {
    /// Says from whom and to whom. At least one gets it; those who do not are returned. While the first is refused only for now, nobody gets it:
    /// the others would get it again with him.
    pub(super) fn announce(
        &mut self,
        mail: &Mail<'_>,
        extensions: &Extensions,
    ) -> Result<Vec<Refused>, Outcome> {
        let line = sender_line(mail, extensions).map_err(Outcome::Permanent)?;
        expect(self.command(&line)?, 250)?;
        let mut refused = Vec::new();
        let mut accepted = 0;
        for address in mail.recipients {
            let refusal = match address_problem(address, extensions) {
                Some(text) => Some((Lasting::Permanent, Reason::own(text))),
                None => refusal(&self.command(&format!("RCPT TO:<{address}>"))?, accepted)?,
            };
            match refusal {
                None => accepted += 1,
                Some((lasting, reason)) => refused.push(Refused {
                    address: address.clone(),
                    lasting,
                    reason,
                }),
            }
        }
        let first = refused.first();
        let is_for_later = first.is_some_and(|one| {
            one.lasting == Lasting::Temporary && mail.recipients.first() == Some(&one.address)
        });
        if accepted == 0 || is_for_later {
            return Err(nobody(&refused));
        }
        Ok(refused)
    }
}

/// `MAIL FROM` with what the server wants to know, or why there is no use in it.
fn sender_line(mail: &Mail<'_>, extensions: &Extensions) -> Result<String, Reason> {
    if mail.recipients.len() > RECIPIENTS_MAX {
        let text = format!("a mail goes to at most {RECIPIENTS_MAX} people at once");
        return Err(Reason::own(text));
    }
    if !mail.sender.is_empty()
        && let Some(text) = address_problem(mail.sender, extensions)
    {
        return Err(Reason::own(text));
    }
    let mut line = format!("MAIL FROM:<{}>", mail.sender);
    let bytes = data::bytes(mail.content);
    if let Some(most) = extensions.bytes_max.filter(|most| bytes > *most) {
        let text = format!("the mail has {bytes} bytes, and the server takes at most {most}");
        return Err(Reason::own(text));
    }
    if extensions.size {
        line.push_str(&format!(" SIZE={bytes}"));
    }
    let all = mail.recipients.iter().map(String::as_str);
    let needs_utf8 = !all.chain([mail.sender]).all(str::is_ascii);
    if !mail.content.is_ascii() {
        if !extensions.eight_bit {
            let text = "the mail has bytes of eight bits, and the server takes only seven";
            return Err(Reason::own(text));
        }
        line.push_str(" BODY=8BITMIME");
    }
    if needs_utf8 && extensions.utf8_addresses {
        line.push_str(" SMTPUTF8");
    }
    Ok(line)
}

/// Why the server cannot be told this address.
fn address_problem(address: &str, extensions: &Extensions) -> Option<&'static str> {
    let is_plain = |c: char| !c.is_control() && !c.is_whitespace() && c != '<' && c != '>';
    if address.is_empty() || address.len() > ADDRESS_BYTES_MAX || !address.chars().all(is_plain) {
        return Some("this is no address");
    }
    (!address.is_ascii() && !extensions.utf8_addresses)
        .then_some("the server takes only addresses of ASCII characters")
}

/// Why somebody does not get it, if he does not.
fn refusal(reply: &Reply, accepted: usize) -> Result<Option<(Lasting, Reason)>, Outcome> {
    let lasting = match reply.code() {
        250..=259 => return Ok(None),
        // This says nothing of who was named: it closes, or wants something else first.
        421 | 530 => return Err(Outcome::of(reply)),
        400..=499 => Lasting::Temporary,
        // "Too many" from servers of an older standard (RFC 5321, 4.5.3.1.10).
        552 if accepted > 0 => Lasting::Temporary,
        500..=599 => Lasting::Permanent,
        _ => return Err(Outcome::of(reply)),
    };
    Ok(Some((lasting, reply.reason())))
}

/// What it comes to if nobody gets it: there is hope while there is some for one of them.
fn nobody(refused: &[Refused]) -> Outcome {
    let hope = |one: &&Refused| one.lasting == Lasting::Temporary;
    if let Some(one) = refused.iter().find(hope) {
        return Outcome::Temporary(one.reason.clone());
    }
    let reason = refused.first().map_or_else(
        || Reason::own("the mail goes to nobody"),
        |one| one.reason.clone(),
    );
    Outcome::Permanent(reason)
}
