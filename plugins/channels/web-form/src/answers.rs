//! From what was posted to answers, or to what is wrong with them. Questions are asked in their order, so that each condition sees the answers before it;
//! what is not asked has no answer, whatever was posted.

use crate::{
    condition::Given,
    language::Language,
    limits,
    post::Post,
    settings::{Form, FormField, Kind, Wanted},
    wrong::{Place, Wrong},
};
use guichet_sdk::Value;

/// An answer to a question that was asked.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    pub field: &'a FormField,
    pub value: Answered,
}

/// What was answered, by its type.
#[derive(Debug, Clone, PartialEq)]
pub enum Answered {
    Text(String),
    /// As it was written, and its value.
    Number(String, f64),
    YesNo(bool),
    /// A value of the options.
    Choice(String),
    Choices(Vec<String>),
}

/// A form that was filled as it should be.
#[derive(Debug, Clone)]
pub struct Filled<'a> {
    pub form: &'a Form,
    pub name: String,
    pub email: String,
    pub subject: String,
    pub message: String,
    pub answers: Vec<Answer<'a>>,
}

/// Something wrong, and where.
pub type Complaint = (Place, Wrong);

/// Reads all answers.
///
/// # Errors
/// All that is wrong, in the order of the page.
pub fn read<'a>(
    form: &'a Form,
    post: &Post,
    language: Language,
) -> Result<Filled<'a>, Vec<Complaint>> {
    let mut wrong = Vec::new();
    let mut own = |name: &'static str, read: &dyn Fn(&str) -> Result<String, Wrong>| {
        let text = post.text(name);
        let read = match post.too_long.contains(name) {
            true => Err(Wrong::TooLong(limits::LINE_CHARACTERS_MAX)),
            false => read(text),
        };
        read.unwrap_or_else(|complaint| {
            wrong.push((Place::Own(name), complaint));
            String::new()
        })
    };
    let name = own("name", &|text| {
        required_line(text, limits::NAME_CHARACTERS_MAX)
    });
    let email = own("email", &|text| match text {
        "" => Err(Wrong::Missing),
        text => address(text),
    });
    let subject = match form.asks_subject() {
        true => own("subject", &|text| {
            required_line(text, limits::SUBJECT_CHARACTERS_MAX)
        }),
        false => String::new(),
    };
    let mut given = Given::new();
    let mut answers = Vec::new();
    for field in &form.fields {
        if !field.is_shown(&given) {
            continue;
        }
        match answer(field, post) {
            Ok(None) => {}
            Ok(Some(value)) => {
                given.insert(&field.name, value.as_texts());
                answers.push(Answer { field, value });
            }
            Err(complaint) => {
                // What follows is asked as if it had been answered as it was meant.
                given.insert(&field.name, raw(field, post));
                wrong.push((Place::Field(field.name.clone()), complaint));
            }
        }
    }
    let message = match form.message {
        Wanted::None => Ok(String::new()),
        _ if post.too_long.contains("message") => Err(Wrong::TooLong(limits::TEXT_CHARACTERS_MAX)),
        Wanted::Required if post.text("message").is_empty() => Err(Wrong::Missing),
        _ => lines(post.text("message"), limits::TEXT_CHARACTERS_MAX),
    };
    let message = message.unwrap_or_else(|complaint| {
        wrong.push((Place::Own("message"), complaint));
        String::new()
    });
    wrong.extend(files_wrong(form, post));
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut filled = Filled {
        form,
        name,
        email,
        subject,
        message,
        answers,
    };
    if !form.asks_subject() {
        filled.subject = filled.made_subject(language);
    }
    Ok(filled)
}

fn files_wrong(form: &Form, post: &Post) -> Option<Complaint> {
    let wrong = |wrong| Some((Place::Files, wrong));
    let most = usize::from(form.attachments).min(limits::FILES_MAX);
    if post.files.len() > most {
        return wrong(Wrong::TooManyFiles(most));
    }
    let large = post
        .files
        .iter()
        .find(|file| file.length > limits::FILE_BYTES_MAX);
    large.and_then(|file| wrong(Wrong::LargeFile(file.name.clone())))
}

/// What was posted for a field, without blanks around and without empty texts.
fn raw(field: &FormField, post: &Post) -> Vec<String> {
    let values = post.values.get(&field.name).into_iter().flatten();
    let texts = values.map(|value| value.trim().to_owned());
    let texts: Vec<_> = texts.filter(|value| !value.is_empty()).collect();
    match field.kind {
        Kind::YesNo => vec![if texts.is_empty() { "no" } else { "yes" }.to_owned()],
        _ => texts,
    }
}

