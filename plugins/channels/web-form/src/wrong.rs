//! What can be wrong with an answer, and what to do about it, in both languages.

use crate::{language::Language, limits};

/// Where something is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// One of what every form asks.
    Own(&'static str),
    /// A field of the form.
    Field(String),
    Files,
    /// The page as a whole.
    Page,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Wrong {
    Missing,
    NotConfirmed,
    TooLong(usize),
    TooShort(usize),
    NoAddress,
    NoPhone,
    NoNumber,
    OutOfRange(Option<f64>, Option<f64>),
    NoDate,
    NoOption,
    Several,
    Pattern,
    TooManyFiles(usize),
    LargeFile(String),
    /// The page was open for too long, or its token is none of ours.
    Expired,
    /// Too many posts from there.
    TooMany,
}

impl Wrong {
    /// What is wrong and what to do.
    pub fn told(&self, language: Language) -> String {
        let say = |english: &str, chinese: &str| language.pick(english, chinese).to_owned();
        match self {
            Self::Missing => say("Please answer this.", "请填写此项。"),
            Self::NotConfirmed => say("Please tick the box to go on.", "请勾选后再继续。"),
            Self::TooLong(most) => say(
                &format!("Please shorten this to {most} characters at most."),
                &format!("请缩短到 {most} 个字符以内。"),
            ),
            Self::TooShort(least) => say(
                &format!("Please write at least {least} characters."),
                &format!("请至少填写 {least} 个字符。"),
            ),
            Self::NoAddress => say(
                "Please write an e-mail address, such as name@example.com.",
                "请填写电子邮箱地址，例如 name@example.com。",
            ),
            Self::NoPhone => say(
                "Please write a telephone number, such as +86 21 5555 0100.",
                "请填写电话号码，例如 +86 21 5555 0100。",
            ),
            Self::NoNumber => say(
                "Please write a number, such as 12 or 2.5.",
                "请填写数字，例如 12 或 2.5。",
            ),
            Self::OutOfRange(Some(least), Some(most)) => say(
                &format!("Please write a number from {least} to {most}."),
                &format!("请填写 {least} 到 {most} 之间的数字。"),
            ),
            Self::OutOfRange(Some(least), None) => say(
                &format!("Please write a number of at least {least}."),
                &format!("请填写不小于 {least} 的数字。"),
            ),
            Self::OutOfRange(None, most) => {
                let most = most.unwrap_or_default();
                say(
                    &format!("Please write a number of at most {most}."),
                    &format!("请填写不大于 {most} 的数字。"),
                )
            }
            Self::NoDate => say(
                "Please write a date as year-month-day, such as 2026-11-25.",
                "请按“年-月-日”填写日期，例如 2026-11-25。",
            ),
            Self::NoOption => say("Please choose one of the options.", "请从选项中选择。"),
            Self::Several => say("Please give one answer only.", "此项只能填写一个答案。"),
            Self::Pattern => say(
                "Please write this in the wanted form.",
                "请按要求的格式填写。",
            ),
            Self::TooManyFiles(0) => say("This form takes no files.", "此表单不接受附件。"),
            Self::TooManyFiles(most) => say(
                &format!("Please choose at most {most} files."),
                &format!("最多选择 {most} 个文件。"),
            ),
            Self::LargeFile(name) => {
                let most = limits::FILE_BYTES_MAX >> 20;
                say(
                    &format!(
                        "The file “{name}” is larger than {most} MiB. Please send a smaller one, or say where it can be fetched."
                    ),
                    &format!(
                        "文件“{name}”超过 {most} MiB，请换一个较小的文件，或说明可以从哪里获取。"
                    ),
                )
            }
            Self::Expired => say(
                "The page was open for a long time. Nothing is lost: please look it over and send it again.",
                "页面打开时间过长。内容没有丢失，请检查后重新提交。",
            ),
            Self::TooMany => say(
                "There were too many requests from your address. Please try again in an hour, or call us.",
                "来自您地址的请求过多，请一小时后再试，或直接联系我们。",
            ),
        }
    }
}
