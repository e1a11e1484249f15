//! A ticket, its messages and its history, beside what is expected of them.

use super::{
    super::format::{ExpectMessage, ExpectTicket},
    Differences, data,
};
use crate::scenario::{
    format::{ExpectLink, ExpectParticipant},
    trouble::Trouble,
    world::World,
};
use guichet::inbound::http::show::json;
use guichet_core::{actor::Actor, event::Event, message::Message, ticket::Ticket};

/// Messages that are read at once.
const MESSAGES_PAGE: u32 = 200;

pub(super) async fn compare(
    wanted: &ExpectTicket,
    world: &World,
    found: &mut Differences,
) -> Result<(), Trouble> {
    let place = format!("ticket \"{}\"", wanted.ticket);
    let Some(ticket) = find(wanted, world).await? else {
        found.add(&place, "a ticket", "none");
        return Ok(());
    };
    let at = |what: &str| format!("{place}: {what}");
    let mut text = |what: &str, wanted: &Option<String>, there: &str| {
        if let Some(wanted) = wanted {
            found.same(&at(what), wanted.as_str(), there);
        }
    };
    text("state", &wanted.state, ticket.state.name());
    text("kind", &wanted.kind, &ticket.kind);
    text("subject", &wanted.subject, &ticket.subject);
    text("channel", &wanted.channel, &ticket.channel);
    let requester = name(world, Actor::customer(ticket.requester)).await?;
    text("requester", &wanted.requester, &requester);
    let assignee = match ticket.assignee {
        Some(agent) => name(world, Actor::agent(agent)).await?,
        None => String::new(),
    };
    text("assignee", &wanted.assignee, &assignee);
    let group = ticket.group.map(|id| world.names.of_group(id));
    text("group", &wanted.group, &group.unwrap_or_default());
    if let Some(priority) = wanted.priority {
        found.same(&at("priority"), priority, ticket.priority());
    }
    if let Some(tags) = &wanted.tags {
        let mut tags = tags.clone();
        tags.sort();
        let there: Vec<_> = ticket.tags.iter().cloned().collect();
        found.same_list(&at("tags"), &tags, &there);
    }
    for (name, value) in &wanted.fields {
        let place = at(&format!("field {name}"));
        data::compare(&place, value, &json(&ticket.field(name)), found);
    }
    links_and_participants(wanted, &ticket, world, &place, found).await?;
    messages(wanted, &ticket, world, &place, found).await?;
    let events = world.store().history(ticket.id).await?;
    history(wanted, &events, &place, found);
    Ok(())
}

async fn find(wanted: &ExpectTicket, world: &World) -> Result<Option<Ticket>, Trouble> {
    let id = world
        .names
        .ticket(&wanted.ticket)
        .map_err(Trouble::Scenario)?;
    Ok(world.store().ticket(id).await?)
}

/// How the scenario calls somebody, or else how the desk does.
async fn name(world: &World, actor: Actor) -> Result<String, Trouble> {
    use guichet_core::{actor::ActorKind, id::CustomerId};
    if let Some(name) = world.names.of_actor(actor) {
        return Ok(name.to_owned());
    }
    let found = match actor.kind {
        ActorKind::Customer => {
            let customer = world.store().customer(CustomerId(actor.id)).await?;
            customer.map(|customer| customer.name)
        }
        ActorKind::Agent => {
            let agent = world
                .store()
                .agent(guichet_core::id::AgentId(actor.id))
                .await?;
            agent.map(|agent| agent.name)
        }
        _ => None,
    };
    Ok(found.unwrap_or_else(|| actor.kind.name().to_owned()))
}

