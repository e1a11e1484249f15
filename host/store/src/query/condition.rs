//! From the typed tree to SQL that says the same as the interpreter, for every row.
//!
//! `not` is carried down to the leaves, so that no SQL `not` ever meets a null. A leaf that is wanted may be null instead of false: where rows are chosen,
//! both choose none, and so do `and` and `or` of them. A leaf that is not wanted is `… is not true`, which is never null.

use super::{
    column::{Kept, constant, kept, not_answerable, push_scalar},
    sql::Sql,
};
use crate::{db::Arg, error::StoreError};
use guichet_expression::{Bindings, Comparison, Matching, Name, Term, Tree, Type};

/// What one value is asked. No null passes.
enum Test<'a> {
    Present,
    Is(Comparison, Arg),
    OneOf(Vec<Arg>),
    NoneOf(Vec<Arg>),
    Matches(Matching, &'a str),
}

/// Writes the condition that the tree is as wanted: that it holds, or that it does not.
pub(super) fn push(
    sql: &mut Sql,
    tree: &Tree,
    wanted: bool,
    bindings: &Bindings,
) -> Result<(), StoreError> {
    match tree {
        Tree::Constant(truth) => {
            sql.push(if *truth == wanted { "1 = 1" } else { "1 = 0" });
            Ok(())
        }
        Tree::Not(inner) => push(sql, inner, !wanted, bindings),
        Tree::And(parts) | Tree::Or(parts) => {
            let joined = match matches!(tree, Tree::And(_)) == wanted {
                true => " and ",
                false => " or ",
            };
            sql.push("(");
            for (place, part) in parts.iter().enumerate() {
                if place > 0 {
                    sql.push(joined);
                }
                push(sql, part, wanted, bindings)?;
            }
            sql.push(")");
            Ok(())
        }
        Tree::Compare(Term::Name(one), how, Term::Name(other)) => {
            two_names(sql, one, *how, other, wanted)
        }
        Tree::Compare(Term::Name(name), how, term) => {
            compare(sql, name, *how, term, wanted, bindings)
        }
        Tree::Compare(term, how, Term::Name(name)) => {
            compare(sql, name, how.turned(), term, wanted, bindings)
        }
        Tree::Matches(Term::Name(name), how, text) => {
            one_name(sql, name, wanted, &Test::Matches(*how, text))
        }
        Tree::OneOf(Term::Name(name), constants) => {
            let mut has_null = false;
            let mut values = Vec::with_capacity(constants.len());
            for term in constants {
                match constant(term, name.kind, bindings)? {
                    Some(value) => values.push(value),
                    None => has_null = true,
                }
            }
            // Null among them: it is one of them unless it is something, and none of the others.
            match (has_null, values.is_empty()) {
                (true, true) => one_name(sql, name, !wanted, &Test::Present),
                (true, false) => one_name(sql, name, !wanted, &Test::NoneOf(values)),
                (false, _) => one_name(sql, name, wanted, &Test::OneOf(values)),
            }
        }
        Tree::Has(name, text) => one_name(
            sql,
            name,
            wanted,
            &Test::Is(Comparison::Equal, Arg::text(text)),
        ),
        Tree::IsEmpty(name) => one_name(sql, name, !wanted, &Test::Present),
        Tree::Compare(..)
        | Tree::Matches(..)
        | Tree::OneOf(..)
        | Tree::Words(_)
        | Tree::Changed(_) => Err(not_answerable(tree)),
    }
}

fn compare(
    sql: &mut Sql,
    name: &Name,
    how: Comparison,
    term: &Term,
    wanted: bool,
    bindings: &Bindings,
) -> Result<(), StoreError> {
    match (how, constant(term, name.kind, bindings)?) {
        (Comparison::Equal, None) => one_name(sql, name, !wanted, &Test::Present),
        (Comparison::NotEqual, None) => one_name(sql, name, wanted, &Test::Present),
        // Nothing is before or after null.
        (_, None) => push(sql, &Tree::Constant(false), wanted, bindings),
        (Comparison::NotEqual, Some(value)) => {
            one_name(sql, name, !wanted, &Test::Is(Comparison::Equal, value))
        }
        (how, Some(value)) => one_name(sql, name, wanted, &Test::Is(how, value)),
    }
}

