//! `multipart/form-data` (RFC 7578), read in one pass over a body of any size. Of a file only its place is noted: its bytes are never all in memory.

use crate::{
    limits,
    post::{Post, PostError, PostedFile, Source},
};

/// Reads a body whose parts are divided by that boundary.
///
/// # Errors
/// [`PostError`] where it is not what it says it is, or has more in it than is read.
pub fn read(boundary: &str, source: &mut dyn Source) -> Result<Post, PostError> {
    let mut scan = Scan {
        source,
        start: 0,
        window: Vec::new(),
    };
    let delimiter = format!("--{boundary}").into_bytes();
    let between = [b"\r\n", delimiter.as_slice()].concat();
    let broken = PostError::Form;
    let mut at = if scan.has_at(0, &delimiter)? {
        delimiter.len() as u64
    } else {
        let found = scan.find(0, &between, u64::MAX)?;
        found.ok_or(broken("its boundary is not in it"))? + between.len() as u64
    };
    let mut post = Post::default();
    let mut text_bytes = 0;
    let mut parts = 0;
    loop {
        if scan.has_at(at, b"--")? {
            return Ok(post);
        }
        // Blanks may follow a delimiter.
        while scan.has_at(at, b" ")? || scan.has_at(at, b"\t")? {
            at += 1;
        }
        if !scan.has_at(at, b"\r\n")? {
            return Err(broken("it ends in the middle"));
        }
        parts += 1;
        if parts > limits::PARTS_MAX {
            return Err(PostError::TooMuch("it has too many fields"));
        }
        // From the line break on, so that a part without headers has its empty line, too.
        let head_end = scan.find(at, b"\r\n\r\n", limits::PART_HEAD_BYTES_MAX as u64)?;
        let head_end = head_end.ok_or(broken("a part has no end of its headers"))?;
        let head = scan.bytes(at, head_end - at)?;
        let content = head_end + 4;
        // An empty part's content ends where its headers do: the line break before the delimiter is that of the empty line.
        let end = match scan.has_at(content - 2, &between)? {
            true => content - 2,
            false => scan
                .find(content, &between, u64::MAX)?
                .ok_or(broken("it ends in the middle"))?,
        };
        let length = end.saturating_sub(content);
        match named(&head) {
            Some(Part {
                file: Some((name, media_type)),
                ..
            }) => post.files.extend(
                // A field for files that was left empty has no name, and nothing in it.
                (!name.is_empty() || length > 0).then(|| PostedFile {
                    name: plain_file_name(&name),
                    media_type,
                    offset: content,
                    length,
                }),
            ),
            Some(Part { name, .. }) if length > limits::PART_BYTES_MAX as u64 => {
                post.too_long.insert(name);
            }
            Some(Part { name, .. }) => {
                text_bytes += length;
                if text_bytes > limits::TEXT_BYTES_MAX as u64 {
                    return Err(PostError::TooMuch("its texts are too long"));
                }
                let text = scan.bytes(content, length)?;
                post.add(name, String::from_utf8_lossy(&text).into_owned());
            }
            None => {}
        }
        at = end + between.len() as u64;
    }
}

/// A window that moves over the body, and never back by more than a part's head or text.
struct Scan<'a> {
    source: &'a mut dyn Source,
    /// Of the window, in bytes from the body's beginning.
    start: u64,
    window: Vec<u8>,
}

