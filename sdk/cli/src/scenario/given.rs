//! What there is before the plugin is enabled.

use super::{
    acting::{self, assignment, field, says, transition},
    format::{Given, GivenCustomer, GivenTicket},
    trouble::Trouble,
    world::World,
};
use guichet::{admin, plugins::manifest::kept_as};
use guichet_core::{
    actor::Actor,
    changeset::RecordKey,
    customer::Identity,
    directory::AgentRole,
    effect::Effect,
    id::{CustomerId, TicketId},
    message::Visibility,
    ticket::{state::State, verbs::TicketDraft},
    value::Value,
};

/// Nobody signs in with it: the desk is on loopback, for as long as the scenario takes.
const PASSWORD: &str = "nobody signs in with this one";

/// People and tickets.
pub(crate) async fn set_up(world: &mut World, given: &Given) -> Result<(), Trouble> {
    agents_and_groups(world, given).await?;
    for (index, customer) in given.customers.iter().enumerate() {
        add_customer(world, index, customer).await?;
    }
    for ticket in &given.tickets {
        add_ticket(world, ticket).await?;
    }
    Ok(())
}

async fn agents_and_groups(world: &mut World, given: &Given) -> Result<(), Trouble> {
    for (index, agent) in given.agents.iter().enumerate() {
        let role = agent.role.as_deref().unwrap_or("agent");
        let role = AgentRole::parse(role).ok_or_else(|| {
            Trouble::Scenario(format!(
                "[[given.agents]] {}: there is no role `{role}`: use helper, agent, supervisor or admin",
                agent.name
            ))
        })?;
        let email = agent.email.clone();
        let email = email.unwrap_or_else(|| format!("agent-{}@scenario.example", index + 1));
        let (desk, tenant) = (&world.desk, world.tenant.id);
        let made = admin::create_agent(desk, tenant, &agent.name, &email, role, PASSWORD).await?;
        world.names.add_agent(&agent.name, made.id);
        if agent.online {
            world.see(made.id, true);
        }
        if let Some(unknown) = agent
            .groups
            .iter()
            .find(|name| given.groups.iter().all(|group| group.name != **name))
        {
            return Err(Trouble::Scenario(format!(
                "[[given.agents]] {}: there is no group `{unknown}`: make it in [[given.groups]]",
                agent.name
            )));
        }
    }
    for group in &given.groups {
        let members = given
            .agents
            .iter()
            .filter(|agent| agent.groups.contains(&group.name));
        let members = members
            .map(|agent| world.names.agent(&agent.name))
            .collect::<Result<Vec<_>, _>>()
            .map_err(Trouble::Scenario)?;
        let (desk, tenant) = (&world.desk, world.tenant.id);
        let made = admin::create_group(desk, tenant, &group.name, &members).await?;
        world.names.add_group(&group.name, made.id);
    }
    Ok(())
}

async fn add_customer(
    world: &mut World,
    index: usize,
    customer: &GivenCustomer,
) -> Result<(), Trouble> {
    let id = CustomerId(world.desk.clock.new_id());
    let email = customer.email.clone();
    let email = email.unwrap_or_else(|| format!("customer-{}@scenario.example", index + 1));
    let names = std::iter::once(format!("mailto:{}", email.to_lowercase()))
        .chain(customer.identities.iter().cloned());
    let ensure = Effect::EnsureCustomer {
        id,
        identities: names
            .map(|name| Identity {
                name,
                verified: true,
            })
            .collect(),
        fields: vec![field("name", Value::Text(customer.name.clone()))],
    };
    let set = Effect::SetCustomer {
        id,
        fields: acting::fields(&customer.fields),
    };
    world.carry_out(Actor::SYSTEM, &[ensure, set]).await?;
    world.names.add_customer(&customer.name, id);
    Ok(())
}

async fn add_ticket(world: &mut World, given: &GivenTicket) -> Result<(), Trouble> {
    let id = TicketId(world.desk.clock.new_id());
    let requester = world
        .names
        .customer(&given.requester)
        .map_err(Trouble::Scenario)?;
    let asks = Actor::customer(requester);
    let create = Effect::CreateTicket(TicketDraft {
        id,
        subject: given.subject.clone(),
        requester,
        channel: "api".to_owned(),
        first_message: given
            .text
            .as_ref()
            .map(|text| says(world, asks, Visibility::Public, text)),
        fields: acting::fields(&given.fields),
    });
    let committed = world.carry_out(asks, &[create]).await?;
    let number = committed.number(id);
    world.names.add_ticket(&given.name, id, number);
    let mut effects = Vec::new();
    if !given.tags.is_empty() {
        effects.push(Effect::Tag {
            ticket: id,
            add: given.tags.clone(),
            remove: Vec::new(),
        });
    }
    let assigned = assignment(world, given.agent.as_deref(), given.group.as_deref())?;
    if !assigned.is_empty() {
        effects.push(transition(id, "assign", assigned));
    }
    effects.extend(towards(id, given)?);
    if !effects.is_empty() {
        world.carry_out(Actor::SYSTEM, &effects).await?;
    }
    match &given.state {
        None => Ok(()),
        Some(wanted) => {
            let ticket = world.store().ticket(id).await?;
            let found = ticket.map_or("gone", |ticket| ticket.state.name());
            match found == wanted {
                true => Ok(()),
                false => Err(Trouble::Scenario(format!(
                    "[[given.tickets]] {}: it is {found}, and cannot be made {wanted} so",
                    given.name
                ))),
            }
        }
    }
}

/// What leads a ticket to its state.
fn towards(ticket: TicketId, given: &GivenTicket) -> Result<Vec<Effect>, Trouble> {
    let Some(wanted) = &given.state else {
        return Ok(Vec::new());
    };
    let wait = || {
        let reason = field("reason", Value::Text("given".to_owned()));
        transition(ticket, "wait", vec![reason])
    };
    let command = |command| transition(ticket, command, Vec::new());
    match State::parse(wanted) {
        Some(State::New) => Ok(Vec::new()),
        // Whoever takes it opens it; without an agent, the end of a wait does.
        Some(State::Open) if given.agent.is_some() => Ok(Vec::new()),
        Some(State::Open) => Ok(vec![wait(), command("resume")]),
        Some(State::Pending) => Ok(vec![wait()]),
        Some(State::Solved) => Ok(vec![command("solve")]),
        Some(State::Closed) => Ok(vec![command("solve"), command("close")]),
        _ => Err(Trouble::Scenario(format!(
            "[[given.tickets]] {}: a ticket can be given as new, open, pending, solved or closed, and not as {wanted}",
            given.name
        ))),
    }
}

/// The plugin's own records, once it is installed.
pub(crate) async fn records(world: &World, given: &Given) -> Result<(), Trouble> {
    let mut effects = Vec::new();
    for record in &given.records {
        let collections = &world.manifest().collections;
        let declared = collections
            .iter()
            .find(|collection| collection.name == record.collection)
            .ok_or_else(|| {
                Trouble::Scenario(format!(
                    "[[given.records]]: plugin.toml has no [[collections]] with the name `{}`",
                    record.collection
                ))
            })?;
        effects.push(Effect::PutRecord {
            key: RecordKey {
                install: world.install_id()?,
                collection: kept_as(declared),
                key: record.key.clone(),
            },
            body: Some(record.body.to_string()),
            if_version: None,
            indexes: declared.indexes.as_slice().into(),
        });
    }
    match effects.is_empty() {
        true => Ok(()),
        false => world.carry_out(Actor::SYSTEM, &effects).await.map(drop),
    }
}
