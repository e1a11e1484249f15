//! `GET /tickets/{number}?at=…` tells the clocks of a ticket; `GET /openapi.json` tells of it.

use crate::{
    library::Library,
    reading::readings,
    stage::Summary,
    store,
    time::{parse, rfc3339},
    words::Language,
};
use guichet_sdk::{Body, Error, Request, Response, clock, tickets_read};
use serde_json::{Value, json};

/// The document, as it is.
const OPENAPI: &str = include_str!("openapi.json");

pub(crate) fn answer(request: &Request) -> Result<Response, Error> {
    if request.method != "GET" {
        return Ok(problem(405, "only GET is answered here"));
    }
    if request.path == "/openapi.json" {
        return Ok(respond(200, "application/json", OPENAPI.to_owned()));
    }
    let Some(number) = request.path.strip_prefix("/tickets/") else {
        return Ok(problem(
            404,
            "there are /tickets/{number} and /openapi.json",
        ));
    };
    let Ok(number) = number.parse::<u64>() else {
        return Ok(problem(404, "a ticket's number is a whole number"));
    };
    let at = request.query.iter().find(|(name, _)| name == "at");
    let at = match at.map(|(_, text)| parse(text)) {
        None => clock::now().into(),
        Some(Some(at)) => at,
        Some(None) => {
            return Ok(problem(
                422,
                "`at` is an instant by RFC 3339, such as 2026-10-08T03:30:00Z",
            ));
        }
    };
    let ticket = match tickets_read::find(number) {
        Ok(ticket) => ticket.id(),
        Err(Error::NotFound(_)) => {
            return Ok(problem(404, &format!("there is no ticket {number}")));
        }
        Err(error) => return Err(error),
    };
    let body = match store::clocks(&ticket)? {
        None => {
            json!({ "number": number, "at": rfc3339(at), "policy": null, "hidden": false, "stage": null, "due": null, "clocks": [] })
        }
        Some(kept) => {
            let mut library = Library::default();
            library.fetch_for(&kept)?;
            let summary = Summary::of(&kept, &library.shelf, at);
            let policy = kept.chosen.as_ref().map(|chosen| -> Result<Value, Error> {
                let policy = library.policy(&chosen.id)?;
                let name = policy.map_or(chosen.id.as_str(), |one| one.name.say(Language::English));
                Ok(json!({ "id": chosen.id, "version": chosen.version, "name": name, "priority": chosen.priority }))
            });
            json!({
                "number": number,
                "at": rfc3339(at),
                "policy": policy.transpose()?,
                "hidden": kept.is_hidden(),
                "stage": summary.stage.map(|stage| stage.name()),
                "due": summary.due.map(rfc3339),
                "clocks": readings(&kept, &library.shelf, at),
            })
        }
    };
    Ok(respond(200, "application/json", body.to_string()))
}

fn problem(status: u16, detail: &str) -> Response {
    let title = match status {
        404 => "Not Found",
        405 => "Method Not Allowed",
        _ => "Unprocessable Content",
    };
    let body = json!({ "type": "about:blank", "title": title, "status": status, "detail": detail });
    respond(status, "application/problem+json", body.to_string())
}

fn respond(status: u16, media_type: &str, body: String) -> Response {
    Response {
        status,
        headers: vec![("content-type".to_owned(), media_type.to_owned())],
        body: Body::Bytes(body.into_bytes()),
        extra: Vec::new(),
    }
}
