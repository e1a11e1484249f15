//! One call on a fresh instance, and how it ended.

use crate::{
    bindings::{
        guichet::platform::types as wit,
        job_point::exports::guichet::platform::job_handler as wit_job,
        request_point::exports::guichet::platform::request_handler as wit_request,
    },
    convert,
    helpdesk::Helpdesk,
    limits::{self, Limits},
    plugin::Plugin,
    state::State,
};
use guichet_core::{actor::Actor, event::Event, id::FileId, job::Job};
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
    /// The desk's view, with the writes, where the plugin came to an end of its own.
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

enum Work {
    Event(wit::Event),
    Job(wit_job::Job),
    Request(wit_request::Request),
}

enum Answer {
    Handled,
    NotDone(JobFailure, String),
    Response(Response),
}

impl Plugin {
    /// Hands an event to the plugin's event handler.
    pub async fn handle_event(
        self: &Arc<Self>,
        call: Call,
        event: &Event,
        redelivered: bool,
    ) -> Ended {
        self.run(call, Work::Event(convert::event(event, redelivered)))
            .await
            .0
    }

    /// Has a job done. The failure says what is to become of it, where the plugin itself said so.
    pub async fn do_job(
        self: &Arc<Self>,
        call: Call,
        job: &Job,
        idempotency_key: String,
    ) -> (Ended, Option<JobFailure>) {
        match self
            .run(call, Work::Job(convert::job(job, idempotency_key)))
            .await
        {
            (mut ended, Some(Answer::NotDone(failure, reason))) => {
                ended.outcome = Outcome::PluginError(reason);
                (ended, Some(failure))
            }
            (ended, _) => (ended, None),
        }
    }

    /// Hands a request to the plugin's request handler.
    pub async fn handle_request(
        self: &Arc<Self>,
        call: Call,
        request: Request,
    ) -> (Ended, Option<Response>) {
        match self
            .run(call, Work::Request(convert::request(request)))
            .await
        {
            (ended, Some(Answer::Response(response))) => (ended, Some(response)),
            (ended, _) => (ended, None),
        }
    }

    /// On the plugins' own threads, so that no guest can hold up others. Dropping the future ends the call.
    async fn run(self: &Arc<Self>, call: Call, work: Work) -> (Ended, Option<Answer>) {
        let Ok(slot) = self.slots.clone().acquire_owned().await else {
            return failed(Outcome::HostError("the runtime has ended".to_owned()));
        };
        let plugin = self.clone();
        let mut running = AbortOnDrop(self.threads.spawn(async move {
            let ended = plugin.run_here(call, work).await;
            drop(slot);
            ended
        }));
        (&mut running.0)
            .await
            .unwrap_or_else(|error| failed(Outcome::HostError(error.to_string())))
    }

    async fn run_here(&self, call: Call, work: Work) -> (Ended, Option<Answer>) {
        let limits = call.limits;
        let mut store = Store::new(
            &self.engine,
            State::new(call.helpdesk, call.plugin_name, call.grants, limits),
        );
        store.limiter(|state| &mut state.memory);
        store.set_epoch_deadline(1);
        store.set_hostcall_fuel(limits::HOSTCALL_BYTES_MAX);
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
            log: std::mem::take(&mut state.log),
        };
        let (outcome, answer) = match result {
            Err(_) => (Outcome::Wall, None),
            Ok(Ok(Ok(answer))) => match &answer {
                Answer::Response(Response {
                    body: Body::Bytes(bytes),
                    ..
                }) if bytes.len() > limits.output_bytes => (
                    Outcome::Limit(format!(
                        "a response of more than {} bytes",
                        limits.output_bytes
                    )),
                    None,
                ),
                _ => (Outcome::Ok, Some(answer)),
            },
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

    async fn call(
        &self,
        store: &mut Store<State>,
        work: Work,
    ) -> wasmtime::Result<Result<Answer, wit::Error>> {
        match work {
            Work::Event(event) => {
                let pre = self.events.as_ref().ok_or_else(|| {
                    wasmtime::Error::msg("the component exports no event-handler")
                })?;
                let instance = pre.instantiate_async(&mut *store).await?;
                Ok(instance
                    .guichet_platform_event_handler()
                    .call_handle(store, &event)
                    .await?
                    .map(|()| Answer::Handled))
            }
            Work::Job(job) => {
                let pre = self
                    .jobs
                    .as_ref()
                    .ok_or_else(|| wasmtime::Error::msg("the component exports no job-handler"))?;
                let instance = pre.instantiate_async(&mut *store).await?;
                let done = instance
                    .guichet_platform_job_handler()
                    .call_run(store, &job)
                    .await?;
                Ok(Ok(match done {
                    Ok(()) => Answer::Handled,
                    Err(failure) => {
                        let (failure, reason) = convert::job_failure(failure);
                        Answer::NotDone(failure, reason)
                    }
                }))
            }
            Work::Request(request) => {
                let pre = self.requests.as_ref().ok_or_else(|| {
                    wasmtime::Error::msg("the component exports no request-handler")
                })?;
                let instance = pre.instantiate_async(&mut *store).await?;
                let handler = instance.guichet_platform_request_handler();
                Ok(handler
                    .call_handle(store, &request)
                    .await?
                    .and_then(convert::response)
                    .map(Answer::Response))
            }
        }
    }
}

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
        None => Outcome::Trap(error.root_cause().to_string()),
    }
}

fn failed(outcome: Outcome) -> (Ended, Option<Answer>) {
    (
        Ended {
            outcome,
            helpdesk: None,
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
