//! Saved views: made, changed and deleted by who may, and told in the log where others see them.

use crate::{
    desk::Desk,
    lane::{Asker, LaneError, into_lane_error},
};
use guichet_core::{
    changeset::ChangeSet,
    id::{TenantId, ViewId},
    limits::VIEWS_MAX,
    refusal::Refusal,
    ticket::verbs::tell,
    view::{Audience, FIRST_COLUMNS, FIRST_VIEWS, SavedView, ViewWrite},
};
use serde_json::json;
use std::collections::BTreeMap;

/// Keeps a view. Its filter, columns and sort are the caller's to check.
///
/// # Errors
/// [`Refusal::Right`] where the asker may not make or change it, [`Refusal::Limit`] where there are too many.
pub async fn keep(desk: &Desk, asker: &Asker, view: SavedView) -> Result<(), LaneError> {
    view.check()?;
    let store = desk.store.tenant(asker.tenant);
    let before = store.view(view.id).await?;
    let audiences = before.iter().map(|before| before.audience);
    for audience in audiences.chain([view.audience]) {
        audience.may_be_changed_by(&asker.principal, &asker.directory)?;
    }
    if before.as_ref() == Some(&view) {
        return Ok(());
    }
    let audience_before = before.as_ref().map(|before| before.audience);
    if audience_before != Some(view.audience)
        && store.views_of(view.audience).await? >= VIEWS_MAX as u64
    {
        return Err(Refusal::Limit(format!(
            "there are {VIEWS_MAX} such views already: delete one first"
        ))
        .into());
    }
    let kind = match before.is_some() {
        true => "view.changed",
        false => "view.created",
    };
    let audiences = [audience_before, Some(view.audience)];
    let data = json!({ "view": view.id, "name": view.name, "filter": view.filter, "columns": view.columns, "sort": view.sort, "audience": view.audience });
    write(desk, asker, kind, data, &audiences, ViewWrite::Put(view)).await
}

/// Does away with a view.
///
/// # Errors
/// [`Refusal::Right`] where the asker may not.
pub async fn delete(desk: &Desk, asker: &Asker, view: &SavedView) -> Result<(), LaneError> {
    view.audience
        .may_be_changed_by(&asker.principal, &asker.directory)?;
    let data = json!({ "view": view.id, "name": view.name });
    let deleted = ViewWrite::Delete(view.id);
    write(
        desk,
        asker,
        "view.deleted",
        data,
        &[Some(view.audience)],
        deleted,
    )
    .await
}

async fn write(
    desk: &Desk,
    asker: &Asker,
    kind: &str,
    data: serde_json::Value,
    audiences: &[Option<Audience>],
    write: ViewWrite,
) -> Result<(), LaneError> {
    let mut changes = ChangeSet::new(asker.tenant);
    // What somebody keeps for himself is nobody else's to read.
    let is_shared = |audience: &Audience| !matches!(audience, Audience::Agent(_));
    if audiences.iter().flatten().any(is_shared) {
        changes.events.push(tell(kind, data, &asker.stamp(desk)));
    }
    changes.views.push(write);
    desk.commit(changes).await.map_err(into_lane_error)?;
    Ok(())
}

/// The views with which a tenant begins, for everybody.
pub fn for_a_new_tenant(desk: &Desk) -> Vec<SavedView> {
    let first = FIRST_VIEWS.iter().enumerate();
    first
        .map(|(place, first)| SavedView {
            id: ViewId(desk.clock.new_id()),
            name: BTreeMap::from([
                ("en".to_owned(), first.en.to_owned()),
                ("zh-CN".to_owned(), first.zh_cn.to_owned()),
            ]),
            filter: first.filter.to_owned(),
            columns: FIRST_COLUMNS.map(str::to_owned).to_vec(),
            sort: vec![first.sort.to_owned()],
            audience: Audience::Everybody,
            position: place as i64 * 10,
        })
        .collect()
}

/// Gives a tenant that was made just now its first views. They are part of its beginning: the log tells nothing of them.
///
/// # Errors
/// Where the database fails.
pub(crate) async fn begin(desk: &Desk, tenant: TenantId) -> Result<(), LaneError> {
    let mut changes = ChangeSet::new(tenant);
    changes.views = for_a_new_tenant(desk)
        .into_iter()
        .map(ViewWrite::Put)
        .collect();
    desk.commit(changes).await.map_err(into_lane_error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use guichet_expression::{Environment, Expression};

    #[test]
    fn the_first_views_say_what_every_agent_may_ask() {
        let environment = Environment::tickets([]);
        for first in FIRST_VIEWS {
            let parsed = Expression::parse(first.filter, &environment);
            assert!(parsed.is_ok(), "{first:?}: {parsed:?}");
            let name = environment.name(first.sort.trim_start_matches('-'));
            assert!(name.is_ok(), "{first:?}");
        }
        for column in FIRST_COLUMNS {
            assert!(environment.column(column).is_ok(), "{column}");
        }
    }
}
