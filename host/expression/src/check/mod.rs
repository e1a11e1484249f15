//! From the parser's tree to the typed one: every name is looked up, every type is fitted, and what cannot be answered is refused where it stands.

/// Names, and constants: what stands on a side of a comparison.
mod sides;

/// Two sides, fitted to each other.
mod compare;

use crate::{
    environment::{About, Environment, Type},
    error::{ExpressionError, Mistake, at},
    limits::{NESTING_LEVELS_MAX, NODES_MAX},
    tree::{Comparison, Expression, Literal, Matching, Name, Term, Tree},
};
use cel::{
    common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SourceInfo, operators},
    common::types::CelString,
};
use sides::Side;

/// Checks a whole expression.
pub(crate) fn check(
    text: &str,
    tree: &IdedExpr,
    places: &SourceInfo,
    environment: &Environment,
) -> Result<Expression, ExpressionError> {
    let mut checker = Checker {
        text,
        places,
        environment,
        nodes: 0,
        depth: 0,
    };
    checker
        .condition(tree, Within::Outermost)
        .map(Expression::new)
}

/// Whether a condition is one of those that must all hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Outermost,
    Other,
}

struct Checker<'a> {
    text: &'a str,
    places: &'a SourceInfo,
    environment: &'a Environment,
    nodes: usize,
    depth: usize,
}

type Checked<T> = Result<T, ExpressionError>;

