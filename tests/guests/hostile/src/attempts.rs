//! One call of each interface that needs a grant, by the interface's name.

use guichet_sdk::{
    Actor, Error, TicketDraft, customers_read, customers_write, directory_read, events_emit,
    events_read, files, http, intake, jobs, net, records, records_shared, secrets, tickets_read,
    tickets_write,
};

/// Calls it; what it answered, or why it did not.
pub(crate) fn attempt(interface: &str) -> Result<String, Error> {
    let nobody = "00000000-0000-0000-0000-000000000000";
    match interface {
        "tickets-read" => tickets_read::find(1).map(|ticket| ticket.subject()),
        "tickets-write" => tickets_write::add_tags(nobody, &[]).map(said),
        "intake" => {
            let draft = TicketDraft {
                subject: "Attempt".to_owned(),
                requester: nobody.to_owned(),
                first_message: None,
                fields: Vec::new(),
            };
            let author = Actor {
                kind: "customer".to_owned(),
                id: nobody.to_owned(),
            };
            intake::create(&draft, &author)
        }
        "customers-read" => customers_read::find("mailto:nobody@trade.example")
            .map(|found| found.is_some().to_string()),
        "customers-write" => {
            customers_write::ensure(&["mailto:new@trade.example".to_owned()], false, &[])
        }
        "directory-read" => directory_read::agents(None, 1).map(|agents| agents.len().to_string()),
        "events-read" => events_read::since(0, "", 1).map(|events| events.len().to_string()),
        "events-emit" => events_emit::emit("attempt", None, "{}").map(said),
        "records" => records::get("counts", "attempt").map(|found| found.is_some().to_string()),
        "records-shared" => {
            records_shared::get("attempt", "attempt").map(|found| found.is_some().to_string())
        }
        "files" => files::put("attempt.txt", "text/plain", b"x").map(|file| file.name),
        "jobs" => jobs::cancel("attempt").map(|waited| waited.to_string()),
        "http" => fetch("GET", "http://nobody.example/", &[]),
        "net" => net::connect("nobody.example", 25, false).map(|_| "connected".to_owned()),
        "secrets" => secrets::reveal("attempt"),
        unknown => Err(Error::Invalid(format!("no attempt is made on {unknown}"))),
    }
}

/// Calls a server outside; its status, its body.
pub(crate) fn fetch(
    method: &str,
    url: &str,
    headers: &[(String, String)],
) -> Result<String, Error> {
    let request = http::Request {
        method: method.to_owned(),
        url: url.to_owned(),
        headers: headers.to_vec(),
        body: guichet_sdk::Body::Bytes(Vec::new()),
        extra: Vec::new(),
    };
    let response = http::fetch(&request)?;
    let body = match response.body {
        guichet_sdk::Body::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        guichet_sdk::Body::File(id) => format!("file {id}"),
        guichet_sdk::Body::Other((kind, _)) => kind,
    };
    Ok(format!("{} {body}", response.status))
}

fn said((): ()) -> String {
    "done".to_owned()
}
