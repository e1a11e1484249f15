//! Publishers ask to be let in; versions wait for review.

use crate::world::{World, code, key, manifest, package, problem, signed};
use guichet_marketplace::{
    limits::{REQUEST_DAYS_MAX, REQUESTS_WAITING_MAX, WAITING_OF_A_PUBLISHER_MAX},
    market::Review,
    refusal::Code,
    wire::{Registration, Standing},
};
use guichet_package::PublisherKey;
use reqwest::{Response, StatusCode};

async fn ask(world: &World, asked: &Registration) -> Response {
    reqwest::Client::new()
        .post(world.url("/v1/publishers"))
        .json(asked)
        .send()
        .await
        .unwrap()
}

fn asked(world: &World, name: &str, seed: u8) -> Registration {
    let contact = format!("ops@{name}.example");
    Registration::sign(name, "Zeta GmbH", &contact, &key(seed), &world.key)
}

#[tokio::test]
async fn a_publisher_asks_is_let_in_and_publishes() {
    let world = World::new().await;
    let client = world.client();
    let own = key(2);
    let register = || client.register("zeta", "Zeta GmbH", "ops@zeta.example", &own);
    assert_eq!(register().await.unwrap().standing, Standing::Waiting);
    assert_eq!(
        register().await.unwrap().standing,
        Standing::Waiting,
        "asking twice is asking once"
    );
    let sent = signed(&manifest("zeta/parcels", "1.0.0", ""), &[], 2);
    assert_eq!(world.refusal(&sent).await.0, Code::UnknownPublisher);

    let operator = world.operator().await;
    let requests = operator.requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].contact, "ops@zeta.example");
    operator.accept("zeta", None).await.unwrap();
    assert!(operator.requests().await.unwrap().is_empty());
    assert_eq!(register().await.unwrap().standing, Standing::Listed);
    client.publish(&sent).await.unwrap();
}

