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
    id::{AgentId, GroupId, TenantId},
    refusal::Refusal,
    ticket::{verbs::tell, work::Stamp},
    time::Timestamp,
};
use jiff::tz::TimeZone;
use serde_json::json;
use uuid::Uuid;

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
    Stamp::of_system(desk.clock.now())
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
    crate::views::begin(desk, tenant.id).await?;
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

/// A token to be made.
pub struct NewToken {
    /// For people: which program has it.
    pub name: String,
    /// In whose name it acts.
    pub agent: Option<AgentId>,
    pub scopes: Vec<String>,
    /// Absent: until it is revoked.
    pub until: Option<Timestamp>,
}

/// Makes a bearer token as the operator and answers it, once; only its hash is kept.
///
/// # Errors
/// As [`make_token`].
pub async fn create_token(
    desk: &Desk,
    tenant: TenantId,
    name: &str,
    agent: Option<AgentId>,
    scopes: &[String],
) -> Result<String, LaneError> {
    let new = NewToken {
        name: name.to_owned(),
        agent,
        scopes: scopes.to_vec(),
        until: None,
    };
    let (_, token) = make_token(desk, &operator(desk, tenant).await?, new).await?;
    Ok(token)
}

/// Makes a bearer token; answers its id and, once, the token.
///
/// # Errors
/// [`Refusal::Invalid`] without a name, without scopes, or for unknown ones.
pub async fn make_token(
    desk: &Desk,
    asker: &Asker,
    new: NewToken,
) -> Result<(Uuid, String), LaneError> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > 120 || name.chars().any(char::is_control) {
        return Err(Refusal::Invalid(
            "a token has a name of at most 120 characters, which says who uses it".to_owned(),
        )
        .into());
    }
    let is_known = |scope: &String| {
        scope == "api"
            || scope
                .strip_prefix("plugin:")
                .is_some_and(|plugin| plugin.split_once('/').is_some())
    };
    if let Some(unknown) = new.scopes.iter().find(|scope| !is_known(scope)) {
        return Err(Refusal::Invalid(format!(
            "there is no scope `{unknown}`: use api, or plugin:publisher/name"
        ))
        .into());
    }
    if new.scopes.is_empty() {
        return Err(Refusal::Invalid(
            "a token without scopes opens nothing: use api, or plugin:publisher/name".to_owned(),
        )
        .into());
    }
    let (id, token) = (
        desk.clock.new_id(),
        format!("guichet_{}", secret::new_secret()),
    );
    let stamp = asker.stamp(desk);
    desk.store
        .create_token(
            asker.tenant,
            id,
            name,
            &secret::hash(&token),
            new.agent,
            &new.scopes,
            stamp.at,
            new.until,
        )
        .await?;
    let mut changes = ChangeSet::new(asker.tenant);
    changes.events.push(tell(
        "token.created",
        json!({ "token": id, "name": name, "agent": new.agent, "scopes": new.scopes }),
        &stamp,
    ));
    desk.commit(changes).await.map_err(into_lane_error)?;
    Ok((id, token))
}

/// Revokes a token; answers whether there was one.
///
/// # Errors
/// Where the database fails.
pub async fn revoke_token(desk: &Desk, asker: &Asker, id: Uuid) -> Result<bool, LaneError> {
    let store = desk.store.tenant(asker.tenant);
    let Some(row) = store.tokens().await?.into_iter().find(|row| row.id == id) else {
        return Ok(false);
    };
    // First the deed: a token that is told to be revoked opens nothing.
    store.delete_token(id).await?;
    let mut changes = ChangeSet::new(asker.tenant);
    changes.events.push(tell(
        "token.revoked",
        json!({ "token": id, "name": row.token.name, "agent": row.token.agent, "scopes": row.token.scopes }),
        &asker.stamp(desk),
    ));
    desk.commit(changes).await.map_err(into_lane_error)?;
    Ok(true)
}
