//! Each bound of the table: as much as may be is read, and one more is refused at its place.

use guichet_view::{
    Action, Answer, BoardColumn, Button, Card, Cell, ChartKind, Column, Condition, Entry, Go, Node,
    Operator, Row, Shown, View, ViewError, badge, board, button, cells, chart, columns, empty,
    file, form, key_value, limits, markdown, menu, progress, stack, table, tabs, text, timeline,
    tree,
};
use serde_json::{Value, json};

fn of(block: impl Into<guichet_view::Block>) -> View {
    View::default().block(block)
}

fn press(text: &str) -> Button {
    button(text).action(Action::new("press"))
}

fn at_edge(most: usize, place: &str, made: impl Fn(usize) -> View) {
    let fits = made(most).check();
    assert_eq!(fits, Ok(()), "{most} fit");
    let error: ViewError = made(most + 1).check().expect_err("one more is too many");
    assert_eq!(error.pointer, place);
    assert!(
        error.to_string().len() > place.len() + 20,
        "{error} says what to do"
    );
}

fn many<T>(count: usize, made: impl Fn(usize) -> T) -> impl Iterator<Item = T> {
    (0..count).map(made)
}

fn chars(count: usize) -> String {
    "宽".repeat(count)
}

#[test]
fn texts_have_so_many_characters() {
    at_edge(limits::TEXT_CHARS_MAX, "/blocks/0/text", |count| {
        of(text(chars(count)))
    });
    at_edge(limits::MARKDOWN_CHARS_MAX, "/blocks/0/text", |count| {
        of(markdown(chars(count)))
    });
    at_edge(limits::TITLE_CHARS_MAX, "/title", |count| {
        View::new(chars(count))
    });
    at_edge(limits::TITLE_CHARS_MAX, "/blocks/0/text", |count| {
        of(badge(chars(count)))
    });
    at_edge(
        limits::CELL_CHARS_MAX,
        "/blocks/0/rows/0/cells/0",
        |count| of(table(["A"]).row(cells![chars(count)])),
    );
    at_edge(limits::NAME_BYTES_MAX, "/blocks/0/action/action", |count| {
        of(button("x").action(Action::new("a".repeat(count))))
    });
    at_edge(limits::NAME_CHARS_MAX, "/blocks/0/nodes/0/id", |count| {
        of(tree("t").node(Node::new(chars(count), "x")))
    });
    at_edge(limits::FILTER_CHARS_MAX, "/blocks/0/go/filter", |count| {
        of(button("x").go(Go::Tickets {
            filter: Some(chars(count)),
        }))
    });
    let host = "https://a.example/";
    at_edge(limits::LINK_CHARS_MAX, "/blocks/0/go/url", |count| {
        of(button("x").go(Go::link(host.to_owned() + &"x".repeat(count - host.len()))))
    });
}

#[test]
fn blocks_stand_so_deep_and_are_so_many() {
    at_edge(limits::BLOCKS_MAX, "/blocks", |count| {
        View::default().blocks(many(count, |_| text("").into()))
    });
    let place = "/blocks/0".repeat(limits::BLOCK_LEVELS_MAX) + "/blocks";
    at_edge(limits::BLOCK_LEVELS_MAX, &place, |levels| {
        of((1..levels - 1).fold(stack().block(text("")), |inner, _| stack().block(inner)))
    });
    // In several lists, each of which is short enough.
    let half = limits::BLOCKS_MAX / 2;
    at_edge(
        half - 2,
        &format!("/blocks/1/blocks/{}", half - 2),
        |count| {
            let list = |count| {
                many(count, |_| text("").into())
                    .fold(stack(), |stack, one: guichet_view::Block| stack.block(one))
            };
            of(list(half)).block(list(count))
        },
    );
}

#[test]
fn parts_are_so_many_in_all() {
    let columns = limits::TABLE_COLUMNS_MAX;
    let wide = |rows: usize| {
        table(many(columns, |at| Column::text(at.to_string(), "C")))
            .rows(many(rows, |_| Row::new(many(columns, |_| Cell::Nothing))))
    };
    assert_eq!(of(wide(limits::TABLE_ROWS_MAX)).check(), Ok(()));
    let error = of(wide(limits::TABLE_ROWS_MAX))
        .block(wide(limits::TABLE_ROWS_MAX))
        .check()
        .unwrap_err();
    assert!(error.to_string().contains("12000"), "{error}");
}

