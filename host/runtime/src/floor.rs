//! The bare wasmtime that deliveries are measured against: the same engine and component, a fresh instance each, the event in and the effect out,
//! and nothing else of what a delivery is: no limits, no grants, no clock, no log, no thread of the plugins'.

use crate::{
    bindings::{event_point::EventPointPre, guichet::platform::types::Error},
    convert,
    plugin::{InstallError, Runtime},
};
use guichet_core::event::Event;
use wasmtime::{Engine, Store, component::Linker};

/// A component that tags tickets, on bare wasmtime.
#[derive(Clone)]
pub struct Floor {
    engine: Engine,
    plugin: EventPointPre<Tags>,
}

/// Tags that were asked for.
struct Tags(usize);

impl Floor {
    /// A component that was taken in before. Of the contract it may call `settings.get`, `explain.because` and `tickets-write.add-tags`.
    ///
    /// # Errors
    /// [`InstallError`].
    pub async fn of(
        runtime: &Runtime,
        digest: &str,
        settings: &'static str,
    ) -> Result<Self, InstallError> {
        let component = runtime.component(digest).await?;
        let link = || -> wasmtime::Result<EventPointPre<Tags>> {
            let mut linker = Linker::<Tags>::new(&runtime.engine);
            linker
                .instance("guichet:platform/settings@0.1.0")?
                .func_wrap("get", move |_, (): ()| Ok((settings.to_owned(),)))?;
            linker
                .instance("guichet:platform/explain@0.1.0")?
                .func_wrap("because", |_, _: (String, String)| Ok(()))?;
            linker
                .instance("guichet:platform/tickets-write@0.1.0")?
                .func_wrap(
                    "add-tags",
                    |mut store: wasmtime::StoreContextMut<'_, Tags>,
                     (_, tags): (String, Vec<String>)| {
                        store.data_mut().0 += tags.len();
                        Ok((Ok::<(), Error>(()),))
                    },
                )?;
            linker.define_unknown_imports_as_traps(&component)?;
            EventPointPre::new(linker.instantiate_pre(&component)?)
        };
        Ok(Self {
            engine: runtime.engine.clone(),
            plugin: link().map_err(|error| InstallError::Invalid(error.to_string()))?,
        })
    }

    /// Hands an event in; answers how many tags were asked for.
    ///
    /// # Errors
    /// What the component, or wasmtime, says.
    pub async fn handle_event(&self, event: &Event) -> Result<usize, String> {
        let mut store = Store::new(&self.engine, Tags(0));
        store.set_epoch_deadline(1_000_000);
        let run = async {
            let instance = self.plugin.instantiate_async(&mut store).await?;
            instance
                .guichet_platform_event_handler()
                .call_handle(&mut store, &convert::event(event, false))
                .await
        };
        match run.await {
            Ok(Ok(())) => Ok(store.into_data().0),
            Ok(Err(error)) => Err(convert::error_text(&error)),
            Err(error) => Err(error.to_string()),
        }
    }
}
