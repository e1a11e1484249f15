//! How often a schema may look at one value.
//!
//! Some keywords apply further schemas to the same value (`allOf`, `$ref`), some to what is within it (`properties`, `items`). Where two apply the same
//! schema to the same place, and that schema does so again, the looks double with each level: forty levels would take years. Counted here are the looks
//! along the worst path into a value as deep as values may be; a list that refers to itself once a level is fine, one that does so twice is not.

use super::{SchemaError, pointer};
use crate::limits;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};

/// Keywords that apply one schema to the same value.
const ALSO: [&str; 4] = ["not", "if", "then", "else"];

/// Keywords that apply a list of schemas to the same value.
const ALL_OF: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// Keywords whose schema may apply to any member.
const ANY_MEMBER: [&str; 3] = [
    "additionalProperties",
    "propertyNames",
    "unevaluatedProperties",
];

/// Keywords whose schema may apply to any item.
const ANY_ITEM: [&str; 4] = ["items", "additionalItems", "contains", "unevaluatedItems"];

/// Keywords that apply what stands beside them once more, to know what is left.
const LEFT: [&str; 2] = ["unevaluatedProperties", "unevaluatedItems"];

/// Keywords that would lead elsewhere than `$ref` does.
const ELSEWHERE: [&str; 2] = ["$dynamicRef", "$recursiveRef"];

/// # Errors
/// [`SchemaError`], where it looks at one value more than [`limits::SCHEMA_VISITS_MAX`] times, or refers to what is not its own.
pub(super) fn check(document: &Value) -> Result<(), SchemaError> {
    own_only(document, true)?;
    let mut counting = Counting {
        document,
        known: HashMap::new(),
        steps: 0,
    };
    counting.visits(document, limits::VALUE_DEPTH_MAX).map(drop)
}

/// Refuses what would give parts other names, or be followed in other ways.
fn own_only(value: &Value, is_top: bool) -> Result<(), SchemaError> {
    match value {
        Value::Object(members) => members.iter().try_for_each(|(name, inner)| {
            if let Value::String(text) = inner {
                let renames = name == "$id" && !is_top;
                if renames || ELSEWHERE.contains(&name.as_str()) {
                    return Err(SchemaError::Outside(text.clone()));
                }
            }
            own_only(inner, false)
        }),
        Value::Array(items) => items.iter().try_for_each(|inner| own_only(inner, false)),
        _ => Ok(()),
    }
}

struct Counting<'a> {
    document: &'a Value,
    /// By the schema's place in memory, and by the levels below.
    known: HashMap<(*const Value, usize), usize>,
    steps: usize,
}

/// What applies within a value.
#[derive(Default)]
struct Within<'a> {
    named: BTreeMap<&'a str, Vec<&'a Value>>,
    any_member: Vec<&'a Value>,
    any_item: Vec<&'a Value>,
    /// By place.
    items: Vec<Vec<&'a Value>>,
}

impl<'a> Counting<'a> {
    /// Looks along the worst path into a value of so many levels.
    fn visits(&mut self, schema: &'a Value, levels: usize) -> Result<usize, SchemaError> {
        let place = (std::ptr::from_ref(schema), levels);
        if let Some(&known) = self.known.get(&place) {
            return Ok(known);
        }
        let mut here = Vec::new();
        self.gather(schema, &mut Vec::new(), &mut here)?;
        let mut visits = here.len();
        if levels > 0 {
            let within = Within::of(&here);
            let any_member = self.sum(&within.any_member, levels - 1)?;
            let any_item = self.sum(&within.any_item, levels - 1)?;
            let mut worst = any_member.max(any_item);
            for schemas in within.named.values() {
                worst = worst.max(any_member + self.sum(schemas, levels - 1)?);
            }
            for schemas in &within.items {
                worst = worst.max(any_item + self.sum(schemas, levels - 1)?);
            }
            let again = here.iter().filter(|members| looks_again(members)).count();
            visits += worst << again.min(20);
        }
        if visits > limits::SCHEMA_VISITS_MAX {
            return Err(SchemaError::Costly);
        }
        self.known.insert(place, visits);
        Ok(visits)
    }

    fn sum(&mut self, schemas: &[&'a Value], levels: usize) -> Result<usize, SchemaError> {
        schemas.iter().try_fold(0, |sum, schema| {
            let sum = sum + self.visits(schema, levels)?;
            match sum > limits::SCHEMA_VISITS_MAX {
                true => Err(SchemaError::Costly),
                false => Ok(sum),
            }
        })
    }

    /// All schemas that apply to the same value, each as often as it does.
    fn gather(
        &mut self,
        schema: &'a Value,
        on_the_way: &mut Vec<*const Value>,
        all: &mut Vec<&'a Map<String, Value>>,
    ) -> Result<(), SchemaError> {
        self.steps += 1;
        if all.len() >= limits::SCHEMA_VISITS_MAX || self.steps > limits::SCHEMA_STEPS_MAX {
            return Err(SchemaError::Costly);
        }
        let Value::Object(members) = schema else {
            return Ok(());
        };
        all.push(members);
        for keyword in ALSO {
            if let Some(inner) = members.get(keyword) {
                self.gather(inner, on_the_way, all)?;
            }
        }
        let listed = ALL_OF.iter().filter_map(|keyword| members.get(*keyword));
        for inner in listed.filter_map(Value::as_array).flatten() {
            self.gather(inner, on_the_way, all)?;
        }
        let dependent = ["dependentSchemas", "dependencies"];
        let dependent = dependent.iter().filter_map(|keyword| members.get(*keyword));
        for inner in dependent.filter_map(Value::as_object).flatten() {
            self.gather(inner.1, on_the_way, all)?;
        }
        if let Some(Value::String(reference)) = members.get("$ref") {
            let target = pointer::follow(self.document, reference)?;
            let place = std::ptr::from_ref(target);
            if on_the_way.contains(&place) {
                return Err(SchemaError::Circle(reference.clone()));
            }
            on_the_way.push(place);
            self.gather(target, on_the_way, all)?;
            on_the_way.pop();
        }
        Ok(())
    }
}

impl<'a> Within<'a> {
    fn of(here: &[&'a Map<String, Value>]) -> Self {
        let mut within = Self::default();
        for members in here {
            if let Some(Value::Object(named)) = members.get("properties") {
                for (name, schema) in named {
                    within.named.entry(name).or_default().push(schema);
                }
            }
            if let Some(Value::Object(patterns)) = members.get("patternProperties") {
                within.any_member.extend(patterns.values());
            }
            let any_member = ANY_MEMBER
                .iter()
                .filter_map(|keyword| members.get(*keyword));
            within.any_member.extend(any_member);
            for keyword in ANY_ITEM {
                match members.get(keyword) {
                    Some(Value::Array(placed)) => within.place(placed),
                    Some(schema) => within.any_item.push(schema),
                    None => (),
                }
            }
            if let Some(Value::Array(placed)) = members.get("prefixItems") {
                within.place(placed);
            }
        }
        within
    }

    fn place(&mut self, placed: &'a [Value]) {
        if self.items.len() < placed.len() {
            self.items.resize_with(placed.len(), Vec::new);
        }
        for (schemas, schema) in self.items.iter_mut().zip(placed) {
            schemas.push(schema);
        }
    }
}

fn looks_again(members: &Map<String, Value>) -> bool {
    LEFT.iter().any(|keyword| members.contains_key(*keyword))
}
