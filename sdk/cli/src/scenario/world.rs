//! A desk of the scenario's own: the real host on a database in memory, a clock that is moved, routes served on loopback, and no way to the outside but to
//! the servers that the scenario declares.

use super::{format::Scenario, names::Names, servers::Servers, trouble::Trouble};
use crate::newer::newer_than;
use guichet::{
    admin,
    clock::{Clock, parse_rfc3339},
    config::Place,
    desk::{Desk, DeskSettings},
    dispatch::Dispatch,
    due::Due,
    inbound::http,
    lane::{self, Asker, load},
    live::{Counted, Live},
    plugins::{
        lifecycle::{
            consent::{Consent, consent},
            switch::enable,
            take_in::{Incoming, take_in},
        },
        manifest::Manifest,
        runs::Run,
    },
};
use guichet_core::{
    actor::Actor,
    changeset::Committed,
    directory::{AgentRole, Tenant},
    effect::Effect,
    id::{AgentId, InstallId},
    install::{Install, Source},
    time::Timestamp,
};
use guichet_outside::{OutsideSettings, Roots};
use guichet_package::Package;
use guichet_store::{MEMORY, TenantStore};
use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
    sync::Arc,
};
use tokio::sync::OnceCell;

/// The tenant's name in addresses.
const TENANT: &str = "scenario";

/// Milliseconds that a lane's turn may take. Longer than on a server: what is tried is what the plugin does, and its own limits are the server's.
const TURN_MS: u64 = 10_000;

/// Things that may fall due while the clock is moved once; a plugin that enqueues without end is found by it.
const DUE_MAX: usize = 10_000;

/// Events that are read at once.
const EVENTS_PAGE: u32 = 500;

/// Of the admin; nobody knows the address of this desk.
const PASSWORD: &str = "nobody signs in with this one";

/// One scenario's desk.
pub(crate) struct World {
    pub(crate) desk: Arc<Desk>,
    pub(crate) tenant: Tenant,
    pub(crate) names: Names,
    pub(crate) servers: Servers,
    /// Who acts where the scenario names nobody.
    pub(crate) admin: AgentId,
    /// Before whom the desk stands open.
    present: HashMap<AgentId, Counted>,
    clock: Clock,
    manifest: Manifest,
    install: Option<Install>,
    address: OnceCell<String>,
    /// As they were when they were last looked at, newest first.
    seen: Vec<Run>,
    /// The last event of which new tickets were noted.
    noted: u64,
}

impl World {
    /// An agent opens the desk, or closes it.
    pub(crate) fn see(&mut self, agent: AgentId, is_here: bool) {
        match is_here {
            true => self
                .present
                .extend(Live::count(&self.desk, self.tenant.id, agent).map(|one| (agent, one))),
            false => drop(self.present.remove(&agent)),
        }
    }

    /// A desk with nobody and nothing on it but an admin. Compiled code is kept in the folder, for the scenarios that follow.
    pub(crate) async fn open(
        folder: &Path,
        scenario: &Scenario,
        manifest: &Manifest,
    ) -> Result<Self, Trouble> {
        let clock = Clock::default();
        if let Some(text) = &scenario.clock {
            let wanted = parse_rfc3339(text).ok_or_else(|| {
                Trouble::Scenario(format!(
                    "clock: `{text}` is no time such as 2026-03-02T20:00:00+08:00"
                ))
            })?;
            clock.advance_milliseconds((wanted.0 - clock.now().0) / 1_000);
        }
        let servers = Servers::start(&scenario.given.servers).await?;
        let settings = DeskSettings {
            small: true,
            turn_ms: TURN_MS,
            outside: OutsideSettings {
                // Who stands in for a host speaks no TLS: no root is needed.
                roots: Roots::ExtraOnly,
                stand_ins: Some(servers.addresses()),
                ..OutsideSettings::default()
            },
            ..DeskSettings::at(Place {
                database: Some(MEMORY.to_owned()),
                data: folder.to_owned(),
                master_key_file: None,
            })
        };
        let desk = Desk::start(settings, clock.clone()).await?;
        let tenant = admin::ensure_tenant(&desk, TENANT, "Scenario", &scenario.zone).await?;
        let agent = admin::create_agent(
            &desk,
            tenant.id,
            "Admin",
            "admin@scenario.example",
            AgentRole::Admin,
            PASSWORD,
        )
        .await?;
        Ok(Self {
            desk,
            tenant,
            names: Names::default(),
            servers,
            admin: agent.id,
            present: HashMap::new(),
            clock,
            manifest: manifest.clone(),
            install: None,
            address: OnceCell::new(),
            seen: Vec::new(),
            noted: 0,
        })
    }

