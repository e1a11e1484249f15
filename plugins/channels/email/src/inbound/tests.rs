use super::*;

/// A desk that has taken no mail yet.
pub(super) struct Desk {
    settings: Settings,
    keys: Keys,
}

impl Desk {
    pub(super) fn with(settings: Settings) -> Self {
        Self {
            settings,
            keys: Keys::new(vec![b"key".to_vec()]),
        }
    }

    /// What is asked of a mail, as the route takes it.
    pub(super) fn takes<T>(&self, raw: &str, ask: impl FnOnce(&Case<'_>) -> T) -> T {
        let mail = mail::read(raw.as_bytes());
        let arrival = Arrival::of("/inbound", &[], &mail, &self.settings).unwrap();
        let content = arrival::content(&mail, raw.as_bytes());
        let is_ours = |address: &str| self.settings.is_ours(address);
        ask(&Case {
            settings: &self.settings,
            keys: &self.keys,
            arrival: &arrival,
            automatic: automatic::classify(&mail, &is_ours),
            claim: authentic::claim(
                &mail.head,
                mail.from_address(),
                &self.settings.authentication.trusted_servers,
            ),
            window: Window::at(0, self.settings.rates.window_minutes),
            sender: arrival.sender(&mail),
            mail: &mail,
            source: "source",
            content: &content,
        })
    }
}
