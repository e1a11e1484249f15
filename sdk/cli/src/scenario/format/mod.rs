//! A scenario as its author writes it: `scenario.toml`. Unknown keys are errors, with line and column. `sdk/docs/scenarios.md` tells of each.
//!
//! Texts may hold `{{number:vpn}}` and the like (see [`super::names`]); they are filled in when the step is taken.

/// What there is before it begins.
mod given;

/// What happens.
mod step;

/// What is so then.
mod expect;

pub use expect::*;
pub use given::*;
pub use step::*;

use serde::Deserialize;
use serde_json::Value as Json;

/// All of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Scenario {
    /// What it shows, as a sentence.
    pub title: String,
    /// When it begins, RFC 3339; by default now.
    #[serde(default)]
    pub clock: Option<String>,
    /// The tenant's time zone.
    #[serde(default = "utc")]
    pub zone: String,
    /// The plugin's settings, secrets among them.
    #[serde(default)]
    pub settings: Json,
    /// Optional permissions that the admin does not grant; he grants all others that are asked for.
    #[serde(default)]
    pub withheld: Vec<String>,
    /// What there is before the plugin is enabled: it is not told of any of it.
    #[serde(default)]
    pub given: Given,
    #[serde(default, rename = "step")]
    pub steps: Vec<Step>,
    /// What is so in the end, over all steps.
    #[serde(default)]
    pub expect: Expect,
}

fn utc() -> String {
    "UTC".to_owned()
}

/// The scenario's text, read twice: once to be checked as a whole, with line and column, and as data whose texts are filled in step by step.
#[derive(Debug, Clone)]
pub struct Source {
    pub scenario: Scenario,
    pub data: Json,
}

impl Source {
    /// Reads and checks a text.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(text: &str) -> Result<Self, String> {
        let scenario: Scenario = toml::from_str(text).map_err(|error| error.to_string())?;
        let data: Json = toml::from_str(text).map_err(|error| error.to_string())?;
        if scenario.title.trim().is_empty() {
            return Err("title: say in a sentence what the scenario shows".to_owned());
        }
        for (index, step) in data["step"].as_array().into_iter().flatten().enumerate() {
            let deeds: Vec<_> = step
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name.as_str())
                .filter(|name| *name != "expect")
                .collect();
            if deeds.len() != 1 {
                let found = match deeds.is_empty() {
                    true => "nothing".to_owned(),
                    false => deeds.join(", "),
                };
                return Err(format!(
                    "step {}: a step does one thing, and here is {found}",
                    index + 1
                ));
            }
        }
        Ok(Self { scenario, data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_found_with_its_line() {
        let error = Source::parse("title = \"x\"\n[[step]]\nadvanced = \"1h\"\n").unwrap_err();
        assert!(error.contains("line 3"), "{error}");
        assert!(error.contains("advanced"), "{error}");
    }

    #[test]
    fn a_step_does_one_thing() {
        let two = "title = \"x\"\n[[step]]\nadvance = \"1h\"\nsettings = {}\n";
        let error = Source::parse(two).unwrap_err();
        assert_eq!(
            error,
            "step 1: a step does one thing, and here is advance, settings"
        );
        let none = "title = \"x\"\n[[step]]\n[step.expect]\nruns = 1\n";
        assert!(Source::parse(none).unwrap_err().contains("here is nothing"));
        assert!(Source::parse("title = \" \"").is_err());
    }
}
