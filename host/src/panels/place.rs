//! Which panels there are, and what they are about: a ticket or a customer that the viewer sees, or nothing.

use crate::plugins::{Ready, manifest::Location};
use guichet_core::{customer::Customer, ticket::Ticket};
use serde_json::json;
use std::sync::Arc;

/// What a location is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Ticket,
    Customer,
    Nothing,
}

impl About {
    /// Of views at a location.
    pub fn of(location: Location) -> Self {
        match location {
            Location::TicketSidebar | Location::TicketBanner | Location::TicketAction => {
                Self::Ticket
            }
            Location::CustomerSidebar => Self::Customer,
            Location::NavPage | Location::HomeWidget | Location::SettingsPage => Self::Nothing,
        }
    }
}

/// What a panel is about, as its plugin is told.
pub fn of_ticket(ticket: &Ticket) -> String {
    json!({ "ticket": ticket.id }).to_string()
}

/// The same of a customer.
pub fn of_customer(customer: &Customer) -> String {
    json!({ "customer": customer.id }).to_string()
}

/// Views of enabled installs, in the installs' order.
pub fn views(
    installs: &[Arc<Ready>],
) -> impl Iterator<Item = (&Arc<Ready>, &crate::plugins::manifest::View)> {
    let enabled = installs.iter().filter(|ready| ready.is_enabled());
    enabled.flat_map(|ready| ready.manifest.views.iter().map(move |view| (ready, view)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_says_by_its_name_what_it_is_about() {
        for location in [
            Location::TicketSidebar,
            Location::TicketBanner,
            Location::TicketAction,
            Location::CustomerSidebar,
            Location::NavPage,
            Location::HomeWidget,
            Location::SettingsPage,
        ] {
            let about = match location.name().split_once('.') {
                Some(("ticket", _)) => About::Ticket,
                Some(("customer", _)) => About::Customer,
                _ => About::Nothing,
            };
            assert_eq!(About::of(location), about, "{}", location.name());
        }
    }
}
