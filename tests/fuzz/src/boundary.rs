//! What a guest says to the host: a puppet (`tests/guests/puppet`) makes the calls that the bytes say, with values of all sorts, and the runtime runs it as any
//! plugin.

/// The desk that it sees.
mod desk;

/// What comes of it.
mod kept;

use desk::Desk;
use guichet_core::{
    actor::Actor,
    event::{Event, EventDraft},
    id::{CustomerId, JobId, MessageId},
    job::Job,
    message::{MessageDraft, Visibility},
    ticket::work::Stamp,
};
use guichet_runtime::{
    Call, Compiler, Ended, Outbound, Outcome, PanelContext, PanelWish, Plugin, Request, Runtime,
    RuntimeSettings,
    limits::{self, Limits},
};
use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    sync::{Arc, LazyLock},
};
use uuid::Uuid;

const GRANTS: [&str; 14] = [
    "tickets-read",
    "tickets-write",
    "intake",
    "customers-read",
    "customers-write",
    "directory-read",
    "events-read",
    "events-emit",
    "records",
    "files",
    "jobs",
    "http",
    "net",
    "secrets",
];

/// What ends a call of a guest that never breaks down by itself, and is not the host's fault: it holds more than it may.
const HOARDED: &str = "resource table has no free keys";

struct Stage {
    runtime: Arc<Runtime>,
    puppet: Arc<Plugin>,
}

/// Started, and the puppet compiled, once.
static STAGE: LazyLock<Stage> = LazyLock::new(|| {
    let target = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target"));
    let path = target.join("plugins/puppet/dist/plugin.wasm");
    let component = fs::read(&path).unwrap_or_else(|error| {
        panic!("{}: {error}; `cargo xtask build` makes it", path.display())
    });
    let runtime = Runtime::start(RuntimeSettings {
        cache_dir: target.join("fuzz/compiled"),
        compiler: Compiler::Here,
        threads: 1,
        small: true,
    })
    .expect("the runtime starts");
    let puppet = runtime.threads().block_on(async {
        let inspection = runtime.install(&component).await.expect("a component");
        runtime.load(&inspection.digest).await.expect("compiled")
    });
    Stage { runtime, puppet }
});

/// **Promised** whatever a guest says: its call ends, with one of the outcomes that there are, and never by a fault of the host. It has made no more calls, asked for no more
/// effects, had no more memory and logged no more than it may. What it wrote is whole: each ticket is what its events say, links stand at both ends, all of it can be written and read
/// again, and the same effects asked for again make the same. Who may only look has written nothing.
///
/// The first byte says at which point it is called, the second how narrow its limits are and what it was granted; the rest is its script.
pub fn run(bytes: &[u8]) {
    let [point, means, script @ ..] = bytes else {
        return;
    };
    let (limits, grants) = (limits(*point, *means), grants(*means));
    let stage = &*STAGE;
    let call = Call {
        plugin_name: desk::PLUGIN.to_owned(),
        grants: Arc::new(grants),
        helpdesk: Box::new(Desk::new(script)),
        limits,
    };
    let (ended, calls) = stage
        .runtime
        .threads()
        .block_on(act(&stage.puppet, *point, call));
    ends_well(ended, &limits, calls);
}

fn limits(point: u8, means: u8) -> Limits {
    let usual = match point % 8 {
        0 => limits::REQUEST,
        1 => limits::EVENT,
        2 | 5 => limits::JOB,
        6 => limits::RENDER,
        7 => limits::ACT,
        3 => limits::GUARD,
        _ => limits::REPORT,
    };
    match means >> 6 {
        0 | 1 => usual,
        2 => Limits {
            effects: usual.effects.min(3),
            host_calls: 10,
            output_bytes: 200,
            ..usual
        },
        _ => Limits {
            memory_bytes: 2 << 20,
            host_bytes: 16 << 10,
            http_calls: usual.http_calls.min(1),
            ..usual
        },
    }
}

/// Mostly all of them, else all but one or none.
fn grants(means: u8) -> BTreeSet<String> {
    let left_out = usize::from(means & 0x3f);
    GRANTS
        .iter()
        .enumerate()
        .filter(|(place, _)| left_out != place + 1 && left_out != 0x3f)
        .map(|(_, name)| (*name).to_owned())
        .collect()
}

