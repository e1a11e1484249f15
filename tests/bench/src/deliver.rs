//! One event to one plugin, its effect decoded, without a database: the runtime against bare wasmtime, in turns.

use crate::results::{Measure, median};
use guichet_core::{
    actor::Actor,
    changeset::{Record, RecordKey},
    customer::{Customer, Identity},
    directory::Directory,
    effect::Effect,
    event::{Event, EventDraft},
    id::{AgentId, CustomerId, FileId, InstallId, MessageId, TicketId},
    message::Message,
    refusal::Refusal,
    ticket::{Ticket, work::Stamp},
    time::Timestamp,
    value::{Change, Field, Value},
};
use guichet_runtime::{
    Acquaintance, Answer, Call, Compiler, Connection, Fault, Fetch, Fetched, Helpdesk, Outcome,
    Plugin, RecordQuery, RecordRows, Runtime, RuntimeSettings, Server, TicketAggregate,
    TicketQuery, TicketRows, floor::Floor, limits,
};
use std::{
    collections::BTreeSet,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::runtime::Handle;
use uuid::Uuid;

const SETTINGS: &str = r#"{"deed":{"tag":"seen"}}"#;
const ROUNDS: usize = 7;
const ROUND: Duration = Duration::from_millis(1_500);
/// Deliveries on their way at once.
const AT_ONCE: usize = 16;

/// A runtime, and the guest that does what its settings say, loaded; with its digest.
async fn loaded(root: &Path, data: &Path) -> anyhow::Result<(Arc<Runtime>, String, Arc<Plugin>)> {
    let runtime = Runtime::start(RuntimeSettings {
        cache_dir: data.join("deliver"),
        compiler: Compiler::Here,
        threads: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
        small: false,
    })?;
    let component = std::fs::read(root.join("target/plugins/hostile/dist/plugin.wasm"))?;
    let digest = runtime.install(&component).await?.digest;
    let plugin = runtime.load(&digest).await?;
    Ok((runtime, digest, plugin))
}

pub(crate) async fn look(root: &Path, data: &Path) -> anyhow::Result<()> {
    let (runtime, _, plugin) = loaded(root, data).await?;
    let event = Arc::new(event());
    for _ in 0..ROUNDS {
        rate(runtime.threads(), || deliver(plugin.clone(), event.clone())).await?;
    }
    Ok(())
}

pub(crate) async fn measure(root: &Path, data: &Path) -> anyhow::Result<Vec<Measure>> {
    let (runtime, digest, plugin) = loaded(root, data).await?;
    let floor = Floor::of(&runtime, &digest, SETTINGS).await?;
    let event = Arc::new(event());
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let theirs = rate(&Handle::current(), || {
            let (floor, event) = (floor.clone(), event.clone());
            async move { floor.handle_event(&event).await == Ok(1) }
        })
        .await?;
        let own = rate(runtime.threads(), || deliver(plugin.clone(), event.clone())).await?;
        // The first round only warms up.
        if round > 0 {
            ours.push(own);
            bare.push(theirs);
        }
    }
    let ratios = ours.iter().zip(&bare).map(|(own, bare)| bare / own);
    let ratio = median(ratios.collect());
    let (ours, bare) = (median(ours), median(bare));
    Ok(vec![
        Measure {
            name: "deliver_floor_ratio",
            value: ratio,
            unit: "",
            target: "≤ 1.25",
            floor: Some(1.0),
            note: "bare wasmtime, same engine and component, same run, against the runtime with limits and grants, called from its own threads as dispatch calls it",
        },
        Measure {
            name: "deliver_per_s",
            value: ours,
            unit: "/s",
            target: "≥ 80,000/s",
            floor: Some(bare),
            note: "fresh instance each, event in, settings read, one effect out; two cores",
        },
    ])
}

