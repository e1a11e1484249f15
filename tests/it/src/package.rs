//! Packages of the guest that does what it is told.

use crate::place::root;
use guichet_package::{Package, tar::Files};

/// The guest's package under any name, with all its permissions optional.
pub(crate) fn package_of(
    publisher: &str,
    name: &str,
    version: &str,
    more_manifest: &str,
) -> Package {
    let folder = root().join("target/plugins/hostile");
    // Where a setting of the name is declared, it says which server is called.
    let server = match more_manifest.contains("properties.server") {
        true => "{settings.server}",
        false => "server.example",
    };
    let manifest = std::fs::read_to_string(folder.join("plugin.toml"))
        .unwrap()
        .replace("server.example", server)
        .replace("tests/hostile", &format!("{publisher}/{name}"))
        .replace("version = \"0.1.0\"", &format!("version = \"{version}\""))
        .replace("\noptional = true", "")
        .replace("[[permissions]]\n", "[[permissions]]\noptional = true\n")
        .replace("[[egress]]\n", "[[egress]]\noptional = true\n")
        .replace("[[shared]]\n", "[[shared]]\noptional = true\n")
        + more_manifest;
    let component = std::fs::read(folder.join("dist/plugin.wasm")).unwrap();
    Package::build(&manifest, &component, Files::new()).unwrap()
}
