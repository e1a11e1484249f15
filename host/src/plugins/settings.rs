//! An install's settings: checked against the manifest's JSON Schema, and parted into what anybody may read and what is sealed.

use super::{manifest::Manifest, secrets::Keys};
use crate::{
    desk::Desk,
    lane::{Asker, LaneError},
};
use guichet_core::{
    id::InstallId,
    install::{Install, InstallState},
    refusal::Refusal,
};
use guichet_package::{json, limits::VALUE_DEPTH_MAX, schema::Schema, settings::secret_places};
use serde_json::{Map, Value};

/// Settings that may be kept.
#[derive(Debug)]
pub struct Checked {
    /// Without the secrets.
    pub open: Value,
    /// By name, sealed; nothing where the entry of a list is gone to which it belonged.
    pub sealed: Vec<(String, Option<Vec<u8>>)>,
}

/// Checks settings and seals the secrets among them. Secrets that were set before may be left out (`kept` names them).
///
/// # Errors
/// [`Refusal::Invalid`] with each place that does not fit the schema; [`Refusal::Limit`].
pub fn check(
    manifest: &Manifest,
    keys: &Keys,
    install: InstallId,
    settings: Value,
    kept: &[String],
) -> Result<Checked, Refusal> {
    if json::is_deeper(&settings, VALUE_DEPTH_MAX) {
        return Err(Refusal::Limit(format!(
            "settings have at most {VALUE_DEPTH_MAX} levels"
        )));
    }
    let Some(schema) = &manifest.settings else {
        return Ok(Checked {
            open: settings,
            sealed: Vec::new(),
        });
    };
    let places = secret_places(schema, &settings)
        .map_err(|error| Refusal::Invalid(format!("the settings do not fit: {error}")))?;
    let mut whole = settings.clone();
    // A secret that stays as it is counts as given.
    for place in places.iter().filter(|place| kept.contains(&place.name)) {
        if let Some((holder, name)) = holder(&mut whole, &place.pointer) {
            holder
                .entry(name)
                .or_insert_with(|| Value::String("••••••••".to_owned()));
        }
    }
    let schema = Schema::new(schema)
        .map_err(|error| Refusal::Invalid(format!("the manifest's [settings]: {error}")))?;
    // Values stay out of the message: they may be secret.
    let wrong: Vec<_> = schema
        .misfits(&whole)
        .into_iter()
        .map(|misfit| match misfit.place.as_str() {
            "" => format!("/: {}", misfit.masked),
            place => format!("{place}: {}", misfit.masked),
        })
        .collect();
    if !wrong.is_empty() {
        return Err(Refusal::Invalid(format!(
            "the settings do not fit: {}",
            wrong.join("; ")
        )));
    }
    let mut open = match settings {
        Value::Object(_) => settings,
        _ => Value::Object(Map::new()),
    };
    // Who makes another entry of the same key must not find a password there.
    let is_left =
        |name: &String| name.contains('[') && !places.iter().any(|place| place.name == *name);
    let left = kept.iter().filter(|name| is_left(name));
    let mut sealed: Vec<_> = left.map(|name| (name.clone(), None)).collect();
    for place in places {
        let given =
            holder(&mut open, &place.pointer).and_then(|(holder, name)| holder.remove(&name));
        if let Some(secret) = given {
            let text = match &secret {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let bytes = keys.seal(install, &place.name, &text)?;
            sealed.push((place.name, Some(bytes)));
        }
    }
    Ok(Checked { open, sealed })
}

/// The object in which a place stands, where there is one, and the place's name in it.
fn holder<'v>(
    settings: &'v mut Value,
    pointer: &str,
) -> Option<(&'v mut Map<String, Value>, String)> {
    let (above, name) = pointer.rsplit_once('/')?;
    let holder = settings.pointer_mut(above)?.as_object_mut()?;
    Some((holder, name.replace("~1", "/").replace("~0", "~")))
}

