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
use guichet_package::{json, limits::VALUE_DEPTH_MAX, schema::Schema, settings::secret_names};
use serde_json::{Map, Value};

/// Settings that may be kept.
#[derive(Debug)]
pub struct Checked {
    /// Without the secrets.
    pub open: Value,
    /// By name, sealed.
    pub sealed: Vec<(String, Vec<u8>)>,
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
    let names = secret_names(schema);
    let mut whole = settings.clone();
    if let Some(whole) = whole.as_object_mut() {
        // A secret that stays as it is counts as given.
        for name in names.iter().filter(|name| kept.contains(name)) {
            whole
                .entry(name.clone())
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
    let mut open = settings.as_object().cloned().unwrap_or_else(Map::new);
    let mut sealed = Vec::new();
    for name in names {
        if let Some(secret) = open.remove(&name) {
            let text = match &secret {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            sealed.push((name.clone(), keys.seal(install, &name, &text)?));
        }
    }
    Ok(Checked {
        open: Value::Object(open),
        sealed,
    })
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
) -> Result<Vec<(String, Vec<u8>)>, LaneError> {
    // Who consents may set it up afterwards; it is not enabled before.
    if wished.is_none() && install.state != InstallState::Enabled {
        return Ok(Vec::new());
    }
    let store = desk.store.tenant(asker.tenant);
    let kept = store.secret_names(install.id).await?;
    let settings = wished.unwrap_or_else(|| install.settings.clone());
    let checked = check(manifest, &desk.secrets, install.id, settings, &kept)?;
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
