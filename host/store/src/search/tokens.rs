//! From texts to tokens: words in small letters; of Chinese, Japanese and Korean every pair of neighbours, so that a word of two characters is found
//! wherever it stands. A character that stands alone is a token by itself.

use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// Characters of a word that count.
const WORD_CHARACTERS_MAX: usize = 40;

/// The tokens of a text, each once, at most so many.
pub(crate) fn tokens(text: &str, most: usize) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let mut keep = |token: String| {
        if found.len() < most && seen.insert(token.clone()) {
            found.push(token);
        }
    };
    let (mut word, mut run) = (String::new(), Vec::new());
    // Full-width letters and digits are the letters and digits that they look like.
    for c in text.nfkc().flat_map(char::to_lowercase).chain([' ']) {
        if !is_cjk(c) {
            end_of_run(&mut run, &mut keep);
        }
        if is_cjk(c) || !c.is_alphanumeric() {
            if !word.is_empty() {
                keep(std::mem::take(&mut word));
            }
        } else if word.chars().count() < WORD_CHARACTERS_MAX {
            word.push(c);
        }
        if is_cjk(c) {
            run.push(c);
        }
    }
    found
}

fn end_of_run(run: &mut Vec<char>, keep: &mut impl FnMut(String)) {
    match run.as_slice() {
        [] => {}
        [alone] => keep(alone.to_string()),
        _ => run.windows(2).for_each(|pair| keep(pair.iter().collect())),
    }
    run.clear();
}

fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
        && c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_small_and_chinese_is_pairs() {
        assert_eq!(
            tokens("VPN-Client 2.0 doesn't", 100),
            ["vpn", "client", "2", "0", "doesn", "t"]
        );
        assert_eq!(tokens("忘记密码", 100), ["忘记", "记密", "密码"]);
        assert_eq!(tokens("重置Email密码！", 100), ["重置", "email", "密码"]);
        assert_eq!(tokens("ＶＰＮ１２", 100), ["vpn12"]);
        assert_eq!(tokens("水", 100), ["水"]);
        assert_eq!(tokens("テスト", 100), ["テス", "スト"]);
        assert_eq!(tokens("--- %_'\"\\", 100), [""; 0]);
    }

    #[test]
    fn each_token_counts_once_and_there_are_at_most_so_many() {
        assert_eq!(tokens("a b a c", 2), ["a", "b"]);
        assert_eq!(tokens(&"x".repeat(100), 10), ["x".repeat(40)]);
    }
}
