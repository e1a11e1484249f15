use super::*;
use serde_json::json;

fn taken(schema: Value) -> Result<(), SchemaError> {
    Schema::new(&schema).map(drop)
}

fn fits(schema: &Schema, value: Value) -> bool {
    schema.misfits(&value).is_empty()
}

/// A condition as a builder of rules has it: of conditions, of conditions.
fn conditions(more: Value) -> Value {
    let mut node = json!({ "type": "object", "properties": {
        "all": { "type": "array", "items": { "$ref": "#/$defs/condition" } },
        "any": { "type": "array", "items": { "$ref": "#/$defs/condition" } },
        "not": { "$ref": "#/$defs/condition" },
    }});
    if let (Some(node), Value::Object(more)) = (node.as_object_mut(), more) {
        node.extend(more);
    }
    json!({ "$defs": { "condition": { "oneOf": [{ "type": "string" }, node] } }, "$ref": "#/$defs/condition" })
}

#[test]
fn a_schema_that_leads_into_itself_once_a_level_is_taken_and_checks() {
    let schema = Schema::new(&conditions(json!({}))).unwrap();
    assert!(fits(
        &schema,
        json!({ "all": ["a", { "any": ["b", { "not": "c" }] }] })
    ));
    assert!(!fits(&schema, json!({ "all": ["a", { "any": [3] }] })));
}

#[test]
fn looks_that_double_with_each_level_are_refused_before_a_value_is_looked_at() {
    let twice = json!({ "patternProperties": { "^a": { "$ref": "#/$defs/condition" } } });
    assert_eq!(taken(conditions(twice)), Err(SchemaError::Costly));
    let doubled = |levels: usize| {
        let mut defs = serde_json::Map::new();
        for level in 0..levels {
            let next = json!({ "$ref": format!("#/$defs/d{}", level + 1) });
            defs.insert(format!("d{level}"), json!({ "allOf": [next, next] }));
        }
        defs.insert(format!("d{levels}"), json!({ "type": "integer" }));
        json!({ "$defs": defs, "$ref": "#/$defs/d0" })
    };
    assert_eq!(taken(doubled(6)), Ok(()));
    assert_eq!(taken(doubled(40)), Err(SchemaError::Costly));
}

#[test]
fn so_many_looks_at_one_value_and_no_more() {
    let many = |looks: usize| taken(json!({ "allOf": vec![json!(true); looks - 1] }));
    assert_eq!(many(limits::SCHEMA_VISITS_MAX), Ok(()));
    assert_eq!(
        many(limits::SCHEMA_VISITS_MAX + 1),
        Err(SchemaError::Costly)
    );
    // Itself, the list, and each that is compared with.
    let names = |count: usize| {
        let names: Vec<_> = (0..count).map(|number| number.to_string()).collect();
        taken(json!({ "required": names }))
    };
    assert_eq!(names(limits::SCHEMA_VISITS_MAX - 2), Ok(()));
    assert_eq!(
        names(limits::SCHEMA_VISITS_MAX - 1),
        Err(SchemaError::Costly)
    );
}

#[test]
fn so_many_schemas_within_one_another_for_one_value_and_no_more() {
    let chain = |length: usize| {
        let mut defs = serde_json::Map::new();
        for link in 1..length {
            let next = json!({ "$ref": format!("#/$defs/d{}", link + 1) });
            defs.insert(format!("d{link}"), next);
        }
        defs.insert(format!("d{length}"), json!({ "type": "integer" }));
        taken(json!({ "$defs": defs, "$ref": "#/$defs/d1" }))
    };
    assert_eq!(chain(limits::SCHEMA_NESTED_MAX), Ok(()));
    assert_eq!(
        chain(limits::SCHEMA_NESTED_MAX + 1),
        Err(SchemaError::Costly)
    );
}

