//! What was filled in of a field, as a question with its condition.

use super::{OPERATORS, Wrong, written};
use crate::{
    form::{
        Form,
        question::{Choice, Kind, Question},
    },
    language::Texts,
    limits,
    views::edit::or_empty,
};
use guichet_sdk::view::{Condition, Operator, is_name};
use serde::Deserialize;
use serde_json::{Value, json};

/// What was filled in. What was emptied may be null, or not there.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Filled {
    #[serde(deserialize_with = "or_empty")]
    name: String,
    #[serde(deserialize_with = "or_empty")]
    title: Texts,
    #[serde(deserialize_with = "or_empty")]
    hint: Texts,
    #[serde(deserialize_with = "or_empty")]
    kind: String,
    #[serde(deserialize_with = "or_empty")]
    required: bool,
    characters: Option<usize>,
    minimum: Option<f64>,
    maximum: Option<f64>,
    #[serde(deserialize_with = "or_empty")]
    choices: Vec<FilledChoice>,
    #[serde(deserialize_with = "or_empty")]
    when: String,
    #[serde(deserialize_with = "or_empty")]
    operator: String,
    #[serde(deserialize_with = "or_empty")]
    value: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FilledChoice {
    #[serde(deserialize_with = "or_empty")]
    value: String,
    #[serde(deserialize_with = "or_empty")]
    en: String,
    #[serde(rename = "zh-CN", deserialize_with = "or_empty")]
    zh_cn: String,
}

/// The question that was filled in, and when it is shown; `name` is that of a field that is there already. Whether the form may be so, its check tells.
pub(in crate::views) fn read(
    values: &Value,
    name: &str,
    form: Option<&Form>,
) -> Result<(Question, Vec<Condition>), Wrong> {
    let unread = (
        "",
        "this cannot be read: fill the form in once more",
        "无法读取：请重新填写",
    );
    let filled = Filled::deserialize(values).map_err(|_| unread)?;
    let questions = form.map(Form::questions).unwrap_or_default();
    if name.is_empty() && !is_name(&filled.name) {
        return Err((
            "/name",
            "write small letters, digits and dashes",
            "请使用小写字母、数字和连字符",
        ));
    }
    if name.is_empty() && questions.iter().any(|one| one.name == filled.name) {
        return Err(("/name", "there is a field of that name", "已有同名字段"));
    }
    let most = |most: usize| filled.characters.unwrap_or(most).clamp(1, most);
    let choice = |one: &FilledChoice| Choice {
        value: one.value.trim().to_owned(),
        title: Texts::new(one.en.trim(), one.zh_cn.trim()),
    };
    let choices = || filled.choices.iter().map(choice).collect();
    let kind = match filled.kind.as_str() {
        "text" => Kind::Text(most(limits::LINE_CHARACTERS_MAX)),
        "long-text" => Kind::LongText(most(limits::TEXT_CHARACTERS_MAX)),
        "choice" => Kind::Choice(choices()),
        "choices" => Kind::Choices(choices()),
        "number" => Kind::Number(filled.minimum, filled.maximum),
        "date" => Kind::Date,
        "yes-no" => Kind::YesNo,
        _ => return Err(("/kind", "choose a type", "请选择类型")),
    };
    if filled.title.is_empty() {
        return Err(("/title", "write what is asked", "请填写标题"));
    }
    if matches!(kind, Kind::Choice(_) | Kind::Choices(_)) && filled.choices.is_empty() {
        return Err(("/choices", "write what there is to choose", "请填写选项"));
    }
    let known = form.iter().flat_map(|form| &form.shown);
    let known: Vec<_> = known
        .filter(|one| !name.is_empty() && one.field == name)
        .flat_map(|one| one.when.clone())
        .collect();
    let when = match questions.iter().find(|one| one.name == filled.when) {
        // More than the form shows may have come by import: what was not touched stays.
        Some(_) if known.first().is_some_and(|first| filled.is_as(first)) => known,
        Some(other) => vec![condition(&filled, other)?],
        None => Vec::new(),
    };
    let question = Question {
        name: if name.is_empty() {
            filled.name
        } else {
            name.to_owned()
        },
        title: filled.title,
        hint: filled.hint,
        kind,
        required: filled.required,
    };
    Ok((question, when))
}

impl Filled {
    /// Whether the condition is still the one that the form began with.
    fn is_as(&self, condition: &Condition) -> bool {
        let known = OPERATORS.iter().find(|(name, ..)| *name == self.operator);
        self.when == condition.field
            && known.is_some_and(|(_, operator, ..)| *operator == condition.operator)
            && self.value == written(&condition.value)
    }
}

/// The condition, with its value as answers to the other field are.
fn condition(filled: &Filled, other: &Question) -> Result<Condition, Wrong> {
    let known = OPERATORS.iter().find(|(name, ..)| *name == filled.operator);
    let Some((_, operator, ..)) = known else {
        return Err(("/operator", "choose a condition", "请选择条件"));
    };
    let one = |text: &str| -> Result<Value, Wrong> {
        match other.kind {
            Kind::YesNo => match text {
                "yes" | "是" => Ok(true.into()),
                "no" | "否" => Ok(false.into()),
                _ => Err(("/value", "write yes or no", "请填写 yes 或 no")),
            },
            Kind::Number(..) => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(json!(number)),
                _ => Err(("/value", "write a number", "请填写数字")),
            },
            _ => Ok(text.into()),
        }
    };
    let parts = filled.value.split([',', '，', '\n']).map(str::trim);
    let mut all = parts
        .filter(|text| !text.is_empty())
        .map(one)
        .collect::<Result<Vec<_>, _>>()?;
    let value = match (operator, all.len()) {
        (Operator::IsEmpty | Operator::IsNotEmpty, _) => Value::Null,
        (_, 0) => return Err(("/value", "write a value", "请填写值")),
        (_, 1) => all.remove(0),
        _ => Value::Array(all),
    };
    Ok(Condition {
        field: other.name.clone(),
        operator: *operator,
        value,
    })
}
