//! How blocks stand to one another.

use super::Say;
use guichet_view::{
    Action, ColumnKind, Tone, View, badge, button, columns, form, key_value, modal, progress,
    stack, tabs, text,
};
use serde_json::json;

pub(crate) fn examples(say: Say) -> Vec<(&'static str, View)> {
    vec![
        ("stack", sections(say)),
        ("columns", side_by_side(say)),
        ("tabs", panels(say)),
        ("modal", dialog(say)),
    ]
}

fn sections(say: Say) -> View {
    View::default().block(
        stack()
            .title(say("Last parcel", "最近的包裹"))
            .framed()
            .block(text("PX-2026-000184"))
            .block(
                stack()
                    .across()
                    .block(badge(say("At customs", "清关中")).tone(Tone::Wait))
                    .block(button(say("Remind", "催促")).action(Action::new("remind"))),
            ),
    )
}

fn side_by_side(say: Say) -> View {
    View::default().block(
        columns()
            .wide_column(
                2,
                [
                    text(say("The wide one.", "较宽的一列。")).into(),
                    progress(say("Import of addresses", "地址导入"))
                        .percent(80.0)
                        .into(),
                ],
            )
            .column([key_value()
                .typed(say("Parcels", "包裹"), ColumnKind::Integer, 184)
                .into()])
            .column([badge(say("Registered", "已登记")).into()]),
    )
}

fn panels(say: Say) -> View {
    View::default().block(
        tabs(say("Customer", "客户"))
            .tab(
                "parcels",
                say("Parcels", "包裹"),
                [text(say("Two are on their way.", "两个在途。")).into()],
            )
            .tab(
                "claims",
                say("Claims", "索赔"),
                [badge(say("1 is lost", "1 个丢失")).tone(Tone::Bad).into()],
            )
            .tab(
                "contract",
                say("Contract", "合同"),
                [text(say("Until the end of 2027.", "至 2027 年底。")).into()],
            )
            .chosen("claims"),
    )
}

fn dialog(say: Say) -> View {
    let schema = json!({
        "type": "object",
        "required": ["why"],
        "properties": { "why": { "type": "string", "title": say("What happened?", "发生了什么？"), "minLength": 1, "maxLength": 600 } },
    });
    View::default().block(
        modal(
            say("Open a claim…", "发起索赔…"),
            say("A claim for PX-2026-000184", "PX-2026-000184 的索赔"),
        )
        .primary()
        .block(
            text(say(
                "The carrier answers within two days.",
                "承运商会在两天内答复。",
            ))
            .quiet(),
        )
        .block(form(
            say("Send", "发送"),
            schema,
            Action::new("claim").primary(),
        )),
    )
}
