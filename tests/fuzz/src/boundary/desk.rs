//! A desk with a few tickets and people: the core's own overlay, with nothing behind it.

use guichet_core::{
    actor::Actor,
    changeset::{FileWrite, Record, RecordKey},
    customer::{Customer, Identity},
    delivery::Said,
    directory::{Access, Agent, AgentRole, Directory, Group, Membership},
    effect::{Effect, Missing},
    event::{Because, By, Event, EventDraft, Origin},
    id::{AgentId, CustomerId, FileId, GroupId, InstallId, MessageId, TenantId, TicketId},
    message::{Message, MessageDraft, Visibility},
    overlay::Overlay,
    refusal::Refusal,
    ticket::{Ticket, state::State, work::Stamp},
    time::Timestamp,
    value::{Field, Value},
};
use guichet_expression::{Bindings, Environment, Expression};
use guichet_runtime::{
    Acquaintance, Answer, Connection, Fault, Fetch, Fetched, Helpdesk, RecordQuery, RecordRows,
    Server, TicketAggregate, TicketQuery, TicketRows,
};
use std::{
    any::Any,
    sync::{Arc, LazyLock},
};
use uuid::Uuid;

pub(super) const PLUGIN: &str = "tests/puppet";
pub(super) const INSTALL: InstallId = InstallId(Uuid::from_u128(0x61));
pub(super) const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
const FILE: FileId = FileId(Uuid::from_u128(0x51));
const MESSAGE: MessageId = MessageId(Uuid::from_u128(0x41));

/// Bytes of an answer from outside that must become a file.
const LARGE_BYTES: usize = (1 << 20) + 1;

static BEGINNING: LazyLock<Overlay> = LazyLock::new(beginning);
static TICKETS: LazyLock<Environment> = LazyLock::new(|| Environment::tickets([]));

/// One call's view.
pub(super) struct Desk {
    overlay: Overlay,
    stamp: Stamp,
    script: Vec<u8>,
    /// How many ids were made so far.
    made: u128,
}

pub(super) fn ticket_id(number: u128) -> TicketId {
    TicketId(Uuid::from_u128(number))
}

/// The desk as every call finds it.
pub(super) fn untouched() -> Overlay {
    BEGINNING.clone()
}

fn beginning() -> Overlay {
    let mut overlay = Overlay::new(TenantId(Uuid::from_u128(0x91)), Arc::new(directory()));
    for number in 1..=4 {
        overlay.load_ticket(ticket(number));
    }
    for (number, name) in [(0x11, "ana"), (0x12, "bo"), (0x13, "cy")] {
        let identity = Identity {
            name: format!("mailto:{name}@example.com"),
            verified: true,
        };
        overlay.load_customer(Customer::new(
            CustomerId(Uuid::from_u128(number)),
            name,
            vec![identity],
        ));
    }
    overlay.lend_file(FileWrite {
        id: FILE,
        install: Some(INSTALL),
        name: "body".to_owned(),
        media_type: "application/octet-stream".to_owned(),
        content: Arc::new(b"0123456789".repeat(10)),
        at: NOW,
    });
    overlay
}

/// A new one, one that is worked on, one that waits, and one that is closed.
fn ticket(number: u128) -> Ticket {
    let requester = CustomerId(Uuid::from_u128(0x10 + number.min(3)));
    let mut ticket = Ticket::blank(ticket_id(number), requester, Timestamp(NOW.0 - 1_000_000));
    ticket.number = u64::try_from(number).ok();
    ticket.version = 1;
    ticket.subject = format!("Ticket {number}");
    ticket.channel = "email".to_owned();
    match number {
        2 => {
            ticket.state = State::Open;
            ticket.assignee = Some(AgentId(Uuid::from_u128(0x21)));
            ticket.group = Some(GroupId(Uuid::from_u128(0x31)));
            ticket.tags.insert("vip".to_owned());
        }
        3 => {
            ticket.state = State::Pending;
            ticket.pending_reason = Some("customer".to_owned());
        }
        4 => ticket.state = State::Closed,
        _ => {}
    }
    ticket
}

