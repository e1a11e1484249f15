//! What a component asks for and offers, read off its bytes without compiling it: imports are permissions, exports are points.
//!
//! The runtime reads the same off the compiled component; a package that is refused here would be refused there.

mod section;

pub use section::{SECTION, embed, embedded};

use crate::limits::COMPONENT_BYTES_MAX;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use wasmparser::{Encoding, Parser, Payload, Validator, WasmFeatures};

/// What a component is, asks for and offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// sha-256 of the component, hex.
    pub digest: String,
    /// Interfaces of the contract that it imports, without those that are free.
    pub permissions: BTreeSet<String>,
    pub points: Points,
}

/// What a component offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Points {
    pub event_handler: bool,
    pub job_handler: bool,
    pub request_handler: bool,
    pub guard: bool,
    pub channel: bool,
    pub report: bool,
    pub views: bool,
}

/// What is wrong with a component.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComponentError {
    #[error("the component has {bytes} bytes, and at most {COMPONENT_BYTES_MAX} are taken")]
    TooLarge { bytes: usize },
    #[error(
        "the file is no WebAssembly component: {0}; build the plugin for the target wasm32-wasip2"
    )]
    Form(String),
    #[error(
        "the file is a WebAssembly module, not a component: build the plugin for the target wasm32-wasip2"
    )]
    Module,
    #[error(
        "the component imports {0}, which this platform does not offer: build it with the SDK of this platform, and without what it does not offer (files, sockets, processes)"
    )]
    UnknownImport(String),
    #[error("the component holds two texts of its plugin.toml: build it anew")]
    TwoManifests,
    #[error("the component's text of plugin.toml is not UTF-8: build it anew")]
    Text,
}

/// Interfaces that need no grant.
pub const FREE: [&str; 5] = ["types", "settings", "log", "explain", "clock"];

/// Interfaces that need one.
pub const GRANTED: [&str; 15] = [
    "tickets-read",
    "tickets-write",
    "intake",
    "customers-read",
    "customers-write",
    "directory-read",
    "events-read",
    "events-emit",
    "records",
    "records-shared",
    "files",
    "jobs",
    "http",
    "net",
    "secrets",
];

/// What the host offers beside the contract: the part of WASI that every Rust guest imports, with nothing behind it but the invocation's clock and chance.
const WASI: [&str; 4] = ["wasi:cli/", "wasi:io/", "wasi:clocks/", "wasi:random/"];
const PLATFORM: &str = "guichet:platform/";

/// Names of what a component takes and gives at its surface.
#[derive(Debug, Default)]
pub(crate) struct Surface {
    pub(crate) imports: Vec<String>,
    pub(crate) exports: Vec<String>,
}

/// Reads imports and exports off a component.
///
/// # Errors
/// [`ComponentError`]: too large, no component, or an import that the platform does not offer.
pub fn inspect(component: &[u8]) -> Result<Inspection, ComponentError> {
    let surface = surface(component)?;
    let mut permissions = BTreeSet::new();
    for name in &surface.imports {
        let interface = name.split('@').next().unwrap_or(name);
        match interface.strip_prefix(PLATFORM) {
            Some(interface) if FREE.contains(&interface) => {}
            Some(interface) if GRANTED.contains(&interface) => {
                permissions.insert(interface.to_owned());
            }
            _ if WASI.iter().any(|offered| interface.starts_with(offered)) => {}
            _ => return Err(ComponentError::UnknownImport(name.clone())),
        }
    }
    let exports = |point: &str| {
        let point = format!("{PLATFORM}{point}");
        surface
            .exports
            .iter()
            .any(|name| name.split('@').next() == Some(point.as_str()))
    };
    Ok(Inspection {
        digest: hex::encode(Sha256::digest(component)),
        permissions,
        points: Points {
            event_handler: exports("event-handler"),
            job_handler: exports("job-handler"),
            request_handler: exports("request-handler"),
            guard: exports("guard"),
            channel: exports("channel"),
            report: exports("report"),
            views: exports("views"),
        },
    })
}

