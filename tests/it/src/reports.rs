//! What plugins count, for whoever may see it: numbers that agree with the rows of the database, rights, failures in their place, files.

use crate::desk::{TestDesk, on_both_databases};
use guichet::admin::create_group;
use guichet_core::{
    directory::AgentRole,
    ticket::{Ticket, state::State},
    time::Timestamp,
};
use guichet_expression::{Bindings, Environment, Expression};
use jiff::tz::TimeZone;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::Row;
use std::collections::BTreeMap;

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;

/// Every ticket of the desk, read from its rows by a connection of the test's own.
async fn tickets(desk: &TestDesk) -> Vec<Ticket> {
    let url = desk.desk.settings.place.database_url();
    let sql = "select document from tickets";
    let documents: Vec<String> = match url.starts_with("postgres") {
        true => {
            let pool = sqlx::PgPool::connect(&url).await.unwrap();
            let rows = sqlx::query(sql).fetch_all(&pool).await.unwrap();
            pool.close().await;
            rows.iter().map(|row| row.get(0)).collect()
        }
        false => {
            let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
            let rows = sqlx::query(sql).fetch_all(&pool).await.unwrap();
            pool.close().await;
            rows.iter().map(|row| row.get(0)).collect()
        }
    };
    documents
        .iter()
        .map(|document| serde_json::from_str(document).unwrap())
        .collect()
}

async fn make(desk: &TestDesk, path: &str, wish: Value) -> Value {
    let (status, report) = desk
        .call(Method::POST, &format!("reports/{path}"), Some(wish))
        .await;
    assert_eq!(status, 200, "{path}: {report}");
    report
}

fn table<'a>(report: &'a Value, name: &str) -> &'a Value {
    let tables = report["tables"].as_array().unwrap();
    tables
        .iter()
        .find(|table| table["name"] == name)
        .unwrap_or_else(|| panic!("{name}: {report}"))
}

/// A table's rows by their first cell: its text, or the name of whom it names.
fn rows(report: &Value, name: &str) -> BTreeMap<String, Vec<Value>> {
    let rows = table(report, name)["rows"].as_array().unwrap();
    let of = |row: &Value| {
        let first = &row[0];
        let text = first.as_str().or(first["name"].as_str()).unwrap_or("-");
        (text.to_owned(), row.as_array().unwrap()[1..].to_vec())
    };
    rows.iter().map(of).collect()
}

fn counts(cells: &[Value]) -> Vec<u64> {
    cells.iter().filter_map(Value::as_u64).collect()
}

/// Moves the clock to an instant that is yet to come.
fn move_to(desk: &TestDesk, at: jiff::Timestamp) {
    let by = at.as_millisecond() - desk.clock.now().milliseconds().cast_signed();
    assert!(by >= 0, "{at} is over");
    desk.clock.advance_milliseconds(by);
}

fn now(desk: &TestDesk) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(desk.clock.now().0).unwrap()
}

async fn put(desk: &TestDesk, number: u64, what: &str, wish: Value) {
    let path = format!("tickets/{number}/{what}");
    let (status, answer) = desk.call(Method::PUT, &path, Some(wish)).await;
    assert_eq!(status, 200, "{path}: {answer}");
}

