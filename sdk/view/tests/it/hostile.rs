//! The trees in `tests/browser/views`: those in `refused` never reach a browser, those in `drawn` do, and a story looks that they do no harm there.

use crate::is_fresh;
use guichet_view::View;
use std::{fs, path::Path};

fn trees(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/browser/views")
        .join(folder);
    let mut trees: Vec<_> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").path())
        .map(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let json = fs::read_to_string(&path).expect("it is text");
            (name.into_owned(), json)
        })
        .collect();
    trees.sort();
    trees
}

#[test]
fn what_may_be_drawn_is_read_and_written_as_it_was() {
    let trees = trees("drawn");
    assert!(trees.len() >= 20, "{}", trees.len());
    for (name, json) in trees {
        let view = View::read(&json).unwrap_or_else(|error| panic!("{name}: {error}"));
        let again = serde_json::to_string(&view).unwrap();
        assert_eq!(View::read(&again).as_ref(), Ok(&view), "{name}");
    }
}

#[test]
fn what_must_not_be_drawn_is_refused_at_its_place_with_what_to_do() {
    let trees = trees("refused");
    assert!(trees.len() >= 30, "{}", trees.len());
    let told: String = trees
        .iter()
        .map(|(name, json)| match View::read(json) {
            Ok(_) => panic!("{name} was not refused"),
            Err(error) => format!("{name}\n  {error}\n"),
        })
        .collect();
    is_fresh("tests/refused.txt", &told);
}
