//! Which tickets somebody sees in lists, and by which names he may ask for them. The rights are those of one ticket
//! ([`guichet_core::ticket::work::Work::is_visible_to`]), said of all.

use guichet_core::{
    actor::{ActorKind, Principal},
    directory::{Access, Directory},
    id::{AgentId, CustomerId},
    time::Timestamp,
};
use guichet_expression::{Bindings, Environment, PluginField};
use guichet_store::{Eyes, SeenBy};

/// What of a ticket a customer is shown, and so may ask for. Not who works on it, nor what was noted about it: not by the words of notes, either.
const FOR_CUSTOMERS: [&str; 11] = [
    "id",
    "number",
    "state",
    "kind",
    "channel",
    "subject",
    "priority",
    "requester",
    "created_at",
    "updated_at",
    "solved_at",
];

/// Which tickets this principal sees.
pub fn of(principal: &Principal, directory: &Directory, at: Timestamp) -> Eyes {
    match (principal.actor.kind, &principal.rights) {
        (ActorKind::Plugin | ActorKind::System, _) => Eyes::All,
        (ActorKind::Agent, Some(rights)) if rights.reads_all() => Eyes::All,
        (ActorKind::Agent, Some(rights)) => Eyes::Agent(SeenBy {
            groups: directory
                .groups()
                .map(|group| group.id)
                .filter(|group| rights.on(Some(*group)) >= Access::Read)
                .collect(),
            without_group: rights.on(None) >= Access::Read,
            agent: AgentId(principal.actor.id),
            at,
        }),
        (ActorKind::Customer, _) => Eyes::Customer(CustomerId(principal.actor.id), at),
        (ActorKind::Agent | ActorKind::Anonymous, _) => Eyes::Nobody,
    }
}

/// The names by which this principal may ask for tickets.
pub fn environment(principal: &Principal, fields: Vec<PluginField>) -> Environment {
    match principal.actor.kind {
        ActorKind::Agent => Environment::tickets(fields),
        ActorKind::Plugin | ActorKind::System => Environment::tickets(fields).without("me"),
        ActorKind::Customer | ActorKind::Anonymous => {
            let all = Environment::tickets([]);
            let hidden: Vec<_> = all
                .names()
                .map(|(name, _)| name)
                .filter(|name| !FOR_CUSTOMERS.contains(&name.as_str()))
                .collect();
            hidden
                .iter()
                .fold(all, |environment, name| environment.without(name))
                .without("me")
                .without("text")
        }
    }
}

/// What is known when this principal asks at that time.
pub fn bindings(principal: &Principal, now: Timestamp) -> Bindings {
    let me = match principal.actor.kind {
        ActorKind::Agent => Some(AgentId(principal.actor.id)),
        _ => None,
    };
    Bindings { me, now }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guichet_core::actor::Actor;
    use guichet_expression::Expression;

    #[test]
    fn a_customer_asks_for_what_a_customer_is_shown_and_a_plugin_is_nobodys_me() {
        let asks = |actor: Actor, text: &str| {
            let environment = environment(&actor.into(), Vec::new());
            Expression::parse(text, &environment).is_ok()
        };
        let customer = Actor::customer(CustomerId(uuid::Uuid::from_u128(1)));
        assert!(asks(
            customer,
            "state == \"open\" && subject.contains(\"x\")"
        ));
        for hidden in [
            "assignee == null",
            "assignee == me",
            "\"vip\" in tags",
            "text(\"angry\")",
            "reopen_count > 1",
            "legal_hold",
        ] {
            assert!(!asks(customer, hidden), "{hidden}");
        }
        assert!(asks(Actor::SYSTEM, "assignee == null && text(\"x\")"));
        assert!(!asks(Actor::SYSTEM, "assignee == me"));
    }
}
