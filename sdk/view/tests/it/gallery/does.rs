//! What is done.

use super::Say;
use guichet_view::{
    Action, Condition, Go, Operator, Shown, View, button, empty, form, menu, stack,
};
use serde_json::json;

pub(crate) fn examples(say: Say) -> Vec<(&'static str, View)> {
    vec![
        ("button", buttons(say)),
        ("menu", choices(say)),
        ("form", View::default().block(order(say))),
        ("empty", nothing(say)),
    ]
}

fn buttons(say: Say) -> View {
    let cancel = Action::new("cancel").danger().confirm(
        say("Cancel the consignment?", "取消托运？"),
        say(
            "The carrier is told at once. This cannot be undone.",
            "承运商会立即收到通知。此操作无法撤销。",
        ),
    );
    View::default().block(
        stack()
            .across()
            .block(button(say("Look again", "重新查询")).action(Action::new("slow").primary()))
            .block(button(say("Remind the carrier", "催促承运商")).action(Action::new("remind")))
            .block(button(say("Cancel…", "取消…")).action(cancel))
            .block(button(say("To ticket 7", "前往工单 7")).go(Go::ticket(7)))
            .block(
                button(say("At the carrier", "承运商页面"))
                    .go(Go::link("https://carrier.example/track")),
            )
            .block(button(say("What fails", "会失败的操作")).action(Action::new("fail")))
            .block(
                button(say("Pay", "赔付"))
                    .action(Action::new("pay"))
                    .disabled(say("The claim is not accepted yet", "索赔尚未受理")),
            ),
    )
}

fn choices(say: Say) -> View {
    View::default().block(
        menu(say("Parcel", "包裹"))
            .item(button(say("Remind the carrier", "催促承运商")).action(Action::new("remind")))
            .item(button(say("Print the label again", "重新打印面单")).action(Action::new("print")))
            .item(button(say("To ticket 7", "前往工单 7")).go(Go::ticket(7)))
            .item(
                button(say("Pay", "赔付"))
                    .action(Action::new("pay"))
                    .disabled(say("The claim is not accepted yet", "索赔尚未受理")),
            )
            .item(
                button(say("Cancel…", "取消…")).action(Action::new("cancel").danger().confirm(
                    say("Cancel the consignment?", "取消托运？"),
                    say("The carrier is told at once.", "承运商会立即收到通知。"),
                )),
            ),
    )
}

fn order(say: Say) -> guichet_view::Form {
    let schema = json!({
        "type": "object",
        "required": ["carrier", "other", "weight", "value"],
        "x-order": ["carrier", "other", "weight", "insured", "value", "pickup", "note"],
        "properties": {
            "carrier": {
                "type": "string", "title": say("Carrier", "承运商"), "enum": ["dpx", "nordpost", "other"],
                "x-enum-titles": { "dpx": { "en": "DPX" }, "nordpost": { "en": "Nordpost" }, "other": { "en": "Another one", "zh-CN": "其他" } },
            },
            "other": { "type": "string", "title": say("Which one?", "哪一家？"), "minLength": 1, "maxLength": 80 },
            "weight": {
                "type": "number", "title": say("Weight in kg", "重量（千克）"), "exclusiveMinimum": 0, "maximum": 1_000,
                "description": say("The plugin itself refuses more than 30 kg.", "超过 30 千克会被插件拒绝。"),
            },
            "insured": { "type": "boolean", "title": say("Insured", "保价") },
            "value": { "type": "integer", "title": say("Value in euros", "保价金额（欧元）"), "minimum": 1, "maximum": 10_000 },
            "pickup": { "type": "string", "format": "date", "title": say("Picked up on", "揽收日期") },
            "note": { "type": "string", "title": say("Note for the driver", "给司机的备注"), "maxLength": 1_000 },
        },
    });
    let insured = Condition {
        field: "insured".to_owned(),
        operator: Operator::Is,
        value: json!(true),
    };
    form(say("Book", "预约"), schema, Action::new("book").primary())
        .title(say("Book a pick-up", "预约揽收"))
        .values(json!({ "carrier": "dpx", "weight": 12.5 }))
        .shown_when("other", "carrier", "other")
        .shown(Shown {
            field: "value".to_owned(),
            when: vec![insured],
        })
}

fn nothing(say: Say) -> View {
    View::default().block(
        empty(say("No parcels yet", "还没有包裹"))
            .text(say(
                "Once a consignment is booked, it is shown here.",
                "预约托运后，将在此显示。",
            ))
            .button(
                button(say("Book a pick-up", "预约揽收")).action(Action::new("book").primary()),
            ),
    )
}
