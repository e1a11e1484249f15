//! The newest tickets of the views that everybody has are read off an index, already in their order, on both databases.

use super::{Asking, Eyes, Selection, SortKey, page};
use crate::{Store, db::Db, tenant::TenantStore};
use guichet_core::{
    directory::Tenant,
    id::{AgentId, TenantId},
    time::Timestamp,
    view::FIRST_VIEWS,
};
use guichet_expression::{Bindings, Environment, Expression};
use std::time::Duration;
use uuid::Uuid;

/// Many more than a page: what reads all of them is seen.
const TICKETS: i64 = 50_000;

const NOW: i64 = 1_772_355_600_000_000;

fn random() -> u128 {
    let mut random = [0; 16];
    let mut file = std::fs::File::open("/dev/urandom").unwrap();
    std::io::Read::read_exact(&mut file, &mut random).unwrap();
    u128::from_le_bytes(random)
}

/// A ticket every ten minutes up to now. One in twenty is still worked on; of these every third has no agent, the others one of forty.
async fn fill(store: &Store, tenant: TenantId) {
    let id = tenant.0.simple();
    let (series, hex, id_of): (String, String, fn(&str) -> String) = match &store.db {
        Db::Sqlite { .. } => (
            format!(
                "with recursive n(n) as (select 1 union all select n + 1 from n where n < {TICKETS})"
            ),
            format!("x'{id}'"),
            |number: &str| format!("unhex(printf('%032x', {number}))"),
        ),
        Db::Postgres(..) => (
            format!("with n as (select generate_series(cast(1 as bigint), {TICKETS}) as n)"),
            format!("'\\x{id}'::bytea"),
            |number: &str| format!("decode(lpad(to_hex({number}), 32, '0'), 'hex')"),
        ),
    };
    let state = "case when n % 20 <> 0 then case when n % 3 = 0 then 'solved' else 'closed' end when n % 40 = 0 then 'open' else 'new' end";
    let at = format!("{NOW} - ({TICKETS} - n) * 600000000");
    let (ticket, agent) = (id_of("n"), id_of("1 + n % 40"));
    let sql = format!(
        "insert into tickets (tenant_id, id, number, version, state, subject, requester, assignee, group_id, priority, created_at, updated_at, document, solved_at, is_open) \
         {series} select {hex}, {ticket}, n, 1, {state}, 'A subject', {ticket}, case when n % 20 = 0 and n % 60 = 0 then null else {agent} end, null, 3, {at}, {at}, \
         '{{}}', case when n % 20 <> 0 then {at} end, case when n % 20 = 0 then 1 else 0 end from n"
    );
    let mut tx = store.db.begin().await.unwrap();
    tx.script(sql).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.db.begin().await.unwrap();
    tx.script("analyze tickets".to_owned()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn plan(tenant: &TenantStore, filter: &str, sort: &str) -> String {
    let environment = Environment::tickets([]);
    let bindings = Bindings {
        me: Some(AgentId(Uuid::from_u128(21))),
        now: Timestamp(NOW),
    };
    let mut selection = Selection::all(Eyes::All, bindings, Duration::from_secs(60));
    selection.filter = Some(Expression::parse(filter, &environment).unwrap());
    let key = SortKey {
        name: environment.name(sort.trim_start_matches('-')).unwrap(),
        descending: sort.starts_with('-'),
    };
    let asking = Asking::begin(tenant, &selection).await.unwrap();
    let mut sql = page::statement(&asking, &[key], None, 50).unwrap();
    let (explain, column) = match &tenant.db {
        Db::Sqlite { .. } => ("explain query plan ", "detail"),
        Db::Postgres(..) => ("explain ", "QUERY PLAN"),
    };
    sql.text.insert_str(0, explain);
    let rows = asking.rows(sql).await.unwrap();
    let lines = rows.iter().map(|row| row.text(column).unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

async fn first_views_are_answered_by_an_index(url: &str, folder: std::path::PathBuf) {
    let store = Store::open(url, folder.join("files")).await.unwrap();
    let id = TenantId(Uuid::from_u128(random()));
    let tenant = Tenant {
        id,
        slug: id.to_string(),
        name: String::new(),
        zone: "UTC".to_owned(),
    };
    store.create_tenant(&tenant, [7; 32]).await.unwrap();
    fill(&store, id).await;
    let indexes = [
        "tickets_of_an_agent",
        "tickets_of_nobody",
        "tickets_solved",
        "tickets_open",
    ];
    for (view, index) in FIRST_VIEWS.iter().zip(indexes) {
        let plan = plan(&store.tenant(id), view.filter, view.sort).await;
        assert!(plan.contains(index), "{}: {plan}", view.en);
        for slow in ["Seq Scan", "Sort", "TEMP B-TREE"] {
            assert!(!plan.contains(slow), "{}: {plan}", view.en);
        }
    }
    let plan = plan(&store.tenant(id), "text(\"rare\")", "-created_at").await;
    if matches!(store.db, Db::Sqlite { .. }) {
        // PostgreSQL knows how few they are.
        assert!(plan.contains("(tenant_id=? AND id=?)"), "{plan}");
    }
}

#[tokio::test]
async fn first_views_are_answered_by_an_index_on_sqlite() {
    let folder = std::env::temp_dir().join(format!("guichet-plans-{:x}", random()));
    std::fs::create_dir_all(&folder).unwrap();
    let url = format!("sqlite://{}/guichet.db", folder.display());
    first_views_are_answered_by_an_index(&url, folder.clone()).await;
    drop(std::fs::remove_dir_all(folder));
}

#[tokio::test]
async fn first_views_are_answered_by_an_index_on_postgres() {
    let server = std::env::var_os("GUICHET_TEST_POSTGRES")
        .expect("tests run by `cargo xtask test`, which starts a PostgreSQL for them");
    let server = server.into_string().unwrap();
    let name = format!("p{:x}", random());
    let pool = sqlx::PgPool::connect(&server).await.unwrap();
    let sql = sqlx::AssertSqlSafe(format!("create database {name}"));
    sqlx::query(sql).execute(&pool).await.unwrap();
    pool.close().await;
    let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    let folder = std::env::temp_dir().join(&name);
    std::fs::create_dir_all(&folder).unwrap();
    first_views_are_answered_by_an_index(&url, folder.clone()).await;
    drop(std::fs::remove_dir_all(folder));
}
