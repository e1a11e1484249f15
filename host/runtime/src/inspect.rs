//! What a component asks for and offers, read off it: imports are permissions, exports are points.

use crate::{grant::FREE, limits::COMPONENT_BYTES_MAX, plugin::InstallError};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use wasmtime::{Engine, component::Component};

/// What a component is, asks for and offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// sha-256 of the component, hex.
    pub digest: String,
    /// Interfaces of the contract that it imports, without those that are free.
    pub permissions: BTreeSet<String>,
    pub points: Points,
}

/// What a component offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Points {
    pub guard: bool,
    pub event_handler: bool,
    pub job_handler: bool,
    pub request_handler: bool,
    pub report: bool,
}

/// What the host offers beside the contract: the part of WASI that every Rust guest imports, with nothing behind it but the invocation's clock and chance.
const WASI: [&str; 3] = ["wasi:cli/", "wasi:io/", "wasi:clocks/"];
const WASI_RANDOM: &str = "wasi:random/";
const PLATFORM: &str = "guichet:platform/";
const OFFERED: [&str; 17] = [
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
    "secrets",
    "settings",
    "log",
    "explain",
    "clock",
];

/// The name under which a component is known.
pub(crate) fn digest(component: &[u8]) -> String {
    Sha256::digest(component)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Refuses what is too large before anything looks at it.
pub(crate) fn check_size(component: &[u8]) -> Result<(), InstallError> {
    match component.len() <= COMPONENT_BYTES_MAX {
        true => Ok(()),
        false => Err(InstallError::TooLarge {
            bytes: component.len(),
        }),
    }
}

/// Reads imports and exports off a compiled component.
pub(crate) fn inspect(
    engine: &Engine,
    component: &Component,
    digest: String,
) -> Result<Inspection, InstallError> {
    let kind = component.component_type();
    let mut permissions = BTreeSet::new();
    for (name, _) in kind.imports(engine) {
        let interface = name.split('@').next().unwrap_or(name);
        if let Some(interface) = interface
            .strip_prefix(PLATFORM)
            .filter(|interface| *interface == "types" || OFFERED.contains(interface))
        {
            if !FREE.contains(&interface) {
                permissions.insert(interface.to_owned());
            }
        } else if !WASI.iter().any(|offered| interface.starts_with(offered))
            && !interface.starts_with(WASI_RANDOM)
        {
            return Err(InstallError::UnknownImport(name.to_owned()));
        }
    }
    let exports = |point: &str| {
        kind.exports(engine)
            .any(|(name, _)| name.split('@').next() == Some(&format!("{PLATFORM}{point}")))
    };
    let points = Points {
        guard: exports("guard"),
        event_handler: exports("event-handler"),
        job_handler: exports("job-handler"),
        request_handler: exports("request-handler"),
        report: exports("report"),
    };
    Ok(Inspection {
        digest,
        permissions,
        points,
    })
}
