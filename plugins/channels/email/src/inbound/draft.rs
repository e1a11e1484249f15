//! The message that a mail becomes: its text, its HTML made safe, its files, and what is known of it. The raw mail is always named.

use super::Case;
use crate::{
    html::clean,
    limits::{FILE_PART_BYTES, FILES_MAX},
    mail::{
        head::Head,
        parts::{Part, clean_file_name},
    },
};
use guichet_sdk::{
    Attachment, Error, Field, MessageDraft, Value, boolean_field, files, text_field,
};
use std::collections::BTreeMap;

impl Case<'_> {
    /// The message. However often it is asked for, its files are kept once.
    pub(super) fn draft(&self) -> Result<MessageDraft, Error> {
        if let Some(drafted) = self.drafted.get() {
            return Ok(drafted.clone());
        }
        let message = self.first_draft()?;
        Ok(self.drafted.get_or_init(|| message).clone())
    }

    fn first_draft(&self) -> Result<MessageDraft, Error> {
        let mail = self.mail;
        // A report's parts are words for machines; the source has them.
        let parts: &[Part<'_>] = if mail.report.is_some() {
            &[]
        } else {
            &mail.files
        };
        let (mut attachments, mut by_content_id) = (Vec::new(), BTreeMap::new());
        for (index, part) in parts.iter().take(FILES_MAX).enumerate() {
            let kept = keep(part, index)?;
            if let Some(id) = &part.content_id {
                by_content_id.insert(id.clone(), kept.file.clone());
            }
            attachments.push(kept);
        }
        let mut text = mail.text.clone();
        if parts.len() > FILES_MAX {
            text.push_str(&format!(
                "\n\n[{} more attachments are in the source of the mail]",
                parts.len() - FILES_MAX
            ));
        }
        let mut fields = vec![text_field("source", self.source.file()?)];
        let html = mail
            .html
            .as_deref()
            .map(|html| clean::clean(html, &by_content_id));
        if let Some(clean) = &html {
            for attachment in &mut attachments {
                if clean.shown.contains(&attachment.file) {
                    attachment.inline_id = Some(attachment.file.clone());
                }
            }
            if clean.remote_images > 0 {
                let count = i64::try_from(clean.remote_images).unwrap_or(i64::MAX);
                fields.push(Field {
                    name: "remote-images".to_owned(),
                    value: Value::Integer(count),
                });
            }
        }
        fields.extend(
            mail.message_id
                .as_ref()
                .map(|id| text_field("message-id", id.as_str())),
        );
        fields.push(text_field("from", self.sender.address.as_str()));
        fields.extend(self.automatic.act.then(|| boolean_field("automatic", true)));
        fields.extend(self.automatic.hide.then(|| boolean_field("hide", true)));
        Ok(MessageDraft {
            visibility: "public".to_owned(),
            text,
            html: html
                .map(|clean| clean.html)
                .filter(|html| !html.trim().is_empty()),
            attachments,
            fields,
        })
    }
}

fn keep(part: &Part<'_>, index: usize) -> Result<Attachment, Error> {
    let bytes = part.bytes();
    let name = match part.name.as_str() {
        "" => invented_name(part, &bytes, index),
        name => name.to_owned(),
    };
    let (first, rest) = bytes.split_at(bytes.len().min(FILE_PART_BYTES));
    let mut kept = files::put(&name, &part.media_type, first)?;
    for more in rest.chunks(FILE_PART_BYTES) {
        files::append(&kept.file, more)?;
    }
    kept.size = bytes.len() as u64;
    Ok(kept)
}

/// A name for what has none.
fn invented_name(part: &Part<'_>, bytes: &[u8], index: usize) -> String {
    if part.is_mail() {
        let head = Head::read(bytes);
        let subject = clean_file_name(head.get("subject").unwrap_or_default());
        if !subject.is_empty() {
            return format!("{subject}.eml");
        }
    }
    let ending = match part.media_type.as_str() {
        "message/rfc822" | "message/global" => "eml",
        "text/calendar" => "ics",
        "text/plain" => "txt",
        "text/html" => "html",
        "text/csv" => "csv",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        "application/pdf" => "pdf",
        "application/pgp-signature" => "asc",
        "application/pkcs7-signature" => "p7s",
        "application/pkcs7-mime" => "p7m",
        "application/ms-tnef" => "dat",
        "application/zip" => "zip",
        _ => "bin",
    };
    format!("attachment-{}.{ending}", index + 1)
}

#[cfg(test)]
mod tests {
    use crate::{inbound::tests::Desk, settings::Settings};
    use guichet_sdk::MessageDraft;

    #[test]
    fn what_was_drafted_once_is_not_drafted_again_with_files_of_its_own() {
        let raw = "From: ana@trade.example\r\nContent-Type: image/png; name=x.png\r\n\r\npicture";
        Desk::with(Settings::default()).takes(raw, |case| {
            assert_eq!(case.mail.files.len(), 1);
            let kept = MessageDraft {
                visibility: "public".to_owned(),
                text: "with its file".to_owned(),
                html: None,
                attachments: Vec::new(),
                fields: Vec::new(),
            };
            assert!(case.drafted.set(kept).is_ok());
            // Natively there is nowhere to keep a file: the attempt would end the test.
            for _ in 0..2 {
                assert_eq!(case.draft().unwrap().text, "with its file");
            }
        });
    }
}
