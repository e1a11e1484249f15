//! A tenant with life in it, to look around: people, some weeks of tickets, a few plugins at work.

/// Who and what there is.
mod cast;

/// Forms that anybody may fill.
mod forms;

/// What the desk offers and promises.
mod promises;

use crate::{
    admin::{create_agent, create_group, create_token, ensure_tenant, operator},
    desk::Desk,
    dispatch::Dispatch,
    lane,
    plugins::{lifecycle::take_in, market},
};
use cast::{AGENTS, CUSTOMERS, GROUPS, PASSWORD, STORIES, Story};
use guichet_core::{
    actor::Actor,
    customer::Identity,
    directory::{AgentRole, Directory, Tenant},
    event::Origin,
    id::{AgentId, CustomerId, GroupId, MessageId, TicketId},
    message::{MessageDraft, Visibility},
    overlay::Overlay,
    ticket::{verbs::TicketDraft, work::Stamp},
    time::Timestamp,
    value::{Field, Value},
};
use serde_json::json;
use std::{net::SocketAddr, sync::Arc};

/// The demo tenant's name in addresses.
pub const TENANT: &str = "demo";

/// A demo that has been set up.
pub struct Ready {
    token: Option<String>,
}

/// Sets the demo up; where it is there already, nothing is changed.
///
/// # Errors
/// Where the database fails, or the marketplace does not have the plugins.
pub async fn set_up(desk: &Arc<Desk>, progress: impl Fn(&str)) -> anyhow::Result<Ready> {
    let tenant = ensure_tenant(desk, TENANT, "Demo · 示例", "Asia/Shanghai").await?;
    let store = desk.store.tenant(tenant.id);
    if !store.installs().await?.is_empty() {
        progress("the demo is here already");
        return Ok(Ready { token: None });
    }
    progress("people");
    let mut agents = Vec::new();
    for (name, email, role) in AGENTS {
        agents.push(
            create_agent(desk, tenant.id, name, email, role, PASSWORD)
                .await?
                .id,
        );
    }
    let mut groups = Vec::new();
    for (name, members) in GROUPS {
        let members: Vec<_> = members.iter().map(|index| agents[*index]).collect();
        groups.push(create_group(desk, tenant.id, name, &members).await?.id);
    }
    let operator = operator(desk, tenant.id).await?;
    let install = async |name: &str, settings: serde_json::Value| -> anyhow::Result<()> {
        progress(&format!(
            "plugin {name}: fetched, compiled, consented to, enabled"
        ));
        let incoming = market::fetch(desk, name).await?;
        take_in::at_one_stroke(desk, &operator, incoming, settings).await?;
        Ok(())
    };
    // They see the past as it happens.
    install("guichet/catalog", json!({})).await?;
    promises::fill_catalog(desk, &tenant, agents[0]).await?;
    install("guichet/sla", json!({})).await?;
    promises::promise(desk, &tenant).await?;
    progress("some weeks of tickets");
    let mut past = Past {
        desk,
        directory: store.directory().await?,
        tenant: &tenant,
        agents: &agents,
        groups: &groups,
        customers: Vec::new(),
    };
    past.tell().await?;
    for (name, settings) in [
        ("guichet/triggers", trigger_rules(&groups)),
        (
            "guichet/email",
            json!({ "mailboxes": [{ "address": "support@desk.example", "name": "Service desk" }] }),
        ),
        ("guichet/web-form", forms::settings(&groups)),
        ("guichet/overview", json!({})),
    ] {
        install(name, settings).await?;
    }
    let token = create_token(
        desk,
        tenant.id,
        "mail in",
        None,
        &["plugin:guichet/email".to_owned()],
    )
    .await?;
    Dispatch::settled(desk, tenant.id).await;
    Ok(Ready { token: Some(token) })
}

impl Ready {
    /// What to open, and how to sign in.
    pub fn welcome(&self, address: SocketAddr) -> String {
        let (_, email, _) = AGENTS[0];
        let mut text = format!(
            "\n  Guichet demo\n  open      http://localhost:{}/t/{TENANT}/\n  sign in   {email}   password {PASSWORD}\n",
            address.port()
        );
        text.push_str(&format!(
            "  a form    http://localhost:{}/t/{TENANT}/plugins/guichet/web-form/{}\n",
            address.port(),
            forms::FIRST
        ));
        if let Some(token) = &self.token {
            text.push_str(&format!(
                "  a mail    curl --data-binary @mail.eml -H 'Authorization: Bearer {token}' http://localhost:{}/t/{TENANT}/plugins/guichet/email/inbound\n",
                address.port()
            ));
        }
        text
    }
}

/// What the trigger plugin does here: the same rules an admin would write.
fn trigger_rules(groups: &[GroupId]) -> serde_json::Value {
    let contains = |field: &str, words: &str| json!({ "field": field, "operator": "contains", "value": words });
    json!({ "semantics": 1, "rules": [
        {
            "name": "VPN goes to the network group",
            "events": ["ticket.created"],
            "any": [contains("subject", "VPN"), contains("text", "VPN")],
            "actions": [
                { "type": "assign-group", "group": groups[1] },
                { "type": "add-tags", "tags": ["vpn"] },
                { "type": "reply", "text": "We have received your request #{{ticket.number}} about \"{{ticket.subject}}\". The network group looks into it.\n\n我们已收到您的请求，网络组正在处理。" }
            ]
        },
        {
            "name": "Passwords are urgent",
            "events": ["ticket.created"],
            "any": [contains("subject", "密码"), contains("subject", "password")],
            "actions": [
                { "type": "assign-group", "group": groups[0] },
                { "type": "add-tags", "tags": ["account"] },
                { "type": "set-priority", "urgency": 1 }
            ]
        }
    ]})
}

