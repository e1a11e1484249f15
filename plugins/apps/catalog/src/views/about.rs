//! What an entry says, to be read.

use super::{entry::Known, names, nodes, short};
use crate::{
    entry::{Article, Entry},
    viewer::Viewer,
};
use guichet_sdk::view::{
    Action, Block, ColumnKind, Go, KeyValue, key_value, limits::TITLE_CHARS_MAX, text, tree,
};
use serde_json::json;

/// Its summary, what its tickets get, what there is to read, and what stands below.
pub(super) fn about(viewer: Viewer, known: &Known<'_>, entry: &Entry) -> Vec<Block> {
    let mut blocks = Vec::new();
    let summary = entry.summary.of(viewer.language);
    if !summary.is_empty() {
        blocks.push(text(summary).into());
    }
    let class = match entry.class.as_str() {
        "" => viewer.say("none", "无"),
        class => class,
    };
    let pairs = key_value()
        .pair(viewer.say("Id", "标识"), known.id)
        .pair(
            viewer.say("Kind of tickets", "工单类型"),
            names::kind(viewer, &entry.kind),
        )
        .pair(viewer.say("Group", "负责组"), known.group.as_str())
        .pair(
            viewer.say("Impact", "影响"),
            names::numbered(viewer, &names::IMPACTS, entry.impact),
        )
        .pair(
            viewer.say("Urgency", "紧急程度"),
            names::numbered(viewer, &names::URGENCIES, entry.urgency),
        )
        .pair(viewer.say("Service class", "服务级别"), class)
        .pair(
            viewer.say("Who must agree", "审批人"),
            known.approval.as_str(),
        )
        .typed(
            viewer.say("Times used", "使用次数"),
            ColumnKind::Integer,
            i64::try_from(known.uses).unwrap_or(i64::MAX),
        );
    let articles = viewer.say("To read", "相关文章");
    let pairs = (entry.articles.iter()).fold(pairs, |pairs, one| article(pairs, articles, one));
    blocks.push(pairs.into());
    let open = |id: &str, _: &Entry| Some(Action::new("open").input(json!({ "id": id })));
    let below = nodes::below(viewer, known.catalog, known.id, entry.archived, &open);
    if !below.is_empty() {
        let mut whole = tree(viewer.say("Below it", "下级条目"));
        whole.nodes = below;
        blocks.push(whole.into());
    }
    blocks
}

fn article(pairs: KeyValue, key: &str, article: &Article) -> KeyValue {
    let title = short(&article.title, TITLE_CHARS_MAX);
    match article.link.as_str() {
        "" => pairs.pair(key, format!("{title} ({})", article.article)),
        link => pairs.link(key, title, Go::link(link)),
    }
}
