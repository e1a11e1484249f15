//! The JSON Schema, for authors in other languages.

use crate::{gallery, is_fresh};
use guichet_view::{Answer, schema};

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&schema().to_value()).expect("it is a schema")
}

#[test]
fn the_published_schema_is_fresh() {
    is_fresh(
        "view.schema.json",
        &(serde_json::to_string_pretty(&schema()).unwrap() + "\n"),
    );
}

#[test]
fn whatever_the_builders_make_fits_it() {
    let validator = validator();
    for example in gallery::english() {
        let view = serde_json::to_value(&example.view).unwrap();
        let misfits: Vec<_> = validator
            .iter_errors(&view)
            .map(|error| error.to_string())
            .collect();
        assert!(misfits.is_empty(), "{}: {misfits:?}", example.block);
    }
    let answer = Answer::toast("Done.").misfit("/weight", "Too heavy.");
    assert!(validator.is_valid(&serde_json::to_value(answer).unwrap()));
}

#[test]
fn unknown_blocks_and_keys_do_not_fit_it() {
    let validator = validator();
    for other in [
        r#"{"blocks": [{"type": "text", "text": "x", "html": "<b>x</b>"}]}"#,
        r#"{"blocks": [{"type": "script", "text": "x"}]}"#,
        r#"{"blocks": [{"text": "x"}]}"#,
    ] {
        assert!(
            !validator.is_valid(&serde_json::from_str(other).unwrap()),
            "{other}"
        );
    }
}
