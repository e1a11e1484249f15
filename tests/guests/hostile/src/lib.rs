//! A guest that does what its settings say, well or badly: the tests' friend and foe.

/// One call of each interface.
mod attempts;

/// Any call, as a request tells it.
mod calls;

/// Messages to the people who ask.
mod carrying;

/// Views.
mod showing;

/// Connections.
mod talking;

/// What it checks before it is written.
mod guard;

/// Questions about tickets.
mod questions;

/// Reports.
mod reporting;

use guichet_sdk::{
    Body, Error, Event, EventHandler, Failure, Job, JobHandler, MessageDraft, Request,
    RequestHandler, Response, clock, customers_read, directory_read, events_emit, events_read,
    explain, files, jobs, log, records, secrets, text_field, tickets_read, tickets_write,
    typed_settings,
};
use serde::Deserialize;

/// What is to be done with each event.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Deed {
    /// Adds a tag.
    Tag(String),
    /// Makes a note, so that each event leaves one message.
    Note(String),
    /// Makes so many notes.
    Notes(u32),
    Fail,
    /// Fails at the first try with one ticket of so many, and makes a note at the next.
    Flaky(u8, String),
    /// Computes for a while, then makes a note.
    Slow(u32, String),
    Trap,
    Loop,
    Memory,
    Recursion,
    /// So many effects.
    Effects(u32),
    /// So many calls of the host.
    Calls(u32),
    /// So many calls of the host that it refuses for what they say.
    Refused(u32),
    Log,
    /// Hands over a text of so many bytes.
    Shout(usize),
    /// Enqueues so many jobs for much later.
    Timers(u32),
    /// Counts all tickets so often.
    Counts(u32),
    /// Notes what it is told of a ticket of that id.
    Foreign(String),
    /// Enqueues a job that does something with the ticket.
    Enqueue(Wanted),
    /// Cancels the waiting job of a key, and notes whether there was one.
    Cancel(String),
    /// Notes a secret setting.
    Reveal(String),
    /// Tells an event of its own.
    Emit(String),
    /// Asks another plugin for an action.
    Direct(String, String),
    /// Adds one to a record.
    Count,
    /// Sets a field to a text.
    Field(String, String),
    /// Says why with a JSON text of so many levels, and adds a tag.
    Deep(usize),
    /// Notes what it may read of people and of the log.
    LookAround,
    /// Calls a server outside, which is not for event handlers.
    Fetch(String),
    /// Does nothing.
    Rest,
}

/// A job to be enqueued.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Wanted {
    deed: String,
    key: Option<String>,
    after_s: Option<u64>,
    url: Option<String>,
}

#[derive(Deserialize)]
struct Settings {
    deed: Deed,
}

struct Hostile;

