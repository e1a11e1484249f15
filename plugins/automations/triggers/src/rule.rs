//! Rules as an admin writes them, in the form that `plugin.toml` describes. Unknown words are errors: a slip of the pen is told, never ignored.

use crate::limits::{RULES_MAX, WAIT_HOURS_MAX};
use serde::Deserialize;
use serde_json::{Map, Value};

/// What rules mean. Rules that were written under one number never mean something else: a change of meaning is a new number.
pub const SEMANTICS: u32 = 1;

/// The settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    #[serde(default = "semantics")]
    pub semantics: u32,
    /// In the order in which they are tried.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What people read as the reason of a change.
    pub name: String,
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Kinds of events at which it is tried.
    pub events: Vec<String>,
    /// All of these must hold.
    #[serde(default)]
    pub all: Vec<Condition>,
    /// And, if there are any, one of these.
    #[serde(default)]
    pub any: Vec<Condition>,
    pub actions: Vec<Action>,
}

/// Something about a field.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub field: String,
    pub operator: Operator,
    /// With what it is compared; a list means any of these.
    #[serde(default)]
    pub value: Value,
}

/// How a field is compared. [`crate::matching`] tells what each means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operator {
    Is,
    IsNot,
    LessThan,
    GreaterThan,
    Includes,
    IncludesNot,
    Contains,
    StartsWith,
    IsEmpty,
    IsNotEmpty,
    Changed,
    ChangedTo,
    ChangedFrom,
}

impl Operator {
    /// As people read it in a ticket's history.
    pub fn words(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::IsNot => "is not",
            Self::LessThan => "is less than",
            Self::GreaterThan => "is greater than",
            Self::Includes => "includes",
            Self::IncludesNot => "does not include",
            Self::Contains => "contains",
            Self::StartsWith => "starts with",
            Self::IsEmpty => "is empty",
            Self::IsNotEmpty => "is not empty",
            Self::Changed => "changed",
            Self::ChangedTo => "changed to",
            Self::ChangedFrom => "changed from",
        }
    }
}

/// What a rule does, in order.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// An empty text takes the ticket from whoever has it.
    AssignAgent {
        agent: String,
    },
    AssignGroup {
        group: String,
    },
    AddTags {
        tags: Vec<String>,
    },
    RemoveTags {
        tags: Vec<String>,
    },
    SetField {
        field: String,
        #[serde(default)]
        value: Value,
    },
    SetPriority {
        impact: Option<i64>,
        urgency: Option<i64>,
    },
    /// To the requester. What a machine said is never answered.
    Reply {
        text: String,
    },
    /// For agents.
    Note {
        text: String,
    },
    Solve {},
    Wait {
        reason: String,
        /// Until then; without it, until somebody answers.
        hours: Option<u32>,
    },
    Close {},
    /// An action that another plugin offers.
    RunPluginAction {
        plugin: String,
        action: String,
        #[serde(default)]
        input: Map<String, Value>,
    },
}

impl Action {
    /// Its name in the settings.
    pub fn name(&self) -> &'static str {
        match self {
            Self::AssignAgent { .. } => "assign-agent",
            Self::AssignGroup { .. } => "assign-group",
            Self::AddTags { .. } => "add-tags",
            Self::RemoveTags { .. } => "remove-tags",
            Self::SetField { .. } => "set-field",
            Self::SetPriority { .. } => "set-priority",
            Self::Reply { .. } => "reply",
            Self::Note { .. } => "note",
            Self::Solve {} => "solve",
            Self::Wait { .. } => "wait",
            Self::Close {} => "close",
            Self::RunPluginAction { .. } => "run-plugin-action",
        }
    }
}

/// What is wrong with the rules as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    #[error(
        "the rules are written for semantics {0}, and this version of the plugin knows {SEMANTICS}: upgrade the plugin, or check the rules and set `semantics` to {SEMANTICS}"
    )]
    Semantics(u32),
    #[error("there are {0} rules, and at most {RULES_MAX} are tried: join or remove some")]
    TooMany(usize),
    #[error("the rule \"{rule}\" waits {hours} hours: at most {WAIT_HOURS_MAX} are possible")]
    Wait { rule: String, hours: u32 },
}