#[test]
fn lists_have_so_many_entries() {
    at_edge(limits::COLUMNS_MAX, "/blocks/0/columns", |count| {
        of(many(count, |_| ()).fold(columns(), |all, ()| all.column([])))
    });
    at_edge(
        limits::COLUMN_SHARE_MAX as usize,
        "/blocks/0/columns/0/share",
        |share| of(columns().wide_column(share as u32, [])),
    );
    at_edge(limits::PAIRS_MAX, "/blocks/0/pairs", |count| {
        of(many(count, |_| ()).fold(key_value(), |all, ()| all.pair("k", "v")))
    });
    at_edge(limits::TABLE_COLUMNS_MAX, "/blocks/0/columns", |count| {
        of(table(many(count, |at| Column::text(at.to_string(), "C"))))
    });
    at_edge(limits::TABLE_ROWS_MAX, "/blocks/0/rows", |count| {
        of(table(["A"]).rows(many(count, |_| cells!["x"])))
    });
    at_edge(limits::TABLE_ROWS_MAX, "/blocks/0/rows-per-page", |count| {
        of(table(["A"]).rows_per_page(count as u32))
    });
    at_edge(limits::BUTTONS_MAX, "/blocks/0/buttons", |count| {
        of(many(count, |_| ()).fold(empty("e"), |all, ()| all.button(press("x"))))
    });
    at_edge(limits::BUTTONS_MAX, "/blocks/0/rows/0/buttons", |count| {
        of(table(["A"])
            .row(many(count, |_| ()).fold(Row::new(cells!["x"]), |row, ()| row.button(press("x")))))
    });
    at_edge(limits::ENTRIES_MAX, "/blocks/0/entries", |count| {
        of(many(count, |_| ()).fold(timeline("t"), |all, ()| {
            all.entry(Entry::new("2026-03-01T09:30:00Z", "x"))
        }))
    });
    at_edge(limits::MENU_ITEMS_MAX, "/blocks/0/items", |count| {
        of(many(count, |_| ()).fold(menu("m"), |all, ()| all.item(press("x"))))
    });
    at_edge(limits::TABS_MAX, "/blocks/0/tabs", |count| {
        of(many(count, |at| at).fold(tabs("t"), |all, at| all.tab(at.to_string(), "T", [])))
    });
}

#[test]
fn boards_have_so_many_columns_cards_and_badges() {
    let with = |cards: usize, badges: usize, name: &str| {
        many(cards, |at| at).fold(BoardColumn::new(name, "C"), |column, at| {
            let card = Card::new(format!("{name}-{at}"), "x");
            column.card(many(badges, |_| badge("b")).fold(card, Card::badge))
        })
    };
    at_edge(limits::BOARD_COLUMNS_MAX, "/blocks/0/columns", |count| {
        of(many(count, |at| BoardColumn::new(at.to_string(), "C"))
            .fold(board("b"), guichet_view::Board::column))
    });
    at_edge(limits::CARDS_MAX, "/blocks/0/columns/0/cards", |count| {
        of(board("b").column(with(count, 0, "a")))
    });
    at_edge(limits::CARDS_MAX - 10, "/blocks/0/columns", |count| {
        of(board("b")
            .column(with(10, 0, "a"))
            .column(with(count, 0, "b")))
    });
    at_edge(
        limits::CARD_BADGES_MAX,
        "/blocks/0/columns/0/cards/0/badges",
        |count| of(board("b").column(with(1, count, "a"))),
    );
}

#[test]
fn charts_have_so_many_series_and_points() {
    let of_series = |count: usize| {
        let labels = std::iter::once(Column::text("x", "X"));
        let series = many(count, |at| Column::integer(at.to_string(), "C"));
        chart(ChartKind::Bar, "c", labels.chain(series))
    };
    at_edge(limits::CHART_SERIES_MAX, "/blocks/0/columns", |count| {
        of(of_series(count))
    });
    at_edge(limits::CHART_POINTS_MAX, "/blocks/0/rows", |count| {
        of(many(count, |_| ()).fold(of_series(1), |all, ()| all.row(cells!["x", 1])))
    });
}

#[test]
fn trees_have_so_many_nodes_and_levels() {
    at_edge(limits::NODES_MAX, "/blocks/0/nodes", |count| {
        of(many(count, |at| Node::new(at.to_string(), "x"))
            .fold(tree("t"), guichet_view::Tree::node))
    });
    let place = "/blocks/0".to_owned() + &"/nodes/0".repeat(limits::NODE_LEVELS_MAX) + "/nodes";
    at_edge(limits::NODE_LEVELS_MAX, &place, |levels| {
        of(
            tree("t").node((1..levels).fold(Node::new("0", "x"), |inner, at| {
                Node::new(at.to_string(), "x").node(inner)
            })),
        )
    });
}

#[test]
fn numbers_are_so_large() {
    let most = limits::NUMBER_MAX;
    for (number, is_fine) in [
        (most, true),
        (-most, true),
        (most * 1.001, false),
        (-most * 1.001, false),
    ] {
        let view = of(table([Column::number("a", "A")]).row(cells![number]));
        assert_eq!(view.check().is_ok(), is_fine, "{number}");
        let whole = of(table([Column::integer("a", "A")]).row([Cell::Integer(number as i64)]));
        assert_eq!(whole.check().is_ok(), is_fine, "{number}");
    }
    let id = "0198c0de-0000-7000-8000-00000000002a";
    at_edge(most as usize, "/blocks/0/size", |size| {
        of(file(id, "f").size(size as u64))
    });
    at_edge(most as usize, "/blocks/0/go/number", |number| {
        of(button("x").go(Go::ticket(number as u64)))
    });
    for (value, all, is_fine) in [
        (0.0, 1.0, true),
        (1.0, 1.0, true),
        (1.01, 1.0, false),
        (-0.01, 1.0, false),
        (0.0, 0.0, false),
        (1.0, f64::INFINITY, false),
    ] {
        assert_eq!(
            of(progress("p").at(value, all)).check().is_ok(),
            is_fine,
            "{value} of {all}"
        );
    }
}

