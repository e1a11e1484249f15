//! Paths, and what each answers, in JSON; what is wrong as problem+json (RFC 9457) with `misfits` by JSON Pointer into what was sent.

use crate::{
    catalog::{change::Change, document::Document},
    desk::{
        Failure,
        request::{self, NotMade},
        store::{self, Carried},
    },
    language::Language,
    limits::CHANGES_OF_REQUEST_MAX,
    refusal::Refused,
    tree,
    viewer::Viewer,
};
use guichet_sdk::{Body, Error, Request, Response};
use serde_json::{Value, json};

/// What is told when something is wrong: a JSON Pointer, and what is wrong there.
type Misfit = (String, String);

/// Answers a request.
///
/// # Errors
/// What the host says, where that is nobody's mistake.
pub(crate) fn answer(request: &Request) -> Result<Response, Error> {
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/requests" | "/agent/requests") => make(request),
        ("GET", "/tree") => Ok(respond(
            200,
            &tree::told(
                &store::catalog()?,
                language(request),
                is_set(request, "archived"),
            ),
        )),
        ("GET", "/export") => match is_admin(request)? {
            true => Ok(respond(200, &json!(store::catalog()?.export()))),
            false => Ok(refused(&Refused::NotAdmin.into(), request, "")),
        },
        ("POST", "/import") => match is_admin(request)? {
            true => import(request),
            false => Ok(refused(&Refused::NotAdmin.into(), request, "")),
        },
        _ => Ok(problem(
            404,
            "there are /requests, /agent/requests, /tree, /export and /import",
            &[],
        )),
    }
}

fn make(request: &Request) -> Result<Response, Error> {
    let wish = match text(request).and_then(|text| {
        serde_json::from_str(text).map_err(|error| (422, format!("this is no request: {error}")))
    }) {
        Ok(wish) => wish,
        Err((status, detail)) => return Ok(problem(status, &detail, &[])),
    };
    match request::make(&wish, request.viewer.as_ref()) {
        Ok(ticket) => Ok(respond(201, &json!({ "ticket": ticket }))),
        Err(NotMade::Mistake((pointer, english, chinese))) => {
            let told = language(request).pick(english, chinese).to_owned();
            Ok(problem(422, &told, &[(pointer.to_owned(), told.clone())]))
        }
        Err(NotMade::Failure(Failure::Host(error))) => Err(error),
        Err(NotMade::Failure(failure)) => Ok(refused(&failure, request, "/entry")),
    }
}

fn import(request: &Request) -> Result<Response, Error> {
    let document = match text(request) {
        Ok(text) => Document::read(text),
        Err((status, detail)) => return Ok(problem(status, &detail, &[])),
    };
    let told = document.map_err(Failure::from).and_then(|document| {
        let change = Change::Import { document };
        let (before, after) = store::tried(&change)?;
        let plan = before.plan(&after);
        if is_set(request, "dry-run") {
            return Ok(respond(200, &json!({ "dry-run": true, "plan": plan })));
        }
        let (status, done) = match store::carry_out(&change, CHANGES_OF_REQUEST_MAX)? {
            Carried::Done(_) => (200, true),
            Carried::Later => (202, false),
        };
        Ok(respond(status, &json!({ "done": done, "plan": plan })))
    });
    match told {
        Ok(response) => Ok(response),
        Err(Failure::Host(error)) => Err(error),
        Err(failure) => Ok(refused(&failure, request, "/entries")),
    }
}

/// What is wrong, with its places. `root` is where entries stand in what was sent.
fn refused(failure: &Failure, request: &Request, root: &str) -> Response {
    let language = language(request);
    let status = match failure {
        Failure::Refused(Refused::NotAdmin) => 403,
        _ => 422,
    };
    let misfits: Vec<Misfit> = match failure {
        Failure::Misfits(misfits) => misfits
            .iter()
            .map(|one| (format!("/form{}", one.pointer), one.wrong.say(language)))
            .collect(),
        Failure::Refused(refused) => match (refused.place(), root) {
            (None, _) => Vec::new(),
            (Some(_), "/entry") => vec![(root.to_owned(), refused.reason(language))],
            (Some((entry, place)), root) => {
                let entry = entry.replace('~', "~0").replace('/', "~1");
                vec![(format!("{root}/{entry}{place}"), refused.reason(language))]
            }
        },
        Failure::Host(_) => Vec::new(),
    };
    problem(status, &failure.say(language), &misfits)
}

fn is_admin(request: &Request) -> Result<bool, Error> {
    match &request.viewer {
        Some(viewer) => Ok(Viewer::of(viewer, Language::English)?.is_admin),
        None => Ok(false),
    }
}

/// The body as text, or a status with what is wrong.
fn text(request: &Request) -> Result<&str, (u16, String)> {
    match &request.body {
        Body::Bytes(bytes) => {
            std::str::from_utf8(bytes).map_err(|error| (400, format!("this is no text: {error}")))
        }
        _ => Err((413, "the body may have at most 1 MiB".to_owned())),
    }
}

fn query<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let found = request.query.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

fn is_set(request: &Request, name: &str) -> bool {
    query(request, name) == Some("true")
}

/// As the query says, or else the first one that the caller accepts.
fn language(request: &Request) -> Language {
    let accepted = || {
        let mut headers = request.headers.iter();
        headers
            .find(|(name, _)| name.eq_ignore_ascii_case("accept-language"))
            .map(|(_, value)| value.as_str())
    };
    Language::of(
        query(request, "locale")
            .or_else(accepted)
            .unwrap_or_default()
            .trim(),
    )
}

fn problem(status: u16, detail: &str, misfits: &[Misfit]) -> Response {
    let misfits: Vec<Value> = misfits
        .iter()
        .map(|(pointer, detail)| json!({ "pointer": pointer, "detail": detail }))
        .collect();
    let body =
        json!({ "type": "about:blank", "status": status, "detail": detail, "misfits": misfits });
    with_type(status, "application/problem+json", &body)
}

fn respond(status: u16, body: &Value) -> Response {
    with_type(status, "application/json", body)
}

fn with_type(status: u16, media_type: &str, body: &Value) -> Response {
    Response {
        status,
        headers: vec![("content-type".to_owned(), media_type.to_owned())],
        body: Body::Bytes(body.to_string().into_bytes()),
        extra: Vec::new(),
    }
}
