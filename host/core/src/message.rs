//! What was said on a ticket.

use crate::{
    actor::Actor,
    delivery::Delivery,
    id::{FileId, MessageId, TicketId},
    limits,
    refusal::Refusal,
    time::Timestamp,
    value::Field,
};
use serde::{Deserialize, Serialize};

/// Who may read a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// The customer, too.
    Public,
    /// Agents only.
    Internal,
}

impl Visibility {
    /// As it is written everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
        }
    }

    /// The visibility of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Public, Self::Internal]
            .into_iter()
            .find(|visibility| visibility.name() == name)
    }
}

/// A file beside a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub file: FileId,
    pub name: String,
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// The name by which the message's HTML shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inline_id: Option<String>,
}

/// A message to be added.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageDraft {
    pub id: MessageId,
    pub author: Actor,
    pub visibility: Visibility,
    pub text: String,
    pub html: Option<String>,
    pub attachments: Vec<Attachment>,
    pub fields: Vec<Field>,
}

impl MessageDraft {
    /// The files that it names: its attachments, and what it was read from.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        let sources = self.fields.iter().filter(|field| field.name == "source");
        let sources = sources.filter_map(|field| field.value.as_text()?.parse().ok());
        let attached = self.attachments.iter();
        attached.map(|attachment| attachment.file).chain(sources)
    }

    /// What any message keeps to, also one that rests in the suspended queue.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::Limit`].
    pub(crate) fn check_content(&self) -> Result<(), Refusal> {
        let texts = || [Some(&self.text), self.html.as_ref()].into_iter().flatten();
        if texts().any(|text| text.contains('\0')) {
            return Err(Refusal::Invalid(
                "a message may not contain the character NUL".to_owned(),
            ));
        }
        if texts().any(|text| text.len() > limits::MESSAGE_BYTES_MAX) {
            return Err(Refusal::Limit(format!(
                "a message has at most {} bytes: send more as an attachment",
                limits::MESSAGE_BYTES_MAX
            )));
        }
        if self.attachments.len() > limits::ATTACHMENTS_MAX {
            return Err(Refusal::Limit(format!(
                "a message has at most {} attachments",
                limits::ATTACHMENTS_MAX
            )));
        }
        Ok(())
    }
}

/// A message as it was said.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub ticket: TicketId,
    pub at: Timestamp,
    pub draft: MessageDraft,
    /// What became of it on its way out, where a channel carries it.
    pub delivery: Option<Delivery>,
}