#[test]
fn inputs_and_forms_have_so_many_bytes_fields_and_conditions() {
    // Two quotation marks around each.
    let bytes = |count: usize| Value::String("x".repeat(count - 2));
    at_edge(limits::INPUT_BYTES_MAX, "/blocks/0/action/input", |count| {
        of(button("x").action(Action::new("a").input(bytes(count))))
    });
    let send = || Action::new("send");
    let fields = |count: usize| json!({ "type": "object", "properties": many(count, |at| (format!("f{at}"), json!({}))).collect::<serde_json::Map<_, _>>() });
    at_edge(
        limits::FORM_FIELDS_MAX,
        "/blocks/0/schema/properties",
        |count| of(form("s", fields(count), send())),
    );
    let schema = |count: usize| json!({ "type": "object", "properties": {}, "title": "x".repeat(count - 46 + 3) });
    let spare = schema(100).to_string().len() - 100;
    at_edge(limits::FORM_SCHEMA_BYTES_MAX, "/blocks/0/schema", |count| {
        of(form("s", schema(count - spare), send()))
    });
    let values = |count: usize| json!({ "f0": "x".repeat(count - 9) });
    at_edge(limits::FORM_VALUES_BYTES_MAX, "/blocks/0/values", |count| {
        of(form("s", fields(1), send()).values(values(count)))
    });
    at_edge(limits::FORM_CONDITIONS_MAX, "/blocks/0/shown", |count| {
        of(
            many(count, |_| ()).fold(form("s", fields(2), send()), |form, ()| {
                form.shown_when("f0", "f1", true)
            }),
        )
    });
    let condition = || Condition {
        field: "f1".to_owned(),
        operator: Operator::IsEmpty,
        value: Value::Null,
    };
    at_edge(
        limits::FORM_CONDITIONS_MAX,
        "/blocks/0/shown/0/when",
        |count| {
            of(form("s", fields(2), send()).shown(Shown {
                field: "f0".to_owned(),
                when: many(count, |_| condition()).collect(),
            }))
        },
    );
}

#[test]
fn json_has_so_many_bytes_and_levels() {
    let padded = |bytes: usize| format!("{}{}", r#"{"blocks":[]}"#, " ".repeat(bytes - 13));
    assert!(View::read(&padded(limits::VIEW_BYTES_MAX)).is_ok());
    assert!(
        View::read(&padded(limits::VIEW_BYTES_MAX + 1))
            .unwrap_err()
            .to_string()
            .contains("pages")
    );
    // The view, its blocks, the button and its action are four.
    let nested = |levels: usize| {
        let input = "[".repeat(levels - 4) + &"]".repeat(levels - 4);
        View::read(&format!(
            r#"{{"blocks":[{{"type":"button","text":"x","action":{{"action":"a","input":{input}}}}}]}}"#
        ))
    };
    assert!(nested(limits::JSON_LEVELS_MAX).is_ok());
    assert!(
        nested(limits::JSON_LEVELS_MAX + 1)
            .unwrap_err()
            .to_string()
            .contains("levels")
    );
}

#[test]
fn what_an_author_checks_a_host_reads_and_nothing_longer_or_deeper() {
    let agree = |view: &View| {
        let (checked, json) = (view.check(), serde_json::to_string(view).unwrap());
        assert_eq!(checked.clone().err(), View::read(&json).err());
        let answer = Answer::view(view.clone());
        let json = serde_json::to_string(&answer).unwrap();
        assert_eq!(answer.check().err(), Answer::read(&json).err());
        checked
    };
    let long = |last: usize| {
        let full = || markdown("a".repeat(limits::MARKDOWN_CHARS_MAX)).into();
        let count = limits::VIEW_BYTES_MAX / limits::MARKDOWN_CHARS_MAX;
        View::default()
            .blocks(many(count, |_| full()))
            .block(markdown("a".repeat(last)))
    };
    let least = serde_json::to_string(&long(0)).unwrap().len();
    at_edge(limits::VIEW_BYTES_MAX, "", |bytes| {
        let view = long(bytes - least);
        drop(agree(&view));
        view
    });
    // The view, its blocks, the button and its action are four.
    at_edge(limits::JSON_LEVELS_MAX, "", |levels| {
        let input = (4..levels).fold(Value::Null, |inner, _| json!([inner]));
        let view = of(button("x").action(Action::new("a").input(input)));
        drop(agree(&view));
        view
    });
}

#[test]
fn an_answer_finds_so_many_places_wrong() {
    let wrong = |count: usize| {
        many(count, |_| ()).fold(Answer::nothing(), |answer, ()| {
            answer.misfit("/a", "Say more.")
        })
    };
    assert_eq!(wrong(limits::MISFITS_MAX).check(), Ok(()));
    assert_eq!(
        wrong(limits::MISFITS_MAX + 1).check().unwrap_err().pointer,
        "/misfits"
    );
}
