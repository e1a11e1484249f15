//! Attachments. They come from outside: always as a download, never shown as a page of ours.

use super::{
    context::{Ctx, Id},
    error::Problem,
};
use crate::lane::Named;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use guichet_core::id::FileId;

/// Download a file.
#[utoipa::path(get, path = "/files/{id}", tag = "tickets", params(("id" = Uuid, Path)), responses((status = 200, description = "the content"), (status = 404, body = Problem)))]
pub async fn download(ctx: Ctx, Id(id): Id) -> Result<Response, Problem> {
    // Who may see the ticket may see its files; what no ticket names is for those who see everything.
    let asker = ctx.asker();
    let sees_all = asker
        .principal
        .rights
        .as_ref()
        .is_some_and(|rights| rights.reads_all());
    if !sees_all {
        let unknown = || Problem::not_found(format_args!("file {id}"));
        let mut is_in_sight = false;
        for ticket in ctx.store().tickets_of_file(FileId(id)).await? {
            is_in_sight = is_in_sight || ctx.ticket(Named::Id(ticket)).await.is_ok();
        }
        if !is_in_sight {
            return Err(unknown());
        }
    }
    let (name, _, content) = ctx
        .store()
        .file(FileId(id))
        .await?
        .ok_or_else(|| Problem::not_found(format_args!("file {id}")))?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename*=UTF-8''{}", percent_encoded(&name)),
        ),
        (header::CONTENT_SECURITY_POLICY, "sandbox".to_owned()),
    ];
    Ok((headers, content).into_response())
}

/// RFC 8187.
fn percent_encoded(name: &str) -> String {
    name.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
