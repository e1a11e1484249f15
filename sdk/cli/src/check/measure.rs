//! Starts of the component on a desk of its own: compiled as a host compiles it, a fresh instance each time, within the limits of its points.

use super::CheckError;
use guichet::{
    admin,
    clock::Clock,
    config::Place,
    desk::{Desk, DeskSettings},
    lane::view::{Beginning, Sight, View},
    plugins::{
        Ready,
        lifecycle::take_in::{Incoming, take_in},
    },
};
use guichet_core::{
    actor::Actor, derive::Seed, event::Origin, install::Source, ticket::work::Stamp,
};
use guichet_package::Package;
use guichet_runtime::{
    Call, Outcome,
    limits::{self, Limits},
};
use guichet_store::MEMORY;
use serde::Serialize;
use std::time::Instant;

/// Starts that are measured, after one that is not: its pages are cold.
const STARTS: usize = 20;

/// What a start costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Measured {
    /// Microseconds from component to machine code; once, when it is installed.
    pub compile_us: u64,
    /// Microseconds until a fresh instance can be called, the median of several.
    pub start_us: u64,
    pub starts: usize,
    /// Bytes of memory that a fresh instance has, and the least that any of its points may have.
    pub memory_bytes: u64,
    pub memory_bytes_max: u64,
}

/// What a call at a point may use, where the manifest asks for nothing more.
fn usual(point: &str) -> Limits {
    match point {
        "guard" => limits::GUARD,
        "job-handler" | "channel" => limits::JOB,
        "request-handler" => limits::REQUEST,
        "report" => limits::REPORT,
        "views" => limits::RENDER,
        _ => limits::EVENT,
    }
}

/// Measures a package.
pub(super) async fn measure(package: &Package) -> Result<Measured, CheckError> {
    let failed = |error: &dyn std::fmt::Display| CheckError::Measure(error.to_string());
    let folder = tempfile::tempdir().map_err(|error| failed(&error))?;
    let settings = DeskSettings {
        works: false,
        small: true,
        ..DeskSettings::at(Place {
            database: Some(MEMORY.to_owned()),
            data: folder.path().to_owned(),
            master_key_file: None,
        })
    };
    let desk = Desk::start(settings, Clock::default())
        .await
        .map_err(|error| failed(&error))?;
    let tenant = admin::ensure_tenant(&desk, "check", "Check", "UTC")
        .await
        .map_err(|error| failed(&error))?;
    let operator = admin::operator(&desk, tenant.id)
        .await
        .map_err(|error| failed(&error))?;
    let begun = Instant::now();
    desk.runtime
        .install(package.component())
        .await
        .map_err(|error| failed(&error))?;
    let compile_us = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    let incoming = Incoming {
        manifest: package.manifest_text().to_owned(),
        component: package.component().to_vec(),
        package: None,
        source: Source::Folder,
    };
    let install = take_in(&desk, &operator, incoming)
        .await
        .map_err(|error| failed(&error))?;
    let plugin = desk
        .runtime
        .load(&install.digest)
        .await
        .map_err(|error| failed(&error))?;
    let ready = Ready::new(install, Some(plugin.clone()))
        .ok_or_else(|| failed(&"the manifest cannot be read back"))?;
    let limits = offered(package)
        .map(|point| ready.limits(usual(point)))
        .min_by_key(|limits| limits.memory_bytes)
        .unwrap_or(limits::EVENT);
    let mut starts = Vec::with_capacity(STARTS);
    let mut memory_bytes = 0;
    for start in 0..=STARTS {
        let now = desk.clock.now();
        let beginning = Beginning {
            overlay: operator.overlay(),
            stamp: Stamp {
                at: now,
                principal: Actor::plugin(ready.install.id).into(),
                origin: Origin::default(),
                because: None,
            },
            seed: Seed::new([0; 32], "check".to_owned(), now),
            sight: Sight::Plugin,
            about: None,
        };
        let call = Call {
            plugin_name: ready.install.plugin.clone(),
            grants: ready.grants.clone(),
            helpdesk: Box::new(View::new(&desk, tenant.id, &ready, beginning)),
            limits,
        };
        let ended = plugin.start(call).await;
        if ended.outcome != Outcome::Ok {
            return Err(failed(&ended.outcome));
        }
        memory_bytes = memory_bytes.max(ended.report.memory_bytes);
        if start > 0 {
            starts.push(ended.report.wall_us);
        }
    }
    starts.sort_unstable();
    Ok(Measured {
        compile_us,
        start_us: starts[STARTS / 2],
        starts: STARTS,
        memory_bytes: memory_bytes as u64,
        memory_bytes_max: limits.memory_bytes as u64,
    })
}

/// The points that it offers, as runs name them.
fn offered(package: &Package) -> impl Iterator<Item = &'static str> {
    let points = package.inspection().points;
    [
        (points.event_handler, "event-handler"),
        (points.job_handler, "job-handler"),
        (points.request_handler, "request-handler"),
        (points.guard, "guard"),
        (points.channel, "channel"),
        (points.report, "report"),
        (points.views, "views"),
    ]
    .into_iter()
    .filter_map(|(offers, name)| offers.then_some(name))
}
