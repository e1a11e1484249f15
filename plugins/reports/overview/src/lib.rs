//! The standard reports. Each number is defined in the README, and each row leads to the tickets behind it.

/// What a report is asked.
pub mod asked;

/// English and Chinese.
pub mod words;

/// Filters: which tickets a number counts.
pub mod filter;

/// Days, weeks and months of a zone.
pub mod calendar;

/// Tables of what was counted.
pub mod table;

/// Counting, done by the host.
mod counting;

/// The report `overview`.
pub mod overview;

/// The reports `people` and `kinds`: what came in, was solved and is open, by something.
pub mod split;

/// The report `ages`.
pub mod ages;

use asked::Asked;
use guichet_sdk::{Answer, Error, Report};

struct Overview;

impl Report for Overview {
    fn run(name: String, parameters: String) -> Result<Answer, Error> {
        let asked = Asked::read(&parameters)?;
        match name.as_str() {
            "overview" => overview::make(&asked),
            "people" => split::people(&asked),
            "kinds" => split::kinds(&asked),
            "ages" => ages::make(&asked),
            other => Err(Error::NotFound(format!("the report `{other}`"))),
        }
    }
}

guichet_sdk::export_report!(Overview);