/// Some days of a desk's life: tickets of two groups, three kinds and several priorities, of which some are solved, reopened, put away or merged.
async fn live(desk: &TestDesk, days: u32, per_day: u32) {
    let network = create_group(&desk.desk, desk.tenant.id, "Network", &[desk.admin])
        .await
        .unwrap()
        .id;
    let empty = create_group(&desk.desk, desk.tenant.id, "Workplace", &[])
        .await
        .unwrap()
        .id;
    for index in 0..days * per_day {
        let kind = ["incident", "request", "task"][index as usize % 3];
        let wish = json!({
            "subject": format!("Number {index}"), "text": "Please help.", "requester": { "email": format!("c{}@trade.example", index % 7) },
            "kind": kind, "impact": 1 + index % 3, "urgency": 1 + index % 4,
        });
        let (status, made) = desk.call(Method::POST, "tickets", Some(wish)).await;
        assert_eq!(status, 201, "{made}");
        let number = made["number"].as_u64().unwrap();
        let assigned =
            |assignee: Value, group: Value| json!({ "assignee": assignee, "group": group });
        match index % 5 {
            0 => {
                put(
                    desk,
                    number,
                    "assignment",
                    assigned(json!(desk.admin), json!(network)),
                )
                .await
            }
            1 => {
                put(
                    desk,
                    number,
                    "assignment",
                    assigned(json!(null), json!(empty)),
                )
                .await
            }
            _ => {}
        }
        desk.clock.advance_milliseconds(7 * MINUTE * 1_000);
        match index % 11 {
            0 | 5 | 7 => put(desk, number, "solution", json!({})).await,
            2 => {
                put(desk, number, "solution", json!({})).await;
                let path = format!("tickets/{number}/solution");
                assert_eq!(desk.call(Method::DELETE, &path, None).await.0, 200);
                desk.clock.advance_milliseconds(11 * MINUTE * 1_000);
                if index % 2 == 0 {
                    put(desk, number, "solution", json!({})).await;
                }
            }
            3 => put(desk, number, "pending", json!({ "reason": "the customer" })).await,
            4 if index > 20 => put(desk, number, "deletion", json!({})).await,
            8 if number > 1 => {
                let path = format!("tickets/{number}/merger");
                let (status, answer) = desk
                    .call(Method::PUT, &path, Some(json!({ "into": number - 1 })))
                    .await;
                assert!(matches!(status, 200 | 409), "{answer}");
            }
            _ => {}
        }
        let step = 86_400 / i64::from(per_day) - 9 * MINUTE;
        desk.clock.advance_milliseconds(step * 1_000);
        if index % 20 == 19 {
            desk.settle().await;
        }
    }
    desk.settle().await;
}

fn is_live(ticket: &Ticket) -> bool {
    !matches!(ticket.state, State::Suspended | State::Deleted)
}

fn is_open(ticket: &Ticket) -> bool {
    matches!(ticket.state, State::New | State::Open | State::Pending)
}

/// Whether something happened within the report's range.
fn within(report: &Value, at: Option<Timestamp>) -> bool {
    let edge = |name: &str| guichet::clock::parse_rfc3339(report[name].as_str().unwrap()).unwrap();
    at.is_some_and(|at| edge("from") <= at && at < edge("to"))
}

fn day(at: Timestamp, zone: &str) -> String {
    let at = jiff::Timestamp::from_microsecond(at.0).unwrap();
    at.to_zoned(TimeZone::get(zone).unwrap()).date().to_string()
}

/// The numbers of each day, counted one by one.
fn by_day(report: &Value, tickets: &[Ticket], zone: &str) -> BTreeMap<String, Vec<u64>> {
    let mut days: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for ticket in tickets.iter().filter(|ticket| is_live(ticket)) {
        for (place, at) in [(0, Some(ticket.created_at)), (1, ticket.solved_at)] {
            if let Some(at) = at.filter(|at| within(report, Some(*at))) {
                days.entry(day(at, zone)).or_insert_with(|| vec![0, 0])[place] += 1;
            }
        }
    }
    days
}

/// Whether each row's filter lets exactly so many tickets through as the cells of that row say, together.
fn check_behind(report: &Value, tickets: &[Ticket], name: &str, wanted: impl Fn(&Value) -> u64) {
    let table = table(report, name);
    let bindings = Bindings {
        me: None,
        now: Timestamp(0),
    };
    for (row, behind) in table["rows"]
        .as_array()
        .unwrap()
        .iter()
        .zip(table["behind"].as_array().unwrap())
    {
        let filter =
            Expression::parse(behind.as_str().unwrap(), &Environment::tickets([])).unwrap();
        let found = tickets
            .iter()
            .filter(|ticket| filter.holds(*ticket, &bindings))
            .count();
        assert_eq!(found as u64, wanted(row), "{name}: {row} behind {behind}");
    }
}

