//! Reports of plugins: which there are, and one made now, as JSON or as a file for spreadsheet programs. A plugin that fails is told in its place.

use super::{
    context::{Ctx, Segments},
    error::{Body, Problem},
    show::{Names, json},
};
use crate::{
    clock::rfc3339,
    lane::eyes,
    plugins::{Ready, expressions, manifest},
    reports::{
        asked::{Asked, Setting, Wish},
        cells::{self, Kind, Named},
        csv, range,
        run::{self, Failure},
    },
};
use axum::{
    Json,
    extract::Query,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use guichet_runtime::{Chart, Outcome, ReportAnswer, Table};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A report that can be made.
#[derive(Serialize, ToSchema)]
pub struct ReportShown {
    install: Uuid,
    /// `publisher/name`.
    plugin: String,
    /// Unique within the install.
    name: String,
    /// By language.
    title: manifest::Texts,
    summary: manifest::Texts,
    /// A JSON Schema of its own parameters, with titles as settings have them; null where it has none.
    #[schema(value_type = Option<Object>)]
    parameters: Option<serde_json::Value>,
}

/// All of them, in the installs' order.
#[derive(Serialize, ToSchema)]
pub struct Reports {
    items: Vec<ReportShown>,
}

/// A report as it was made.
#[derive(Serialize, ToSchema)]
pub struct ReportMade {
    install: Uuid,
    plugin: String,
    version: String,
    name: String,
    /// By language.
    title: manifest::Texts,
    /// RFC 3339, UTC: from here, up to `to`, which does not count.
    from: String,
    to: String,
    /// In which days begin and end.
    zone: String,
    locale: String,
    /// The expression that was asked for; empty: all tickets that the caller may see.
    filter: String,
    made_at: String,
    tables: Vec<TableShown>,
    charts: Vec<ChartShown>,
}

/// A table.
#[derive(Serialize, ToSchema)]
pub struct TableShown {
    name: String,
    title: String,
    columns: Vec<ColumnShown>,
    /// As many cells as columns. By the column's kind: `text` a string, `integer`, `number`, `percent` (of a hundred) and `duration` (seconds) a number,
    /// `instant` RFC 3339; `agent`, `group` and `customer` `{"id", "name"}`, the name null where it is not known; each may be null.
    #[schema(value_type = Vec<Vec<Object>>)]
    rows: Vec<Vec<serde_json::Value>>,
    /// As many as rows, or none: the filter that lists the tickets behind the row (`GET /tickets?filter=`), empty where there is none.
    behind: Vec<String>,
}

/// A column of a table.
#[derive(Serialize, ToSchema)]
pub struct ColumnShown {
    name: String,
    title: String,
    /// `text`, `integer`, `number`, `percent`, `duration`, `instant`, `agent`, `group`, `customer`; others are shown as they come.
    kind: String,
}

/// A picture of a table.
#[derive(Serialize, ToSchema)]
pub struct ChartShown {
    title: String,
    /// `bar`, `line`, `area`, `pie`, `number`; others are shown as a table.
    kind: String,
    /// The table that it draws, by name.
    table: String,
    /// Columns of it, by name.
    x: String,
    series: Vec<String>,
    /// `stacked` (true or false), `unit`; an empty object or null where there are none.
    #[schema(value_type = Object)]
    options: serde_json::Value,
}

/// In which form.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// `json` (the default) or `csv`; `Accept: text/csv` says the same.
    format: Option<String>,
    /// Which table becomes the file; by default the first.
    table: Option<String>,
}

/// The reports of all enabled plugins.
#[utoipa::path(get, path = "/reports", tag = "reports", responses((status = 200, body = Reports), (status = 403, body = Problem)))]
pub async fn list(ctx: Ctx) -> Result<Json<Reports>, Problem> {
    ctx.must_be_inside()?;
    let installs = ctx.desk.installs(ctx.tenant.id).await?;
    let enabled = installs.iter().filter(|ready| ready.is_enabled());
    let items = enabled.flat_map(|ready| {
        ready.manifest.reports.iter().map(|report| ReportShown {
            install: ready.install.id.0,
            plugin: ready.install.plugin.clone(),
            name: report.name.clone(),
            title: report.title.clone(),
            summary: report.summary.clone(),
            parameters: report.parameters.clone(),
        })
    });
    Ok(Json(Reports {
        items: items.collect(),
    }))
}

/// Make a report, of what the caller may see. One table of it as CSV with `?format=csv`.
#[utoipa::path(post, path = "/reports/{install}/{name}", tag = "reports", request_body = Wish,
    params(("install" = Uuid, Path), ("name" = String, Path), Form),
    responses((status = 200, body = ReportMade), (status = 404, body = Problem), (status = 422, body = Problem),
        (status = 502, body = Problem, description = "the plugin failed: `detail` says how, and what to do"), (status = 503, body = Problem)))]
