//! The feed: follows the log and writes the documents of the tickets that it tells of.

use super::{Index, place, prefix, tokens};
use crate::{
    commit::Signal,
    db::{Arg, Db, Row, Tx, placeholders},
    error::StoreError,
    limits::{SEARCH_BATCH, SEARCH_TOKENS_MAX, TOKEN_TEXT_BYTES_MAX},
    rows,
};
use guichet_core::{
    id::{TenantId, TicketId},
    ticket::{Ticket, state::State},
};
use std::{collections::BTreeSet, time::Duration};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, timeout_at},
};

/// From the beginning of one round to that of the next.
const PAUSE: Duration = Duration::from_millis(200);

/// Between two looks at all tenants: another process may have written.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Follows the logs of all tenants until the store is gone.
pub(crate) fn start(db: Db, index: Index, mut signals: Receiver<Signal>) {
    tokio::spawn(async move {
        let mut behind = all(&db, &index).await;
        let mut last = Instant::now();
        let mut look = last + LOOK_EVERY;
        loop {
            // Under load, a few large batches are written and not many small ones; the first is written at once.
            if !behind.is_empty() {
                tokio::time::sleep_until(last + PAUSE).await;
                while let Ok(signal) = signals.try_recv() {
                    behind.insert(signal.tenant);
                }
                last = Instant::now();
            }
            for tenant in std::mem::take(&mut behind) {
                if let Err(error) = catch_up(&db, &index, tenant).await {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "the full-text index cannot be written just now"
                    );
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    behind.insert(tenant);
                }
            }
            if !behind.is_empty() {
                continue;
            }
            match timeout_at(look, signals.recv()).await {
                Ok(Ok(signal)) if Instant::now() < look => drop(behind.insert(signal.tenant)),
                Ok(Err(RecvError::Closed)) => return,
                // Where other processes write, there may be a signal of this one's every moment, and none of theirs.
                Ok(_) | Err(_) => {
                    behind = all(&db, &index).await;
                    look = Instant::now() + LOOK_EVERY;
                }
            }
        }
    });
}

/// Tenants whose log has grown beyond the index.
async fn all(db: &Db, index: &Index) -> BTreeSet<TenantId> {
    let found = async {
        let cursors = index
            .db
            .rows("select tenant_id, sequence from search_cursors", vec![])
            .await?;
        let read = |row: &Row, id: &str| Ok::<_, StoreError>((row.id(id)?, row.count("sequence")?));
        let known = cursors
            .iter()
            .map(|row| read(row, "tenant_id"))
            .collect::<Result<std::collections::BTreeMap<_, _>, _>>()?;
        let tenants = db.rows("select id, sequence from tenants", vec![]).await?;
        let mut behind = BTreeSet::new();
        for row in &tenants {
            let (id, sequence) = read(row, "id")?;
            if known.get(&id).copied().unwrap_or(0) < sequence {
                behind.insert(TenantId(id));
            }
        }
        Ok::<_, StoreError>(behind)
    };
    found.await.unwrap_or_default()
}

async fn catch_up(db: &Db, index: &Index, tenant: TenantId) -> Result<(), StoreError> {
    loop {
        let from = index.sequence(tenant).await?;
        let args = vec![
            Arg::bytes(tenant.0),
            Arg::int(from),
            Arg::int(SEARCH_BATCH.into()),
        ];
        let events = db
            .rows(
                "select sequence, ticket_id from events where tenant_id = $1 and sequence > $2 order by sequence limit $3",
                args,
            )
            .await?;
        let Some(last) = events.last() else {
            return Ok(());
        };
        let to = last.count("sequence")?;
        let mut changed = BTreeSet::new();
        for row in &events {
            changed.extend(row.opt_id("ticket_id")?.map(TicketId));
        }
        let documents = documents(db, tenant, &changed).await?;
        let mut tx = index.db.begin().await?;
        let prefix = numbered(&mut tx, tenant).await?;
        for id in &changed {
            match documents.iter().find(|document| document.ticket == *id) {
                Some(document) => write(&mut tx, tenant, &prefix, document).await?,
                None => erase(&mut tx, tenant, *id).await?,
            }
        }
        let cursor = "insert into search_cursors (tenant_id, sequence) values ($1, $2) on conflict (tenant_id) do update \
             set sequence = case when excluded.sequence > search_cursors.sequence then excluded.sequence else search_cursors.sequence end";
        tx.execute(cursor, vec![Arg::bytes(tenant.0), Arg::int(to)])
            .await?;
        tx.commit().await?;
        index.written.send_modify(|count| *count += 1);
    }
}

struct Document {
    ticket: TicketId,
    place: i64,
    version: u64,
    tokens: Vec<String>,
}

