//! The way of a request, hop by hop.

use crate::{
    AddressBlock, Allowed, FetchError, Request, Resolve, Response, Roots, Secrets, SettingsError,
    connect::{connect, stand_in},
    exchange::{Answer, Sending, exchange},
    limits::{
        ANSWER_BODY_BYTES_DEFAULT, ANSWER_BODY_BYTES_MAX, CONNECT_MS_MAX, REDIRECTS_MAX,
        TOTAL_MS_MAX,
    },
    redirect::follow,
    request::Outgoing,
    target::{Host, Target},
    tls::Tls,
};
use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::time::timeout;

/// What an operator sets once.
#[derive(Debug, Clone, Default)]
pub struct OutsideSettings {
    /// Where trust in certificates begins.
    pub roots: Roots,
    /// Root certificates of the operator's own, as PEM; empty for none.
    pub extra_roots_pem: Vec<u8>,
    /// Public addresses that plugins are kept from, such as this server's own, unless an admin allows one for a host.
    pub withheld: Vec<AddressBlock>,
    /// For the scenarios of plugins' authors: servers that stand in for hosts, by the host's name (`api.example.com`, or with `:port` where a port is said),
    /// reached without TLS. Grants are asked for as ever; nothing else can be reached then. Absent on every server.
    pub stand_ins: Option<BTreeMap<String, SocketAddr>>,
}

/// Bounds of one call. More than the limits' is cut down to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of the answer's body, at most [`ANSWER_BODY_BYTES_MAX`].
    pub answer_bytes_max: usize,
    /// Milliseconds for all hops together, at most [`TOTAL_MS_MAX`].
    pub total_ms_max: u64,
    /// Milliseconds to connect in one hop, at most [`CONNECT_MS_MAX`].
    pub connect_ms_max: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            answer_bytes_max: ANSWER_BODY_BYTES_DEFAULT,
            total_ms_max: TOTAL_MS_MAX,
            connect_ms_max: CONNECT_MS_MAX,
        }
    }
}

impl Bounds {
    fn cut(self) -> Self {
        Self {
            answer_bytes_max: self.answer_bytes_max.min(ANSWER_BODY_BYTES_MAX),
            total_ms_max: self.total_ms_max.min(TOTAL_MS_MAX),
            connect_ms_max: self.connect_ms_max.min(CONNECT_MS_MAX),
        }
    }
}

/// The way out for plugins. Cheap to clone; holds no connection.
#[derive(Clone)]
pub struct Outside {
    resolver: Arc<dyn Resolve>,
    pub(crate) tls: Tls,
    withheld: Arc<[AddressBlock]>,
    stand_ins: Option<Arc<BTreeMap<String, SocketAddr>>>,
}

impl Outside {
    /// Reads root certificates: once, at the start.
    ///
    /// # Errors
    /// When the extra roots are no certificates.
    pub fn new(
        settings: OutsideSettings,
        resolver: Arc<dyn Resolve>,
    ) -> Result<Self, SettingsError> {
        Ok(Self {
            resolver,
            tls: Tls::new(settings.roots, &settings.extra_roots_pem)?,
            withheld: settings.withheld.into(),
            stand_ins: settings.stand_ins.map(Arc::new),
        })
    }

    /// Sends a plugin's request and reads the answer, redirects followed. Any status is an answer, no error. Dropping the future ends
    /// the connection.
    ///
    /// # Errors
    /// See [`FetchError`]: what was not granted, what can not be asked, what is too large, what can not be reached.
    pub async fn fetch(
        &self,
        allowed: &Allowed,
        request: Request,
        secrets: Secrets<'_>,
        bounds: Bounds,
    ) -> Result<Response, FetchError> {
        let bounds = bounds.cut();
        let first = Target::parse(&request.url)?;
        let outgoing = Outgoing::check(request)?;
        let at = At(Mutex::new(first.authority()));
        let hops = self.hops(allowed, outgoing, first, secrets, bounds, &at);
        timeout(Duration::from_millis(bounds.total_ms_max), hops)
            .await
            .unwrap_or_else(|_| {
                let reason = format!("no full answer within {} ms", bounds.total_ms_max);
                Err(FetchError::unavailable(at.get(), reason))
            })
    }

