//! Plugins' indexed fields of tickets: rows by which a ticket is found; its document is what counts.

use crate::{
    Store,
    db::{Arg, Tx, placeholders},
    error::StoreError,
    limits::INDEXED_TEXT_CHARACTERS_MAX,
    rows,
};
use guichet_core::{
    id::{TenantId, TicketId},
    ticket::Ticket,
    value::Value,
};
use std::collections::{BTreeSet, HashMap};

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
        let number = match self.value.as_str() {
            "true" => Some(1),
            "false" => Some(0),
            text => text.parse().ok(),
        };
        let condition = "exists (select 1 from ticket_fields f where f.tenant_id = tickets.tenant_id and f.ticket_id = tickets.id and f.field = ? \
             and (f.text = ? or f.number = ?))";
        let values = vec![
            Arg::text(&self.field),
            Arg::text(shortened(&self.value)),
            Arg::Int(number),
        ];
        (condition.to_owned(), values)
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(INDEXED_TEXT_CHARACTERS_MAX).collect()
}

/// The rows of a ticket's field.
fn values(value: &Value) -> Vec<(Option<i64>, Option<String>)> {
    match value {
        Value::Integer(integer) => vec![(Some(*integer), None)],
        Value::Boolean(boolean) => vec![(Some((*boolean).into()), None)],
        Value::Instant { at } => vec![(Some(at.0), None)],
        Value::Text(text) => vec![(None, Some(shortened(text)))],
        Value::Texts(texts) => texts
            .iter()
            .take(100)
            .map(|text| (None, Some(shortened(text))))
            .collect(),
        Value::None | Value::Number { .. } | Value::Json { .. } => Vec::new(),
    }
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
    let mut args = vec![Arg::bytes(tenant.0)];
    args.extend(changed.keys().map(|id| Arg::bytes(id.0)));
    let sql = format!(
        "delete from ticket_fields where tenant_id = $1 and ticket_id in ({})",
        placeholders(1, changed.len())
    );
    tx.execute(&sql, args).await?;
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
            for (place, (number, text)) in values(value).into_iter().enumerate() {
                all.push(vec![
                    Arg::bytes(tenant.0),
                    Arg::bytes(id.0),
                    Arg::text(field),
                    Arg::Int(number),
                    Arg::Text(text),
                    Arg::int(place as u64),
                ]);
            }
        }
    }
    let head = "insert into ticket_fields (tenant_id, ticket_id, field, number, text, place)";
    tx.insert_many(head, all, "").await
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
            let sql = "select id, document from tickets where tenant_id = $1 and id > $2 order by id limit 500";
            let page = tx
                .rows(sql, vec![Arg::bytes(tenant.0), after.clone()])
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
