//! Answers to a form, checked: by type and bounds, and by what is shown.

use super::{Form, answer::answer, question::Kind, shown, wrong::Wrong};
use crate::limits;
use serde_json::{Map, Value};

/// Answers by the names of their fields: of what is shown and answered.
pub type Answers = Map<String, Value>;

/// Something wrong, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Misfit {
    /// A JSON Pointer into the answers.
    pub pointer: String,
    pub wrong: Wrong,
}

/// Reads the answers to a form; without one there is nothing to answer.
///
/// # Errors
/// All that is wrong, in the order of the form, up to [`limits::MISFITS_MAX`].
pub fn read(form: Option<&Form>, given: &Value) -> Result<Answers, Vec<Misfit>> {
    let whole = |wrong| {
        vec![Misfit {
            pointer: String::new(),
            wrong,
        }]
    };
    let mut given = match given {
        Value::Null => Map::new(),
        Value::Object(given) => given.clone(),
        _ => return Err(whole(Wrong::NoObject)),
    };
    if serde_json::to_string(&given).map_or(usize::MAX, |text| text.len())
        > limits::ANSWERS_BYTES_MAX
    {
        return Err(whole(Wrong::TooMuch));
    }
    let questions = form.map(Form::questions).unwrap_or_default();
    // A tick that nobody touched is one that is not set.
    for question in questions.iter().filter(|one| one.kind == Kind::YesNo) {
        let answer = given.entry(question.name.clone()).or_insert(Value::Null);
        if answer.is_null() {
            *answer = Value::Bool(false);
        }
    }
    let hidden = shown::hidden(form.map(|form| &form.shown[..]).unwrap_or_default(), &given);
    let mut answers = Map::new();
    let mut misfits = Vec::new();
    let mut misfit = |name: &str, wrong| {
        misfits.push(Misfit {
            pointer: format!("/{}", name.replace('~', "~0").replace('/', "~1")),
            wrong,
        });
    };
    for question in &questions {
        let name = question.name.as_str();
        let given = given.get(name).unwrap_or(&Value::Null);
        if hidden.contains(name) {
            continue;
        }
        match answer(question, given) {
            Ok(Some(answer)) => {
                answers.insert(name.to_owned(), answer);
            }
            Ok(None) if question.required => misfit(name, Wrong::Missing),
            Ok(None) => {}
            Err(wrong) => misfit(name, wrong),
        }
    }
    for name in given.keys() {
        if !questions.iter().any(|one| one.name == *name) {
            misfit(name, Wrong::NotAsked);
        }
    }
    misfits.truncate(limits::MISFITS_MAX);
    match misfits.is_empty() {
        true => Ok(answers),
        false => Err(misfits),
    }
}
