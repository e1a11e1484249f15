//! A desk to test: a fresh database, a clock that is moved, an agent who speaks HTTP.

use crate::{
    package::package_of,
    place::{Database, Folder, place, root},
};
use guichet::{
    admin::{self, operator},
    clock::Clock,
    desk::{Desk, DeskSettings},
    dispatch::Dispatch,
    due::Due,
    inbound::http,
    lane::Asker,
    plugins::{lifecycle, market::MarketSettings},
};
use guichet_core::{
    directory::{AgentRole, Tenant},
    id::{AgentId, InstallId, TenantId},
};
use guichet_package::Package;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use std::{path::Path, sync::Arc};

/// Runs each sentence on both databases.
macro_rules! on_both_databases {
    ($(async fn $name:ident($desk:ident) $body:block)+) => {
        mod sqlite {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let $desk = crate::desk::TestDesk::start(crate::place::Database::Sqlite).await;
                $body
            })+
        }

        mod postgres {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let $desk = crate::desk::TestDesk::start(crate::place::Database::Postgres).await;
                $body
            })+
        }
    };
}
pub(crate) use on_both_databases;

/// One desk with one tenant, an admin who is signed in by token, and a served address.
pub(crate) struct TestDesk {
    pub(crate) desk: Arc<Desk>,
    pub(crate) tenant: Tenant,
    pub(crate) admin: AgentId,
    pub(crate) token: String,
    pub(crate) address: String,
    pub(crate) client: Client,
    pub(crate) clock: Clock,
    folder: Arc<Folder>,
}

pub(crate) const PASSWORD: &str = "a long password";

impl TestDesk {
    pub(crate) async fn start(database: Database) -> Self {
        Self::start_with(database, |_| {}).await
    }

    /// The same, set up otherwise.
    pub(crate) async fn start_with(
        database: Database,
        is_set: impl FnOnce(&mut DeskSettings),
    ) -> Self {
        let folder = Folder::new();
        let clock = Clock::default();
        // Turns may take long where many tests share two processors: what is tested is order, not time.
        let mut settings = DeskSettings {
            small: true,
            turn_ms: 20_000,
            // A mail relay that is told to come again does; tests do not wait.
            route_burst: 10_000.0,
            ..DeskSettings::at(place(database, &folder).await)
        };
        is_set(&mut settings);
        let desk = Desk::start(settings, clock.clone()).await.unwrap();
        let (tenant, admin, token) = tenant(&desk, "acme").await;
        Self {
            address: serve(&desk).await,
            desk,
            tenant,
            admin,
            token,
            client: Client::new(),
            clock,
            folder: Arc::new(folder),
        }
    }

