//! Service levels: what a desk promised, measured in business time, told at exact instants.
//!
//! - A **policy** says for which tickets it is, by which calendar it measures, and how long each clock may take.
//! - A **clock** of a ticket is begun, paused, stopped and opened again by what happens to the ticket; it names the versions that it is measured by.
//! - A **mark** (75 %, 100 %, …) is told at its instant by a durable timer, once a cycle; late where a change made it true.

/// 1. Every bound.
pub mod limits;

/// 2. Two languages, instants, what is wrong with what was written.
pub mod complaint;
pub mod time;
pub mod words;

/// 3. What a desk promises, to whom.
pub mod choice;
pub mod kind;
pub mod plan;
pub mod policy;

/// 4. What happens to a ticket, and what its clocks make of it.
pub mod drive;
pub mod heard;
pub mod kept;
pub mod progress;
pub mod shelf;
pub mod stage;
pub mod stands;

/// 5. What is kept, and what is written when something happened.
mod engine;
mod handle;
mod library;
mod store;
mod work;

/// 6. Policies and calendars are changed.
mod actions;
mod saving;

/// 7. What programs are told.
pub mod reading;
mod route;

/// 8. What people see.
mod views;

use guichet_sdk::{
    Error, Event, EventHandler, Failure, Job, JobHandler, Request, RequestHandler, Response,
    ViewContext, Views,
};

struct Sla;

impl EventHandler for Sla {
    fn handle(event: Event) -> Result<(), Error> {
        handle::handle(&event)
    }
}

impl JobHandler for Sla {
    fn run(job: Job) -> Result<(), Failure> {
        work::run(&job)
    }
}

impl RequestHandler for Sla {
    fn handle(request: Request) -> Result<Response, Error> {
        route::answer(&request)
    }
}

impl Views for Sla {
    fn render(context: ViewContext) -> Result<String, Error> {
        views::render(&context)
    }

    fn act(context: ViewContext, action: String, input: String) -> Result<String, Error> {
        views::act(&context, &action, &input)
    }
}

guichet_sdk::export_views!(Sla);
guichet_sdk::export_request_handler!(Sla);
guichet_sdk::export_event_handler!(Sla);
guichet_sdk::export_job_handler!(Sla);
