use super::*;
use serde_json::json;

fn form(fields: serde_json::Value) -> Form {
    let form: Form = serde_json::from_value(json!({
        "id": "support", "title": { "en": "Support", "zh-CN": "支持" }, "message": "none", "subject": "From {{name}}", "fields": fields,
    }))
    .unwrap();
    form.check().unwrap();
    form
}

fn post(values: &[(&str, &str)]) -> Post {
    let mut post = Post::default();
    for (name, value) in [("name", "Ana"), ("email", "ana@trade.example")]
        .iter()
        .chain(values)
    {
        post.add((*name).to_owned(), (*value).to_owned());
    }
    post
}

/// What is answered, as conditions read it; or what is wrong.
fn read_one(field: serde_json::Value, values: &[&str]) -> Result<Option<Vec<String>>, Wrong> {
    let mut field = field;
    field["name"] = json!("q");
    field["label"] = json!({ "en": "Question" });
    let form = form(json!([field]));
    let values: Vec<_> = values.iter().map(|value| ("q", *value)).collect();
    match read(&form, &post(&values), Language::English) {
        Ok(filled) => Ok(filled.answers.first().map(|answer| answer.value.as_texts())),
        Err(mut wrong) => {
            assert_eq!(wrong.len(), 1);
            assert_eq!(wrong[0].0, Place::Field("q".to_owned()));
            Err(wrong.remove(0).1)
        }
    }
}

fn some(texts: &[&str]) -> Result<Option<Vec<String>>, Wrong> {
    Ok(Some(texts.iter().map(|text| (*text).to_owned()).collect()))
}

#[test]
fn each_kind_takes_what_it_is_and_refuses_the_rest() {
    let options = json!([{ "value": "a", "label": { "en": "A" } }, { "value": "b" }]);
    let kind = |kind: &str| json!({ "type": kind });
    let of = |kind: &str| json!({ "type": kind, "options": options });
    for (field, values, wanted) in [
        (kind("text"), &[" one\nline "][..], some(&["one line"])),
        (kind("text"), &["", "  "], Ok(None)),
        (kind("text"), &["a", "b"], Err(Wrong::Several)),
        (
            kind("long-text"),
            &["two\r\nlines\u{7}"],
            some(&["two\nlines"]),
        ),
        (
            kind("email"),
            &["Ana@Trade.Example"],
            some(&["ana@trade.example"]),
        ),
        (kind("email"), &["ana@localhost"], Err(Wrong::NoAddress)),
        (kind("email"), &["a b@trade.example"], Err(Wrong::NoAddress)),
        (
            kind("email"),
            &["ana@trade..example"],
            Err(Wrong::NoAddress),
        ),
        (
            kind("phone"),
            &["+86 (21) 5555-0100"],
            some(&["+86 (21) 5555-0100"]),
        ),
        (kind("phone"), &["call me"], Err(Wrong::NoPhone)),
        (kind("phone"), &["12"], Err(Wrong::NoPhone)),
        (kind("number"), &["-2.5"], some(&["-2.5"])),
        (kind("number"), &["inf"], Err(Wrong::NoNumber)),
        (kind("number"), &["NaN"], Err(Wrong::NoNumber)),
        (kind("number"), &["1e999"], Err(Wrong::NoNumber)),
        (kind("number"), &["1,5"], Err(Wrong::NoNumber)),
        (kind("date"), &["2028-02-29"], some(&["2028-02-29"])),
        (kind("date"), &["2026-02-29"], Err(Wrong::NoDate)),
        (kind("date"), &["2026-13-01"], Err(Wrong::NoDate)),
        (kind("date"), &["+026-01-01"], Err(Wrong::NoDate)),
        (kind("date"), &["25.11.2026"], Err(Wrong::NoDate)),
        (of("choice"), &["b"], some(&["b"])),
        (of("choice"), &["c"], Err(Wrong::NoOption)),
        (of("choice"), &["a", "b"], Err(Wrong::Several)),
        (of("choices"), &["b", "a", "b"], some(&["a", "b"])),
        (of("choices"), &["a", "c"], Err(Wrong::NoOption)),
        (kind("yes-no"), &["on"], some(&["yes"])),
        (kind("yes-no"), &[], some(&["no"])),
    ] {
        assert_eq!(
            read_one(field.clone(), values),
            wanted,
            "{field} {values:?}"
        );
    }
}

