//! What happens in a step, carried out: by the desk's own verbs where people act, over HTTP where programs do.

use super::{
    duration,
    format::{Ask, CreateTicket, Presence, Reply, Step, Wait},
    http,
    trouble::Trouble,
    world::World,
};
use guichet::{admin, plugins::lifecycle::switch};
use guichet_core::{
    actor::Actor,
    changeset::FileWrite,
    effect::Effect,
    event::ACTION,
    id::{CustomerId, FileId, MessageId, TicketId},
    message::{Attachment, MessageDraft, Visibility},
    ticket::{relation::inverse, verbs::TicketDraft},
    value::{Field, Value},
};
use serde_json::Value as Json;
use std::{collections::BTreeMap, path::Path, sync::Arc};

/// What came of a step, beside how the desk is then.
#[derive(Debug, Default)]
pub(crate) struct Came {
    pub(crate) response: Option<http::Response>,
}

/// Carries a step out. `folder` is the scenario's, where its files lie.
pub(crate) async fn act(world: &mut World, step: &Step, folder: &Path) -> Result<Came, Trouble> {
    let mut came = Came::default();
    if let Some(wish) = &step.create_ticket {
        create_ticket(world, wish, folder).await?;
    } else if let Some(wish) = &step.reply {
        reply(world, wish, folder).await?;
    } else if let Some(ask) = &step.ask {
        world
            .carry_out(Actor::SYSTEM, &[asked(world, ask)?])
            .await?;
    } else if let Some((presence, is_here)) = presence(step) {
        let agent = world.names.agent(&presence.agent);
        world.see(agent.map_err(Trouble::Scenario)?, is_here);
    } else if let Some(time) = &step.advance {
        let milliseconds = duration::milliseconds(time).map_err(Trouble::Scenario)?;
        world.advance(milliseconds).await?;
    } else if let Some(wish) = &step.request {
        came.response = Some(http::request(world, wish, folder).await?);
    } else if let Some(wish) = &step.report {
        came.response = Some(http::report(world, wish).await?);
    } else if let Some(settings) = &step.settings {
        let operator = admin::operator(&world.desk, world.tenant.id).await?;
        let install = world.install()?.clone();
        let set = switch::set_settings(&world.desk, &operator, install, settings.clone()).await?;
        world.set_install(set);
    } else {
        let (by, effects) = on_ticket(world, step)?;
        let actor = actor(world, by.as_deref())?;
        world.carry_out(actor, &effects).await?;
    }
    Ok(came)
}

/// Who comes or leaves.
fn presence(step: &Step) -> Option<(&Presence, bool)> {
    let leaves = || step.leave.as_ref().map(|presence| (presence, false));
    let comes = step.come.as_ref().map(|presence| (presence, true));
    comes.or_else(leaves)
}

/// Who acts: the one named, or an admin.
pub(crate) fn actor(world: &World, by: Option<&str>) -> Result<Actor, Trouble> {
    match by {
        None => Ok(Actor::agent(world.admin)),
        Some(name) => world.names.person(name).map_err(Trouble::Scenario),
    }
}

