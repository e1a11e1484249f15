//! What is asked of a report, checked before the plugin is called: its mistakes are told to whoever asks, and are no failure of the plugin.

use super::range::{self, Range};
use crate::{
    clock::{parse_rfc3339, rfc3339},
    limits::REPORT_PARAMETERS_BYTES_MAX,
    plugins::manifest,
};
use guichet_core::{refusal::Refusal, time::Timestamp};
use guichet_expression::{Environment, Expression};
use guichet_package::{json, limits::VALUE_DEPTH_MAX, schema::Schema};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

pub use guichet_package::manifest::REPORT_PARAMETERS_RESERVED as RESERVED;

/// The language of a report where none is asked for.
const LOCALE: &str = "en";

/// What is asked of a report.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// A range by its name: `today`, `yesterday`, `last-7-days`, `last-30-days`, `last-90-days`, `this-week`, `last-week`, `this-month`, `last-month`,
    /// `this-year`, `last-year`. By default `last-30-days`; not together with `from` and `to`.
    range: Option<String>,
    /// RFC 3339; with `to`.
    from: Option<String>,
    /// RFC 3339: the first instant that does not count.
    to: Option<String>,
    /// An IANA zone; by default the tenant's.
    zone: Option<String>,
    /// A language tag, such as `en` or `zh-CN`; by default `en`.
    locale: Option<String>,
    /// An expression: only tickets for which it holds are counted.
    filter: Option<String>,
    /// What the report declares, by name.
    #[serde(default)]
    #[schema(value_type = Object)]
    parameters: Map<String, Value>,
}

/// A wish that can be handed to the plugin.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub range: Range,
    pub zone: String,
    pub locale: String,
    /// Empty: all tickets.
    pub filter: String,
    /// What the report declares.
    pub parameters: Map<String, Value>,
}

/// What the tenant has that wishes are read with.
pub struct Setting<'a> {
    pub now: Timestamp,
    /// The tenant's zone.
    pub zone: &'a str,
    /// The names by which whoever asks may ask for tickets.
    pub environment: &'a Environment,
}

impl Wish {
    /// Checks it against the report's declaration.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with what is wrong and what to write.
    pub fn check(self, report: &manifest::Report, setting: &Setting<'_>) -> Result<Asked, Refusal> {
        let zone = self.zone.unwrap_or_else(|| setting.zone.to_owned());
        let calendar = range::zone(&zone)?;
        let range = match (&self.range, &self.from, &self.to) {
            (None, None, None) => Range::named("last-30-days", setting.now, &calendar)?,
            (Some(name), None, None) => Range::named(name, setting.now, &calendar)?,
            (None, Some(from), Some(to)) => {
                Range::between(instant("from", from)?, instant("to", to)?)?
            }
            _ => {
                return Err(Refusal::Invalid(
                    "say `range`, or both `from` and `to`".to_owned(),
                ));
            }
        };
        Ok(Asked {
            range,
            locale: locale(self.locale)?,
            filter: filter(self.filter, setting.environment)?,
            parameters: parameters(self.parameters, report)?,
            zone,
        })
    }
}

impl Asked {
    /// The one JSON object that the plugin gets.
    pub fn for_plugin(&self) -> Value {
        let mut all = self.parameters.clone();
        for (name, value) in [
            ("from", rfc3339(self.range.from)),
            ("to", rfc3339(self.range.to)),
            ("zone", self.zone.clone()),
            ("locale", self.locale.clone()),
            ("filter", self.filter.clone()),
        ] {
            all.insert(name.to_owned(), Value::String(value));
        }
        Value::Object(all)
    }
}

fn instant(name: &str, text: &str) -> Result<Timestamp, Refusal> {
    parse_rfc3339(text).ok_or_else(|| {
        Refusal::Invalid(format!(
            "`{name}` is an instant of RFC 3339, such as 2026-11-01T00:00:00+08:00"
        ))
    })
}

fn locale(wished: Option<String>) -> Result<String, Refusal> {
    let locale = wished.unwrap_or_else(|| LOCALE.to_owned());
    let is_tag = (2..=35).contains(&locale.len())
        && locale
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    match is_tag {
        true => Ok(locale),
        false => Err(Refusal::Invalid(
            "`locale` is a language tag, such as en or zh-CN".to_owned(),
        )),
    }
}

fn filter(wished: Option<String>, environment: &Environment) -> Result<String, Refusal> {
    let filter = wished.unwrap_or_default().trim().to_owned();
    if !filter.is_empty() {
        Expression::parse(&filter, environment)
            .map_err(|error| Refusal::Invalid(format!("`filter`, {error}")))?;
    }
    Ok(filter)
}

