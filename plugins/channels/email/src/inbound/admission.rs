//! Why a mail must not become a ticket by itself: the codes of the suspended queue. The raw mail is kept with it, and people recover it.

use super::{Case, Fate};
use crate::{authentic::Claim, rates::Counted, records};
use guichet_sdk::{Error, customers_read, intake, log, text_field};

/// Stands for a sender that cannot be read.
pub(crate) const UNKNOWN_SENDER: &str = "unknown@invalid";

/// Letters of a body by which mails are the same.
const BODY_CHARACTERS: usize = 2_000;

impl Case<'_> {
    /// What is wrong with a mail, answer or not.
    pub(super) fn suspicion(&self) -> Result<Option<&'static str>, Error> {
        let address = &self.sender.address;
        if address.is_empty() {
            return Ok(Some("processing_failed"));
        }
        if self.settings.is_blocked(address) {
            return Ok(Some("blocklist"));
        }
        if self.claim == Claim::Refuted {
            return Ok(Some("auth_failed"));
        }
        if self.is_called_spam() {
            return Ok(Some("spam"));
        }
        let rates = &self.settings.rates;
        if self.sends_too_often()? {
            return Ok(Some("sender_suspended"));
        }
        let body: String = self
            .mail
            .text
            .split_whitespace()
            .flat_map(str::chars)
            .take(BODY_CHARACTERS)
            .collect();
        if !body.is_empty() {
            let same = Counted::new("body", &format!("{}\0{body}", self.arrival.address));
            if records::count(&same, self.window)? >= rates.mails_per_body {
                return Ok(Some("email_loop"));
            }
        }
        Ok(None)
    }

    /// What is wrong with a report. Servers send them without an address, and their domains vouch for nothing: what is not asked here is asked of what a
    /// report is believed.
    pub(super) fn suspicion_of_report(&self) -> Result<Option<&'static str>, Error> {
        if self.settings.is_blocked(&self.sender.address) {
            return Ok(Some("blocklist"));
        }
        Ok(self.sends_too_often()?.then_some("sender_suspended"))
    }

    fn sends_too_often(&self) -> Result<bool, Error> {
        let counted = Counted::new("mails-of", &self.sender.address);
        Ok(records::count(&counted, self.window)? >= self.settings.rates.mails_per_sender)
    }

    /// What is wrong with a mail that answers nothing.
    pub(super) fn suspicion_of_new(&self) -> Result<Option<&'static str>, Error> {
        if self.automatic.hide {
            return Ok(Some("out_of_office"));
        }
        let address = &self.sender.address;
        let local = address.split('@').next().unwrap_or_default();
        if matches!(local, "mailer-daemon" | "postmaster" | "mailerdaemon") {
            return Ok(Some("automated"));
        }
        if self.settings.is_ours(address) || *address == self.arrival.address {
            return Ok(Some("email_loop"));
        }
        let people = self.mail.to.len() + self.mail.cc.len();
        if people as u64 > self.settings.copied_people_max {
            return Ok(Some("cc_limit"));
        }
        if self.settings.unknown_senders_wait
            && customers_read::find(&format!("mailto:{address}"))?.is_none()
        {
            return Ok(Some("unknown_sender"));
        }
        Ok(None)
    }

    /// A filter on the way said so. Nobody lies to his own harm.
    fn is_called_spam(&self) -> bool {
        let says = |name: &str| {
            self.mail
                .head
                .get(name)
                .is_some_and(|value| value.trim().to_ascii_lowercase().starts_with("yes"))
        };
        says("x-spam-flag") || says("x-spam-status") || says("x-spam")
    }

    /// Lays what the desk would not take into the queue. It would not take it the next time either: sent again and again, the mail would be lost in the end.
    pub(super) fn suspend_refused(&self, error: Error) -> Result<Fate, Error> {
        if !is_refusal(&error) {
            return Err(error);
        }
        log::write(
            "warn",
            &format!("the mail rests, as it was refused: {error}"),
        );
        self.suspend("processing_failed")
    }

    /// Lays it into the queue.
    pub(super) fn suspend(&self, reason: &'static str) -> Result<Fate, Error> {
        let mut message = self.draft()?;
        message.fields.push(text_field("channel", "email"));
        let address = match self.sender.address.as_str() {
            "" => UNKNOWN_SENDER,
            address => address,
        };
        let sender = format!("mailto:{address}");
        let id = intake::quarantine(
            &self.source.file()?,
            &sender,
            &self.mail.subject,
            reason,
            &message,
        )?;
        // Recovered it keeps its id: it is answered from the mailbox to which it came, in its thread, and by no machine if a machine wrote it.
        records::put_conversation(&id, &self.begun(self.sender.address.clone()))?;
        Ok(Fate::Suspended(id, reason))
    }
}

/// Whether the same will be answered the next time. What somebody else changed meanwhile and what is not at hand now may be otherwise then.
fn is_refusal(error: &Error) -> bool {
    matches!(
        error,
        Error::Invalid(_) | Error::Limit(_) | Error::Denied(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_for_good_rests_and_what_may_be_otherwise_later_is_sent_again() {
        let why = || "why".to_owned();
        for refused in [
            Error::Invalid(why()),
            Error::Limit(why()),
            Error::Denied(why()),
        ] {
            assert!(is_refusal(&refused), "{refused}");
        }
        for later in [
            Error::Unavailable(why()),
            Error::Conflict(why()),
            Error::NotFound(why()),
        ] {
            assert!(!is_refusal(&later), "{later}");
        }
    }
}
