//! Who sent a mail, among those we know: a customer by his address, an agent by his.

use super::Case;
use crate::{
    authentic::Claim,
    limits::{AGENT_PAGE, AGENT_PAGES_MAX},
};
use guichet_sdk::{
    Error, Field, Value, customers_read, customers_write, directory_read, text_field, tickets_read,
};

/// The customer's field that says why mail does not reach him.
pub(crate) const UNDELIVERABLE: &str = "guichet/email/undeliverable";

/// The agent of an address, if he works here.
pub(crate) fn agent(address: &str) -> Result<Option<directory_read::Person>, Error> {
    let mut after: Option<String> = None;
    for _ in 0..AGENT_PAGES_MAX {
        let page = directory_read::agents(after.as_deref(), AGENT_PAGE)?;
        let is_last = page.len() < AGENT_PAGE as usize;
        after = page.last().map(|person| person.id.clone());
        let found = page
            .into_iter()
            .find(|person| person.active && person.email.eq_ignore_ascii_case(address));
        if found.is_some() || is_last {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The customer of an address, known or made.
pub(crate) fn customer(name: &str, address: &str) -> Result<String, Error> {
    let identity = format!("mailto:{address}");
    if let Some(known) = customers_read::find(&identity)? {
        return Ok(known.id());
    }
    let name = if name.is_empty() { address } else { name };
    customers_write::ensure(&[identity], false, &[text_field("name", name)])
}

/// The customer who wrote, known or made. Who writes can be written to: a mark that he cannot is taken away. Somebody who is only named keeps his.
pub(crate) fn writer(name: &str, address: &str) -> Result<String, Error> {
    let id = customer(name, address)?;
    if !matches!(customers_read::get(&id)?.field(UNDELIVERABLE), Value::None) {
        let cleared = Field {
            name: UNDELIVERABLE.to_owned(),
            value: Value::None,
        };
        customers_write::set(&id, &[cleared])?;
    }
    Ok(id)
}

/// Whether a customer is the requester of a ticket, or takes part in it.
pub(super) fn takes_part(
    requester: &str,
    participants: &[tickets_read::Participant],
    customer: &str,
) -> bool {
    requester == customer
        || participants
            .iter()
            .any(|one| one.who.kind == "customer" && one.who.id == customer)
}

impl Case<'_> {
    /// Whether an agent's address is to be believed: a server that the settings trust vouches for it, or the settings believe it anyway. Nobody vouches for
    /// what a visitor typed into a contact form: what servers say is of From.
    pub(super) fn is_proven(&self) -> bool {
        self.sender.address == self.mail.from_address()
            && (self.claim == Claim::Proven
                || (self.settings.authentication.trust_agents && self.claim == Claim::Unknown))
    }
}

#[cfg(test)]
mod tests {
    use crate::{inbound::tests::Desk, settings::Settings};

    fn is_proven(settings: &str, from: &str) -> bool {
        let settings: Settings = serde_json::from_str(settings).unwrap();
        let raw = format!(
            "From: {from}\r\nReply-To: kim@desk.example\r\nTo: support@desk.example\r\nAuthentication-Results: mx.desk.example; dmarc=pass header.from=desk.example\r\n\r\nx"
        );
        Desk::with(settings).takes(&raw, |case| case.is_proven())
    }

    #[test]
    fn what_stands_in_a_contact_form_s_reply_to_is_nobody_s_proof() {
        let mailbox = r#""mailboxes": [{ "address": "support@desk.example", "contact_forms": ["form@desk.example"] }]"#;
        for trust in [
            r#"{ "trusted_servers": ["mx.desk.example"] }"#,
            r#"{ "trust_agents": true }"#,
        ] {
            let settings = format!(r#"{{ {mailbox}, "authentication": {trust} }}"#);
            assert!(is_proven(&settings, "kim@desk.example"), "{trust}");
            assert!(!is_proven(&settings, "form@desk.example"), "{trust}");
        }
        let nobody = format!("{{ {mailbox} }}");
        assert!(!is_proven(&nobody, "kim@desk.example"));
    }
}