/// Calls the puppet at a point; answers how many calls of the host it says to have made, where that point tells.
async fn act(puppet: &Arc<Plugin>, point: u8, call: Call) -> (Ended, Option<u64>) {
    let stamp = Stamp::of_system(desk::NOW);
    match point % 8 {
        0 => {
            let (ended, response) = puppet.handle_request(call, request()).await;
            assert_eq!(response.is_some(), ended.outcome == Outcome::Ok);
            let calls = response
                .iter()
                .flat_map(|response| &response.headers)
                .find(|(name, _)| name == "calls")
                .and_then(|(_, count)| count.parse().ok());
            (ended, calls)
        }
        1 => {
            let event = Event {
                sequence: 1,
                draft: EventDraft::of_ticket("ticket.created", desk::ticket_id(1), 1, &stamp),
            };
            (puppet.handle_event(call, &event, false).await, None)
        }
        2 => {
            let (ended, failure) = puppet.do_job(call, &job(), "key".to_owned()).await;
            assert!(failure.is_none() || matches!(ended.outcome, Outcome::PluginError(_)));
            (ended, None)
        }
        3 => {
            let proposal = EventDraft::of_ticket("ticket.changed", desk::ticket_id(1), 2, &stamp);
            let (ended, verdict) = puppet.check(call, &proposal, Actor::SYSTEM).await;
            assert_eq!(verdict.is_some(), ended.outcome == Outcome::Ok);
            (ended, None)
        }
        6 | 7 => {
            let wish = match point % 8 {
                6 => PanelWish::Render,
                _ => PanelWish::Act {
                    action: "act".to_owned(),
                    input: "{}".to_owned(),
                },
            };
            let (ended, shown) = puppet.panel(call, panel(), wish).await;
            assert_eq!(shown.is_some(), ended.outcome == Outcome::Ok);
            // Whatever it is, reading it ends.
            if let Some(shown) = shown {
                drop(guichet_view::View::read(&shown));
                drop(guichet_view::Answer::read(&shown));
            }
            (ended, None)
        }
        5 => {
            let (ended, answer) = puppet.deliver(call, outbound()).await;
            assert_eq!(answer.is_some(), ended.outcome == Outcome::Ok);
            (ended, None)
        }
        _ => {
            let parameters = serde_json::json!({ "locale": "en" });
            let (ended, answer) = puppet.report(call, "report", &parameters).await;
            assert_eq!(answer.is_some(), ended.outcome == Outcome::Ok);
            for table in answer.iter().flat_map(|answer| &answer.tables) {
                let columns = table.columns.len();
                assert!(table.rows.iter().all(|row| row.len() == columns));
                assert!(table.behind.is_empty() || table.behind.len() == table.rows.len());
            }
            (ended, None)
        }
    }
}

fn request() -> Request {
    Request {
        method: "POST".to_owned(),
        url: "https://desk.example/p/tests/puppet/".to_owned(),
        path: "/".to_owned(),
        query: Vec::new(),
        headers: Vec::new(),
        remote_address: "192.0.2.1".to_owned(),
        body: guichet_runtime::Body::Bytes(Vec::new()),
        viewer: None,
    }
}

fn panel() -> PanelContext {
    PanelContext {
        view: "view".to_owned(),
        location: "nav.page",
        viewer: Actor::SYSTEM,
        locale: "en".to_owned(),
        subject: "{}".to_owned(),
    }
}

fn outbound() -> Outbound {
    Outbound {
        ticket: desk::ticket_id(1),
        recipient: CustomerId(Uuid::from_u128(0x31)),
        message: MessageDraft {
            id: MessageId(Uuid::from_u128(0x41)),
            author: Actor::SYSTEM,
            visibility: Visibility::Public,
            text: "Said.".to_owned(),
            html: Some("<p>Said.</p>".to_owned()),
            attachments: Vec::new(),
            fields: Vec::new(),
        },
        idempotency_key: "key".to_owned(),
        attempt: 1,
        previous_unknown: false,
    }
}

fn job() -> Job {
    Job {
        id: JobId(Uuid::from_u128(0x71)),
        install: desk::INSTALL,
        name: "play".to_owned(),
        key: None,
        payload: "{}".to_owned(),
        due_at: desk::NOW,
        attempt: 1,
        cause: None,
        root: None,
        depth: 0,
        ticket: None,
    }
}

fn ends_well(ended: Ended, limits: &Limits, calls: Option<u64>) {
    let Ended {
        outcome,
        helpdesk,
        report,
    } = ended;
    match &outcome {
        Outcome::Trap(told) => assert_eq!(told, HOARDED),
        Outcome::Limit(told) => assert!(!told.is_empty()),
        Outcome::HostError(told) => panic!("the host's fault: {told}"),
        Outcome::Ok | Outcome::PluginError(_) | Outcome::Cpu | Outcome::Wall | Outcome::Memory => {}
    }
    // The one that is refused is counted, too.
    assert!(report.host_calls <= limits.host_calls + 1);
    if let Some(calls) = calls {
        assert_eq!(report.host_calls, calls, "calls that were made");
    }
    assert!(report.memory_bytes <= limits.memory_bytes);
    let logged: usize = report.log.iter().map(|line| line.text.len()).sum();
    assert!(logged <= limits::LOG_BYTES_MAX);
    assert!(report.log.iter().all(|line| {
        line.text.len() <= limits::LOG_LINE_BYTES_MAX && line.level.chars().count() <= 10
    }));
    let desk = helpdesk
        .expect("a call that began gives its desk back")
        .into_any()
        .downcast::<Desk>()
        .expect("the desk that it was given");
    if matches!(outcome, Outcome::Ok | Outcome::PluginError(_)) {
        assert!(report.effects <= limits.effects);
    }
    let has_written = kept::is_whole(desk.into_overlay());
    if limits.effects == 0 && outcome == Outcome::Ok {
        assert!(!has_written, "who looks has written");
    }
}
