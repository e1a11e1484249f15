//! What a report is asked: the host's own parameters, read into types.

use crate::words::Language;
use guichet_sdk::Error;
use jiff::{Timestamp, tz::TimeZone};
use serde::Deserialize;

/// A report's parameters.
#[derive(Debug, Clone)]
pub struct Asked {
    pub from: Timestamp,
    /// The first instant that does not count.
    pub to: Timestamp,
    pub zone: TimeZone,
    pub language: Language,
    /// The viewer's own filter; empty: none.
    pub filter: String,
}

#[derive(Deserialize)]
struct Parameters {
    from: String,
    to: String,
    #[serde(default)]
    zone: Option<String>,
    #[serde(default)]
    locale: String,
    #[serde(default)]
    filter: String,
}

impl Asked {
    /// Reads the JSON that the host hands over.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the parameter that is wrong.
    pub fn read(parameters: &str) -> Result<Self, Error> {
        let wrong = |what: String| Error::Invalid(format!("the parameters: {what}"));
        let given: Parameters =
            serde_json::from_str(parameters).map_err(|error| wrong(error.to_string()))?;
        let instant = |name: &str, text: &str| {
            text.parse::<Timestamp>()
                .map_err(|_| wrong(format!("`{name}` is no instant of RFC 3339")))
        };
        let zone = given.zone.unwrap_or_else(|| "UTC".to_owned());
        Ok(Self {
            from: instant("from", &given.from)?,
            to: instant("to", &given.to)?,
            zone: TimeZone::get(&zone).map_err(|_| wrong(format!("there is no zone `{zone}`")))?,
            language: Language::of(&given.locale),
            filter: given.filter.trim().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_parameters_are_read() {
        let asked = Asked::read(r#"{"from":"2026-11-01T00:00:00Z","to":"2026-11-02T00:00:00+08:00","zone":"Asia/Shanghai","locale":"zh-CN","filter":" state == \"open\" ","more":1}"#).unwrap();
        assert_eq!(asked.to.to_string(), "2026-11-01T16:00:00Z");
        assert_eq!(
            (asked.language, asked.filter.as_str()),
            (Language::Chinese, "state == \"open\"")
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (parameters, says) in [
            ("{}", "from"),
            (r#"{"from":"x","to":"2026-11-02T00:00:00Z"}"#, "`from`"),
            (r#"{"from":"2026-11-01T00:00:00Z","to":"x"}"#, "`to`"),
            (
                r#"{"from":"2026-11-01T00:00:00Z","to":"2026-11-02T00:00:00Z","zone":"Moon"}"#,
                "`Moon`",
            ),
        ] {
            let Err(Error::Invalid(told)) = Asked::read(parameters) else {
                panic!("{parameters}");
            };
            assert!(told.contains(says), "{told}");
        }
    }
}
