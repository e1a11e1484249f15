//! Every block once, in both languages: what the console's gallery draws, and what authors copy from.

mod arrange;
mod does;
mod many;
mod says;

use crate::is_fresh;
use guichet_view::{Block, View};
use serde::Serialize;
use std::collections::BTreeSet;

/// One block, shown.
#[derive(Serialize)]
pub(crate) struct Example {
    pub(crate) block: &'static str,
    pub(crate) view: View,
}

/// Says it in the language of the gallery that is being made.
type Say = fn(&'static str, &'static str) -> String;

const ENGLISH: Say = |english, _| english.to_owned();
const CHINESE: Say = |_, chinese| chinese.to_owned();

fn gallery(say: Say) -> Vec<Example> {
    [
        says::examples(say),
        many::examples(say),
        does::examples(say),
        arrange::examples(say),
    ]
    .into_iter()
    .flatten()
    .map(|(block, view)| Example { block, view })
    .collect()
}

pub(crate) fn english() -> Vec<Example> {
    gallery(ENGLISH)
}

#[test]
fn the_gallery_is_fresh() {
    let made = serde_json::json!({ "en": gallery(ENGLISH), "zh-CN": gallery(CHINESE) });
    is_fresh(
        "gallery.json",
        &(serde_json::to_string_pretty(&made).unwrap() + "\n"),
    );
}

#[test]
fn it_shows_every_block_in_both_languages_and_each_may_be_drawn() {
    for examples in [gallery(ENGLISH), gallery(CHINESE)] {
        let shown: BTreeSet<_> = examples.iter().map(|example| example.block).collect();
        assert_eq!(shown, Block::KINDS.iter().copied().collect());
        for example in examples {
            let json = serde_json::to_string(&example.view).unwrap();
            assert_eq!(
                View::read(&json).as_ref(),
                Ok(&example.view),
                "{}",
                example.block
            );
        }
    }
}
