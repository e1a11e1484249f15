//! What a browser sent: texts by the names of fields, and where files lie in the request's body. Nothing of it is trusted.

use crate::{limits, multipart};
use guichet_sdk::{Body, Error, files};
use std::collections::{BTreeMap, BTreeSet};

/// A post, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Post {
    /// In the order in which they came.
    pub values: BTreeMap<String, Vec<String>>,
    /// Fields whose text was longer than is read.
    pub too_long: BTreeSet<String>,
    pub files: Vec<PostedFile>,
}

/// A file within the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedFile {
    pub name: String,
    pub media_type: String,
    /// Bytes from the body's beginning.
    pub offset: u64,
    pub length: u64,
}

/// Why a post cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    #[error("the request is no form: {0}")]
    Form(&'static str),
    #[error("the form has too much in it: {0}")]
    TooMuch(&'static str),
    #[error("the host")]
    Host(Error),
}

/// Something that is read in parts.
pub trait Source {
    /// At most `limit` bytes from the offset; none only at the end.
    ///
    /// # Errors
    /// Where the host has no answer.
    fn read(&mut self, offset: u64, limit: u32) -> Result<Vec<u8>, Error>;
}

impl Source for &[u8] {
    fn read(&mut self, offset: u64, limit: u32) -> Result<Vec<u8>, Error> {
        let rest = usize::try_from(offset)
            .ok()
            .and_then(|from| self.get(from..));
        let rest = rest.unwrap_or_default();
        Ok(rest.iter().take(limit as usize).copied().collect())
    }
}

/// A body that the host keeps as a file.
pub struct FileSource<'a>(pub &'a str);

impl Source for FileSource<'_> {
    fn read(&mut self, offset: u64, limit: u32) -> Result<Vec<u8>, Error> {
        files::read(self.0, offset, limit)
    }
}

/// Reads a post by its media type.
///
/// # Errors
/// [`PostError`].
pub fn read(content_type: &str, body: &Body) -> Result<Post, PostError> {
    match body {
        Body::Bytes(bytes) => read_from(content_type, &mut bytes.as_slice()),
        Body::File(id) => read_from(content_type, &mut FileSource(id)),
        Body::Other(_) => Err(PostError::Form("its body came in an unknown way")),
    }
}

/// The same from any source.
///
/// # Errors
/// [`PostError`].
pub fn read_from(content_type: &str, source: &mut dyn Source) -> Result<Post, PostError> {
    let (kind, rest) = content_type.split_once(';').unwrap_or((content_type, ""));
    match kind.trim().to_ascii_lowercase().as_str() {
        "multipart/form-data" => {
            let boundary = multipart::parameter(rest, "boundary").filter(|boundary| {
                (1..=70).contains(&boundary.len())
                    && boundary.bytes().all(|byte| (b' '..=b'~').contains(&byte))
            });
            let boundary =
                boundary.ok_or(PostError::Form("it names no boundary between its parts"))?;
            multipart::read(&boundary, source)
        }
        "application/x-www-form-urlencoded" => urlencoded(source),
        _ => Err(PostError::Form("its media type is not that of a form")),
    }
}

fn urlencoded(source: &mut dyn Source) -> Result<Post, PostError> {
    let most = u32::try_from(limits::TEXT_BYTES_MAX).unwrap_or(u32::MAX);
    let body = source.read(0, most + 1).map_err(PostError::Host)?;
    if body.len() > limits::TEXT_BYTES_MAX {
        return Err(PostError::TooMuch("its texts are too long"));
    }
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(&body)
        .map_err(|_| PostError::Form("its texts are not encoded as those of a form"))?;
    if pairs.len() > limits::PARTS_MAX {
        return Err(PostError::TooMuch("it has too many fields"));
    }
    let mut post = Post::default();
    for (name, value) in pairs {
        post.add(name, value);
    }
    Ok(post)
}

impl Post {
    pub(crate) fn add(&mut self, name: String, value: String) {
        if value.len() > limits::PART_BYTES_MAX {
            self.too_long.insert(name);
        } else {
            self.values.entry(name).or_default().push(value);
        }
    }

    /// The first value of a field, without blanks around it; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.values
            .get(name)
            .and_then(|values| values.first())
            .map_or("", |value| value.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_without_files_may_come_urlencoded() {
        let body = "name=Ana+Torres&tags=a&tags=b&note=%E5%AF%86%E7%A0%81";
        let post = read_from(
            "application/x-www-form-urlencoded; charset=UTF-8",
            &mut body.as_bytes(),
        )
        .unwrap();
        assert_eq!(
            (post.text("name"), post.text("note"), post.text("none")),
            ("Ana Torres", "密码", "")
        );
        assert_eq!(post.values["tags"], ["a", "b"]);
    }

    #[test]
    fn what_is_no_form_is_told_so() {
        for (content_type, says) in [
            ("", "media type"),
            ("text/plain", "media type"),
            ("application/json", "media type"),
            ("multipart/form-data", "no boundary"),
            ("multipart/form-data; boundary=", "no boundary"),
            ("multipart/form-data; boundary=密码", "no boundary"),
        ] {
            let error = read_from(content_type, &mut b"x".as_slice()).unwrap_err();
            assert!(error.to_string().contains(says), "{content_type}: {error}");
        }
    }

    #[test]
    fn texts_have_a_bound_each_and_together() {
        let field = |bytes: usize| format!("a={}", "x".repeat(bytes));
        let read =
            |body: String| read_from("application/x-www-form-urlencoded", &mut body.as_bytes());
        assert!(
            read(field(limits::PART_BYTES_MAX))
                .unwrap()
                .too_long
                .is_empty()
        );
        assert!(
            read(field(limits::PART_BYTES_MAX + 1))
                .unwrap()
                .too_long
                .contains("a")
        );
        assert!(read(field(limits::TEXT_BYTES_MAX - 2)).is_ok());
        assert!(matches!(
            read(field(limits::TEXT_BYTES_MAX - 1)),
            Err(PostError::TooMuch(_))
        ));
        let many = |count: usize| vec!["a=1"; count].join("&");
        assert!(read(many(limits::PARTS_MAX)).is_ok());
        assert!(matches!(
            read(many(limits::PARTS_MAX + 1)),
            Err(PostError::TooMuch(_))
        ));
    }
}
