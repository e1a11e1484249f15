//! The words of the reports, in two languages, and how the desk's own values are called in them.

/// A language of the reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    Chinese,
}

impl Language {
    /// The language of a tag; English for others.
    pub fn of(tag: &str) -> Self {
        match tag.split(['-', '_']).next() {
            Some(first) if first.eq_ignore_ascii_case("zh") => Self::Chinese,
            _ => Self::English,
        }
    }

    /// The one of the two that is said in this language.
    pub fn say(self, english: &str, chinese: &str) -> String {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
        .to_owned()
    }

    /// A channel's name; one that is not known keeps its own.
    pub fn channel(self, name: &str) -> String {
        match name {
            "email" => self.say("E-mail", "电子邮件"),
            "web" => self.say("Web", "网页"),
            "api" => self.say("API", "API"),
            "phone" => self.say("Telephone", "电话"),
            "plugin" => self.say("Plugin", "插件"),
            other => other.to_owned(),
        }
    }

    /// A kind's name.
    pub fn kind(self, name: &str) -> String {
        match name {
            "incident" => self.say("Incident", "事件"),
            "request" => self.say("Request", "请求"),
            "problem" => self.say("Problem", "问题"),
            "change" => self.say("Change", "变更"),
            "task" => self.say("Task", "任务"),
            other => other.to_owned(),
        }
    }

    /// A priority's name; 1 is the highest.
    pub fn priority(self, priority: i64) -> String {
        match priority {
            1 => self.say("1 Critical", "1 紧急"),
            2 => self.say("2 High", "2 高"),
            3 => self.say("3 Normal", "3 中"),
            4 => self.say("4 Low", "4 低"),
            other => other.to_string(),
        }
    }

    /// A state's name.
    pub fn state(self, name: &str) -> String {
        match name {
            "new" => self.say("New", "新建"),
            "open" => self.say("Open", "处理中"),
            "pending" => self.say("Pending", "等待中"),
            other => other.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_spoken_to_every_zh_and_english_to_the_rest() {
        for (tag, language) in [
            ("zh-CN", Language::Chinese),
            ("ZH_tw", Language::Chinese),
            ("en", Language::English),
            ("fr", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::of(tag), language, "{tag}");
        }
    }

    #[test]
    fn what_is_not_known_keeps_its_own_name() {
        assert_eq!(Language::Chinese.channel("acme/fax"), "acme/fax");
        assert_eq!(Language::Chinese.channel("email"), "电子邮件");
        assert_eq!(Language::English.priority(9), "9");
    }
}
