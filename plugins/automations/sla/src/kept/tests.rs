use super::*;
use guichet_calendar::{Calendar, Micros, Terms};

#[test]
fn what_lives_is_found_by_policy_and_calendar_and_what_has_ended_is_not() {
    let mut kept = Kept::new(Progress::new(Instant::FIRST));
    let terms = Terms::new("gold@3", "cn@7", Micros::from_minutes(60));
    let mut clock = Clock::new(terms).unwrap();
    clock.start(Instant::FIRST).unwrap();
    kept.clocks.insert(Kind::Resolution, clock);
    kept.chosen = Some(Chosen {
        id: "gold".to_owned(),
        version: 3,
        priority: 3,
    });
    let json = |kept: &Kept| -> serde_json::Value {
        serde_json::from_str(&kept.write().unwrap()).unwrap()
    };
    let found = json(&kept);
    assert_eq!(found["live"], true);
    assert_eq!(found["policy"], "gold");
    assert_eq!(found["calendars"], serde_json::json!(["cn"]));
    assert_eq!(Kept::read(&found.to_string()).unwrap(), kept);
    let clock = kept.clocks.get_mut(&Kind::Resolution).unwrap();
    clock
        .stop(Calendar::always(), Instant::from_micros(1))
        .unwrap();
    let found = json(&kept);
    assert_eq!(found["live"], false);
    assert_eq!(found["policy"], serde_json::Value::Null);
    assert_eq!(found["calendars"], serde_json::json!([]));
}
