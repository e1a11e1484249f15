use super::*;
use guichet_sdk::Error;
use proptest::prelude::*;

/// Gives at most so many bytes at once, so that every place of the body is once the end of a window.
struct Drops<'a>(&'a [u8], usize);

impl Source for Drops<'_> {
    fn read(&mut self, offset: u64, limit: u32) -> Result<Vec<u8>, Error> {
        self.0
            .read(offset, limit.min(u32::try_from(self.1).unwrap()))
    }
}

fn part(head: &str, content: &str) -> String {
    format!("--B\r\n{head}\r\n\r\n{content}\r\n")
}

fn text_part(name: &str, content: &str) -> String {
    part(
        &format!("Content-Disposition: form-data; name=\"{name}\""),
        content,
    )
}

fn parsed(body: &str) -> Result<Post, PostError> {
    read("B", &mut body.as_bytes())
}

#[test]
fn texts_and_files_are_read_whatever_the_windows() {
    let file = part(
        "content-disposition: form-data; name=\"files\"; filename=\"截图 1.png\"\r\nContent-Type: image/png",
        "\u{89}PNG\r\n--A\r\n\r\n--",
    );
    let none = part(
        "Content-Disposition: form-data; name=\"files\"; filename=\"\"\r\nContent-Type: application/octet-stream",
        "",
    );
    let body = format!(
        "{}{}{file}{none}{}--B--\r\n",
        text_part("name", "Ana"),
        text_part("note", ""),
        text_part("name", "two\r\nlines")
    );
    for bytes in [1, 2, 3, 7, 64, 1 << 20] {
        let post = read("B", &mut Drops(body.as_bytes(), bytes)).unwrap();
        assert_eq!(post.values["name"], ["Ana", "two\r\nlines"], "{bytes}");
        assert_eq!(post.values["note"], [""], "{bytes}");
        assert_eq!(
            post.files.len(),
            1,
            "{bytes}: a file that was not chosen is none"
        );
        let file = &post.files[0];
        assert_eq!(
            (file.name.as_str(), file.media_type.as_str()),
            ("截图 1.png", "image/png")
        );
        let (from, to) = (file.offset as usize, (file.offset + file.length) as usize);
        assert_eq!(
            &body.as_bytes()[from..to],
            "\u{89}PNG\r\n--A\r\n\r\n--".as_bytes(),
            "{bytes}"
        );
    }
}

#[test]
fn a_preamble_and_blanks_after_the_boundary_are_passed_over() {
    let body = format!(
        "This is a message.\r\n--B \t\r\n{}--B--trailer",
        &text_part("a", "1")["--B\r\n".len()..]
    );
    assert_eq!(parsed(&body).unwrap().text("a"), "1");
}

#[test]
fn a_body_that_is_cut_off_or_no_multipart_is_refused() {
    let whole = format!("{}--B--\r\n", text_part("a", "1"));
    for length in 0..whole.len() - "--\r\n".len() {
        assert!(
            matches!(parsed(&whole[..length]), Err(PostError::Form(_))),
            "{length}"
        );
    }
    assert!(parsed(&whole).is_ok());
    assert!(matches!(
        parsed("nothing of the kind"),
        Err(PostError::Form(_))
    ));
    let headless = format!("--B\r\n{}", "x".repeat(limits::PART_HEAD_BYTES_MAX * 2));
    assert!(matches!(parsed(&headless), Err(PostError::Form(_))));
}

#[test]
fn a_part_without_a_name_answers_nothing() {
    for head in [
        "X: y",
        "Content-Disposition: attachment; name=\"a\"",
        "Content-Disposition: form-data",
        "",
    ] {
        let body = match head {
            "" => "--B\r\n\r\n1\r\n--B--".to_owned(),
            head => format!("{}--B--", part(head, "1")),
        };
        assert_eq!(parsed(&body).unwrap(), Post::default(), "{head}");
    }
}

