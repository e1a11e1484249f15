//! Any text at all: it is an expression or an error with a place in it, on a small stack; and what is printed is read again.
#![cfg(test)]

use guichet_expression::{Environment, Expression};
use proptest::prelude::*;

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "state",
            "number",
            "tags",
            "assignee",
            "created_at",
            "fields",
            "now",
            "me",
            "null",
            "true",
            "\"open\"",
            "'x'",
            "\"vip\"",
            "1",
            "-2",
            "3.5",
            "&&",
            "||",
            "!",
            "==",
            "!=",
            "<",
            ">=",
            "in",
            "(",
            ")",
            "[",
            "]",
            ",",
            ".",
            "+",
            "-",
            "text(",
            "timestamp(",
            "duration(\"1h\")",
            ".contains(",
            "{",
            "?",
            ":",
            "\\",
            "\"",
            "'",
            "`",
            "%",
            "/",
            "*",
            "//",
            "\n",
            "0x",
            "1u",
            "b'",
            "r\"",
            "has(",
            "状",
            "\u{1F600}",
            "[\"a\", \"b\"]",
            "\"\"\"",
            "'''",
            "_",
            "1e",
            "e9",
            "\u{0}",
            ".exists(x,",
            "&",
            "|",
            "=",
            ";",
            "\"\\u12\"",
            "\"\\x\"",
            "'\\777'",
            "'\\ud800'",
        ])
        .prop_map(str::to_owned),
        ".{0,3}",
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.join(" "))
}

fn on_a_small_stack(text: String) -> Result<(), String> {
    let environment = Environment::tickets([]);
    let parse = move || match Expression::parse(&text, &environment) {
        Ok(expression) => match Expression::parse(&expression.to_string(), &environment) {
            Ok(again) if again.to_string() == expression.to_string() => Ok(()),
            other => Err(format!(
                "{text} is printed as {expression}, and read as {other:?}"
            )),
        },
        Err(error) => {
            let line = text.split('\n').nth(error.line as usize - 1);
            match line.is_some_and(|line| error.column as usize <= line.chars().count() + 1) {
                true => Ok(()),
                false => Err(format!("{text:?}: {error} is no place in it")),
            }
        }
    };
    std::thread::Builder::new()
        .stack_size(768 << 10)
        .spawn(parse)
        .unwrap()
        .join()
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn any_text_is_an_expression_or_an_error_with_a_place_in_it(text in any_text()) {
        prop_assert_eq!(on_a_small_stack(text), Ok(()));
    }
}

#[test]
fn the_deepest_texts_do_not_climb_out_of_the_stack() {
    for text in [
        format!("{}1{}", "(".repeat(32), ")".repeat(32)),
        format!("{}1{}", "!(".repeat(32), ")".repeat(32)),
        format!("{}{}", "[".repeat(32), "]".repeat(32)),
        format!("{}1{}", "a(".repeat(32), ")".repeat(32)),
        format!("{}1{}", "a[".repeat(32), "]".repeat(32)),
        format!("a{}", ".a".repeat(299)),
        format!("1{}", "+1".repeat(299)),
        format!("1{}", "==1".repeat(299)),
        format!("a{}", "&&a".repeat(299)),
        format!("a{}", "[1]".repeat(149)),
        format!("{}a", "!".repeat(32)),
        format!("{}1", "- ".repeat(32)),
        format!("a{}", " in a".repeat(299)),
        "[1,".repeat(32),
        "(".repeat(32),
    ] {
        assert_eq!(on_a_small_stack(text), Ok(()));
    }
}
