//! Any events, and the same counted minute by minute, in a calendar whose hours are written down a second time.

use super::*;
use proptest::{collection::vec, prelude::*};

#[derive(Debug, Clone)]
enum Step {
    Says(Said),
    Waits(&'static str),
    Works,
    Solves,
    Retargets(u32),
    GoesAway(i64),
}

fn steps() -> impl Strategy<Value = Vec<(i64, Step)>> {
    let step = prop_oneof![
        Just(Step::Says(Said::Customer)),
        Just(Step::Says(Said::Agent)),
        Just(Step::Waits("customer")),
        Just(Step::Waits("supplier")),
        Just(Step::Works),
        Just(Step::Solves),
        (1_u32..600).prop_map(Step::Retargets),
        (1_i64..900).prop_map(Step::GoesAway),
    ];
    vec((0_i64..700, step), 0..25)
}

/// Monday 5 January 1970, 08:00.
const START: i64 = 4 * 1_440 + 8 * 60;

fn is_open(minute: i64) -> bool {
    let since_monday = minute - 4 * 1_440;
    (0..5).contains(&(since_monday / 1_440 % 7)) && (540..1_020).contains(&(since_monday % 1_440))
}

fn targets(minutes: u32) -> Value {
    let one = |clock: &str, pauses: &[&str]| json!({ "clock": clock, "within": { "default": format!("{minutes}m") }, "pauses": pauses });
    json!([
        one("first-reply", &["supplier"]),
        one("next-reply", &["*"]),
        one("update", &["customer"]),
        one("resolution", &["customer"]),
        one("work", &[]),
    ])
}

/// The same, counted: minutes of each clock's present cycle, and how the ticket stands.
#[derive(Default)]
struct Count {
    minutes: std::collections::BTreeMap<Kind, i64>,
    waits: Option<&'static str>,
    is_solved: bool,
    is_answered: bool,
    is_asked: bool,
    is_told: bool,
}

impl Count {
    fn runs(&self, kind: Kind) -> bool {
        let waits_for =
            |reasons: &[&str]| self.waits.is_none_or(|reason| !reasons.contains(&reason));
        !self.is_solved
            && match kind {
                Kind::FirstReply => !self.is_answered && waits_for(&["supplier"]),
                Kind::NextReply => self.is_asked && self.waits.is_none(),
                Kind::Update => self.is_told && waits_for(&["customer"]),
                Kind::Resolution => waits_for(&["customer"]),
                Kind::Work => self.waits.is_none(),
            }
    }

    fn go_on(&mut self, from: i64, to: i64) {
        let open = (from..to).filter(|minute| is_open(*minute)).count() as i64;
        for kind in Kind::ALL {
            if self.runs(kind) {
                *self.minutes.entry(kind).or_default() += open;
            }
        }
    }

