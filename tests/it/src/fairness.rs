//! Whoever brings much to the writer waits for himself, not his neighbours for him.

use crate::desk::{TestDesk, on_both_databases};
use futures::{StreamExt, stream::FuturesUnordered};
use guichet::admin;
use guichet_core::{
    changeset::ChangeSet,
    customer::Identity,
    id::{CustomerId, TenantId},
    overlay::Overlay,
    ticket::work::Stamp,
};

/// More than a few groups.
const STORM: usize = 2_000;

/// A customer who is to be written.
async fn customer(desk: &TestDesk, tenant: TenantId, number: usize) -> ChangeSet {
    let directory = desk.desk.store.tenant(tenant).directory().await.unwrap();
    let mut overlay = Overlay::new(tenant, directory);
    let stamp = Stamp::of_system(desk.clock.now());
    let identity = Identity {
        name: format!("mailto:c{number}@trade.example"),
        verified: false,
    };
    let id = CustomerId(desk.clock.new_id());
    overlay.create_customer(id, "Ana", vec![identity], &stamp);
    overlay.finish()
}

on_both_databases! {
    async fn a_tenant_that_fills_the_writers_queue_does_not_keep_its_neighbour_waiting(desk) {
        let other = admin::ensure_tenant(&desk.desk, "other", "Other", "UTC").await.unwrap();
        let mut storm = Vec::new();
        for number in 0..STORM {
            storm.push(customer(&desk, desk.tenant.id, number).await);
        }
        let neighbours = customer(&desk, other.id, 0).await;
        let commit = async |changes: ChangeSet| {
            let tenant = changes.tenant;
            desk.desk.store.commit(changes).await.unwrap();
            tenant
        };
        // All of the storm stands in the queue before the neighbour comes.
        let mut running: FuturesUnordered<_> = storm.into_iter().chain([neighbours]).map(commit).collect();
        let mut before = 0;
        while running.next().await.is_some_and(|tenant| tenant != other.id) {
            before += 1;
        }
        assert!(before < STORM / 2, "{before} of {STORM} were written first");
        assert_eq!(running.count().await, STORM - before, "and nothing is lost");
    }
}
