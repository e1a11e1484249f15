//! Texts of statements as each database likes them.

use std::borrow::Cow;

/// `?` for each `$n`, where they stand in their order and each once; any other text as it is.
///
/// To SQLite `$n` is a name, which it finds by going through all names before it, and sqlx asks for each: a statement with thousands of parameters would take
/// the square of that.
pub(super) fn without_names(sql: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(sql.len());
    let (mut rest, mut place) = (sql, 0);
    while let Some((before, after)) = rest.split_once('$') {
        place += 1;
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = after.split_at(digits);
        if number.parse() != Ok(place) {
            return Cow::Borrowed(sql);
        }
        out.push_str(before);
        out.push('?');
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::without_names;

    #[test]
    fn parameters_in_their_order_lose_their_names() {
        let sql = "insert into t values ($1, $2), ($3, $4)";
        assert_eq!(without_names(sql), "insert into t values (?, ?), (?, ?)");
        let many: String = (1..=12).map(|n| format!("${n} ")).collect();
        assert_eq!(without_names(&many), "? ".repeat(12));
    }

    #[test]
    fn parameters_out_of_their_order_or_named_twice_keep_them() {
        for sql in [
            "where a = $2 and b = $1",
            "where a = $1 or b = $1",
            "where a = '$'",
            "where a = $2",
        ] {
            assert_eq!(without_names(sql), sql);
        }
    }
}