    pub(crate) fn store(&self) -> TenantStore {
        self.desk.store.tenant(self.tenant.id)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The plugin in this tenant.
    pub(crate) fn install(&self) -> Result<&Install, Trouble> {
        self.install
            .as_ref()
            .ok_or_else(|| Trouble::Scenario("the plugin is not installed yet".to_owned()))
    }

    pub(crate) fn install_id(&self) -> Result<InstallId, Trouble> {
        self.install().map(|install| install.id)
    }

    /// Takes the package in and consents to all that it asks but what is withheld. It is not enabled yet.
    pub(crate) async fn take_in(
        &mut self,
        package: &Package,
        settings: serde_json::Value,
        withheld: &[String],
    ) -> Result<(), Trouble> {
        let operator = admin::operator(&self.desk, self.tenant.id).await?;
        let incoming = Incoming {
            manifest: package.manifest_text().to_owned(),
            component: package.component().to_vec(),
            package: None,
            source: Source::Folder,
        };
        let staged = take_in(&self.desk, &operator, incoming).await?;
        let asks: Vec<_> = self.manifest.asks().map(|ask| ask.name).collect();
        if let Some(stranger) = withheld.iter().find(|name| !asks.contains(name)) {
            return Err(Trouble::Scenario(format!(
                "withheld: the plugin does not ask for `{stranger}`, but for {}",
                asks.join(", ")
            )));
        }
        let grants = asks.into_iter().filter(|ask| !withheld.contains(ask));
        let settings = match settings {
            serde_json::Value::Null => serde_json::json!({}),
            settings => settings,
        };
        let yes = Consent {
            digest: staged.digest.clone(),
            grants: grants.collect(),
            settings: Some(settings),
        };
        self.install = Some(consent(&self.desk, &operator, staged, yes).await?);
        Ok(())
    }

    /// From now on it hears what happens.
    pub(crate) async fn enable(&mut self) -> Result<(), Trouble> {
        let operator = admin::operator(&self.desk, self.tenant.id).await?;
        let install = self.install()?.clone();
        let enabled = enable(&self.desk, &operator, install, None).await?;
        self.install = Some(enabled);
        Ok(())
    }

    /// The install as it stands after a step of its life.
    pub(crate) fn set_install(&mut self, install: Install) {
        self.install = Some(install);
    }

    /// Carries effects out as somebody, by the way that people's requests take: guards are asked, and all of it is committed or nothing.
    pub(crate) async fn carry_out(
        &self,
        actor: Actor,
        effects: &[Effect],
    ) -> Result<Committed, Trouble> {
        let store = self.store();
        let directory = store.directory().await?;
        let asker = Asker {
            tenant: self.tenant.id,
            principal: directory.principal(actor),
            directory,
        };
        let stamp = asker.stamp(&self.desk);
        let mut overlay = asker.overlay();
        for effect in effects {
            load::carry_out(&store, &mut overlay, effect, &stamp).await?;
        }
        Ok(lane::commit(&self.desk, overlay).await?)
    }

    /// Until every event has been handled, and nothing is due.
    pub(crate) async fn settle(&self) -> Result<(), Trouble> {
        let store = self.store();
        loop {
            Dispatch::settled(&self.desk, self.tenant.id).await;
            let before = store.cursor().await?.sequence;
            Due::settled(&self.desk).await?;
            if store.cursor().await?.sequence == before {
                return Ok(store.findable().await?);
            }
        }
    }

    /// Moves the clock, from one thing that falls due to the next, as time would.
    pub(crate) async fn advance(&self, milliseconds: i64) -> Result<(), Trouble> {
        let end = self.now().plus_milliseconds(milliseconds);
        for _ in 0..DUE_MAX {
            match self.next_due().await? {
                Some(due) if due < end => self.move_to(due),
                _ => {
                    self.move_to(end);
                    return self.settle().await;
                }
            }
            self.settle().await?;
        }
        Err(Trouble::Scenario(format!(
            "more than {DUE_MAX} things fall due in this time: does a job enqueue itself without end?"
        )))
    }

    fn move_to(&self, at: Timestamp) {
        // Whole milliseconds, upwards: at the end of them it is due.
        let wait = (at.0 - self.now().0).max(0) / 1_000 + 1;
        self.clock.advance_milliseconds(wait);
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, Trouble> {
        let parked = self.store().parked().await?;
        Ok(parked
            .into_iter()
            .map(|parked| parked.due_at)
            .chain(self.desk.store.next_job_due().await?)
            .chain(self.desk.store.next_ticket_due().await?)
            .min())
    }

    /// Where the desk is served; from the first request on.
    pub(crate) async fn address(&self) -> Result<&str, Trouble> {
        let serve = || async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
            let address = format!("http://{}/t/{TENANT}", listener.local_addr()?);
            tokio::spawn(http::serve(listener, http::router(self.desk.clone())));
            Ok::<_, std::io::Error>(address)
        };
        let address = self.address.get_or_try_init(serve).await;
        address.map(String::as_str).map_err(|error| {
            Trouble::Host(format!("the desk cannot be served on loopback: {error}"))
        })
    }

    /// A bearer token: an agent's for the API, or a program's for the plugin's routes.
    pub(crate) async fn token(&self, agent: Option<AgentId>) -> Result<String, Trouble> {
        let scope = match agent {
            Some(_) => "api".to_owned(),
            None => format!("plugin:{}", self.manifest.id),
        };
        Ok(admin::create_token(&self.desk, self.tenant.id, "scenario", agent, &[scope]).await?)
    }

    /// Learns the numbers of tickets that have been made, or recovered, since this was last asked.
    pub(crate) async fn note_tickets(&mut self) -> Result<(), Trouble> {
        let store = self.store();
        loop {
            let events = store.events_after(self.noted, EVENTS_PAGE).await?;
            let Some(last) = events.last() else {
                return Ok(());
            };
            self.noted = last.sequence;
            let made: BTreeSet<_> = events
                .iter()
                .filter_map(|event| event.draft.ticket)
                .collect();
            for id in made {
                let number = store.ticket(id).await?.and_then(|ticket| ticket.number);
                number
                    .into_iter()
                    .for_each(|number| self.names.add_number(number, id));
            }
        }
    }

    /// Runs of the plugin since this was last asked, oldest first.
    pub(crate) fn new_runs(&mut self) -> Result<Vec<Run>, Trouble> {
        let now = self.desk.runs.of(self.tenant.id, self.install_id()?);
        let new = newer_than(&now, &self.seen);
        let mut new = now[..new].to_vec();
        new.reverse();
        self.seen = now;
        Ok(new)
    }
}
