//! Plugins' indexed fields of tickets, and tags: rows by which a ticket is found; its document is what counts.

use crate::{
    Store,
    db::{Arg, Tx, placeholders},
    error::StoreError,
    limits::{INDEXED_TEXT_CHARACTERS_MAX, INDEXED_TEXTS_MAX},
    rows,
};
use guichet_core::{
    id::{TenantId, TicketId},
    ticket::Ticket,
    value::Value,
};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What a field is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldIs {
    /// `publisher/name/field`.
    pub field: String,
    /// A text, or a whole number as text.
    pub value: String,
}

impl FieldIs {
    /// A condition on tickets.
    pub(crate) fn condition(&self) -> (String, Vec<Arg>) {
        let truth = match self.value.as_str() {
            "true" => Some(1),
            "false" => Some(0),
            _ => None,
        };
        let condition = "tickets.id in (select f.ticket_id from ticket_fields f where f.tenant_id = $1 and f.field = ? \
             and (f.text = ? or f.item = ? or f.number = ? or f.truth = ?))";
        let text = || Arg::text(shortened(&self.value));
        let values = vec![
            Arg::text(&self.field),
            text(),
            text(),
            Arg::Int(self.value.parse().ok()),
            Arg::Int(truth),
        ];
        (condition.to_owned(), values)
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(INDEXED_TEXT_CHARACTERS_MAX).collect()
}

/// A value in the column for its type: expressions compare a field by its declared type, and what is of another is null to them.
fn row(value: &Value) -> Option<[Arg; 6]> {
    let mut row = [
        Arg::Int(None),
        Arg::Real(None),
        Arg::Int(None),
        Arg::Int(None),
        Arg::Text(None),
        Arg::Text(None),
    ];
    match value {
        // A field of numbers may hold a whole one.
        Value::Integer(integer) => {
            row[0] = Arg::Int(Some(*integer));
            row[1] = Arg::Real(Some(*integer as f64));
        }
        Value::Number { number } if number.is_finite() => row[1] = Arg::Real(Some(*number)),
        Value::Boolean(boolean) => row[2] = Arg::Int(Some((*boolean).into())),
        Value::Instant { at } => row[3] = Arg::Int(Some(at.0)),
        Value::Text(text) => row[4] = Arg::text(shortened(text)),
        _ => return None,
    }
    Some(row)
}

/// The rows of a ticket's field.
fn rows_of(value: &Value) -> Vec<[Arg; 6]> {
    match value {
        Value::Texts(texts) => texts
            .iter()
            .take(INDEXED_TEXTS_MAX)
            .map(|text| {
                let mut row = [const { Arg::Int(None) }; 6];
                row[1] = Arg::Real(None);
                row[4] = Arg::Text(None);
                row[5] = Arg::text(shortened(text));
                row
            })
            .collect(),
        value => row(value).into_iter().collect(),
    }
}

fn push(all: &mut Vec<Vec<Arg>>, tenant: TenantId, ticket: TicketId, field: &str, value: &Value) {
    for (place, row) in rows_of(value).into_iter().enumerate() {
        let key = [
            Arg::bytes(tenant.0),
            Arg::bytes(ticket.0),
            Arg::text(field),
            Arg::int(place as u64),
        ];
        all.push(key.into_iter().chain(row).collect());
    }
}

const HEAD: &str = "insert into ticket_fields (tenant_id, ticket_id, field, place, number, real, truth, at, text, item)";

async fn clear(
    tx: &mut Tx,
    tenant: TenantId,
    tickets: impl ExactSizeIterator<Item = &TicketId>,
    which: &str,
) -> Result<(), StoreError> {
    let these = placeholders(1, tickets.len());
    let args = std::iter::once(Arg::bytes(tenant.0)).chain(tickets.map(|id| Arg::bytes(id.0)));
    let sql = format!(
        "delete from ticket_fields where tenant_id = $1 and ticket_id in ({these}) and {which}"
    );
    tx.execute(&sql, args.collect()).await.map(drop)
}

/// The rows of these tickets anew, for the fields named with them.
pub(crate) async fn write(
    tx: &mut Tx,
    tenant: TenantId,
    changed: &HashMap<TicketId, BTreeSet<String>>,
    tickets: &HashMap<TicketId, Ticket>,
) -> Result<(), StoreError> {
    if changed.is_empty() {
        return Ok(());
    }
    clear(tx, tenant, changed.keys(), "field <> 'tags'").await?;
    let mut all = Vec::new();
    for (id, indexed) in changed {
        let Some(ticket) = tickets.get(id) else {
            continue;
        };
        for (field, value) in ticket
            .fields
            .iter()
            .filter(|(name, _)| indexed.contains(*name))
        {
            push(&mut all, tenant, *id, field, value);
        }
    }
    tx.insert_many(HEAD, all, "").await
}

/// The tags of these tickets anew: found as a plugin's list of texts is.
pub(crate) async fn write_tags(
    tx: &mut Tx,
    tenant: TenantId,
    changed: &HashSet<TicketId>,
    tickets: &HashMap<TicketId, Ticket>,
) -> Result<(), StoreError> {
    if changed.is_empty() {
        return Ok(());
    }
    clear(tx, tenant, changed.iter(), "field = 'tags'").await?;
    let mut all = Vec::new();
    for ticket in changed.iter().filter_map(|id| tickets.get(id)) {
        let tags = ticket.field("tags");
        push(&mut all, tenant, ticket.id, "tags", &tags);
    }
    tx.insert_many(HEAD, all, "").await
}

/// The whole names of the fields by which tickets are found, by the manifests that are kept.
pub(crate) async fn declared(
    tx: &mut Tx,
) -> Result<HashMap<TenantId, BTreeSet<String>>, StoreError> {
    let mut all = HashMap::<_, BTreeSet<String>>::new();
    for row in tx
        .rows("select tenant_id, plugin, manifest from installs", vec![])
        .await?
    {
        let (tenant, plugin) = (TenantId(row.id("tenant_id")?), row.text("plugin")?);
        let manifest: serde_json::Value = rows::from_json(&row.text("manifest")?)?;
        let fields = manifest["fields"].as_array().into_iter().flatten();
        let indexed = fields.filter(|field| field["indexed"] == true);
        let names = indexed.filter_map(|field| field["name"].as_str());
        all.entry(tenant)
            .or_default()
            .extend(names.map(|name| format!("{plugin}/{name}")));
    }
    Ok(all)
}

impl Store {
    /// Makes the rows of a tenant's tickets anew, for these fields: a plugin that comes to declare them has them on tickets already, perhaps.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn index_fields(
        &self,
        tenant: TenantId,
        indexed: &BTreeSet<String>,
    ) -> Result<(), StoreError> {
        let mut after = Arg::Bytes(Some(Vec::new()));
        loop {
            // A page a transaction: others write in between. Only tickets that have any plugin's field are rewritten.
            let mut tx = self.db.begin().await?;
            // On SQLite there is one writer anyway.
            let lock = if tx.is_postgres() { " for update" } else { "" };
            let sql = format!(
                "select id, document from tickets where tenant_id = $1 and id > $2 order by id limit 500{lock}"
            );
            let page = tx
                .rows(&sql, vec![Arg::bytes(tenant.0), after.clone()])
                .await?;
            let mut tickets = HashMap::new();
            for row in &page {
                after = Arg::bytes(row.id("id")?);
                let ticket = rows::ticket(row)?;
                if !ticket.fields.is_empty() {
                    tickets.insert(ticket.id, ticket);
                }
            }
            let changed = tickets
                .keys()
                .map(|id| (*id, indexed.clone()))
                .collect::<HashMap<_, _>>();
            write(&mut tx, tenant, &changed, &tickets).await?;
            tx.commit().await?;
            if page.len() < 500 {
                return Ok(());
            }
        }
    }
}