#[test]
fn what_is_required_must_be_there() {
    let field =
        |kind: &str| json!({ "type": kind, "required": true, "options": [{ "value": "a" }] });
    for kind in [
        "text",
        "long-text",
        "email",
        "phone",
        "number",
        "date",
        "choice",
        "choices",
    ] {
        assert_eq!(read_one(field(kind), &[" "]), Err(Wrong::Missing), "{kind}");
    }
    assert_eq!(read_one(field("yes-no"), &[]), Err(Wrong::NotConfirmed));
}

#[test]
fn bounds_hold_at_their_edges() {
    let text = json!({ "type": "text", "min-length": 2, "max-length": 4, "pattern": "[a-z密码]+" });
    assert_eq!(read_one(text.clone(), &["a"]), Err(Wrong::TooShort(2)));
    assert_eq!(read_one(text.clone(), &["密码ab"]), some(&["密码ab"]));
    assert_eq!(read_one(text.clone(), &["abcde"]), Err(Wrong::TooLong(4)));
    assert_eq!(read_one(text, &["ab1"]), Err(Wrong::Pattern));
    let number = json!({ "type": "number", "minimum": 1, "maximum": 10 });
    assert_eq!(read_one(number.clone(), &["1"]), some(&["1"]));
    assert_eq!(read_one(number.clone(), &["10"]), some(&["10"]));
    assert_eq!(
        read_one(number.clone(), &["10.01"]),
        Err(Wrong::OutOfRange(Some(1.0), Some(10.0)))
    );
    assert_eq!(
        read_one(number, &["0"]),
        Err(Wrong::OutOfRange(Some(1.0), Some(10.0)))
    );
    let unbounded = |kind: &str, characters: usize| {
        read_one(
            json!({ "type": kind, "max-length": 1_000_000 }),
            &[&"x".repeat(characters)],
        )
    };
    assert!(unbounded("text", limits::LINE_CHARACTERS_MAX).is_ok());
    assert_eq!(
        unbounded("text", limits::LINE_CHARACTERS_MAX + 1),
        Err(Wrong::TooLong(limits::LINE_CHARACTERS_MAX))
    );
    assert!(unbounded("long-text", limits::TEXT_CHARACTERS_MAX).is_ok());
    assert_eq!(
        unbounded("long-text", limits::TEXT_CHARACTERS_MAX + 1),
        Err(Wrong::TooLong(limits::TEXT_CHARACTERS_MAX))
    );
}

fn branching() -> Form {
    form(json!([
        { "name": "device", "type": "choice", "label": { "en": "Device", "zh-CN": "设备" }, "required": true,
          "options": [{ "value": "laptop", "label": { "en": "Laptop", "zh-CN": "笔记本" } }, { "value": "other" }] },
        { "name": "model", "type": "text", "label": { "en": "Model" }, "required": true, "show-when": [{ "field": "device", "operator": "is", "value": "laptop" }] },
        { "name": "dock", "type": "yes-no", "label": { "en": "Dock" }, "show-when": [{ "field": "model", "operator": "is-not-empty" }] },
        { "name": "ports", "type": "number", "label": { "en": "Ports" }, "show-when": [{ "field": "dock", "operator": "is", "value": "yes" }] },
    ]))
}

#[test]
fn what_is_not_asked_has_no_answer_whatever_was_posted_and_is_not_required() {
    let form = branching();
    let names = |values: &[(&str, &str)]| {
        let filled = read(&form, &post(values), Language::English).unwrap();
        filled
            .answers
            .iter()
            .map(|answer| answer.field.name.clone())
            .collect::<Vec<_>>()
    };
    let all = [("model", "X1"), ("dock", "yes"), ("ports", "3")];
    assert_eq!(
        names(&[&[("device", "laptop")][..], &all].concat()),
        ["device", "model", "dock", "ports"]
    );
    assert_eq!(
        names(&[&[("device", "other")][..], &all].concat()),
        ["device"],
        "nor what depends on what is not asked"
    );
    assert_eq!(
        names(&[("device", "laptop"), ("model", "X1"), ("ports", "3")]),
        ["device", "model", "dock"]
    );
}

#[test]
fn all_that_is_wrong_is_told_at_once_in_the_order_of_the_page() {
    let form = branching();
    let mut post = Post::default();
    post.add("device".to_owned(), "laptop".to_owned());
    post.add("name".to_owned(), "  ".to_owned());
    let wrong = read(&form, &post, Language::English).unwrap_err();
    let places: Vec<_> = wrong.iter().map(|(place, _)| place.clone()).collect();
    assert_eq!(
        places,
        [
            Place::Own("name"),
            Place::Own("email"),
            Place::Field("model".to_owned())
        ]
    );
}

