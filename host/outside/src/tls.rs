//! Which certificates are trusted, set up once. The certificate must be the host's own name; nothing can turn that off.

use crate::FetchError;
use rustls::{
    CertificateError, ClientConfig, RootCertStore,
    client::Resumption,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use std::{net::IpAddr, sync::Arc};

/// Where trust begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Roots {
    /// What this machine's other programs trust, and the extra roots.
    #[default]
    Platform,
    /// The extra roots only.
    ExtraOnly,
}

/// The settings can not be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A root of the operator's own is not readable.
    #[error(
        "the extra root certificates can not be read ({0}); give them as PEM, with BEGIN CERTIFICATE lines"
    )]
    ExtraRoots(String),
    /// The TLS library refuses to be set up.
    #[error("TLS can not be set up")]
    Tls(#[from] rustls::Error),
}

/// The client's side of TLS, and whether it trusts anybody at all.
#[derive(Clone)]
pub(crate) struct Tls {
    /// For HTTP, which is said in the handshake.
    pub(crate) pages: Arc<ClientConfig>,
    /// For whatever else a plugin speaks.
    pub(crate) servers: Arc<ClientConfig>,
    pub(crate) has_roots: bool,
}

impl Tls {
    pub(crate) fn new(roots: Roots, extra_roots_pem: &[u8]) -> Result<Self, SettingsError> {
        let mut store = RootCertStore::empty();
        if roots == Roots::Platform {
            // Single unreadable ones are left out: a platform's folder often holds some.
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        let unreadable = |error: String| SettingsError::ExtraRoots(error);
        let mut count = 0;
        for root in CertificateDer::pem_slice_iter(extra_roots_pem) {
            let root = root.map_err(|error| unreadable(error.to_string()))?;
            let added = store.add(root);
            added.map_err(|error| unreadable(error.to_string()))?;
            count += 1;
        }
        if count == 0 && !extra_roots_pem.is_empty() {
            return Err(unreadable("none is in the text".to_owned()));
        }
        let has_roots = !store.is_empty();
        // Named, so that another library's choice for the process changes nothing here.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(store)
            .with_no_client_auth();
        // A resumed session would tie one tenant's calls to another's, and would not look at the certificate again.
        config.resumption = Resumption::disabled();
        let servers = Arc::new(config.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            pages: Arc::new(config),
            servers,
            has_roots,
        })
    }
}

/// For whom the certificate must be: the name, sent as SNI, or the address.
pub(crate) fn server_name(host: &crate::target::Host) -> Result<ServerName<'static>, FetchError> {
    match host {
        crate::target::Host::Name(name) => {
            ServerName::try_from(name.clone()).map_err(|_| FetchError::Untrusted {
                host: host.to_string(),
                reason: "no certificate can be for such a name; ask for it under another",
            })
        }
        crate::target::Host::Address(address) => Ok(ServerName::from(IpAddr::clone(address))),
    }
}

/// What a failed handshake means, in words of ours: the library's hold what the other side sent.
pub(crate) fn reason(error: &std::io::Error) -> Option<&'static str> {
    let inner = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    Some(match inner {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "its certificate has expired; its operator has to renew it"
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "its certificate is not valid yet; check the clocks on both sides"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "its certificate is for another name; check the address of the page"
            }
            CertificateError::UnknownIssuer => {
                "nobody known here vouches for its certificate; an operator may add its root certificate"
            }
            CertificateError::Revoked => "its certificate was revoked; ask its operator",
            _ => "its certificate is not valid; ask its operator",
        },
        _ => "it speaks no TLS that is safe today, or none at all on that port",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extra_roots_that_can_not_be_read_are_refused() {
        for pem in [
            "no certificate",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\n",
        ] {
            let made = Tls::new(Roots::ExtraOnly, pem.as_bytes());
            assert!(matches!(made, Err(SettingsError::ExtraRoots(_))), "{pem}");
        }
    }

    #[test]
    fn nobody_is_trusted_without_roots() {
        assert!(!Tls::new(Roots::ExtraOnly, b"").unwrap().has_roots);
    }
}