/// Settings as wished, or as they are where nothing is wished; what is sealed of them is for the commit. What is wished, and what runs, must fit.
///
/// # Errors
/// As [`check`].
pub async fn set(
    desk: &Desk,
    asker: &Asker,
    manifest: &Manifest,
    install: &mut Install,
    wished: Option<Value>,
) -> Result<Vec<(String, Option<Vec<u8>>)>, LaneError> {
    // Who consents may set it up afterwards; it is not enabled before.
    if wished.is_none() && install.state != InstallState::Enabled {
        return Ok(Vec::new());
    }
    let store = desk.store.tenant(asker.tenant);
    let kept = store.secret_names(install.id).await?;
    let is_wished = wished.is_some();
    let settings = wished.unwrap_or_else(|| install.settings.clone());
    let mut checked = check(manifest, &desk.secrets, install.id, settings, &kept)?;
    if !is_wished {
        // Nobody removed an entry: another version knows it by another name, and after a rollback by the old one again.
        checked.sealed.retain(|(_, sealed)| sealed.is_some());
    }
    install.settings = checked.open;
    Ok(checked.sealed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use uuid::Uuid;

    fn manifest() -> Manifest {
        let text = "id = \"acme/parcels\"\nversion = \"1.0.0\"\nplatform = \"^0.1\"\n[title]\nen = \"Parcels\"\n[settings]\ntype = \"object\"\nrequired = [\"url\", \"token\"]\n\
             additionalProperties = false\n[settings.properties.url]\ntype = \"string\"\n[settings.properties.token]\ntype = \"string\"\nsecret = true\n";
        Manifest::parse(text).unwrap()
    }

    fn keys() -> Keys {
        let place = crate::config::Place {
            database: None,
            data: std::env::temp_dir().join(format!(
                "guichet-keys-{}",
                crate::clock::Clock::default().new_id()
            )),
            master_key_file: None,
        };
        std::fs::create_dir_all(&place.data).unwrap();
        let keys = Keys::open(&place).unwrap();
        std::fs::remove_dir_all(&place.data).unwrap();
        keys
    }

    #[test]
    fn secrets_are_parted_from_what_anybody_may_read() {
        let install = InstallId(Uuid::from_u128(1));
        let settings = json!({ "url": "https://acme.example", "token": "hush" });
        let checked = check(&manifest(), &keys(), install, settings, &[]).unwrap();
        assert_eq!(checked.open, json!({ "url": "https://acme.example" }));
        assert_eq!(checked.sealed[0].0, "token");
    }

    #[test]
    fn secrets_of_a_list_s_entries_are_sealed_by_the_entry_s_key() {
        let mut manifest = manifest();
        manifest.settings = Some(
            json!({ "type": "object", "properties": { "servers": { "type": "array", "items": {
            "type": "object", "required": ["host", "password"], "x-key": "host",
            "properties": { "host": { "type": "string" }, "password": { "type": "string", "secret": true } } } } } }),
        );
        let install = InstallId(Uuid::from_u128(1));
        let take = |settings, kept: &[String]| check(&manifest, &keys(), install, settings, kept);
        let given = json!({ "servers": [{ "host": "a", "password": "hush" }, { "host": "b", "password": "whisper" }] });
        let checked = take(given, &[]).unwrap();
        assert_eq!(
            checked.open,
            json!({ "servers": [{ "host": "a" }, { "host": "b" }] })
        );
        let names: Vec<_> = checked
            .sealed
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(names, ["servers[a].password", "servers[b].password"]);
        let moved = json!({ "servers": [{ "host": "b" }, { "host": "a" }] });
        let kept = names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>();
        assert!(
            take(moved.clone(), &kept).is_ok(),
            "an entry that moves keeps its secret"
        );
        assert!(take(moved, &kept[..1]).is_err(), "and one without is told");
        let fewer = take(json!({ "servers": [{ "host": "b" }] }), &kept).unwrap();
        assert_eq!(
            fewer.sealed,
            [("servers[a].password".to_owned(), None)],
            "what is gone is forgotten"
        );
        let twice = json!({ "servers": [{ "host": "a" }, { "host": "a" }] });
        let error = take(twice, &kept).unwrap_err().to_string();
        assert!(error.contains("/servers"), "{error}");
    }

    #[test]
    fn settings_have_so_many_levels_and_no_more() {
        let mut manifest = manifest();
        manifest.settings = None;
        let nested = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
        let take = |levels| {
            let install = InstallId(Uuid::from_u128(1));
            check(&manifest, &keys(), install, nested(levels), &[])
        };
        assert!(take(VALUE_DEPTH_MAX).is_ok());
        assert!(matches!(take(VALUE_DEPTH_MAX + 1), Err(Refusal::Limit(_))));
    }

    #[test]
    fn a_secret_that_was_set_before_may_be_left_out_and_no_message_tells_one() {
        let install = InstallId(Uuid::from_u128(1));
        let open = json!({ "url": "https://acme.example" });
        let missing = check(&manifest(), &keys(), install, open.clone(), &[]).unwrap_err();
        assert!(missing.to_string().contains("token"), "{missing}");
        assert!(check(&manifest(), &keys(), install, open, &["token".to_owned()]).is_ok());
        let wrong = json!({ "url": "https://acme.example", "token": "hush", "secrte": "whisper" });
        let error = check(&manifest(), &keys(), install, wrong, &[])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("secrte") && !error.contains("whisper") && !error.contains("hush"),
            "{error}"
        );
    }
}