impl EventHandler for Hostile {
    fn handle(event: Event) -> Result<(), Error> {
        let Some(ticket) = event.ticket else {
            return Ok(());
        };
        if event.kind == "plugin.action" {
            return tickets_write::add_tags(&ticket, &["asked".to_owned()]);
        }
        match typed_settings::<Settings>()?.deed {
            Deed::Tag(tag) => {
                explain::because("tag", "{}");
                tickets_write::add_tags(&ticket, &[tag])
            }
            Deed::Note(text) => note(&ticket, text),
            Deed::Notes(count) => {
                (0..count).try_for_each(|number| note(&ticket, format!("note {number}")))
            }
            Deed::Flaky(one_of, text) => {
                // The last part of an id is random.
                let is_chosen = ticket
                    .bytes()
                    .rev()
                    .take(2)
                    .fold(0_u8, |sum, digit| sum.wrapping_mul(16).wrapping_add(digit))
                    % one_of
                    == 0;
                match is_chosen && !event.redelivered {
                    true => Err(Error::Unavailable("as told".to_owned())),
                    false => note(&ticket, text),
                }
            }
            Deed::Slow(steps, text) => {
                (0..steps).for_each(|step| {
                    std::hint::black_box(step);
                });
                note(&ticket, text)
            }
            Deed::Fail => Err(Error::Unavailable("as told".to_owned())),
            Deed::Trap => unreachable!("as told"),
            Deed::Loop => loop {
                std::hint::black_box(());
            },
            Deed::Memory => {
                let mut hoard = Vec::new();
                loop {
                    hoard.push(vec![1_u8; 4 << 20]);
                    std::hint::black_box(&hoard);
                }
            }
            Deed::Recursion => {
                std::hint::black_box(deeper(0));
                Ok(())
            }
            Deed::Effects(count) => (0..count).try_for_each(|number| {
                explain::because(&format!("flood {number}"), "{}");
                tickets_write::add_tags(&ticket, &[format!("flood-{number}")])
            }),
            Deed::Calls(count) => {
                (0..count).for_each(|_| {
                    std::hint::black_box(clock::now());
                });
                Ok(())
            }
            Deed::Refused(count) => {
                let refused = |_| {
                    tickets_write::link(&ticket, "relates-to", "no id").is_err()
                        && tickets_write::merge(&ticket, "no id").is_err()
                };
                match (0..count).all(refused) {
                    true => Ok(()),
                    false => Err(Error::Unavailable("it was taken".to_owned())),
                }
            }
            Deed::Log => {
                (0..100).for_each(|_| log::write("info", &"x".repeat(10_000)));
                Ok(())
            }
            Deed::Shout(bytes) => {
                log::write("info", &"x".repeat(bytes));
                Ok(())
            }
            Deed::Timers(count) => {
                let due_at = clock::now() + 86_400_000_000;
                (0..count)
                    .try_for_each(|_| jobs::enqueue("timer", "{}", Some(due_at), None).map(drop))
            }
            Deed::Counts(count) => {
                // A long question, and another one each time: none is answered from memory.
                for number in 0..count {
                    let parts =
                        (0..40).map(|part| format!("subject.contains(\"x{number}y{part}\")"));
                    let filter = parts.collect::<Vec<_>>().join(" || ");
                    tickets_read::count(&filter)?;
                }
                Ok(())
            }
            Deed::Foreign(id) => {
                let told = tickets_read::get(&id).map(|ticket| ticket.subject());
                let wrote = tickets_write::add_tags(&id, &["stolen".to_owned()]);
                note(&ticket, format!("{told:?} {wrote:?}"))
            }
            Deed::Enqueue(wanted) => {
                let payload =
                    serde_json::json!({ "ticket": ticket, "url": wanted.url }).to_string();
                let due_at = wanted
                    .after_s
                    .map(|seconds| clock::now() + seconds * 1_000_000);
                jobs::enqueue(&wanted.deed, &payload, due_at, wanted.key.as_deref()).map(drop)
            }
            Deed::Cancel(key) => {
                let was_waiting = jobs::cancel(&key)?;
                note(&ticket, format!("cancelled: {was_waiting}"))
            }
            Deed::Reveal(name) => note(&ticket, secrets::reveal(&name)?),
            Deed::Emit(kind) => events_emit::emit(&kind, Some(&ticket), "{\"found\":true}"),
            Deed::Direct(plugin, action) => {
                events_emit::direct(&plugin, &action, Some(&ticket), "{}")
            }
            Deed::Count => records::add("counts", "events", "/count", 1.0),
            Deed::Field(name, value) => tickets_write::set(&ticket, &[text_field(&name, value)]),
            Deed::Deep(levels) => {
                explain::because("deep", &("[".repeat(levels) + &"]".repeat(levels)));
                tickets_write::add_tags(&ticket, &["deep".to_owned()])
            }
            Deed::LookAround => look_around(&ticket),
            Deed::Fetch(url) => attempts::fetch("GET", &url, &[]).map(drop),
            Deed::Rest => Ok(()),
        }
    }
}

