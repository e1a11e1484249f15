//! Search and pages.

use crate::world::{World, key, manifest, package, problem, signed};
use guichet_marketplace::wire::{PluginDetail, PluginList};
use reqwest::{StatusCode, header};

const ASKS: &str = "[[permissions]]\nname = \"tickets-read\"\nreason.en = \"Finds numbers in what was said.\"\nreason.zh-CN = \"在往来内容中查找单号。\"\n\
    [[permissions]]\nname = \"intake\"\nreason.en = \"Brings news.\"\noptional = true\n\
    [[egress]]\nhost = \"*.carrier.example\"\nreason.en = \"Asks the carrier.\"\n";

/// A marketplace with two plugins of two publishers.
async fn furnished() -> World {
    let world = World::new().await;
    world.let_in("zeta", 2).await;
    let imports = ["tickets-read", "intake", "http"];
    let client = world.client();
    for version in ["1.0.0", "1.1.0"] {
        let text = manifest("acme/parcels", version, ASKS);
        client.publish(&signed(&text, &imports, 1)).await.unwrap();
    }
    let text = manifest("zeta/chime", "0.3.1", "")
        .replace("Parcel Tracker", "Chime & <b>Bell</b>")
        .replace("包裹跟踪", "钟声提醒")
        .replace("显示包裹的位置。", "到点响铃。")
        .replace("Shows where parcels are.", "\\\"><script>alert(1)</script>");
    client.publish(&signed(&text, &[], 2)).await.unwrap();
    world
}

async fn found(world: &World, asked: &str) -> Vec<String> {
    let list: PluginList = world
        .get(&format!("/v1/plugins{asked}"))
        .await
        .json()
        .await
        .unwrap();
    list.plugins.into_iter().map(|line| line.id).collect()
}

async fn page(world: &World, path: &str) -> String {
    let answer = world.get(path).await;
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let headers = answer.headers();
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'"));
    assert!(!policy.contains("unsafe") && !policy.contains("script-src"));
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
    answer.text().await.unwrap()
}