impl Rules {
    /// Checks what the schema of the settings cannot say.
    ///
    /// # Errors
    /// [`RulesError`], for the first that is wrong.
    pub fn check(&self) -> Result<(), RulesError> {
        if self.semantics != SEMANTICS {
            return Err(RulesError::Semantics(self.semantics));
        }
        if self.rules.len() > RULES_MAX {
            return Err(RulesError::TooMany(self.rules.len()));
        }
        for rule in &self.rules {
            for action in &rule.actions {
                if let Action::Wait {
                    hours: Some(hours), ..
                } = action
                    && *hours > WAIT_HOURS_MAX
                {
                    return Err(RulesError::Wait {
                        rule: rule.name.clone(),
                        hours: *hours,
                    });
                }
            }
        }
        Ok(())
    }

    /// Those to be tried at an event of this kind, each with a name of its own: the second rule called "VPN" is "VPN #2".
    pub fn at<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (String, &'a Rule)> {
        let rules = self.rules.iter().enumerate();
        rules
            .filter(move |(_, rule)| rule.enabled && rule.events.iter().any(|event| event == kind))
            .map(|(index, rule)| {
                let before = self.rules[..index]
                    .iter()
                    .filter(|other| other.name == rule.name)
                    .count();
                let name = match before {
                    0 => rule.name.clone(),
                    _ => format!("{} #{}", rule.name, before + 1),
                };
                (name, rule)
            })
    }
}

fn semantics() -> u32 {
    SEMANTICS
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rules(rules: Value) -> Rules {
        serde_json::from_value(rules).unwrap()
    }

    fn plain(name: &str) -> Value {
        json!({ "name": name, "events": ["ticket.created"], "actions": [{ "type": "solve" }] })
    }

    #[test]
    fn a_slip_of_the_pen_is_told() {
        let wrong = json!({ "rules": [{ "name": "x", "events": [], "actions": [{ "type": "asign-group", "group": "g" }] }] });
        let error = serde_json::from_value::<Rules>(wrong).unwrap_err();
        assert!(error.to_string().contains("asign-group"), "{error}");
        let wrong = json!({ "rules": [{ "name": "x", "events": [], "actions": [{ "type": "solve", "now": true }] }] });
        assert!(serde_json::from_value::<Rules>(wrong).is_err());
    }

    #[test]
    fn rules_of_a_later_meaning_are_refused_and_not_guessed_at() {
        assert_eq!(rules(json!({ "semantics": 1 })).check(), Ok(()));
        assert_eq!(
            rules(json!({ "semantics": 2 })).check(),
            Err(RulesError::Semantics(2))
        );
    }

    #[test]
    fn two_hundred_rules_are_taken_and_one_more_is_not() {
        let many = |count| json!({ "rules": vec![plain("x"); count] });
        assert_eq!(rules(many(RULES_MAX)).check(), Ok(()));
        assert_eq!(
            rules(many(RULES_MAX + 1)).check(),
            Err(RulesError::TooMany(RULES_MAX + 1))
        );
    }

    #[test]
    fn a_ticket_waits_five_years_and_not_an_hour_longer() {
        let waits = |hours| json!({ "rules": [{ "name": "w", "events": [], "actions": [{ "type": "wait", "reason": "r", "hours": hours }] }] });
        assert_eq!(rules(waits(WAIT_HOURS_MAX)).check(), Ok(()));
        assert!(matches!(
            rules(waits(WAIT_HOURS_MAX + 1)).check(),
            Err(RulesError::Wait { .. })
        ));
    }

    #[test]
    fn rules_of_one_name_are_told_apart_and_disabled_ones_are_left_out() {
        let mut off = plain("b");
        off["enabled"] = json!(false);
        let rules = rules(json!({ "rules": [plain("a"), off, plain("a")] }));
        let names: Vec<_> = rules.at("ticket.created").map(|(name, _)| name).collect();
        assert_eq!(names, ["a", "a #2"]);
        assert_eq!(rules.at("message.added").count(), 0);
    }
}
