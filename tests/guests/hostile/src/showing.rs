//! Views, as the settings say, and what comes of their actions.

use guichet_sdk::{Error, ViewContext, Views, settings, tickets_read, tickets_write};
use serde_json::{Value, json};

impl Views for crate::Hostile {
    fn render(context: ViewContext) -> Result<String, Error> {
        let settings: Value = serde_json::from_str(&settings::get()).unwrap_or_default();
        let shows = &settings["shows"][&context.view];
        match shows.as_str() {
            Some("slow") => loop {
                std::hint::black_box(0);
            },
            Some("trap") => unreachable!("as told"),
            Some("error") => Err(Error::Unavailable("as told".to_owned())),
            Some("no-json") => Ok("{".to_owned()),
            // A write, which rendering is not for.
            Some("tag") => {
                tickets_write::add_tags(&ticket(&context), &["seen".to_owned()])?;
                Ok(json!({ "title": "", "blocks": [] }).to_string())
            }
            // What it is told, and what it may read of the ticket.
            Some("told") => {
                let subject = tickets_read::get(&ticket(&context));
                let text = match subject {
                    Ok(ticket) => ticket.subject(),
                    Err(error) => format!("{error:?}"),
                };
                let told = format!(
                    "{} {} {} {text}",
                    context.location, context.viewer.kind, context.locale
                );
                Ok(
                    json!({ "title": "Told", "blocks": [{ "type": "text", "text": told }] })
                        .to_string(),
                )
            }
            _ => Ok(shows.to_string()),
        }
    }

    /// `tag` adds the tag of its input to the ticket, `note` says it; others are answered as the settings say.
    fn act(context: ViewContext, action: String, input: String) -> Result<String, Error> {
        let input: Value =
            serde_json::from_str(&input).map_err(|error| Error::Invalid(error.to_string()))?;
        let said = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
        match action.as_str() {
            "tag" => {
                tickets_write::add_tags(&ticket(&context), &[said("tag")])?;
                let settings: Value = serde_json::from_str(&settings::get()).unwrap_or_default();
                let answer = match &settings["answers"]["tag"] {
                    Value::Null => {
                        json!({ "toast": { "text": format!("Tagged {}", said("tag")) } })
                    }
                    told => told.clone(),
                };
                Ok(answer.to_string())
            }
            "note" => {
                crate::note(&ticket(&context), said("text"))?;
                Ok("{}".to_owned())
            }
            _ => {
                let settings: Value = serde_json::from_str(&settings::get()).unwrap_or_default();
                Ok(settings["answers"][&action].to_string())
            }
        }
    }
}

/// The ticket that a view is about; nobody's where it is about none.
fn ticket(context: &ViewContext) -> String {
    let subject: Value = serde_json::from_str(&context.subject).unwrap_or_default();
    subject["ticket"].as_str().unwrap_or_default().to_owned()
}
