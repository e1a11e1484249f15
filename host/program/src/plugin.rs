//! What plugins' authors do: arguments here, the work in `sdk/cli`.

use crate::say;
use anyhow::bail;
use clap::{Args, Subcommand};
use guichet_cli::{
    build::{self, build},
    check::{check, show},
    dev::{self, dev},
    new::{self, Kind, Language, PluginId},
    pack::pack,
    project::Project,
    publish::{publish, told},
    scenario::{self, play},
    sign::{new_key, public_key, sign, told as told_key},
    terminal::{Terminal, bytes, seconds},
};
use std::{
    io::IsTerminal,
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// What authors of plugins do, in the order in which a plugin comes to be.
#[derive(Debug, Subcommand)]
pub(crate) enum Plugin {
    /// Make a new plugin: a folder that builds anywhere.
    New {
        /// `publisher/name`, in small letters, digits and dashes.
        id: PluginId,
        /// What it does first: automation, channel, report, guard or job.
        #[arg(long, default_value = "automation")]
        kind: Kind,
        /// rust.
        #[arg(long, default_value = "rust")]
        language: Language,
        /// The folder to be made; by default the plugin's name.
        #[arg(long)]
        folder: Option<PathBuf>,
    },
    /// Build the plugin: from its sources to dist/plugin.wasm.
    Build(Place),
    /// Build it, and tell what it asks for and offers, how large and quick it is, and what a host would refuse.
    Check {
        #[command(flatten)]
        place: Place,
        /// As JSON, for programs.
        #[arg(long)]
        json: bool,
    },
    /// Build it, and play its scenarios on a desk of their own.
    Test {
        #[command(flatten)]
        place: Place,
        /// Only this one, by its folder's name.
        #[arg(long)]
        scenario: Option<String>,
    },
    /// Try it on a desk, renewed as you write.
    Dev {
        #[command(flatten)]
        place: Place,
        /// A tenant of a server that runs already, such as http://localhost:8080/t/demo; by default a desk of your own.
        #[arg(long, requires = "token")]
        server: Option<String>,
        /// A bearer token of an admin there, for the API.
        #[arg(long, env = "GUICHET_TOKEN", hide_env_values = true)]
        token: Option<String>,
        /// Where your own desk is served.
        #[arg(long, default_value = "127.0.0.1:8087")]
        listen: SocketAddr,
        /// A JSON file with the plugin's settings.
        #[arg(long)]
        settings: Option<PathBuf>,
    },
    /// Build it, and pack it into one file to hand on.
    Pack(Place),
    /// Your key as a publisher.
    #[command(subcommand)]
    Key(Key),
    /// Sign a package.
    Sign {
        /// Your key file.
        #[arg(long)]
        key: PathBuf,
        /// The package; by default the one that `pack` made.
        package: Option<PathBuf>,
        /// The plugin's folder.
        #[arg(long, default_value = ".")]
        folder: PathBuf,
    },
    /// Bring a signed package to a marketplace.
    Publish {
        /// The marketplace's address.
        #[arg(long)]
        to: String,
        /// The package; by default the one that `pack` made.
        package: Option<PathBuf>,
        /// The plugin's folder.
        #[arg(long, default_value = ".")]
        folder: PathBuf,
    },
    /// Print the JSON Schema of plugin.toml.
    Schema,
}

/// Keys of publishers.
#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Make a key, in a file that you alone may read.
    New { file: PathBuf },
    /// Show the public half of a key.
    Show { file: PathBuf },
}

/// Which plugin, and how it is built.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The plugin's folder.
    #[arg(long, default_value = ".")]
    folder: PathBuf,
    /// Where cargo keeps what it makes; by default where it always does.
    #[arg(long, env = "CARGO_TARGET_DIR")]
    target_dir: Option<PathBuf>,
    /// Take dist/plugin.wasm as it is.
    #[arg(long)]
    no_build: bool,
}

impl Place {
    fn options(&self) -> build::Options {
        build::Options {
            target_folder: self.target_dir.clone(),
        }
    }

    /// The plugin, built unless that is not wanted.
    fn built(&self, terminal: Terminal) -> anyhow::Result<Project> {
        let project = Project::at(&self.folder)?;
        // A slip in the manifest is told before a compiler takes its time.
        project.manifest()?;
        if self.is_built() {
            terminal.step("building");
            build(&project, &self.options(), terminal)?;
        }
        Ok(project)
    }