fn two_names(
    sql: &mut Sql,
    one: &Name,
    how: Comparison,
    other: &Name,
    wanted: bool,
) -> Result<(), StoreError> {
    let collation = match (how.is_order(), one.kind) {
        (true, Type::Text) => sql.by_code_points(),
        _ => "",
    };
    sql.push("(");
    push_scalar(sql, one)?;
    sql.push(collation);
    let (sign, wanted) = match how {
        Comparison::Equal => (is_distinct(!wanted), true),
        Comparison::NotEqual => (is_distinct(wanted), true),
        how => (how.sign(), wanted),
    };
    sql.push(&format!(" {sign} "));
    push_scalar(sql, other)?;
    sql.push(if wanted { ")" } else { ") is not true" });
    Ok(())
}

fn is_distinct(is: bool) -> &'static str {
    if is {
        "is distinct from"
    } else {
        "is not distinct from"
    }
}

/// Whether the value of a name passes a test. Of a list, whether one of its texts does.
fn one_name(sql: &mut Sql, name: &Name, wanted: bool, test: &Test<'_>) -> Result<(), StoreError> {
    match kept(name)? {
        Kept::Column {
            sql: column,
            may_be_null,
        } => match (test, wanted, may_be_null) {
            (Test::Present, _, false) => {
                sql.push(if wanted { "1 = 1" } else { "1 = 0" });
            }
            (Test::Present, false, true) => sql.push(&format!("{column} is null")),
            (test, wanted, _) => {
                sql.push("(");
                passes(sql, column, name.kind, test);
                sql.push(if wanted { ")" } else { ") is not true" });
            }
        },
        // Tickets are looked up by what they have, and each is looked at for what it has not.
        Kept::Field {
            name: field,
            column,
        } => {
            sql.push(match wanted {
                true => "tickets.id in (select f.ticket_id from ticket_fields f where f.tenant_id = $1 and f.field = ",
                false => "not exists (select 1 from ticket_fields f where f.tenant_id = $1 and f.ticket_id = tickets.id and f.field = ",
            });
            sql.value(Arg::text(field));
            sql.push(" and ");
            passes(sql, &format!("f.{column}"), name.kind, test);
            sql.push(")");
        }
    }
    Ok(())
}

fn passes(sql: &mut Sql, value: &str, kind: Type, test: &Test<'_>) {
    let characters = |text: &str| Arg::int(text.chars().count() as u64);
    sql.push(value);
    match test {
        Test::Present => sql.push(" is not null"),
        Test::Is(how, wanted) => {
            if how.is_order() && kind == Type::Text {
                sql.push(sql.by_code_points());
            }
            sql.push(match how {
                Comparison::Equal => " = ",
                Comparison::NotEqual => " <> ",
                Comparison::Less => " < ",
                Comparison::LessOrEqual => " <= ",
                Comparison::Greater => " > ",
                Comparison::GreaterOrEqual => " >= ",
            });
            sql.value(wanted.clone());
        }
        Test::OneOf(values) | Test::NoneOf(values) => {
            sql.push(match test {
                Test::OneOf(_) => " in (",
                _ => " not in (",
            });
            sql.values(values.iter().cloned());
            sql.push(")");
        }
        // Every text has the empty one in it.
        Test::Matches(_, "") => sql.push(" is not null"),
        Test::Matches(how, text) => {
            // The value stands within a call.
            sql.text.truncate(sql.text.len() - value.len());
            match (how, sql.is_postgres) {
                (Matching::Contains, true) => {
                    sql.push(&format!("strpos({value}, "));
                    sql.value(Arg::text(*text));
                    return sql.push(") > 0");
                }
                (Matching::Contains, false) => {
                    sql.push(&format!("instr({value}, "));
                    sql.value(Arg::text(*text));
                    return sql.push(") > 0");
                }
                (Matching::StartsWith, true) => sql.push(&format!("left({value}, cast(")),
                (Matching::EndsWith, true) => sql.push(&format!("right({value}, cast(")),
                (Matching::StartsWith, false) => sql.push(&format!("substr({value}, 1, cast(")),
                (Matching::EndsWith, false) => sql.push(&format!("substr({value}, -cast(")),
            }
            sql.value(characters(text));
            sql.push(" as integer)) = ");
            sql.value(Arg::text(*text));
        }
    }
}
