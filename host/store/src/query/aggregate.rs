//! Groups of tickets and what is measured of each, reckoned in the database.

use super::{
    Asking, Selection,
    buckets::Zone,
    column::{Kept, kept, not_answerable, push_scalar},
    sql::Sql,
};
use crate::{
    db::{Arg, Row},
    error::StoreError,
    limits::{GROUPS_MAX, MEASURES_MAX, QUERY_ROWS_MAX},
    tenant::{Read, TenantStore},
};
use guichet_core::{time::Timestamp, value::Value};
use guichet_expression::{Name, Type};

pub use super::buckets::Unit;

/// What tickets are put together by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Group {
    /// By its value. Of a list each text is one: a ticket counts in the group of each of its tags.
    Value(Name),
    /// By the hour, day, week or month of an instant, in the zone of the selection.
    Time(Unit, Name),
}

/// What is said of each group. Where nothing has a value, nothing is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    Count,
    Sum(Name),
    Average(Name),
    Least(Name),
    Greatest(Name),
}

impl Group {
    /// Of a name that can be grouped by.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] where time is asked of what is no instant.
    fn check(&self) -> Read<()> {
        match self {
            Self::Time(_, name) if name.kind != Type::Instant => Err(not_answerable(format_args!(
                "the time of `{name}`: it is no instant"
            ))),
            _ => Ok(()),
        }
    }
}

impl Measure {
    fn check(&self) -> Read<()> {
        let fits = match self {
            Self::Count => true,
            Self::Sum(name) => matches!(name.kind, Type::Integer | Type::Number),
            Self::Average(name) => {
                matches!(name.kind, Type::Integer | Type::Number | Type::Instant)
            }
            Self::Least(name) | Self::Greatest(name) => matches!(
                name.kind,
                Type::Integer | Type::Number | Type::Instant | Type::Text
            ),
        };
        match self {
            Self::Sum(name) | Self::Average(name) | Self::Least(name) | Self::Greatest(name)
                if !fits =>
            {
                Err(not_answerable(format_args!(
                    "this measure of `{name}`: sum is of numbers, avg of numbers and instants, min and max of these and of texts"
                )))
            }
            _ => Ok(()),
        }
    }
}

impl TenantStore {
    /// Rows of the groups' values, then of the measures', in the order of the groups; at most `limit` and at most 1,000.
    ///
    /// # Errors
    /// [`StoreError::TooLong`]; [`StoreError::Invalid`] for too many groups or measures, or such as do not fit their fields.
    pub async fn aggregate_tickets(
        &self,
        selection: &Selection,
        groups: &[Group],
        measures: &[Measure],
        limit: u32,
    ) -> Read<Vec<Vec<Value>>> {
        if groups.len() > GROUPS_MAX || measures.len() > MEASURES_MAX {
            return Err(StoreError::Invalid(format!(
                "an aggregate has {GROUPS_MAX} groups and {MEASURES_MAX} measures at most"
            )));
        }
        groups.iter().try_for_each(Group::check)?;
        measures.iter().try_for_each(Measure::check)?;
        if measures.is_empty() {
            return Err(StoreError::Invalid(
                "an aggregate has a measure, such as count".to_owned(),
            ));
        }
        let zone = match groups.iter().any(|group| matches!(group, Group::Time(..))) {
            true => Some(match &selection.zone {
                Some(zone) => Zone::named(zone)?,
                None => Zone::named(&self.zone().await?)?,
            }),
            false => None,
        };
        let asking = Asking::begin(self, selection).await?;
        let mut sql = asking.sql();
        push_groups(&mut sql, groups, measures, zone.as_ref(), |sql| {
            asking.push_conditions(sql)
        })?;
        sql.push(" limit ");
        sql.value(Arg::int(limit.clamp(1, QUERY_ROWS_MAX).into()));
        let rows = asking.rows(sql).await?;
        rows.iter()
            .map(|row| read(row, groups, measures, zone.as_ref()))
            .collect()
    }
}

