//! A table as a file for spreadsheet programs: RFC 4180 in UTF-8 with a byte order mark, without which some of them read Chinese as something else.
//! What a program would take for a formula is made a text: customers write subjects and names.

use super::cells::Kind;
use guichet_core::{time::Timestamp, value::Value};
use guichet_runtime::Table;
use jiff::tz::TimeZone;
use uuid::Uuid;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Signs that begin a formula in one program or another; after blanks, too.
const FORMULA_BEGINS: [char; 8] = ['=', '+', '-', '@', '\t', '\r', '＝', '＠'];

/// The table, its columns' titles first. Ids of people and groups are written as names, instants as the zone's wall clock has them, durations as seconds.
pub fn of(table: &Table, names: &dyn Fn(Uuid) -> Option<String>, zone: &TimeZone) -> String {
    let mut text = BYTE_ORDER_MARK.to_owned();
    let titles = table.columns.iter().map(|column| guarded(&column.title));
    line(&mut text, titles);
    for row in &table.rows {
        let cells = table
            .columns
            .iter()
            .zip(row)
            .map(|(column, value)| cell(Kind::parse(&column.kind), value, names, zone));
        line(&mut text, cells);
    }
    text
}

fn line(text: &mut String, cells: impl Iterator<Item = String>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            text.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) || cell.starts_with([' ', '\'']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}

fn cell(
    kind: Kind,
    value: &Value,
    names: &dyn Fn(Uuid) -> Option<String>,
    zone: &TimeZone,
) -> String {
    match (kind, value) {
        (Kind::Named(_), Value::Text(id)) => {
            let name = id.parse().ok().and_then(names);
            guarded(&name.unwrap_or_else(|| id.clone()))
        }
        (_, Value::None) => String::new(),
        (_, Value::Boolean(boolean)) => boolean.to_string(),
        (_, Value::Integer(integer)) => integer.to_string(),
        (_, Value::Number { number }) => number.to_string(),
        (_, Value::Text(text)) => guarded(text),
        (_, Value::Texts(texts)) => guarded(&texts.join(", ")),
        (_, Value::Instant { at }) => wall_clock(*at, zone),
        (_, Value::Json { json }) => guarded(&json.to_string()),
    }
}

fn wall_clock(at: Timestamp, zone: &TimeZone) -> String {
    jiff::Timestamp::from_microsecond(at.0).map_or_else(
        |_| String::new(),
        |at| {
            at.to_zoned(zone.clone())
                .strftime("%Y-%m-%d %H:%M:%S")
                .to_string()
        },
    )
}

/// A text that no program computes.
fn guarded(text: &str) -> String {
    match text.trim_start_matches(' ').starts_with(FORMULA_BEGINS) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guichet_runtime::Column;

    fn table(columns: &[(&str, &str)], rows: Vec<Vec<Value>>) -> Table {
        let columns = columns.iter().map(|(title, kind)| Column {
            name: title.to_lowercase(),
            title: (*title).to_owned(),
            kind: (*kind).to_owned(),
        });
        Table {
            name: "t".to_owned(),
            title: "T".to_owned(),
            columns: columns.collect(),
            rows,
            behind: Vec::new(),
        }
    }

    fn written(table: &Table) -> String {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let names = |id: Uuid| (id == Uuid::from_u128(7)).then(|| "陈志强, 网络".to_owned());
        of(table, &names, &zone)
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn lines_end_as_rfc_4180_says_and_what_would_part_them_is_quoted() {
        let table = table(
            &[("Subject", "text"), ("Count", "integer")],
            vec![
                vec![text("plain"), Value::Integer(3)],
                vec![text("a, \"b\"\nc"), Value::None],
            ],
        );
        assert_eq!(
            written(&table),
            "\u{feff}Subject,Count\r\nplain,3\r\n\"a, \"\"b\"\"\nc\",\r\n"
        );
    }

    #[test]
    fn what_would_be_a_formula_is_a_text_and_a_negative_number_stays_one() {
        let dangerous = [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "  =cmd|'/c calc'!A1",
            "＝1",
        ];
        for formula in dangerous {
            let table = table(&[("S", "text")], vec![vec![text(formula)]]);
            let line = written(&table);
            let cell = line.split("S\r\n").nth(1).unwrap().trim_start_matches('"');
            assert!(cell.starts_with('\''), "{formula:?}: {cell:?}");
        }
        let numbers = table(
            &[("=N", "number")],
            vec![
                vec![Value::Integer(-5)],
                vec![Value::Number { number: -0.5 }],
            ],
        );
        assert_eq!(written(&numbers), "\u{feff}\"'=N\"\r\n-5\r\n-0.5\r\n");
    }

    #[test]
    fn ids_are_names_and_instants_are_the_zones_wall_clock() {
        let at = crate::clock::parse_rfc3339("2026-11-24T16:30:00Z").unwrap();
        let id = |number: u128| text(&Uuid::from_u128(number).to_string());
        let table = table(
            &[("Agent", "agent"), ("At", "instant"), ("Took", "duration")],
            vec![
                vec![id(7), Value::Instant { at }, Value::Integer(90)],
                vec![id(8), Value::None, Value::None],
            ],
        );
        assert_eq!(
            written(&table),
            "\u{feff}Agent,At,Took\r\n\"陈志强, 网络\",2026-11-25 00:30:00,90\r\n00000000-0000-0000-0000-000000000008,,\r\n"
        );
    }
}
