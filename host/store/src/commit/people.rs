//! People and groups, and who takes part in tickets. These change seldom: a statement each where that is simpler.

use crate::{
    db::{Arg, Tx, placeholders},
    error::StoreError,
    limits::KEY_KEPT_MS,
};
use guichet_core::{
    changeset::{Answered, MemberWrite},
    directory::CustomerGroup,
    id::{TenantId, TicketId},
    ticket::Ticket,
};
use std::collections::{HashMap, HashSet};

pub(super) async fn write_people(
    tx: &mut Tx,
    agents: Vec<Vec<Arg>>,
    groups: Vec<Vec<Arg>>,
) -> Result<(), StoreError> {
    let update = "on conflict (tenant_id, id) do update set name = excluded.name, email = excluded.email, role = excluded.role, \
         elsewhere = excluded.elsewhere, active = excluded.active, password_hash = excluded.password_hash";
    tx.insert_many(
        "insert into agents (tenant_id, id, name, email, role, elsewhere, active, password_hash)",
        agents,
        update,
    )
    .await?;
    tx.insert_many(
        "insert into agent_groups (tenant_id, id, name)",
        groups,
        "on conflict (tenant_id, id) do update set name = excluded.name",
    )
    .await
}

pub(super) async fn write_members(
    tx: &mut Tx,
    tenant: TenantId,
    members: Vec<MemberWrite>,
) -> Result<(), StoreError> {
    for member in members {
        match member {
            MemberWrite::Join(membership) => {
                let sql = "insert into members (tenant_id, group_id, agent_id, access) values ($1, $2, $3, $4) \
                     on conflict (tenant_id, group_id, agent_id) do update set access = excluded.access";
                let args = vec![
                    Arg::bytes(tenant.0),
                    Arg::bytes(membership.group.0),
                    Arg::bytes(membership.agent.0),
                    Arg::text(membership.access.name()),
                ];
                tx.execute(sql, args).await?;
            }
            MemberWrite::Leave(group, agent) => {
                let sql =
                    "delete from members where tenant_id = $1 and group_id = $2 and agent_id = $3";
                let args = vec![
                    Arg::bytes(tenant.0),
                    Arg::bytes(group.0),
                    Arg::bytes(agent.0),
                ];
                tx.execute(sql, args).await?;
            }
        }
    }
    Ok(())
}

pub(super) async fn write_customer_groups(
    tx: &mut Tx,
    tenant: TenantId,
    groups: Vec<CustomerGroup>,
) -> Result<(), StoreError> {
    let rows = groups
        .into_iter()
        .map(|group| {
            vec![
                Arg::bytes(tenant.0),
                Arg::bytes(group.id.0),
                Arg::text(group.name),
                Arg::text(group.kind),
                Arg::Int(Some(group.shares_tickets.into())),
            ]
        })
        .collect();
    tx.insert_many(
        "insert into customer_groups (tenant_id, id, name, kind, shares_tickets)",
        rows,
        "on conflict (tenant_id, id) do update set name = excluded.name, kind = excluded.kind, shares_tickets = excluded.shares_tickets",
    )
    .await
}

/// Requests that were answered. A key that is there already refuses the commit; keys of yesterday go.
pub(super) async fn write_answered(
    tx: &mut Tx,
    tenant: TenantId,
    answered: Vec<Answered>,
) -> Result<(), StoreError> {
    for answered in answered {
        let who = || vec![Arg::bytes(tenant.0), Arg::bytes(answered.agent.0)];
        let mut old = who();
        old.push(Arg::Int(Some(
            answered.at.plus_milliseconds(-KEY_KEPT_MS).0,
        )));
        let sql =
            "delete from answered_requests where tenant_id = $1 and agent_id = $2 and at < $3";
        tx.execute(sql, old).await?;
        let mut args = who();
        args.extend([
            Arg::text(answered.key),
            Arg::Bytes(Some(answered.request.to_vec())),
            Arg::bytes(answered.made),
            Arg::Int(Some(answered.at.0)),
        ]);
        let sql = "insert into answered_requests (tenant_id, agent_id, key, request, made, at) values ($1, $2, $3, $4, $5, $6)";
        tx.execute(sql, args).await?;
    }
    Ok(())
}

/// The rows of those tickets whose participants changed, anew.
pub(super) async fn write_participants(
    tx: &mut Tx,
    tenant: TenantId,
    changed: &HashSet<TicketId>,
    tickets: &HashMap<TicketId, Ticket>,
) -> Result<(), StoreError> {
    if changed.is_empty() {
        return Ok(());
    }
    let mut args = vec![Arg::bytes(tenant.0)];
    args.extend(changed.iter().map(|id| Arg::bytes(id.0)));
    let sql = format!(
        "delete from participants where tenant_id = $1 and ticket_id in ({})",
        placeholders(1, changed.len())
    );
    tx.execute(&sql, args).await?;
    let rows = changed
        .iter()
        .filter_map(|id| tickets.get(id))
        .flat_map(|ticket| {
            ticket.participants.iter().map(|participant| {
                vec![
                    Arg::bytes(tenant.0),
                    Arg::text(participant.who.kind.name()),
                    Arg::bytes(participant.who.id),
                    Arg::bytes(ticket.id.0),
                    Arg::text(&participant.role),
                    Arg::Int(participant.until.map(|until| until.0)),
                ]
            })
        })
        .collect();
    tx.insert_many(
        "insert into participants (tenant_id, who_kind, who_id, ticket_id, role, until)",
        rows,
        "",
    )
    .await
}
