//! What the host is to do by itself: tickets whose waiting is over, that close, or that go.

use crate::{
    Store,
    db::Arg,
    error::StoreError,
    rows,
    tenant::{Read, TenantStore},
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

impl TenantStore {
    /// Erases what a ticket holds: its messages, their files, its document, and what the log tells of it beyond that something happened.
    /// Sequences stay without a gap. The ticket must be as it was read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn erase_ticket(&self, id: TicketId, version: u64) -> Read<bool> {
        let mut tx = self.db.begin().await?;
        let key = || vec![Arg::bytes(self.id.0), Arg::bytes(id.0)];
        let mut with_version = key();
        with_version.push(Arg::int(version));
        let document = "select document from tickets where tenant_id = $1 and id = $2";
        let found = tx.rows(document, key()).await?;
        let Some(ticket) = found.first().map(rows::ticket).transpose()? else {
            return Ok(false);
        };
        let sql = "delete from tickets where tenant_id = $1 and id = $2 and version = $3";
        if tx.execute(sql, with_version).await? == 0 {
            return Ok(false);
        }
        let sql = "select * from messages where tenant_id = $1 and ticket_id = $2";
        let mut files: BTreeSet<FileId> = BTreeSet::new();
        files.extend(ticket.suspension.iter().map(|suspension| suspension.source));
        for row in tx.rows(sql, key()).await? {
            files.extend(files_of(&rows::message(&row)?));
        }
        // A ticket that was split from this one, or from which this one was, has the same files.
        for link in &ticket.links {
            let other = vec![Arg::bytes(self.id.0), Arg::bytes(link.ticket.0)];
            for row in tx.rows(sql, other).await? {
                for shared in files_of(&rows::message(&row)?) {
                    files.remove(&shared);
                }
            }
        }
        for file in files {
            tx.execute(
                "delete from files where tenant_id = $1 and id = $2",
                vec![Arg::bytes(self.id.0), Arg::bytes(file.0)],
            )
            .await?;
        }
        for sql in [
            "delete from messages where tenant_id = $1 and ticket_id = $2",
            "delete from participants where tenant_id = $1 and ticket_id = $2",
            "update events set changes = '[]', data = 'null', because = null where tenant_id = $1 and lane = $2",
        ] {
            tx.execute(sql, key()).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}

/// The files that a message names: its attachments, and what it was read from.
fn files_of(message: &Message) -> impl Iterator<Item = FileId> {
    let sources = message
        .draft
        .fields
        .iter()
        .filter(|field| field.name == "source")
        .filter_map(|field| field.value.as_text()?.parse().ok());
    let attached = message.draft.attachments.iter();
    attached.map(|attachment| attachment.file).chain(sources)
}
