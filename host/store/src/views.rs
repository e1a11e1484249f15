//! Saved views, as they are kept: who sees which is for the core to say.

use crate::{
    db::Arg,
    rows,
    tenant::{Read, TenantStore},
};
use guichet_core::{
    id::{AgentId, ViewId},
    view::{Audience, SavedView},
};

impl TenantStore {
    /// The views of one agent and all that are shared, in their order.
    ///
    /// # Errors
    /// [`crate::StoreError`], as all of these.
    pub async fn views_for(&self, agent: AgentId) -> Read<Vec<SavedView>> {
        let sql = "select * from views where tenant_id = $1 and (audience <> 'agent' or audience_id = $2) order by position, id";
        self.list_of(sql, [Arg::bytes(agent.0)], rows::view).await
    }

    /// A view.
    pub async fn view(&self, id: ViewId) -> Read<Option<SavedView>> {
        let sql = "select * from views where tenant_id = $1 and id = $2";
        self.one_of(sql, [Arg::bytes(id.0)], rows::view).await
    }

    /// How many views there are for those.
    pub async fn views_of(&self, audience: Audience) -> Read<u64> {
        let (kind, id) = rows::audience(audience);
        let sql = "select count(*) as found from views where tenant_id = $1 and audience = $2 and coalesce(audience_id, $3) = $3";
        let id = Arg::bytes(id.unwrap_or_default());
        let found = self.one_of(sql, [Arg::text(kind), id], |row| row.count("found"));
        Ok(found.await?.unwrap_or(0))
    }
}
