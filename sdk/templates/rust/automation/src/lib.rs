//! @title@: tags new tickets whose subject has one of the admin's words.

use guichet_sdk::{
    Error, Event, EventHandler, MessageDraft, explain, tickets_read, tickets_write, typed_settings,
};
use serde::Deserialize;

/// What the admin sets; its form stands in `plugin.toml`.
#[derive(Deserialize)]
#[serde(default)]
struct Settings {
    words: Vec<String>,
    tag: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            words: vec!["urgent".to_owned()],
            tag: "urgent".to_owned(),
        }
    }
}

/// The word that the subject has, whatever its case.
fn found<'a>(subject: &str, words: &'a [String]) -> Option<&'a str> {
    let subject = subject.to_lowercase();
    words
        .iter()
        .find(|word| subject.contains(&word.to_lowercase()))
        .map(String::as_str)
}

struct Plugin;

impl EventHandler for Plugin {
    fn handle(event: Event) -> Result<(), Error> {
        let Some(id) = event.ticket else {
            return Ok(());
        };
        let settings: Settings = typed_settings()?;
        let ticket = tickets_read::get(&id)?;
        let Some(word) = found(&ticket.subject(), &settings.words) else {
            return Ok(());
        };
        // People read this beside the changes that follow.
        explain::because(
            "a word in the subject",
            &serde_json::json!({ "word": word }).to_string(),
        );
        tickets_write::add_tags(&id, std::slice::from_ref(&settings.tag))?;
        let note = MessageDraft {
            visibility: "internal".to_owned(),
            text: format!("The subject says \"{word}\"."),
            html: None,
            attachments: Vec::new(),
            fields: Vec::new(),
        };
        tickets_write::add_message(&id, &note)?;
        Ok(())
    }
}

guichet_sdk::export_event_handler!(Plugin);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_whatever_its_case() {
        let words = ["Printer".to_owned(), "密码".to_owned()];
        assert_eq!(found("The PRINTER smokes", &words), Some("Printer"));
        assert_eq!(found("忘记密码", &words), Some("密码"));
        assert_eq!(found("No light", &words), None);
    }
}