#[tokio::test]
async fn plugins_are_found_in_english_and_chinese() {
    let world = furnished().await;
    assert_eq!(found(&world, "").await, ["acme/parcels", "zeta/chime"]);
    assert_eq!(found(&world, "?q=where+parcels").await, ["acme/parcels"]);
    assert_eq!(
        found(&world, "?q=%E5%8C%85%E8%A3%B9").await,
        ["acme/parcels"]
    );
    assert_eq!(found(&world, "?q=%E9%92%9F%E5%A3%B0").await, ["zeta/chime"]);
    assert_eq!(found(&world, "?q=ZETA").await, ["zeta/chime"]);
    assert_eq!(found(&world, "?q=umbrella").await, [""; 0]);
    let answer = world.get("/v1/plugins?cursor=nonsense").await;
    assert_eq!(problem(answer).await.0, StatusCode::BAD_REQUEST);
    let answer = world
        .get(&format!("/v1/plugins?q={}", "x".repeat(201)))
        .await;
    assert_eq!(problem(answer).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_plugin_is_told_with_all_its_versions() {
    let world = furnished().await;
    let exact = "acme/parcels@1.0.0".parse().unwrap();
    let operator = world.operator().await;
    operator
        .revoke_exact(&exact, "It loses parcels.")
        .await
        .unwrap();
    let path = "/v1/plugins/acme/parcels";
    let detail: PluginDetail = world.get(path).await.json().await.unwrap();
    assert_eq!(detail.publisher.title, "acme Ltd");
    assert_eq!(
        detail.publisher.keys[0].fingerprint,
        key(1).public().fingerprint()
    );
    let told: Vec<_> = detail
        .versions
        .iter()
        .map(|version| {
            let reason = version.revoked.as_ref().map(|told| told.reason.as_str());
            (version.version.version.to_string(), reason)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("1.1.0".to_owned(), None),
            ("1.0.0".to_owned(), Some("It loses parcels."))
        ]
    );
    let answer = world.get("/v1/plugins/acme/nothing").await;
    assert_eq!(problem(answer).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_a_publisher_wrote_is_shown_and_never_run() {
    let world = furnished().await;
    for path in ["/", "/?q=chime", "/plugins/zeta/chime", "/publishers/zeta"] {
        let page = page(&world, path).await;
        assert!(
            page.contains("Chime &amp; &lt;b&gt;Bell&lt;/b&gt;"),
            "{path}"
        );
        assert!(!page.contains("<script") && !page.contains("<b>"), "{path}");
    }
    let typed = page(&world, "/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(!typed.contains("<script"), "{typed}");
    assert!(typed.contains("&lt;script&gt;"), "what was typed is shown");
}

#[tokio::test]
async fn a_plugins_page_says_what_an_admin_must_know() {
    let world = furnished().await;
    let exact = "acme/parcels@1.0.0".parse().unwrap();
    let operator = world.operator().await;
    operator
        .revoke_exact(&exact, "It loses parcels.")
        .await
        .unwrap();
    let page = page(&world, "/plugins/acme/parcels").await;
    for expected in [
        "Parcel Tracker",
        "acme/parcels@^1",
        "Far-reaching",
        "Reads tickets and what was said on them",
        "Finds numbers in what was said.",
        "optional",
        "*.carrier.example",
        "any host below this domain",
        "what it reads can leave your desk",
        "<del>1.0.0</del>",
        "It loses parcels.",
        &key(1).public().fingerprint(),
        &world.key.fingerprint(),
    ] {
        assert!(page.contains(expected), "{expected}");
    }
    let intake = page.find("intake").unwrap();
    assert!(
        intake < page.find("tickets-read").unwrap(),
        "the weightiest comes first"
    );
}

#[tokio::test]
async fn a_plugin_of_which_all_was_taken_back_offers_nothing_to_install() {
    let world = furnished().await;
    let exact = "zeta/chime@0.3.1".parse().unwrap();
    let operator = world.operator().await;
    operator.revoke_exact(&exact, "Too loud.").await.unwrap();
    // And what can be installed comes before it.
    let exact = "acme/parcels@1.0.0".parse().unwrap();
    operator.revoke_exact(&exact, "Old.").await.unwrap();
    let exact = "acme/parcels@1.1.0".parse().unwrap();
    operator.revoke_exact(&exact, "Old.").await.unwrap();
    world.let_in("omega", 3).await;
    let other = signed(&manifest("omega/parcels", "1.0.0", ""), &[], 3);
    world.client().publish(&other).await.unwrap();
    assert_eq!(
        found(&world, "").await,
        ["omega/parcels", "acme/parcels", "zeta/chime"]
    );
    let page = page(&world, "/plugins/zeta/chime").await;
    assert!(page.contains("there is nothing to install"));
    assert!(!page.contains("zeta/chime@"));
    assert!(page.contains("Too loud."));
}

#[tokio::test]
async fn pages_speak_the_readers_language_and_keep_what_was_chosen() {
    let world = furnished().await;
    let asked = reqwest::Client::new()
        .get(world.url("/plugins/acme/parcels"))
        .header("accept-language", "zh-CN,zh;q=0.9,en;q=0.5")
        .send()
        .await
        .unwrap();
    assert_eq!(asked.headers()["content-language"], "zh-CN");
    assert_eq!(asked.headers()["vary"], "accept-language");
    let by_browser = asked.text().await.unwrap();
    assert!(by_browser.contains("<html lang=\"zh-CN\">"));
    assert!(by_browser.contains("包裹跟踪") && by_browser.contains("在往来内容中查找单号。"));
    assert!(by_browser.contains("读取工单"));
    // What is not told in Chinese is told in the language that there is, and marked.
    assert!(by_browser.contains("<span lang=\"en\" dir=\"auto\">Brings news.</span>"));

    let chosen = page(&world, "/?lang=zh-CN&q=acme").await;
    assert!(chosen.contains("href=\"./plugins/acme/parcels?lang=zh-CN\""));
    assert!(chosen.contains("name=\"lang\" value=\"zh-CN\""));
    assert!(chosen.contains("href=\"?q=acme&amp;lang=en\""));
    let unknown = page(&world, "/?lang=fr").await;
    assert!(unknown.contains("<html lang=\"en\">"));
}

#[tokio::test]
async fn what_is_not_there_is_a_page_for_people_and_a_problem_for_programs() {
    let world = furnished().await;
    for path in ["/nothing", "/plugins/acme/nothing", "/publishers/nobody"] {
        let answer = world.get(path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        let text = answer.text().await.unwrap();
        assert!(text.contains("<h1>Not found</h1>"), "{path}");
    }
    for path in ["/v1", "/v1/nothing", "/v1/plugins/acme"] {
        let answer = world.get(path).await;
        assert_eq!(problem(answer).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_long_list_is_read_page_by_page() {
    let world = World::new().await;
    for n in 0..45 {
        let text = manifest(&format!("acme/p{n:02}"), "1.0.0", "");
        world
            .client()
            .publish(&signed(&text, &[], 1))
            .await
            .unwrap();
    }
    let (mut path, mut seen) = ("/?lang=en".to_owned(), 0);
    loop {
        let page = page(&world, &path).await;
        seen += page.matches("<li class=\"card\">").count();
        let Some(at) = page.find("rel=\"next\" href=\".") else {
            assert!(page.contains("First page"));
            break;
        };
        let link: String = page[at + 17..].chars().take_while(|c| *c != '"').collect();
        path = link.replace("./", "/").replace("&amp;", "&");
        assert!(path.contains("lang=en"), "{path}");
    }
    assert_eq!(seen, 45);
}

#[tokio::test]
async fn an_empty_marketplace_says_so() {
    let world = World::new().await;
    assert!(
        page(&world, "/")
            .await
            .contains("Nothing has been published")
    );
    assert!(page(&world, "/?q=x").await.contains("Nothing fits"));
    assert!(
        page(&world, "/publishers/acme")
            .await
            .contains("Nothing of this publisher")
    );
    world.client().publish(&package("1.0.0")).await.unwrap();
    assert!(page(&world, "/").await.contains("acme/parcels"));
}
