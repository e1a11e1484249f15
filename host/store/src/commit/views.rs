//! Saved views. They change seldom: a statement each.

use crate::{
    db::{Arg, Tx},
    error::StoreError,
    rows,
};
use guichet_core::{id::TenantId, view::ViewWrite};

const COLUMNS: &str = "tenant_id, id, audience, audience_id, position, name, filter, columns, sort";

pub(super) async fn write(
    tx: &mut Tx,
    tenant: TenantId,
    views: Vec<ViewWrite>,
) -> Result<(), StoreError> {
    for write in views {
        match write {
            ViewWrite::Put(view) => {
                let update = "on conflict (tenant_id, id) do update set audience = excluded.audience, audience_id = excluded.audience_id, \
                     position = excluded.position, name = excluded.name, filter = excluded.filter, columns = excluded.columns, sort = excluded.sort";
                let row = rows::view_args(tenant, &view)?;
                tx.insert_many(&format!("insert into views ({COLUMNS})"), vec![row], update)
                    .await?;
            }
            ViewWrite::Delete(id) => {
                let args = vec![Arg::bytes(tenant.0), Arg::bytes(id.0)];
                tx.execute("delete from views where tenant_id = $1 and id = $2", args)
                    .await?;
            }
        }
    }
    Ok(())
}