async fn links_and_participants(
    wanted: &ExpectTicket,
    ticket: &Ticket,
    world: &World,
    place: &str,
    found: &mut Differences,
) -> Result<(), Trouble> {
    let show = |relation: &str, other: &str| format!("{relation} {other}");
    if let Some(links) = &wanted.links {
        let mut expected: Vec<_> = links
            .iter()
            .map(|ExpectLink { relation, ticket }| show(relation, ticket))
            .collect();
        let there = ticket
            .links
            .iter()
            .map(|link| show(&link.relation, &world.names.of_ticket(link.ticket)));
        let mut there: Vec<_> = there.collect();
        expected.sort();
        there.sort();
        found.same_list(&format!("{place}: links"), &expected, &there);
    }
    if let Some(participants) = &wanted.participants {
        let mut expected: Vec<_> = participants
            .iter()
            .map(|ExpectParticipant { role, name }| show(role, name))
            .collect();
        let mut there = Vec::new();
        for participant in &ticket.participants {
            there.push(show(
                &participant.role,
                &name(world, participant.who).await?,
            ));
        }
        expected.sort();
        there.sort();
        found.same_list(&format!("{place}: participants"), &expected, &there);
    }
    Ok(())
}

async fn messages(
    wanted: &ExpectTicket,
    ticket: &Ticket,
    world: &World,
    place: &str,
    found: &mut Differences,
) -> Result<(), Trouble> {
    if wanted.messages.is_none() && wanted.message.is_empty() {
        return Ok(());
    }
    let mut messages: Vec<Message> = Vec::new();
    loop {
        let last = messages.last().map(|message| message.draft.id);
        let page = world
            .store()
            .messages(ticket.id, last, MESSAGES_PAGE)
            .await?;
        let is_last = page.len() < MESSAGES_PAGE as usize;
        messages.extend(page);
        if is_last {
            break;
        }
    }
    if let Some(count) = wanted.messages {
        found.same(&format!("{place}: messages"), count, messages.len());
    }
    let first = messages.len().saturating_sub(wanted.message.len());
    if wanted.message.len() > messages.len() {
        let place = format!("{place}: messages");
        found.add(
            &place,
            format!("at least {}", wanted.message.len()),
            messages.len(),
        );
        return Ok(());
    }
    for (index, (expected, message)) in wanted.message.iter().zip(&messages[first..]).enumerate() {
        let place = format!(
            "{place}: message {} of {}",
            first + index + 1,
            messages.len()
        );
        let author = name(world, message.draft.author).await?;
        one_message(expected, message, &author, &place, found);
    }
    Ok(())
}

fn one_message(
    wanted: &ExpectMessage,
    message: &Message,
    author: &str,
    place: &str,
    found: &mut Differences,
) {
    let draft = &message.draft;
    if let Some(by) = &wanted.by
        && by != author
        && by != draft.author.kind.name()
    {
        found.add(&format!("{place}: by"), by, author);
    }
    if let Some(visibility) = &wanted.visibility {
        let place = format!("{place}: visibility");
        found.same(&place, visibility.as_str(), draft.visibility.name());
    }
    if let Some(text) = &wanted.text {
        found.within(&format!("{place}: text"), text, &draft.text);
    }
    for (name, value) in &wanted.fields {
        let there = draft.fields.iter().find(|field| field.name == *name);
        let there = there.map_or(serde_json::Value::Null, |field| json(&field.value));
        data::compare(&format!("{place}: field {name}"), value, &there, found);
    }
    if let Some(names) = &wanted.attachments {
        let there: Vec<_> = draft
            .attachments
            .iter()
            .map(|file| file.name.clone())
            .collect();
        found.same_list(&format!("{place}: attachments"), names, &there);
    }
}

fn history(wanted: &ExpectTicket, events: &[Event], place: &str, found: &mut Differences) {
    if let Some(kinds) = &wanted.history {
        let there: Vec<_> = events
            .iter()
            .map(|event| event.draft.kind.clone())
            .collect();
        found.same_list(&format!("{place}: history"), kinds, &there);
    }
    if let Some(rules) = &wanted.because {
        let mut there: Vec<String> = Vec::new();
        for because in events
            .iter()
            .filter_map(|event| event.draft.because.as_ref())
        {
            if !there.contains(&because.rule) {
                there.push(because.rule.clone());
            }
        }
        found.same_list(&format!("{place}: because"), rules, &there);
    }
}
