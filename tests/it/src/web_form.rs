//! A form's way: a page, a post, a ticket; and what hostile hands post.

use crate::desk::{TestDesk, on_both_databases};
use guichet::admin::create_group;
use reqwest::{Method, redirect::Policy};
use serde_json::{Value, json};

const HOSTILE: &str = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

/// A form whose second question depends on the first.
fn form(group: Value) -> Value {
    let label = |english: &str, chinese: &str| json!({ "en": english, "zh-CN": chinese });
    json!({
        "id": "laptop", "title": label("A new laptop", "申请电脑"), "thanks": label("It takes three days.", "需要三天。"),
        "group": group, "kind": "request", "urgency": 2, "tags": ["hardware"], "subject": "Laptop for {{name}}", "message": "optional", "attachments": 2,
        "fields": [
            { "name": "device", "type": "choice", "label": label("Device", "设备"), "required": true,
              "options": [{ "value": "laptop", "label": label("Laptop", "笔记本") }, { "value": "other", "label": label("Other", "其他") }] },
            { "name": "model", "type": "text", "label": label("Model", "型号"), "required": true, "show-when": [{ "field": "device", "operator": "is", "value": "laptop" }] },
            { "name": "count", "type": "number", "label": label("How many", "数量"), "minimum": 1, "maximum": 5 },
            { "name": "agree", "type": "yes-no", "label": label("My manager agrees", "主管已同意") },
        ],
    })
}

async fn with_form(desk: &TestDesk, guard: Value) -> guichet_core::id::InstallId {
    let group = create_group(&desk.desk, desk.tenant.id, "Workplace", &[])
        .await
        .unwrap()
        .id;
    let other = json!({ "id": "other", "title": { "en": "Other" }, "listed": false });
    let settings = json!({ "forms": [form(json!(group)), other], "guard": guard, "embed-on": ["https://www.acme.example"] });
    desk.plugin("web-form", settings).await
}

/// Moves the clock to the beginning of an hour: what counts by the hour does not meet its end half-way.
fn begin_an_hour(desk: &TestDesk) {
    const HOUR_MS: i64 = 3_600_000;
    let now = i64::try_from(desk.clock.now().milliseconds()).unwrap();
    desk.clock.advance_milliseconds(HOUR_MS - now % HOUR_MS);
}

fn url(desk: &TestDesk, path: &str) -> String {
    format!("{}/t/acme/plugins/guichet/web-form{path}", desk.address)
}

/// A browser that goes nowhere by itself.
fn browser() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(Policy::none())
        .build()
        .unwrap()
}

async fn page(desk: &TestDesk, path: &str) -> (u16, String) {
    let answer = browser().get(url(desk, path)).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn token_of(page: &str) -> String {
    let after = page.split("name=\"token\" value=\"").nth(1).unwrap();
    after.split('"').next().unwrap().to_owned()
}

/// A part of a post: a text, or a file with its name.
enum Part<'a> {
    Text(&'a str, &'a str),
    File(&'a str, &'a [u8]),
}
use Part::{File, Text};

fn body(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for part in parts {
        body.extend(b"--AaB03x\r\n");
        match part {
            Text(name, text) => {
                body.extend(
                    format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}")
                        .bytes(),
                );
            }
            File(name, content) => {
                body.extend(format!("Content-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n").bytes());
                body.extend(*content);
            }
        }
        body.extend(b"\r\n");
    }
    body.extend(b"--AaB03x--\r\n");
    body
}

/// Status, where to, and the page.
async fn post(desk: &TestDesk, path: &str, parts: &[Part<'_>]) -> (u16, String, String) {
    let request = browser().post(url(desk, path));
    let request = request.header("content-type", "multipart/form-data; boundary=AaB03x");
    let answer = request.body(body(parts)).send().await.unwrap();
    let status = answer.status().as_u16();
    let location = answer.headers().get("location");
    let location = location.map_or(String::new(), |to| to.to_str().unwrap().to_owned());
    (status, location, answer.text().await.unwrap())
}

/// The token of a page that has been open for long enough.
async fn opened(desk: &TestDesk) -> String {
    let (status, page) = page(desk, "/laptop?lang=en").await;
    assert_eq!(status, 200);
    desk.clock.advance_milliseconds(5_000);
    token_of(&page)
}

fn good<'a>(token: &'a str) -> Vec<Part<'a>> {
    vec![
        Text("token", token),
        Text("name", "Ana Torres"),
        Text("email", "Ana@Trade.Example"),
        Text("device", "laptop"),
        Text("model", "X1"),
        Text("count", "2"),
    ]
}

