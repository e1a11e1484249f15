//! What admins see beside the settings: each mailbox, when it was last looked into, and by which server its answers go out.

use crate::{
    collect,
    settings::{Mailbox, Settings},
};
use guichet_sdk::{
    Error, clock, typed_settings,
    view::{Cell, Column, Row, Tone, View, badge, empty, table},
};

/// The view, for people who read that language.
pub(crate) fn mailboxes(locale: &str) -> Result<String, Error> {
    let settings: Settings = typed_settings()?;
    let now = clock::now();
    let mut looks = Vec::new();
    for mailbox in &settings.mailboxes {
        let looked_at = collect::looked_at(mailbox)?;
        let is_late = collect::is_late(&settings, looked_at, now);
        looks.push(Look {
            since: looked_at.map(|at| seconds(now.saturating_sub(at))),
            is_late,
        });
    }
    let view = view(&settings.mailboxes, &looks, locale.starts_with("zh"));
    serde_json::to_string(&view).map_err(|error| Error::Invalid(error.to_string()))
}

/// The last look into a mailbox.
struct Look {
    /// Seconds; nothing where there was none.
    since: Option<u32>,
    is_late: bool,
}

fn seconds(microseconds: u64) -> u32 {
    u32::try_from(microseconds / 1_000_000).unwrap_or(u32::MAX)
}

fn view(mailboxes: &[Mailbox], looks: &[Look], is_chinese: bool) -> View {
    let say = |english: &'static str, chinese: &'static str| match is_chinese {
        true => chinese,
        false => english,
    };
    let view = View::new(say("Mailboxes", "邮箱"));
    if mailboxes.is_empty() {
        let none = empty(say("No mailbox yet", "尚无邮箱")).text(say(
            "Add one in the settings: then mails are fetched from it, and answers go out in its name.",
            "请在设置中添加邮箱，之后将从中收取邮件，并以其名义发送答复。",
        ));
        return view.block(none);
    }
    let columns = [
        Column::text("address", say("Mailbox", "邮箱")).sortable(),
        Column::text("incoming", say("Mails come from", "收信方式")),
        Column::duration("since", say("Last look, ago", "距上次收取")),
        Column::badge("state", say("State", "状态")),
        Column::text("outgoing", say("Answers go out by", "发信服务器")),
    ];
    let row = |(mailbox, look): (&Mailbox, &Look)| {
        let (incoming, outgoing) = (&mailbox.incoming.host, &mailbox.outgoing.host);
        let state = match (incoming.is_empty(), look.since) {
            (true, _) => badge(say("over HTTP", "通过 HTTP")),
            (false, None) => badge(say("not looked into yet", "尚未收取")).tone(Tone::Wait),
            (false, Some(_)) if look.is_late => badge(say(
                "late: see the jobs and runs",
                "已超时：请查看任务与运行记录",
            ))
            .tone(Tone::Bad),
            (false, Some(_)) => badge(say("in time", "正常")).tone(Tone::Good),
        };
        let server = |host: &String, none: &str| match host.is_empty() {
            true => Cell::from(none),
            false => Cell::from(host.as_str()),
        };
        Row::new([
            Cell::from(mailbox.address.as_str()),
            server(incoming, say("whoever posts them", "由程序提交")),
            look.since.into(),
            state.into(),
            server(outgoing, say("none: answers wait", "未设置：答复等待发送")),
        ])
    };
    let rows = mailboxes.iter().zip(looks).map(row);
    view.block(table(columns).rows(rows))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Incoming, Outgoing};

    fn mailbox(incoming: &str, outgoing: &str) -> Mailbox {
        Mailbox {
            address: "support@desk.example".to_owned(),
            incoming: Incoming {
                host: incoming.to_owned(),
                ..Incoming::default()
            },
            outgoing: Outgoing {
                host: outgoing.to_owned(),
                ..Outgoing::default()
            },
            ..Mailbox::default()
        }
    }

    fn look(since: Option<u32>, is_late: bool) -> Look {
        Look { since, is_late }
    }

    #[test]
    fn a_mailbox_that_is_late_says_so_and_one_without_servers_says_what_comes_of_that() {
        let all = [
            mailbox("imap.desk.example", "smtp.desk.example"),
            mailbox("imap.desk.example", ""),
            mailbox("imap.desk.example", "smtp.desk.example"),
            mailbox("", ""),
        ];
        let looks = [
            look(Some(12), false),
            look(Some(4_000), true),
            look(None, true),
            look(None, true),
        ];
        for is_chinese in [false, true] {
            let view = view(&all, &looks, is_chinese);
            view.check().unwrap();
            let json = serde_json::to_value(&view).unwrap();
            let rows = json["blocks"][0]["rows"].as_array().unwrap();
            assert_eq!(rows.len(), all.len());
        }
        let json = serde_json::to_string(&view(&all, &looks, false)).unwrap();
        for said in [
            "in time",
            "late: see the jobs and runs",
            "not looked into yet",
            "over HTTP",
            "none: answers wait",
        ] {
            assert!(json.contains(&format!("\"{said}\"")), "{said}");
        }
    }

    #[test]
    fn without_mailboxes_it_says_what_to_do() {
        let view = view(&[], &[], false);
        view.check().unwrap();
        assert!(
            serde_json::to_string(&view)
                .unwrap()
                .contains("Add one in the settings")
        );
    }
}
