//! That the process is told to end: by Ctrl-C, or as a supervisor does, by SIGTERM. Heard by all who wait for it, also by those who begin to wait afterwards: a
//! server may be told so before it serves.

use std::{
    io,
    sync::{OnceLock, mpsc},
    thread,
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// Absent where signals cannot be heard.
static TOLD: OnceLock<Option<watch::Receiver<bool>>> = OnceLock::new();

/// Hears signals from here on, instead of what they do by themselves: to be called before anybody is told that the process runs.
pub fn hear() {
    TOLD.get_or_init(|| {
        begin()
            .inspect_err(|error| tracing::warn!(%error, "SIGTERM and Ctrl-C are not heard"))
            .ok()
    });
}

/// Until the process is told to end.
pub async fn until_told() {
    hear();
    match TOLD.get().and_then(Clone::clone) {
        // Whoever tells it is never dropped: its thread ends with the process.
        Some(mut told) => drop(told.wait_for(|told| *told).await),
        None => std::future::pending().await,
    }
}

/// A thread of its own hears them: it outlives any runtime that somebody waits in.
fn begin() -> io::Result<watch::Receiver<bool>> {
    let (tells, told) = watch::channel(false);
    let (begun, has_begun) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_io()
                .build();
            let runtime = match runtime {
                Ok(runtime) => runtime,
                Err(error) => return drop(begun.send(Err(error))),
            };
            runtime.block_on(async {
                let (terminate, interrupt) = (
                    signal(SignalKind::terminate()),
                    signal(SignalKind::interrupt()),
                );
                let (mut terminate, mut interrupt) = match (terminate, interrupt) {
                    (Ok(terminate), Ok(interrupt)) => (terminate, interrupt),
                    (Err(error), _) | (_, Err(error)) => return drop(begun.send(Err(error))),
                };
                drop(begun.send(Ok(())));
                loop {
                    tokio::select! {
                        _ = terminate.recv() => {}
                        _ = interrupt.recv() => {}
                    }
                    tells.send_replace(true);
                }
            });
        })?;
    has_begun.recv().map_err(io::Error::other)??;
    Ok(told)
}
