use super::*;

fn us(at: &str) -> i64 {
    parse(at).unwrap().as_micros()
}

#[test]
fn an_instant_is_written_as_it_is_read() {
    for text in [
        "1970-01-01T00:00:00Z",
        "2024-02-29T12:34:56Z",
        "2026-10-08T03:30:00Z",
        "2026-10-08T03:30:00.250000Z",
        "2100-03-01T00:00:00Z",
    ] {
        assert_eq!(rfc3339(parse(text).unwrap()), text);
    }
}

#[test]
fn an_instant_may_be_in_any_zone_and_without_seconds() {
    let wanted = us("2026-10-08T03:30:00Z");
    for text in [
        "2026-10-08T11:30:00+08:00",
        "2026-10-08T11:30+08:00",
        "2026-10-07T22:00:00-05:30",
        "2026-10-08T03:30",
        "2026-10-08 03:30:00.0Z",
    ] {
        assert_eq!(us(text), wanted, "{text}");
    }
}

#[test]
fn what_is_no_instant_is_refused() {
    for text in [
        "",
        "2026-10-08",
        "2026-13-08T00:00Z",
        "2026-02-30T00:00Z",
        "2026-10-08T24:00Z",
        "2026-10-08T10:60Z",
        "2026-10-08T10:00:00:00Z",
        "2026-10-08T10:00:00.Z",
        "2026-10-08T10Z",
        "2026-10-08T10:00+8",
        "1969-12-31T23:59:59Z",
        "９026-10-08T10:00Z",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}

#[test]
fn days_are_counted_as_the_calendar_counts_them() {
    assert_eq!(parse_date("1970-01-01"), Some(0));
    assert_eq!(parse_date("2000-03-01"), Some(11_017));
    for day in (0..80_000).step_by(17) {
        assert_eq!(parse_date(&date(day)), Some(day));
    }
    assert_eq!(parse_date("2026-02-29"), None);
    assert_eq!(
        day_of(parse("2026-10-08T23:59Z").unwrap()),
        parse_date("2026-10-08").unwrap()
    );
}
