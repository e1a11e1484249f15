//! What is pressed among the policies.

use super::{Input, changed, gone, read, refused, taken, unknown};
use crate::{
    saving::policies,
    views::{
        page::{POLICIES, Page},
        policy_form,
    },
};
use guichet_sdk::{Error, view::Answer};

pub(super) fn press(mut page: Page, deed: &str, id: String, input: Input) -> Result<Answer, Error> {
    page.tab = POLICIES;
    match deed {
        "new" => {
            let form = policy_form::build(&page, None, &policy_form::Values::default());
            let title = page.say("New policy", "新建策略");
            Ok(Answer::view(page.aside(title, vec![form.into()])))
        }
        "edit" => {
            let Some(policy) = page.policy(&id) else {
                return Ok(gone(&page));
            };
            let values = policy_form::Values::of(policy);
            let form = policy_form::build(&page, Some((&id, policy.version)), &values);
            let title = policy.name.say(page.language).to_owned();
            Ok(Answer::view(page.aside(title, vec![form.into()])))
        }
        "save" => save(page, input),
        "up" | "down" => {
            let place = page.policies.iter().position(|(known, _)| *known == id);
            let other = match (place, deed) {
                (Some(place), "up") => place.checked_sub(1),
                (Some(place), _) => Some(place + 1),
                (None, _) => None,
            };
            if let (Some(place), Some(other)) = (place, other)
                && let Some((with, _)) = page.policies.get(other)
            {
                policies::swap(&id, with)?;
                page.policies.swap(place, other);
            }
            Ok(Answer::view(page.view()))
        }
        "switch" => {
            policies::switch(&id, input.enabled)?;
            let found = page.policies.iter_mut().find(|(known, _)| *known == id);
            if let Some((_, policy)) = found {
                policy.enabled = input.enabled;
            }
            Ok(Answer::view(page.view()))
        }
        "delete" => {
            policies::delete(&id)?;
            page.policies.retain(|(known, _)| *known != id);
            Ok(Answer::view(page.view()).and_toast(page.say("Deleted", "已删除")))
        }
        _ => Err(unknown(&format!("policy-{deed}"))),
    }
}

fn save(mut page: Page, input: Input) -> Result<Answer, Error> {
    let values: policy_form::Values = match read(&page, input.values) {
        Ok(values) => values,
        Err(answer) => return Ok(*answer),
    };
    let (id, shown) = changed(input.id, input.version, &values.id);
    if shown.is_none() && page.policy(&id).is_some() {
        return Ok(taken(&page));
    }
    match policies::save(&id, values.policy(), shown) {
        Ok(saved) => {
            page.policies.retain(|(known, _)| *known != id);
            page.policies.push((id, saved));
            page.policies.sort_by(|(one, first), (other, second)| {
                (first.order, one).cmp(&(second.order, other))
            });
            Ok(Answer::view(page.view()).and_toast(page.say(
                "Saved. Running clocks follow.",
                "已保存，运行中的时钟随之更新。",
            )))
        }
        Err(error) => refused(&page, error, policy_form::pointer),
    }
}
