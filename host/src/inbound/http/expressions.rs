//! What expressions may say, for an editor: the names that the caller may use, and whether a text is an expression.

use super::{
    context::Ctx,
    error::{Body, Mistaken, Problem},
};
use crate::lane::eyes;
use axum::{Json, extract::Query, http::StatusCode};
use guichet_expression::{Environment, Expression, Known, Title};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What an expression is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// Filters of lists, saved views, reports.
    Tickets,
    /// Conditions on what happens: filters of subscriptions, rules.
    Events,
}

/// A text to be looked at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    kind: About,
    text: String,
}

/// Whether it is an expression.
#[derive(Serialize, ToSchema)]
pub struct Checked {
    ok: bool,
    /// The same expression as the platform writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    canonical: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Mistaken>,
}

/// Of what.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// `tickets` (where it is absent) or `events`.
    #[param(inline)]
    kind: Option<About>,
}

/// What expressions may use.
#[derive(Serialize, ToSchema)]
pub struct NamesShown {
    names: Vec<NameShown>,
    /// Functions, constants, and what joins conditions.
    functions: Vec<FunctionShown>,
}

/// A name.
#[derive(Serialize, ToSchema)]
pub struct NameShown {
    /// As it is written in an expression.
    name: String,
    /// `text`, `integer`, `number`, `boolean`, `instant`, `texts`.
    #[serde(rename = "type")]
    kind: &'static str,
    title: TitleShown,
    /// What can be asked of it; comparisons take a value of its type on the other side.
    operators: &'static [&'static str],
    /// Values that it is known to have.
    values: Vec<ValueShown>,
    /// Whether it has these and no others.
    closed: bool,
}

/// A text for people.
#[derive(Serialize, ToSchema)]
pub struct TitleShown {
    en: String,
    #[serde(rename = "zh-CN")]
    zh_cn: String,
}

/// One of the values of a name.
#[derive(Serialize, ToSchema)]
pub struct ValueShown {
    value: String,
    title: TitleShown,
}

/// A function or the like.
#[derive(Serialize, ToSchema)]
pub struct FunctionShown {
    /// As it is written; `…` stands for what belongs there.
    text: &'static str,
    title: TitleShown,
}

impl From<Title> for TitleShown {
    fn from(title: Title) -> Self {
        Self {
            en: title.en,
            zh_cn: title.zh_cn,
        }
    }
}

async fn environment(ctx: &Ctx, about: About) -> Result<Environment, Problem> {
    let fields = ctx.plugin_fields().await?;
    Ok(match about {
        About::Tickets => eyes::environment(&ctx.asker().principal, fields),
        About::Events => Environment::events(fields),
    })
}

/// Look whether a text is an expression, and where it is not.
#[utoipa::path(post, path = "/expressions/check", tag = "expressions", request_body = Text, responses((status = 200, body = Checked)))]
pub async fn check(ctx: Ctx, Body(wanted): Body<Text>) -> Result<Json<Checked>, Problem> {
    let environment = environment(&ctx, wanted.kind).await?;
    Ok(Json(match Expression::parse(&wanted.text, &environment) {
        Ok(expression) => Checked {
            ok: true,
            canonical: Some(expression.to_string()),
            errors: Vec::new(),
        },
        Err(error) => Checked {
            ok: false,
            canonical: None,
            errors: vec![Mistaken::in_expression("text", &error)],
        },
    }))
}

/// List what the caller's expressions may use.
#[utoipa::path(get, path = "/expressions/names", tag = "expressions", params(Wanted), responses((status = 200, body = NamesShown), (status = 400, body = Problem)))]
pub async fn names(
    ctx: Ctx,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<NamesShown>, Problem> {
    let Query(wanted) =
        wanted.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let environment = environment(&ctx, wanted.kind.unwrap_or(About::Tickets)).await?;
    let functions = environment.offers().into_iter();
    Ok(Json(NamesShown {
        names: environment.names().map(name_shown).collect(),
        functions: functions
            .map(|offer| FunctionShown {
                text: offer.text,
                title: offer.title.into(),
            })
            .collect(),
    }))
}

fn name_shown((name, known): (String, Known)) -> NameShown {
    NameShown {
        name,
        kind: known.kind.name(),
        title: known.title.into(),
        operators: known.kind.operators(),
        closed: known.closed,
        values: known
            .values
            .into_iter()
            .map(|choice| ValueShown {
                value: choice.value,
                title: choice.title.into(),
            })
            .collect(),
    }
}
