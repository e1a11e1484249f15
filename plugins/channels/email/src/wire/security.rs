//! Who may read along. There is no "if it can be had": whoever stands in between would see to it that it cannot.

/// From when on a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// From the first byte: the caller connected by TLS.
    Tls,
    /// Once the server was asked; one that does not offer it gets nothing.
    StartTls,
    /// Never, so that credentials are kept back.
    Plain,
    /// Never, and credentials go all the same: for a server on the same machine.
    PlainWithCredentials,
}

impl Security {
    /// Whether a connection of this kind may carry credentials, once it is as encrypted as it will be.
    pub(crate) fn allows_credentials(self) -> bool {
        self != Self::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_go_in_plain_text_only_where_somebody_said_so() {
        for (security, allowed) in [
            (Security::Tls, true),
            (Security::StartTls, true),
            (Security::Plain, false),
            (Security::PlainWithCredentials, true),
        ] {
            assert_eq!(security.allows_credentials(), allowed, "{security:?}");
        }
    }
}
