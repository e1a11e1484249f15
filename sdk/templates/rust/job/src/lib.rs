//! @title@: tells a web hook every morning how many tickets are open.

use guichet_sdk::{Body, Error, Failure, Job, JobHandler, http, tickets_read, typed_settings};
use serde::Deserialize;
use serde_json::json;

/// What the admin sets. The token is a secret: the host fills it in.
#[derive(Deserialize)]
struct Settings {
    url: String,
}

struct Plugin;

impl JobHandler for Plugin {
    fn run(job: Job) -> Result<(), Failure> {
        let settings: Settings = typed_settings().map_err(give_up)?;
        let open = tickets_read::count("state in [\"new\", \"open\"]").map_err(give_up)?;
        let request = http::Request {
            method: "POST".to_owned(),
            url: settings.url,
            headers: vec![
                ("content-type".to_owned(), "application/json".to_owned()),
                (
                    "authorization".to_owned(),
                    "Bearer {{secret:token}}".to_owned(),
                ),
                // The same on every attempt: the other side can tell a second one.
                ("idempotency-key".to_owned(), job.idempotency_key),
            ],
            body: Body::Bytes(json!({ "open": open }).to_string().into_bytes()),
            extra: Vec::new(),
        };
        match http::fetch(&request) {
            Ok(response) if response.status < 300 => Ok(()),
            Ok(response) if response.status < 500 => Err(Failure::GiveUp(format!(
                "the web hook answers {}",
                response.status
            ))),
            Ok(response) => Err(Failure::Retry((
                None,
                format!("the web hook answers {}", response.status),
            ))),
            Err(Error::Unavailable(reason)) => Err(Failure::Retry((None, reason))),
            Err(error) => Err(give_up(error)),
        }
    }
}

guichet_sdk::export_job_handler!(Plugin);

fn give_up(error: Error) -> Failure {
    Failure::GiveUp(format!("{error:?}"))
}
