//! What is promised of views. What is published or kept beside the code is written anew by `GUICHET_UPDATE=1 cargo test --package guichet-view`.

/// Every block, by its builders.
mod gallery;

/// The schema is the one that the types have.
mod published;

/// The console draws what may be drawn.
mod console;

/// Whatever a plugin hands over.
mod hostile;
mod reading;

/// Each bound, at its edge.
mod limits;

use std::{fs, path::Path};

/// Whether a file of the crate is what the code makes of it.
fn is_fresh(name: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    #[expect(
        clippy::disallowed_methods,
        reason = "a switch of these tests alone, not a setting"
    )]
    if std::env::var("GUICHET_UPDATE").is_ok() {
        fs::write(&path, made).expect("the crate can be written to");
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == made,
        "{name} is stale: GUICHET_UPDATE=1 cargo test --package guichet-view, and look at the difference"
    );
}