fn directory() -> Directory {
    let agent = |number, name: &str, role, active| Agent {
        id: AgentId(Uuid::from_u128(number)),
        name: name.to_owned(),
        email: format!("{name}@desk.example"),
        role,
        elsewhere: Access::None,
        active,
        password_hash: None,
    };
    let group = GroupId(Uuid::from_u128(0x31));
    Directory::new(
        1,
        vec![
            agent(0x21, "dee", AgentRole::Agent, true),
            agent(0x22, "eli", AgentRole::Admin, true),
            agent(0x23, "fay", AgentRole::Helper, true),
            agent(0x24, "gus", AgentRole::Agent, false),
        ],
        vec![Group {
            id: group,
            name: "first".to_owned(),
        }],
        &[Membership {
            group,
            agent: AgentId(Uuid::from_u128(0x21)),
            access: Access::Change,
        }],
        Vec::new(),
    )
}

fn message() -> Message {
    Message {
        ticket: ticket_id(1),
        at: NOW,
        draft: MessageDraft {
            id: MESSAGE,
            author: Actor::customer(CustomerId(Uuid::from_u128(0x11))),
            visibility: Visibility::Public,
            text: "It burns.".to_owned(),
            html: None,
            attachments: Vec::new(),
            fields: Vec::new(),
        },
        delivery: None,
    }
}

impl Desk {
    pub(super) fn new(script: &[u8]) -> Self {
        let origin = Origin {
            event: Some(1),
            by: Some(By {
                install: INSTALL,
                plugin: format!("{PLUGIN}@0.1.0"),
                digest: "0".repeat(64),
            }),
            root: Some(1),
            depth: 1,
        };
        let stamp = Stamp {
            origin,
            ..Stamp::of_system(NOW).with(Actor::plugin(INSTALL))
        };
        Self {
            overlay: untouched(),
            stamp,
            script: script.to_owned(),
            made: 0,
        }
    }

    pub(super) fn into_overlay(self) -> Overlay {
        self.overlay
    }

    fn matching(&self, filter: &str) -> Result<Vec<&Ticket>, Fault> {
        let filter = match filter {
            "" => None,
            text => Some(
                Expression::parse(text, &TICKETS)
                    .map_err(|error| Refusal::Invalid(error.to_string()))?,
            ),
        };
        let bindings = Bindings { me: None, now: NOW };
        let tickets = (1..=4).filter_map(|number| self.overlay.ticket(ticket_id(number)).ok());
        Ok(tickets
            .filter(|ticket| {
                filter
                    .as_ref()
                    .is_none_or(|filter| filter.holds(*ticket, &bindings))
            })
            .collect())
    }

    fn carry_out(&mut self, effect: &Effect, author: Option<Actor>) -> Result<(), Fault> {
        for missing in self.overlay.missing(effect) {
            load(&mut self.overlay, missing);
        }
        let stamp = Stamp {
            principal: match author {
                Some(author) => self.overlay.directory().principal(author),
                None => self.stamp.principal.clone(),
            },
            ..self.stamp.clone()
        };
        Ok(self.overlay.apply(effect, &stamp)?)
    }
}

/// What was not loaded from the beginning is not there; but for what the one message is on.
pub(super) fn load(overlay: &mut Overlay, missing: Missing) {
    match missing {
        Missing::Record(key) => overlay.load_record(key, 0, None),
        Missing::Message(id) if id == MESSAGE => overlay.load_said(
            id,
            Said {
                ticket: ticket_id(1),
                delivery: None,
            },
        ),
        Missing::Ticket(_)
        | Missing::Customer(_)
        | Missing::Identities(_)
        | Missing::Message(_) => {}
    }
}

/// An answer that is there already.
fn at_once<'a, T: Send + 'a>(answer: Result<T, Fault>) -> Answer<'a, T> {
    Box::pin(std::future::ready(answer))
}

impl Helpdesk for Desk {
    fn install(&self) -> InstallId {
        INSTALL
    }

    fn plugin(&self) -> &str {
        PLUGIN
    }

