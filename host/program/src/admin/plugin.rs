//! Each step of a plugin's life in a tenant: what the console's pages do, from a terminal. A server that runs beside notices within seconds.

use crate::{
    say,
    serve::{open, open_with},
};
use anyhow::{Context, bail};
use clap::{Args, Subcommand, ValueEnum};
use guichet::{
    config::{Market, Place},
    desk::Desk,
    lane::Asker,
    plugins::{
        lifecycle::{
            self,
            consent::{self, Consent},
            removal,
            switch::{self, KeepPlace, Since},
            take_in::take_in,
            version,
        },
        manifest::{self, Ask, Texts},
        market,
    },
};
use guichet_core::install::{Install, InstallState};
use guichet_package::Package;
use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Whose plugins.
#[derive(Debug, Args)]
pub(crate) struct At {
    #[command(flatten)]
    place: Place,
    /// May be left out where there is only one.
    #[arg(long)]
    tenant: Option<String>,
}

/// A plugin of a tenant.
#[derive(Debug, Args)]
pub(crate) struct Named {
    #[command(flatten)]
    at: At,
    /// `publisher/name`.
    plugin: String,
}

/// Where a plugin that is enabled begins.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum From {
    /// What comes from now on.
    Now,
    /// Where it left off.
    Place,
    /// Everything that ever happened.
    Beginning,
}

/// The steps, in the order of a plugin's life.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the tenant's plugins, and what waits.
    List {
        #[command(flatten)]
        at: At,
    },
    /// Take a plugin or another version of one in; it waits for consent. Prints what it asks for.
    Install {
        #[command(flatten)]
        at: At,
        #[command(flatten)]
        market: Market,
        /// `publisher/name` or `publisher/name@^1` from the marketplace, or the file of a package.
        what: String,
        /// Take a package whose publisher no marketplace here knows, on your own word.
        #[arg(long)]
        unsigned: bool,
    },
    /// Say what a version may do: the staged one, or the one that waits, which then runs.
    Consent {
        #[command(flatten)]
        named: Named,
        /// Of the component, as `install` printed it.
        #[arg(long)]
        digest: String,
        /// A permission, or a host as `http:api.example.com`; once for each.
        #[arg(long)]
        grant: Vec<String>,
        /// A JSON file with its settings.
        #[arg(long)]
        settings: Option<PathBuf>,
    },
    /// It sees events; one that is paused is tried again at once.
    Enable {
        #[command(flatten)]
        named: Named,
        /// From where in the log; left out: its place where that was kept, else now.
        #[arg(long, value_enum)]
        from: Option<From>,
    },
    /// Nothing of it commits any more.
    Disable {
        #[command(flatten)]
        named: Named,
        /// Enabled again, it sees what came meanwhile, too.
        #[arg(long)]
        keep_place: bool,
    },
    /// Set it.
    Set {
        #[command(flatten)]
        named: Named,
        /// A JSON file with its settings; secrets that are left out stay.
        #[arg(long)]
        settings: PathBuf,
    },
    /// The version that waits takes its place, unless it asks for something new that it needs.
    Upgrade(Named),
    /// The version before runs again, with its grants and records.
    Rollback(Named),
    /// Away with it; its data is kept for 30 days.
    Uninstall(Named),
    /// Print all its records, one JSON a line.
    Export(Named),
}

pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::List { at } => list(&at).await,
        Command::Install {
            at,
            market,
            what,
            unsigned,
        } => install(&at, &market, &what, unsigned).await,
        Command::Consent {
            named,
            digest,
            grant,
            settings,
        } => {
            let (desk, asker, install) = find(&named).await?;
            let settings = settings.as_deref().map(json_file).transpose()?;
            let yes = Consent {
                digest,
                grants: grant,
                settings,
            };
            let install = consent::consent(&desk, &asker, install, yes).await?;
            stands(&install);
            Ok(())
        }
        Command::Enable { named, from } => {
            let (desk, asker, install) = find(&named).await?;
            let since = from.map(|from| match from {
                From::Now => Since::Now,
                From::Place => Since::Place,
                From::Beginning => Since::Beginning,
            });
            stands(&switch::enable(&desk, &asker, install, since).await?);
            Ok(())
        }
        Command::Disable { named, keep_place } => {
            let (desk, asker, install) = find(&named).await?;
            let keep = match keep_place {
                true => KeepPlace::Yes,
                false => KeepPlace::No,
            };
            stands(&switch::disable(&desk, &asker, install, keep).await?);
            Ok(())
        }
        Command::Set { named, settings } => {
            let (desk, asker, install) = find(&named).await?;
            let install =
                switch::set_settings(&desk, &asker, install, json_file(&settings)?).await?;
            stands(&install);
            Ok(())
        }
        Command::Upgrade(named) => {
            let (desk, asker, install) = find(&named).await?;
            if install.history.pending.is_none() {
                bail!(
                    "no other version of {} waits: take one in with `guichet admin plugin install {}`",
                    named.plugin,
                    named.plugin
                );
            }
            let install = version::upgrade(&desk, &asker, install).await?;
            stands(&install);
            Ok(())
        }
        Command::Rollback(named) => {
            let (desk, asker, install) = find(&named).await?;
            stands(&version::roll_back(&desk, &asker, install).await?);
            Ok(())
        }
        Command::Uninstall(named) => {
            let (desk, asker, install) = find(&named).await?;
            removal::remove(&desk, &asker, install).await?;
            say(&format!(
                "{} is uninstalled; its data is kept for 30 days",
                named.plugin
            ));
            Ok(())
        }
        Command::Export(named) => export(&named).await,
    }
}

