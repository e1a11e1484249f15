//! Who is signed in, and with what: sessions of people, tokens of programs. Secrets are kept as hashes.

use crate::{
    Store, TenantStore,
    db::{Arg, Row},
    error::StoreError,
    rows,
};
use guichet_core::{
    directory::Tenant,
    id::{AgentId, TenantId},
    time::Timestamp,
};
use uuid::Uuid;

/// Somebody who is let in, at a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn<T> {
    pub tenant: Tenant,
    /// The version of people and groups: see [`Store::directory_at`].
    pub directory: u64,
    pub by: T,
}

/// A session that is valid now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub agent: AgentId,
    pub csrf: String,
}

/// A token that is valid now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub name: String,
    /// In whose name it acts.
    pub agent: Option<AgentId>,
    pub scopes: Vec<String>,
}

/// A token as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptToken {
    pub id: Uuid,
    pub token: Token,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
}

impl TenantStore {
    /// The tenant's tokens, newest first.
    ///
    /// # Errors
    /// [`StoreError`], as all of these.
    pub async fn tokens(&self) -> Result<Vec<KeptToken>, StoreError> {
        let sql = "select id, name, agent_id, scopes, created_at, expires_at from tokens where tenant_id = $1 order by id desc";
        self.list_of(sql, [], |row| {
            Ok(KeptToken {
                id: row.id("id")?,
                token: Token {
                    name: row.text("name")?,
                    agent: row.opt_id("agent_id")?.map(AgentId),
                    scopes: rows::from_json(&row.text("scopes")?)?,
                },
                created_at: Timestamp(row.int("created_at")?),
                expires_at: row.opt_int("expires_at")?.map(Timestamp),
            })
        })
        .await
    }

    /// A token opens nothing any more.
    pub async fn delete_token(&self, id: Uuid) -> Result<(), StoreError> {
        let args = vec![Arg::bytes(self.id.0), Arg::bytes(id)];
        self.db
            .execute("delete from tokens where tenant_id = $1 and id = $2", args)
            .await
            .map(drop)
    }
}

impl Store {
    /// Begins a session.
    ///
    /// # Errors
    /// [`StoreError`], as all of these.
    pub async fn create_session(
        &self,
        tenant: TenantId,
        agent: AgentId,
        hash: &[u8],
        csrf: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let args = vec![
            Arg::bytes(tenant.0),
            Arg::Bytes(Some(hash.to_vec())),
            Arg::bytes(agent.0),
            Arg::text(csrf),
            Arg::Int(Some(now.0)),
            Arg::Int(Some(until.0)),
        ];
        self.db.execute("insert into sessions (tenant_id, hash, agent_id, csrf, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)", args).await?;
        // Whoever signs in sweeps out what has ended.
        self.db
            .execute(
                "delete from sessions where tenant_id = $1 and expires_at < $2",
                vec![Arg::bytes(tenant.0), Arg::Int(Some(now.0))],
            )
            .await
            .map(drop)
    }

    /// The session of a secret, with its tenant: one question.
    pub async fn session(
        &self,
        slug: &str,
        hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<SignedIn<Session>>, StoreError> {
        let sql = "select t.id, t.slug, t.name, t.zone, t.directory, s.agent_id, s.csrf from tenants t join sessions s on s.tenant_id = t.id \
             where t.slug = $1 and s.hash = $2 and s.expires_at > $3";
        let read = |row: &Row| {
            Ok(Session {
                agent: AgentId(row.id("agent_id")?),
                csrf: row.text("csrf")?,
            })
        };
        self.signed_in(sql, slug, hash, now, read).await
    }

    async fn signed_in<T>(
        &self,
        sql: &str,
        slug: &str,
        hash: &[u8],
        now: Timestamp,
        read: impl Fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Option<SignedIn<T>>, StoreError> {
        if slug.contains('\0') {
            return Ok(None);
        }
        let args = vec![
            Arg::text(slug),
            Arg::Bytes(Some(hash.to_vec())),
            Arg::Int(Some(now.0)),
        ];
        let found = self.db.rows(sql, args).await?;
        found
            .first()
            .map(|row| {
                Ok(SignedIn {
                    tenant: rows::tenant(row)?,
                    directory: row.count("directory")?,
                    by: read(row)?,
                })
            })
            .transpose()
    }

    /// Ends a session.
    pub async fn delete_session(&self, tenant: TenantId, hash: &[u8]) -> Result<(), StoreError> {
        let args = vec![Arg::bytes(tenant.0), Arg::Bytes(Some(hash.to_vec()))];
        self.db
            .execute(
                "delete from sessions where tenant_id = $1 and hash = $2",
                args,
            )
            .await
            .map(drop)
    }

    /// Keeps a token.
    #[expect(clippy::too_many_arguments, reason = "a row's columns, each once")]
    pub async fn create_token(
        &self,
        tenant: TenantId,
        id: Uuid,
        name: &str,
        hash: &[u8],
        agent: Option<AgentId>,
        scopes: &[String],
        now: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let args = vec![
            Arg::bytes(tenant.0),
            Arg::Bytes(Some(hash.to_vec())),
            Arg::bytes(id),
            Arg::text(name),
            Arg::bytes_or_null(agent.map(|agent| agent.0)),
            rows::json(&scopes)?,
            Arg::Int(Some(now.0)),
            Arg::Int(until.map(|until| until.0)),
        ];
        let sql = "insert into tokens (tenant_id, hash, id, name, agent_id, scopes, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)";
        self.db.execute(sql, args).await.map(drop)
    }

    /// The token of a secret, with its tenant: one question.
    pub async fn token(
        &self,
        slug: &str,
        hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<SignedIn<Token>>, StoreError> {
        let sql = "select t.id, t.slug, t.name, t.zone, t.directory, k.name as token_name, k.agent_id, k.scopes from tenants t join tokens k \
             on k.tenant_id = t.id where t.slug = $1 and k.hash = $2 and (k.expires_at is null or k.expires_at > $3)";
        let read = |row: &Row| {
            Ok(Token {
                name: row.text("token_name")?,
                agent: row.opt_id("agent_id")?.map(AgentId),
                scopes: rows::from_json(&row.text("scopes")?)?,
            })
        };
        self.signed_in(sql, slug, hash, now, read).await
    }
}