#[test]
fn a_wrong_answer_still_decides_what_is_asked_next() {
    let form = form(json!([
        { "name": "seats", "type": "number", "maximum": 5, "label": { "en": "Seats" } },
        { "name": "why", "type": "text", "required": true, "label": { "en": "Why" }, "show-when": [{ "field": "seats", "operator": "greater-than", "value": 3 }] },
    ]));
    let wrong = read(&form, &post(&[("seats", "9")]), Language::English).unwrap_err();
    assert_eq!(wrong.len(), 2, "{wrong:?}");
}

#[test]
fn the_message_tells_questions_and_answers_in_the_language_of_the_page() {
    let form = branching();
    let filled = read(
        &form,
        &post(&[("device", "laptop"), ("model", "X1"), ("dock", "yes")]),
        Language::Chinese,
    )
    .unwrap();
    assert_eq!(
        filled.text(Language::Chinese),
        "设备：笔记本\nModel：X1\nDock：是"
    );
    assert_eq!(
        filled.text(Language::English),
        "Device: Laptop\nModel: X1\nDock: yes"
    );
    assert_eq!(filled.subject, "From Ana");
}

#[test]
fn what_is_filled_into_a_subject_is_not_read_again() {
    let mut form = branching();
    form.subject = "{{ device }} of {{name}}: {{model}}".to_owned();
    form.check().unwrap();
    let mut post = post(&[("device", "laptop"), ("model", "{{email}}")]);
    post.values
        .insert("name".to_owned(), vec!["{{device}}\r\nBcc: x".to_owned()]);
    let filled = read(&form, &post, Language::English).unwrap();
    assert_eq!(filled.subject, "Laptop of {{device}}  Bcc: x: {{email}}");
}

#[test]
fn files_are_counted_and_weighed() {
    let mut form = branching();
    form.attachments = 2;
    let file = |length: u64| crate::post::PostedFile {
        name: "a.txt".to_owned(),
        media_type: "text/plain".to_owned(),
        offset: 0,
        length,
    };
    let with = |files: Vec<crate::post::PostedFile>| {
        let post = Post {
            files,
            ..post(&[("device", "other")])
        };
        read(&form, &post, Language::English)
            .map(drop)
            .map_err(|mut wrong| wrong.remove(0))
    };
    assert_eq!(with(vec![file(1), file(limits::FILE_BYTES_MAX)]), Ok(()));
    assert_eq!(
        with(vec![file(1); 3]),
        Err((Place::Files, Wrong::TooManyFiles(2)))
    );
    assert_eq!(
        with(vec![file(limits::FILE_BYTES_MAX + 1)]),
        Err((Place::Files, Wrong::LargeFile("a.txt".to_owned())))
    );
}

#[test]
fn a_form_that_contradicts_itself_is_refused_with_the_field() {
    let refused = |fields: serde_json::Value, subject: &str| {
        let form: Form = serde_json::from_value(
            json!({ "id": "f", "title": { "en": "F" }, "subject": subject, "fields": fields }),
        )
        .unwrap();
        form.check().unwrap_err().to_string()
    };
    let text = |name: &str| json!({ "name": name, "type": "text", "label": { "en": "L" } });
    let mut early = text("a");
    early["show-when"] = json!([{ "field": "b", "operator": "is-empty" }]);
    let mut own = text("a");
    own["show-when"] = json!([{ "field": "email", "operator": "is-empty" }]);
    let mut pattern = text("a");
    pattern["pattern"] = json!("(");
    let mut bare = text("a");
    bare["type"] = json!("choice");
    let mut twice = bare.clone();
    twice["options"] = json!([{ "value": "x" }, { "value": "x" }]);
    for (fields, subject, says) in [
        (json!([text("a"), text("a")]), "", "the field `a` twice"),
        (
            json!([text("email")]),
            "",
            "the field `email`, a name that every form uses itself",
        ),
        (
            json!([early, text("b")]),
            "",
            "names `b`, which is no field before it",
        ),
        (json!([own]), "", "names `email`"),
        (json!([pattern]), "", "no regular expression"),
        (json!([bare]), "", "without options"),
        (json!([twice]), "", "the option `x` is there twice"),
        (json!([text("a")]), "{{b}}", "`{{b}}`"),
        (
            json!(vec![text("a"); limits::FIELDS_MAX + 1]),
            "",
            "more than 60 fields",
        ),
    ] {
        let told = refused(fields, subject);
        assert!(told.contains(says), "{told}");
    }
}
