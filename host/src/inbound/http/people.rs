//! Agents, groups, and who works where. Looked at by all agents, changed by admins.

use super::{
    context::{Ctx, Id, Segments},
    error::{Body, Problem},
    show::{AgentShown, Named},
};
use crate::{admin, lane::into_lane_error};
use axum::{Json, http::StatusCode};
use guichet_core::{
    changeset::{ChangeSet, MemberWrite},
    directory::{Access, Agent, AgentRole, Group, Membership},
    id::{AgentId, GroupId},
    refusal::Refusal,
    ticket::verbs::tell,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// All agents.
#[derive(Serialize, ToSchema)]
pub struct Agents {
    items: Vec<AgentShown>,
}

/// All groups.
#[derive(Serialize, ToSchema)]
pub struct Groups {
    items: Vec<Named>,
}

/// Who works in a group.
#[derive(Serialize, ToSchema)]
pub struct Members {
    items: Vec<MemberShown>,
}

/// An agent in a group.
#[derive(Serialize, ToSchema)]
pub struct MemberShown {
    agent: Named,
    /// `none`, `read`, `change`, `supervise`.
    access: &'static str,
}

/// An agent to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAgent {
    name: String,
    email: String,
    /// `helper`, `agent`, `supervisor`, `admin`.
    role: String,
    password: String,
}

/// What an agent is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentWish {
    name: String,
    role: String,
    /// Access to tickets of groups that he is no member of: `none`, `read`, `change`, `supervise`.
    elsewhere: String,
    /// Whether he may sign in and be assigned to.
    active: bool,
}

/// A group's name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupWish {
    name: String,
}

/// What an agent may do in a group.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberWish {
    /// `none`, `read`, `change`, `supervise`.
    access: String,
}

fn role(name: &str) -> Result<AgentRole, Problem> {
    AgentRole::parse(name).ok_or_else(|| {
        Refusal::Invalid("a role is helper, agent, supervisor or admin".to_owned()).into()
    })
}

fn access(name: &str) -> Result<Access, Problem> {
    Access::parse(name).ok_or_else(|| {
        Refusal::Invalid("an access is none, read, change or supervise".to_owned()).into()
    })
}

pub(super) fn name(text: &str) -> Result<String, Problem> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > 100 || name.contains(char::is_control) {
        return Err(Refusal::Invalid("a name has 1 to 100 characters".to_owned()).into());
    }
    Ok(name.to_owned())
}

/// Commits what an admin changed about people, with the event that tells of it.
pub(super) async fn commit(
    ctx: &Ctx,
    kind: &str,
    data: serde_json::Value,
    write: impl FnOnce(&mut ChangeSet),
) -> Result<(), Problem> {
    ctx.must_be_admin()?;
    let mut changes = ChangeSet::new(ctx.tenant.id);
    let stamp = ctx.asker().stamp(&ctx.desk);
    changes.events.push(tell(kind, data, &stamp));
    write(&mut changes);
    ctx.desk.commit(changes).await.map_err(into_lane_error)?;
    Ok(())
}

/// List agents. Whoever helps from outside sees their names only.
#[utoipa::path(get, path = "/agents", tag = "people", responses((status = 200, body = Agents)))]
pub async fn agents(ctx: Ctx) -> Json<Agents> {
    let shown = |agent| match ctx.is_inside() {
        true => AgentShown::from(agent),
        false => AgentShown::from(agent).without_address(),
    };
    let mut items: Vec<_> = ctx.directory.agents().map(shown).collect();
    items.sort_by(|one, other| one.place().cmp(&other.place()));
    Json(Agents { items })
}