/// Checks a component's form and reads the names at its surface; components within it are its own affair.
pub(crate) fn surface(component: &[u8]) -> Result<Surface, ComponentError> {
    check_size(component)?;
    let form = |error: wasmparser::BinaryReaderError| ComponentError::Form(error.to_string());
    if Parser::is_core_wasm(component) {
        return Err(ComponentError::Module);
    }
    Validator::new_with_features(WasmFeatures::all())
        .validate_all(component)
        .map_err(form)?;
    let mut surface = Surface::default();
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(component) {
        match payload.map_err(form)? {
            Payload::Version {
                encoding: Encoding::Module,
                ..
            } if depth == 0 => return Err(ComponentError::Module),
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(imports) if depth == 0 => {
                for import in imports {
                    surface
                        .imports
                        .push(import.map_err(form)?.name.name.to_owned());
                }
            }
            Payload::ComponentExportSection(exports) if depth == 0 => {
                for export in exports {
                    surface
                        .exports
                        .push(export.map_err(form)?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok(surface)
}

/// Refuses what is too large before anything looks at it.
fn check_size(component: &[u8]) -> Result<(), ComponentError> {
    match component.len() <= COMPONENT_BYTES_MAX {
        true => Ok(()),
        false => Err(ComponentError::TooLarge {
            bytes: component.len(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(body: &str) -> Vec<u8> {
        wat::parse_str(format!("(component {body})")).unwrap()
    }

    fn instance(name: &str) -> String {
        format!("(import \"{name}\" (instance))")
    }

    #[test]
    fn imports_are_permissions_and_what_is_free_is_none() {
        let imports = [
            "guichet:platform/tickets-read@0.1.0",
            "guichet:platform/http@0.1.0",
            "guichet:platform/log@0.1.0",
            "guichet:platform/types@0.1.0",
            "wasi:cli/environment@0.2.3",
            "wasi:random/random@0.2.3",
        ];
        let body: String = imports.iter().map(|name| instance(name)).collect();
        let inspection = inspect(&component(&body)).unwrap();
        let permissions: Vec<_> = inspection.permissions.iter().map(String::as_str).collect();
        assert_eq!(permissions, ["http", "tickets-read"]);
        assert_eq!(inspection.points, Points::default());
    }

    #[test]
    fn exports_are_points() {
        let body = "(instance $i) (export \"guichet:platform/guard@0.1.0\" (instance $i)) (export \"guichet:platform/report@0.1.0\" (instance $i)) (export \"acme:own/thing\" (instance $i))";
        let points = inspect(&component(body)).unwrap().points;
        assert_eq!(
            points,
            Points {
                guard: true,
                report: true,
                ..Points::default()
            }
        );
    }

    #[test]
    fn what_a_component_within_imports_or_exports_is_not_the_plugins() {
        let body = format!(
            "(component {} (instance $i) (export \"guichet:platform/guard@0.1.0\" (instance $i)))(core module (import \"x\" \"y\" (func)))",
            instance("guichet:platform/records@0.1.0")
        );
        let inspection = inspect(&component(&body)).unwrap();
        assert!(inspection.permissions.is_empty() && !inspection.points.guard);
    }

    #[test]
    fn an_import_that_the_platform_does_not_offer_is_named() {
        for name in [
            "wasi:sockets/tcp@0.2.3",
            "wasi:filesystem/types@0.2.3",
            "guichet:platform/everything@0.1.0",
            "acme:own/thing",
        ] {
            assert_eq!(
                inspect(&component(&instance(name))),
                Err(ComponentError::UnknownImport(name.to_owned()))
            );
        }
    }

    #[test]
    fn what_is_no_component_is_refused() {
        let module = wat::parse_str("(module)").unwrap();
        assert_eq!(inspect(&module), Err(ComponentError::Module));
        assert!(matches!(inspect(b""), Err(ComponentError::Form(_))));
        assert!(matches!(
            inspect(b"#!/bin/sh"),
            Err(ComponentError::Form(_))
        ));
        let mut cut = component(&instance("guichet:platform/records@0.1.0"));
        cut.truncate(cut.len() - 3);
        assert!(matches!(inspect(&cut), Err(ComponentError::Form(_))));
    }

    #[test]
    fn a_component_may_have_24_mib_and_no_byte_more() {
        let small = component("");
        // A custom section fills it up: its header is 1 byte for the kind, 4 for the length, 1 for the length of no name.
        let filled = |bytes: usize| {
            let mut filled = small.clone();
            let content = bytes - small.len() - 5;
            filled.push(0);
            filled.extend(
                (0..4).map(|n| ((content >> (7 * n)) & 0x7f) as u8 | if n < 3 { 0x80 } else { 0 }),
            );
            filled.resize(bytes, 0);
            filled
        };
        assert!(inspect(&filled(COMPONENT_BYTES_MAX)).is_ok());
        let bytes = COMPONENT_BYTES_MAX + 1;
        assert_eq!(
            inspect(&filled(bytes)),
            Err(ComponentError::TooLarge { bytes })
        );
    }
}
