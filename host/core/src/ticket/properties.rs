//! Random sequences of verbs keep what a ticket promises.

use super::{
    Ticket,
    due::Periods,
    relation::Participant,
    state::State,
    verbs::TicketDraft,
    work::{Stamp, Work},
};
use crate::{
    actor::{Actor, ActorKind, Principal},
    directory::{Access, Agent, AgentRole, Directory},
    event::Origin,
    id::{AgentId, CustomerId, GroupId, MessageId, TicketId},
    message::{MessageDraft, Visibility},
    refusal::Refusal,
    time::Timestamp,
    value::Value,
};
use proptest::prelude::*;
use uuid::Uuid;

#[derive(Debug, Clone)]
enum Step {
    Assign(Option<u8>, Option<u8>),
    Wait(bool),
    Resume,
    Solve,
    Reopen,
    Close,
    Delete,
    Restore,
    Say { public: bool, automatic: bool },
    Tag(Vec<u8>, Vec<u8>),
    Set(&'static str, Value),
    Link(bool, u8),
    MergeInto(u8),
    Unmerge,
    TakeIn(u8),
    TakePart(&'static str, u8, bool),
    TakePartNoMore(&'static str, u8),
    FallDue(i64),
}

fn any_step() -> impl Strategy<Value = Step> {
    let small = || proptest::option::of(0u8..3);
    prop_oneof![
        (small(), small()).prop_map(|(agent, group)| Step::Assign(agent, group)),
        any::<bool>().prop_map(Step::Wait),
        Just(Step::Resume),
        Just(Step::Solve),
        Just(Step::Reopen),
        Just(Step::Close),
        Just(Step::Delete),
        Just(Step::Restore),
        (any::<bool>(), any::<bool>())
            .prop_map(|(public, automatic)| Step::Say { public, automatic }),
        (
            proptest::collection::vec(0u8..5, 0..3),
            proptest::collection::vec(0u8..5, 0..3)
        )
            .prop_map(|(add, remove)| Step::Tag(add, remove)),
        (1i64..6).prop_map(|n| Step::Set("impact", Value::Integer(n))),
        (1i64..6).prop_map(|n| Step::Set("urgency", Value::Integer(n))),
        proptest::option::of(1i64..5)
            .prop_map(|n| Step::Set("priority_override", n.map_or(Value::None, Value::Integer))),
        any::<i64>().prop_map(|n| Step::Set("acme/parcels/count", Value::Integer(n))),
        Just(Step::Set("acme/parcels/count", Value::None)),
        "[a-z]{0,5}".prop_map(|text| Step::Set("subject", Value::Text(text))),
        any::<bool>().prop_map(|hold| Step::Set("legal_hold", Value::Boolean(hold))),
        (any::<bool>(), 0u8..4).prop_map(|(there, other)| Step::Link(there, other)),
        (0u8..3).prop_map(Step::MergeInto),
        Just(Step::Unmerge),
        (0u8..3).prop_map(Step::TakeIn),
        (0u8..5, any::<bool>()).prop_map(|(who, timed)| Step::TakePart("cc", who, timed)),
        (0u8..5, any::<bool>()).prop_map(|(who, timed)| Step::TakePart("helper", who, timed)),
        (0u8..5).prop_map(|who| Step::TakePartNoMore("cc", who)),
        (0i64..40).prop_map(Step::FallDue),
    ]
}

fn principal(who: u8) -> Principal {
    let agent = |id: u128, role, elsewhere| Agent {
        id: AgentId(Uuid::from_u128(id)),
        name: String::new(),
        email: id.to_string(),
        role,
        elsewhere,
        active: true,
        password_hash: None,
    };
    let directory = Directory::new(
        0,
        vec![
            agent(3, AgentRole::Agent, Access::Change),
            agent(4, AgentRole::Supervisor, Access::Change),
            agent(6, AgentRole::Helper, Access::None),
        ],
        Vec::new(),
        &[],
        Vec::new(),
    );
    let actor = |kind, id: u128| Actor {
        kind,
        id: Uuid::from_u128(id),
    };
    directory.principal(match who {
        0 => actor(ActorKind::Customer, 1),
        1 => actor(ActorKind::Customer, 2),
        2 => actor(ActorKind::Agent, 3),
        3 => actor(ActorKind::Agent, 4),
        4 => actor(ActorKind::Plugin, 5),
        _ => actor(ActorKind::Agent, 6),
    })
}

fn other(number: u8) -> TicketId {
    TicketId(Uuid::from_u128(1_000 + u128::from(number)))
}

fn stamp(who: u8, at: i64) -> Stamp {
    Stamp {
        at: Timestamp(at),
        principal: principal(who),
        origin: Origin::default(),
        because: None,
    }
}

fn take(work: &mut Work, step: &Step, stamp: &Stamp) -> Result<(), Refusal> {
    let tags = |numbers: &[u8]| {
        numbers
            .iter()
            .map(|n| format!("tag-{n}"))
            .collect::<Vec<_>>()
    };
    match step {
        Step::Assign(agent, group) => work.assign(
            agent.map(|n| AgentId(Uuid::from_u128(n.into()))),
            group.map(|n| GroupId(Uuid::from_u128(n.into()))),
            stamp,
        ),
        Step::Wait(timed) => work.wait(
            "the customer",
            timed.then_some(Timestamp(stamp.at.0 + 1)),
            stamp,
        ),
        Step::Resume => work.resume(stamp),
        Step::Solve => work.solve(stamp),
        Step::Reopen => work.reopen(stamp),
        Step::Close => work.close(stamp),
        Step::Delete => work.delete(stamp),
        Step::Restore => work.restore(stamp),
        Step::Say { public, automatic } => {
            let draft = MessageDraft {
                id: MessageId(Uuid::from_u128(stamp.at.0.unsigned_abs().into())),
                author: stamp.principal.actor,
                visibility: if *public {
                    Visibility::Public
                } else {
                    Visibility::Internal
                },
                text: "words".to_owned(),
                html: None,
                attachments: Vec::new(),
                fields: automatic
                    .then(|| crate::value::Field {
                        name: "hide".to_owned(),
                        value: Value::Boolean(true),
                    })
                    .into_iter()
                    .collect(),
            };
            work.add_message(draft, stamp).map(drop)
        }
        Step::Tag(add, remove) => work.tag(&tags(add), &tags(remove), stamp),
        Step::Set(name, value) => work.set_field(name, value.clone(), stamp),
        Step::Link(true, number) => work.link("related", other(*number), stamp),
        Step::Link(false, number) => work.unlink("related", other(*number), stamp),
        Step::MergeInto(number) => work.merge_into(other(*number), stamp),
        Step::Unmerge => work.unmerge(stamp),
        Step::TakeIn(number) => work.take_in(other(*number), stamp),
        Step::TakePart(role, who, timed) => work.add_participant(
            Participant {
                role: (*role).to_owned(),
                who: principal(*who).actor,
                until: timed.then_some(Timestamp(stamp.at.0 + 3)),
            },
            stamp,
        ),
        Step::TakePartNoMore(role, who) => {
            work.remove_participant(role, principal(*who).actor, stamp)
        }
        Step::FallDue(days) => {
            let later = Stamp {
                principal: Actor::SYSTEM.into(),
                ..stamp.clone()
            };
            let periods = Periods {
                close_days: *days % 2,
                ..Periods::default()
            };
            work.fall_due(&periods, &later)
        }
    }
}

fn keeps_its_promises(ticket: &Ticket) -> Result<(), TestCaseError> {
    prop_assert_eq!(
        ticket.state == State::Deleted,
        ticket.prior_state.is_some(),
        "only a deleted ticket remembers what it was"
    );
    prop_assert_eq!(
        ticket.merged_into.is_some(),
        ticket.merged_state.is_some(),
        "a merged ticket remembers what it was"
    );
    prop_assert_eq!(
        ticket.merged_into.is_some(),
        ticket.linked("merged-into").count() == 1
    );
    prop_assert_eq!(
        ticket.state == State::Deleted,
        ticket.removed_at.is_some(),
        "what is deleted knows since when"
    );
    prop_assert!(!(ticket.legal_hold && ticket.state == State::Deleted));
    // A merged ticket keeps all that it had, to be again what it was.
    if ticket.merged_into.is_some() {
        return Ok(());
    }
    if matches!(
        ticket.state,
        State::New | State::Open | State::Solved | State::Closed
    ) {
        prop_assert!(
            ticket.pending_reason.is_none() && ticket.pending_until.is_none(),
            "only waiting has a reason"
        );
    }
    if ticket.state == State::Pending {
        prop_assert!(ticket.pending_reason.is_some());
    }
    if matches!(ticket.state, State::Solved | State::Closed) {
        prop_assert!(ticket.solved_at.is_some());
    }
    if matches!(ticket.state, State::New | State::Open | State::Pending) {
        prop_assert!(ticket.solved_at.is_none());
    }
    Ok(())
}

/// Takes the work's events onto the folded ticket and demands that it is then the ticket that was.
fn fold(folded: &mut Ticket, work: Work) -> Result<Ticket, TestCaseError> {
    let (ticket, events) = work.finish();
    for event in events {
        folded.version += 1;
        prop_assert_eq!(
            event.ticket_version,
            Some(folded.version),
            "versions have no gap"
        );
        folded.updated_at = event.at;
        for change in &event.changes {
            // The beginning tells what a blank ticket has by itself; priority follows from other fields.
            if event.kind != "ticket.created" && change.name != "priority" {
                prop_assert_eq!(&folded.field(&change.name), &change.old);
            }
            folded.apply(change);
        }
        for change in &event.changes {
            prop_assert_eq!(&folded.field(&change.name), &change.new);
        }
    }
    prop_assert_eq!(&*folded, &ticket);
    Ok(ticket)
}

proptest! {
    #[test]
    fn random_verbs_keep_a_ticket_whole_and_its_log_folds_to_every_past_state(steps in proptest::collection::vec((any_step(), 0u8..6), 1..40)) {
        let id = TicketId(Uuid::from_u128(99));
        let requester = CustomerId(Uuid::from_u128(1));
        let draft = TicketDraft { id, subject: "Printer on fire".to_owned(), requester, channel: "api".to_owned(), first_message: None, fields: Vec::new() };
        let (made, _) = Work::create(draft, &stamp(0, 1)).unwrap();
        let mut folded = Ticket::blank(id, CustomerId(Uuid::nil()), Timestamp(1));
        let mut present = fold(&mut folded, made)?;
        for (at, (step, who)) in (2..).zip(&steps) {
            // Each verb is an invocation of its own: the ticket is loaded, worked on, and written.
            let mut work = Work::on(present.clone());
            if take(&mut work, step, &stamp(*who, at)).is_err() {
                continue;
            }
            // Done twice is done once.
            let mut again = Work::on(work.ticket().clone());
            if !matches!(step, Step::Say { .. }) && take(&mut again, step, &stamp(*who, at)).is_ok() {
                prop_assert!(!again.is_changed(), "{:?} changed something the second time: {:?}", step, again.events());
            }
            let before = present.state;
            let before_deletion = present.prior_state;
            let before_merge = present.merged_state;
            present = fold(&mut folded, work)?;
            keeps_its_promises(&present)?;
            if present.state == State::New {
                prop_assert!(before == State::New || before_deletion == Some(State::New) || before_merge == Some(State::New), "new is never entered again");
            }
        }
    }
}