/// The values of each ticket inside, what is reckoned of them outside: so each is named once, however it was found.
fn push_groups(
    sql: &mut Sql,
    groups: &[Group],
    measures: &[Measure],
    zone: Option<&Zone>,
    conditions: impl FnOnce(&mut Sql) -> Read<()>,
) -> Read<()> {
    sql.push("select ");
    for place in 0..groups.len() {
        sql.push(&format!("g{place}, "));
    }
    for (place, measure) in measures.iter().enumerate() {
        sql.push(if place > 0 { ", " } else { "" });
        push_measure(sql, place, measure);
    }
    sql.push(" from (select 1 as one");
    for (place, group) in groups.iter().enumerate() {
        sql.push(", ");
        match (group, zone) {
            (Group::Time(unit, name), Some(zone)) => match kept(name)? {
                Kept::Column { sql: column, .. } => zone.push(sql, *unit, column),
                // Its value is looked up once, in a join.
                Kept::Field { .. } => zone.push(sql, *unit, &format!("j{place}.at")),
            },
            (Group::Value(name) | Group::Time(_, name), _) if name.kind == Type::Texts => {
                sql.push(&format!("j{place}.item"));
            }
            (Group::Value(name) | Group::Time(_, name), _) => push_scalar(sql, name)?,
        }
        sql.push(&format!(" as g{place}"));
    }
    for (place, measure) in measures.iter().enumerate() {
        if let Some(name) = measure.name() {
            sql.push(", ");
            push_scalar(sql, name)?;
            sql.push(&format!(" as m{place}"));
        }
    }
    sql.push(" from tickets");
    for (place, group) in groups.iter().enumerate() {
        let (Group::Value(name) | Group::Time(_, name)) = group;
        let is_time = matches!(group, Group::Time(..));
        if let Kept::Field { name, column } = kept(name)?
            && (is_time || column == "item")
        {
            sql.push(&format!(
                " left join ticket_fields j{place} on j{place}.tenant_id = tickets.tenant_id and j{place}.ticket_id = tickets.id and j{place}.{column} is not null and j{place}.field = "
            ));
            sql.value(Arg::text(name));
        }
    }
    sql.push(" where ");
    conditions(sql)?;
    sql.push(") as chosen");
    let texts = groups.iter().map(|group| match group {
        Group::Value(name) if matches!(name.kind, Type::Text | Type::Texts) => sql.by_code_points(),
        _ => "",
    });
    let places: Vec<_> = texts
        .enumerate()
        .map(|(place, collation)| {
            (
                format!("g{place}"),
                format!("g{place}{collation} nulls last"),
            )
        })
        .collect();
    if !places.is_empty() {
        let names: Vec<_> = places.iter().map(|(name, _)| name.as_str()).collect();
        let order: Vec<_> = places.iter().map(|(_, order)| order.as_str()).collect();
        sql.push(&format!(
            " group by {} order by {}",
            names.join(", "),
            order.join(", ")
        ));
    }
    Ok(())
}

impl Measure {
    fn name(&self) -> Option<&Name> {
        match self {
            Self::Count => None,
            Self::Sum(name) | Self::Average(name) | Self::Least(name) | Self::Greatest(name) => {
                Some(name)
            }
        }
    }
}

/// A sum of whole numbers is kept as two, of their upper and of their lower half: neither overflows, and the sum is exact.
const HALF: i64 = 1 << 32;