    async fn hops(
        &self,
        allowed: &Allowed,
        mut outgoing: Outgoing,
        mut target: Target,
        secrets: Secrets<'_>,
        bounds: Bounds,
        at: &At,
    ) -> Result<Response, FetchError> {
        let mut from: Option<String> = None;
        for _ in 0..=REDIRECTS_MAX {
            allowed.check_host(&target, from.as_deref())?;
            at.set(&target);
            let way = self.way(allowed, &target).await?;
            let sending = Sending {
                method: outgoing.method.clone(),
                headers: outgoing.headers.fill(secrets)?,
                body: outgoing.body.clone(),
            };
            let within = Duration::from_millis(bounds.connect_ms_max);
            let stream = match way {
                Way::Checked(checked) => connect(&target, &checked, &self.tls, within).await?,
                Way::StandIn(address) => Box::new(stand_in(&target, address, within).await?),
            };
            match exchange(stream, &target, sending, bounds.answer_bytes_max).await? {
                Answer::Final(response) => return Ok(response),
                Answer::Redirect(status, location) => {
                    let next = follow(&mut outgoing, &target, status, &location)?;
                    from = Some(target.authority());
                    target = next;
                }
            }
        }
        Err(FetchError::TooManyRedirects {
            host: from.unwrap_or_default(),
            redirects_max: REDIRECTS_MAX,
        })
    }

    /// How the target is reached: at its addresses, checked, or at who stands in for it.
    pub(crate) async fn way(&self, allowed: &Allowed, target: &Target) -> Result<Way, FetchError> {
        if let Some(stand_ins) = &self.stand_ins {
            let found = stand_ins.get(&target.authority());
            return found.copied().map(Way::StandIn).ok_or_else(|| {
                let reason = "nobody stands in for it here";
                FetchError::unavailable(target.authority(), reason)
            });
        }
        let found = self.look_up(target).await?;
        let checked = allowed.check_addresses(target, &found, &self.withheld)?;
        Ok(Way::Checked(checked))
    }

    async fn look_up(&self, target: &Target) -> Result<Vec<IpAddr>, FetchError> {
        let unknown = || FetchError::unavailable(target.authority(), "its name has no address");
        match &target.host {
            Host::Address(address) => Ok(vec![*address]),
            Host::Name(name) => {
                let found = self.resolver.resolve(name).await.map_err(|_| unknown())?;
                if found.is_empty() {
                    return Err(unknown());
                }
                Ok(found)
            }
        }
    }
}

/// How a target is reached.
pub(crate) enum Way {
    Checked(Vec<IpAddr>),
    StandIn(SocketAddr),
}

/// Where a call is, for the sentence about its being too slow.
struct At(Mutex<String>);

impl At {
    fn set(&self, target: &Target) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = target.authority();
    }

    fn get(&self) -> String {
        let at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        at.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_may_lower_a_bound_and_not_raise_it_past_the_limit() {
        let most = Bounds {
            answer_bytes_max: usize::MAX,
            total_ms_max: u64::MAX,
            connect_ms_max: u64::MAX,
        };
        assert_eq!(most.cut().answer_bytes_max, ANSWER_BODY_BYTES_MAX);
        assert_eq!(most.cut().total_ms_max, TOTAL_MS_MAX);
        assert_eq!(most.cut().connect_ms_max, CONNECT_MS_MAX);
        let least = Bounds {
            answer_bytes_max: 0,
            total_ms_max: 1,
            connect_ms_max: 1,
        };
        assert_eq!(least.cut(), least);
        assert_eq!(Bounds::default().cut(), Bounds::default());
        assert_eq!(Bounds::default().answer_bytes_max, 4 << 20);
        assert_eq!(Bounds::default().total_ms_max, 30_000);
    }

    #[test]
    fn a_fetch_can_wait_on_any_thread() {
        fn is_send<T: Send>(_: &T) {}
        let outside = Outside::new(
            OutsideSettings::default(),
            Arc::new(crate::SystemResolver::default()),
        )
        .unwrap();
        let allowed = Allowed::new("acme/x", []);
        let request = Request {
            method: "GET".to_owned(),
            url: "https://a.example/".to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        let secrets = |_: &str| None;
        is_send(&outside.fetch(&allowed, request, &secrets, Bounds::default()));
    }
}