/// Tells the past, by the same verbs as the present.
struct Past<'a> {
    desk: &'a Arc<Desk>,
    directory: Arc<Directory>,
    tenant: &'a Tenant,
    agents: &'a [AgentId],
    groups: &'a [GroupId],
    customers: Vec<CustomerId>,
}

const HOUR_MS: i64 = 3_600_000;

impl Past<'_> {
    async fn tell(&mut self) -> Result<(), lane::LaneError> {
        let now = self.desk.clock.now();
        let weeks_ago = now.plus_milliseconds(-28 * 24 * HOUR_MS);
        let mut overlay = Overlay::new(self.tenant.id, self.directory.clone());
        for (name, email) in CUSTOMERS {
            let id = CustomerId(self.desk.clock.new_id());
            let identity = Identity {
                name: format!("mailto:{email}"),
                verified: true,
            };
            overlay.create_customer(
                id,
                name,
                vec![identity],
                &self.stamp(Actor::SYSTEM, weeks_ago),
            );
            self.customers.push(id);
        }
        lane::commit(self.desk, overlay).await?;
        // The stories are told several times over four weeks, the oldest first, so that numbers grow with time.
        let rounds = 4;
        let count = i64::try_from(STORIES.len()).unwrap_or(1) * rounds;
        for index in 0..count {
            let begun = now.plus_milliseconds(-(count - index) * 28 * 24 * HOUR_MS / (count + 1));
            let story = &STORIES[usize::try_from(index).unwrap_or(0) % STORIES.len()];
            let is_recent = count - index <= 6;
            self.tell_story(story, usize::try_from(index).unwrap_or(0), begun, is_recent)
                .await?;
            // Whoever listens hears it before anything follows from its age.
            Dispatch::settled(self.desk, self.tenant.id).await;
        }
        Ok(())
    }

    async fn tell_story(
        &self,
        story: &Story,
        index: usize,
        begun: Timestamp,
        is_recent: bool,
    ) -> Result<(), lane::LaneError> {
        let requester = self.customers[(index * 3 / 2 + story.customer) % self.customers.len()];
        let customer = Actor::customer(requester);
        let agent_id = self.agents[story.agent];
        let agent = Actor::agent(agent_id);
        let at = |hours: i64| begun.plus_milliseconds(hours * HOUR_MS / 4);
        let mut overlay = Overlay::new(self.tenant.id, self.directory.clone());
        let id = TicketId(self.desk.clock.new_id());
        let integer = |name: &str, value: i64| Field {
            name: name.to_owned(),
            value: Value::Integer(value),
        };
        let draft = TicketDraft {
            id,
            subject: story.subject.to_owned(),
            requester,
            channel: story.channel.to_owned(),
            first_message: Some(self.says(customer, Visibility::Public, story.text)),
            fields: vec![
                Field {
                    name: "kind".to_owned(),
                    value: Value::Text(story.kind.to_owned()),
                },
                integer("impact", story.impact),
                integer("urgency", story.urgency),
            ],
        };
        overlay.create_ticket(draft, &self.stamp(customer, at(0)))?;
        // What came in last is still untouched.
        if !(is_recent && index.is_multiple_of(2)) {
            let by_agent = |hours| self.stamp(agent, at(hours));
            overlay.on_ticket(id, |work| {
                work.assign(Some(agent_id), Some(self.groups[story.group]), &by_agent(1))
            })?;
            let tags: Vec<_> = story.tags.iter().map(|tag| (*tag).to_owned()).collect();
            overlay.on_ticket(id, |work| work.tag(&tags, &[], &by_agent(1)))?;
            if let Some(note) = story.note {
                overlay.add_message(
                    id,
                    self.says(agent, Visibility::Internal, note),
                    &by_agent(2),
                )?;
            }
            overlay.add_message(
                id,
                self.says(agent, Visibility::Public, story.answer),
                &by_agent(3),
            )?;
            match (is_recent, index % 5) {
                (true, _) => {}
                (false, 0) => {
                    overlay.on_ticket(id, |work| work.wait("the customer", None, &by_agent(4)))?
                }
                (false, _) => {
                    overlay.on_ticket(id, |work| work.solve(&by_agent(5)))?;
                    if index % 5 > 1 {
                        overlay.on_ticket(id, |work| {
                            work.close(&self.stamp(Actor::SYSTEM, at(16 * 4)))
                        })?;
                    }
                }
            }
        }
        lane::commit(self.desk, overlay).await.map(drop)
    }

    fn says(&self, author: Actor, visibility: Visibility, text: &str) -> MessageDraft {
        let id = MessageId(self.desk.clock.new_id());
        MessageDraft {
            id,
            author,
            visibility,
            text: text.to_owned(),
            html: None,
            attachments: Vec::new(),
            fields: Vec::new(),
        }
    }

    fn stamp(&self, actor: Actor, at: Timestamp) -> Stamp {
        Stamp {
            at,
            principal: self.directory.principal(actor),
            origin: Origin::default(),
            because: None,
        }
    }
}

/// The demo's first admin, for tests that sign in.
pub fn first_sign_in() -> (&'static str, &'static str, AgentRole) {
    (AGENTS[0].1, PASSWORD, AGENTS[0].2)
}
