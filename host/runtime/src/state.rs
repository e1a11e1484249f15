//! What one call has at hand: the desk's view, what was granted, and how much of each limit is used.

use crate::{
    bindings::guichet::platform::types::Error,
    grant,
    helpdesk::{Connection, Fault, Helpdesk},
    invoke::{LogLine, Outcome},
    limits::{self, Limits, NET_READS_MAX},
    processor::ProcessorTime,
};
use guichet_core::{
    actor::Actor,
    effect::Effect,
    id::{CustomerId, TicketId},
    refusal::Refusal,
    ticket::Ticket,
};
use rand::{SeedableRng, rngs::StdRng};
use std::{collections::BTreeSet, sync::Arc, time::Duration};
use wasmtime::{
    ResourceLimiter,
    component::{HasData, Linker, ResourceTable},
};
use wasmtime_wasi::{
    HostMonotonicClock, HostWallClock, WasiCtx, WasiCtxView, WasiView, p2::pipe::MemoryOutputPipe,
};

/// What a guest holds when it holds a ticket.
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct TicketHandle(pub(crate) TicketId);

/// What a guest holds when it holds a customer.
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct CustomerHandle(pub(crate) CustomerId);

/// What a guest holds when it holds a connection.
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct ConnectionHandle(pub(crate) Box<dyn Connection>);

/// A call's state.
pub(crate) struct State {
    pub(crate) helpdesk: Box<dyn Helpdesk>,
    pub(crate) plugin_name: String,
    pub(crate) grants: Arc<BTreeSet<String>>,
    pub(crate) limits: Limits,
    pub(crate) table: ResourceTable,
    pub(crate) memory: MemoryUse,
    pub(crate) processor: Arc<ProcessorTime>,
    pub(crate) host_calls: u64,
    pub(crate) net_reads: u64,
    pub(crate) random_calls: u64,
    pub(crate) http_calls: u32,
    /// That are open.
    pub(crate) connections: u32,
    /// Bytes of files that were cut from others.
    pub(crate) cut_bytes: u64,
    pub(crate) log: Vec<LogLine>,
    pub(crate) log_bytes: usize,
    /// Why the call is being ended by the host.
    pub(crate) halt: Option<Outcome>,
    /// What a guest sees of the system. Most never look, so it is made when one does.
    wasi: Option<Wasi>,
}

struct Wasi {
    ctx: WasiCtx,
    output: MemoryOutputPipe,
}

/// Bytes of all memories, and whether more were refused.
#[derive(Default)]
pub(crate) struct MemoryUse {
    pub(crate) bytes: usize,
    pub(crate) bytes_max: usize,
    pub(crate) refused: bool,
}

impl ResourceLimiter for MemoryUse {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let after = self.bytes.saturating_add(desired.saturating_sub(current));
        if after > self.bytes_max {
            self.refused = true;
            return Ok(false);
        }
        self.bytes = after;
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let fits = desired <= limits::TABLE_ENTRIES_MAX;
        self.refused |= !fits;
        Ok(fits)
    }
}

impl Wasi {
    fn of(helpdesk: &dyn Helpdesk) -> Self {
        let now = helpdesk.now();
        let mut seed = [0; 32];
        helpdesk
            .random(u64::MAX, 32)
            .iter()
            .zip(&mut seed)
            .for_each(|(from, to)| *to = *from);
        let output = MemoryOutputPipe::new(limits::LOG_BYTES_MAX);
        let clock = InvocationClock(Duration::from_micros(now.0.unsigned_abs()));
        let ctx = WasiCtx::builder()
            .stdout(output.clone())
            .stderr(output.clone())
            .secure_random(StdRng::from_seed(seed))
            .insecure_random(StdRng::from_seed(seed))
            .insecure_random_seed(u128::from_le_bytes([seed[0]; 16]))
            .max_random_size(limits::RANDOM_BYTES_MAX.into())
            .wall_clock(clock)
            .monotonic_clock(clock)
            .allow_tcp(false)
            .allow_udp(false)
            .build();
        Self { ctx, output }
    }
}

