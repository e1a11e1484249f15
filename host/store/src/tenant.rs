//! What is read of one tenant. Every statement names it; reads see committed data only.

use crate::{
    db::{Arg, Db, Row, placeholders},
    error::StoreError,
    files::Folder,
    limits::PARAMETERS_MAX,
    people::Directories,
    rows::{self, CustomerDocument, EVENT_COLUMNS},
    search::Index,
};
use guichet_core::{
    customer::{Customer, Identity},
    directory::Agent,
    event::{Event, Lane},
    id::{CustomerId, InstallId, MessageId, TenantId, TicketId},
    install::Install,
    message::Message,
    ticket::Ticket,
};
use std::time::Duration;

/// Installs, each with how many cursors of its own it has: one or none.
const INSTALLS: &str = "select i.*, (select count(*) from cursors c where c.tenant_id = i.tenant_id and c.install_id = i.id) as apart from installs i";

/// One tenant's data.
#[derive(Clone)]
pub struct TenantStore {
    pub(crate) db: Db,
    pub(crate) id: TenantId,
    pub(crate) directories: Directories,
    pub(crate) index: Index,
    pub(crate) folder: Folder,
}

/// How far the log has been handled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The last event of the log.
    pub sequence: u64,
    /// Everything up to here has been handled.
    pub low: u64,
    /// And these above it.
    pub done: Vec<u64>,
}

pub(crate) type Read<T> = Result<T, StoreError>;

fn read_cursor(row: &Row) -> Read<Cursor> {
    Ok(Cursor {
        sequence: row.count("sequence")?,
        low: row.count("low")?,
        done: rows::from_json(&row.text("done")?)?,
    })
}

impl TenantStore {
    /// The rows of a statement whose `$1` is the tenant.
    pub(crate) async fn rows(
        &self,
        sql: &str,
        args: impl IntoIterator<Item = Arg>,
    ) -> Read<Vec<Row>> {
        self.db
            .rows(
                sql,
                std::iter::once(Arg::bytes(self.id.0)).chain(args).collect(),
            )
            .await
    }

    pub(crate) async fn list_of<T>(
        &self,
        sql: &str,
        args: impl IntoIterator<Item = Arg>,
        read: impl Fn(&Row) -> Read<T>,
    ) -> Read<Vec<T>> {
        self.rows(sql, args).await?.iter().map(read).collect()
    }

    /// The same within that time.
    pub(crate) async fn list_within<T>(
        &self,
        sql: &str,
        args: impl IntoIterator<Item = Arg>,
        within: Duration,
        read: impl Fn(&Row) -> Read<T>,
    ) -> Read<Vec<T>> {
        let args = std::iter::once(Arg::bytes(self.id.0)).chain(args).collect();
        let rows = self.db.rows_within(sql, args, within).await?;
        rows.iter().map(read).collect()
    }

    pub(crate) async fn one_of<T>(
        &self,
        sql: &str,
        args: impl IntoIterator<Item = Arg>,
        read: impl Fn(&Row) -> Read<T>,
    ) -> Read<Option<T>> {
        self.rows(sql, args).await?.first().map(read).transpose()
    }

    /// Whose data it is.
    pub fn id(&self) -> TenantId {
        self.id
    }

    /// The key of derived ids.
    ///
    /// # Errors
    /// [`StoreError`], as all of these.
    pub async fn key(&self) -> Read<[u8; 32]> {
        let key = self
            .one_of("select key from tenants where id = $1", [], |row| {
                row.bytes("key")
            })
            .await?;
        key.and_then(|key| key.try_into().ok())
            .ok_or_else(|| StoreError::Damaged("the tenant's key".to_owned()))
    }

    /// The IANA zone in which schedules are read.
    pub async fn zone(&self) -> Read<String> {
        let zone = self
            .one_of("select zone from tenants where id = $1", [], |row| {
                row.text("zone")
            })
            .await?;
        Ok(zone.unwrap_or_else(|| "UTC".to_owned()))
    }

    /// How far the log has been handled.
    pub async fn cursor(&self) -> Read<Cursor> {
        let sql = "select sequence, low, done from tenants where id = $1";
        let cursor = self.one_of(sql, [], read_cursor).await?;
        cursor.ok_or_else(|| StoreError::Invalid("there is no such tenant".to_owned()))
    }