fn parameters(
    mut wished: Map<String, Value>,
    report: &manifest::Report,
) -> Result<Map<String, Value>, Refusal> {
    let schema = report.parameters.as_ref();
    let declared = schema
        .and_then(|schema| schema.get("properties"))
        .and_then(Value::as_object);
    let known = |name: &str| declared.is_some_and(|declared| declared.contains_key(name));
    if let Some(unknown) = wished.keys().find(|name| !known(name)) {
        return Err(Refusal::Invalid(format!(
            "the report `{}` has no parameter `{}`",
            report.name,
            unknown.chars().take(60).collect::<String>()
        )));
    }
    for (name, property) in declared.into_iter().flatten() {
        if let Some(default) = property.get("default")
            && !wished.contains_key(name)
        {
            wished.insert(name.clone(), default.clone());
        }
    }
    let whole = Value::Object(wished.clone());
    if json::is_deeper(&whole, VALUE_DEPTH_MAX) {
        return Err(Refusal::Limit(format!(
            "parameters have at most {VALUE_DEPTH_MAX} levels"
        )));
    }
    if whole.to_string().len() > REPORT_PARAMETERS_BYTES_MAX {
        return Err(Refusal::Limit(format!(
            "parameters have at most {REPORT_PARAMETERS_BYTES_MAX} bytes"
        )));
    }
    if let Some(schema) = schema {
        let schema = Schema::new(schema).map_err(|error| {
            Refusal::Invalid(format!(
                "the manifest's parameters of `{}`: {error}",
                report.name
            ))
        })?;
        let wrong: Vec<_> = schema
            .misfits(&whole)
            .into_iter()
            .map(|misfit| format!("`parameters{}`: {}", misfit.place, misfit.reason))
            .collect();
        if !wrong.is_empty() {
            return Err(Refusal::Invalid(wrong.join("; ")));
        }
    }
    Ok(wished)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn report() -> manifest::Report {
        let mut report = manifest::Report {
            name: "ages".to_owned(),
            title: [("en".to_owned(), "Ages".to_owned())].into(),
            summary: [].into(),
            parameters: None,
        };
        report.parameters = Some(json!({ "type": "object", "properties": {
            "by": { "type": "string", "enum": ["group", "agent"], "default": "group" },
            "top": { "type": "integer", "minimum": 1 },
        }}));
        report
    }

    fn check(wish: Value) -> Result<Asked, String> {
        let wish: Wish = serde_json::from_value(wish).map_err(|error| error.to_string())?;
        let setting = Setting {
            now: parse_rfc3339("2026-11-25T09:00:00Z").unwrap(),
            zone: "Asia/Shanghai",
            environment: &Environment::tickets([]),
        };
        wish.check(&report(), &setting)
            .map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn nothing_said_is_the_last_thirty_days_in_the_tenants_zone_with_the_declared_defaults() {
        let asked = check(json!({})).unwrap();
        assert_eq!(
            asked.for_plugin(),
            json!({ "from": "2026-10-26T16:00:00Z", "to": "2026-11-25T16:00:00Z", "zone": "Asia/Shanghai", "locale": "en", "filter": "", "by": "group" })
        );
    }

    #[test]
    fn instants_stay_what_they_are_whatever_the_zone() {
        let asked = check(json!({ "from": "2026-11-01T00:00:00+08:00", "to": "2026-11-02T00:00:00Z", "zone": "Europe/Berlin", "locale": "zh-CN",
            "filter": " state == 'open' ", "parameters": { "by": "agent", "top": 3 } }))
        .unwrap();
        assert_eq!(
            asked.for_plugin(),
            json!({ "from": "2026-10-31T16:00:00Z", "to": "2026-11-02T00:00:00Z", "zone": "Europe/Berlin", "locale": "zh-CN", "filter": "state == 'open'", "by": "agent", "top": 3 })
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (wish, says) in [
            (
                json!({ "range": "today", "from": "2026-11-01T00:00:00Z" }),
                "say `range`",
            ),
            (
                json!({ "from": "2026-11-01T00:00:00Z" }),
                "both `from` and `to`",
            ),
            (
                json!({ "from": "yesterday", "to": "2026-11-01T00:00:00Z" }),
                "`from` is an instant",
            ),
            (json!({ "zone": "Nowhere" }), "no time zone `Nowhere`"),
            (json!({ "locale": "<b>" }), "`locale`"),
            (
                json!({ "filter": "state == 3" }),
                "`filter`, line 1, column",
            ),
            (
                json!({ "filter": "stat == 'open'" }),
                "did you mean `state`",
            ),
            (json!({ "parameters": { "by": "moon" } }), "`parameters/by`"),
            (
                json!({ "parameters": { "from": "x" } }),
                "no parameter `from`",
            ),
            (json!({ "colour": "red" }), "unknown field `colour`"),
        ] {
            let told = check(wish.clone()).unwrap_err();
            assert!(told.contains(says), "{wish}: {told}");
        }
    }

    #[test]
    fn parameters_have_a_bound() {
        let mut report = report();
        report.parameters =
            Some(json!({ "type": "object", "properties": { "note": { "type": "string" } } }));
        let sized = |bytes: usize| {
            let overhead = json!({ "note": "" }).to_string().len();
            let wished = json!({ "note": "x".repeat(bytes - overhead) });
            parameters(wished.as_object().unwrap().clone(), &report)
        };
        assert!(sized(REPORT_PARAMETERS_BYTES_MAX).is_ok());
        assert!(matches!(
            sized(REPORT_PARAMETERS_BYTES_MAX + 1),
            Err(Refusal::Limit(_))
        ));
    }
}
