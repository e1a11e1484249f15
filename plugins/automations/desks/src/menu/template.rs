//! A menu to begin with, over the IT catalog: codes of one digit and of several.

use super::{Item, Menu};
use crate::language::Texts;

/// Code, the key of what it stands below, the title in English and in Chinese, and an entry of the catalog.
type Line = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const IT: &[Line] = &[
    ("1", "", "Business", "业务", "business"),
    ("2", "", "End devices", "终端", "end-devices"),
    ("3", "", "Accounts", "账户相关", ""),
    ("4", "", "Cloud", "云端", "cloud"),
    ("100", "", "Other", "其他", "other"),
    ("1", "3", "Forgot password", "忘记密码", "forgot-password"),
    ("2", "3", "Reset", "重置密码", "reset"),
    ("3", "3", "Elevation", "提权", "elevation"),
    (
        "4",
        "3",
        "Change of e-mail",
        "修改Email",
        "change-of-e-mail",
    ),
    ("5", "3", "New account", "开户", "new-account"),
];

/// The menu.
pub fn it() -> Menu {
    let line = |(code, parent, english, chinese, entry): &Line| Item {
        code: (*code).to_owned(),
        title: Texts::new(*english, *chinese),
        parent: (*parent).to_owned(),
        entry: (*entry).to_owned(),
        ..Item::default()
    };
    let items = IT.iter().map(line);
    Menu(items.map(|item| (item.key(), item)).collect())
}
