use super::*;
use serde_json::{Value, json};

fn policy(lists: Value) -> Policy {
    let mut written = json!({ "name": "P", "targets": [] });
    for (name, list) in lists.as_object().unwrap() {
        written[name] = list.clone();
    }
    serde_json::from_value(written).unwrap()
}

fn asked() -> Asked {
    Asked {
        groups_of_customer: vec!["vip".to_owned(), "berlin".to_owned()],
        path: ["it", "it-network", "it-network-vpn"]
            .map(str::to_owned)
            .to_vec(),
        class: "gold".to_owned(),
        kind: "incident".to_owned(),
        channel: "email".to_owned(),
        group: "network".to_owned(),
        priority: 2,
    }
}

fn chosen(policies: &[(&str, Value)], asked: &Asked) -> Option<String> {
    let policies: Vec<_> = policies
        .iter()
        .map(|(id, lists)| (*id, policy(lists.clone())))
        .collect();
    let all = policies.iter().map(|(id, policy)| (*id, policy));
    choose(all, asked).map(str::to_owned)
}

#[test]
fn a_policy_is_for_a_ticket_where_each_of_its_lists_fits() {
    for (lists, is_for) in [
        (json!({}), true),
        (json!({ "who": ["vip"] }), true),
        (json!({ "who": ["paris", "berlin"] }), true),
        (json!({ "who": ["paris"] }), false),
        (json!({ "what": ["it-network"] }), true),
        (json!({ "what": ["it-network-vpn"] }), true),
        (json!({ "what": ["hr"] }), false),
        (json!({ "classes": ["silver", "gold"] }), true),
        (json!({ "classes": ["silver"] }), false),
        (json!({ "kinds": ["incident"] }), true),
        (json!({ "kinds": ["request"] }), false),
        (json!({ "channels": ["email"] }), true),
        (json!({ "channels": ["phone"] }), false),
        (json!({ "groups": ["network"] }), true),
        (json!({ "groups": ["desk"] }), false),
        (json!({ "priorities": [1, 2] }), true),
        (json!({ "priorities": [3] }), false),
        (
            json!({ "who": ["vip"], "what": ["it"], "classes": ["gold"], "priorities": [2] }),
            true,
        ),
        (
            json!({ "who": ["vip"], "what": ["it"], "classes": ["silver"] }),
            false,
        ),
        (json!({ "enabled": false }), false),
    ] {
        let found = chosen(&[("p", lists.clone())], &asked());
        assert_eq!(found.is_some(), is_for, "{lists}");
    }
}

#[test]
fn a_ticket_without_a_group_or_an_entry_is_under_no_policy_that_asks_for_one() {
    let nothing = Asked {
        priority: 3,
        ..Asked::default()
    };
    for lists in [
        json!({ "who": ["vip"] }),
        json!({ "what": ["it"] }),
        json!({ "classes": ["gold"] }),
        json!({ "groups": ["network"] }),
    ] {
        assert_eq!(chosen(&[("p", lists)], &nothing), None);
    }
    assert_eq!(chosen(&[("p", json!({}))], &nothing).as_deref(), Some("p"));
}

#[test]
fn the_nearest_ancestor_wins_whatever_the_order() {
    let all = [
        ("any", json!({ "order": 1 })),
        ("root", json!({ "order": 2, "what": ["it"] })),
        ("near", json!({ "order": 9, "what": ["hr", "it-network"] })),
    ];
    assert_eq!(chosen(&all, &asked()).as_deref(), Some("near"));
    assert_eq!(chosen(&all[..2], &asked()).as_deref(), Some("root"));
}

#[test]
fn among_equals_the_first_in_the_order_wins_and_then_the_first_by_id() {
    let all = [
        ("b", json!({ "order": 2 })),
        ("a", json!({ "order": 3 })),
        ("c", json!({ "order": 2 })),
    ];
    assert_eq!(chosen(&all, &asked()).as_deref(), Some("b"));
    assert_eq!(chosen(&[], &asked()), None);
}
