//! Templates, SDK and contract as they stood when this program was built.

#[expect(
    clippy::module_inception,
    reason = "the build script's work, kept apart from what reads it"
)]
mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

use embedded::{CALENDAR, CONTRACT, SDK, TEMPLATES, VIEWS, WORKSPACE};
use toml::{Table, Value};

/// The templates' files below a folder, by their paths there.
pub(super) fn templates(below: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    TEMPLATES
        .iter()
        .filter_map(move |(path, content)| Some((path.strip_prefix(below)?, *content)))
}

/// SDK and contract, at the places that they have to each other in the repository; the SDK's manifest stands by itself.
pub(super) fn sdk() -> Result<Vec<(String, String)>, String> {
    let mut files = Vec::new();
    let crates = [
        ("sdk/rust", SDK),
        ("sdk/view", VIEWS),
        ("sdk/calendar", CALENDAR),
    ];
    for (folder, embedded) in crates {
        for (path, content) in embedded {
            let content = match *path {
                "Cargo.toml" => standing_alone(content, WORKSPACE)?,
                path if path.starts_with("src/") => (*content).to_owned(),
                // What it is tested by, and what was made of it, stays here.
                _ => continue,
            };
            files.push((format!("{folder}/{path}"), content));
        }
    }
    for (path, content) in CONTRACT {
        files.push((format!("wit/{path}"), (*content).to_owned()));
    }
    Ok(files)
}

/// A crate's manifest with what it inherits from the workspace written out.
fn standing_alone(manifest: &str, workspace: &str) -> Result<String, String> {
    let parse = |text: &str| text.parse::<Table>().map_err(|error| error.to_string());
    let mut manifest = parse(manifest)?;
    let workspace = parse(workspace)?;
    let inherited = |table: &str, key: &str| -> Result<Value, String> {
        workspace
            .get("workspace")
            .and_then(|all| all.get(table))
            .and_then(|all| all.get(key))
            .cloned()
            .ok_or_else(|| format!("the workspace has no {table}.{key}"))
    };
    for (own, shared) in [("package", "package"), ("dependencies", "dependencies")] {
        let Some(entries) = manifest.get_mut(own).and_then(Value::as_table_mut) else {
            continue;
        };
        for (key, value) in entries {
            let inherits = value.get("workspace") == Some(&Value::Boolean(true));
            if !inherits {
                continue;
            }
            let own = std::mem::replace(value, inherited(shared, key)?);
            let more = own.as_table().into_iter().flatten();
            for (key, told) in more.filter(|(key, _)| *key != "workspace") {
                as_table(value).insert(key.clone(), told.clone());
            }
        }
    }
    // What a crate is tested and looked through with is its workspace's matter.
    manifest.remove("dev-dependencies");
    let is_inherited = |table: &Value| table.get("workspace") == Some(&Value::Boolean(true));
    if manifest.get("lints").is_some_and(is_inherited) {
        manifest.remove("lints");
    }
    toml::to_string(&manifest).map_err(|error| error.to_string())
}

/// A dependency as a table: a version by itself is one in short.
fn as_table(value: &mut Value) -> &mut Table {
    if let Value::String(version) = value {
        let version = Value::String(std::mem::take(version));
        *value = Value::Table(Table::from_iter([("version".to_owned(), version)]));
    }
    match value {
        Value::Table(table) => table,
        // Nothing else is a dependency.
        other => {
            *other = Value::Table(Table::new());
            as_table(other)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_beside_what_is_inherited_stays() {
        let own = "[package]\nname = \"x\"\n[dependencies]\nschemars = { workspace = true, optional = true }\n[dev-dependencies]\na.workspace = true\n[lints]\nworkspace = true\n";
        let workspace = "[workspace.dependencies]\nschemars = \"1\"\n";
        let alone: Table = standing_alone(own, workspace).unwrap().parse().unwrap();
        let schemars = &alone["dependencies"]["schemars"];
        assert_eq!(schemars["version"].as_str(), Some("1"));
        assert_eq!(schemars["optional"].as_bool(), Some(true));
        assert!(alone.get("lints").is_none() && alone.get("dev-dependencies").is_none());
    }

    #[test]
    fn what_is_inherited_is_written_out() {
        let own = "[package]\nname = \"x\"\nversion.workspace = true\n[dependencies]\nserde.workspace = true\n[lints.clippy]\ntodo = \"deny\"\n";
        let workspace = "[workspace.package]\nversion = \"1.2.3\"\n[workspace.dependencies]\nserde = { version = \"1\", features = [\"derive\"] }\n";
        let alone: Table = standing_alone(own, workspace).unwrap().parse().unwrap();
        assert_eq!(alone["package"]["version"].as_str(), Some("1.2.3"));
        assert_eq!(
            alone["dependencies"]["serde"]["version"].as_str(),
            Some("1")
        );
        assert_eq!(alone["lints"]["clippy"]["todo"].as_str(), Some("deny"));
        assert!(standing_alone("[package]\nversion.workspace = true", "").is_err());
    }

    #[test]
    fn sdk_and_contract_stand_to_each_other_as_in_the_repository() {
        let files = sdk().unwrap();
        let find = |path: &str| files.iter().find(|(name, _)| name == path);
        let (_, code) = find("sdk/rust/src/lib.rs").unwrap();
        assert!(code.contains("path: \"../../wit\""));
        assert!(find("wit/worlds.wit").is_some());
        for crate_folder in ["sdk/rust", "sdk/view", "sdk/calendar"] {
            let (_, manifest) = find(&format!("{crate_folder}/Cargo.toml")).unwrap();
            assert!(!manifest.contains("workspace"), "{manifest}");
        }
        assert!(find("sdk/view/src/lib.rs").is_some());
    }
}
