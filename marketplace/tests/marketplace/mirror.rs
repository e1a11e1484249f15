//! Mirrors.

use crate::world::{World, code, names, package, problem, serve};
use guichet_marketplace::{
    client::Client,
    doors,
    mirror::{self, Copied, Mirror, MirrorError},
    refusal::Code,
    wire::PluginDetail,
};
use guichet_package::index::IndexError;
use reqwest::StatusCode;
use std::path::Path;

async fn copy(world: &World, folder: &Path) -> Result<Copied, MirrorError> {
    mirror::copy(&world.client(), &world.key, folder, &world.clock).await
}

#[tokio::test]
async fn hosts_read_a_mirror_as_they_read_the_marketplace() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    for version in ["1.0.0", "1.1.0"] {
        world.client().publish(&package(version)).await.unwrap();
    }
    let first = copy(&world, folder.path()).await.unwrap();
    assert_eq!((first.fetched, first.kept, first.deleted), (2, 0, 0));

    let mirror = Mirror::open(folder.path()).unwrap();
    let (name, key, _) = mirror.origin().await.unwrap();
    assert_eq!((name.as_str(), &key), ("Test Market", &world.key));
    let (address, server) = serve(doors::mirror(mirror)).await;
    let client = Client::new(&format!("http://{address}")).unwrap();
    let signed = client.signed_index().await.unwrap();
    assert_eq!(signed, world.client().signed_index().await.unwrap());
    let index = signed.open(&world.key, world.clock.now(), 0).unwrap();
    for version in &index.plugins[0].versions {
        client.download(version).await.unwrap();
    }

    // Brought up to date, while it is served.
    let exact = "acme/parcels@1.0.0".parse().unwrap();
    let operator = world.operator().await;
    operator
        .revoke_exact(&exact, "It loses parcels.")
        .await
        .unwrap();
    world.client().publish(&package("1.2.0")).await.unwrap();
    let second = copy(&world, folder.path()).await.unwrap();
    assert_eq!((second.fetched, second.kept, second.deleted), (1, 1, 1));
    assert!(second.sequence > first.sequence);
    let signed = client.signed_index().await.unwrap();
    let now = world.clock.now();
    let index = signed.open(&world.key, now, first.sequence).unwrap();
    assert_eq!(index.revocations.len(), 1);
    let digest = package("1.0.0").digest();
    let answer = reqwest::get(format!("http://{address}/v1/packages/{digest}"))
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::GONE);

    // People browse it, too; nobody publishes there.
    let path = format!("http://{address}/v1/plugins/acme/parcels");
    let detail: PluginDetail = reqwest::get(path).await.unwrap().json().await.unwrap();
    assert_eq!(detail.versions.len(), 3);
    let page = reqwest::get(format!("http://{address}/publishers/acme")).await;
    let page = page.unwrap().text().await.unwrap();
    assert!(page.contains("Parcel Tracker"));
    let error = client.publish(&package("2.0.0")).await.unwrap_err();
    let (found, detail) = code(error);
    assert_eq!(found, Code::NotFound);
    assert!(detail.contains("mirror"), "{detail}");
    server.abort();
}

#[tokio::test]
async fn a_copy_never_goes_back_and_believes_one_key() {
    let world = World::new().await;
    let (folder, old) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    copy(&world, old.path()).await.unwrap();
    world.client().publish(&package("1.0.0")).await.unwrap();
    copy(&world, folder.path()).await.unwrap();
    // Something on the way shows the older state again.
    let (address, server) = serve(doors::mirror(Mirror::open(old.path()).unwrap())).await;
    let client = Client::new(&format!("http://{address}")).unwrap();
    let error = mirror::copy(&client, &world.key, folder.path(), &world.clock)
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        MirrorError::Index(IndexError::Replayed { .. })
    ));
    assert_eq!(names(&folder.path().join("packages")).len(), 1);
    let other = crate::world::key(99).public();
    let error = mirror::copy(&world.client(), &other, folder.path(), &world.clock)
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        MirrorError::Index(IndexError::WrongKey { .. })
    ));
    server.abort();
}

#[tokio::test]
async fn a_copy_that_was_damaged_is_mended_and_one_that_is_old_is_passed_on_as_it_is() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    world.client().publish(&package("1.0.0")).await.unwrap();
    copy(&world, folder.path()).await.unwrap();
    let packages = folder.path().join("packages");
    let path = packages.join(&names(&packages)[0]);
    std::fs::write(&path, b"half").unwrap();
    std::fs::write(packages.join("notes.txt"), b"of the operator").unwrap();
    let again = copy(&world, folder.path()).await.unwrap();
    assert_eq!((again.fetched, again.kept, again.deleted), (1, 0, 0));
    assert!(packages.join("notes.txt").exists());

    world.clock.advance_seconds(30 * 86_400);
    let (address, server) = serve(doors::mirror(Mirror::open(folder.path()).unwrap())).await;
    let client = Client::new(&format!("http://{address}")).unwrap();
    let signed = client.signed_index().await.unwrap();
    assert!(matches!(
        signed.open(&world.key, world.clock.now(), 0),
        Err(IndexError::Expired { .. })
    ));
    server.abort();
}

#[tokio::test]
async fn a_folder_without_a_copy_is_not_served() {
    let folder = tempfile::tempdir().unwrap();
    let error = Mirror::open(folder.path()).unwrap_err();
    assert!(error.to_string().contains("guichet marketplace mirror"));
}

#[tokio::test]
async fn a_mirror_speaks_problems_too() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    copy(&world, folder.path()).await.unwrap();
    let (address, server) = serve(doors::mirror(Mirror::open(folder.path()).unwrap())).await;
    let digest = package("1.0.0").digest();
    let answer = reqwest::get(format!("http://{address}/v1/packages/{digest}")).await;
    assert_eq!(problem(answer.unwrap()).await.0, StatusCode::NOT_FOUND);
    server.abort();
}
