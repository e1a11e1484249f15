//! Tickets' rows. The document is the ticket; the columns beside it are copies, to find, list, count and sum by.

use crate::{
    db::{Arg, Tx},
    error::StoreError,
    query::is_open,
    rows,
};
use guichet_core::{
    id::TenantId,
    ticket::{Ticket, due::Periods},
    time::Timestamp,
};

/// In the order of [`args`]; the first two are the key, the third is when the ticket was made, and none of these ever changes.
const COLUMNS: [&str; 24] = [
    "tenant_id",
    "id",
    "created_at",
    "number",
    "version",
    "state",
    "is_open",
    "subject",
    "kind",
    "channel",
    "requester",
    "assignee",
    "group_id",
    "impact",
    "urgency",
    "priority",
    "updated_at",
    "due_at",
    "pending_reason",
    "pending_until",
    "solved_at",
    "reopen_count",
    "merged_into",
    "legal_hold",
];

/// Writes these tickets as they are.
pub(crate) async fn write(
    tx: &mut Tx,
    tenant: TenantId,
    tickets: impl Iterator<Item = &Ticket>,
) -> Result<(), StoreError> {
    let rows = tickets
        .map(|ticket| args(tenant, ticket))
        .collect::<Result<Vec<_>, _>>()?;
    let head = format!("insert into tickets ({}, document)", COLUMNS.join(", "));
    let updates: Vec<_> = COLUMNS[3..]
        .iter()
        .chain(&["document"])
        .map(|column| format!("{column} = excluded.{column}"))
        .collect();
    let update = format!(
        "on conflict (tenant_id, id) do update set {}",
        updates.join(", ")
    );
    tx.insert_many(&head, rows, &update).await
}

fn args(tenant: TenantId, ticket: &Ticket) -> Result<Vec<Arg>, StoreError> {
    let instant = |at: Option<Timestamp>| Arg::Int(at.map(|at| at.0));
    Ok(vec![
        Arg::bytes(tenant.0),
        Arg::bytes(ticket.id.0),
        Arg::Int(Some(ticket.created_at.0)),
        ticket.number.map_or(Arg::Int(None), Arg::int),
        Arg::int(ticket.version),
        Arg::text(ticket.state.name()),
        Arg::Int(Some(is_open(ticket.state).into())),
        Arg::text(&ticket.subject),
        Arg::text(&ticket.kind),
        Arg::text(&ticket.channel),
        Arg::bytes(ticket.requester.0),
        Arg::bytes_or_null(ticket.assignee.map(|id| id.0)),
        Arg::bytes_or_null(ticket.group.map(|id| id.0)),
        Arg::int(ticket.impact.into()),
        Arg::int(ticket.urgency.into()),
        Arg::int(ticket.priority().into()),
        Arg::Int(Some(ticket.updated_at.0)),
        instant(ticket.next_deed(&Periods::default()).map(|(at, _)| at)),
        Arg::Text(ticket.pending_reason.clone()),
        instant(ticket.pending_until),
        instant(ticket.solved_at),
        Arg::int(ticket.reopen_count.into()),
        Arg::bytes_or_null(ticket.merged_into.map(|id| id.0)),
        Arg::Int(Some(ticket.legal_hold.into())),
        rows::json(ticket)?,
    ])
}

/// Makes the columns and rows beside each document anew: what a migration adds of them has to come from somewhere.
pub(crate) async fn refill(tx: &mut Tx) -> Result<(), StoreError> {
    let fields = crate::fields::declared(tx).await?;
    let mut after = [Arg::Bytes(Some(Vec::new())), Arg::Bytes(Some(Vec::new()))];
    loop {
        let sql = "select tenant_id, id, document from tickets where (tenant_id, id) > ($1, $2) order by tenant_id, id limit 500";
        let page = tx.rows(sql, after.to_vec()).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = [
            Arg::bytes(last.id("tenant_id")?),
            Arg::bytes(last.id("id")?),
        ];
        let mut of_tenants = std::collections::BTreeMap::<TenantId, Vec<Ticket>>::new();
        for row in &page {
            let tenant = TenantId(row.id("tenant_id")?);
            of_tenants
                .entry(tenant)
                .or_default()
                .push(rows::ticket(row)?);
        }
        for (tenant, tickets) in of_tenants {
            write(tx, tenant, tickets.iter()).await?;
            let tickets = tickets.into_iter().map(|ticket| (ticket.id, ticket));
            let tickets: std::collections::HashMap<_, _> = tickets.collect();
            let all = tickets.keys().copied().collect();
            crate::fields::write_tags(tx, tenant, &all, &tickets).await?;
            if let Some(fields) = fields.get(&tenant) {
                let changed = tickets.keys().map(|id| (*id, fields.clone())).collect();
                crate::fields::write(tx, tenant, &changed, &tickets).await?;
            }
        }
    }
}
