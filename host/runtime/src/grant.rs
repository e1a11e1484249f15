//! What a plugin may use. This alone decides; the refusal says the remedy.

use std::collections::BTreeSet;

/// Interfaces that need no grant.
pub(crate) const FREE: [&str; 5] = ["types", "settings", "log", "explain", "clock"];

/// Refuses what was not granted.
pub(crate) fn check(
    grants: &BTreeSet<String>,
    plugin: &str,
    interface: &str,
) -> Result<(), String> {
    if FREE.contains(&interface) || grants.contains(interface) {
        return Ok(());
    }
    Err(format!(
        "plugin \"{plugin}\" may not use {interface}; to allow it: guichet admin grant {plugin} {interface}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_granted_is_refused_with_the_remedy() {
        let refusal = check(&BTreeSet::new(), "acme/triage", "tickets-write").unwrap_err();
        assert_eq!(
            refusal,
            "plugin \"acme/triage\" may not use tickets-write; to allow it: guichet admin grant acme/triage tickets-write"
        );
        assert!(
            check(
                &BTreeSet::from(["tickets-write".to_owned()]),
                "acme/triage",
                "tickets-write"
            )
            .is_ok()
        );
        assert!(check(&BTreeSet::new(), "acme/triage", "log").is_ok());
    }
}
