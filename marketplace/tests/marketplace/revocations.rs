//! What was taken back.

use crate::world::{World, code, key, package, problem};
use guichet_marketplace::{refusal::Code, wire::RevocationNotice};
use guichet_package::{PluginRef, index::ResolveError, manifest::PLATFORM};
use reqwest::StatusCode;
use semver::Version;

const V1: Version = Version::new(1, 0, 0);

async fn with_a_version() -> (World, guichet_package::Digest) {
    let world = World::new().await;
    let published = world.client().publish(&package("1.0.0")).await.unwrap();
    (world, published.digest)
}

#[tokio::test]
async fn a_publisher_takes_a_version_back_and_hosts_are_told_why() {
    let (world, digest) = with_a_version().await;
    let before = world.index().await;
    let client = world.client();
    client
        .revoke("acme/parcels", &V1, &digest, "It loses parcels.", &key(1))
        .await
        .unwrap();
    let index = world.index().await;
    assert!(index.sequence > before.sequence);
    let revocation = index.revocation(&digest).unwrap();
    assert_eq!(revocation.reason, "It loses parcels.");
    assert_eq!(
        (revocation.id.as_str(), &revocation.version),
        ("acme/parcels", &V1)
    );
    let wanted: PluginRef = "acme/parcels".parse().unwrap();
    assert!(matches!(
        index.resolve(&wanted.id, &wanted.version, &PLATFORM),
        Err(ResolveError::Revoked { .. })
    ));

    let answer = world.get(&format!("/v1/packages/{digest}")).await;
    let (status, found, detail) = problem(answer).await;
    assert_eq!((status, found.as_str()), (StatusCode::GONE, "revoked"));
    assert!(detail.contains("It loses parcels."), "{detail}");
    // And it does not come again.
    let (found, detail) = world.refusal(&package("1.0.0")).await;
    assert_eq!(found, Code::Revoked);
    assert!(detail.contains("It loses parcels."), "{detail}");
}

#[tokio::test]
async fn what_is_taken_back_twice_was_taken_back_the_first_time() {
    let (world, digest) = with_a_version().await;
    let client = world.client();
    let revoke = |reason: &'static str| {
        let (client, digest) = (client.clone(), digest.clone());
        async move {
            client
                .revoke("acme/parcels", &V1, &digest, reason, &key(1))
                .await
                .unwrap()
        }
    };
    let first = revoke("It loses parcels.").await;
    let sequence = world.index().await.sequence;
    assert_eq!(revoke("Something else.").await, first);
    assert_eq!(world.index().await.sequence, sequence);
    let exact = "acme/parcels@1.0.0".parse().unwrap();
    let operator = world.operator().await;
    assert_eq!(
        operator.revoke_exact(&exact, "Again.").await.unwrap(),
        first
    );
}

#[tokio::test]
async fn the_operator_takes_a_version_back_beside_the_running_server() {
    let (world, digest) = with_a_version().await;
    world.client().publish(&package("1.1.0")).await.unwrap();
    let exact = "acme/parcels@1.0.0".parse().unwrap();
    let operator = world.operator().await;
    operator
        .revoke_exact(&exact, "它会丢失包裹。")
        .await
        .unwrap();
    let index = world.index().await;
    assert_eq!(index.revocation(&digest).unwrap().reason, "它会丢失包裹。");
    assert_eq!(index.revocations.len(), 1);
    for unknown in ["acme/parcels@1.0.1", "acme/parcels@1.0.0+b", "zeta/x@1.0.0"] {
        let exact = unknown.parse().unwrap();
        assert!(
            operator.revoke_exact(&exact, "No.").await.is_err(),
            "{unknown}"
        );
    }
}

#[tokio::test]
async fn only_a_present_key_of_its_publisher_takes_a_version_back() {
    let (world, digest) = with_a_version().await;
    world.let_in("zeta", 2).await;
    let client = world.client();
    let foreign = client
        .revoke("acme/parcels", &V1, &digest, "No.", &key(2))
        .await
        .unwrap_err();
    assert_eq!(code(foreign).0, Code::Signature);
    let unknown = client
        .revoke("nobody/x", &V1, &digest, "No.", &key(1))
        .await
        .unwrap_err();
    assert_eq!(code(unknown).0, Code::UnknownPublisher);
    let operator = world.operator().await;
    operator.add_key("acme", &key(3).public()).await.unwrap();
    operator.retire_key("acme", &key(1).public()).await.unwrap();
    let retired = client
        .revoke("acme/parcels", &V1, &digest, "No.", &key(1))
        .await
        .unwrap_err();
    assert_eq!(code(retired).0, Code::RetiredKey);
    assert!(world.index().await.revocations.is_empty());
    client
        .revoke("acme/parcels", &V1, &digest, "Yes.", &key(3))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_notice_is_for_one_version_at_one_marketplace() {
    let (world, digest) = with_a_version().await;
    let send = |notice: RevocationNotice| {
        let request = reqwest::Client::new()
            .post(world.url("/v1/revocations"))
            .json(&notice);
        async move { request.send().await.unwrap() }
    };
    let elsewhere = key(50).public();
    let notice = RevocationNotice::sign("acme/parcels", &V1, &digest, "No.", &key(1), &elsewhere);
    let (status, found, _) = problem(send(notice).await).await;
    assert_eq!(
        (status, found.as_str()),
        (StatusCode::FORBIDDEN, "signature")
    );

    let good = RevocationNotice::sign("acme/parcels", &V1, &digest, "Yes.", &key(1), &world.key);
    let mut altered = good.clone();
    altered.reason = "Something else.".to_owned();
    assert_eq!(problem(send(altered).await).await.1, "signature");
    let other = guichet_package::Digest::of(b"other");
    let wrong = RevocationNotice::sign("acme/parcels", &V1, &other, "No.", &key(1), &world.key);
    assert_eq!(problem(send(wrong).await).await.1, "not-found");
    let wrong = Version::new(2, 0, 0);
    let wrong = RevocationNotice::sign("acme/parcels", &wrong, &digest, "No.", &key(1), &world.key);
    assert_eq!(problem(send(wrong).await).await.1, "not-found");
    let two_lines =
        RevocationNotice::sign("acme/parcels", &V1, &digest, "a\nb", &key(1), &world.key);
    assert_eq!(problem(send(two_lines).await).await.1, "request");
    assert!(world.index().await.revocations.is_empty());
    assert_eq!(send(good).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn what_is_taken_off_is_not_found_and_not_taken_back() {
    let (world, digest) = with_a_version().await;
    let exact = "acme/parcels@1.0.0".parse().unwrap();
    let operator = world.operator().await;
    operator.unlist(&exact).await.unwrap();
    let index = world.index().await;
    assert!(index.plugins.is_empty() && index.revocations.is_empty());
    let answer = world.get(&format!("/v1/packages/{digest}")).await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert_eq!(world.refusal(&package("1.0.0")).await.0, Code::Declined);
    // Where it turns out to be dangerous, those who run it can still be told.
    operator
        .revoke_exact(&exact, "It loses parcels.")
        .await
        .unwrap();
    assert!(world.index().await.revocation(&digest).is_some());
}
