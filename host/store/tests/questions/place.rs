//! A fresh database of either kind, and tenants with tickets.

use guichet_core::{
    changeset::{ChangeSet, TicketWrite},
    directory::Tenant,
    id::TenantId,
    ticket::Ticket,
};
use guichet_store::{Store, TenantStore};
use std::path::PathBuf;
use uuid::Uuid;

fn random() -> u128 {
    let mut random = [0; 16];
    let mut file = std::fs::File::open("/dev/urandom").unwrap();
    std::io::Read::read_exact(&mut file, &mut random).unwrap();
    u128::from_le_bytes(random)
}

/// A name that nobody else has.
fn fresh() -> String {
    format!("q{:032x}", random())
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

pub(crate) struct Place {
    pub(crate) store: Store,
    folder: PathBuf,
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

impl Place {
    pub(crate) async fn new(database: Database) -> Self {
        let folder = std::env::temp_dir().join(format!("guichet-{}", fresh()));
        std::fs::create_dir_all(&folder).unwrap();
        let url = match database {
            Database::Sqlite => format!("sqlite://{}/guichet.db", folder.display()),
            Database::Postgres => {
                let server = std::env::var_os("GUICHET_TEST_POSTGRES")
                    .expect("tests run by `cargo xtask test`, which starts a PostgreSQL for them");
                let server = server.into_string().unwrap();
                let name = fresh();
                let pool = sqlx::PgPool::connect(&server).await.unwrap();
                let sql = sqlx::AssertSqlSafe(format!("create database {name}"));
                sqlx::query(sql).execute(&pool).await.unwrap();
                pool.close().await;
                format!("{}/{name}", server.rsplit_once('/').unwrap().0)
            }
        };
        let store = Store::open(&url, folder.join("files")).await.unwrap();
        Self { store, folder }
    }

    /// A tenant that has these tickets.
    pub(crate) async fn tenant(&self, zone: &str, tickets: &[Ticket]) -> TenantStore {
        let slug = fresh();
        let id = TenantId(Uuid::from_u128(random()));
        let tenant = Tenant {
            id,
            slug: slug.clone(),
            name: slug,
            zone: zone.to_owned(),
        };
        self.store.create_tenant(&tenant, [7; 32]).await.unwrap();
        let mut changes = ChangeSet::new(id);
        let fields = tickets.iter().flat_map(|ticket| ticket.fields.keys());
        changes.indexed = fields.cloned().collect();
        changes.tickets = tickets
            .iter()
            .map(|ticket| TicketWrite {
                ticket: ticket.clone(),
                expected: 0,
                fields_changed: true,
                tags_changed: true,
                participants_changed: true,
            })
            .collect();
        self.store.commit(changes).await.unwrap();
        self.store.tenant(id)
    }
}
