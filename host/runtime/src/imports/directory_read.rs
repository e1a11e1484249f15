//! `directory-read`: agents and groups, as well as the eyes of the invocation know them.

use super::told;
use crate::{
    bindings::guichet::platform::{
        directory_read::{Host, Person, Team},
        types::{Error, Field, Value},
    },
    convert,
    helpdesk::Acquaintance,
    limits::PAGE_MAX,
    state::State,
};
use guichet_core::{
    directory,
    id::{AgentId, GroupId},
};

const NAME: &str = "directory-read";

fn online(is: bool) -> Field {
    Field {
        name: "online".to_owned(),
        value: Value::Boolean(is),
    }
}

impl State {
    fn shown(&self, agent: &directory::Agent) -> Person {
        let email = match self.helpdesk.acquaintance() {
            Acquaintance::Well => agent.email.clone(),
            Acquaintance::ByName | Acquaintance::NotAtAll => String::new(),
        };
        Person {
            id: agent.id.to_string(),
            name: agent.name.clone(),
            email,
            role: agent.role.name().to_owned(),
            active: agent.active,
            extra: match self.helpdesk.acquaintance() {
                Acquaintance::Well => vec![online(self.helpdesk.is_online(agent.id))],
                Acquaintance::ByName | Acquaintance::NotAtAll => Vec::new(),
            },
        }
    }

    fn knows_people(&self) -> bool {
        self.helpdesk.acquaintance() != Acquaintance::NotAtAll
    }
}

impl Host for State {
    fn agent(&mut self, id: String) -> wasmtime::Result<Result<Person, Error>> {
        told!(self.enter_granted(NAME)?);
        let id: AgentId = told!(convert::id("agent", &id));
        let known = self.helpdesk.directory().agent(id);
        Ok(known
            .filter(|_| self.knows_people())
            .map(|agent| self.shown(agent))
            .ok_or_else(|| Error::NotFound(format!("agent {id} is not known here"))))
    }

    fn agents(
        &mut self,
        after: Option<String>,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<Person>, Error>> {
        told!(self.enter_granted(NAME)?);
        let after: Option<AgentId> = told!(after.map(|id| convert::id("agent", &id)).transpose());
        let agents = self.helpdesk.directory().agents();
        Ok(Ok(agents
            .filter(|_| self.knows_people())
            .filter(|agent| after.is_none_or(|after| agent.id > after))
            .take(limit.min(PAGE_MAX) as usize)
            .map(|agent| self.shown(agent))
            .collect()))
    }

    fn groups(
        &mut self,
        after: Option<String>,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<Team>, Error>> {
        told!(self.enter_granted(NAME)?);
        let after: Option<GroupId> = told!(after.map(|id| convert::id("group", &id)).transpose());
        let groups = self.helpdesk.directory().groups();
        Ok(Ok(groups
            .filter(|_| self.knows_people())
            .filter(|group| after.is_none_or(|after| group.id > after))
            .take(limit.min(PAGE_MAX) as usize)
            .map(|group| Team {
                id: group.id.to_string(),
                name: group.name.clone(),
                extra: Vec::new(),
            })
            .collect()))
    }

    fn members(&mut self, group: String) -> wasmtime::Result<Result<Vec<Person>, Error>> {
        told!(self.enter_granted(NAME)?);
        let group: GroupId = told!(convert::id("group", &group));
        match self.helpdesk.acquaintance() {
            Acquaintance::Well => {}
            Acquaintance::ByName => {
                return Ok(Err(Error::Denied(
                    "whoever calls this route helps from outside, and is not told who works where: let the route act as the plugin (acts-as = \"plugin\"), or ask somebody else"
                        .to_owned(),
                )));
            }
            Acquaintance::NotAtAll => return Ok(Ok(Vec::new())),
        }
        let directory = self.helpdesk.directory();
        Ok(Ok(directory
            .members(group)
            .filter(|(agent, access)| agent.active && *access >= directory::Access::Change)
            .map(|(agent, _)| self.shown(agent))
            .collect()))
    }
}