async fn tenant(at: &At, desk: &Desk) -> anyhow::Result<Asker> {
    let tenant = match &at.tenant {
        Some(tenant) => super::known(desk, tenant).await?,
        None => super::only_tenant(desk).await?,
    };
    Ok(guichet::admin::operator(desk, tenant.id).await?)
}

async fn find(named: &Named) -> anyhow::Result<(Arc<Desk>, Asker, Install)> {
    let desk = open(&named.at.place).await?;
    let asker = tenant(&named.at, &desk).await?;
    let install = lifecycle::known(&desk, &asker, &named.plugin).await?;
    Ok((desk, asker, install))
}

async fn list(at: &At) -> anyhow::Result<()> {
    let desk = open(&at.place).await?;
    let asker = tenant(at, &desk).await?;
    let mut installs = desk.store.tenant(asker.tenant).installs().await?;
    installs.retain(Install::is_here);
    installs.sort_by_key(|install| install.position);
    for install in &installs {
        stands(install);
    }
    Ok(())
}

async fn install(at: &At, market: &Market, what: &str, unsigned: bool) -> anyhow::Result<()> {
    let desk = open_with(&at.place, market).await?;
    let asker = tenant(at, &desk).await?;
    let path = Path::new(what);
    let incoming = if path.is_file() {
        let file = std::fs::File::open(path).with_context(|| what.to_owned())?;
        market::brought(&desk, &Package::read_tar(file)?, unsigned).await?
    } else {
        market::fetch(&desk, what).await?
    };
    let install = take_in(&desk, &asker, incoming).await?;
    stands(&install);
    let (digest, manifest) = match &install.history.pending {
        Some(pending) => (&pending.digest, version::manifest(pending)?),
        None => (&install.digest, manifest::of(&install)?),
    };
    let mut command = format!(
        "guichet admin plugin consent {} --digest {digest}",
        install.plugin
    );
    let asks: Vec<Ask> = manifest.asks().collect();
    if !asks.is_empty() {
        say("it asks for");
    }
    for ask in &asks {
        let need = if ask.optional { "optional" } else { "required" };
        say(&format!(
            "  {} ({need}): {}",
            ask.name,
            english(&ask.reason)
        ));
        if !ask.optional {
            command.push_str(&format!(" --grant {}", ask.name));
        }
    }
    if install.state == InstallState::Staged || install.history.pending.is_some() {
        say(&format!("to consent to what is required:\n  {command}"));
    }
    Ok(())
}

fn english(texts: &Texts) -> &str {
    let any = || texts.values().next();
    texts.get("en").or_else(any).map_or("", String::as_str)
}

/// One line on where an install stands.
fn stands(install: &Install) {
    let mut line = format!(
        "{}@{} is {}",
        install.plugin,
        install.version,
        install.state.name()
    );
    if let Some(pending) = &install.history.pending {
        line.push_str(&format!("; {} waits for consent", pending.version));
        let (required, _) = version::new_asks(install, pending);
        if !required.is_empty() {
            line.push_str(&format!(" to {}", required.join(", ")));
        }
    }
    if let Some(revoked) = &install.history.revoked {
        line.push_str(&format!(
            "; taken back by its marketplace: {}",
            revoked.reason
        ));
    }
    say(&line);
}

fn json_file(path: &Path) -> anyhow::Result<serde_json::Value> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    serde_json::from_slice(&bytes).with_context(|| path.display().to_string())
}

async fn export(named: &Named) -> anyhow::Result<()> {
    let desk = open(&named.at.place).await?;
    let asker = tenant(&named.at, &desk).await?;
    let store = desk.store.tenant(asker.tenant);
    // Removed ones too: that is when one wants it.
    let install = store
        .installs()
        .await?
        .into_iter()
        .find(|install| install.plugin == named.plugin)
        .with_context(|| format!("the plugin {} is not known here", named.plugin))?;
    let mut after = (String::new(), String::new());
    loop {
        let page = store.records_after(install.id, after).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = (last.collection.clone(), last.key.clone());
        let mut out = std::io::stdout().lock();
        for record in &page {
            writeln!(out, "{}", removal::exported_line(record))?;
        }
    }
}