impl JobHandler for Hostile {
    fn run(job: Job) -> Result<(), Failure> {
        #[derive(Deserialize)]
        struct Payload {
            ticket: Option<String>,
            url: Option<String>,
            /// Seconds after which a job that asks for itself is to come again.
            after_s: Option<u64>,
        }
        let failed = |error: Error| Failure::GiveUp(format!("{error:?}"));
        let payload: Payload = serde_json::from_str(&job.payload)
            .map_err(|error| Failure::GiveUp(error.to_string()))?;
        if let Some(after_s) = payload.after_s {
            let at = clock::now() + after_s * 1_000_000;
            return records::add("counts", &job.name, "/count", 1.0)
                .and_then(|()| jobs::enqueue(&job.name, &job.payload, Some(at), Some("again")))
                .map(drop)
                .map_err(failed);
        }
        let Some(ticket) = payload.ticket else {
            return records::add("counts", &job.name, "/count", 1.0).map_err(failed);
        };
        let told = format!(
            "{} at attempt {} as {}",
            job.name, job.attempt, job.idempotency_key
        );
        match job.name.as_str() {
            "retry" => Err(Failure::Retry((Some(30), "as told".to_owned()))),
            "twice" if job.attempt < 2 => Err(Failure::Retry((None, "as told".to_owned()))),
            "give-up" => Err(Failure::GiveUp("as told".to_owned())),
            "trap" => unreachable!("as told"),
            "talk" => note(&ticket, talking::talk(&job.payload)).map_err(failed),
            "hoard" => {
                // Handles that it never gives back.
                let mut hoard = Vec::new();
                loop {
                    hoard.push(tickets_read::get(&ticket).map_err(failed)?);
                }
            }
            "fetch" => {
                let key = ("idempotency-key".to_owned(), job.idempotency_key);
                let answer = attempts::fetch("POST", &payload.url.unwrap_or_default(), &[key]);
                note(&ticket, format!("{answer:?}")).map_err(failed)
            }
            _ => note(&ticket, told).map_err(failed),
        }
    }
}

