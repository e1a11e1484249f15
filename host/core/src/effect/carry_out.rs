//! An effect, carried out whole or not at all.

use super::{Effect, records::added};
use crate::{
    actor::Actor,
    job::JobWrite,
    overlay::Overlay,
    refusal::Refusal,
    ticket::{
        relation::Participant,
        work::{Stamp, Work},
    },
};

impl Overlay {
    /// Carries an effect out, whole or not at all, and keeps that it was asked.
    ///
    /// # Errors
    /// What the verbs answer; [`Refusal::NotFound`] where something it needs is not there.
    pub fn apply(&mut self, effect: &Effect, stamp: &Stamp) -> Result<(), Refusal> {
        let touches_two = matches!(
            effect,
            Effect::Link { .. }
                | Effect::Unlink { .. }
                | Effect::Merge { .. }
                | Effect::Recover { .. }
                | Effect::AddMessage { .. }
                | Effect::Transition { .. }
        );
        let before = touches_two.then(|| self.clone());
        let done = self.carry_out(effect, stamp);
        match (&done, before) {
            (Ok(()), _) => self.note(effect.clone(), stamp),
            (Err(_), Some(before)) => *self = before,
            (Err(_), None) => {}
        }
        done
    }

    fn carry_out(&mut self, effect: &Effect, stamp: &Stamp) -> Result<(), Refusal> {
        match effect {
            Effect::CreateTicket(draft) => {
                self.customer(draft.requester)?;
                self.create_ticket(draft.clone(), stamp).map(drop)
            }
            Effect::SetFields { ticket, fields } => self.on_ticket(*ticket, |work| {
                fields
                    .iter()
                    .try_for_each(|field| work.set_field(&field.name, field.value.clone(), stamp))
            }),
            Effect::Tag {
                ticket,
                add,
                remove,
            } => self.on_ticket(*ticket, |work| work.tag(add, remove, stamp)),
            Effect::Transition {
                ticket,
                command,
                arguments,
            } => self.transition(*ticket, command, arguments, stamp),
            Effect::AddMessage { ticket, message } => self.say(*ticket, message, stamp),
            Effect::AddParticipant {
                ticket,
                participant,
            } => {
                self.must_be_worked_by(*ticket, stamp)?;
                self.must_be_known(participant.who)?;
                self.on_ticket(*ticket, |work| {
                    work.add_participant(participant.clone(), stamp)
                })
            }
            Effect::RemoveParticipant { ticket, role, who } => {
                self.on_ticket(*ticket, |work| work.remove_participant(role, *who, stamp))
            }
            Effect::Link {
                ticket,
                relation,
                other,
            } => self.link(*ticket, relation, *other, true, stamp),
            Effect::Unlink {
                ticket,
                relation,
                other,
            } => self.link(*ticket, relation, *other, false, stamp),
            Effect::Merge { source, target } => {
                self.on_ticket(*target, |work| work.take_in(*source, stamp))?;
                self.on_ticket(*source, |work| work.merge_into(*target, stamp))?;
                // Whoever asked twice, or asked the same, goes on being heard.
                let asked = self.ticket(*source)?.requester;
                if asked == self.ticket(*target)?.requester {
                    return Ok(());
                }
                let participant = Participant {
                    role: "cc".to_owned(),
                    who: Actor::customer(asked),
                    until: None,
                };
                self.on_ticket(*target, |work| work.add_participant(participant, stamp))
            }
            Effect::Quarantine(wish) => {
                let (work, message) = Work::quarantine(wish.clone(), stamp)?;
                self.add_work(work, Some(message));
                Ok(())
            }
            Effect::Recover {
                ticket,
                into,
                requester,
                message,
            } => self.recover(*ticket, *into, *requester, message, stamp),
            Effect::EnsureCustomer {
                id,
                identities,
                fields,
            } => self.ensure_customer(*id, identities, fields, stamp),
            Effect::SetCustomer { id, fields } => {
                let directory = self.directory.clone();
                self.on_customer(*id, stamp, |customer| {
                    fields.iter().try_for_each(|field| customer.set(field))?;
                    match customer
                        .groups
                        .iter()
                        .find(|group| directory.customer_group(**group).is_none())
                    {
                        Some(group) => Err(Refusal::NotFound(format!("customer group {group}"))),
                        None => Ok(()),
                    }
                })
            }
            Effect::PutRecord {
                key,
                body,
                if_version,
                indexes,
            } => self.put_checked_record(key, body.as_ref(), *if_version, indexes, stamp),
            Effect::AddToRecord {
                key,
                pointer,
                amount,
                indexes,
            } => {
                let body = added(
                    self.record(key).map(|record| record.body.as_str()),
                    pointer,
                    *amount,
                )?;
                self.put_checked_record(key, Some(&body), None, indexes, stamp)
            }
            Effect::PutFile(file) => {
                self.put_file(file.clone());
                Ok(())
            }
            Effect::AppendFile { id, content } => self.append_file(*id, content),
            Effect::DeleteFile { id } => {
                self.delete_file(*id);
                Ok(())
            }
            Effect::SetDelivery {
                ticket,
                message,
                delivery,
            } => self.deliver(*ticket, *message, delivery, stamp),
            Effect::Enqueue(job) => {
                job.check()?;
                self.write_job(JobWrite::Enqueue(job.clone()));
                Ok(())
            }
            Effect::CancelJob { install, key } => {
                self.write_job(JobWrite::Cancel {
                    install: *install,
                    key: key.clone(),
                });
                Ok(())
            }
            Effect::Emit { kind, ticket, data } => self.emit(kind, *ticket, data, stamp),
        }
    }
}
