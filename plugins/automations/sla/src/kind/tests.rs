use super::*;

#[test]
fn a_clock_is_kept_under_the_name_that_it_is_called_by() {
    for kind in Kind::ALL {
        assert_eq!(
            serde_json::to_value(kind).unwrap(),
            serde_json::json!(kind.name())
        );
        assert_ne!(kind.title(Language::English), kind.title(Language::Chinese));
    }
}
