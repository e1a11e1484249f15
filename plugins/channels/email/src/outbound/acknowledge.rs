//! The first answer of a machine: that what was asked has arrived. It goes out as any answer does.

use super::compose;
use crate::settings::Settings;
use guichet_sdk::{
    Error, MessageDraft, boolean_field, customers_read, tickets_read, tickets_write, typed_settings,
};
use serde::Deserialize;

/// The job that answers a new ticket.
pub(crate) const ACKNOWLEDGE: &str = "acknowledge";

#[derive(Deserialize)]
struct Acknowledge {
    ticket: String,
}

/// Tells the requester of a new ticket that it arrived.
pub(crate) fn acknowledge(payload: &str) -> Result<(), Error> {
    let wanted: Acknowledge =
        serde_json::from_str(payload).map_err(|error| Error::Invalid(error.to_string()))?;
    let settings: Settings = typed_settings()?;
    let ticket = match tickets_read::get(&wanted.ticket) {
        Ok(ticket) => ticket,
        Err(Error::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    // Merged, closed or deleted meanwhile: nobody needs to be told any more.
    let (Some(number), "new" | "open") = (ticket.number(), ticket.state().as_str()) else {
        return Ok(());
    };
    let requester = customers_read::get(&ticket.requester())?;
    let locale = requester.locale();
    let speaks_chinese =
        locale.starts_with("zh") || (locale.is_empty() && compose::has_han(&ticket.subject()));
    let text = if speaks_chinese {
        &settings.acknowledgement.text_zh
    } else {
        &settings.acknowledgement.text_en
    };
    let draft = MessageDraft {
        visibility: "public".to_owned(),
        text: text
            .replace("{{number}}", &number.to_string())
            .replace("{{subject}}", &ticket.subject()),
        html: None,
        attachments: Vec::new(),
        fields: vec![boolean_field("automatic", true)],
    };
    tickets_write::add_message(&wanted.ticket, &draft).map(drop)
}