impl Scan<'_> {
    /// Moves the window so that it begins at the offset, and has at least so many bytes where there are as many.
    fn see(&mut self, offset: u64, bytes: usize) -> Result<&[u8], PostError> {
        let has = |scan: &Self| {
            offset
                .checked_sub(scan.start)
                .and_then(|skip| usize::try_from(skip).ok())
                .filter(|skip| skip + bytes <= scan.window.len())
        };
        if has(&*self).is_none() {
            let kept = offset
                .checked_sub(self.start)
                .and_then(|skip| usize::try_from(skip).ok())
                .filter(|skip| *skip <= self.window.len());
            match kept {
                Some(skip) => drop(self.window.drain(..skip)),
                None => self.window.clear(),
            }
            self.start = offset;
            while self.window.len() < bytes {
                let next = self.start + self.window.len() as u64;
                let more = self
                    .source
                    .read(next, limits::READ_BYTES)
                    .map_err(PostError::Host)?;
                if more.is_empty() {
                    break;
                }
                self.window.extend(more);
            }
        }
        let skip = usize::try_from(offset - self.start).unwrap_or(usize::MAX);
        Ok(self.window.get(skip..).unwrap_or_default())
    }

    fn has_at(&mut self, offset: u64, bytes: &[u8]) -> Result<bool, PostError> {
        Ok(self.see(offset, bytes.len())?.starts_with(bytes))
    }

    fn bytes(&mut self, offset: u64, length: u64) -> Result<Vec<u8>, PostError> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let seen = self.see(offset, length)?;
        Ok(seen.get(..length).unwrap_or(seen).to_vec())
    }

    /// Where the needle is next, if it begins within so many bytes.
    fn find(&mut self, from: u64, needle: &[u8], within: u64) -> Result<Option<u64>, PostError> {
        let mut at = from;
        loop {
            let seen = self.see(at, needle.len())?;
            if seen.len() < needle.len() {
                return Ok(None);
            }
            let last = seen.len() - needle.len();
            if let Some(found) = position(seen, needle) {
                let found = at + found as u64;
                return Ok((found - from <= within).then_some(found));
            }
            at += last as u64 + 1;
            if at - from > within {
                return Ok(None);
            }
        }
    }
}

fn position(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let last = hay.len().checked_sub(needle.len())?;
    let mut at = 0;
    while at <= last {
        at += hay[at..=last].iter().position(|byte| *byte == first)?;
        if hay[at..].starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// What a part's headers say.
struct Part {
    name: String,
    /// Name and media type, where it is a file.
    file: Option<(String, String)>,
}

/// None where the part has no name: it is no answer to anything.
fn named(head: &[u8]) -> Option<Part> {
    let head = String::from_utf8_lossy(head);
    let header = |wanted: &str| {
        head.split("\r\n").find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim()
                .eq_ignore_ascii_case(wanted)
                .then(|| value.trim().to_owned())
        })
    };
    let disposition = header("content-disposition")?;
    let (kind, parameters) = disposition.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("form-data") {
        return None;
    }
    let name = parameter(parameters, "name")?;
    let file = parameter(parameters, "filename").map(|file| {
        let media_type = header("content-type")
            .filter(|kind| {
                kind.len() <= 127 && kind.bytes().all(|byte| (b' '..=b'~').contains(&byte))
            })
            .unwrap_or_else(|| "application/octet-stream".to_owned());
        (file, media_type)
    });
    Some(Part { name, file })
}

/// A parameter of a header such as `name="a"; filename="b.txt"`, unquoted.
pub(crate) fn parameter(text: &str, wanted: &str) -> Option<String> {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ';']);
        let (name, after) = rest.split_once('=')?;
        let (value, next) = match after.trim_start().strip_prefix('"') {
            Some(quoted) => unquoted(quoted),
            None => {
                let end = after.find(';').unwrap_or(after.len());
                (after[..end].trim().to_owned(), &after[end..])
            }
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = next;
    }
}

/// Up to the closing quotation mark. Browsers write marks and line breaks within as `%22`, `%0D` and `%0A`; some programs put a backslash before.
fn unquoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (decoded(&value), &text[at + 1..]),
            '\\' if text[at + 1..].starts_with(['"', '\\']) => {
                value.extend(letters.next().map(|(_, letter)| letter));
            }
            letter => value.push(letter),
        }
    }
    (decoded(&value), "")
}

fn decoded(text: &str) -> String {
    text.replace("%22", "\"")
        .replace("%0D", "\r")
        .replace("%0A", "\n")
}

/// The last step of a path, without what could mislead whoever reads it.
fn plain_file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let misleads = |c: char| {
        c.is_control()
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
    };
    let letters: Vec<char> = last.chars().filter(|c| !misleads(*c)).collect();
    let most = limits::FILE_NAME_CHARACTERS_MAX;
    let short: String = match letters.len() > most {
        true => letters[..most - 21]
            .iter()
            .chain(&['…'])
            .chain(&letters[letters.len() - 20..])
            .collect(),
        false => letters.into_iter().collect(),
    };
    match short.trim() {
        "" | "." | ".." => "file".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests;
