//! `{{secret:name}}` in a header's value: read once when the request is checked, filled in for one hop, and never shown.

use crate::{FetchError, limits::SECRET_NAME_BYTES_MAX};

/// Answers the value of a plugin's secret setting, or `None` where there is none of that name. Asked once for each place and hop.
pub type Secrets<'a> = &'a (dyn Fn(&str) -> Option<String> + Send + Sync);

const OPENING: &str = "{{secret:";
const CLOSING: &str = "}}";

/// A header's value before the secrets are in it.
#[derive(Clone)]
pub(crate) struct Template {
    parts: Vec<Part>,
}

#[derive(Clone)]
enum Part {
    Text(String),
    Secret(String),
}

impl Template {
    pub(crate) fn parse(value: &str) -> Result<Self, &'static str> {
        let mut parts = Vec::new();
        let mut rest = value;
        while let Some((before, after)) = rest.split_once(OPENING) {
            let (name, after) = after
                .split_once(CLOSING)
                .ok_or("a secret in it is not closed by }}")?;
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
            if !(1..=SECRET_NAME_BYTES_MAX).contains(&name.len()) || !name.bytes().all(plain) {
                return Err(
                    "a secret in it is named by other than 1 to 100 letters, digits, _, - and .",
                );
            }
            parts.push(Part::Text(before.to_owned()));
            parts.push(Part::Secret(name.to_owned()));
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self { parts })
    }

    pub(crate) fn has_secrets(&self) -> bool {
        self.parts
            .iter()
            .any(|part| matches!(part, Part::Secret(_)))
    }

    /// What is sent. What a secret holds is not read again: a secret within a secret stays text.
    pub(crate) fn fill(&self, secrets: Secrets<'_>) -> Result<String, FetchError> {
        let mut filled = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Secret(name) => {
                    let value = secrets(name)
                        .ok_or_else(|| FetchError::SecretMissing { name: name.clone() })?;
                    if value.chars().any(char::is_control) {
                        return Err(FetchError::SecretUnfit { name: name.clone() });
                    }
                    filled.push_str(&value);
                }
            }
        }
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(value: &str) -> Result<String, FetchError> {
        let secrets = |name: &str| match name {
            "key" => Some("s3cret".to_owned()),
            "nested" => Some("{{secret:key}}".to_owned()),
            "lines" => Some("a\r\nEvil: 1".to_owned()),
            "nul" => Some("a\0".to_owned()),
            _ => None,
        };
        Template::parse(value).unwrap().fill(&secrets)
    }

    #[test]
    fn a_secret_is_filled_in_wherever_it_stands() {
        assert_eq!(fill("Bearer {{secret:key}}").unwrap(), "Bearer s3cret");
        assert_eq!(
            fill("{{secret:key}}{{secret:key}}").unwrap(),
            "s3crets3cret"
        );
        assert_eq!(fill("no {{braces}} {{").unwrap(), "no {{braces}} {{");
    }

    #[test]
    fn a_secret_within_a_secret_stays_text() {
        assert_eq!(fill("{{secret:nested}}").unwrap(), "{{secret:key}}");
    }

    #[test]
    fn a_secret_that_would_end_the_header_is_refused_and_not_shown() {
        for value in ["{{secret:lines}}", "{{secret:nul}}"] {
            let error = fill(value).unwrap_err();
            assert!(matches!(error, FetchError::SecretUnfit { .. }));
            assert!(!format!("{error} {error:?}").contains("Evil"));
        }
    }

    #[test]
    fn a_secret_that_is_not_set_is_named() {
        assert_eq!(
            fill("{{secret:other}}").unwrap_err().to_string(),
            "the secret \"other\" is not set; an admin sets it on the plugin's settings page"
        );
    }

    #[test]
    fn a_secrets_name_has_up_to_a_hundred_plain_characters() {
        let of = |name: &str| Template::parse(&format!("{{{{secret:{name}}}}}")).is_ok();
        assert!(of(&"a".repeat(SECRET_NAME_BYTES_MAX)));
        assert!(!of(&"a".repeat(SECRET_NAME_BYTES_MAX + 1)));
        assert!(of("a.b-c_d"));
        for name in ["", "a b", "{{secret:a", "密"] {
            assert!(!of(name), "{name}");
        }
        assert!(Template::parse("{{secret:a").is_err());
    }
}
