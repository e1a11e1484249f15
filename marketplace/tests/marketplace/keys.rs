//! Whose keys are believed.

use crate::world::{World, key, manifest, package, problem, signed};
use guichet_marketplace::{MarketError, Marketplace, Settings, refusal::Code};
use guichet_package::{Package, tar::Files};
use reqwest::StatusCode;
use std::fs;

#[tokio::test]
async fn a_publisher_that_nobody_let_in_is_told_how_to_be() {
    let world = World::new().await;
    let stranger = signed(&manifest("zeta/parcels", "1.0.0", ""), &[], 1);
    let answer = world.upload(stranger.write_tar().unwrap()).await;
    let (status, found, detail) = problem(answer).await;
    assert_eq!(
        (status, found.as_str()),
        (StatusCode::FORBIDDEN, "unknown-publisher")
    );
    assert!(detail.contains("POST /v1/publishers"), "{detail}");
    assert!(world.packages().is_empty(), "nothing of it is kept");
}

#[tokio::test]
async fn a_package_signed_by_a_stranger_or_by_nobody_is_refused() {
    let world = World::new().await;
    let text = manifest("acme/parcels", "1.0.0", "");
    let (found, detail) = world.refusal(&signed(&text, &[], 2)).await;
    assert_eq!(found, Code::Signature);
    assert!(detail.contains(&key(2).public().fingerprint()), "{detail}");
    let component = crate::world::component(&[]);
    let unsigned = Package::build(&text, &component, Files::new()).unwrap();
    let (found, detail) = world.refusal(&unsigned).await;
    assert_eq!(found, Code::Signature);
    assert!(detail.contains("guichet plugin sign"), "{detail}");
}

#[tokio::test]
async fn a_publishers_key_signs_for_no_other_publisher() {
    let world = World::new().await;
    world.let_in("zeta", 2).await;
    let text = manifest("acme/parcels", "1.0.0", "");
    assert_eq!(
        world.refusal(&signed(&text, &[], 2)).await.0,
        Code::Signature
    );
}

#[tokio::test]
async fn what_a_retired_key_signed_stays_and_nothing_new_of_it_is_taken() {
    let world = World::new().await;
    let client = world.client();
    client.publish(&package("1.0.0")).await.unwrap();
    let operator = world.operator().await;
    operator.add_key("acme", &key(2).public()).await.unwrap();
    assert_eq!(
        operator.retire_key("acme", &key(1).public()).await.unwrap(),
        1
    );
    let (found, detail) = world.refusal(&package("1.0.1")).await;
    assert_eq!(found, Code::RetiredKey);
    assert!(detail.contains(&key(1).public().fingerprint()), "{detail}");

    let text = manifest("acme/parcels", "1.0.1", "");
    client.publish(&signed(&text, &[], 2)).await.unwrap();
    let index = world.index().await;
    let plugin = index.plugin("acme/parcels").unwrap();
    assert_eq!(plugin.keys.len(), 2, "one of them signed each package");
    for version in &plugin.versions {
        client.download(version).await.unwrap();
    }
    // The same old package again is no news, whatever became of its key.
    client.publish(&package("1.0.0")).await.unwrap();
}

#[tokio::test]
async fn a_stolen_key_leaves_the_index_with_what_it_signed() {
    let world = World::new().await;
    let client = world.client();
    client.publish(&package("1.0.0")).await.unwrap();
    let operator = world.operator().await;
    operator.add_key("acme", &key(2).public()).await.unwrap();
    let text = manifest("acme/parcels", "1.1.0", "");
    client.publish(&signed(&text, &[], 2)).await.unwrap();
    operator.retire_key("acme", &key(1).public()).await.unwrap();
    let exact = "acme/parcels@1.0.0".parse().unwrap();
    operator
        .revoke_exact(&exact, "The key was stolen.")
        .await
        .unwrap();
    let index = world.index().await;
    assert_eq!(index.plugins[0].keys, [key(2).public()]);
}

#[tokio::test]
async fn a_key_that_is_retired_twice_was_retired_when_it_was() {
    let world = World::new().await;
    let operator = world.operator().await;
    operator.retire_key("acme", &key(1).public()).await.unwrap();
    let first = operator.publishers().await.unwrap();
    world.clock.advance_seconds(1_000);
    assert_eq!(
        operator.retire_key("acme", &key(1).public()).await.unwrap(),
        0
    );
    assert_eq!(operator.publishers().await.unwrap(), first);
    assert!(operator.retire_key("acme", &key(5).public()).await.is_err());
}

#[tokio::test]
async fn a_marketplace_whose_key_is_gone_or_another_does_not_start_with_a_new_one() {
    let world = World::new().await;
    let path = world.folder.path().join("marketplace.key");
    let kept = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    let start = || {
        Marketplace::start(
            world.folder.path(),
            Settings::default(),
            world.clock.clone(),
        )
    };
    let error = start().await.unwrap_err();
    assert!(error.to_string().contains("put it back"), "{error}");
    assert!(!path.exists());
    key(7).write(&path).unwrap();
    let error = start().await.unwrap_err();
    assert!(
        error.to_string().contains(&world.key.to_string()),
        "{error}"
    );
    fs::write(&path, kept).unwrap();
    assert_eq!(start().await.unwrap().public_key(), world.key);
}

#[tokio::test]
async fn many_who_start_in_one_empty_folder_make_one_marketplace() {
    let folder = tempfile::tempdir().unwrap();
    let starts = (0..4).map(|_| {
        let path = folder.path().to_owned();
        tokio::spawn(async move {
            Marketplace::start(&path, Settings::default(), Default::default())
                .await
                .unwrap()
                .public_key()
        })
    });
    let mut keys = Vec::new();
    for start in starts.collect::<Vec<_>>() {
        keys.push(start.await.unwrap());
    }
    keys.dedup();
    assert_eq!(keys.len(), 1);
}

#[tokio::test]
async fn the_key_file_is_its_owners_alone_and_an_operators_command_makes_no_marketplace() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new().await;
    let path = world.folder.path().join("marketplace.key");
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let empty = tempfile::tempdir().unwrap();
    let error = Marketplace::open(empty.path(), Default::default())
        .await
        .unwrap_err();
    assert!(matches!(error, MarketError::Store(_)));
    assert!(error.to_string().contains("guichet marketplace init"));
    assert!(crate::world::names(empty.path()).is_empty());
}
