//! Whether a message is such that a channel can carry it: no longer than its manifest says, with files of no more bytes.

use super::choose;
use crate::plugins::Ready;
use guichet_core::{customer::Customer, message::MessageDraft, refusal::Refusal, ticket::Ticket};
use guichet_package::manifest::Channel;
use guichet_runtime::{NotCarried, Why};
use std::sync::Arc;

/// What is too much for a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("the text has {bytes} bytes, and this channel carries at most {most}")]
    Text { bytes: u64, most: u64 },
    #[error("the files have {bytes} bytes, and this channel carries at most {most}")]
    Files { bytes: u64, most: u64 },
}

impl From<Unfit> for NotCarried {
    fn from(unfit: Unfit) -> Self {
        let code = match unfit {
            Unfit::Text { .. } => "text-too-long",
            Unfit::Files { .. } => "files-too-large",
        };
        Self {
            why: Why::Unreachable,
            code: code.to_owned(),
            detail: unfit.to_string(),
            address: None,
        }
    }
}

/// Whether the channel can carry the message.
///
/// # Errors
/// [`Unfit`] with the numbers.
pub fn check(channel: &Channel, message: &MessageDraft) -> Result<(), Unfit> {
    let bytes = message.text.len() as u64;
    if let Some(most) = channel.text_bytes_max.map(u64::from)
        && bytes > most
    {
        return Err(Unfit::Text { bytes, most });
    }
    let files = message.attachments.iter().map(|file| file.size).sum();
    if files > channel.files_bytes_max {
        return Err(Unfit::Files {
            bytes: files,
            most: channel.files_bytes_max,
        });
    }
    Ok(())
}

/// Refuses a message that is too much for every channel that may carry it, before it is said. Where there is none, it goes nowhere, and is as long as it likes.
///
/// # Errors
/// [`Refusal::Limit`] with what the first of them says.
pub fn check_any(
    installs: &[Arc<Ready>],
    ticket: &Ticket,
    requester: &Customer,
    message: &MessageDraft,
) -> Result<(), Refusal> {
    let mut first = None;
    for ready in choose::channels(installs, ticket, requester) {
        let Some(channel) = &ready.manifest.channel else {
            continue;
        };
        match check(channel, message) {
            Ok(()) => return Ok(()),
            Err(unfit) => {
                first.get_or_insert_with(|| format!("{}: {unfit}", channel.name));
            }
        }
    }
    first.map_or(Ok(()), |reason| Err(Refusal::Limit(reason)))
}

/// Whether any channel has a bound on what is written, so that it must be looked at before it is said.
pub fn is_bounded(installs: &[Arc<Ready>]) -> bool {
    installs.iter().any(|ready| {
        let channel = ready.manifest.channel.as_ref();
        channel.is_some_and(|channel| channel.text_bytes_max.is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use guichet_core::{
        actor::Actor,
        id::{FileId, MessageId},
        message::{Attachment, Visibility},
    };
    use guichet_package::manifest::Unknown;
    use uuid::Uuid;

    #[test]
    fn a_message_fits_to_the_last_byte_and_not_beyond() {
        let channel = Channel {
            name: "wechat".to_owned(),
            reaches: Vec::new(),
            html: false,
            text_bytes_max: Some(6),
            files_bytes_max: 10,
            on_unknown: Unknown::default(),
            window: None,
        };
        let message = |text: &str, sizes: &[u64]| MessageDraft {
            id: MessageId(Uuid::nil()),
            author: Actor::SYSTEM,
            visibility: Visibility::Public,
            text: text.to_owned(),
            html: None,
            attachments: sizes
                .iter()
                .map(|size| Attachment {
                    file: FileId(Uuid::nil()),
                    name: "a".to_owned(),
                    media_type: "b".to_owned(),
                    size: *size,
                    inline_id: None,
                })
                .collect(),
            fields: Vec::new(),
        };
        assert_eq!(check(&channel, &message("你好", &[4, 6])), Ok(()));
        let text = Unfit::Text { bytes: 7, most: 6 };
        assert_eq!(check(&channel, &message("你好!", &[])), Err(text));
        let files = Unfit::Files {
            bytes: 11,
            most: 10,
        };
        assert_eq!(check(&channel, &message("", &[5, 6])), Err(files));
    }
}
