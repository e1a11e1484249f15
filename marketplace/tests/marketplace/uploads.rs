//! Packages come in.

use crate::world::{World, code, component, key, manifest, package, problem, signed};
use guichet_marketplace::{Marketplace, Settings, refusal::Code, wire::Standing};
use guichet_package::{Package, PluginRef, manifest::PLATFORM, tar::Files};
use reqwest::StatusCode;
use std::{fs, time::Duration};

#[tokio::test]
async fn a_package_of_a_known_publisher_is_on_offer_at_once() {
    let world = World::new().await;
    let sent = package("1.2.0");
    let published = world.client().publish(&sent).await.unwrap();
    assert_eq!(published.id, "acme/parcels");
    assert_eq!(published.digest, sent.digest());
    assert_eq!(published.standing, Standing::Listed);

    let index = world.index().await;
    assert_eq!(index.marketplace, "Test Market");
    let plugin = index.plugin("acme/parcels").unwrap();
    assert_eq!(plugin.title["zh-CN"], "包裹跟踪");
    assert_eq!(plugin.keys, [key(1).public()]);
    let wanted: PluginRef = "acme/parcels@^1".parse().unwrap();
    let version = index
        .resolve(&wanted.id, &wanted.version, &PLATFORM)
        .unwrap();
    assert_eq!(version.digest, sent.digest());
    assert_eq!(version.signed_by, key(1).public());
    assert_eq!(version.size_bytes, sent.write_tar().unwrap().len() as u64);
    assert_eq!(world.client().download(version).await.unwrap(), sent);
}

#[tokio::test]
async fn what_is_sent_is_the_package_and_nothing_that_came_beside_it() {
    let world = World::new().await;
    let sent = package("1.0.0");
    let mut padded = sent.write_tar().unwrap();
    padded.resize(padded.len() + 20 * 512, 0);
    assert_eq!(world.upload(padded).await.status(), StatusCode::CREATED);
    let path = format!("/v1/packages/{}", sent.digest());
    let answer = world.get(&path).await;
    assert_eq!(answer.headers()["content-type"], "application/x-tar");
    assert_eq!(
        answer.bytes().await.unwrap().as_ref(),
        sent.write_tar().unwrap()
    );
}

#[tokio::test]
async fn the_same_package_again_is_answered_alike_and_changes_nothing() {
    let world = World::new().await;
    let tar = package("1.0.0").write_tar().unwrap();
    let first = world.upload(tar.clone()).await;
    assert_eq!(first.status(), StatusCode::CREATED);
    let (sequence, files) = (world.index().await.sequence, world.packages());
    let again = world.upload(tar).await;
    assert_eq!(again.status(), StatusCode::OK);
    assert_eq!(
        first.json::<serde_json::Value>().await.unwrap(),
        again.json::<serde_json::Value>().await.unwrap()
    );
    // The same package with one more signature is the same package.
    let mut cosigned = package("1.0.0");
    cosigned.sign(&key(9));
    let tar = cosigned.write_tar().unwrap();
    assert_eq!(world.upload(tar).await.status(), StatusCode::OK);
    assert_eq!(world.index().await.sequence, sequence);
    assert_eq!(world.packages(), files);
}

#[tokio::test]
async fn a_version_is_one_package_for_good() {
    let world = World::new().await;
    let client = world.client();
    client.publish(&package("1.0.0")).await.unwrap();
    let other = signed(
        &manifest("acme/parcels", "1.0.0", "# something else\n"),
        &[],
        1,
    );
    let (found, detail) = world.refusal(&other).await;
    assert_eq!(found, Code::OtherContent);
    assert!(
        detail.contains(package("1.0.0").digest().as_str()),
        "{detail}"
    );
    // Build metadata makes no other version: no range could tell them apart.
    assert_eq!(
        world.refusal(&package("1.0.0+build.2")).await.0,
        Code::OtherContent
    );
    let index = world.index().await;
    assert_eq!(index.plugin("acme/parcels").unwrap().versions.len(), 1);
}

#[tokio::test]
async fn versions_come_in_any_order_and_are_listed_with_the_newest_first() {
    let world = World::new().await;
    let client = world.client();
    for version in ["1.9.0", "2.0.0", "1.10.1", "3.0.0-beta.1"] {
        client.publish(&package(version)).await.unwrap();
    }
    let index = world.index().await;
    let versions = &index.plugin("acme/parcels").unwrap().versions;
    let versions: Vec<_> = versions
        .iter()
        .map(|version| version.version.to_string())
        .collect();
    assert_eq!(versions, ["3.0.0-beta.1", "2.0.0", "1.10.1", "1.9.0"]);
}

#[tokio::test]
async fn a_package_that_was_altered_is_refused() {
    let world = World::new().await;
    let sent = package("1.0.0");
    let tar = sent.write_tar().unwrap();
    let at = |needle: &[u8]| {
        tar.windows(needle.len())
            .position(|window| window == needle)
            .unwrap()
    };
    // In the component, and in the annotation that holds the manifest's text.
    for place in [at(sent.component()) + 20, at(b"\"schemaVersion\"")] {
        let mut altered = tar.clone();
        altered[place] ^= 1;
        let (status, found, detail) = problem(world.upload(altered).await).await;
        assert_eq!(
            (status, found.as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "package"),
            "{detail}"
        );
    }
    assert!(world.index().await.plugins.is_empty());
    assert!(world.packages().is_empty());
}

