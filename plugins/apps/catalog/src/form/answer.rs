//! One answer, checked by what its question asks for.

use super::{
    question::{Choice, Kind, Question},
    wrong::Wrong,
};
use serde_json::Value;

/// The answer to a question that is shown; none where nothing was said.
pub(super) fn answer(question: &Question, given: &Value) -> Result<Option<Value>, Wrong> {
    let text = || match given {
        Value::Null => Ok(""),
        Value::String(text) => Ok(text.trim()),
        _ => Err(Wrong::NoText),
    };
    let kept = |text: String| (!text.is_empty()).then_some(Value::String(text));
    match &question.kind {
        Kind::Text(most) => Ok(kept(bounded(line(text()?), *most)?)),
        Kind::LongText(most) => Ok(kept(bounded(lines(text()?), *most)?)),
        Kind::Date => match text()? {
            "" => Ok(None),
            day if is_date(day) => Ok(Some(day.into())),
            _ => Err(Wrong::NoDate),
        },
        Kind::Choice(choices) => match given {
            Value::Null => Ok(None),
            Value::String(value) if value.is_empty() => Ok(None),
            Value::String(value) if is_offered(choices, value) => Ok(Some(given.clone())),
            _ => Err(Wrong::NoChoice),
        },
        Kind::Choices(choices) => several(choices, given),
        Kind::Number(least, most) => {
            let number = match given {
                Value::Null => return Ok(None),
                Value::String(text) if text.trim().is_empty() => return Ok(None),
                given => given.as_f64().ok_or(Wrong::NoNumber)?,
            };
            let is_within =
                least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most);
            match is_within {
                true => Ok(Some(given.clone())),
                false => Err(Wrong::OutOfRange(*least, *most)),
            }
        }
        Kind::YesNo => match given {
            Value::Bool(false) if question.required => Err(Wrong::NotConfirmed),
            Value::Bool(_) => Ok(Some(given.clone())),
            _ => Err(Wrong::NoYesNo),
        },
    }
}

fn is_offered(choices: &[Choice], value: &str) -> bool {
    choices.iter().any(|one| one.value == value)
}

/// Chosen ones in the order in which they are offered, each once.
fn several(choices: &[Choice], given: &Value) -> Result<Option<Value>, Wrong> {
    let given = match given {
        Value::Null => return Ok(None),
        Value::Array(given) => given,
        _ => return Err(Wrong::NoChoice),
    };
    let texts: Option<Vec<&str>> = given.iter().map(Value::as_str).collect();
    let texts = texts.ok_or(Wrong::NoChoice)?;
    if !texts.iter().all(|text| is_offered(choices, text)) {
        return Err(Wrong::NoChoice);
    }
    let chosen: Vec<Value> = choices
        .iter()
        .filter(|one| texts.contains(&one.value.as_str()))
        .map(|one| one.value.clone().into())
        .collect();
    Ok((!chosen.is_empty()).then_some(Value::Array(chosen)))
}

/// What would break the line is a blank.
pub fn line(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.collect::<String>().trim().to_owned()
}

/// Lines, with their breaks as they are written here.
pub fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let plain = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    plain.collect::<String>().trim().to_owned()
}

fn bounded(text: String, most: usize) -> Result<String, Wrong> {
    match text.chars().count() > most {
        true => Err(Wrong::TooLong(most)),
        false => Ok(text),
    }
}

/// Whether it is a day of the calendar, written `2026-11-25`.
fn is_date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let number = |part: &str, digits: usize| {
        let is_plain = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| is_plain)
    };
    let [year, month, day] = parts[..] else {
        return false;
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
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
