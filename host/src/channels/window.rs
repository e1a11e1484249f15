//! Reply windows: for so long after the person's last message, and so often, a channel may answer. Each of his messages opens it anew.

use guichet_core::{
    actor::ActorKind,
    delivery::DeliveryState,
    id::{InstallId, MessageId, TicketId},
    message::{Message, Visibility},
    time::Timestamp,
};
use guichet_package::manifest::ReplyWindow;
use guichet_store::{StoreError, TenantStore};

/// What is left of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Absent where the person has never written here.
    pub until: Option<Timestamp>,
    /// Messages that may still be sent; absent: any number.
    pub messages: Option<u32>,
}

impl Left {
    /// Whether nothing can be said any more.
    pub fn is_closed(self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| until <= now) || self.messages == Some(0)
    }
}

/// What is left of a channel's window on a ticket: for a message that is there, what it spent itself, when it may be sent again, is not spent twice.
///
/// # Errors
/// Where the database fails.
pub async fn left(
    store: &TenantStore,
    ticket: TicketId,
    install: InstallId,
    window: ReplyWindow,
    message: Option<MessageId>,
) -> Result<Left, StoreError> {
    let mut since = store.messages_since_customer(ticket).await?;
    since.retain(|one| Some(one.draft.id) != message);
    Ok(of(&since, install, window))
}

/// From the person's last message and all after it.
fn of(since: &[Message], install: InstallId, window: ReplyWindow) -> Left {
    let opened = since.iter().find(|message| {
        message.draft.author.kind == ActorKind::Customer
            && message.draft.visibility == Visibility::Public
    });
    let spent = since
        .iter()
        .filter_map(|message| message.delivery.as_ref())
        .filter(|delivery| {
            delivery.install == install
                && matches!(
                    delivery.state,
                    DeliveryState::Sent | DeliveryState::Sending | DeliveryState::Unknown
                )
        })
        .count();
    Left {
        until: opened.map(|message| {
            message
                .at
                .plus_milliseconds(i64::from(window.minutes) * 60_000)
        }),
        messages: window
            .messages
            .map(|most| most.saturating_sub(u32::try_from(spent).unwrap_or(u32::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guichet_core::{
        actor::Actor,
        delivery::Delivery,
        id::{AgentId, CustomerId, MessageId},
        message::MessageDraft,
    };
    use uuid::Uuid;

    const CHANNEL: InstallId = InstallId(Uuid::from_u128(1));
    const WINDOW: ReplyWindow = ReplyWindow {
        minutes: 2,
        messages: Some(2),
    };

    fn said(author: Actor, at: i64, state: Option<DeliveryState>) -> Message {
        Message {
            ticket: TicketId(Uuid::from_u128(2)),
            at: Timestamp(at),
            draft: MessageDraft {
                id: MessageId(Uuid::from_u128(3)),
                author,
                visibility: Visibility::Public,
                text: String::new(),
                html: None,
                attachments: Vec::new(),
                fields: Vec::new(),
            },
            delivery: state.map(|state| Delivery {
                state,
                reason: None,
                detail: None,
                file: None,
                address: None,
                external_id: None,
                at: Timestamp(at),
                install: CHANNEL,
            }),
        }
    }

    #[test]
    fn a_window_is_open_until_its_last_microsecond_and_its_last_message() {
        let (ana, bo) = (
            Actor::customer(CustomerId(Uuid::from_u128(4))),
            Actor::agent(AgentId(Uuid::from_u128(5))),
        );
        let asked = said(ana, 1_000_000, None);
        let left = of(std::slice::from_ref(&asked), CHANNEL, WINDOW);
        let end = 1_000_000 + 120_000_000;
        assert_eq!(left.until, Some(Timestamp(end)));
        assert!(!left.is_closed(Timestamp(end - 1)) && left.is_closed(Timestamp(end)));
        let answered = |states: &[DeliveryState]| {
            let answers = states.iter().map(|state| said(bo, 2_000_000, Some(*state)));
            let all: Vec<_> = std::iter::once(asked.clone()).chain(answers).collect();
            of(&all, CHANNEL, WINDOW).is_closed(Timestamp(2_000_000))
        };
        assert!(!answered(&[DeliveryState::Sent]));
        assert!(answered(&[DeliveryState::Sent, DeliveryState::Unknown]));
        assert!(
            !answered(&[DeliveryState::Sent, DeliveryState::Failed]),
            "what did not go costs nothing"
        );
        assert!(
            of(&[], CHANNEL, WINDOW).is_closed(Timestamp(0)),
            "nobody has written"
        );
    }
}
