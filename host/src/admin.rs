//! What operators do: tenants, people, tokens. Each is told in the tenant's log.

use crate::{
    clock::random_bytes,
    desk::Desk,
    inbound::http::secret,
    lane::{Asker, LaneError, into_lane_error},
};
use guichet_core::{
    actor::Actor,
    changeset::{ChangeSet, MemberWrite},
    directory::{Access, Agent, AgentRole, Group, Membership, Tenant},
    event::Origin,
    id::{AgentId, GroupId, TenantId},
    refusal::Refusal,
    ticket::{verbs::tell, work::Stamp},
};
use jiff::tz::TimeZone;
use serde_json::json;

/// The operator, at a tenant.
///
/// # Errors
/// Where the database fails.
pub async fn operator(desk: &Desk, tenant: TenantId) -> Result<Asker, LaneError> {
    Ok(Asker {
        tenant,
        principal: Actor::SYSTEM.into(),
        directory: desk.store.tenant(tenant).directory().await?,
    })
}

fn stamp(desk: &Desk) -> Stamp {
    Stamp {
        at: desk.clock.now(),
        principal: Actor::SYSTEM.into(),
        origin: Origin::default(),
        because: None,
    }
}

/// The tenant of that name; made if there is none.
///
/// # Errors
/// [`Refusal::Invalid`] where the name cannot stand in an address, or there is no such time zone.
pub async fn ensure_tenant(
    desk: &Desk,
    slug: &str,
    name: &str,
    zone: &str,
) -> Result<Tenant, LaneError> {
    if let Some(tenant) = desk.store.tenant_by_slug(slug).await? {
        return Ok(tenant);
    }
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if slug.is_empty() || slug.len() > 40 || !slug.bytes().all(plain) {
        return Err(Refusal::Invalid(
            "a tenant's name in addresses is 1 to 40 small letters, digits and dashes".to_owned(),
        )
        .into());
    }
    if TimeZone::get(zone).is_err() {
        return Err(Refusal::Invalid(format!(
            "there is no time zone `{zone}`: name one such as Asia/Shanghai or Europe/Berlin"
        ))
        .into());
    }
    let tenant = Tenant {
        id: TenantId(desk.clock.new_id()),
        slug: slug.to_owned(),
        name: name.to_owned(),
        zone: zone.to_owned(),
    };
    desk.store
        .create_tenant(&tenant, random_bytes::<32>())
        .await?;
    Ok(tenant)
}

/// An agent to be made.
pub struct NewAgent {
    pub name: String,
    pub email: String,
    pub role: AgentRole,
    pub password: String,
}

/// Makes an agent, as the operator.
///
/// # Errors
/// As [`make_agent`].
pub async fn create_agent(
    desk: &Desk,
    tenant: TenantId,
    name: &str,
    email: &str,
    role: AgentRole,
    password: &str,
) -> Result<Agent, LaneError> {
    let agent = NewAgent {
        name: name.to_owned(),
        email: email.to_owned(),
        role,
        password: password.to_owned(),
    };
    make_agent(desk, &operator(desk, tenant).await?, agent).await
}

/// Makes an agent.
///
/// # Errors
/// [`Refusal::Invalid`] for a weak password or no address, [`Refusal::Conflict`] where the address is taken.
pub async fn make_agent(desk: &Desk, asker: &Asker, wish: NewAgent) -> Result<Agent, LaneError> {
    let email = wish.email.trim().to_lowercase();
    let is_plain = |c: char| !c.is_control() && !c.is_whitespace();
    if !email.contains('@') || email.len() > 254 || !email.chars().all(is_plain) {
        return Err(Refusal::Invalid("an agent signs in with an e-mail address".to_owned()).into());
    }
    let known = desk
        .store
        .tenant(asker.tenant)
        .agent_by_email(&email)
        .await?;
    if known.is_some() {
        return Err(Refusal::Conflict(format!("{email} is an agent already")).into());
    }
    // Argon2 is meant to be slow: not on a thread that serves others.
    let password = wish.password;
    let hash = tokio::task::spawn_blocking(move || secret::hash_password(&password))
        .await
        .map_err(|error| Refusal::Limit(error.to_string()))?
        .map_err(Refusal::Invalid)?;
    let agent = Agent {
        id: AgentId(desk.clock.new_id()),
        name: wish.name.trim().to_owned(),
        email,
        role: wish.role,
        elsewhere: Access::Change,
        active: true,
        password_hash: Some(hash),
    };
    let mut changes = ChangeSet::new(asker.tenant);
    changes.events.push(tell(
        "agent.created",
        json!({ "agent": agent.id, "name": agent.name, "email": agent.email, "role": agent.role }),
        &asker.stamp(desk),
    ));
    changes.agents.push(agent.clone());
    desk.commit(changes).await.map_err(into_lane_error)?;
    Ok(agent)
}

/// Makes a group of agents.
///
/// # Errors
/// Where the database fails.
pub async fn create_group(
    desk: &Desk,
    tenant: TenantId,
    name: &str,
    members: &[AgentId],
) -> Result<Group, LaneError> {
    let group = Group {
        id: GroupId(desk.clock.new_id()),
        name: name.to_owned(),
    };
    let mut changes = ChangeSet::new(tenant);
    changes.events.push(tell(
        "group.created",
        json!({ "group": group.id, "name": group.name, "members": members }),
        &stamp(desk),
    ));
    changes.groups.push(group.clone());
    changes.members.extend(members.iter().map(|member| {
        MemberWrite::Join(Membership {
            group: group.id,
            agent: *member,
            access: Access::Change,
        })
    }));
    desk.commit(changes).await.map_err(into_lane_error)?;
    Ok(group)
}

/// Makes a bearer token and answers it, once; only its hash is kept.
///
/// # Errors
/// [`Refusal::Invalid`] for unknown scopes.
pub async fn create_token(
    desk: &Desk,
    tenant: TenantId,
    name: &str,
    agent: Option<AgentId>,
    scopes: &[String],
) -> Result<String, LaneError> {
    if let Some(unknown) = scopes
        .iter()
        .find(|scope| *scope != "api" && !scope.starts_with("plugin:"))
    {
        return Err(Refusal::Invalid(format!(
            "there is no scope `{unknown}`: use api, or plugin:publisher/name"
        ))
        .into());
    }
    let token = format!("guichet_{}", secret::new_secret());
    desk.store
        .create_token(
            tenant,
            desk.clock.new_id(),
            name,
            &secret::hash(&token),
            agent,
            scopes,
            desk.clock.now(),
            None,
        )
        .await?;
    let mut changes = ChangeSet::new(tenant);
    changes.events.push(tell(
        "token.created",
        json!({ "name": name, "agent": agent, "scopes": scopes }),
        &stamp(desk),
    ));
    desk.commit(changes).await.map_err(into_lane_error)?;
    Ok(token)
}
