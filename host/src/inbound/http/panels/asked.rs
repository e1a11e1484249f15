//! What is asked of a view: which one, about what that the viewer sees, in which language.

use crate::inbound::http::{context::Ctx, error::Problem};
use crate::{
    lane::Named,
    limits::{PANEL_INPUT_BYTES_MAX, ROUTE_WAIT_MS},
    panels::place::{self, About},
    plugins::{Ready, manifest::Location},
};
use axum::http::StatusCode;
use guichet_core::{directory::AgentRole, id::CustomerId, refusal::Refusal};
use guichet_runtime::PanelContext;
use serde::Deserialize;
use serde_json::Value;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::sync::OwnedSemaphorePermit;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a view is about.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Subject {
    /// A ticket's number.
    ticket: Option<u64>,
    /// A customer's id.
    customer: Option<Uuid>,
}

/// A view that the viewer may have, with what it is about.
pub(super) struct Asked {
    pub(super) ready: Arc<Ready>,
    pub(super) context: PanelContext,
}

/// Whether somebody has that place at all.
pub(super) fn may_see(ctx: &Ctx, location: Location) -> bool {
    match location {
        Location::SettingsPage => ctx.agent.role == AgentRole::Admin,
        Location::CustomerSidebar | Location::NavPage | Location::HomeWidget => {
            ctx.agent.role != AgentRole::Helper
        }
        Location::TicketSidebar | Location::TicketBanner | Location::TicketAction => true,
    }
}

impl Asked {
    /// # Errors
    /// 404 where there is no such view for this viewer, or nothing that he sees of what it is to be about; 422 where it is about something else.
    pub(super) async fn of(
        ctx: &Ctx,
        path: &HashMap<String, String>,
        subject: Option<Subject>,
        locale: Option<String>,
    ) -> Result<Self, Problem> {
        let part = |name: &str| path.get(name).map(String::as_str).unwrap_or_default();
        let unknown = || Problem::not_found("that view");
        let install: Uuid = part("install").parse().map_err(|_| unknown())?;
        let installs = ctx.desk.installs(ctx.tenant.id).await?;
        let (ready, view) = place::views(&installs)
            .find(|(ready, view)| ready.install.id.0 == install && view.name == part("view"))
            .filter(|(_, view)| may_see(ctx, view.location))
            .ok_or_else(unknown)?;
        let subject = subject_of(ctx, view.location, subject).await?;
        let locale = locale.unwrap_or_else(|| "en".to_owned());
        let is_locale = (1..=35).contains(&locale.len())
            && locale
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_locale {
            return Err(
                Refusal::Invalid("a locale is a language tag such as zh-CN".to_owned()).into(),
            );
        }
        Ok(Self {
            context: PanelContext {
                view: view.name.clone(),
                location: view.location.name(),
                viewer: ctx.asker().principal.actor,
                locale,
                subject,
            },
            ready: ready.clone(),
        })
    }

    /// A place among the requests of that plugin, as long as it is held.
    pub(super) async fn place(&self, ctx: &Ctx) -> Result<OwnedSemaphorePermit, Problem> {
        let wait = Duration::from_millis(ROUTE_WAIT_MS);
        let entered = ctx
            .desk
            .places
            .enter(ctx.tenant.id, self.ready.install.id, wait);
        entered.await.ok_or_else(|| {
            Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "too many look at this plugin just now: try again",
            )
        })
    }
}

async fn subject_of(
    ctx: &Ctx,
    location: Location,
    subject: Option<Subject>,
) -> Result<String, Problem> {
    let given = subject.map_or((None, None), |subject| (subject.ticket, subject.customer));
    match (About::of(location), given) {
        (About::Ticket, (Some(number), None)) => {
            let ticket = ctx.ticket(Named::Number(number)).await?;
            Ok(place::of_ticket(&ticket))
        }
        (About::Customer, (None, Some(id))) => {
            let customer = ctx.store().customer(CustomerId(id)).await?;
            let customer = customer.ok_or_else(|| Problem::not_found("that customer"))?;
            Ok(place::of_customer(&customer))
        }
        (About::Nothing, (None, None)) => Ok("{}".to_owned()),
        (About::Ticket, _) => Err(wrong("a ticket, by its number")),
        (About::Customer, _) => Err(wrong("a customer, by his id")),
        (About::Nothing, _) => Err(wrong("nothing: leave the subject out")),
    }
}

fn wrong(what: &str) -> Problem {
    Refusal::Invalid(format!("a view at that location is about {what}")).into()
}

/// An action's input, as the plugin gets it.
pub(super) fn limit_input(action: &str, input: &Value) -> Result<String, Problem> {
    let text = input.to_string();
    if text.len() + action.len() > PANEL_INPUT_BYTES_MAX {
        return Err(Refusal::Limit(format!(
            "an action and its input have at most {PANEL_INPUT_BYTES_MAX} bytes"
        ))
        .into());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_may_send_so_much_and_no_more() {
        let of = |bytes: usize| limit_input("act", &Value::String("x".repeat(bytes - 5)));
        assert!(of(PANEL_INPUT_BYTES_MAX).is_ok());
        assert!(of(PANEL_INPUT_BYTES_MAX + 1).is_err());
    }
}
