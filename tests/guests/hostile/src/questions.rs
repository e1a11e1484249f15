//! Questions about tickets, as the request asks them: `/ask/query`, `/ask/count`, `/ask/aggregate`.

use crate::calls::told::rows;
use guichet_sdk::{Error, PageRequest, tickets_read};

/// The answer as JSON, or what the host refused.
pub(crate) fn ask(what: &str, argument: impl Fn(&str) -> String) -> Result<String, Error> {
    match answer(what, argument) {
        Err(Error::Invalid(text)) => Ok(serde_json::json!({ "invalid": text }).to_string()),
        Err(Error::Limit(text)) => Ok(serde_json::json!({ "limit": text }).to_string()),
        answer => answer,
    }
}

fn answer(what: &str, argument: impl Fn(&str) -> String) -> Result<String, Error> {
    let list = |name: &str| -> Vec<String> {
        let text = argument(name);
        let names = text.split(',').filter(|name| !name.is_empty());
        names.map(str::to_owned).collect()
    };
    let limit = argument("limit").parse().unwrap_or(100);
    let filter = argument("filter");
    let answer = match what {
        "query" => {
            let page = tickets_read::query(&PageRequest {
                filter,
                columns: list("columns"),
                sort: list("sort"),
                cursor: Some(argument("cursor")).filter(|cursor| !cursor.is_empty()),
                limit,
                extra: Vec::new(),
            })?;
            serde_json::json!({ "rows": rows(&page.rows), "next": page.next })
        }
        "count" => tickets_read::count(&filter)?.into(),
        "counts" => {
            // As often as it is told: how long may the database work for one call?
            let mut counted = 0;
            for _ in 0..limit {
                counted = tickets_read::count(&filter)?;
            }
            counted.into()
        }
        "aggregate" => {
            let found =
                tickets_read::aggregate(&filter, &list("groups"), &list("measures"), limit)?;
            rows(&found)
        }
        other => return Err(Error::NotFound(format!("the question {other}"))),
    };
    Ok(answer.to_string())
}
