//! A new plugin: a complete folder that builds anywhere, with SDK and contract in it, so that nobody needs a registry or this repository.

/// What goes into it.
mod embedded;

use guichet_package::manifest::{self, is_name};
use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    str::FromStr,
};

/// Where SDK and contract are put, below the plugin's folder.
pub const SDK_FOLDER: &str = "guichet-sdk";

/// What a plugin does first; its author may add points as he likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Automation,
    Channel,
    Report,
    Guard,
    Job,
}

/// What it is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Rust,
}

/// `publisher/name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginId {
    publisher: String,
    name: String,
}

/// A folder that was made.
#[derive(Debug, Clone)]
pub struct Made {
    pub folder: PathBuf,
    /// Files written, below it.
    pub files: usize,
}

/// Why there is no new plugin.
#[derive(Debug, thiserror::Error)]
pub enum NewError {
    #[error(
        "`{0}` is no name of a plugin: write `publisher/name` in small letters, digits and dashes, such as `acme/triage`"
    )]
    Id(String),
    #[error("`{0}` is no kind of plugin: choose automation, channel, report, guard or job")]
    Kind(String),
    #[error("plugins are not written in `{0}` yet: leave --language out, or say rust")]
    Language(String),
    #[error("{} is not empty: choose another with --folder, or empty it", .0.display())]
    Taken(PathBuf),
    #[error("{} cannot be written", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("the SDK in this program cannot be read: {0}")]
    Sdk(String),
}

impl Kind {
    const ALL: [Self; 5] = [
        Self::Automation,
        Self::Channel,
        Self::Report,
        Self::Guard,
        Self::Job,
    ];

    /// As it is written on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Automation => "automation",
            Self::Channel => "channel",
            Self::Report => "report",
            Self::Guard => "guard",
            Self::Job => "job",
        }
    }

    fn told(self) -> &'static str {
        match self {
            Self::Automation => "an automation, which answers to what happens to tickets",
            Self::Channel => "a channel, which brings in what people say elsewhere",
            Self::Report => "a report, which counts tickets",
            Self::Guard => "a guard, which looks at changes before they are made",
            Self::Job => "a job, which works by the clock and talks to the outside",
        }
    }
}

impl FromStr for Kind {
    type Err = NewError;

    fn from_str(text: &str) -> Result<Self, NewError> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or_else(|| NewError::Kind(text.to_owned()))
    }
}

impl FromStr for Language {
    type Err = NewError;

    fn from_str(text: &str) -> Result<Self, NewError> {
        match text {
            "rust" => Ok(Self::Rust),
            other => Err(NewError::Language(other.to_owned())),
        }
    }
}

impl FromStr for PluginId {
    type Err = NewError;

    fn from_str(text: &str) -> Result<Self, NewError> {
        match text.split_once('/') {
            Some((publisher, name)) if is_name(publisher) && is_name(name) => Ok(Self {
                publisher: publisher.to_owned(),
                name: name.to_owned(),
            }),
            _ => Err(NewError::Id(text.to_owned())),
        }
    }
}

impl fmt::Display for PluginId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.publisher, self.name)
    }
}

impl PluginId {
    /// The part after the slash.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of its crate: cargo wants none that begins with a digit or a dash.
    fn crate_name(&self) -> String {
        match self
            .name
            .starts_with(|first: char| first.is_ascii_lowercase())
        {
            true => self.name.clone(),
            false => format!("plugin-{}", self.name.trim_start_matches('-')),
        }
    }

    /// For people: `parcel-look-up` is "Parcel look up".
    fn title(&self) -> String {
        let words = self.name.replace('-', " ");
        let mut letters = words.trim().chars();
        match letters.next() {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => self.name.clone(),
        }
    }
}

/// Makes a plugin's folder.
///
/// # Errors
/// [`NewError::Taken`] where something is there already; nothing is written then.
pub fn create(
    id: &PluginId,
    kind: Kind,
    language: Language,
    folder: &Path,
) -> Result<Made, NewError> {
    let is_taken = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if is_taken || folder.is_file() {
        return Err(NewError::Taken(folder.to_owned()));
    }
    let Language::Rust = language;
    let mut files = 0;
    for part in ["common", kind.name()] {
        let below = format!("rust/{part}/");
        for (path, content) in embedded::templates(&below) {
            write(&folder.join(own_name(path)), &filled(content, id, kind))?;
            files += 1;
        }
    }
    let sdk = folder.join(SDK_FOLDER);
    for (path, content) in embedded::sdk().map_err(NewError::Sdk)? {
        write(&sdk.join(path), &content)?;
        files += 1;
    }
    let schema = serde_json::to_string_pretty(&manifest::schema())
        .map_err(|error| NewError::Sdk(error.to_string()))?;
    write(&sdk.join("plugin.schema.json"), &(schema + "\n"))?;
    Ok(Made {
        folder: folder.to_owned(),
        files: files + 1,
    })
}

/// The name that a template's file has in the plugin: some would mean something where the templates stand.
fn own_name(path: &str) -> &str {
    match path {
        "gitignore" => ".gitignore",
        _ => path.strip_suffix(".template").unwrap_or(path),
    }
}

fn filled(template: &str, id: &PluginId, kind: Kind) -> String {
    template
        .replace("@id@", &id.to_string())
        .replace("@name@", &id.name)
        .replace("@crate@", &id.crate_name())
        .replace("@title@", &id.title())
        .replace("@kind@", kind.told())
}

fn write(path: &Path, content: &str) -> Result<(), NewError> {
    let write = || {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, content)
    };
    write().map_err(|source| NewError::Write {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> PluginId {
        text.parse().unwrap()
    }

    #[test]
    fn a_plugin_has_a_title_and_a_crate_of_its_name() {
        assert_eq!(id("acme/parcel-look-up").title(), "Parcel look up");
        assert_eq!(id("acme/parcel-look-up").crate_name(), "parcel-look-up");
        assert_eq!(id("acme/8d").crate_name(), "plugin-8d");
        assert!("triage".parse::<PluginId>().is_err());
        assert!("acme/Triage".parse::<PluginId>().is_err());
    }

    #[test]
    fn every_kind_is_made_whole_with_a_manifest_that_holds() {
        for kind in Kind::ALL {
            let folder = tempfile::tempdir().unwrap();
            let made = folder.path().join("triage");
            create(&id("acme/triage"), kind, Language::Rust, &made).unwrap();
            let text = fs::read_to_string(made.join("plugin.toml")).unwrap();
            let manifest = manifest::Manifest::parse(&text).unwrap();
            assert_eq!(manifest.id, "acme/triage");
            for file in [
                "Cargo.toml",
                "README.md",
                ".gitignore",
                "src/lib.rs",
                "guichet-sdk/wit/host.wit",
                "guichet-sdk/sdk/rust/src/lib.rs",
                "guichet-sdk/plugin.schema.json",
            ] {
                let content = fs::read_to_string(made.join(file)).unwrap();
                assert!(!content.contains("@id@"), "{file}");
            }
        }
    }

    #[test]
    fn what_is_there_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        let made = create(&id("acme/triage"), Kind::Job, Language::Rust, folder.path());
        assert!(matches!(made, Err(NewError::Taken(_))));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