on_both_databases! {
    async fn the_standard_reports_agree_with_the_rows_of_the_database_one_by_one(desk) {
        let overview = desk.plugin("overview", json!({})).await;
        desk.plugin("email", json!({})).await;
        live(&desk, 6, 40).await;
        desk.mail(crate::mail::mail("out-of-office.eml")).await;
        let tickets = tickets(&desk).await;
        assert!(tickets.len() > 240 && tickets.iter().any(|ticket| ticket.state == State::Deleted) && tickets.iter().any(|ticket| ticket.state == State::Suspended));
        assert!(tickets.iter().any(|ticket| ticket.merged_into.is_some()) && tickets.iter().any(|ticket| ticket.reopen_count > 0 && ticket.solved_at.is_some()));

        for zone in ["Asia/Shanghai", "America/New_York"] {
            let report = make(&desk, &format!("{overview}/overview"), json!({ "range": "last-7-days", "zone": zone })).await;
            let counted = |counts: &dyn Fn(&Ticket) -> bool| tickets.iter().filter(|ticket| is_live(ticket) && counts(ticket)).count() as u64;
            let solved = |ticket: &Ticket| within(&report, ticket.solved_at);
            let numbers: BTreeMap<_, _> = rows(&report, "numbers").into_iter().map(|(name, cells)| (name, cells[0].as_u64().unwrap())).collect();
            let wanted = [
                ("Created", counted(&|ticket| within(&report, Some(ticket.created_at)))),
                ("Solved", counted(&solved)),
                ("Solved, and reopened before", counted(&|ticket| solved(ticket) && ticket.reopen_count > 0)),
                ("Backlog now", counted(&is_open)),
                ("Backlog of nobody", counted(&|ticket| is_open(ticket) && ticket.assignee.is_none())),
            ];
            assert_eq!(numbers, wanted.map(|(name, count)| (name.to_owned(), count)).into());
            assert!(wanted.iter().all(|(_, count)| *count > 0), "{wanted:?}");

            let days = rows(&report, "days");
            assert_eq!(days.len(), 7, "a day on which nothing happened is there");
            let direct = by_day(&report, &tickets, zone);
            for (day, cells) in &days {
                assert_eq!(counts(cells), direct.get(day).cloned().unwrap_or_else(|| vec![0, 0]), "{zone} {day}");
            }
            check_behind(&report, &tickets, "numbers", |row| row[1].as_u64().unwrap());

            let times = rows(&report, "times");
            let mean = |took: &dyn Fn(&Ticket) -> Option<i64>| {
                let all: Vec<i64> = tickets.iter().filter(|ticket| is_live(ticket)).filter_map(took).collect();
                all.iter().sum::<i64>() as f64 / all.len() as f64 / 1e6
            };
            let now = desk.clock.now().0;
            let solving = mean(&|ticket| ticket.solved_at.filter(|_| solved(ticket)).map(|at| at.0 - ticket.created_at.0));
            let age = mean(&|ticket| is_open(ticket).then(|| now - ticket.created_at.0));
            let told = |name: &str| times[name][0].as_f64().unwrap();
            assert!((told("Mean time to solution") - solving).abs() <= 1.0, "{times:?} {solving}");
            assert!((told("Mean age of the backlog") - age).abs() <= 5.0, "{times:?} {age}");
        }

        let filtered = make(&desk, &format!("{overview}/overview"), json!({ "range": "last-7-days", "filter": "kind == \"task\" || priority == 1" })).await;
        let tasks = tickets.iter().filter(|ticket| is_open(ticket) && (ticket.kind == "task" || ticket.priority() == 1)).count();
        assert_eq!(rows(&filtered, "numbers")["Backlog now"][0], json!(tasks), "a filter narrows every number, and only narrows");
    }

    async fn what_is_counted_by_group_agent_kind_and_age_agrees_with_the_rows_too(desk) {
        let overview = desk.plugin("overview", json!({})).await;
        live(&desk, 5, 24).await;
        let tickets = tickets(&desk).await;
        let people = make(&desk, &format!("{overview}/people"), json!({ "range": "last-7-days" })).await;
        let kinds = make(&desk, &format!("{overview}/kinds"), json!({ "range": "last-7-days", "locale": "zh-CN" })).await;
        let line = |report: &Value, is_in: &dyn Fn(&Ticket) -> bool| -> Vec<u64> {
            let all: Vec<_> = tickets.iter().filter(|ticket| is_live(ticket) && is_in(ticket)).collect();
            let count = |counts: &dyn Fn(&Ticket) -> bool| all.iter().filter(|ticket| counts(ticket)).count() as u64;
            vec![count(&|ticket| within(report, Some(ticket.created_at))), count(&|ticket| within(report, ticket.solved_at)), count(&is_open)]
        };
        let directory = desk.desk.store.tenant(desk.tenant.id).directory().await.unwrap();
        let groups = rows(&people, "group");
        assert_eq!(groups.len(), 3, "two groups, and what is no group's: {groups:?}");
        for group in directory.groups() {
            assert_eq!(counts(&groups[&group.name][..3]), line(&people, &|ticket| ticket.group == Some(group.id)), "{}", group.name);
        }
        assert_eq!(counts(&groups["-"][..3]), line(&people, &|ticket| ticket.group.is_none()));
        let agents = rows(&people, "assignee");
        assert_eq!(counts(&agents["Bo"][..3]), line(&people, &|ticket| ticket.assignee == Some(desk.admin)));
        let reopened = |ticket: &&Ticket| is_live(ticket) && ticket.assignee == Some(desk.admin) && within(&people, ticket.solved_at);
        let (all, again) = (tickets.iter().filter(reopened).count(), tickets.iter().filter(reopened).filter(|ticket| ticket.reopen_count > 0).count());
        let share = agents["Bo"][4].as_f64().unwrap();
        assert!((share - again as f64 * 100.0 / all as f64).abs() < 0.06, "{share}: {again} of {all}");
        check_behind(&people, &tickets, "group", |row| {
            let is_in = |ticket: &&Ticket| is_live(ticket) && json!(ticket.group) == row[0]["id"] && (is_open(ticket) || within(&people, Some(ticket.created_at)) || within(&people, ticket.solved_at));
            tickets.iter().filter(is_in).count() as u64
        });

        let by_kind = rows(&kinds, "kind");
        assert_eq!(table(&kinds, "kind")["columns"][1]["title"], "新建");
        for (kind, title) in [("incident", "事件"), ("request", "请求"), ("task", "任务")] {
            assert_eq!(counts(&by_kind[title][..3]), line(&kinds, &|ticket| ticket.kind == kind), "{kind}");
        }
        let priorities = rows(&kinds, "priority");
        for (priority, title) in [(1, "1 紧急"), (2, "2 高"), (3, "3 中"), (4, "4 低")] {
            assert_eq!(counts(&priorities[title][..3]), line(&kinds, &|ticket| ticket.priority() == priority), "{priority}");
        }

        let ages = make(&desk, &format!("{overview}/ages"), json!({})).await;
        let now = desk.clock.now().0;
        let classes = [("Less than a day", 0, 24), ("1 to 3 days", 24, 72), ("3 to 7 days", 72, 168), ("7 to 30 days", 168, 720), ("30 days or more", 720, i64::MAX / 3_600_000_000)];
        let found = rows(&ages, "ages");
        for (title, from, to) in classes {
            let in_class = |ticket: &&Ticket| is_open(ticket) && (from * 3_600_000_000..to * 3_600_000_000).contains(&(now - ticket.created_at.0));
            let count = |state| tickets.iter().filter(in_class).filter(|ticket| ticket.state == state).count() as u64;
            let states = [count(State::New), count(State::Open), count(State::Pending)];
            assert_eq!(counts(&found[title]), [&states[..], &[states.iter().sum()]].concat(), "{title}");
        }
        let oldest = table(&ages, "oldest")["rows"].as_array().unwrap();
        let mut open: Vec<_> = tickets.iter().filter(|ticket| is_open(ticket)).collect();
        open.sort_by_key(|ticket| (ticket.created_at, ticket.id));
        let numbers: Vec<_> = open.iter().take(10).map(|ticket| ticket.number.unwrap()).collect();
        assert_eq!(oldest.iter().map(|row| row[0].as_u64().unwrap()).collect::<Vec<_>>(), numbers);
    }

    async fn a_minute_before_midnight_is_yesterday_in_the_zone_that_is_asked_for(desk) {
        let overview = desk.plugin("overview", json!({})).await;
        let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
        let tomorrow = now(&desk).to_zoned(shanghai.clone()).date().tomorrow().unwrap();
        let midnight = tomorrow.to_zoned(shanghai).unwrap().timestamp();
        move_to(&desk, midnight.checked_sub(jiff::SignedDuration::from_mins(1)).unwrap());
        desk.ticket("Before midnight").await;
        move_to(&desk, midnight);
        desk.ticket("After midnight").await;
        desk.ticket("After midnight, too").await;
        let (yesterday, today) = (tomorrow.yesterday().unwrap().to_string(), tomorrow.to_string());
        let in_zone = async |zone: &str, range: &str| rows(&make(&desk, &format!("{overview}/overview"), json!({ "range": range, "zone": zone })).await, "days");
        let days = in_zone("Asia/Shanghai", "last-7-days").await;
        assert_eq!((counts(&days[&yesterday]), counts(&days[&today])), (vec![1, 0], vec![2, 0]));
        assert_eq!(counts(&in_zone("Asia/Shanghai", "today").await[&today]), [2, 0]);
        // It is still the day before in London.
        assert_eq!(counts(&in_zone("Europe/London", "today").await[&yesterday]), [3, 0]);
    }

    async fn the_night_on_which_clocks_change_loses_no_ticket_and_counts_none_twice(desk) {
        let overview = desk.plugin("overview", json!({})).await;
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        // The next two changes: one makes a day of 23 hours, the other one of 25.
        let mut changes = berlin.following(now(&desk)).map(|change| change.timestamp()).take(2).collect::<Vec<_>>();
        changes.sort();
        for change in changes {
            let day = change.to_zoned(berlin.clone()).date();
            let (begun, ended) = (day.to_zoned(berlin.clone()).unwrap().timestamp(), day.tomorrow().unwrap().to_zoned(berlin.clone()).unwrap().timestamp());
            let minutes = |count: i64| jiff::SignedDuration::from_mins(count);
            for at in [begun - minutes(30), begun + minutes(1), change - minutes(1), change + minutes(1), change + minutes(61), ended - minutes(1), ended + minutes(1)] {
                move_to(&desk, at);
                desk.ticket("By night").await;
            }
            desk.settle().await;
            let wish = json!({ "from": (begun - minutes(24 * 60)).to_string(), "to": (ended + minutes(24 * 60)).to_string(), "zone": "Europe/Berlin" });
            let report = make(&desk, &format!("{overview}/overview"), wish).await;
            let days = rows(&report, "days");
            let of = |day: jiff::civil::Date| counts(&days[&day.to_string()])[0];
            assert_eq!((of(day.yesterday().unwrap()), of(day), of(day.tomorrow().unwrap())), (1, 5, 1), "{change}");
            let hours = (ended.as_second() - begun.as_second()) / HOUR;
            assert!(matches!(hours, 23 | 25), "{hours}");
            check_behind(&report, &tickets(&desk).await, "days", |row| row[1].as_u64().unwrap() + row[2].as_u64().unwrap());
        }
    }

    async fn a_report_counts_what_its_viewer_may_see_and_names_it(desk) {
        let overview = desk.plugin("overview", json!({})).await;
        let network = create_group(&desk.desk, desk.tenant.id, "Network", &[desk.admin]).await.unwrap().id;
        let finance = create_group(&desk.desk, desk.tenant.id, "Finance", &[]).await.unwrap().id;
        for (subject, group) in [("VPN", network), ("Salaries", finance), ("Bonuses", finance)] {
            let number = desk.ticket(subject).await;
            put(&desk, number, "assignment", json!({ "assignee": null, "group": group })).await;
        }
        let (al, token) = desk.agent("Al", AgentRole::Agent).await;
        assert_eq!(desk.call(Method::PUT, &format!("groups/{finance}/members/{al}"), Some(json!({ "access": "none" }))).await.0, 204);
        let ask = async |token: &str| {
            let (status, report) = desk.call_as(token, Method::POST, &format!("reports/{overview}/people"), Some(json!({ "range": "today" }))).await;
            assert_eq!(status, 200, "{report}");
            rows(&report, "group").into_iter().map(|(name, cells)| (name, cells[0].as_u64().unwrap())).collect::<Vec<_>>()
        };
        assert_eq!(ask(&desk.token).await, [("Finance".to_owned(), 2), ("Network".to_owned(), 1)]);
        assert_eq!(ask(&token).await, [("Network".to_owned(), 1)]);
        let (status, by_me) = desk.call_as(&token, Method::POST, &format!("reports/{overview}/overview"), Some(json!({ "filter": "assignee == me" }))).await;
        assert_eq!((status, &rows(&by_me, "numbers")["Backlog now"][0]), (200, &json!(0)), "`me` is the viewer");

        let (_, helper) = desk.agent("Hal", AgentRole::Helper).await;
        assert_eq!(desk.call_as(&helper, Method::GET, "reports", None).await.0, 403);
        assert_eq!(desk.call_as(&helper, Method::POST, &format!("reports/{overview}/people"), Some(json!({}))).await.0, 403);
    }

    async fn reports_of_enabled_plugins_are_listed_with_their_titles_and_parameters(desk) {
        let overview = desk.plugin("overview", json!({})).await;
        let declared = "[[reports]]\nname = \"echo\"\ntitle.en = \"Echo\"\nparameters.properties.top = { type = \"integer\", minimum = 1, default = 3 }\n";
        let guest = desk.guest_with("counts", json!({ "deed": "log" }), declared).await;
        let listed = desk.get("reports").await;
        let names: Vec<_> = listed["items"].as_array().unwrap().iter().map(|one| format!("{}/{}", one["plugin"].as_str().unwrap(), one["name"].as_str().unwrap())).collect();
        assert_eq!(names, ["guichet/overview/overview", "guichet/overview/people", "guichet/overview/kinds", "guichet/overview/ages", "tests/counts/echo"]);
        assert_eq!((&listed["items"][0]["title"]["zh-CN"], &listed["items"][0]["install"]), (&json!("概览"), &json!(overview)));
        assert_eq!(listed["items"][4]["parameters"]["properties"]["top"]["default"], 3);

        let create = create_group(&desk.desk, desk.tenant.id, "Network", &[]).await.unwrap();
        desk.ticket("One").await;
        let echo = format!("{guest}/echo");
        let report = make(&desk, &echo, json!({ "from": "2026-11-01T00:00:00+08:00", "to": "2026-11-02T00:00:00Z", "locale": "zh-CN" })).await;
        let row = &table(&report, "t")["rows"][0];
        let asked: Value = serde_json::from_str(row[0].as_str().unwrap()).unwrap();
        assert_eq!(asked, json!({ "from": "2026-10-31T16:00:00Z", "to": "2026-11-02T00:00:00Z", "zone": "Asia/Shanghai", "locale": "zh-CN", "filter": "", "top": 3 }));
        assert_eq!(*row, json!([row[0], 1, { "id": create.id, "name": "Network" }, 12.5, [1, 2]]));
        let wrong = async |wish: Value| desk.call(Method::POST, &format!("reports/{echo}"), Some(wish)).await;
        for (wish, says) in [
            (json!({ "range": "fortnight" }), "last-7-days"),
            (json!({ "from": "2026-11-01T00:00:00Z" }), "both `from` and `to`"),
            (json!({ "zone": "Moon" }), "no time zone `Moon`"),
            (json!({ "filter": "colour == 3" }), "there is no `colour` here"),
            (json!({ "parameters": { "top": 0 } }), "`parameters/top`"),
        ] {
            let (status, problem) = wrong(wish.clone()).await;
            assert_eq!(status, 422, "{wish}: {problem}");
            assert!(problem["detail"].as_str().unwrap().contains(says), "{problem}");
        }

        assert_eq!(desk.call(Method::DELETE, &format!("plugins/{guest}/enablement"), None).await.0, 204);
        assert_eq!(desk.get("reports").await["items"].as_array().unwrap().len(), 4);
        for path in [echo.as_str(), &format!("{overview}/nothing"), &format!("{}/overview", uuid::Uuid::nil())] {
            assert_eq!(desk.call(Method::POST, &format!("reports/{path}"), Some(json!({}))).await.0, 404, "{path}");
        }
    }

    async fn a_report_that_fails_is_told_in_its_place_and_among_the_runs_and_writes_nothing(desk) {
        let names = ["write", "misfit", "uneven", "large", "fail", "trap", "loop"];
        let declared: String = names.iter().map(|name| format!("[[reports]]\nname = \"{name}\"\ntitle.en = \"{name}\"\n")).collect();
        let guest = desk.guest_with("reporter", json!({ "deed": "log" }), &declared).await;
        desk.ticket("Quiet").await;
        desk.settle().await;
        let report = make(&desk, &format!("{guest}/write"), json!({})).await;
        let told = table(&report, "t")["rows"][0][0].as_str().unwrap().to_owned();
        assert!(told.contains("look, and write nothing"), "{told}");
        assert_eq!(desk.get("tickets/1").await["tags"], json!([]));
        for (name, outcome, says, remedy) in [
            ("misfit", "plugin-error", "something that is no integer", "runs"),
            ("uneven", "plugin-error", "a row of 1 cells, and 2 columns", "runs"),
            ("large", "limit", "limit: an answer of more than", "shorter range"),
            ("fail", "plugin-error", "as told", "runs"),
            ("trap", "trap", "trap", "runs"),
            ("loop", "cpu", "cpu", "shorter range"),
        ] {
            let (status, problem) = desk.call(Method::POST, &format!("reports/{guest}/{name}"), Some(json!({}))).await;
            assert_eq!(status, 502, "{name}: {problem}");
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains("tests/reporter") && detail.contains(says) && detail.contains(remedy), "{detail}");
            let runs = desk.get(&format!("plugins/{guest}/runs")).await;
            assert_eq!((&runs["items"][0]["point"], &runs["items"][0]["outcome"]), (&json!("report"), &json!(outcome)), "{name}");
        }
        assert_eq!(make(&desk, &format!("{guest}/write"), json!({})).await["plugin"], "tests/reporter", "the next one is made as if nothing had been");
    }

    async fn a_table_is_a_file_that_no_spreadsheet_computes(desk) {
        let declared = "[[reports]]\nname = \"formula\"\ntitle.en = \"Formula\"\n";
        let guest = desk.guest_with("sheets", json!({ "deed": "log" }), declared).await;
        let overview = desk.plugin("overview", json!({})).await;
        let url = |path: &str| format!("reports/{path}");
        let answer = desk.request(Method::POST, &url(&format!("{guest}/formula?format=csv&table=t"))).json(&json!({})).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
        assert_eq!(answer.headers()["content-disposition"], "attachment; filename=\"formula-t.csv\"");
        assert_eq!(answer.text().await.unwrap(), "\u{feff}\"'=title\",n\r\n\"'=1+1, \"\"so\"\"\",-5\r\n");
        desk.ticket("=HYPERLINK(\"https://spy.example\")").await;
        let answer = desk.request(Method::POST, &url(&format!("{overview}/ages?table=oldest"))).header("accept", "text/csv").json(&json!({ "locale": "zh-CN" })).send().await.unwrap();
        let text = answer.text().await.unwrap();
        assert!(text.starts_with("\u{feff}编号,主题,状态,优先级,组,客服,时长\r\n1,\"'=HYPERLINK(\"\"https://spy.example\"\")\",新建,"), "{text}");
        assert_eq!(desk.call(Method::POST, &url(&format!("{overview}/ages?format=csv&table=none")), Some(json!({}))).await.0, 404);
        assert_eq!(desk.call(Method::POST, &url(&format!("{overview}/ages?format=xml")), Some(json!({}))).await.0, 400);
    }
}
