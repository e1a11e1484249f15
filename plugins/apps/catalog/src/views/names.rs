//! Names of groups and agents, and of what else an entry says by numbers and codes.

use crate::{
    entry::{Approval, Approver},
    viewer::Viewer,
};
use guichet_sdk::{Error, directory_read};

/// A group's name; its id where the directory does not know it.
pub(super) fn group(id: &str) -> Result<String, Error> {
    let mut after: Option<String> = None;
    loop {
        let page = directory_read::groups(after.as_deref(), 200)?;
        if let Some(team) = page.iter().find(|team| team.id == id) {
            return Ok(team.name.clone());
        }
        match page.last() {
            Some(last) => after = Some(last.id.clone()),
            None => return Ok(id.to_owned()),
        }
    }
}

fn agent(id: &str) -> Result<String, Error> {
    match directory_read::agent(id) {
        Ok(agent) => Ok(agent.name),
        Err(Error::NotFound(_) | Error::Invalid(_)) => Ok(id.to_owned()),
        Err(error) => Err(error),
    }
}

/// Who must agree.
pub(super) fn approval(viewer: Viewer, approval: Option<&Approval>) -> Result<String, Error> {
    let Some(approval) = approval else {
        return Ok(viewer.say("nobody", "无需审批").to_owned());
    };
    match approval.by {
        Approver::Group => group(&approval.id),
        Approver::Agent => agent(&approval.id),
        Approver::Manager => Ok(viewer
            .say("the requester's manager", "请求人的主管")
            .to_owned()),
    }
}

/// Impacts in English and in Chinese, from 1.
pub(super) const IMPACTS: [(&str, &str); 3] = [
    ("1 · A department", "1 · 整个部门"),
    ("2 · Several people", "2 · 多人"),
    ("3 · One person", "3 · 一人"),
];

/// Urgencies in English and in Chinese, from 1.
pub(super) const URGENCIES: [(&str, &str); 4] = [
    ("1 · Critical", "1 · 紧急"),
    ("2 · High", "2 · 高"),
    ("3 · Normal", "3 · 普通"),
    ("4 · Low", "4 · 低"),
];

/// Kinds of tickets that have names, in English and in Chinese.
pub(super) const KINDS: [(&str, &str, &str); 5] = [
    ("incident", "Incident", "事件"),
    ("request", "Request", "请求"),
    ("problem", "Problem", "问题"),
    ("change", "Change", "变更"),
    ("task", "Task", "任务"),
];

/// A number's name among these, from 1.
pub(super) fn numbered(
    viewer: Viewer,
    names: &[(&'static str, &'static str)],
    number: u8,
) -> String {
    let index = usize::from(number).checked_sub(1);
    match index.and_then(|index| names.get(index)) {
        Some((english, chinese)) => viewer.say(english, chinese).to_owned(),
        None => number.to_string(),
    }
}

/// A kind's name; one that has none keeps its own.
pub(super) fn kind(viewer: Viewer, kind: &str) -> String {
    match KINDS.iter().find(|(known, ..)| *known == kind) {
        Some((_, english, chinese)) => viewer.say(english, chinese).to_owned(),
        None => kind.to_owned(),
    }
}
