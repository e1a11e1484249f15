//! Who of a group is there, from the directory, the plugin's records, and a count of open tickets.

use super::store;
use crate::{
    limits::MEMBERS_MAX,
    people::attendance::{Attendance, Member},
};
use guichet_sdk::{
    Error, Value,
    directory_read::{self, Person, Team},
    tickets_read,
};
use std::collections::BTreeMap;

/// What the directory says of an agent's browser.
fn is_online(person: &Person) -> bool {
    let mut extra = person.extra.iter();
    extra.any(|field| field.name == "online" && matches!(field.value, Value::Boolean(true)))
}

/// All groups, at most two pages of them.
pub(crate) fn groups() -> Result<Vec<Team>, Error> {
    let mut found = directory_read::groups(None, 200)?;
    if let Some(last) = found.last().filter(|_| found.len() == 200) {
        let next = directory_read::groups(Some(last.id.as_str()), 200)?;
        found.extend(next);
    }
    Ok(found)
}

/// Active members of a group; nobody where there is no such group.
pub(crate) fn members(group: &str) -> Result<Vec<Person>, Error> {
    match directory_read::members(group) {
        Ok(members) => Ok(members.into_iter().filter(|one| one.active).collect()),
        Err(Error::NotFound(_) | Error::Invalid(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// A group as it is now. Of who is offline, nothing more is read.
pub(crate) fn attendance(group: &str) -> Result<Attendance, Error> {
    let people = members(group)?;
    let exists = match people.is_empty() {
        true => groups()?.iter().any(|team| team.id == group),
        false => true,
    };
    let (online, offline) = bounded(people);
    let mut members = looked_at(online)?;
    members.extend(offline.into_iter().map(|person| Member {
        id: person.id,
        name: person.name,
        ..Member::default()
    }));
    Ok(Attendance { exists, members })
}

/// Who is online, and who is not; who is online comes first, and beyond the bound nobody is looked at.
fn bounded(people: Vec<Person>) -> (Vec<Person>, Vec<Person>) {
    let (mut online, mut offline): (Vec<_>, Vec<_>) = people.into_iter().partition(is_online);
    online.truncate(MEMBERS_MAX);
    offline.truncate(MEMBERS_MAX - online.len());
    (online, offline)
}

/// Members of a group with their shifts, whether they are online or not.
pub(crate) fn all_members(group: &str) -> Result<Vec<Member>, Error> {
    looked_at(members(group)?.into_iter().take(MEMBERS_MAX).collect())
}

fn looked_at(people: Vec<Person>) -> Result<Vec<Member>, Error> {
    let ids: Vec<&str> = people.iter().map(|one| one.id.as_str()).collect();
    let open = open_tickets(&ids)?;
    let mut members = Vec::new();
    for person in people {
        members.push(Member {
            online: is_online(&person),
            shift: store::shift(&person.id)?,
            presence: store::presence(&person.id)?,
            open: open.get(&person.id).copied().unwrap_or_default(),
            turn: store::turn(&person.id)?,
            id: person.id,
            name: person.name,
        });
    }
    Ok(members)
}

/// How many open tickets each of these agents has: new, open or pending.
pub(crate) fn open_tickets(agents: &[&str]) -> Result<BTreeMap<String, u32>, Error> {
    if agents.is_empty() {
        return Ok(BTreeMap::new());
    }
    let filter = format!(
        "state in [\"new\", \"open\", \"pending\"] && assignee in {}",
        serde_json::json!(agents)
    );
    let groups = ["assignee".to_owned()];
    let measures = ["count".to_owned()];
    let rows = tickets_read::aggregate(&filter, &groups, &measures, 1_000)?;
    let counted = rows.into_iter().filter_map(|row| match row.as_slice() {
        [Value::Text(agent), Value::Integer(count)] => {
            Some((agent.clone(), u32::try_from(*count).unwrap_or(u32::MAX)))
        }
        _ => None,
    });
    Ok(counted.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use guichet_sdk::boolean_field;

    fn people(count: usize, online: bool) -> impl Iterator<Item = Person> {
        (0..count).map(move |index| Person {
            id: format!("{online}-{index}"),
            name: String::new(),
            email: String::new(),
            role: "agent".to_owned(),
            active: true,
            extra: vec![boolean_field("online", online)],
        })
    }

    #[test]
    fn fifty_members_are_looked_at_and_whoever_is_online_before_the_others() {
        for (online, offline, looked_at) in [
            (1, 2, (1, 2)),
            (MEMBERS_MAX - 1, 9, (MEMBERS_MAX - 1, 1)),
            (MEMBERS_MAX, 9, (MEMBERS_MAX, 0)),
            (MEMBERS_MAX + 1, 0, (MEMBERS_MAX, 0)),
        ] {
            let all = people(offline, false).chain(people(online, true));
            let (online, offline) = bounded(all.collect());
            assert_eq!((online.len(), offline.len()), looked_at);
        }
    }

    #[test]
    fn who_is_not_said_to_be_online_is_not() {
        let mut person = people(1, true).next().unwrap();
        assert!(is_online(&person));
        person.extra.clear();
        assert!(!is_online(&person));
    }
}
