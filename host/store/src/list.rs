//! Lists of tickets, newest first, as their readers may see them; by words where words are asked for.

use crate::{
    db::{Arg, Db, placeholders},
    fields::FieldIs,
    limits::{LIST_DATABASE_MS, SEARCH_CANDIDATES, SEARCH_LOOKED_AT_MAX},
    query::Condition,
    rows, search,
    tenant::{Read, TenantStore},
};
use guichet_core::{
    id::{AgentId, CustomerId, GroupId, TicketId},
    ticket::{Ticket, state::State},
    time::Timestamp,
};
use std::time::Duration;

/// How long the database may work on one statement of a list.
const WITHIN: Duration = Duration::from_millis(LIST_DATABASE_MS);

const NEWEST: &str = "created_at desc, id desc";

/// Which tickets to list, newest first.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// Absent: all but suspended and deleted.
    pub state: Option<State>,
    pub assignee: Option<AgentId>,
    pub group: Option<GroupId>,
    /// Words, in any order, of subject, number, tags and messages; the last may be the beginning of one.
    pub text: Option<String>,
    pub requester: Option<CustomerId>,
    /// What a plugin's indexed field is.
    pub field: Option<FieldIs>,
    /// What the caller may see; absent: everything.
    pub seen_by: Option<SeenBy>,
    /// Older than this one.
    pub before: Option<(Timestamp, TicketId)>,
    pub limit: u32,
}

/// Whose eyes a list is for.
#[derive(Debug, Clone)]
pub struct SeenBy {
    /// Tickets of these groups…
    pub groups: Vec<GroupId>,
    /// …and of no group…
    pub without_group: bool,
    /// …and those on which this agent takes part, at this time.
    pub agent: AgentId,
    pub at: Timestamp,
}

impl TenantStore {
    /// Tickets, newest first.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub async fn list(&self, query: ListQuery) -> Read<Vec<Ticket>> {
        let conditions = conditions(&query);
        let Some(text) = &query.text else {
            let mut conditions = conditions;
            if let Some((at, id)) = query.before {
                let values = vec![Arg::Int(Some(at.0)), Arg::bytes(id.0)];
                conditions.push(("(created_at, id) < (?, ?)".to_owned(), values));
            }
            return self.select(conditions, query.limit, NEWEST).await;
        };
        if text.contains('\0') {
            return Err(crate::StoreError::Invalid(
                "a text may not contain the character NUL".to_owned(),
            ));
        }
        let wanted = search::tokens(text, 20);
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let mut below = query
            .before
            .map_or(i64::MAX, |(at, id)| search::place(at, id));
        let (mut found, mut looked_at) = (Vec::new(), 0);
        // Most often all of them may be seen; each that is left out makes the next look a wider one.
        let mut candidates_max = query.limit.clamp(1, SEARCH_CANDIDATES);
        while found.len() < query.limit as usize && looked_at < SEARCH_LOOKED_AT_MAX {
            let candidates = self
                .index
                .find(self.id, &wanted, below, candidates_max, WITHIN)
                .await?;
            let Some((last, _)) = candidates.last() else {
                break;
            };
            (below, looked_at) = (*last, looked_at + candidates.len());
            let among: Condition = (
                format!("id in ({})", vec!["?"; candidates.len()].join(", ")),
                candidates.iter().map(|(_, id)| Arg::bytes(id.0)).collect(),
            );
            let conditions = conditions.iter().cloned().chain([among]).collect();
            let room = query.limit - u32::try_from(found.len()).unwrap_or(query.limit);
            found.extend(self.select(conditions, room, self.newest_of_few()).await?);
            if candidates.len() < candidates_max as usize {
                break;
            }
            candidates_max = SEARCH_CANDIDATES;
        }
        Ok(found)
    }

    /// The order of tickets that are known by their ids. SQLite would read all tickets off the index that is in this order, and look whether each is one
    /// of them; where the order is of no index, it looks up each of them.
    fn newest_of_few(&self) -> &'static str {
        match self.db {
            Db::Sqlite { .. } => "+created_at desc, +id desc",
            Db::Postgres(..) => NEWEST,
        }
    }

    async fn select(
        &self,
        conditions: Vec<Condition>,
        limit: u32,
        order: &str,
    ) -> Read<Vec<Ticket>> {
        let mut sql = "select document from tickets where tenant_id = $1".to_owned();
        let mut args = Vec::new();
        for (condition, values) in conditions {
            let mut parts = condition.split('?');
            sql.push_str(" and ");
            sql.push_str(parts.next().unwrap_or_default());
            for (value, part) in values.into_iter().zip(parts) {
                args.push(value);
                sql.push_str(&placeholders(args.len(), 1));
                sql.push_str(part);
            }
        }
        args.push(Arg::int(limit.into()));
        let sql = format!(
            "{sql} order by {order} limit {}",
            placeholders(args.len(), 1)
        );
        let args = std::iter::once(Arg::bytes(self.id.0)).chain(args).collect();
        let rows = self.db.rows_within(&sql, args, WITHIN).await?;
        rows.iter().map(rows::ticket).collect()
    }

    /// Waits until what was said up to now can be found.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub async fn findable(&self) -> Read<()> {
        let sequence = self.cursor().await?.sequence;
        self.index.reached(self.id, sequence).await
    }
}

/// Everything but words and place in the order.
fn conditions(query: &ListQuery) -> Vec<Condition> {
    let mut conditions = asked(query);
    if query.state.is_none() {
        let condition = "tickets.state not in ('suspended', 'deleted')";
        conditions.push((condition.to_owned(), vec![]));
    }
    conditions.extend(query.seen_by.as_ref().map(seen_by));
    conditions
}

/// What the plain parameters ask.
pub(crate) fn asked(query: &ListQuery) -> Vec<Condition> {
    let mut conditions = Vec::new();
    if let Some(state) = query.state {
        conditions.push((
            "tickets.state = ?".to_owned(),
            vec![Arg::text(state.name())],
        ));
    }
    let mut equal = |column: &str, id: Option<uuid::Uuid>| {
        conditions.extend(id.map(|id| (format!("tickets.{column} = ?"), vec![Arg::bytes(id)])));
    };
    equal("assignee", query.assignee.map(|id| id.0));
    equal("group_id", query.group.map(|id| id.0));
    equal("requester", query.requester.map(|id| id.0));
    conditions.extend(query.field.as_ref().map(FieldIs::condition));
    conditions
}

/// What an agent may see who does not see everything.
pub(crate) fn seen_by(seen_by: &SeenBy) -> Condition {
    let (takes_part, mut values) = takes_part("agent", seen_by.agent.0, seen_by.at);
    let mut ways = vec![takes_part];
    if seen_by.without_group {
        ways.push("tickets.group_id is null".to_owned());
    }
    if !seen_by.groups.is_empty() {
        let places = vec!["?"; seen_by.groups.len()].join(", ");
        ways.push(format!("tickets.group_id in ({places})"));
        values.extend(seen_by.groups.iter().map(|group| Arg::bytes(group.0)));
    }
    (format!("({})", ways.join(" or ")), values)
}

/// That somebody takes part at that time.
pub(crate) fn takes_part(kind: &str, id: uuid::Uuid, at: Timestamp) -> Condition {
    let condition = "exists (select 1 from participants p where p.tenant_id = tickets.tenant_id and p.ticket_id = tickets.id and p.who_kind = ? \
         and p.who_id = ? and (p.until is null or p.until > ?))";
    let values = vec![Arg::text(kind), Arg::bytes(id), Arg::Int(Some(at.0))];
    (condition.to_owned(), values)
}
