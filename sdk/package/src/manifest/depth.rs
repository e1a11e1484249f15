//! How deep `plugin.toml` goes, known before it is read into tables: those are taken apart level by level, and so are what is made of them, on a stack
//! that ends. The parser bounds keys and brackets each by itself, and not their product.

use super::ManifestError;
use crate::limits::MANIFEST_DEPTH_MAX;
use toml_parser::{
    ErrorSink, Source, Span,
    decoder::Encoding,
    parser::{EventReceiver, parse_document},
};

/// # Errors
/// [`ManifestError::Deep`], with the line.
pub(super) fn check(text: &str) -> Result<(), ManifestError> {
    let tokens = Source::new(text).lex().into_vec();
    let mut depth = Depth::default();
    // What is wrong otherwise is told by who reads it.
    parse_document(&tokens, &mut depth, &mut ());
    match depth.too_deep {
        None => Ok(()),
        Some(at) => Err(ManifestError::Deep {
            line: 1 + text[..text.floor_char_boundary(at)].matches('\n').count(),
        }),
    }
}

/// Levels while a document is gone through.
#[derive(Default)]
struct Depth {
    /// Of the table whose header came last.
    header: usize,
    /// Keys of the dotted key that is being read, or was.
    keys: usize,
    /// Above each bracket that is open.
    above: Vec<usize>,
    /// Where it first was more than may be.
    too_deep: Option<usize>,
}

impl Depth {
    fn here(&self) -> usize {
        self.above.last().copied().unwrap_or(self.header)
    }

    fn look(&mut self, levels: usize, at: Span) {
        if levels > MANIFEST_DEPTH_MAX {
            self.too_deep.get_or_insert(at.start());
        }
    }

    /// Goes on within a bracket, where there may be one more.
    fn open(&mut self, at: Span) -> bool {
        let levels = self.here() + self.keys + 1;
        self.look(levels, at);
        self.above.push(levels);
        self.keys = 0;
        levels <= MANIFEST_DEPTH_MAX
    }

    fn close(&mut self) {
        self.above.pop();
        self.keys = 0;
    }

    fn begin_header(&mut self) {
        (self.header, self.keys) = (0, 0);
    }

    fn end_header(&mut self, at: Span) {
        // Each of its names may stand for a list of tables: two levels.
        self.header = 2 * self.keys;
        self.keys = 0;
        self.look(self.header, at);
    }
}

impl EventReceiver for Depth {
    fn std_table_open(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.begin_header();
    }

    fn std_table_close(&mut self, at: Span, _: &mut dyn ErrorSink) {
        self.end_header(at);
    }

    fn array_table_open(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.begin_header();
    }

    fn array_table_close(&mut self, at: Span, _: &mut dyn ErrorSink) {
        self.end_header(at);
    }

    fn inline_table_open(&mut self, at: Span, _: &mut dyn ErrorSink) -> bool {
        self.open(at)
    }

    fn inline_table_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.close();
    }

    fn array_open(&mut self, at: Span, _: &mut dyn ErrorSink) -> bool {
        self.open(at)
    }

    fn array_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.close();
    }

    fn simple_key(&mut self, at: Span, _: Option<Encoding>, _: &mut dyn ErrorSink) {
        self.keys += 1;
        self.look(self.here() + self.keys, at);
    }

    fn value_sep(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.keys = 0;
    }

    fn newline(&mut self, _: Span, _: &mut dyn ErrorSink) {
        // Within a bracket a line may end anywhere, between a key and its value, too.
        if self.above.is_empty() {
            self.keys = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels_of(text: &str) -> Result<(), usize> {
        check(text).map_err(|error| match error {
            ManifestError::Deep { line } => line,
            other => panic!("{other}"),
        })
    }

    #[test]
    fn so_many_levels_and_no_more_however_they_are_written() {
        let dotted = |levels: usize| format!("x = 1\n{} = 1\n", vec!["a"; levels].join("."));
        assert_eq!(levels_of(&dotted(MANIFEST_DEPTH_MAX)), Ok(()));
        assert_eq!(levels_of(&dotted(MANIFEST_DEPTH_MAX + 1)), Err(2));
        let list = |levels: usize| format!("a = {}{}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(levels_of(&list(MANIFEST_DEPTH_MAX - 1)), Ok(()));
        assert_eq!(levels_of(&list(MANIFEST_DEPTH_MAX)), Err(1));
        let header = |names: usize| format!("[[{}]]\n", vec!["a"; names].join("."));
        assert_eq!(levels_of(&header(MANIFEST_DEPTH_MAX / 2)), Ok(()));
        assert_eq!(levels_of(&header(MANIFEST_DEPTH_MAX / 2 + 1)), Err(1));
        // Two of the header, one of the key, and four of each bracket with its key. Within a bracket a line may end anywhere.
        for is in [" = ", "\n#\n=\n#\n"] {
            let tables = |levels: usize| {
                let table = |inner, _| format!("{{ a.b.c{is}{inner} }}");
                let inner = (0..levels).fold("1".to_owned(), table);
                levels_of(&format!("[x]\ny = {inner}"))
            };
            assert_eq!(tables((MANIFEST_DEPTH_MAX - 3) / 4), Ok(()));
            assert!(tables((MANIFEST_DEPTH_MAX - 3) / 4 + 1).is_err());
        }
    }

    #[test]
    fn what_stands_beside_is_no_level() {
        let beside = "a = [1, [2], [3, 4]]\nb = { c = 1, d.e = [{ f = 1 }, { f = 1 }] }\n[g]\nh = 1\ni = 2\n";
        assert_eq!(levels_of(&beside.repeat(100)), Ok(()));
    }
}
