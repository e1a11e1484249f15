//! What is read.

use super::Say;
use guichet_view::{
    Action, ColumnKind, Entry, Go, Node, Tone, View, badge, file, key_value, markdown, progress,
    stack, text, timeline, tree,
};

pub(crate) fn examples(say: Say) -> Vec<(&'static str, View)> {
    vec![
        ("text", texts(say)),
        (
            "markdown",
            View::default().block(markdown(say(ENGLISH, CHINESE))),
        ),
        ("badge", badges(say)),
        ("key-value", pairs(say)),
        ("progress", steps(say)),
        ("file", files(say)),
        ("timeline", history(say)),
        ("tree", assets(say)),
    ]
}

const ENGLISH: &str = "## Before you call the carrier

Ask for the **consignment number**; it *begins* with `PX-`.

1. Look it up in the [carrier's list](https://carrier.example/track).
2. Is it older than three days?
   - Yes: open a claim.
   - No: wait, and tell the customer.

> What is lost is paid within 14 days.

```
PX-2026-000184
```

---

![A picture is not loaded](https://carrier.example/logo.png), and <b>HTML</b> stays text.";

const CHINESE: &str = "## 致电承运商之前

请先询问**托运单号**，以 `PX-` *开头*。

1. 在[承运商列表](https://carrier.example/track)中查询。
2. 是否已超过三天？
   - 是：发起索赔。
   - 否：请等待，并告知客户。

> 丢失的包裹在 14 天内赔付。

```
PX-2026-000184
```

---

![图片不会加载](https://carrier.example/logo.png)，<b>HTML</b> 只作为文字显示。";

fn texts(say: Say) -> View {
    View::default()
        .block(text(say(
            "Two parcels of this customer are on their way.\nThe next one arrives on Monday.",
            "该客户有两个包裹在途。\n下一个将于周一送达。",
        )))
        .block(
            text(say(
                "Asked of the carrier a minute ago",
                "一分钟前向承运商查询",
            ))
            .quiet(),
        )
        .block(
            text(say("One parcel is lost.", "一个包裹丢失。"))
                .strong()
                .tone(Tone::Bad),
        )
}

fn badges(say: Say) -> View {
    let all = [
        (say("Registered", "已登记"), Tone::Plain),
        (say("Delivered", "已送达"), Tone::Good),
        (say("At customs", "清关中"), Tone::Wait),
        (say("Lost", "已丢失"), Tone::Bad),
    ];
    let badges = all
        .into_iter()
        .fold(stack().across(), |stack, (text, tone)| {
            stack.block(badge(text).tone(tone))
        });
    View::default().block(badges)
}

fn pairs(say: Say) -> View {
    View::default().block(
        key_value()
            .pair(say("Consignment", "托运单"), "PX-2026-000184")
            .typed(
                say("State", "状态"),
                ColumnKind::Badge,
                badge(say("At customs", "清关中")).tone(Tone::Wait),
            )
            .typed(say("Ticket", "工单"), ColumnKind::Ticket, 7)
            .typed(
                say("Handed over", "揽收时间"),
                ColumnKind::Instant,
                "2026-03-01T09:30:00Z",
            )
            .typed(
                say("On its way for", "在途时长"),
                ColumnKind::Duration,
                183_600,
            )
            .typed(
                say("Weight in kg", "重量（千克）"),
                ColumnKind::Number,
                12.5,
            )
            .typed(say("Insured", "保价"), ColumnKind::Text, None::<String>)
            .link(
                say("At the carrier", "承运商页面"),
                "carrier.example",
                Go::link("https://carrier.example/track?no=PX-2026-000184"),
            ),
    )
}

fn steps(say: Say) -> View {
    View::default()
        .block(progress(say("Import of addresses", "地址导入")).percent(42.5))
        .block(
            progress(say("Parcels delivered", "已送达包裹"))
                .at(9.0, 9.0)
                .tone(Tone::Good),
        )
        .block(progress(say("Asking the carrier", "正在查询承运商")))
}

fn files(say: Say) -> View {
    View::default()
        .block(
            file(
                "0198c0de-0000-7000-8000-00000000002a",
                say("Customs declaration.pdf", "报关单.pdf"),
            )
            .size(184_320)
            .media_type("application/pdf"),
        )
        .block(file(
            "0198c0de-0000-7000-8000-00000000002b",
            say("Label.png", "面单.png"),
        ))
}

fn history(say: Say) -> View {
    View::default().block(
        timeline(say("Where the parcel was", "包裹轨迹"))
            .entry(
                Entry::new("2026-03-04T16:05:00Z", say("At customs", "进入清关"))
                    .text(say("A declaration is missing.", "缺少报关单。"))
                    .tone(Tone::Bad)
                    .go(Go::ticket(7)),
            )
            .entry(
                Entry::new("2026-03-02T22:41:00Z", say("Left Rotterdam", "离开鹿特丹"))
                    .tone(Tone::Wait),
            )
            .entry(
                Entry::new("2026-03-01T09:30:00Z", say("Handed over", "已揽收")).tone(Tone::Good),
            ),
    )
}

fn assets(say: Say) -> View {
    let show = |id: &str| Action::new("show").input(serde_json::json!({ "asset": id }));
    View::default().block(
        tree(say("Assets of the branch", "分支机构资产"))
            .node(
                Node::new("office", say("Office", "办公室"))
                    .open()
                    .node(
                        Node::new("printer", say("Printer", "打印机"))
                            .badge(badge(say("Broken", "故障")).tone(Tone::Bad))
                            .action(show("printer"))
                            .node(Node::new("toner", say("Toner", "硒鼓")).action(show("toner"))),
                    )
                    .node(Node::new("door", say("Door", "门禁")).action(show("door"))),
            )
            .node(
                Node::new("store", say("Store room", "库房"))
                    .node(Node::new("scale", say("Scale", "电子秤")).go(Go::ticket(7)))
                    .node(Node::new("shelf", say("Shelf", "货架"))),
            ),
    )
}