#[test]
fn a_schema_that_is_too_intricate_to_be_counted_is_refused_soon() {
    let names = |count: usize, schema: Value| -> Value {
        (0..count)
            .map(|number| (format!("n{number}"), schema.clone()))
            .collect()
    };
    let wide = json!({ "$defs": {
        "p": { "properties": names(10_000, json!(true)) },
        "q": { "allOf": vec![json!({ "$ref": "#/$defs/p" }); 900] },
    }, "properties": names(2_000, json!({ "$ref": "#/$defs/q" })) });
    assert_eq!(taken(wide), Err(SchemaError::Costly));
}

#[test]
fn so_many_parts_of_all_schemas_of_a_plugin_are_gone_through_and_no_more() {
    // So often the names of one part apply to the same place: each time they are gone through, and each of them as often again, and once itself.
    const TIMES: usize = 62;
    let wide = |names: usize| {
        let named: Value = (0..names)
            .map(|number| (format!("n{number}"), json!(true)))
            .collect();
        json!({ "$defs": { "wide": { "properties": named } }, "allOf": vec![json!({ "$ref": "#/$defs/wide" }); TIMES] })
    };
    let a_name = 2 * TIMES + 1;
    assert_eq!(limits::SCHEMA_STEPS_MAX % a_name, 0, "the edge is met");
    let names = limits::SCHEMA_STEPS_MAX / a_name - 1;
    let mut budget = Budget::default();
    let mut another = |schema: &Value| Schema::within(schema, &mut budget).map(drop);
    assert_eq!(another(&wide(names)), Ok(()));
    assert_eq!(another(&json!(true)), Err(SchemaError::Costly));
    assert_eq!(taken(wide(names + 1)), Err(SchemaError::Costly));
}

#[test]
fn what_would_check_everything_twice_is_not_offered() {
    for name in ["unevaluatedProperties", "unevaluatedItems"] {
        let told = taken(json!({ "anyOf": [{ name: false }] }));
        assert_eq!(told, Err(SchemaError::Left(name.to_owned())));
    }
}

#[test]
fn of_a_value_that_is_very_large_it_is_told_that_it_does_not_fit() {
    let names: Vec<_> = (0..100).map(|number| number.to_string()).collect();
    let schema = Schema::new(&json!({ "items": { "required": names } })).unwrap();
    let told = schema.misfits(&json!(vec![json!({}); 10]));
    assert_eq!(
        (told.len(), told[0].place.as_str()),
        (limits::SCHEMA_TOLD_MAX, "/0")
    );
    let told = schema.misfits(&json!(vec![json!({}); 100_000]));
    assert_eq!((told.len(), told[0].place.as_str()), (1, ""));
    assert!(told[0].reason.contains("too large"), "{told:?}");
}

#[test]
fn each_place_is_told_up_to_so_many_looks_and_no_further() {
    let schema = Schema::new(&json!({ "items": { "type": ["integer"] } })).unwrap();
    let most = limits::SCHEMA_TOLD_LOOKS_MAX / schema.looks;
    assert_eq!(
        most * schema.looks,
        limits::SCHEMA_TOLD_LOOKS_MAX,
        "the edge is met"
    );
    // A list counts itself, and what is in it.
    let told = |values: usize| {
        let told = schema.misfits(&json!(vec!["a"; values - 1]));
        (told.len(), told[0].place.clone())
    };
    assert_eq!(told(most), (limits::SCHEMA_TOLD_MAX, "/0".to_owned()));
    assert_eq!(told(most + 1), (1, String::new()));
}

#[test]
fn a_schema_refers_to_its_own_parts_only() {
    for elsewhere in [
        "https://acme.example/x",
        "other.json#/a",
        "#anchor",
        "#/$defs/%61",
    ] {
        let told = taken(json!({ "$ref": elsewhere, "$defs": { "a": {} } }));
        assert_eq!(told, Err(SchemaError::Outside(elsewhere.to_owned())));
    }
    assert_eq!(
        taken(json!({ "items": { "$dynamicRef": "#x" } })),
        Err(SchemaError::Outside("#x".to_owned()))
    );
    assert_eq!(
        taken(json!({ "items": { "$id": "https://acme.example/x", "$ref": "#/a" }, "a": true })),
        Err(SchemaError::Outside("https://acme.example/x".to_owned()))
    );
    let old = "http://json-schema.org/draft-04/schema#";
    assert_eq!(
        taken(json!({ "items": { "$schema": old, "id": "http://acme.example/" } })),
        Err(SchemaError::Outside(old.to_owned()))
    );
    assert_eq!(
        taken(json!({ "$ref": "#/$defs/a" })),
        Err(SchemaError::Nowhere("#/$defs/a".to_owned()))
    );
}