/// Make an agent. For admins.
#[utoipa::path(post, path = "/agents", tag = "people", request_body = NewAgent,
    responses((status = 201, body = AgentShown), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create_agent(
    ctx: Ctx,
    Body(wish): Body<NewAgent>,
) -> Result<(StatusCode, Json<AgentShown>), Problem> {
    ctx.must_be_admin()?;
    let agent = admin::NewAgent {
        name: name(&wish.name)?,
        email: wish.email,
        role: role(&wish.role)?,
        password: wish.password,
    };
    let agent = admin::make_agent(&ctx.desk, &ctx.asker(), agent).await?;
    Ok((StatusCode::CREATED, Json((&agent).into())))
}

/// Change an agent. For admins; nobody takes his own right away.
#[utoipa::path(put, path = "/agents/{id}", tag = "people", params(("id" = Uuid, Path)), request_body = AgentWish,
    responses((status = 200, body = AgentShown), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn set_agent(
    ctx: Ctx,
    Id(id): Id,
    Body(wish): Body<AgentWish>,
) -> Result<Json<AgentShown>, Problem> {
    ctx.must_be_admin()?;
    let present = ctx
        .directory
        .agent(AgentId(id))
        .cloned()
        .ok_or_else(|| Problem::not_found(format_args!("agent {id}")))?;
    let agent = Agent {
        name: name(&wish.name)?,
        role: role(&wish.role)?,
        elsewhere: access(&wish.elsewhere)?,
        active: wish.active,
        ..present
    };
    if agent.id == ctx.agent.id && (agent.role != AgentRole::Admin || !agent.active) {
        return Err(Refusal::Conflict(
            "you would lose the right to undo this: let another admin do it".to_owned(),
        )
        .into());
    }
    let data = json!({ "agent": agent.id, "name": agent.name, "role": agent.role, "elsewhere": agent.elsewhere, "active": agent.active });
    let shown = AgentShown::from(&agent);
    commit(&ctx, "agent.changed", data, |changes| {
        changes.agents.push(agent)
    })
    .await?;
    Ok(Json(shown))
}

/// List groups.
#[utoipa::path(get, path = "/groups", tag = "people", responses((status = 200, body = Groups)))]
pub async fn groups(ctx: Ctx) -> Json<Groups> {
    let mut items: Vec<_> = ctx
        .directory
        .groups()
        .map(|group| Named {
            id: group.id.0,
            name: group.name.clone(),
        })
        .collect();
    items.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    Json(Groups { items })
}

/// Make a group. For admins.
#[utoipa::path(post, path = "/groups", tag = "people", request_body = GroupWish,
    responses((status = 201, body = Named), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn create_group(
    ctx: Ctx,
    Body(wish): Body<GroupWish>,
) -> Result<(StatusCode, Json<Named>), Problem> {
    let id = ctx.desk.clock.new_id();
    let named = write_group(&ctx, id, "group.created", &wish).await?;
    Ok((StatusCode::CREATED, Json(named)))
}

/// Rename a group. For admins.
#[utoipa::path(put, path = "/groups/{id}", tag = "people", params(("id" = Uuid, Path)), request_body = GroupWish,
    responses((status = 200, body = Named), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn set_group(
    ctx: Ctx,
    Id(id): Id,
    Body(wish): Body<GroupWish>,
) -> Result<Json<Named>, Problem> {
    ctx.must_be_admin()?;
    known_group(&ctx, id)?;
    Ok(Json(write_group(&ctx, id, "group.changed", &wish).await?))
}

async fn write_group(ctx: &Ctx, id: Uuid, kind: &str, wish: &GroupWish) -> Result<Named, Problem> {
    let group = Group {
        id: GroupId(id),
        name: name(&wish.name)?,
    };
    let named = Named {
        id,
        name: group.name.clone(),
    };
    let data = json!({ "group": id, "name": group.name });
    commit(ctx, kind, data, |changes| changes.groups.push(group)).await?;
    Ok(named)
}

fn known_group(ctx: &Ctx, id: Uuid) -> Result<GroupId, Problem> {
    ctx.directory
        .group(GroupId(id))
        .map(|group| group.id)
        .ok_or_else(|| Problem::not_found(format_args!("group {id}")))
}

/// Who works in a group, and what they may do there.
#[utoipa::path(get, path = "/groups/{id}/members", tag = "people", params(("id" = Uuid, Path)), responses((status = 200, body = Members), (status = 404, body = Problem)))]
pub async fn members(ctx: Ctx, Id(id): Id) -> Result<Json<Members>, Problem> {
    ctx.must_be_inside()?;
    let group = known_group(&ctx, id)?;
    let items = ctx
        .directory
        .members(group)
        .map(|(agent, access)| MemberShown {
            agent: Named {
                id: agent.id.0,
                name: agent.name.clone(),
            },
            access: access.name(),
        });
    Ok(Json(Members {
        items: items.collect(),
    }))
}

fn member(ctx: &Ctx, path: &HashMap<String, String>) -> Result<(GroupId, AgentId), Problem> {
    let id = |name: &str| path.get(name).and_then(|id| id.parse::<Uuid>().ok());
    let (Some(group), Some(agent)) = (id("id"), id("agent")) else {
        return Err(Problem::not_found("that member"));
    };
    let group = known_group(ctx, group)?;
    let known = ctx.directory.agent(AgentId(agent));
    known
        .map(|agent| (group, agent.id))
        .ok_or_else(|| Problem::not_found(format_args!("agent {agent}")))
}

/// Let an agent work in a group. For admins.
#[utoipa::path(put, path = "/groups/{id}/members/{agent}", tag = "people", params(("id" = Uuid, Path), ("agent" = Uuid, Path)), request_body = MemberWish,
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn join(
    ctx: Ctx,
    Segments(path): Segments,
    Body(wish): Body<MemberWish>,
) -> Result<StatusCode, Problem> {
    ctx.must_be_admin()?;
    let (group, agent) = member(&ctx, &path)?;
    let access = access(&wish.access)?;
    let data = json!({ "group": group, "agent": agent, "access": access });
    let membership = Membership {
        group,
        agent,
        access,
    };
    commit(&ctx, "group.joined", data, |changes| {
        changes.members.push(MemberWrite::Join(membership))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take an agent out of a group. For admins.
#[utoipa::path(delete, path = "/groups/{id}/members/{agent}", tag = "people", params(("id" = Uuid, Path), ("agent" = Uuid, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn leave(ctx: Ctx, Segments(path): Segments) -> Result<StatusCode, Problem> {
    ctx.must_be_admin()?;
    let (group, agent) = member(&ctx, &path)?;
    let data = json!({ "group": group, "agent": agent });
    commit(&ctx, "group.left", data, |changes| {
        changes.members.push(MemberWrite::Leave(group, agent))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
