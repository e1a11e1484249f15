//! Connections to servers outside.

use guichet_sdk::{Error, net};
use serde::Deserialize;

#[derive(Deserialize)]
struct Talk {
    port: u16,
    /// Connections to be held at a time.
    #[serde(default)]
    hoard: usize,
    say: String,
}

/// Says something to a server on this machine, and tells what it heard.
pub(crate) fn talk(payload: &str) -> String {
    let said = || -> Result<String, Error> {
        let talk: Talk =
            serde_json::from_str(payload).map_err(|error| Error::Invalid(error.to_string()))?;
        let held = (0..talk.hoard)
            .map(|_| net::connect("localhost", talk.port, false))
            .collect::<Result<Vec<_>, _>>()?;
        drop(held);
        let connection = net::connect("localhost", talk.port, false)?;
        connection.write(talk.say.as_bytes())?;
        let heard = connection.read(100, 10_000)?;
        Ok(String::from_utf8_lossy(&heard).into_owned())
    };
    said().unwrap_or_else(|error| format!("{error:?}"))
}
