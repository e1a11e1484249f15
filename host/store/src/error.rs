//! What can go wrong with the database.

/// A failure of the database, or of what was to be written to it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database's address `{0}` is neither sqlite:///path nor postgres://…")]
    Address(String),
    #[error("the database")]
    Database(#[from] sqlx::Error),
    #[error("a file beside the database")]
    File(#[source] std::io::Error),
    #[error("the database holds what cannot be read: {0}")]
    Damaged(String),
    #[error(
        "migration {number} ({name}) of this database is not the one of this program: use the program that made it, or restore a backup"
    )]
    Migration { number: i64, name: String },
    #[error("{0}")]
    Taken(String),
    #[error("{0}")]
    Invalid(String),
    #[error(
        "this took longer than {0} ms: ask for less, such as a shorter time, one state, or what has an index"
    )]
    TooLong(u128),
    #[error("{0}: ask again in a moment")]
    NotYet(String),
    #[error("the committer has stopped")]
    Closed,
}

impl StoreError {
    /// Names what a unique constraint keeps apart.
    pub(crate) fn from_statement(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(database) if database.is_unique_violation() => {
                Self::Taken("something of that name is there already".to_owned())
            }
            _ => Self::Database(error),
        }
    }
}
