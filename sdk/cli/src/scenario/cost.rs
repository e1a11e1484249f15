//! What a scenario cost, as shares of the limits that a server sets.

use crate::terminal::{microseconds, share};
use guichet::plugins::runs::Run;
use guichet_package::manifest::Limits as Asked;
use guichet_runtime::limits::{self, Limits};

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
    pub cpu: Used,
    pub wall: Used,
    pub memory: Used,
    pub effect: Used,
    pub host_calls: Used,
}

impl Cost {
    /// Of these runs, of a plugin that asks for so much.
    pub fn of<'a>(runs: impl IntoIterator<Item = &'a Run>, asked: Option<&Asked>) -> Self {
        let mut cost = Self::default();
        for run in runs {
            let limits = limits_of(run.point, asked);
            cost.calls += 1;
            cost.cpu_us += run.cpu_us;
            cost.effects += run.effects;
            cost.cpu.note(run.cpu_us, limits.cpu_ms * 1_000);
            cost.wall.note(run.wall_us, limits.wall_ms * 1_000);
            cost.memory
                .note(run.memory_bytes, limits.memory_bytes as u64);
            cost.effect.note(run.effects, limits.effects as u64);
            cost.host_calls.note(run.host_calls, limits.host_calls);
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
        format!(
            "{calls}, {} of a processor, {effects}; at most of a call's limit: processor {}, time {}, memory {}, effects {}, host calls {}",
            microseconds(self.cpu_us),
            self.cpu.share(),
            self.wall.share(),
            self.memory.share(),
            self.effect.share(),
            self.host_calls.share()
        )
    }
}

/// Bounds of a call at a point, as runs name it, with what the manifest asks for beyond what is usual.
pub(crate) fn limits_of(point: &str, asked: Option<&Asked>) -> Limits {
    let usual = match point {
        "guard" => limits::GUARD,
        "job-handler" => limits::JOB,
        "request-handler" => limits::REQUEST,
        "report" => limits::REPORT,
        _ => limits::EVENT,
    };
    match asked {
        Some(asked) => usual.asked(asked.memory_mib, asked.cpu_ms),
        None => usual,
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
