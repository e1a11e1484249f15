//! How often a schema may look at one value.
//!
//! Some keywords apply further schemas to the same value (`allOf`, `$ref`), some to what is within it (`properties`, `items`). Where two apply the same
//! schema to the same place, and that schema does so again, the looks double with each level: forty levels would take years. Counted here are the looks
//! along the worst path into a value as deep as values may be; a list that refers to itself once a level is fine, one that does so twice is not. What a
//! keyword compares with counts as looks, too: each name of `required`, each value of `enum`.

use super::{Budget, SchemaError, pointer};
use crate::limits;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};

/// Keywords that apply one schema to the same value.
const ALSO: [&str; 4] = ["not", "if", "then", "else"];

/// Keywords that apply a list of schemas to the same value.
const ALL_OF: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// Keywords that apply schemas to the same value, by names of its members.
const DEPENDENT: [&str; 2] = ["dependentSchemas", "dependencies"];

/// Keywords whose schema may apply to any member.
const ANY_MEMBER: [&str; 2] = ["additionalProperties", "propertyNames"];

/// Keywords whose schema may apply to any item.
const ANY_ITEM: [&str; 3] = ["items", "additionalItems", "contains"];

/// Keywords whose values are compared with.
const COMPARED: [&str; 5] = ["enum", "const", "required", "dependentRequired", "type"];

/// Keywords that would lead elsewhere than `$ref` does.
const ELSEWHERE: [&str; 2] = ["$dynamicRef", "$recursiveRef"];

/// Keywords that would give a part another name, or other rules than the whole.
const OF_THE_WHOLE: [&str; 2] = ["$id", "$schema"];

/// Keywords that apply what stands beside them once more, to know what is left.
const LEFT: [&str; 2] = ["unevaluatedProperties", "unevaluatedItems"];

/// Looks at one value, with all above it.
///
/// # Errors
/// [`SchemaError`], where they are more than [`limits::SCHEMA_VISITS_MAX`], or it refers to what is not its own.
pub(super) fn looks(document: &Value, budget: &mut Budget) -> Result<usize, SchemaError> {
    own_only(document, true)?;
    let mut counting = Counting {
        document,
        known: HashMap::new(),
        budget,
    };
    counting.looks(document, limits::VALUE_DEPTH_MAX)
}

/// Refuses what would give parts other names, be followed in other ways, or look again.
fn own_only(value: &Value, is_top: bool) -> Result<(), SchemaError> {
    match value {
        Value::Object(members) => members.iter().try_for_each(|(name, inner)| {
            let is_one_of = |names: &[&str]| names.contains(&name.as_str());
            if is_one_of(&LEFT) {
                return Err(SchemaError::Left(name.clone()));
            }
            if let Value::String(text) = inner
                && (is_one_of(&ELSEWHERE) || !is_top && is_one_of(&OF_THE_WHOLE))
            {
                return Err(SchemaError::Outside(text.clone()));
            }
            own_only(inner, false)
        }),
        Value::Array(items) => items.iter().try_for_each(|inner| own_only(inner, false)),
        _ => Ok(()),
    }
}

struct Counting<'a, 'b> {
    document: &'a Value,
    /// By the schema's place in memory, and by the levels below.
    known: HashMap<(*const Value, usize), usize>,
    budget: &'b mut Budget,
}

/// What applies to one value, and to what is within it.
#[derive(Default)]
struct Applied<'a> {
    looks: usize,
    named: BTreeMap<&'a str, Vec<&'a Value>>,
    any_member: Vec<&'a Value>,
    any_item: Vec<&'a Value>,
    /// By place.
    items: Vec<Vec<&'a Value>>,
}

