//! Catalogs to begin with.

use crate::{
    catalog::document::Document,
    entry::Entry,
    language::{Language, Texts},
};
use std::collections::BTreeMap;

/// A catalog to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    It,
    Commerce,
}

/// Id, parent, and the title in English and in Chinese.
type Line = (&'static str, &'static str, &'static str, &'static str);

const IT: &[Line] = &[
    ("business", "", "business", "业务"),
    ("end-devices", "", "end devices", "终端"),
    ("cloud", "", "cloud", "云端"),
    ("assets", "", "assets", "资产"),
    ("everyday", "end-devices", "everyday", "日常问题"),
    ("desktop", "end-devices", "desktop", "桌面处置"),
    ("network", "end-devices", "network", "网络问题"),
    ("peripherals", "end-devices", "peripherals", "外设问题"),
    (
        "accounts-and-passwords",
        "business",
        "accounts and passwords",
        "账户密码",
    ),
    ("mail-and-backup", "cloud", "mail and backup", "邮件备份"),
    ("file-sharing", "cloud", "file sharing", "文件共享"),
    (
        "certificates",
        "assets",
        "certificates and USB keys",
        "证书、U盾",
    ),
    ("office-suite", "desktop", "Office suite", "Office套件"),
    ("security", "desktop", "security", "安全杀毒"),
    ("input-methods", "desktop", "input methods", "输入法"),
    ("browsers", "desktop", "browsers", "浏览器"),
    ("mobile", "desktop", "mobile", "移动端"),
    ("inspection", "desktop", "inspection", "巡检"),
    (
        "software-installation",
        "desktop",
        "software installation",
        "软件安装",
    ),
    ("other", "desktop", "other", "其他"),
    ("accounts", "accounts-and-passwords", "accounts", "账户相关"),
    ("forgot-password", "accounts", "forgot password", "忘记密码"),
    ("reset", "accounts", "reset", "重置密码"),
    ("elevation", "accounts", "elevation", "提权"),
    (
        "change-of-e-mail",
        "accounts",
        "change of e-mail",
        "修改Email",
    ),
    ("new-account", "accounts", "new account", "开户"),
];

const COMMERCE: &[Line] = &[
    ("product-questions", "", "product questions", "商品咨询"),
    ("orders", "", "orders", "订单问题"),
    ("payments", "", "payments", "支付问题"),
    ("delivery", "", "delivery", "物流配送"),
    ("returns", "", "returns", "退换货"),
    ("repair", "", "repair", "维修"),
    ("consignment", "", "consignment", "寄售"),
    ("other", "", "other", "其他"),
    ("urge", "delivery", "urge", "催单"),
    ("damaged", "delivery", "damaged", "破损"),
    ("wrong-or-missing", "delivery", "wrong or missing", "错漏"),
    ("complaints", "delivery", "complaints", "投诉"),
];

/// What each trouble with a delivery is told apart by.
const CARRIERS: &[(&str, &str, &str)] = &[
    ("yto", "YTO", "圆通"),
    ("zto", "ZTO", "中通"),
    ("sto", "STO", "申通"),
    ("yunda", "Yunda", "韵达"),
    ("sf", "SF", "顺丰"),
    ("ems", "EMS", "EMS"),
    ("zjs", "ZJS", "宅急送"),
    ("best", "Best", "汇通"),
    ("pick-up", "pick-up", "自取"),
    ("other", "other", "其他"),
];

impl Template {
    pub const ALL: [Self; 2] = [Self::It, Self::Commerce];

    /// As actions name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::It => "it",
            Self::Commerce => "e-commerce",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// As people read it.
    pub fn title(self, language: Language) -> &'static str {
        match self {
            Self::It => language.pick("IT", "IT 服务"),
            Self::Commerce => language.pick("E-commerce", "电商"),
        }
    }

    /// All of it, to be imported.
    pub fn document(self) -> Document {
        let mut entries = BTreeMap::new();
        let mut add = |id: String, parent: &str, english: &str, chinese: &str| {
            // Ten apart, so that something can be put between.
            let position = u32::try_from(entries.len()).unwrap_or_default() * 10;
            let entry = Entry {
                parent: parent.to_owned(),
                position,
                ..Entry::new(Texts::new(english, chinese))
            };
            entries.insert(id, entry);
        };
        let lines = match self {
            Self::It => IT,
            Self::Commerce => COMMERCE,
        };
        for (id, parent, english, chinese) in lines {
            add((*id).to_owned(), parent, english, chinese);
        }
        if self == Self::Commerce {
            for (trouble, ..) in COMMERCE.iter().filter(|line| line.1 == "delivery") {
                for (carrier, english, chinese) in CARRIERS {
                    add(format!("{trouble}-{carrier}"), trouble, english, chinese);
                }
            }
        }
        Document::of(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, change::Change};

    #[test]
    fn templates_are_whole_in_both_languages_and_have_no_more_levels_than_a_catalog() {
        for (template, count, levels) in [(Template::It, 26, 4), (Template::Commerce, 52, 3)] {
            let document = template.document();
            assert_eq!(document.entries.len(), count);
            let change = Change::Import { document };
            let catalog = change.apply(&Catalog::default()).unwrap();
            for entry in catalog.entries.values() {
                assert!(
                    !entry.title.en.is_empty() && !entry.title.zh_cn.is_empty(),
                    "{entry:?}"
                );
            }
            let deepest = catalog.entries.keys().map(|id| catalog.level(id)).max();
            assert_eq!(deepest, Some(levels));
            assert_eq!(Template::parse(template.name()), Some(template));
        }
    }

    #[test]
    fn the_trees_say_what_the_product_promises_word_by_word() {
        let it = Template::It.document();
        let said: Vec<_> = it
            .entries
            .values()
            .map(|one| one.title.zh_cn.as_str())
            .collect();
        for title in [
            "业务",
            "桌面处置",
            "证书、U盾",
            "Office套件",
            "安全杀毒",
            "修改Email",
            "开户",
        ] {
            assert!(said.contains(&title), "{title}");
        }
        let commerce = Template::Commerce.document();
        let of = |id: &str| commerce.entries[id].title.zh_cn.clone();
        assert_eq!(
            [
                of("wrong-or-missing"),
                of("urge-best"),
                of("complaints-pick-up")
            ],
            ["错漏", "汇通", "自取"]
        );
    }
}
