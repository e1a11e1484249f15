//! The page's actions: what is looked at next, and what admins change.

use super::{
    change, entry, exchange, field,
    fields::{self, Step},
    problem, short, text_of, tree, values,
};
use crate::{
    catalog::{Catalog, change::Change, document::Document},
    desk::{
        Failure,
        store::{self, Carried},
    },
    form::answers,
    limits::{CHANGES_OF_ACTION_MAX, PASTED_BYTES_MAX},
    refusal::Refused,
    template::Template,
    viewer::Viewer,
};
use guichet_sdk::view::{Action, Answer, View, button, empty, limits::TITLE_CHARS_MAX};
use serde_json::{Value, json};

/// Does what an action of the page says.
pub(super) fn act(viewer: Viewer, action: &str, input: &Value) -> Result<Answer, Failure> {
    let id = entry::id(input);
    match action {
        "tree" => {
            let with_archived = input.get("archived") == Some(&Value::Bool(true));
            Ok(Answer::view(tree::view(
                viewer,
                &store::catalog()?,
                with_archived,
            )))
        }
        "open" => Ok(Answer::view(opened(
            viewer,
            &store::catalog()?,
            id,
            text_of(input, "tab"),
        )?)),
        "preview" => {
            let catalog = store::catalog()?;
            answers::read(catalog.entry(id)?.form.as_ref(), values(input))?;
            Ok(Answer::toast(
                viewer.say("These answers fit.", "答案符合要求。"),
            ))
        }
        _ if !viewer.is_admin => Err(Refused::NotAdmin.into()),
        "make" => change::make(viewer, input),
        "edit" => change::edit(viewer, id, input),
        "move" => {
            let parent = text_of(input, "parent").to_owned();
            let id = id.to_owned();
            shown(
                viewer,
                &Change::Move {
                    id: id.clone(),
                    parent,
                },
                &id,
                "about",
            )
        }
        "archive" => shown(viewer, &Change::Archive { id: id.to_owned() }, id, "about"),
        "restore" => shown(viewer, &Change::Restore { id: id.to_owned() }, id, "about"),
        "delete" => {
            let carried = carry_out(&Change::Delete { id: id.to_owned() })?;
            Ok(on_tree(viewer, carried))
        }
        "field" => {
            let catalog = store::catalog()?;
            let entry = catalog.entry(id)?;
            Ok(Answer::view(field::view(
                viewer,
                id,
                entry,
                fields::name(input),
            )))
        }
        "keep-field" => change::keep_field(viewer, id, input),
        "field-up" => change::step(viewer, id, input, Step::Up),
        "field-down" => change::step(viewer, id, input, Step::Down),
        "field-away" => change::step(viewer, id, input, Step::Away),
        "exchange" => Ok(Answer::view(exchange::view(
            viewer,
            &store::catalog()?,
            None,
        ))),
        "try-import" => try_import(viewer, text_of(values(input), "document")),
        "import" => {
            let document = Document::read(text_of(values(input), "document"))?;
            Ok(on_tree(viewer, carry_out(&Change::Import { document })?))
        }
        "template" => begin(viewer, text_of(input, "name")),
        _ => Ok(problem(
            viewer.say("There is no such action.", "没有此操作。"),
        )),
    }
}

fn carry_out(change: &Change) -> Result<Carried, Failure> {
    store::carry_out(change, CHANGES_OF_ACTION_MAX)
}

/// The entry's page.
fn opened(viewer: Viewer, catalog: &Catalog, id: &str, tab: &str) -> Result<View, Failure> {
    catalog.entry(id)?;
    let known = entry::Known::of(viewer, catalog, id, store::uses(id)?)?;
    Ok(entry::view(viewer, &known, tab)?)
}

/// Carries a change out and shows the entry.
pub(super) fn shown(
    viewer: Viewer,
    change: &Change,
    id: &str,
    tab: &str,
) -> Result<Answer, Failure> {
    match carry_out(change)? {
        Carried::Done(catalog) => {
            let view = opened(viewer, &catalog, id, tab)?;
            Ok(Answer::view(view).and_toast(viewer.say("Done.", "已完成。")))
        }
        Carried::Later => Ok(later(viewer)),
    }
}

fn on_tree(viewer: Viewer, carried: Carried) -> Answer {
    match carried {
        Carried::Done(catalog) => Answer::view(tree::view(viewer, &catalog, false))
            .and_toast(viewer.say("Done.", "已完成。")),
        Carried::Later => later(viewer),
    }
}

/// A job does it, all at once; the page is looked at again by whoever asked.
fn later(viewer: Viewer) -> Answer {
    let again = Action::new("tree").input(json!({ "archived": false }));
    let told = empty(viewer.say("Being done", "正在处理"))
        .text(viewer.say(
            "Many entries change: this is done at once in the background, within seconds. Where it is refused, the plugin's runs say why.",
            "涉及条目较多，正在后台一次性处理，数秒内完成。若未成功，请查看插件的运行记录。",
        ))
        .button(button(viewer.say("Look again", "刷新")).action(again));
    Answer::view(View::new(viewer.say("Service catalog", "服务目录")).block(told))
}

fn try_import(viewer: Viewer, pasted: &str) -> Result<Answer, Failure> {
    let told = |reason: &str| Answer::nothing().misfit("/document", short(reason, TITLE_CHARS_MAX));
    if is_too_long(pasted) {
        return Ok(told(viewer.say(
            "This is too long to be pasted: send it by POST to the plugin's route /import, or in parts.",
            "内容过长，无法粘贴：请以 POST 方式提交到插件路由 /import，或分批导入。",
        )));
    }
    let document = match Document::read(pasted) {
        Ok(document) => document,
        Err(refused) => return Ok(told(&refused.say(viewer.language))),
    };
    match store::tried(&Change::Import { document }) {
        Ok((before, after)) => {
            let plan = before.plan(&after);
            Ok(Answer::view(exchange::view(
                viewer,
                &before,
                Some((pasted, &plan)),
            )))
        }
        Err(Failure::Refused(refused)) => Ok(told(&refused.say(viewer.language))),
        Err(failure) => Err(failure),
    }
}

/// Whether the form that shows it again would be more than a view may hand over.
pub(super) fn is_too_long(pasted: &str) -> bool {
    json!({ "document": pasted }).to_string().len() > PASTED_BYTES_MAX
}

/// Fills an empty catalog.
fn begin(viewer: Viewer, name: &str) -> Result<Answer, Failure> {
    let catalog = store::catalog()?;
    match Template::parse(name) {
        Some(template) if catalog.entries.is_empty() => {
            let document = template.document();
            Ok(on_tree(viewer, carry_out(&Change::Import { document })?))
        }
        _ => Ok(Answer::view(tree::view(viewer, &catalog, false))),
    }
}