/// How often a second something goes well, many at once, on these threads.
async fn rate<F>(threads: &Handle, one: impl Fn() -> F) -> anyhow::Result<f64>
where
    F: Future<Output = bool> + Send + 'static,
{
    let (done, failed) = (
        Arc::new(AtomicUsize::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let begun = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    loop {
        while running.len() < AT_ONCE && begun.elapsed() < ROUND {
            let next = one();
            let (done, failed) = (done.clone(), failed.clone());
            let one = async move {
                match next.await {
                    true => drop(done.fetch_add(1, Ordering::Relaxed)),
                    false => failed.store(true, Ordering::Relaxed),
                }
            };
            running.spawn_on(one, threads);
        }
        if running.join_next().await.is_none() {
            break;
        }
    }
    anyhow::ensure!(
        !failed.load(Ordering::Relaxed),
        "a delivery did not do what it should"
    );
    Ok(done.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64())
}

async fn deliver(plugin: Arc<Plugin>, event: Arc<Event>) -> bool {
    let call = Call {
        plugin_name: "tests/hostile".to_owned(),
        grants: Arc::new(BTreeSet::from(["tickets-write".to_owned()])),
        helpdesk: Box::new(Nowhere {
            directory: Directory::default(),
            effects: 0,
        }),
        limits: limits::EVENT,
    };
    let ended = plugin.handle_event(call, &event, false).await;
    ended.outcome == Outcome::Ok && ended.report.effects == 1
}

fn event() -> Event {
    let stamp = Stamp {
        at: Timestamp(1_760_000_000_000_000),
        principal: Actor::customer(CustomerId(Uuid::from_u128(2))).into(),
        origin: Default::default(),
        because: None,
    };
    let mut draft =
        EventDraft::of_ticket("ticket.created", TicketId(Uuid::from_u128(1)), 1, &stamp);
    draft.changes = ["kind", "state", "subject", "channel", "requester"]
        .map(|name| Change {
            name: name.to_owned(),
            old: Value::None,
            new: Value::Text("something of usual length".to_owned()),
        })
        .into();
    Event { sequence: 1, draft }
}

/// A desk that keeps nothing but the count of what it was asked.
struct Nowhere {
    directory: Directory,
    effects: usize,
}

fn nothing<'a, T: Send + 'a>() -> Answer<'a, T> {
    Box::pin(async { Err(Fault::Refused(Refusal::NotFound("anything".to_owned()))) })
}

impl Helpdesk for Nowhere {
    fn install(&self) -> InstallId {
        InstallId(Uuid::nil())
    }

    fn plugin(&self) -> &str {
        "tests/hostile"
    }

    fn ticket(&mut self, _: TicketId) -> Answer<'_, Ticket> {
        nothing()
    }

    fn loaded_ticket(&self, _: TicketId) -> Option<&Ticket> {
        None
    }

    fn find_ticket(&mut self, _: u64) -> Answer<'_, Ticket> {
        nothing()
    }

    fn messages(&mut self, _: TicketId, _: Option<MessageId>, _: u32) -> Answer<'_, Vec<Message>> {
        nothing()
    }

    fn message(&mut self, _: MessageId) -> Answer<'_, Message> {
        nothing()
    }

    fn last_message(&mut self, _: TicketId) -> Answer<'_, Option<Message>> {
        nothing()
    }

    fn query_tickets(&mut self, _: TicketQuery) -> Answer<'_, TicketRows> {
        nothing()
    }

    fn count_tickets(&mut self, _: String) -> Answer<'_, u64> {
        nothing()
    }

    fn aggregate_tickets(&mut self, _: TicketAggregate) -> Answer<'_, Vec<Vec<Value>>> {
        nothing()
    }

    fn customer(&mut self, _: CustomerId) -> Answer<'_, Customer> {
        nothing()
    }

    fn loaded_customer(&self, _: CustomerId) -> Option<&Customer> {
        None
    }

    fn find_customer(&mut self, _: String) -> Answer<'_, Option<Customer>> {
        nothing()
    }

    fn directory(&self) -> &Directory {
        &self.directory
    }

    fn acquaintance(&self) -> Acquaintance {
        Acquaintance::NotAtAll
    }

    fn is_online(&self, _: AgentId) -> bool {
        false
    }

    fn events_since(&mut self, _: u64, _: String, _: u32) -> Answer<'_, Vec<Event>> {
        nothing()
    }

    fn record(&mut self, _: RecordKey) -> Answer<'_, Option<Record>> {
        nothing()
    }

    fn query_records(&mut self, _: String, _: RecordQuery) -> Answer<'_, RecordRows> {
        nothing()
    }

    fn shared_record(&mut self, _: String, _: String) -> Answer<'_, Option<Record>> {
        nothing()
    }

    fn query_shared_records(&mut self, _: String, _: RecordQuery) -> Answer<'_, RecordRows> {
        nothing()
    }

    fn has_own_file(&self, _: FileId) -> bool {
        false
    }

    fn read_file(&mut self, _: FileId, _: u64, _: u32) -> Answer<'_, Vec<u8>> {
        nothing()
    }

    fn is_job_waiting(&mut self, _: String) -> Answer<'_, bool> {
        nothing()
    }

    fn fetch(&mut self, _: Fetch) -> Answer<'_, Fetched> {
        nothing()
    }

    fn connect(&mut self, _: Server) -> Answer<'_, Box<dyn Connection>> {
        nothing()
    }

    fn secret(&mut self, _: String) -> Answer<'_, String> {
        nothing()
    }

    fn apply(&mut self, _: Effect, _: Option<Actor>) -> Answer<'_, ()> {
        self.effects += 1;
        Box::pin(async { Ok(()) })
    }

    fn ticket_of(&self, _: MessageId) -> Option<TicketId> {
        None
    }

    fn ensure_customer(&mut self, _: Vec<Identity>, _: Vec<Field>) -> Answer<'_, CustomerId> {
        nothing()
    }

    fn new_id(&mut self, _: &str) -> Uuid {
        Uuid::nil()
    }

    fn because(&mut self, _: String, _: serde_json::Value) {}

    fn settings(&self) -> String {
        SETTINGS.to_owned()
    }

    fn now(&self) -> Timestamp {
        Timestamp(1_760_000_000_000_000)
    }

    fn random(&self, _: u64, length: usize) -> Vec<u8> {
        vec![7; length]
    }

    fn effects(&self) -> usize {
        self.effects
    }

    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any + Send> {
        self
    }
}
