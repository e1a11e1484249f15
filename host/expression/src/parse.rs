//! From text to the parser's tree. The parser is the `cel` crate's; what it sees has been bounded, and what it says is told in our words.

use crate::{
    environment::Environment,
    error::{ExpressionError, Mistake, at},
    limits::NESTING_LEVELS_MAX,
    scan::scan,
    tree::Expression,
};
use cel::parser::{ParseErrors, Parser};
use std::panic::{AssertUnwindSafe, catch_unwind};

impl Expression {
    /// Reads a text as a condition on what the environment is about.
    ///
    /// # Errors
    /// [`ExpressionError`] with the place: a bound is broken, the text is no CEL, it names what is not in the environment, its types do not fit, or it
    /// says what no list can answer.
    pub fn parse(text: &str, environment: &Environment) -> Result<Self, ExpressionError> {
        scan(text)?;
        let depth = u16::try_from(NESTING_LEVELS_MAX * 2).unwrap_or(u16::MAX);
        let parser = Parser::default().max_recursion_depth(depth);
        // The parser is somebody else's: should it ever panic on a text, that text is refused, and nothing of ours is half-changed.
        let parsed = catch_unwind(AssertUnwindSafe(|| parser.parse_with_source_info(text)));
        match parsed {
            Ok(Ok((tree, places))) => crate::check::check(text, &tree, &places, environment),
            Ok(Err(errors)) => Err(syntax(text, &errors)),
            Err(_) => Err(at(
                text,
                0,
                Mistake::Syntax("the expression cannot be read".to_owned()),
            )),
        }
    }
}

/// The first error, in our words.
fn syntax(text: &str, errors: &ParseErrors) -> ExpressionError {
    let Some(first) = errors.errors.first() else {
        return at(text, 0, Mistake::Syntax("this is no expression".to_owned()));
    };
    let said = first.msg.as_str();
    let between = |before: &str| {
        let (_, rest) = said.split_once(before)?;
        Some(
            rest.split_once("' expecting")
                .map_or(rest, |(found, _)| found)
                .trim_end_matches('\''),
        )
    };
    let what = if said.contains("<EOF>' expecting") {
        "the expression ends too early: something is missing here".to_owned()
    } else if let Some(found) = between("token recognition error at: '") {
        match found.chars().next() {
            Some('"' | '\'') => "this text has no end: put a quotation mark behind it".to_owned(),
            Some('&') => "write && for and".to_owned(),
            Some('|') => "write || for or".to_owned(),
            Some('=') => "write == for is".to_owned(),
            _ => format!("`{found}` has no meaning here; texts stand in quotation marks"),
        }
    } else if let Some(found) = between("extraneous input '")
        .or(between("mismatched input '"))
        .or(between("no viable alternative at input '"))
    {
        format!("`{found}` is not expected here")
    } else if said.contains("int literal") {
        "this whole number is too large".to_owned()
    } else {
        format!(
            "this is no expression: {}",
            said.trim_start_matches("Syntax error: ")
        )
    };
    let count = |count: isize| u32::try_from(count.max(1)).unwrap_or(1);
    ExpressionError {
        line: count(first.pos.0),
        column: count(first.pos.1),
        mistake: Mistake::Syntax(what),
    }
}
