//! The page "Desks": what it shows, read once.

use super::{desks, me, menu, shifts};
use crate::{
    desk::{all::Desks, preset::Top},
    host::{people, shared, store},
    language::Texts,
    menu::Menu,
    people::{
        attendance::{Attendance, Member},
        presence::Presence,
    },
    viewer::Viewer,
};
use guichet_sdk::{
    Error, clock,
    view::{Action, Block, View, button, tabs},
};
use serde_json::json;
use std::collections::BTreeMap;

/// Tabs, by their ids.
pub(super) const DESKS: &str = "desks";
pub(super) const MENU: &str = "menu";
pub(super) const SHIFTS: &str = "shifts";
pub(super) const ME: &str = "me";

/// What the page shows.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub(super) viewer: Viewer,
    pub(super) now: u64,
    pub(super) desks: Desks,
    /// By groups.
    pub(super) there: BTreeMap<String, Attendance>,
    /// How many tickets wait, by desks.
    pub(super) waiting: BTreeMap<String, usize>,
    /// Names of agents' groups, by their ids.
    pub(super) groups: BTreeMap<String, String>,
    pub(super) top: BTreeMap<String, Top>,
    /// Titles of catalog entries, by their ids.
    pub(super) entries: BTreeMap<String, Texts>,
    pub(super) menu: Menu,
    /// The group whose shifts are shown, and its members.
    pub(super) chosen: String,
    pub(super) members: Vec<Member>,
    /// The viewer's own.
    pub(super) presence: Presence,
}

/// Waiting tickets that are counted.
const COUNTED_MAX: usize = 200;

impl Page {
    /// Reads all of it. `group` is whose shifts are shown; empty: the central desk's.
    pub(super) fn open(viewer: Viewer, group: &str) -> Result<Self, Error> {
        let desks = store::desks()?;
        let mut there = BTreeMap::new();
        for desk in desks.0.values() {
            if !there.contains_key(&desk.group) {
                there.insert(desk.group.clone(), people::attendance(&desk.group)?);
            }
        }
        let mut waiting = BTreeMap::new();
        for (_, kept) in store::waiting("", COUNTED_MAX)? {
            *waiting.entry(kept.desk).or_default() += 1;
        }
        let groups = people::groups()?.into_iter();
        let groups: BTreeMap<_, _> = groups.map(|team| (team.id, team.name)).collect();
        let chosen = match (groups.contains_key(group), desks.central()) {
            (true, _) => group.to_owned(),
            (false, Some((_, central))) => central.group.clone(),
            (false, None) => groups.keys().next().cloned().unwrap_or_default(),
        };
        let presence = match viewer.id.as_str() {
            "" => Presence::default(),
            id => store::presence(id)?,
        };
        let entries = shared::entries()?;
        Ok(Self {
            now: clock::now(),
            members: people::all_members(&chosen)?,
            top: shared::top_of(&entries),
            entries: entries
                .into_iter()
                .map(|(id, entry)| (id, entry.title))
                .collect(),
            menu: store::menu()?,
            viewer,
            desks,
            there,
            waiting,
            groups,
            chosen,
            presence,
        })
    }

    /// The whole page, with a tab that is seen first.
    pub(super) fn view(&self, tab: &str) -> View {
        let say = |english, chinese| self.viewer.say(english, chinese);
        let mut all = tabs(say("Desks", "服务台"))
            .tab(DESKS, say("Desks", "服务台"), desks::tab(self))
            .tab(MENU, say("Navigation menu", "导航菜单"), menu::tab(self))
            .tab(SHIFTS, say("Shifts", "班次"), shifts::tab(self));
        if !self.viewer.id.is_empty() {
            all = all.tab(ME, say("My presence", "我的状态"), me::tab(self));
        }
        let is_shown = all.tabs.iter().any(|one| one.id == tab);
        View::new(say("Desks", "服务台")).block(all.chosen(if is_shown { tab } else { DESKS }))
    }

    /// A form that takes the place of the page, with the way back.
    pub(super) fn aside(&self, tab: &str, title: String, blocks: Vec<Block>) -> View {
        let back = Action::new("back").input(json!({ "tab": tab, "group": self.chosen }));
        View::new(title)
            .block(button(self.viewer.say("Back", "返回")).action(back))
            .blocks(blocks)
    }

    /// A group's name; its id where the directory does not know it.
    pub(super) fn group<'a>(&'a self, id: &'a str) -> &'a str {
        self.groups.get(id).map_or(id, String::as_str)
    }

    /// An entry's title; its id where the catalog does not know it.
    pub(super) fn entry<'a>(&'a self, id: &'a str) -> &'a str {
        let title = self
            .entries
            .get(id)
            .map(|title| title.of(self.viewer.language));
        title.filter(|title| !title.is_empty()).unwrap_or(id)
    }

    /// A desk's name; its id where there is none.
    pub(super) fn desk<'a>(&'a self, id: &'a str) -> &'a str {
        let desk = self.desks.0.get(id);
        desk.map_or(id, |desk| desk.name.of(self.viewer.language))
    }
}
