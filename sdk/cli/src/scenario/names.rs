//! How a scenario speaks of people, groups and tickets, and what those names stand for in texts: `{{group:Network}}`, `{{agent:Lin}}`,
//! `{{customer:Ana}}`, `{{ticket:vpn}}` are ids, `{{number:vpn}}` is a ticket's number. Other braces are left as they are: they may be the plugin's.

use guichet_core::{
    actor::{Actor, ActorKind},
    id::{AgentId, CustomerId, GroupId, TicketId},
};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The names of one scenario.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    groups: BTreeMap<String, GroupId>,
    agents: BTreeMap<String, AgentId>,
    customers: BTreeMap<String, CustomerId>,
    tickets: BTreeMap<String, Ticket>,
    /// Whether the scenario names them or not.
    numbers: BTreeMap<u64, TicketId>,
}

#[derive(Debug, Clone, Copy)]
struct Ticket {
    id: TicketId,
    number: Option<u64>,
}

impl Names {
    pub(crate) fn add_group(&mut self, name: &str, id: GroupId) {
        self.groups.insert(name.to_owned(), id);
    }

    pub(crate) fn add_agent(&mut self, name: &str, id: AgentId) {
        self.agents.insert(name.to_owned(), id);
    }

    pub(crate) fn add_customer(&mut self, name: &str, id: CustomerId) {
        self.customers.insert(name.to_owned(), id);
    }

    pub(crate) fn add_ticket(&mut self, name: &str, id: TicketId, number: Option<u64>) {
        self.tickets.insert(name.to_owned(), Ticket { id, number });
    }

    /// From now on the ticket is also known as `#7`.
    pub(crate) fn add_number(&mut self, number: u64, id: TicketId) {
        self.numbers.insert(number, id);
        let named = self.tickets.values_mut().filter(|ticket| ticket.id == id);
        named.for_each(|ticket| ticket.number = Some(number));
    }

    pub(crate) fn group(&self, name: &str) -> Result<GroupId, String> {
        find("group", "[[given.groups]]", &self.groups, name)
    }

    pub(crate) fn agent(&self, name: &str) -> Result<AgentId, String> {
        find("agent", "[[given.agents]]", &self.agents, name)
    }

    pub(crate) fn customer(&self, name: &str) -> Result<CustomerId, String> {
        find("customer", "[[given.customers]]", &self.customers, name)
    }

    /// An agent or a customer.
    pub(crate) fn person(&self, name: &str) -> Result<Actor, String> {
        match (self.agents.get(name), self.customers.get(name)) {
            (Some(agent), _) => Ok(Actor::agent(*agent)),
            (None, Some(customer)) => Ok(Actor::customer(*customer)),
            (None, None) => Err(format!(
                "there is no `{name}`: people are made in [[given.agents]] and [[given.customers]]"
            )),
        }
    }

    /// By its name, or `#7` by its number.
    pub(crate) fn ticket(&self, name: &str) -> Result<TicketId, String> {
        if let Some(number) = name.strip_prefix('#').and_then(|text| text.parse().ok()) {
            let known = self.numbers.get(&number);
            return known
                .copied()
                .ok_or_else(|| format!("there is no ticket {name} yet"));
        }
        let made = "[[given.tickets]], or by a step's `as`";
        find("ticket", made, &self.tickets, name).map(|ticket| ticket.id)
    }

    /// How the scenario calls a ticket; its id where it has no name.
    pub(crate) fn of_ticket(&self, id: TicketId) -> String {
        let mut tickets = self.tickets.iter();
        let named = tickets.find(|(_, ticket)| ticket.id == id);
        named.map_or_else(|| id.to_string(), |(name, _)| name.clone())
    }

    /// How the scenario calls a group; its id where it has no name.
    pub(crate) fn of_group(&self, id: GroupId) -> String {
        let mut groups = self.groups.iter();
        let named = groups.find(|(_, group)| **group == id);
        named.map_or_else(|| id.to_string(), |(name, _)| name.clone())
    }

    /// How the scenario calls somebody; nothing for whom it does not know.
    pub(crate) fn of_actor(&self, actor: Actor) -> Option<&str> {
        let mut agents = self.agents.iter();
        let mut customers = self.customers.iter();
        match actor.kind {
            ActorKind::Agent => agents
                .find(|(_, id)| id.0 == actor.id)
                .map(|(name, _)| name.as_str()),
            ActorKind::Customer => customers
                .find(|(_, id)| id.0 == actor.id)
                .map(|(name, _)| name.as_str()),
            _ => None,
        }
    }

