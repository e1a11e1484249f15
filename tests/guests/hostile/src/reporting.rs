//! Reports, as their names say: good ones, and such as no host should show.

use super::Hostile;
use guichet_sdk::{
    Answer, Column, Error, Report, Table, Value, directory_read, tickets_read, tickets_write,
};

impl Report for Hostile {
    fn run(name: String, parameters: String) -> Result<Answer, Error> {
        match name.as_str() {
            // What it was asked, and what it sees of tickets and of groups.
            "echo" => {
                let seen = tickets_read::count("")?;
                let group = directory_read::groups(None, 1)?.pop();
                Ok(table(
                    &[
                        ("asked", "text"),
                        ("seen", "integer"),
                        ("group", "group"),
                        ("share", "percent"),
                        ("odd", "sparkline"),
                    ],
                    vec![
                        Value::Text(parameters),
                        Value::Integer(i64::try_from(seen).unwrap_or(i64::MAX)),
                        group.map_or(Value::None, |group| Value::Text(group.id)),
                        Value::Number(12.5),
                        Value::Json("[1,2]".to_owned()),
                    ],
                ))
            }
            // Tries to write, and tells how that went.
            "write" => {
                let page = tickets_read::find(1)?;
                let told = match tickets_write::add_tags(&page.id(), &["written".to_owned()]) {
                    Ok(()) => "written".to_owned(),
                    Err(error) => format!("{error:?}"),
                };
                Ok(table(&[("told", "text")], vec![Value::Text(told)]))
            }
            // Makes the calls that it is asked to make, and tells what each was answered.
            "calls" => {
                let asked: serde_json::Value =
                    serde_json::from_str(&parameters).unwrap_or_default();
                let told = super::calls::all(asked["calls"].as_str().unwrap_or_default())?;
                Ok(table(&[("told", "text")], vec![Value::Text(told)]))
            }
            "formula" => Ok(table(
                &[("=title", "text"), ("n", "integer")],
                vec![Value::Text("=1+1, \"so\"".to_owned()), Value::Integer(-5)],
            )),
            "misfit" => Ok(table(
                &[("count", "integer")],
                vec![Value::Text("many".to_owned())],
            )),
            "uneven" => Ok(table(&[("a", "text"), ("b", "text")], vec![Value::None])),
            "large" => {
                let text = "x".repeat(1 << 20);
                let columns = ["a", "b", "c", "d", "e"].map(|name| (name, "text"));
                Ok(table(&columns, vec![Value::Text(text); 5]))
            }
            "fail" => Err(Error::Unavailable("as told".to_owned())),
            "trap" => unreachable!("as told"),
            "loop" => loop {
                std::hint::black_box(());
            },
            other => Err(Error::NotFound(format!("the report `{other}`"))),
        }
    }
}

fn table(columns: &[(&str, &str)], row: Vec<Value>) -> Answer {
    let columns = columns.iter().map(|(name, kind)| Column {
        name: (*name).to_owned(),
        title: (*name).to_owned(),
        kind: (*kind).to_owned(),
        extra: Vec::new(),
    });
    Answer {
        tables: vec![Table {
            name: "t".to_owned(),
            title: "T".to_owned(),
            columns: columns.collect(),
            rows: vec![row],
            behind: Vec::new(),
            extra: Vec::new(),
        }],
        charts: Vec::new(),
        extra: Vec::new(),
    }
}

guichet_sdk::export_report!(Hostile);
