//! A guest that does what chance says: the bytes that `clock.random` answers are read as calls of the host, with arguments of all sorts, and as the answer in
//! the end. It never breaks down by itself.

/// From bytes to values of the contract.
mod values;

/// From bytes to calls of the host.
mod calls;

/// From bytes to what a point answers.
mod answers;

use calls::Calls;
use guichet_sdk::{
    Answer, Channel, Error, Event, EventHandler, Failure, Guard, Job, JobHandler, NotCarried,
    Outbound, Proposal, Receipt, Report, Request, RequestHandler, Response, Verdict, ViewContext,
    Views, clock,
};

/// As many bytes as one call answers.
const SCRIPT_BYTES_MAX: u32 = 64 << 10;

struct Puppet;

/// Makes all calls of the script, then the answer out of what is left.
fn play<T>(answer: impl FnOnce(&mut Calls<'_>) -> T) -> T {
    let script = clock::random(SCRIPT_BYTES_MAX);
    let mut calls = Calls::of(&script);
    calls.make();
    answer(&mut calls)
}

impl EventHandler for Puppet {
    fn handle(_: Event) -> Result<(), Error> {
        play(answers::done)
    }
}

impl JobHandler for Puppet {
    fn run(_: Job) -> Result<(), Failure> {
        play(answers::job)
    }
}

impl RequestHandler for Puppet {
    fn handle(_: Request) -> Result<Response, Error> {
        play(answers::response)
    }
}

impl Guard for Puppet {
    fn check(_: Proposal) -> Result<Verdict, Error> {
        play(answers::verdict)
    }
}

impl Channel for Puppet {
    fn deliver(_: Outbound) -> Result<Receipt, NotCarried> {
        play(answers::receipt)
    }
}

impl Views for Puppet {
    fn render(_: ViewContext) -> Result<String, Error> {
        play(answers::shown)
    }

    fn act(_: ViewContext, _: String, _: String) -> Result<String, Error> {
        play(answers::shown)
    }
}

impl Report for Puppet {
    fn run(_: String, _: String) -> Result<Answer, Error> {
        play(answers::report)
    }
}

guichet_sdk::export_event_handler!(Puppet);
guichet_sdk::export_job_handler!(Puppet);
guichet_sdk::export_request_handler!(Puppet);
guichet_sdk::export_guard!(Puppet);
guichet_sdk::export_channel!(Puppet);
guichet_sdk::export_views!(Puppet);
guichet_sdk::export_report!(Puppet);
