//! To whom a mail goes, from which mailbox, and in which conversation it stands.

use super::{
    Why,
    prepare::{NO_ADDRESS, NO_MAILBOX},
};
use crate::{
    automatic::is_reachable,
    inbound::sender_field,
    mail::address::{self, Address},
    records::Conversation,
    settings::Settings,
};
use guichet_sdk::{Error, Value, customers_read, directory_read, tickets_read};

/// Who writes to whom.
pub(super) struct Envelope {
    pub(super) from: Address,
    pub(super) to: Address,
    /// The domain of the Message-ID.
    pub(super) domain: String,
    pub(super) signature: String,
    pub(super) template: String,
    /// The mailbox, as the settings have it; empty where it is no longer one of them.
    pub(super) mailbox: String,
    /// Whether mail to the requester came back.
    pub(super) is_undeliverable: bool,
}

/// People in copy.
const CC_MAX: usize = 48;

impl Envelope {
    /// To the requester, whoever else takes part.
    pub(super) fn of(
        settings: &Settings,
        ticket: &tickets_read::Ticket,
        conversation: &Conversation,
    ) -> Result<Result<Self, Why>, Error> {
        let mailbox = settings.mailbox(&conversation.mailbox).or_else(|| {
            conversation
                .mailbox
                .is_empty()
                .then(|| settings.mailboxes.first())
                .flatten()
        });
        let from = match mailbox {
            Some(mailbox) => Address {
                name: address::clean_name(&mailbox.name),
                address: mailbox.address.trim().to_lowercase(),
            },
            None => Address {
                name: String::new(),
                address: conversation.mailbox.clone(),
            },
        };
        let Some((_, domain)) = from.address.rsplit_once('@') else {
            return Ok(Err(NO_MAILBOX));
        };
        let requester = customers_read::get(&ticket.requester())?;
        // He is answered where he wrote from, if that is still his address.
        let addresses = mail_addresses(&requester);
        let wrote_from = addresses
            .iter()
            .find(|one| **one == conversation.requester_address);
        let Some(to) = wrote_from.or(addresses.first()) else {
            return Ok(Err(NO_ADDRESS));
        };
        let to = Address {
            name: address::clean_name(&requester.name()),
            address: to.clone(),
        };
        Ok(Ok(Self {
            domain: match address::clean(&format!("x@{}", settings.id_domain.trim())) {
                Some(_) => settings.id_domain.trim().to_lowercase(),
                None => domain.to_owned(),
            },
            signature: mailbox
                .map(|mailbox| mailbox.signature.clone())
                .unwrap_or_default(),
            template: mailbox
                .map(|mailbox| mailbox.template.clone())
                .unwrap_or_default(),
            mailbox: mailbox
                .map(|mailbox| mailbox.address.clone())
                .unwrap_or_default(),
            is_undeliverable: is_undeliverable(&requester),
            from,
            to,
        }))
    }
}

/// Somebody who may get a copy, and whether mail to him came back.
struct Copied {
    to: Address,
    is_undeliverable: bool,
}

/// Who gets a copy: whoever takes part as such.
pub(super) fn in_copy(ticket: &tickets_read::Ticket, to: &Address) -> Result<Vec<Address>, Error> {
    let mut found = Vec::new();
    for participant in ticket
        .participants()
        .into_iter()
        .filter(|participant| participant.role == "cc")
        .take(CC_MAX)
    {
        match participant.who.kind.as_str() {
            "customer" => {
                let customer = customers_read::get(&participant.who.id)?;
                let address = mail_addresses(&customer).into_iter().next();
                found.extend(address.map(|address| Copied {
                    to: Address {
                        name: address::clean_name(&customer.name()),
                        address,
                    },
                    is_undeliverable: is_undeliverable(&customer),
                }));
            }
            _ => {
                let agent = directory_read::agent(&participant.who.id)?;
                found.extend(address::clean(&agent.email).map(|address| Copied {
                    to: Address {
                        name: address::clean_name(&agent.name),
                        address,
                    },
                    is_undeliverable: false,
                }));
            }
        }
    }
    Ok(copies(to, found))
}

/// Each address once, and none to which mail came back.
fn copies(to: &Address, found: Vec<Copied>) -> Vec<Address> {
    let mut cc: Vec<Address> = Vec::new();
    for one in found.into_iter().filter(|one| !one.is_undeliverable) {
        let is_there = |known: &Address| known.address == one.to.address;
        if !is_there(to) && !cc.iter().any(is_there) {
            cc.push(one.to);
        }
    }
    cc
}

fn is_undeliverable(customer: &customers_read::Customer) -> bool {
    !matches!(customer.field(sender_field()), Value::None)
}

fn mail_addresses(customer: &customers_read::Customer) -> Vec<String> {
    let identities = customer.identities();
    identities
        .iter()
        .filter_map(|identity| identity.strip_prefix("mailto:"))
        .filter_map(address::clean)
        .filter(|address| is_reachable(address))
        .collect()
}

/// What a mail answers and refers to (RFC 5322, 3.6.4): the newest of theirs, else of ours.
pub(super) fn thread(conversation: &Conversation) -> (Option<String>, Vec<String>) {
    let parent = match (conversation.last.as_str(), conversation.own_last.as_str()) {
        ("", "") => return (None, Vec::new()),
        ("", own) => own,
        (theirs, _) => theirs,
    };
    let mut references = conversation.references.clone();
    references.retain(|id| id != parent);
    references.push(parent.to_owned());
    (
        Some(parent.to_owned()),
        crate::inbound::trimmed(&references),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_goes_once_to_each_and_not_where_mail_came_back() {
        let of = |address: &str| Address {
            name: String::new(),
            address: address.to_owned(),
        };
        let found = [
            ("bo@t.example", false),
            ("gone@t.example", true),
            ("ana@t.example", false),
            ("bo@t.example", false),
            ("kim@t.example", false),
        ];
        let found = found.map(|(address, is_undeliverable)| Copied {
            to: of(address),
            is_undeliverable,
        });
        assert_eq!(
            copies(&of("ana@t.example"), found.into()),
            [of("bo@t.example"), of("kim@t.example")]
        );
    }

    #[test]
    fn a_mail_refers_to_what_it_answers_and_to_what_that_referred_to() {
        assert_eq!(thread(&Conversation::default()), (None, Vec::new()));
        let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let answered = Conversation {
            last: "c".to_owned(),
            references: ids(&["a", "b"]),
            own_last: "own".to_owned(),
            ..Conversation::default()
        };
        assert_eq!(
            thread(&answered),
            (Some("c".to_owned()), ids(&["a", "b", "c"]))
        );
        let first = Conversation {
            own_last: "own".to_owned(),
            ..Conversation::default()
        };
        assert_eq!(thread(&first), (Some("own".to_owned()), ids(&["own"])));
        let long = Conversation {
            last: "last".to_owned(),
            references: (0..40).map(|number| number.to_string()).collect(),
            ..Conversation::default()
        };
        let (_, references) = thread(&long);
        assert_eq!(
            (
                references.len(),
                references[0].as_str(),
                references[1].as_str(),
                references[10].as_str()
            ),
            (11, "0", "31", "last")
        );
    }
}
