//! What the admin sets. All of it has a default: without any settings raw mails become tickets and replies, and answers wait for a mailbox.

use serde::Deserialize;

/// The settings, as in the manifest's schema.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub mailboxes: Vec<Mailbox>,
    /// More addresses that are ours: mail from them is never answered by a machine, and who writes to them is not copied in.
    pub own_addresses: Vec<String>,
    /// The domain of our Message-IDs; empty: that of the mailbox.
    pub id_domain: String,
    /// Whether addresses of ours with a tag (`support+…@desk.example`) reach the mailbox: answers and bounces go to such.
    pub tagged_addresses: bool,
    /// Seconds between two looks into a mailbox.
    pub poll_seconds: u64,
    /// Which of the two last keys signs what goes out.
    pub key_generation: u64,
    pub authentication: Authentication,
    pub blocklist: Vec<String>,
    /// Whether mail of unknown senders waits until somebody looks at it.
    pub unknown_senders_wait: bool,
    /// Whether a reply by somebody who takes no part waits until somebody looks at it.
    pub stranger_replies_wait: bool,
    pub copy_people_in: bool,
    pub copied_people_max: u64,
    /// Whether bodies are searched for a ticket's tag, too.
    pub scan_body_for_tags: bool,
    /// Channels whose tickets are answered by mail, where the requester has an address.
    pub answered_channels: Vec<String>,
    pub rates: Rates,
    pub acknowledgement: Acknowledgement,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mailboxes: Vec::new(),
            own_addresses: Vec::new(),
            id_domain: String::new(),
            tagged_addresses: true,
            poll_seconds: 20,
            key_generation: 1,
            authentication: Authentication::default(),
            blocklist: Vec::new(),
            unknown_senders_wait: false,
            stranger_replies_wait: false,
            copy_people_in: true,
            copied_people_max: 48,
            scan_body_for_tags: false,
            answered_channels: ["email", "api", "web"].map(str::to_owned).to_vec(),
            rates: Rates::default(),
            acknowledgement: Acknowledgement::default(),
        }
    }
}

/// A mailbox of the desk.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Mailbox {
    pub address: String,
    /// What stands before the address in mails.
    pub name: String,
    pub aliases: Vec<String>,
    /// The id of the group that gets its tickets.
    pub group: String,
    pub signature: String,
    /// What stands around the words of an answer; empty: nothing.
    pub template: String,
    /// Senders of contact forms: their Reply-To is who asks.
    pub contact_forms: Vec<String>,
    /// Where its mail is.
    pub incoming: Incoming,
    /// By whom its mail goes out.
    pub outgoing: Outgoing,
    /// How a token for both is had, where they take no password.
    pub oauth: OAuth,
}

/// A mailbox's server, as IMAP has it. Without a host there is none.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Incoming {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub user: String,
    pub folder: String,
    /// What was in the folder when it was first looked into.
    pub earlier: Earlier,
    /// Where mails go that were taken; empty: they stay, and are marked as seen.
    pub move_to: String,
}

impl Default for Incoming {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 993,
            security: Security::Tls,
            user: String::new(),
            folder: "INBOX".to_owned(),
            earlier: Earlier::Unseen,
            move_to: String::new(),
        }
    }
}

/// Which mails are taken that were there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Earlier {
    /// None of them.
    None,
    /// Those that nobody has seen.
    Unseen,
    All,
}

/// A server that takes mails, as SMTP has it. Without a host there is none.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Outgoing {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Empty: it takes our mail without.
    pub user: String,
}

impl Default for Outgoing {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 465,
            security: Security::Tls,
            user: String::new(),
        }
    }
}

/// Who may read along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Security {
    /// Nobody, from the first byte.
    Tls,
    /// Nobody, once the server was asked for it.
    StartTls,
    /// Everybody on the way: for a server on the same machine.
    None,
}

/// How a token is had for a user (OAuth 2.0, a refresh token). Without an address passwords are used.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct OAuth {
    /// Where it is asked for.
    pub token_url: String,
    pub client_id: String,
}

/// Whom to believe that a sender is who it seems.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Authentication {
    /// Names of the mail servers whose Authentication-Results count.
    pub trusted_servers: Vec<String>,
    /// Whether an agent's address is believed without proof.
    pub trust_agents: bool,
}

/// How much is too much.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Rates {
    pub window_minutes: u64,
    /// Automatic answers to one address, to one address under one subject, to one domain, from one mailbox.
    pub answers_per_sender: u64,
    pub answers_per_subject: u64,
    pub answers_per_domain: u64,
    pub answers_per_mailbox: u64,
    /// Mails of one sender, and mails with one body.
    pub mails_per_sender: u64,
    pub mails_per_body: u64,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            window_minutes: 180,
            answers_per_sender: 10,
            answers_per_subject: 2,
            answers_per_domain: 100,
            answers_per_mailbox: 1_000,
            mails_per_sender: 60,
            mails_per_body: 10,
        }
    }
}

/// The answer that a machine gives to a new ticket.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Acknowledgement {
    pub enabled: bool,
    pub text_en: String,
    pub text_zh: String,
}

