use super::*;
use guichet_sdk::records::Document;

fn document(key: &str) -> Document {
    Document {
        key: key.to_owned(),
        body: "1".to_owned(),
        version: 1,
        updated_at: 0,
        extra: Vec::new(),
    }
}

#[test]
fn what_the_host_says_of_a_page_is_said_on_and_no_part_is_taken_for_all() {
    for error in [
        Error::Unavailable("not now".to_owned()),
        Error::Limit("too much".to_owned()),
    ] {
        for fails_at in [1, 2] {
            let mut pages = 0;
            let answer = gather::<u32>(POLICIES, Range::all(), |_| {
                pages += 1;
                match pages == fails_at {
                    true => Err(error.clone()),
                    false => Ok(Documents {
                        items: vec![document("gold")],
                        next: Some("next".to_owned()),
                        extra: Vec::new(),
                    }),
                }
            });
            let (told, wanted) = (answer.unwrap_err().to_string(), error.to_string());
            assert_eq!(told, wanted);
        }
    }
}

#[test]
fn page_by_page_all_are_gathered() {
    let mut pages = vec![("silver", None), ("gold", Some("next"))];
    let all = gather::<u32>(POLICIES, Range::all(), |range| {
        let (key, next) = pages.pop().unwrap();
        assert_eq!(range.cursor.is_some(), key == "silver");
        Ok(Documents {
            items: vec![document(key)],
            next: next.map(str::to_owned),
            extra: Vec::new(),
        })
    });
    let keys: Vec<_> = all.unwrap().into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["gold", "silver"]);
}

#[test]
fn clocks_for_which_there_is_no_room_are_told_of_once_and_stop_nothing() {
    let mut told = Vec::new();
    let full = Err(Error::Limit("full".to_owned()));
    assert!(unless_full(full, |limit| told.push(limit.to_owned())).is_ok());
    assert_eq!(told, ["full"]);
    let late = Err(Error::Conflict("late".to_owned()));
    assert!(unless_full(late, |_| panic!("this is no bound")).is_err());
    assert!(unless_full(Ok(()), |_| panic!("nothing is wrong")).is_ok());
}
