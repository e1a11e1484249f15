//! What the host is to do by itself: tickets whose waiting is over, that close, or that go.

use crate::{
    Store,
    db::{Arg, Tx},
    error::StoreError,
    rows,
};
use guichet_core::{
    id::{FileId, TenantId, TicketId},
    message::Message,
    time::Timestamp,
};
use std::collections::BTreeSet;

impl Store {
    /// Tickets for which something is due, the longest overdue first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tickets_due(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<(TenantId, TicketId)>, StoreError> {
        let sql = "select tenant_id, id from tickets where due_at is not null and due_at <= $1 order by due_at limit $2";
        let rows = self
            .db
            .rows(sql, vec![Arg::Int(Some(now.0)), Arg::int(limit.into())])
            .await?;
        rows.iter()
            .map(|row| Ok((TenantId(row.id("tenant_id")?), TicketId(row.id("id")?))))
            .collect()
    }

    /// Looks at a ticket again later.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn postpone_ticket(
        &self,
        tenant: TenantId,
        id: TicketId,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let args = vec![
            Arg::bytes(tenant.0),
            Arg::bytes(id.0),
            Arg::Int(Some(until.0)),
        ];
        let sql = "update tickets set due_at = $3 where tenant_id = $1 and id = $2";
        self.db.execute(sql, args).await.map(drop)
    }

    /// When the next one is due.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn next_ticket_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "select min(due_at) as due from tickets where due_at is not null";
        match self.db.rows(sql, vec![]).await?.first() {
            Some(row) => Ok(row.opt_int("due")?.map(Timestamp)),
            None => Ok(None),
        }
    }
}

/// Erases what a ticket holds: its messages, their files, its document, and what the log tells of it beyond that something happened.
/// Sequences stay without a gap.
pub(crate) async fn erase(tx: &mut Tx, tenant: TenantId, id: TicketId) -> Result<(), StoreError> {
    let key = |id: TicketId| vec![Arg::bytes(tenant.0), Arg::bytes(id.0)];
    let document = "select document from tickets where tenant_id = $1 and id = $2";
    let found = tx.rows(document, key(id)).await?;
    let Some(ticket) = found.first().map(rows::ticket).transpose()? else {
        return Ok(());
    };
    let sql = "select * from messages where tenant_id = $1 and ticket_id = $2";
    let mut files: BTreeSet<FileId> = BTreeSet::new();
    files.extend(ticket.suspension.iter().map(|suspension| suspension.source));
    for row in tx.rows(sql, key(id)).await? {
        files.extend(files_of(&rows::message(&row)?));
    }
    // A ticket that was split from this one, or from which this one was, has the same files.
    for link in &ticket.links {
        for row in tx.rows(sql, key(link.ticket)).await? {
            for shared in files_of(&rows::message(&row)?) {
                if files.remove(&shared) {
                    let args = vec![
                        Arg::bytes(tenant.0),
                        Arg::bytes(shared.0),
                        Arg::bytes(link.ticket.0),
                    ];
                    let sql = "update files set ticket_id = $3 where tenant_id = $1 and id = $2";
                    tx.execute(sql, args).await?;
                }
            }
        }
    }
    for file in files {
        // What was recovered into another ticket went there with its files.
        let sql = "delete from files where tenant_id = $1 and id = $2 and (ticket_id is null or ticket_id = $3)";
        let args = vec![Arg::bytes(tenant.0), Arg::bytes(file.0), Arg::bytes(id.0)];
        tx.execute(sql, args).await?;
    }
    for sql in [
        "delete from tickets where tenant_id = $1 and id = $2",
        "delete from messages where tenant_id = $1 and ticket_id = $2",
        "delete from ticket_fields where tenant_id = $1 and ticket_id = $2",
        "delete from participants where tenant_id = $1 and ticket_id = $2",
        "update events set changes = '[]', data = 'null', because = null where tenant_id = $1 and lane = $2",
    ] {
        tx.execute(sql, key(id)).await?;
    }
    Ok(())
}

/// The files that a message names: its own, and as what it went out.
pub(crate) fn files_of(message: &Message) -> impl Iterator<Item = FileId> {
    let sent = message.delivery.iter().filter_map(|delivery| delivery.file);
    message.draft.files().chain(sent)
}
