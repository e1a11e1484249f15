//! Paths, and what each answers, in JSON; what is wrong as problem+json (RFC 9457).

use crate::{
    host::{people, store},
    language::Language,
    menu::told::told,
    people::attendance::Attendance,
};
use guichet_sdk::{Body, Error, Request, Response, clock};
use serde_json::{Value, json};

/// Answers a request.
///
/// # Errors
/// What the host says, where that is nobody's mistake.
pub(crate) fn answer(request: &Request) -> Result<Response, Error> {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/menu") => Ok(respond(200, &told(&store::menu()?, language(request)))),
        ("GET", "/attended") => attended(request),
        _ => Ok(problem(404, "there are /menu and /attended")),
    }
}

/// Whether a desk is attended, and by whom.
fn attended(request: &Request) -> Result<Response, Error> {
    let Some(id) = query(request, "desk") else {
        return Ok(problem(422, "say which desk: /attended?desk=ID"));
    };
    let desks = store::desks()?;
    let Some((id, desk)) = desks.get(id) else {
        return Ok(problem(404, "there is no such desk, or it is switched off"));
    };
    let there = people::attendance(&desk.group)?;
    Ok(respond(200, &body(id, &there, clock::now())))
}

fn body(id: &str, there: &Attendance, now_us: u64) -> Value {
    let by = there
        .free(now_us)
        .map(|one| json!({ "id": one.id, "name": one.name }));
    json!({ "desk": id, "attended": there.is_attended(now_us), "by": by.collect::<Vec<_>>() })
}

fn query<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let found = request.query.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

/// As the query says, or else the first one that the caller accepts.
fn language(request: &Request) -> Language {
    let accepted = || {
        let mut headers = request.headers.iter();
        headers
            .find(|(name, _)| name.eq_ignore_ascii_case("accept-language"))
            .map(|(_, value)| value.as_str())
    };
    let tag = query(request, "locale").or_else(accepted);
    Language::of(tag.unwrap_or_default().trim())
}

fn problem(status: u16, detail: &str) -> Response {
    let body = json!({ "type": "about:blank", "status": status, "detail": detail });
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
