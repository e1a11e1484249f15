//! `customers-read`.

use super::told;
use crate::{
    bindings::guichet::platform::{
        customers_read::{Host, HostCustomer},
        types::{Error, Value},
    },
    convert,
    state::{CustomerHandle, State},
};
use guichet_core::customer::Customer;
use wasmtime::component::Resource;

const NAME: &str = "customers-read";

impl State {
    /// What a getter of a customer reads.
    fn of_customer<T>(
        &mut self,
        handle: &Resource<CustomerHandle>,
        read: impl FnOnce(&Customer) -> T,
    ) -> wasmtime::Result<T> {
        self.enter()?;
        let id = self.table.get(handle)?.0;
        let customer = self
            .helpdesk
            .loaded_customer(id)
            .ok_or_else(|| wasmtime::Error::msg("the customer of this handle is gone"))?;
        Ok(read(customer))
    }
}

impl Host for State {
    async fn get(
        &mut self,
        id: String,
    ) -> wasmtime::Result<Result<Resource<CustomerHandle>, Error>> {
        told!(self.enter_granted(NAME)?);
        let id = told!(convert::id("customer", &id));
        let answer = self.helpdesk.customer(id).await;
        let customer = told!(self.answer(answer)?);
        Ok(Ok(self.table.push(CustomerHandle(customer.id))?))
    }

    async fn find(
        &mut self,
        identity: String,
    ) -> wasmtime::Result<Result<Option<Resource<CustomerHandle>>, Error>> {
        told!(self.enter_granted(NAME)?);
        let answer = self.helpdesk.find_customer(identity).await;
        Ok(Ok(match told!(self.answer(answer)?) {
            Some(customer) => Some(self.table.push(CustomerHandle(customer.id))?),
            None => None,
        }))
    }
}

impl HostCustomer for State {
    fn id(&mut self, handle: Resource<CustomerHandle>) -> wasmtime::Result<String> {
        self.of_customer(&handle, |customer| customer.id.to_string())
    }

    fn version(&mut self, handle: Resource<CustomerHandle>) -> wasmtime::Result<u64> {
        self.of_customer(&handle, |customer| customer.version)
    }

    fn name(&mut self, handle: Resource<CustomerHandle>) -> wasmtime::Result<String> {
        self.of_customer(&handle, |customer| customer.name.clone())
    }

    fn groups(&mut self, handle: Resource<CustomerHandle>) -> wasmtime::Result<Vec<String>> {
        self.of_customer(&handle, |customer| {
            customer.groups.iter().map(ToString::to_string).collect()
        })
    }

    fn locale(&mut self, handle: Resource<CustomerHandle>) -> wasmtime::Result<String> {
        self.of_customer(&handle, |customer| customer.locale.clone())
    }

    fn identities(&mut self, handle: Resource<CustomerHandle>) -> wasmtime::Result<Vec<String>> {
        self.of_customer(&handle, |customer| {
            let proven = customer.identities.iter().filter(|known| known.verified);
            let claimed = customer.identities.iter().filter(|known| !known.verified);
            proven
                .chain(claimed)
                .map(|known| known.name.clone())
                .collect()
        })
    }

    fn field(&mut self, handle: Resource<CustomerHandle>, name: String) -> wasmtime::Result<Value> {
        self.of_customer(&handle, |customer| convert::value(&customer.field(&name)))
    }

    fn drop(&mut self, handle: Resource<CustomerHandle>) -> wasmtime::Result<()> {
        self.table.delete(handle)?;
        Ok(())
    }
}
