//! What stands around the words of an answer, as a mailbox's template has it. What is filled in is never looked at for places again: it is somebody's words.

/// What there is to be filled in.
pub(super) struct Values<'v> {
    pub(super) text: &'v str,
    /// Who answers; the mailbox's name where a machine does.
    pub(super) agent: &'v str,
    pub(super) customer: &'v str,
    pub(super) number: &'v str,
    pub(super) subject: &'v str,
}

/// The template with its places filled; a place that there is not stays as it is written. A template without a place for the words themselves is none.
pub(super) fn filled(template: &str, values: &Values<'_>) -> String {
    let mut has_text = false;
    let mut filled = String::with_capacity(template.len() + values.text.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let place = after.split_once("}}");
        let name = place.map(|(name, _)| name.trim());
        has_text |= name == Some("text");
        let value = match name {
            Some("text") => Some(values.text),
            Some("agent") => Some(values.agent),
            Some("customer") => Some(values.customer),
            Some("number") => Some(values.number),
            Some("subject") => Some(values.subject),
            _ => None,
        };
        rest = match (value, place) {
            (Some(value), Some((_, after))) => {
                filled.push_str(value);
                after
            }
            _ => {
                filled.push_str("{{");
                after
            }
        };
    }
    match has_text {
        true => filled + rest,
        false => values.text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: Values<'_> = Values {
        text: "Try {{agent}} again.",
        agent: "Bo",
        customer: "Ana",
        number: "7",
        subject: "VPN {{text}}",
    };

    #[test]
    fn places_are_filled_once_and_what_fills_them_is_not_looked_at() {
        let template =
            "Hello {{customer}},\n\n{{ text }}\n\n{{ agent }}, about #{{number}} ({{subject}})";
        assert_eq!(
            filled(template, &VALUES),
            "Hello Ana,\n\nTry {{agent}} again.\n\nBo, about #7 (VPN {{text}})"
        );
    }

    #[test]
    fn without_a_place_for_the_words_there_is_no_template_and_unknown_places_stay() {
        for template in ["", "Only a greeting", "{{texts}}"] {
            assert_eq!(filled(template, &VALUES), "Try {{agent}} again.");
        }
        assert_eq!(
            filled("{{text}} {{phone}} {{ {{agent}} {{", &VALUES),
            "Try {{agent}} again. {{phone}} {{ Bo {{"
        );
    }
}
