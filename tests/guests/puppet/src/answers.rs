//! From bytes to what a point answers.

use crate::{calls::Calls, values::Values};
use guichet_sdk::{
    Answer, Body, Chart, Column, Error, Failure, NotCarried, Reason, Receipt, Response, Table,
    Verdict,
};

/// In which header a response says how many calls were made.
const CALLS: &str = "calls";

fn error(values: &mut Values<'_>) -> Error {
    let text = values.text();
    match values.one_of(7) {
        0 => Error::Denied(text),
        1 => Error::NotFound(text),
        2 => Error::Invalid(text),
        3 => Error::Conflict(text),
        4 => Error::Limit(text),
        5 => Error::Unavailable(text),
        _ => Error::Other((text, values.text())),
    }
}

/// Nothing, or seldom an error.
pub(crate) fn done(calls: &mut Calls<'_>) -> Result<(), Error> {
    match calls.values.one_of(8) {
        7 => Err(error(&mut calls.values)),
        _ => Ok(()),
    }
}

pub(crate) fn job(calls: &mut Calls<'_>) -> Result<(), Failure> {
    let values = &mut calls.values;
    match values.one_of(8) {
        5 => Err(Failure::Retry((
            values.maybe(Values::small_count),
            values.text(),
        ))),
        6 => Err(Failure::GiveUp(values.text())),
        7 => Err(Failure::Other((values.text(), values.text()))),
        _ => Ok(()),
    }
}

pub(crate) fn response(calls: &mut Calls<'_>) -> Result<Response, Error> {
    done(calls)?;
    let made = (CALLS.to_owned(), calls.made.to_string());
    let values = &mut calls.values;
    Ok(match values.is_set() {
        true => Response {
            status: u16::try_from(values.count()).unwrap_or(u16::MAX),
            headers: std::iter::once(made).chain(values.pairs()).collect(),
            body: values.body(),
            extra: values.fields(),
        },
        false => Response {
            status: 200,
            headers: vec![made],
            body: Body::Bytes(Vec::new()),
            extra: Vec::new(),
        },
    })
}

pub(crate) fn verdict(calls: &mut Calls<'_>) -> Result<Verdict, Error> {
    done(calls)?;
    let values = &mut calls.values;
    Ok(match values.one_of(4) {
        0 | 1 => Verdict::Allow,
        2 => Verdict::Refuse(values.text()),
        _ => Verdict::Other((values.text(), values.text())),
    })
}

pub(crate) fn receipt(calls: &mut Calls<'_>) -> Result<Receipt, NotCarried> {
    let values = &mut calls.values;
    let reason = |values: &mut Values<'_>| Reason {
        code: values.text(),
        detail: values.text(),
        address: values.maybe(Values::text),
        extra: values.fields(),
    };
    Err(match values.one_of(12) {
        1 => NotCarried::Retry((values.maybe(Values::small_count), reason(values))),
        2 => NotCarried::WindowClosed(reason(values)),
        3 => NotCarried::Unreachable(reason(values)),
        4 => NotCarried::Declined,
        5 => NotCarried::Unknown(reason(values)),
        6 => NotCarried::GiveUp(reason(values)),
        7 => NotCarried::Other((values.text(), reason(values))),
        _ => {
            return Ok(Receipt {
                external_id: values.maybe(Values::text),
                fields: values.fields(),
            });
        }
    })
}

/// JSON, or seldom something else.
pub(crate) fn shown(calls: &mut Calls<'_>) -> Result<String, Error> {
    done(calls)?;
    let values = &mut calls.values;
    Ok(match values.one_of(8) {
        7 => values.text(),
        _ => values.json(),
    })
}

pub(crate) fn report(calls: &mut Calls<'_>) -> Result<Answer, Error> {
    done(calls)?;
    let values = &mut calls.values;
    Ok(Answer {
        tables: values.list(table),
        charts: values.list(chart),
        extra: values.fields(),
    })
}

/// Mostly with as many cells as columns.
fn table(values: &mut Values<'_>) -> Table {
    let columns = values.list(|values| Column {
        name: values.text(),
        title: values.text(),
        kind: values.text(),
        extra: Vec::new(),
    });
    let is_even = values.one_of(8) > 0;
    let rows = values.list(|values| match is_even {
        true => columns.iter().map(|_| values.value()).collect(),
        false => values.list(Values::value),
    });
    let behind = match values.one_of(4) {
        0 => rows.iter().map(|_| values.text()).collect(),
        1 => values.texts(),
        _ => Vec::new(),
    };
    Table {
        name: values.text(),
        title: values.text(),
        columns,
        rows,
        behind,
        extra: values.fields(),
    }
}

fn chart(values: &mut Values<'_>) -> Chart {
    Chart {
        title: values.text(),
        kind: values.text(),
        table: values.text(),
        x: values.text(),
        series: values.texts(),
        options: values.json(),
    }
}
