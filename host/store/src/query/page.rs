//! Pages of tickets, in an order. A page begins behind the last ticket of the one before, by its values and not by its number: what comes and goes
//! meanwhile makes nobody see a ticket twice, or miss one that stayed where it was.

use super::{
    Asking, Selection,
    column::{Kept, kept, not_answerable, push_scalar},
    cursor, facts,
    sql::Sql,
};
use crate::{
    db::Arg,
    error::StoreError,
    limits::{QUERY_ROWS_MAX, SORT_KEYS_MAX},
    rows,
    tenant::{Read, TenantStore},
};
use guichet_core::{id::TicketId, ticket::Ticket};
use guichet_expression::{Name, Place, Type};

/// One of the fields by which a list is in order. What has no value comes last, whichever way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    pub name: Name,
    pub descending: bool,
}

impl SortKey {
    /// Newest first: the order of lists that name none.
    pub fn newest_first() -> Self {
        Self {
            name: Name {
                place: Place::Ticket("created_at".to_owned()),
                kind: Type::Instant,
            },
            descending: true,
        }
    }
}

/// Some tickets in their order.
#[derive(Debug, Clone)]
pub struct Page {
    pub tickets: Vec<Ticket>,
    /// The next page's cursor; absent on the last.
    pub next: Option<String>,
}

impl TenantStore {
    /// A page of tickets; newest first where no order is given.
    ///
    /// # Errors
    /// [`StoreError::TooLong`]; [`StoreError::Invalid`] for a cursor of another list, too many fields to sort by, or one that has no order.
    pub async fn find_tickets(
        &self,
        selection: &Selection,
        sort: &[SortKey],
        cursor: Option<&str>,
        limit: u32,
    ) -> Read<Page> {
        if sort.len() > SORT_KEYS_MAX {
            return Err(StoreError::Invalid(format!(
                "a list is sorted by {SORT_KEYS_MAX} fields at most"
            )));
        }
        let newest = [SortKey::newest_first()];
        let sort = if sort.is_empty() { &newest } else { sort };
        let limit = limit.clamp(1, QUERY_ROWS_MAX);
        let from = cursor
            .map(|cursor| cursor::read(cursor, sort))
            .transpose()?;
        let asking = Asking::begin(self, selection).await?;
        // One more tells whether there is a next page.
        let sql = statement(&asking, sort, from, u64::from(limit) + 1)?;
        let rows = asking.rows(sql).await?;
        let mut tickets = rows.iter().map(rows::ticket).collect::<Read<Vec<_>>>()?;
        let has_more = tickets.len() > limit as usize;
        tickets.truncate(limit as usize);
        let next = tickets
            .last()
            .filter(|_| has_more)
            .map(|last| cursor::after(last, sort))
            .transpose()?;
        Ok(Page { tickets, next })
    }
}

/// The statement of a page.
pub(super) fn statement(
    asking: &Asking<'_>,
    sort: &[SortKey],
    from: Option<(Vec<Option<Arg>>, TicketId)>,
    rows: u64,
) -> Read<Sql> {
    let keys = sort
        .iter()
        .map(|key| Key::of(key, asking.selection))
        .collect::<Read<Vec<_>>>()?;
    let mut sql = asking.sql();
    sql.push("select tickets.document from tickets where ");
    asking.push_conditions(&mut sql)?;
    if let Some((values, id)) = from {
        sql.push(" and ");
        push_behind(&mut sql, &keys, &values, id)?;
    }
    push_order(&mut sql, &keys, asking.has_few_candidates())?;
    sql.push(" limit ");
    sql.value(Arg::int(rows));
    Ok(sql)
}

/// A field to sort by, and whether any ticket that is chosen has no value there.
struct Key<'a> {
    key: &'a SortKey,
    may_be_null: bool,
}

impl<'a> Key<'a> {
    fn of(key: &'a SortKey, selection: &Selection) -> Read<Self> {
        if key.name.kind == Type::Texts {
            return Err(not_answerable(format_args!(
                "an order by `{}`: it is a list",
                key.name
            )));
        }
        let may_be_null = match kept(&key.name)? {
            Kept::Column { may_be_null, .. } => may_be_null,
            Kept::Field { .. } => true,
        };
        let is_something = selection
            .filter
            .as_ref()
            .is_some_and(|filter| facts::is_something(filter.tree(), &key.name));
        Ok(Self {
            key,
            may_be_null: may_be_null && !is_something,
        })
    }

    fn push(&self, sql: &mut Sql) -> Read<()> {
        push_scalar(sql, &self.key.name)?;
        if self.key.name.kind == Type::Text {
            sql.push(sql.by_code_points());
        }
        Ok(())
    }
}

/// Tickets that are equal in everything else are in the order of their ids, the way of the last field.
fn id_descending(keys: &[Key<'_>]) -> bool {
    keys.last().is_none_or(|last| last.key.descending)
}

/// Of few candidates SQLite would otherwise read all tickets off the index that is in this order, and look whether each is one of them.
fn push_order(sql: &mut Sql, keys: &[Key<'_>], of_few: bool) -> Read<()> {
    sql.push(" order by ");
    let way = |descending| if descending { " desc" } else { " asc" };
    for key in keys {
        if of_few && !sql.is_postgres {
            sql.push("+");
        }
        key.push(sql)?;
        sql.push(way(key.key.descending));
        // Said only where it matters: an index that has another order of nulls, and no nulls, is as good.
        if key.may_be_null {
            sql.push(" nulls last");
        }
        sql.push(", ");
    }
    sql.push("tickets.id");
    sql.push(way(id_descending(keys)));
    Ok(())
}

fn sign(descending: bool) -> &'static str {
    if descending { " < " } else { " > " }
}

/// Behind these values: greater in the first field, or equal there and greater in the next, and so on.
fn push_behind(sql: &mut Sql, keys: &[Key<'_>], values: &[Option<Arg>], id: TicketId) -> Read<()> {
    let id_descending = id_descending(keys);
    // The one form of which databases know that an index answers it.
    if let ([key], [Some(value)]) = (keys, values)
        && !key.may_be_null
        && key.key.descending == id_descending
    {
        sql.push("(");
        key.push(sql)?;
        sql.push(", tickets.id)");
        sql.push(sign(id_descending));
        sql.push("(");
        sql.values([value.clone(), Arg::bytes(id.0)]);
        sql.push(")");
        return Ok(());
    }
    sql.push("(");
    for end in 0..=keys.len() {
        if end > 0 {
            sql.push(" or ");
        }
        sql.push("(");
        for (key, value) in keys.iter().zip(values).take(end) {
            key.push(sql)?;
            match value {
                Some(value) => {
                    sql.push(" = ");
                    sql.value(value.clone());
                }
                None => sql.push(" is null"),
            }
            sql.push(" and ");
        }
        match keys.get(end).zip(values.get(end)) {
            None => {
                sql.push("tickets.id");
                sql.push(sign(id_descending));
                sql.value(Arg::bytes(id.0));
            }
            // Behind what has no value there is nothing.
            Some((_, None)) => sql.push("1 = 0"),
            Some((key, Some(value))) => {
                sql.push("(");
                key.push(sql)?;
                sql.push(sign(key.key.descending));
                sql.value(value.clone());
                if key.may_be_null {
                    sql.push(" or ");
                    key.push(sql)?;
                    sql.push(" is null");
                }
                sql.push(")");
            }
        }
        sql.push(")");
    }
    sql.push(")");
    Ok(())
}
