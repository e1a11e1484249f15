//! `net`: connections to servers outside, in jobs. Where to, the host alone decides.

use super::told;
use crate::{
    bindings::guichet::platform::{
        net::{Host, HostConnection},
        types::Error,
    },
    helpdesk::Server,
    limits::NET_READ_BYTES_MAX,
    state::{ConnectionHandle, State},
};
use wasmtime::component::Resource;

impl Host for State {
    async fn connect(
        &mut self,
        host: String,
        port: u16,
        tls: bool,
    ) -> wasmtime::Result<Result<Resource<ConnectionHandle>, Error>> {
        told!(self.enter_granted("net")?);
        if self.limits.connections == 0 {
            return Ok(Err(Error::Denied(
                "connections to the outside are for jobs: enqueue one".to_owned(),
            )));
        }
        if self.connections >= self.limits.connections {
            return Ok(Err(Error::Limit(format!(
                "more than {} connections at a time: end one of them",
                self.limits.connections
            ))));
        }
        let answer = self.helpdesk.connect(Server { host, port, tls }).await;
        let connection = told!(self.answer(answer)?);
        let handle = self.table.push(ConnectionHandle(connection))?;
        self.connections += 1;
        Ok(Ok(handle))
    }
}

impl HostConnection for State {
    async fn read(
        &mut self,
        connection: Resource<ConnectionHandle>,
        limit: u32,
        timeout_milliseconds: u32,
    ) -> wasmtime::Result<Result<Vec<u8>, Error>> {
        told!(self.enter_net_read()?);
        let limit = (limit as usize).min(NET_READ_BYTES_MAX);
        let connection = self.table.get_mut(&connection)?;
        let answer = connection.0.read(limit, timeout_milliseconds.into()).await;
        self.answer(answer)
    }

    async fn write(
        &mut self,
        connection: Resource<ConnectionHandle>,
        bytes: Vec<u8>,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted("net")?);
        let connection = self.table.get_mut(&connection)?;
        let answer = connection.0.write(bytes).await;
        self.answer(answer)
    }

    async fn start_tls(
        &mut self,
        connection: Resource<ConnectionHandle>,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted("net")?);
        let connection = self.table.get_mut(&connection)?;
        let answer = connection.0.start_tls().await;
        self.answer(answer)
    }

    fn drop(&mut self, connection: Resource<ConnectionHandle>) -> wasmtime::Result<()> {
        self.table.delete(connection)?;
        self.connections -= 1;
        Ok(())
    }
}
