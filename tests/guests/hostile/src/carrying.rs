//! Carries messages out, well or badly, as the settings say.

use crate::attempts;
use guichet_sdk::{
    Channel, Error, NotCarried, Outbound, Reason, Receipt, records, text_field, typed_settings,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Settings {
    #[serde(default)]
    carries: Carries,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
enum Carries {
    #[default]
    Well,
    /// Told to a server outside, first.
    Out(String),
    /// Told to a server outside, and then it breaks down, at the first attempt.
    OutAndTrap(String),
    /// The first attempt, told to a server outside, ends without anybody knowing.
    OutAndUnknown(String),
    /// Ready, and nothing to send it by.
    Waiting,
    Closed,
    Unreachable,
    Declined,
    Retry(u32),
    /// Once, and then well.
    RetryOnce,
    GiveUp,
    Trap,
}

fn reason(code: &str) -> Reason {
    Reason {
        code: code.to_owned(),
        detail: "as told".to_owned(),
        address: Some("ana@trade.example".to_owned()),
        extra: Vec::new(),
    }
}

fn receipt(fields: &[(&str, &str)]) -> Receipt {
    Receipt {
        external_id: Some("outside-1".to_owned()),
        fields: fields
            .iter()
            .map(|(name, value)| text_field(name, *value))
            .collect(),
    }
}

impl Channel for crate::Hostile {
    fn deliver(message: Outbound) -> Result<Receipt, NotCarried> {
        let failed = |error: Error| {
            NotCarried::Retry((
                None,
                Reason {
                    detail: format!("{error:?}"),
                    ..reason("failed")
                },
            ))
        };
        let settings: Settings = typed_settings().map_err(failed)?;
        // Whoever may: written with what becomes of the message, or not at all.
        let counted = match records::add("counts", "carried", "/count", 1.0) {
            Err(Error::Denied(_)) => Ok(()),
            other => other,
        };
        counted.map_err(failed)?;
        let tell = |url: &str| {
            let headers = [
                ("x-key".to_owned(), message.idempotency_key.clone()),
                ("x-text".to_owned(), message.text.clone()),
                ("x-attempt".to_owned(), message.attempt.to_string()),
                ("x-unknown".to_owned(), message.previous_unknown.to_string()),
            ];
            attempts::fetch("POST", url, &headers).map_err(failed)
        };
        match settings.carries {
            Carries::Well => {}
            Carries::Out(url) => drop(tell(&url)?),
            Carries::OutAndTrap(url) => {
                tell(&url)?;
                assert!(message.attempt > 1, "as told");
            }
            Carries::OutAndUnknown(url) => {
                tell(&url)?;
                if message.attempt == 1 {
                    return Err(NotCarried::Unknown(reason("cut-off")));
                }
            }
            Carries::Waiting => {
                return Ok(receipt(&[("state", "waiting"), ("reason", "no-way-out")]));
            }
            Carries::Closed => return Err(NotCarried::WindowClosed(reason("window-closed"))),
            Carries::Unreachable => return Err(NotCarried::Unreachable(reason("unreachable"))),
            Carries::Declined => return Err(NotCarried::Declined),
            Carries::Retry(seconds) => {
                return Err(NotCarried::Retry((Some(seconds), reason("later"))));
            }
            Carries::RetryOnce if message.attempt == 1 => {
                return Err(NotCarried::Retry((None, reason("later"))));
            }
            Carries::RetryOnce => {}
            Carries::GiveUp => return Err(NotCarried::GiveUp(reason("given-up"))),
            Carries::Trap => unreachable!("as told"),
        }
        Ok(receipt(&[("address", "ana@trade.example")]))
    }
}
