//! What is handed in from outside, and what is promised whatever it is.
//!
//! Each module is one door: its `run` takes any bytes, goes through the product's own functions and checks more than that nothing panics. libFuzzer
//! drives them (`cargo xtask fuzz`), and the suite runs the kept corpus through them. No address sanitizer watches: our code has no unsafe parts, and without
//! one the stable toolchain is enough.

/// 1. `plugin.toml`.
pub mod manifest;

/// 2. Packages, as tars.
pub mod package;

/// 3. Mails, and the HTML in them.
pub mod mail;

/// 4. Texts of the expression language.
pub mod expression;

/// 5. What a guest says to the host.
pub mod boundary;

/// A refusal tells why, in no more words than what was refused deserves.
fn is_told(refusal: &impl std::fmt::Display, bytes: usize) {
    let told = refusal.to_string();
    assert!(!told.trim().is_empty(), "a refusal without a reason");
    // The texts of some errors show the line, or the value, that they are about, and mark the place below it.
    let most = 16 * bytes + (16 << 10);
    assert!(
        told.len() <= most,
        "{bytes} bytes are refused in {}",
        told.len()
    );
}