    /// The data with all its texts filled in.
    pub(crate) fn fill(&self, data: &Json) -> Result<Json, String> {
        Ok(match data {
            Json::String(text) => Json::String(self.fill_text(text)?),
            Json::Array(items) => items
                .iter()
                .map(|item| self.fill(item))
                .collect::<Result<_, _>>()?,
            Json::Object(members) => members
                .iter()
                .map(|(name, value)| Ok((name.clone(), self.fill(value)?)))
                .collect::<Result<_, String>>()?,
            other => other.clone(),
        })
    }

    fn fill_text(&self, text: &str) -> Result<String, String> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(open) = rest.find("{{") {
            let (before, braces) = rest.split_at(open);
            filled.push_str(before);
            let named = braces.find("}}").map(|close| &braces[2..close]);
            match named.and_then(|name| Some((name, self.meaning(name)?))) {
                Some((name, meaning)) => {
                    filled.push_str(&meaning?);
                    rest = &braces[name.len() + 4..];
                }
                None => {
                    filled.push_str("{{");
                    rest = &braces[2..];
                }
            }
        }
        filled.push_str(rest);
        Ok(filled)
    }

    /// What a text in braces stands for; nothing where it is none of ours.
    fn meaning(&self, text: &str) -> Option<Result<String, String>> {
        let (kind, name) = text.split_once(':')?;
        Some(match kind {
            "group" => self.group(name).map(|id| id.to_string()),
            "agent" => self.agent(name).map(|id| id.to_string()),
            "customer" => self.customer(name).map(|id| id.to_string()),
            "ticket" => self.ticket(name).map(|id| id.to_string()),
            "number" => self.ticket(name).and_then(|_| {
                let number = self.tickets.get(name).and_then(|ticket| ticket.number);
                number
                    .map(|number| number.to_string())
                    .ok_or_else(|| format!("the ticket `{name}` has no number yet"))
            }),
            _ => return None,
        })
    }
}

fn find<T: Copy>(
    what: &str,
    made: &str,
    names: &BTreeMap<String, T>,
    name: &str,
) -> Result<T, String> {
    names.get(name).copied().ok_or_else(|| {
        let known: Vec<_> = names.keys().map(String::as_str).collect();
        let known = match known.is_empty() {
            true => "none is known".to_owned(),
            false => format!("known are {}", known.join(", ")),
        };
        format!("there is no {what} `{name}` in this scenario ({known}): it is made in {made}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn our_names_are_filled_in_and_the_plugins_are_left() {
        let mut names = Names::default();
        let id = TicketId(uuid(7));
        names.add_ticket("vpn", id, Some(12));
        names.add_group("Network", GroupId(uuid(8)));
        let data = json!({ "a": ["#{{number:vpn}} {{ticket.subject}} {{secret:x}} {{", 3], "b": "{{ticket:vpn}}{{group:Network}}" });
        assert_eq!(
            names.fill(&data).unwrap(),
            json!({ "a": ["#12 {{ticket.subject}} {{secret:x}} {{", 3], "b": format!("{id}{}", GroupId(uuid(8))) })
        );
    }

    #[test]
    fn a_ticket_is_known_by_its_number_and_a_named_one_learns_it() {
        let mut names = Names::default();
        let id = TicketId(uuid(7));
        names.add_ticket("vpn", id, None);
        assert!(names.ticket("#3").unwrap_err().contains("no ticket #3"));
        names.add_number(3, id);
        assert_eq!(names.ticket("#3"), Ok(id));
        assert_eq!(names.fill(&json!("{{number:vpn}}")), Ok(json!("3")));
    }

    #[test]
    fn a_name_that_there_is_not_is_an_error_that_says_which_there_are() {
        let mut names = Names::default();
        names.add_ticket("vpn", TicketId(uuid(7)), None);
        let error = names.fill(&json!("{{number:vnp}}")).unwrap_err();
        assert!(
            error.contains("no ticket `vnp`") && error.contains("known are vpn"),
            "{error}"
        );
        let error = names.fill(&json!("{{number:vpn}}")).unwrap_err();
        assert!(error.contains("no number yet"), "{error}");
    }

    fn uuid(last: u8) -> uuid::Uuid {
        uuid::Uuid::from_u128(last.into())
    }
}
