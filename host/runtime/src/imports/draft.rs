//! Drafts from the contract to the core's, with ids that a second run makes again.

use crate::{
    bindings::guichet::platform::types::{Error, MessageDraft, TicketDraft},
    convert,
    state::State,
};
use guichet_core::{
    actor::Actor,
    id::{MessageId, TicketId},
    message as core,
    ticket::verbs,
};

/// A message of the author; absent, of the plugin itself.
pub(super) fn message(
    state: &mut State,
    draft: MessageDraft,
    author: Option<Actor>,
) -> Result<core::MessageDraft, Error> {
    let own = Actor::plugin(state.helpdesk.install());
    Ok(core::MessageDraft {
        id: MessageId(state.helpdesk.new_id("message")),
        author: author.unwrap_or(own),
        visibility: convert::visibility(&draft.visibility)?,
        text: draft.text,
        html: draft.html,
        attachments: convert::attachments_from(draft.attachments)?,
        fields: convert::fields_from(draft.fields)?,
    })
}

/// A ticket with its first message.
pub(super) fn ticket(
    state: &mut State,
    draft: TicketDraft,
    author: Option<Actor>,
) -> Result<verbs::TicketDraft, Error> {
    let first_message = draft
        .first_message
        .map(|draft| message(state, draft, author))
        .transpose()?;
    let (channel, fields): (Vec<_>, Vec<_>) = convert::fields_from(draft.fields)?
        .into_iter()
        .partition(|field| field.name == "channel");
    let channel = channel
        .first()
        .and_then(|field| field.value.as_text())
        .unwrap_or("plugin");
    Ok(verbs::TicketDraft {
        id: TicketId(state.helpdesk.new_id("ticket")),
        subject: draft.subject,
        requester: convert::id("customer", &draft.requester)?,
        channel: channel.chars().take(40).collect(),
        first_message,
        fields,
    })
}
