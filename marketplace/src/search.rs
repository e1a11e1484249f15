//! What people search: every word of what they typed stands in the id, a title or a summary, of whatever language. Words are looked for as parts of
//! texts, so that Chinese, which puts no spaces between words, is found, too.

use crate::{
    limits::{PLUGINS_OF_A_PAGE, QUERY_BYTES_MAX, QUERY_WORDS_MAX},
    refusal::Refusal,
    shown::Snapshot,
    wire::{PluginLine, PluginList},
};
use guichet_package::index::IndexedPlugin;
use unicode_normalization::UnicodeNormalization;

/// What has nothing to install comes after all else.
const NOTHING_TO_INSTALL: u8 = 2;
const RANK_MAX: u8 = 3;

/// The texts of a plugin, as they are compared.
#[derive(Debug)]
pub(crate) struct Searchable {
    /// Id and titles: who is found by these comes first.
    names: String,
    summaries: String,
}

impl Searchable {
    pub(crate) fn of(plugin: &IndexedPlugin) -> Self {
        let titles = plugin.title.values().map(String::as_str);
        let names: Vec<_> = [plugin.id.as_str()].into_iter().chain(titles).collect();
        let summaries: Vec<_> = plugin.summary.values().map(String::as_str).collect();
        // A line break is in no word that is looked for: none is found across two texts.
        Self {
            names: folded(&names.join("\n")),
            summaries: folded(&summaries.join("\n")),
        }
    }

    /// How well it fits: 0 by its names alone, 1 with its summaries; absent where it does not.
    fn rank(&self, words: &[String]) -> Option<u8> {
        let is_named = |word: &String| self.names.contains(word.as_str());
        if words.iter().all(is_named) {
            return Some(0);
        }
        words
            .iter()
            .all(|word| is_named(word) || self.summaries.contains(word.as_str()))
            .then_some(1)
    }
}

/// Small letters, and full-width letters as the letters that they look like.
fn folded(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// What is looked for, and from where on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    words: Vec<String>,
    after: Option<(u8, String)>,
}

impl Query {
    /// Reads what was typed and a cursor of a page before.
    pub(crate) fn read(typed: &str, cursor: Option<&str>) -> Result<Self, Refusal> {
        if typed.len() > QUERY_BYTES_MAX {
            return Err(Refusal::LongQuery);
        }
        let words = folded(typed)
            .split_whitespace()
            .take(QUERY_WORDS_MAX)
            .map(str::to_owned)
            .collect();
        let after = cursor
            .map(|cursor| {
                let (rank, id) = cursor.split_once(':')?;
                let rank = rank.parse().ok().filter(|rank| *rank <= RANK_MAX)?;
                (id.len() <= QUERY_BYTES_MAX).then(|| (rank, id.to_owned()))
            })
            .map(|read| {
                read.ok_or_else(|| {
                    Refusal::Request(
                        "the cursor is none: take `next` of the page before, or leave it out"
                            .to_owned(),
                    )
                })
            })
            .transpose()?;
        Ok(Self { words, after })
    }
}

/// A page of what is found: by rank (what has nothing to install last), then by id. Ids do not move: a page goes on where the one before ended, whatever was published meanwhile.
pub(crate) fn search(snapshot: &Snapshot, query: &Query) -> PluginList {
    let mut found: Vec<_> = snapshot
        .index
        .plugins
        .iter()
        .zip(&snapshot.searchable)
        .filter_map(|(plugin, texts)| {
            let rank = texts.rank(&query.words)?;
            let behind = match snapshot.newest(plugin) {
                Some(_) => 0,
                None => NOTHING_TO_INSTALL,
            };
            Some((rank + behind, plugin))
        })
        .filter(|(rank, plugin)| {
            query
                .after
                .as_ref()
                .is_none_or(|(last, id)| (*rank, plugin.id.as_str()) > (*last, id.as_str()))
        })
        .collect();
    found.sort_by(|(one, this), (other, that)| (one, &this.id).cmp(&(other, &that.id)));
    let is_more = found.len() > PLUGINS_OF_A_PAGE;
    found.truncate(PLUGINS_OF_A_PAGE);
    let next = found
        .last()
        .filter(|_| is_more)
        .map(|(rank, plugin)| format!("{rank}:{}", plugin.id));
    PluginList {
        plugins: found
            .into_iter()
            .map(|(_, plugin)| line(snapshot, plugin))
            .collect(),
        next,
    }
}