fn push_measure(sql: &mut Sql, place: usize, measure: &Measure) {
    let column = format!("m{place}");
    let whole = |sql: &mut Sql, reckoned: String, name: &str| {
        sql.push(&format!("cast({reckoned} as bigint) as {column}_{name}"));
    };
    match measure {
        Measure::Count => whole(sql, "count(*)".to_owned(), "n"),
        Measure::Sum(name) | Measure::Average(name) => {
            whole(sql, format!("count({column})"), "n");
            sql.push(", ");
            if matches!(name.kind, Type::Integer | Type::Instant) {
                whole(sql, format!("sum({column} / {HALF})"), "high");
                sql.push(", ");
                whole(sql, format!("sum({column} % {HALF})"), "low");
            } else {
                sql.push(&format!("sum({column}) as {column}_sum"));
            }
        }
        Measure::Least(name) | Measure::Greatest(name) => {
            let function = match measure {
                Measure::Least(_) => "min",
                _ => "max",
            };
            let collation = match name.kind {
                Type::Text => sql.by_code_points(),
                _ => "",
            };
            sql.push(&format!("{function}({column}{collation}) as {column}_v"));
        }
    }
}

fn read(
    row: &Row,
    groups: &[Group],
    measures: &[Measure],
    zone: Option<&Zone>,
) -> Read<Vec<Value>> {
    let mut values = Vec::with_capacity(groups.len() + measures.len());
    for (place, group) in groups.iter().enumerate() {
        let column = format!("g{place}");
        values.push(match (group, zone) {
            (Group::Time(unit, _), Some(zone)) => match row.opt_int(&column)? {
                Some(number) => Value::Instant {
                    at: zone.beginning(*unit, number)?,
                },
                None => Value::None,
            },
            (Group::Value(name) | Group::Time(_, name), _) => value(row, &column, name.kind)?,
        });
    }
    for (place, measure) in measures.iter().enumerate() {
        values.push(measured(row, &format!("m{place}"), measure)?);
    }
    Ok(values)
}

fn value(row: &Row, column: &str, kind: Type) -> Read<Value> {
    let value = match kind {
        Type::Text | Type::Texts => row.opt_text(column)?.map(Value::Text),
        Type::Id => row.opt_id(column)?.map(|id| Value::Text(id.to_string())),
        Type::Integer => row.opt_int(column)?.map(Value::Integer),
        Type::Number => row.opt_real(column)?.map(|number| Value::Number { number }),
        Type::Boolean => row.opt_int(column)?.map(|truth| Value::Boolean(truth == 1)),
        Type::Instant => row
            .opt_int(column)?
            .map(|at| Value::Instant { at: Timestamp(at) }),
        Type::Any => None,
    };
    Ok(value.unwrap_or_default())
}

fn measured(row: &Row, column: &str, measure: &Measure) -> Read<Value> {
    let count = || row.int(&format!("{column}_n"));
    match measure {
        Measure::Count => count().map(Value::Integer),
        Measure::Least(name) | Measure::Greatest(name) => {
            value(row, &format!("{column}_v"), name.kind)
        }
        Measure::Sum(name) | Measure::Average(name) => {
            let count = count()?;
            if count == 0 {
                return Ok(Value::None);
            }
            let is_average = matches!(measure, Measure::Average(_));
            if matches!(name.kind, Type::Integer | Type::Instant) {
                let high = i128::from(row.int(&format!("{column}_high"))?);
                let sum = high * i128::from(HALF) + i128::from(row.int(&format!("{column}_low"))?);
                if name.kind == Type::Instant {
                    // The mean of instants is one: no further than the furthest of them.
                    let mean = i64::try_from(sum / i128::from(count)).unwrap_or_default();
                    return Ok(Value::Instant {
                        at: Timestamp(mean),
                    });
                }
                return Ok(match i64::try_from(sum) {
                    Ok(sum) if !is_average => Value::Integer(sum),
                    _ if is_average => Value::Number {
                        number: sum as f64 / count as f64,
                    },
                    _ => Value::Number { number: sum as f64 },
                });
            }
            let sum = row.opt_real(&format!("{column}_sum"))?;
            let sum = sum.filter(|sum| sum.is_finite());
            match sum {
                Some(sum) => Ok(Value::Number {
                    number: if is_average { sum / count as f64 } else { sum },
                }),
                None => Err(StoreError::Invalid(format!(
                    "the sum of `{name}` is too large for a number"
                ))),
            }
        }
    }
}
