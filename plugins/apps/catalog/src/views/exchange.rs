//! The page: the catalog as a document, to be taken away and brought in, and catalogs to begin with.

use crate::{
    catalog::{Catalog, document::Plan},
    limits::{DOCUMENT_SHOWN_CHARACTERS_MAX, PASTED_BYTES_MAX},
    template::Template,
    viewer::Viewer,
};
use guichet_sdk::view::{
    Action, Button, Column, Row, View, button, form, limits::CELL_CHARS_MAX, stack, table, text,
};
use serde_json::{Value, json};

/// A button for each catalog to begin with.
pub(super) fn templates(viewer: Viewer) -> Vec<Button> {
    let one = |template: Template| {
        let begin = Action::new("template").input(json!({ "name": template.name() }));
        button(template.title(viewer.language)).action(begin)
    };
    Template::ALL.map(one).into()
}

/// The page of import and export. `pasted` is what was looked at, and the plan what it would do.
pub(super) fn view(viewer: Viewer, catalog: &Catalog, tried: Option<(&str, &Plan)>) -> View {
    let back = Action::new("tree").input(json!({ "archived": false }));
    let mut view = View::new(viewer.say("Import and export", "导入与导出"))
        .block(button(viewer.say("Whole catalog", "返回目录")).action(back));
    let mut export = stack().title(viewer.say("Export", "导出")).framed();
    let document = serde_json::to_string_pretty(&catalog.export()).unwrap_or_default();
    export = match document.chars().count() > DOCUMENT_SHOWN_CHARACTERS_MAX {
        true => export.block(text(viewer.say(
            "The catalog is too long to be shown here. A program takes it with GET from the plugin's route /export.",
            "目录过长，无法在此显示。可通过程序以 GET 方式访问插件路由 /export 获取。",
        ))),
        false => export.block(text(document)),
    };
    let mut import = stack().title(viewer.say("Import", "导入")).framed();
    let pasted = tried.map_or("", |(pasted, _)| pasted);
    let look = Action::new("try-import").primary();
    let paste = form(
        viewer.say("Look what it would do", "预览导入结果"),
        schema(),
        look,
    );
    import = import.block(paste.values(json!({ "document": pasted })));
    if let Some((_, plan)) = tried {
        import = match plan.is_empty() {
            true => import.block(text(
                viewer.say("It would change nothing.", "不会有任何更改。"),
            )),
            false => {
                let go = Action::new("import").primary().confirm(
                    viewer.say("Import this document?", "导入此文档？"),
                    viewer.say("All of it is done, or nothing.", "全部执行，或全部不执行。"),
                );
                let paste = form(viewer.say("Import it", "执行导入"), schema(), go);
                import
                    .block(planned(viewer, plan))
                    .block(paste.values(json!({ "document": pasted })))
            }
        };
    }
    view = view.block(import).block(export);
    view
}

fn schema() -> Value {
    json!({
        "type": "object", "required": ["document"],
        "properties": { "document": {
            "type": "string", "format": "multi-line", "minLength": 1, "maxLength": PASTED_BYTES_MAX, "title": "Document", "x-title-zh-CN": "文档",
            "description": "As it was exported. Entries are known by their ids; what it does not name stays. A longer one goes by POST to the plugin's route /import.",
            "x-description-zh-CN": "导出的 JSON。条目按标识匹配，未提及的条目保持不变。更长的文档请以 POST 方式提交到插件路由 /import。",
        } },
    })
}

fn planned(viewer: Viewer, plan: &Plan) -> guichet_sdk::view::Table {
    let columns = [
        Column::text("what", viewer.say("What is done", "操作")),
        Column::integer("count", viewer.say("Entries", "条目数")),
        Column::text("ids", viewer.say("Which", "条目")),
    ];
    let rows = [
        (viewer.say("made", "新建"), &plan.made),
        (viewer.say("changed", "修改"), &plan.changed),
        (viewer.say("moved", "移动"), &plan.moved),
        (viewer.say("archived", "归档"), &plan.archived),
        (viewer.say("restored", "恢复"), &plan.restored),
    ];
    let rows = rows.into_iter().filter(|(_, ids)| !ids.is_empty());
    table(columns).rows(rows.map(|(what, ids)| {
        Row::new([
            what.into(),
            i64::try_from(ids.len()).unwrap_or(i64::MAX).into(),
            super::short(&ids.join(", "), CELL_CHARS_MAX).into(),
        ])
    }))
}
