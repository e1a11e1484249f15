//! Whether an agent said that he is away.

use crate::limits::AWAY_MINUTES_MAX;
use crate::time::MINUTE_US;
use serde::{Deserialize, Serialize};

/// What an agent said of himself, as it is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    pub away: bool,
    /// Microseconds since 1970: back from then on. Without it, away until he says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<u64>,
}

impl Presence {
    /// Away from now on, for so many minutes; for 0, until he says otherwise. At most a month.
    pub fn away(now_us: u64, minutes: u32) -> Self {
        let minutes = minutes.min(AWAY_MINUTES_MAX);
        Self {
            away: true,
            until: (minutes > 0).then(|| now_us + u64::from(minutes) * MINUTE_US),
        }
    }

    /// Whether he is away at that instant.
    pub fn is_away(self, at_us: u64) -> bool {
        self.away && self.until.is_none_or(|until| at_us < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_away_until_an_instant_is_back_from_then_on() {
        let away = Presence::away(100, 2);
        let end = 100 + 2 * MINUTE_US;
        assert!(away.is_away(100) && away.is_away(end - 1) && !away.is_away(end));
        assert!(Presence::away(100, 0).is_away(u64::MAX));
        assert!(!Presence::default().is_away(0));
    }

    #[test]
    fn nobody_is_away_for_more_than_a_month() {
        let most = Presence::away(0, AWAY_MINUTES_MAX);
        assert_eq!(Presence::away(0, AWAY_MINUTES_MAX + 1), most);
    }
}