async fn tickets(desk: &TestDesk) -> Vec<Value> {
    desk.get("tickets").await["items"]
        .as_array()
        .unwrap()
        .clone()
}

async fn suspended(desk: &TestDesk) -> Vec<String> {
    let queue = desk.get("suspended").await;
    let reasons = queue["items"].as_array().unwrap().iter();
    reasons
        .map(|one| one["reason"].as_str().unwrap().to_owned())
        .collect()
}

on_both_databases! {
    async fn a_form_that_is_filled_becomes_a_ticket_of_its_group_and_the_next_page_tells_the_number(desk) {
        with_form(&desk, json!({})).await;
        let answer = browser().get(url(&desk, "/laptop")).header("accept-language", "zh-CN,zh;q=0.9").send().await.unwrap();
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.starts_with("sandbox allow-forms allow-scripts allow-popups; default-src 'none'; style-src 'nonce-"), "{policy}");
        assert!(policy.ends_with("frame-ancestors 'self' https://www.acme.example"), "{policy}");
        assert!(answer.headers().get("set-cookie").is_none());
        let page_text = answer.text().await.unwrap();
        assert!(page_text.contains("申请电脑") && page_text.contains("<html lang=\"zh-CN\">"));

        let token = opened(&desk).await;
        let mut parts = good(&token);
        parts.extend([Text("agree", "yes"), Text("message", "Please, before Monday."), File("../photo 照.png", b"\x89PNG\r\n--AaB03\r\n\0"), File("", b"")]);
        let (status, to, text) = post(&desk, "/laptop?lang=en", &parts).await;
        assert_eq!(status, 303, "{text}");
        assert!(to.starts_with("/t/acme/plugins/guichet/web-form/laptop/thanks?lang=en&receipt="), "{to}");
        let (status, thanks) = page(&desk, to.split("web-form").nth(1).unwrap()).await;
        assert!(status == 200 && thanks.contains("#1") && thanks.contains("It takes three days."), "{thanks}");

        desk.settle().await;
        let ticket = desk.get("tickets/1").await;
        assert_eq!((&ticket["subject"], &ticket["channel"], &ticket["kind"], &ticket["urgency"]), (&json!("Laptop for Ana Torres"), &json!("web"), &json!("request"), &json!(2)));
        assert_eq!((&ticket["group"]["name"], &ticket["tags"], &ticket["requester"]["name"]), (&json!("Workplace"), &json!(["hardware"]), &json!("Ana Torres")));
        let fields = json!({ "guichet/web-form/form": "laptop", "guichet/web-form/device": "laptop", "guichet/web-form/model": "X1", "guichet/web-form/count": 2, "guichet/web-form/agree": true });
        assert_eq!(ticket["fields"], fields);
        let message = &desk.messages(1).await[0];
        assert_eq!(message["text"], "Please, before Monday.\n\nDevice: Laptop\nModel: X1\nHow many: 2\nMy manager agrees: yes");
        assert_eq!((&message["author"]["kind"], message["attachments"].as_array().unwrap().len()), (&json!("customer"), 1));
        let attachment = &message["attachments"][0];
        assert_eq!(attachment["name"], "photo 照.png");
        let file = desk.request(Method::GET, &format!("files/{}", attachment["file"].as_str().unwrap())).send().await.unwrap();
        assert_eq!(file.bytes().await.unwrap().as_ref(), b"\x89PNG\r\n--AaB03\r\n\0");
        let customer = desk.get(&format!("customers/{}", ticket["requester"]["id"].as_str().unwrap())).await;
        assert_eq!(customer["identities"][0]["name"], "mailto:ana@trade.example", "{customer}");
        assert_eq!(customer["identities"][0]["verified"], false, "{customer}");
        let history = desk.history(1).await;
        assert_eq!(history[0]["cause"]["plugin"], "guichet/web-form");
    }

    async fn who_filled_a_form_is_answered_by_mail(desk) {
        with_form(&desk, json!({})).await;
        desk.plugin("email", json!({ "mailboxes": [{ "address": "support@acme.example" }] })).await;
        let token = opened(&desk).await;
        assert_eq!(post(&desk, "/laptop?lang=en", &good(&token)).await.0, 303);
        desk.settle().await;
        let answer = json!({ "text": "It is on its way.", "visibility": "public" });
        assert_eq!(desk.call(Method::POST, "tickets/1/messages", Some(answer)).await.0, 201);
        desk.settle().await;
        let messages = desk.messages(1).await;
        let delivery = &messages.last().unwrap()["delivery"];
        assert_eq!((&delivery["state"], &delivery["address"]), (&json!("waiting"), &json!("ana@trade.example")), "{delivery}");
    }

    async fn the_same_form_sent_again_is_the_same_ticket_and_its_receipt_ends_after_two_days(desk) {
        with_form(&desk, json!({})).await;
        let token = opened(&desk).await;
        let (_, to, _) = post(&desk, "/laptop?lang=en", &good(&token)).await;
        let (status, again, _) = post(&desk, "/laptop?lang=en", &good(&token)).await;
        assert_eq!((status, &again), (303, &to));
        let changed = [Text("token", &token), Text("name", "Somebody else"), Text("email", "else@trade.example"), Text("device", "other")];
        assert_eq!(post(&desk, "/laptop?lang=en", &changed).await.0, 303, "whatever it says now");
        assert_eq!(tickets(&desk).await.len(), 1);
        desk.clock.advance_milliseconds(3 * 86_400_000);
        // Another post drops what is older than yesterday from its place; this one's place is another or the same.
        let late = opened(&desk).await;
        assert_eq!(post(&desk, "/laptop?lang=en", &good(&late)).await.0, 303);
        let (status, _, text) = post(&desk, "/laptop?lang=en", &[Text("token", "AAAA"), Text("name", "Ana")]).await;
        assert!(status == 422 && text.contains("open for a long time") && text.contains("value=\"Ana\""), "what was written is still there");
        assert_eq!(tickets(&desk).await.len(), 2);
    }

    async fn two_posts_of_one_form_at_the_same_moment_make_one_ticket(desk) {
        with_form(&desk, json!({})).await;
        let token = opened(&desk).await;
        let posts = (0..8).map(|_| async { post(&desk, "/laptop?lang=en", &good(&token)).await });
        let answers = futures::future::join_all(posts).await;
        assert!(answers.iter().all(|(status, to, _)| *status == 303 && *to == answers[0].1), "{:?}", answers.iter().map(|answer| answer.0).collect::<Vec<_>>());
        assert_eq!(tickets(&desk).await.len(), 1);
    }

    async fn what_is_wrong_is_told_beside_the_questions_and_makes_nothing(desk) {
        with_form(&desk, json!({})).await;
        let token = opened(&desk).await;
        let wrong = [Text("token", &token), Text("email", "nobody"), Text("device", "laptop"), Text("count", "9"), Text("message", "密码")];
        let (status, _, text) = post(&desk, "/laptop?lang=en", &wrong).await;
        assert_eq!(status, 422);
        for told in ["<title>Error: A new laptop</title>", "href=\"#f-name\"", "href=\"#f-email\"", "href=\"#f-model\"", "Please write a number from 1 to 5.", ">密码</textarea>"] {
            assert!(text.contains(told), "{told}");
        }
        assert_eq!(token_of(&text), token, "the page is the same: it can be sent again");
        assert_eq!(post(&desk, "/laptop?lang=en", &good(&token)).await.0, 303);
        assert_eq!(tickets(&desk).await.len(), 1);
    }

    async fn a_condition_cannot_be_walked_around_neither_way(desk) {
        with_form(&desk, json!({})).await;
        let token = opened(&desk).await;
        let without = [Text("token", &token), Text("name", "Ana"), Text("email", "ana@trade.example"), Text("device", "laptop")];
        let (status, _, text) = post(&desk, "/laptop?lang=en", &without).await;
        assert!(status == 422 && text.contains("href=\"#f-model\""), "what is asked is required");
        let hidden = [Text("token", &token), Text("name", "Ana"), Text("email", "ana@trade.example"), Text("device", "other"), Text("model", "smuggled"), Text("stranger", "x"), Text("guichet/web-form/form", "x")];
        assert_eq!(post(&desk, "/laptop?lang=en", &hidden).await.0, 303);
        let ticket = desk.get("tickets/1").await;
        assert_eq!(ticket["fields"], json!({ "guichet/web-form/form": "laptop", "guichet/web-form/device": "other", "guichet/web-form/agree": false }), "what is not asked is dropped");
        assert!(!desk.messages(1).await[0]["text"].as_str().unwrap().contains("smuggled"));
    }

    async fn what_looks_like_a_machine_rests_in_the_queue_and_a_person_recovers_it(desk) {
        begin_an_hour(&desk);
        with_form(&desk, json!({ "per-address-per-hour": 2 })).await;
        let first = opened(&desk).await;
        let mut trapped = good(&first);
        trapped.push(Text("company-website", "https://spam.example"));
        trapped.push(File("a.png", b"PNG"));
        let (status, to, _) = post(&desk, "/laptop?lang=en", &trapped).await;
        assert_eq!(status, 303);
        let (_, thanks) = page(&desk, to.split("web-form").nth(1).unwrap()).await;
        assert!(thanks.contains("before it gets a number") && !thanks.contains("class=\"number\""), "{thanks}");
        let (_, fresh) = page(&desk, "/laptop?lang=en").await;
        assert_eq!(post(&desk, "/laptop?lang=en", &good(&token_of(&fresh))).await.0, 303, "sent at once");
        let third = opened(&desk).await;
        assert_eq!(post(&desk, "/laptop?lang=en", &good(&third)).await.0, 303, "the third of this hour");
        assert_eq!(suspended(&desk).await, ["too_many", "too_fast", "spam"]);
        assert_eq!((tickets(&desk).await.len(), desk.get("customers").await["items"].as_array().unwrap().len()), (0, 0), "nobody and nothing was made");

        let queue = desk.get("suspended").await;
        let path = format!("suspended/{}", queue["items"][2]["id"].as_str().unwrap());
        let whole = desk.get(&path).await;
        assert_eq!(whole["subject"], "Laptop for Ana Torres");
        let (status, ticket) = desk.call(Method::PUT, &format!("{path}/recovery"), Some(json!({ "into": null }))).await;
        assert_eq!((status, &ticket["state"]), (200, &json!("new")), "{ticket}");
        let message = &desk.messages(1).await[0];
        assert!(message["text"].as_str().unwrap().contains("Model: X1") && message["attachments"][0]["name"] == "a.png", "{message}");
    }

    async fn whoever_posts_without_end_is_stopped_and_heard_again_in_the_next_hour(desk) {
        begin_an_hour(&desk);
        with_form(&desk, json!({ "per-address-per-hour": 1, "per-network-per-hour": 1000 })).await;
        for wanted in [303, 303, 303, 429] {
            let token = opened(&desk).await;
            let (status, _, text) = post(&desk, "/laptop?lang=en", &good(&token)).await;
            assert_eq!(status, wanted);
            assert!(status == 303 || text.contains("try again in an hour"), "{text}");
        }
        assert_eq!((tickets(&desk).await.len(), suspended(&desk).await.len()), (1, 2), "what was refused is not kept");
        desk.clock.advance_milliseconds(3_600_000);
        let token = opened(&desk).await;
        assert_eq!(post(&desk, "/laptop?lang=en", &good(&token)).await.0, 303);
        assert_eq!(tickets(&desk).await.len(), 2);
    }

    async fn hostile_text_stands_in_pages_and_tickets_as_text(desk) {
        with_form(&desk, json!({})).await;
        let token = opened(&desk).await;
        let fields = ["name", "email", "device", "model", "count", "agree", "message"];
        let mut parts = vec![Text("token", &token)];
        parts.extend(fields.iter().map(|name| Text(name, HOSTILE)));
        let (status, _, text) = post(&desk, "/laptop?lang=en", &parts).await;
        assert_eq!(status, 422);
        assert!(!text.contains("<img") && text.matches("<script").count() == 1, "{text}");
        let mut good = good(&token);
        good[1] = Text("name", HOSTILE);
        good[4] = Text("model", HOSTILE);
        assert_eq!(post(&desk, "/laptop?lang=en", &good).await.0, 303);
        assert!(desk.messages(1).await[0]["text"].as_str().unwrap().contains(HOSTILE), "kept as it was written");
        for path in ["/laptop?lang=%3Cscript%3E", "/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/laptop/thanks?receipt=%22%3E%3Cscript%3E", "/laptop/%3Cimg%3E"] {
            let (_, text) = page(&desk, path).await;
            assert!(!text.contains("<script>") && !text.contains("<img"), "{path}: {text}");
        }
    }

    async fn a_post_that_is_no_form_or_too_large_is_answered_with_what_to_do(desk) {
        let install = with_form(&desk, json!({})).await;
        let token = opened(&desk).await;
        let long = "x".repeat(1 << 20);
        let mut parts = good(&token);
        parts.push(Text("message", &long));
        let (status, _, text) = post(&desk, "/laptop?lang=en", &parts).await;
        assert!(status == 422 && text.contains("Please shorten this to 20000 characters"), "{status} {}", &text[..500]);
        let send = async |content_type: &str, body: Vec<u8>| {
            let answer = browser().post(url(&desk, "/laptop?lang=en")).header("content-type", content_type).body(body).send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        };
        let whole = body(&good(&token));
        for (content_type, content) in [
            ("multipart/form-data", whole.clone()),
            ("multipart/form-data; boundary=another", whole.clone()),
            ("multipart/form-data; boundary=AaB03x", whole[..whole.len() / 2].to_vec()),
            ("multipart/form-data; boundary=AaB03x", Vec::new()),
            ("application/json", b"{}".to_vec()),
            ("text/plain", whole.clone()),
            ("application/x-www-form-urlencoded", vec![b'x'; 600 << 10]),
        ] {
            let (status, text) = send(content_type, content).await;
            assert!(status == 400 && text.contains("cannot be read"), "{content_type}: {status}");
        }
        let encoded = format!("token={token}&name=Ana&email=ana%40trade.example&device=other");
        assert_eq!(send("application/x-www-form-urlencoded", encoded.into_bytes()).await.0, 303, "a form without files may come so, too");
        assert_eq!(tickets(&desk).await.len(), 1);
        assert!(desk.outcomes(install).await.iter().all(|outcome| outcome == "ok"), "none of it broke the plugin");
    }

    async fn foreign_forms_and_tokens_open_nothing(desk) {
        with_form(&desk, json!({})).await;
        let (_, other) = page(&desk, "/other?lang=en").await;
        desk.clock.advance_milliseconds(5_000);
        let foreign = token_of(&other);
        assert_eq!(post(&desk, "/laptop?lang=en", &good(&foreign)).await.0, 422, "another form's token");
        assert_eq!(post(&desk, "/laptop?lang=en", &good("")).await.0, 422);
        assert_eq!(post(&desk, "/nothing?lang=en", &good(&foreign)).await.0, 404);
        assert_eq!(page(&desk, "/nothing").await.0, 404);
        let mine = opened(&desk).await;
        let (_, to, _) = post(&desk, "/laptop?lang=en", &good(&mine)).await;
        let receipt = to.split("receipt=").nth(1).unwrap();
        assert_eq!(page(&desk, &format!("/other/thanks?receipt={receipt}")).await.0, 404, "another form's receipt");
        assert_eq!(page(&desk, "/laptop/thanks?receipt=AAAA").await.0, 404);
        let answer = browser().put(url(&desk, "/laptop")).send().await.unwrap();
        assert_eq!(answer.status(), 405);
        let (_, list) = page(&desk, "?lang=en").await;
        assert!(list.contains("A new laptop") && !list.contains("Other"), "what is not listed is not told");
        assert_eq!(tickets(&desk).await.len(), 1);
    }

    async fn a_form_of_a_day_ago_is_shown_again_with_what_was_written(desk) {
        with_form(&desk, json!({})).await;
        let old = opened(&desk).await;
        desk.clock.advance_milliseconds(25 * 3_600_000);
        let (status, _, text) = post(&desk, "/laptop?lang=en", &good(&old)).await;
        assert!(status == 422 && text.contains("open for a long time") && text.contains("value=\"X1\""), "{text}");
        let fresh = token_of(&text);
        assert_ne!(fresh, old);
        desk.clock.advance_milliseconds(5_000);
        assert_eq!(post(&desk, "/laptop?lang=en", &good(&fresh)).await.0, 303);
    }

    async fn files_of_many_mebibytes_are_attachments_of_their_own_and_too_large_ones_are_refused(desk) {
        with_form(&desk, json!({})).await;
        let token = opened(&desk).await;
        let large: Vec<u8> = (0..6_u32 << 20).map(|n| u8::try_from(n * 31 % 251).unwrap()).collect();
        let mut parts = good(&token);
        parts.extend([File("scan.png", &large), File("small.png", b"small")]);
        assert_eq!(post(&desk, "/laptop?lang=en", &parts).await.0, 303);
        let attachments = desk.messages(1).await[0]["attachments"].clone();
        assert_eq!((&attachments[0]["size"], &attachments[1]["size"]), (&json!(large.len()), &json!(5)));
        for (index, content) in [(0, large.as_slice()), (1, b"small")] {
            let path = format!("files/{}", attachments[index]["file"].as_str().unwrap());
            let kept = desk.request(Method::GET, &path).send().await.unwrap().bytes().await.unwrap();
            assert!(kept == content, "file {index}");
        }
        let next = opened(&desk).await;
        let too_large = vec![7; (20 << 20) + 1];
        let mut parts = good(&next);
        parts.push(File("huge.png", &too_large));
        let (status, _, text) = post(&desk, "/laptop?lang=en", &parts).await;
        assert!(status == 422 && text.contains("“huge.png” is larger than 20 MiB"), "{status}");
        let mut parts = good(&next);
        parts.extend([File("1.png", b"1"), File("2.png", b"2"), File("3.png", b"3")]);
        let (status, _, text) = post(&desk, "/laptop?lang=en", &parts).await;
        assert!(status == 422 && text.contains("at most 2 files"), "{status}");
    }

    async fn a_group_that_is_gone_loses_no_request_and_a_form_that_contradicts_itself_is_told_in_the_runs(desk) {
        let gone = json!({ "forms": [form(json!(uuid::Uuid::nil()))] });
        let install = desk.plugin("web-form", gone).await;
        let token = opened(&desk).await;
        assert_eq!(post(&desk, "/laptop?lang=en", &good(&token)).await.0, 303);
        assert_eq!(desk.get("tickets/1").await["group"], json!(null));
        let runs = desk.get(&format!("plugins/{install}/runs")).await;
        assert!(runs["items"][0]["log"][0].as_str().unwrap().contains("its group could not be set"), "{runs}");

        let mut twice = form(json!(""));
        twice["fields"][1]["name"] = json!("device");
        let install = desk.plugin("web-form", json!({ "forms": [twice] })).await;
        let (status, text) = page(&desk, "/laptop?lang=en").await;
        assert!(status == 503 && text.contains("cannot be shown just now"), "{text}");
        let runs = desk.get(&format!("plugins/{install}/runs")).await;
        assert!(runs["items"][0]["log"][0].as_str().unwrap().contains("has the field `device` twice"), "{runs}");
    }
}