pub async fn make(
    ctx: Ctx,
    segments: Segments,
    form: Result<Query<Form>, axum::extract::rejection::QueryRejection>,
    headers: HeaderMap,
    Body(wish): Body<Wish>,
) -> Result<Response, Problem> {
    ctx.must_be_inside()?;
    let Query(form) =
        form.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let as_file = is_file(&form, &headers)?;
    let install: Uuid = segments.parse("install")?;
    let name: String = segments.parse("name")?;
    let installs = ctx.desk.installs(ctx.tenant.id).await?;
    let (ready, report) = installs
        .iter()
        .find(|ready| ready.install.id.0 == install && ready.is_enabled())
        .and_then(|ready| Some((ready, ready.manifest.report(&name)?)))
        .ok_or_else(|| {
            let name: String = name.chars().take(60).collect();
            Problem::not_found(format_args!("the report {install}/{name}"))
        })?;
    let asker = ctx.asker();
    let fields = expressions::ticket_fields(
        installs
            .iter()
            .map(|ready| (&ready.install, &ready.manifest)),
    );
    let setting = Setting {
        now: ctx.desk.clock.now(),
        zone: &ctx.tenant.zone,
        environment: &eyes::environment(&asker.principal, fields),
    };
    let asked = wish.check(report, &setting)?;
    let answer = run::run(&ctx.desk, &asker, ready, &name, &asked)
        .await
        .map_err(|failure| failed(ready, failure))?;
    let names = Names::load(&ctx, cells::ids(&answer, Named::Customer)).await?;
    match as_file {
        true => file(&answer, &asked, &form, &name, &names),
        false => Ok(Json(made(ready, report, asked, setting.now, answer, &names)).into_response()),
    }
}

fn is_file(form: &Form, headers: &HeaderMap) -> Result<bool, Problem> {
    let accepts_csv = || {
        let accept = headers.get(header::ACCEPT);
        accept
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.trim_start().starts_with("text/csv"))
    };
    match form.format.as_deref() {
        None => Ok(accepts_csv()),
        Some("json") => Ok(false),
        Some("csv") => Ok(true),
        Some(_) => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "format is `json` or `csv`",
        )),
    }
}

fn made(
    ready: &Arc<Ready>,
    report: &manifest::Report,
    asked: Asked,
    now: guichet_core::time::Timestamp,
    answer: ReportAnswer,
    names: &Names,
) -> ReportMade {
    ReportMade {
        install: ready.install.id.0,
        plugin: ready.install.plugin.clone(),
        version: ready.install.version.clone(),
        name: report.name.clone(),
        title: report.title.clone(),
        from: rfc3339(asked.range.from),
        to: rfc3339(asked.range.to),
        zone: asked.zone,
        locale: asked.locale,
        filter: asked.filter,
        made_at: rfc3339(now),
        tables: answer
            .tables
            .into_iter()
            .map(|table| shown(table, names))
            .collect(),
        charts: answer.charts.into_iter().map(drawn).collect(),
    }
}

fn shown(table: Table, names: &Names) -> TableShown {
    let kinds: Vec<_> = table
        .columns
        .iter()
        .map(|column| Kind::parse(&column.kind))
        .collect();
    let rows = table.rows.iter().map(|row| {
        let cells = kinds.iter().zip(row);
        cells
            .map(|(kind, value)| match (kind, value.as_text()) {
                (Kind::Named(_), Some(id)) => {
                    let name = id.parse().ok().and_then(|id| names.get(id));
                    serde_json::json!({ "id": id, "name": name })
                }
                _ => json(value),
            })
            .collect()
    });
    TableShown {
        rows: rows.collect(),
        name: table.name,
        title: table.title,
        columns: table
            .columns
            .into_iter()
            .map(|column| ColumnShown {
                name: column.name,
                title: column.title,
                kind: column.kind,
            })
            .collect(),
        behind: table.behind,
    }
}

fn drawn(chart: Chart) -> ChartShown {
    ChartShown {
        title: chart.title,
        kind: chart.kind,
        table: chart.table,
        x: chart.x,
        series: chart.series,
        options: chart.options,
    }
}

fn file(
    answer: &ReportAnswer,
    asked: &Asked,
    form: &Form,
    report: &str,
    names: &Names,
) -> Result<Response, Problem> {
    let table = match &form.table {
        None => answer.tables.first(),
        Some(name) => answer.tables.iter().find(|table| table.name == *name),
    };
    let table = table.ok_or_else(|| {
        let there: Vec<_> = answer.tables.iter().map(|table| &*table.name).collect();
        Problem::new(
            StatusCode::NOT_FOUND,
            format!("the report has no such table; it has: {}", there.join(", ")),
        )
    })?;
    let zone = range::zone(&asked.zone)?;
    let text = csv::of(table, &|id| names.get(id).map(str::to_owned), &zone);
    let plain: String = format!("{report}-{}", table.name)
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    Ok((
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{plain}.csv\""),
            ),
        ],
        text,
    )
        .into_response())
}

/// A plugin's failure as whoever asks sees it: how it failed, and what can be done.
fn failed(ready: &Arc<Ready>, failure: Failure) -> Problem {
    let plugin = &ready.install.plugin;
    let outcome = match failure {
        Failure::Store(error) => return error.into(),
        Failure::Plugin(Outcome::HostError(reason)) => {
            tracing::error!(plugin, reason, "a report failed on the host");
            return Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "the desk cannot make the report just now: try again",
            );
        }
        suspect @ Failure::Suspect => {
            return Problem::new(StatusCode::SERVICE_UNAVAILABLE, suspect.to_string());
        }
        Failure::Plugin(outcome) => outcome,
    };
    let remedy = match outcome {
        Outcome::Cpu | Outcome::Wall | Outcome::Memory | Outcome::Limit(_) => {
            "ask for a shorter range or a narrower filter"
        }
        _ => "try again, or ask an admin to look at the plugin's runs",
    };
    Problem::new(
        StatusCode::BAD_GATEWAY,
        format!("the report of {plugin} failed ({outcome}): {remedy}"),
    )
}
