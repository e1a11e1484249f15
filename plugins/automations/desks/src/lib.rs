//! Desks: who answers what.
//!
//! A ticket goes to the desk that covers it, where that is attended, else to the central one; within a desk to a member, by its strategy. Whoever has a ticket and
//! does nothing for too long loses it. Each ticket says why it is where it is. Other plugins read the navigation menu under the name `navigation-menu`.

/// Every bound of the plugin.
pub mod limits;

/// English and Chinese.
pub mod language;

/// Instants, written.
pub mod time;

/// Why something is not done.
pub mod refusal;

/// 1. Desks, which of them a ticket is for, and models to begin with.
pub mod desk;

/// 2. Who is there.
pub mod people;

/// 3. A ticket, and what is remembered of it.
pub mod ticket;

/// 4. What is to become of it.
pub mod engine;

/// 5. The menu that leads to desks.
pub mod menu;

/// 6. Records, tickets and jobs.
mod host;

/// Who looks.
mod viewer;

/// 7. Paths, and what each answers.
mod route;

/// 8. What people see.
mod views;

use guichet_sdk::{
    Error, Event, EventHandler, Failure, Job, JobHandler, Request, RequestHandler, Response,
    ViewContext, Views,
};

struct ServiceDesks;

impl EventHandler for ServiceDesks {
    fn handle(event: Event) -> Result<(), Error> {
        host::events::handle(&event)
    }
}

impl JobHandler for ServiceDesks {
    fn run(job: Job) -> Result<(), Failure> {
        host::work::run(&job)
    }
}

impl RequestHandler for ServiceDesks {
    fn handle(request: Request) -> Result<Response, Error> {
        route::answer(&request)
    }
}

impl Views for ServiceDesks {
    fn render(context: ViewContext) -> Result<String, Error> {
        views::render(&context)
    }

    fn act(context: ViewContext, action: String, input: String) -> Result<String, Error> {
        views::act(&context, &action, &input)
    }
}

guichet_sdk::export_event_handler!(ServiceDesks);
guichet_sdk::export_job_handler!(ServiceDesks);
guichet_sdk::export_request_handler!(ServiceDesks);
guichet_sdk::export_views!(ServiceDesks);
