//! Presets, there and back.

use super::*;
use crate::desk::{
    Strategy,
    choice::{Asked, Turn},
};
use proptest::prelude::*;

fn top(entries: &[(&str, &str)]) -> BTreeMap<String, Top> {
    let one = |(id, group): &(&str, &str)| {
        let title = Texts::new(*id, "");
        let group = (*group).to_owned();
        ((*id).to_owned(), Top { title, group })
    };
    entries.iter().map(one).collect()
}

fn it() -> BTreeMap<String, Top> {
    top(&[("business", ""), ("cloud", "ops"), ("end-devices", "field")])
}

#[test]
fn each_preset_is_what_it_makes() {
    for preset in Preset::ALL {
        let model = preset.apply(&Desks::default(), &it(), "front").unwrap();
        assert_eq!(Preset::of(&model, &it()), Some(preset));
        assert_eq!(model.central().unwrap().1.group, "front");
    }
}

#[test]
fn each_lands_a_request_at_its_desk() {
    for (preset, turn, group) in [
        (Preset::Central, Turn::New, "front"),
        (Preset::Central, Turn::Later, "front"),
        (Preset::Divided, Turn::New, "ops"),
        (Preset::Combined, Turn::New, "front"),
        (Preset::Combined, Turn::Later, "ops"),
    ] {
        let model = preset.apply(&Desks::default(), &it(), "front").unwrap();
        let asked = Asked {
            path: vec!["cloud".to_owned(), "mail".to_owned()],
            ..Asked::default()
        };
        let (_, desk) = model.choose(&asked, turn).unwrap();
        assert_eq!(desk.group, group, "{preset:?} {turn:?}");
    }
}

#[test]
fn an_entry_without_a_group_is_answered_by_the_central_one() {
    let model = Preset::Divided
        .apply(&Desks::default(), &it(), "front")
        .unwrap();
    assert_eq!(model.0["business"].group, "front");
    assert_eq!(model.0["cloud"].group, "ops");
}

#[test]
fn without_any_group_nothing_is_made() {
    let refused = Preset::Central.apply(&Desks::default(), &it(), "");
    assert_eq!(refused, Err(Refused::NoGroup));
}

#[test]
fn a_model_that_was_changed_by_hand_equals_none_and_again_one_when_it_is_changed_back() {
    let made = Preset::Divided
        .apply(&Desks::default(), &it(), "front")
        .unwrap();
    let mut changed = made.clone();
    changed.0.get_mut("cloud").unwrap().covers.entries = vec!["business".to_owned()];
    assert_eq!(Preset::of(&changed, &it()), None);
    assert_eq!(Preset::of(&made, &top(&[("cloud", "")])), None);
    changed.0.get_mut("cloud").unwrap().covers.entries = vec!["cloud".to_owned()];
    assert_eq!(Preset::of(&changed, &it()), Some(Preset::Divided));
}

#[test]
fn an_entry_called_as_the_central_desk_has_a_desk_beside_it() {
    let entries = top(&[("central", ""), ("cloud", "")]);
    for preset in Preset::ALL {
        let model = preset.apply(&Desks::default(), &entries, "g").unwrap();
        assert_eq!(Preset::of(&model, &entries), Some(preset));
    }
}

proptest! {
    #[test]
    fn what_an_admin_set_outlives_any_presets(names in proptest::collection::vec(0usize..3, 1..8), minutes in 0u32..1_000) {
        let mut model = Preset::Divided.apply(&Desks::default(), &it(), "front").unwrap();
        let cloud = model.0.get_mut("cloud").unwrap();
        (cloud.strategy, cloud.silent_minutes) = (Strategy::Turns, minutes);
        let before = model.clone();
        for index in names {
            let preset = Preset::ALL[index];
            model = preset.apply(&model, &it(), "other").unwrap();
            prop_assert_eq!(Preset::of(&model, &it()), Some(preset));
            prop_assert_eq!(preset.apply(&model, &it(), "other").unwrap(), model.clone());
        }
        prop_assert_eq!(Preset::Divided.apply(&model, &it(), "").unwrap(), before);
    }
}
