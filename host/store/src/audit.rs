//! The log as admins read it: who changed people, plugins and rights, newest first.

use crate::{
    db::Arg,
    limits::LIST_DATABASE_MS,
    rows::{self, EVENT_COLUMNS},
    tenant::{Read, TenantStore},
};
use guichet_core::event::{Event, Lane};
use std::time::Duration;
use uuid::Uuid;

/// Which events.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    /// Kinds that begin so, such as `install.`; absent: all but tickets' and customers'.
    pub kind: Option<String>,
    /// Whoever did it.
    pub actor: Option<Uuid>,
    /// Older than this sequence.
    pub before: Option<u64>,
    pub limit: u32,
}

/// A pattern for texts that begin so.
fn beginning_with(text: &str) -> Arg {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    Arg::text(format!("{escaped}%"))
}

impl TenantStore {
    /// Events after a sequence whose kind begins so, oldest first; no index helps where few are of the kind, so only within that time.
    ///
    /// # Errors
    /// [`crate::StoreError`], as all of these.
    pub async fn events_of_kind(
        &self,
        after: u64,
        kind: &str,
        limit: u32,
        within: Duration,
    ) -> Read<Vec<Event>> {
        let sql = format!(
            "select {EVENT_COLUMNS} from events where tenant_id = $1 and sequence > $2 and kind like $3 escape '\\' order by sequence limit $4"
        );
        let args = [
            Arg::int(after),
            beginning_with(kind),
            Arg::int(limit.into()),
        ];
        self.list_within(&sql, args, within, rows::event).await
    }

    /// How many effects a chain of events has had in a lane.
    pub async fn chain_effects(&self, lane: Lane, root: u64, up_to: u64) -> Read<u64> {
        let sql = "select count(*) as effects from events where tenant_id = $1 and lane = $2 and root = $3 and sequence <= $4";
        let count = self
            .one_of(
                sql,
                [Arg::bytes(lane.0), Arg::int(root), Arg::int(up_to)],
                |row| row.count("effects"),
            )
            .await?;
        Ok(count.unwrap_or(0))
    }

    /// Whether the log tells already that a chain of events was stopped.
    pub async fn is_chain_stopped(&self, root: u64) -> Read<bool> {
        let sql = "select 1 from events where tenant_id = $1 and sequence > $2 and root = $2 and kind = 'loop.stopped' limit 1";
        Ok(!self.rows(sql, [Arg::int(root)]).await?.is_empty())
    }

    /// Events, newest first.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub async fn audit(&self, query: AuditQuery) -> Read<Vec<Event>> {
        let mut sql = format!("select {EVENT_COLUMNS} from events where tenant_id = $1");
        let mut args = Vec::new();
        match query.kind {
            Some(kind) => {
                args.push(beginning_with(&kind));
                sql.push_str(" and kind like $2 escape '\\'");
            }
            None => sql.push_str(" and ticket_id is null and customer_id is null"),
        }
        if let Some(actor) = query.actor {
            args.push(Arg::bytes(actor));
            sql.push_str(&format!(" and actor_id = ${}", args.len() + 1));
        }
        if let Some(before) = query.before {
            args.push(Arg::int(before));
            sql.push_str(&format!(" and sequence < ${}", args.len() + 1));
        }
        args.push(Arg::int(query.limit.into()));
        sql.push_str(&format!(
            " order by sequence desc limit ${}",
            args.len() + 1
        ));
        let within = Duration::from_millis(LIST_DATABASE_MS);
        self.list_within(&sql, args, within, rows::event).await
    }
}
