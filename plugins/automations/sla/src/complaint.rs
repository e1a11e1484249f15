//! What is wrong with a policy or a calendar, at which place, in two languages.

use crate::{limits::ID_BYTES_MAX, words::Language};
use guichet_calendar::{CalendarError, DurationError, Fault};

/// Something that is wrong, and where: a JSON Pointer into what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    pub pointer: String,
    pub wrong: Wrong,
}

/// What is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    Empty,
    Chars(usize),
    Bytes(usize),
    Many(usize),
    Item(usize),
    Priority,
    /// A clock that is there already.
    Twice,
    /// A target of no time.
    Nothing,
    Thresholds {
        count: usize,
        percent: u16,
    },
    Duration(DurationError),
    Id,
    /// An id that something else has.
    Taken,
    /// Something else is kept than what was changed.
    Stale,
    /// What was changed is not there any more.
    Gone,
    /// There is no such calendar.
    Unknown(String),
    /// A policy by this name could not be measured by the calendar any more.
    Days(String),
    Calendar(Fault),
    /// A calendar without any opening.
    NeverOpen,
}

impl From<CalendarError> for Complaint {
    fn from(error: CalendarError) -> Self {
        Self {
            pointer: error.pointer,
            wrong: Wrong::Calendar(error.fault),
        }
    }
}

impl Complaint {
    /// With its place, for who sees no form.
    pub fn with_place(&self, language: Language) -> String {
        match self.pointer.as_str() {
            "" => self.wrong.say(language),
            pointer => format!("{pointer}: {}", self.wrong.say(language)),
        }
    }
}

impl Wrong {
    /// It is about what is kept, and about no field of what was written.
    pub fn is_of_the_whole(&self) -> bool {
        matches!(self, Self::Stale | Self::Gone)
    }

    /// For people: what it is, and what to do.
    pub fn say(&self, language: Language) -> String {
        match self {
            Self::Empty => language.say("there is nothing here: fill it in", "此处为空，请填写"),
            Self::Chars(most) => language.say(
                &format!("at most {most} characters may stand here: shorten it"),
                &format!("最多 {most} 个字符，请缩短"),
            ),
            Self::Bytes(most) => language.say(
                &format!("it has more than {most} bytes in all: leave something out"),
                &format!("总大小超过 {most} 字节，请删减"),
            ),
            Self::Many(most) => language.say(
                &format!("at most {most} may stand here: leave some out"),
                &format!("最多 {most} 项，请删减"),
            ),
            Self::Item(bytes) => language.say(
                &format!("each has 1 to {bytes} bytes in one line"),
                &format!("每项为单行文字，1 至 {bytes} 字节"),
            ),
            Self::Priority => language.say(
                "priorities are 1 (the highest) to 4, or default",
                "优先级为 1（最高）到 4，或 default",
            ),
            Self::Twice => language.say(
                "this clock is there already: write both as one target",
                "该时钟已存在，请合并为一个目标",
            ),
            Self::Nothing => language.say(
                "the target is more than nothing: write one such as 4h",
                "目标时间须大于零，例如 4h",
            ),
            Self::Thresholds { count, percent } => language.say(
                &format!("at most {count} marks, 100 among them, each from 1 to {percent} percent"),
                &format!("最多 {count} 个阈值（含 100），每个为 1 至 {percent}（百分比）"),
            ),
            Self::Duration(error) => duration(error, language),
            Self::Id => language.say(
                &format!("an id has 1 to {ID_BYTES_MAX} small letters, digits and dashes, such as gold"),
                &format!("标识由 1 至 {ID_BYTES_MAX} 个小写字母、数字和短横线组成，例如 gold"),
            ),
            Self::Taken => language.say("this id is taken: choose another", "该标识已被使用，请换一个"),
            Self::Stale => language.say(
                "Somebody else has saved it meanwhile: open it again",
                "已被他人保存，请重新打开",
            ),
            Self::Gone => language.say(
                "Somebody else has deleted it meanwhile: open the list again, and make a new one where it is needed",
                "已被他人删除，请重新打开列表，如有需要请新建",
            ),
            Self::Unknown(id) => language.say(
                &format!("there is no calendar `{id}`: choose one, or make it first"),
                &format!("没有日历 {id}，请选择其他日历或先创建"),
            ),
            Self::Days(policy) => language.say(
                &format!("the policy \"{policy}\" cannot be measured by it: it is written in days, and the calendar does not say how long a day is"),
                &format!("策略“{policy}”以天为单位，而该日历未设置一天的时长，无法计算"),
            ),
            Self::Calendar(fault) => calendar(fault, language),
            Self::NeverOpen => language.say(
                "it never opens, so that nothing would ever be due: write at least one window",
                "该日历没有任何工作时段，永远不会到期：请至少填写一个时段",
            ),
        }
    }
}

fn duration(error: &DurationError, language: Language) -> String {
    let chinese = match error {
        DurationError::Form(text) => {
            format!("“{text}”不是时长：请用天、小时、分钟表示，例如 4h、90m、2d 或 1d4h")
        }
        DurationError::Day => "日历未设置一天的时长：请在日历中设置，或改用小时".to_owned(),
        DurationError::Long => "时长超过十年，请缩短".to_owned(),
    };
    language.say(&error.to_string(), &chinese)
}

fn calendar(fault: &Fault, language: Language) -> String {
    let chinese = match fault {
        Fault::Json(error) => error.clone(),
        Fault::Zone(zone) => {
            format!("“{zone}”不是时区：请填写 IANA 名称，例如 Asia/Shanghai、Europe/Berlin 或 UTC")
        }
        Fault::Window(text) => {
            format!("“{text}”不是时段：请填写起止时间，例如 09:00-18:00，全天为 00:00-24:00")
        }
        Fault::Nothing => "时段起止相同：全天请写 00:00-24:00，否则请删除".to_owned(),
        Fault::Overlap => "该时段与同一天的其他时段重叠：请合并".to_owned(),
        Fault::Date(text) => format!("“{text}”不是有效日期：请写年月日，例如 2026-10-01"),
        Fault::Order => "最后一天早于第一天：请对调".to_owned(),
        Fault::Long { days, most } => {
            format!("共 {days} 天，一个假期最多 {most} 天：请分成几个")
        }
        Fault::Twice => "这一天出现了两次：请把所有时段写在一处".to_owned(),
        Fault::Day { most } => format!("一天为 1 至 {most} 分钟"),
        Fault::Many { count, most } => {
            format!("共 {count} 项，最多 {most} 项：请删减，例如往年的日期")
        }
        Fault::Chars { chars, most } => format!("名称有 {chars} 个字符，最多 {most} 个：请缩短"),
    };
    language.say(&fault.to_string(), &chinese)
}
