use super::*;

#[test]
fn a_first_reply_ends_with_the_first_public_word_of_an_agent_and_comes_once() {
    let mut desk = Desk::new(target("first-reply", "1h", &[]));
    desk.says(10, Said::Customer);
    assert_eq!(
        desk.due(Kind::FirstReply),
        Some(60),
        "more questions do not restart it"
    );
    desk.says(30, Said::Agent);
    assert_eq!(desk.state(Kind::FirstReply), Some(State::Met));
    desk.says(40, Said::Customer);
    desk.says(200, Said::Agent);
    assert_eq!(desk.clock(Kind::FirstReply).cycle(), 1);
    assert_eq!(desk.elapsed(Kind::FirstReply, 300), 30);
    assert!(desk.told.is_empty());
}

#[test]
fn a_ticket_that_an_agent_opened_owes_a_first_reply_once_the_customer_asks() {
    let mut desk = Desk::by_agent(target("first-reply", "1h", &[]));
    desk.says(5, Said::Agent);
    assert_eq!(desk.state(Kind::FirstReply), Some(State::Waiting));
    desk.says(20, Said::Customer);
    assert_eq!(desk.due(Kind::FirstReply), Some(80));
    desk.says(90, Said::Agent);
    assert_eq!(desk.state(Kind::FirstReply), Some(State::Missed));
    let wanted = [
        (Kind::FirstReply, 75, 65, false),
        (Kind::FirstReply, 100, 80, false),
    ];
    assert_eq!(desk.told, wanted);
}

#[test]
fn a_next_reply_begins_with_the_oldest_question_and_anew_after_each_answer() {
    let mut desk = Desk::new(target("next-reply", "1h", &[]));
    assert_eq!(
        desk.state(Kind::NextReply),
        None,
        "the first reply covers the first question"
    );
    desk.says(10, Said::Agent);
    desk.says(20, Said::Customer);
    desk.says(50, Said::Customer);
    assert_eq!(desk.due(Kind::NextReply), Some(80));
    desk.says(70, Said::Agent);
    assert_eq!(desk.state(Kind::NextReply), Some(State::Met));
    desk.says(75, Said::Agent);
    desk.says(100, Said::Customer);
    assert_eq!(desk.clock(Kind::NextReply).cycle(), 2);
    assert_eq!(desk.due(Kind::NextReply), Some(160));
    desk.goes_on(160);
    let told: Vec<_> = desk.told.iter().map(|told| (told.1, told.2)).collect();
    assert_eq!(
        told,
        [(75, 65), (75, 145), (100, 160)],
        "each mark once a cycle"
    );
}

#[test]
fn an_update_is_owed_after_each_answer_until_the_ticket_is_solved() {
    let mut desk = Desk::new(target("update", "1h", &[]));
    assert_eq!(desk.state(Kind::Update), None);
    desk.says(10, Said::Agent);
    assert_eq!(desk.due(Kind::Update), Some(70));
    desk.says(20, Said::Customer);
    desk.says(40, Said::Agent);
    assert_eq!(
        (desk.clock(Kind::Update).cycle(), desk.due(Kind::Update)),
        (2, Some(100))
    );
    desk.turns(50, Standing::Solved);
    assert_eq!(desk.state(Kind::Update), Some(State::Met));
    desk.says(55, Said::Agent);
    assert_eq!(
        desk.state(Kind::Update),
        Some(State::Met),
        "of what is solved nobody is to be told"
    );
    desk.turns(60, Standing::Working);
    desk.says(65, Said::Agent);
    assert_eq!(
        (desk.clock(Kind::Update).cycle(), desk.due(Kind::Update)),
        (3, Some(125))
    );
}

#[test]
fn a_resolution_pauses_for_its_reasons_and_goes_on_where_it_was_when_reopened() {
    let mut desk = Desk::new(target("resolution", "100m", &["customer"]));
    desk.waits(10, "customer");
    assert_eq!(
        (desk.state(Kind::Resolution), desk.rings(10)),
        (Some(State::Paused), None)
    );
    desk.waits(20, "supplier");
    assert_eq!(
        desk.due(Kind::Resolution),
        Some(110),
        "it does not pause for that"
    );
    desk.turns(40, Standing::Working);
    desk.turns(50, Standing::Solved);
    assert_eq!(desk.state(Kind::Resolution), Some(State::Met));
    assert_eq!(desk.elapsed(Kind::Resolution, 500), 40);
    desk.turns(1_000, Standing::Working);
    assert_eq!(desk.due(Kind::Resolution), Some(1_060));
    assert_eq!(desk.clock(Kind::Resolution).cycle(), 1);
}

#[test]
fn agents_work_pauses_whatever_a_ticket_waits_for() {
    let mut desk = Desk::new(target("work", "100m", &[]));
    desk.waits(10, "supplier");
    desk.turns(70, Standing::Working);
    assert_eq!(desk.due(Kind::Work), Some(160));
}

#[test]
fn a_solution_ends_every_clock_that_was_begun() {
    let desk = json!([
        { "clock": "first-reply", "within": { "default": "1h" } },
        { "clock": "resolution", "within": { "default": "1h" } },
        { "clock": "work", "within": { "default": "1h" } },
    ]);
    let mut desk = Desk::new(desk);
    desk.turns(30, Standing::Solved);
    assert_eq!(desk.kept.live().count(), 0);
    assert_eq!(desk.state(Kind::FirstReply), Some(State::Met));
    desk.turns(40, Standing::Working);
    assert_eq!(
        desk.state(Kind::FirstReply),
        Some(State::Met),
        "it comes once"
    );
    assert_eq!(desk.state(Kind::Resolution), Some(State::Running));
}

#[test]
fn a_clock_that_begins_while_the_ticket_waits_is_paused_from_its_beginning() {
    let mut desk = Desk::new(target("update", "1h", &["*"]));
    desk.waits(5, "customer");
    desk.says(10, Said::Agent);
    assert_eq!(desk.state(Kind::Update), Some(State::Paused));
    desk.turns(100, Standing::Working);
    assert_eq!(desk.due(Kind::Update), Some(160));
}

#[test]
fn what_reopens_and_asks_at_once_does_both() {
    let both = json!([
        { "clock": "next-reply", "within": { "default": "1h" } },
        { "clock": "resolution", "within": { "default": "10h" } },
    ]);
    let mut desk = Desk::new(both);
    desk.says(10, Said::Agent);
    desk.turns(20, Standing::Solved);
    let answer = Happened {
        standing: Some(Standing::Working),
        said: Some(Said::Customer),
        ..Happened::nothing(at(30))
    };
    desk.happens(&answer);
    assert_eq!(desk.due(Kind::NextReply), Some(90));
    assert_eq!(desk.due(Kind::Resolution), Some(610));
}