impl State {
    pub(crate) fn new(
        helpdesk: Box<dyn Helpdesk>,
        plugin_name: String,
        grants: Arc<BTreeSet<String>>,
        limits: Limits,
    ) -> Self {
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits::HANDLES_MAX);
        let memory = MemoryUse {
            bytes_max: limits.memory_bytes,
            ..MemoryUse::default()
        };
        Self {
            helpdesk,
            plugin_name,
            grants,
            limits,
            table,
            memory,
            processor: Arc::default(),
            host_calls: 0,
            net_reads: 0,
            random_calls: 0,
            http_calls: 0,
            connections: 0,
            cut_bytes: 0,
            log: Vec::new(),
            log_bytes: 0,
            halt: None,
            wasi: None,
        }
    }

    fn wasi(&mut self) -> &mut Wasi {
        let helpdesk = &self.helpdesk;
        self.wasi.get_or_insert_with(|| Wasi::of(helpdesk.as_ref()))
    }

    /// What the guest printed.
    pub(crate) fn printed(&self) -> String {
        self.wasi.as_ref().map_or_else(String::new, |wasi| {
            String::from_utf8_lossy(&wasi.output.contents()).into_owned()
        })
    }

    /// At the door of every call of the host: counts it. The outer error ends the call.
    pub(crate) fn enter(&mut self) -> wasmtime::Result<()> {
        self.host_calls += 1;
        if self.host_calls > self.limits.host_calls {
            return Err(self.halted(Outcome::Limit(format!(
                "more than {} calls of the host",
                self.limits.host_calls
            ))));
        }
        Ok(())
    }

    /// Counts the call and asks whether the interface was granted.
    pub(crate) fn enter_granted(&mut self, interface: &str) -> wasmtime::Result<Result<(), Error>> {
        self.enter()?;
        Ok(grant::check(&self.grants, &self.plugin_name, interface).map_err(Error::Denied))
    }

    /// As [`Self::enter_granted`] for `net`, and counts the look apart: how many pieces a server's answer comes in is not the plugin's to choose.
    pub(crate) fn enter_net_read(&mut self) -> wasmtime::Result<Result<(), Error>> {
        self.net_reads += 1;
        if self.net_reads > NET_READS_MAX {
            return Err(self.halted(Outcome::Limit(format!(
                "more than {NET_READS_MAX} looks at connections"
            ))));
        }
        Ok(grant::check(&self.grants, &self.plugin_name, "net").map_err(Error::Denied))
    }

    /// An answer of the desk, for the guest. A failure of the host ends the call.
    pub(crate) fn answer<T>(
        &mut self,
        answer: Result<T, Fault>,
    ) -> wasmtime::Result<Result<T, Error>> {
        let effects = self.helpdesk.effects();
        if effects > self.limits.effects {
            return Err(self.halted(Outcome::Limit(format!(
                "more than {} effects",
                self.limits.effects
            ))));
        }
        match answer {
            Ok(value) => Ok(Ok(value)),
            Err(Fault::Refused(refusal)) => Ok(Err(refused(&refusal))),
            Err(Fault::Unavailable(reason)) => Ok(Err(Error::Unavailable(reason))),
            Err(Fault::Host(reason)) => Err(self.halted(Outcome::HostError(reason))),
        }
    }

    /// Asks the desk for an effect, and tells the guest how it went.
    pub(crate) async fn effect(
        &mut self,
        effect: Effect,
        author: Option<Actor>,
    ) -> wasmtime::Result<Result<(), Error>> {
        if self.limits.effects == 0 {
            return Ok(Err(Error::Denied(
                "guards, reports and views that are rendered look, and write nothing".to_owned(),
            )));
        }
        let answer = self.helpdesk.apply(effect, author).await;
        self.answer(answer)
    }

    /// Ends the call, for this reason.
    pub(crate) fn halted(&mut self, outcome: Outcome) -> wasmtime::Error {
        self.halt = Some(outcome);
        wasmtime::Error::msg("the host ended the call")
    }

    /// The ticket behind a handle.
    pub(crate) fn ticket(&self, id: TicketId) -> wasmtime::Result<&Ticket> {
        self.helpdesk
            .loaded_ticket(id)
            .ok_or_else(|| wasmtime::Error::msg("the ticket of this handle is gone"))
    }

    /// Keeps a line of the plugin's log, as far as there is room.
    pub(crate) fn log(&mut self, level: &str, text: &str) {
        let room = (limits::LOG_BYTES_MAX - self.log_bytes).min(limits::LOG_LINE_BYTES_MAX);
        let text = &text[..text.floor_char_boundary(room)];
        if !text.is_empty() {
            self.log_bytes += text.len();
            self.log.push(LogLine {
                level: level.chars().take(10).collect(),
                text: text.to_owned(),
            });
        }
    }
}

