//! What can be wrong with an answer, in words for people.

use crate::language::Language;

/// What can be wrong with an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Wrong {
    Missing,
    /// It must be yes.
    NotConfirmed,
    /// The form asks for nothing of that name.
    NotAsked,
    NoObject,
    NoText,
    TooLong(usize),
    NoChoice,
    NoNumber,
    OutOfRange(Option<f64>, Option<f64>),
    NoDate,
    NoYesNo,
    /// All answers together.
    TooMuch,
}

impl Wrong {
    /// What people are told.
    pub fn say(&self, language: Language) -> String {
        let say = |english: &str, chinese: &str| language.pick(english, chinese).to_owned();
        match self {
            Self::Missing => say("this must be answered", "此项必填"),
            Self::NotConfirmed => say("this must be confirmed", "此项必须确认"),
            Self::NotAsked => say("the form asks for nothing of that name", "表单中没有此字段"),
            Self::NoObject => say(
                "answers are an object: each field's name with its answer",
                "答案应为对象：字段名对应其答案",
            ),
            Self::NoText => say("this must be a text", "此项应为文本"),
            Self::TooLong(most) => match language {
                Language::English => format!("at most {most} characters"),
                Language::Chinese => format!("最多 {most} 个字符"),
            },
            Self::NoChoice => say("choose one that is offered", "请从所列选项中选择"),
            Self::NoNumber => say("this must be a number", "此项应为数字"),
            Self::OutOfRange(least, most) => range(*least, *most, language),
            Self::NoDate => say(
                "write a day as 2026-11-25",
                "请按 2026-11-25 的格式填写日期",
            ),
            Self::NoYesNo => say("this must be yes or no", "此项应为是或否"),
            Self::TooMuch => say("the answers are too long together", "答案总长度过大"),
        }
    }
}

fn range(least: Option<f64>, most: Option<f64>, language: Language) -> String {
    match (language, least, most) {
        (Language::English, Some(least), Some(most)) => format!("from {least} to {most}"),
        (Language::English, Some(least), None) => format!("at least {least}"),
        (Language::English, None, Some(most)) => format!("at most {most}"),
        (Language::English, None, None) => "within bounds".to_owned(),
        (Language::Chinese, Some(least), Some(most)) => format!("取值 {least} 到 {most}"),
        (Language::Chinese, Some(least), None) => format!("不小于 {least}"),
        (Language::Chinese, None, Some(most)) => format!("不大于 {most}"),
        (Language::Chinese, None, None) => "超出范围".to_owned(),
    }
}
