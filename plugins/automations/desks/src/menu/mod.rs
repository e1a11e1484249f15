//! The navigation menu: codes that people press, type or click, from the top down to what they ask for. One menu for chat, WeChat, DingTalk, telephone and forms.

/// What can be done to it.
pub mod change;

/// A menu to begin with.
pub mod template;

/// As programs read it.
pub mod told;

use crate::{
    language::Texts,
    limits::{
        CODE_DIGITS_MAX, COVER_CHARACTERS_MAX, ITEMS_MAX, LEVELS_MAX, NAME_CHARACTERS_MAX,
        POSITION_MAX,
    },
    refusal::Refused,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An item, as it is kept and published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Item {
    /// 1 to 4 digits; one of its own among its neighbours.
    pub code: String,
    pub title: Texts,
    /// The key of the item that it stands below; empty at the top.
    pub parent: String,
    /// The id of a catalog entry that a request becomes.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub entry: String,
    /// The id of an agents' group to which a request goes whatever its entry says.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// The same by a desk's id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub desk: String,
    /// Smaller comes first among neighbours; among equals, the smaller code.
    pub position: u32,
}

/// All items, by their keys: codes from the top, such as `3-1`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Menu(pub BTreeMap<String, Item>);

impl Item {
    /// Its key: the codes from the top down to it.
    pub fn key(&self) -> String {
        match self.parent.as_str() {
            "" => self.code.clone(),
            parent => format!("{parent}-{}", self.code),
        }
    }

    /// Whether it says where a request goes.
    pub fn is_leaf(&self) -> bool {
        !(self.entry.is_empty() && self.group.is_empty() && self.desk.is_empty())
    }

    fn check(&self) -> Result<(), Refused> {
        let wrong =
            |place, english, chinese| Err(Refused::item(&self.key(), place, english, chinese));
        let is_digits = self.code.bytes().all(|byte| byte.is_ascii_digit());
        if !is_digits || !(1..=CODE_DIGITS_MAX).contains(&self.code.len()) {
            return wrong("/code", "1 to 4 digits", "1 到 4 位数字");
        }
        if self.title.is_empty() {
            return wrong("/title", "say what it is", "请填写名称");
        }
        if self.title.is_longer_than(NAME_CHARACTERS_MAX) {
            return wrong("/title", "at most 100 characters", "最多 100 个字符");
        }
        if self.position > POSITION_MAX {
            return wrong("/position", "at most 10,000", "最大 10000");
        }
        let leads = [
            ("/entry", &self.entry),
            ("/group", &self.group),
            ("/desk", &self.desk),
        ];
        for (place, id) in leads {
            if id.chars().count() > COVER_CHARACTERS_MAX {
                return wrong(place, "at most 100 characters", "最多 100 个字符");
            }
        }
        Ok(())
    }
}

impl Menu {
    /// What stands below an item, or at the top, in its order.
    pub fn below(&self, parent: &str) -> Vec<(&str, &Item)> {
        let all = self.0.iter().filter(|(_, item)| item.parent == parent);
        let mut below: Vec<_> = all.map(|(key, item)| (key.as_str(), item)).collect();
        let code = |item: &Item| item.code.parse::<u32>().unwrap_or(u32::MAX);
        below.sort_by_key(|(key, item)| (item.position, code(item), *key));
        below
    }

    /// The item of that key.
    ///
    /// # Errors
    /// [`Refused::NoItem`].
    pub fn item(&self, key: &str) -> Result<&Item, Refused> {
        self.0
            .get(key)
            .ok_or_else(|| Refused::NoItem(key.to_owned()))
    }

    /// Whether it is as it must be: codes tell neighbours apart (by the keys), five levels, and nothing that leads somewhere has items below it.
    ///
    /// # Errors
    /// [`Refused`] where it is not.
    pub fn check(&self) -> Result<(), Refused> {
        if self.0.len() > ITEMS_MAX {
            return Err(Refused::TooManyItems(self.0.len()));
        }
        for (key, item) in &self.0 {
            item.check()?;
            let wrong = |place, english, chinese| Err(Refused::item(key, place, english, chinese));
            if *key != item.key() {
                let english = "its key is not made of its codes";
                return wrong("/code", english, "标识与编号不一致");
            }
            if key.split('-').count() > LEVELS_MAX {
                let english = "a menu has at most 5 levels";
                return wrong("/parent", english, "菜单最多 5 层");
            }
            if item.parent.is_empty() {
                continue;
            }
            match self.0.get(&item.parent) {
                None => {
                    let english = "there is no item below which it could stand";
                    return wrong("/parent", english, "没有上级菜单项");
                }
                Some(parent) if parent.is_leaf() => {
                    let english = "what it stands below leads somewhere itself: take its entry, group and desk away first";
                    return wrong(
                        "/parent",
                        english,
                        "上级项已有去向：请先清除其目录条目、组和服务台",
                    );
                }
                Some(_) => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
