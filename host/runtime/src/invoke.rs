//! One call on a fresh instance, and how it ended.

use crate::{
    convert,
    helpdesk::Helpdesk,
    limits::{Limits, PLACE_WAIT_MS},
    plugin::Plugin,
    points::{Answer, Work},
    state::State,
};
use guichet_core::{actor::Actor, id::FileId};
use std::{
    collections::BTreeSet,
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};
use wasmtime::{Store, Trap, UpdateDeadline};

/// What a call is made with.
pub struct Call {
    pub plugin_name: String,
    pub grants: Arc<BTreeSet<String>>,
    pub helpdesk: Box<dyn Helpdesk>,
    pub limits: Limits,
}

/// A call that has ended.
pub struct Ended {
    pub outcome: Outcome,
    /// The desk's view, with the writes; nothing where it was lost with the call, and nobody knows how far that came.
    pub helpdesk: Option<Box<dyn Helpdesk>>,
    pub report: Report,
}

/// How a call ended. The classes are those of the failure policy: who is to blame decides what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Ok,
    /// The plugin answered with an error.
    PluginError(String),
    /// It broke down, or was invalid in its answer.
    Trap(String),
    /// It computed too long.
    Cpu,
    /// It took too long.
    Wall,
    /// It wanted more memory than it may have.
    Memory,
    /// It reached another limit.
    Limit(String),
    /// The host failed; never counts against the plugin.
    HostError(String),
}

/// What a call used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Microseconds in which it ran.
    pub cpu_us: u64,
    /// Microseconds from beginning to end.
    pub wall_us: u64,
    pub host_calls: u64,
    pub effects: usize,
    pub memory_bytes: usize,
    /// What it might have used; nothing where it did not begin.
    pub limits: Limits,
    pub log: Vec<LogLine>,
}

/// A line of a plugin's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    pub level: String,
    pub text: String,
}

/// A request to a plugin's route.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    pub url: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
    pub remote_address: String,
    pub body: Body,
    pub viewer: Option<Actor>,
}

/// A plugin's answer.
#[derive(Debug, Clone)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Body,
}

/// Content by value, or kept as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    Bytes(Vec<u8>),
    File(FileId),
}

impl Outcome {
    /// The class, as it is written everywhere.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::PluginError(_) => "plugin-error",
            Self::Trap(_) => "trap",
            Self::Cpu => "cpu",
            Self::Wall => "wall",
            Self::Memory => "memory",
            Self::Limit(_) => "limit",
            Self::HostError(_) => "host-error",
        }
    }

    /// What is known beside the class.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::PluginError(detail)
            | Self::Trap(detail)
            | Self::Limit(detail)
            | Self::HostError(detail) => Some(detail),
            Self::Ok | Self::Cpu | Self::Wall | Self::Memory => None,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.detail() {
            Some(detail) => write!(f, "{}: {detail}", self.name()),
            None => f.write_str(self.name()),
        }
    }
}

/// Why a job was not done, as the plugin says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobFailure {
    /// To be tried again, not before so many seconds.
    Retry(Option<u32>),
    /// Not to be tried again.
    GiveUp,
}

impl Plugin {
    /// On the plugins' own threads, so that no guest can hold up others. Dropping the future ends the call.
    pub(crate) async fn run(self: &Arc<Self>, call: Call, work: Work) -> (Ended, Option<Answer>) {
        let wait = Duration::from_millis(PLACE_WAIT_MS);
        let slot = match tokio::time::timeout(wait, self.slots.clone().acquire_owned()).await {
            Ok(Ok(slot)) => slot,
            Ok(Err(_)) => return failed("the runtime has ended", Some(call.helpdesk)),
            Err(_) => return failed("too many plugins run just now", Some(call.helpdesk)),
        };
        if tokio::runtime::Handle::current().id() == self.threads.id() {
            let ended = self.run_here(call, work).await;
            drop(slot);
            return ended;
        }
        let plugin = self.clone();
        let mut running = AbortOnDrop(self.threads.spawn(async move {
            let ended = plugin.run_here(call, work).await;
            drop(slot);
            ended
        }));
        (&mut running.0)
            .await
            .unwrap_or_else(|error| failed(&error.to_string(), None))
    }

