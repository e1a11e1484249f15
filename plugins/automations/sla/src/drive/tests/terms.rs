use super::*;

fn becomes(desk: &mut Desk, minute: i64, targets: Value, version: u32, calendar: &str) {
    desk.plan = Some(plan_of(targets, version, calendar, &desk.shelf));
    desk.goes_on(minute);
}

#[test]
fn other_targets_keep_what_has_elapsed_and_every_pause() {
    let mut desk = Desk::new(target("resolution", "8h", &["customer"]));
    desk.waits(60, "customer");
    desk.turns(120, Standing::Working);
    becomes(
        &mut desk,
        150,
        target("resolution", "2h", &["customer"]),
        2,
        "always@1",
    );
    assert_eq!(desk.elapsed(Kind::Resolution, 150), 90);
    assert_eq!(desk.due(Kind::Resolution), Some(180));
    assert_eq!(
        desk.told,
        [(Kind::Resolution, 75, 150, true)],
        "what the change makes true is late"
    );
    becomes(
        &mut desk,
        160,
        target("resolution", "8h", &["customer"]),
        3,
        "always@1",
    );
    assert_eq!(desk.due(Kind::Resolution), Some(540));
    assert_eq!(desk.told.len(), 1, "no mark is told twice in a cycle");
}

#[test]
fn what_was_reached_before_the_change_is_told_at_its_own_instant() {
    let mut desk = Desk::new(target("resolution", "100m", &[]));
    becomes(
        &mut desk,
        90,
        target("resolution", "200m", &[]),
        2,
        "always@1",
    );
    assert_eq!(desk.told, [(Kind::Resolution, 75, 75, false)]);
    assert_eq!(
        desk.rings(90),
        Some(150),
        "it warns again, and tells no mark twice"
    );
    desk.goes_on(150);
    assert_eq!(desk.told.len(), 1);
    assert_eq!(desk.rings(150), Some(200));
}

#[test]
fn a_pause_that_a_policy_names_from_now_on_begins_now() {
    let mut desk = Desk::new(target("resolution", "100m", &[]));
    desk.waits(10, "customer");
    assert_eq!(desk.state(Kind::Resolution), Some(State::Running));
    becomes(
        &mut desk,
        30,
        target("resolution", "100m", &["customer"]),
        2,
        "always@1",
    );
    assert_eq!(desk.state(Kind::Resolution), Some(State::Paused));
    assert_eq!(desk.elapsed(Kind::Resolution, 90), 30);
}

#[test]
fn a_clock_that_was_stopped_keeps_its_terms_and_its_next_cycle_gets_the_new_ones() {
    let mut desk = Desk::new(target("next-reply", "1h", &[]));
    desk.says(1, Said::Agent);
    desk.says(2, Said::Customer);
    desk.says(3, Said::Agent);
    becomes(
        &mut desk,
        10,
        target("next-reply", "30m", &[]),
        2,
        "always@1",
    );
    assert_eq!(desk.clock(Kind::NextReply).terms().policy, "gold@1");
    desk.says(20, Said::Customer);
    assert_eq!(desk.clock(Kind::NextReply).terms().policy, "gold@2");
    assert_eq!(desk.due(Kind::NextReply), Some(50));
}

#[test]
fn a_corrected_calendar_counts_for_what_lies_behind_and_another_only_for_what_comes() {
    // Monday 5 January 1970, 09:00.
    let monday = 4 * 1_440 + 9 * 60;
    for (after, elapsed) in [("office@2", 60), ("other@1", 120)] {
        let mut desk = Desk::new(target("resolution", "8h", &[]));
        desk.shelf.put("office@1", office());
        let ten =
            Calendar::read(r#"{ "zone": "UTC", "week": { "monday": ["10:00-17:00"] } }"#).unwrap();
        desk.shelf.put("office@2", ten.clone());
        desk.shelf.put("other@1", ten);
        desk.kept = Kept::new(Progress::new(at(monday)));
        becomes(
            &mut desk,
            monday,
            target("resolution", "8h", &[]),
            1,
            "office@1",
        );
        becomes(
            &mut desk,
            monday + 120,
            target("resolution", "8h", &[]),
            1,
            after,
        );
        assert_eq!(
            desk.elapsed(Kind::Resolution, monday + 120),
            elapsed,
            "{after}"
        );
        assert_eq!(desk.clock(Kind::Resolution).terms().calendar, after);
    }
}

#[test]
fn without_a_policy_clocks_are_cancelled_and_with_one_again_they_go_on() {
    let mut desk = Desk::new(target("resolution", "100m", &[]));
    let before = desk.plan.take();
    desk.goes_on(40);
    assert_eq!(desk.cancelled, [Kind::Resolution]);
    assert_eq!(
        (desk.state(Kind::Resolution), desk.rings(40)),
        (Some(State::Cancelled), None)
    );
    assert_eq!(desk.kept.chosen, None);
    desk.goes_on(90);
    assert!(desk.told.is_empty());
    desk.plan = before;
    desk.goes_on(100);
    assert_eq!(desk.elapsed(Kind::Resolution, 100), 40);
    assert_eq!(desk.due(Kind::Resolution), Some(160));
}

#[test]
fn a_target_that_a_policy_drops_cancels_its_clock_only() {
    let both = json!([
        { "clock": "first-reply", "within": { "default": "1h" } },
        { "clock": "resolution", "within": { "default": "1h" } },
    ]);
    let mut desk = Desk::new(both);
    becomes(
        &mut desk,
        10,
        target("resolution", "1h", &[]),
        2,
        "always@1",
    );
    assert_eq!(desk.cancelled, [Kind::FirstReply]);
    assert_eq!(desk.state(Kind::Resolution), Some(State::Running));
}

#[test]
fn a_clock_that_a_policy_brings_later_is_as_if_it_had_been_there() {
    let mut there = Desk::new(target("resolution", "100m", &["customer"]));
    let mut later = Desk::new(target("resolution", "100m", &["customer"]));
    later.kept.clocks.clear();
    let plan = later.plan.take();
    for desk in [&mut there, &mut later] {
        desk.waits(10, "customer");
        desk.turns(50, Standing::Working);
        desk.turns(60, Standing::Solved);
        desk.turns(80, Standing::Working);
    }
    later.plan = plan;
    later.goes_on(160);
    there.goes_on(160);
    assert_eq!(
        later.elapsed(Kind::Resolution, 160),
        there.elapsed(Kind::Resolution, 160)
    );
    assert_eq!(later.due(Kind::Resolution), there.due(Kind::Resolution));
    assert_eq!(
        there.told,
        [
            (Kind::Resolution, 75, 135, false),
            (Kind::Resolution, 100, 160, false)
        ]
    );
    assert_eq!(
        later.told,
        [
            (Kind::Resolution, 75, 135, true),
            (Kind::Resolution, 100, 160, false)
        ]
    );
}

#[test]
fn a_first_reply_that_was_given_is_not_asked_for_by_a_later_policy() {
    let mut desk = Desk::new(target("resolution", "1h", &[]));
    desk.says(5, Said::Agent);
    becomes(
        &mut desk,
        10,
        target("first-reply", "1h", &[]),
        2,
        "always@1",
    );
    assert_eq!(desk.state(Kind::FirstReply), None);
}
