//! The console, which draws these blocks, knows the same.

use guichet_view::Block;
use std::{collections::BTreeSet, fs, path::Path};

#[test]
fn the_console_draws_every_block_and_no_other() {
    let console = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../host/console/src/blocks");
    let types = fs::read_to_string(console.join("types.ts")).unwrap();
    let typed: BTreeSet<_> = types
        .lines()
        .filter_map(|line| line.trim().strip_prefix("type: \""))
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert_eq!(typed, Block::KINDS.iter().copied().collect());
    let dispatcher = fs::read_to_string(console.join("Blocks.svelte")).unwrap();
    for kind in Block::KINDS {
        assert!(
            dispatcher.contains(&format!("block.type === \"{kind}\"")),
            "Blocks.svelte does not draw {kind}"
        );
    }
}
