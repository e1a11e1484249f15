//! A plugin's view of the desk: the invocation's overlay, what it has not loaded yet from the store, and nothing of any other tenant.

use super::asked;
use guichet_core::{
    actor::{Actor, ActorKind},
    changeset::{FileWrite, Record, RecordKey},
    customer::{Identity, check_identity},
    derive::Seed,
    event::Because,
    id::{AgentId, CustomerId, FileId, GroupId, InstallId, MessageId, TenantId, TicketId},
    limits,
    message::{Attachment, Message, MessageDraft},
    overlay::Overlay,
    refusal::Refusal,
    ticket::{Ticket, verbs::TicketDraft, work::Stamp},
    time::Timestamp,
    value::Field,
};
use guichet_runtime::{Answer, Fault, Helpdesk, MessageWish, TicketWish};
use guichet_store::{StoreError, TenantStore};
use std::{any::Any, collections::BTreeSet, sync::Arc};

/// What one invocation of one install sees and writes.
pub struct View {
    pub store: TenantStore,
    pub tenant: TenantId,
    pub install: InstallId,
    /// Collections that the manifest declares.
    pub collections: BTreeSet<String>,
    pub overlay: Overlay,
    pub stamp: Stamp,
    pub seed: Seed,
    pub settings: Arc<str>,
    /// How many ids were made so far.
    pub made: u64,
}

fn host(error: StoreError) -> Fault {
    Fault::Host(error.to_string())
}

impl View {
    fn new_id(&mut self, purpose: &str) -> uuid::Uuid {
        self.made += 1;
        self.seed.id(purpose, self.made)
    }

    async fn load(&mut self, id: TicketId) -> Result<(), Fault> {
        if !self.overlay.has_ticket(id) {
            let ticket = self.store.ticket(id).await.map_err(host)?;
            self.overlay
                .load_ticket(ticket.ok_or_else(|| Refusal::NotFound(format!("ticket {id}")))?);
        }
        Ok(())
    }

    fn draft(&mut self, wish: MessageWish, author: Actor) -> MessageDraft {
        MessageDraft {
            id: MessageId(self.new_id("message")),
            author,
            visibility: wish.visibility,
            text: wish.text,
            html: wish.html,
            attachments: wish.attachments,
            fields: wish.fields,
        }
    }

    fn stamp_of(&self, author: Option<Actor>) -> Stamp {
        Stamp {
            principal: author.unwrap_or(self.stamp.principal.actor).into(),
            ..self.stamp.clone()
        }
    }

    /// A channel speaks for customers and agents of this tenant, never for the host or another plugin.
    async fn check_author(&self, author: Option<Actor>) -> Result<(), Fault> {
        let Some(author) = author else { return Ok(()) };
        let known = match author.kind {
            ActorKind::Customer => {
                self.overlay.has_customer(CustomerId(author.id))
                    || self
                        .store
                        .customer(CustomerId(author.id))
                        .await
                        .map_err(host)?
                        .is_some()
            }
            ActorKind::Agent => self
                .store
                .agent(AgentId(author.id))
                .await
                .map_err(host)?
                .is_some(),
            ActorKind::Plugin | ActorKind::System => {
                return Err(Refusal::Right(
                    "a channel brings in what customers and agents say: the author is neither"
                        .to_owned(),
                )
                .into());
            }
        };
        if known {
            Ok(())
        } else {
            Err(Refusal::NotFound(format!("the author {}", author.id)).into())
        }
    }

    async fn check_customer(&self, id: CustomerId) -> Result<(), Fault> {
        if self.overlay.has_customer(id) || self.store.customer(id).await.map_err(host)?.is_some() {
            return Ok(());
        }
        Err(Refusal::NotFound(format!("customer {id}")).into())
    }

    async fn check_assignment(&self, arguments: &[Field]) -> Result<(), Fault> {
        for field in arguments {
            let Some(text) = field.value.as_text().filter(|text| !text.is_empty()) else {
                continue;
            };
            let known = match (field.name.as_str(), text.parse::<uuid::Uuid>()) {
                ("assignee", Ok(id)) => {
                    self.store.agent(AgentId(id)).await.map_err(host)?.is_some()
                }
                ("group", Ok(id)) => self
                    .store
                    .groups()
                    .await
                    .map_err(host)?
                    .iter()
                    .any(|group| group.id == GroupId(id)),
                _ => true,
            };
            if !known {
                return Err(Refusal::NotFound(format!("{} {text}", field.name)).into());
            }
        }
        Ok(())
    }

    async fn check_attachments(&self, attachments: &[Attachment]) -> Result<(), Fault> {
        for attachment in attachments {
            if self.overlay.file(attachment.file).is_none()
                && self
                    .store
                    .file_part(attachment.file, 0, 0)
                    .await
                    .map_err(host)?
                    .is_none()
            {
                return Err(Refusal::NotFound(format!("file {}", attachment.file)).into());
            }
        }
        Ok(())
    }

