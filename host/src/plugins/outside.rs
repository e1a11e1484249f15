//! Which servers outside an install may call: the hosts that an admin granted, with settings filled in where the manifest names a setting.

use guichet_core::install::Install;
use guichet_outside::{Allowed, Grant};
use serde_json::Value;

/// What was granted, as far as it can be read. A host that a setting is to name, and that is not set, is none.
pub fn allowed(install: &Install) -> Allowed {
    let hosts = install
        .grants
        .iter()
        .filter_map(|grant| grant.strip_prefix("http:"))
        .filter_map(|host| named(host, &install.settings));
    Allowed::new(
        &install.plugin,
        hosts.filter_map(|host| host.parse::<Grant>().ok()),
    )
}

/// The host of a grant: itself, or what the setting that it names holds, which may be a whole address.
fn named(granted: &str, settings: &Value) -> Option<String> {
    let (pattern, private) = match granted.split_once('@') {
        Some((pattern, private)) => (pattern, Some(private)),
        None => (granted, None),
    };
    let host = match pattern
        .strip_prefix("{settings.")
        .and_then(|rest| rest.strip_suffix('}'))
    {
        None => pattern.to_owned(),
        Some(key) => {
            let set = settings.get(key)?.as_str()?;
            let after_scheme = set.split_once("://").map_or(set, |(_, rest)| rest);
            after_scheme.split(['/', '?', '#']).next()?.to_lowercase()
        }
    };
    Some(match private {
        Some(private) => format!("{host}@{private}"),
        None => host,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_setting_names_the_host_by_itself_or_within_an_address() {
        let settings =
            json!({ "url": "https://Wiki.Example.com:8443/api?x", "host": "wiki.example.com" });
        let of = |grant| named(grant, &settings);
        assert_eq!(
            of("{settings.url}").as_deref(),
            Some("wiki.example.com:8443")
        );
        assert_eq!(of("{settings.host}").as_deref(), Some("wiki.example.com"));
        assert_eq!(
            of("{settings.host}@10.0.0.7").as_deref(),
            Some("wiki.example.com@10.0.0.7")
        );
        assert_eq!(of("{settings.missing}"), None);
        assert_eq!(of("*.example.com").as_deref(), Some("*.example.com"));
    }
}
