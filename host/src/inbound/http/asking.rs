//! By which names the caller asks for tickets, and which tickets are his to ask for.

use super::{
    context::Ctx,
    error::{Mistaken, Problem},
};
use crate::{
    lane::{eyes, view::sort_key},
    limits::COLUMNS_MAX,
    plugins::expressions::ticket_fields,
};
use guichet_core::refusal::Refusal;
use guichet_expression::{Environment, Expression, Name, PluginField};
use guichet_store::{Selection, SortKey, limits::LIST_DATABASE_MS};
use std::time::Duration;

impl Ctx {
    /// The fields of the tenant's plugins.
    ///
    /// # Errors
    /// Where the database fails.
    pub(super) async fn plugin_fields(&self) -> Result<Vec<PluginField>, Problem> {
        let installs = self.desk.installs(self.tenant.id).await?;
        let installs = installs.iter();
        Ok(ticket_fields(
            installs.map(|ready| (&ready.install, &ready.manifest)),
        ))
    }

    /// The names that the caller's filters, columns and orders may use.
    ///
    /// # Errors
    /// Where the database fails.
    pub(super) async fn environment(&self) -> Result<Environment, Problem> {
        let fields = self.plugin_fields().await?;
        Ok(eyes::environment(&self.asker().principal, fields))
    }

    /// All tickets that the caller sees, now.
    pub(super) fn selection(&self) -> Selection {
        let (principal, now) = (self.asker().principal, self.desk.clock.now());
        Selection::all(
            eyes::of(&principal, &self.directory, now),
            eyes::bindings(&principal, now),
            Duration::from_millis(LIST_DATABASE_MS),
        )
    }
}

/// A filter; none where it is empty.
pub(super) fn filter(
    environment: &Environment,
    text: &str,
) -> Result<Option<Expression>, Mistaken> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    Expression::parse(text, environment)
        .map(Some)
        .map_err(|error| Mistaken::in_expression("filter", &error))
}

/// What a list is sorted by: those that are known, and what is wrong with the others.
pub(super) fn sort(environment: &Environment, keys: &[String]) -> (Vec<SortKey>, Vec<Mistaken>) {
    let (mut sort, mut wrong) = (Vec::new(), Vec::new());
    for (place, key) in keys.iter().enumerate() {
        match sort_key(environment, key) {
            Ok(key) => sort.push(key),
            Err(mistake) => wrong.push(Mistaken::in_list("sort", place, mistake)),
        }
    }
    (sort, wrong)
}

/// What is shown of each ticket: those that are known by the names that were asked for, and what is wrong with the others.
pub(super) fn columns(
    environment: &Environment,
    names: &[String],
) -> (Vec<(String, Name)>, Vec<Mistaken>) {
    let (mut columns, mut wrong) = (Vec::new(), Vec::new());
    for (place, text) in names.iter().enumerate() {
        match environment.column(text) {
            Ok(name) => columns.push((text.clone(), name)),
            Err(mistake) => wrong.push(Mistaken::in_list("columns", place, mistake)),
        }
    }
    (columns, wrong)
}

/// Refuses more columns than a list may have.
pub(super) fn check_columns(names: &[String]) -> Result<(), Refusal> {
    match names.len() <= COLUMNS_MAX {
        true => Ok(()),
        false => Err(Refusal::Limit(format!(
            "a list has {COLUMNS_MAX} columns at most"
        ))),
    }
}

/// Names with commas between.
pub(super) fn list(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}