#[test]
fn names_are_unquoted_as_browsers_and_programs_write_them() {
    let names = |disposition: &str| {
        (
            parameter(disposition, "name"),
            parameter(disposition, "filename"),
        )
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        names("name=\"a\"; filename=\"b%22c.txt\""),
        (some("a"), some("b\"c.txt"))
    );
    assert_eq!(
        names("filename=\"b;name=x\"; name=a"),
        (some("a"), some("b;name=x"))
    );
    assert_eq!(names("name=\"a\\\"b\\\\\""), (some("a\"b\\"), None));
    assert_eq!(names("NAME=\"a"), (some("a"), None));
    assert_eq!(names("form"), (None, None));
}

#[test]
fn a_files_name_leads_nowhere_and_hides_nothing() {
    for (sent, kept) in [
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\a.pdf", "a.pdf"),
        ("..", "file"),
        ("", "file"),
        ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
        ("a\r\nb\0.txt", "ab.txt"),
    ] {
        assert_eq!(plain_file_name(sent), kept, "{sent}");
    }
    let long = plain_file_name(&format!("{}.pdf", "密".repeat(300)));
    assert_eq!(long.chars().count(), limits::FILE_NAME_CHARACTERS_MAX);
    assert!(long.ends_with(".pdf"));
}

#[test]
fn texts_and_parts_have_their_bounds() {
    let body = |bytes: usize| format!("{}--B--", text_part("a", &"x".repeat(bytes)));
    assert!(
        parsed(&body(limits::PART_BYTES_MAX))
            .unwrap()
            .too_long
            .is_empty()
    );
    assert!(
        parsed(&body(limits::PART_BYTES_MAX + 1))
            .unwrap()
            .too_long
            .contains("a")
    );
    let parts = |count: usize| format!("{}--B--", text_part("a", "1").repeat(count));
    assert!(parsed(&parts(limits::PARTS_MAX)).is_ok());
    assert!(matches!(
        parsed(&parts(limits::PARTS_MAX + 1)),
        Err(PostError::TooMuch(_))
    ));
    let full = limits::TEXT_BYTES_MAX / limits::PART_BYTES_MAX;
    let texts = |more: usize| {
        format!(
            "{}{}--B--",
            text_part("a", &"x".repeat(limits::PART_BYTES_MAX)).repeat(full),
            text_part("b", &"x".repeat(more))
        )
    };
    assert!(parsed(&texts(0)).is_ok());
    assert!(matches!(parsed(&texts(1)), Err(PostError::TooMuch(_))));
}

proptest! {
    #[test]
    fn what_is_sent_is_what_is_read(values in proptest::collection::vec(("[a-z]{1,8}", "(?s).{0,40}"), 0..6), bytes in 1usize..40) {
        let clean: Vec<_> = values.iter().filter(|(_, value)| !value.contains("--B")).collect();
        let body = clean.iter().map(|(name, value)| text_part(name, value)).collect::<String>() + "--B--\r\n";
        let post = read("B", &mut Drops(body.as_bytes(), bytes)).unwrap();
        let mut sent = Post::default();
        clean.iter().for_each(|(name, value)| sent.add(name.clone(), value.clone()));
        prop_assert_eq!(post, sent);
    }

    #[test]
    fn no_body_breaks_the_reader(body in proptest::collection::vec(any::<u8>(), 0..400), bytes in 1usize..40) {
        drop(read("B", &mut Drops(&body, bytes)));
    }

    #[test]
    fn no_mix_of_delimiters_breaks_the_reader(pieces in proptest::collection::vec(prop_oneof![
        Just("--B"), Just("\r\n"), Just("--"), Just("\r\n\r\n"), Just("Content-Disposition: form-data; name=\"a\""), Just("x"), Just(" "),
    ], 0..30), bytes in 1usize..10) {
        drop(read("B", &mut Drops(pieces.concat().as_bytes(), bytes)));
    }
}