impl Checker<'_> {
    fn refused<T>(&self, place: &IdedExpr, mistake: Mistake) -> Checked<T> {
        Err(at(self.text, self.start(place), mistake))
    }

    fn wrong_type<T>(&self, place: &IdedExpr, what: impl Into<String>) -> Checked<T> {
        self.refused(place, Mistake::Type(what.into()))
    }

    fn unsupported<T>(&self, place: &IdedExpr, what: impl Into<String>) -> Checked<T> {
        self.refused(place, Mistake::Unsupported(what.into()))
    }

    /// Where a part of the expression begins, in bytes. The parser names operators by their sign and calls by their bracket.
    fn start(&self, part: &IdedExpr) -> usize {
        let own = self
            .places
            .offset_for(part.id)
            .map_or(0, |(start, _)| start as usize);
        match &part.expr {
            Expr::Call(call) => {
                let operands = call.target.iter().map(AsRef::as_ref).chain(&call.args);
                let first = operands.map(|part| self.start(part)).min().unwrap_or(own);
                own.saturating_sub(self.name_before(own, &call.func_name))
                    .min(first)
            }
            Expr::Select(select) if select.test => own - self.name_before(own, "has"),
            Expr::Select(select) => own.min(self.start(&select.operand)),
            Expr::Comprehension(all) => own.min(self.start(&all.iter_range)),
            _ => own,
        }
    }

    /// How far before a call's bracket its name begins.
    fn name_before(&self, bracket: usize, name: &str) -> usize {
        let before = self.text.get(..bracket).unwrap_or_default().trim_end();
        if before.ends_with(name) {
            bracket - (before.len() - name.len())
        } else {
            0
        }
    }

    /// Counts a part, and goes one level down.
    fn enter(&mut self, part: &IdedExpr) -> Checked<()> {
        self.nodes += 1;
        self.depth += 1;
        if self.nodes > NODES_MAX {
            return self.refused(part, Mistake::TooManyParts);
        }
        if self.depth > NESTING_LEVELS_MAX {
            return self.refused(part, Mistake::TooDeep);
        }
        Ok(())
    }

    /// A part that is yes or no.
    fn condition(&mut self, part: &IdedExpr, within: Within) -> Checked<Tree> {
        self.enter(part)?;
        let tree = self.condition_within(part, within)?;
        self.depth -= 1;
        Ok(tree)
    }

    fn condition_within(&mut self, part: &IdedExpr, within: Within) -> Checked<Tree> {
        let call = match &part.expr {
            Expr::Literal(LiteralValue::Boolean(boolean)) => {
                return Ok(Tree::Constant(*boolean.inner()));
            }
            Expr::Call(call) => call,
            _ => return self.truth_of(part),
        };
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_AND, [left, right]) => {
                let (left, right) = (
                    self.condition(left, within)?,
                    self.condition(right, within)?,
                );
                Ok(joined(left, right, Tree::And, |tree| match tree {
                    Tree::And(parts) => Ok(parts),
                    other => Err(other),
                }))
            }
            (operators::LOGICAL_OR, [left, right]) => {
                let left = self.condition(left, Within::Other)?;
                let right = self.condition(right, Within::Other)?;
                Ok(joined(left, right, Tree::Or, |tree| match tree {
                    Tree::Or(parts) => Ok(parts),
                    other => Err(other),
                }))
            }
            (operators::LOGICAL_NOT, [inner]) => {
                let inner = self.condition(inner, Within::Other)?;
                Ok(Tree::Not(Box::new(inner)))
            }
            (operators::IN, [left, right]) => self.membership(part, left, right),
            (sign, [left, right]) if comparison(sign).is_some() => {
                let how = comparison(sign).unwrap_or(Comparison::Equal);
                self.comparison(part, left, how, right)
            }
            ("contains" | "startsWith" | "endsWith", _) => self.matching(part, call),
            ("text", [words]) if call.target.is_none() => self.words(part, words, within),
            ("changed", [field])
                if call.target.is_none() && self.environment.about == About::Events =>
            {
                let field = self.field_name(part, field)?;
                Ok(Tree::Changed(field.0))
            }
            _ => self.truth_of(part),
        }
    }

    /// A name that is itself yes or no.
    fn truth_of(&mut self, part: &IdedExpr) -> Checked<Tree> {
        let is_true = Term::Literal(Literal::Boolean(true));
        match self.side(part)? {
            Side::Name(name) if matches!(name.kind, Type::Boolean | Type::Any) => {
                let name = Name {
                    kind: Type::Boolean,
                    ..name
                };
                Ok(Tree::Compare(Term::Name(name), Comparison::Equal, is_true))
            }
            side => self.wrong_type(
                part,
                format!("this is {}: compare it with something", side.told()),
            ),
        }
    }

    fn words(&mut self, part: &IdedExpr, words: &IdedExpr, within: Within) -> Checked<Tree> {
        if self.environment.about == About::Events {
            return self.unsupported(part, "text(…) is for lists of tickets only");
        }
        if !self.environment.has_words() {
            return self.unsupported(
                part,
                "`text(…)` is not for you: not all that was said may be read by you",
            );
        }
        if within != Within::Outermost {
            return self.refused(part, Mistake::WordsWithin);
        }
        self.enter(words)?;
        self.depth -= 1;
        match literal_text(words) {
            Some(text) => Ok(Tree::Words(self.checked_text(words, text)?)),
            None => self.wrong_type(words, "text(…) takes words within quotation marks"),
        }
    }

    fn matching(&mut self, part: &IdedExpr, call: &CallExpr) -> Checked<Tree> {
        let how = match call.func_name.as_str() {
            "contains" => Matching::Contains,
            "startsWith" => Matching::StartsWith,
            _ => Matching::EndsWith,
        };
        let usage = format!("write subject.{}(\"…\")", how.name());
        let (Some(target), [wanted]) = (call.target.as_deref(), call.args.as_slice()) else {
            return self.unsupported(part, usage);
        };
        let name = match self.side(target)? {
            Side::Name(name) if matches!(name.kind, Type::Text | Type::Any) => Name {
                kind: Type::Text,
                ..name
            },
            Side::Name(name) if name.kind == Type::Texts => {
                return self
                    .wrong_type(target, format!("`{name}` is a list: write \"…\" in {name}"));
            }
            side => {
                return self.wrong_type(
                    target,
                    format!("this is {}; {} asks of a text", side.told(), how.name()),
                );
            }
        };
        self.enter(wanted)?;
        self.depth -= 1;
        let Some(text) = literal_text(wanted) else {
            return self.wrong_type(wanted, usage);
        };
        let text = self.checked_text(wanted, text)?;
        self.fits_field(wanted, &name, &text)?;
        Ok(Tree::Matches(Term::Name(name), how, text))
    }
}

/// Two conditions as one list, with the lists that they are already.
fn joined(
    left: Tree,
    right: Tree,
    of: fn(Vec<Tree>) -> Tree,
    parts: fn(Tree) -> Result<Vec<Tree>, Tree>,
) -> Tree {
    let list = |tree| parts(tree).unwrap_or_else(|alone| vec![alone]);
    let mut all = list(left);
    all.extend(list(right));
    of(all)
}

fn comparison(sign: &str) -> Option<Comparison> {
    Some(match sign {
        operators::EQUALS => Comparison::Equal,
        operators::NOT_EQUALS => Comparison::NotEqual,
        operators::LESS => Comparison::Less,
        operators::LESS_EQUALS => Comparison::LessOrEqual,
        operators::GREATER => Comparison::Greater,
        operators::GREATER_EQUALS => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

/// The text of a literal.
fn literal_text(part: &IdedExpr) -> Option<&str> {
    match &part.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(inner_text(text)),
        _ => None,
    }
}

fn inner_text<'a>(text: &'a CelString<'static>) -> &'a str {
    text.inner()
}
