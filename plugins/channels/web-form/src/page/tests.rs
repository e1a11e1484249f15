use super::*;
use crate::wrong::Wrong;
use serde_json::json;

const HOSTILE: &str = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

fn frame(language: Language) -> Frame<'static> {
    Frame {
        language,
        base: "/t/acme/plugins/guichet/web-form",
        nonce: "n0nce",
    }
}

fn form() -> Form {
    let label = |text: &str| json!({ "en": text, "zh-CN": format!("{text}（中）") });
    let options = |count: usize| {
        (0..count)
            .map(|n| json!({ "value": format!("o{n}"), "label": label(&format!("Option {n}")) }))
            .collect::<Vec<_>>()
    };
    let form: Form = serde_json::from_value(json!({
        "id": "support", "title": label("Support"), "intro": { "en": "Ask us." }, "attachments": 2,
        "fields": [
            { "name": "device", "type": "choice", "label": label("Device"), "options": options(3), "required": true },
            { "name": "site", "type": "choice", "label": label("Site"), "options": options(9) },
            { "name": "parts", "type": "choices", "label": label("Parts"), "hint": label("As many as apply"), "options": options(2) },
            { "name": "model", "type": "text", "label": label("Model"), "required": true, "pattern": "[A-Z]+", "pattern-hint": label("Capitals only"),
              "show-when": [{ "field": "device", "operator": "is", "value": ["o1", "o2"] }] },
            { "name": "note", "type": "long-text", "label": label("Note") },
            { "name": "seats", "type": "number", "label": label("Seats"), "minimum": 1, "maximum": 9.5 },
            { "name": "since", "type": "date", "label": label("Since") },
            { "name": "agree", "type": "yes-no", "label": label("I agree"), "required": true },
        ],
    }))
    .unwrap();
    form.check().unwrap();
    form
}

fn hostile_post() -> Post {
    let mut post = Post::default();
    for name in [
        "name", "email", "subject", "message", "device", "site", "parts", "model", "note", "seats",
        "since", "agree", HONEYPOT,
    ] {
        post.add(name.to_owned(), HOSTILE.to_owned());
    }
    post
}

#[test]
fn what_comes_from_outside_stands_in_the_page_as_text() {
    let wrong = [
        (Place::Files, Wrong::LargeFile(HOSTILE.to_owned())),
        (Place::Own("name"), Wrong::Missing),
    ];
    let page = frame(Language::English).form(&form(), HOSTILE, Some(&hostile_post()), &wrong);
    assert_eq!(page.matches("<script").count(), 1, "the page's own");
    assert!(!page.contains("<img"), "{page}");
    assert!(!page.contains("\"'>"), "{page}");
    assert!(page.contains("&lt;/textarea&gt;&lt;script&gt;"));
}

#[test]
fn the_admins_own_texts_are_text_too() {
    let mut form = form();
    form.title.en = HOSTILE.to_owned();
    form.thanks.en = HOSTILE.to_owned();
    form.fields[0].label.en = HOSTILE.to_owned();
    form.fields[0].options[0].value = HOSTILE.to_owned();
    form.fields[3].show_when[0].value = crate::condition::Values::One(HOSTILE.to_owned());
    let frame = frame(Language::English);
    for page in [
        frame.form(&form, "t", None, &[]),
        frame.list(&[&form]),
        frame.thanks(&form, Some(7)),
    ] {
        assert!(
            !page.contains("<img") && !page.contains("alert(1)</script>"),
            "{page}"
        );
    }
}

/// Values of an attribute, in the order of the page.
fn attributes(page: &str, name: &str) -> Vec<String> {
    let start = format!(" {name}=\"");
    page.split(&start)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_label_and_every_description_names_something_that_is_there() {
    let wrong: Vec<_> = [
        Place::Own("name"),
        Place::Own("email"),
        Place::Own("subject"),
        Place::Own("message"),
        Place::Field("device".to_owned()),
        Place::Field("model".to_owned()),
        Place::Field("agree".to_owned()),
        Place::Files,
    ]
    .into_iter()
    .map(|place| (place, Wrong::Missing))
    .collect();
    let form = form();
    for page in [
        frame(Language::English).form(&form, "t", None, &wrong),
        frame(Language::Chinese).form(&form, "t", None, &[]),
    ] {
        let ids = attributes(&page, "id");
        let mut once = ids.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), ids.len(), "no id is there twice");
        for named in attributes(&page, "for").iter().chain(
            attributes(&page, "aria-describedby")
                .iter()
                .flat_map(|ids| ids.split(' ').map(str::to_owned).collect::<Vec<_>>())
                .collect::<Vec<_>>()
                .iter(),
        ) {
            assert!(ids.contains(named), "{named}");
        }
        for target in attributes(&page, "href")
            .iter()
            .filter_map(|href| href.strip_prefix('#'))
        {
            assert!(ids.iter().any(|id| id == target), "{target}");
        }
    }
}

