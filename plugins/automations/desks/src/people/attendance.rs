//! Whether anybody of a group can take a ticket now, and who is to have it.
//!
//! A desk is *attended* when at least one active member of its group is online, on shift, not away, and has capacity left.

use super::{presence::Presence, shift::Shift};
use crate::desk::Strategy;

/// A member of a group, as he is now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Member {
    pub id: String,
    pub name: String,
    pub online: bool,
    pub shift: Shift,
    pub presence: Presence,
    /// How many open tickets he has.
    pub open: u32,
    /// When he was last given a ticket, counted in tickets given: smaller is longer ago.
    pub turn: u64,
}

/// How a member stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Free,
    /// He is there, and has as many tickets as he may.
    Full,
    Away,
    OffShift,
    Offline,
}

/// The members of a group, as they are now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attendance {
    /// Whether there is such a group.
    pub exists: bool,
    pub members: Vec<Member>,
}

impl Member {
    pub fn standing(&self, at_us: u64) -> Standing {
        if !self.online {
            Standing::Offline
        } else if !self.shift.is_on(at_us) {
            Standing::OffShift
        } else if self.presence.is_away(at_us) {
            Standing::Away
        } else if !self.shift.has_room(self.open) {
            Standing::Full
        } else {
            Standing::Free
        }
    }
}

impl Standing {
    /// In English and in Chinese.
    pub fn titles(self) -> (&'static str, &'static str) {
        match self {
            Self::Free => ("on now", "在岗"),
            Self::Full => ("at capacity", "已满"),
            Self::Away => ("away", "离开"),
            Self::OffShift => ("off shift", "未当班"),
            Self::Offline => ("offline", "离线"),
        }
    }
}

impl Attendance {
    /// Who can take a ticket.
    pub fn free(&self, at_us: u64) -> impl Iterator<Item = &Member> {
        let is_free = move |member: &&Member| member.standing(at_us) == Standing::Free;
        self.members.iter().filter(is_free)
    }

    pub fn is_attended(&self, at_us: u64) -> bool {
        self.free(at_us).next().is_some()
    }

    /// Whether somebody is there who has as many tickets as he may.
    pub fn is_busy(&self, at_us: u64) -> bool {
        let mut members = self.members.iter();
        members.any(|member| member.standing(at_us) == Standing::Full)
    }

    /// Who is to have a ticket, by the strategy, and none of these.
    pub fn next(&self, strategy: Strategy, at_us: u64, except: &[String]) -> Option<&Member> {
        let free = self.free(at_us).filter(|one| !except.contains(&one.id));
        match strategy {
            Strategy::Group => None,
            Strategy::Fewest => free.min_by_key(|one| (one.open, one.turn, one.id.as_str())),
            Strategy::Turns => free.min_by_key(|one| (one.turn, one.id.as_str())),
        }
    }

    /// Notes that a member was given a ticket: it is his turn last, and he has one more.
    pub fn give(&mut self, id: &str) -> u64 {
        let last = self.members.iter().map(|one| one.turn).max();
        let turn = last.unwrap_or_default() + 1;
        if let Some(member) = self.members.iter_mut().find(|one| one.id == id) {
            member.turn = turn;
            member.open = member.open.saturating_add(1);
        }
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guichet_calendar::Calendar;

    const NOW: u64 = 1_791_129_600_000_000;

    fn member(id: &str) -> Member {
        Member {
            id: id.to_owned(),
            online: true,
            ..Member::default()
        }
    }

    fn closed() -> Shift {
        Shift {
            calendar: Some(Calendar::read(r#"{ "zone": "UTC" }"#).unwrap()),
            capacity: 0,
        }
    }

    fn capacity(capacity: u32) -> Shift {
        Shift {
            capacity,
            ..Shift::default()
        }
    }

    #[test]
    fn a_member_is_free_who_is_online_on_shift_not_away_and_below_his_capacity() {
        let away = Presence::away(NOW, 5);
        for (online, shift, presence, open, standing) in [
            (
                true,
                Shift::default(),
                Presence::default(),
                99,
                Standing::Free,
            ),
            (
                false,
                Shift::default(),
                Presence::default(),
                0,
                Standing::Offline,
            ),
            (true, closed(), Presence::default(), 0, Standing::OffShift),
            (true, Shift::default(), away, 0, Standing::Away),
            (true, capacity(2), Presence::default(), 1, Standing::Free),
            (true, capacity(2), Presence::default(), 2, Standing::Full),
            (false, closed(), away, 2, Standing::Offline),
            (true, capacity(2), away, 2, Standing::Away),
        ] {
            let one = Member {
                online,
                shift,
                presence,
                open,
                ..member("a")
            };
            assert_eq!(one.standing(NOW), standing, "{one:?}");
            let all = Attendance {
                exists: true,
                members: vec![one],
            };
            assert_eq!(all.is_attended(NOW), standing == Standing::Free);
            assert_eq!(all.is_busy(NOW), standing == Standing::Full);
        }
        assert!(!Attendance::default().is_attended(NOW));
    }

    fn three() -> Attendance {
        let with = |id: &str, open, turn| Member {
            open,
            turn,
            ..member(id)
        };
        Attendance {
            exists: true,
            members: vec![with("a", 3, 1), with("b", 1, 3), with("c", 1, 2)],
        }
    }

    #[test]
    fn the_strategy_says_who_is_next_and_whoever_is_barred_is_not() {
        let all = three();
        let next = |strategy, except: &[&str]| {
            let except: Vec<_> = except.iter().map(|one| (*one).to_owned()).collect();
            all.next(strategy, NOW, &except).map(|one| one.id.as_str())
        };
        assert_eq!(next(Strategy::Group, &[]), None);
        assert_eq!(next(Strategy::Fewest, &[]), Some("c"), "longest ago");
        assert_eq!(next(Strategy::Fewest, &["c"]), Some("b"));
        assert_eq!(next(Strategy::Turns, &[]), Some("a"));
        assert_eq!(next(Strategy::Turns, &["a", "b", "c"]), None);
    }

    #[test]
    fn turns_go_round_whatever_time_it_is() {
        let mut all = three();
        let mut given = Vec::new();
        for _ in 0..6 {
            let next = all.next(Strategy::Turns, NOW, &[]).unwrap().id.clone();
            all.give(&next);
            given.push(next);
        }
        assert_eq!(given, ["a", "c", "b", "a", "c", "b"]);
    }

    #[test]
    fn a_member_without_capacity_gets_none() {
        let mut all = three();
        all.members.truncate(1);
        all.members[0].shift = capacity(4);
        assert!(all.next(Strategy::Fewest, NOW, &[]).is_some());
        all.give("a");
        assert!(all.next(Strategy::Fewest, NOW, &[]).is_none());
        assert!(all.is_busy(NOW));
    }
}
