//! Who is signed in, and with what: sessions of people, tokens of programs. Secrets are kept as hashes.

use crate::{Store, db::Arg, error::StoreError, rows};
use guichet_core::{
    id::{AgentId, TenantId},
    time::Timestamp,
};
use uuid::Uuid;

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

    /// The session of a secret.
    pub async fn session(
        &self,
        tenant: TenantId,
        hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        let args = vec![
            Arg::bytes(tenant.0),
            Arg::Bytes(Some(hash.to_vec())),
            Arg::Int(Some(now.0)),
        ];
        let found = self.db.rows("select agent_id, csrf from sessions where tenant_id = $1 and hash = $2 and expires_at > $3", args).await?;
        found
            .first()
            .map(|row| {
                Ok(Session {
                    agent: AgentId(row.id("agent_id")?),
                    csrf: row.text("csrf")?,
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

    /// The token of a secret.
    pub async fn token(
        &self,
        tenant: TenantId,
        hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<Token>, StoreError> {
        let args = vec![
            Arg::bytes(tenant.0),
            Arg::Bytes(Some(hash.to_vec())),
            Arg::Int(Some(now.0)),
        ];
        let sql = "select name, agent_id, scopes from tokens where tenant_id = $1 and hash = $2 and (expires_at is null or expires_at > $3)";
        let found = self.db.rows(sql, args).await?;
        let read = |row: &crate::db::Row| {
            Ok(Token {
                name: row.text("name")?,
                agent: row.opt_id("agent_id")?.map(AgentId),
                scopes: rows::from_json(&row.text("scopes")?)?,
            })
        };
        found.first().map(read).transpose()
    }
}
