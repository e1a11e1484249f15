use super::*;

fn entry() -> Entry {
    Entry::new(Texts::new("Laptop", "笔记本电脑"))
}

fn wrong_at(entry: &Entry) -> Option<String> {
    match entry.check("laptop") {
        Ok(()) => None,
        Err(Refused::Entry { place, .. }) => Some(place),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn an_entry_of_a_title_alone_is_whole() {
    assert_eq!(entry().check("laptop"), Ok(()));
    assert_eq!(
        (entry().kind.as_str(), entry().impact, entry().urgency),
        ("request", 3, 3)
    );
}

#[test]
fn an_id_is_a_name_up_to_its_bound() {
    assert_eq!(entry().check(&"a".repeat(60)), Ok(()));
    for id in ["", "Laptop", "a b", "ä", &"a".repeat(61)] {
        assert!(matches!(entry().check(id), Err(Refused::Id(_))), "{id}");
    }
}

#[test]
fn each_part_is_taken_up_to_its_bound_and_refused_beyond_it() {
    let articles = |count| {
        vec![
            Article {
                title: "How".to_owned(),
                article: "kb-1".to_owned(),
                ..Article::default()
            };
            count
        ]
    };
    let with = |change: &dyn Fn(&mut Entry)| {
        let mut entry = entry();
        change(&mut entry);
        wrong_at(&entry)
    };
    for (place, good, bad) in [
        (
            "/title",
            with(&|one| one.title.en = "x".repeat(100)),
            with(&|one| one.title.en = "x".repeat(101)),
        ),
        ("/title", None, with(&|one| one.title = Texts::default())),
        (
            "/summary",
            with(&|one| one.summary.zh_cn = "字".repeat(1_000)),
            with(&|one| one.summary.zh_cn = "字".repeat(1_001)),
        ),
        (
            "/position",
            with(&|one| one.position = 9_999),
            with(&|one| one.position = 10_000),
        ),
        (
            "/kind",
            with(&|one| one.kind = "k".repeat(40)),
            with(&|one| one.kind = "k".repeat(41)),
        ),
        (
            "/kind",
            with(&|one| one.kind = "service-request".to_owned()),
            with(&|one| one.kind = "Request".to_owned()),
        ),
        (
            "/group",
            with(&|one| one.group = "g".repeat(100)),
            with(&|one| one.group = "g".repeat(101)),
        ),
        (
            "/impact",
            with(&|one| one.impact = 3),
            with(&|one| one.impact = 4),
        ),
        (
            "/impact",
            with(&|one| one.impact = 1),
            with(&|one| one.impact = 0),
        ),
        (
            "/urgency",
            with(&|one| one.urgency = 4),
            with(&|one| one.urgency = 5),
        ),
        (
            "/class",
            with(&|one| one.class = "c".repeat(60)),
            with(&|one| one.class = "c".repeat(61)),
        ),
        (
            "/articles",
            with(&|one| one.articles = articles(10)),
            with(&|one| one.articles = articles(11)),
        ),
    ] {
        assert_eq!((good, bad), (None, Some(place.to_owned())));
    }
}

#[test]
fn an_article_leads_to_an_address_or_to_an_article_and_not_to_both() {
    let article = |link: &str, article: &str| Article {
        title: "How to".to_owned(),
        link: link.to_owned(),
        article: article.to_owned(),
    };
    assert!(article("https://kb.example/vpn", "").is_whole());
    assert!(article("", "kb-1").is_whole());
    for (link, id) in [
        ("", ""),
        ("http://kb.example/", ""),
        ("javascript:alert(1)", ""),
        ("https://kb.example/", "kb-1"),
    ] {
        assert!(!article(link, id).is_whole(), "{link} {id}");
    }
}

#[test]
fn who_approves_is_named_by_an_id_unless_it_is_the_manager() {
    let approval = |by, id: &str| Approval {
        by,
        id: id.to_owned(),
    };
    assert!(approval(Approver::Manager, "").is_whole());
    assert!(approval(Approver::Group, "g").is_whole());
    assert!(!approval(Approver::Agent, "").is_whole());
    assert!(!approval(Approver::Manager, "a").is_whole());
}

#[test]
fn how_often_it_was_written_is_not_what_it_says() {
    let written = Entry {
        version: 7,
        ..entry()
    };
    assert!(written.says_as(&entry()));
    assert!(!written.says_as(&Entry {
        urgency: 1,
        ..entry()
    }));
}

#[test]
fn a_key_that_there_is_not_is_an_error() {
    let read = |text: &str| serde_json::from_str::<Entry>(text);
    assert!(read(r#"{ "title": { "en": "Laptop" } }"#).is_ok());
    assert!(read(r#"{ "title": { "en": "Laptop" }, "grp": "x" }"#).is_err());
}