/// Steps that are one or two effects on a ticket that is there, and who takes them.
fn on_ticket(world: &World, step: &Step) -> Result<(Option<String>, Vec<Effect>), Trouble> {
    let ticket = |name: &str| world.names.ticket(name).map_err(Trouble::Scenario);
    if let Some(set) = &step.set {
        let fields = fields(&set.fields);
        let ticket = ticket(&set.ticket)?;
        return Ok((set.by.clone(), vec![Effect::SetFields { ticket, fields }]));
    }
    if let Some(tag) = &step.tag {
        let effect = Effect::Tag {
            ticket: ticket(&tag.ticket)?,
            add: tag.add.clone(),
            remove: tag.remove.clone(),
        };
        return Ok((tag.by.clone(), vec![effect]));
    }
    if let Some(assign) = &step.assign {
        let arguments = assignment(world, assign.agent.as_deref(), assign.group.as_deref())?;
        let effect = transition(ticket(&assign.ticket)?, "assign", arguments);
        return Ok((assign.by.clone(), vec![effect]));
    }
    if let Some(wait) = &step.wait {
        let effect = transition(ticket(&wait.ticket)?, "wait", waiting(world, wait)?);
        return Ok((wait.by.clone(), vec![effect]));
    }
    if let Some(merge) = &step.merge {
        let effect = Effect::Merge {
            source: ticket(&merge.ticket)?,
            target: ticket(&merge.into)?,
        };
        return Ok((merge.by.clone(), vec![effect]));
    }
    if let Some(link) = &step.link {
        inverse(&link.relation).map_err(|refusal| Trouble::Scenario(format!("link: {refusal}")))?;
        let effect = Effect::Link {
            ticket: ticket(&link.ticket)?,
            relation: link.relation.clone(),
            other: ticket(&link.other)?,
        };
        return Ok((link.by.clone(), vec![effect]));
    }
    let commands = [
        ("resume", &step.resume),
        ("solve", &step.solve),
        ("reopen", &step.reopen),
        ("close", &step.close),
        ("delete", &step.delete),
        ("restore", &step.restore),
    ];
    for (command, wish) in commands {
        if let Some(wish) = wish {
            let effect = transition(ticket(&wish.ticket)?, command, Vec::new());
            return Ok((wish.by.clone(), vec![effect]));
        }
    }
    Err(Trouble::Scenario("the step says nothing to do".to_owned()))
}

async fn create_ticket(
    world: &mut World,
    wish: &CreateTicket,
    folder: &Path,
) -> Result<(), Trouble> {
    let requester = world
        .names
        .customer(&wish.requester)
        .map_err(Trouble::Scenario)?;
    let by = match &wish.by {
        Some(_) => actor(world, wish.by.as_deref())?,
        None => Actor::customer(requester),
    };
    let (mut effects, attachments) = attached(world, &wish.attachments, folder)?;
    let text = match (&wish.text, attachments.is_empty()) {
        (None, false) => Some(""),
        (text, _) => text.as_deref(),
    };
    let draft = TicketDraft {
        id: TicketId(world.desk.clock.new_id()),
        subject: wish.subject.clone(),
        requester,
        channel: wish.channel.clone().unwrap_or_else(|| "api".to_owned()),
        first_message: text.map(|text| MessageDraft {
            attachments,
            ..says(world, Actor::customer(requester), Visibility::Public, text)
        }),
        fields: fields(&wish.fields),
    };
    let id = draft.id;
    effects.push(Effect::CreateTicket(draft));
    let committed = world.carry_out(by, &effects).await?;
    let number = committed.number(id);
    world.names.add_ticket(&wish.name, id, number);
    Ok(())
}

async fn reply(world: &World, wish: &Reply, folder: &Path) -> Result<(), Trouble> {
    let id = world
        .names
        .ticket(&wish.ticket)
        .map_err(Trouble::Scenario)?;
    let author = match &wish.by {
        Some(_) => actor(world, wish.by.as_deref())?,
        None => {
            let ticket = world.store().ticket(id).await?;
            let requester = ticket.map(|ticket| ticket.requester);
            Actor::customer(requester.unwrap_or(CustomerId(id.0)))
        }
    };
    let visibility = match wish.visibility.as_deref() {
        None => Visibility::Public,
        Some(name) => Visibility::parse(name).ok_or_else(|| {
            Trouble::Scenario(format!(
                "visibility: `{name}` is neither public nor internal"
            ))
        })?,
    };
    let (mut effects, attachments) = attached(world, &wish.attachments, folder)?;
    let message = MessageDraft {
        attachments,
        // As a channel marks what a machine said.
        fields: match wish.automatic {
            true => vec![field("automatic", Value::Boolean(true))],
            false => Vec::new(),
        },
        ..says(world, author, visibility, &wish.text)
    };
    effects.push(Effect::AddMessage {
        ticket: id,
        message,
    });
    world.carry_out(author, &effects).await.map(drop)
}

fn asked(world: &World, ask: &Ask) -> Result<Effect, Trouble> {
    let name = |name: &String| world.names.ticket(name).map_err(Trouble::Scenario);
    let known = &world.manifest().actions;
    if !known.iter().any(|action| action.name == ask.action) {
        return Err(Trouble::Scenario(format!(
            "ask: plugin.toml has no [[actions]] with the name `{}`",
            ask.action
        )));
    }
    Ok(Effect::Emit {
        kind: ACTION.to_owned(),
        ticket: ask.ticket.as_ref().map(name).transpose()?,
        data: serde_json::json!({ "plugin": world.manifest().id, "action": ask.action, "input": ask.input }),
    })
}

