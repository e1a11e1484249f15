//! Tables, and how they came to be. Each migration runs once, in one transaction; one that has run is never altered.

use crate::{
    db::{Arg, Db},
    error::StoreError,
};

/// In the order in which they run, with what the databases spell differently in braces: see [`Db::spelled`].
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (
        1,
        "first tables",
        include_str!("../migrations/0001_first_tables.sql"),
    ),
    (
        2,
        "the desk's people, queue and jobs",
        include_str!("../migrations/0002_desk.sql"),
    ),
    (
        3,
        "large files beside the database",
        include_str!("../migrations/0003_files.sql"),
    ),
    (
        4,
        "plugins' indexed fields",
        include_str!("../migrations/0004_fields.sql"),
    ),
    (
        5,
        "packages and marketplaces",
        include_str!("../migrations/0005_packages.sql"),
    ),
    (
        6,
        "questions about tickets",
        include_str!("../migrations/0006_questions.sql"),
    ),
    (
        7,
        "saved views",
        include_str!("../migrations/0007_views.sql"),
    ),
    (
        8,
        "deliveries of messages",
        include_str!("../migrations/0008_delivery.sql"),
    ),
    (
        9,
        "installs' own cursors",
        include_str!("../migrations/0009_cursors.sql"),
    ),
    (
        10,
        "what installs' records take",
        include_str!("../migrations/0010_record_bytes.sql"),
    ),
    (
        11,
        "files of installs",
        include_str!("../migrations/0011_files_of_installs.sql"),
    ),
    (
        12,
        "jobs of tickets",
        include_str!("../migrations/0012_jobs_of_tickets.sql"),
    ),
    (
        13,
        "holders of jobs",
        include_str!("../migrations/0013_holders_of_jobs.sql"),
    ),
    (
        14,
        "ways to records",
        include_str!("../migrations/0014_record_indexes.sql"),
    ),
];

/// The migration behind which what is copied from tickets' documents is made anew.
const COPIES_FROM_DOCUMENTS: i64 = 6;

/// The version of the tables.
pub(crate) fn version() -> i64 {
    MIGRATIONS.last().map_or(0, |(number, _, _)| *number)
}

#[cfg(test)]
pub(crate) fn texts() -> impl Iterator<Item = &'static str> {
    MIGRATIONS.iter().map(|(_, _, text)| *text)
}

/// PostgreSQL's advisory lock of migrations: the letters "guichet".
const LOCK: i64 = 0x67_75_69_63_68_65_74;

/// Brings the tables up to date.
pub(crate) async fn run(db: &Db) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    if tx.is_postgres() {
        tx.rows(
            "select 1 as one from (select pg_advisory_xact_lock($1)) as locked",
            vec![Arg::Int(Some(LOCK))],
        )
        .await?;
    }
    tx.script("create table if not exists migrations (number bigint primary key, name text not null, text text not null)".to_owned()).await?;
    let applied = tx
        .rows(
            "select number, name, text from migrations order by number",
            vec![],
        )
        .await?;
    for row in &applied {
        let number = row.int("number")?;
        let same = MIGRATIONS.iter().any(|(known, _, text)| {
            *known == number && row.text("text").is_ok_and(|applied| applied == *text)
        });
        if !same {
            return Err(StoreError::Migration {
                number,
                name: row.text("name")?,
            });
        }
    }
    for (number, name, text) in &MIGRATIONS[applied.len().min(MIGRATIONS.len())..] {
        tx.script(db.spelled(text)).await?;
        let args = vec![Arg::Int(Some(*number)), Arg::text(*name), Arg::text(*text)];
        if *number == COPIES_FROM_DOCUMENTS {
            crate::tickets::refill(&mut tx).await?;
        }
        tx.execute(
            "insert into migrations (number, name, text) values ($1, $2, $3)",
            args,
        )
        .await?;
    }
    tx.commit().await
}
