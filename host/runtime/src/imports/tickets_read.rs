//! `tickets-read`.

use super::told;
use crate::{
    bindings::guichet::platform::{
        tickets_read::{Host, HostTicket, Link, Message, Participant},
        types::{Error, Page, PageRequest, Value},
    },
    convert,
    helpdesk::{TicketAggregate, TicketQuery},
    limits::{PAGE_MAX, QUERY_ROWS_MAX},
    state::{State, TicketHandle},
};
use guichet_core::ticket::Ticket;
use wasmtime::component::Resource;

const NAME: &str = "tickets-read";

impl State {
    /// What a getter of a ticket reads.
    fn getter<T>(
        &mut self,
        handle: &Resource<TicketHandle>,
        read: impl FnOnce(&Ticket) -> T,
    ) -> wasmtime::Result<T> {
        self.enter()?;
        let id = self.table.get(handle)?.0;
        Ok(read(self.ticket(id)?))
    }

    fn hand_out(&mut self, ticket: &Ticket) -> wasmtime::Result<Resource<TicketHandle>> {
        Ok(self.table.push(TicketHandle(ticket.id))?)
    }
}

impl Host for State {
    async fn get(&mut self, id: String) -> wasmtime::Result<Result<Resource<TicketHandle>, Error>> {
        told!(self.enter_granted(NAME)?);
        let id = told!(convert::id("ticket", &id));
        let answer = self.helpdesk.ticket(id).await;
        let ticket = told!(self.answer(answer)?);
        self.hand_out(&ticket).map(Ok)
    }

    async fn find(
        &mut self,
        number: u64,
    ) -> wasmtime::Result<Result<Resource<TicketHandle>, Error>> {
        told!(self.enter_granted(NAME)?);
        let answer = self.helpdesk.find_ticket(number).await;
        let ticket = told!(self.answer(answer)?);
        self.hand_out(&ticket).map(Ok)
    }

    async fn read_message(
        &mut self,
        id: String,
    ) -> wasmtime::Result<Result<(String, Message), Error>> {
        told!(self.enter_granted(NAME)?);
        let id = told!(convert::id("message", &id));
        let answer = self.helpdesk.message(id).await;
        let message = told!(self.answer(answer)?);
        Ok(Ok((message.ticket.to_string(), convert::message(&message))))
    }

    async fn query(&mut self, request: PageRequest) -> wasmtime::Result<Result<Page, Error>> {
        told!(self.enter_granted(NAME)?);
        let query = TicketQuery {
            filter: request.filter,
            columns: request.columns,
            sort: request.sort,
            cursor: request.cursor,
            limit: request.limit.clamp(1, QUERY_ROWS_MAX),
        };
        let answer = self.helpdesk.query_tickets(query).await;
        let page = told!(self.answer(answer)?);
        Ok(Ok(Page {
            rows: convert::rows(&page.rows),
            next: page.next,
            extra: Vec::new(),
        }))
    }

    async fn count(&mut self, filter: String) -> wasmtime::Result<Result<u64, Error>> {
        told!(self.enter_granted(NAME)?);
        let answer = self.helpdesk.count_tickets(filter).await;
        self.answer(answer)
    }

    async fn aggregate(
        &mut self,
        filter: String,
        group_by: Vec<String>,
        measures: Vec<String>,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<Vec<Value>>, Error>> {
        told!(self.enter_granted(NAME)?);
        let wanted = TicketAggregate {
            filter,
            group_by,
            measures,
            limit: limit.clamp(1, QUERY_ROWS_MAX),
        };
        let answer = self.helpdesk.aggregate_tickets(wanted).await;
        let rows = told!(self.answer(answer)?);
        Ok(Ok(convert::rows(&rows)))
    }
}

impl HostTicket for State {
    fn id(&mut self, handle: Resource<TicketHandle>) -> wasmtime::Result<String> {
        self.getter(&handle, |ticket| ticket.id.to_string())
    }

    fn number(&mut self, handle: Resource<TicketHandle>) -> wasmtime::Result<Option<u64>> {
        self.getter(&handle, |ticket| ticket.number)
    }

    fn version(&mut self, handle: Resource<TicketHandle>) -> wasmtime::Result<u64> {
        self.getter(&handle, |ticket| ticket.version)
    }