fn waiting(world: &World, wait: &Wait) -> Result<Vec<Field>, Trouble> {
    let until = match &wait.long {
        None => None,
        Some(text) => {
            let long = duration::milliseconds(text).map_err(Trouble::Scenario)?;
            Some(world.now().plus_milliseconds(long))
        }
    };
    Ok(vec![
        field("reason", Value::Text(wait.reason.clone())),
        field("until", Value::instant_or_none(until)),
    ])
}

/// Arguments of `assign`: what is not named stays, an empty name takes it away.
pub(crate) fn assignment(
    world: &World,
    agent: Option<&str>,
    group: Option<&str>,
) -> Result<Vec<Field>, Trouble> {
    let mut arguments = Vec::new();
    if let Some(name) = agent {
        let id = match name.is_empty() {
            true => Value::None,
            false => Value::Text(
                world
                    .names
                    .agent(name)
                    .map_err(Trouble::Scenario)?
                    .to_string(),
            ),
        };
        arguments.push(field("assignee", id));
    }
    if let Some(name) = group {
        let id = match name.is_empty() {
            true => Value::None,
            false => Value::Text(
                world
                    .names
                    .group(name)
                    .map_err(Trouble::Scenario)?
                    .to_string(),
            ),
        };
        arguments.push(field("group", id));
    }
    Ok(arguments)
}

pub(crate) fn transition(ticket: TicketId, command: &str, arguments: Vec<Field>) -> Effect {
    Effect::Transition {
        ticket,
        command: command.to_owned(),
        arguments,
    }
}

pub(crate) fn says(
    world: &World,
    author: Actor,
    visibility: Visibility,
    text: &str,
) -> MessageDraft {
    MessageDraft {
        id: MessageId(world.desk.clock.new_id()),
        author,
        visibility,
        text: text.to_owned(),
        html: None,
        attachments: Vec::new(),
        fields: Vec::new(),
    }
}

/// Files beside the scenario, kept and named by a message.
fn attached(
    world: &World,
    names: &[String],
    folder: &Path,
) -> Result<(Vec<Effect>, Vec<Attachment>), Trouble> {
    let mut effects = Vec::new();
    let mut attachments = Vec::new();
    for name in names {
        let content = http::file(folder, name)?;
        let id = FileId(world.desk.clock.new_id());
        let media_type = media_type(name);
        attachments.push(Attachment {
            file: id,
            name: name.clone(),
            media_type: media_type.to_owned(),
            size: content.len() as u64,
            inline_id: None,
        });
        effects.push(Effect::PutFile(FileWrite {
            id,
            install: None,
            name: name.clone(),
            media_type: media_type.to_owned(),
            content: Arc::new(content),
            at: world.now(),
        }));
    }
    Ok((effects, attachments))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "txt" | "log" => "text/plain",
        "html" => "text/html",
        "json" => "application/json",
        "csv" => "text/csv",
        "eml" => "message/rfc822",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

/// Fields as a scenario writes them.
pub(crate) fn fields(fields: &BTreeMap<String, Json>) -> Vec<Field> {
    fields
        .iter()
        .map(|(name, json)| field(name, value(json)))
        .collect()
}

pub(crate) fn field(name: &str, value: Value) -> Field {
    Field {
        name: name.to_owned(),
        value,
    }
}

fn value(json: &Json) -> Value {
    let texts = |items: &Vec<Json>| {
        items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect::<Option<Vec<_>>>()
    };
    match json {
        Json::Null => Value::None,
        Json::Bool(boolean) => Value::Boolean(*boolean),
        Json::String(text) => Value::Text(text.clone()),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) => Value::Integer(integer),
            (None, number) => Value::Number {
                number: number.unwrap_or_default(),
            },
        },
        Json::Array(items) => match texts(items) {
            Some(texts) => Value::Texts(texts),
            None => Value::Json { json: json.clone() },
        },
        Json::Object(_) => Value::Json { json: json.clone() },
    }
}