/// A refusal as the contract tells it.
pub(crate) fn refused(refusal: &Refusal) -> Error {
    let text = refusal.to_string();
    match refusal {
        Refusal::State(_) | Refusal::Conflict(_) => Error::Conflict(text),
        Refusal::Right(_) | Refusal::Guarded(_) => Error::Denied(text),
        Refusal::Invalid(_) => Error::Invalid(text),
        Refusal::NotFound(_) => Error::NotFound(text),
        Refusal::Limit(_) => Error::Limit(text),
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let helpdesk = &self.helpdesk;
        let wasi = self.wasi.get_or_insert_with(|| Wasi::of(helpdesk.as_ref()));
        WasiCtxView {
            ctx: &mut wasi.ctx,
            table: &mut self.table,
        }
    }
}

/// A clock that stands still at the time of the invocation, so that a second run sees the same.
#[derive(Clone, Copy)]
struct InvocationClock(Duration);

impl HostWallClock for InvocationClock {
    fn resolution(&self) -> Duration {
        Duration::from_micros(1)
    }

    fn now(&self) -> Duration {
        self.0
    }
}

impl HostMonotonicClock for InvocationClock {
    fn resolution(&self) -> u64 {
        1_000
    }

    fn now(&self) -> u64 {
        0
    }
}

struct Io;

impl HasData for Io {
    type Data<'a> = &'a mut ResourceTable;
}

/// The part of WASI that every Rust guest imports; no files, no network.
pub(crate) fn link_wasi(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    use wasmtime_wasi::{
        cli::{WasiCli, WasiCliView},
        clocks::{WasiClocks, WasiClocksView},
        p2::bindings::{cli, clocks, io, random},
        random::WasiRandom,
    };
    io::error::add_to_linker::<State, Io>(linker, |state| &mut state.table)?;
    io::poll::add_to_linker::<State, Io>(linker, |state| &mut state.table)?;
    io::streams::add_to_linker::<State, Io>(linker, |state| &mut state.table)?;
    clocks::wall_clock::add_to_linker::<State, WasiClocks>(linker, State::clocks)?;
    clocks::monotonic_clock::add_to_linker::<State, WasiClocks>(linker, State::clocks)?;
    random::random::add_to_linker::<State, WasiRandom>(linker, |state| state.wasi().ctx.random())?;
    random::insecure::add_to_linker::<State, WasiRandom>(linker, |state| {
        state.wasi().ctx.random()
    })?;
    random::insecure_seed::add_to_linker::<State, WasiRandom>(linker, |state| {
        state.wasi().ctx.random()
    })?;
    cli::exit::add_to_linker::<State, WasiCli>(linker, State::cli)?;
    cli::environment::add_to_linker::<State, WasiCli>(linker, State::cli)?;
    cli::stdin::add_to_linker::<State, WasiCli>(linker, State::cli)?;
    cli::stdout::add_to_linker::<State, WasiCli>(linker, State::cli)?;
    cli::stderr::add_to_linker::<State, WasiCli>(linker, State::cli)?;
    cli::terminal_input::add_to_linker::<State, WasiCli>(linker, State::cli)?;
    cli::terminal_output::add_to_linker::<State, WasiCli>(linker, State::cli)?;
    cli::terminal_stdin::add_to_linker::<State, WasiCli>(linker, State::cli)?;
    cli::terminal_stdout::add_to_linker::<State, WasiCli>(linker, State::cli)?;
    cli::terminal_stderr::add_to_linker::<State, WasiCli>(linker, State::cli)
}