    fn kind(&mut self, handle: Resource<TicketHandle>) -> wasmtime::Result<String> {
        self.getter(&handle, |ticket| ticket.kind.clone())
    }

    fn state(&mut self, handle: Resource<TicketHandle>) -> wasmtime::Result<String> {
        self.getter(&handle, |ticket| ticket.state.name().to_owned())
    }

    fn subject(&mut self, handle: Resource<TicketHandle>) -> wasmtime::Result<String> {
        self.getter(&handle, |ticket| ticket.subject.clone())
    }

    fn channel(&mut self, handle: Resource<TicketHandle>) -> wasmtime::Result<String> {
        self.getter(&handle, |ticket| ticket.channel.clone())
    }

    fn requester(&mut self, handle: Resource<TicketHandle>) -> wasmtime::Result<String> {
        self.getter(&handle, |ticket| ticket.requester.to_string())
    }

    fn assignee(&mut self, handle: Resource<TicketHandle>) -> wasmtime::Result<Option<String>> {
        self.getter(&handle, |ticket| ticket.assignee.map(|id| id.to_string()))
    }

    fn group(&mut self, handle: Resource<TicketHandle>) -> wasmtime::Result<Option<String>> {
        self.getter(&handle, |ticket| ticket.group.map(|id| id.to_string()))
    }

    fn priority(&mut self, handle: Resource<TicketHandle>) -> wasmtime::Result<u8> {
        self.getter(&handle, Ticket::priority)
    }

    fn tags(&mut self, handle: Resource<TicketHandle>) -> wasmtime::Result<Vec<String>> {
        self.getter(&handle, |ticket| ticket.tags.iter().cloned().collect())
    }

    fn created_at(&mut self, handle: Resource<TicketHandle>) -> wasmtime::Result<u64> {
        self.getter(&handle, |ticket| convert::instant(ticket.created_at))
    }

    fn updated_at(&mut self, handle: Resource<TicketHandle>) -> wasmtime::Result<u64> {
        self.getter(&handle, |ticket| convert::instant(ticket.updated_at))
    }

    fn field(&mut self, handle: Resource<TicketHandle>, name: String) -> wasmtime::Result<Value> {
        self.getter(&handle, |ticket| convert::value(&ticket.field(&name)))
    }

    fn links(&mut self, handle: Resource<TicketHandle>) -> wasmtime::Result<Vec<Link>> {
        self.getter(&handle, |ticket| {
            ticket
                .links
                .iter()
                .map(|link| Link {
                    relation: link.relation.clone(),
                    ticket: link.ticket.to_string(),
                    extra: Vec::new(),
                })
                .collect()
        })
    }

    fn participants(
        &mut self,
        handle: Resource<TicketHandle>,
    ) -> wasmtime::Result<Vec<Participant>> {
        self.getter(&handle, |ticket| {
            ticket
                .participants
                .iter()
                .map(|participant| Participant {
                    role: participant.role.clone(),
                    who: convert::actor(participant.who),
                    until: participant.until.map(convert::instant),
                    extra: Vec::new(),
                })
                .collect()
        })
    }

    async fn messages(
        &mut self,
        handle: Resource<TicketHandle>,
        after: Option<String>,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<Message>, Error>> {
        told!(self.enter_granted(NAME)?);
        let id = self.table.get(&handle)?.0;
        let after = told!(
            after
                .map(|after| convert::id("message", &after))
                .transpose()
        );
        let answer = self.helpdesk.messages(id, after, limit.min(PAGE_MAX)).await;
        let messages = told!(self.answer(answer)?);
        Ok(Ok(messages.iter().map(convert::message).collect()))
    }

    async fn last_message(
        &mut self,
        handle: Resource<TicketHandle>,
    ) -> wasmtime::Result<Result<Option<Message>, Error>> {
        told!(self.enter_granted(NAME)?);
        let id = self.table.get(&handle)?.0;
        let answer = self.helpdesk.last_message(id).await;
        let message = told!(self.answer(answer)?);
        Ok(Ok(message.as_ref().map(convert::message)))
    }

    fn drop(&mut self, handle: Resource<TicketHandle>) -> wasmtime::Result<()> {
        self.table.delete(handle)?;
        Ok(())
    }
}