/// A plugin as a list shows it.
pub(crate) fn line(snapshot: &Snapshot, plugin: &IndexedPlugin) -> PluginLine {
    let newest = snapshot.newest(plugin);
    PluginLine {
        id: plugin.id.clone(),
        title: plugin.title.clone(),
        summary: plugin.summary.clone(),
        version: newest.map(|version| version.version.clone()),
        published_at: newest.map(|version| version.published_at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guichet_package::{Index, PublisherKey, manifest::Texts};
    use jiff::Timestamp;
    use std::collections::BTreeMap;

    fn plugin(id: &str, title: &str, summary: &str) -> IndexedPlugin {
        IndexedPlugin {
            id: id.to_owned(),
            title: Texts::from([("en".to_owned(), title.to_owned())]),
            summary: Texts::from([("zh-CN".to_owned(), summary.to_owned())]),
            keys: Vec::new(),
            versions: Vec::new(),
        }
    }

    fn snapshot(plugins: Vec<IndexedPlugin>) -> Snapshot {
        let index = Index {
            marketplace: "M".to_owned(),
            sequence: 1,
            issued_at: Timestamp::UNIX_EPOCH,
            expires_at: Timestamp::MAX,
            plugins,
            revocations: Vec::new(),
        };
        let key = PublisherKey::from_random([1; 32]).public();
        Snapshot::new(index, Vec::new().into(), key, BTreeMap::new())
    }

    fn ids(snapshot: &Snapshot, typed: &str) -> Vec<String> {
        let found = search(snapshot, &Query::read(typed, None).unwrap());
        found.plugins.into_iter().map(|line| line.id).collect()
    }

    #[test]
    fn words_are_found_in_any_language_and_names_come_first() {
        let shelf = snapshot(vec![
            plugin("acme/notify", "Notices", "把工单变化通知到钉钉"),
            plugin("acme/sms", "DingTalk 短信", "短信"),
            plugin("zeta/钉", "x", "y"),
        ]);
        assert_eq!(ids(&shelf, "钉钉"), ["acme/notify"]);
        assert_eq!(ids(&shelf, "通知 NOTICES"), ["acme/notify"]);
        assert_eq!(ids(&shelf, "短信"), ["acme/sms"]);
        assert_eq!(ids(&shelf, "ＤＩＮＧｔａｌｋ"), ["acme/sms"]);
        assert_eq!(ids(&shelf, "acme"), ["acme/notify", "acme/sms"]);
        assert_eq!(ids(&shelf, "钉"), ["zeta/钉", "acme/notify"]);
        assert_eq!(ids(&shelf, "nothing"), [""; 0]);
        assert_eq!(ids(&shelf, "  ").len(), 3);
    }

    #[test]
    fn pages_go_on_where_the_one_before_ended() {
        let count = 2 * PLUGINS_OF_A_PAGE + 1;
        let shelf = snapshot(
            (0..count)
                .map(|n| plugin(&format!("acme/p{n:03}"), "P", "s"))
                .collect(),
        );
        let (mut seen, mut cursor, mut pages) = (Vec::new(), None, 0);
        loop {
            let page = search(&shelf, &Query::read("", cursor.as_deref()).unwrap());
            pages += 1;
            seen.extend(page.plugins.into_iter().map(|line| line.id));
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!((seen.len(), pages), (count, 3));
        seen.dedup();
        assert_eq!(seen.len(), count);
        let full = snapshot(
            (0..PLUGINS_OF_A_PAGE)
                .map(|n| plugin(&format!("acme/p{n:03}"), "P", "s"))
                .collect(),
        );
        assert_eq!(search(&full, &Query::read("", None).unwrap()).next, None);
    }

    #[test]
    fn what_is_searched_for_has_bounds() {
        assert!(Query::read(&"x".repeat(QUERY_BYTES_MAX), None).is_ok());
        assert!(matches!(
            Query::read(&"x".repeat(QUERY_BYTES_MAX + 1), None),
            Err(Refusal::LongQuery)
        ));
        let words = "a b c d e f g h i j";
        assert_eq!(
            Query::read(words, None).unwrap().words.len(),
            QUERY_WORDS_MAX
        );
        for cursor in ["", "x", "4:acme/a", "-1:acme/a", ":"] {
            assert!(Query::read("", Some(cursor)).is_err(), "{cursor}");
        }
    }
}
