//! What a mail server reports of mail that it was given. What will never arrive is noted on the ticket, and the address is marked; what is late is
//! noted; neither reopens anything, and nobody is answered.
//!
//! Anybody can write a report. It is believed only where it shows a mark that we made for that ticket, and then of nobody but those who take part in it.

use super::{
    Case, Fate,
    sender::{UNDELIVERABLE, takes_part},
};
use crate::{
    authentic::Claim,
    mail::report::{Fate as Delivered, Report},
    matching,
};
use guichet_sdk::{
    Error, Field, Value, boolean_field, customers_read, customers_write, intake, log, text_field,
    tickets_read, tickets_write,
};

/// How a report was led to its ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// By a mark of ours that it shows.
    Mark,
    /// By what it answers, or by marks that a server refutes.
    Hearsay,
}

impl Case<'_> {
    pub(super) fn bounce(&self, report: &Report) -> Result<Fate, Error> {
        if let Some(reason) = self.suspicion_of_report()? {
            return self.suspend(reason);
        }
        let own = report
            .originals
            .iter()
            .find_map(|id| self.keys.read_message_id(id));
        let named = match matching::bounced_number(self.mail, self.keys) {
            Some(number) => self.numbered(number)?,
            None => None,
        };
        let (ticket, message, lead) = match (own, named) {
            (Some((ticket, message)), _) => (Some(ticket), Some(message), Lead::Mark),
            (None, Some(ticket)) => (Some(ticket), None, Lead::Mark),
            (None, None) => (
                self.thread()?.map(|(ticket, _)| ticket),
                None,
                Lead::Hearsay,
            ),
        };
        let lead = match self.claim {
            Claim::Refuted => Lead::Hearsay,
            Claim::Proven | Claim::Unknown => lead,
        };
        let Some(ticket) = ticket else {
            return self.suspend("automated");
        };
        let found = match tickets_read::get(&ticket) {
            Ok(found) => found,
            Err(Error::NotFound(_)) => return self.suspend("automated"),
            Err(error) => return Err(error),
        };
        let mut note = self.draft()?;
        note.visibility = "internal".to_owned();
        note.text = text(report);
        note.html = None;
        for name in ["automatic", "hide"] {
            note.fields.retain(|field| field.name != name);
            note.fields.push(boolean_field(name, true));
        }
        if let Some(message) = message
            .as_ref()
            .filter(|_| report.fate == Delivered::Failed && lead == Lead::Mark)
        {
            let fields = [
                text_field("reason", "bounced"),
                text_field("detail", crate::mail::shortened(&text(report), 900)),
                text_field("address", report.recipient.as_str()),
            ];
            if let Err(error) = intake::set_delivery(&ticket, message, "failed", &fields) {
                log::write(
                    "info",
                    &format!("the report is about no message of the ticket: {error}"),
                );
            }
        }
        let recipient = match report.recipient.as_str() {
            "" => None,
            address => {
                customers_read::find(&format!("mailto:{address}"))?.map(|customer| customer.id())
            }
        };
        let participants = found.participants();
        if let Some(customer) = marked(report, lead, &found.requester(), &participants, recipient) {
            mark(report, &customer)?;
        }
        match tickets_write::add_message(&ticket, &note) {
            Ok(_) => Ok(Fate::Appended(ticket)),
            // A closed ticket takes no notes.
            Err(Error::Conflict(_)) => self.suspend("automated"),
            Err(error) => Err(error),
        }
    }
}

/// A full mailbox, a mail too large and a policy against it say nothing of the address.
fn marks_address(status: &str) -> bool {
    !(status == "5.2.2" || status == "5.3.4" || status.starts_with("5.7."))
}

/// Whose address a report marks: his who could not be reached, if he takes part in the ticket.
fn marked(
    report: &Report,
    lead: Lead,
    requester: &str,
    participants: &[tickets_read::Participant],
    recipient: Option<String>,
) -> Option<String> {
    if report.fate != Delivered::Failed || lead != Lead::Mark || !marks_address(&report.status) {
        return None;
    }
    match report.recipient.as_str() {
        "" => Some(requester.to_owned()),
        _ => recipient.filter(|customer| takes_part(requester, participants, customer)),
    }
}

fn mark(report: &Report, customer: &str) -> Result<(), Error> {
    let why = format!(
        "{} {} {}",
        report.recipient, report.status, report.diagnosis
    );
    let marked = Field {
        name: UNDELIVERABLE.to_owned(),
        value: Value::Text(why.trim().chars().take(500).collect()),
    };
    customers_write::set(customer, &[marked])
}

fn text(report: &Report) -> String {
    let to = match report.recipient.as_str() {
        "" => String::new(),
        address => format!(" to {address}"),
    };
    let what = match report.fate {
        Delivered::Failed => format!("Mail{to} could not be delivered"),
        Delivered::Delayed => format!("Mail{to} is delayed: its server goes on trying"),
        Delivered::Delivered => format!("Mail{to} was delivered"),
    };
    let status = if report.status.is_empty() {
        String::new()
    } else {
        format!(" ({})", report.status)
    };
    match report.diagnosis.as_str() {
        "" => format!("{what}{status}."),
        why => format!("{what}{status}: {why}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guichet_sdk::Actor;

    fn failed(recipient: &str, status: &str) -> Report {
        Report {
            fate: Delivered::Failed,
            status: status.to_owned(),
            recipient: recipient.to_owned(),
            diagnosis: String::new(),
            originals: Vec::new(),
        }
    }

    fn in_copy(id: &str) -> tickets_read::Participant {
        tickets_read::Participant {
            role: "cc".to_owned(),
            who: Actor {
                kind: "customer".to_owned(),
                id: id.to_owned(),
            },
            until: None,
            extra: Vec::new(),
        }
    }

    fn marked_by(lead: Lead, report: &Report, recipient: Option<&str>) -> Option<String> {
        let recipient = recipient.map(str::to_owned);
        marked(report, lead, "ana", &[in_copy("bo")], recipient)
    }

    #[test]
    fn a_report_marks_who_takes_part_in_its_ticket_and_nobody_else() {
        let report = failed("x@trade.example", "5.1.1");
        for (recipient, whom) in [
            (Some("ana"), Some("ana")),
            (Some("bo"), Some("bo")),
            (Some("eve"), None),
            (None, None),
        ] {
            let found = marked_by(Lead::Mark, &report, recipient);
            assert_eq!(found.as_deref(), whom, "{recipient:?}");
        }
        let untold = failed("", "5.1.1");
        assert_eq!(marked_by(Lead::Mark, &untold, None).as_deref(), Some("ana"));
    }

    #[test]
    fn a_report_without_a_mark_of_ours_marks_nobody() {
        for recipient in ["x@trade.example", ""] {
            let report = failed(recipient, "5.1.1");
            assert_eq!(marked_by(Lead::Hearsay, &report, Some("ana")), None);
        }
    }

    #[test]
    fn what_is_late_and_what_says_nothing_of_the_address_marks_nobody() {
        let late = Report {
            fate: Delivered::Delayed,
            ..failed("x@trade.example", "4.4.1")
        };
        assert_eq!(marked_by(Lead::Mark, &late, Some("ana")), None);
        for status in ["5.2.2", "5.3.4", "5.7.1"] {
            let report = failed("x@trade.example", status);
            assert_eq!(
                marked_by(Lead::Mark, &report, Some("ana")),
                None,
                "{status}"
            );
        }
    }
}
