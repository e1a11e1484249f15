//! Guests written by hand, in WebAssembly's text: what no compiler would make.

use crate::place::root;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// A component that offers to handle events, made of a core module with this in it.
///
/// `handle` is what is called; `$handle` must be defined, and so may be anything else.
pub(crate) fn component(fields: &str) -> Vec<u8> {
    let text = format!(
        r#"(module
            (memory (export "memory") 1)
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                (local $at i32)
                ;; Pages one after the other; nothing is given back.
                (local.set $at (i32.mul (memory.size) (i32.const 65536)))
                (drop (memory.grow (i32.add (i32.const 1) (i32.div_u (local.get 3) (i32.const 65536)))))
                (local.get $at))
            (export "guichet:platform/event-handler@0.1.0#handle" (func $handle))
            {fields})"#
    );
    let mut module = wat::parse_str(text).unwrap();
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(root().join("wit")).unwrap();
    let world = resolve
        .select_world(&[package], Some("event-point"))
        .unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default()
        .module(&module)
        .unwrap()
        .validate(true)
        .encode()
        .unwrap()
}

/// Answers that all went well.
pub(crate) const WELL: &str = r#"
    (func $handle (param i32) (result i32) (i32.const 1024))"#;

/// Asks for more and more entries of a table, and breaks down where it gets none.
pub(crate) const TABLE_BOMB: &str = r#"
    (table $entries 1 funcref)
    (func $handle (param i32) (result i32)
        (loop $more
            (br_if $more (i32.ne (table.grow $entries (ref.null func) (i32.const 10000)) (i32.const -1))))
        unreachable)"#;

/// Breaks down before it is called.
pub(crate) const START_TRAP: &str = r#"
    (func $start unreachable)
    (start $start)
    (func $handle (param i32) (result i32) (i32.const 1024))"#;

/// Comes to no end before it is called.
pub(crate) const START_LOOP: &str = r#"
    (func $start (loop $on (br $on)))
    (start $start)
    (func $handle (param i32) (result i32) (i32.const 1024))"#;

/// Points to an answer that is outside its memory.
pub(crate) const WILD_ANSWER: &str = r#"
    (func $handle (param i32) (result i32) (i32.const 0x7fffffff))"#;

/// One function of so many steps, each of which needs the ones before: a compiler that looks at all pairs is lost.
pub(crate) fn long_to_compile(steps: usize) -> String {
    let mut text = String::from("(func $handle (param i32) (result i32) (local i64)");
    for step in 0..steps {
        text.push_str(&format!(
            "(block $b{step} (br_if $b{step} (i32.eqz (local.get 0))) (local.set 1 (i64.add (local.get 1) (i64.const {step}))))"
        ));
    }
    text.push_str("(i32.const 1024))");
    text
}