#[test]
fn what_is_wrong_stands_at_the_top_and_beside_its_question() {
    let wrong = [
        (Place::Field("model".to_owned()), Wrong::Pattern),
        (Place::Page, Wrong::Expired),
    ];
    let page = frame(Language::English).form(&form(), "t", None, &wrong);
    assert!(page.contains("<title>Error: Support</title>"));
    let summary = page
        .split("class=\"summary\"")
        .nth(1)
        .unwrap()
        .split("</ul>")
        .next()
        .unwrap();
    assert!(
        summary.contains("href=\"#f-model\"") && summary.contains("open for a long time"),
        "{summary}"
    );
    assert!(
        page.contains("<p class=\"wrong\" id=\"e-f-model\">Capitals only</p>"),
        "the pattern's own words"
    );
    assert!(page.contains("choose your files once more"));
}

#[test]
fn what_was_sent_is_there_again() {
    let mut post = Post::default();
    for (name, value) in [
        ("name", "陈志强"),
        ("device", "o1"),
        ("site", "o8"),
        ("parts", "o0"),
        ("parts", "o1"),
        ("note", "\nsecond line"),
        ("agree", "yes"),
    ] {
        post.add(name.to_owned(), value.to_owned());
    }
    let page = frame(Language::English).form(&form(), "t", Some(&post), &[]);
    assert!(page.contains("value=\"陈志强\""));
    assert_eq!(
        page.matches(" checked>").count(),
        4,
        "one device, two parts, one agreement"
    );
    assert_eq!(page.matches(" selected>").count(), 1);
    assert!(page.contains(">second line</textarea>"));
}

#[test]
fn a_question_with_conditions_says_them_to_the_script_and_in_words_and_is_required_only_by_the_script()
 {
    let page = frame(Language::English).form(&form(), "t", None, &[]);
    let question = page
        .split("data-field=\"model\"")
        .nth(1)
        .unwrap()
        .split("</div>")
        .next()
        .unwrap();
    assert!(question.contains("{&quot;field&quot;:&quot;device&quot;,&quot;operator&quot;:&quot;is&quot;,&quot;values&quot;:[&quot;o1&quot;,&quot;o2&quot;]}"), "{question}");
    assert!(
        question.contains("Only if “Device” is Option 1 or Option 2."),
        "{question}"
    );
    assert!(!question.contains(" required"), "{question}");
    assert!(question.contains(" data-required=\"\""), "{question}");
    let chinese = frame(Language::Chinese).form(&form(), "t", None, &[]);
    assert!(chinese.contains("仅当“Device（中）”为Option 1（中）或Option 2（中）时填写。"));
}

#[test]
fn pages_are_in_one_language_and_lead_to_the_other() {
    let english = frame(Language::English).form(&form(), "t", None, &[]);
    assert!(
        english.contains("<html lang=\"en\">")
            && english.contains("href=\"/t/acme/plugins/guichet/web-form/support?lang=zh-CN\"")
    );
    assert!(english.contains("action=\"/t/acme/plugins/guichet/web-form/support?lang=en\""));
    let chinese = frame(Language::Chinese).thanks(&form(), Some(1_042));
    assert!(
        chinese.contains("<html lang=\"zh-CN\">")
            && chinese.contains("#1042")
            && chinese.contains("编号为"),
        "{chinese}"
    );
    let suspended = frame(Language::English).thanks(&form(), None);
    assert!(
        !suspended.contains("class=\"number\""),
        "no number is made up"
    );
}

#[test]
fn only_what_has_the_nonce_is_style_or_script() {
    let page = frame(Language::English).form(&form(), "t", None, &[]);
    assert_eq!(
        page.matches("<style nonce=\"n0nce\">").count(),
        page.matches("<style").count()
    );
    assert_eq!(
        page.matches("<script nonce=\"n0nce\">").count(),
        page.matches("<script").count()
    );
    assert!(!page.contains(" style=\"") && !page.contains(" onclick"));
}