    /// How far the log has been handed to an install that has a cursor of its own.
    pub async fn own_cursor(&self, install: InstallId) -> Read<Option<Cursor>> {
        let sql = "select t.sequence, c.low, c.done from cursors c join tenants t on t.id = c.tenant_id where c.tenant_id = $1 and c.install_id = $2";
        self.one_of(sql, [Arg::bytes(install.0)], read_cursor).await
    }

    /// A ticket.
    pub async fn ticket(&self, id: TicketId) -> Read<Option<Ticket>> {
        self.one_of(
            "select document from tickets where tenant_id = $1 and id = $2",
            [Arg::bytes(id.0)],
            rows::ticket,
        )
        .await
    }

    /// These tickets, those there are.
    pub async fn tickets(&self, ids: &[TicketId]) -> Read<Vec<Ticket>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "select document from tickets where tenant_id = $1 and id in ({}) order by number",
            placeholders(1, ids.len())
        );
        self.list_of(&sql, ids.iter().map(|id| Arg::bytes(id.0)), rows::ticket)
            .await
    }

    /// A ticket by what people call it.
    pub async fn ticket_by_number(&self, number: u64) -> Read<Option<Ticket>> {
        self.one_of(
            "select document from tickets where tenant_id = $1 and number = $2",
            [Arg::int(number)],
            rows::ticket,
        )
        .await
    }

    /// What was said on a ticket, oldest first.
    pub async fn messages(
        &self,
        ticket: TicketId,
        after: Option<MessageId>,
        limit: u32,
    ) -> Read<Vec<Message>> {
        let place = match after {
            None => 0,
            Some(after) => {
                let place = self
                    .one_of(
                        "select place from messages where tenant_id = $1 and id = $2 and ticket_id = $3",
                        [Arg::bytes(after.0), Arg::bytes(ticket.0)],
                        |row| row.count("place"),
                    )
                    .await?;
                place.unwrap_or(0)
            }
        };
        let sql = "select * from messages where tenant_id = $1 and ticket_id = $2 and place > $3 order by place, id limit $4";
        self.list_of(
            sql,
            [
                Arg::bytes(ticket.0),
                Arg::int(place),
                Arg::int(limit.into()),
            ],
            rows::message,
        )
        .await
    }

    /// The newest message of a ticket.
    pub async fn last_message(&self, ticket: TicketId) -> Read<Option<Message>> {
        let sql = "select * from messages where tenant_id = $1 and ticket_id = $2 order by place desc, id desc limit 1";
        self.one_of(sql, [Arg::bytes(ticket.0)], rows::message)
            .await
    }

    /// The newest public message of a customer on a ticket, and what was said after it, oldest first; nothing where no customer has said anything.
    pub async fn messages_since_customer(&self, ticket: TicketId) -> Read<Vec<Message>> {
        let sql = "select * from messages where tenant_id = $1 and ticket_id = $2 and place >= (select max(place) from messages \
             where tenant_id = $1 and ticket_id = $2 and author_kind = 'customer' and visibility = 'public') order by place, id";
        self.list_of(sql, [Arg::bytes(ticket.0)], rows::message)
            .await
    }

    /// A message.
    pub async fn message(&self, id: MessageId) -> Read<Option<Message>> {
        self.one_of(
            "select * from messages where tenant_id = $1 and id = $2",
            [Arg::bytes(id.0)],
            rows::message,
        )
        .await
    }

    /// All events of a ticket, oldest first.
    pub async fn history(&self, ticket: TicketId) -> Read<Vec<Event>> {
        let sql = format!(
            "select {EVENT_COLUMNS} from events where tenant_id = $1 and lane = $2 order by sequence"
        );
        self.list_of(&sql, [Arg::bytes(ticket.0)], rows::event)
            .await
    }

    /// The newest event's sequence; 0 where there is none.
    pub async fn sequence(&self) -> Read<u64> {
        let sql = "select sequence from tenants where id = $1";
        let found = self.one_of(sql, [], |row| row.count("sequence")).await?;
        Ok(found.unwrap_or(0))
    }

    /// The log after a sequence.
    pub async fn events_after(&self, sequence: u64, limit: u32) -> Read<Vec<Event>> {
        let sql = format!(
            "select {EVENT_COLUMNS} from events where tenant_id = $1 and sequence > $2 order by sequence limit $3"
        );
        self.list_of(
            &sql,
            [Arg::int(sequence), Arg::int(limit.into())],
            rows::event,
        )
        .await
    }

    /// A lane's events from a sequence on.
    pub async fn events_of_lane(&self, lane: Lane, from: u64, limit: u32) -> Read<Vec<Event>> {
        let sql = format!(
            "select {EVENT_COLUMNS} from events where tenant_id = $1 and lane = $2 and sequence >= $3 order by sequence limit $4"
        );
        self.list_of(
            &sql,
            [Arg::bytes(lane.0), Arg::int(from), Arg::int(limit.into())],
            rows::event,
        )
        .await
    }

    /// One event.
    pub async fn event(&self, sequence: u64) -> Read<Option<Event>> {
        let sql =
            format!("select {EVENT_COLUMNS} from events where tenant_id = $1 and sequence = $2");
        self.one_of(&sql, [Arg::int(sequence)], rows::event).await
    }

    /// A customer.
    pub async fn customer(&self, id: CustomerId) -> Read<Option<Customer>> {
        Ok(self.customers(&[id]).await?.pop())
    }

    /// These customers, those there are.
    pub async fn customers(&self, ids: &[CustomerId]) -> Read<Vec<Customer>> {
        let mut customers = Vec::with_capacity(ids.len());
        for some in ids.chunks(PARAMETERS_MAX / 2) {
            customers.extend(self.some_customers(some).await?);
        }
        Ok(customers)
    }

    async fn some_customers(&self, ids: &[CustomerId]) -> Read<Vec<Customer>> {
        let sql = format!(
            "select c.id, c.version, c.name, c.document, i.name as identity, i.verified from customers c left join identities i on i.tenant_id = c.tenant_id and \
             i.customer_id = c.id where c.tenant_id = $1 and c.id in ({}) order by c.id, i.verified desc, i.name",
            placeholders(1, ids.len())
        );
        let mut customers: Vec<Customer> = Vec::new();
        for row in self
            .rows(&sql, ids.iter().map(|id| Arg::bytes(id.0)))
            .await?
        {
            let id = CustomerId(row.id("id")?);
            if customers.last().is_none_or(|last| last.id != id) {
                let document: CustomerDocument = rows::from_json(&row.text("document")?)?;
                customers.push(Customer {
                    id,
                    version: row.count("version")?,
                    name: row.text("name")?,
                    identities: Vec::new(),
                    groups: document.groups,
                    locale: document.locale,
                    fields: document.fields,
                });
            }
            if let (Some(customer), Some(name)) = (customers.last_mut(), row.opt_text("identity")?)
            {
                customer.identities.push(Identity {
                    name,
                    verified: row.opt_int("verified")? == Some(1),
                });
            }
        }
        Ok(customers)
    }

    /// Whoever has one of these identities.
    pub async fn customers_by_identities(&self, identities: &[String]) -> Read<Vec<Customer>> {
        if identities.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "select distinct customer_id from identities where tenant_id = $1 and name in ({})",
            placeholders(1, identities.len())
        );
        let ids = self
            .list_of(&sql, identities.iter().map(Arg::text), |row| {
                row.id("customer_id").map(CustomerId)
            })
            .await?;
        self.customers(&ids).await
    }

    /// All installs.
    pub async fn installs(&self) -> Read<Vec<Install>> {
        self.list_of(
            &format!("{INSTALLS} where i.tenant_id = $1 order by i.position, i.id"),
            [],
            rows::install,
        )
        .await
    }

    /// An install.
    pub async fn install(&self, id: InstallId) -> Read<Option<Install>> {
        self.one_of(
            &format!("{INSTALLS} where i.tenant_id = $1 and i.id = $2"),
            [Arg::bytes(id.0)],
            rows::install,
        )
        .await
    }

    /// A secret setting, sealed.
    pub async fn secret(&self, install: InstallId, name: &str) -> Read<Option<Vec<u8>>> {
        let sql =
            "select sealed from secrets where tenant_id = $1 and install_id = $2 and name = $3";
        self.one_of(sql, [Arg::bytes(install.0), Arg::text(name)], |row| {
            row.bytes("sealed")
        })
        .await
    }

    /// Names of the secret settings that are set.
    pub async fn secret_names(&self, install: InstallId) -> Read<Vec<String>> {
        let sql = "select name from secrets where tenant_id = $1 and install_id = $2 order by name";
        self.list_of(sql, [Arg::bytes(install.0)], |row| row.text("name"))
            .await
    }

    /// An agent by the address with which he signs in.
    pub async fn agent_by_email(&self, email: &str) -> Read<Option<Agent>> {
        self.one_of(
            "select * from agents where tenant_id = $1 and email = $2",
            [Arg::text(email)],
            rows::agent,
        )
        .await
    }
}
