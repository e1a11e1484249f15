//! How far the clock goes: `90s`, `30m`, `47h`, `2d`, or several of them, `1h 30m`.

/// Milliseconds of a text.
pub(crate) fn milliseconds(text: &str) -> Result<i64, String> {
    let wrong = || {
        format!("`{text}` is no length of time: write 90s, 30m, 47h, 2d, or several, as in 1h 30m")
    };
    let mut total: i64 = 0;
    let mut parts = 0;
    for part in text.split_whitespace() {
        let unit = part.chars().last().ok_or_else(wrong)?;
        let each = match unit {
            's' => 1_000,
            'm' => 60_000,
            'h' => 3_600_000,
            'd' => 86_400_000,
            _ => return Err(wrong()),
        };
        let count: u32 = part[..part.len() - 1].parse().map_err(|_| wrong())?;
        total = total.saturating_add(i64::from(count).saturating_mul(each));
        parts += 1;
    }
    match parts {
        0 => Err(wrong()),
        _ => Ok(total),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read_and_others_refused_with_examples() {
        assert_eq!(milliseconds("90s"), Ok(90_000));
        assert_eq!(milliseconds("1h 30m"), Ok(5_400_000));
        assert_eq!(milliseconds("2d"), Ok(172_800_000));
        for wrong in ["", "h", "1", "-1h", "1 h", "1h30m", "1w", "1ü"] {
            assert!(
                milliseconds(wrong).unwrap_err().contains("1h 30m"),
                "{wrong}"
            );
        }
    }
}
