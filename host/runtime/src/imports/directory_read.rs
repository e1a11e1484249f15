//! `directory-read`: agents and groups.

use super::told;
use crate::{
    bindings::guichet::platform::{
        directory_read::{Host, Person, Team},
        types::Error,
    },
    convert,
    limits::PAGE_MAX,
    state::State,
};
use guichet_core::{
    directory,
    id::{AgentId, GroupId},
};

const NAME: &str = "directory-read";

fn shown(agent: &directory::Agent) -> Person {
    Person {
        id: agent.id.to_string(),
        name: agent.name.clone(),
        email: agent.email.clone(),
        role: agent.role.name().to_owned(),
        active: agent.active,
        extra: Vec::new(),
    }
}

impl Host for State {
    fn agent(&mut self, id: String) -> wasmtime::Result<Result<Person, Error>> {
        told!(self.enter_granted(NAME)?);
        let id: AgentId = told!(convert::id("agent", &id));
        Ok(self
            .helpdesk
            .directory()
            .agent(id)
            .map(shown)
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
            .filter(|agent| after.is_none_or(|after| agent.id > after))
            .take(limit.min(PAGE_MAX) as usize)
            .map(shown)
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
        let directory = self.helpdesk.directory();
        Ok(Ok(directory
            .members(group)
            .filter(|(agent, access)| agent.active && *access >= directory::Access::Change)
            .map(|(agent, _)| shown(agent))
            .collect()))
    }
}
