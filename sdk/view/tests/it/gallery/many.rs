//! What is many.

use super::Say;
use guichet_view::{
    Action, BoardColumn, Card, Cell, Chart, ChartKind, Column, Go, Row, Tone, View, badge, board,
    button, cells, chart, table,
};
use serde_json::json;

pub(crate) fn examples(say: Say) -> Vec<(&'static str, View)> {
    vec![
        ("table", tables(say)),
        ("board", View::default().block(work(say))),
        ("chart", charts(say)),
    ]
}

fn tables(say: Say) -> View {
    let columns = || {
        [
            Column::text("no", say("No", "单号")).sortable(),
            Column::badge("state", say("State", "状态")),
            Column::ticket("ticket", say("Ticket", "工单")).sortable(),
            Column::number("weight", say("Weight", "重量")).sortable(),
            Column::integer("pieces", say("Pieces", "件数")).sortable(),
            Column::percent("share", say("Share", "占比")),
            Column::duration("underway", say("On its way", "在途")).sortable(),
            Column::instant("since", say("Since", "开始时间")).sortable(),
        ]
    };
    let state = |number: u32| match number % 3 {
        0 => Cell::badge(say("Lost", "已丢失"), Tone::Bad),
        1 => Cell::badge(say("Delivered", "已送达"), Tone::Good),
        _ => Cell::from(say("Registered", "已登记")),
    };
    let row = |number: u32| {
        Row::from(cells![
            format!("PX-{number:04}"),
            state(number),
            (!number.is_multiple_of(4)).then_some(number),
            f64::from(number) * 1.25,
            number * 1_000,
            f64::from(number * 7 % 100),
            number * 4_211,
            format!("2026-03-{:02}T09:30:00Z", number % 28 + 1),
        ])
    };
    let remind = || {
        Action::new("remind").confirm(
            say("Remind the carrier?", "催促承运商？"),
            say("A mail goes out at once.", "邮件将立即发出。"),
        )
    };
    let whole = table(columns())
        .title(say("Parcels", "包裹"))
        .rows((1..=12).map(|number| {
            row(number).button(
                button(say("Remind", "催促")).action(remind().input(json!({ "parcel": number }))),
            )
        }))
        .rows_per_page(5)
        .sorted("no", false);
    let paged = table(columns().into_iter().take(3))
        .title(say("Returns, a page at a time", "退件（逐页加载）"))
        .rows((1..=3).map(|number| {
            Row::new(row(number).cells.into_iter().take(3)).go(Go::ticket(number.into()))
        }))
        .page(
            1,
            4,
            Action::new("returns").input(json!({ "carrier": "dpx" })),
        );
    View::default().block(whole).block(paged)
}

fn work(say: Say) -> guichet_view::Board {
    board(say("Claims", "索赔"))
        .on_move(Action::new("move").input(json!({ "board": "claims" })))
        .column(
            BoardColumn::new("new", say("New", "新建"))
                .limit(2)
                .card(
                    Card::new("c1", say("A crate came empty", "收到空箱"))
                        .text(say("12 kg, insured", "12 千克，已保价"))
                        .badge(badge(say("Urgent", "紧急")).tone(Tone::Bad))
                        .go(Go::ticket(7)),
                )
                .card(Card::new("c2", say("Wrong address", "地址错误")).badge(badge("DPX")))
                .card(Card::new("c3", say("Wet box", "箱体受潮"))),
        )
        .column(
            BoardColumn::new("asked", say("Carrier asked", "已询问承运商")).card(
                Card::new("c4", say("Pallet lost", "托盘丢失"))
                    .button(button(say("Remind", "催促")).action(Action::new("remind"))),
            ),
        )
        .column(BoardColumn::new("paid", say("Paid", "已赔付")))
}

fn charts(say: Say) -> View {
    let days = |kind, title| {
        chart(
            kind,
            title,
            [
                Column::text("day", say("Day", "日期")),
                Column::integer("delivered", say("Delivered", "已送达")),
                Column::integer("lost", say("Lost", "已丢失")),
            ],
        )
    };
    let week = |chart: Chart| {
        let names = [
            say("Mon", "周一"),
            say("Tue", "周二"),
            say("Wed", "周三"),
            say("Thu", "周四"),
            say("Fri", "周五"),
        ];
        let counts = [(34, 1), (41, 0), (29, 3), (52, 1), (47, 2)];
        names
            .into_iter()
            .zip(counts)
            .fold(chart, |chart, (name, (delivered, lost))| {
                chart.row(cells![name, delivered, lost])
            })
    };
    let carriers = chart(
        ChartKind::Pie,
        say("Parcels by carrier", "各承运商包裹"),
        [
            Column::text("carrier", say("Carrier", "承运商")),
            Column::integer("parcels", say("Parcels", "包裹")),
        ],
    );
    let figures = chart(
        ChartKind::Number,
        say("This week", "本周"),
        [
            Column::text("what", say("Figure", "指标")),
            Column::duration("value", say("Value", "数值")),
        ],
    );
    View::default()
        .block(week(days(ChartKind::Bar, say("Parcels by day", "每日包裹"))).stacked())
        .block(week(days(
            ChartKind::Line,
            say("The same as lines", "折线图"),
        )))
        .block(week(days(ChartKind::Area, say("And as areas", "面积图"))))
        .block(
            carriers
                .row(cells!["DPX", 120])
                .row(cells!["Nordpost", 61])
                .row(cells![say("Couriers", "快递员"), 22]),
        )
        .block(
            figures
                .row(cells![
                    say("Median time to the door", "送达时间中位数"),
                    183_600
                ])
                .row(cells![say("Longest", "最长"), 950_400]),
        )
}
