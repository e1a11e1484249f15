use super::*;

fn both() -> Value {
    json!([
        { "clock": "first-reply", "within": { "default": "1h" } },
        { "clock": "resolution", "within": { "default": "100m" }, "pauses": ["customer"] },
    ])
}

/// A ticket that goes and comes back, and its twin that stays.
fn twins(goes: Sight, comes: Sight) -> (Desk, Desk) {
    let (mut away, mut twin) = (Desk::new(both()), Desk::new(both()));
    for desk in [&mut away, &mut twin] {
        desk.waits(10, "customer");
        desk.turns(20, Standing::Working);
    }
    away.sees(30, goes);
    away.goes_on(100);
    assert_eq!(away.rings(100), None);
    twin.goes_on(100);
    away.sees(120, comes);
    twin.goes_on(120);
    (away, twin)
}

#[test]
fn a_ticket_that_was_deleted_and_restored_has_the_clocks_of_one_that_never_was() {
    let (away, twin) = twins(Sight::Deleted, Sight::Restored);
    assert_eq!(away.kept, twin.kept);
}

#[test]
fn a_ticket_that_was_merged_and_unmerged_has_the_clocks_of_one_that_never_was() {
    let (away, twin) = twins(Sight::Merged, Sight::Unmerged);
    assert_eq!(away.kept, twin.kept);
}

#[test]
fn what_was_reached_while_it_was_out_of_sight_is_told_as_late_when_it_is_back() {
    let (away, twin) = twins(Sight::Merged, Sight::Unmerged);
    let late = |told: &[(Kind, u16, i64, bool)]| -> Vec<_> {
        told.iter()
            .map(|told| (told.0, told.1, told.2, true))
            .collect()
    };
    assert_eq!(away.told, late(&twin.told));
    assert_eq!(
        twin.told,
        [
            (Kind::FirstReply, 75, 45, false),
            (Kind::FirstReply, 100, 60, false),
            (Kind::Resolution, 75, 85, false),
            (Kind::FirstReply, 150, 90, false),
            (Kind::Resolution, 100, 110, false),
        ]
    );
}

#[test]
fn a_merged_ticket_that_is_deleted_and_restored_is_still_out_of_sight() {
    let mut desk = Desk::new(both());
    desk.sees(10, Sight::Merged);
    desk.sees(20, Sight::Deleted);
    // To where it was: closed, as it is merged.
    desk.happens(&Happened {
        sight: Some(Sight::Restored),
        standing: Some(Standing::Solved),
        ..Happened::nothing(at(90))
    });
    assert!(desk.kept.is_hidden() && !desk.kept.progress.is_solved());
    assert!(desk.told.is_empty());
    desk.sees(95, Sight::Unmerged);
    assert!(!desk.told.is_empty());
}

#[test]
fn a_policy_that_is_edited_meanwhile_holds_for_what_is_out_of_sight_too() {
    let (mut away, mut twin) = (Desk::new(both()), Desk::new(both()));
    away.sees(10, Sight::Deleted);
    let edited = json!([
        { "clock": "first-reply", "within": { "default": "1h" } },
        { "clock": "resolution", "within": { "default": "40m" } },
    ]);
    for desk in [&mut away, &mut twin] {
        desk.plan = Some(plan_of(edited.clone(), 2, "always@1", &desk.shelf));
        desk.goes_on(50);
    }
    away.sees(70, Sight::Restored);
    twin.goes_on(70);
    assert_eq!(away.kept, twin.kept);
    assert_eq!(away.told.len(), twin.told.len());
}
