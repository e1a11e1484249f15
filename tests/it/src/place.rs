//! Where a desk to test keeps its data: a folder that goes with the test, and a fresh database of either kind.

use guichet::{clock::Clock, config::Place};
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, Copy)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

/// A folder that goes when the test ends.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let path = std::env::temp_dir().join(format!("guichet-test-{}", Clock::default().new_id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Prints a table for people, whether or not the test's output is kept back.
pub(crate) fn show(table: &str) {
    use std::io::Write;
    writeln!(std::io::stdout().lock(), "{table}").unwrap();
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A place with a fresh database.
pub(crate) async fn place(database: Database, folder: &Folder) -> Place {
    let database = match database {
        Database::Sqlite => None,
        Database::Postgres => {
            let server = std::env::var_os("GUICHET_TEST_POSTGRES")
                .expect("tests run by `cargo xtask test`, which starts a PostgreSQL for them");
            let server = server.into_string().unwrap();
            let name = format!("t{}", Clock::default().new_id().simple());
            let pool = sqlx::PgPool::connect(&server).await.unwrap();
            sqlx::query(sqlx::AssertSqlSafe(format!("create database {name}")))
                .execute(&pool)
                .await
                .unwrap();
            pool.close().await;
            Some(format!("{}/{name}", server.rsplit_once('/').unwrap().0))
        }
    };
    Place {
        database,
        data: folder.0.clone(),
        master_key_file: None,
    }
}