    /// Where it keeps its files.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder.0
    }

    /// The events of a kind, oldest first.
    pub(crate) async fn events(&self, kind: &str) -> Vec<guichet_core::event::Event> {
        let within = std::time::Duration::from_secs(60);
        let store = self.desk.store.tenant(self.tenant.id);
        store.events_of_kind(0, kind, 100, within).await.unwrap()
    }

    /// How many rows a table has.
    pub(crate) async fn rows_of(&self, table: &str) -> i64 {
        self.count(format!("select count(*) from {table}")).await
    }

    /// How many rows of a table are a tenant's.
    pub(crate) async fn rows_of_tenant(&self, table: &str, tenant: TenantId) -> i64 {
        let id = tenant.0.simple();
        let id = match self.desk.settings.place.database {
            None => format!("x'{id}'"),
            Some(_) => format!("'\\x{id}'::bytea"),
        };
        self.count(format!(
            "select count(*) from {table} where tenant_id = {id}"
        ))
        .await
    }

    /// Leaves in the database what no door of the product would.
    pub(crate) async fn write_raw(&self, sql: &'static str) {
        let url = self.desk.settings.place.database_url();
        if url.starts_with("sqlite:") {
            let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
            sqlx::query(sql).execute(&pool).await.unwrap();
        } else {
            let pool = sqlx::PgPool::connect(&url).await.unwrap();
            sqlx::query(sql).execute(&pool).await.unwrap();
        }
    }

    async fn count(&self, sql: String) -> i64 {
        let url = self.desk.settings.place.database_url();
        let query = sqlx::AssertSqlSafe(sql);
        if url.starts_with("sqlite:") {
            let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
            sqlx::query_scalar(query).fetch_one(&pool).await.unwrap()
        } else {
            let pool = sqlx::PgPool::connect(&url).await.unwrap();
            sqlx::query_scalar(query).fetch_one(&pool).await.unwrap()
        }
    }

    /// Another tenant of the same server, with an admin of its own.
    pub(crate) async fn other_tenant(&self, slug: &str) -> Self {
        let desk = self.desk.clone();
        let (tenant, admin, token) = tenant(&desk, slug).await;
        Self {
            address: self.address.clone(),
            desk,
            tenant,
            admin,
            token,
            client: self.client.clone(),
            clock: self.clock.clone(),
            folder: self.folder.clone(),
        }
    }

    /// The same desk, opened by another server, which trusts a marketplace.
    pub(crate) async fn trusting(&self, market: MarketSettings) -> Self {
        self.as_another(|settings| settings.market = Some(market))
            .await
    }

    /// The same desk, opened by another server, which leaves the work to the first.
    pub(crate) async fn as_another(&self, is_set: impl FnOnce(&mut DeskSettings)) -> Self {
        let mut settings = DeskSettings {
            works: false,
            ..self.desk.settings.clone()
        };
        is_set(&mut settings);
        let desk = Desk::start(settings, self.clock.clone()).await.unwrap();
        Self {
            address: serve(&desk).await,
            desk,
            tenant: self.tenant.clone(),
            admin: self.admin,
            token: self.token.clone(),
            client: self.client.clone(),
            clock: self.clock.clone(),
            folder: self.folder.clone(),
        }
    }

    /// What somebody is answered at an address of this server, with these parameters.
    pub(crate) async fn get_as(
        &self,
        token: &str,
        path: &str,
        parameters: &[(&str, &str)],
    ) -> (u16, String) {
        let url = format!("{}{path}", self.address);
        let url = reqwest::Url::parse_with_params(&url, parameters).unwrap();
        let answer = self.client.get(url).bearer_auth(token).send().await;
        let answer = answer.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(
                method,
                format!("{}/t/{}/api/v1/{path}", self.address, self.tenant.slug),
            )
            .bearer_auth(&self.token)
    }

    /// Status and body.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        self.call_as(&self.token, method, path, body).await
    }

    /// An agent of that role, by a token: its id and the token.
    pub(crate) async fn agent(&self, name: &str, role: AgentRole) -> (AgentId, String) {
        let email = format!("{}@acme.example", name.to_lowercase());
        let agent = admin::create_agent(&self.desk, self.tenant.id, name, &email, role, PASSWORD)
            .await
            .unwrap();
        let scopes = ["api".to_owned()];
        let token = admin::create_token(&self.desk, self.tenant.id, name, Some(agent.id), &scopes)
            .await
            .unwrap();
        (agent.id, token)
    }

    /// The same as somebody else.
    pub(crate) async fn call_as(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let url = format!("{}/t/{}/api/v1/{path}", self.address, self.tenant.slug);
        let request = self.client.request(method, url).bearer_auth(token);
        let request = if let Some(body) = body {
            request.json(&body)
        } else {
            request
        };
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (
            status,
            serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default(),
        )
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call(Method::GET, path, None).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// Creates a ticket for a customer; its number.
    pub(crate) async fn ticket(&self, subject: &str) -> u64 {
        let wish = json!({ "subject": subject, "text": "Please help.", "requester": { "name": "Ana", "email": "ana@trade.example" } });
        let (status, ticket) = self.call(Method::POST, "tickets", Some(wish)).await;
        assert_eq!(status, 201, "{ticket}");
        ticket["number"].as_u64().unwrap()
    }

    pub(crate) async fn operator(&self) -> Asker {
        operator(&self.desk, self.tenant.id).await.unwrap()
    }

    /// Installs and enables one of the built plugins.
    pub(crate) async fn plugin(&self, name: &str, settings: Value) -> InstallId {
        let folder = root().join("target/plugins").join(name);
        lifecycle::install_folder(&self.desk, &self.operator().await, &folder, settings)
            .await
            .unwrap()
            .id
    }

    /// Installs the guest that does what it is told, under a name of its own.
    pub(crate) async fn guest(&self, name: &str, deed: Value) -> InstallId {
        self.guest_with(name, json!({ "deed": deed }), "").await
    }

    /// The same with settings of any form, and more in its manifest.
    pub(crate) async fn guest_with(
        &self,
        name: &str,
        settings: Value,
        more_manifest: &str,
    ) -> InstallId {
        let folder = root().join("target/plugins/hostile");
        let manifest = std::fs::read_to_string(folder.join("plugin.toml"))
            .unwrap()
            .replace("tests/hostile", &format!("tests/{name}"))
            + more_manifest;
        let component = std::fs::read(folder.join("dist/plugin.wasm")).unwrap();
        lifecycle::install(
            &self.desk,
            &self.operator().await,
            &manifest,
            &component,
            settings,
        )
        .await
        .unwrap()
        .id
    }

    /// The package of the guest that does what it is told, under a name and version of its own; permissions are optional, so that each may be withheld.
    pub(crate) fn package(&self, name: &str, version: &str, more_manifest: &str) -> Package {
        package_of("tests", name, version, more_manifest)
    }

    /// Uploads a package of nobody that is known here; its install, which waits for consent.
    pub(crate) async fn upload(&self, package: &Package) -> Value {
        let (status, install) = self.upload_bytes(package.write_tar().unwrap()).await;
        assert_eq!(status, 201, "{install}");
        install
    }

    /// The same with any bytes.
    pub(crate) async fn upload_bytes(&self, bytes: Vec<u8>) -> (u16, Value) {
        let response = self
            .request(Method::POST, "plugins/packages?unsigned=true")
            .header("content-type", "application/vnd.oci.image.layout.v1+tar")
            .body(bytes)
            .send()
            .await
            .unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    /// Consents to what was shown; status and answer.
    pub(crate) async fn consent(
        &self,
        shown: &Value,
        grants: &[&str],
        settings: Value,
    ) -> (u16, Value) {
        let digest = match shown["pending"]["digest"].as_str() {
            Some(pending) => pending,
            None => shown["digest"].as_str().unwrap(),
        };
        let path = format!("plugins/{}/consent", shown["id"].as_str().unwrap());
        let yes = json!({ "digest": digest, "grants": grants, "settings": settings });
        self.call(Method::PUT, &path, Some(yes)).await
    }

    /// Enables an install.
    pub(crate) async fn enable(&self, install: &Value) -> (u16, Value) {
        let path = format!("plugins/{}/enablement", install["id"].as_str().unwrap());
        self.call(Method::PUT, &path, None).await
    }

    /// Takes in the guest with just these grants, and enables it; its install.
    pub(crate) async fn guest_granted(
        &self,
        name: &str,
        grants: &[&str],
        settings: Value,
        more_manifest: &str,
    ) -> Value {
        let shown = self
            .upload(&self.package(name, "0.1.0", more_manifest))
            .await;
        let (status, install) = self.consent(&shown, grants, settings).await;
        assert_eq!(status, 200, "{install}");
        let (status, answer) = self.enable(&install).await;
        assert_eq!(status, 204, "{answer}");
        install
    }

    /// Asks a guest's route as the admin; status and body.
    pub(crate) async fn route(&self, name: &str, path: &str) -> (u16, String) {
        let url = format!("{}/t/acme/plugins/tests/{name}/{path}", self.address);
        let request = self.client.get(url).bearer_auth(&self.token);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Posts a raw mail to the mail plugin.
    pub(crate) async fn mail(&self, raw: impl Into<Vec<u8>>) -> (u16, Value) {
        let scope = vec!["plugin:guichet/email".to_owned()];
        let token = admin::create_token(&self.desk, self.tenant.id, "mail", None, &scope)
            .await
            .unwrap();
        let url = format!(
            "{}/t/{}/plugins/guichet/email/inbound",
            self.address, self.tenant.slug
        );
        let response = self
            .client
            .post(url)
            .bearer_auth(token)
            .body(raw.into())
            .send()
            .await
            .unwrap();
        let status = response.status().as_u16();
        (
            status,
            serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default(),
        )
    }

    /// Until every event has been handled, and nothing is due.
    pub(crate) async fn settle(&self) {
        let store = self.desk.store.tenant(self.tenant.id);
        loop {
            Dispatch::settled(&self.desk, self.tenant.id).await;
            let before = store.cursor().await.unwrap().sequence;
            Due::settled(&self.desk).await.unwrap();
            if store.cursor().await.unwrap().sequence == before {
                return store.findable().await.unwrap();
            }
        }
    }

    /// Moves the clock, and waits for what is then due.
    pub(crate) async fn pass_seconds(&self, seconds: i64) {
        self.clock.advance_milliseconds(seconds * 1_000);
        self.settle().await;
    }

    pub(crate) async fn history(&self, number: u64) -> Vec<Value> {
        self.get(&format!("tickets/{number}/history")).await["items"]
            .as_array()
            .unwrap()
            .clone()
    }

    pub(crate) async fn messages(&self, number: u64) -> Vec<Value> {
        self.get(&format!("tickets/{number}/messages")).await["items"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// The texts of a ticket's internal notes, oldest first.
    pub(crate) async fn notes(&self, number: u64) -> Vec<String> {
        let messages = self.messages(number).await;
        let notes = messages
            .iter()
            .filter(|message| message["visibility"] == "internal");
        notes
            .map(|message| message["text"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The outcomes of an install's runs, newest first.
    pub(crate) async fn outcomes(&self, install: InstallId) -> Vec<String> {
        let runs = self.get(&format!("plugins/{install}/runs")).await;
        runs["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|run| run["outcome"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// A tenant with an admin, and his token.
async fn tenant(desk: &Arc<Desk>, slug: &str) -> (Tenant, AgentId, String) {
    let tenant = admin::ensure_tenant(desk, slug, "Acme", "Asia/Shanghai")
        .await
        .unwrap();
    let (email, role) = (format!("bo@{slug}.example"), AgentRole::Admin);
    let agent = admin::create_agent(desk, tenant.id, "Bo", &email, role, PASSWORD)
        .await
        .unwrap();
    let scopes = ["api".to_owned()];
    let token = admin::create_token(desk, tenant.id, "tests", Some(agent.id), &scopes)
        .await
        .unwrap();
    (tenant, agent.id, token)
}

/// Serves a desk; its address.
async fn serve(desk: &Arc<Desk>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = http::router(desk.clone());
    tokio::spawn(async move { http::serve(listener, router).await.unwrap() });
    address
}
