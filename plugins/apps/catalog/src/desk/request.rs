//! Somebody requests an entry: its form is checked, and a ticket is made of it, of the customer for whom it is requested. What an agent sends is said by
//! the agent.

use super::{Failure, Settings, mark, store};
use crate::{
    catalog::Catalog,
    form::{
        answer::{line, lines},
        answers::{self, Answers},
    },
    language::Language,
    limits::{REQUEST_CHARACTERS_MAX, SUBJECT_CHARACTERS_MAX},
};
use guichet_sdk::{
    Actor, Error, Field, MessageDraft, TicketDraft, Value, customers_read, intake, text_field,
};
use serde::Deserialize;

/// The name under which tickets say where they come from.
const CHANNEL: &str = "catalog";

/// What is requested.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wish {
    entry: String,
    /// A customer's id.
    requester: String,
    #[serde(default)]
    subject: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    form: serde_json::Value,
}

/// What is wrong with a wish beside its form: a JSON Pointer into it, and a text in English and in Chinese.
pub(crate) type Mistake = (&'static str, &'static str, &'static str);

/// Why no ticket came of it.
#[derive(Debug)]
pub(crate) enum NotMade {
    Mistake(Mistake),
    Failure(Failure),
}

impl<T: Into<Failure>> From<T> for NotMade {
    fn from(failure: T) -> Self {
        Self::Failure(failure.into())
    }
}

impl Wish {
    /// Subject and text, as tickets have them; empty where nothing is said.
    fn said(&self) -> Result<(String, String), Mistake> {
        let subject = line(self.subject.as_deref().unwrap_or_default());
        if subject.chars().count() > SUBJECT_CHARACTERS_MAX {
            return Err(("/subject", "at most 300 characters", "最多 300 个字符"));
        }
        let text = lines(self.text.as_deref().unwrap_or_default());
        if text.chars().count() > REQUEST_CHARACTERS_MAX {
            return Err(("/text", "at most 20,000 characters", "最多 20000 个字符"));
        }
        Ok((subject, text))
    }
}

/// Who says it: the agent who asks for a customer, or else the customer himself.
fn author(viewer: Option<&Actor>, requester: &str) -> Actor {
    match viewer {
        Some(viewer) if viewer.kind == "agent" => Actor {
            kind: "agent".to_owned(),
            id: viewer.id.clone(),
        },
        _ => Actor {
            kind: "customer".to_owned(),
            id: requester.to_owned(),
        },
    }
}

/// Makes a ticket of it; its id. `viewer` is who is signed in and asks, if somebody is.
pub(crate) fn make(wish: &Wish, viewer: Option<&Actor>) -> Result<String, NotMade> {
    let language = Settings::read()?.language;
    let branch = store::branch(&wish.entry)?;
    let entry = mark::open(&branch, &wish.entry)?;
    let (subject, text) = wish.said().map_err(NotMade::Mistake)?;
    match customers_read::get(&wish.requester) {
        Ok(_) => {}
        Err(Error::NotFound(_) | Error::Invalid(_)) => {
            return Err(NotMade::Mistake((
                "/requester",
                "this is no customer's id",
                "这不是客户的标识",
            )));
        }
        Err(error) => return Err(error.into()),
    }
    let answers = answers::read(entry.form.as_ref(), &wish.form)?;
    let draft = TicketDraft {
        subject: match subject.as_str() {
            "" => entry.title(language).to_owned(),
            subject => subject.to_owned(),
        },
        requester: wish.requester.clone(),
        first_message: message(&branch, &wish.entry, text, &answers, language),
        fields: ticket_fields(&branch, &wish.entry, &answers, language)?,
    };
    let author = author(viewer, &wish.requester);
    mark::explain(&wish.entry, entry, language);
    let ticket = intake::create(&draft, &author)?;
    mark::assign(&ticket, &wish.entry, entry)?;
    store::count_use(&wish.entry)?;
    Ok(ticket)
}

fn ticket_fields(
    branch: &Catalog,
    id: &str,
    answers: &Answers,
    language: Language,
) -> Result<Vec<Field>, Failure> {
    let mut fields = mark::fields(branch, id, Some(answers), language)?;
    fields.retain(|field| !matches!(field.value, Value::None));
    fields.push(text_field("channel", CHANNEL));
    Ok(fields)
}

/// The text, and each answer in a line of its own with its question; nothing where nothing is said.
fn message(
    branch: &Catalog,
    id: &str,
    text: String,
    answers: &Answers,
    language: Language,
) -> Option<MessageDraft> {
    let text = with_answers(branch, id, text, answers, language);
    (!text.is_empty()).then(|| MessageDraft {
        visibility: "public".to_owned(),
        text,
        html: None,
        attachments: Vec::new(),
        fields: Vec::new(),
    })
}

fn with_answers(
    branch: &Catalog,
    id: &str,
    mut text: String,
    answers: &Answers,
    language: Language,
) -> String {
    let form = branch.entries.get(id).and_then(|entry| entry.form.as_ref());
    let mut told = String::new();
    for question in form.map(|form| form.questions()).unwrap_or_default() {
        let Some(answer) = answers.get(&question.name) else {
            continue;
        };
        let answer = question.told(answer, language);
        let colon = match answer.contains('\n') {
            true => language.pick(":\n", "：\n"),
            false => language.pick(": ", "："),
        };
        told.push_str(question.title(language));
        told.push_str(colon);
        told.push_str(&answer);
        told.push('\n');
    }
    if !text.is_empty() && !told.is_empty() {
        text.push_str("\n\n");
    }
    text + told.trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(subject: usize, text: usize) -> Result<(String, String), Mistake> {
        let wish = json!({ "entry": "a", "requester": "b", "subject": "字".repeat(subject), "text": "x".repeat(text) });
        serde_json::from_value::<Wish>(wish).unwrap().said()
    }

    #[test]
    fn subject_and_text_are_taken_up_to_their_bounds_and_refused_beyond_them() {
        assert!(said(300, 20_000).is_ok());
        assert_eq!(said(301, 0).unwrap_err().0, "/subject");
        assert_eq!(said(0, 20_001).unwrap_err().0, "/text");
        assert_eq!(said(0, 0), Ok((String::new(), String::new())));
    }

    #[test]
    fn an_agent_speaks_for_himself_and_a_program_for_the_customer() {
        let of = |kind: &str| Actor {
            kind: kind.to_owned(),
            id: "lin".to_owned(),
        };
        let said_by = |viewer: Option<&Actor>| {
            let author = author(viewer, "ana");
            (author.kind, author.id)
        };
        let agent = ("agent".to_owned(), "lin".to_owned());
        let customer = ("customer".to_owned(), "ana".to_owned());
        assert_eq!(said_by(Some(&of("agent"))), agent);
        assert_eq!(said_by(Some(&of("plugin"))), customer);
        assert_eq!(said_by(None), customer);
    }

    #[test]
    fn a_wish_with_a_key_that_there_is_not_is_none() {
        let wish = json!({ "entry": "a", "requester": "b", "formular": {} });
        assert!(serde_json::from_value::<Wish>(wish).is_err());
    }
}