/// The answer to one question; none where there is none and none is needed.
fn answer(field: &FormField, post: &Post) -> Result<Option<Answered>, Wrong> {
    if post.too_long.contains(&field.name) {
        return Err(Wrong::TooLong(most_characters(field)));
    }
    let given = raw(field, post);
    if field.kind == Kind::YesNo {
        let is_yes = given == ["yes"];
        return match field.required && !is_yes {
            true => Err(Wrong::NotConfirmed),
            false => Ok(Some(Answered::YesNo(is_yes))),
        };
    }
    if given.is_empty() {
        return match field.required {
            true => Err(Wrong::Missing),
            false => Ok(None),
        };
    }
    let text = given[0].as_str();
    match field.kind {
        Kind::Choices => {
            let mut chosen: Vec<String> = Vec::new();
            // In the order of the options, each once.
            for option in &field.options {
                if given.contains(&option.value) {
                    chosen.push(option.value.clone());
                }
            }
            match given.iter().all(|value| field.option(value).is_some()) {
                true => Ok(Some(Answered::Choices(chosen))),
                false => Err(Wrong::NoOption),
            }
        }
        _ if given.len() > 1 => Err(Wrong::Several),
        Kind::Choice => match field.option(text) {
            Some(option) => Ok(Some(Answered::Choice(option.value.clone()))),
            None => Err(Wrong::NoOption),
        },
        Kind::Number => number(field, text).map(Some),
        Kind::Date => match is_date(text) {
            true => Ok(Some(Answered::Text(text.to_owned()))),
            false => Err(Wrong::NoDate),
        },
        Kind::Email => address(text).map(|text| Some(Answered::Text(text))),
        Kind::Phone => phone(text).map(|text| Some(Answered::Text(text))),
        Kind::Text | Kind::LongText | Kind::YesNo => {
            let text = match field.kind {
                Kind::LongText => lines(text, most_characters(field))?,
                _ => line(text, most_characters(field))?,
            };
            bounded(field, text).map(|text| Some(Answered::Text(text)))
        }
    }
}

fn most_characters(field: &FormField) -> usize {
    let most = match field.kind {
        Kind::LongText => limits::TEXT_CHARACTERS_MAX,
        _ => limits::LINE_CHARACTERS_MAX,
    };
    field.max_length.map_or(most, |wished| wished.min(most))
}

fn bounded(field: &FormField, text: String) -> Result<String, Wrong> {
    if let Some(least) = field.min_length
        && text.chars().count() < least
    {
        return Err(Wrong::TooShort(least));
    }
    match field.whole_pattern() {
        Some(Ok(pattern)) if !pattern.is_match(&text) => Err(Wrong::Pattern),
        _ => Ok(text),
    }
}

fn required_line(text: &str, most: usize) -> Result<String, Wrong> {
    match text {
        "" => Err(Wrong::Missing),
        text => line(text, most),
    }
}

/// Text in one line: what would break it is a blank.
fn line(text: &str, most: usize) -> Result<String, Wrong> {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    match text.chars().count() > most {
        true => Err(Wrong::TooLong(most)),
        false => Ok(text),
    }
}

/// Text in lines, as line breaks are written here.
fn lines(text: &str, most: usize) -> Result<String, Wrong> {
    let text: String = text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| !c.is_control() || *c == '\n' || *c == '\t')
        .collect();
    match text.chars().count() > most {
        true => Err(Wrong::TooLong(most)),
        false => Ok(text),
    }
}

/// An e-mail address, in small letters. Whether it is anybody's only a mail could tell.
fn address(text: &str) -> Result<String, Wrong> {
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part.contains(|c: char| {
                c.is_whitespace() || c.is_control() || "<>()[]\\,;:\"@".contains(c)
            })
    };
    let is_address = text.len() <= limits::ADDRESS_BYTES_MAX
        && text.rsplit_once('@').is_some_and(|(local, domain)| {
            let is_domain = domain.contains('.') && domain.split('.').all(is_plain);
            is_plain(local) && is_domain
        });
    match is_address {
        true => Ok(text.to_lowercase()),
        false => Err(Wrong::NoAddress),
    }
}

fn phone(text: &str) -> Result<String, Wrong> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_number = text
        .chars()
        .all(|c| c.is_ascii_digit() || " +-().#*".contains(c));
    match is_number && (3..=30).contains(&digits) && text.len() <= 60 {
        true => Ok(text.to_owned()),
        false => Err(Wrong::NoPhone),
    }
}