impl<'a> Counting<'a, '_> {
    /// Looks along the worst path into a value of so many levels.
    fn looks(&mut self, schema: &'a Value, levels: usize) -> Result<usize, SchemaError> {
        let place = (std::ptr::from_ref(schema), levels);
        if let Some(&known) = self.known.get(&place) {
            return Ok(known);
        }
        let mut applied = Applied::default();
        self.gather(schema, &mut Vec::new(), 0, &mut applied)?;
        let mut worst = 0;
        if levels > 0 {
            let any_member = self.sum(&applied.any_member, levels - 1)?;
            let any_item = self.sum(&applied.any_item, levels - 1)?;
            worst = any_member.max(any_item);
            for schemas in applied.named.values() {
                worst = worst.max(any_member + self.sum(schemas, levels - 1)?);
            }
            for schemas in &applied.items {
                worst = worst.max(any_item + self.sum(schemas, levels - 1)?);
            }
        }
        let looks = bounded(applied.looks + worst)?;
        self.known.insert(place, looks);
        Ok(looks)
    }

    fn sum(&mut self, schemas: &[&'a Value], levels: usize) -> Result<usize, SchemaError> {
        schemas.iter().try_fold(0, |sum, schema| {
            self.budget.spend(1)?;
            bounded(sum + self.looks(schema, levels)?)
        })
    }

    /// All schemas that apply to the same value, each as often as it does.
    fn gather(
        &mut self,
        schema: &'a Value,
        on_the_way: &mut Vec<*const Value>,
        nested: usize,
        applied: &mut Applied<'a>,
    ) -> Result<(), SchemaError> {
        if nested > limits::SCHEMA_NESTED_MAX {
            return Err(SchemaError::Costly);
        }
        applied.looks = bounded(applied.looks + 1)?;
        self.budget.spend(1)?;
        let Value::Object(members) = schema else {
            return Ok(());
        };
        self.budget.spend(applied.take(members)?)?;
        let also = ALSO.iter().filter_map(|keyword| members.get(*keyword));
        let listed = ALL_OF.iter().filter_map(|keyword| members.get(*keyword));
        let listed = listed.filter_map(Value::as_array).flatten();
        let named = DEPENDENT.iter().filter_map(|keyword| members.get(*keyword));
        let named = named.filter_map(Value::as_object).flat_map(Map::values);
        for inner in also.chain(listed).chain(named) {
            self.gather(inner, on_the_way, nested + 1, applied)?;
        }
        if let Some(Value::String(reference)) = members.get("$ref") {
            let target = pointer::follow(self.document, reference)?;
            let place = std::ptr::from_ref(target);
            if on_the_way.contains(&place) {
                return Err(SchemaError::Circle(reference.clone()));
            }
            on_the_way.push(place);
            self.gather(target, on_the_way, nested + 1, applied)?;
            on_the_way.pop();
        }
        Ok(())
    }
}

impl<'a> Applied<'a> {
    /// Takes in what one schema says; answers how much that is.
    fn take(&mut self, members: &'a Map<String, Value>) -> Result<usize, SchemaError> {
        let mut much = 0;
        let compared = COMPARED.iter().filter_map(|keyword| members.get(*keyword));
        let compared: usize = compared.map(size).sum();
        self.looks = bounded(self.looks + compared)?;
        if let Some(Value::Object(named)) = members.get("properties") {
            much += named.len();
            for (name, schema) in named {
                self.named.entry(name).or_default().push(schema);
            }
        }
        if let Some(Value::Object(patterns)) = members.get("patternProperties") {
            much += patterns.len();
            // Each is matched with each name.
            self.looks = bounded(self.looks + patterns.len())?;
            self.any_member.extend(patterns.values());
        }
        let any_member = ANY_MEMBER
            .iter()
            .filter_map(|keyword| members.get(*keyword));
        self.any_member.extend(any_member);
        for keyword in ANY_ITEM {
            match members.get(keyword) {
                Some(Value::Array(placed)) => much += self.place(placed),
                Some(schema) => self.any_item.push(schema),
                None => (),
            }
        }
        if let Some(Value::Array(placed)) = members.get("prefixItems") {
            much += self.place(placed);
        }
        Ok(much)
    }

    fn place(&mut self, placed: &'a [Value]) -> usize {
        if self.items.len() < placed.len() {
            self.items.resize_with(placed.len(), Vec::new);
        }
        for (schemas, schema) in self.items.iter_mut().zip(placed) {
            schemas.push(schema);
        }
        placed.len()
    }
}

/// Values in a value: lists and objects count themselves, and all in them.
pub(super) fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

fn bounded(looks: usize) -> Result<usize, SchemaError> {
    match looks > limits::SCHEMA_VISITS_MAX {
        true => Err(SchemaError::Costly),
        false => Ok(looks),
    }
}