    fn take(&mut self, step: &Step) {
        match step {
            // What is asked of a solved ticket opens it, as the desk does.
            Step::Says(Said::Customer) => {
                (self.waits, self.is_solved) = (None, false);
                if self.is_answered && !self.is_asked {
                    self.is_asked = true;
                    self.minutes.insert(Kind::NextReply, 0);
                }
            }
            Step::Says(Said::Agent) => {
                self.is_answered = true;
                self.is_asked = false;
                if !self.is_solved {
                    self.is_told = true;
                    self.minutes.insert(Kind::Update, 0);
                }
            }
            Step::Waits(reason) if !self.is_solved => self.waits = Some(reason),
            Step::Works => (self.waits, self.is_solved) = (None, false),
            Step::Solves => {
                (self.waits, self.is_solved) = (None, true);
                (self.is_answered, self.is_asked, self.is_told) = (true, false, false);
            }
            Step::Waits(_) | Step::Retargets(_) | Step::GoesAway(_) => {}
        }
    }
}

fn begin() -> Desk {
    let mut progress = Progress::new(at(START));
    progress.begin(at(START));
    let mut shelf = Shelf::default();
    shelf.put("office@1", office());
    let mut desk = Desk {
        kept: Kept::new(progress),
        plan: Some(plan_of(targets(300), 1, "office@1", &shelf)),
        shelf,
        told: Vec::new(),
        cancelled: Vec::new(),
    };
    desk.goes_on(START);
    desk
}

/// Plays the steps; answers with the last minute. Where tickets stay, they do not go away in between.
fn play(desk: &mut Desk, count: &mut Count, steps: &[(i64, Step)], stays: bool) -> i64 {
    let mut minute = START;
    for (version, (gap, step)) in (2..).zip(steps) {
        count.go_on(minute, minute + gap);
        minute += gap;
        match step {
            Step::Says(Said::Customer) => desk.happens(&Happened {
                standing: Some(Standing::Working),
                said: Some(Said::Customer),
                ..Happened::nothing(at(minute))
            }),
            Step::Says(said) => desk.says(minute, *said),
            Step::Waits(reason) if !count.is_solved => desk.waits(minute, reason),
            Step::Waits(_) => {}
            Step::Works => desk.turns(minute, Standing::Working),
            Step::Solves => desk.turns(minute, Standing::Solved),
            Step::Retargets(minutes) => {
                desk.plan = Some(plan_of(targets(*minutes), version, "office@1", &desk.shelf));
                desk.goes_on(minute);
            }
            Step::GoesAway(minutes) => {
                if !stays {
                    desk.sees(minute, Sight::Deleted);
                }
                count.go_on(minute, minute + minutes);
                minute += minutes;
                match stays {
                    true => desk.goes_on(minute),
                    false => desk.sees(minute, Sight::Restored),
                }
            }
        }
        count.take(step);
    }
    minute
}

proptest! {
    #[test]
    fn any_events_give_the_business_time_that_counting_minutes_gives(steps in steps()) {
        let (mut desk, mut count) = (begin(), Count::default());
        let minute = play(&mut desk, &mut count, &steps, false);
        for (kind, clock) in &desk.kept.clocks {
            let counted = count.minutes.get(kind).copied().unwrap_or_default();
            prop_assert_eq!(desk.elapsed(*kind, minute), counted, "{:?} {:?}", kind, clock.state());
            prop_assert_eq!(clock.state() == State::Running, count.runs(*kind), "{:?}", kind);
        }
    }

    #[test]
    fn no_mark_is_told_twice_in_a_cycle_and_none_is_forgotten(steps in steps()) {
        let (mut desk, mut count) = (begin(), Count::default());
        let minute = play(&mut desk, &mut count, &steps, false);
        desk.goes_on(minute);
        for (kind, clock) in &desk.kept.clocks {
            let now = at(minute);
            let open = clock.marks(desk.shelf.get(&clock.terms().calendar));
            prop_assert!(open.iter().all(|mark| mark.at > now), "{:?}", kind);
        }
        let resolution: Vec<_> = desk.told.iter().filter(|told| told.0 == Kind::Resolution).map(|told| told.1).collect();
        let mut once = resolution.clone();
        once.dedup();
        prop_assert_eq!(resolution, once);
    }

    #[test]
    fn a_ticket_that_goes_away_and_comes_back_has_the_clocks_of_its_twin_that_stays(steps in steps()) {
        let (mut away, mut twin) = (begin(), begin());
        play(&mut away, &mut Count::default(), &steps, false);
        play(&mut twin, &mut Count::default(), &steps, true);
        prop_assert_eq!(&away.kept.clocks, &twin.kept.clocks);
        let marks = |desk: &Desk| -> Vec<_> { desk.told.iter().map(|told| (told.0, told.1, told.2)).collect() };
        prop_assert_eq!(marks(&away), marks(&twin));
    }

    #[test]
    fn clocks_are_read_as_they_were_written(steps in steps()) {
        let mut desk = begin();
        play(&mut desk, &mut Count::default(), &steps, false);
        let written = desk.kept.write().unwrap();
        prop_assert_eq!(Kept::read(&written).unwrap(), desk.kept);
    }
}