#[tokio::test]
async fn who_asks_proves_to_have_the_key() {
    let world = World::new().await;
    let mut stolen = asked(&world, "zeta", 2);
    stolen.key = key(3).public();
    let mut renamed = asked(&world, "zeta", 2);
    renamed.name = "omega".to_owned();
    let elsewhere = Registration::sign("zeta", "Z", "z", &key(2), &key(60).public());
    for wrong in [stolen, renamed, elsewhere] {
        let (status, found, _) = problem(ask(&world, &wrong).await).await;
        assert_eq!(
            (status, found.as_str()),
            (StatusCode::FORBIDDEN, "signature")
        );
    }
    let unnamed = Registration::sign("Zeta!", "Z", "z", &key(2), &world.key);
    assert_eq!(problem(ask(&world, &unnamed).await).await.1, "request");
    let escaping = Registration::sign("zeta", "Z\u{1b}[2J", "z", &key(2), &world.key);
    assert_eq!(problem(ask(&world, &escaping).await).await.1, "request");
    assert!(world.operator().await.requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_name_that_is_taken_is_not_given_again() {
    let world = World::new().await;
    let (status, found, _) = problem(ask(&world, &asked(&world, "acme", 2)).await).await;
    assert_eq!((status, found.as_str()), (StatusCode::CONFLICT, "taken"));
    let error = world
        .operator()
        .await
        .add_publisher("acme", "Other", &key(2).public())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("there already"), "{error}");
}

#[tokio::test]
async fn of_several_who_ask_for_a_name_the_operator_chooses_by_the_key() {
    let world = World::new().await;
    for seed in [2, 3] {
        let answer = ask(&world, &asked(&world, "zeta", seed)).await;
        assert_eq!(answer.status(), StatusCode::ACCEPTED);
    }
    let operator = world.operator().await;
    let error = operator.accept("zeta", None).await.unwrap_err();
    assert!(
        error.to_string().contains(&key(3).public().to_string()),
        "{error}"
    );
    operator
        .accept("zeta", Some(&key(3).public()))
        .await
        .unwrap();
    let publishers = operator.publishers().await.unwrap();
    let zeta = publishers
        .iter()
        .find(|publisher| publisher.name == "zeta")
        .unwrap();
    assert_eq!(zeta.keys[0].key, key(3).public());
    assert!(operator.requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn requests_are_declined_and_forgotten_and_do_not_pile_up() {
    let world = World::new().await;
    ask(&world, &asked(&world, "zeta", 2)).await;
    let operator = world.operator().await;
    operator.decline("zeta").await.unwrap();
    assert!(operator.decline("zeta").await.is_err());
    assert!(operator.accept("zeta", None).await.is_err());

    let request = |n: i64| {
        let key = PublisherKey::from_random([200; 32]);
        Registration::sign(&format!("p{n}"), "P", "p", &key, &world.key)
    };
    for n in 0..REQUESTS_WAITING_MAX {
        operator.register(&request(n)).await.unwrap();
    }
    let (status, found, _) = problem(ask(&world, &request(REQUESTS_WAITING_MAX)).await).await;
    assert_eq!(
        (status, found.as_str()),
        (StatusCode::INSUFFICIENT_STORAGE, "full")
    );
    // Asking again is not one more.
    assert_eq!(
        ask(&world, &request(7)).await.status(),
        StatusCode::ACCEPTED
    );
    world
        .clock
        .advance_seconds((REQUEST_DAYS_MAX * 24 + 1) * 3_600);
    let answer = ask(&world, &request(REQUESTS_WAITING_MAX)).await;
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    assert_eq!(operator.requests().await.unwrap().len(), 1);
}

async fn with_review() -> World {
    let world = World::with(Review::FirstVersions).await;
    world.let_in("acme", 1).await;
    world
}

#[tokio::test]
async fn the_first_version_of_a_plugin_waits_and_later_ones_do_not() {
    let world = with_review().await;
    let client = world.client();
    let first = client.publish(&package("1.0.0")).await.unwrap();
    assert_eq!(first.standing, Standing::Waiting);
    assert!(world.index().await.plugins.is_empty());
    let path = format!("/v1/packages/{}", first.digest);
    assert_eq!(world.get(&path).await.status(), StatusCode::NOT_FOUND);
    let again = client.publish(&package("1.0.0")).await.unwrap();
    assert_eq!(again, first);

    let operator = world.operator().await;
    let waiting = operator.waiting().await.unwrap();
    assert_eq!(waiting.len(), 1);
    let lies = guichet_package::Package::read_tar(
        std::fs::File::open(operator.file_of(&waiting[0])).unwrap(),
    );
    assert_eq!(lies.unwrap().digest(), first.digest);
    let exact = "acme/parcels@1.0.0".parse().unwrap();
    operator.approve(&exact).await.unwrap();
    assert_eq!(world.index().await.plugins[0].versions.len(), 1);
    assert_eq!(world.get(&path).await.status(), StatusCode::OK);
    let second = client.publish(&package("1.1.0")).await.unwrap();
    assert_eq!(second.standing, Standing::Listed);
}

#[tokio::test]
async fn what_is_rejected_says_why_and_leaves_its_number_free() {
    let world = with_review().await;
    let client = world.client();
    client.publish(&package("1.0.0")).await.unwrap();
    let operator = world.operator().await;
    let exact = "acme/parcels@1.0.0".parse().unwrap();
    operator
        .reject(&exact, "It asks for more than it needs.")
        .await
        .unwrap();
    let (found, detail) = world.refusal(&package("1.0.0")).await;
    assert_eq!(found, Code::Declined);
    assert!(detail.contains("more than it needs"), "{detail}");
    assert!(operator.reject(&exact, "Twice.").await.is_err());
    assert!(operator.revoke_exact(&exact, "No.").await.is_err());

    let mended = signed(&manifest("acme/parcels", "1.0.0", "# mended\n"), &[], 1);
    client.publish(&mended).await.unwrap();
    operator.approve(&exact).await.unwrap();
    let index = world.index().await;
    assert_eq!(index.plugins[0].versions[0].digest, mended.digest());
}

#[tokio::test]
async fn what_was_rejected_in_error_can_be_approved() {
    let world = with_review().await;
    world.client().publish(&package("1.0.0")).await.unwrap();
    let operator = world.operator().await;
    let exact = "acme/parcels@1.0.0".parse().unwrap();
    operator.reject(&exact, "A mistake.").await.unwrap();
    operator.approve(&exact).await.unwrap();
    assert_eq!(world.index().await.plugins.len(), 1);
    operator.approve(&exact).await.unwrap();
    assert!(operator.reject(&exact, "Too late.").await.is_err());
}

#[tokio::test]
async fn so_many_versions_of_a_publisher_wait_and_not_one_more() {
    let world = with_review().await;
    let sent = |n: i64| signed(&manifest(&format!("acme/p{n}"), "1.0.0", ""), &[], 1);
    for n in 0..WAITING_OF_A_PUBLISHER_MAX {
        world.client().publish(&sent(n)).await.unwrap();
    }
    let error = world
        .client()
        .publish(&sent(WAITING_OF_A_PUBLISHER_MAX))
        .await
        .unwrap_err();
    assert_eq!(code(error).0, Code::Full);
}

#[tokio::test]
async fn what_waits_is_not_taken_back_by_its_publisher() {
    let world = with_review().await;
    let client = world.client();
    let sent = client.publish(&package("1.0.0")).await.unwrap();
    let error = client
        .revoke(&sent.id, &sent.version, &sent.digest, "No.", &key(1))
        .await
        .unwrap_err();
    assert_eq!(code(error).0, Code::NotFound);
}
