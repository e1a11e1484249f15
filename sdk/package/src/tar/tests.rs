use super::*;

const BOUNDS: Bounds = Bounds {
    bytes_max: 64 << 10,
    entries_max: 4,
};

/// An entry as bytes: whatever somebody may write into a header.
fn entry(path: &str, kind: EntryType, said: u64, content: &[u8]) -> Vec<u8> {
    let mut header = Header::new_ustar();
    header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_entry_type(kind);
    header.set_mode(0o644);
    header.set_size(said);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend_from_slice(content);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

fn file(path: &str) -> Vec<u8> {
    entry(path, EntryType::Regular, 2, b"hi")
}

fn read_parts(parts: &[Vec<u8>]) -> Result<Files, TarError> {
    let mut bytes = parts.concat();
    bytes.resize(bytes.len() + 1024, 0);
    read(bytes.as_slice(), BOUNDS)
}

fn files(paths: &[&str]) -> Files {
    paths
        .iter()
        .map(|&path| (path.to_owned(), b"hi".to_vec()))
        .collect()
}

#[test]
fn what_is_written_is_read_and_the_same_files_are_the_same_bytes() {
    let written = write(&files(&["b", "a/c"])).unwrap();
    assert_eq!(
        read(written.as_slice(), BOUNDS).unwrap(),
        files(&["a/c", "b"])
    );
    assert_eq!(written, write(&files(&["a/c", "b"])).unwrap());
}

#[test]
fn folders_and_a_leading_dot_are_passed_over() {
    let parts = [
        entry("./", EntryType::Directory, 0, b""),
        entry("./a/", EntryType::Directory, 0, b""),
        file("./a/b"),
    ];
    assert_eq!(read_parts(&parts).unwrap(), files(&["a/b"]));
}

#[test]
fn a_path_that_leads_out_is_refused() {
    for path in [
        "/etc/passwd",
        "../a",
        "a/../../b",
        "a/..",
        "a//b",
        "a/./b",
        "..\\a",
        "c:a",
        "a\nb",
        "",
    ] {
        let error = read_parts(&[file(path)]).unwrap_err();
        assert!(matches!(error, TarError::Path { .. }), "{path}: {error}");
    }
}

#[test]
fn what_is_no_plain_file_is_refused_by_its_kind() {
    for (kind, says) in [
        (EntryType::Symlink, "a symbolic link"),
        (EntryType::Link, "a hard link"),
        (EntryType::Char, "a device"),
        (EntryType::Block, "a device"),
        (EntryType::Fifo, "a pipe"),
        (EntryType::GNUSparse, "a sparse file"),
        (EntryType::GNULongName, "an extended header"),
        (EntryType::XHeader, "an extended header"),
        (EntryType::XGlobalHeader, "an extended header"),
        (EntryType::new(b'Z'), "of an unknown kind"),
    ] {
        let error = read_parts(&[entry("a", kind, 0, b"")])
            .unwrap_err()
            .to_string();
        assert!(error.contains(says), "{kind:?}: {error}");
    }
}

#[test]
fn a_path_that_is_there_twice_is_refused_however_it_is_spelled() {
    let error = read_parts(&[file("a"), file("./a")]).unwrap_err();
    assert!(matches!(error, TarError::Duplicate { path } if path == "a"));
}

#[test]
fn a_header_that_lies_about_its_size_is_refused() {
    let short = entry("a", EntryType::Regular, 4_000, b"hi");
    let error = read(short.as_slice(), BOUNDS).unwrap_err();
    assert!(
        matches!(
            error,
            TarError::Size {
                said: 4_000,
                found: 512,
                ..
            }
        ),
        "{error}"
    );
    let huge = entry("a", EntryType::Regular, 1 << 40, b"hi");
    assert!(matches!(
        read(huge.as_slice(), BOUNDS),
        Err(TarError::TooLong { .. })
    ));
    let folder = entry("a/", EntryType::Directory, 2, b"hi");
    assert!(matches!(read_parts(&[folder]), Err(TarError::Size { .. })));
}

#[test]
fn as_many_entries_as_are_allowed_are_read_and_not_one_more() {
    let parts: Vec<_> = ["a", "b", "c", "d", "e"].map(file).into();
    assert_eq!(read_parts(&parts[..4]).unwrap().len(), 4);
    assert!(matches!(
        read_parts(&parts),
        Err(TarError::TooMany { entries_max: 4 })
    ));
}

#[test]
fn a_tar_of_exactly_the_bound_is_read_and_of_one_byte_more_is_not() {
    let mut bytes = file("a");
    bytes.resize(BOUNDS.bytes_max as usize, 0);
    assert!(read(bytes.as_slice(), BOUNDS).is_ok());
    bytes.push(0);
    assert!(matches!(
        read(bytes.as_slice(), BOUNDS),
        Err(TarError::TooLong { .. })
    ));
}

/// A source that never ends and counts what was taken from it.
struct Endless<'a> {
    part: Vec<u8>,
    taken: &'a Cell<u64>,
}

impl Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let at = (self.taken.get() % self.part.len() as u64) as usize;
        let read = buffer.len().min(self.part.len() - at);
        buffer[..read].copy_from_slice(&self.part[at..at + read]);
        self.taken.set(self.taken.get() + read as u64);
        Ok(read)
    }
}

#[test]
fn of_a_tar_without_end_no_more_than_the_bound_and_one_byte_is_taken() {
    let zeros = vec![0; 512];
    let folders = entry("a/", EntryType::Directory, 0, b"");
    let large = entry("a", EntryType::Regular, BOUNDS.bytes_max, b"");
    for part in [zeros, folders, large] {
        let taken = Cell::new(0);
        let endless = Endless {
            part,
            taken: &taken,
        };
        let bounds = Bounds {
            entries_max: usize::MAX,
            ..BOUNDS
        };
        assert!(matches!(
            read(endless, bounds),
            Err(TarError::TooLong { .. })
        ));
        assert!(taken.get() <= BOUNDS.bytes_max + 1, "{}", taken.get());
    }
}

#[test]
fn what_hides_behind_the_end_is_refused() {
    let mut bytes = file("a");
    bytes.resize(bytes.len() + 1024, 0);
    bytes.extend(file("b"));
    assert!(matches!(
        read(bytes.as_slice(), BOUNDS),
        Err(TarError::Trailing)
    ));
}

#[test]
fn what_is_no_tar_is_refused() {
    assert!(matches!(
        read([b'x'; 2048].as_slice(), BOUNDS),
        Err(TarError::Form(_))
    ));
}

#[test]
fn a_path_that_a_plain_tar_cannot_say_is_refused_when_written() {
    let long = "a".repeat(101);
    assert!(matches!(
        write(&files(&[&long])),
        Err(TarError::LongPath { .. })
    ));
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(mut bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..2048), at in 0..1024_usize) {
        let _ = read(bytes.as_slice(), BOUNDS);
        // The same within a good tar.
        let mut good = [file("a"), file("b")].concat();
        for byte in bytes.drain(..).take(8) {
            good[at] = byte;
            let _ = read(good.as_slice(), BOUNDS);
        }
    }
}