    /// Whether it has sources that are to be built here.
    fn is_built(&self) -> bool {
        self.folder.join("Cargo.toml").is_file() && !self.no_build
    }
}

pub(crate) async fn author(command: Plugin) -> anyhow::Result<()> {
    let colours = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let terminal = Terminal::new(colours);
    match command {
        Plugin::New {
            id,
            kind,
            language,
            folder,
        } => {
            let folder = folder.unwrap_or_else(|| PathBuf::from(id.name()));
            let made = new::create(&id, kind, language, &folder)?;
            welcome(&id, &made.folder, made.files, terminal);
        }
        Plugin::Build(place) => {
            let project = Project::at(&place.folder)?;
            project.manifest()?;
            let built = build(&project, &place.options(), terminal)?;
            let (path, size) = (built.component.display(), bytes(built.bytes));
            terminal.say(&format!("{path}: {size}, in {}", seconds(built.took)));
        }
        Plugin::Check { place, json } => {
            // What is wrong with the manifest is among the findings.
            let project = Project::at(&place.folder)?;
            if project.manifest().is_ok() {
                place.built(terminal)?;
            }
            let findings = check(&project).await?;
            match json {
                true => terminal.say(&serde_json::to_string_pretty(&findings)?),
                false => terminal.say(&show(&findings, terminal)),
            }
            if !findings.is_good() {
                bail!("a host would refuse the plugin");
            }
        }
        Plugin::Test {
            place,
            scenario: only,
        } => {
            let project = place.built(terminal)?;
            let played = play(&project, only.as_deref(), |played| {
                terminal.say(&scenario::show(played, terminal));
            });
            let played = played.await?;
            let failed = played.iter().filter(|one| one.failed.is_some()).count();
            match failed {
                0 => terminal.say(&format!(
                    "\n{} of {0} scenarios are as expected",
                    played.len()
                )),
                _ => bail!("{failed} of {} scenarios are not as expected", played.len()),
            }
        }
        Plugin::Dev {
            place,
            server,
            token,
            listen,
            settings,
        } => {
            let server = server.zip(token);
            let options = dev::Options {
                server: server.map(|(address, token)| dev::Server { address, token }),
                listen,
                settings,
                build: place.is_built().then(|| place.options()),
            };
            dev(&Project::at(&place.folder)?, &options, terminal).await?;
        }
        Plugin::Pack(place) => {
            let packed = pack(&place.built(terminal)?)?;
            terminal.say(&packed.told());
            terminal.say("Next: guichet plugin sign --key FILE");
        }
        Plugin::Key(Key::New { file }) => {
            let public = new_key(&file)?;
            terminal.say(&format!(
                "{} holds your key: keep it secret, and a copy of it safe; nobody can make it again.",
                file.display()
            ));
            terminal.say(&told_key(&public));
        }
        Plugin::Key(Key::Show { file }) => terminal.say(&told_key(&public_key(&file)?)),
        Plugin::Sign {
            key,
            package,
            folder,
        } => {
            let project = Project::at(&folder).ok();
            let (packed, public) = sign(project.as_ref(), package.as_deref(), &key)?;
            terminal.say(&packed.told());
            terminal.say(&format!("signed by   {}", public.fingerprint()));
            terminal.say("Next: guichet plugin publish --to URL");
        }
        Plugin::Publish {
            to,
            package,
            folder,
        } => {
            let project = Project::at(&folder).ok();
            let published = publish(project.as_ref(), package.as_deref(), &to).await?;
            terminal.say(&told(&published, &to));
        }
        Plugin::Schema => say(&serde_json::to_string_pretty(
            &guichet_package::manifest::schema(),
        )?),
    }
    Ok(())
}

fn welcome(id: &PluginId, folder: &Path, files: usize, terminal: Terminal) {
    terminal.say(&format!(
        "{id} is in {}/, {files} files.\n\n  cd {0}\n  guichet plugin test     builds it and plays its scenarios\n  guichet plugin dev      a desk with the plugin in it, renewed as you write\n  guichet plugin pack     one file to hand on",
        folder.display()
    ));
}
