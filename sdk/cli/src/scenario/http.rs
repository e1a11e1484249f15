//! Requests to the plugin's routes and for its reports: over HTTP, at the desk's own door.

use super::{
    format::{Report, Request},
    trouble::Trouble,
    world::World,
};
use reqwest::{Method, RequestBuilder, redirect::Policy};
use serde_json::{Value as Json, json};
use std::{fs, path::Path};

/// What was answered.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Response {
    /// The body as JSON, where it is that.
    pub(crate) fn json(&self) -> Option<Json> {
        serde_json::from_str(&self.text).ok()
    }
}

/// Calls a route.
pub(crate) async fn request(
    world: &mut World,
    wish: &Request,
    folder: &Path,
) -> Result<Response, Trouble> {
    if !wish.path.starts_with('/') {
        return Err(Trouble::Scenario(format!(
            "request: the path `{}` does not begin with a slash",
            wish.path
        )));
    }
    let method = wish.method.as_deref().unwrap_or("GET");
    let method: Method = method
        .parse()
        .map_err(|_| Trouble::Scenario(format!("request: `{method}` is no method")))?;
    let before = world.store().cursor().await?.sequence;
    let plugin = world.manifest().id.clone();
    let url = format!("{}/plugins/{plugin}{}", world.address().await?, wish.path);
    let mut request = client()?.request(method, url);
    for (name, value) in &wish.headers {
        request = request.header(name, value);
    }
    request = match wish.by.as_deref() {
        Some("nobody") => request,
        Some(name) => {
            let agent = world.names.agent(name).map_err(Trouble::Scenario)?;
            request.bearer_auth(world.token(Some(agent)).await?)
        }
        None => request.bearer_auth(world.token(None).await?),
    };
    request = match (&wish.json, &wish.text, &wish.file) {
        (Some(json), None, None) => request.json(json),
        (None, Some(text), None) => request.body(text.clone()),
        (None, None, Some(name)) => request.body(file(folder, name)?),
        (None, None, None) => request,
        _ => {
            return Err(Trouble::Scenario(
                "request: its body is one of json, text and file".to_owned(),
            ));
        }
    };
    let response = send(request).await?;
    if let Some(name) = &wish.name {
        name_new_ticket(world, name, before).await?;
    }
    Ok(response)
}

/// Has a report made.
pub(crate) async fn report(world: &World, wish: &Report) -> Result<Response, Trouble> {
    let agent = match &wish.by {
        Some(name) => world.names.agent(name).map_err(Trouble::Scenario)?,
        None => world.admin,
    };
    let install = world.install_id()?;
    let url = format!(
        "{}/api/v1/reports/{install}/{}",
        world.address().await?,
        wish.name
    );
    let mut asked = json!({ "parameters": wish.parameters });
    for (name, value) in [
        ("range", &wish.range),
        ("from", &wish.from),
        ("to", &wish.to),
        ("locale", &wish.locale),
        ("filter", &wish.filter),
    ] {
        if let Some(value) = value {
            asked[name] = Json::String(value.clone());
        }
    }
    let mut request = client()?
        .post(url)
        .bearer_auth(world.token(Some(agent)).await?)
        .json(&asked);
    if let Some(format) = &wish.format {
        request = request.query(&[("format", format)]);
    }
    send(request).await
}

/// The content of a file beside the scenario.
pub(crate) fn file(folder: &Path, name: &str) -> Result<Vec<u8>, Trouble> {
    let path = folder.join(name);
    fs::read(&path)
        .map_err(|error| Trouble::Scenario(format!("{} cannot be read: {error}", path.display())))
}

fn client() -> Result<reqwest::Client, Trouble> {
    let client = reqwest::Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .build();
    client.map_err(|error| Trouble::Host(format!("no request can be sent: {error}")))
}

async fn send(request: RequestBuilder) -> Result<Response, Trouble> {
    let failed = |error: reqwest::Error| {
        Trouble::Scenario(format!(
            "the request cannot be sent, or is not answered: {error}"
        ))
    };
    let response = request.send().await.map_err(failed)?;
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.to_string(), value)
        })
        .collect();
    let body = response.bytes().await.map_err(failed)?;
    Ok(Response {
        status,
        headers,
        text: String::from_utf8_lossy(&body).into_owned(),
    })
}

/// Names the ticket that came of a request: the last one made since.
async fn name_new_ticket(world: &mut World, name: &str, before: u64) -> Result<(), Trouble> {
    let store = world.store();
    let events = store.events_after(before, 200).await?;
    let made = events
        .iter()
        .filter(|event| event.draft.ticket_version == Some(1))
        .filter_map(|event| event.draft.ticket)
        .next_back();
    let Some(id) = made else {
        return Err(Trouble::Scenario(format!(
            "as = \"{name}\": no ticket came of the request"
        )));
    };
    let number = store.ticket(id).await?.and_then(|ticket| ticket.number);
    world.names.add_ticket(name, id, number);
    Ok(())
}
