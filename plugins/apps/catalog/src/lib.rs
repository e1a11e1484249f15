//! The service catalog: what people can ask for, as a tree, and what a ticket of each entry becomes.
//!
//! A request names an entry; its form is checked here, and the ticket gets the entry's kind, impact, urgency, class and group. Other plugins read the entries
//! under the name `service-catalog`, and ask for `classify`. Only admins change the catalog.

/// Every bound of the plugin.
pub mod limits;

/// English and Chinese.
pub mod language;

/// Why something is not done.
pub mod refusal;

/// 1. An entry.
pub mod entry;

/// 2. What it asks.
pub mod form;

/// 3. All entries, and what can be done to them.
pub mod catalog;

/// Catalogs to begin with.
pub mod template;

/// The tree as programs read it.
pub mod tree;

/// 4. Records and tickets.
mod desk;

/// Who looks.
mod viewer;

/// 5. Paths, and what each answers.
mod route;

/// 6. What people see.
mod views;

use guichet_sdk::{
    Error, Event, EventHandler, Failure, Job, JobHandler, Request, RequestHandler, Response,
    ViewContext, Views,
};

struct ServiceCatalog;

impl RequestHandler for ServiceCatalog {
    fn handle(request: Request) -> Result<Response, Error> {
        route::answer(&request)
    }
}

impl EventHandler for ServiceCatalog {
    fn handle(event: Event) -> Result<(), Error> {
        desk::classify::asked(&event)
    }
}

impl JobHandler for ServiceCatalog {
    fn run(job: Job) -> Result<(), Failure> {
        desk::later::run(&job)
    }
}

impl Views for ServiceCatalog {
    fn render(context: ViewContext) -> Result<String, Error> {
        views::render(&context)
    }

    fn act(context: ViewContext, action: String, input: String) -> Result<String, Error> {
        views::act(&context, &action, &input)
    }
}

guichet_sdk::export_request_handler!(ServiceCatalog);
guichet_sdk::export_event_handler!(ServiceCatalog);
guichet_sdk::export_job_handler!(ServiceCatalog);
guichet_sdk::export_views!(ServiceCatalog);