impl Default for Acknowledgement {
    fn default() -> Self {
        Self {
            enabled: false,
            text_en: "Your request has been received as ticket #{{number}}. We will answer as soon as we can.".to_owned(),
            text_zh: "我们已收到您的请求，工单号 #{{number}}，将尽快答复。".to_owned(),
        }
    }
}

impl Settings {
    /// The mailbox of an address, by itself or an alias; with a tag in it or not. A plus sign may be the mailbox's own: the whole address is looked for
    /// first.
    pub fn mailbox(&self, address: &str) -> Option<&Mailbox> {
        untagged(address).find_map(|bare| {
            self.mailboxes.iter().find(|mailbox| {
                std::iter::once(&mailbox.address)
                    .chain(&mailbox.aliases)
                    .any(|own| own.trim().eq_ignore_ascii_case(&bare))
            })
        })
    }

    /// Whether an address is one of this desk's.
    pub fn is_ours(&self, address: &str) -> bool {
        let is_own = |bare: String| {
            self.own_addresses
                .iter()
                .any(|own| own.trim().eq_ignore_ascii_case(&bare))
        };
        self.mailbox(address).is_some() || untagged(address).any(is_own)
    }

    /// Whether tickets of a channel are answered by mail; what came by mail always is.
    pub fn answers(&self, channel: &str) -> bool {
        channel == "email" || self.answered_channels.iter().any(|one| one == channel)
    }

    /// Whether mail of that address is not wanted. An entry is an address or a domain.
    pub fn is_blocked(&self, address: &str) -> bool {
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        self.blocklist
            .iter()
            .map(|entry| entry.trim().trim_start_matches('@').to_lowercase())
            .any(|entry| {
                !entry.is_empty()
                    && (entry == address
                        || entry == domain
                        || (!entry.contains('@') && domain.ends_with(&format!(".{entry}"))))
            })
    }
}

/// An address, and the same with ever fewer of the tags in it: `a+b+t1.x@desk.example`, `a+b@desk.example`, `a@desk.example`.
fn untagged(address: &str) -> impl Iterator<Item = String> {
    let (local, domain) = match address.rsplit_once('@') {
        Some((local, domain)) => (local, format!("@{domain}")),
        None => (address, String::new()),
    };
    let ends = std::iter::once(local.len()).chain(local.rmatch_indices('+').map(|(at, _)| at));
    ends.map(move |end| format!("{}{domain}", &local[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_known_with_tags_and_aliases_and_blocked_by_domain() {
        let settings: Settings = serde_json::from_str(r#"{ "mailboxes": [{ "address": "Support@desk.example", "aliases": ["help@desk.example"] }], "own_addresses": ["ceo@desk.example"], "blocklist": ["spam.example", "bad@ok.example"] }"#).unwrap();
        assert_eq!(
            settings
                .mailbox("support+t1.abc@desk.example")
                .unwrap()
                .address,
            "Support@desk.example"
        );
        assert!(
            settings.is_ours("help@desk.example")
                && settings.is_ours("ceo@desk.example")
                && !settings.is_ours("ana@desk.example")
        );
        assert!(
            settings.is_blocked("x@spam.example")
                && settings.is_blocked("x@mail.spam.example")
                && settings.is_blocked("bad@ok.example")
        );
        assert!(
            !settings.is_blocked("good@ok.example") && !settings.is_blocked("x@notspam.example")
        );
        assert_eq!(Settings::default().rates.answers_per_sender, 10);
    }

    #[test]
    fn tickets_of_web_forms_are_answered_by_mail_unless_the_admin_says_otherwise() {
        let answers = |settings: &str, channel: &str| {
            let settings: Settings = serde_json::from_str(settings).unwrap();
            settings.answers(channel)
        };
        for channel in ["email", "api", "web"] {
            assert!(answers("{}", channel), "{channel}");
        }
        assert!(!answers("{}", "wechat"));
        let none = r#"{ "answered_channels": [] }"#;
        assert!(answers(none, "email") && !answers(none, "web"));
    }
    #[test]
    fn a_mailbox_may_have_a_plus_sign_of_its_own() {
        let settings: Settings = serde_json::from_str(r#"{ "mailboxes": [{ "address": "support@desk.example" }, { "address": "support+vip@desk.example" }], "own_addresses": ["ceo+desk@desk.example"] }"#).unwrap();
        for (address, mailbox) in [
            ("support+vip@desk.example", Some("support+vip@desk.example")),
            ("Support+VIP@desk.example", Some("support+vip@desk.example")),
            (
                "support+vip+t1.abc@desk.example",
                Some("support+vip@desk.example"),
            ),
            ("support+t1.abc@desk.example", Some("support@desk.example")),
            (
                "support+other+t1.abc@desk.example",
                Some("support@desk.example"),
            ),
            ("sales+vip@desk.example", None),
            ("vip@desk.example", None),
        ] {
            let found = settings.mailbox(address);
            assert_eq!(
                found.map(|found| found.address.as_str()),
                mailbox,
                "{address}"
            );
            assert_eq!(settings.is_ours(address), mailbox.is_some(), "{address}");
        }
        assert!(
            settings.is_ours("ceo+desk@desk.example")
                && settings.is_ours("ceo+desk+t1.abc@desk.example")
                && !settings.is_ours("ceo@desk.example")
        );
    }
}
