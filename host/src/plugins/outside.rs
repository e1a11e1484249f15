//! Which servers outside an install may call, by HTTP and by connections of its own: the hosts that an admin granted, with settings filled in where the
//! manifest names a setting.

use guichet_core::install::Install;
use guichet_outside::{Allowed, Grant};
use serde_json::Value;

/// What an install may call.
pub struct Ways {
    /// By HTTP.
    pub http: Allowed,
    /// By connections of its own.
    pub net: Allowed,
}

impl Ways {
    /// What was granted, as far as it can be read. A host that a setting is to name, and that is not set, is none.
    pub fn of(install: &Install) -> Self {
        let granted = |interface: &str| {
            let hosts = install
                .grants
                .iter()
                .filter_map(|grant| grant.strip_prefix(interface)?.strip_prefix(':'))
                .flat_map(|host| named(host, &install.settings));
            hosts
                .filter_map(|host| host.parse::<Grant>().ok())
                .collect::<Vec<_>>()
        };
        Self {
            http: Allowed::new(&install.plugin, granted("http")),
            net: Allowed::servers(&install.plugin, granted("net")),
        }
    }
}

/// The hosts of a grant: itself, or those that the settings which it names hold.
fn named(granted: &str, settings: &Value) -> Vec<String> {
    let (pattern, private) = match granted.split_once('@') {
        Some((pattern, private)) => (pattern, Some(private)),
        None => (granted, None),
    };
    let hosts = match pattern
        .strip_prefix("{settings.")
        .and_then(|rest| rest.strip_suffix('}'))
    {
        None => vec![pattern.to_owned()],
        Some(path) => at_path(settings, path)
            .into_iter()
            .filter_map(host_of)
            .collect(),
    };
    let with_private = |host: String| match private {
        Some(private) => format!("{host}@{private}"),
        None => host,
    };
    hosts.into_iter().map(with_private).collect()
}

/// What stands at a path of keys, `[]` for each entry of a list.
fn at_path<'v>(settings: &'v Value, path: &str) -> Vec<&'v Value> {
    let mut found = vec![settings];
    for step in path.split('.') {
        let (key, is_list) = match step.strip_suffix("[]") {
            Some(key) => (key, true),
            None => (step, false),
        };
        found = found
            .into_iter()
            .filter_map(|value| value.get(key))
            .flat_map(|value| match value.as_array() {
                Some(entries) if is_list => entries.iter().collect(),
                _ if is_list => Vec::new(),
                _ => vec![value],
            })
            .collect();
    }
    found
}

/// A host by itself, within a whole address, or as an object with `host` and `port`.
fn host_of(set: &Value) -> Option<String> {
    let (text, port) = match set {
        Value::String(text) => (text.as_str(), None),
        Value::Object(server) => (
            server.get("host")?.as_str()?,
            server.get("port").and_then(Value::as_u64),
        ),
        _ => return None,
    };
    let after_scheme = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = after_scheme
        .split(['/', '?', '#'])
        .next()?
        .trim()
        .to_lowercase();
    match port {
        // What a setting holds is a host; which hosts, and at which private addresses, is for consent to widen.
        _ if host.is_empty() || host.contains(['@', '*']) => None,
        Some(port) => Some(format!("{host}:{port}")),
        None => Some(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_setting_names_the_host_by_itself_or_within_an_address() {
        let settings = json!({ "url": "https://Wiki.Example.com:8443/api?x", "host": "wiki.example.com", "nothing": "", "number": 7 });
        let of = |grant: &str| named(grant, &settings);
        assert_eq!(of("{settings.url}"), ["wiki.example.com:8443"]);
        assert_eq!(of("{settings.host}"), ["wiki.example.com"]);
        assert_eq!(
            of("{settings.host}@10.0.0.7"),
            ["wiki.example.com@10.0.0.7"]
        );
        for none in ["missing", "nothing", "number", "host[]", "host.port"] {
            assert_eq!(of(&format!("{{settings.{none}}}")), [""; 0], "{none}");
        }
        assert_eq!(of("*.example.com"), ["*.example.com"]);
    }

    #[test]
    fn each_entry_of_a_list_names_its_server() {
        let settings = json!({ "mailboxes": [
            { "incoming": { "host": "imap.a.example", "port": 993 } },
            { "incoming": { "host": "IMAP.b.example ", "port": 143 } },
            { "incoming": { "host": "" } },
            {},
        ] });
        assert_eq!(
            named("{settings.mailboxes[].incoming}@127.0.0.0/8", &settings),
            [
                "imap.a.example:993@127.0.0.0/8",
                "imap.b.example:143@127.0.0.0/8"
            ]
        );
    }
}
