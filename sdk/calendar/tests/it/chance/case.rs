//! What happens by chance.

use crate::minutes::{Plan, Windows, clock::Verb};
use jiff::{
    Timestamp, ToSpan,
    civil::Date,
    tz::{TimeZone, TimeZoneDatabase},
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{select, subsequence},
};

/// Zones that put their clocks forward and back by an hour, by half of one and by two, at night and at midnight; that left out a day; that never do.
const ZONES: &[&str] = &[
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Santiago",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Shanghai",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
];

/// From 1990 to 2060.
const FIRST_MINUTE: i64 = 10_519_200;
const LAST_MINUTE: i64 = 47_336_000;

/// How far ahead the other implementation looks.
const AHEAD_MINUTES: i64 = 600;

const PERCENTS: [u16; 6] = [25, 50, 75, 100, 125, 150];

/// A calendar whose dates are counted from the day of the case.
#[derive(Debug, Clone)]
struct Shape {
    zone: &'static str,
    week: [Windows; 7],
    /// First day, days after it, how many years ago if it comes back.
    holidays: Vec<(i64, i64, Option<i64>)>,
    special: Vec<(i64, Windows)>,
}

#[derive(Debug, Clone)]
pub(super) struct Case {
    minute: i64,
    /// It begins so many minutes before the clocks of the first zone are changed next.
    before_change: Option<i64>,
    shapes: Vec<Shape>,
    pub(super) target: i64,
    pub(super) thresholds: Vec<u16>,
    /// The clock is started so many minutes after the fact.
    pub(super) since: i64,
    /// Each so many minutes after the one before.
    pub(super) verbs: Vec<(i64, Verb)>,
}

/// Quarters of an hour on which windows begin and end, in turn. Half of all days are about the small hours, in which clocks are changed.
fn any_windows() -> impl Strategy<Value = Windows> {
    let quarters = prop_oneof![
        vec(0..=96i64, 0..6),
        vec(0..=20i64, 0..6),
        Just(vec![0, 96])
    ];
    quarters.prop_map(|mut quarters| {
        quarters.sort_unstable();
        quarters.dedup();
        let minutes = |pair: &[i64]| match *pair {
            [from, to] => Some((from * 15, to * 15)),
            // The last goes on across midnight.
            [from] if (1..96).contains(&from) => {
                Some((from * 15, 1440 + from * 7 % from.min(40) * 15))
            }
            _ => None,
        };
        quarters.chunks(2).filter_map(minutes).collect()
    })
}

fn any_shape() -> impl Strategy<Value = Shape> {
    let week = proptest::array::uniform7(any_windows());
    let holiday = (-3..4i64, 0..3i64, proptest::option::weighted(0.3, 0..3i64));
    let special = (-2..4i64, any_windows());
    (select(ZONES), week, vec(holiday, 0..3), vec(special, 0..3)).prop_map(
        |(zone, week, holidays, mut special)| {
            special.sort_by_key(|(day, _)| *day);
            special.dedup_by_key(|(day, _)| *day);
            Shape {
                zone,
                week,
                holidays,
                special,
            }
        },
    )
}

/// The same with another holiday, other special days, or another week.
fn edited((shape, other, what): (Shape, Shape, u8)) -> Vec<Shape> {
    let mut edited = shape.clone();
    match what {
        0 => edited.holidays.push((0, 0, None)),
        1 => edited.special.clone_from(&other.special),
        _ => edited.week.clone_from(&other.week),
    }
    vec![shape, edited, other]
}

fn any_verb() -> impl Strategy<Value = Verb> {
    let retarget = (any_target(), 0..3usize, any_thresholds());
    prop_oneof![
        4 => select(&["customer", "parts"][..]).prop_map(Verb::Pause),
        4 => Just(Verb::Resume),
        1 => Just(Verb::Stop),
        1 => Just(Verb::Reopen),
        1 => Just(Verb::Cancel),
        1 => Just(Verb::Reset),
        2 => retarget.prop_map(|(target, calendar, thresholds)| Verb::Retarget { target, calendar, thresholds }),
        2 => (0..2usize).prop_map(Verb::Correct),
        4 => Just(Verb::Take),
    ]
}

/// Every percentage of it is whole minutes.
fn any_target() -> impl Strategy<Value = i64> {
    prop_oneof![3 => 1..40i64, 1 => 1..400i64].prop_map(|quarters| quarters * 4)
}

fn any_thresholds() -> impl Strategy<Value = Vec<u16>> {
    prop_oneof![
        Just(vec![75, 100, 150]),
        subsequence(PERCENTS.to_vec(), 0..=6)
    ]
}

pub(super) fn any_case() -> impl Strategy<Value = Case> {
    let shapes = (any_shape(), any_shape(), 0..3u8).prop_map(edited);
    let when = (FIRST_MINUTE..LAST_MINUTE, proptest::option::of(0..1200i64));
    let since = prop_oneof![3 => Just(0), 1 => 1..300i64];
    let gap = prop_oneof![1 => Just(0), 5 => 0..120i64, 2 => 0..600i64];
    let verbs = vec((gap, any_verb()), 1..9);
    (when, shapes, any_target(), any_thresholds(), since, verbs).prop_map(
        |((minute, before_change), shapes, target, thresholds, since, verbs)| Case {
            minute,
            before_change,
            shapes,
            target,
            thresholds,
            since,
            verbs,
        },
    )
}

impl Case {
    /// The minute at which its clock begins, and up to which is counted.
    pub(super) fn minutes(&self) -> (i64, i64) {
        let gaps: i64 = self.verbs.iter().map(|(gap, _)| gap).sum();
        let from = self.from();
        (from, from + self.since + gaps + AHEAD_MINUTES)
    }

    fn from(&self) -> i64 {
        let after = Timestamp::from_second(self.minute * 60).unwrap();
        let zone = TimeZoneDatabase::bundled()
            .get(self.shapes[0].zone)
            .unwrap();
        let change = zone.following(after).next();
        match (self.before_change, change) {
            (Some(before), Some(change)) => change.timestamp().as_second() / 60 - before,
            _ => self.minute,
        }
    }

    pub(super) fn plans(&self) -> impl Iterator<Item = Plan> {
        let day = Timestamp::from_second(self.from() * 60).unwrap();
        let day = TimeZone::UTC.to_datetime(day).date();
        self.shapes.iter().map(move |shape| shape.on(day))
    }
}

impl Shape {
    fn on(&self, day: Date) -> Plan {
        let holidays = self.holidays.iter().map(|(first, days, years_ago)| {
            let years = years_ago.unwrap_or_default();
            let first = day + first.days() - years.years();
            (first, first + days.days(), years_ago.is_some())
        });
        let special = self.special.iter();
        Plan {
            zone: self.zone,
            week: self.week.clone(),
            holidays: holidays.collect(),
            special: special
                .map(|(days, windows)| (day + days.days(), windows.clone()))
                .collect(),
        }
    }
}
