//! The page "Service levels": policies, calendars, and trying out.

use super::{calendars, policies, try_out};
use crate::{
    actions::may_change,
    policy::{ALWAYS, Policy},
    store::{self, Named},
    words::Language,
};
use guichet_calendar::{Calendar, Instant};
use guichet_sdk::{
    Actor, Error, clock,
    view::{Action, Block, View, button, tabs},
};
use serde_json::json;

/// Tabs, by their ids.
pub(super) const POLICIES: &str = "policies";
pub(super) const CALENDARS: &str = "calendars";
pub(super) const TRY_OUT: &str = "try-out";

/// What the page shows, as this call has left it.
pub(super) struct Page {
    pub(super) language: Language,
    /// Whether the viewer may change what is shown.
    pub(super) is_admin: bool,
    pub(super) now: Instant,
    /// In their order.
    pub(super) policies: Vec<(String, Policy)>,
    pub(super) calendars: Vec<(String, Named)>,
    /// The tab that is seen first.
    pub(super) tab: &'static str,
    /// The calendar that is drawn.
    pub(super) drawn: Option<String>,
    pub(super) tried: try_out::Tried,
}

impl Page {
    pub(super) fn open(viewer: &Actor, language: Language) -> Result<Self, Error> {
        Ok(Self {
            language,
            is_admin: may_change(viewer)?,
            now: clock::now().into(),
            policies: store::policies()?,
            calendars: store::calendars()?,
            tab: POLICIES,
            drawn: None,
            tried: try_out::Tried::default(),
        })
    }

    pub(super) fn say(&self, english: &str, chinese: &str) -> String {
        self.language.say(english, chinese)
    }

    pub(super) fn policy(&self, id: &str) -> Option<&Policy> {
        let found = self.policies.iter().find(|(known, _)| known == id);
        found.map(|(_, policy)| policy)
    }

    pub(super) fn calendar(&self, id: &str) -> Option<&Calendar> {
        if id == ALWAYS {
            return Some(Calendar::always());
        }
        let found = self.calendars.iter().find(|(known, _)| known == id);
        found.map(|(_, named)| &named.calendar)
    }

    /// The name of a calendar for people; its id, where there is no such calendar.
    pub(super) fn calendar_name(&self, id: &str) -> String {
        if id == ALWAYS {
            return self.say("Always open", "全天候");
        }
        let found = self.calendars.iter().find(|(known, _)| known == id);
        found.map_or_else(
            || id.to_owned(),
            |(_, named)| named.name.say(self.language).to_owned(),
        )
    }

    pub(super) fn view(&self) -> View {
        let all = tabs(self.say("Service levels", "服务级别"))
            .tab(POLICIES, self.say("Policies", "策略"), policies::tab(self))
            .tab(
                CALENDARS,
                self.say("Calendars", "日历"),
                calendars::tab(self),
            )
            .tab(TRY_OUT, self.say("Try out", "试算"), try_out::tab(self))
            .chosen(self.tab);
        View::new(self.say("Service levels", "服务级别")).block(all)
    }

    /// A form that takes the place of the page, with the way back.
    pub(super) fn aside(&self, title: String, blocks: Vec<Block>) -> View {
        let back = Action::new("back").input(json!({ "tab": self.tab }));
        View::new(title)
            .block(button(self.say("Back", "返回")).action(back))
            .blocks(blocks)
    }
}