/// The documents of those tickets that there are and that may be found.
async fn documents(
    db: &Db,
    tenant: TenantId,
    ids: &BTreeSet<TicketId>,
) -> Result<Vec<Document>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let args = || {
        std::iter::once(Arg::bytes(tenant.0))
            .chain(ids.iter().map(|id| Arg::bytes(id.0)))
            .collect::<Vec<_>>()
    };
    let these = placeholders(1, ids.len());
    let sql = format!("select document from tickets where tenant_id = $1 and id in ({these})");
    let tickets: Vec<Ticket> = db
        .rows(&sql, args())
        .await?
        .iter()
        .map(rows::ticket)
        .collect::<Result<_, _>>()?;
    let sql = format!(
        "select ticket_id, text from messages where tenant_id = $1 and ticket_id in ({these}) order by ticket_id, place"
    );
    let mut said = std::collections::HashMap::<TicketId, String>::new();
    for row in db.rows(&sql, args()).await? {
        let text = said.entry(TicketId(row.id("ticket_id")?)).or_default();
        let message = row.text("text")?;
        let room = TOKEN_TEXT_BYTES_MAX.saturating_sub(text.len());
        text.push(' ');
        text.push_str(&message[..message.floor_char_boundary(room)]);
    }
    let of = |ticket: &Ticket| {
        let tags: Vec<_> = ticket.tags.iter().map(String::as_str).collect();
        let text = format!(
            "{} {} {} {}",
            ticket.number.unwrap_or(0),
            ticket.subject,
            tags.join(" "),
            said.get(&ticket.id).map_or("", String::as_str)
        );
        Document {
            ticket: ticket.id,
            place: place(ticket.created_at, ticket.id),
            version: ticket.version,
            tokens: tokens(&text, SEARCH_TOKENS_MAX),
        }
    };
    let findable = |ticket: &&Ticket| ticket.state != State::Suspended;
    Ok(tickets.iter().filter(findable).map(of).collect())
}

/// What stands before the tenant's words; SQLite's index alone has need of it.
async fn numbered(tx: &mut Tx, tenant: TenantId) -> Result<String, StoreError> {
    if tx.is_postgres() {
        return Ok(String::new());
    }
    let sql = "insert into search_tenants (tenant_id) values ($1) on conflict (tenant_id) do update set tenant_id = excluded.tenant_id returning number";
    let rows = tx.rows(sql, vec![Arg::bytes(tenant.0)]).await?;
    let number = rows.first().ok_or(StoreError::Closed)?.int("number")?;
    Ok(prefix(number))
}

async fn write(
    tx: &mut Tx,
    tenant: TenantId,
    prefix: &str,
    document: &Document,
) -> Result<(), StoreError> {
    let key = || vec![Arg::bytes(tenant.0), Arg::bytes(document.ticket.0)];
    if tx.is_postgres() {
        // Tokens hold neither blanks nor anything else that would part them.
        let sql = "insert into search_docs (tenant_id, ticket_id, place, version, tokens) values ($1, $2, $3, $4, array_to_tsvector(string_to_array($5, ' '))) \
             on conflict (tenant_id, ticket_id) do update set tokens = excluded.tokens, version = excluded.version where search_docs.version <= excluded.version";
        let mut args = key();
        args.extend([
            Arg::Int(Some(document.place)),
            Arg::int(document.version),
            Arg::text(document.tokens.join(" ")),
        ]);
        return tx.execute(sql, args).await.map(drop);
    }
    let known = tx
        .rows(
            "select place from search_docs where tenant_id = $1 and ticket_id = $2",
            key(),
        )
        .await?;
    let place = match known.first() {
        Some(row) => row.int("place")?,
        None => free_place(tx, tenant, document).await?,
    };
    let text: String = document
        .tokens
        .iter()
        .flat_map(|token| [prefix, token, " "])
        .collect();
    tx.execute(
        "delete from search_texts where rowid = $1",
        vec![Arg::Int(Some(place))],
    )
    .await?;
    tx.execute(
        "insert into search_texts (rowid, tokens) values ($1, $2)",
        vec![Arg::Int(Some(place)), Arg::text(text)],
    )
    .await
    .map(drop)
}

/// The document's place, or the next free one: two tickets of one millisecond may want the same.
async fn free_place(tx: &mut Tx, tenant: TenantId, document: &Document) -> Result<i64, StoreError> {
    let mut place = document.place;
    loop {
        let sql = "insert into search_docs (place, tenant_id, ticket_id, version) values ($1, $2, $3, $4) on conflict (place) do nothing";
        let args = vec![
            Arg::Int(Some(place)),
            Arg::bytes(tenant.0),
            Arg::bytes(document.ticket.0),
            Arg::int(document.version),
        ];
        if tx.execute(sql, args).await? == 1 {
            return Ok(place);
        }
        place += 1;
    }
}

async fn erase(tx: &mut Tx, tenant: TenantId, id: TicketId) -> Result<(), StoreError> {
    let key = || vec![Arg::bytes(tenant.0), Arg::bytes(id.0)];
    if !tx.is_postgres() {
        let sql = "delete from search_texts where rowid in (select place from search_docs where tenant_id = $1 and ticket_id = $2)";
        tx.execute(sql, key()).await?;
    }
    tx.execute(
        "delete from search_docs where tenant_id = $1 and ticket_id = $2",
        key(),
    )
    .await
    .map(drop)
}
