use super::*;

fn at(minute: i64) -> Instant {
    Instant::from_micros(minute * 60_000_000)
}

#[test]
fn what_is_asked_before_the_first_reply_is_answered_by_it() {
    let mut ticket = Progress::new(at(0));
    ticket.begin(at(0));
    ticket.hear(at(5), Said::Customer);
    assert_eq!(ticket.unanswered, None);
    ticket.hear(at(6), Said::Agent);
    assert_eq!(ticket.answered, Some(at(6)));
    ticket.hear(at(8), Said::Customer);
    ticket.hear(at(9), Said::Customer);
    assert_eq!(ticket.unanswered, Some(at(8)), "the oldest counts");
    ticket.hear(at(10), Said::Agent);
    assert_eq!((ticket.unanswered, ticket.told), (None, Some(at(10))));
}

#[test]
fn what_an_agent_says_before_anybody_asked_is_no_first_reply() {
    let mut ticket = Progress::new(at(0));
    ticket.hear(at(1), Said::Agent);
    assert_eq!((ticket.begun, ticket.answered), (None, None));
    ticket.hear(at(2), Said::Customer);
    assert_eq!(ticket.begun, Some(at(2)));
}

#[test]
fn a_solution_answers_what_was_asked() {
    let mut ticket = Progress::new(at(0));
    ticket.begin(at(0));
    ticket.turn(at(3), Standing::Solved);
    assert_eq!(ticket.answered, Some(at(3)));
    ticket.turn(at(4), Standing::Working);
    ticket.hear(at(4), Said::Customer);
    assert_eq!(ticket.unanswered, Some(at(4)));
}

#[test]
fn as_many_changes_as_may_be_are_remembered_and_one_more_takes_the_place_of_the_oldest() {
    let mut ticket = Progress::new(at(0));
    let waits = |minute: i64| Standing::Waiting(minute.to_string());
    for minute in 1..HISTORY_MAX as i64 {
        ticket.turn(at(minute), waits(minute));
    }
    assert_eq!(ticket.history.len(), HISTORY_MAX);
    assert_eq!(ticket.history[0].at, at(0));
    ticket.turn(at(1_000), Standing::Working);
    assert_eq!(ticket.history.len(), HISTORY_MAX);
    assert_eq!(ticket.history[0].at, at(1));
}