#[test]
fn a_circle_within_one_place_is_refused() {
    let told = taken(json!({ "allOf": [{ "$ref": "#" }] }));
    assert_eq!(told, Err(SchemaError::Circle("#".to_owned())));
    let pair = json!({ "$defs": { "a": { "$ref": "#/$defs/b" }, "b": { "not": { "$ref": "#/$defs/a" } } }, "$ref": "#/$defs/a" });
    assert_eq!(
        taken(pair),
        Err(SchemaError::Circle("#/$defs/a".to_owned()))
    );
}

#[test]
fn a_pattern_is_matched_in_little_memory_and_in_linear_time() {
    let pattern = |pattern: &str| Schema::new(&json!({ "type": "string", "pattern": pattern }));
    let name = pattern(r"^\p{L}[\w.-]{0,62}$").unwrap();
    assert!(fits(&name, json!("Ünal-7")) && !fits(&name, json!("7")));
    for large in [r"\p{L}{999}", "(?:a{99}){99}{99}"] {
        assert!(
            matches!(pattern(large), Err(SchemaError::Form(_))),
            "{large}"
        );
    }
    assert!(matches!(pattern("(?=a)b"), Err(SchemaError::Form(_))));
    let greedy = pattern("^(a+)+$").unwrap();
    assert!(!fits(&greedy, json!(format!("{}!", "a".repeat(50_000)))));
}

#[test]
fn a_pattern_is_compiled_into_so_many_bytes_and_no_more() {
    let schema = |times: usize| json!({ "pattern": format!("^(?:ab){{{times}}}c$") });
    // As the library counts them.
    let fits = |times: usize| {
        let bounded = PatternOptions::regex().size_limit(limits::PATTERN_BYTES_MAX);
        let options = jsonschema::options().with_pattern_options(bounded);
        options.build(&schema(times)).is_ok()
    };
    let times: Vec<usize> = (1..100_000).collect();
    let most = times.partition_point(|times| fits(*times));
    assert!((1..times.len()).contains(&most), "the edge is met: {most}");
    assert_eq!(taken(schema(most)), Ok(()));
    let beyond = taken(schema(most + 1));
    assert!(matches!(beyond, Err(SchemaError::Form(_))), "{beyond:?}");
}

#[test]
fn so_many_patterns_and_so_many_levels_and_no_more() {
    let half =
        json!({ "allOf": vec![json!({ "pattern": "^a" }); limits::SCHEMA_PATTERNS_MAX / 2] });
    let mut budget = Budget::default();
    let mut another = || Schema::within(&half, &mut budget).map(drop);
    assert_eq!((another(), another()), (Ok(()), Ok(())));
    assert_eq!(
        another(),
        Err(SchemaError::Patterns),
        "of all schemas of a plugin"
    );
    let many = |count: usize| taken(json!({ "allOf": vec![json!({ "pattern": "^a" }); count] }));
    assert_eq!(many(limits::SCHEMA_PATTERNS_MAX), Ok(()));
    assert_eq!(
        many(limits::SCHEMA_PATTERNS_MAX + 1),
        Err(SchemaError::Patterns)
    );
    let deep = |levels: usize| {
        let inner = json!({});
        taken((1..levels).fold(inner, |inner, _| json!({ "items": inner })))
    };
    assert_eq!(deep(limits::SCHEMA_DEPTH_MAX), Ok(()));
    assert_eq!(deep(limits::SCHEMA_DEPTH_MAX + 1), Err(SchemaError::Deep));
}