    fn ticket(&mut self, id: TicketId) -> Answer<'_, Ticket> {
        at_once(self.overlay.ticket(id).cloned().map_err(Fault::from))
    }

    fn loaded_ticket(&self, id: TicketId) -> Option<&Ticket> {
        self.overlay.ticket(id).ok()
    }

    fn find_ticket(&mut self, number: u64) -> Answer<'_, Ticket> {
        let known = (1..=4).find(|one| u128::from(number) == *one);
        self.ticket(ticket_id(known.unwrap_or_default()))
    }

    fn messages(
        &mut self,
        ticket: TicketId,
        after: Option<MessageId>,
        limit: u32,
    ) -> Answer<'_, Vec<Message>> {
        let kept = [message()]
            .into_iter()
            .filter(|one| one.ticket == ticket && after.is_none_or(|after| one.draft.id > after));
        let own = self.overlay.messages_of(ticket).cloned();
        at_once(Ok(kept.chain(own).take(limit as usize).collect()))
    }

    fn message(&mut self, id: MessageId) -> Answer<'_, Message> {
        let own = self.overlay.message(id).cloned();
        let known = own.or_else(|| (id == MESSAGE).then(message));
        let unknown = || Refusal::NotFound(format!("message {id}")).into();
        at_once(known.ok_or_else(unknown))
    }

    fn last_message(&mut self, ticket: TicketId) -> Answer<'_, Option<Message>> {
        let own = self.overlay.messages_of(ticket).last().cloned();
        let kept = [message()].into_iter().find(|one| one.ticket == ticket);
        at_once(Ok(own.or(kept)))
    }

    fn query_tickets(&mut self, query: TicketQuery) -> Answer<'_, TicketRows> {
        at_once(self.matching(&query.filter).map(|tickets| {
            TicketRows {
                rows: tickets
                    .into_iter()
                    .take(query.limit as usize)
                    .map(|ticket| {
                        query
                            .columns
                            .iter()
                            .map(|name| ticket.field(name))
                            .collect()
                    })
                    .collect(),
                next: None,
            }
        }))
    }

    fn count_tickets(&mut self, filter: String) -> Answer<'_, u64> {
        at_once(self.matching(&filter).map(|tickets| tickets.len() as u64))
    }

    fn aggregate_tickets(&mut self, wanted: TicketAggregate) -> Answer<'_, Vec<Vec<Value>>> {
        at_once(self.matching(&wanted.filter).map(|tickets| {
            let cells = wanted.group_by.iter().chain(&wanted.measures);
            vec![
                cells
                    .map(|_| Value::Integer(tickets.len() as i64))
                    .collect(),
            ]
        }))
    }

    fn customer(&mut self, id: CustomerId) -> Answer<'_, Customer> {
        at_once(self.overlay.customer(id).cloned().map_err(Fault::from))
    }

    fn loaded_customer(&self, id: CustomerId) -> Option<&Customer> {
        self.overlay.customer(id).ok()
    }

    fn find_customer(&mut self, identity: String) -> Answer<'_, Option<Customer>> {
        let found = self.overlay.customer_with(&[identity]);
        at_once(found.map(|found| found.cloned()).map_err(Fault::from))
    }

    fn directory(&self) -> &Directory {
        self.overlay.directory()
    }

    fn acquaintance(&self) -> Acquaintance {
        match self.script.len() % 3 {
            0 => Acquaintance::Well,
            1 => Acquaintance::ByName,
            _ => Acquaintance::NotAtAll,
        }
    }

    fn is_online(&self, agent: AgentId) -> bool {
        agent.0.as_u128() % 2 == 1
    }

    fn events_since(&mut self, after: u64, kind: String, limit: u32) -> Answer<'_, Vec<Event>> {
        let event = Event {
            sequence: 1,
            draft: EventDraft::of_ticket("ticket.created", ticket_id(1), 1, &self.stamp),
        };
        let events = [event].into_iter();
        let wanted = events.filter(|one| one.sequence > after && one.draft.kind.starts_with(&kind));
        at_once(Ok(wanted.take(limit as usize).collect()))
    }

    fn has_own_file(&self, id: FileId) -> bool {
        self.overlay.file(id).is_some()
    }

    fn record(&mut self, key: RecordKey) -> Answer<'_, Option<Record>> {
        at_once(Ok(self.overlay.record(&key).cloned()))
    }

    fn query_records(&mut self, collection: String, query: RecordQuery) -> Answer<'_, RecordRows> {
        let key = RecordKey {
            install: INSTALL,
            collection,
            key: "1".to_owned(),
        };
        let found = self.overlay.record(&key).cloned();
        let records = found.map(|record| (key.key, record)).into_iter();
        at_once(Ok(RecordRows {
            records: records.take(query.limit as usize).collect(),
            next: query.cursor,
        }))
    }

    fn shared_record(&mut self, name: String, _: String) -> Answer<'_, Option<Record>> {
        at_once(Err(Refusal::NotFound(name).into()))
    }

    fn query_shared_records(&mut self, name: String, _: RecordQuery) -> Answer<'_, RecordRows> {
        at_once(Err(Refusal::NotFound(name).into()))
    }

    fn read_file(&mut self, id: FileId, offset: u64, limit: u32) -> Answer<'_, Vec<u8>> {
        let unknown = || Refusal::NotFound(format!("file {id}")).into();
        at_once(self.overlay.file(id).ok_or_else(unknown).map(|file| {
            let content = file.content.as_slice();
            let from = usize::try_from(offset)
                .unwrap_or(usize::MAX)
                .min(content.len());
            let rest = &content[from..];
            rest[..rest.len().min(limit as usize)].to_vec()
        }))
    }

    fn is_job_waiting(&mut self, key: String) -> Answer<'_, bool> {
        let known = self.overlay.is_job_waiting(INSTALL, &key);
        at_once(Ok(known.unwrap_or(key.len().is_multiple_of(2))))
    }

    fn connect(&mut self, server: Server) -> Answer<'_, Box<dyn Connection>> {
        at_once(match server.port % 4 {
            0 => Err(Fault::Unavailable("nobody answers".to_owned())),
            1 => Err(Refusal::Right("not granted".to_owned()).into()),
            _ => Ok(Box::new(Echo(Vec::new()))),
        })
    }

    fn fetch(&mut self, request: Fetch) -> Answer<'_, Fetched> {
        at_once(match request.url.len() % 4 {
            0 => Err(Fault::Unavailable("nobody answers".to_owned())),
            1 => Ok(Fetched {
                status: 200,
                headers: request.headers,
                body: vec![0; LARGE_BYTES],
            }),
            _ => Ok(Fetched {
                status: 200,
                headers: request.headers,
                body: request.body,
            }),
        })
    }

    fn secret(&mut self, name: String) -> Answer<'_, String> {
        at_once(match name.as_str() {
            "token" => Ok("secret".to_owned()),
            _ => Err(Refusal::NotFound(format!("secret {name}")).into()),
        })
    }

    fn apply(&mut self, effect: Effect, author: Option<Actor>) -> Answer<'_, ()> {
        at_once(self.carry_out(&effect, author))
    }

    fn ticket_of(&self, message: MessageId) -> Option<TicketId> {
        self.overlay.ticket_of(message)
    }

    fn ensure_customer(
        &mut self,
        identities: Vec<Identity>,
        fields: Vec<Field>,
    ) -> Answer<'_, CustomerId> {
        let id = CustomerId(self.new_id("customer"));
        let names: Vec<_> = identities.iter().map(|one| one.name.clone()).collect();
        let effect = Effect::EnsureCustomer {
            id,
            identities,
            fields,
        };
        let ensured = self.carry_out(&effect, None).and_then(|()| {
            let known = self.overlay.customer_with(&names)?;
            Ok(known.map_or(id, |customer| customer.id))
        });
        at_once(ensured)
    }

    fn new_id(&mut self, _: &str) -> Uuid {
        self.made += 1;
        Uuid::from_u128((1 << 64) + self.made)
    }

    fn because(&mut self, rule: String, detail: serde_json::Value) {
        self.stamp.because = Some(Because { rule, detail });
    }

    fn settings(&self) -> String {
        "{}".to_owned()
    }

    fn now(&self) -> Timestamp {
        NOW
    }

    /// The first that is asked for is the script.
    fn random(&self, ordinal: u64, length: usize) -> Vec<u8> {
        match ordinal {
            1 => self.script[..self.script.len().min(length)].to_vec(),
            _ => vec![7; length],
        }
    }

    fn effects(&self) -> usize {
        self.overlay.effects()
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

/// A server that answers with what it hears.
struct Echo(Vec<u8>);

impl Connection for Echo {
    fn read(&mut self, limit: usize, _: u64) -> Answer<'_, Vec<u8>> {
        let end = limit.min(self.0.len());
        let heard = self.0.drain(..end).collect();
        at_once(Ok(heard))
    }

    fn write(&mut self, bytes: Vec<u8>) -> Answer<'_, ()> {
        self.0.extend(bytes);
        at_once(Ok(()))
    }

    fn start_tls(&mut self) -> Answer<'_, ()> {
        at_once(Err(Fault::Unavailable("the connection was cut".to_owned())))
    }
}