    async fn run_here(&self, mut call: Call, work: Work) -> (Ended, Option<Answer>) {
        let limits = call.limits;
        call.helpdesk.allow_database_ms(limits.database_ms);
        let mut store = Store::new(
            &self.engine,
            State::new(call.helpdesk, call.plugin_name, call.grants, limits),
        );
        store.limiter(|state| &mut state.memory);
        store.set_epoch_deadline(1);
        store.set_hostcall_fuel(limits.host_bytes);
        let processor = store.data().processor.clone();
        store.epoch_deadline_callback(|mut store| {
            let state = store.data_mut();
            if state.processor.nanoseconds() > state.limits.cpu_ms * 1_000_000 {
                return Err(state.halted(Outcome::Cpu));
            }
            Ok(UpdateDeadline::YieldCustom(
                1,
                Box::pin(tokio::task::yield_now()),
            ))
        });
        let begun = Instant::now();
        let result = {
            let wall = Duration::from_millis(limits.wall_ms);
            let mut running = Box::pin(tokio::time::timeout(wall, self.call(&mut store, work)));
            std::future::poll_fn(|context| {
                processor.begin();
                let poll = running.as_mut().poll(context);
                processor.end();
                poll
            })
            .await
        };
        let mut state = store.into_data();
        let printed = state.printed();
        printed.lines().for_each(|line| state.log("stderr", line));
        let report = Report {
            cpu_us: processor.microseconds_used(),
            wall_us: u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX),
            host_calls: state.host_calls,
            effects: state.helpdesk.effects(),
            memory_bytes: state.memory.bytes,
            limits,
            log: std::mem::take(&mut state.log),
        };
        let (outcome, answer) = match result {
            Err(_) => (Outcome::Wall, None),
            Ok(Ok(Ok(answer))) if answer.bytes() > limits.output_bytes => {
                let reason = format!("an answer of more than {} bytes", limits.output_bytes);
                (Outcome::Limit(reason), None)
            }
            Ok(Ok(Ok(answer))) => (Outcome::Ok, Some(answer)),
            Ok(Ok(Err(error))) => (Outcome::PluginError(convert::error_text(&error)), None),
            Ok(Err(error)) => (blame(&mut state, &error), None),
        };
        (
            Ended {
                outcome,
                helpdesk: Some(state.helpdesk),
                report,
            },
            answer,
        )
    }
}

/// By this, and nothing else, wasmtime tells that more crossed than [`Limits::host_bytes`].
const TOO_MUCH_COPIED: &str = "fuel allocated for hostcalls has been exhausted";

/// Whose fault a broken call is. Never formats with `{:?}`: that would read the symbols of the whole program.
fn blame(state: &mut State, error: &wasmtime::Error) -> Outcome {
    if let Some(outcome) = state.halt.take() {
        return outcome;
    }
    // A guest that gets no memory breaks down in its own way: what matters is that it was refused.
    if state.memory.refused {
        return Outcome::Memory;
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::StackOverflow) => Outcome::Trap("the call stack is exhausted".to_owned()),
        Some(trap) => Outcome::Trap(trap.to_string()),
        None => {
            let told = error.root_cause().to_string();
            match told.contains(TOO_MUCH_COPIED) {
                true => Outcome::Limit(format!(
                    "an answer of more than {} bytes, or an argument",
                    state.limits.host_bytes
                )),
                false => Outcome::Trap(told),
            }
        }
    }
}

/// Of the host. A call that got no place never began, and gives the desk's view back as it was.
fn failed(reason: &str, helpdesk: Option<Box<dyn Helpdesk>>) -> (Ended, Option<Answer>) {
    (
        Ended {
            outcome: Outcome::HostError(reason.to_owned()),
            helpdesk,
            report: Report::default(),
        },
        None,
    )
}

struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
