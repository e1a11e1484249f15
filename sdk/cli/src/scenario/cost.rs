//! What a scenario cost, as shares of the limits that a server sets.

use crate::terminal::{microseconds, share};
use guichet::plugins::runs::Run;

/// What one limit allows, and the most that a call used of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Used {
    pub used: u64,
    pub most: u64,
}

impl Used {
    fn note(&mut self, used: u64, most: u64) {
        // The larger share, without division.
        let is_more =
            u128::from(used) * u128::from(self.most) > u128::from(self.used) * u128::from(most);
        if is_more || self.most == 0 {
            *self = Self { used, most };
        }
    }

    /// In percent.
    pub fn share(&self) -> String {
        share(self.used, self.most)
    }
}

/// Of all calls together, and of the call that came nearest to each limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    pub calls: usize,
    /// Microseconds of a processor, over all calls.
    pub cpu_us: u64,
    /// Over all calls.
    pub effects: u64,
    /// By the limits' names, as [`Run::shares`] has them.
    pub shares: [(&'static str, Used); 5],
}

impl Cost {
    /// Of these runs.
    pub fn of<'a>(runs: impl IntoIterator<Item = &'a Run>) -> Self {
        let mut cost = Self::default();
        for run in runs {
            cost.calls += 1;
            cost.cpu_us += run.cpu_us;
            cost.effects += run.effects;
            for (share, (limit, used, most)) in cost.shares.iter_mut().zip(run.shares()) {
                share.0 = limit;
                share.1.note(used, most);
            }
        }
        cost
    }

    /// In one line.
    pub fn line(&self) -> String {
        if self.calls == 0 {
            return "the plugin was not called".to_owned();
        }
        let calls = match self.calls {
            1 => "1 call".to_owned(),
            calls => format!("{calls} calls"),
        };
        let effects = match self.effects {
            1 => "1 effect".to_owned(),
            effects => format!("{effects} effects"),
        };
        let shares = self
            .shares
            .map(|(limit, used)| format!("{} {}", limit.replace('-', " "), used.share()));
        format!(
            "{calls}, {} of a processor, {effects}; at most of a call's limit: {}",
            microseconds(self.cpu_us),
            shares.join(", ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_share_of_a_limit_is_kept_whatever_the_limit() {
        let mut used = Used::default();
        used.note(10, 100);
        used.note(15, 1_000);
        assert_eq!(
            used,
            Used {
                used: 10,
                most: 100
            }
        );
        used.note(200, 1_000);
        assert_eq!(
            used,
            Used {
                used: 200,
                most: 1_000
            }
        );
        assert_eq!(used.share(), "20 %");
    }
}
