//! What a plugin is called for: one function a point, from the core's types to the point's call and back.

use crate::{
    bindings::{
        channel_point::exports::guichet::platform::channel as wit_channel,
        guard_point::exports::guichet::platform::guard as wit_guard,
        guichet::platform::types as wit,
        job_point::exports::guichet::platform::job_handler as wit_job,
        report_point::exports::guichet::platform::report as wit_report,
        request_point::exports::guichet::platform::request_handler as wit_request,
        view_point::exports::guichet::platform::views as wit_views,
    },
    channel::{self, NotCarried, Outbound, Receipt},
    convert,
    invoke::{Body, Call, Ended, JobFailure, Outcome, Request, Response},
    panel::{self, PanelContext, PanelWish},
    plugin::Plugin,
    report::{self, ReportAnswer},
    state::State,
};
use guichet_core::{
    actor::Actor,
    event::{Event, EventDraft},
    job::Job,
};
use std::sync::Arc;
use wasmtime::Store;

/// What a guard says of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Allow,
    /// What the person is told.
    Refuse(String),
}

pub(crate) enum Work {
    /// A fresh instance, and nothing asked of it.
    Start,
    Guard(wit_guard::Proposal),
    Event(wit::Event),
    Job(wit_job::Job),
    Request(wit_request::Request),
    Channel(wit_channel::Outbound),
    Report(String, String),
    Panel(wit_views::Context, PanelWish),
}

pub(crate) enum Answer {
    Verdict(Verdict),
    Handled,
    NotDone(JobFailure, String),
    Response(Response),
    Carried(Receipt),
    NotCarried(NotCarried),
    Report(ReportAnswer),
    /// JSON.
    Panel(String),
}

impl Answer {
    /// How much of the output's limit it takes.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Response(Response {
                body: Body::Bytes(bytes),
                ..
            }) => bytes.len(),
            Self::Report(answer) => answer.bytes(),
            Self::Panel(text) => text.len(),
            Self::Verdict(Verdict::Refuse(text)) => text.len(),
            _ => 0,
        }
    }
}

impl Plugin {
    /// Makes a fresh instance as any call does, and asks nothing of it: what a start costs, for the plugin's author.
    pub async fn start(self: &Arc<Self>, call: Call) -> Ended {
        self.run(call, Work::Start).await.0
    }

    /// Asks the plugin's guard about a change that is to be committed. `None` where it came to no verdict.
    pub async fn check(
        self: &Arc<Self>,
        call: Call,
        proposal: &EventDraft,
        actor: Actor,
    ) -> (Ended, Option<Verdict>) {
        match self
            .run(call, Work::Guard(convert::proposal(proposal, actor)))
            .await
        {
            (ended, Some(Answer::Verdict(verdict))) => (ended, Some(verdict)),
            (ended, _) => (ended, None),
        }
    }

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

    /// Has a message carried out. Nothing where the plugin came to no answer.
    pub async fn deliver(
        self: &Arc<Self>,
        call: Call,
        outbound: Outbound,
    ) -> (Ended, Option<Result<Receipt, NotCarried>>) {
        match self
            .run(call, Work::Channel(channel::outbound(outbound)))
            .await
        {
            (ended, Some(Answer::Carried(receipt))) => (ended, Some(Ok(receipt))),
            (ended, Some(Answer::NotCarried(failure))) => (ended, Some(Err(failure))),
            (ended, _) => (ended, None),
        }
    }

    /// Has a report made, by its name in the manifest.
    pub async fn report(
        self: &Arc<Self>,
        call: Call,
        name: &str,
        parameters: &serde_json::Value,
    ) -> (Ended, Option<ReportAnswer>) {
        match self
            .run(call, Work::Report(name.to_owned(), parameters.to_string()))
            .await
        {
            (ended, Some(Answer::Report(answer))) => (ended, Some(answer)),
            (ended, _) => (ended, None),
        }
    }

    /// Has a view rendered, or an action of it done; JSON, which nobody has looked at.
    pub async fn panel(
        self: &Arc<Self>,
        call: Call,
        context: PanelContext,
        wish: PanelWish,
    ) -> (Ended, Option<String>) {
        match self
            .run(call, Work::Panel(panel::context(context), wish))
            .await
        {
            (ended, Some(Answer::Panel(text))) => (ended, Some(text)),
            (ended, _) => (ended, None),
        }
    }

