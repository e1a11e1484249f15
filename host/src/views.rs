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
    view::{Audience, SavedView, ViewWrite},
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

/// Names in English and in Chinese, filter, sort.
const FOR_A_NEW_TENANT: [(&str, &str, &str, &str); 4] = [
    (
        "My open tickets",
        "我的未结工单",
        "assignee == me && state in [\"new\", \"open\", \"pending\"]",
        "-created_at",
    ),
    (
        "Unassigned",
        "未分配",
        "assignee == null && state in [\"new\", \"open\", \"pending\"]",
        "-created_at",
    ),
    (
        "Recently solved",
        "最近解决",
        "state == \"solved\" && solved_at > now - duration(\"168h\")",
        "-solved_at",
    ),
    (
        "All open",
        "所有未结工单",
        "state in [\"new\", \"open\", \"pending\"]",
        "-created_at",
    ),
];

/// What these views show of each ticket.
const COLUMNS: [&str; 7] = [
    "number",
    "subject",
    "state",
    "priority",
    "requester",
    "assignee",
    "updated_at",
];

/// The views with which a tenant begins, for everybody.
pub fn for_a_new_tenant(desk: &Desk) -> Vec<SavedView> {
    let texts = FOR_A_NEW_TENANT.iter().enumerate();
    texts
        .map(|(place, (en, zh_cn, filter, sort))| SavedView {
            id: ViewId(desk.clock.new_id()),
            name: BTreeMap::from([
                ("en".to_owned(), (*en).to_owned()),
                ("zh-CN".to_owned(), (*zh_cn).to_owned()),
            ]),
            filter: (*filter).to_owned(),
            columns: COLUMNS.map(str::to_owned).to_vec(),
            sort: vec![(*sort).to_owned()],
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
        for (_, _, filter, sort) in FOR_A_NEW_TENANT {
            assert!(Expression::parse(filter, &environment).is_ok(), "{filter}");
            let name = sort.trim_start_matches('-');
            assert!(environment.name(name).is_ok(), "{sort}");
        }
        for column in COLUMNS {
            assert!(environment.column(column).is_ok(), "{column}");
        }
    }
}