fn number(field: &FormField, text: &str) -> Result<Answered, Wrong> {
    let is_plain = text
        .chars()
        .all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
    let number = text
        .parse::<f64>()
        .ok()
        .filter(|number| is_plain && number.is_finite() && text.len() <= 40)
        .ok_or(Wrong::NoNumber)?;
    if field.minimum.is_some_and(|least| number < least)
        || field.maximum.is_some_and(|most| number > most)
    {
        return Err(Wrong::OutOfRange(field.minimum, field.maximum));
    }
    Ok(Answered::Number(text.to_owned(), number))
}

/// Whether it is a day of the calendar, written `2026-11-25`.
fn is_date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let [year, month, day] = parts[..] else {
        return false;
    };
    let is_of = |part: &str, digits: usize| {
        part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_of(year, 4) || !is_of(month, 2) || !is_of(day, 2) {
        return false;
    }
    let (Ok(year), Ok(month), Ok(day)) = (
        year.parse::<u32>(),
        month.parse::<u32>(),
        day.parse::<u32>(),
    ) else {
        return false;
    };
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

impl Answered {
    /// As conditions read it.
    pub fn as_texts(&self) -> Vec<String> {
        match self {
            Self::Text(text) | Self::Number(text, _) | Self::Choice(text) => vec![text.clone()],
            Self::YesNo(yes) => vec![if *yes { "yes" } else { "no" }.to_owned()],
            Self::Choices(chosen) => chosen.clone(),
        }
    }

    /// As a field of the ticket keeps it.
    pub fn as_value(&self) -> Value {
        match self {
            Self::Text(text) | Self::Choice(text) => Value::Text(text.clone()),
            Self::Number(_, number) if number.fract() == 0.0 && number.abs() < 9e15 => {
                Value::Integer(*number as i64)
            }
            Self::Number(_, number) => Value::Number(*number),
            Self::YesNo(yes) => Value::Boolean(*yes),
            Self::Choices(chosen) => Value::Texts(chosen.clone()),
        }
    }
}

impl Answer<'_> {
    /// As people read it.
    pub fn told(&self, language: Language) -> String {
        let label = |value: &String| match self.field.option(value) {
            Some(option) => option.label(language).to_owned(),
            None => value.clone(),
        };
        match &self.value {
            Answered::Text(text) | Answered::Number(text, _) => text.clone(),
            Answered::YesNo(true) => language.pick("yes", "是").to_owned(),
            Answered::YesNo(false) => language.pick("no", "否").to_owned(),
            Answered::Choice(value) => label(value),
            Answered::Choices(values) => {
                let labels: Vec<_> = values.iter().map(label).collect();
                labels.join(language.pick(", ", "、"))
            }
        }
    }
}

impl Filled<'_> {
    /// The form's subject, filled in; what was filled in is not read again.
    fn made_subject(&self, language: Language) -> String {
        let mut subject = String::new();
        let mut rest = self.form.subject.as_str();
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((name, next)) = after.split_once("}}") else {
                break;
            };
            subject.push_str(before);
            subject.push_str(&self.named(name.trim(), language));
            rest = next;
        }
        subject.push_str(rest);
        let subject: String = subject
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(limits::SUBJECT_CHARACTERS_MAX)
            .collect();
        match subject.trim() {
            "" => self.form.title.of(language).to_owned(),
            subject => subject.to_owned(),
        }
    }

    fn named(&self, name: &str, language: Language) -> String {
        match name {
            "name" => self.name.clone(),
            "email" => self.email.clone(),
            name => {
                let answer = self.answers.iter().find(|answer| answer.field.name == name);
                answer
                    .map(|answer| answer.told(language))
                    .unwrap_or_default()
            }
        }
    }

    /// What the ticket's first message says: the message, and each answer in a line of its own with its question.
    pub fn text(&self, language: Language) -> String {
        let mut text = self.message.trim_end().to_owned();
        if !self.answers.is_empty() && !text.is_empty() {
            text.push_str("\n\n");
        }
        for answer in &self.answers {
            let told = answer.told(language);
            let colon = match told.contains('\n') {
                true => language.pick(":\n", "：\n"),
                false => language.pick(": ", "："),
            };
            text.push_str(answer.field.label.of(language));
            text.push_str(colon);
            text.push_str(&told);
            text.push('\n');
        }
        text.trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests;
