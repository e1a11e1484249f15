//! What a mail server reports of mail that it was given. What will never arrive is noted on the ticket, and the address is marked; what is late is
//! noted; neither reopens anything, and nobody is answered.

use super::{Case, Fate, sender::UNDELIVERABLE};
use crate::{
    mail::report::{Fate as Delivered, Report},
    matching,
};
use guichet_sdk::{
    Error, Field, Value, boolean_field, customers_read, customers_write, intake, log, text_field,
    tickets_read, tickets_write,
};

impl Case<'_> {
    pub(super) fn bounce(&self, report: &Report) -> Result<Fate, Error> {
        let own = report
            .originals
            .iter()
            .find_map(|id| self.keys.read_message_id(id));
        let named = match matching::bounced_number(self.mail, self.keys) {
            Some(number) => self.numbered(number)?,
            None => None,
        };
        let (ticket, message) = match (own, named) {
            (Some((ticket, message)), _) => (Some(ticket), Some(message)),
            (None, Some(ticket)) => (Some(ticket), None),
            (None, None) => (self.thread()?.map(|(ticket, _)| ticket), None),
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
            .filter(|_| report.fate == Delivered::Failed)
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
        if report.fate == Delivered::Failed && marks_address(&report.status) {
            mark(report, &found.requester())?;
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

fn mark(report: &Report, requester: &str) -> Result<(), Error> {
    let customer = match report.recipient.as_str() {
        "" => Some(requester.to_owned()),
        address => {
            customers_read::find(&format!("mailto:{address}"))?.map(|customer| customer.id())
        }
    };
    let Some(customer) = customer else {
        return Ok(());
    };
    let why = format!(
        "{} {} {}",
        report.recipient, report.status, report.diagnosis
    );
    let marked = Field {
        name: UNDELIVERABLE.to_owned(),
        value: Value::Text(why.trim().chars().take(500).collect()),
    };
    customers_write::set(&customer, &[marked])
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