    fn record_key(&self, collection: String, key: String) -> Result<RecordKey, Fault> {
        if !self.collections.contains(&collection) {
            return Err(Refusal::Invalid(format!("the manifest declares no collection `{collection}`: add [[collections]] name = \"{collection}\"")).into());
        }
        if key.is_empty() || key.len() > limits::RECORD_KEY_BYTES_MAX || key.contains('\0') {
            return Err(Refusal::Limit(format!(
                "a record's key has 1 to {} bytes",
                limits::RECORD_KEY_BYTES_MAX
            ))
            .into());
        }
        Ok(RecordKey {
            install: self.install,
            collection,
            key,
        })
    }

    async fn load_record(&mut self, key: &RecordKey) -> Result<(), Fault> {
        if !self.overlay.has_record(key) {
            let (version, record) = self.store.record(key).await.map_err(host)?;
            self.overlay.load_record(key.clone(), version, record);
        }
        Ok(())
    }
}

impl Helpdesk for View {
    fn ticket(&mut self, id: TicketId) -> Answer<'_, Ticket> {
        Box::pin(async move {
            self.load(id).await?;
            Ok(self.overlay.ticket(id)?.clone())
        })
    }

    fn loaded_ticket(&self, id: TicketId) -> Option<&Ticket> {
        self.overlay.ticket(id).ok()
    }

    fn find_ticket(&mut self, number: u64) -> Answer<'_, Ticket> {
        Box::pin(async move {
            let ticket = self.store.ticket_by_number(number).await.map_err(host)?;
            let id = ticket
                .as_ref()
                .map(|ticket| ticket.id)
                .ok_or_else(|| Refusal::NotFound(format!("ticket {number}")))?;
            ticket
                .into_iter()
                .for_each(|ticket| self.overlay.load_ticket(ticket));
            Ok(self.overlay.ticket(id)?.clone())
        })
    }

    fn messages(
        &mut self,
        ticket: TicketId,
        after: Option<MessageId>,
        limit: u32,
    ) -> Answer<'_, Vec<Message>> {
        Box::pin(async move {
            self.load(ticket).await?;
            let limit = limit.min(200);
            let mut messages = self
                .store
                .messages(ticket, after, limit)
                .await
                .map_err(host)?;
            let room = (limit as usize).saturating_sub(messages.len());
            messages.extend(self.overlay.messages_of(ticket).take(room).cloned());
            Ok(messages)
        })
    }

    fn create_ticket(&mut self, wish: TicketWish, author: Option<Actor>) -> Answer<'_, TicketId> {
        Box::pin(async move {
            self.check_author(author).await?;
            self.check_customer(wish.requester).await?;
            let stamp = self.stamp_of(author);
            let id = TicketId(self.new_id("ticket"));
            let first_message = match wish.first_message {
                None => None,
                Some(message) => {
                    self.check_attachments(&message.attachments).await?;
                    Some(self.draft(message, stamp.principal.actor))
                }
            };
            let (channel, fields): (Vec<_>, Vec<_>) = wish
                .fields
                .into_iter()
                .partition(|field| field.name == "channel");
            let channel = channel
                .first()
                .and_then(|field| field.value.as_text())
                .unwrap_or("plugin")
                .chars()
                .take(40)
                .collect();
            let draft = TicketDraft {
                id,
                subject: wish.subject,
                requester: wish.requester,
                channel,
                first_message,
                fields,
            };
            Ok(self.overlay.create_ticket(draft, &stamp)?)
        })
    }

    fn set_fields(&mut self, ticket: TicketId, fields: Vec<Field>) -> Answer<'_, ()> {
        Box::pin(async move {
            self.load(ticket).await?;
            let stamp = self.stamp.clone();
            Ok(self.overlay.on_ticket(ticket, |work| {
                fields
                    .into_iter()
                    .try_for_each(|field| work.set_field(&field.name, field.value, &stamp))
            })?)
        })
    }

    fn tag(&mut self, ticket: TicketId, add: Vec<String>, remove: Vec<String>) -> Answer<'_, ()> {
        Box::pin(async move {
            self.load(ticket).await?;
            let stamp = self.stamp.clone();
            Ok(self
                .overlay
                .on_ticket(ticket, |work| work.tag(&add, &remove, &stamp))?)
        })
    }

    fn transition(
        &mut self,
        ticket: TicketId,
        command: String,
        arguments: Vec<Field>,
    ) -> Answer<'_, ()> {
        Box::pin(async move {
            self.load(ticket).await?;
            self.check_assignment(&arguments).await?;
            let stamp = self.stamp.clone();
            Ok(self.overlay.on_ticket(ticket, |work| {
                asked::transition(work, &command, &arguments, &stamp)
            })?)
        })
    }

    fn add_message(
        &mut self,
        ticket: TicketId,
        wish: MessageWish,
        author: Option<Actor>,
    ) -> Answer<'_, MessageId> {
        Box::pin(async move {
            self.load(ticket).await?;
            self.check_author(author).await?;
            self.check_attachments(&wish.attachments).await?;
            let stamp = self.stamp_of(author);
            let draft = self.draft(wish, stamp.principal.actor);
            let id = draft.id;
            self.overlay.add_message(ticket, draft, &stamp)?;
            Ok(id)
        })
    }

    fn ensure_customer(
        &mut self,
        identities: Vec<String>,
        verified: bool,
        fields: Vec<Field>,
    ) -> Answer<'_, CustomerId> {
        Box::pin(async move {
            if identities.is_empty() || identities.len() > 20 {
                return Err(Refusal::Invalid(
                    "a customer is known by 1 to 20 identities".to_owned(),
                )
                .into());
            }
            identities
                .iter()
                .try_for_each(|identity| check_identity(identity))?;
            for customer in self
                .store
                .customers_by_identities(&identities)
                .await
                .map_err(host)?
            {
                self.overlay.load_customer(customer);
            }
            let claimed: Vec<_> = identities
                .iter()
                .map(|name| Identity {
                    name: name.clone(),
                    verified,
                })
                .collect();
            if let Some(id) = self
                .overlay
                .customer_with(&identities)?
                .map(|customer| customer.id)
            {
                self.overlay.add_identities(id, &claimed, &self.stamp);
                return Ok(id);
            }
            let name = fields
                .iter()
                .find(|field| field.name == "name")
                .and_then(|field| field.value.as_text())
                .map(str::trim)
                .filter(|name| !name.is_empty());
            let fallback = identities
                .first()
                .and_then(|identity| identity.split_once(':'))
                .map_or("", |(_, value)| value);
            let name: String = name
                .unwrap_or(fallback)
                .chars()
                .filter(|c| !c.is_control())
                .take(200)
                .collect();
            let id = CustomerId(self.new_id("customer"));
            self.overlay
                .create_customer(id, &name, claimed, &self.stamp);
            Ok(id)
        })
    }

    fn record(&mut self, collection: String, key: String) -> Answer<'_, Option<Record>> {
        Box::pin(async move {
            let key = self.record_key(collection, key)?;
            self.load_record(&key).await?;
            Ok(self.overlay.record(&key).cloned())
        })
    }

    fn put_record(
        &mut self,
        collection: String,
        key: String,
        body: Option<String>,
        if_version: Option<u64>,
    ) -> Answer<'_, u64> {
        Box::pin(async move {
            let key = self.record_key(collection, key)?;
            if let Some(text) = &body {
                if text.len() > limits::RECORD_BYTES_MAX {
                    return Err(Refusal::Limit(format!(
                        "a record has at most {} bytes",
                        limits::RECORD_BYTES_MAX
                    ))
                    .into());
                }
                if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
                    return Err(
                        Refusal::Invalid(format!("a record is one JSON text: {error}")).into(),
                    );
                }
            }
            self.load_record(&key).await?;
            Ok(self
                .overlay
                .put_record(key, body, if_version, self.stamp.at)?)
        })
    }

    fn put_file(
        &mut self,
        name: String,
        media_type: String,
        content: Vec<u8>,
    ) -> Answer<'_, Attachment> {
        Box::pin(async move {
            let clean = |text: String, most: usize| {
                text.chars()
                    .filter(|c| !c.is_control())
                    .take(most)
                    .collect::<String>()
            };
            let (name, media_type) = (clean(name, 255), clean(media_type, 127));
            let id = FileId(self.new_id("file"));
            let size = content.len() as u64;
            self.overlay.put_file(FileWrite {
                id,
                name: name.clone(),
                media_type: media_type.clone(),
                content: Arc::new(content),
                at: self.stamp.at,
            });
            Ok(Attachment {
                file: id,
                name,
                media_type,
                size,
                inline_id: None,
            })
        })
    }

    fn read_file(&mut self, id: FileId, offset: u64, limit: u32) -> Answer<'_, Vec<u8>> {
        Box::pin(async move {
            if let Some(file) = self.overlay.file(id) {
                let content = usize::try_from(offset)
                    .ok()
                    .and_then(|offset| file.content.get(offset..))
                    .unwrap_or_default();
                return Ok(content.iter().take(limit as usize).copied().collect());
            }
            let part = self
                .store
                .file_part(id, offset, u64::from(limit))
                .await
                .map_err(host)?;
            part.ok_or_else(|| Refusal::NotFound(format!("file {id}")).into())
        })
    }

    fn because(&mut self, rule: String, detail: serde_json::Value) {
        self.stamp.because = Some(Because { rule, detail });
    }

    fn settings(&self) -> String {
        self.settings.to_string()
    }

    fn now(&self) -> Timestamp {
        self.stamp.at
    }

    fn random(&self, ordinal: u64, length: usize) -> Vec<u8> {
        (0..)
            .flat_map(|block: u64| self.seed.bytes("random", (ordinal << 16) | block))
            .take(length)
            .collect()
    }

    fn effects(&self) -> usize {
        self.overlay.effects()
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}
