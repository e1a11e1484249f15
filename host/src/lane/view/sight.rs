//! What an invocation's eyes see, and what may be done before them: a plugin's own see what it was granted, a viewer's of that what he may see; and
//! for a viewer nothing is done that he might not do himself.

use super::{Sight, View, fault, host};
use crate::lane::load;
use guichet_core::{
    actor::{Actor, ActorKind},
    changeset::FileWrite,
    directory::AgentRole,
    effect::{Effect, Missing},
    id::{AgentId, CustomerId, FileId, TicketId},
    refusal::Refusal,
    ticket::{
        Ticket,
        work::{Stamp, Work},
    },
};
use guichet_runtime::{Acquaintance, Fault, Helpdesk};

impl View {
    pub(super) async fn load(&mut self, id: TicketId) -> Result<(), Fault> {
        let unknown = || Refusal::NotFound(format!("ticket {id}"));
        if self.overlay.has_ticket(id) {
            let is_known =
                self.overlay.is_made_here(id) || self.is_in_sight(self.overlay.ticket(id)?);
            return is_known.then_some(()).ok_or_else(|| unknown().into());
        }
        let ticket = self.store.ticket(id).await.map_err(host)?;
        // What is not in sight does not come onto the overlay, where a second try would find it.
        let ticket = ticket.filter(|ticket| self.is_in_sight(ticket));
        self.overlay.load_ticket(ticket.ok_or_else(unknown)?);
        Ok(())
    }

    pub(super) fn is_in_sight(&self, ticket: &Ticket) -> bool {
        match &self.sight {
            Sight::Plugin => true,
            Sight::Viewer(Some(viewer)) => Work::is_visible_to(ticket, viewer, self.stamp.at),
            Sight::Viewer(None) => false,
        }
    }

    /// Whether the eyes of this invocation belong to somebody who knows customers: the plugin, or an agent who is no helper.
    pub(super) fn knows_customers(&self) -> bool {
        self.acquaintance_with_people() == Acquaintance::Well
    }

    /// How well the eyes of this invocation know people: a helper from outside knows agents by name, and nobody knows nobody.
    pub(super) fn acquaintance_with_people(&self) -> Acquaintance {
        let Sight::Viewer(viewer) = &self.sight else {
            return Acquaintance::Well;
        };
        let rights = viewer.as_ref().and_then(|viewer| viewer.rights.as_ref());
        match rights.map(|rights| rights.role) {
            Some(AgentRole::Helper) => Acquaintance::ByName,
            Some(_) => Acquaintance::Well,
            None => Acquaintance::NotAtAll,
        }
    }