    /// The point's call on a fresh instance. The outer error is the guest's breakdown, the inner one its own.
    pub(crate) async fn call(
        &self,
        store: &mut Store<State>,
        work: Work,
    ) -> wasmtime::Result<Result<Answer, wit::Error>> {
        let missing =
            |point: &str| wasmtime::Error::msg(format!("the component exports no {point}"));
        match work {
            Work::Start => {
                self.instance.instantiate_async(store).await?;
                Ok(Ok(Answer::Handled))
            }
            Work::Guard(proposal) => {
                let pre = self.guards.as_ref().ok_or_else(|| missing("guard"))?;
                let instance = pre.instantiate_async(&mut *store).await?;
                let guard = instance.guichet_platform_guard();
                Ok(guard
                    .call_check(store, &proposal)
                    .await?
                    .and_then(verdict)
                    .map(Answer::Verdict))
            }
            Work::Event(event) => {
                let pre = self
                    .events
                    .as_ref()
                    .ok_or_else(|| missing("event-handler"))?;
                let instance = pre.instantiate_async(&mut *store).await?;
                let handler = instance.guichet_platform_event_handler();
                Ok(handler
                    .call_handle(store, &event)
                    .await?
                    .map(|()| Answer::Handled))
            }
            Work::Job(job) => {
                let pre = self.jobs.as_ref().ok_or_else(|| missing("job-handler"))?;
                let instance = pre.instantiate_async(&mut *store).await?;
                let handler = instance.guichet_platform_job_handler();
                Ok(Ok(match handler.call_run(store, &job).await? {
                    Ok(()) => Answer::Handled,
                    Err(failure) => {
                        let (failure, reason) = convert::job_failure(failure);
                        Answer::NotDone(failure, reason)
                    }
                }))
            }
            Work::Request(request) => {
                let pre = self
                    .requests
                    .as_ref()
                    .ok_or_else(|| missing("request-handler"))?;
                let instance = pre.instantiate_async(&mut *store).await?;
                let handler = instance.guichet_platform_request_handler();
                Ok(handler
                    .call_handle(store, &request)
                    .await?
                    .and_then(convert::response)
                    .map(Answer::Response))
            }
            Work::Channel(outbound) => {
                let pre = self.channels.as_ref().ok_or_else(|| missing("channel"))?;
                let instance = pre.instantiate_async(&mut *store).await?;
                let channel = instance.guichet_platform_channel();
                Ok(match channel.call_deliver(store, &outbound).await? {
                    Ok(receipt) => channel::receipt(receipt).map(Answer::Carried),
                    Err(failure) => Ok(Answer::NotCarried(channel::failure(failure))),
                })
            }
            Work::Panel(context, wish) => {
                let pre = self.views.as_ref().ok_or_else(|| missing("views"))?;
                let instance = pre.instantiate_async(&mut *store).await?;
                let views = instance.guichet_platform_views();
                let shown = match wish {
                    PanelWish::Render => views.call_render(store, &context).await?,
                    PanelWish::Act { action, input } => {
                        views.call_act(store, &context, &action, &input).await?
                    }
                };
                Ok(shown.map(Answer::Panel))
            }
            Work::Report(name, parameters) => {
                let pre = self.reports.as_ref().ok_or_else(|| missing("report"))?;
                let instance = pre.instantiate_async(&mut *store).await?;
                let made: Result<wit_report::Answer, _> = instance
                    .guichet_platform_report()
                    .call_run(store, &name, &parameters)
                    .await?;
                Ok(made.and_then(report::answer).map(Answer::Report))
            }
        }
    }
}

fn verdict(verdict: wit_guard::Verdict) -> Result<Verdict, wit::Error> {
    match verdict {
        wit_guard::Verdict::Allow => Ok(Verdict::Allow),
        wit_guard::Verdict::Refuse(text) => Ok(Verdict::Refuse(text)),
        wit_guard::Verdict::Other((kind, _)) => Err(convert::invalid(&format!(
            "verdicts of the kind `{kind}` are not known"
        ))),
    }
}
