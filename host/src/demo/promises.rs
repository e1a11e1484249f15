//! What the demo's desk offers and promises: a catalog to begin with, and service levels in business time.

use crate::{
    desk::Desk,
    dispatch::Dispatch,
    lane::{self, Asker},
    panels::call,
};
use anyhow::Context as _;
use guichet_core::{
    actor::Actor, directory::Tenant, effect::Effect, event::ACTION, id::AgentId, overlay::Overlay,
    ticket::work::Stamp,
};
use guichet_runtime::PanelContext;
use serde_json::{Value, json};
use std::sync::Arc;

/// Fills the catalog as an admin does on its page, by its template.
pub(super) async fn fill_catalog(
    desk: &Desk,
    tenant: &Tenant,
    admin: AgentId,
) -> anyhow::Result<()> {
    let installs = desk.installs(tenant.id).await?;
    let catalog = installs
        .iter()
        .find(|ready| ready.install.plugin == "guichet/catalog")
        .context("the catalog was not installed")?;
    let directory = desk.store.tenant(tenant.id).directory().await?;
    let viewer = Actor::agent(admin);
    let asker = Asker {
        tenant: tenant.id,
        principal: directory.principal(viewer),
        directory,
    };
    let page = PanelContext {
        view: "catalog".to_owned(),
        location: "nav.page",
        viewer,
        locale: "en".to_owned(),
        subject: json!({}).to_string(),
    };
    let input = json!({ "name": "it" }).to_string();
    call::act(desk, &asker, catalog, page, "template".to_owned(), input)
        .await
        .map_err(|failure| anyhow::anyhow!("the catalog's template: {failure:?}"))?;
    Ok(())
}

/// Has the plugin of service levels keep an office's hours and a policy for everybody.
pub(super) async fn promise(desk: &Arc<Desk>, tenant: &Tenant) -> anyhow::Result<()> {
    for (action, input) in [("save-calendar", office()), ("save-policy", standard())] {
        let directory = desk.store.tenant(tenant.id).directory().await?;
        let mut overlay = Overlay::new(tenant.id, directory);
        let ask = Effect::Emit {
            kind: ACTION.to_owned(),
            ticket: None,
            data: json!({ "plugin": "guichet/sla", "action": action, "input": input }),
        };
        overlay.apply(&ask, &Stamp::of_system(desk.clock.now()))?;
        lane::commit(desk, overlay).await?;
        Dispatch::settled(desk, tenant.id).await;
    }
    Ok(())
}

fn office() -> Value {
    let day = json!(["09:00-12:00", "13:00-18:00"]);
    let week =
        json!({ "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day });
    json!({ "id": "office", "calendar": {
        "name": { "en": "Office hours", "zh-CN": "办公时间" },
        "calendar": { "zone": "Asia/Shanghai", "day_minutes": 480, "week": week },
    }})
}

fn standard() -> Value {
    json!({ "id": "standard", "policy": {
        "name": { "en": "Standard", "zh-CN": "标准" },
        "calendar": "office",
        "targets": [
            { "clock": "first-reply", "within": { "1": "30m", "2": "1h", "default": "4h" } },
            { "clock": "resolution", "within": { "1": "4h", "2": "1d", "default": "3d" }, "pauses": ["*"] },
        ],
    }})
}