#[tokio::test]
async fn what_the_manifest_asks_for_to_no_purpose_is_told_to_its_author() {
    let world = World::new().await;
    let asks = "[[permissions]]\nname = \"records\"\nreason.en = \"Keeps.\"\n";
    let sent = signed(&manifest("acme/parcels", "1.0.0", asks), &[], 1);
    let published = world.client().publish(&sent).await.unwrap();
    assert_eq!(published.notices.len(), 1);
    assert!(published.notices[0].contains("records"));
}

#[tokio::test]
async fn of_many_who_bring_one_version_at_once_one_wins_and_the_others_are_told() {
    let world = World::new().await;
    let uploads = (0..8).map(|n| {
        let text = manifest("acme/parcels", "1.0.0", &format!("# {n}\n"));
        let client = world.client();
        tokio::spawn(async move { client.publish(&signed(&text, &[], 1)).await })
    });
    let mut won = Vec::new();
    for upload in uploads.collect::<Vec<_>>() {
        match upload.await.unwrap() {
            Ok(published) => won.push(published.digest),
            Err(error) => assert_eq!(code(error).0, Code::OtherContent),
        }
    }
    let index = world.index().await;
    let versions = &index.plugin("acme/parcels").unwrap().versions;
    assert_eq!(versions.len(), 1);
    assert_eq!(won, [versions[0].digest.clone()]);
}

#[tokio::test]
async fn of_many_who_bring_one_package_at_once_one_is_first_and_all_are_content() {
    let world = World::new().await;
    let tar = package("1.0.0").write_tar().unwrap();
    let uploads = (0..8).map(|_| {
        let request = reqwest::Client::new()
            .post(world.url("/v1/packages"))
            .body(tar.clone());
        tokio::spawn(async move { request.send().await.unwrap().status() })
    });
    let mut statuses = Vec::new();
    for upload in uploads.collect::<Vec<_>>() {
        statuses.push(upload.await.unwrap().as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 201]);
    assert_eq!(world.packages().len(), 1);
}

#[tokio::test]
async fn a_crash_between_file_and_row_leaves_nothing_broken() {
    let world = World::new().await;
    let sent = package("1.0.0");
    world.client().publish(&package("2.0.0")).await.unwrap();
    // What a crash leaves: a whole file that no row names, and halves under other names.
    let tar = sent.write_tar().unwrap();
    let packages = world.folder.path().join("packages");
    let digest = guichet_package::Digest::of(&tar);
    let whole = packages.join(format!("{}.tar", digest.hex()));
    let half = packages.join("new-half");
    let incoming = world.folder.path().join("incoming/half");
    fs::write(&whole, &tar).unwrap();
    fs::write(&half, &tar[..100]).unwrap();
    fs::write(&incoming, &tar[..100]).unwrap();

    let path = format!("/v1/packages/{}", sent.digest());
    assert_eq!(world.get(&path).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(world.index().await.plugins[0].versions.len(), 1);

    // Young leftovers may belong to an upload that goes on; a day later they do not.
    restart(&world).await;
    assert!(whole.exists() && half.exists() && incoming.exists());
    world.clock.advance_seconds(25 * 3600);
    restart(&world).await;
    assert!(!whole.exists() && !half.exists() && !incoming.exists());
    assert_eq!(world.packages().len(), 1, "what a row names is there");

    // The file comes back with its row, and a file that is there but broken is mended.
    fs::write(&whole, b"half").unwrap();
    world.client().publish(&sent).await.unwrap();
    let index = world.index().await;
    for version in &index.plugin("acme/parcels").unwrap().versions {
        world.client().download(version).await.unwrap();
    }
}

async fn restart(world: &World) {
    let settings = Settings::default();
    Marketplace::start(world.folder.path(), settings, world.clock.clone())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_sender_who_goes_away_leaves_nothing() {
    let world = World::new().await;
    let body = reqwest::Body::from(vec![0; 1 << 20]);
    let request = reqwest::Client::new()
        .post(world.url("/v1/packages"))
        .header("content-length", 2 << 20)
        .body(body)
        .timeout(Duration::from_millis(300));
    assert!(request.send().await.is_err());
    assert!(world.packages().is_empty());
    let incoming = world.folder.path().join("incoming");
    assert!(crate::world::names(&incoming).is_empty());
    world.client().publish(&package("1.0.0")).await.unwrap();
}

#[tokio::test]
async fn a_package_for_a_platform_to_come_is_carried() {
    let world = World::new().await;
    let text = manifest("acme/parcels", "1.0.0", "").replace("^0.1", "^7.1");
    let component = component(&[]);
    let mut sent = Package::build(&text, &component, Files::new()).unwrap();
    sent.sign(&key(1));
    world.client().publish(&sent).await.unwrap();
    let index = world.index().await;
    let version = &index.plugins[0].versions[0];
    assert_eq!(version.platform.to_string(), "^7.1");
    assert!(!version.platform.matches(&PLATFORM));
}
