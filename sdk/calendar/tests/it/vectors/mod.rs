//! `tests/vectors.json`: what another implementation, in another language and of another kind, says to the same questions.

mod clock;

use crate::{at, long};
use guichet_calendar::{Calendar, Instant};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    calendars: BTreeMap<String, Calendar>,
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    name: String,
    /// Of the file.
    calendar: String,
    #[serde(flatten)]
    question: Question,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Question {
    Add {
        from: String,
        business: String,
        is: Option<String>,
    },
    Overlap {
        from: String,
        to: String,
        is: String,
    },
    Windows {
        from: String,
        to: String,
        are: Vec<(String, String)>,
    },
    NextOpen {
        at: String,
        is: Option<String>,
    },
    IsOpen {
        at: String,
        is: bool,
    },
    Clock(clock::Life),
}

/// Instants in the zone of a calendar, as the file writes them.
struct Shown<'a>(&'a Calendar);

impl Shown<'_> {
    fn instant(&self, at: Instant) -> String {
        let zone = jiff::tz::TimeZoneDatabase::bundled()
            .get(&self.0.written().zone)
            .unwrap();
        let at = jiff::Timestamp::from_microsecond(at.as_micros()).unwrap();
        at.to_zoned(zone).to_string()
    }

    fn same<T: PartialEq>(
        &self,
        found: T,
        wanted: T,
        show: impl Fn(&T) -> String,
    ) -> Result<(), String> {
        match found == wanted {
            true => Ok(()),
            false => Err(format!("{} instead of {}", show(&found), show(&wanted))),
        }
    }
}

fn ask(vector: &Vector, file: &File) -> Result<(), String> {
    let calendar = &file.calendars[&vector.calendar];
    let shown = Shown(calendar);
    let optional = |at: &Option<Instant>| at.map_or("none".to_owned(), |at| shown.instant(at));
    match &vector.question {
        Question::Add { from, business, is } => {
            let found = calendar.add(at(from), long(business));
            shown.same(found, is.as_deref().map(at), optional)
        }
        Question::Overlap { from, to, is } => {
            let found = calendar.overlap(at(from), at(to));
            shown.same(found, long(is), |length| {
                format!("{} min", length.0 / 60_000_000)
            })
        }
        Question::Windows { from, to, are } => {
            let found: Vec<_> = calendar
                .windows(at(from), at(to))
                .map(|span| (span.from, span.to))
                .collect();
            let wanted = are.iter().map(|(from, to)| (at(from), at(to))).collect();
            shown.same(found, wanted, |spans| {
                let spans = spans.iter();
                let spans =
                    spans.map(|(from, to)| shown.instant(*from) + " to " + &shown.instant(*to));
                spans.collect::<Vec<_>>().join(", ")
            })
        }
        Question::NextOpen { at: from, is } => shown.same(
            calendar.next_open(at(from)),
            is.as_deref().map(at),
            optional,
        ),
        Question::IsOpen { at: when, is } => {
            shown.same(calendar.is_open(at(when)), *is, bool::to_string)
        }
        Question::Clock(life) => life.live(&vector.calendar, &file.calendars),
    }
}

#[test]
fn every_vector_holds() {
    let file: File = serde_json::from_str(include_str!("../../vectors.json")).unwrap();
    let wrong: Vec<_> = file
        .vectors
        .iter()
        .filter_map(|vector| {
            let why = ask(vector, &file).err()?;
            Some(format!("{}: {why}", vector.name))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(file.vectors.len() >= 100, "{} vectors", file.vectors.len());
}