impl RequestHandler for Hostile {
    /// `/…?ticket=7` tells what may be read of it; other ends of the path do what they say.
    fn handle(request: Request) -> Result<Response, Error> {
        let argument = |name: &str| {
            let named = request.query.iter().find(|(key, _)| key == name);
            named.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let answer = |status: u16, text: String| Response {
            status,
            headers: Vec::new(),
            body: Body::Bytes(text.into_bytes()),
            extra: Vec::new(),
        };
        let told = || -> Result<String, Error> {
            if request.path.ends_with("/file") {
                return files::read(&argument("id"), 0, 100)
                    .map(|content| content.len().to_string());
            }
            if request.path.ends_with("/calls") {
                return match &request.body {
                    Body::Bytes(bytes) => calls::all(&String::from_utf8_lossy(bytes)),
                    _ => Err(Error::Invalid("calls are short".to_owned())),
                };
            }
            if let Some(interface) = request.path.strip_prefix("/attempt/") {
                return attempts::attempt(interface);
            }
            if let Some((_, what)) = request.path.split_once("/ask/") {
                return questions::ask(what, argument);
            }
            if request.path.ends_with("/fetch") {
                let headers: Vec<_> = request
                    .query
                    .iter()
                    .filter(|(name, _)| name.starts_with("x-"))
                    .cloned()
                    .collect();
                return attempts::fetch("GET", &argument("url"), &headers);
            }
            if request.path.ends_with("/keep") {
                let kept = request.query.iter().map(|(key, bytes)| keep(key, bytes));
                return Ok(kept.collect::<Vec<_>>().join(" "));
            }
            if request.path.ends_with("/headers") {
                return Ok(format!(
                    "{:?} from {} at {}",
                    request.headers, request.remote_address, request.url
                ));
            }
            if request.path.ends_with("/note") {
                let text = match &request.body {
                    Body::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                    _ => String::new(),
                };
                note(&argument("id"), text)?;
                return Ok("noted".to_owned());
            }
            if request.path.ends_with("/tag-twice") {
                let (id, tags) = (argument("id"), ["tagged".to_owned()]);
                // What was refused once is tried again.
                drop(tickets_read::get(&id));
                drop(events_read::since(0, "ticket.", 200));
                return tickets_write::add_tags(&id, &tags)
                    .or_else(|_| tickets_write::add_tags(&id, &tags))
                    .map(|()| "tagged".to_owned());
            }
            if request.path.ends_with("/tag-by-id") {
                tickets_write::add_tags(&argument("id"), &["tagged".to_owned()])?;
                return Ok("tagged".to_owned());
            }
            let ticket = tickets_read::find(argument("ticket").parse().unwrap_or(0))?;
            let requester = customers_read::get(&ticket.requester())?;
            let events = events_read::since(0, "ticket.", 200)?;
            Ok(format!(
                "{} of {} after {}",
                ticket.subject(),
                requester.name(),
                events.len()
            ))
        };
        if request.path.ends_with("/hello") {
            return Ok(answer(200, "hello".to_owned()));
        }
        if request.path.ends_with("/break") {
            return Err(Error::Unavailable("as told".to_owned()));
        }
        if request.path.ends_with("/answer-file") {
            return Ok(Response {
                body: Body::File(argument("id")),
                ..answer(200, String::new())
            });
        }
        if request.path.ends_with("/set-headers") {
            let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            return Ok(Response {
                headers: vec![
                    header("set-cookie", "__Host-guichet-acme=stolen; Path=/; Secure"),
                    header("content-security-policy", "default-src *"),
                    header("service-worker-allowed", "/"),
                    header("access-control-allow-origin", "*"),
                    header("clear-site-data", "\"*\""),
                    header("x-accel-redirect", "/etc/passwd"),
                    header("x-sendfile", "/etc/passwd"),
                    header("content-type", "text/html"),
                    header("x-plugins-own", "kept"),
                ],
                ..answer(200, "<script>1</script>".to_owned())
            });
        }
        Ok(match told() {
            Ok(text) => answer(200, text),
            Err(Error::NotFound(text)) => answer(404, text),
            Err(error) => answer(500, format!("{error:?}")),
        })
    }
}

fn note(ticket: &str, text: String) -> Result<(), Error> {
    let message = MessageDraft {
        visibility: "internal".to_owned(),
        text,
        html: None,
        attachments: Vec::new(),
        fields: Vec::new(),
    };
    tickets_write::add_message(ticket, &message).map(drop)
}

/// Puts a JSON text of so many bytes under that key, of none deletes it; how it went.
fn keep(key: &str, bytes: &str) -> &'static str {
    let answer = match bytes.parse::<usize>().unwrap_or_default() {
        0 => records::delete("counts", key),
        bytes => {
            let body = format!("\"{}\"", "x".repeat(bytes.saturating_sub(2)));
            records::put("counts", key, &body, None).map(drop)
        }
    };
    match answer {
        Ok(()) => "kept",
        Err(Error::Limit(_)) => "limit",
        Err(_) => "failed",
    }
}

fn look_around(ticket: &str) -> Result<(), Error> {
    let loaded = tickets_read::get(ticket)?;
    let requester = customers_read::get(&loaded.requester())?;
    let agents = directory_read::agents(None, 200)?;
    let groups = directory_read::groups(None, 200)?;
    let events = events_read::since(0, "ticket.", 200)?;
    let text = serde_json::json!({
        "requester": requester.name(),
        "identities": requester.identities(),
        "agents": agents.iter().map(|agent| &agent.name).collect::<Vec<_>>(),
        "groups": groups.iter().map(|group| &group.name).collect::<Vec<_>>(),
        "events": events.iter().map(|event| &event.kind).collect::<Vec<_>>(),
    });
    note(ticket, text.to_string())
}

#[expect(unconditional_recursion, reason = "as told")]
fn deeper(depth: u64) -> u64 {
    std::hint::black_box(depth) + deeper(std::hint::black_box(depth + 1)) + 1
}

guichet_sdk::export_event_handler!(Hostile);
guichet_sdk::export_job_handler!(Hostile);
guichet_sdk::export_request_handler!(Hostile);
guichet_sdk::export_guard!(Hostile);
guichet_sdk::export_channel!(Hostile);
guichet_sdk::export_views!(Hostile);