    /// Refuses effects on what is not in sight: it is not known.
    pub(super) async fn check_sight(&mut self, effect: &Effect) -> Result<(), Fault> {
        let has_viewers_eyes = !matches!(self.sight, Sight::Plugin);
        if has_viewers_eyes {
            for ticket in effect.tickets() {
                self.load(ticket).await?;
            }
        }
        for file in effect.files() {
            self.part_of_file(file, 0, 0).await?;
        }
        if let Effect::AppendFile { id, .. } = effect
            && self
                .overlay
                .file(*id)
                .is_some_and(|file| !self.is_own(file))
        {
            return Err(Refusal::NotFound(format!("file {id} among those made just now")).into());
        }
        if let Effect::DeleteFile { id } = effect
            && !self.keeps(*id).await?
        {
            return Err(Refusal::NotFound(format!("file {id} that is the plugin's own")).into());
        }
        if !has_viewers_eyes {
            return Ok(());
        }
        for missing in self.overlay.missing(effect) {
            match missing {
                Missing::Ticket(id) if !matches!(effect, Effect::Transition { .. }) => {
                    self.load(id).await?;
                }
                Missing::Customer(id) if !self.knows_customers() => {
                    return Err(Refusal::NotFound(format!("customer {id}")).into());
                }
                Missing::Identities(_) if !self.knows_customers() => {
                    return Err(Refusal::Right(
                        "whoever calls this route knows no customers: let the route act as the plugin (acts-as = \"plugin\"), or ask somebody else".to_owned(),
                    )
                    .into());
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Refuses what somebody is said to have done who is not known.
    pub(super) async fn check_author(&mut self, author: Option<Actor>) -> Result<(), Fault> {
        let Some(author) = author else {
            return Ok(());
        };
        match author.kind {
            ActorKind::Customer => self.customer(CustomerId(author.id)).await.map(drop),
            ActorKind::Agent if self.directory().agent(AgentId(author.id)).is_none() => {
                Err(Refusal::NotFound(format!("agent {}", author.id)).into())
            }
            _ => Ok(()),
        }
    }

    /// Refuses what the viewer himself may not do: tried as him, on a copy.
    pub(super) async fn check_right(&self, effect: &Effect) -> Result<(), Fault> {
        let Sight::Viewer(Some(viewer)) = &self.sight else {
            return Ok(());
        };
        if !effect.is_for_people() {
            return Ok(());
        }
        let stamp = Stamp {
            principal: viewer.clone(),
            ..self.stamp.clone()
        };
        let mut tried = effect.clone();
        if let Effect::AddMessage { message, .. } = &mut tried {
            message.author = viewer.actor;
        }
        load::carry_out(&self.store, &mut self.overlay.clone(), &tried, &stamp)
            .await
            .map_err(fault)
    }

    /// A file as the body of an answer: one of this invocation's own, or one that it may read.
    pub async fn file_to_answer(&mut self, id: FileId) -> Result<Vec<u8>, Fault> {
        if let Some(own) = self.overlay.file(id) {
            return Ok(own.content.to_vec());
        }
        if !self.grants.contains("files") {
            return Err(Refusal::Right(format!(
                "file {id} is none of its own: ask for the permission `files` in plugin.toml, and have an admin grant it"
            ))
            .into());
        }
        self.part_of_file(id, 0, 0).await?;
        let file = self.store.file(id).await.map_err(host)?;
        file.map(|(_, _, content)| content)
            .ok_or_else(|| Refusal::NotFound(format!("file {id}")).into())
    }

    pub(super) async fn part_of_file(
        &mut self,
        id: FileId,
        offset: u64,
        limit: u32,
    ) -> Result<Vec<u8>, Fault> {
        if self.overlay.is_deleted_file(id) {
            return Err(Refusal::NotFound(format!("file {id}")).into());
        }
        // Of those before it in its turn it reads what they gave to a ticket.
        let made_now = self.overlay.file(id);
        if let Some(file) = made_now.filter(|file| self.is_own(file) || self.overlay.says(id)) {
            let content = usize::try_from(offset)
                .ok()
                .and_then(|offset| file.content.get(offset..))
                .unwrap_or_default();
            let end = content.len().min(limit as usize);
            return Ok(content[..end].to_vec());
        }
        let is_in_sight = match self.sight {
            // What another install keeps for itself is not known to this one.
            Sight::Plugin => {
                let keeper = self.store.install_of_file(id).await.map_err(host)?;
                keeper.is_none_or(|keeper| keeper == self.install)
            }
            Sight::Viewer(_) => self.stands_on_a_ticket_in_sight(id).await?,
        };
        if !is_in_sight {
            return Err(Refusal::NotFound(format!("file {id}")).into());
        }
        let part = self
            .store
            .file_part(id, offset, u64::from(limit))
            .await
            .map_err(host)?;
        part.ok_or_else(|| Refusal::NotFound(format!("file {id}")).into())
    }

    /// Whether the file is this install's own, and no ticket's.
    async fn keeps(&self, id: FileId) -> Result<bool, Fault> {
        if self.overlay.is_deleted_file(id) || self.overlay.says(id) {
            return Ok(false);
        }
        let keeper = match self.overlay.file(id) {
            Some(made) => made.install,
            None => self.store.install_of_file(id).await.map_err(host)?,
        };
        Ok(keeper == Some(self.install))
    }

    fn is_own(&self, file: &FileWrite) -> bool {
        file.install.is_none_or(|install| install == self.install)
    }

    async fn stands_on_a_ticket_in_sight(&mut self, id: FileId) -> Result<bool, Fault> {
        let mut is_in_sight = false;
        for ticket in self.store.tickets_of_file(id).await.map_err(host)? {
            match self.load(ticket).await {
                Ok(()) => is_in_sight = true,
                Err(Fault::Refused(_)) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(is_in_sight)
    }
}
